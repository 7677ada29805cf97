"""A day on which a clinic is open, near a day on which a dose or check is due. Clinical dates never depend on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from msgspec import Struct

OpenDays = Callable[[date], bool]
_LOOK_AHEAD = 60


class Appointment(Struct, frozen=True):
    """The suggested day; `in_window` is false where no open day lies within the window."""

    on: date
    in_window: bool


def suggest(target: date, first: date, last: date, on: date, is_free: OpenDays) -> Appointment | None:
    """The open day nearest to `target` from `first` through `last`, not before `on`; of two as near, the earlier.

    Where there is none, the first open day after; None where no day is open within two months.
    """
    begin = max(first, on)
    days = [begin + timedelta(days=number) for number in range((last - begin).days + 1)]
    inside = sorted((day for day in days if is_free(day)), key=lambda day: (abs((day - target).days), day))
    if inside:
        return Appointment(inside[0], True)
    after = max(last + timedelta(days=1), on)
    later = (after + timedelta(days=number) for number in range(_LOOK_AHEAD))
    found = next((day for day in later if is_free(day)), None)
    return Appointment(found, False) if found else None
