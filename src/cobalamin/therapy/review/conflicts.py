"""Entries of a record that can't both hold: two intervals or histories, and a dose told by its day and by its month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from cobalamin.knowledge.library import english
from cobalamin.spans import Span
from cobalamin.text.days import date_words, month_words
from cobalamin.therapy.case.answered import is_answered
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import History, decides
from cobalamin.therapy.case.record import Record, interval_in_effect
from cobalamin.therapy.review.doubts import cancel, what_it_decides
from cobalamin.therapy.words.wording import phase_words

TWO_INTERVALS, TWO_HISTORIES, SAME_DOSE = "TWO_INTERVALS", "TWO_HISTORIES", "SAME_DOSE"
TWO_DECISIONS = "TWO_DECISIONS"
Conflict = tuple[str, dict[str, object]]


def conflicts(record: Record) -> Iterator[Conflict]:
    """Each conflict that nobody has answered, as the code and the fields of its question."""
    yield from _intervals(record)
    yield from _histories(record)
    yield from _cancelled(record)
    for event in record.events:
        if event.kind == "administration" and event.month and has_a_day_too(event, record):
            yield SAME_DOSE, {"month": month_words(event.month), "event": event.id}


def day_of(event: Event) -> str:
    """The day of an entry in words, or the month where no day is known."""
    return month_words(event.month) if event.month else date_words(event.on) if event.on else ""


def has_a_day_too(event: Event, record: Record) -> bool:
    """Whether a dose known by its month has another of that month beside it, with its day."""
    doses = (each for each in record.events if each.kind == "administration" and not each.month)
    return any(str(each.on)[:7] == event.month for each in doses)


def _intervals(record: Record) -> Iterator[Conflict]:
    decided = [each for each in record.events if decides(each, "change_interval") and interval_in_effect(each)]
    for first, second in pairwise(decided):
        spans = [interval_in_effect(each) for each in (first, second)]
        if first.on == second.on and spans[0] != spans[1]:
            told = " | ".join(f"{_every(span)}: withdraw the other one" for span in spans)
            fields: dict[str, object] = {
                "day": day_of(second),
                "first": _every(spans[0]),
                "second": _every(spans[1]),
                "options": told,
            }
            yield TWO_INTERVALS, fields


def _cancelled(record: Record) -> Iterator[Conflict]:
    """Two decisions of one day of which one takes back the other: the later in the order of the day holds (hazard H108)."""
    for place, second in enumerate(record.events):
        for first in record.events[:place]:
            if cancel(first, second) and not _looked_at_both(record, first, second):
                told = (_decided(first), _decided(second))
                fields = dict(zip(("first", "second"), told, strict=True))
                yield TWO_DECISIONS, {"day": day_of(second), **fields, "first_id": first.id, "second_id": second.id}


def _looked_at_both(record: Record, first: Event, second: Event) -> bool:
    return all(is_answered(record.events, TWO_DECISIONS, each) for each in (first, second))


def _decided(event: Event) -> str:
    return english().text(f"questions.TWO_DECISIONS__{what_it_decides(event)}")


def _every(span: Span | None) -> str:
    return span.every if span else ""


def _histories(record: Record) -> Iterator[Conflict]:
    told = [each for each in record.events if isinstance(each, History)]
    for first, second in pairwise(told):
        if _differ(first, second) and not is_answered(record.events, TWO_HISTORIES, second):
            yield TWO_HISTORIES, {"first": _history(first), "second": _history(second)}


def _differ(first: History, second: History) -> bool:
    """Whether two histories say otherwise; a day where there was none, or only its month, adds and does not contradict."""
    if first.phase != second.phase:
        return True
    known, later = str(first.last_dose), str(second.last_dose)
    return known != "unknown" and not later.startswith(known)


def _history(event: History) -> str:
    last = event.last_dose
    words = date_words(last) if isinstance(last, date) else "unknown" if last == "unknown" else month_words(last)
    phase = phase_words(event.phase)
    return english().text("questions.TWO_HISTORIES__one", phase=phase, last=words, day=day_of(event))
