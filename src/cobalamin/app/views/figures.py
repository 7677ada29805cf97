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


@dataclass(frozen=True)
class Bar:
    """One text of a comparison in its first year, in nanograms: given before maintenance, by maintenance, and at most in all.

    `days`: the days of single doses from the start, of the way with the fewest; `most_days`: of the one with the most, where it
    is another. `courses`: from and to which day something is taken by mouth. `undated`: why there are no figures.
    """

    id: str
    name: str
    about: str
    level: str
    given: str
    mass: str
    mark: str = ""  # what nobody may overlook beside the name
    before: int = 0
    later: int = 0
    most: int | None = 0
    days: tuple[int, ...] = ()
    most_days: tuple[int, ...] = ()
    courses: tuple[tuple[int, int], ...] = ()
    undated: str = ""
    own: bool = False  # the plan that the person has


@dataclass(frozen=True)
class Bars(Figure):
    """The first year of several texts on one axis. `widest`: the mass at the end of the axis; `legend`: what the bars mean, `typed`: in letters."""

    bars: tuple[Bar, ...]
    widest: int
    legend: str
    typed: str


@dataclass(frozen=True)
class Says:
    """What one or several texts say on a topic; `names`: whose words it is, `each`: the sources of each by itself."""

    text: str
    names: tuple[str, ...]
    cites: str
    each: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One topic on which texts differ, what each says, and why."""

    name: str
    says: tuple[Says, ...]
    why: tuple[str, ...]


@dataclass(frozen=True)
class Topics(Figure):
    """Where texts differ, topic by topic. `why`: the title over the causes."""

    topics: tuple[Topic, ...]
    title: str
    why: str
