"""Options that commands share, and how an answer leaves the program."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from cobalamin.app.cli.filled import plain_words
from cobalamin.app.cli.languages import LANG, LANG_OPTION
from cobalamin.app.documents import json_text
from cobalamin.errors import InputError
from cobalamin.text.messages import in_words, joined

if TYPE_CHECKING:
    from cobalamin.app.services.cases import CaseRead
    from cobalamin.app.views.builder import Extent
    from cobalamin.therapy.plan.plan import Plan
    from cobalamin.therapy.review.review import Review

_ENDINGS = (".yaml", ".yml", ".json")


def case_named(path: Path | None) -> Path | None:
    """The case file that is meant: one named without its ending, where just one such file lies there. Raises InputError."""
    if path is None or path.name in ("", ".", "..") or path.suffix.lower() in _ENDINGS or os.path.lexists(path):
        return path
    found = [each for each in (path.with_name(path.name + ending) for ending in _ENDINGS) if each.is_file()]
    if len(found) > 1:
        names = " or ".join(each.name for each in found)
        raise InputError.one(str(path), "", f"is not the whole name of a file; write {names}")
    return found[0] if found else path


CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="A case file (YAML or JSON).", callback=case_named)]

CaseOrNone = Annotated[
    Path | None,
    typer.Argument(
        metavar="[CASE]",
        help="A case file; without one, the texts that are named.",
        callback=case_named,
        show_default=False,
    ),
]


On = Annotated[str, typer.Option("--on", metavar="DATE", help="The day of assessment; without it, today.")]


Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


Plain = Annotated[
    bool,
    typer.Option(
        "--plain/--professional",
        help="Words a patient understands, or a professional's.",
        callback=plain_words,
        show_default=False,
    ),
]


Sources = Annotated[bool, typer.Option("--sources", help="List the sources too.")]


Everything = Annotated[bool, typer.Option("--all", help="All of the answer, with its sources.")]


Language = Annotated[str, typer.Option(*LANG, **LANG_OPTION)]


Protocol = Annotated[str, typer.Option("--protocol", metavar="ID", help="A protocol of the library.")]


Start = Annotated[str, typer.Option("--start", metavar="DATE", help="The day of the first dose.")]


ByName = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who says so; without it, the name of your settings.")
]


Acknowledge = Annotated[list[str] | None, typer.Option("--acknowledge", metavar="CODE=REASON")]


Choose = Annotated[
    list[str] | None, typer.Option("--choose", metavar="K=V", help="Settle what the protocol leaves open.")
]


Product = Annotated[str, typer.Option("--product", metavar="ID", help="The product that will be used.")]


PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="A local policy of windows, with owner and date.")
]


Months = Annotated[int, typer.Option("--months", metavar="N", help="How far ahead.", min=1, max=480)]


Yes = Annotated[bool, typer.Option("--yes", help="Write it also where it looks wrong, without a question.")]


Opens = Annotated[str, typer.Option("--open", metavar="DAYS", help="The clinic's days: mon,tue,wed,thu,fri.")]


Holidays = Annotated[str, typer.Option("--holidays", metavar="CODE", help="Whose public holidays: GB-ENG, NL.")]


Closed = Annotated[str, typer.Option("--closed", metavar="DATES", help="Other days it is closed, by commas.")]


OK, REFUSED, NEEDED, PEOPLE_MISSING = 0, 1, 4, 5
INTERRUPTED = 130  # as shells tell a program that Ctrl+C has ended


def print_json(document: Any) -> None:
    """One document on standard output."""
    sys.stdout.write(json_text(document))


def extent_of(everything: bool, sources: bool) -> Extent:
    """How much of an answer a terminal shows: a screen, unless all of it was asked for."""
    from cobalamin.app.views.builder import Extent

    return Extent(short=not everything, sources=everything or sources)


def answer_plan(
    made: Plan, read: CaseRead, as_json: bool, plain: bool, everything: bool = False, sources: bool = False
) -> None:
    """A plan as a document or as text."""
    if as_json:
        from cobalamin.app.documents.plan import Renderer

        print_json(Renderer(made.library).plan(made))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.plan import view_of_plan

    print_view(view_of_plan(made, read.case, plain, extent_of(everything, sources)))


def warn_of_lacking(seen: Review) -> None:
    """Say on standard error why what is written suggests no appointment, where the clinic's holidays can't be looked up."""
    from cobalamin.app.services.reviewing import no_appointment

    lacking = no_appointment(seen)
    if lacking is not None:
        sys.stderr.write(f"{in_words(joined(lacking.text, lacking.action), seen.library.own_words)}\n")


def leave(code: int) -> NoReturn:
    raise typer.Exit(code)
