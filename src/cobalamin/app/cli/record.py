"""The commands of a running treatment: record, review, due, explain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cobalamin.app.cli.days import WithDays, assessment_day, day, event_days
from cobalamin.app.cli.filled import with_what_holds
from cobalamin.app.cli.options import (
    CaseFile,
    Everything,
    Json,
    Language,
    On,
    Plain,
    PolicyFile,
    Sources,
    Yes,
    extent_of,
    print_json,
)
from cobalamin.app.services.supply import MOST_AMPOULES
from cobalamin.spans import is_typed_date

if TYPE_CHECKING:
    from cobalamin.app.services.reviewing import Entered

AsRecorded = Annotated[
    str, typer.Option("--as-recorded", metavar="DATE", help="Leave out what was written down after this day.")
]

IfGiven = Annotated[str, typer.Option("--if-given", metavar="DATE", help="What a dose on this day would count for.")]


def record(
    case: CaseFile,
    event: Annotated[
        list[str],
        typer.Argument(
            metavar="EVENT...",
            help="What happened: given 2026-04-16, or result potassium='3.9 mmol/L', or KEY=VALUE..., or one JSON object.",
        ),
    ],
    paste: Annotated[
        bool, typer.Option("--paste", help="Read a laboratory report from standard input: record CASE result --paste.")
    ] = False,
    on: On = "",
    policy: PolicyFile = None,
    yes: Yes = False,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Write an event into the case file; asks where it looks wrong, and shows back what was saved and what is due now."""
    from cobalamin.app.cli.confirm import list_entries, until_confirmed
    from cobalamin.app.services import reviewing
    from cobalamin.app.services.recording import event_from_options, names_no_entry

    assessed = assessment_day(on, case)
    if paste:
        from cobalamin.app.cli.pasting import record_pasted

        show_entered(record_pasted(case, event, assessed, yes, as_json), case, as_json, plain)
        return
    tree = with_what_holds(event_days(event_from_options(event, assessed), case, assessed), assessed)
    if names_no_entry(tree):
        kind = "administration" if tree["kind"] == "decision" else ""
        list_entries(case, assessed, kind)
    entered = until_confirmed(
        lambda confirmed: reviewing.record_for(case, tree, assessed, policy, confirmed), yes, as_json
    )
    show_entered(entered, case, as_json, plain)


def show_entered(entered: Entered, case: Path, as_json: bool, plain: bool) -> None:
    if as_json:
        from cobalamin.app.documents.due import DueRenderer
        from cobalamin.app.services.shipped import library

        print_json(DueRenderer(library()).entered(entered))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views import record as views

    print_view(views.view_of_entered(entered, case, plain))


def review(
    case: CaseFile, on: On = "", as_recorded: AsRecorded = "", policy: PolicyFile = None, everything: Everything = False,
    sources: Sources = False, as_json: Json = False, plain: Plain = False, lang: Language = "en",
) -> None:  # fmt: skip
    """Every dose judged, what is due, checks, the response of the blood, questions and issues."""
    from cobalamin.app.services import cases, reviewing
    from cobalamin.app.services.shipped import library_in

    library, read = library_in(lang, as_json), cases.CaseRead(case)
    assessed = assessment_day(on, read)
    known = day(as_recorded, "--as-recorded", read, assessed) if as_recorded else None
    seen = reviewing.review_of(read.case, assessed, known, policy, library=library)
    if as_json:
        from cobalamin.app.documents.review import ReviewRenderer

        print_json(ReviewRenderer(library).review(seen))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.review import view_of_review

    print_view(view_of_review(seen, plain, extent_of(everything, sources)))


def due(
    case: CaseFile,
    if_given: IfGiven = "",
    ampoules: Annotated[
        int | None, typer.Option("--ampoules", metavar="N", help="How long so many last.", min=0, max=MOST_AMPOULES)
    ] = None,
    away: Annotated[str, typer.Option("--away", metavar="FROM..TO", help="What of the plan a journey moves.")] = "",
    on: On = "",
    policy: PolicyFile = None,
    everything: Everything = False,
    sources: Sources = False,
    as_json: Json = False,
    plain: Plain = False,
    lang: Language = "en",
) -> None:
    """What is due, in one sentence; with --if-given, what a dose on that day would count for."""
    from cobalamin.app.services import cases, reviewing
    from cobalamin.app.services.shipped import library_in

    library, read = library_in(lang, as_json), cases.CaseRead(case)
    assessed = assessment_day(on, read)
    asked = day(if_given, "--if-given", read, assessed) if if_given else None
    answer = reviewing.due_for(read.case, assessed, asked, policy, library)
    if ampoules is not None or away or read.case.supply:
        from cobalamin.app.cli.ahead import looked_ahead

        answer = looked_ahead(answer, read, ampoules, away, policy)
    if as_json:
        from cobalamin.app.documents.due import DueRenderer

        print_json(DueRenderer(library).due(answer))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.record import view_of_due

    print_view(view_of_due(answer, plain, extent_of(everything, sources)))
    if answer.supply or answer.away:
        from cobalamin.app.cli.ahead import show_ahead

        show_ahead(answer, plain)


def explain(
    case: CaseFile,
    asked: Annotated[str, typer.Argument(metavar="DATE_OR_EVENT", help="A day of the review, or the id of an entry.")],
    on: On = "",
    policy: PolicyFile = None,
    as_json: Json = False,
    lang: Language = "en",
) -> None:
    """Why a date stands where it stands: facts, plan, rule, arithmetic, window, sources."""
    from cobalamin.app.services import cases, reviewing
    from cobalamin.app.services.shipped import library_in

    library, read = library_in(lang, as_json), cases.CaseRead(case)
    assessed, about = assessment_day(on, read), asked.strip()
    if is_typed_date(about):
        about = day(about, "explain", read, assessed).isoformat()
    answer = reviewing.explain_for(read.case, about, assessed, policy, library)
    if as_json:
        from cobalamin.app.documents.due import DueRenderer

        print_json(DueRenderer(library).explanation(answer))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.record import view_of_explanation

    print_view(view_of_explanation(answer))


def add_to(app: typer.Typer) -> None:
    for command in (record, review, due, explain):
        app.command(cls=WithDays)(command)
