"""The command line: arguments in, one service call, an answer out as text or JSON. Nothing is decided here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cobalamin import __version__
from cobalamin.app.cli.jobs import Program
from cobalamin.app.cli.missing import missing_people
from cobalamin.app.cli.options import INTERRUPTED, OK, PEOPLE_MISSING, leave, print_json
from cobalamin.app.services.files import parted_files, saved_files
from cobalamin.app.terminal.streams import OutputLost, safe_streams
from cobalamin.errors import CobalaminError, Fault, InputError, InvariantBroken

app = typer.Typer(
    name="cobalamin",
    help="Published vitamin B12 replacement protocols as a patient's dated, cited schedule.",
    cls=Program,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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
