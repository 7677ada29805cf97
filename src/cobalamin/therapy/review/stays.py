"""How long an answer stays as it is without new information: the review as a whole, and the dates of its schedule alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from msgspec import Struct

DOSE_LATE, DECIDE, LIBRARY, RECORDED, OTHERWISE = "dose_late", "decide", "library", "recorded", "otherwise"
_NEXT = timedelta(days=1)
_ON_ITS_WAY = frozenset({"not_yet_due", "bookable", "due"})  # the same dates, nearer
_LATE = frozenset({"overdue", "perhaps_overdue", "review_needed"})


class Holds(Struct, frozen=True):
    """The last day on which the dates of a schedule stand, and what ends that; no day: nothing does by itself."""

    until: date | None
    why: str = OTHERWISE


def last_day_alike(
    on: date, certain: Iterable[date], candidates: Iterable[date], signature: Callable[[date], object]
) -> date | None:
    """The last day before something changes. `certain`: days that change it; `candidates`: days that may."""
    first_certain = min((day for day in certain if day > on), default=None)
    now = signature(on)
    for day in sorted(candidates):
        if first_certain is not None and day >= first_certain:
            break
        if signature(day) != now:
            return day - _NEXT
    return first_certain - _NEXT if first_certain else None


def schedule_holds(
    on: date,
    recorded: Iterable[date],
    library: date,
    candidates: Iterable[date],
    told: Callable[[date], tuple[str, bool]],
) -> Holds:
    """Until when the dates hold. `told`: the status of a day, and whether it asks how treatment goes on.

    That a dose comes nearer moves no date; that it is late does.
    """

    def as_scheduled(day: date) -> tuple[str, bool]:
        status, decide = told(day)
        return "on_its_way" if status in _ON_ITS_WAY else status, decide

    recorded = tuple(recorded)
    until = last_day_alike(on, (*recorded, library), candidates, as_scheduled)
    if until is None:
        return Holds(None)
    after = until + _NEXT
    if after in recorded:
        return Holds(until, RECORDED)
    if after == library:
        return Holds(until, LIBRARY)
    status, decide = told(after)
    return Holds(until, DOSE_LATE if status in _LATE else DECIDE if decide else OTHERWISE)
