"""The commands that set things side by side: compare, whatif."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cobalamin.app.cli.days import assessment_day, day
from cobalamin.app.cli.options import (
    NEEDED,
    OK,
    REFUSED,
    CaseFile,
    CaseOrNone,
    Choose,
    Json,
    Language,
    On,
    Plain,
    PolicyFile,
    leave,
    print_json,
)
from cobalamin.app.services.outputs import refuse_target, write_output
from cobalamin.app.services.typed import pairs
from cobalamin.errors import InputError

if TYPE_CHECKING:
    from cobalamin.therapy.case.case import Case
    from cobalamin.therapy.comparison.comparison import Comparison

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
    case: CaseOrNone = None,
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
    lang: Language = "en",
) -> None:
    """Protocols side by side on one time axis: what each comes to, where they differ, and why. Without a case, published texts alone."""
    from cobalamin.app.services import cases, comparing, shipped

    library, named = shipped.library_in(lang, as_json), tuple(dict.fromkeys(protocol or ()))
    if case is None:
        _refuse_of_case(start=start, choose=choose, policy=policy, svg=svg)
        _texts(comparing.compare_texts(named, assessment_day(on), library=library), as_json, plain, everything)
    if svg:
        refuse_target(svg, case, policy, force=force)
    read = cases.CaseRead(case)
    assessed = assessment_day(on, read)
    options = comparing.CompareOptions(
        named=named,
        only_named=only,
        start=day(start, "--start", read, assessed) if start else None,
        choices=pairs(choose, "--choose"),
        days=days,
        policy=policy,
        axis=comparing.TWO_YEARS if svg else comparing.ONE_YEAR,
    )
    comparison = comparing.compare_for(read.case, options, assessed, library)
    if svg:
        write_output(svg, _drawn(read.case, comparison, everything), case, policy, force=force)
    _show(read.case, comparison, as_json, plain, everything)


def _refuse_of_case(**given: object) -> None:
    """Raise InputError for an option that needs a case."""
    for name, value in given.items():
        if value:
            raise InputError.one(f"--{name}", "", "needs a case; without one the published texts alone are compared")


def _texts(texts: Comparison, as_json: bool, plain: bool, everything: bool) -> NoReturn:
    library = texts.proposal.library
    if as_json:
        from cobalamin.app.documents.compare import CompareRenderer

        print_json(CompareRenderer(library).compare(texts))
        leave(OK)
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.side_by_side import view_of_texts

    print_view(view_of_texts(texts, library, plain, everything))
    leave(OK)


def _drawn(case: Case, comparison: Comparison, everything: bool) -> str:
    from cobalamin.app.pictures.timeline import timeline

    return timeline(comparison.proposal.library, comparison, case.patient.id, everything)


def _show(case: Case, comparison: Comparison, as_json: bool, plain: bool, everything: bool) -> NoReturn:
    library, code = comparison.proposal.library, OK if comparison.dated else NEEDED if comparison.waits else REFUSED
    if as_json:
        from cobalamin.app.documents.compare import CompareRenderer

        print_json(CompareRenderer(library).compare(comparison))
        leave(code)
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.compare import view_of_comparison

    print_view(view_of_comparison(comparison, case, library, plain, everything))
    leave(code)


def whatif(case: CaseFile, on: On = "", as_json: Json = False, plain: Plain = False, lang: Language = "en") -> None:
    """The unknown facts that would change the answer, by how much, and the most decisive first."""
    from cobalamin.app.services import cases, comparing, shipped

    library, read = shipped.library_in(lang, as_json), cases.CaseRead(case)
    assessed = assessment_day(on, read)
    answer = comparing.what_if_for(read.case, assessed, library)
    if as_json:
        from cobalamin.app.documents.whatif import WhatIfRenderer

        print_json(WhatIfRenderer(library, answer).document())
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.whatif import view_of_what_if

    print_view(view_of_what_if(answer, read.case, library, plain))


def add_to(app: typer.Typer) -> None:
    for command in (compare, whatif):
        app.command()(command)
