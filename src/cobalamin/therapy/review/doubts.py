"""A doubt about an entry, and the doubts that other entries give: what it names, and what one of the same day or month says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct, field

from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.event_words import UNKNOWN
from cobalamin.therapy.case.events import Correction, Decision, History, Hold, Pause, Reaction, replacements
from cobalamin.therapy.case.record import PLAN_ID, TAKING_BACK_MARK, Record, withdrawn_ids

# What ends or starts treatment, each with what it cancels when both are of one day: the order of a day then decides (H108).
_CANCELS = {"stop": {"resume", "restart"}, "hold": {"resume", "restart"}, "pause": {"resume", "restart"},
            "bridge": {"resume", "restart"}, "credit": {"reject"},
            "advance": {"change_interval"}}  # fmt: skip


class Doubt(Struct, frozen=True):
    """One thing that makes an entry improbable: a code, and the values of its sentence."""

    code: str
    values: dict[str, object] = field(default_factory=dict)


def about_what_it_names(case: Case, event: Event, on: date) -> Iterator[Doubt]:
    """Ids that no entry has, or whose entry no longer counts, or that `undo` wrote."""
    named = _named(event)
    if named is None:
        return
    there = {entry.id for entry in (*case.record, *replacements(case.record))}
    there |= {PLAN_ID} if case.plan is not None and event.kind == "correction" else set()
    if named not in there:
        yield Doubt("ID_UNKNOWN", {"id": named})
    elif named in withdrawn_ids(case, on):
        yield Doubt("ID_WITHDRAWN", {"id": named})
    elif event.kind == "correction" and named.startswith(TAKING_BACK_MARK):
        yield Doubt("UNDO_STAYS", {"id": named})


def _named(event: Event) -> str | None:
    """The id of another entry that this one is about."""
    match event:
        case Correction():
            return event.withdraws
        case Decision():
            return event.event or None
        case Reaction():
            return None if event.to == UNKNOWN else event.to
    return None


def about_other_entries(event: Event, record: Record) -> Iterator[Doubt]:
    """Another entry of the day that says otherwise, and a dose that may be the same as one known by its month."""
    others = tuple(each for each in record.events if _says_otherwise(event, each) or cancel(event, each))
    if others:
        yield Doubt("SAID_OTHERWISE", {"day": event.on or event.month, "entries": others, "id": others[-1].id})
    if event.kind == "administration":
        yield from _of_its_month(event, record)


def _says(event: Event) -> tuple[object, ...]:
    """What one entry of a day says for all that follows; two that differ can't both hold. Empty for all other entries."""
    match event:
        case Decision(decision="change_interval"):
            return "change_interval", event.interval
        case Hold() | Pause():
            return event.kind, event.until
        case History():
            return event.kind, event.phase, event.last_dose, event.doses, event.interval
    return ()


def _says_otherwise(event: Event, other: Event) -> bool:
    says, against = _says(event), _says(other)
    same = other.id != event.id and other.on == event.on and says[:1] == against[:1]
    return same and says != against


def cancel(first: Event, second: Event) -> bool:
    """Whether two entries of one day cancel each other, in whichever order they were written."""
    if first.on is None or first.on != second.on or first.id == second.id:
        return False
    one, other = what_it_decides(first), what_it_decides(second)
    opposed = other in _CANCELS.get(one, ()) or one in _CANCELS.get(other, ())
    return opposed and _dose_decided(first) == _dose_decided(second)


def what_it_decides(event: Event) -> str:
    """The decision of an entry, else its kind."""
    return event.decision if isinstance(event, Decision) else event.kind


def _dose_decided(event: Event) -> str:
    """The dose that a decision is about; empty where it is about none."""
    return event.event if isinstance(event, Decision) else ""


def _of_its_month(event: Event, record: Record) -> Iterator[Doubt]:
    """A dose with its day beside one of the same month without, or the other way round: they may be one."""
    month = event.month or str(event.on)[:7]
    for other in record.events:
        if other.kind != "administration" or other.id == event.id or bool(other.month) == bool(event.month):
            continue
        if (other.month or str(other.on)[:7]) == month:
            by_month = {"month": month, "entries": (other,), "id": other.id, "entered": event}
            yield Doubt("SAME_MONTH" if other.month else "DAY_OF_MONTH", by_month)
            return
