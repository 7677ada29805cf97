"""Which checks and reviews of a plan were done, done late, are due or are missing (contract, section 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest

from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.text.messages import message, text_order
from cobalamin.therapy import fold
from cobalamin.therapy.case.answered import REVIEWED, names
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.events import Decision, FactLearned, Result, decides
from cobalamin.therapy.case.record import Record
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.plan.monitoring import Anchors, planned_anchors
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.regimen.schedule import Scheduled
from cobalamin.therapy.response.response import MarkerVerdict
from cobalamin.therapy.response.worse import RESPONSE
from cobalamin.therapy.review.course import Course, PlanInForce, Step

DONE, LATE, DUE, MISSING = "done", "late", "due", "missing"
REVIEW, REVIEW_CODE = "review", "REVIEW"
BEFORE = timedelta(days=3)  # a result counts for a check from three days before its day


@dataclass(frozen=True)
class CheckState:
    item: Item
    due: date
    through: date
    state: str
    done_on: date | None = None
    beside: tuple[Event, ...] = ()  # of a review that is open: symptoms that were entered, which don't close it


def check_states(
    items: Iterable[Item], record: tuple[Event, ...], on: date, responses: tuple[date, ...] = ()
) -> tuple[CheckState, ...]:
    """Each check up to `on`, and the next open one of each marker. One result answers one check of its marker.

    A review is done by a decision or by a recorded answer to its questions (`responses`), never by symptoms alone.
    """
    by_name: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.on is not None:
            by_name[item.marker or REVIEW].append(item)
    found: list[CheckState] = []
    for name, entries in by_name.items():
        days = [event.on for event in record if event.on is not None and _answers(event, name)]
        days += responses if name == REVIEW else ()
        found += _beside(_of_one(entries, days, on), record) if name == REVIEW else _of_one(entries, days, on)
    return tuple(sorted(found, key=lambda state: (state.due, state.item.marker, text_order(state.item.text))))


def _of_one(items: list[Item], answers: list[date], on: date) -> Iterator[CheckState]:
    days = sorted(answers)
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
    if name == REVIEW:
        return isinstance(event, Decision) and _is_a_review(event)
    return isinstance(event, Result) and event.marker == name


def _is_a_review(event: Decision) -> bool:
    """A decision about the treatment; one about a single dose is none, and a `reviewed` is one where it names it."""
    return names(event, REVIEW_CODE) if event.decision == REVIEWED else event.decision not in ("credit", "reject")


def _beside(states: Iterable[CheckState], record: tuple[Event, ...]) -> Iterator[CheckState]:
    """Each review that is open with the symptoms that were entered for it: up to the day of the next one."""
    states = list(states)
    entered = [event for event in record if event.kind == "symptoms"]
    for state, following in zip_longest(states, states[1:]):
        end = following.due - BEFORE if following else date.max
        beside = tuple(event for event in entered if event.on and state.due - BEFORE <= event.on < end)
        yield state if state.done_on else replace(state, beside=beside)


def response_days(case: Case, record: Record, on: date) -> tuple[date, ...]:
    """The days on which the questions of a review were answered, by a fact of the head or of the record."""
    told = [fact.on for fact in case.facts if fact.name == RESPONSE and fact.value != "unknown"]
    told += [
        event.on
        for event in record.events
        if isinstance(event, FactLearned) and event.fact == RESPONSE and event.value != "unknown"
    ]
    return tuple(day for day in told if day is not None and day <= on)


# -- the days that checks are counted from ----------------------------------------------------------------------------


@dataclass
class _Counted:
    """What has happened in one course of a plan."""

    plan_start: date
    told: bool = False
    taken_over: bool = False  # treatment before this plan was told before any dose of it counted
    first_dose: date | None = None
    decision: date | None = None
    phases: dict[str, date] = field(default_factory=dict)

    def see(self, step: Step, plan: PlanInForce) -> None:
        kind, day = step.event.kind, step.event.on
        if kind == "history":
            self.taken_over = self.taken_over or self.first_dose is None
            self.told = True
        elif decides(step.event, "advance", "gate_met"):
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
        if decides(step.event, "restart"):
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
    return plan.event is not None and plan.event.goes_on


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
        taken_over=counted.taken_over,
    )  # fmt: skip


def _completed(anchors: Anchors, planned: Anchors, counted: _Counted) -> Anchors:
    """Days that have not happened yet are taken from the schedule."""
    first = anchors.first_dose or (None if counted.told else planned.first_dose)
    return Anchors(
        anchors.plan_start, first, anchors.last_dose or planned.last_dose, {**planned.phases, **anchors.phases},
        anchors.decision, planned.decision_open and anchors.decision is None, anchors.happened, anchors.routes,
        anchors.repeated, anchors.taken_over,
    )  # fmt: skip


def is_told(check: CheckState) -> bool:
    """Whether a missing check becomes a verdict: not for a review, nor where nobody knows that it is asked for."""
    return bool(check.item.marker) and (check.item.determinacy == "firm" or check.item.on_range is not None)


def is_not_done(checks: Iterable[CheckState], marker: str) -> bool:
    """Whether the latest check of a marker is still to be done."""
    states = [check.state for check in checks if check.item.marker == marker]
    return bool(states) and states[-1] in (DUE, MISSING)


def overdue_checks(library: Library, checks: tuple[CheckState, ...]) -> list[MarkerVerdict]:
    """A marker whose latest check is missing; an earlier one that was never made up for is told among the checks."""
    latest: dict[str, CheckState] = {}
    for check in checks:
        if is_told(check) and check.state != "due":
            latest[check.item.marker] = check
    return [_overdue(library, check) for check in latest.values() if check.state == MISSING]


def _overdue(library: Library, check: CheckState) -> MarkerVerdict:
    marker = check.item.marker
    named = library.markers[marker]
    text = message("blood.overdue_check", marker=named["name"], date=check.due, through=check.through)
    plain = message("blood.overdue_check__plain", marker=named["plain"], date=check.due)
    return MarkerVerdict(marker, "overdue_check", text, plain, check.item.cites, check.due, "")
