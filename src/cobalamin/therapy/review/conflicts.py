"""Entries of a record that can't both hold: two intervals or histories, and a dose told by its day and by its month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from cobalamin.knowledge.words import Words
from cobalamin.spans import Span
from cobalamin.text.days import date_words, month_words
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


def conflicts(record: Record, words: Words) -> Iterator[Conflict]:
    """Each conflict that nobody has answered."""
    yield from _intervals(record, words)
    yield from _histories(record, words)
    yield from _cancelled(record, words)
    for event in record.events:
        if event.kind == "administration" and event.month and has_a_day_too(event, record):
            yield Conflict(SAME_DOSE, {"month": month_words(event.month, words), "event": event.id}, event.on)


def day_of(event: Event, words: Words) -> str:
    """The day of an entry in words, or the month where no day is known."""
    return month_words(event.month, words) if event.month else date_words(event.on, words) if event.on else ""


def has_a_day_too(event: Event, record: Record) -> bool:
    """Whether a dose known by its month has another of that month beside it, with its day."""
    doses = (each for each in record.events if each.kind == "administration" and not each.month)
    return any(str(each.on)[:7] == event.month for each in doses)


def _intervals(record: Record, words: Words) -> Iterator[Conflict]:
    decided = [each for each in record.events if decides(each, "change_interval") and interval_in_effect(each)]
    for first, second in pairwise(decided):
        spans = [interval_in_effect(each) for each in (first, second)]
        if first.on == second.on and spans[0] != spans[1] and not _looked_at_both(record, TWO_INTERVALS, first, second):
            fields = _of_two(first, second, words, *map(_every, spans))
            yield Conflict(TWO_INTERVALS, fields, second.on)


def _cancelled(record: Record, words: Words) -> Iterator[Conflict]:
    """Two decisions of one day of which one takes back the other: the later in the order of the day holds (hazard H108)."""
    for place, second in enumerate(record.events):
        for first in record.events[:place]:
            if cancel(first, second) and not _looked_at_both(record, TWO_DECISIONS, first, second):
                fields = _of_two(first, second, words, _decided(first, words), _decided(second, words))
                about_cover = bool({what_it_decides(first), what_it_decides(second)} & set(COVERS))
                yield Conflict(TWO_DECISIONS, fields, second.on, about_cover)


def _of_two(first: Event, second: Event, words: Words, *told: str) -> dict[str, object]:
    """The fields of a question about two entries of a day, with what each says."""
    said = dict(zip(("first", "second"), told, strict=True))
    return {"day": day_of(second, words), **said, "first_id": first.id, "second_id": second.id}


def _looked_at_both(record: Record, code: str, first: Event, second: Event) -> bool:
    return all(is_answered(record.events, code, each) for each in (first, second))


def _decided(event: Event, words: Words) -> str:
    interval = _every(interval_in_effect(event)) if decides(event, "change_interval") else ""
    return words.text(f"questions.TWO_DECISIONS__{what_it_decides(event)}", interval=interval)


def _every(span: Span | None) -> str:
    return span.every if span else ""


def _histories(record: Record, words: Words) -> Iterator[Conflict]:
    histories = [each for each in record.events if isinstance(each, History)]
    for first, second in pairwise(histories):
        if _differ(first, second) and not is_answered(record.events, TWO_HISTORIES, second):
            told = _of_two(first, second, words, _history(first, words), _history(second, words))
            del told["day"]
            yield Conflict(TWO_HISTORIES, told, second.on)


def _differ(first: History, second: History) -> bool:
    """Whether two histories say otherwise; a day where there was none, or only its month, adds and does not contradict."""
    if first.phase != second.phase:
        return True
    known, later = str(first.last_dose), str(second.last_dose)
    return known != "unknown" and not later.startswith(known)


def _history(event: History, words: Words) -> str:
    last = event.last_dose
    day = (
        date_words(last, words)
        if isinstance(last, date)
        else "unknown"
        if last == "unknown"
        else month_words(last, words)
    )
    phase = phase_name(event.phase)
    return words.text("questions.TWO_HISTORIES__one", phase=phase, last=day, day=day_of(event, words))
