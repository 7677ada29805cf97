"""Dates and months in words, for texts that must not depend on anything that computes a date of treatment."""

from __future__ import annotations

from datetime import date

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def date_words(day: date) -> str:
    """ "Fri 16 January 2026": weekday and month name, so that no reader can swap day and month."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def month_words(month: str) -> str:
    """ "March 2026 (day not known)" for a month written `2026-03`"""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year} (day not known)"
