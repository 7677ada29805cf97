"""What people type as options, read into values. The clock is read here."""

from __future__ import annotations

from datetime import date, datetime

from cobalamin.errors import InputError
from cobalamin.spans import SpanRefused, read_date, read_typed_date


def day(text: str, option: str) -> date:
    """A date of an option. Raises InputError."""
    try:
        return read_date(text)
    except SpanRefused as error:
        raise InputError.one(option, "", str(error)) from None


def typed_day(text: str, option: str, today: date, country: str) -> date:
    """A date as people type it, such as -3d or, where the day is written first, 31/1/2026. Raises InputError."""
    try:
        return read_typed_date(text, today, country)
    except SpanRefused as error:
        raise InputError.one(option, "", str(error)) from None


def assessment_day(on: str) -> date:
    """The clock is read here and nowhere else."""
    return day(on, "--on") if on else datetime.now().astimezone().date()


def country_code(text: str) -> str:
    """A country of an option, two capital letters or nothing. Raises InputError."""
    if text and not (len(text) == 2 and text.isascii() and text.isalpha() and text.isupper() and text != "UK"):
        raise InputError.one("--country", "", f"'{text}' must be two capital letters, for example GB (not UK) or US")
    return text


def pairs(items: list[str] | None, option: str) -> dict[str, str]:
    """K=V options as a mapping. Raises InputError."""
    found: dict[str, str] = {}
    for item in items or []:
        key, equals, value = item.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise InputError.one(option, "", f"'{item}' must be KEY=VALUE, for example maintenance_interval='3 mo'")
        if key.strip() in found:
            raise InputError.one(option, key.strip(), "is given twice; keep one")
        found[key.strip()] = value.strip()
    return found
