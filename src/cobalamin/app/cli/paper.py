"""The commands for paper: the patient's schedule and the hand-over letter as PDF."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cobalamin.app.cli.days import assessment_day, day
from cobalamin.app.cli.filled import used, usual_settings
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

    from cobalamin.app.paper.lines import Look
    from cobalamin.app.services.planning import PlanOptions
    from cobalamin.therapy.case.case import Case

Output = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The PDF to write.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file.")]
PaperSize = Annotated[str, typer.Option("--paper", metavar="SIZE", help="a4 or letter; without it, the country's.")]
LargePrint = Annotated[bool, typer.Option("--large-print", help="At least 16 point.")]
Professional = Annotated[bool, typer.Option("--pro", help="Professional words, with codes and addresses.")]


class NoAcceptedPlan(CobalaminError):
    """There is nothing to print before a plan is named or accepted."""

    exit_code = NEEDED


def sheet(
    case: CaseFile,
    output: Output,
    protocol: Annotated[
        str, typer.Option("--protocol", metavar="ID", help="For a case without an accepted plan.")
    ] = "",
    start: Annotated[str, typer.Option("--start", metavar="DATE", help="The day of the first dose.")] = "",
    choose: Choose = None,
    product: Product = "",
    policy: PolicyFile = None,
    months: Months = 12,
    paper: PaperSize = "",
    large_print: LargePrint = False,
    pro: Professional = False,
    on: On = "",
    force: Force = False,
) -> None:
    """The patient's written schedule as a PDF to print: what is due, every dated line, warning signs, sources."""
    from cobalamin.app.paper.lines import Look
    from cobalamin.app.paper.typesetting import need_typesetter, refuse_unfit
    from cobalamin.app.services import cases, planning

    need_typesetter("sheet")
    look = Look(_size(paper), large_print, pro, used("practice", usual_settings().practice))
    refuse_unfit(output, case, policy, force=force)
    read = cases.CaseRead(case)
    assessed, opened = assessment_day(on, read), read.case
    page = _running_page(opened, assessed, policy, look, months) if _may_have_plan(opened) else None
    if page is not None and (protocol or start or choose or product):
        message = (
            "a plan is accepted and its treatment is printed; leave out --protocol, --start, --choose and --product"
        )
        raise InputError.one(str(case), "plan", message)
    if page is None:
        if not protocol or not start:
            raise NoAcceptedPlan(f"{case}: no plan is accepted; name --protocol and --start, or accept a plan first")
        first = day(start, "--start", read, assessed)
        options = planning.PlanOptions(protocol, first, pairs(choose, "--choose"), product, policy, months)
        page = _planned_page(opened, options, assessed, look)
    _write("sheet.typ", page, output, (case, policy), force)


def letter(
    case: CaseFile, output: Output, policy: PolicyFile = None, paper: PaperSize = "", on: On = "", force: Force = False
) -> None:
    """A letter that hands the treatment over to another practice, as a PDF."""
    from cobalamin.app.paper.letter import letter_of
    from cobalamin.app.paper.lines import Look
    from cobalamin.app.paper.typesetting import need_typesetter, refuse_unfit
    from cobalamin.app.services.cases import CaseRead
    from cobalamin.app.services.reviewing import review_of
    from cobalamin.app.services.shipped import library

    need_typesetter("letter")
    look = Look(_size(paper), professional=True, practice=used("practice", usual_settings().practice))
    refuse_unfit(output, case, policy, force=force)
    read = CaseRead(case)
    assessed = assessment_day(on, read)
    seen = review_of(read.case, assessed, None, policy)
    if seen.plan is None:
        raise NoAcceptedPlan(f"{case}: no plan is accepted, so there is no treatment to hand over; accept a plan first")
    _write("letter.typ", letter_of(library(), seen, look), output, (case, policy), force)


def _size(paper: str) -> str:
    if paper.lower() not in ("", "a4", "letter"):
        raise InputError.one("--paper", "", f"'{paper}' must be a4 or letter")
    return paper.lower()


def _planned_page(case: Case, options: PlanOptions, on: date, look: Look) -> dict[str, Any]:
    """The page of a planned schedule; where there is none, its reason as text."""
    from cobalamin.app.paper.schedule import sheet_of_plan
    from cobalamin.app.services.planning import plan_for
    from cobalamin.app.services.shipped import library

    made = plan_for(case, options, on)
    if made.needs or not made.items:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.plan import view_of_plan

        print_view(view_of_plan(made, case, not look.professional))
        leave(NEEDED if made.needs else REFUSED)
    return sheet_of_plan(library(), case, made, on, look)


def _may_have_plan(case: Case) -> bool:
    """Whether a plan may be in force; only then is a review needed. A correction may put a plan in its place."""
    return case.plan is not None or any(event.kind in ("plan", "correction") for event in case.record)


def _running_page(case: Case, on: date, policy: Path | None, look: Look, months: int) -> dict[str, Any] | None:
    """The page of a running treatment, None without a plan in force; a plan that leaves something open has no dates."""
    from cobalamin.app.paper.running import sheet_of_review
    from cobalamin.app.services.reviewing import review_of
    from cobalamin.app.services.shipped import library

    seen = review_of(case, on, None, policy)
    if seen.plan is not None and seen.plan.needs:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.review import view_of_review

        print_view(view_of_review(seen, not look.professional))
        leave(NEEDED)
    warn_of_lacking(seen)
    return sheet_of_review(library(), seen, look, months) if seen.plan else None


def _write(
    template: str, page: dict[str, Any], output: Path, inputs: tuple[Path | None, ...], force: bool
) -> None:  # fmt: skip
    from cobalamin.app.paper.typesetting import pdf_of
    from cobalamin.app.services.outputs import write_output

    write_output(output, pdf_of(template, page), *inputs, force=force)
    for alarm in page["alarms"]:
        sys.stdout.write(f"{printed(alarm['line'])}\n")
    valid = printed(page["foot"]["valid"])
    sys.stdout.write(f"{output} is written. {valid}\n")


def printed(text: str) -> str:
    """A line of a page as a terminal shows it: on paper no line ends inside a date."""
    return text.replace("\u00a0", " ").replace("\u2060", "")


def add_to(app: typer.Typer) -> None:
    for command in (sheet, letter):
        app.command()(command)
