"""What was taken day after day and is not recorded dose by dose: a plan's tablets, bridges, and what people said they take.

A statement counts instead of the plan's own course on the days it tells, never beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cobalamin.amounts import Mass
from cobalamin.app.services.simulation.given import A_DAY, Given, Remark, days_between, joined, overlaps, without
from cobalamin.knowledge.vocabulary import COURSE_ROUTES, INJECTIONS
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Bridge, decides
from cobalamin.therapy.case.events import Statement as StatementEntry
from cobalamin.therapy.fold import status
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import to_date, to_days
from cobalamin.therapy.review.course import Course, PlanInForce, Step
from cobalamin.therapy.review.review import Review

ENDS_BRIDGE = ("resume", "restart", "stop")


@dataclass(frozen=True)
class Statement:
    """What was said to be taken. An empty word or None: not told."""

    event: Event
    begin: date
    until: date | None
    taking: str
    substance: str
    route: str
    dose: Mass | None

    def about(self, substance: str, route: str) -> bool:
        return (not self.substance or not substance or self.substance == substance) and (
            not self.route or not route or self.route == route
        )

    def remark(self, code: str, left_out: bool, **fields: object) -> Remark:
        return Remark(code, left_out, self.event.on, self.event.id, fields)


def taken(seen: Review, following: Iterable[Given]) -> tuple[list[Given], list[Remark]]:
    """The courses of a case up to the day of assessment and what its plan has next (`following`), each day once."""
    return _Taken(seen, following).courses()


class _Taken:
    def __init__(self, seen: Review, following: Iterable[Given]) -> None:
        self.seen, self.remarks = seen, list[Remark]()
        self.planned = plan_courses(seen)
        self.bridges = self._bridges()
        self.following = list(following)
        self.said: list[Given] = []

    def courses(self) -> tuple[list[Given], list[Remark]]:
        statements = [_statement(event) for event in self.seen.record.events if isinstance(event, StatementEntry)]
        for place, each in enumerate(statements):
            end = each.until or self.seen.on
            later = [other for other in statements[place + 1 :] if other.about(each.substance, each.route)]
            self._one(each, min([end, *(other.begin - A_DAY for other in later)]))
        spans = tuple((course.on, course.last) for course in joined(self.planned))
        if spans:
            self.remarks.append(Remark("COURSE_AS_PLANNED", False, spans[0][0], "", {"spans": spans}))
        return joined([*self.planned, *self.bridges, *self.following, *self.said]), self.remarks

    def _one(self, each: Statement, end: date) -> None:
        if each.begin > end:
            self.remarks.append(each.remark("STATEMENT_REPLACED", True))
            return
        own = [*self.planned, *self.bridges, *self.following]
        met = [course for course in own if each.about(course.substance, course.route)]
        met = [course for course in met if overlaps(course, each.begin, end)]
        if each.taking == "no":
            self._take_out(each, end)
            if met:
                self.remarks.append(each.remark("NOT_TAKEN", True, begin=each.begin, until=end))
        elif (course := self._course(each, end, met)) is not None:
            self._take_out(each, end)
            self.said.append(course)

    def _take_out(self, each: Statement, end: date) -> None:
        def left(courses: list[Given]) -> list[Given]:
            parts = (
                without(course, each.begin, end) if each.about(course.substance, course.route) else [course]
                for course in courses
            )
            return [part for found in parts for part in found]

        self.planned, self.bridges, self.following = left(self.planned), left(self.bridges), left(self.following)

    def _course(self, each: Statement, end: date, met: list[Given]) -> Given | None:
        """What was said as a course; what it does not tell is as in the course it is about. None: it can't be placed."""
        substance = each.substance or (met[0].substance if met else "")
        route, dose = each.route or (met[0].route if met else ""), each.dose or (met[0].dose if met else None)
        if route in INJECTIONS:
            self.remarks.append(each.remark("STATEMENT_INJECTION", True))
        elif not substance or not route or dose is None:
            self.remarks.append(each.remark("STATEMENT_INCOMPLETE", True))
        elif not met and route not in COURSE_ROUTES:
            self.remarks.append(each.remark("STATEMENT_HOW_OFTEN", True))
        else:
            return Given(each.begin, substance, dose, route, end, self._spacing(each, met), recorded=True)
        return None

    def _spacing(self, each: Statement, met: list[Given]) -> float:
        if not met:
            self.remarks.append(each.remark("STATEMENT_DAILY", False))
        spacing = met[0].spacing if met else 1.0
        if each.taking == "partly":
            self.remarks.append(each.remark("STATEMENT_PARTLY", False))
            spacing *= 2
        return spacing

    def _bridges(self) -> list[Given]:
        """What bridged by mouth, once a day until its end, or until treatment was resumed."""
        events, found = self.seen.record.events, []
        for place, event in enumerate(events):
            if not isinstance(event, Bridge) or event.on is None:
                continue
            over = next((later.on for later in events[place + 1 :] if later.on and _ends_bridge(later)), None)
            ends = [event.until or self.seen.on, *([over - A_DAY] if over else [])]
            placed = event.route in COURSE_ROUTES and event.dose is not None
            self.remarks.append(Remark("BRIDGE_DAILY" if placed else "BRIDGE", not placed, event.on, event.id))
            if placed and event.dose is not None and event.on <= min(ends):
                found.append(Given(event.on, event.substance, event.dose, event.route, min(ends), recorded=True))
        return found


def _ends_bridge(event: Event) -> bool:
    return event.kind in ("bridge", "plan") or decides(event, *ENDS_BRIDGE)


def _statement(event: StatementEntry) -> Statement:
    begin = event.since or event.on or date.max
    return Statement(event, begin, event.until, event.taking, event.substance, event.route, event.dose)


# -- the plan's own courses up to today ----------------------------------------------------------------------------------


def plan_courses(seen: Review) -> list[Given]:
    """The days up to today on which a plan had a course running, neither on hold, paused, bridged nor stopped."""
    course = seen.course
    if not any(rung.continuous for rung in course.rungs):
        return []
    found: list[Given] = []
    states = _states(course)
    for (day, state), end in zip(states, [*(day for day, _ in states[1:]), to_days(seen.on) + 1], strict=True):
        for each in range(day, min(end, to_days(seen.on) + 1)):
            phase = _running(course, state, each)
            if phase is not None and phase.dose is not None and phase.substance:
                on = to_date(each)
                found.append(Given(on, phase.substance, phase.dose, phase.route, on, days_between(phase.spacing)))
    return _runs(found)


def _running(course: Course, state: fold.State, day: int) -> SettledPhase | None:
    """The phase of a course that runs on this day."""
    place = fold.settle(state.place, state.cover, course.rungs, day)
    if place.marks & fold.DONE or not course.rungs[place.rung].continuous:
        return None
    ongoing = status.status_of(place, state.cover, 1, day, 0, 0) == status.ONGOING
    return course.phases[place.rung] if ongoing else None


def _runs(days: list[Given]) -> list[Given]:
    """Single days as courses."""
    found: list[Given] = []
    for day in days:
        found[-1:] = joined([*found[-1:], day])
    return found


def _states(course: Course) -> list[tuple[int, fold.State]]:
    """From which day on each state of the fold held: the plans put in force, and every step.

    The plan a case file begins with comes first, as in the fold, also where something is dated before its start.
    """
    entries: list[tuple[date, int, PlanInForce | Step]] = [
        (plan.event.on or date.max if plan.event else date.min, 0, plan) for plan in course.plans
    ]
    entries += [(step.event.on or date.max, 1, step) for step in course.steps]
    state, found = fold.start(), list[tuple[int, fold.State]]()
    for day, _, each in sorted(entries, key=lambda entry: entry[:2]):
        begin = each.accepted.start if isinstance(each, PlanInForce) and day == date.min else day
        state = each.state if isinstance(each, Step) else _put_in_force(state, each, begin, course)
        found.append((to_days(begin), state))
    return found


def _put_in_force(state: fold.State, plan: PlanInForce, begin: date, course: Course) -> fold.State:
    if not plan.ladder.rungs:
        return fold.start()
    flags = fold.CONTINUE if plan.event and plan.event.goes_on else 0
    start = to_days(plan.accepted.start)
    begun = fold.a_plan(to_days(begin), plan.first, start, flags)
    return fold.step(state, begun, course.rungs, course.windows)
