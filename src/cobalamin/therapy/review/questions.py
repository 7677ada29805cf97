"""Questions a record leaves open, each with what may be answered and what is safe until somebody answers.

A due dose never waits for an answer, and overdue never hides anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cobalamin.knowledge.library import english
from cobalamin.spans import Span, add
from cobalamin.text.days import date_words
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.record import Record
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.response.alarms import Ask
from cobalamin.therapy.review.checks import CheckState
from cobalamin.therapy.review.course import TAKING, Course
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.outlook import Outlook, decision_day, hold_asks_on
from cobalamin.therapy.words.wording import phase_words


@dataclass(frozen=True)
class Question:
    """`default` is what this program goes by until the question is answered: always the safe side."""

    code: str
    text: str
    options: tuple[str, ...]
    default: str


_BETWEEN = " | "  # the options in their text


def _question(code: str, **fields: object) -> Question:
    """The question of this code in the words of its page."""
    words = english()
    text, options, default = (
        words.text(f"questions.{code}{part}", **fields) for part in ("", "__options", "__default")
    )
    return Question(code, text, tuple(options.split(_BETWEEN)), default)


def open_questions(
    course: Course, outlook: Outlook, record: Record, evaluations: tuple[Evaluation, ...], asked: bool, on: date
) -> tuple[Question, ...]:
    """All open questions on a day, most urgent first."""
    found = [
        *questions_of_the_day(course, outlook, asked, on),
        *_about_doses(evaluations),
        *_about_entries(course, record),
    ]
    return tuple(dict.fromkeys(found))


def questions_of_the_day(course: Course, outlook: Outlook, asked: bool, on: date) -> list[Question]:
    """The questions that may come and go by themselves as days pass."""
    return [
        *_about_the_plan(course, outlook, asked),
        *_about_the_phase(course, outlook, on),
        *_about_cover(course, on),
        *_about_the_course(course, outlook, on),
    ]


def _about_the_plan(course: Course, outlook: Outlook, asked: bool) -> Iterator[Question]:
    plan = course.plan
    if plan is None:
        yield _question("NO_PLAN")
        return
    if plan.needs:
        open_ones = ", ".join(dict.fromkeys((need.choice or need.fact).replace("_", " ") for need in plan.needs))
        yield _question("PLAN_INCOMPLETE", protocol=plan.protocol.title, open=open_ones)
    elif not plan.ladder.rungs:
        yield _question("INTERVAL_NOT_STATED", protocol=plan.protocol.title)
    marks = outlook.place.marks if outlook.place else 0
    if marks & fold.HISTORY_NEEDED:
        yield _question("HISTORY_NEEDED")
    elif not asked and course.given:
        yield _question("PREVIOUS_TREATMENT")
    if marks & fold.LAST_DOSE_NEEDED:
        yield _question("LAST_DOSE_UNKNOWN")


def _about_the_phase(course: Course, outlook: Outlook, on: date) -> Iterator[Question]:
    place, plan = outlook.place, course.plan
    if place is None or plan is None:
        return
    if place.marks & fold.DONE:
        if not outlook.complete:
            yield _question("WHAT_NEXT")
        return
    if course.rungs[place.rung].gate and place.marks & fold.REACHED:
        following = course.phases[place.rung + 1]
        wording = following.phase.gate.wording if following.phase.gate else ""
        yield _question("GATE", phase=phase_words(following.phase.name), wording=wording)
    decide = decision_day(course, place)
    if decide is not None and on >= decide and outlook.phase is not None:
        wording = outlook.phase.phase.end.wording or english().text("questions.OPEN_END__not_stated")
        yield _question("OPEN_END", phase=phase_words(outlook.phase.phase.name), wording=wording)
    if outlook.timeliness == "review_needed" and outlook.status != "contraindicated":
        yield _question("LAPSE", date=date_words(outlook.target or on))


def _about_cover(course: Course, on: date) -> Iterator[Question]:
    cover, plan = course.state.cover, course.plan
    if plan is None or cover.stopped != fold.NONE:
        return
    asks_on = hold_asks_on(course, plan.policy.hold_asks_after)
    if asks_on is not None and on >= asks_on:
        yield _question("HOLD_OPEN", date=date_words(to_date(cover.held)))
    for code, until in (("PAUSE_OPEN", cover.pause), ("BRIDGE_OPEN", cover.bridge)):
        if until == fold.FOREVER:
            yield _question(code)


def _about_the_course(course: Course, outlook: Outlook, on: date) -> Iterator[Question]:
    """An oral course is not recorded dose by dose, so somebody has to say from time to time whether it is taken."""
    place, plan = outlook.place, course.plan
    if place is None or plan is None or outlook.status not in ("ongoing", "paused", "on_hold", "bridged"):
        return
    if not course.rungs[place.rung].continuous:
        return
    told = course.state.cover.told
    if told != fold.NONE and TAKING[course.state.cover.taking] == "no":
        yield _question("NOT_TAKING", date=date_words(to_date(told)))
        return
    expected = statement_expected_on(course, place)
    if expected is not None and on >= expected:
        yield _question("STATEMENT_MISSING")


def statement_expected_on(course: Course, place: fold.Place) -> date | None:
    """The day from which a statement about an oral course is missed."""
    if course.plan is None or place.marks & fold.DONE or not course.rungs[place.rung].continuous:
        return None
    since = max(course.state.cover.told, place.began)
    return add(to_date(since), course.plan.policy.statement_expected) if since != fold.NONE else None


def _about_doses(evaluations: tuple[Evaluation, ...]) -> Iterator[Question]:
    for evaluation in evaluations:
        flags, day = evaluation.flags, evaluation.on
        codes = {reason.code for reason in evaluation.reasons}
        if "UNSCHEDULED" in flags and evaluation.credit == "credited":
            yield _question("DOSE_AFTER_STOP", day=day)
        if "BEFORE_PLAN" in codes:
            yield _question("DOSE_BEFORE_PLAN", day=day)
        if "BEFORE_COUNT_FROM" in codes:
            yield _question("EARLY_DOSE", day=day)
        if "DUPLICATE_SUSPECTED" in flags:
            yield _question("TWO_DOSES", day=day, event=evaluation.event.id)


def _about_entries(course: Course, record: Record) -> Iterator[Question]:
    yield from _about_decisions(course)
    yield from _about_months(record)
    for event in record.events:
        interval = event.data.get("interval")
        if isinstance(interval, Span) and not interval.in_range:
            yield _question("INTERVAL_OUT_OF_RANGE", day=event.on, interval=interval)
    for event in record.unmatched:
        yield _question("CORRECTION_UNMATCHED", day=event.on, event=event.data.get("withdraws"))
    ids = {event.id for event in record.events}
    for event in record.events:
        if (
            event.kind == "decision"
            and event.data["decision"] in ("credit", "reject")
            and event.data["event"] not in ids
        ):
            yield _question("DECISION_UNMATCHED", day=event.on, event=event.data["event"])
        if event.kind == "history" and _phase_unknown(course, event):
            names = [phase.phase.name for phase in course.plan.ladder.phases] if course.plan else []
            yield _question(
                "HISTORY_PHASE_UNKNOWN", day=event.on, phase=event.data["phase"], names=", ".join(map(phase_words, names)),
                options=_BETWEEN.join(names),
            )  # fmt: skip


def _phase_unknown(course: Course, event: Event) -> bool:
    return bool(course.plan and course.plan.ladder.rungs) and not any(step.event is event for step in course.steps)


def _about_decisions(course: Course) -> Iterator[Question]:
    for step in course.steps:
        if step.event.kind != "decision":
            continue
        name, day = step.event.data["decision"], step.event.on
        if step.verdict.flags & fold.NO_EFFECT:
            yield _question("DECISION_WITHOUT_EFFECT", decision=name, day=day)
        if step.verdict.flags & fold.BEFORE_NUMBER:
            phase = phase_words(course.phases[step.before.rung].phase.name)
            yield _question("ADVANCED_EARLY", day=day, phase=phase)


def _about_months(record: Record) -> Iterator[Question]:
    for event in record.events:
        month = event.month or str(event.data.get("last_dose", ""))
        if event.kind in ("administration", "history") and len(month) == len("2026-04"):
            yield _question("DATE_PARTIAL", month=month)


def questions_of_results(asks: tuple[Ask, ...]) -> Iterator[Question]:
    """What results and symptoms leave open; none of it moves a date (promise 5)."""
    for ask in asks:
        yield _question(ask.code, **ask.fields)


def questions_of_reviews(checks: tuple[CheckState, ...]) -> Iterator[Question]:
    """Symptoms that were entered beside a review: they don't close it, so its questions are asked."""
    for check in checks:
        if check.beside and check.done_on is None:
            days = ", ".join(date_words(day) for day in check.beside)
            yield _question("REVIEW_OPEN", days=days, date=date_words(check.due))
