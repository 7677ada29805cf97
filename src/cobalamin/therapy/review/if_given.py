"""What a dose on a given day would count for: days early or late, share of the interval, what the sources say, what follows.

No source states a window for vitamin B12; the policy is shown as what it is and never refuses a dose.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from cobalamin.errors import InputError
from cobalamin.knowledge.criteria import read_citations
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.reading import Reading
from cobalamin.records import replace
from cobalamin.text.messages import message
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Administration
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.record import Record
from cobalamin.therapy.fold.status import is_dated
from cobalamin.therapy.regimen.ladder import to_date, to_days
from cobalamin.therapy.review.course import Course, Step, follow
from cobalamin.therapy.review.evaluations import Evaluation, Reason, evaluate_step
from cobalamin.therapy.review.review import Review

_TOPICS = ("missed_doses", "early_doses", "late_doses")
NO_WINDOW = "NO_SOURCE_STATES_A_WINDOW"


class IfGiven(Struct, frozen=True):
    """The answer to "may it be given on DATE?". `share` is the share of the interval that has passed, in percent."""

    on: date
    evaluation: Evaluation
    days_from_target: int | None
    share: int | None
    sources_say: tuple[Reason, ...]
    window_basis: str
    policy: str
    next_target: date | None
    other: IfGiven | None = None  # the other reading, where a dose is known by its month only


def if_given(library: Library, review: Review, day: date) -> IfGiven:
    """The planned dose as if given on `day`. Raises InputError where no dose is open, or events after `day` are recorded."""
    course = review.course
    event = Administration("if-given", day, as_planned=True)
    if review.plan is None or not review.plan.ladder.rungs:
        return _undated(library, review, day, event)
    last = max((step.event.on for step in course.steps if step.event.on), default=None)
    if last is not None and day < last:
        message = f"{day} is before the last entry of the record ({last}); record the dose itself, and it is judged in its place"
        raise InputError.one("--if-given", "", message)
    late = _reading(library, review, event, early=False)
    if review.outlook.between is None:
        return late
    return replace(late, other=_reading(library, review, event, early=True))


def _reading(library: Library, review: Review, event: Event, early: bool) -> IfGiven:
    """The answer with every date known by its month at its last day, or at its first."""
    course, step = _with_dose(library, review, event, early)
    day = event.on or date.max
    place, dates, evaluation = step.before, step.dates, evaluate_step(library, step, None)
    following = course.forecast(day)[1]
    continuous = course.rungs[place.rung].continuous
    dated = dates.target != fold.NONE and is_dated(
        place, continuous
    )  # while a question keeps it back, nothing is counted
    passed = None
    if dated and place.anchor != fold.NONE:
        share = Decimal(to_days(day) - place.anchor) / Decimal(max(dates.target - place.anchor, 1))
        passed = int((share * 100).quantize(Decimal(1), ROUND_HALF_UP))
    goes_on = dated and evaluation.credit != "pending" and course.state.cover.stopped == fold.NONE
    next_target = to_date(following.target) if goes_on and following.target != fold.NONE else None
    return IfGiven(
        on=day,
        evaluation=evaluation,
        days_from_target=to_days(day) - dates.target if dated else None,
        share=passed,
        sources_say=_sources_say(library, review),
        window_basis=review.open_node.window.basis if review.open_node.window else "software_default",
        policy=review.policy.name,
        next_target=next_target,
    )


def _with_dose(library: Library, review: Review, event: Event, early: bool) -> tuple[Course, Step]:
    """The record with this dose, and its step. A second dose of a day comes behind the one that is recorded."""
    own = review.plan.accepted.local_policy if review.plan else None
    policy = None if review.policy in (own, library.default_policy) else review.policy
    record, facts = review.record, facts_of(review.case, review.on, review.record.events)
    if any(each.kind == "administration" and each.on == event.on and not each.month for each in record.events):
        course = follow(library, review.case, facts, record, policy, early)
        place, dates = course.forecast(event.on or date.max)
        planned = fold.a_dose(to_days(event.on or date.max), 0, 0, 0, 0, 0, 0, fold.AS_PLANNED)
        state = fold.step(course.state, planned, course.rungs, course.windows)
        return replace(course, state=state), Step(event, review.plan, place, dates, state)
    course = follow(library, review.case, facts, Record((*record.events, event)), policy, early)
    return course, next(step for step in reversed(course.steps) if step.event.id == event.id)


def _undated(library: Library, review: Review, day: date, event: Event) -> IfGiven:
    """Without a plan that can be dated a dose would wait for one, and nothing follows from it."""
    state = review.course.state._replace(verdict=fold.Verdict(fold.PENDING, 0, 0))
    nothing = fold.Dates(*(fold.NONE,) * 6)
    evaluation = evaluate_step(library, Step(event, review.plan, state.place, nothing, state), None)
    return IfGiven(day, evaluation, None, None, (), "software_default", review.policy.name, None)


def _sources_say(library: Library, review: Review) -> tuple[Reason, ...]:
    """What the plan's own sources and the library's statements say about early and late doses."""
    cites: Citations = review.open_node.cites
    found = [Reason(NO_WINDOW, message("checks.no_window"), cites)]
    for statement in library.statements():
        if set(statement["topics"]) & set(_TOPICS):
            found.append(Reason(str(statement["id"]), str(statement["text"]), _cites(library, statement)))
    return tuple(found)


def _cites(library: Library, statement: dict[str, Tree]) -> Citations:
    reading = Reading(Document("statements", {}))
    return read_citations(reading, library.context, statement["cites"], "cites")
