"""Spans of calendar time that keep the unit they were written in, and the one function that adds them to a date.

"3 mo" and "12 wk" are different things and stay so (hazard H15). A span is added to its anchor in one step; where the
month is too short the last day is taken: for replacement a day early is the safe side (docs/adr/0003). Adding month
after month in a chain would drift (hazard H14), so a series is always counted from its anchor.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from msgspec import Struct

UNITS = ("d", "wk", "mo", "a")
_WORDS = {"d": ("day", "days"), "wk": ("week", "weeks"), "mo": ("month", "months"), "a": ("year", "years")}
NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SPAN = re.compile(
    rf"([1-9][0-9]{{0,3}}|0|{'|'.join(NUMBER_WORDS)}) ?(d|wk|mo|a|(?:day|week|month|year)s?)", re.IGNORECASE | re.ASCII
)
_NUMBER = f"(?:[0-9]{{1,4}}|{'|'.join(NUMBER_WORDS)})"
# "2 to 3 months": every part has its longest, so that a cell of a list can be as long as it likes.
_RANGE = re.compile(rf"{_NUMBER} ?[a-z]{{0,6}} ?(?:to|or|and|-|\u2013) ?{_NUMBER} ?[a-z]{{1,6}}", re.IGNORECASE)
_CIVIL_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

FIRST_YEAR, LAST_YEAR = 1850, 2400
ALLOWED = "write a number and d, wk, mo or a, for example 2 d, 12 wk, 3 mo, 1 a"
# One range for every interval of treatment, wherever it is typed: from 1 d to 10 a (contract, General). Longer ones are slips, such as a
# year in the column of weeks, and would leave the tables of windows.
LONGEST = {"d": 3653, "wk": 521, "mo": 120, "a": 10}


class SpanRefused(ValueError):
    """A span or date that can't be taken; the message says why and what is allowed."""


class Span(Struct, frozen=True):
    """A number of days, weeks, months or years; never converted to another unit."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"

    @property
    def in_range(self) -> bool:
        """Whether it is from 1 d to 10 a; one that is not has no effect on a treatment."""
        return 1 <= self.number <= LONGEST[self.unit]

    @property
    def words(self) -> str:
        """ "3 months", "1 week" """
        return f"{self.number} {_WORDS[self.unit][self.number != 1]}"

    @property
    def every(self) -> str:
        """ "every 3 months", "every day": never "bi-weekly" or "bi-monthly", which are read in two ways."""
        if self.number == 1:
            return f"every {_WORDS[self.unit][0]}"
        return f"every {self.words}"

    @property
    def day_bounds(self) -> tuple[int, int]:
        """Fewest and most days the span can have: 3 mo is 89 to 92, 12 wk is 84."""
        if self.unit in ("d", "wk"):
            days = self.number * (7 if self.unit == "wk" else 1)
            return days, days
        months = self.number * (12 if self.unit == "a" else 1)
        return _month_bounds(months)


@cache
def _month_bounds(months: int) -> tuple[int, int]:
    """Over a whole cycle of the calendar (400 years), because a century may lack a leap day.

    A clamped span is as long as one from the first of the next month, so the firsts of all months suffice.
    """
    first = _first_days()
    cycle = 146_097
    around, more = months % 4800, months // 4800 * cycle
    later = (*first[around:], *(day + cycle for day in first[:around]))
    lengths = [after - before for before, after in zip(first, later, strict=True)]
    return min(lengths) + more, max(lengths) + more


@cache
def _first_days() -> tuple[int, ...]:
    """The first day of each month of one cycle."""
    return tuple(date(1600 + month // 12, month % 12 + 1, 1).toordinal() for month in range(4800))


def read_span(text: str) -> Span:
    """A span of any length, such as `12 wk`, `12 weeks`, `three months` or the age `65 a`. Raises SpanRefused."""
    match = _SPAN.fullmatch(text.strip())
    if not match:
        if _RANGE.fullmatch(text.strip()):
            raise SpanRefused(f"'{text}' is a range; choose one, and {ALLOWED}")
        raise SpanRefused(f"'{text}' is not a span of time; {ALLOWED}")
    number, unit = match.group(1).lower(), match.group(2).lower()
    count = NUMBER_WORDS.index(number) + 1 if number in NUMBER_WORDS else int(number)
    return Span(count, next((short for short, long in _WORDS.items() if unit in long), unit))


def read_typed_span(text: str) -> Span:
    """A span that is typed for a treatment, from 1 d to 10 a. Raises SpanRefused."""
    span = read_span(text)
    if not span.in_range:
        raise SpanRefused(f"'{text}' is not from 1 d to 10 a; {ALLOWED}")
    return span


def read_date(text: str) -> date:
    """A civil date `YYYY-MM-DD` that exists, from 1850 to 2400. Raises SpanRefused naming what is wrong."""
    match = _CIVIL_DATE.fullmatch(text)
    if not match or not text.isascii():
        raise SpanRefused(f"'{text}' is not a date; write year, month and day as 2026-01-31")
    year, month, day = (int(part) for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise SpanRefused(
            f"'{text}' is not a date this program works with; the years {FIRST_YEAR} to {LAST_YEAR} are allowed"
        )
    if not 1 <= month <= 12:
        raise SpanRefused(f"'{text}' does not exist: there are 12 months; write year, month and day as 2026-01-31")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise SpanRefused(
            f"'{text}' does not exist: that month has {last} days; check the date and write it as {year:04d}-{month:02d}-DD"
        )
    return date(year, month, day)


def add(anchor: date, span: Span, times: int = 1, wanted_day: int = 0) -> date:
    """The date `times` spans after `anchor`, in one step; a day the month does not have becomes its last day.

    `wanted_day` is the day of the month the anchor stands for where it was itself clamped (31 for 30 April):
    add(date(2026, 4, 30), Span(3, "mo"), wanted_day=31) is 31 July.
    """
    number = span.number * times
    if span.unit in ("d", "wk"):
        return anchor + timedelta(days=number * (7 if span.unit == "wk" else 1))
    months = anchor.month - 1 + number * (12 if span.unit == "a" else 1)
    year, month = anchor.year + months // 12, months % 12 + 1
    return date(year, month, min(wanted_day or anchor.day, monthrange(year, month)[1]))


# -- dates as people type them ---------------------------------------------------------------------------------------

DAY_FIRST = (
    "GB",
    "IE",
    "AU",
    "NZ",
    "IN",
)  # where 3/4/2026 is read as 3 April and as nothing else (contract, Typed amounts)
_NAMED = {"today": 0, "yesterday": -1}
_AWAY = re.compile(r"([+-]) ?(\S.*)")
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]+)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SHORT = {**{name[:3]: number for number, name in enumerate(_MONTHS, 1)}, "sept": 9}
_MONTH_WORD = rf"({'|'.join((*_MONTHS, *sorted(_SHORT, reverse=True)))})"
_WEEKDAY_WORD = rf"(?:({'|'.join(f'{name}|{name[:3]}' for name in _WEEKDAYS)}),? )?"
_DAY_MONTH = re.compile(rf"{_WEEKDAY_WORD}([0-9]{{1,2}}) {_MONTH_WORD} ([0-9]+)")  # Mon 30 November 2026
_MONTH_DAY = re.compile(rf"{_WEEKDAY_WORD}{_MONTH_WORD} ([0-9]{{1,2}}),? ([0-9]+)")  # November 30, 2026


def is_typed_date(text: str) -> bool:
    """Whether a text is a date in a form that only a person types, and no file holds."""
    word = text.strip().lower()
    forms = (_AWAY, _SLASHES, _DAY_MONTH, _MONTH_DAY)
    return word in _NAMED or any(form.fullmatch(word) for form in forms)


def read_typed_date(text: str, today: date, country: str) -> date:
    """A date as it is typed: `2026-01-31`, `today`, `yesterday`, `-3d`, `+2wk`, `31 Jan 2026`, or `31/1/2026` where the day is written first.

    Raises SpanRefused with the form to type.
    """
    word = text.strip().lower()
    if word in _NAMED:
        return today + timedelta(days=_NAMED[word])
    if away := _AWAY.fullmatch(word):
        return _away(text, away, today)
    if parts := _SLASHES.fullmatch(word):
        return _day_first(text, parts, country)
    if parts := _DAY_MONTH.fullmatch(word):
        weekday, day, month, year = parts.groups()
        return _worded(text, weekday, day, month, year)
    if parts := _MONTH_DAY.fullmatch(word):
        weekday, month, day, year = parts.groups()
        return _worded(text, weekday, day, month, year)
    return read_date(text.strip())


def _worded(text: str, weekday: str | None, day: str, month: str, year: str) -> date:
    """A date with its month in words, which has one reading everywhere; a weekday beside it must be that of the day."""
    if len(year) != 4:
        raise SpanRefused(f"'{text}' needs its year with four digits; write year, month and day as 2026-01-31")
    number = _SHORT.get(month) or _MONTHS.index(month) + 1
    read = read_date(f"{year}-{number:02d}-{day:0>2}")
    if weekday and not _WEEKDAYS[read.weekday()].startswith(weekday):
        right = _WEEKDAYS[read.weekday()].capitalize()
        raise SpanRefused(f"'{text}' does not exist: {read} is a {right}; check the day and write it as 2026-01-31")
    return read


def _away(text: str, away: re.Match[str], today: date) -> date:
    try:
        span = read_typed_span(away.group(2))
    except SpanRefused:
        raise SpanRefused(f"'{text}' is not a number of days, weeks, months or years from today; {ALLOWED}") from None
    try:
        return add(today, span, -1 if away.group(1) == "-" else 1)
    except ValueError:
        raise SpanRefused(f"'{text}' leaves the years {FIRST_YEAR} to {LAST_YEAR}; write 2026-01-31") from None


def _day_first(text: str, parts: re.Match[str], country: str) -> date:
    day, month, year = parts.groups()
    if len(year) != 4:
        raise SpanRefused(f"'{text}' needs its year with four digits; write year, month and day as 2026-01-31")
    if country not in DAY_FIRST:
        forms = [f"{year}-{one:0>2}-{other:0>2}" for one, other in dict.fromkeys([(month, day), (day, month)])]
        real = [form for form in forms if int(form[5:7]) <= 12 and int(form[8:]) <= 31] or ["2026-01-31"]
        where = f"in {country}" if country else "without a country"
        raise SpanRefused(f"'{text}' is not read {where}: day and month could change places; write {' or '.join(real)}")
    return read_date(f"{year}-{month:0>2}-{day:0>2}")
