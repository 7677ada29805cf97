"""Made-up records for the laws of the fold: every kind of event, over a table of one or several plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hypothesis import strategies as st

from cobalamin.therapy import fold

from .ladders import (
    CYANO,
    FIRST_START,
    HYDROXO,
    LAST_START,
    ME,
    ROUTE_BITS,
    WINDOWS,
    Pick,
    Rungs,
    a_ladder,
    administration,
    decision,
    plan_event,
    planned,
)

DOSES = (fold.ADMINISTRATION,)
DOSES_AND_GATES = (*DOSES * 3, fold.GATE_MET)
ONWARD = (*DOSES_AND_GATES, fold.ADVANCE)
COVERS = (fold.HOLD, fold.PAUSE, fold.BRIDGE)
WITHOUT_HISTORY = (*DOSES * 6, *(kind for kind in range(fold.STOP + 1) if kind != fold.HISTORY))
ALL_KINDS = (*DOSES * 13, *range(fold.STOP + 1))


@dataclass(frozen=True)
class History:
    """A table of ladders, the start of the plan, and what happened from then on, in order."""

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

    @cached_property
    def steps(self) -> tuple[tuple[fold.State, fold.Event, fold.State], ...]:
        """(before, event, after) of every event."""
        return tuple(zip(self.states, self.events, self.states[1:], strict=False))

    @property
    def judged(self) -> list[tuple[fold.State, fold.Event, fold.State]]:
        """(before, event, after) of every administration."""
        return [step for step in self.steps if step[1].kind == fold.ADMINISTRATION]

    @property
    def last_day(self) -> int:
        return self.events[-1].day if self.events else self.start

    def forecast(self, day: int) -> tuple[fold.Place, fold.Dates]:
        return fold.forecast(self.states[-1], self.rungs, WINDOWS, day)

    def then(self, event: fold.Event) -> fold.State:
        return fold.step(self.states[-1], event, self.rungs, WINDOWS)


# -- events ----------------------------------------------------------------------------------------------------------

_OFF = (0, 0, 0, 1, 2, 3, 5, 7, 10, 14, 20, 30, 60, 100, 200, 400, -1, -2, -3, -7, -10, -14, -20, -30, -60, -100)
_MOMENTS = [(from_target, days) for from_target in (True, False) for days in _OFF]  # (from the target?, days off)
_PERCENTS = (100, 100, 100, 90, 89, 50, 150, 151, 1000)
_SUBSTANCES = (0, 0, 0, HYDROXO, CYANO, ME)  # 0: as planned
_ROUTES = (0, 0, 0, *ROUTE_BITS)
_FLAGS = (
    0, 0, fold.ADDITIONAL, fold.EXPIRED, fold.AS_PLANNED, fold.CREDIT, fold.REJECT, fold.COVERED,
    fold.CREDIT | fold.EXPIRED, fold.AS_PLANNED | fold.ADDITIONAL, fold.REJECT | fold.COVERED, fold.COVERED | fold.EXPIRED,
)  # fmt: skip
_INTERVALS = [
    4 * number + unit
    for number, unit in (
        (3, fold.MONTH), (1, fold.MONTH), (2, fold.MONTH), (6, fold.MONTH), (1, fold.YEAR), (1, fold.DAY), (2, fold.DAY),
        (30, fold.DAY), (1, fold.WEEK), (6, fold.WEEK), (12, fold.WEEK),
    )
]  # fmt: skip
_LATER = (0, 1, 7, 30, 100, 400)


def rows_of_plan(rungs: Rungs, row: int) -> range:
    """The rows of the plan to which this row belongs."""
    first, last = row, row
    while first > 0 and not rungs[first - 1].final:
        first -= 1
    while not rungs[last].final:
        last += 1
    return range(first, last + 1)


def _dose(pick: Pick, day: int, rung: fold.Rung) -> fold.Event:
    if pick((True, False)):
        return administration(day, rung)
    event = administration(day, rung, pick(_FLAGS))
    return fold.a_dose(
        day, pick((0, 0, 1, 2)), rung.dose * pick(_PERCENTS) // 100, pick(_SUBSTANCES) or event.substance,
        pick(_ROUTES) or event.route, 0, pick((0, 0, 1, 2, 3)), event.flags,
    )  # fmt: skip


def _history(pick: Pick, day: int, row: int, rung: fold.Rung) -> fold.Event:
    counted = rung.end in (fold.BY_DOSES, fold.BY_TOTAL)
    last = fold.NONE if pick((False, False, True)) else day - pick(_LATER)
    own = pick((0, 0, 0, *_INTERVALS))
    doses = pick((0, 1, 2, 6, 7)) if counted else 0
    return fold.a_history(day, row, doses, pick(_SUBSTANCES), own, last, 0)


def an_event(pick: Pick, kind: int, day: int, rungs: Rungs, place: fold.Place) -> fold.Event:
    """An event of this kind on this day, such as the record of a person at this place could hold."""
    if kind == fold.ADMINISTRATION:
        return _dose(pick, day, rungs[place.rung])
    plan = rows_of_plan(rungs, place.rung)
    if kind == fold.PLAN:
        firsts = [row for row in range(len(rungs)) if row == 0 or rungs[row - 1].final]
        start = day + pick((0, 0, 0, 1, 7, 30, -10))
        return plan_event(day, pick(firsts), start, pick((0, 0, fold.CONTINUE, fold.CONTINUE, fold.ASK_FIRST)))
    if kind == fold.HISTORY:
        row = pick(plan)
        return _history(pick, day, row, rungs[row])
    if kind in COVERS:
        return decision(day, kind, pick((fold.FOREVER, *(day + later for later in _LATER))))
    if kind == fold.CHANGE_INTERVAL:
        return decision(day, kind, own=pick(_INTERVALS))
    if kind == fold.STATEMENT:
        return decision(day, kind, code=pick((1, 2, 3)))
    return decision(day, kind, code=plan[0])


def a_history(
    pick: Pick, kinds: Sequence[int] = ALL_KINDS, most: int = 10, plans: int = 3, never_ends: bool = False
) -> History:
    """Any table of ladders with any record of at most so many events."""
    rungs = tuple(rung for _ in range(pick(range(1, plans + 1))) for rung in a_ladder(pick, never_ends))
    start = pick(range(FIRST_START, LAST_START + 1))
    state, day, events = planned(rungs, start), start - 40, []
    for _ in range(pick(range(most + 1))):
        kind, (from_target, days) = pick(kinds), pick(_MOMENTS)
        target = fold.forecast(state, rungs, WINDOWS, day)[1].target
        day = max(day, (target if from_target and target != fold.NONE else day) + days)
        place = fold.forecast(state, rungs, WINDOWS, day)[0]
        events.append(an_event(pick, kind, day, rungs, place))
        state = fold.step(state, events[-1], rungs, WINDOWS)
    return History(rungs, start, tuple(events))


@st.composite
def histories(draw: st.DrawFn, kinds: tuple[int, ...] = ALL_KINDS, never_ends: bool = False, plans: int = 3) -> History:
    return a_history(lambda options: draw(st.sampled_from(options)), kinds, 10, plans, never_ends)
