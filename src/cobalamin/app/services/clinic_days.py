"""A clinic's calendar as open days: weekdays, public holidays of a country, days it is closed.

An appointment is a comfort: where the holidays can't be looked up it is left out with one line, and the answer stays.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct

from cobalamin.app.services import extras
from cobalamin.app.services.typed import day
from cobalamin.errors import InputError
from cobalamin.therapy.review.appointment import OpenDays

_FRIDAY = 4
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOT_INSTALLED, NOT_KNOWN = (
    "NO_APPOINTMENT_SUGGESTED",
    "HOLIDAYS_NOT_KNOWN",
)  # the checks that say why nothing is suggested


class ClinicDays(Struct, frozen=True):
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


def calendar_of(opens: str, holidays: str, closed: str) -> dict[str, Any]:
    """The calendar that options name, with what is not told left out. Raises InputError with the words that are allowed."""
    lists = {"open": opens, "closed": closed}
    told: dict[str, Any] = {"holidays": holidays.strip()} if holidays.strip() else {}
    told |= {key: [each.strip() for each in text.split(",") if each.strip()] for key, text in lists.items() if text}
    for name in told.get("open", ()):
        if name not in WEEKDAYS:
            raise InputError.one(
                "--open", name, f"is no day of the week; write for example --open {','.join(WEEKDAYS[:5])}"
            )
    for text in told.get("closed", ()):
        day(text, "--closed")
    if clinic_days(told).lacking == NOT_KNOWN:
        raise InputError.one(
            "--holidays", holidays, "names no country or part of one that is known; write for example GB-ENG or NL"
        )
    return told


def closed_by_usual_hours(days: Iterable[date], country: str) -> tuple[date, ...]:
    """The days on which hardly any clinic is open: weekends, and the public holidays of the country where they are known."""
    public = _holidays(country) if country and not extras.missing("clinic") else None
    return tuple(each for each in days if each.weekday() > _FRIDAY or (public is not None and each in public))


def _open_days(calendar: dict[str, Any], public: Any) -> OpenDays:
    weekdays = {WEEKDAYS.index(name) for name in calendar.get("open") or WEEKDAYS}
    closed = {str(day) for day in calendar.get("closed") or ()}

    def opens(on: date) -> bool:
        return on.weekday() in weekdays and str(on) not in closed and on not in public

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
