"""`cobalamin library`: what the library holds, whether it is sound, what changed between two editions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cobalamin.app.cli.options import Json, leave, print_json
from cobalamin.app.services import shipped
from cobalamin.app.services.typed import country_code
from cobalamin.errors import InputError

if TYPE_CHECKING:
    from cobalamin.app.documents.types.library import ListedAnswer

library_app = typer.Typer(
    help="Protocols, sources, products and their checks.", no_args_is_help=True, rich_markup_mode=None
)


@library_app.command("list")
def list_(
    country: Annotated[str, typer.Option("--country", help="Only this country.")] = "",
    countries: Annotated[
        bool, typer.Option("--countries", help="Which countries have texts of their own, and which are near.")
    ] = False,
    aging: Annotated[bool, typer.Option("--aging", help="Sources of which a newer edition is known.")] = False,
    as_json: Json = False,
) -> None:
    """Every protocol and guidance document with status and level of checking."""
    from cobalamin.app.documents import library
    from cobalamin.app.documents.types import library as answers

    if countries or aging:
        _overview(countries, as_json)
        return
    rows = library.listing(shipped.library(), country_code(country))
    if as_json:
        print_json(answers.ListAnswer(library=shipped.library().edition, protocols=rows))
        return
    _table(rows)
    if not rows:
        _tell_of(country)


def _tell_of(country: str) -> None:
    """Of a country without a text: what is known, what is near, and which countries have texts."""
    from cobalamin.app.cli.library_lines import country_line
    from cobalamin.app.documents import library

    covered = library.coverage(shipped.library())
    told = next(
        (country_line(row) for row in covered if row.country == country), f"{country}: no country of ISO 3166-1."
    )
    held = ", ".join(row.country for row in covered if row.held)
    sys.stderr.write(f"{told}\nThe library holds protocols of {held}.\n")


def _overview(countries: bool, as_json: bool) -> None:
    from cobalamin.app.cli.library_lines import aging_lines, country_lines
    from cobalamin.app.documents import library

    answer = library.overview(shipped.library(), countries)
    if as_json:
        print_json(answer)
        return
    sys.stdout.writelines(f"{line}\n" for line in (country_lines if countries else aging_lines)(answer))


def _table(rows: list[ListedAnswer]) -> None:
    from rich.table import Table

    from cobalamin.app.terminal.console import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("id", "country", "kind", "status", "level", "title"):
        table.add_column(title, no_wrap=title != "title")
    for row in rows:
        table.add_row(row.id, row.country, row.kind, row.status, row.level, row.title)
    console().print(table, markup=False)


@library_app.command()
def show(
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Any id or code that an answer prints: of a protocol, source, fact, band, statement."
        ),
    ],
    as_json: Json = False,
) -> None:
    """One record of the library, as its source says it."""
    from cobalamin.app.documents import library
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.library import view_of_record

    if as_json:
        print_json(library.record(shipped.library(), id))
        return
    print_view(view_of_record(shipped.library(), id))


@library_app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="A library's YAML folder; without it, the shipped one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Every fault of the library, all at once: form, citations, levels, and what must never be in it."""
    from cobalamin.app.documents import library

    found = library.checked(folder)
    if as_json:
        print_json(found)
    else:
        for entry in found.faults:
            sys.stderr.write(f"{entry.file}:{entry.line}: {entry.path}: {entry.message}\n")
        for entry in found.remarks:
            sys.stdout.write(f"remark: {entry.file}: {entry.path}: {entry.message}\n")
        sys.stdout.write(f"{len(found.faults)} faults, {len(found.remarks)} remarks\n")
    leave(InputError.exit_code if found.faults else 0)


@library_app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A library's YAML folder or compiled file.")],
    new: Annotated[Path | None, typer.Argument(metavar="NEW", help="Another; without it, the shipped one.")] = None,
    as_json: Json = False,
) -> None:
    """What changed between two editions: a change log for a clinician, protocol by protocol."""
    from cobalamin.app.cli.library_lines import change_lines
    from cobalamin.app.documents import editions

    answer = editions.diff(old, new)
    if as_json:
        print_json(answer)
        return
    sys.stdout.writelines(f"{line}\n" for line in change_lines(answer))


@library_app.command("compile", hidden=True)
def compile_() -> None:
    """Write the compiled library beside the YAML folder."""
    from cobalamin.app.services import library_work

    path = library_work.compile_shipped()
    sys.stdout.write(f"{path} is written\n")


def add_to(app: typer.Typer) -> None:
    app.add_typer(library_app, name="library")
