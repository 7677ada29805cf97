"""The command `simulate`: what a schedule does to the B12 in the body, in a model."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cobalamin.app.cli.days import assessment_day, day
from cobalamin.app.cli.options import Json, On, case_named, print_json
from cobalamin.app.services import extras

if TYPE_CHECKING:
    from datetime import date

    from cobalamin.app.services.cases import CaseRead
    from cobalamin.app.services.simulation.answer import Simulation
    from cobalamin.app.services.simulation.body import SimulateOptions

CasePath = Annotated[
    Path | None,
    typer.Argument(metavar="[CASE]", help="A case file: plan and record become doses.", callback=case_named),
]
Scenario = Annotated[
    str, typer.Option("--scenario", metavar="TEXT", help="A regimen, as '1 mg every 8 weeks x 6 then every 12 weeks'.")
]
Substance = Annotated[
    str,
    typer.Option(
        "--substance",
        help="Of a regimen that names none; without it hydroxocobalamin by injection, else cyanocobalamin.",
    ),
]
Route = Annotated[str, typer.Option("--route", help="Of a regimen that names none.")]
ScenarioStart = Annotated[str, typer.Option("--start", metavar="DATE", help="The first day of a typed regimen.")]
_START, _STOP = "--start", "--stop"
Stop = Annotated[str, typer.Option(_STOP, metavar="DATE", help="No dose from this day on.")]
Ahead = Annotated[int, typer.Option("--months", metavar="N", help="How far ahead.", min=0, max=240)]
People = Annotated[int, typer.Option("--people", metavar="N", help="How many people are drawn.")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="The same seed draws the same people.", min=0)]
Compare = Annotated[
    list[str] | None,
    typer.Option("--compare", metavar="TEXT", help="Another regimen, 'nothing', or 'plan', for the same people."),
]
Weight = Annotated[float | None, typer.Option("--weight", metavar="KG")]
Gfr = Annotated[float | None, typer.Option("--gfr", metavar="ML_PER_MIN", help="Kidney function.")]
Serum = Annotated[float | None, typer.Option("--serum", metavar="NG_PER_L", help="Serum B12 before the first dose.")]
Haemoglobin = Annotated[float | None, typer.Option("--haemoglobin", metavar="G_PER_L", help="Before the first dose.")]
Cause = Annotated[str, typer.Option("--cause", help="As in a case file, or 'healthy'; without it, pernicious_anaemia.")]
At = Annotated[
    list[str] | None,
    typer.Option("--at", metavar="TIMES", help="Times after the first dose to show, as '1 h, 5 h, 24 h, 3 d, 6 mo'."),
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the bands at every time into this file.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the files.")]
Picture = Annotated[
    Path | None, typer.Option("--picture", metavar="FILE", help="Draw stores and serum into this SVG file.")
]


def simulate(
    case: CasePath = None,
    scenario: Scenario = "",
    substance: Substance = "",
    route: Route = "intramuscular",
    start: ScenarioStart = "",
    stop: Stop = "",
    months: Ahead = 0,
    people: People = 500,
    seed: Seed = 1,
    compare: Compare = None,
    weight: Weight = None,
    gfr: Gfr = None,
    serum: Serum = None,
    haemoglobin: Haemoglobin = None,
    cause: Cause = "",
    at: At = None,
    csv: Csv = None,
    picture: Picture = None,
    force: Force = False,
    on: On = "",
    as_json: Json = False,
) -> None:
    """What a schedule does to stores, serum and markers over time, in a model of many invented people."""
    extras.need("simulate", "kinetics")
    from cobalamin.app.services.simulation.body import SimulateOptions

    _refuse_targets(case, csv, picture, force)
    read = _read(case)
    assessed = assessment_day(on, read)
    begin, end = (day(text, name, read, assessed) if text else None for name, text in ((_START, start), (_STOP, stop)))
    options = SimulateOptions(
        scenario, substance, route, begin, end, months,
        people, seed, tuple(compare or ()), weight, gfr, serum, haemoglobin, cause, tuple(at or ()),
    )  # fmt: skip
    answer = _answered(read, options, assessed, str(case or ""))
    for target, drawn in ((csv, lambda: _table(answer)), (picture, lambda: _drawn(answer))):
        _write(target, drawn, case, force)
    _show(answer, as_json)


def _answered(read: CaseRead | None, options: SimulateOptions, assessed: date, file: str) -> Simulation:
    """Simulate; whoever watches is told what is waited for."""
    from cobalamin.app.services.shipped import library
    from cobalamin.app.services.simulation.simulate import simulate_of
    from cobalamin.app.terminal.console import waiting

    with waiting(library().own_words.text("simulate.waiting", people=options.people)):
        return simulate_of(read.case if read else None, options, assessed, file)


def _table(answer: Simulation) -> str:
    from cobalamin.app.documents.simulate import table_csv

    return table_csv(answer)


def _read(case: Path | None) -> CaseRead | None:
    """The file of a person, read once."""
    from cobalamin.app.services.cases import CaseRead

    return CaseRead(case) if case else None


def _show(answer: Simulation, as_json: bool) -> None:
    if as_json:
        from cobalamin.app.documents import simulate as render_simulate

        print_json(render_simulate.document(answer))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.simulate import view_of_simulation

    print_view(view_of_simulation(answer))


def _drawn(answer: Simulation) -> str:
    from cobalamin.app.pictures.simulation import picture_of

    return picture_of(answer)


def _refuse_targets(case: Path | None, csv: Path | None, picture: Path | None, force: bool) -> None:
    """Raises TargetRefused and InputError, before anything is computed, for a file that can't or must not be written."""
    from cobalamin.app.services.outputs import refuse_same, refuse_target

    for target in (csv, picture):
        if target is not None:
            refuse_target(target, case, force=force)
    refuse_same(csv, picture, "--picture")


def _write(target: Path | None, text: Callable[[], str], case: Path | None, force: bool) -> None:
    from cobalamin.app.services.outputs import write_output

    if target is None:
        return
    write_output(target, text(), case, force=force)
    sys.stderr.write(f"{target} is written.\n")


def add_to(app: typer.Typer) -> None:
    app.command()(simulate)
