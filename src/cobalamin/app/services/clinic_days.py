"""A clinic's calendar as open days: weekdays, public holidays of a country, days it is closed."""

from __future__ import annotations

import importlib.util
import warnings
from datetime import date
from typing import Any

from cobalamin.errors import InputError
from cobalamin.therapy.review.appointment import OpenDays

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def holidays_missing(calendar: dict[str, Any]) -> bool:
    """Whether the calendar names public holidays that can't be looked up, because their package is not installed."""
    return bool(calendar.get("holidays")) and importlib.util.find_spec("holidays") is None


def open_days(calendar: dict[str, Any]) -> OpenDays | None:
    """Whether the clinic is open on a day; None without a calendar, or where its holidays can't be looked up.

    An appointment is a comfort: without the extra `clinic` it is left out, and the answer stays.
    Raises InputError for a country whose holidays are not known.
    """
    if not calendar or holidays_missing(calendar):
        return None
    weekdays = {_WEEKDAYS.index(name) for name in calendar.get("open") or _WEEKDAYS}
    closed = {str(day) for day in calendar.get("closed") or ()}
    public = _holidays(str(calendar["holidays"])) if calendar.get("holidays") else {}

    def opens(day: date) -> bool:
        return day.weekday() in weekdays and str(day) not in closed and day not in public

    return opens


def _holidays(code: str) -> Any:
    """The public holidays of a country (`GB`) or a part of it (`GB-ENG`), computed year by year when asked for."""
    import holidays  # of the extra `clinic`; it takes a while to load, so only where a calendar asks for it

    country, _, part = code.partition("-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return holidays.country_holidays(country, subdiv=part or None)
    except (NotImplementedError, KeyError, ValueError):
        message = f"'{code}' is not a country or part of one whose holidays are known; write for example GB-ENG or NL"
        raise InputError.one("plan.calendar", "holidays", message) from None
