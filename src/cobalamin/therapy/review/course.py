"""A case folded: its plans as one table of rungs, its events in whole numbers, and every step with its verdict.

This is where the typed record meets the fold. Nothing is decided here that the fold decides: this module only says which
row, which day and which flags an event has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy, Product, Protocol
from cobalamin.records import replace
from cobalamin.spans import Span
from cobalamin.therapy import fold
from cobalamin.therapy.case import event_words
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event
from cobalamin.therapy.case.events import Administration, Cover, Decision, History, LaterPlan, Statement, decides
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.record import SOURCE_ORDER, Record, interval_in_effect
from cobalamin.therapy.fold.status import counted_by_history
from cobalamin.therapy.regimen.choices import Need, SettledPhase, settle
from cobalamin.therapy.regimen.ladder import UNITS, Ladder, compile_ladder, route_bit, substance_bit, to_days
from cobalamin.therapy.regimen.running import asks_first, begins_anew, history_event, row_of
from cobalamin.therapy.review.turns import Begun, covers_through, in_turn

TAKING = ("", *event_words.TAKING)
DECIDED = {
    "resume": fold.RESUME, "restart": fold.RESTART, "change_interval": fold.CHANGE_INTERVAL, "gate_met": fold.GATE_MET,
    "advance": fold.ADVANCE, "waive": fold.WAIVE, "stop": fold.STOP,
}  # fmt: skip
COVERS = {"hold": fold.HOLD, "pause": fold.PAUSE, "bridge": fold.BRIDGE}
TELL_APART = ("product", "batch", "site", "side")  # of two doses of one day


# What an entry that says the same as an earlier one has behind an id that was made from its content (contract, section 1).
_ANOTHER = re.compile(r"(?<=-[0-9a-f]{8})\.[0-9]+$")


@dataclass(frozen=True)
class PlanInForce:
    """An accepted plan, compiled; `first` is the row of its first phase. Without rungs nothing of it can be dated."""

    accepted: AcceptedPlan
    protocol: Protocol
    content: Protocol
    phases: tuple[SettledPhase, ...]
    needs: tuple[Need, ...]
    ladder: Ladder
    policy: Policy
    product: Product | None
    first: int
    event: LaterPlan | None  # None: the plan the case file begins with

    @property
    def begins(self) -> date:
        """The day from which it is in force; a plan that was written down later than its start begins then."""
        start = self.accepted.start
        return max(start, self.event.on) if self.event and self.event.on else start

    def row(self, phase: str) -> int | None:
        """The row of the phase with this name; "loading" also means the first phase of loading."""
        row = row_of(self.ladder, phase)
        return None if row is None else self.first + row


class Window(NamedTuple):
    """The row of the policy's table that the days between anchor and due date chose."""

    through_days: int
    count_from: str
    early: int
    late: int
    lapse: Span
    lapse_from: str
    basis: str


class Step(NamedTuple):
    """One event of the record in the fold: where treatment stood, the dates then, and the state after it."""

    event: Event
    plan: PlanInForce | None
    before: fold.Place
    dates: fold.Dates
    state: fold.State

    @property
    def verdict(self) -> fold.Verdict:
        return self.state.verdict

    @property
    def dose(self) -> Administration:
        """The dose that this step judged."""
        if not isinstance(self.event, Administration):
            raise TypeError(f"no dose: {self.event.kind}")
        return self.event


@dataclass
class Course:
    """All plans in one table of rungs, and the record folded over it."""

    plans: tuple[PlanInForce, ...]
    rungs: tuple[fold.Rung, ...]
    phases: tuple[SettledPhase, ...]
    windows: tuple[fold.WindowRow, ...]
    state: fold.State = field(default_factory=fold.start)
    steps: list[Step] = field(default_factory=list)
    plan: PlanInForce | None = None
    set_aside: frozenset[str] = frozenset()  # histories of before a plan that begins anew
    shown_windows: dict[fold.WindowRow, Window] = field(default_factory=dict)

    def phase(self, place: fold.Place) -> SettledPhase:
        return self.phases[place.rung]

    def forecast(self, on: date) -> tuple[fold.Place, fold.Dates]:
        return fold.forecast(self.state, self.rungs, self.windows, to_days(on))

    @cached_property
    def given(self) -> tuple[Step, ...]:
        """The credited doses, in order."""
        return tuple(step for step in self.doses if step.verdict.credit == fold.CREDITED)

    @cached_property
    def doses(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.event.kind == "administration")


def follow(
    library: Library, case: Case, facts: Facts, record: Record, policy: Policy | None = None, early: bool = False
) -> Course:
    """The record of `case` folded. `early`: dates known only by their month count as its first day, else as its last.

    Raises InputError where a plan's choices are outside their ranges.
    """
    plans = _plans(library, case, record.events, facts, policy)
    begun = [Begun(plan.event.on or date.max if plan.event else date.min, plan.begins) for plan in plans]
    counting = _that_count(record.events, case.plan, facts)
    aside = frozenset(each.id for each in record.events) - {each.id for each in counting}
    events = in_turn(counting, begun, case.plan.start if case.plan else date.min, early)
    rungs = tuple(rung for plan in plans for rung in plan.ladder.rungs)
    phases = tuple(phase for plan in plans for phase in plan.ladder.phases)
    windows = tuple(row for plan in plans for row in plan.ladder.windows)
    course = Course(plans, rungs, phases, windows, set_aside=aside)
    _Follower(course, facts, events).follow()
    return course


def _that_count(events: Sequence[Event], plan: AcceptedPlan | None, facts: Facts) -> Sequence[Event]:
    """Without the histories of before a plan that begins anew: the reason that was given for it stands above them."""
    if plan is None or not begins_anew(facts, plan.acknowledged):
        return events
    since = plan.accepted_on or plan.start
    return [each for each in events if each.kind != "history" or each.written_with or (each.on or since) > since]


# -- plans -----------------------------------------------------------------------------------------------------------


def _plans(
    library: Library, case: Case, events: Sequence[Event], facts: Facts, policy: Policy | None
) -> tuple[PlanInForce, ...]:
    found: list[PlanInForce] = []
    accepted: list[tuple[AcceptedPlan, LaterPlan | None]] = [(case.plan, None)] if case.plan else []
    for event in events:
        if isinstance(event, LaterPlan):
            accepted.append((_accepted(event, accepted[-1][0] if accepted else None), event))
    rows = window_rows = 0
    for plan, came_by in accepted:
        made = in_force(library, plan, came_by, facts, policy, rows, window_rows)
        rows, window_rows = rows + len(made.ladder.rungs), window_rows + len(made.ladder.windows)
        found.append(made)
    return tuple(found)


def _accepted(event: LaterPlan, earlier: AcceptedPlan | None) -> AcceptedPlan:
    """The plan of an event; the clinic's calendar and policy go on unless it names others."""
    same_policy = earlier is not None and event.policy in ("", earlier.policy)
    return AcceptedPlan(
        protocol=event.protocol,
        version=event.version or 1,
        start=event.start or date.max,
        choices=dict(event.choices),
        product=event.product,
        policy=event.policy or (earlier.policy if earlier else "engineering-default"),
        accepted_by=event.accepted_by,
        accepted_on=event.on,
        acknowledged=dict(event.acknowledged),
        calendar=earlier.calendar if earlier else {},
        local_policy=earlier.local_policy if earlier and same_policy else None,
    )


def in_force(
    library: Library,
    plan: AcceptedPlan,
    event: LaterPlan | None,
    facts: Facts,
    policy: Policy | None,
    rows: int = 0,
    window_rows: int = 0,
) -> PlanInForce:
    """A plan compiled for these facts, its rows to stand from `rows` on. Raises InputError for choices outside their ranges."""
    protocol = library.pinned(plan.protocol, plan.version)
    content = library.content(protocol)
    settled = settle(content, plan.choices, facts)
    used = policy or plan.local_policy or library.default_policy
    phases = () if settled.needs else settled.phases
    ladder = compile_ladder(phases, plan.start, used, facts)
    ladder = replace(ladder, rungs=tuple(rung._replace(windows=window_rows) for rung in ladder.rungs))
    return PlanInForce(
        plan,
        protocol,
        content,
        settled.phases,
        settled.needs,
        ladder,
        used,
        library.products.get(plan.product),
        rows,
        event,
    )


# -- events ----------------------------------------------------------------------------------------------------------


class _Follower:
    """Turns event after event into whole numbers and folds it."""

    def __init__(self, course: Course, facts: Facts, events: list[Event]) -> None:
        self.course, self.facts, self.events = course, facts, events
        self.by_event = {plan.event.id: plan for plan in course.plans if plan.event}
        self.overridden = self._overridden()
        self.changed = {event.on: own for event in events if _is_change(event) and (own := _own(event))}
        self.batches: dict[tuple[str, ...], int] = {}
        self.history_seen = False
        self.told_last = fold.NONE  # the last dose that the history read last tells
        self.decided: set[str] = set()

    def follow(self) -> None:
        first = self.course.plans[0] if self.course.plans else None
        if first is not None and first.event is None:
            self._begin(first, first.accepted.start, 0)
        waiting = list(self.events)
        while waiting:
            day = [event for event in waiting if event.on == waiting[0].on and event.kind == waiting[0].kind]
            for event in self._sized(day) if isinstance(day[0], Administration) else day[:1]:
                self._one(event)
                waiting.remove(event)

    def _sized(self, doses: list[Event]) -> list[Event]:
        """Doses of one day in their order, which asks for amounts: one given as planned has the plan's, known only now."""
        plan, course = self.course.plan, self.course
        if len(doses) == 1 or plan is None or not plan.ladder.rungs:
            return doses
        planned = course.rungs[course.forecast(doses[0].on or date.max)[0].rung].dose
        return sorted(doses, key=lambda event: _size(event, planned))

    def _begin(self, plan: PlanInForce, on: date, flags: int) -> None:
        """Put a plan in force; one that can't be dated leaves nothing to forecast."""
        self.course.plan = plan
        if not plan.ladder.rungs:
            return
        told = any(isinstance(event, History) and plan.row(event.phase) is not None for event in self.events)  # H133
        if not told and plan is self.course.plans[0] and asks_first(self.facts, plan.accepted.acknowledged):
            flags |= fold.ASK_FIRST
        start = to_days(plan.accepted.start)
        begun = fold.a_plan(to_days(on), plan.first, start, flags)
        self.course.state = fold.step(self.course.state, begun, self.course.rungs, self.course.windows)

    def _one(self, event: Event) -> None:
        if isinstance(event, LaterPlan) and event.id in self.by_event:
            going_on = fold.CONTINUE if event.goes_on else 0
            self._begin(self.by_event[event.id], event.on or date.max, going_on)
            return
        course, plan = self.course, self.course.plan
        if plan is None or not plan.ladder.rungs:
            if event.kind == "administration":
                self._pending(event)
            return
        whole = self._whole(event, plan)
        said = _ANOTHER.sub("", event.id)
        if whole is None or (event.kind == "decision" and said in self.decided):
            return  # the same decision written down twice is one decision
        self.decided |= {said} if event.kind == "decision" else set()
        place, dates = fold.forecast(course.state, course.rungs, course.windows, whole.day)
        if place.marks & fold.DONE:
            dates = fold.dates(place, course.rungs[place.rung], course.windows)
        if whole.kind == fold.ADMINISTRATION and whole.interval:
            place, dates = self._judged_at(place, whole)
        course.state = fold.step(course.state, whole, course.rungs, course.windows)
        course.steps.append(Step(event, plan, place, dates, course.state))
        if event.kind == "history":
            self.history_seen, self.told_last = True, whole.last_dose

    def _judged_at(self, place: fold.Place, dose: fold.Event) -> tuple[fold.Place, fold.Dates]:
        """By which interval a dose is judged on the day on which the interval is changed."""
        course, rung = self.course, self.course.rungs[place.rung]
        _, last, cover, _, _ = course.state
        judged = fold.judged_at(place, last, cover, fold.as_ordered(dose, rung), course.rungs, course.windows)
        return judged, fold.dates(judged, rung, course.windows)

    def _pending(self, event: Event) -> None:
        """A dose without a plan that can be dated waits for one."""
        state = self.course.state
        verdict = fold.Verdict(fold.PENDING, 0, 0)
        self.course.state = state._replace(verdict=verdict, tally=fold.counted(state.tally, verdict, 0))
        nothing = fold.Dates(*(fold.NONE,) * 6)
        self.course.steps.append(Step(event, self.course.plan, state.place, nothing, self.course.state))

    def _whole(self, event: Event, plan: PlanInForce) -> fold.Event | None:
        """The event in whole numbers; None for what has no effect on the course of treatment."""
        day = to_days(event.on or date.max)
        match event:
            case Administration():
                return self._dose(event, plan, day)
            case History():
                return self._history(event, plan, day)
            case Statement():
                return fold.a_statement(day, TAKING.index(event.taking))
            case Cover():
                end = to_days(event.until) if event.until else fold.FOREVER
                return fold.a_cover(day, COVERS[event.kind], end)
            case Decision() if event.decision in DECIDED:
                kind = DECIDED[event.decision]
                own = _own(event) if kind == fold.CHANGE_INTERVAL else 0
                if kind == fold.CHANGE_INTERVAL and not own:
                    return None  # 0 would end an interval that was changed before
                return fold.a_decision(day, kind, plan.first, own)
        return None

    def _dose(self, event: Administration, plan: PlanInForce, day: int) -> fold.Event:
        expires = event.expires_on
        flags = self.overridden.get(event.id, 0)
        flags |= fold.ADDITIONAL if event.intent == "additional" else 0
        flags |= fold.EXPIRED if expires is not None and event.on is not None and expires < event.on else 0
        flags |= fold.AS_PLANNED if event.as_planned else 0
        flags |= fold.UNKNOWN if event.not_known else 0
        flags |= fold.COVERED if self._covered(event, plan) else 0
        return fold.a_dose(
            day, self._batch(event), event.dose.nanograms if event.dose else 0,
            substance_bit(event.substance), route_bit(event.route),
            self.changed.get(event.on or date.max, 0),
            SOURCE_ORDER.index(event.source), flags,
        )  # fmt: skip

    def _batch(self, event: Administration) -> int:
        """A number for product, batch and place, so that two doses of one day can be told apart; 0 where none is told."""
        name = tuple(getattr(event, key) for key in TELL_APART)
        return self.batches.setdefault(name, len(self.batches) + 1) if any(name) else 0

    def _covered(self, event: Administration, plan: PlanInForce) -> bool:
        """Whether a history of the record already counts this dose."""
        asked_first = asks_first(self.facts, plan.accepted.acknowledged) and not self.history_seen
        said = fold.ADDITIONAL if event.intent == "additional" else 0
        through = max((covers_through(each) for each in self.events if isinstance(each, History)), default=None)
        if event.on is None or through is None:
            return False
        start = to_days(plan.accepted.start)
        return counted_by_history(to_days(event.on), said, start, asked_first, to_days(through), self.told_last)

    def _history(self, event: History, plan: PlanInForce, day: int) -> fold.Event | None:
        row = plan.row(event.phase)
        if row is None:
            return None
        last = event.last_dose if isinstance(event.last_dose, date) else None
        return history_event(event, day, row, last, self.course.rungs[row], interval_in_effect(event))

    def _overridden(self) -> dict[str, int]:
        """What people decided about single doses; of several decisions about one dose the last counts."""
        flags: dict[str, int] = {}
        for event in self.events:
            if decides(event, "credit", "reject"):
                flags[event.event] = fold.CREDIT if event.decision == "credit" else fold.REJECT
        return flags


def _is_change(event: Event) -> bool:
    return decides(event, "change_interval")


def _own(event: Event) -> int:
    """The interval of a decision or a history as the fold holds it; 0 for none."""
    interval = interval_in_effect(event)
    return interval.number * 4 + UNITS[interval.unit] if interval else 0


def _size(event: Event, planned: int) -> tuple[int, int, str]:
    """Source, then smaller amount, then id (contract, section 1)."""
    given = event if isinstance(event, Administration) else None
    amount = 0 if given is None else planned if given.as_planned else given.dose.nanograms if given.dose else 0
    return SOURCE_ORDER.index(event.source), amount, event.id
