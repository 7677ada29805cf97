"""A calendar file (RFC 5545): dated all-day events, each with the number of its revision, and what an earlier file held.

Doses are never a recurrence rule: calendar programs skip months that lack the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cobalamin import __version__
from cobalamin.app.ics.entries import CANCELLED, About, Entry, neutral_title, neutral_titles, tells_of_what_waits
from cobalamin.app.services import extras, shipped

Component = Any  # of icalendar, which is only there with the extra `paper`
_PRODUCT = "-//cobalamin//"
_CASE, _NEXT = "X-COBALAMIN-CASE", "X-COBALAMIN-NEXT-SEQUENCE"
_CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Held:
    """An event of an earlier file."""

    on: date
    title: str
    content: tuple[object, ...]
    sequence: int
    cancelled: bool


@dataclass(frozen=True)
class Earlier:
    """An earlier file of this program: of which case, its events, and where a number must begin that it forgot."""

    case: str
    events: dict[str, Held]
    next_sequence: int


@dataclass(frozen=True)
class Changes:
    """How many events are new, changed, as they were, and cancelled."""

    new: int
    changed: int
    kept: int
    cancelled: int


def load_icalendar() -> Any:
    """The library that writes calendars. Raises InputError with how to get it."""
    extras.need("calendar", "paper", "icalendar")
    import icalendar  # only this command needs it

    return icalendar


# -- reading an earlier file -----------------------------------------------------------------------------------------


def read_earlier(content: bytes) -> Earlier | None:
    """What an earlier file of this program held; None for anything else."""
    icalendar = load_icalendar()
    try:
        calendar = icalendar.Calendar.from_ical(content)
        if not str(calendar.get("PRODID", "")).startswith(_PRODUCT):
            return None
        events = {str(event["UID"]): _held(event) for event in calendar.walk("VEVENT")}
        return Earlier(str(calendar.get(_CASE, "")), events, _whole(calendar.get(_NEXT, 0)))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def _held(event: Component) -> Held:
    status = str(event.get("STATUS", ""))
    on = event["DTSTART"].dt
    content = _content(event)
    return Held(
        on.date() if isinstance(on, datetime) else on,
        str(event.get("SUMMARY", "")),
        content,
        _whole(event.get("SEQUENCE", 0)),
        status == _CANCELLED,
    )


def _whole(value: object) -> int:
    return max(int(str(value)), 0)


def _content(event: Component) -> tuple[object, ...]:
    """What a person sees of an event: its day, title, text, state and alarm, without the day the file was made."""
    made = shipped.library().own_words.text("calendar.made_on", date="")
    text = [line for line in str(event.get("DESCRIPTION", "")).split("\n") if not line.startswith(made)]
    alarms = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    return event["DTSTART"].dt, str(event.get("SUMMARY", "")), text, str(event.get("STATUS", "")), alarms


# -- writing ---------------------------------------------------------------------------------------------------------


def calendar_bytes(
    entries: Iterable[Entry], about: About, alarm: timedelta | None, earlier: Earlier | None
) -> tuple[bytes, Changes]:
    """The file, and what changed since the earlier one.

    What fell away and still lies ahead is kept once as cancelled; what has passed stays in a calendar as it was.
    """
    held = earlier.events if earlier else {}
    begin = earlier.next_sequence if earlier else 0
    calendar, counts = _head(about), {"new": 0, "changed": 0, "kept": 0, "cancelled": 0}
    seen: set[str] = set()
    for entry in entries:
        event = _event(entry, about, alarm)
        how, sequence = _revision(event, held.get(entry.uid), begin)
        counts[how] += 1
        event.add("sequence", sequence)
        calendar.add_component(event)
        seen.add(entry.uid)
    for uid, old in held.items():
        if uid in seen:
            continue
        passed = old.on <= about.on and not tells_of_what_waits(old.title)  # it happened; what waits did not
        if old.cancelled or passed:
            begin = max(begin, old.sequence + 1)  # forgotten now; if it comes back, readers must believe the new one
        else:
            calendar.add_component(_cancelled(uid, old, about))
            counts["cancelled"] += 1
    if begin:
        calendar.add(_NEXT, str(begin))
    content: bytes = calendar.to_ical()
    return content, Changes(**counts)


def _revision(event: Component, old: Held | None, begin: int) -> tuple[str, int]:
    if old is None:
        return "new", begin
    same = not old.cancelled and _content(event) == old.content
    return ("kept", old.sequence) if same else ("changed", old.sequence + 1)


def _head(about: About) -> Component:
    icalendar = load_icalendar()
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"{_PRODUCT}cobalamin {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = shipped.library().own_words.text("calendar.named" if about.name else "calendar.unnamed", name=about.name)
    calendar.add("x-wr-calname", icalendar.vText(name))
    calendar.add(_CASE, about.case)
    return calendar


def _event(entry: Entry, about: About, alarm: timedelta | None) -> Component:
    icalendar = load_icalendar()
    event = _bare(entry.uid, entry.on, entry.title, about)
    event.add("description", "\n".join((*entry.text, entry.made)))
    event.add("status", "TENTATIVE" if entry.tentative else "CONFIRMED")
    if alarm is not None:
        reminder = icalendar.Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("description", entry.title)
        reminder.add("trigger", alarm)
        event.add_component(reminder)
    return event


def _cancelled(uid: str, old: Held, about: About) -> Component:
    known = (each for each in neutral_titles() if old.title.startswith(each))
    title = old.title if about.name else next(known, neutral_title(CANCELLED))
    event = _bare(uid, old.on, title, about)
    event.add("description", shipped.library().own_words.text("calendar.dropped"))
    event.add("status", _CANCELLED)
    event.add("sequence", old.sequence + 1)
    return event


def _bare(uid: str, on: date, title: str, about: About) -> Component:
    event = load_icalendar().Event()
    event.add("uid", uid)
    event.add("dtstamp", datetime.combine(about.on, time(), UTC))  # the day of assessment, never the clock
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
