"""Made-up ladders and histories for the laws of the fold: such as `ladder.compile_ladder` could make of a protocol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hypothesis import strategies as st

from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES
from cobalamin.therapy import fold
from cobalamin.therapy.ladder import WEEK_PATTERNS, route_bit, substance_bit, window_rows

from .people import shipped

Rungs = tuple[fold.Rung, ...]

WINDOWS = window_rows(shipped().default_policy)
HYDROXO, CYANO, ME = (substance_bit(name) for name in SUBSTANCES)
ROUTE_BITS = tuple(route_bit(name) for name in ROUTES)
INTRAMUSCULAR, SUBCUTANEOUS, INTRAVENOUS, ORAL, NASAL, SUBLINGUAL = ROUTE_BITS
FIRST_START, LAST_START = -43_829, 29_220  # 1850-01-01 and 2050-01-01

starts = st.integers(FIRST_START, LAST_START)


def interval_rung(number: int, unit: int) -> fold.Rung:
    """One phase without an end: hydroxocobalamin 1 mg into the muscle every so often."""
    return fold.Rung(
        HYDROXO, 1_000_000, 900_000, 1_500_000, INTRAMUSCULAR, 0, 0, number, unit, 1, fold.BY_NEVER, 0, 0, 0, 0,
        CYANO | ME, 1, fold.MONTH, 0, 1,
    )  # fmt: skip


def planned(rungs: Rungs, start: int) -> fold.State:
    """The state of a person whose plan begins on `start`."""
    return fold.step(fold.start(), fold.Event(start, fold.PLAN, 0, 0, 0, 0, 0), rungs, WINDOWS)


def administration(day: int, rung: fold.Rung, flags: int = 0) -> fold.Event:
    """The dose of this phase as planned."""
    route = rung.routes & -rung.routes
    return fold.Event(day, fold.ADMINISTRATION, 0, rung.dose, rung.substance, route, flags)


# -- ladders ---------------------------------------------------------------------------------------------------------

_PATTERNS = [
    (sum(gap << (3 * index) for index, gap in enumerate(gaps)), len(gaps), 0, fold.DAY, 1)
    for gaps in WEEK_PATTERNS.values()
]
_DAYS = [(0, 0, number, fold.DAY, 1) for number in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 14, 20, 21, 30, 45, 46, 60)]
_WEEKS = [(0, 0, number, fold.WEEK, 1) for number in (1, 2, 3, 4, 6, 8, 10, 12, 13, 26)]
_MONTHS = [(0, 0, number, fold.MONTH, 1) for number in (1, 2, 3, 4, 6, 12)] + [(0, 0, 1, fold.YEAR, 1)]
_AT_LEAST = [(0, 0, number, fold.DAY, number) for number in (3, 6, 10, 28)] + [(0, 0, 2, fold.WEEK, 14)]
_OFTEN = [row for row in (*_PATTERNS, *_DAYS) if row[1] > 1 or (row[1] == 0 and row[2] < 7)]
_SPACINGS = [*_MONTHS, *_DAYS, *_PATTERNS, *_WEEKS, *_AT_LEAST]

_OPEN_ENDS = [(fold.BY_NEVER, 0, 0), (fold.BY_DECISION, 0, 0)]
_COUNTS = [(fold.BY_DOSES, number, 0) for number in (1, 2, 3, 6, 7)]
_TOTALS = [(fold.BY_TOTAL, number, 0) for number in (1, 3, 5)]  # whole doses, made an amount below
_SPANS = [(fold.BY_CALENDAR, number, unit) for number in (1, 2, 5) for unit in (fold.DAY, fold.WEEK, fold.MONTH)]
_INJECTIONS = [
    INTRAMUSCULAR, SUBCUTANEOUS, INTRAMUSCULAR | SUBCUTANEOUS, INTRAMUSCULAR | INTRAVENOUS, INTRAVENOUS, NASAL,
]  # fmt: skip

_switches = st.sampled_from([(gate, cap) for gate in (0, 1) for cap in (0, 1)])  # gate behind, review within a month
_medicines = st.sampled_from([(name, dose) for name in (HYDROXO, CYANO, ME) for dose in (1_000_000, 1_000, 5_000_000)])
_injected = st.tuples(
    st.sampled_from(_SPACINGS), st.sampled_from([*_COUNTS, *_TOTALS, *_OPEN_ENDS]), st.sampled_from(_INJECTIONS)
)
_swallowed = st.tuples(
    st.sampled_from([*_OFTEN, *_SPACINGS]), st.sampled_from([*_SPANS, *_COUNTS, *_OPEN_ENDS]), st.sampled_from([ORAL, SUBLINGUAL])
)  # fmt: skip


def _rung(
    shape: tuple[tuple[int, ...], tuple[int, ...], int], medicine: tuple[int, int], switches: tuple[int, int]
) -> fold.Rung:
    spacing, (end, end_number, end_unit), routes = shape
    (substance, dose), (gate, cap) = medicine, switches
    shortened = (CYANO | ME, 1, fold.MONTH) if substance == HYDROXO else (0, 0, fold.DAY)
    course = int(routes in (ORAL, SUBLINGUAL) and spacing in _OFTEN)
    return fold.Rung(
        substance, dose, dose * 90 // 100, dose * 150 // 100, routes, *spacing,
        end, end_number * dose if end == fold.BY_TOTAL else end_number, end_unit, gate, cap, *shortened, course, 0,
    )  # fmt: skip


one_rung = st.builds(_rung, _injected | _swallowed, _medicines, _switches)
_courses = st.tuples(st.sampled_from(_OFTEN), st.sampled_from(_SPANS), st.just(ORAL))
one_course = st.builds(_rung, _courses, _medicines, _switches)  # by mouth, often, ended by the calendar


@st.composite
def ladders(draw: st.DrawFn, never_ends: bool = False) -> Rungs:
    """One to four phases; with `never_ends` the last one goes on for life."""
    rungs = draw(st.lists(one_rung, min_size=1, max_size=4))
    last = rungs[-1]._replace(final=1)
    if never_ends:
        last = last._replace(end=fold.BY_NEVER, end_number=0, end_unit=0)
    return (*rungs[:-1], last)


# -- histories -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """A ladder, the start of the plan, and what happened from then on, in order."""

    rungs: Rungs
    start: int
    events: tuple[fold.Event, ...]

    @cached_property
    def states(self) -> tuple[fold.State, ...]:
        """The state after the plan began and after every event."""
        states = [planned(self.rungs, self.start)]
        for event in self.events:
            states.append(fold.step(states[-1], event, self.rungs, WINDOWS))
        return tuple(states)

    @property
    def last_day(self) -> int:
        return self.events[-1].day if self.events else self.start


AS_PLANNED = (100, 0, 0, 0)  # percent of the dose, substance and route (0: as planned), flags
_OTHER_DOSES = [
    (percent, substance, route, flags)
    for percent in (100, 90, 89, 50, 150, 151, 1000)
    for substance in (0, HYDROXO, CYANO, ME)
    for route in (0, *ROUTE_BITS)
    for flags in (0, 0, fold.ADDITIONAL, fold.EXPIRED)
]
_amounts = st.just(AS_PLANNED) | st.sampled_from(_OTHER_DOSES)
# (from the target?, days off)
_moments = st.sampled_from([
    (from_target, days)
    for from_target in (True, False)
    for days in (0, 0, 0, 1, 2, 3, 5, 7, 10, 14, 20, 30, 60, 100, 200, 400, -1, -2, -3, -7, -10, -14, -20, -30, -60, -100)
])  # fmt: skip
DOSES = (fold.ADMINISTRATION,)
DOSES_AND_GATES = (fold.ADMINISTRATION, fold.ADMINISTRATION, fold.ADMINISTRATION, fold.GATE_MET)
ALL_KINDS = (*DOSES_AND_GATES, fold.ADVANCE)


@st.composite
def histories(
    draw: st.DrawFn, kinds: tuple[int, ...] = ALL_KINDS, never_ends: bool = False, advance_first: bool = False
) -> History:
    """Any ladder with any record. Nobody leaves a phase before the first dose, unless `advance_first`."""
    rungs, start = draw(ladders(never_ends)), draw(starts)
    state, day, events = planned(rungs, start), start - 40, []
    for kind, moment, amount in draw(st.lists(st.tuples(st.sampled_from(kinds), _moments, _amounts), max_size=10)):
        if kind == fold.ADVANCE and state.place.anchor == fold.NONE and not advance_first:
            continue
        day = _day(fold.forecast(state, rungs, WINDOWS, day)[1].target, day, moment)
        place = fold.forecast(state, rungs, WINDOWS, day)[0]
        events.append(_event(day, kind, rungs[place.rung], amount))
        state = fold.step(state, events[-1], rungs, WINDOWS)
    return History(rungs, start, tuple(events))


def _day(target: int, last: int, moment: tuple[bool, int]) -> int:
    from_target, days = moment
    return max(last, (target if from_target and target != fold.NONE else last) + days)


def _event(day: int, kind: int, rung: fold.Rung, given_as: tuple[int, int, int, int]) -> fold.Event:
    if kind != fold.ADMINISTRATION:
        return fold.Event(day, kind, 0, 0, 0, 0, 0)
    percent, substance, route, flags = given_as
    event = administration(day, rung, flags)
    return event._replace(
        amount=rung.dose * percent // 100, substance=substance or event.substance, route=route or event.route
    )
