"""A treatment that runs already: what the record tells of it, and where a plan goes on from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from cobalamin.amounts import Mass
from cobalamin.knowledge.model import Policy, Protocol
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.conditions import TREATED
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.events import Administration, History, LaterPlan, Statement, decides, is_taken
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.case.record import interval_in_effect, month_ends
from cobalamin.therapy.regimen.ladder import UNITS, Ladder, substance_bit, to_days

CODE = "PREVIOUS_TREATMENT"


class Runs(Struct, frozen=True):
    """What the record tells of a treatment that runs: its last history, and the latest dose that was recorded with an amount."""

    history: History
    last_dose: date
    interval: Span | None
    substance: str
    dose: Mass | None
    route: str
    last_given: date  # the latest day of the record on which a dose was given or a course was taken
    stopped: date | None  # where the last word on it was a stop

    @property
    def decided(self) -> bool:
        """Whether the history is part of a decision to go on (`take-over` writes it with a plan), and no mere report."""
        return bool(self.history.written_with)

    def ended(self, policy: Policy, facts: Facts) -> bool:
        """Whether it is over: stopped, or the last dose longer ago than a treatment lasts without the next one.

        The contract's end of "on treatment": the later of `review_from` and the policy's span after the last dose.
        """
        if self.stopped is not None:
            return True
        through = add(self.last_given, policy.results.on_treatment)
        return facts.on > max(through, _review_from(self, policy, facts) or through)


def _review_from(told: Runs, policy: Policy, facts: Facts) -> date | None:
    """From when a treatment with this interval must be looked at again (contract, section 5); None without an interval."""
    if told.interval is None:
        return None
    target = add(told.last_given, told.interval)
    days = (target - told.last_given).days
    row = next((row for row in policy.windows if days <= row.through_days), policy.windows[-1])
    review = add(target if row.lapse_from == "target" else told.last_given, row.lapse)
    if facts.neurological is TRUE:
        review = min(review, add(target, Span(policy.neurological_review_months, "mo")))
    return max(review, target + timedelta(days=row.late + 1))


def runs(record: Iterable[Event]) -> Runs | None:
    """The treatment that the last history with a known last dose tells; None where there is none."""
    record = tuple(record)
    told = [(day, event) for event in record if isinstance(event, History) and (day := _last_dose(event))]
    if not told:
        return None
    last, history = max(told, key=lambda each: each[0])
    substance = history.substance
    given = [event for event in record if isinstance(event, Administration) and event.on and event.on <= last]
    same = [event for event in given if not substance or event.substance == substance]
    dose = max(same, key=lambda event: event.on or date.min) if same else None
    return Runs(
        history,
        last,
        interval_in_effect(history),
        substance or (dose.substance if dose else ""),
        dose.dose if dose else None,
        dose.route if dose else "",
        max((last, *_given_days(record))),
        _stopped(record),
    )


def _given_days(record: Iterable[Event]) -> Iterator[date]:
    """Days on which something was given, or was said to be taken still."""
    for event in record:
        if not is_taken(event):
            continue
        until = event.until if isinstance(event, Statement) else None
        day = min(until, event.on) if until and event.on else event.on
        if day:
            yield day


def _stopped(record: Iterable[Event]) -> date | None:
    stopped = None
    for event in record:
        if isinstance(event, LaterPlan) or decides(event, "resume", "restart"):
            stopped = None
        elif decides(event, "stop"):
            stopped = event.on
    return stopped


def _last_dose(history: History) -> date | None:
    told = history.last_dose
    if isinstance(told, date) or told == "unknown":
        return told if isinstance(told, date) else None
    return min(month_ends(str(told))[1], history.on or date.max)


def begins_anew(facts: Facts, acknowledged: Mapping[str, str]) -> bool:
    """Whether somebody gave a reason for beginning again with a person who was treated before."""
    return CODE in acknowledged and evaluate(TREATED, facts) is TRUE


def asks_first(facts: Facts, acknowledged: Mapping[str, str]) -> bool:
    """Whether a plan without a history waits for one: somebody was treated before, and nobody gave a reason to begin again."""
    return evaluate(TREATED, facts) is TRUE and not begins_anew(facts, acknowledged)


def row_of(ladder: Ladder, phase: str) -> int | None:
    """The row of the phase that is meant by this name."""
    names = [settled.phase.name for settled in ladder.phases]
    wanted = phase_meant(phase, names)
    return names.index(wanted) if wanted else None


def phase_meant(phase: str, names: Sequence[str]) -> str:
    """The name that is meant: itself, or for "loading" the first phase of loading; empty where none is."""
    short = (name for name in names if name.split("-")[0] == phase.removesuffix("ing"))
    return phase if phase in names else next(short, "")


def names_phase(content: Protocol, phase: str) -> bool:
    """Whether a history of this phase says where treatment stands in a protocol."""
    names = [each.name for each in content.phases]
    return phase in names or phase.removesuffix("ing") in {name.split("-")[0] for name in names}


def history_event(
    history: History, day: int, row: int, last_dose: date | None, rung: fold.Rung, own: Span | None
) -> fold.Event:  # fmt: skip
    """A history in whole numbers, for the fold. `row`: that of its phase; `last_dose` None: nobody knows it.

    `own`: the interval with which treatment goes on; None: the one of the protocol.
    """
    counted = rung.end in (fold.BY_DOSES, fold.BY_TOTAL)
    return fold.a_history(
        day, row, history.doses or 0 if counted else 0,
        substance_bit(history.substance), own.number * 4 + UNITS[own.unit] if own else 0,
        to_days(last_dose) if last_dose else fold.NONE, 0,
    )  # fmt: skip


def going_on(ladder: Ladder, told: Runs, start: date) -> fold.Event | None:
    """Where a plan that starts on `start` goes on; None where the history tells of no phase of it."""
    row = row_of(ladder, told.history.phase)
    if row is None:
        return None
    day = to_days(max(told.last_dose, start))
    return history_event(told.history, day, row, told.last_dose, ladder.rungs[row], told.interval)


def not_injected(content: Protocol) -> bool:
    """Whether the last phase of a protocol, in which treatment goes on, can't be given as an injection."""
    last = content.phases[-1] if content.phases else None
    phases = (last.options or (last,)) if last else ()
    return bool(phases) and all(phase.routes and INJECTIONS.isdisjoint(phase.routes) for phase in phases)
