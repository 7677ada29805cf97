"""Which checks and reviews of a plan were done, done late, are due or are missing (contract, section 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.plan.monitoring import Anchors, planned_anchors
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.regimen.schedule import Scheduled
from cobalamin.therapy.review.course import Course, PlanInForce, Step

DONE, LATE, DUE, MISSING = "done", "late", "due", "missing"
BEFORE = timedelta(days=3)  # a result counts for a check from three days before its day


@dataclass(frozen=True)
class CheckState:
    item: Item
    due: date
    through: date
    state: str
    done_on: date | None = None


def check_states(items: Iterable[Item], record: tuple[Event, ...], on: date) -> tuple[CheckState, ...]:
    """Each check up to `on`, and the next open one of each marker. One result answers one check of its marker."""
    by_name: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.on is not None:
            by_name[item.marker or "review"].append(item)
    found = [state for name, entries in by_name.items() for state in _of_one(name, entries, record, on)]
    return tuple(sorted(found, key=lambda state: (state.due, state.item.marker, state.item.text)))


def _of_one(name: str, items: list[Item], record: tuple[Event, ...], on: date) -> Iterator[CheckState]:
    days = sorted(event.on for event in record if event.on is not None and _answers(event, name))
    items = sorted(items, key=lambda item: (item.on or date.max, item.due_through or date.max))
    for index, item in enumerate(items):
        due = item.on or date.max
        through = item.due_through or due
        in_time = next((day for day in days if due - BEFORE <= day <= through), None)
        if in_time is not None:
            days.remove(in_time)
            yield CheckState(item, due, through, DONE, in_time)
            continue
        following = items[index + 1].on if index + 1 < len(items) else None
        late = next((day for day in days if day > through and (following is None or day < following - BEFORE)), None)
        if late is not None:
            days.remove(late)
            yield CheckState(item, due, through, LATE, late)
        elif on > through:
            yield CheckState(item, due, through, MISSING)
        else:
            yield CheckState(item, due, through, DUE)
            if due > on:
                return


def _answers(event: Event, name: str) -> bool:
    if name == "review":
        return event.kind in ("symptoms", "decision")
    return event.kind == "result" and event.data.get("marker") == name


# -- the days that checks are counted from ----------------------------------------------------------------------------


@dataclass
class _Counted:
    """What has happened in one course of a plan."""

    plan_start: date
    told: bool = False
    first_dose: date | None = None
    decision: date | None = None
    phases: dict[str, date] = field(default_factory=dict)

    def see(self, step: Step, plan: PlanInForce) -> None:
        kind, day = step.event.kind, step.event.on
        if kind == "history":
            self.told = True
        elif kind == "decision" and step.event.data["decision"] in ("advance", "gate_met"):
            self.decision = day
        elif kind == "administration" and step.verdict.credit == fold.CREDITED and day is not None:
            if not self.told:
                self.first_dose = self.first_dose or day
            self.phases.setdefault(plan.ladder.phases[step.before.rung - plan.first].phase.name, day)


def course_anchors(course: Course, plan: PlanInForce, scheduled: list[Scheduled], on: date) -> list[Anchors]:
    """The anchors of each course of the plan in force: what happened, and for the last course what is still planned."""
    counted = [_Counted(plan.accepted.start, told=_goes_on(plan))]
    for step in course.steps:
        if step.plan is not plan:
            continue
        if step.event.kind == "decision" and step.event.data["decision"] == "restart":
            counted.append(_Counted(step.event.on or date.max))
        counted[-1].see(step, plan)
    routes = frozenset(phase.route for phase in plan.ladder.phases)
    planned = planned_anchors(counted[-1].plan_start, scheduled)
    _begun_by_mouth(counted[0], plan, on)
    _first_of_all(counted)
    found = [_anchors(entry, routes, index > 0, course, on) for index, entry in enumerate(counted)]
    return [*found[:-1], _completed(found[-1], planned, counted[-1])]


def _goes_on(plan: PlanInForce) -> bool:
    """A plan that continues another has no first dose of its own."""
    return plan.event is not None and plan.event.data.get("continue") == "true"


def _begun_by_mouth(counted: _Counted, plan: PlanInForce, on: date) -> None:
    """A course has no single doses: its first dose is its first day."""
    if plan.ladder.rungs[0].continuous and counted.plan_start <= on and not counted.told:
        counted.first_dose = counted.plan_start
        counted.phases.setdefault(plan.ladder.phases[0].phase.name, counted.plan_start)


def _first_of_all(counted: list[_Counted]) -> None:
    """What is asked for once is counted from the first time it happened, in whichever course that was."""
    first = counted[0]
    for later in counted[1:]:
        first.first_dose = first.first_dose or later.first_dose
        first.phases = {**later.phases, **first.phases}


def _anchors(counted: _Counted, routes: frozenset[str], repeated: bool, course: Course, on: date) -> Anchors:
    happened = {*counted.phases} | ({"plan_start"} if counted.plan_start <= on else set())
    happened |= {"first_dose"} if counted.first_dose else set()
    happened |= {"decision"} if counted.decision else set()
    place = course.forecast(on)[0]
    last = to_date(place.anchor) if place.marks & fold.DONE and place.anchor != fold.NONE else None
    happened |= {"last_dose"} if last else set()
    return Anchors(
        counted.plan_start, counted.first_dose, last, counted.phases, counted.decision,
        happened=frozenset(happened), routes=routes, repeated=repeated,
    )  # fmt: skip


def _completed(anchors: Anchors, planned: Anchors, counted: _Counted) -> Anchors:
    """Days that have not happened yet are taken from the schedule."""
    first = anchors.first_dose or (None if counted.told else planned.first_dose)
    return Anchors(
        anchors.plan_start, first, anchors.last_dose or planned.last_dose, {**planned.phases, **anchors.phases},
        anchors.decision, planned.decision_open and anchors.decision is None, anchors.happened, anchors.routes,
        anchors.repeated,
    )  # fmt: skip
