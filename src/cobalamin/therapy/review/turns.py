"""The order in which the events of a record count, at either end of what is known by its month only.

A history counts on the day from which it speaks, not on the day on which it was written down (contract, section 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from cobalamin.records import replace
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import History
from cobalamin.therapy.case.record import in_order, month_ends

Turn = tuple[date, int, int, int, str]


class Begun(NamedTuple):
    """When a plan was written down, and the day from which it is in force."""

    written: date
    begins: date


def in_turn(events: Iterable[Event], begun: Sequence[Begun], start: date, early: bool) -> list[Event]:
    """The events in their order. `begun`: the plans; `start`: of the first. `early`: a month counts as its first day, else its last.

    Histories come with a last dose that is a day or unknown.
    """
    placed = (_first_day(event, start) if early else event for event in events)
    turns = ((_speaking(event, begun, early), event) for event in placed)
    return [event for event, written in sorted(turns, key=lambda pair: _turn(*pair))]


def _turn(event: Event, written: Event) -> Turn:
    day, kind, source, amount, name = in_order(event)
    if not isinstance(event, History):
        return day, kind, source, amount, name
    last, own = event.last_dose, written.on or date.max  # of two that speak on one day, the later last dose stands
    return day, kind, (last if isinstance(last, date) else own).toordinal(), own.toordinal(), name


def _first_day(event: Event, start: date) -> Event:
    """The first day on which it may have been; in the month in which the plan starts, not before its start."""
    if not event.month:
        return event
    first, last = month_ends(event.month)
    return replace(event, on=start if first < start <= last else first)


def _speaking(event: Event, begun: Sequence[Begun], early: bool) -> Event:
    """A history on the day of its last dose, or on which its plan came into force if that is later; others as they are.

    A last dose known by its month is the month's first or last day; the history speaks from the last in both.
    """
    if not isinstance(event, History) or event.on is None:
        return event
    written = event.on
    known = [plan.begins for plan in begun if plan.written <= written]
    begins = known[-1] if known else begun[0].begins if begun else date.min
    latest = _last_dose(event, early=False)
    if latest is None:
        return replace(event, on=max(written, begins))
    last = _last_dose(event, early) or event.last_dose
    return replace(event, on=max(latest, begins), last_dose=last, covers=latest)


def _last_dose(history: History, early: bool) -> date | None:
    """The day of the last dose that a history tells; None where nobody knows it."""
    told = history.last_dose
    if isinstance(told, date) or told == "unknown":
        return told if isinstance(told, date) else None
    first, last = month_ends(str(told))
    return first if early else min(last, history.on or last)


def covers_through(history: History) -> date:
    """The last day whose doses a history that stands in its turn already counts, in either reading of a month."""
    return history.covers or history.on or date.min
