"""The commands that set things side by side: compare, whatif."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cobalamin.app.options import (
    NEEDED,
    OK,
    REFUSED,
    CaseFile,
    Choose,
    Json,
    On,
    Plain,
    PolicyFile,
    assessment_day,
    day,
    leave,
    pairs,
    print_json,
)

Named = Annotated[
    list[str] | None,
    typer.Option("--protocol", metavar="ID", help="Compare this one too, whatever its status (repeat)."),
]
Only = Annotated[bool, typer.Option("--only", help="Only the protocols that are named.")]
Days = Annotated[int, typer.Option("--days", metavar="N", help="How many days the first stretch has.", min=7, max=730)]
Picture = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw the time axis into this file.")]
Everything = Annotated[bool, typer.Option("--all", help="Every protocol and every disagreement.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the picture.")]
AxisStart = Annotated[
    str, typer.Option("--start", metavar="DATE", help="The day of the first dose; without it, the day of assessment.")
]


def compare(
    case: CaseFile,
    protocol: Named = None,
    only: Only = False,
    start: AxisStart = "",
    choose: Choose = None,
    days: Days = 90,
    policy: PolicyFile = None,
    svg: Picture = None,
    everything: Everything = False,
    force: Force = False,
    on: On = "",
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Protocols side by side on one time axis: what each comes to, where they differ, and why."""
    from cobalamin.app import comparing, services

    assessed = assessment_day(on)
    options = comparing.CompareOptions(
        named=tuple(dict.fromkeys(protocol or ())),
        only_named=only,
        start=day(start, "--start") if start else None,
        choices=pairs(choose, "--choose"),
        days=days,
        policy=policy,
        axis=comparing.TWO_YEARS if svg else comparing.ONE_YEAR,
    )
    comparison = comparing.compare_case(case, options, assessed)
    if svg:
        comparing.draw_case(case, comparison, svg, everything, force)
    if as_json:
        from cobalamin.app.render_compare import CompareRenderer

        print_json(CompareRenderer(services.library()).compare(comparison))
    else:
        from cobalamin.app.screen_compare import show_comparison

        show_comparison(comparison, services.open_case(case), services.library(), plain, everything)
    leave(OK if comparison.dated else NEEDED if comparison.waits else REFUSED)


def whatif(case: CaseFile, on: On = "", as_json: Json = False, plain: Plain = False) -> None:
    """The unknown facts that would change the answer, by how much, and the most decisive first."""
    from cobalamin.app import comparing, services

    answer = comparing.what_if_case(case, assessment_day(on))
    if as_json:
        from cobalamin.app.render_whatif import WhatIfRenderer

        print_json(WhatIfRenderer(services.library(), answer).document())
        return
    from cobalamin.app.screen_whatif import show_what_if

    show_what_if(answer, services.open_case(case), services.library(), plain)


def add_to(app: typer.Typer) -> None:
    for command in (compare, whatif):
        app.command()(command)
