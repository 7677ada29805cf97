"""Made-up ladders and histories for the laws of the fold: such as `ladder.compile_ladder` could make of a protocol."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES
from cobalamin.spans import Span
from cobalamin.therapy import fold
from cobalamin.therapy.ladder import WEEK_PATTERNS, route_bit, substance_bit, window_rows

from .people import shipped

Rungs = tuple[fold.Rung, ...]

WINDOWS = window_rows(shipped().default_policy)
HYDROXO, CYANO, ME = (substance_bit(name) for name in SUBSTANCES)
ROUTE_BITS = tuple(route_bit(name) for name in ROUTES)
INTRAMUSCULAR, SUBCUTANEOUS, INTRAVENOUS, ORAL, NASAL, SUBLINGUAL = ROUTE_BITS
UNIT_CODES = {"d": fold.DAY, "wk": fold.WEEK, "mo": fold.MONTH, "a": fold.YEAR}
FIRST_START, LAST_START = -43_830, 29_220  # 1849-12-31 to 2050-01-01

rung_routes = st.sampled_from([
    INTRAMUSCULAR, SUBCUTANEOUS, INTRAMUSCULAR | SUBCUTANEOUS, INTRAMUSCULAR | INTRAVENOUS, INTRAVENOUS, NASAL, ORAL, SUBLINGUAL,
])  # fmt: skip
intervals = st.one_of(
    st.builds(Span, st.integers(1, 60), st.just("d")),
    st.builds(Span, st.integers(1, 26), st.just("wk")),
    st.builds(Span, st.integers(1, 12), st.just("mo")),
    st.builds(Span, st.integers(1, 2), st.just("a")),
)
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


@st.composite
def spacings(draw: st.DrawFn) -> tuple[int, int, int, int, int]:
    """(gaps, gap_count, number, unit, minimum_gap)"""
    if draw(st.booleans()):
        pattern = draw(st.sampled_from(list(WEEK_PATTERNS.values())))
        return sum(gap << (3 * index) for index, gap in enumerate(pattern)), len(pattern), 0, fold.DAY, 1
    span = draw(intervals)
    minimum = span.day_bounds[0] if span.unit in ("d", "wk") and draw(st.booleans()) else 1
    return 0, 0, span.number, UNIT_CODES[span.unit], minimum


def ends_for(dose: int, by_mouth: bool) -> st.SearchStrategy[tuple[int, int, int]]:
    """(end, end_number, end_unit); only phases by mouth end by the calendar."""
    counted = st.tuples(st.just(fold.BY_DOSES), st.integers(1, 8), st.just(0))
    total = st.tuples(st.just(fold.BY_TOTAL), st.integers(1, 8).map(lambda number: number * dose), st.just(0))
    calendar = st.tuples(
        st.just(fold.BY_CALENDAR), st.integers(1, 9), st.sampled_from([fold.DAY, fold.WEEK, fold.MONTH])
    )
    opened = st.sampled_from([(fold.BY_DECISION, 0, 0), (fold.BY_NEVER, 0, 0)])
    return st.one_of(counted, total, opened, *([calendar] if by_mouth else []))


@st.composite
def one_rung(draw: st.DrawFn) -> fold.Rung:
    gaps, gap_count, number, unit, minimum = draw(spacings())
    routes, dose = draw(rung_routes), draw(st.sampled_from([1_000, 100_000, 1_000_000, 5_000_000]))
    by_mouth = routes in (ORAL, SUBLINGUAL)
    often = gap_count > 1 or (gap_count == 0 and unit == fold.DAY and number < 7)
    end, end_number, end_unit = draw(ends_for(dose, by_mouth))
    substance = draw(st.sampled_from([HYDROXO, CYANO, ME]))
    return fold.Rung(
        substance, dose, dose * 90 // 100, dose * 150 // 100, routes, gaps, gap_count, number, unit, minimum,
        end, end_number, end_unit, draw(st.integers(0, 1)), draw(st.integers(0, 1)),
        CYANO | ME if substance == HYDROXO else 0, 1 if substance == HYDROXO else 0,
        fold.MONTH if substance == HYDROXO else fold.DAY, int(by_mouth and often), 0,
    )  # fmt: skip


@st.composite
def ladders(draw: st.DrawFn, never_ends: bool = False) -> Rungs:
    """One to four phases; with `never_ends` the last one goes on for life."""
    rungs = draw(st.lists(one_rung(), min_size=1, max_size=4))
    last = rungs[-1]._replace(final=1)
    if never_ends:
        last = last._replace(end=fold.BY_NEVER, end_number=0, end_unit=0)
    return (*rungs[:-1], last)


@dataclass(frozen=True)
class History:
    """A ladder, the start of the plan, and what happened from then on, in order."""

    rungs: Rungs
    start: int
    events: tuple[fold.Event, ...]

    def states(self) -> list[fold.State]:
        """The state after the plan began and after every event."""
        states = [planned(self.rungs, self.start)]
        for event in self.events:
            states.append(fold.step(states[-1], event, self.rungs, WINDOWS))
        return states

    @property
    def last_day(self) -> int:
        return self.events[-1].day if self.events else self.start


# What a person does next: on the day (-1), or so many days from the target or from the last event, as planned or not.
days_off = st.one_of(st.just(0), st.integers(-40, 40), st.integers(-400, 400))
percents = st.sampled_from([100, 100, 100, 100, 90, 89, 50, 150, 151, 1000])
DOSES = (fold.ADMINISTRATION,)
DOSES_AND_GATES = (fold.ADMINISTRATION, fold.ADMINISTRATION, fold.ADMINISTRATION, fold.GATE_MET)
ALL_KINDS = (*DOSES_AND_GATES, fold.ADVANCE)


@st.composite
def histories(
    draw: st.DrawFn, kinds: tuple[int, ...] = ALL_KINDS, never_ends: bool = False, as_planned: bool = False
) -> History:
    rungs, start = draw(ladders(never_ends)), draw(starts)
    state, day, events = planned(rungs, start), start - draw(st.sampled_from([0, 0, 30])), []
    for _ in range(draw(st.integers(0, 14))):
        place, dates = fold.forecast(state, rungs, WINDOWS, day)
        near = dates.target if draw(st.booleans()) and dates.target > day - 1000 else day
        day = max(day, near + draw(days_off))
        event = draw(one_event(day, rungs[place.rung], draw(st.sampled_from(kinds)), as_planned))
        state = fold.step(state, event, rungs, WINDOWS)
        events.append(event)
    return History(rungs, start, tuple(events))


@st.composite
def one_event(draw: st.DrawFn, day: int, rung: fold.Rung, kind: int, as_planned: bool) -> fold.Event:
    if kind != fold.ADMINISTRATION:
        return fold.Event(day, kind, 0, 0, 0, 0, 0)
    event = administration(day, rung)
    if as_planned or draw(st.booleans()):
        return event
    amount = rung.dose * draw(percents) // 100
    flags = draw(st.sampled_from([0, 0, 0, fold.ADDITIONAL, fold.EXPIRED]))
    substance, route = draw(st.sampled_from([HYDROXO, CYANO, ME])), draw(st.sampled_from(ROUTE_BITS))
    return fold.Event(day, fold.ADMINISTRATION, 0, amount, substance, route, flags)
