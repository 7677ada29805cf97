"""What is given in a stretch of time: doses, days of a course by mouth, and their mass, each from its least to its most.

Nothing here gives a date: scheduled entries are only counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from cobalamin.spans import Span
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import WEEK_PATTERNS
from cobalamin.therapy.regimen.schedule import Scheduled


class Bounds(Struct, frozen=True):
    """Both ends of a whole number; None where the source leaves that side open."""

    least: int | None
    most: int | None


class Amounts(Struct, frozen=True):
    """Single doses, days of a course by mouth, nanograms (None: a dose is not stated or not known)."""

    doses: Bounds
    course_days: Bounds
    mass: Bounds | None


def amounts_of(entries: Sequence[Scheduled], begin: date, end: date) -> Amounts:
    """What is given from `begin` to the day before `end`."""
    doses: dict[int, int] = {}  # times by the identity of the phase, because one phase has one dose
    courses: dict[int, int] = {}
    phases: dict[int, SettledPhase] = {}
    for entry in entries:
        on, kind = entry.on, entry.kind
        if on is None or on >= end or kind not in (schedule.DOSE, schedule.COURSE):
            continue
        times = int(on >= begin) if kind == schedule.DOSE else _days_of(entry, on, begin, end)
        if times:
            counted = doses if kind == schedule.DOSE else courses
            counted[id(entry.phase)] = counted.get(id(entry.phase), 0) + times
            phases[id(entry.phase)] = entry.phase
    given = [_multiplied(_dose_of(phases[key]), times) for key, times in (*doses.items(), *courses.items())]
    taken, days = sum(doses.values()), sum(courses.values())
    return Amounts(Bounds(taken, taken), Bounds(days, days), _sum(given))


def _days_of(entry: Scheduled, on: date, begin: date, end: date) -> int:
    """On how many days of a stretch of time something of a course is taken."""
    after = min(end, entry.until + timedelta(days=1)) if entry.until else end
    spacing = entry.phase.spacing
    taken = days_taken(spacing, (after - on).days) - days_taken(spacing, (max(begin, on) - on).days)
    return max(taken, 0)


def days_taken(spacing: Span | int | None, days: int) -> int:
    """On how many of the first `days` days of a course something is taken."""
    if isinstance(spacing, int):
        pattern, taken, day = WEEK_PATTERNS[spacing], 0, 0
        while day < days:
            day += pattern[taken % len(pattern)]
            taken += 1
        return taken
    gap = spacing.day_bounds[0] if spacing else 1
    return -(-max(days, 0) // gap)


def _dose_of(phase: SettledPhase) -> Bounds | None:
    if phase.dose is not None:
        return Bounds(phase.dose.nanograms, phase.dose.nanograms)
    rule = phase.phase.dose
    if rule.per_kg or not rule.stated:
        return None
    return Bounds(rule.least.nanograms if rule.least else None, rule.most.nanograms if rule.most else None)


def _multiplied(bounds: Bounds | None, times: int) -> Bounds | None:
    if bounds is None:
        return None
    least, most = bounds.least, bounds.most
    return Bounds(None if least is None else least * times, None if most is None else most * times)


def _sum(parts: Sequence[Bounds | None]) -> Bounds | None:
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts):
        return None
    least, most = [part.least for part in known], [part.most for part in known]
    return Bounds(
        None if None in least else sum(side for side in least if side is not None),
        None if None in most else sum(side for side in most if side is not None),
    )


def open_above(amounts: Amounts) -> Amounts:
    """The same where it may come to more doses: then a course that follows them may have fewer days."""
    mass = amounts.mass and Bounds(amounts.mass.least, None)
    return Amounts(Bounds(amounts.doses.least, None), Bounds(None, amounts.course_days.most), mass)


def spanning(several: Iterable[Bounds]) -> Bounds:
    """From the least to the most of several; an open side stays open."""
    found = list(several)
    least, most = [each.least for each in found], [each.most for each in found]
    return Bounds(
        None if None in least else min(side for side in least if side is not None),
        None if None in most else max(side for side in most if side is not None),
    )


def together(several: Iterable[Amounts]) -> Amounts:
    """What is given over several ways: the range of each."""
    found = list(several)
    masses = [each.mass for each in found if each.mass is not None]
    return Amounts(
        spanning(each.doses for each in found),
        spanning(each.course_days for each in found),
        spanning(masses) if len(masses) == len(found) else None,
    )
