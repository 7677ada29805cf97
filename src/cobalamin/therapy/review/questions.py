"""Questions a record leaves open, each with what may be answered and what is safe until somebody answers.

A due dose never waits for an answer, and overdue never hides anything.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from cobalamin.records import replace
from cobalamin.spans import add
from cobalamin.text.messages import Text, day, listed, message, month
from cobalamin.therapy import fold
from cobalamin.therapy.case.answered import is_answered, is_looked_at, review_command
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Administration, Decision, History, LaterPlan, decides
from cobalamin.therapy.case.record import PLAN_ID, Record, interval_in_effect
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.response.after_end import TOLD_WHEN_STOPPED
from cobalamin.therapy.response.alarms import Ask
from cobalamin.therapy.review.checks import CheckState
from cobalamin.therapy.review.conflicts import TWO_DECISIONS, conflicts, day_of, has_a_day_too
from cobalamin.therapy.review.course import TAKING, Course, PlanInForce
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.outlook import Outlook, asked_by_place, hold_asks_on
from cobalamin.therapy.review.product_given import CONTRADICTS, UNKNOWN
from cobalamin.therapy.review.rests_on import ADVANCED_EARLY, LONGER_IN_LOADING, RESTING, longer_in_loading
from cobalamin.therapy.words.wording import phase_name, spacing_of

if TYPE_CHECKING:
    from cobalamin.therapy.review.review import Review


class Question(Struct, frozen=True):
    """`default` is what this program goes by until the question is answered: always the safe side."""

    code: str
    text: Text
    options: Text  # in one text, with BETWEEN between them
    default: Text
    command: str = ""  # what is typed to answer it, where it keeps a date back
    typed: bool = False  # what is typed to answer it stands among its options

    @property
    def has_command(self) -> bool:
        return bool(self.command) or self.typed


LAPSE, DOSE_NOT_KNOWN = "LAPSE", "DOSE_NOT_KNOWN"
_NOTHING_TO_GIVE = ("contraindicated", "discontinued")  # no dose is open, so none lapses
BETWEEN = " | "  # the options in their text


def _question(code: str, form: str = "", /, **fields: object) -> Question:
    """The question of this code; `form`: another wording of it."""
    text, options, default = (
        message(f"questions.{form or code}{part}", **fields) for part in ("", "__options", "__default")
    )
    return Question(code, text, options, default)


def _answered_by(question: Question) -> Question:
    """The question with the commands among its options as what is typed to answer it."""
    return replace(question, typed=True)


_ENDED = ("discontinued", "on_hold", "paused", "bridged")  # by an entry that another of its day may cancel


def _anew(plan: PlanInForce, protocol: str = "ID", choices: tuple[str, ...] = ()) -> str:
    """To take the plan back and accept one that can be dated: a case has one plan at a time."""
    chosen = "".join(
        f" --choose {name}={shlex.quote(value)}" for name, value in plan.accepted.choices.items() if choices
    )
    chosen += "".join(f" --choose {name}=VALUE" for name in choices)
    start = plan.accepted.start if choices else "DATE"
    taken_back = f"cobalamin undo CASE --id {plan.event.id if plan.event else PLAN_ID}, then "
    return f"{taken_back}cobalamin accept CASE --protocol {protocol} --start {start}{chosen} --by NAME"


def _needed(plan: PlanInForce) -> str:
    """The command for what the plan lacks: a fact is recorded, a choice is made by accepting the plan anew."""
    facts = [need.fact for need in plan.needs if not need.choice]
    if facts:
        return f"cobalamin record CASE fact fact={facts[0]} value=VALUE"
    return _anew(plan, plan.protocol.id, tuple(dict.fromkeys(need.choice for need in plan.needs)))


def _history(plan: PlanInForce) -> str:
    """The command that tells how far treatment had got: by the last phase of the plan."""
    return f"cobalamin record CASE history phase={plan.ladder.phases[-1].phase.name} last_dose=DATE"


def waiting_for(seen: Review) -> tuple[Question, ...]:
    """The questions that keep the date of the open dose back, or on which it rests (hazard H112)."""
    asked, outlook = seen.questions, seen.outlook
    if outlook.status in (*_ENDED, "complete"):
        told = TOLD_WHEN_STOPPED if outlook.status in ("discontinued", "complete") else ()
        return tuple(each for each in asked if each.code in (TWO_DECISIONS, *told) or each.code in outlook.provisional)
    if outlook.status == "data_required":
        return tuple(each for each in asked if each.has_command and each.code not in RESTING)
    return tuple(each for each in asked if each.code in RESTING and each.code in outlook.provisional)


def open_questions(
    course: Course,
    outlook: Outlook,
    record: Record,
    evaluations: tuple[Evaluation, ...],
    asked: bool,
    on: date,
) -> tuple[Question, ...]:
    """All open questions on a day, most urgent first."""
    found = [
        *questions_of_the_day(course, outlook, record, asked, on),
        *_about_lapses(course, record, evaluations),
        *_about_doses(evaluations, record),
        *_about_what_was_given(evaluations, record),
        *_about_entries(course, record),
    ]
    return tuple(dict.fromkeys(found))


def questions_of_the_day(course: Course, outlook: Outlook, record: Record, asked: bool, on: date) -> list[Question]:
    """The questions that may come and go by themselves as days pass."""
    return [
        *_about_the_plan(course, outlook, asked),
        *_about_the_phase(course, outlook, record, on),
        *_about_cover(course, on),
        *_about_the_course(course, outlook, on),
    ]


def _about_the_plan(course: Course, outlook: Outlook, asked: bool) -> Iterator[Question]:
    plan = course.plan
    if plan is None:
        yield _answered_by(_question("NO_PLAN"))
        return
    if plan.needs:
        open_ones = ", ".join(dict.fromkeys((need.choice or need.fact).replace("_", " ") for need in plan.needs))
        yield replace(_question("PLAN_INCOMPLETE", protocol=plan.protocol.title, open=open_ones), command=_needed(plan))
    elif not plan.ladder.rungs:
        yield replace(_question("INTERVAL_NOT_STATED", protocol=plan.protocol.title), command=_anew(plan))
    asks = asked_by_place(course, outlook)
    if asks & fold.ASKS_HISTORY:
        yield replace(_question("HISTORY_NEEDED"), command=_history(plan))
    elif not asked and course.given:
        yield _question("PREVIOUS_TREATMENT")
    if asks & fold.ASKS_LAST_DOSE:
        yield replace(_question("LAST_DOSE_UNKNOWN"), command=_history(plan))


def _about_the_phase(course: Course, outlook: Outlook, record: Record, on: date) -> Iterator[Question]:
    place, plan = outlook.place, course.plan
    if place is None or plan is None:
        return
    asks = asked_by_place(course, outlook)
    if asks & fold.ASKS_NEXT:
        yield _question("WHAT_NEXT")
    if place.marks & fold.DONE:
        return
    if asks & fold.ASKS_GATE:
        following = course.phases[place.rung + 1]
        gate = following.phase.gate.wording if following.phase.gate else ""
        yield _question("GATE", phase=phase_name(following.phase.name), wording=gate)
    if asks & fold.ASKS_END and outlook.phase is not None:
        wording = outlook.phase.phase.end.wording or message("questions.OPEN_END__not_stated")
        yield _question("OPEN_END", phase=phase_name(outlook.phase.phase.name), wording=wording)
    if _lapsed(outlook, record):
        due = _target(outlook, on)
        question = _question(LAPSE, _lapse_form(outlook), date=due)
        begun = place.anchor != fold.NONE  # else no dose counted, so none was "the last one" (hazard H132)
        yield question if begun else replace(question, text=message("questions.LAPSE__not_begun", date=due))


def _lapse_form(outlook: Outlook) -> str:
    """No wording tells to give while an alarm is open, or while treatment is held (hazard H79)."""
    if outlook.ask_first:
        return "LAPSE__ask_first"
    if outlook.emergency:
        return "LAPSE__emergency"
    return "LAPSE__held" if outlook.status in ("on_hold", "paused", "bridged") else LAPSE


def _target(outlook: Outlook, on: date) -> Text:
    """The day of the open dose, or both where a dose known by its month leaves two."""
    late, early = outlook.target or on, outlook.early_target
    if early is None or early == late:
        return day(late)
    return message("questions.LAPSE__between", first=day(early), last=day(late))


def _lapsed(outlook: Outlook, record: Record) -> bool:
    """Whether the open dose is past the day from which treatment is to be looked at, and nobody has looked."""
    if outlook.timeliness != "review_needed" or outlook.status in _NOTHING_TO_GIVE or outlook.dates is None:
        return False
    return not is_looked_at(record.events, LAPSE, to_date(outlook.dates.review_from))


def _about_lapses(course: Course, record: Record, evaluations: tuple[Evaluation, ...]) -> Iterator[Question]:
    """A dose that came after a long gap: the gap is asked about until somebody answers, not until the dose is entered.

    Where a dose is known by its month alone, a gap is one only if both ends of the month say so (hazard H132).
    """
    late = {each.event.id for each in evaluations if "LATE_AFTER_REVIEW" in each.flags}
    for step in course.given:
        given = step.event.on
        if given is None or step.event.id not in late:
            continue
        if not _lapse_answered(record, to_date(step.dates.review_from), given):
            form = "LAPSE__first" if step.before.anchor == fold.NONE else "LAPSE__given"
            due = day(to_date(step.dates.target))
            yield _question(LAPSE, form, given=day_of(step.event), date=due)


def _lapse_answered(record: Record, since: date, given: date) -> bool:
    """Whether the gap was decided on: looked at, resumed or begun again since its day, or a later plan began a new course."""
    if is_looked_at(record.events, LAPSE, since):
        return True
    for event in record.events:
        if event.on is None:
            continue
        if decides(event, "restart", "resume") and event.on >= since:
            return True
        if isinstance(event, LaterPlan) and not event.goes_on and event.on > given:
            return True
    return False


def _about_cover(course: Course, on: date) -> Iterator[Question]:
    cover, plan = course.state.cover, course.plan
    if plan is None or cover.stopped != fold.NONE:
        return
    asks_on = hold_asks_on(course, plan.policy.hold_asks_after)
    if asks_on is not None and on >= asks_on:
        yield _question("HOLD_OPEN", date=day(to_date(cover.held)))
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
        yield _question("NOT_TAKING", date=day(to_date(told)))
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


def _about_doses(evaluations: tuple[Evaluation, ...], record: Record) -> Iterator[Question]:
    for evaluation in evaluations:
        flags, day = evaluation.flags, day_of(evaluation.event)
        codes = {reason.code for reason in evaluation.reasons}
        if "UNSCHEDULED" in flags and evaluation.credit == "credited":
            yield _question("DOSE_AFTER_STOP", day=day)
        if "BEFORE_PLAN" in codes:
            yield _question("DOSE_BEFORE_PLAN", day=day)
        twin = evaluation.event.month and has_a_day_too(evaluation.event, record)
        if "BEFORE_COUNT_FROM" in codes and not twin:  # whether it is the same dose is asked instead
            yield _question("EARLY_DOSE", day=day)
        if "DUPLICATE_SUSPECTED" in flags:
            yield _question("TWO_DOSES", day=day, event=evaluation.event.id)


def _about_what_was_given(evaluations: tuple[Evaluation, ...], record: Record) -> Iterator[Question]:
    """Doses of which something is not known, and products that can't be what was given; each product is asked about once."""
    asked: set[Text] = set()
    for evaluation in reversed(evaluations):
        event = evaluation.event
        reasons = {reason.code: reason.text for reason in evaluation.reasons}
        if DOSE_NOT_KNOWN in reasons and not _reviewed_since(record, DOSE_NOT_KNOWN, event):
            yield _question(DOSE_NOT_KNOWN, day=day_of(event), unknown=", ".join(event.not_known))
        for code in (CONTRADICTS, UNKNOWN):
            if code in reasons and reasons[code] not in asked and not _reviewed_since(record, code, event):
                asked.add(reasons[code])
                yield _question(code, day=day_of(event), what=reasons[code])


def _reviewed_since(record: Record, code: str, event: Event) -> bool:
    return event.on is not None and is_answered(record.events, code, event)


def _about_entries(course: Course, record: Record) -> Iterator[Question]:
    yield from _about_decisions(course, record)
    yield from _about_months(record)
    for code, fields, _, _ in conflicts(record):
        question = _question(code, **fields)
        yield _answered_by(question) if code in RESTING else question
    for event in record.events:
        interval = event.interval if isinstance(event, Decision | History) else None
        if interval is not None and not interval.in_range:
            yield _question("INTERVAL_OUT_OF_RANGE", day=day_of(event), interval=interval)
    for correction in record.unmatched:
        yield _question("CORRECTION_UNMATCHED", day=day_of(correction), event=correction.withdraws)
    ids = {event.id for event in record.events}
    for event in record.events:
        if decides(event, "credit", "reject") and event.event not in ids:
            yield _question("DECISION_UNMATCHED", day=day_of(event), event=event.event)
        if isinstance(event, History) and event.id not in course.set_aside and _phase_unknown(course, event):
            names = [phase.phase.name for phase in course.plan.ladder.phases] if course.plan else []
            yield _question(
                "HISTORY_PHASE_UNKNOWN", day=day_of(event), phase=event.phase, names=listed(map(phase_name, names)),
                options=BETWEEN.join(names),
            )  # fmt: skip


def _phase_unknown(course: Course, event: Event) -> bool:
    return bool(course.plan and course.plan.ladder.rungs) and not any(
        step.event.id == event.id for step in course.steps
    )


def _about_decisions(course: Course, record: Record) -> Iterator[Question]:
    for step in longer_in_loading(course, record):
        settled = course.phases[step.before.rung]
        told = {
            "phase": phase_name(settled.phase.name),
            "event": step.event.id,
            "day": day_of(step.event),
        }
        own = interval_in_effect(step.event)
        published = spacing_of(settled.spacing_kind, settled.spacing) if settled.spacing else ""
        yield _answered_by(_question(LONGER_IN_LOADING, interval=own.every if own else "", published=published, **told))
    cancelled = {
        each.fields[which]
        for each in conflicts(record)
        if each.code == TWO_DECISIONS
        for which in ("first_id", "second_id")
    }  # asked about already: that one of them changed nothing would contradict it
    for step in course.steps:
        if not isinstance(step.event, Decision):
            continue
        name, day = step.event.decision, day_of(step.event)
        if step.verdict.flags & fold.NO_EFFECT and step.event.id not in cancelled:
            yield _question("DECISION_WITHOUT_EFFECT", decision=name.replace("_", " "), day=day)
        if step.verdict.flags & fold.BEFORE_NUMBER and not is_answered(record.events, ADVANCED_EARLY, step.event):
            phase = phase_name(course.phases[step.before.rung].phase.name)
            yield _answered_by(_question(ADVANCED_EARLY, day=day, phase=phase, event=step.event.id))


def _about_months(record: Record) -> Iterator[Question]:
    for event in record.events:
        known = event.month or (event.last_month if isinstance(event, History) else "")
        if known and isinstance(event, Administration | History):
            yield _question("DATE_PARTIAL", month=month(known))


def questions_of_results(asks: tuple[Ask, ...]) -> Iterator[Question]:
    """What results and symptoms leave open; none of it moves a date (promise 5)."""
    for ask in asks:
        question = _question(ask.code, **ask.fields)
        yield replace(question, command=review_command(ask.code)) if ask.code in TOLD_WHEN_STOPPED else question


def questions_of_reviews(checks: tuple[CheckState, ...]) -> Iterator[Question]:
    """Symptoms that were entered beside a review: they don't close it, so its questions are asked."""
    for check in checks:
        if check.beside and check.done_on is None:
            days = listed(dict.fromkeys(day_of(event) for event in check.beside))
            yield _question("REVIEW_OPEN", days=days, date=day(check.due))
