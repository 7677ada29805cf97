"""Figures: data that a printer draws, in letters on a terminal and as a picture on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cobalamin.app.views.tree import Figure
from cobalamin.therapy.comparison.ways import Way


@dataclass(frozen=True)
class Ruler(Figure):
    """The scale over the time axes of a comparison. `legend`: what the letters of an axis mean."""

    start: date
    days: int
    legend: str


@dataclass(frozen=True)
class Axis(Figure):
    """One way to follow a protocol, along the first days and then by months."""

    name: str
    way: Way
    start: date
    days: int


@dataclass(frozen=True)
class Measure:
    """One measure of an audit. `share`: "82%"; empty where nobody counts."""

    id: str
    name: str
    share: str
    counts: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Audit(Figure):
    """Measures one beneath another."""

    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Month:
    """How many doses had a date in a month, and how many of them were late."""

    month: str
    dated: int
    late: int
    share: float | None


@dataclass(frozen=True)
class Months(Figure):
    """The share of late doses month by month."""

    months: tuple[Month, ...]
