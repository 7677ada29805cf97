"""The commands for many people at once: panel build, recall, measures, timeline, reconcile, generate, demo."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cobalamin.app.cli import panel_week
from cobalamin.app.cli.days import assessment_day
from cobalamin.app.cli.missing import note_missing
from cobalamin.app.cli.options import Json, On, PolicyFile, print_json
from cobalamin.app.cli.panel_answers import Force, answered, progress_bar
from cobalamin.app.services import extras
from cobalamin.errors import InputError

panel_app = typer.Typer(
    help="Many people at once: a practice's recall list and audit.", no_args_is_help=True, rich_markup_mode=None
)

Source = Annotated[
    Path,
    typer.Argument(
        metavar="REGISTER", help="A folder with the tables as CSV or Parquet, or a CSV list (with --mapping)."
    ),
]
Folder = Annotated[Path, typer.Argument(metavar="PANEL", help="The folder of a panel that was built.")]
Into = Annotated[Path, typer.Option("--into", metavar="FOLDER", help="Where the panel is built.")]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="Which column of a practice's list is which.")
]
MonthEnds = Annotated[
    int,
    typer.Option("--months", metavar="N", help="Count statuses at so many month ends, for `timeline`.", min=0, max=600),
]
Workers = Annotated[int, typer.Option("--workers", metavar="N", help="How many processes.", min=1, max=64)]
Engine = Annotated[str, typer.Option("--engine", help="local (DuckDB) or spark.")]
Practice = Annotated[str, typer.Option("--practice", metavar="NAME", help="Only the people of this practice.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write every row into this file.")]


def _opened(folder: Path, output: Path | None, force: bool) -> Any:
    """The panel in the folder; what can't be written is refused before anything is computed."""
    from cobalamin.app.services import outputs, panels

    if output:
        outputs.refuse_target(output, folder, force=force)
    panel = panels.open_panel(folder)
    if output:
        outputs.refuse_target(output, *_inputs(panel, folder), force=force)
    note_missing(panel.may_be_missing)
    return panel


def _inputs(panel: Any, folder: Path) -> tuple[Path, ...]:
    from cobalamin.app.services.panels import sources_of

    return (folder, *sources_of(panel))


def _save_csv(
    file: Path, rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], inputs: tuple[Path, ...], force: bool
) -> None:  # fmt: skip
    from cobalamin.app.services import outputs, panels

    outputs.write_output(file, panels.csv_text(rows, columns), *inputs, force=force)


@panel_app.callback()
def first() -> None:
    """Many people at once: a practice's recall list and audit."""
    extras.need("panel", "population")


@panel_app.command()
def build(
    source: Source,
    into: Into,
    on: On = "",
    mapping: MappingFile = None,
    policy: PolicyFile = None,
    months: MonthEnds = 0,
    workers: Workers = 2,
    engine: Engine = "local",
    as_json: Json = False,
) -> None:
    """Fold everybody's record: one row a person, with every row of the register used or set aside with its reason."""
    from cobalamin.app.services import panels

    options = panels.BuildOptions(mapping, policy, months, workers, engine)
    with progress_bar("Folding") as progress:
        manifest = panels.build_panel(source, into, assessment_day(on), options, progress)
    note_missing(manifest["may_be_missing"])
    for file in manifest["kept"]:
        sys.stderr.write(f"{file} was not made by this program, so it stays there, beside the new panel.\n")
    if as_json:
        from cobalamin.app.documents.panel import build_document

        print_json(build_document(manifest))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.panel import view_of_built

        print_view(view_of_built(manifest, into))
    answered(manifest["may_be_missing"])


@panel_app.command()
def recall(
    folder: Folder,
    within: Annotated[
        int, typer.Option("--within", metavar="DAYS", help="Also who comes due in so many days.", min=0, max=400)
    ] = 14,
    practice: Practice = "",
    csv: CsvFile = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Who is to be called, each with the reason, the most urgent first."""
    from cobalamin.app.documents import panel as render_panel
    from cobalamin.population import recall as lists

    panel = _opened(folder, csv, force)
    found = lists.recall(panel, within, practice)
    if csv:
        _save_csv(
            csv, map(render_panel.recall_row, found.rows), render_panel.RECALL_COLUMNS, _inputs(panel, folder), force
        )
        sys.stderr.write(f"{len(found.rows)} rows are written into {csv}.\n")
    if as_json:
        print_json(render_panel.recall_document(panel, found))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.panel import view_of_decisions, view_of_recall

        print_view(view_of_recall(found, practice))
        print_view(view_of_decisions(lists.decisions(panel, practice)))
    answered(panel.may_be_missing)


@panel_app.command()
def measures(
    folder: Folder,
    by_practice: Annotated[bool, typer.Option("--by-practice", help="Each measure for each practice.")] = False,
    shared: Annotated[
        bool, typer.Option("--shared", help="Hide small counts and round, for figures that leave the practice.")
    ] = False,
    people: Annotated[
        str, typer.Option("--people", metavar="ID", help="The people behind one measure, for example M5.")
    ] = "",
    csv: CsvFile = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """The audit: each measure with numerator, denominator and exclusions, or the people behind one."""
    from cobalamin.app.documents import panel as render_panel
    from cobalamin.population import measures as audit

    if csv and not people:
        raise InputError.one("--csv", "", "writes the people behind a measure; name it with --people, for example M5")
    panel = _opened(folder, csv, force)
    if people:
        rows = _people(panel, people, shared)
        if csv:
            columns = ("patient_id", "practice", "status", "target", "last_dose", "counted")
            _save_csv(csv, map(render_panel.person_behind, rows), columns, _inputs(panel, folder), force)
        _show_people(panel, people, rows, as_json)
        answered(panel.may_be_missing)
    results = audit.measure_all(panel, by_practice)
    if as_json:
        print_json(render_panel.measures_document(panel, results, shared))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.panel import view_of_measures

        print_view(view_of_measures(panel, results, shared))
    answered(panel.may_be_missing)


def _people(panel: Any, measure_id: str, shared: bool) -> list[dict[str, Any]]:
    """The people behind a measure. Raises InputError for one that is not known, and where the list would leave the practice."""
    from cobalamin.population import measures as audit

    if shared:
        raise InputError.one("--shared", "", "lists of people never leave the practice; leave out --shared or --people")
    return audit.people_behind(panel, measure_id)


def _show_people(panel: Any, measure_id: str, rows: list[dict[str, Any]], as_json: bool) -> None:
    from cobalamin.app.documents import panel as render_panel
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.panel import view_of_people

    if as_json:
        print_json(render_panel.people_document(panel, measure_id, rows))
    else:
        print_view(view_of_people(panel, measure_id, rows))


@panel_app.command()
def timeline(
    folder: Folder,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE", help="Draw it into this SVG file.")
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Month by month: people on treatment and how many of them are late."""
    from cobalamin.app.documents import panel as render_panel
    from cobalamin.population import measures as audit

    panel = _opened(folder, picture, force)
    months = audit.timeline(panel)
    if picture:
        from cobalamin.app.pictures.panel import timeline_picture
        from cobalamin.app.services.outputs import write_output

        write_output(picture, timeline_picture(panel, months), *_inputs(panel, folder), force=force)
    if as_json:
        print_json(render_panel.timeline_document(panel, months))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.panel import view_of_timeline

        print_view(view_of_timeline(panel, months))
    answered(panel.may_be_missing)


@panel_app.command()
def reconcile(folder: Folder, csv: CsvFile = None, force: Force = False, as_json: Json = False) -> None:
    """Rows in = used + set aside, each row set aside with its place, and where the register's own dates differ."""
    from cobalamin.app.documents import panel as render_panel
    from cobalamin.app.services import panels

    panel = _opened(folder, csv, force)
    aside = panel.rows("SELECT * FROM aside")
    differing = panels.disagreements(panel)
    if csv:
        _save_csv(
            csv,
            aside,
            ("table", "file", "line", "patient_id", "cell", "reason", "detail"),
            _inputs(panel, folder),
            force,
        )
    if as_json:
        print_json(render_panel.reconcile_document(panel, aside, differing))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.panel import view_of_reconciled

        print_view(view_of_reconciled(panel, aside, differing))
    answered(panel.may_be_missing)


@panel_app.command()
def generate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the tables are written.")],
    people: Annotated[int, typer.Option("--people", metavar="N", min=1, max=200_000_000)] = 10_000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0)] = 1,
    on: On = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the made-up register that is there.")] = False,
) -> None:
    """Write a made-up register of any size, the same for a seed. Nobody in it exists."""
    from cobalamin.app.services import panels

    with progress_bar("Making up people") as progress:
        panels.generate_register(folder, people, seed, assessment_day(on), progress, force)
    sys.stdout.write(f"A made-up register of {people:,} people is written into {folder}.\n")


@panel_app.command()
def demo(people: Annotated[int, typer.Option("--people", metavar="N", min=10, max=1_000_000)] = 1_200) -> None:
    """A made-up practice: its panel, Tuesday's list and the audit."""
    from cobalamin.app.cli.panel_demo import play

    play(people)


panel_week.add_to(panel_app)


def add_to(app: typer.Typer) -> None:
    app.add_typer(panel_app, name="panel")
