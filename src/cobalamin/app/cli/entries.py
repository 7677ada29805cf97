"""The commands that change what a case file says without editing it: set, undo, take-over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cobalamin.app.cli.days import assessment_day, day, no_opening_days, opening_days
from cobalamin.app.cli.filled import name_or_usual
from cobalamin.app.cli.options import (
    NEEDED,
    REFUSED,
    Acknowledge,
    ByName,
    CaseFile,
    Choose,
    Closed,
    Holidays,
    Json,
    On,
    Opens,
    Plain,
    PolicyFile,
    Product,
    Protocol,
    Yes,
    answer_plan,
    leave,
    print_json,
)
from cobalamin.app.services.cases import CaseRead
from cobalamin.app.services.typed import pairs
from cobalamin.spans import is_typed_date

if TYPE_CHECKING:
    from datetime import date

    from cobalamin.app.services.taking_over import Running, TakenOver


def set_facts(
    case: CaseFile,
    fact: Annotated[list[str], typer.Argument(metavar="FACT=VALUE...", help="For example pregnancy=pregnant.")],
    on: On = "",
    yes: Yes = False,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Write facts that were learned on a day as entries; shows old and new value and what changes with it."""
    from cobalamin.app.cli.confirm import until_confirmed
    from cobalamin.app.services import setting

    learned, today, values = assessment_day(on, case), assessment_day(""), pairs(fact, "set")
    done = until_confirmed(lambda confirmed: setting.set_facts(case, values, learned, confirmed, today), yes, as_json)
    if as_json:
        from cobalamin.app.documents.written import WrittenRenderer
        from cobalamin.app.services.shipped import library

        print_json(WrittenRenderer(library()).facts_set(done))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.written import view_of_facts_set

    print_view(view_of_facts_set(done, case, plain))


def take_back(
    case: CaseFile,
    id: Annotated[str, typer.Option("--id", metavar="ID", help="This entry; without it, the one written last.")] = "",
    on: On = "",
    yes: Yes = False,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Take back the entry that was written last, after showing it; it stays in the file and no longer counts."""
    from cobalamin.app.cli.confirm import list_entries, said_yes
    from cobalamin.app.services import taking_back
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.written import view_of_taken_back, view_to_take_back
    from cobalamin.errors import InputError

    assessed = assessment_day(on, case)
    try:
        taken = taking_back.last_written(case, id)
    except InputError as unknown:
        if any(fault.path == id for fault in unknown.faults):
            list_entries(case, assessed)
        raise
    if not yes:
        print_view(view_to_take_back(taken, assessed), error=True)
        if not said_yes("ask_undo", as_json):
            leave(REFUSED)
    entered = taking_back.take_back(case, taken, assessed)
    if as_json:
        from cobalamin.app.documents.written import WrittenRenderer
        from cobalamin.app.services.shipped import library

        print_json(WrittenRenderer(library()).taken_back(taken, entered))
        return
    print_view(view_of_taken_back(entered, case, plain))


def take_over(
    ctx: typer.Context,
    case: CaseFile,
    protocol: Protocol,
    last_dose: Annotated[str, typer.Option("--last-dose", metavar="DATE", help="A day, a month (2026-04) or unknown.")],
    by: ByName = None,
    interval: Annotated[
        str, typer.Option("--interval", metavar="SPAN", help="How often it is given now, for example '10 wk'.")
    ] = "",
    phase: Annotated[
        str, typer.Option("--phase", metavar="PHASE", help="How far it had got; without it, the last phase.")
    ] = "",
    doses: Annotated[str, typer.Option("--doses", metavar="N", help="Doses of that phase that were given.")] = "",
    choose: Choose = None,
    product: Product = "",
    policy: PolicyFile = None,
    acknowledge: Acknowledge = None,
    opens: Opens = "",
    holidays: Holidays = "",
    closed: Closed = "",
    on: On = "",
    yes: Yes = False,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Write down a treatment that already runs: plan, history and previous treatment in one step."""
    from cobalamin.app.services.taking_over import Running

    choices, reasons = pairs(choose, "--choose"), pairs(acknowledge, "--acknowledge")
    assessed = assessment_day(on, case)
    last_dose = _last_dose(last_dose, case, assessed)
    hours = opening_days(opens, holidays, closed, case, assessed)
    told = Running(protocol, last_dose, name_or_usual(by, ctx), interval, phase, doses, choices, product, policy, hours)
    done = _taken_over(case, told, reasons, assessed, yes, as_json)
    if done.plan.needs:
        answer_plan(done.plan, CaseRead(case), as_json, plain)
        leave(NEEDED)
    _show_taken_over(done, case, as_json, plain)
    if not hours:
        sys.stderr.write(no_opening_days("take-over", done.plan, CaseRead(case).case.patient.country))


def _last_dose(told: str, case: Path, on: date) -> str:
    """A day as a file holds it; a month or `unknown` as it was typed."""
    return day(told, "--last-dose", case, on).isoformat() if is_typed_date(told) else told


def _taken_over(case: Path, told: Running, reasons: dict[str, str], on: date, yes: bool, as_json: bool) -> TakenOver:
    from cobalamin.app.cli.confirm import until_confirmed
    from cobalamin.app.services import taking_over
    from cobalamin.app.services.accepting import NotAccepted

    try:
        return until_confirmed(lambda sure: taking_over.take_over(case, told, reasons, on, sure), yes, as_json)
    except NotAccepted as refusal:
        if as_json:
            answer_plan(refusal.plan, CaseRead(case), as_json, False)
        raise


def _show_taken_over(done: TakenOver, case: Path, as_json: bool, plain: bool) -> None:
    if as_json:
        from cobalamin.app.documents.written import WrittenRenderer
        from cobalamin.app.services.shipped import library

        print_json(WrittenRenderer(library()).taken_over(done))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.written import view_of_taken_over

    print_view(view_of_taken_over(done, case, plain))


def add_to(app: typer.Typer) -> None:
    app.command("set")(set_facts)
    app.command("undo")(take_back)
    app.command("take-over")(take_over)
