"""Made-up ladders for the laws of the fold: such as `ladder.compile_ladder` could make of protocols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES
from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.regimen.ladder import WEEK_PATTERNS, route_bit, substance_bit, to_date, to_days, window_rows

from .people import shipped

Rungs = tuple[fold.Rung, ...]
T = TypeVar("T")
Pick = Callable[[Sequence[Any]], Any]  # one of these: drawn by Hypothesis, or by a seeded generator

SHIPPED_WINDOWS = window_rows(shipped().default_policy)
LOCAL_WINDOWS = (
    fold.WindowRow(30, 1, 1, 2, 1, fold.MONTH, 0),
    fold.WindowRow(9999, 1, 10, 10, 6, fold.WEEK, 1),
)
WINDOWS = (*SHIPPED_WINDOWS, *LOCAL_WINDOWS)  # the tables of two policies, one behind the other
FIRST_ROWS = (0, 0, 0, len(SHIPPED_WINDOWS))
HYDROXO, CYANO, ME = (substance_bit(name) for name in SUBSTANCES)
ROUTE_BITS = tuple(route_bit(name) for name in ROUTES)
INTRAMUSCULAR, SUBCUTANEOUS, INTRAVENOUS, ORAL, NASAL, SUBLINGUAL = ROUTE_BITS
FIRST_START, LAST_START = -43_829, 29_220  # 1850-01-01 and 2050-01-01
UNIT_NAMES = ("d", "wk", "mo", "a")

starts = st.integers(FIRST_START, LAST_START)


def interval_rung(number: int, unit: int) -> fold.Rung:
    """One phase without an end: hydroxocobalamin 1 mg into the muscle every so often."""
    return fold.Rung(
        HYDROXO, 1_000_000, 900_000, 1_500_000, INTRAMUSCULAR, INTRAMUSCULAR, 0, 0, number, unit, 1, fold.BY_NEVER, 0, 0, 0, 0,
        CYANO | ME, 1, fold.MONTH, 0, 1, 0,
    )  # fmt: skip


def plan_event(day: int, row: int = 0, start: int | None = None, flags: int = 0) -> fold.Event:
    return fold.a_plan(day, row, day if start is None else start, flags)


def decision(day: int, kind: int, until: int = fold.NONE, code: int = 0, own: int = 0) -> fold.Event:
    if kind in (fold.HOLD, fold.PAUSE, fold.BRIDGE):
        return fold.a_cover(day, kind, until)
    return fold.a_statement(day, code) if kind == fold.STATEMENT else fold.a_decision(day, kind, code, own)


def planned(rungs: Rungs, start: int) -> fold.State:
    """The state of a person whose plan begins on `start`."""
    return fold.step(fold.start(), plan_event(start), rungs, WINDOWS)


def administration(day: int, rung: fold.Rung, flags: int = 0) -> fold.Event:
    """The dose of this phase as planned."""
    return fold.a_dose(day, 0, rung.dose, rung.substance, rung.route, 0, 0, flags)


def after(anchor: int, number: int, unit: int, times: int = 1, wanted: int = 0) -> int:
    """The day so many spans after the anchor, by the arithmetic of words."""
    return to_days(add(to_date(anchor), Span(number, UNIT_NAMES[unit]), times, wanted_day=wanted))


# -- phases ----------------------------------------------------------------------------------------------------------

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
_ENDS = [*_COUNTS, *_TOTALS, *_OPEN_ENDS]
_INJECTIONS = [
    INTRAMUSCULAR, SUBCUTANEOUS, INTRAMUSCULAR | SUBCUTANEOUS, INTRAMUSCULAR | INTRAVENOUS, INTRAVENOUS, NASAL,
]  # fmt: skip
_MEDICINES = [(name, dose) for name in (HYDROXO, CYANO, ME) for dose in (1_000_000, 1_000, 5_000_000)]
_SHAPES: dict[str, tuple[Sequence[Any], Sequence[Any], Sequence[int]]] = {
    "injected": (_SPACINGS, _ENDS, _INJECTIONS),
    "swallowed": ([*_OFTEN, *_SPACINGS], [*_SPANS, *_COUNTS, *_OPEN_ENDS], [ORAL, SUBLINGUAL]),
    "course": (_OFTEN, _SPANS, [ORAL]),  # by mouth, often, ended by the calendar
}


def a_rung(pick: Pick, shapes: Sequence[str] = ("injected", "swallowed")) -> fold.Rung:
    spacings, ends, by = _SHAPES[pick(shapes)]
    spacing, (end, end_number, end_unit), routes = pick(spacings), pick(ends), pick(by)
    substance, dose = pick(_MEDICINES)
    shortened = (CYANO | ME, 1, fold.MONTH) if substance == HYDROXO else (0, 0, fold.DAY)
    course = int(routes in (ORAL, SUBLINGUAL) and spacing in _OFTEN)
    gate, review_cap = pick((0, 0, 1)), pick((0, 1))
    return fold.Rung(
        substance, dose, dose * 90 // 100, dose * 150 // 100, routes & -routes, routes, *spacing,
        end, end_number * dose if end == fold.BY_TOTAL else end_number, end_unit, gate, review_cap, *shortened, course, 0,
        pick(FIRST_ROWS),
    )  # fmt: skip


def a_ladder(pick: Pick, never_ends: bool = False) -> Rungs:
    """One to four phases; with `never_ends` the last one goes on for life."""
    rungs = [a_rung(pick) for _ in range(pick((1, 2, 3, 4)))]
    last = rungs[-1]._replace(final=1)
    if never_ends:
        last = last._replace(end=fold.BY_NEVER, end_number=0, end_unit=0)
    return (*rungs[:-1], last)


def _drawn(draw: st.DrawFn) -> Pick:
    return lambda options: draw(st.sampled_from(options))


@st.composite
def rungs_of(draw: st.DrawFn, *shapes: str) -> fold.Rung:
    return a_rung(_drawn(draw), shapes)


@st.composite
def ladders(draw: st.DrawFn, never_ends: bool = False) -> Rungs:
    return a_ladder(_drawn(draw), never_ends)


one_rung = rungs_of("injected", "swallowed")
one_course = rungs_of("course")
