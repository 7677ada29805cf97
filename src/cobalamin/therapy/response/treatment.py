"""The treatment as the body had it, and what each result says about it.

Which doses count for a plan is no matter here: what was given is in the body. A gap or a restart begins the response anew.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.responses import Expectations, Limit
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.spans import add
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import UNKNOWN, Truth, any_of
from cobalamin.therapy.response.potassium import low_by_policy
from cobalamin.therapy.response.relapse import best_before, has_fallen
from cobalamin.therapy.response.rules import (  # fmt: skip
    ABOVE_EXPECTED,
    AS_EXPECTED,
    BELOW_EXPECTED,
    EXPECTED_HIGH,
    NOT_INTERPRETABLE,
    TOO_EARLY,
    Finding,
    Sample,
    Standing,
    because,
    judge,
)
from cobalamin.therapy.response.spells import Cover
from cobalamin.therapy.response.values import Result, Trend, bounds, same_value, trend

# Their samples are looked at for interference only; they say nothing about a response.
WATCHED_ONLY = ("intrinsic_factor_antibody", "parietal_cell_antibody")
# Of contradicting results of one day, the one furthest down this list is judged.
_LEAST_FAVOURABLE = (AS_EXPECTED, EXPECTED_HIGH, TOO_EARLY, NOT_INTERPRETABLE, BELOW_EXPECTED, ABOVE_EXPECTED)


class Judged(Struct, frozen=True):
    """A result with its finding (none for a marker without verdicts), and what else was entered for that day."""

    result: Result
    finding: Finding | None
    others: tuple[Result, ...]


class Treatment(Struct, frozen=True):
    """Everything that was measured and given up to the day of assessment. `results` are those that can be judged."""

    library: Library
    expected: Expectations
    facts: Facts
    results: tuple[Result, ...]
    cover: Cover
    routes: frozenset[str]

    def latest(self, marker: str) -> Judged | None:
        """The latest result of a marker since treatment last began; of several of one day the least favourable."""
        since = [entry for entry in self.results if entry.marker == marker and self._of_this_spell(entry.on)]
        last = max((entry.on for entry in since), default=None)
        found = [(entry, self.finding(entry)) for entry in since if entry.on == last]
        if marker in WATCHED_ONLY and found:
            return Judged(found[0][0], None, ())
        judged = [(entry, finding) for entry, finding in found if finding is not None]
        if not judged:
            return None
        result, finding = max(judged, key=_least_favourable)
        others = tuple(entry for entry, _ in found if not same_value(entry.value, result.value))
        return Judged(result, finding, others)

    def _of_this_spell(self, day: date) -> bool:
        return bool(self.cover.spells) and day > self.cover.spells[-1].began

    def finding(self, result: Result) -> Finding | None:
        """Where only the month is known, what holds on every day on which the sample may have been taken."""
        found = [self._on_day(result, day) for day in result.days]
        verdicts = {finding.verdict if finding else "" for finding in found}
        return found[-1] if len(verdicts) == 1 else Finding(NOT_INTERPRETABLE, (because("no_day"),))

    def _on_day(self, result: Result, day: date) -> Finding | None:
        spell = self.cover.spell(day)
        if spell is None:
            return None
        return judge(
            Sample(
                result=result,
                day=day,
                standing=Standing(
                    began=spell.began,
                    responds=self.cover.responds(day),
                    explains_level=self.cover.explains_level(day),
                    goes_on=self.cover.goes_on(day),
                    says_nothing=self.cover.says_nothing(day),
                    last_day=self.cover.last_day(day),
                ),
                trend=self.compared(result),
                best=self.best(result),
                potassium_low=low_by_policy(result, self.cover.limits),
                haematocrit_low=self._haematocrit_low(result.marker, day),
                injection=self._injection(result.marker, day),
                expected=self.expected,
                facts=self.facts,
                checks=self.library.program_checks,
            )
        )

    def compared(self, result: Result) -> Trend:
        """Against the last result on or before the first dose of the treatment that was going on."""
        spell = self.cover.spell(result.on)
        same = [entry for entry in self.results if entry.marker == result.marker]
        before = [entry for entry in same if spell is not None and entry.on <= spell.began]
        last = max((entry.on for entry in before), default=None)
        return trend(result, tuple(entry for entry in before if entry.on == last))

    def best(self, result: Result) -> Result | None:
        """The best value reached since this treatment began, if the result has fallen from it."""
        spell = self.cover.spell(result.on)
        since = spell.began if spell else date.max
        best = best_before(result, tuple(entry for entry in self.results if entry.on > since))
        return best if best is not None and has_fallen(best, result) else None

    def _injection(self, marker: str, day: date) -> date | None:
        """The last injection before `day` whose waiting time, the longest of the sources, is not over."""
        days = [given for given in self._injections if given < day]
        waits = [record.wait for record in self.expected.waits(marker) if record.wait]
        return max((given for given in days if any(add(given, wait) > day for wait in waits)), default=None)

    @property
    def _injections(self) -> list[date]:
        """Days of doses by injection; a dose by a route that is not known counts where the plan injects."""
        unknown = {""} if self.routes & INJECTIONS else set()
        return [dose.on for dose in self.cover.given if dose.route in INJECTIONS | unknown]

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
        return any_of([_under(entry, limit) for entry in known if entry.on == last])


def _least_favourable(judged: tuple[Result, Finding]) -> tuple[int, int, str]:
    result, finding = judged
    return (_LEAST_FAVOURABLE.index(finding.verdict), len(finding.codes), str(result.value))


def _under(result: Result, limit: Limit) -> Truth:
    """Whether a value is under a limit, in whichever notation the library writes the limit."""
    for number, unit in limit.values:
        found = bounds(result.value, unit)
        if found is not None:
            return found.under(number)
    return UNKNOWN
