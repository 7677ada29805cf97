"""The command line: arguments in, one service call, an answer out as text or JSON. Nothing is decided here."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cobalamin import __version__
from cobalamin.app.cli import ask as cli_ask
from cobalamin.app.cli import assess, calendar, compare, entries, paper, serve, signing, simulate
from cobalamin.app.cli.days import assessment_day, day, no_opening_days, opening_days
from cobalamin.app.cli.library import library_app
from cobalamin.app.cli.missing import missing_people
from cobalamin.app.cli.options import (
    INTERRUPTED,
    NEEDED,
    OK,
    PEOPLE_MISSING,
    REFUSED,
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
from cobalamin.app.cli.panel import panel_app
from cobalamin.app.cli.record import add_to
from cobalamin.app.services import accepting, cases, planning, shipped, volumes
from cobalamin.app.services.confirming import Asked, Confirmed
from cobalamin.app.services.files import parted_files, saved_files
from cobalamin.app.services.typed import country_code, pairs
from cobalamin.app.terminal.streams import OutputLost, safe_streams
from cobalamin.errors import CobalaminError, Fault, InputError, InvariantBroken
from cobalamin.therapy.case.case import Case, Patient

if TYPE_CHECKING:
    from cobalamin.therapy.plan.plan import Plan

app = typer.Typer(
    name="cobalamin",
    help="Published vitamin B12 replacement protocols as a patient's dated, cited schedule.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
signing.add_to(library_app)
app.add_typer(library_app, name="library")
app.add_typer(panel_app, name="panel")


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"cobalamin {__version__}\n")
        leave(OK)


@app.callback()
def options_of_the_program(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Published vitamin B12 replacement protocols as a patient's dated, cited schedule."""


@app.command()
def new(
    case: CaseFile,
    id: Annotated[str, typer.Option("--id", help="How the patient is called in the file.")] = "",
    birth_date: Annotated[str, typer.Option("--birth-date", metavar="DATE")] = "",
    sex: Annotated[str, typer.Option("--sex", help="female, male, other or unknown")] = "",
    country: Annotated[str, typer.Option("--country", help="Two letters, for example GB.")] = "",
) -> None:
    """Write an annotated case file with the allowed words as comments."""
    born = day(birth_date, "--birth-date", country=country) if birth_date else None
    if born is not None and born > assessment_day(""):
        raise InputError.one("--birth-date", "", f"{born} has not come yet; write the day of birth as YYYY-MM-DD")
    patient = Patient(id or case.stem, born, sex, country)
    cases.new_case(case, patient)
    sys.stdout.write(f"{case} is written. Fill in what is known, then run: cobalamin propose {case}\n")


@app.command()
def check(case: CaseFile, as_json: Json = False) -> None:
    """List every fault of a case file, each with its line."""
    from cobalamin.app.documents import inspection

    document = inspection.check_case(case)
    if as_json:
        print_json(document)
    elif document.readable:
        sys.stdout.write(f"{case}: no faults\n")
    else:
        for fault in document.faults:
            sys.stderr.write(f"{Fault(fault.file, fault.line, fault.path, fault.message)}\n")
    leave(OK if document.readable else InputError.exit_code)


@app.command()
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
        from cobalamin.app.terminal.propose import show_proposal

        show_proposal(proposal, read.case, library, plain, everything)
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
    opens: Opens = "",
    holidays: Holidays = "",
    closed: Closed = "",
    on: On = "",
    yes: Yes = False,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Write the plan into the case file, with who accepted it and what was acknowledged."""
    assessed = assessment_day(on, case)
    first = day(start, "--start", case, assessed)
    hours = opening_days(opens, holidays, closed, case, assessed)
    options = planning.PlanOptions(protocol, first, pairs(choose, "--choose"), product, policy, calendar=hours)
    made = _accepted(case, options, by, pairs(acknowledge, "--acknowledge"), assessed, yes, as_json)
    written = cases.CaseRead(case)
    answer_plan(made, written, as_json, plain)
    if not made.needs:
        sys.stderr.write(f"{shipped.library().own_words.text('record.plan_written', path=case)}\n")
        sys.stderr.write(_of_the_start(first, assessed, written.case))
        sys.stderr.write("" if hours else no_opening_days("accept", made, written.case.patient.country))
    leave(NEEDED if made.needs else OK)


def _accepted(
    case: Path, options: planning.PlanOptions, by: str, reasons: dict[str, str], on: date, yes: bool, as_json: bool
) -> Plan:
    """The plan that was written; a first day that looks wrong is asked about first."""
    from cobalamin.app.cli.confirm import until_confirmed

    def write(sure: Confirmed) -> Plan:
        return accepting.accept_plan(case, options, by, reasons, on, confirmed=sure)

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


assess.add_to(app)
add_to(app)
entries.add_to(app)
compare.add_to(app)
paper.add_to(app)
calendar.add_to(app)
cli_ask.add_to(app)
serve.add_to(app)
simulate.add_to(app)


@app.command()
def dose(
    amount: Annotated[list[str] | None, typer.Argument(metavar="AMOUNT", help="The dose, for example 250 mcg.")] = None,
    dose_text: Annotated[str, typer.Option("--dose", metavar="AMOUNT", help='For example "250 mcg".')] = "",
    volume_text: Annotated[
        str, typer.Option("--volume", metavar="VOLUME", help='Instead: which dose is in "1 mL"?')
    ] = "",
    product: Product = "",
    strength: Annotated[
        str, typer.Option("--strength", metavar="LABEL", help='As on the label, for example "1000 mcg/mL".')
    ] = "",
    country: Annotated[str, typer.Option("--country", help="Whose unit words come first.")] = "GB",
    as_json: Json = False,
) -> None:
    """Volume to draw up for a dose, or the dose in a volume; whole ampoules, and the dose in both unit texts."""
    from cobalamin.app.documents import inspection

    told = _one_amount(" ".join(amount or ()), dose_text, volume_text)
    if bool(product) == bool(strength):
        asked = f"--volume '{told}'" if volume_text else f"--dose '{told}'"
        message = f"give either --product ID or --strength LABEL, so that it is clear what is drawn up, for example: cobalamin dose {asked} --strength '1 mg/mL'"
        raise InputError.one("dose", "", message)
    answer = volumes.mass_of if volume_text else volumes.dose_volume
    volume = answer(told, product, strength, country_code(country))
    if as_json:
        print_json(inspection.dose_answer(volume))
    else:
        from cobalamin.app.terminal.screen import show_volume

        show_volume(volume, shipped.library(), country)
    leave(REFUSED if any(issue.severity == "block" for issue in volume.issues) else OK)


def _one_amount(amount: str, dose: str, volume: str) -> str:
    """What is asked about: a dose or a volume, told once."""
    told = [each for each in (amount, dose, volume) if each]
    if len(told) != 1:
        message = "give the dose or the volume once, for example: cobalamin dose --dose '1 mg' --strength '1 mg/mL'"
        raise typer.BadParameter(message, param_hint="--dose")
    return told[0]


@app.command()
def schema(
    name: Annotated[
        str,
        typer.Argument(
            help="case, propose, assess, plan, review, due, explain, record, ask, compare, whatif, dose, check, panel-recall ..."
        ),
    ],
) -> None:
    """The JSON Schema of a document."""
    from cobalamin.app.documents.schemas import schema_of

    print_json(schema_of(name))


@app.command()
def demo(plain: Plain = False) -> None:
    """The main jobs on real examples: a proposal, a year's schedule, the review of a running treatment."""
    from cobalamin.app.cli.demo import play

    play(plain)


def main() -> None:
    """Run the command line; errors become one sentence each on standard error and an exit code of the contract."""
    with safe_streams(), saved_files() as saved, parted_files() as parted, missing_people() as missing:
        try:
            code = _run(saved)
            sys.stdout.flush()
            if code == OK and missing.number:  # interrupted after something was saved
                missing.say()
                code = PEOPLE_MISSING
        except KeyboardInterrupt:
            code = _interrupted(saved)
        except OutputLost as lost:
            code = _without_answer(lost, saved)
            if missing.number:  # people are told of in any case; whoever reads only the list's first lines hears it too
                missing.say()
                code = PEOPLE_MISSING
        for path in parted:
            sys.stderr.write(f"note: {path} had other names (hard links); they keep the text from before.\n")
        sys.stderr.flush()
    sys.exit(code)


def _run(saved: list[Path]) -> int:
    """The exit code of the command. Raises OutputLost where its answer could not be written."""
    try:
        app(prog_name="cobalamin")
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else OK
    except CobalaminError as error:
        code = error.exit_code
        sys.stderr.write(f"{error}\n")
        _print_faults(getattr(error, "faults", None))
    except OSError as error:
        code = InputError.exit_code
        sys.stderr.write(f"{error.filename or 'a file'}: can't be read or written: {error.strerror or error}\n")
    except OutputLost:
        raise
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as defect:
        code = INTERRUPTED if _is_interrupt(defect) else InvariantBroken.exit_code
        nothing = "" if saved else "; nothing was written"
        if code != INTERRUPTED:
            sys.stderr.write(
                f"a defect of this program ({type(defect).__name__}: {defect}){nothing}. Please report it.\n"
            )
    else:
        code = OK
    if code == INTERRUPTED:
        return _interrupted(saved)
    if code not in (OK, PEOPLE_MISSING) and saved:
        sys.stderr.write(f"{_named(saved)} saved; the fault came after it. Don't enter it again.\n")
    return code


def _interrupted(saved: list[Path]) -> int:
    """The exit code after Ctrl+C: what was saved is never told as not saved, by the code neither."""
    if not saved:
        return INTERRUPTED
    sys.stderr.write(f"{_named(saved)} saved; only what follows was interrupted. Don't enter it again.\n")
    return OK


def _is_interrupt(error: BaseException) -> bool:
    """Whether somebody pressed Ctrl+C: DuckDB tells it as an error of its own while a query runs."""
    return str(error).removeprefix("INTERRUPT Error: ") in ("Query interrupted", "Interrupted!")


def _print_faults(faults: list[Fault] | None) -> None:
    if faults is not None and "--json" in sys.argv:
        from cobalamin.app.documents.inspection import fault_answer

        print_json({"faults": [fault_answer(fault) for fault in faults]})


def _without_answer(lost: OutputLost, saved: list[Path]) -> int:
    """What was saved is saved, whether or not anybody could be told."""
    if saved:
        why = f": {lost.reason}" if lost.reason else ""
        sys.stderr.write(f"{_named(saved)} saved; only the answer could not be shown{why}. Don't enter it again.\n")
    elif lost.reason:
        sys.stderr.write(f"the answer could not be shown: standard output: {lost.reason}\n")
        return InputError.exit_code
    return OK


def _named(saved: list[Path]) -> str:
    names = ", ".join(str(path).replace("\n", " ") for path in dict.fromkeys(saved))
    return f"{names} {'is' if len(set(saved)) == 1 else 'are'}"
