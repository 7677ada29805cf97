"""Options that commands share, and how they are read."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cobalamin.errors import InputError
from cobalamin.spans import SpanRefused, read_date

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="A case file (YAML or JSON).")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The day of assessment; without it, today.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Plain = Annotated[bool, typer.Option("--plain", help="Words a patient understands.")]
Language = Annotated[
    str, typer.Option("--lang", metavar="LANGUAGE", help="The language of dates, headings and sentences: en or nl.")
]
Protocol = Annotated[str, typer.Option("--protocol", metavar="ID", help="A protocol of the library.")]
Start = Annotated[str, typer.Option("--start", metavar="DATE", help="The day of the first dose.")]
Choose = Annotated[
    list[str] | None, typer.Option("--choose", metavar="K=V", help="Settle what the protocol leaves open.")
]
Product = Annotated[str, typer.Option("--product", metavar="ID", help="The product that will be used.")]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="A local policy of windows, with owner and date.")
]
Months = Annotated[int, typer.Option("--months", metavar="N", help="How far ahead.", min=1, max=480)]

OK, REFUSED, NEEDED = 0, 1, 4


def day(text: str, option: str) -> date:
    """A date of an option. Raises InputError."""
    try:
        return read_date(text)
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


def print_json(document: Any) -> None:
    """Plain ASCII, so that the bytes are the same whatever encoding the terminal has."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def leave(code: int) -> NoReturn:
    raise typer.Exit(code)
