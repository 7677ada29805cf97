"""The record as it stands on a day: corrections applied, later events not yet there.

The order in which events were entered never matters.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date

from cobalamin.therapy.case import Case, Event


def record_as_of(case: Case, on: date) -> tuple[Event, ...]:
    """The events up to `on`, without those that a correction withdrew and with what it put in their place.

    An event dated by its month counts from the first day of that month and is placed on its last: what may already have
    happened is not left out.
    """
    seen = [event for event in case.record if _begins(event) <= on]
    corrections = [event for event in seen if event.kind == "correction"]
    withdrawn = {str(event.data.get("withdraws")) for event in corrections}
    replacements = [event.data.get("replaced_by") for event in corrections if event.id not in withdrawn]
    kept = [event for event in seen if event.id not in withdrawn and event.kind != "correction"]
    kept += [event for event in replacements if isinstance(event, Event) and _begins(event) <= on]
    return tuple(sorted((_placed(event) for event in kept), key=lambda event: (event.on or date.min, event.id)))


def _begins(event: Event) -> date:
    if event.on is not None:
        return event.on
    return date.fromisoformat(f"{event.month}-01") if event.month else date.max


def _placed(event: Event) -> Event:
    if event.on is not None:
        return event
    first = _begins(event)
    return replace(event, on=first.replace(day=monthrange(first.year, first.month)[1]))
