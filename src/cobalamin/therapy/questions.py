"""Questions a record leaves open, each with what may be answered and what is safe until somebody answers.

A due dose never waits for an answer, and overdue never hides anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cobalamin.knowledge.library import english
from cobalamin.spans import add
from cobalamin.therapy import fold
from cobalamin.therapy.case import Event
from cobalamin.therapy.course import TAKING, Course
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.evaluations import Evaluation
from cobalamin.therapy.ladder import to_date
from cobalamin.therapy.outlook import Outlook, decision_day, hold_asks_on
from cobalamin.therapy.record import Record
from cobalamin.therapy.response import MarkerVerdict
from cobalamin.therapy.wording import phase_words


@dataclass(frozen=True)
class Question:
    """`default` is what this program goes by until the question is answered: always the safe side."""

    code: str
    text: str
    options: tuple[str, ...]
    default: str


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
        yield Question(
            "NO_PLAN", english().text("questions.no_plan"),
            ("accept a plan", "record the plan as an event"), "the doses are kept; nothing is forecast",
        )  # fmt: skip
        return
    if plan.needs:
        open_ones = ", ".join(dict.fromkeys(need.choice or need.fact for need in plan.needs))
        yield Question(
            "PLAN_INCOMPLETE", f"The plan {plan.protocol.id} leaves open: {open_ones}. Which is meant?",
            ("add the choice to the plan", "answer the fact"), "the doses are kept; nothing is forecast",
        )  # fmt: skip
    elif not plan.ladder.rungs:
        yield Question(
            "INTERVAL_NOT_STATED", f"The source of {plan.protocol.id} states no interval, so no day can be counted. Which protocol is followed?",
            ("accept another protocol",), "the doses are kept; nothing is forecast",
        )  # fmt: skip
    marks = outlook.place.marks if outlook.place else 0
    if marks & fold.HISTORY_NEEDED:
        yield Question(
            "HISTORY_NEEDED", "Treatment was given before. In which phase was it, and when was the last dose?",
            ("record a history", "restart with loading"), "doses are kept as pending; loading is not begun again by itself",
        )  # fmt: skip
    elif not asked and course.given:
        yield Question(
            "PREVIOUS_TREATMENT", "Had treatment with vitamin B12 been given before the first dose of this plan?",
            ("none", "loading (record a history)", "maintenance (record a history)"), "the plan goes on as if there had been none; its dates are provisional",
        )  # fmt: skip
    if marks & fold.LAST_DOSE_NEEDED:
        yield Question(
            "LAST_DOSE_UNKNOWN", "When was the last dose? No date is invented.",
            ("a day", "a month", "give a dose now and count from it"), "ask for the records; a dose may be given when a clinician confirms it",
        )  # fmt: skip


def _about_the_phase(course: Course, outlook: Outlook, on: date) -> Iterator[Question]:
    place, plan = outlook.place, course.plan
    if place is None or plan is None:
        return
    if place.marks & fold.DONE:
        if not outlook.complete:
            yield Question(
                "WHAT_NEXT", "The published course has run out. What comes next?",
                ("a later plan", "restart", "stop, with a reason"), "nobody is taken off the list; the treatment is looked at now",
            )  # fmt: skip
        return
    if course.rungs[place.rung].gate and place.marks & fold.REACHED:
        following = course.phases[place.rung + 1]
        wording = following.phase.gate.wording if following.phase.gate else ""
        yield Question(
            "GATE", f"Before {phase_words(following.phase.name)}: is this met: {wording}?",
            ("gate_met", "advance", "not yet"), "not yet: the same dose at the same interval goes on",
        )  # fmt: skip
    decide = decision_day(course, place)
    if decide is not None and on >= decide and outlook.phase is not None:
        wording = outlook.phase.phase.end.wording or "the source does not say when"
        yield Question(
            "OPEN_END", f"Is {phase_words(outlook.phase.phase.name)} over ({wording})?",
            ("advance", "not yet"), "not yet: the same dose at the same interval goes on",
        )  # fmt: skip
    if outlook.timeliness == "review_needed" and outlook.status != "contraindicated":
        yield Question(
            "LAPSE", f"The last dose that counted was long ago; the open one was due {date_words(outlook.target or on)}. How does treatment go on?",
            ("resume: give it now and go on", "restart: begin again with the first phase", "move on: advance"),
            "give the open dose now; nothing is skipped, doubled or begun again by itself",
        )  # fmt: skip


def _about_cover(course: Course, on: date) -> Iterator[Question]:
    cover, plan = course.state.cover, course.plan
    if plan is None or cover.stopped != fold.NONE:
        return
    asks_on = hold_asks_on(course, plan.policy.hold_asks_after)
    if asks_on is not None and on >= asks_on:
        yield Question(
            "HOLD_OPEN", f"Treatment has been on hold since {date_words(to_date(cover.held))}. May it go on?",
            ("resume", "hold until a day", "stop, with a reason"), "still on hold; ask the prescriber",
        )  # fmt: skip
    for name, until in (("pause", cover.pause), ("bridge", cover.bridge)):
        if until == fold.FOREVER:
            yield Question(
                f"{name.upper()}_OPEN", f"This {name} has no end. Until when is it?",
                ("resume", f"{name} until a day"), "the dates run on beneath and stay visible",
            )  # fmt: skip


def _about_the_course(course: Course, outlook: Outlook, on: date) -> Iterator[Question]:
    """An oral course is not recorded dose by dose, so somebody has to say from time to time whether it is taken."""
    place, plan = outlook.place, course.plan
    if place is None or plan is None or outlook.status not in ("ongoing", "paused", "on_hold", "bridged"):
        return
    if not course.rungs[place.rung].continuous:
        return
    told = course.state.cover.told
    if told != fold.NONE and TAKING[course.state.cover.taking] == "no":
        yield Question(
            "NOT_TAKING", f"On {date_words(to_date(told))} it was said that the course is not taken. Why, and what now?",
            ("a later statement: yes", "another route or protocol", "stop, with a reason"), "the course is still planned; treatment is looked at now",
        )  # fmt: skip
        return
    expected = statement_expected_on(course, place)
    if expected is not None and on >= expected:
        yield Question(
            "STATEMENT_MISSING", "Is the course still taken? Nobody has said so for a while.",
            ("statement: yes", "statement: partly", "statement: no"), "the course goes on; ask at the next contact",
        )  # fmt: skip


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
            yield Question(
                "DOSE_AFTER_STOP", f"A dose was given on {day} though none was due. Has treatment begun again?",
                ("resume", "restart", "a later plan", "it was a single dose"), "the dose is counted; treatment stays as it was",
            )  # fmt: skip
        if "BEFORE_PLAN" in codes:
            yield Question(
                "DOSE_BEFORE_PLAN", f"A dose was given on {day}, before the plan's start. Does it belong to this course?",
                ("record a history", "credit it by a decision", "no"), "it is kept as pending and moves no date",
            )  # fmt: skip
        if "BEFORE_COUNT_FROM" in codes:
            yield Question(
                "EARLY_DOSE", f"The dose of {day} came very early. Was the interval changed, or have symptoms come back?",
                ("change_interval", "it was additional", "credit it by a decision"), "it counts as extra; the next date stays as it was",
            )  # fmt: skip
        if "DUPLICATE_SUSPECTED" in flags:
            yield Question(
                "TWO_DOSES", f"Two doses are recorded on or next to {day} (this one is {evaluation.event.id}). Were both given?",
                ("both were given", "withdraw one by a correction"), "the first is counted",
            )  # fmt: skip


def _about_entries(course: Course, record: Record) -> Iterator[Question]:
    yield from _about_decisions(course)
    yield from _about_months(record)
    for event in record.unmatched:
        yield Question(
            "CORRECTION_UNMATCHED", f"The correction of {event.on} withdraws '{event.data.get('withdraws')}', which is not in the record. Which entry is meant?",
            ("correct the id",), "nothing is withdrawn",
        )  # fmt: skip
    ids = {event.id for event in record.events}
    for event in record.events:
        if (
            event.kind == "decision"
            and event.data["decision"] in ("credit", "reject")
            and event.data["event"] not in ids
        ):
            yield Question(
                "DECISION_UNMATCHED", f"The decision of {event.on} is about '{event.data['event']}', which is not in the record. Which dose is meant?",
                ("correct the id",), "the decision changes nothing",
            )  # fmt: skip
        if event.kind == "history" and _phase_unknown(course, event):
            names = ", ".join(phase.phase.name for phase in course.plan.ladder.phases) if course.plan else ""
            yield Question(
                "HISTORY_PHASE_UNKNOWN", f"The history of {event.on} names the phase '{event.data['phase']}', which this plan does not have. Which is meant: {names}?",
                tuple(names.split(", ")), "the history changes nothing",
            )  # fmt: skip


def _phase_unknown(course: Course, event: Event) -> bool:
    return bool(course.plan and course.plan.ladder.rungs) and not any(step.event is event for step in course.steps)


def _about_decisions(course: Course) -> Iterator[Question]:
    for step in course.steps:
        if step.event.kind != "decision":
            continue
        name, day = step.event.data["decision"], step.event.on
        if step.verdict.flags & fold.NO_EFFECT:
            yield Question(
                "DECISION_WITHOUT_EFFECT", f"The decision '{name}' of {day} changed nothing: there was nothing for it to change. What was meant?",
                ("another decision", "withdraw it by a correction"), "the plan goes on as before",
            )  # fmt: skip
        if step.verdict.flags & fold.BEFORE_NUMBER:
            yield Question(
                "ADVANCED_EARLY", f"The decision of {day} left {phase_words(course.phases[step.before.rung].phase.name)} before its published number was reached. Is that meant?",
                ("yes", "withdraw it by a correction"), "the decision is followed",
            )  # fmt: skip


def _about_months(record: Record) -> Iterator[Question]:
    for event in record.events:
        month = event.month or str(event.data.get("last_dose", ""))
        if event.kind in ("administration", "history") and len(month) == len("2026-04"):
            yield Question(
                "DATE_PARTIAL", f"On which day of {month} was the dose?", ("a day",),
                "what follows from it is given as a range, and is called due at its early end",
            )  # fmt: skip


def questions_of_results(verdicts: tuple[MarkerVerdict, ...]) -> Iterator[Question]:
    """A low level on treatment is asked about, and moves nothing (promise 5)."""
    for verdict in verdicts:
        if verdict.marker in ("serum_b12", "holotranscobalamin") and verdict.verdict == "below_expected":
            yield Question(
                "LOW_B12_ON_TREATMENT", f"The level of {verdict.on} is low on treatment ({verdict.value}). Was every dose taken, could something disturb the test, is the route right?",
                ("doses or statements to record", "repeat the test", "another route or protocol"), "no date moves; the reason is looked for",
            )  # fmt: skip
