"""A clinic's calendar as open days: weekdays, public holidays of a country, days it is closed.

An appointment is a comfort: where the holidays can't be looked up it is left out with one line, and the answer stays.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date
from typing import Any

from cobalamin.app.services import extras
from cobalamin.therapy.review.appointment import OpenDays

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOT_INSTALLED, NOT_KNOWN = (
    "NO_APPOINTMENT_SUGGESTED",
    "HOLIDAYS_NOT_KNOWN",
)  # the checks that say why nothing is suggested


@dataclass(frozen=True)
class ClinicDays:
    """Whether the clinic is open on a day; without `opens` nothing is suggested, and `lacking` is the check that says why.

    Both are empty for a case without a calendar. `about`: the code of the holidays that are not known.
    """

    opens: OpenDays | None = None
    lacking: str = ""
    about: str = ""


def clinic_days(calendar: dict[str, Any]) -> ClinicDays:
    """The open days of a calendar as it stands in a plan."""
    if not calendar:
        return ClinicDays()
    public: Any = {}
    if calendar.get("holidays"):
        code = str(calendar["holidays"])
        if extras.missing("clinic"):
            return ClinicDays(lacking=NOT_INSTALLED)
        public = _holidays(code)
        if public is None:
            return ClinicDays(lacking=NOT_KNOWN, about=code)
    return ClinicDays(_open_days(calendar, public))


def _open_days(calendar: dict[str, Any], public: Any) -> OpenDays:
    weekdays = {_WEEKDAYS.index(name) for name in calendar.get("open") or _WEEKDAYS}
    closed = {str(day) for day in calendar.get("closed") or ()}

    def opens(day: date) -> bool:
        return day.weekday() in weekdays and str(day) not in closed and day not in public

    return opens


def _holidays(code: str) -> Any:
    """The public holidays of a country (`GB`) or a part of it (`GB-ENG`), computed year by year; None where not known."""
    import holidays  # it takes a while to load, so only where a calendar asks for it

    country, _, part = code.partition("-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return holidays.country_holidays(country, subdiv=part or None)
    except (NotImplementedError, KeyError, ValueError):
        return None
