"""The commands that take a practice's own list as it is: panel look and panel today."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from cobalamin.app.cli.days import assessment_day
from cobalamin.app.cli.missing import note_missing
from cobalamin.app.cli.options import Json, On, PolicyFile, print_json
from cobalamin.app.cli.panel_answers import Force, answered, progress_bar

ListFile = Annotated[Path, typer.Argument(metavar="LIST", help="The practice's list, a CSV file.")]
MappingFile = Annotated[Path, typer.Option("--mapping", metavar="FILE", help="Which column of the list is which.")]
OutcomesFile = Annotated[
    Path | None, typer.Option("--outcomes", metavar="FILE", help="What came of earlier calls, as CSV.")
]
Slots = Annotated[
    int, typer.Option("--slots", metavar="N", help="How many appointments there are this week.", min=0, max=10_000)
]
PaperFile = Annotated[
    Path | None, typer.Option("--print", metavar="FILE.pdf", help="Write the list as a PDF to print.")
]
WorkbookFile = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE.xlsx", help="Write the list as a workbook.")]
LettersFile = Annotated[
    Path | None, typer.Option("--mail-merge", metavar="FILE.csv", help="Write who is called, for letters.")
]


def today(
    file: ListFile,
    mapping: MappingFile,
    on: On = "",
    slots: Slots = 0,
    outcomes: OutcomesFile = None,
    policy: PolicyFile = None,
    paper: PaperFile = None,
    xlsx: WorkbookFile = None,
    merge: LettersFile = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Who is called this week, who is lost from sight, who is first to be asked about: a practice's own list in one step."""
    from cobalamin.app.services.week_list import WeekOptions, week_of

    inputs = (file, mapping, outcomes, policy)
    _refuse_outputs(paper, xlsx, merge, inputs, force)
    day = assessment_day(on)
    with progress_bar("Folding") as progress:
        week = week_of(file, day, WeekOptions(mapping, policy, outcomes, slots), progress)
    missing = week.manifest["may_be_missing"]
    note_missing(missing)
    _write_files(week, file, {"paper": paper, "xlsx": xlsx, "merge": merge}, inputs, force)
    if as_json:
        from cobalamin.app.documents.week import week_document

        print_json(week_document(week))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.week import view_of_week

        print_view(view_of_week(week, file))
    answered(missing)


def _refuse_outputs(
    paper: Path | None, xlsx: Path | None, merge: Path | None, inputs: tuple[Path | None, ...], force: bool
) -> None:
    """Refuse what can't be written before anything is computed."""
    from cobalamin.app.services import outputs, spreadsheets

    if paper:
        from cobalamin.app.paper.typesetting import need_typesetter, refuse_unfit

        need_typesetter("--print")
        refuse_unfit(paper, *inputs, force=force)
    if xlsx:
        spreadsheets.need_workbooks("--xlsx")
    for target in filter(None, (xlsx, merge)):
        outputs.refuse_target(target, *inputs, force=force)
    outputs.refuse_same(paper, xlsx, "--xlsx")
    outputs.refuse_same(paper, merge, "--mail-merge")
    outputs.refuse_same(xlsx, merge, "--mail-merge")


def _write_files(
    week: Any, file: Path, targets: dict[str, Path | None], inputs: tuple[Path | None, ...], force: bool
) -> None:
    from cobalamin.app.services.outputs import write_output

    made: dict[str, Callable[[Any, Path], str | bytes]] = {"paper": _paper, "xlsx": _workbook, "merge": _merged}
    for name, target in targets.items():
        if target:
            write_output(target, made[name](week, file), *inputs, force=force)
            sys.stderr.write(f"{_said('week.written', file=target)}\n")
    if targets["merge"]:
        left = _said(
            "week.merge_left_out", total=f"{week.total:,}", number=f"{_merged_number(week):,}", file=targets["merge"]
        )
        sys.stderr.write(f"{left}\n")


def _said(key: str, **fields: object) -> str:
    from cobalamin.app.services.shipped import library

    return library().own_words.text(key, **fields)


def _paper(week: Any, file: Path) -> bytes:
    from cobalamin.app.paper.week import week_pdf

    return week_pdf(week, file.name)


def _workbook(week: Any, _file: Path) -> bytes:
    from cobalamin.app.services.spreadsheets import workbook_of
    from cobalamin.app.views.week import Wording

    return workbook_of(Wording(week).tables())


def _merged(week: Any, _file: Path) -> str:
    from cobalamin.app.services.spreadsheets import csv_of
    from cobalamin.app.views.week import Wording

    return csv_of(*Wording(week).merged())


def _merged_number(week: Any) -> int:
    from cobalamin.population.week import Part

    return len(week.of(Part.WEEK)) + len(week.of(Part.LOST))


def look(
    file: ListFile,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE", help="Write a draft mapping to edit.")
    ] = None,
    on: On = "",
    force: Force = False,
    as_json: Json = False,
) -> None:
    """What is in a list before it is read: encoding, columns, what can't be read, ten rows, and a draft mapping."""
    from cobalamin.app.services import outputs
    from cobalamin.app.services.look import look_at

    if write:
        outputs.refuse_target(write, file, force=force)
    found = look_at(file, assessment_day(on))
    if write:
        outputs.write_output(write, found.draft, file, force=force)
        sys.stderr.write(f"{_said('week.written', file=write)}\n")
    if as_json:
        from cobalamin.app.documents.look import look_document

        print_json(look_document(found))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.look import view_of_look

        print_view(view_of_look(found, file, write))
    answered(found.lost_number)


def add_to(app: typer.Typer) -> None:
    app.command()(look)
    app.command()(today)
