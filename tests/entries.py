"""Entries of a record for tests, from their keys as they stand in a file and typed values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import event_of


def entry(
    name: str,
    kind: str,
    on: date | None,
    month: str = "",
    *,
    source: str = "this_site",
    data: Mapping[str, object] | None = None,
) -> Event:
    """An entry of this kind; a list stands for the tuple that is read from it."""
    told = {key: tuple(value) if isinstance(value, list) else value for key, value in (data or {}).items()}
    return event_of(kind, name, on, month, source=source, **told)
