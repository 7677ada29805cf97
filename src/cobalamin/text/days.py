"""Dates, months and spans in words, for texts that must not depend on anything that computes a date of treatment."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from cobalamin.knowledge.words import Words
from cobalamin.spans import Span


def date_words(day: date, words: Words) -> str:
    """ "Fri 16 January 2026": weekday and month name, so that no reader can swap day and month."""
    return _date_words(day, words)


@lru_cache(maxsize=4096)  # a review names the same few days hundreds of times
def _date_words(day: date, words: Words) -> str:
    weekday, month = words.weekdays[day.weekday()], words.months[day.month - 1]
    return words.text("dates.day", weekday=weekday, day=day.day, month=month, year=day.year)


def month_words(month: str, words: Words) -> str:
    """ "March 2026 (day not known)" for a month written `2026-03`"""
    year, number = month.split("-")
    return words.text("dates.month_only", month=words.months[int(number) - 1], year=year)


def month_short(day: date, words: Words) -> str:
    return words.months_short[day.month - 1]


def day_short(day: date, words: Words, with_year: bool = False) -> str:
    """ "2 Apr", "30 Apr 2026" """
    key = "dates.short_year" if with_year else "dates.short"
    fields = {"year": day.year} if with_year else {}
    return words.text(key, day=day.day, month=month_short(day, words), **fields)


def span_words(span: Span, words: Words) -> str:
    """ "3 months", "1 week" """
    form = "one" if span.number == 1 else "many"
    return words.text(f"spans.{span.unit}_{form}", number=span.number)


def every_words(span: Span, words: Words) -> str:
    """ "every 3 months", "every day": never "bi-weekly" or "bi-monthly", which are read in two ways."""
    if span.number == 1:
        return words.text(f"spans.{span.unit}_every_one")
    return words.text(f"spans.{span.unit}_every", number=span.number)


def days_words(number: int, words: Words) -> str:
    return span_words(Span(number, "d"), words)


def range_words(first: date, last: date, words: Words) -> str:
    """ "1 May to 28 May 2026", short enough for a column; the one day in full"""
    if first == last:
        return date_words(first, words)
    begins = day_short(first, words, with_year=first.year != last.year)
    return words.text("dates.range", first=begins, last=day_short(last, words, with_year=True))
