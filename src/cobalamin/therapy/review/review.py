"""The review: every dose judged, what is due, what was checked, how the blood answers, what is open, and why.

`review` takes plain values and gives one plain value; it reads no clock and no file. Blood results and symptoms are judged
beside the fold and never reach it (hazard H11).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise, zip_longest

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.events import History, decides
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.issues import AT_ONCE, Issue, alarms_among
from cobalamin.therapy.case.record import Record, begins, month_ends, record_on, with_standing_plan
from cobalamin.therapy.plan.items import Item, Request
from cobalamin.therapy.plan.monitoring import monitoring_items
from cobalamin.therapy.plan.plan import dose_items, place_in_plan
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.ladder import Ladder, to_date, to_days
from cobalamin.therapy.response.after_end import TOLD_WHEN_STOPPED
from cobalamin.therapy.response.alarms import is_implausible
from cobalamin.therapy.response.diary import Diary, read_diary
from cobalamin.therapy.response.listing import ListedResult
from cobalamin.therapy.response.potassium import MARKER as POTASSIUM
from cobalamin.therapy.response.reactions import open_reactions, product_of, reaction_asks, reaction_issues
from cobalamin.therapy.response.response import MarkerVerdict, Response, judge_response
from cobalamin.therapy.response.spells import GivenDose
from cobalamin.therapy.review.appointment import Appointment, OpenDays, suggest
from cobalamin.therapy.review.checks import (
    BEFORE,
    CheckState,
    check_states,
    course_anchors,
    is_not_done,
    is_told,
    overdue_checks,
    response_days,
)
from cobalamin.therapy.review.course import Course, PlanInForce, follow
from cobalamin.therapy.review.evaluations import Evaluation, evaluate_doses
from cobalamin.therapy.review.given import doses_in_the_body
from cobalamin.therapy.review.issues import ages_reached, contraindicate, gate_issues, review_issues
from cobalamin.therapy.review.outlook import Outlook, beside, course_end, decision_day, hold_asks_on, outlook
from cobalamin.therapy.review.questions import (
    Question,
    open_questions,
    questions_of_results,
    questions_of_reviews,
    questions_of_the_day,
    statement_expected_on,
)
from cobalamin.therapy.review.rests_on import left_early, rests_on
from cobalamin.therapy.review.stays import Holds, last_day_alike, schedule_holds
from cobalamin.therapy.review.trace import Node, open_node, step_node, target_basis
from cobalamin.therapy.review.two_readings import checks_by_both, with_ranges

_NOT_GIVEN_NOW = frozenset({"discontinued", "contraindicated", "data_required", "on_hold", "complete"})
_COVERED = frozenset({"paused", "bridged"})
_UNDATED = frozenset({"discontinued", "contraindicated", "data_required"})


@dataclass(frozen=True)
class Ahead:
    """How far a review looks, and how many lines it lists of what comes."""

    months: int = 24
    most: int = 8


NEXT_LINES = Ahead()


@dataclass(frozen=True)
class Review:
    """What `review` answers (contract, section 4)."""

    case: Case
    on: date
    plan: PlanInForce | None
    policy: Policy
    course: Course
    evaluations: tuple[Evaluation, ...]
    outlook: Outlook
    upcoming: tuple[Item, ...]
    checks: tuple[CheckState, ...]
    response: tuple[MarkerVerdict, ...]
    results: tuple[ListedResult, ...]
    diary: Diary
    questions: tuple[Question, ...]
    issues: tuple[Issue, ...]
    trace: tuple[Node, ...]
    early_trace: tuple[Node, ...]  # the same from the early end of each month; empty where there is one reading
    open_nodes: tuple[Node, ...]  # two where a date known by its month leaves two ends
    valid_until: date | None
    holds: Holds  # until when the dates of the schedule stand
    appointment: Appointment | None = None
    check_appointments: dict[int, Appointment] = field(default_factory=dict)
    monitored: tuple[tuple[Item, ...], ...] = ()  # every check and review of the plan in force, by its courses

    record: Record = field(default_factory=lambda: Record(()))
    library: Library = field(kw_only=True, repr=False, compare=False)  # what it was made from

    @property
    def open_node(self) -> Node:
        return self.open_nodes[0]

    @property
    def target_basis(self) -> str:
        """Who says the target: a source, a recorded decision of a named person, or this program's assumption."""
        return target_basis(self.outlook.place, self.open_node)


def review(
    library: Library, case: Case, on: date, as_recorded: date | None = None, policy: Policy | None = None,
    opens: OpenDays | None = None, ahead: Ahead = NEXT_LINES,
) -> Review:  # fmt: skip
    """The review of `case` on a day. Raises InputError for a birth after `on` and for choices outside their ranges."""
    return _Reviewing(library, case, on, as_recorded, policy, opens, ahead).review()


class _Reviewing:
    def __init__(
        self, library: Library, case: Case, on: date, as_recorded: date | None, policy: Policy | None, opens: OpenDays | None,
        ahead: Ahead,
    ) -> None:  # fmt: skip
        self.record: Record = record_on(case, on, as_recorded)
        case = with_standing_plan(case, on)
        self.library, self.case, self.on, self.opens, self.ahead = library, case, on, opens, ahead
        self.facts: Facts = facts_of(case, on, self.record.events)
        self.late = follow(library, case, self.facts, self.record, policy)
        self.early = self.late
        if _has_partial_dates(self.record):
            self.early = follow(library, case, self.facts, self.record, policy, early=True)
        self.plan = self.late.plan
        self.policy = self.plan.policy if self.plan else policy or library.default_policy
        self.at_the_gate = gate_issues(library, case, self.facts, self.plan)
        self.contraindicated = contraindicate(self.at_the_gate)
        self.asked = _asked(self.facts, self.record)
        planned = self.plan.product.id if self.plan and self.plan.product else ""
        self.reactions = open_reactions(self.facts, self.record.events, product_of(library, planned))

    def review(self) -> Review:
        evaluations = evaluate_doses(self.library, self.record, self.late, self.early)
        seen = self._outlook(self.on)
        scheduled = self._scheduled(seen, self.late)
        by_course = self._monitored_by_both(seen, scheduled)
        monitored = [item for items in by_course for item in items]
        checks = check_states(monitored, self._that_count(), self.on, response_days(self.case, self.record, self.on))
        doses = doses_in_the_body(self.late, self.on)
        answer, nodes, appointment = self._response(doses), self._open_nodes(seen), self._appointment(seen, self.on)
        raised = (*answer.issues, *reaction_issues(self.library, self.facts, self.reactions))
        issues = review_issues(
            self.library, self.at_the_gate, self.facts, self.record, self.late, seen, raised, appointment, self.on,
            any(left_early(self.late)) and is_not_done(checks, POTASSIUM),
        )  # fmt: skip
        seen = beside(seen, alarms_among(issues), any(ask.code in TOLD_WHEN_STOPPED for ask in answer.asks))
        return Review(
            *(self.case, self.on, self.plan, self.policy, self.late),
            evaluations=evaluations,
            outlook=seen,
            upcoming=self._upcoming(seen, nodes[0], scheduled, monitored),
            checks=checks,
            response=(*answer.verdicts, *overdue_checks(self.library, checks)),
            results=answer.results,
            diary=read_diary(self.library, self.record.events, doses, self.on),
            questions=self._questions(seen, evaluations, answer, checks),
            issues=tuple(issues),
            trace=_trace(self.late),
            early_trace=() if self.early is self.late else _trace(self.early),
            open_nodes=nodes,
            valid_until=self._valid_until(seen, checks, answer.changes),
            holds=self._schedule_holds(seen),
            appointment=None if seen.emergency else appointment,
            check_appointments=self._check_appointments(checks),
            record=self.record,
            monitored=by_course,
            library=self.library,
        )

    def _response(self, doses: tuple[GivenDose, ...]) -> Response:
        events, routes = self.record.events, self._routes()
        return judge_response(self.library, self.facts, events, doses, routes, self.on, self.policy)

    def _questions(
        self, seen: Outlook, evaluations: tuple[Evaluation, ...], answer: Response, checks: tuple[CheckState, ...]
    ) -> tuple[Question, ...]:
        """All that is open; what an alarm asks comes first."""
        asks = (*answer.asks, *reaction_asks(self.reactions, self.record.events))
        urgent = tuple(ask for ask in asks if ask.code in AT_ONCE)
        return (
            *questions_of_results(urgent),
            *open_questions(self.late, seen, self.record, evaluations, self.asked, self.on),
            *questions_of_results(tuple(ask for ask in asks if ask not in urgent)),
            *questions_of_reviews(checks),
        )

    def _that_count(self) -> tuple[Event, ...]:
        """The record without results that can't be right: such an entry answers no check (hazard H45)."""
        return tuple(event for event in self.record.events if not is_implausible(self.library, event))

    def _routes(self) -> frozenset[str]:
        return frozenset(phase.route for phase in self.plan.phases) if self.plan else frozenset()

    def _outlook(self, on: date) -> Outlook:
        stopped = _stopped(self.record, self.plan)
        seen = outlook(self.late, self.early, self.facts, on, self.contraindicated, self.asked, stopped)
        resting = () if seen.place is None or seen.status in _UNDATED else rests_on(self.late, self.record)
        return replace(seen, provisional=(*seen.provisional, *resting))

    def _open_nodes(self, seen: Outlook) -> tuple[Node, ...]:
        if seen.place is None or seen.dates is None:
            return (open_node(self.late, seen.place or fold.start().place, None, self.on),)
        ends = (self.late, self.early) if seen.between else (self.late,)
        return tuple(open_node(course, *course.forecast(self.on), self.on) for course in ends)

    # -- what comes --------------------------------------------------------------------------------------------------

    def _scheduled(self, seen: Outlook, course: Course) -> list[schedule.Scheduled]:
        plan = self.plan
        if plan is None or not plan.ladder.rungs or seen.status in _NOT_GIVEN_NOW:
            return []
        counts = tuple(count for each in course.plans for count in each.ladder.derived_counts)
        ladder = Ladder(course.rungs, course.phases, counts, plan.ladder.unstated_next, course.windows)
        until = add(self.on, Span(self.ahead.months, "mo"))
        firm = not set(seen.provisional) - {
            "OPEN_END"
        }  # the schedule itself sees where an open end makes dates provisional
        running = schedule.Running(firm, self.ahead.most)
        return schedule.run_forward(ladder, course.state, self.on, until, plan.policy, running)

    def _monitored_by_both(self, seen: Outlook, scheduled: list[schedule.Scheduled]) -> tuple[tuple[Item, ...], ...]:
        """The checks; near a dose known by its month by both of its ends."""
        late = self._monitored(scheduled, self.late)
        if self.early is self.late:
            return late
        early = self._monitored(self._scheduled(seen, self.early), self.early)
        return tuple(checks_by_both(each, other) for each, other in zip_longest(late, early, fillvalue=()))

    def _monitored(self, scheduled: list[schedule.Scheduled], course: Course) -> tuple[tuple[Item, ...], ...]:
        plan = course.plan
        if plan is None or not plan.ladder.rungs:
            return ()
        until = add(self.on, Span(self.ahead.months, "mo"))
        found = [
            tuple(monitoring_items(self.library, self.facts, plan.content, plan.policy, anchors, until))
            for anchors in course_anchors(course, plan, scheduled, self.on)
        ]
        return (*self._of_earlier_plans(course), *found)

    def _of_earlier_plans(self, course: Course) -> list[tuple[Item, ...]]:
        """What an earlier plan asked for until the next one came stays asked for: a missing check does not vanish."""
        found = []
        for plan, following in pairwise(course.plans):
            end = following.event.on if following.event else None
            if end is None or not plan.ladder.rungs:
                continue
            for anchors in course_anchors(course, plan, [], end):
                items = monitoring_items(self.library, self.facts, plan.content, plan.policy, anchors, end)
                found.append(tuple(item for item in items if item.on is not None and item.on < end))
        return found

    def _upcoming(
        self, seen: Outlook, node: Node, scheduled: list[schedule.Scheduled], monitored: list[Item]
    ) -> tuple[Item, ...]:
        plan = self.plan
        if plan is None:
            return ()
        accepted = plan.accepted
        request = Request(plan.protocol, accepted.start, accepted.choices, plan.policy, plan.product)
        items = dose_items(self.library, self.facts, request, scheduled)
        if seen.between:
            other = dose_items(self.library, self.facts, request, self._scheduled(seen, self.early))
            items = with_ranges(items, other, seen)
        if items and items[0].kind == "dose" and items[0].on == seen.target:
            items[0] = replace(items[0], basis=target_basis(seen.place, node))
        items += [item for item in monitored if item.on is None or item.on > self.on]
        return tuple(sorted(items, key=place_in_plan)[: self.ahead.most])

    def _appointment(self, seen: Outlook, on: date) -> Appointment | None:
        if self.opens is None or seen.dates is None or seen.status in _NOT_GIVEN_NOW | _COVERED:
            return None
        dates = seen.between[0] if seen.between else seen.dates  # a day early is the safe side
        last = to_date(max(dates.due_through, dates.bookable_from))
        return suggest(to_date(dates.target), to_date(dates.bookable_from), last, on, self.opens)

    def _check_appointments(self, checks: tuple[CheckState, ...]) -> dict[int, Appointment]:
        if self.opens is None:
            return {}
        found = {
            index: suggest(check.due, check.due - BEFORE, check.through, self.on, self.opens)
            for index, check in enumerate(checks)
            if check.state == "due"
        }
        return {index: day for index, day in found.items() if day is not None}

    # -- how long it stays so ----------------------------------------------------------------------------------------

    def _valid_until(self, seen: Outlook, checks: tuple[CheckState, ...], changes: Iterable[date]) -> date | None:
        """The last day on which nothing of this changes without new information; None: nothing ever does by itself."""
        certain = [*changes, *self._begins_later(), self.library.review_by + timedelta(days=1)]
        certain += [check.through + timedelta(days=1) for check in checks if check.state == "due" and is_told(check)]
        return last_day_alike(self.on, certain, self._candidates(seen), self._signature)

    def _begins_later(self) -> list[date]:
        """The days on which something that is known already begins to count."""
        found = [begins(event) for event in self.record.future]
        found += [begins(event) for event in self.case.record if event.kind == "correction"]
        found += [fact.on for fact in self.case.facts if fact.on is not None]
        found += ages_reached(self.library, self.case, self.plan)
        if any(event.month and month_ends(event.month)[1] > self.on for event in self.record.events):
            found.append(self.on + timedelta(days=1))
        return found

    def _schedule_holds(self, seen: Outlook) -> Holds:
        after_review = self.library.review_by + timedelta(days=1)
        return schedule_holds(self.on, self._begins_later(), after_review, self._candidates(seen), self._told_of)

    def _told_of(self, on: date) -> tuple[str, bool]:
        seen = self._outlook(on)
        asked = questions_of_the_day(self.late, seen, self.record, self.asked, on)
        return seen.status, bool({"OPEN_END", "WHAT_NEXT", "GATE"} & {question.code for question in asked})

    def _signature(self, on: date) -> tuple[object, ...]:
        seen = self._outlook(on)
        questions = questions_of_the_day(self.late, seen, self.record, self.asked, on)
        appointment = self._appointment(seen, on)
        passed = seen.dates is not None and to_days(on) > seen.dates.due_through
        closed = appointment is not None and not appointment.in_window and not passed
        return seen.status, seen.timeliness, seen.provisional, closed, tuple(question.code for question in questions)

    def _candidates(self, seen: Outlook) -> set[date]:
        """Days on which something may change by itself."""
        found: set[date] = set()
        course, place, next_day = self.late, seen.place, timedelta(days=1)
        if seen.dates is not None:
            found |= {to_date(day) for day in seen.dates[1:]}
        for dates in seen.between or ():
            found |= {to_date(day) for day in dates[1:]}
        cover = course.state.cover
        for until in (cover.hold, cover.pause, cover.bridge):
            if until not in (fold.NONE, fold.FOREVER):
                found |= {to_date(until), to_date(until) + next_day}
        if place is not None and self.plan is not None:
            found |= set(filter(None, (decision_day(course, place), statement_expected_on(course, place))))
            asks = hold_asks_on(course, self.plan.policy.hold_asks_after)
            found |= {asks} if asks else set()
            found |= {seen.until + next_day} if seen.until else set()
            end = course_end(course, place) if course.rungs[place.rung].continuous else None
            found |= {end + next_day} if end else set()
            appointment = self._appointment(seen, self.on)
            found |= {appointment.on + next_day} if appointment else set()
            found |= {to_date(place.began)} if place.began != fold.NONE else set()
        found |= self._after_bridge(cover)
        return {day for day in found if day > self.on}

    def _after_bridge(self, cover: fold.Cover) -> set[date]:
        """The dates once a bridge has ended and left its last day as a floor."""
        if cover.bridge in (fold.NONE, fold.FOREVER) or not self.late.rungs:
            return set()
        dates = self.late.forecast(to_date(cover.bridge))[1]
        return {to_date(day) for day in dates[1:]} if dates.target != fold.NONE else set()


def _trace(course: Course) -> tuple[Node, ...]:
    return tuple(step_node(course, step) for step in course.steps)


def _has_partial_dates(record: Record) -> bool:
    return any(event.month or (isinstance(event, History) and event.last_month) for event in record.events)


def _asked(facts: Facts, record: Record) -> bool:
    """Whether earlier treatment is known, told by a history, or settled by beginning again."""
    if facts.value("previous_treatment") in ("none", "loading", "maintenance"):
        return True
    return any(event.kind == "history" or decides(event, "restart") for event in record.events)


def _stopped(record: Record, plan: PlanInForce | None) -> bool:
    """Whether a stop is the last word on a plan that can't be dated and so has no fold."""
    begun = plan.event.on if plan and plan.event else None
    words = [
        event.decision
        for event in record.events
        if decides(event, "stop", "resume", "restart")
        if begun is None or (event.on is not None and event.on >= begun)
    ]
    return bool(words) and words[-1] == "stop"
