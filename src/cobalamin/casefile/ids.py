"""Ids of events: each stands once in a record, so that a correction can never take back two entries (contract, section 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cobalamin.knowledge.document import Tree
from cobalamin.records import replace
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Correction, replacements

_OF_THE_WRITING = ("recorded_at", "written_with")  # say nothing of what happened


def made_of(entry: dict[str, Tree], date_key: str) -> str:
    """An id made from date, kind and content, never from the position."""
    told = sorted((key, repr(value)) for key, value in entry.items() if key not in (date_key, *_OF_THE_WRITING))
    return f"{entry.get(date_key)}-{entry.get('kind')}-{hashlib.sha256(repr(told).encode()).hexdigest()[:8]}"


def ids_of(record: Iterable[Event]) -> set[str]:
    """The ids of all entries, those that a correction put in as well."""
    return {event.id for event in (*record, *replacements(record))}


def with_own_id(event: Event, taken: set[str]) -> Event:
    """The event under an id that no other has, which is added to `taken`; so too what it puts in."""
    own = _own(event, taken)
    if not isinstance(own, Correction) or own.replaced_by is None:
        return own
    return replace(own, replaced_by=_own(own.replaced_by, taken))


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """Of equal entries the first keeps its id, the next get `.2`, `.3` in the order of writing."""
    known, name, number = set(taken), wanted, 1
    while name in known:
        number += 1
        name = f"{wanted}.{number}"
    return name


def _own(event: Event, taken: set[str]) -> Event:
    name = free_id(event.id, taken)
    taken.add(name)
    return event if name == event.id else replace(event, id=name)
