"""The treatment as the body had it, and what each marker's latest result says about it.

Which doses count for a plan is no matter here: what was given is in the body. A restart begins the response anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.responses import Expectations
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.spans import add
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import UNKNOWN, Truth, any_of
from cobalamin.therapy.response.rules import (  # fmt: skip
    ABOVE_EXPECTED,
    AS_EXPECTED,
    BELOW_EXPECTED,
    EXPECTED_HIGH,
    NOT_INTERPRETABLE,
    TOO_EARLY,
    Finding,
    Sample,
    because,
    judge,
)
from cobalamin.therapy.response.values import Result, Trend, bounds, same_value, trend

# Their samples are looked at for interference only; they say nothing about a response.
WATCHED_ONLY = ("intrinsic_factor_antibody", "parietal_cell_antibody")
# Of contradicting results of one day, the one furthest down this list is judged.
_LEAST_FAVOURABLE = (AS_EXPECTED, EXPECTED_HIGH, TOO_EARLY, NOT_INTERPRETABLE, BELOW_EXPECTED, ABOVE_EXPECTED)


@dataclass(frozen=True)
class GivenDose:
    """A dose that is in the body, whether or not it counts for the plan. A route that is not known is empty."""

    on: date
    route: str


def given_doses(
    record: tuple[Event, ...], doses: tuple[GivenDose, ...], routes: frozenset[str], on: date
) -> tuple[GivenDose, ...]:
    """Every known dose: those given, the last one of an earlier treatment; without any, what was said to be taken."""
    known = [dose for dose in doses if dose.on <= on]
    known += [GivenDose(day, "") for event in record if (day := _last_dose(event)) is not None]
    known = known or [dose for event in record for dose in _taken(event, routes)]
    return tuple(sorted(known, key=lambda dose: (dose.on, dose.route)))


def _last_dose(event: Event) -> date | None:
    """The last day on which the last dose of a recorded history may have been given."""
    if event.kind != "history" or event.on is None:
        return None
    stated = event.data.get("last_dose")
    if isinstance(stated, str) and stated != "unknown":
        following = (date.fromisoformat(f"{stated}-01") + timedelta(days=31)).replace(day=1)
        stated = following - timedelta(days=1)
    return min(stated, event.on) if isinstance(stated, date) else None


def _taken(event: Event, routes: frozenset[str]) -> Iterator[GivenDose]:
    if event.kind == "statement" and event.data.get("taking") in ("yes", "partly"):
        begun, route = event.data.get("from", event.on), str(event.data.get("route", ""))
        if isinstance(begun, date) and (not route or route in routes):
            yield GivenDose(begun, route)


def treatment_began(given: tuple[GivenDose, ...], record: tuple[Event, ...]) -> date | None:
    """The first dose, or the first dose after the latest restart that a dose followed."""
    days = [dose.on for dose in given]
    restarts = [event.on for event in record if event.kind == "decision" and event.data.get("decision") == "restart"]
    after = [next((day for day in days if restart and day >= restart), None) for restart in restarts]
    return max([*days[:1], *(day for day in after if day is not None)], default=None)


@dataclass(frozen=True)
class Judged:
    """A result with its finding (none for a marker without verdicts), and what else was entered for that day."""

    result: Result
    finding: Finding | None
    others: tuple[Result, ...]


@dataclass(frozen=True)
class Treatment:
    """Everything that was measured and given up to the day of assessment."""

    library: Library
    expected: Expectations
    facts: Facts
    results: tuple[Result, ...]
    given: tuple[GivenDose, ...]
    began: date | None
    routes: frozenset[str]

    def latest(self, marker: str) -> Judged | None:
        """The latest result of a marker since treatment began; of several of one day the least favourable."""
        since = [entry for entry in self.results if entry.marker == marker and self._since(entry.on)]
        last = max((entry.on for entry in since), default=None)
        found = [(entry, self._finding(entry)) for entry in since if entry.on == last]
        if marker in WATCHED_ONLY and found:
            return Judged(found[0][0], None, ())
        judged = [(entry, finding) for entry, finding in found if finding is not None]
        if not judged:
            return None
        result, finding = max(judged, key=_least_favourable)
        others = tuple(entry for entry, _ in found if not same_value(entry.value, result.value))
        return Judged(result, finding, others)

    def _finding(self, result: Result) -> Finding | None:
        """Where only the month is known, what holds on every day on which the sample may have been taken."""
        found = [self._on_day(result, day) for day in result.days]
        verdicts = {finding.verdict if finding else "" for finding in found}
        return found[-1] if len(verdicts) == 1 else Finding(NOT_INTERPRETABLE, (because("no_day"),))

    def _on_day(self, result: Result, day: date) -> Finding | None:
        if self.began is None or not self._since(day):
            return None
        return judge(
            Sample(
                result=result,
                day=day,
                began=self.began,
                trend=self.compared(result),
                haematocrit_low=self._haematocrit_low(result.marker, day),
                injection=self._injection(result.marker, day),
                expected=self.expected,
                facts=self.facts,
                checks=self.library.program_checks,
            )
        )

    def compared(self, result: Result) -> Trend:
        """Against the last result on or before the first dose."""
        same = [entry for entry in self.results if entry.marker == result.marker]
        before = [entry for entry in same if self.began is not None and entry.on <= self.began]
        last = max((entry.on for entry in before), default=None)
        return trend(result, tuple(entry for entry in before if entry.on == last))

    def _since(self, day: date) -> bool:
        """Whether a sample of `day` was taken since treatment began; one of the day of the first dose comes before it."""
        return self.began is not None and day > self.began

    def _injection(self, marker: str, day: date) -> date | None:
        """The last injection before `day` whose waiting time, the longest of the sources, is not over."""
        days = [given for given in self._injections if given < day]
        waits = [record.wait for record in self.expected.waits(marker) if record.wait]
        return max((given for given in days if any(add(given, wait) > day for wait in waits)), default=None)

    @property
    def _injections(self) -> list[date]:
        """Days of doses by injection; a dose by a route that is not known counts where the plan injects."""
        unknown = {""} if self.routes & INJECTIONS else set()
        return [dose.on for dose in self.given if dose.route in INJECTIONS | unknown]

    def injected_on(self, day: date) -> bool:
        return day in self._injections

    def waiting(self, result: Result) -> date | None:
        """The injection after which the sample was taken too soon, on whichever day of its month that was."""
        since = [self._injection(result.marker, day) for day in result.days]
        return since[-1] if all(since) else None

    def _haematocrit_low(self, marker: str, day: date) -> Truth:
        """Whether the latest haematocrit known by `day` is under the limit of the failure rule for this marker."""
        limit = next((record.below for record in self.expected.of("failure", marker) if record.below), None)
        known = [entry for entry in self.results if limit and entry.marker == limit.marker and entry.on <= day]
        if limit is None or not known:
            return UNKNOWN
        last = max(entry.on for entry in known)
        return any_of([_under(entry, limit.value_in(entry.value.unit)) for entry in known if entry.on == last])


def _least_favourable(judged: tuple[Result, Finding]) -> tuple[int, int, str]:
    result, finding = judged
    return (_LEAST_FAVOURABLE.index(finding.verdict), len(finding.codes), str(result.value))


def _under(result: Result, limit: Decimal | None) -> Truth:
    found = bounds(result.value)
    return UNKNOWN if limit is None or found is None else found.under(limit)
