"""A doubt about an entry, and the doubts that other entries give: what it names, and what one of the same day or month says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.record import PLAN_ID, TAKING_BACK_MARK, Record, withdrawn_ids

# What one entry of a day says for all that follows; two that differ can't both hold.
_SAYS = {"change_interval": ("interval",), "hold": ("until",), "pause": ("until",),
         "history": ("phase", "last_dose", "doses", "interval")}  # fmt: skip

# What ends or starts treatment, each with what it cancels when both are of one day: the order of a day then decides (H108).
_CANCELS = {"stop": {"resume", "restart"}, "hold": {"resume", "restart"}, "pause": {"resume", "restart"},
            "bridge": {"resume", "restart"}, "credit": {"reject"}}  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """One thing that makes an entry improbable: a code, and the values of its sentence."""

    code: str
    values: dict[str, object] = field(default_factory=dict)


def about_what_it_names(case: Case, event: Event, on: date) -> Iterator[Doubt]:
    """Ids that no entry has, or whose entry no longer counts, or that `undo` wrote."""
    named = _named(event)
    if named is None:
        return
    inside = (each.data.get("replaced_by") for each in case.record)
    there = {entry.id for entry in (*case.record, *inside) if isinstance(entry, Event)}
    there |= {PLAN_ID} if case.plan is not None and event.kind == "correction" else set()
    if named not in there:
        yield Doubt("ID_UNKNOWN", {"id": named})
    elif named in withdrawn_ids(case, on):
        yield Doubt("ID_WITHDRAWN", {"id": named})
    elif event.kind == "correction" and named.startswith(TAKING_BACK_MARK):
        yield Doubt("UNDO_STAYS", {"id": named})


def _named(event: Event) -> str | None:
    """The id of another entry that this one is about."""
    key = {"correction": "withdraws", "decision": "event", "reaction": "to"}.get(event.kind, "")
    named = event.data.get(key)
    return None if named is None or (event.kind == "reaction" and named == "unknown") else str(named)


def about_other_entries(event: Event, record: Record) -> Iterator[Doubt]:
    """Another entry of the day that says otherwise, and a dose that may be the same as one known by its month."""
    kind = what_it_decides(event)
    others = tuple(each for each in record.events if _says_otherwise(event, each, kind) or cancel(event, each))
    if others:
        yield Doubt("SAID_OTHERWISE", {"day": event.on or event.month, "entries": others, "id": others[-1].id})
    if event.kind == "administration":
        yield from _of_its_month(event, record)


def cancel(first: Event, second: Event) -> bool:
    """Whether two entries of one day cancel each other, in whichever order they were written."""
    if first.on is None or first.on != second.on or first.id == second.id:
        return False
    one, other = what_it_decides(first), what_it_decides(second)
    opposed = other in _CANCELS.get(one, ()) or one in _CANCELS.get(other, ())
    return opposed and first.data.get("event") == second.data.get("event")


def what_it_decides(event: Event) -> str:
    """The decision of an entry, else its kind."""
    return str(event.data["decision"]) if event.kind == "decision" else event.kind


def _says_otherwise(event: Event, other: Event, kind: str) -> bool:
    if kind not in _SAYS:
        return False
    same = other.id != event.id and what_it_decides(other) == kind and other.on == event.on
    return same and any(other.data.get(key) != event.data.get(key) for key in _SAYS[kind])


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
