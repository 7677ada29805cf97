"""`cobalamin library review-sheet` and `library sign`: a clinician looks through a library, and what was agreed with is kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cobalamin.app.services.typed import country_code
from cobalamin.errors import InputError

if TYPE_CHECKING:
    from cobalamin.knowledge.library import Library


def review_sheet(
    output: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The .xlsx or .pdf to write.")],
    country: Annotated[str, typer.Option("--country", metavar="XX", help="Only protocols of this country.")] = "",
    library: Annotated[
        Path | None, typer.Option("--library", metavar="FOLDER", help="Another library than the shipped one.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """A sheet to review: each number and condition beside where its source says it, with columns to agree or not."""
    from cobalamin.app.services import review_sheet as sheets
    from cobalamin.app.services.outputs import refuse_target, write_output
    from cobalamin.app.services.workbook import say, workbook_of

    ending = output.suffix.lower()
    if ending not in (".xlsx", ".pdf"):
        raise InputError.one(str(output), "", say("ending"))
    refuse_target(output, library, force=force)
    held = _library(library)
    rows = sheets.rows_of(held, country_code(country))
    if ending == ".xlsx":
        content = workbook_of(rows, held.edition)
    else:
        from cobalamin.app.paper.review_sheet import review_sheet_pdf

        content = review_sheet_pdf(rows, held.edition)
    write_output(output, content, library, force=force)
    number = len({row.protocol for row in rows})
    sys.stdout.write(say("written", file=output, rows=len(rows), protocols=number) + "\n")


def sign(
    sheet: Annotated[Path, typer.Argument(metavar="FILE", help="The filled workbook.")],
    output: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The signature file to write, .json.")],
    library: Annotated[
        Path | None, typer.Option("--library", metavar="FOLDER", help="Another library than the shipped one.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Keep who answered the rows of a filled review sheet, and how, in a file of its own."""
    from cobalamin.app.services.outputs import refuse_target, write_output
    from cobalamin.app.services.signatures import signed
    from cobalamin.app.services.workbook import filled_in, say

    refuse_target(output, sheet, library, force=force)
    made = signed(_library(library), filled_in(sheet), sheet)
    write_output(output, made.text(), sheet, library, force=force)
    agreed = len(made.agreed)
    sys.stdout.write(say("signed", file=output, **made.by, agreed=agreed, rows=len(made.rows)) + "\n")


def signatures(
    id: Annotated[str, typer.Argument(metavar="ID", help="A protocol.")],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Signature files; without one, nobody has signed.")
    ] = None,
    library: Annotated[
        Path | None, typer.Option("--library", metavar="FOLDER", help="Another library than the shipped one.")
    ] = None,
) -> None:
    """Whether signatures are in force for a protocol: only while each of its rows is as it was and was agreed with."""
    from cobalamin.app.services.signatures import read_signature, standing

    held = _library(library)
    read = tuple(map(read_signature, files or ()))
    sys.stdout.writelines(f"{line}\n" for line in standing(held, held.protocol(held.meant(id)), read))


def _library(folder: Path | None) -> Library:
    from cobalamin.app.services.library_work import open_library
    from cobalamin.app.services.shipped import library

    return open_library(folder) if folder else library()


def add_to(app: typer.Typer) -> None:
    app.command("review-sheet")(review_sheet)
    app.command()(sign)
    app.command()(signatures)
