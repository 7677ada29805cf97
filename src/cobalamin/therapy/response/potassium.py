"""A low potassium: an alarm that lasts until a later one is judged not low, or a clinician has looked (hazard H09, H43).

Low is what lies under the laboratory's range; without one, what lies under the policy's limit, which is this program's
assumption. A value that can't be judged raises no alarm and never clears one. The vitamin is never withheld by it.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy, ResultLimits
from cobalamin.records import replace
from cobalamin.text.messages import Text, joined, listed, message
from cobalamin.therapy.case.answered import is_answered, review_command
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.issues import ACKNOWLEDGE, Gate, Issue
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.response.contradictions import named
from cobalamin.therapy.response.values import ABOVE, BELOW, NO_RANGE, WITHIN, Result, bounds, position, range_words

CODE = "POTASSIUM_LOW"
MARKER = "potassium"
UNIT = "mmol/L"


class LowPotassium(Struct, frozen=True):
    """The alarm that stands: the low results of its day, and later ones that can't be judged and so don't end it."""

    lowest: Result
    results: tuple[Result, ...]
    later: tuple[Result, ...]

    @property
    def assumed(self) -> bool:
        """Whether only the policy calls it low."""
        return all(place(result) != BELOW for result in self.results)


def place(result: Result) -> str:
    """Where a potassium lies to its range; a range without a lower end says nothing about a low one."""
    where = position(result)
    return NO_RANGE if where == WITHIN and result.usual and result.usual.low is None else where


def low_by_policy(result: Result, limits: ResultLimits) -> bool:
    """Whether a potassium without a lower end to compare it with is certainly under the policy's limit."""
    return result.marker == MARKER and place(result) == NO_RANGE and _under(result, limits.potassium_low)


def _under(result: Result, limit: Decimal) -> bool:
    found = bounds(result.value, UNIT)
    return found is not None and found.under(limit) is TRUE


def low_potassium(results: tuple[Result, ...], record: tuple[Event, ...], limits: ResultLimits) -> LowPotassium | None:
    """The alarm as the record leaves it. `results` are those that can be judged at all: no slip of a unit."""
    measured = sorted((entry for entry in results if entry.marker == MARKER), key=lambda entry: (entry.on, entry.event))
    low = [
        entry
        for entry in measured
        if (place(entry) == BELOW or low_by_policy(entry, limits)) and not is_answered(record, CODE, entry.event)
    ]
    if not low:
        return None
    last = max(entry.on for entry in low)
    later = tuple(entry for entry in measured if entry.days[0] > last)
    if any(place(entry) in (WITHIN, ABOVE) for entry in later):
        return None
    of_that_day = tuple(entry for entry in low if entry.on == last)
    return LowPotassium(min(of_that_day, key=_most), of_that_day, later)


def _most(result: Result) -> Decimal:
    """The most that the true value can be, in mmol/L."""
    found = bounds(result.value, UNIT)
    return found.most if found and found.most is not None else Decimal("Infinity")


def potassium_issue(library: Library, country: str, low: LowPotassium, policy: Policy) -> Issue:
    """The issue: which value, by whose limit, how urgent, and which entries end it."""
    details = [joined(_named(library, low.results), ".", between="")]
    if low.assumed:
        limit = policy.results.potassium_low
        details.append(message("potassium.assumed", limit=limit, whose=whose(policy)))
    if low.later:
        details.append(message("potassium.later", results=_named(library, low.later)))
    urgent, urgent_plain, acts = _urgency(low.lowest, policy)
    issue = Gate(library, country).issue(CODE, ACKNOWLEDGE, joined(*details))
    action = joined(urgent, issue.action, message("potassium.ends"))
    return replace(
        issue, action=action, plain_action=urgent_plain, answer=f"{_NEXT_RESULT} or {review_command(CODE)}",
        acts=acts, emergency=_EMERGENCY in acts,
    )  # fmt: skip


_EMERGENCY = "potassium_emergency"  # among the acts
_NEXT_RESULT = "cobalamin record CASE result potassium=VALUE reference_range=RANGE"


def _urgency(lowest: Result, policy: Policy) -> tuple[Text, Text, tuple[str, ...]]:
    limits = policy.results
    for name, limit in (("emergency", limits.potassium_emergency), ("today", limits.potassium_today)):
        if _under(lowest, limit):
            told = message(f"potassium.{name}", limit=limit, whose=whose(policy))
            return told, message(f"potassium.{name}__plain"), (f"potassium_{name}",)
    return "", "", ()


def whose(policy: Policy) -> Text:
    """Who says a limit that no source states."""
    if policy.basis == "software_default":
        return message("potassium.this_program")
    return message("potassium.local_policy", policy=policy.name, owner=policy.owner)


def _named(library: Library, results: tuple[Result, ...]) -> Text:
    return listed((_with_range(library, result) for result in results), "; ")


def _with_range(library: Library, result: Result) -> Text:
    usual = message("blood.usual_range", range=range_words(result.usual)) if result.usual else ""
    return joined(named(library, result), usual, between="")
