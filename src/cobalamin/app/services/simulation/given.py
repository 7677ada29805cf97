"""What is given in a simulation: single doses and courses as they are drawn, and what of a record could not be taken as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from cobalamin.amounts import Mass
from cobalamin.records import replace
from cobalamin.spans import Span

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Given:
    """A dose or course as it is drawn: `until`, its last day, for a course.

    `recorded`: the record, a statement or a history tells it. A day before today alone says nothing: a dose may be overdue.
    `of_case`: record or plan of a case file tell it, and no typed regimen.
    """

    on: date
    substance: str
    dose: Mass
    route: str
    until: date | None = None
    spacing: float = 1.0
    recorded: bool = False
    of_case: bool = field(default=False, compare=False)

    @property
    def last(self) -> date:
        return self.until or self.on


@dataclass(frozen=True)
class Remark:
    """What of a case is left out of the simulation, or is in it by an assumption; `code` names the sentence that says so."""

    code: str
    left_out: bool
    on: date | None = None
    entry: str = ""
    fields: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseDoses:
    """What a case has given and has next, in order of time."""

    given: tuple[Given, ...]
    remarks: tuple[Remark, ...]


def days_between(spacing: Span | int | None) -> float:
    """Days between two doses of a course."""
    if isinstance(spacing, int):
        return 7.0 / spacing
    return float(spacing.day_bounds[0]) if spacing else 1.0


def in_order(given: Iterable[Given]) -> tuple[Given, ...]:
    return tuple(sorted(given, key=lambda each: each.on))


def overlaps(course: Given, begin: date, end: date) -> bool:
    return course.on <= end and course.last >= begin


def without(course: Given, begin: date, end: date) -> list[Given]:
    """What is left of a course where these days are taken out."""
    if begin > end or not overlaps(course, begin, end):
        return [course]
    before = replace(course, until=begin - A_DAY)
    after = replace(course, on=end + A_DAY)
    return [part for part in (before, after) if part.on <= part.last]


def joined(courses: Iterable[Given]) -> list[Given]:
    """Courses of the same dose that follow each other day on day, as one."""
    found: list[Given] = []
    for course in in_order(courses):
        before = next((each for each in found if _goes_on(each, course)), None)
        if before is None:
            found.append(course)
        else:
            found[found.index(before)] = replace(before, until=course.last)
    return found


def _goes_on(before: Given, course: Given) -> bool:
    same = replace(before, on=course.on, until=course.until) == course
    return same and before.last + A_DAY == course.on
