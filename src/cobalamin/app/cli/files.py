"""The commands that begin a case file and look it over: new, check."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cobalamin.app.cli.days import assessment_day, day
from cobalamin.app.cli.filled import country_or_usual
from cobalamin.app.cli.options import OK, CaseFile, Json, leave, print_json
from cobalamin.app.services import cases
from cobalamin.errors import Fault, InputError
from cobalamin.therapy.case.case import Patient


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
    patient = Patient(id or case.stem, born, sex, country_or_usual(country))
    cases.new_case(case, patient)
    sys.stdout.write(f"{case} is written. Fill in what is known, then run: cobalamin propose {case}\n")


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


def add_to(app: typer.Typer) -> None:
    for command in (new, check):
        app.command()(command)
