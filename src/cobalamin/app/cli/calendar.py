"""The command that writes a calendar file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cobalamin.app.cli.days import assessment_day, day
from cobalamin.app.cli.options import (
    NEEDED,
    REFUSED,
    CaseFile,
    Choose,
    Months,
    On,
    PolicyFile,
    Product,
    leave,
    warn_of_lacking,
)
from cobalamin.app.services.typed import pairs
from cobalamin.errors import CobalaminError, InputError

if TYPE_CHECKING:
    from datetime import date

    from cobalamin.app.ics.calendars import Calendar, Wanted
    from cobalamin.app.services.planning import PlanOptions
    from cobalamin.therapy.case.case import Case
    from cobalamin.therapy.review.review import Review


class NothingDated(CobalaminError):
    """There is no plan whose days could stand in a calendar."""

    exit_code = NEEDED


Output = Annotated[Path, typer.Option("-o", "--output", metavar="F.ics", help="The calendar file to write.")]
Protocol = Annotated[str, typer.Option("--protocol", metavar="ID", help="For a case without an accepted plan.")]
Start = Annotated[str, typer.Option("--start", metavar="DATE", help="The day of the first dose.")]
WithName = Annotated[
    bool, typer.Option("--with-name", help="Show the case id, doses and tests; without it, nothing is given away.")
]
Alarm = Annotated[
    str, typer.Option("--alarm", metavar="SPAN", help='How long before, at nine in the morning ("1 d"), or none.')
]
Previous = Annotated[
    Path | None,
    typer.Option("--previous", metavar="F.ics", help="The calendar made before; without it, the file at -o."),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a file that is not such a calendar.")]


def calendar(
    case: CaseFile, output: Output, protocol: Protocol = "", start: Start = "", choose: Choose = None, product: Product = "",
    policy: PolicyFile = None, months: Months = 12, with_name: WithName = False, alarm: Alarm = "1 d",
    previous: Previous = None, on: On = "", force: Force = False,
) -> None:  # fmt: skip
    """What is due as dated all-day events for any calendar program; made again, it moves and cancels what changed."""
    from cobalamin.app.ics import calendars
    from cobalamin.app.ics.calendars import contents
    from cobalamin.app.services import cases, planning
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.calendar import view_of_calendar

    wanted = calendars.Wanted(output, months, with_name, calendars.read_alarm(alarm), previous, force, policy)
    calendars.refuse_unfit(case, wanted)
    read = cases.CaseRead(case)
    assessed, opened = assessment_day(on, read), read.case
    seen = calendars.review_for_calendar(opened, assessed, wanted)
    if seen.plan is not None:
        if protocol or start or choose or product:
            message = (
                "a plan is accepted and its treatment is written; leave out --protocol, --start, --choose, --product"
            )
            raise InputError.one(str(case), "plan", message)
        made = _of_treatment(case, seen, wanted)
    else:
        _refuse_no_plan(case, protocol, start)
        chosen = pairs(choose, "--choose")
        options = planning.PlanOptions(protocol, day(start, "--start", read, assessed), chosen, product, policy, months)
        made = _of_plan(case, opened, options, assessed, wanted)
    print_view(view_of_calendar(contents(made), output, with_name))


def _refuse_no_plan(case: Path, protocol: str, start: str) -> None:
    if not protocol and not start:
        raise NothingDated(f"{case}: no plan is accepted; name --protocol and --start, or accept a plan first")
    if not protocol or not start:
        raise InputError.one("calendar", "", "a plan that is not accepted needs both --protocol and --start")


def _of_plan(path: Path, case: Case, options: PlanOptions, on: date, wanted: Wanted) -> Calendar:
    from cobalamin.app.ics import calendars
    from cobalamin.app.services import planning

    plan = planning.plan_for(case, options, on)
    if plan.needs or plan.blocked:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.plan import view_of_plan

        print_view(view_of_plan(plan, case, plain_words=False))
        leave(NEEDED if plan.needs else REFUSED)
    return calendars.write_plan(path, case, plan, on, wanted)


def _of_treatment(path: Path, seen: Review, wanted: Wanted) -> Calendar:
    from cobalamin.app.ics import calendars

    if seen.plan is not None and seen.plan.needs:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.review import view_of_review

        print_view(view_of_review(seen, plain=False))
        leave(NEEDED)
    warn_of_lacking(seen)
    return calendars.write_review(path, seen, wanted)


def add_to(app: typer.Typer) -> None:
    app.command()(calendar)
