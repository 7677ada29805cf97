"""Axes of every chart: values and days laid out along a line, where the ticks stand, which words have room, what is cut off.

A drawer asks here where a value lies and what to write; how it looks is its own matter. Text charts of a terminal have columns
and not lengths: `terminal/axis.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, inf, log10

from cobalamin.app.pictures.svg import width_of
from cobalamin.app.services import shipped
from cobalamin.spans import Span, add
from cobalamin.text.days import month_short

_TOPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
_STEPS = (0.1, 0.2, 0.5, 1, 2)
_MONTHS, _DAYS = (1, 2, 3, 6, 12, 24, 60), (1, 7, 14, 28, 56, 112)
Tick = tuple[date, str]
GAP = 0.2  # between two words, of the size of the letters
_DIGIT = 0.64  # of the size: the width of a digit in the wider of the usual fonts


@dataclass(frozen=True)
class Axis:
    """Numbers along a line: `first` lies at `start`, `last` at `end`, which may be above it.

    `most`: the multiple of the whole length beyond which a curve isn't followed; what is over the end is clipped away anyhow.
    """

    first: float
    last: float
    start: float
    end: float
    most: float = inf

    def at(self, value: float) -> float:
        return self.start + (self.end - self.start) * min((value - self.first) / (self.last - self.first), self.most)

    def held(self, value: float) -> float:
        """The same for a mark, which stays on the axis: see `cuts`."""
        return self.at(min(max(value, self.first), self.last))

    def cuts(self, value: float) -> bool:
        """Whether the axis ends before the value: who draws it at the end must say so."""
        return not self.first <= value <= self.last

    def band(self, low: float | None, high: float | None) -> tuple[float, float]:
        """Where a range begins and how long it is, from the end of the axis on; an open side goes as far as the axis."""
        end = self.end if high is None else self.held(high)
        start = self.start if low is None else self.held(low)
        return min(start, end), abs(start - end)

    def ticks(self, most: int = 6, least: float = 0.0) -> list[float]:
        """Round numbers on the axis, about so many at most and no closer than `least`."""
        step = max(_step(self.last - self.first, most), least)
        places = range(ceil(self.first / step - 1e-9), floor(self.last / step + 1e-9) + 1)
        return [round(step * place, 12) for place in places]


def _step(whole: float, most: int) -> float:
    power = 10.0 ** floor(log10(whole))
    return next(each * power for each in _STEPS if whole / (each * power) <= most)


def rounded_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten: a good end for an axis."""
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in _TOPS if step * power >= value)


def around(values: Iterable[float]) -> tuple[float, float]:
    """The ends of an axis for values that need not begin at 0: some room on both sides, never below 0."""
    found = list(values)
    room = (max(found) - min(found)) * 0.12 or abs(found[0]) * 0.2 or 1.0
    return max(min(found) - room, 0.0), max(found) + room


def room_of(numbers: Iterable[str], size: float) -> float:
    """How wide the longest of these numbers is: one that is cut off at the margin is another number."""
    return max((len(number) for number in numbers), default=0) * size * _DIGIT


@dataclass(frozen=True)
class TimeAxis:
    """So many days along a line, from the morning of `begin` at `start` on."""

    begin: date
    days: float
    start: float
    end: float

    @classmethod
    def between(cls, begin: date, until: date, start: float, end: float) -> TimeAxis:
        """From one day to another; a single day is given the length of one."""
        return cls(begin, max((until - begin).days, 1), start, end)

    @property
    def until(self) -> date:
        return self.begin + timedelta(days=int(self.days + 1e-9))

    @property
    def day_width(self) -> float:
        return (self.end - self.start) / self.days

    def at(self, day: date) -> float:
        return self.after((day - self.begin).days)

    def after(self, days: float) -> float:
        """Where the axis is so many days after its begin; hours are parts of a day."""
        return self.start + (self.end - self.start) * days / self.days

    def dates(self, most: int = 12) -> list[Tick]:
        """The firsts of months, or of quarters, halves and whole years, about so many; a shorter time has its first day."""
        months = (self.until.year - self.begin.year) * 12 + self.until.month - self.begin.month
        step = next((each for each in _MONTHS if months / each <= most), 120)
        first = date(self.begin.year, 1, 1)
        marks = [add(first, Span(step * place, "mo")) for place in range(months // step + 14)]
        shown = [day for day in marks if self.begin <= day <= self.until]
        return [(day, str(day.year) if step >= 12 else _month_words(day)) for day in shown or [self.begin]]

    def days_on(self, most: int = 8) -> list[Tick]:
        """Days counted from the begin on: each, each week, or each 2, 4, 8 or 16 weeks."""
        step = next((each for each in _DAYS if self.days / each <= most), _DAYS[-1])
        marks = [self.begin + timedelta(days=number) for number in range(0, ceil(self.days), step)]
        return [(day, f"{day.day} {month_short(day, shipped.library().own_words)}") for day in marks]

    def months_on(self, every: int) -> list[Tick]:
        """The day of the begin again after each so many months."""
        marks, day, number = list[Tick](), self.begin, 0
        while day < self.until:
            marks.append((day, _month_words(day)))
            number += every
            day = add(self.begin, Span(number, "mo"))
        return marks


def months_named(ends: list[date], most: int = 12) -> list[Tick]:
    """Names for values that stand for a whole month each, told by its last day: every one, or each second, third ... to December."""
    step = next((each for each in _MONTHS if len(ends) / each <= most), 120)
    shown = [day for day in ends if (12 * day.year + day.month) % step == 0]
    return [(day, _month_words(day)) for day in shown or ends[-1:]]


def _month_words(day: date) -> str:
    return f"{month_short(day, shipped.library().own_words)} {day.year}"


def with_room(
    ticks: Iterable[Tick], at: Callable[[date], float], size: float, left: float, right: float, middle: bool = False
) -> list[Tick]:
    """The ticks whose words have room between `left` and `right` and beside the words before; `middle`: centred on the tick."""
    kept, free = list[Tick](), left
    for day, words in ticks:
        wide = width_of(words, size)
        begin = at(day) - (wide / 2 if middle else 0)
        if begin >= free and begin + wide <= right:
            kept.append((day, words))
            free = begin + wide + size * GAP
    return kept
