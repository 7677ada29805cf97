"""The command that answers a question with cited sentences of the library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cobalamin.app.cli.days import assessment_day
from cobalamin.app.cli.options import Json, On, Plain, Sources, case_named, extent_of, print_json
from cobalamin.app.services.typed import country_code

OwnCase = Annotated[
    Path | None,
    typer.Option(
        "--case", metavar="FILE", help="A case file: its own dates, where the time is asked about.", callback=case_named
    ),
]


def ask(
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION...", help='In your own words, with or without quotes: "How often?"')
    ],
    country: Annotated[
        str, typer.Option("--country", metavar="XX", help="Put sources of this country first, for example GB.")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every answer and every source.")] = False,
    sources: Sources = False,
    case: OwnCase = None,
    on: On = "",
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Sentences of the library that answer a question, with their sources; never text that was made up."""
    from cobalamin.app.services import asking, cases, shipped

    read = cases.CaseRead(case) if case else None
    person = read.case if read else None
    found = asking.ask(" ".join(question), country_code(country), person, assessment_day(on, read) if person else None)
    if as_json:
        from cobalamin.app.documents.ask import AskRenderer

        print_json(AskRenderer(shipped.library()).found(found))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.ask import view_of_found

    print_view(
        view_of_found(
            found,
            plain,
            country or (person.patient.country if person else ""),
            everything,
            extent_of(everything, sources),
        )
    )


def add_to(app: typer.Typer) -> None:
    app.command(context_settings={"ignore_unknown_options": True})(ask)  # a question may begin with a dash
