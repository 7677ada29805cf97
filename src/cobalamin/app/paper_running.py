"""A running treatment as one JSON-able value for the template: what is due, what comes, what was given, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from cobalamin.amounts import mass_text
from cobalamin.app.paper import TO_DISCUSS, finished, interrupting, not_known, who_words
from cobalamin.app.paper_lines import Lines, Look, head, upper_first, valid_until
from cobalamin.app.paper_text import entered
from cobalamin.app.render_due import country_of
from cobalamin.knowledge.library import Library
from cobalamin.spans import Span, add
from cobalamin.therapy import wording
from cobalamin.therapy.case import Event
from cobalamin.therapy.day_words import date_words, month_words
from cobalamin.therapy.done_checks import DUE, MISSING, CheckState
from cobalamin.therapy.due_words import due_sentence
from cobalamin.therapy.evaluations import Evaluation
from cobalamin.therapy.items import Item
from cobalamin.therapy.record import record_on
from cobalamin.therapy.review import Review

LAST_DOSES, FEWEST_LINES = 3, 3
CREDIT = {
    "credited": "counted", "extra": "extra", "not_credited": "not counted", "excluded": "left out", "pending": "waiting",
}  # fmt: skip


def sheet_of_review(library: Library, seen: Review, look: Look, months: int = 12) -> dict[str, Any]:
    """The running treatment of an accepted plan as of the day of the review, and what comes in the next months."""
    country, plan = country_of(seen), seen.plan
    lines = Lines(library, country, look.professional, plan.product if plan else None)
    valid = valid_until(seen.valid_until or library.review_by)
    page = head("Vitamin B12 treatment: what is due and what comes next", seen.on, country, look)
    page |= {
        "kicker": _accepted_by(seen),
        "heading": "Vitamin B12 treatment",
        "below": f"{lines.spelled(plan.protocol.title)} ({plan.accepted.protocol} version {plan.accepted.version})."
        if plan
        else "",
        "who": who_words(seen.case.patient),
        "now": _due_now(lines, seen),
        "important": interrupting(lines, seen.issues),
        "rows": lines.rows(_coming(seen, months), seen.on),
        "medicine": lines.medicine(plan.phases if plan else ()),
        "done": [*_told_before(seen), *_doses_done(seen.evaluations, country)],
        "questions": [
            *({"text": lines.spelled(each.text), "until": f"Until then: {each.default}."} for each in seen.questions),
            *_day_not_known(seen),
            *not_known(lines, seen.issues),
        ],
        "under_rows": [*_if_given_now(seen), *lines.below_rows(seen.policy)],
    }
    return finished(page, lines, seen.case.patient, seen.issues, seen.on, valid)


def _day_not_known(seen: Review) -> Iterator[dict[str, str]]:
    if seen.outlook.early_target is not None:
        yield {
            "text": "On which day was the last dose?",
            "until": "Only its month is recorded, so the dates may still move.",
        }


def _accepted_by(seen: Review) -> str:
    if seen.plan is None or not seen.plan.accepted.accepted_by:
        return upper_first(TO_DISCUSS)
    accepted = seen.plan.accepted
    dated = f" on {date_words(accepted.accepted_on)}" if accepted.accepted_on else ""
    return f"Plan accepted by {entered(accepted.accepted_by)}{dated}"


# -- what is due, what was done --------------------------------------------------------------------------------------


def _due_now(lines: Lines, seen: Review) -> dict[str, Any]:
    cites = seen.open_node.cites if seen.outlook.dates else ()
    sentence = due_sentence(seen.outlook, lines.country, plain=not lines.professional)
    more = []
    if seen.appointment is not None:
        note = "" if seen.appointment.in_window else ", the first open day after the window"
        more.append(f"Suggested appointment: {date_words(seen.appointment.on)}{note}.")
    more += [f"{_check_words(lines, check)} No result is recorded." for check in _missing(seen.checks)]
    return {"text": lines.said(sentence, cites), "more": more}


def _check_words(lines: Lines, check: CheckState) -> str:
    name = f"Blood test ({lines.marker(check.item.marker)})" if check.item.marker else "Review"
    return f"{name} was due {date_words(check.due)}, in time through {date_words(check.through)}."


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


def _if_given_now(seen: Review) -> list[str]:
    """What the dates behind an overdue dose are counted from."""
    overdue = [
        item for item in seen.upcoming if item.kind == "dose" and item.overdue_from and item.overdue_from <= seen.on
    ]
    return [f"Later doses are counted as if the overdue one were given on {date_words(seen.on)}."] if overdue else []


def _told_before(seen: Review) -> list[str]:
    """What is told of treatment before this record."""
    events = record_on(seen.case, seen.on).events
    return [f"Before this record: {history_words(event)}." for event in events if event.kind == "history"]


def _doses_done(evaluations: tuple[Evaluation, ...], country: str) -> list[str]:
    """How many doses are recorded, what they count for, and the last ones."""
    if not evaluations:
        return ["No dose is recorded yet."]
    counted = sum(entry.credit == "credited" for entry in evaluations)
    number = len(evaluations)
    told = f"{number} dose{'' if number == 1 else 's'} recorded since {day_of(evaluations[0])}, {counted} counted."
    return [told, *(_dose_done(entry, country) for entry in evaluations[-LAST_DOSES:])]


def _dose_done(entry: Evaluation, country: str) -> str:
    dose = f"{entry.substance} {mass_text(entry.dose, country)}" if entry.dose else entry.substance
    counts = CREDIT[entry.credit]
    if entry.number and entry.phase:
        counts += f" as {wording.phase_words(entry.phase)} dose {entry.number}"
    return f"{day_of(entry)}: {dose or 'dose not recorded'}, {counts}."


def day_of(entry: Evaluation) -> str:
    return date_words(entry.event.on) if entry.event.on and not entry.event.month else month_words(entry.on)


def history_words(event: Event) -> str:
    """How far treatment had got elsewhere, and who says so."""
    data = event.data
    last = data["last_dose"]
    told = date_words(last) if isinstance(last, date) else "not known" if last == "unknown" else month_words(str(last))
    parts = [f"{entered(str(data['phase']))}, last dose {told}"]
    interval = data.get("interval")
    parts += [interval.every] if isinstance(interval, Span) else []
    parts += [f"{data['doses']} doses of loading"] if data.get("doses") else []
    parts += [f"told by {entered(str(data['asserted_by']))}"] if data.get("asserted_by") else []
    return ", ".join(parts)
