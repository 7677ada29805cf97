"""Entries of a record that can't both hold: two intervals or histories, and a dose told by its day and by its month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from cobalamin.spans import Span
from cobalamin.text.messages import Text, day, message, month
from cobalamin.therapy.case.answered import is_answered
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import History, decides
from cobalamin.therapy.case.record import Record, interval_in_effect
from cobalamin.therapy.review.doubts import cancel, what_it_decides
from cobalamin.therapy.words.wording import phase_name

TWO_INTERVALS, TWO_HISTORIES, SAME_DOSE = "TWO_INTERVALS", "TWO_HISTORIES", "SAME_DOSE"
TWO_DECISIONS = "TWO_DECISIONS"
COVERS = ("stop", "hold", "pause", "bridge")  # what ends or interrupts treatment: no date rests on it


class Conflict(NamedTuple):
    """Two entries that can't both hold: the code and the fields of its question, and the day of the later one.

    `about_cover`: one of them stops or interrupts treatment.
    """

    code: str
    fields: dict[str, object]
    on: date | None
    about_cover: bool = False


def conflicts(record: Record) -> Iterator[Conflict]:
    """Each conflict that nobody has answered."""
    yield from _intervals(record)
    yield from _histories(record)
    yield from _cancelled(record)
    for event in record.events:
        if event.kind == "administration" and event.month and has_a_day_too(event, record):
            yield Conflict(SAME_DOSE, {"month": month(event.month), "event": event.id}, event.on)


def day_of(event: Event) -> Text:
    """The day of an entry, or the month where no day is known."""
    return month(event.month) if event.month else day(event.on) if event.on else ""


def has_a_day_too(event: Event, record: Record) -> bool:
    """Whether a dose known by its month has another of that month beside it, with its day."""
    doses = (each for each in record.events if each.kind == "administration" and not each.month)
    return any(str(each.on)[:7] == event.month for each in doses)


def _intervals(record: Record) -> Iterator[Conflict]:
    decided = [each for each in record.events if decides(each, "change_interval") and interval_in_effect(each)]
    for first, second in pairwise(decided):
        spans = [interval_in_effect(each) for each in (first, second)]
        if first.on == second.on and spans[0] != spans[1] and not _looked_at_both(record, TWO_INTERVALS, first, second):
            fields = _of_two(first, second, *map(_every, spans))
            yield Conflict(TWO_INTERVALS, fields, second.on)


def _cancelled(record: Record) -> Iterator[Conflict]:
    """Two decisions of one day of which one takes back the other: the later in the order of the day holds (hazard H108)."""
    for place, second in enumerate(record.events):
        for first in record.events[:place]:
            if cancel(first, second) and not _looked_at_both(record, TWO_DECISIONS, first, second):
                fields = _of_two(first, second, _decided(first), _decided(second))
                about_cover = bool({what_it_decides(first), what_it_decides(second)} & set(COVERS))
                yield Conflict(TWO_DECISIONS, fields, second.on, about_cover)


def _of_two(first: Event, second: Event, *told: Text) -> dict[str, object]:
    """The fields of a question about two entries of a day, with what each says."""
    said = dict(zip(("first", "second"), told, strict=True))
    return {"day": day_of(second), **said, "first_id": first.id, "second_id": second.id}


def _looked_at_both(record: Record, code: str, first: Event, second: Event) -> bool:
    return all(is_answered(record.events, code, each) for each in (first, second))


def _decided(event: Event) -> Text:
    interval = _every(interval_in_effect(event)) if decides(event, "change_interval") else ""
    return message(f"questions.TWO_DECISIONS__{what_it_decides(event)}", interval=interval)


def _every(span: Span | None) -> str:
    return span.every if span else ""


def _histories(record: Record) -> Iterator[Conflict]:
    histories = [each for each in record.events if isinstance(each, History)]
    for first, second in pairwise(histories):
        if _differ(first, second) and not is_answered(record.events, TWO_HISTORIES, second):
            told = _of_two(first, second, _history(first), _history(second))
            del told["day"]
            yield Conflict(TWO_HISTORIES, told, second.on)


def _differ(first: History, second: History) -> bool:
    """Whether two histories say otherwise; a day where there was none, or only its month, adds and does not contradict."""
    if first.phase != second.phase:
        return True
    known, later = str(first.last_dose), str(second.last_dose)
    return known != "unknown" and not later.startswith(known)


def _history(event: History) -> Text:
    last, phase = event.last_dose, phase_name(event.phase)
    on = day(last) if isinstance(last, date) else last if last == "unknown" else month(last)
    return message("questions.TWO_HISTORIES__one", phase=phase, last=on, day=day_of(event))
