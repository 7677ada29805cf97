"""The retained-dose map: where doses lie far apart, what one dose leaves behind is solved once a dose size, and only used again.

A week after an injection of cyanocobalamin or mecobalamin hardly anything is free, so the pools move by two exponentials, and
what the injection left depends on one thing only: how full the exchangeable pool was, because its return competes for the
saturable uptake. That dependence is so weak that two solutions of the week span it. Hydroxocobalamin returns more from that pool
than the uptake can carry (reference, section 4: errors of 23 %), and people whose kidneys leave free vitamin after a week are not
covered either: both are stepped. The beginning of a course, with its doses close together, is stepped as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics.disposition import DEPOT, ENTERED, FREE, LOST, OBSERVED, POOL, STORE, URINE
from cobalamin.kinetics.doses import INJECTED, Dose, Regimen
from cobalamin.kinetics.engine import amounts, stepped, with_untreated
from cobalamin.kinetics.people import People
from cobalamin.kinetics.timetable import USUAL, Fineness, timetable
from cobalamin.records import replace

Floats = NDArray[np.float64]
WEEK = 7.0
FEWEST = 4  # doses of one size, so that two solutions are less work than stepping them all
SETTLED = 0.02  # of Km: what may be free after a week
EMPTY = 1e-6  # micrograms in the depot after a week


def prepared(
    regimen: Regimen, times: tuple[float, ...], carried_after: float, fineness: Fineness = USUAL
) -> Callable[[People], Floats]:
    """What gives `engine.amounts` for any people: by the map from the dose on where it holds, stepped before it and for people it
    does not cover."""
    table = timetable(regimen, times, carried_after, fineness)
    regimen = replace(regimen, doses=tuple(dose for dose in regimen.doses if dose.time < times[-1]))
    first = mapped_from(regimen)
    if first is None:
        return lambda people: amounts(people, table)

    def held(people: People) -> Floats:
        course = _Course(people, regimen, first, times, carried_after, fineness)
        found = course.followed()
        odd = course.unsettled()
        if odd.any():
            found[:, :, odd] = stepped(people.only(odd), table)
        return with_untreated(people, found, np.array(times))

    return held


def mapped_from(regimen: Regimen) -> int | None:
    """The first dose from which on the map holds; None where it is not worth it or does not hold."""
    if regimen.courses or len(regimen.forms) != 1 or regimen.forms[0] == "hydroxocobalamin":
        return None
    if any(dose.route not in INJECTED for dose in regimen.doses):
        return None
    gaps = [later.time - earlier.time for earlier, later in pairwise(regimen.doses)]
    close = [place for place, gap in enumerate(gaps) if gap < WEEK]
    first = close[-1] + 2 if close else 0  # what came before a mapped dose has settled too
    kinds = {(dose.amount, dose.route) for dose in regimen.doses[first:]}
    return first if len(regimen.doses) - first >= FEWEST * max(len(kinds), 1) else None


@dataclass(frozen=True)
class _Week:
    """Rows of `disposition` at some times after one dose, from an empty exchangeable pool and for each microgram in it."""

    times: Floats  # in order; the last is a week
    empty: Floats
    slope: Floats

    def rows(self, after: Floats, pool: Floats) -> Floats:
        at = np.searchsorted(self.times, after)
        return np.asarray(self.empty[at] + self.slope[at] * pool)


class _Course:
    """One course of injections of one form, for everybody."""

    def __init__(
        self, people: People, regimen: Regimen, first: int, times: tuple[float, ...], carried_after: float, fineness: Fineness
    ) -> None:  # fmt: skip
        self.people, self.regimen, self.first, self.times = people, regimen, first, np.array(times)
        self.carried_after, self.fineness = carried_after, fineness
        self.form = regimen.forms[0]
        self.loss = people.store_loss
        self.lost, quick, out, self.back, self.kes = people.returning(self.form)
        self.rate = out - self.back * (1.0 - self.lost)  # by which the exchangeable pool empties
        self.share = self.back / quick  # free for each microgram in it
        self.weeks: dict[tuple[float, str], _Week] = {}

    def followed(self) -> Floats:
        """Micrograms by observed time, row and person, of doses alone."""
        found = np.empty((len(self.times), OBSERVED, self.people.count))
        doses = self.regimen.doses[self.first :]
        stepped = self._stepped(doses[0].time)
        found[self.times < doses[0].time], state = stepped[:-1], stepped[-1]
        found[self.times == doses[0].time] = state  # the level at a dose is the one before it
        full = state[POOL] + 1.0
        for dose, end in zip(doses, self._ends(), strict=True):
            seen = (self.times > dose.time) & (self.times <= end)
            after = np.append(self.times[seen], end) - dose.time
            rows = self._after(state, self._week(dose, full), after)
            found[seen], state = rows[:-1], rows[-1]
        return found

    def unsettled(self) -> NDArray[np.bool_]:
        """People of whom too much is free a week after a dose."""
        odd = np.zeros(self.people.count, bool)
        for week in self.weeks.values():
            odd |= (week.empty[-1, FREE] > SETTLED * self.people["km"]) | (week.empty[-1, DEPOT] > EMPTY)
        return odd

    def _ends(self) -> list[float]:
        """How long each mapped dose is followed."""
        doses = self.regimen.doses[self.first :]
        return [*(dose.time for dose in doses[1:]), max(float(self.times[-1]), doses[-1].time + WEEK)]

    def _stepped(self, begin: float) -> Floats:
        """Everything observed before the first mapped dose, and at it."""
        early = (*self.times[self.times < begin].tolist(), begin)
        given = Regimen(self.regimen.doses[: self.first] or (Dose(begin, 1.0, self.form, "intravenous"),))
        return stepped(self.people, timetable(given, early, self.carried_after, self.fineness))

    def _week(self, dose: Dose, full: Floats) -> _Week:
        """The week after such a dose, solved twice the first time it is asked for."""
        key = dose.amount, dose.route
        if key not in self.weeks:
            after, nothing = self._times_after(key), np.zeros(self.people.count)
            table = timetable(Regimen((replace(dose, time=0.0),)), after, self.carried_after, self.fineness)
            empty = stepped(self.people, table, start=(nothing, nothing, nothing))
            full = full + empty[-1, POOL]  # about what lies in the pool once several doses have been given
            filled = stepped(self.people, table, start=(self.share * full, full, nothing))
            self.weeks[key] = _Week(np.array(after), empty, (filled - empty) / full)
        return self.weeks[key]

    def _times_after(self, key: tuple[float, str]) -> tuple[float, ...]:
        """The times after doses of this kind, up to a week, at which something is observed."""
        found = {WEEK}
        for dose, end in zip(self.regimen.doses[self.first :], self._ends(), strict=True):
            if (dose.amount, dose.route) == key:
                after = self.times[(self.times > dose.time) & (self.times <= end)] - dose.time
                found.update(after[after < WEEK].tolist())
        return tuple(sorted(found))

    def _after(self, state: Floats, week: _Week, after: Floats) -> Floats:
        """Everything at some times, in order, after a dose that was given in `state`."""
        near = np.minimum(after, WEEK)
        settled = (state[DEPOT] + state[FREE] + state[POOL]) / (
            1.0 + self.share
        )  # so that nothing gets lost between the two
        rows = week.rows(near, settled)
        left = np.exp(-self.loss * near[:, None])
        rows[:, STORE] += state[STORE] * left
        rows[:, LOST] += state[STORE] * (1.0 - left)
        rows[:, URINE : ENTERED + 1] += state[URINE : ENTERED + 1]
        late = after > WEEK
        if late.any():
            rows[late] = self._later(rows[late], (after[late] - WEEK)[:, None])
        return rows

    def _later(self, rows: Floats, days: Floats) -> Floats:
        """Without a dose, once hardly anything is free: two exponentials, and what leaves follows from the balance."""
        found = rows.copy()
        fast, slow = np.exp(-self.rate * days), np.exp(-self.loss * days)
        pool = rows[:, POOL]
        found[:, POOL] = pool * fast
        found[:, FREE], found[:, DEPOT] = self.share * found[:, POOL], 0.0
        found[:, STORE] = rows[:, STORE] * slow + self.kes * pool * (fast - slow) / (self.loss - self.rate)
        found[:, URINE] += self.lost * self.back * pool * (1.0 - fast) / self.rate
        there = [DEPOT, FREE, POOL, STORE, URINE]
        found[:, LOST] += rows[:, there].sum(axis=1) - found[:, there].sum(axis=1)
        return found
