"""The trace: for every step of a record what went in, which rule, which days came out. Each date can be rebuilt from it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cobalamin.knowledge.model import Citations, Policy
from cobalamin.spans import Span, add
from cobalamin.text.messages import Text, day, joined, length, listed, message
from cobalamin.therapy import fold
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import UNIT_NAMES, UNITS, to_date
from cobalamin.therapy.regimen.schedule import changed_interval
from cobalamin.therapy.review.course import Course, PlanInForce, Step, Window
from cobalamin.therapy.review.evaluations import CREDITS, TIMINGS

_REMARKS = {fold.BEFORE_NUMBER: "BEFORE_NUMBER", fold.NO_EFFECT: "NO_EFFECT"}


class Node(NamedTuple):
    """One dose as it stood before it was given (or as it is open now), and what became of it."""

    event: str
    kind: str
    on: date
    phase: str
    number: int
    anchor: date | None
    wanted_day: int
    interval: Span | None
    times: int
    substitute: Span | None
    minimum_gap: int
    floor: date | None
    bridged: bool  # the floor is the end of a bridge, which binds the target and not the booking
    review_cap_months: int
    window: Window | None
    dates: fold.Dates | None
    credit: str
    timing: str
    cites: Citations
    row: int = -1  # of the phase in the course's table
    plan: PlanInForce | None = None
    changed: bool = False  # a decision or a history set the interval
    remarks: tuple[str, ...] = ()  # on a decision: obeyed before its time, or without effect

    def review_rule(self) -> Text:
        """Why `review_from` is the day it is."""
        if self.dates is None or self.window is None:
            return ""
        review, target = to_date(self.dates.review_from), to_date(self.dates.target)
        if self.dates.review_from == self.dates.due_through + 1:
            return message("explain.review__after_window")
        if self.anchor is None:
            return message("explain.review__after_start")
        if self.review_cap_months and add(target, Span(self.review_cap_months, "mo")) == review:
            return message("explain.review__neurological")
        return message(f"explain.review__{self.window.lapse_from}", span=length(self.window.lapse))

    def arithmetic(self) -> Text:
        """The due date as a sum: "Fri 16 January 2026 + 3 months = Thu 16 April 2026"."""
        if self.dates is None or self.dates.target == fold.NONE:
            return message("explain.not_counted")
        target = day(to_date(self.dates.target))
        if self.anchor is None or self.interval is None:
            return message("explain.from_the_start", date=target)
        span = Span(self.interval.number * self.times, self.interval.unit)
        parts: list[Text] = [joined(day(self.anchor), length(span), between=" + ")]
        if self.substitute is not None:
            parts.append(message("explain.switched", span=length(self.substitute)))
        clamped = span.unit in ("mo", "a") and self.wanted_day > to_date(self.dates.target).day
        if clamped and self.floor != to_date(self.dates.target):
            parts.append(message("explain.short_month"))
        if self.floor is not None and self.floor == to_date(self.dates.target):
            parts.append(message("explain.floor", date=day(self.floor)))
        return joined(listed(parts), target, between=" = ")


def step_node(course: Course, step: Step) -> Node:
    """The node of one event of the record."""
    credit, timing = CREDITS[step.verdict.credit], TIMINGS[step.verdict.timing]
    on = step.event.on or date.min
    if step.plan is None or not step.plan.ladder.rungs:
        return _bare(step.event.id, step.event.kind, on, credit)
    node = _node(course, step.plan, step.before, step.dates, step.event.id, step.event.kind, on, credit, timing)
    remarks = tuple(name for bit, name in _REMARKS.items() if step.verdict.flags & bit)
    return node._replace(remarks=remarks) if remarks else node


def open_node(course: Course, place: fold.Place, dates: fold.Dates | None, on: date) -> Node:
    """The node of the dose that is open on a day."""
    plan = course.plan
    if plan is None or not plan.ladder.rungs:
        return _bare("", "forecast", on, "")
    nothing = fold.Dates(*(fold.NONE,) * 6)
    return _node(course, plan, place, dates or nothing, "", "forecast", on, "", "")


def _bare(event: str, kind: str, on: date, credit: str) -> Node:
    return Node(event, kind, on, "", 0, None, 0, None, 1, None, 0, None, False, 0, None, None, credit, "none", ())


def _node(
    course: Course, plan: PlanInForce, place: fold.Place, dates: fold.Dates, event: str, kind: str, on: date, credit: str, timing: str
) -> Node:  # fmt: skip
    rung, phase = course.rungs[place.rung], course.phase(place)
    dated = dates.target != fold.NONE
    return Node(
        event=event,
        kind=kind,
        on=on,
        phase=phase.phase.name,
        number=place.number + 1,
        anchor=to_date(place.anchor) if place.anchor != fold.NONE else None,
        wanted_day=place.wanted,
        interval=interval_of(place, rung),
        times=2 if place.marks & fold.WAIVED and not rung.gap_count else 1,
        substitute=Span(rung.substitute_number, UNIT_NAMES[rung.substitute_unit]) if place.marks & fold.SWITCHED else None,
        minimum_gap=rung.minimum_gap,
        floor=to_date(place.floor) if place.floor != fold.NONE else None,
        bridged=bool(place.marks & fold.BRIDGED),
        review_cap_months=rung.review_cap,
        window=_window(course, plan.policy, place, rung) if dated else None,
        dates=dates if dated else None,
        credit=credit,
        timing=timing,
        cites=() if place.own else _cites(phase),  # behind a person's own interval stands no source (promise 14)
        row=place.rung,
        plan=plan,
        changed=bool(place.own),
    )  # fmt: skip


def interval_of(place: fold.Place, rung: fold.Rung) -> Span:
    """The interval that governs the next dose, as it was written; of a weekly pattern, the days of its next gap."""
    changed = changed_interval(place)
    if changed is not None:
        return changed
    if rung.gap_count:
        waived = fold.gap(rung, place.number + 1) if place.marks & fold.WAIVED else 0
        return Span((fold.gap(rung, place.number) if place.anchor != fold.NONE else rung.gaps & 7) + waived, "d")
    return Span(rung.number, UNIT_NAMES[rung.unit])


def _window(course: Course, policy: Policy, place: fold.Place, rung: fold.Rung) -> Window:
    """The row that governs, as the policy writes it."""
    row = fold.window_row(governing_days(place, rung), rung.windows, course.windows)
    if row not in course.shown_windows:
        course.shown_windows[row] = _shown(policy, row.through)
    return course.shown_windows[row]


def _shown(policy: Policy, through: int) -> Window:
    row = next(entry for entry in policy.windows if entry.through_days == through)
    replaced = policy.basis == "local_policy" and through in policy.replaced
    return Window(
        through, "half" if row.count_half else "minimum_gap", row.early, row.late, row.lapse, row.lapse_from,
        "local_policy" if replaced else "software_default",
    )  # fmt: skip


def governing_days(place: fold.Place, rung: fold.Rung) -> int:
    """The days between anchor and target before any floor; before the first dose the phase's own interval."""
    if place.anchor == fold.NONE:
        own = interval_of(place, rung)
        return fold.add_span(place.floor, own.number, UNITS[own.unit], 0) - place.floor
    return max(fold.next_due(place, rung), place.anchor + rung.minimum_gap) - place.anchor


def _cites(phase: SettledPhase) -> Citations:
    return tuple(dict.fromkeys((*phase.phase.spacing.cites, *phase.phase.cites)))


def target_basis(place: fold.Place | None, node: Node) -> str:
    """Who says the target: a source, a recorded decision of a named person, or this program's assumption."""
    if place is None:
        return "published"
    if place.own:
        return "local_policy"
    floored = node.floor is not None and node.anchor is not None and node.dates is not None
    if floored and node.dates is not None and node.dates.target == place.floor:
        return "software_default" if node.bridged else "local_policy"
    return "software_default" if place.marks & fold.SWITCHED else "published"
