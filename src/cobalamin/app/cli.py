"""The command line: arguments in, one service call, an answer out as text or JSON. Nothing is decided here."""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cobalamin.app import services
from cobalamin.errors import CobalaminError, Fault, InputError
from cobalamin.spans import SpanRefused, read_date
from cobalamin.therapy.case import Patient

app = typer.Typer(
    name="cobalamin",
    help="Published vitamin B12 replacement protocols as a patient's dated, cited schedule.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="A case file (YAML or JSON).")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The day of assessment; without it, today.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Plain = Annotated[bool, typer.Option("--plain", help="Words a patient understands.")]
Protocol = Annotated[str, typer.Option("--protocol", metavar="ID", help="A protocol of the library.")]
Start = Annotated[str, typer.Option("--start", metavar="DATE", help="The day of the first dose.")]
Choose = Annotated[
    list[str] | None, typer.Option("--choose", metavar="K=V", help="Settle what the protocol leaves open.")
]
Product = Annotated[str, typer.Option("--product", metavar="ID", help="The product that will be used.")]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="A local policy of windows, with owner and date.")
]
Months = Annotated[int, typer.Option("--months", metavar="N", help="How far ahead.", min=1, max=480)]

OK, REFUSED, NEEDED = 0, 1, 4


def day(text: str, option: str) -> date:
    """A date of an option. Raises InputError."""
    try:
        return read_date(text)
    except SpanRefused as error:
        raise InputError.one(option, "", str(error)) from None


def assessment_day(on: str) -> date:
    """The clock is read here and nowhere else."""
    return day(on, "--on") if on else datetime.now().astimezone().date()


def pairs(items: list[str] | None, option: str) -> dict[str, str]:
    """K=V options as a mapping. Raises InputError."""
    found: dict[str, str] = {}
    for item in items or []:
        key, equals, value = item.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise InputError.one(option, "", f"'{item}' must be KEY=VALUE, for example maintenance_interval='3 mo'")
        if key.strip() in found:
            raise InputError.one(option, key.strip(), "is given twice; keep one")
        found[key.strip()] = value.strip()
    return found


def print_json(document: Any) -> None:
    """Plain ASCII, so that the bytes are the same whatever encoding the terminal has."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def leave(code: int) -> NoReturn:
    raise typer.Exit(code)


@app.command()
def new(
    case: CaseFile,
    id: Annotated[str, typer.Option("--id", help="How the patient is called in the file.")] = "",
    birth_date: Annotated[str, typer.Option("--birth-date", metavar="DATE")] = "",
    sex: Annotated[str, typer.Option("--sex", help="female, male, other or unknown")] = "",
    country: Annotated[str, typer.Option("--country", help="Two letters, for example GB.")] = "",
) -> None:
    """Write an annotated case file with the allowed words as comments."""
    patient = Patient(id or case.stem, day(birth_date, "--birth-date") if birth_date else None, sex, country)
    services.new_case(case, patient)
    sys.stdout.write(f"{case} is written. Fill in what is known, then run: cobalamin propose {case}\n")


@app.command()
def check(case: CaseFile, as_json: Json = False) -> None:
    """List every fault of a case file, each with its line."""
    from cobalamin.app import inspection

    document = inspection.check_case(case)
    if as_json:
        print_json(document)
    elif document["readable"]:
        sys.stdout.write(f"{case}: no faults\n")
    else:
        for fault in document["faults"]:
            sys.stderr.write(f"{Fault(**fault)}\n")
    leave(OK if document["readable"] else InputError.exit_code)


@app.command()
def propose(
    case: CaseFile,
    ask: Annotated[bool, typer.Option("--ask", help="Ask one question at a time and end with a case file.")] = False,
    on: On = "",
    everything: Annotated[bool, typer.Option("--all", help="Every option, exclusion and disagreement.")] = False,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """What may be offered, what to ask first, what is excluded and why."""
    from cobalamin.app.render import Renderer

    assessed = assessment_day(on)
    if ask:
        from cobalamin.app.asking import ask_for_case

        ask_for_case(case, assessed, plain, sys.stderr if as_json else sys.stdout)
    proposal = services.propose_case(case, assessed)
    if as_json:
        print_json(Renderer(services.library()).propose(proposal))
    else:
        from cobalamin.app.screen_propose import show_proposal

        show_proposal(proposal, services.open_case(case), services.library(), plain, everything)
    leave(OK if proposal.options else NEEDED if proposal.needs or proposal.pending else REFUSED)


@app.command()
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
) -> None:
    """The dated schedule of a protocol: doses with windows, checks, reviews, decisions."""
    options = services.PlanOptions(protocol, day(start, "--start"), pairs(choose, "--choose"), product, policy, months)
    made = services.plan_case(case, options, assessment_day(on))
    _answer_plan(made, case, as_json, plain)
    leave(NEEDED if made.needs else REFUSED if made.blocked else OK)


def _answer_plan(made: Any, case: Path, as_json: bool, plain: bool) -> None:
    if as_json:
        from cobalamin.app.render import Renderer

        print_json(Renderer(services.library()).plan(made))
        return
    from cobalamin.app.screen_plan import show_plan

    show_plan(made, services.open_case(case), services.library(), plain)


@app.command()
def accept(
    case: CaseFile,
    protocol: Protocol,
    start: Start,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who accepts the plan.")],
    choose: Choose = None,
    product: Product = "",
    policy: PolicyFile = None,
    acknowledge: Annotated[list[str] | None, typer.Option("--acknowledge", metavar="CODE=REASON")] = None,
    on: On = "",
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Write the plan into the case file, with who accepted it and what was acknowledged."""
    options = services.PlanOptions(protocol, day(start, "--start"), pairs(choose, "--choose"), product, policy)
    try:
        made = services.accept_plan(case, options, by, pairs(acknowledge, "--acknowledge"), assessment_day(on))
    except services.NotAccepted as refusal:
        if as_json:
            _answer_plan(refusal.plan, case, as_json, plain)
        raise
    _answer_plan(made, case, as_json, plain)
    if not made.needs:
        sys.stderr.write(f"The plan is written into {case}.\n")
    leave(NEEDED if made.needs else OK)


@app.command()
def dose(
    dose_text: Annotated[str, typer.Option("--dose", metavar="AMOUNT", help='For example "250 mcg".')],
    product: Product = "",
    strength: Annotated[
        str, typer.Option("--strength", metavar="LABEL", help='As on the label, for example "1000 mcg/mL".')
    ] = "",
    country: Annotated[str, typer.Option("--country", help="Whose unit words come first.")] = "GB",
    as_json: Json = False,
) -> None:
    """Volume to draw up, whole ampoules, and the dose in both unit texts."""
    from cobalamin.app import inspection

    if bool(product) == bool(strength):
        raise InputError.one("dose", "", "give either --product or --strength, so that it is clear what is drawn up")
    volume = services.dose_volume(dose_text, product, strength, country)
    if as_json:
        print_json(inspection.dose_answer(volume))
    else:
        from cobalamin.app.screen import show_volume

        show_volume(volume, services.library(), country)
    leave(REFUSED if any(issue.severity == "block" for issue in volume.issues) else OK)


@app.command()
def schema(name: Annotated[str, typer.Argument(help="case, propose, plan, dose, check")]) -> None:
    """The JSON Schema of a document."""
    from cobalamin.app.schemas import schema_of

    print_json(schema_of(name))


@app.command()
def demo(plain: Plain = False) -> None:
    """The main job on a real example: a proposal, then a year's schedule."""
    from cobalamin.app.demonstration import play

    play(plain)


def main() -> None:
    """Run the command line; errors become one sentence each on standard error and an exit code of the contract."""
    from cobalamin.app.cli_library import library_app

    app.add_typer(library_app, name="library")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows a mark, and goes on
    try:
        app()
    except CobalaminError as error:
        if "--json" in sys.argv and isinstance(error, InputError):
            from cobalamin.app.inspection import fault_answer

            print_json({"faults": [fault_answer(fault) for fault in error.faults]})
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
