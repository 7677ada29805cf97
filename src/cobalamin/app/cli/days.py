"""Days as people type them at the command line, each read back with its weekday where it was not typed as a file holds it."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

from cobalamin.app.services import clinic_days, shipped, typed
from cobalamin.spans import is_typed_date
from cobalamin.text.days import date_words

if TYPE_CHECKING:
    from cobalamin.app.services.cases import CaseRead
    from cobalamin.therapy.plan.plan import Plan

_BEFORE_TODAY = re.compile(r"-[0-9]+ ?[a-z]*", re.IGNORECASE)


class WithDays(TyperCommand):
    """A command whose arguments may be a day such as -3d, which is no option of it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {arg}" if _BEFORE_TODAY.fullmatch(arg) else arg for arg in args])


def day(
    text: str, option: str, case: Path | CaseRead | None = None, today: date | None = None, country: str = ""
) -> date:
    """A day of an option; `today`: what it is counted from. Raises InputError."""
    told = text.strip()
    read = typed.typed_day(told, option, today or typed.assessment_day(""), country or _country(told, case))
    if is_typed_date(told):
        read_back(told, read)
    return read


def assessment_day(on: str, case: Path | CaseRead | None = None) -> date:
    """The day of assessment; without one, today. Raises InputError."""
    return day(on, "--on", case) if on else typed.assessment_day("")


def read_back(told: str, read: date) -> None:
    """Say on standard error which day a typed word means."""
    sys.stderr.write(
        shipped.library().own_words.text(
            "asking.day_read", told=told, date=date_words(read, shipped.library().own_words)
        )
        + "\n"
    )


def _country(told: str, case: Path | CaseRead | None) -> str:
    """The country of the case, looked up only where the order of day and month hangs on it."""
    if "/" not in told or case is None:
        return ""
    from cobalamin.app.services.cases import CaseRead

    read = CaseRead(case) if isinstance(case, Path) else case
    return read.case.patient.country if read.path.is_file() else ""


def event_days(tree: dict[str, Any], case: Path | CaseRead, today: date) -> dict[str, Any]:
    """An event with the days that were typed as a file holds them. Raises InputError."""
    from cobalamin.casefile.events import DATE_KEYS

    def read(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return value if key in _ANYBODYS_WORDS else {name: read(name, each) for name, each in value.items()}
        if key in DATE_KEYS and isinstance(value, str) and is_typed_date(value):
            return day(value, key, case, today).isoformat()
        return value

    return {key: read(key, value) for key, value in tree.items()}


_ANYBODYS_WORDS = ("own", "choices", "acknowledged")  # what stands below is no key of the file


# -- the clinic's days -----------------------------------------------------------------------------------------------


def opening_days(opens: str, holidays: str, closed: str, case: Path, today: date) -> dict[str, Any]:
    """The days on which the clinic is open, as they stand in a plan; empty where nothing was told. Raises InputError."""
    shut = ",".join(day(each, "--closed", case, today).isoformat() for each in closed.split(",") if each.strip())
    return clinic_days.calendar_of(opens, holidays, shut)


def no_opening_days(command: str, made: Plan, country: str) -> str:
    """One line where days of the plan lie on a weekend or a public holiday and nobody has said when the clinic is open."""
    found = clinic_days.closed_by_usual_hours(
        (item.on for item in made.items if item.on and item.kind == "dose"), country
    )
    if not found:
        return ""
    whose, words = country or "GB-ENG", made.library.own_words
    fields = {"command": command, "number": len(found), "first": date_words(found[0], words), "country": whose}
    fields["calendar"] = f"calendar: {{open: [mon, tue, wed, thu, fri], holidays: {whose}}}"
    return f"{words.text('schedule.no_opening_days', **fields)}\n"
