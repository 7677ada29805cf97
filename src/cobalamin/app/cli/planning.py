"""The commands that lead to a plan: propose, plan, accept."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cobalamin.app.cli.choosing import (
    completed,
    nothing_to_compare,
    protocol_of,
    refuse_half_named,
    refuse_unless_agreed,
    remember_shown,
    unchanged,
)
from cobalamin.app.cli.days import assessment_day, day, no_opening_days, opening_days
from cobalamin.app.cli.filled import name_or_usual
from cobalamin.app.cli.options import (
    NEEDED,
    OK,
    REFUSED,
    Acknowledge,
    ByName,
    CaseFile,
    Choose,
    Closed,
    Holidays,
    Json,
    Language,
    Months,
    On,
    Opens,
    Plain,
    PolicyFile,
    Product,
    Protocol,
    Start,
    Yes,
    answer_plan,
    leave,
    print_json,
)
from cobalamin.app.services import accepting, cases, planning, shipped
from cobalamin.app.services.choosing import with_interval
from cobalamin.app.services.confirming import Asked, Confirmed
from cobalamin.app.services.typed import pairs
from cobalamin.therapy.case.case import Case

if TYPE_CHECKING:
    from cobalamin.therapy.plan.plan import Plan

Number = Annotated[
    int | None, typer.Argument(metavar="[NUMBER]", help="An option of the list last shown by propose, not --protocol.")
]
OrNumber = Annotated[str | None, typer.Option("--protocol", metavar="ID", help="A protocol of the library.")]
OrToday = Annotated[
    str | None,
    typer.Option("--start", metavar="DATE", help="The day of the first dose; with NUMBER today, without it."),
]
Every = Annotated[str, typer.Option("--every", metavar="SPAN", help="The interval of maintenance, such as '3 mo'.")]


def propose(
    case: CaseFile,
    ask: Annotated[bool, typer.Option("--ask", help="Ask one question at a time and end with a case file.")] = False,
    on: On = "",
    everything: Annotated[bool, typer.Option("--all", help="Every option, exclusion and disagreement.")] = False,
    as_json: Json = False,
    plain: Plain = False,
    lang: Language = "en",
) -> None:
    """What may be offered, what to ask first, what is excluded and why."""
    library, read = shipped.library_in(lang, as_json), cases.CaseRead(case)
    assessed = assessment_day(on, read)
    if ask:
        from cobalamin.app.cli.interview import ask_for_case

        ask_for_case(case, assessed, plain, sys.stderr if as_json else sys.stdout)
        read = cases.CaseRead(case)  # with what was answered
    proposal = planning.propose_for(read.case, assessed, library)
    if as_json:
        from cobalamin.app.documents.plan import Renderer

        print_json(Renderer(library).propose(proposal))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.propose import view_of_proposal

        print_view(view_of_proposal(proposal, read.case, library, plain, everything))
        remember_shown(read, proposal, everything)
    leave(OK if proposal.options else NEEDED if proposal.needs or proposal.pending else REFUSED)


def plan(
    case: CaseFile,
    protocol: Protocol,
    start: Start,
    choose: Choose = None,
    product: Product = "",
    policy: PolicyFile = None,
    months: Months = 12,
    on: On = "",
    as_json: Json = False,
    plain: Plain = False,
    lang: Language = "en",
) -> None:
    """The dated schedule of a protocol: doses with windows, checks, reviews, decisions."""
    library, read = shipped.library_in(lang, as_json), cases.CaseRead(case)
    assessed = assessment_day(on, read)
    first = day(start, "--start", read, assessed)
    options = planning.PlanOptions(protocol, first, pairs(choose, "--choose"), product, policy, months)
    made = planning.plan_for(read.case, options, assessed, library)
    answer_plan(made, read, as_json, plain)
    sys.stderr.write(_of_the_start(first, assessed, read.case))
    leave(NEEDED if made.needs else REFUSED if made.blocked else OK)


def accept(
    ctx: typer.Context, case: CaseFile, number: Number = None, protocol: OrNumber = None, start: OrToday = None, by: ByName = None,
    every: Every = "", choose: Choose = None, product: Product = "", policy: PolicyFile = None, acknowledge: Acknowledge = None,
    opens: Opens = "", holidays: Holidays = "", closed: Closed = "", on: On = "", yes: Yes = False, as_json: Json = False,
    plain: Plain = False,
) -> None:  # fmt: skip
    """Write the plan into the case file, with who accepted it and what was acknowledged; NUMBER is an option of `propose`."""
    refuse_half_named(ctx, number, protocol, start)
    assessed, by, read = assessment_day(on, case), name_or_usual(by, ctx), cases.CaseRead(case)
    listed = protocol or protocol_of(read, number or 0, assessed, as_json, plain)
    first = day(start, "--start", case, assessed) if start else assessed
    hours = opening_days(opens, holidays, closed, case, assessed)
    choices, reasons = with_interval(listed, pairs(choose, "--choose"), every), pairs(acknowledge, "--acknowledge")
    options = planning.PlanOptions(listed, first, choices, product, policy, calendar=hours)
    options = completed(read, options, assessed, as_json)
    if number is not None and not yes:
        refuse_unless_agreed(read, options, by, reasons, assessed, as_json)
    same = unchanged(read, assessed) if number is not None else nothing_to_compare
    made = _accepted(case, options, by, reasons, assessed, yes, as_json, same)
    written = cases.CaseRead(case)
    answer_plan(made, written, as_json, plain)
    if not made.needs:
        sys.stderr.write(f"{shipped.library().own_words.text('record.plan_written', path=case)}\n")
        sys.stderr.write(_of_the_start(options.start, assessed, written.case))
        sys.stderr.write("" if hours else no_opening_days("accept", made, written.case.patient.country))
    leave(NEEDED if made.needs else OK)


def _accepted(
    case: Path, options: planning.PlanOptions, by: str, reasons: dict[str, str], on: date, yes: bool, as_json: bool,
    before_saving: Callable[[], object],
) -> Plan:  # fmt: skip
    """The plan that was written; a first day that looks wrong is asked about first."""
    from cobalamin.app.cli.confirm import until_confirmed

    def write(sure: Confirmed) -> Plan:
        return accepting.accept_plan(case, options, by, reasons, on, before_saving, confirmed=sure)

    try:
        return until_confirmed(write, yes, as_json)
    except accepting.NotAccepted as refusal:
        if as_json:
            answer_plan(refusal.plan, cases.CaseRead(case), as_json, False)
        raise


def _of_the_start(start: date, on: date, case: Case) -> str:
    """One line where a plan begins so far from today that the year may be a slip, or that treatment may run already (hazard H129)."""
    doubts = accepting.start_doubts(case, start, on)
    return "".join(f"{line}\n" for line in Asked(doubts, case, (), shipped.library(), on).sentences()) if doubts else ""


def add_to(app: typer.Typer) -> None:
    for command in (propose, plan, accept):
        app.command()(command)
