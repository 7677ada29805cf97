"""A protocol's time axis in one line of plain characters: the first days magnified, then month by month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from cobalamin.app.services.compared import Say
from cobalamin.spans import Span, add
from cobalamin.therapy.comparison.amounts import days_taken
from cobalamin.therapy.comparison.ways import Way
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.schedule import Scheduled

COLUMNS = 45
EMPTY, TABLETS, DECISION, MANY = ".", "=", "?", "+"


def days_a_column(days: int) -> int:
    return -(-days // COLUMNS)


def early_axis(way: Way, start: date, days: int) -> str:
    """One character for every `days_a_column` days of the first stretch."""
    step = days_a_column(days)
    edges = [start + timedelta(days=min(day, days)) for day in range(0, days + step, step)]
    return "".join(_cell(way.entries, *pair) for pair in pairwise(edges) if pair[0] < pair[1])


def months_axis(way: Way, start: date, days: int) -> str:
    """One character for each month from the first that begins after the first stretch to the end of the first year."""
    edges = [add(start, Span(month, "mo")) for month in range(_first_month(start, days), 13)]
    return "".join(_cell(way.entries, *pair) for pair in pairwise(edges))


def _first_month(start: date, days: int) -> int:
    """Whole months from the start to the first that begins after the first stretch."""
    return next(month for month in range(1, 26) if add(start, Span(month, "mo")) >= start + timedelta(days=days))


def ruler(start: date, days: int, say: Say) -> str:
    """Day numbers over the first stretch and month numbers over the rest."""
    step, columns = days_a_column(days), -(-days // days_a_column(days))
    line = ""
    for column in range(columns):
        if column == 0 or (column % 7 == 0 and column < columns - 4):
            line = f"{line:<{column}}{'' if column else say('compare.ruler_day')}{column * step + 1}"
    first = _first_month(start, days)
    return f"{line:<{columns}}  {say('compare.ruler_months', first=first + 1)}" if first < 12 else line


def _cell(entries: Iterable[Scheduled], begin: date, end: date) -> str:
    doses, other = 0, ""
    for entry in entries:
        if entry.on is None or entry.on >= end:
            continue
        if entry.kind == schedule.DOSE:
            doses += entry.on >= begin
        elif entry.kind == schedule.COURSE and _taken(entry, entry.on, begin, end):
            other = TABLETS
        elif entry.kind == schedule.OPEN_END and entry.on >= begin:
            other = other or DECISION
    if doses:
        return str(doses) if doses < 10 else MANY
    return other or EMPTY


def _taken(entry: Scheduled, on: date, begin: date, end: date) -> bool:
    last = min(end, entry.until + timedelta(days=1)) if entry.until else end
    spacing = entry.phase.spacing
    return days_taken(spacing, (last - on).days) > days_taken(spacing, (max(begin, on) - on).days)
