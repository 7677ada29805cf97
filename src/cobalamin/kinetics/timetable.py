"""The grid of steps that everybody shares: exactly on every dose, course and observation, finer where more happens.

After each dose steps begin at `first` days and grow with the time since: slowly until the free pool has emptied, faster
once only the slow pools move. Doses count after an observation of the same moment, so that a level at a dose is a trough.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics import disposition
from cobalamin.kinetics.doses import INJECTED, SWALLOWED, Course, Dose, Regimen

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Fineness:
    """Length of the first step after a dose (days), its growth until `corner` days after it and later, and the longest."""

    first: float = 0.012
    growth: float = 0.045
    corner: float = 1.2
    later: float = 0.13
    longest: float = 20.0

    def step(self, since: float) -> float:
        fast = min(since, self.corner)
        return min(self.first + self.growth * fast + self.later * (since - fast), self.longest)


USUAL = Fineness()


class Entry(NamedTuple):
    """What enters at one moment: `way` says which part of the amount is absorbed."""

    time: float
    lane: int
    where: int
    amount: float
    way: Way


class Way(NamedTuple):
    """How a dose is absorbed: whole, passive, nasal, or carried by intrinsic factor (then by itself, `carried` numbers it)."""

    kind: str
    with_food: bool = False
    carried: int = -1


class Stream(NamedTuple):
    begin: float
    until: float
    lane: int
    course: Course


class Carried(NamedTuple):
    """A swallowed dose as intrinsic factor meets it, with the days since the one before it (0: none before)."""

    amount: float
    since: float


@dataclass(frozen=True)
class Timetable:
    """Steps and tables for `disposition.follow`, the same for everybody."""

    h: Floats
    row: Whole
    seen: Whole
    doses: Whole  # step, lane, where, way
    amounts: Floats
    ways: tuple[Way, ...]
    carried: tuple[Carried, ...]
    running: tuple[tuple[Stream, ...], ...]  # the streams of each row
    forms: tuple[str, ...]

    @property
    def times(self) -> Floats:
        """The observed times in days, in order."""
        return np.append(0.0, np.cumsum(self.h))[self.seen >= 0]


def timetable(
    regimen: Regimen, times: tuple[float, ...], carried_after: float, fineness: Fineness = USUAL
) -> Timetable:
    """The steps through all `times` (days, in order). `carried_after`: days until intrinsic factor delivers."""
    forms, last = regimen.forms, times[-1]
    carried = _carried(regimen.doses)
    entries = sorted(_entries(regimen.doses, forms, carried_after), key=lambda entry: entry.time)
    entries = [entry for entry in entries if entry.time < last]
    streams = [
        Stream(course.begin, min(course.until, last), forms.index(course.form), course)
        for course in regimen.courses
        if course.begin < last
    ]
    breaks = {entry.time for entry in entries} | {edge for stream in streams for edge in stream[:2]}
    stops = sorted({0.0, *breaks, *times})
    walk = _Walk(breaks, fineness)
    for begin, end in pairwise(stops):
        walk.stretch(begin, end, tuple(stream for stream in streams if stream.begin <= begin < stream.until))
    return _tables(walk, entries, carried, times, forms)


class _Walk:
    """Steps as they are laid."""

    def __init__(self, breaks: set[float], fineness: Fineness) -> None:
        self.breaks, self.fineness = breaks, fineness
        self.h: list[float] = []
        self.row: list[int] = []
        self.rows: list[tuple[Stream, ...]] = []
        self.at: dict[float, int] = {0.0: 0}  # how many steps lie before a stop
        self.since = 0.0

    def stretch(self, begin: float, end: float, running: tuple[Stream, ...]) -> None:
        if begin in self.breaks:
            self.since = 0.0
        if running not in self.rows:
            self.rows.append(running)
        left = end - begin
        while left > 0.0:
            wanted = self.fineness.step(self.since)
            step = left if left <= wanted * 1.2 else left / 2 if left < 2 * wanted else wanted
            self.h.append(step)
            self.row.append(self.rows.index(running))
            self.since += step
            left = left - step if step < left else 0.0
        self.at[end] = len(self.h)


def _entries(doses: tuple[Dose, ...], forms: tuple[str, ...], carried_after: float) -> list[Entry]:
    found: list[Entry] = []
    swallowed = 0
    for dose in doses:
        lane = forms.index(dose.form)
        if dose.route in SWALLOWED:
            way = Way("passive", dose.with_food)
            found.append(Entry(dose.time, lane, disposition.TO_DEPOT, dose.amount, way))
            later = Way("carried", carried=swallowed)
            found.append(Entry(dose.time + carried_after, lane, disposition.TO_POOL, 1.0, later))
            swallowed += 1
        elif dose.route in INJECTED:
            where = disposition.TO_FREE if dose.route == "intravenous" else disposition.TO_DEPOT
            found.append(Entry(dose.time, lane, where, dose.amount, Way("whole")))
        else:
            found.append(Entry(dose.time, lane, disposition.TO_DEPOT, dose.amount, Way("nasal")))
    return found


def _carried(doses: tuple[Dose, ...]) -> tuple[Carried, ...]:
    found: list[Carried] = []
    before: float | None = None
    for dose in doses:
        if dose.route in SWALLOWED:
            found.append(Carried(dose.amount, 0.0 if before is None else dose.time - before))
            before = dose.time
    return tuple(found)


def _tables(
    walk: _Walk, entries: list[Entry], carried: tuple[Carried, ...], times: tuple[float, ...], forms: tuple[str, ...]
) -> Timetable:
    ways = tuple(dict.fromkeys(entry.way for entry in entries))
    number = {way: place for place, way in enumerate(ways)}
    seen = np.full(len(walk.h) + 1, -1)
    for place, time in enumerate(times):
        seen[walk.at[time]] = place
    doses = [(walk.at[entry.time], entry.lane, entry.where, number[entry.way]) for entry in entries]
    return Timetable(
        h=np.array(walk.h),
        row=np.array(walk.row, dtype=np.int64),
        seen=seen,
        doses=np.array(doses, dtype=np.int64).reshape(-1, 4),
        amounts=np.array([entry.amount for entry in entries]),
        ways=ways,
        carried=carried,
        running=tuple(walk.rows) or ((),),
        forms=forms,
    )
