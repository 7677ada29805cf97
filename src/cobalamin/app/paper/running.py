"""A running treatment as one JSON-able value for the template: what is due, what comes, what was given, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from cobalamin.amounts import mass_text
from cobalamin.app.paper.lines import Days, Lines, Look, head, valid_until
from cobalamin.app.paper.own_interval import own_interval, phases_ahead
from cobalamin.app.paper.schedule import alarm_lines, finished, interrupting, not_known, who_words
from cobalamin.app.services import shipped
from cobalamin.app.services.ampoules import at_home
from cobalamin.app.services.clinic_days import clinic_days
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.supply import supply_words
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.signed import signed_words
from cobalamin.knowledge.library import Library
from cobalamin.spans import Span, add
from cobalamin.text.days import date_words, month_words
from cobalamin.text.safe import entered
from cobalamin.therapy.case.events import History
from cobalamin.therapy.case.issues import alarms_among
from cobalamin.therapy.case.record import interval_in_effect, record_on
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.review.checks import DUE, MISSING, CheckState
from cobalamin.therapy.review.course import PlanInForce
from cobalamin.therapy.review.due import due_sentence, interval_cited
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words import wording

LAST_DOSES, FEWEST_LINES = 3, 3


def sheet_of_review(library: Library, seen: Review, look: Look, months: int = 12) -> dict[str, Any]:
    """The running treatment of an accepted plan as of the day of the review, and what comes in the next months."""
    country, plan = country_of(seen), seen.plan
    lines = Lines(Builder(library, not look.professional, country), plan.product if plan else None)
    valid = valid_until(seen.holds, library.review_by, seen.on)
    page = head(lines.say("paper.title_running"), seen.on, country, look)
    page |= {
        "kicker": _accepted_by(seen),
        "heading": lines.say("paper.heading_running"),
        "below": _protocol_words(lines, plan) if plan else "",
        "who": who_words(seen.case.patient),
        "alarms": alarm_lines(lines, seen.issues),
        "now": _due_now(lines, seen),
        "important": interrupting(lines, seen.issues),
        "rows": lines.rows(_coming(seen, months), days_of(seen)),
        "medicine": lines.medicine(phases_ahead(seen), own_interval(seen)),
        "done": [*_told_before(seen), *_doses_done(seen.evaluations, country)],
        "questions": [
            *_asked(lines, seen),
            *_day_not_known(lines, seen),
            *not_known(lines, seen.issues),
        ],
        "under_rows": [*_if_given_now(seen), *lines.below_rows(seen.policy)],
    }
    return finished(page, lines, seen.case.patient, seen.issues, seen.on, valid)


def _protocol_words(lines: Lines, plan: PlanInForce) -> str:
    title, accepted = lines.spelled(plan.protocol.title), plan.accepted
    key = "paper.below_running" if lines.professional else "paper.below_running__plain"
    told = lines.say(key, title=title, version=accepted.version)
    return f"{told} {lines.spelled(signed_words(lines.view, plan.protocol))}"


def _asked(lines: Lines, seen: Review) -> Iterator[dict[str, str]]:
    """The open questions of the record, without the one that `_day_not_known` asks."""
    month_only = [each for each in seen.questions if each.code == "DATE_PARTIAL"]
    left_out = month_only[-1:] if seen.outlook.early_target is not None else []
    for each in seen.questions:
        if each not in left_out:
            until = lines.spelled(lines.say("paper.until_then", default=each.default))
            yield {"text": lines.spelled(each.text), "until": until}


def _day_not_known(lines: Lines, seen: Review) -> Iterator[dict[str, str]]:
    if seen.outlook.early_target is not None:
        yield {"text": lines.say("paper.which_day"), "until": lines.say("paper.only_month")}


def _accepted_by(seen: Review) -> str:
    words = seen.library.own_words
    if seen.plan is None or not seen.plan.accepted.accepted_by:
        return words.text("paper.to_discuss")
    accepted = seen.plan.accepted
    name, on = entered(accepted.accepted_by, words), accepted.accepted_on
    if on is None:
        return words.text("paper.accepted", name=name)
    return words.text("paper.accepted_on", name=name, date=date_words(on, words))


# -- what is due, what was done --------------------------------------------------------------------------------------


def _due_now(lines: Lines, seen: Review) -> dict[str, Any]:
    words = seen.library.own_words
    interval, cites = interval_cited(seen)
    sentence = due_sentence(seen.outlook, lines.country, plain=not lines.professional)
    more = [lines.said(interval, cites)] if interval else []
    if seen.appointment is not None:
        key = "paper.appointment" if seen.appointment.in_window else "paper.appointment_late"
        more.append(lines.say(key, date=date_words(seen.appointment.on, words)))
    more += _order_by(lines, seen)
    more += [lines.spelled(question.text) for question in waiting_for(seen)]
    more += [_check_words(lines, check) for check in _missing(seen.checks)]
    return {"text": lines.said(sentence, ()), "more": more}


def _order_by(lines: Lines, seen: Review) -> list[str]:
    """By when to order, where ampoules were counted; beside what holds a dose back nothing of a supply is said."""
    found = at_home(seen.case, seen)
    if found is None or seen.outlook.ask_first or seen.outlook.emergency:
        return []
    return [lines.spelled(supply_words(found.supply, seen.library.own_words)[0])]


def _check_words(lines: Lines, check: CheckState) -> str:
    days = {
        "due": date_words(check.due, lines.library.own_words),
        "through": date_words(check.through, lines.library.own_words),
    }
    if not check.item.marker:
        return lines.say("paper.missing_review", **days)
    return lines.say("paper.missing_test", marker=lines.marker(check.item.marker), **days)


def _missing(checks: tuple[CheckState, ...]) -> list[CheckState]:
    """The latest check of each kind, where it is missing; an older one that was never made up for is not asked for again."""
    latest = {check.item.marker: check for check in checks if check.state != DUE}
    return [check for check in latest.values() if check.state == MISSING]


def _coming(seen: Review, months: int) -> list[Item]:
    """Checks whose day has come and that may still be done, then what comes in the next months, a few lines at least."""
    now = [check.item for check in seen.checks if check.state == DUE and check.due <= seen.on]
    last = add(seen.on, Span(months, "mo"))
    near = [item for index, item in enumerate(seen.upcoming) if index < FEWEST_LINES or not item.on or item.on <= last]
    return sorted([*now, *near], key=lambda item: item.on or date.max)


def days_of(seen: Review) -> Days:
    """What is known of the days of a running treatment. Beside an alarm, or before a look at the treatment, no dose is for now."""
    outlook, plan = seen.outlook, seen.plan
    now = outlook.status == "overdue" and not (outlook.ask_first or outlook.emergency or alarms_among(seen.issues))
    opens = clinic_days(plan.accepted.calendar if plan else {}).opens
    return Days(outlook.called_late_on, _in_doubt(seen), now, opens)


def _in_doubt(seen: Review) -> date | None:
    """The target of a dose that is perhaps overdue, because the one before is known by its month only."""
    outlook = seen.outlook
    return outlook.target if outlook.status == "perhaps_overdue" and not outlook.emergency else None


def _if_given_now(seen: Review) -> list[str]:
    """What the dates behind an overdue dose are counted from."""
    day = seen.outlook.called_late_on
    overdue = [
        item for item in seen.upcoming if day and item.kind == "dose" and item.overdue_from and item.overdue_from <= day
    ]
    return (
        [seen.library.own_words.text("paper.if_given_now", date=date_words(seen.on, seen.library.own_words))]
        if overdue
        else []
    )


def _told_before(seen: Review) -> list[str]:
    """What is told of treatment before this record."""
    events = record_on(seen.case, seen.on).events
    told = (history_words(event) for event in events if isinstance(event, History))
    return [seen.library.own_words.text("paper.before", history=history) for history in told]


def _doses_done(evaluations: tuple[Evaluation, ...], country: str) -> list[str]:
    """How many doses are recorded, what they count for, and the last ones."""
    if not evaluations:
        return [shipped.library().own_words.text("paper.no_dose")]
    number, counted = len(evaluations), sum(entry.credit == "credited" for entry in evaluations)
    key = "paper.doses_one" if number == 1 else "paper.doses_many"
    told = shipped.library().own_words.text(key, number=number, date=day_of(evaluations[0]), counted=counted)
    return [told, *(_dose_done(entry, country) for entry in evaluations[-LAST_DOSES:])]


def _dose_done(entry: Evaluation, country: str) -> str:
    words = shipped.library().own_words
    say, substance = words.text, words.find("substances", entry.substance, entry.substance)
    dose = f"{substance} {mass_text(entry.dose, country, words.units)}" if entry.dose else substance
    counts = say(f"credits.{entry.credit}")
    if entry.number and entry.phase:
        phase = wording.phase_name(entry.phase)
        counts = say("paper.counted_as", counts=counts, phase=phase, number=entry.number)
    return say("paper.dose_done", date=day_of(entry), dose=dose or say("paper.dose_not_recorded"), counts=counts)


def day_of(entry: Evaluation) -> str:
    return (
        date_words(entry.event.on, shipped.library().own_words)
        if entry.event.on and not entry.event.month
        else month_words(entry.on, shipped.library().own_words)
    )


def history_words(event: History) -> str:
    """How far treatment had got elsewhere, and who says so."""
    words = shipped.library().own_words
    say = words.text
    last, interval = event.last_dose, interval_in_effect(event)
    told = say("dates.not_known") if last == "unknown" else _day_or_month(last)
    parts = [say("paper.history", phase=entered(event.phase, words), date=told)]
    parts += [interval.every] if interval else []
    parts += [say("paper.history_doses", number=event.doses)] if event.doses else []
    parts += [say("paper.told_by", name=entered(event.asserted_by, words))] if event.asserted_by else []
    return ", ".join(parts)


def _day_or_month(day: object) -> str:
    return (
        date_words(day, shipped.library().own_words)
        if isinstance(day, date)
        else month_words(str(day), shipped.library().own_words)
    )
