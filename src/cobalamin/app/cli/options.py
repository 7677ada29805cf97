"""Options that commands share, and how an answer leaves the program."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

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


OK, REFUSED, NEEDED, PEOPLE_MISSING = 0, 1, 4, 5


def print_json(document: Any) -> None:
    """Plain ASCII, so that the bytes are the same whatever encoding the terminal has."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def leave(code: int) -> NoReturn:
    raise typer.Exit(code)
