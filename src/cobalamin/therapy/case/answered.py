"""What a clinician has looked at: decisions `reviewed`, which end exactly what they name, up to their day (contract, section 1).

Nobody can have looked at what was not in the record yet: what is written down after a `reviewed` rises, whatever its day (hazard H79).
"""

from __future__ import annotations

from datetime import date
from typing import TypeGuard

from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Decision, decides

REVIEWED = "reviewed"
UNIT_WRONG = "unit wrong"  # the finding that takes one result (`event`) out of every comparison


def names(event: Event, code: str) -> TypeGuard[Decision]:
    """Whether this event is a `reviewed` that names an issue, a question or a review by its code."""
    return decides(event, REVIEWED) and code in event.answers


def is_looked_at(record: tuple[Event, ...], code: str, day: date) -> bool:
    """Whether somebody looked on `day` or later: for what days bring by themselves, and no entry."""
    return any(event.on is not None and event.on >= day and names(event, code) for event in record)


def stood_before(entry: Event, answer: Event) -> bool:
    """Whether the entry was in the record when the answer was written: by its place and, where both tell it, by the day."""
    if entry.recorded_at and answer.recorded_at and entry.recorded_at[:10] > answer.recorded_at[:10]:
        return False
    return entry.written <= answer.written


def can_answer(answer: Event, entry: Event) -> bool:
    """Whether an answer can be about an entry: it is dated up to the answer's day, and stood in the record before it."""
    if answer.on is None or entry.on is None or answer.on < entry.on:
        return False
    return stood_before(entry, answer)


def is_answered(record: tuple[Event, ...], code: str, entry: Event | str) -> bool:
    """Whether an entry (or every entry of this id) was looked at; a `reviewed` with an `event` is about that one alone."""
    entries = [event for event in record if event.id == entry] if isinstance(entry, str) else [entry]
    answers = [event for event in record if names(event, code)]
    return bool(entries) and all(any(_is_about(answer, each) for answer in answers) for each in entries)


def _is_about(answer: Decision, entry: Event) -> bool:
    return answer.event in ("", entry.id) and can_answer(answer, entry)


def unit_wrong(record: tuple[Event, ...]) -> frozenset[str]:
    """The results (their ids) of which a clinician has said that the unit is wrong."""
    return frozenset(event.event for event in record if says_unit_wrong(event))


def says_unit_wrong(event: Event) -> TypeGuard[Decision]:
    """Whether a clinician says that the unit of one result is wrong."""
    return decides(event, REVIEWED) and bool(event.event) and event.finding.strip().casefold() == UNIT_WRONG


def review_command(code: str, event: str = "") -> str:
    """The command that records that a clinician has looked at it; with an event, at that entry alone."""
    one = f" event={event}" if event else ""
    return f"cobalamin record CASE decision reviewed answers={code}{one} by=NAME finding=TEXT"
