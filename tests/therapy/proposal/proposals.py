"""Cases written as text, for tests of what is proposed."""

from __future__ import annotations

import csv
from pathlib import Path

from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case

FOLDER = Path(__file__).parent


def written(library: Library, country: str, born: str, facts: str, *record: str) -> Case:
    """A woman of this country and date of birth, with facts and entries as they stand in a case file."""
    patient = f"{{id: test, birth_date: {born}, sex: female, country: '{country}'}}"
    entries = "".join(f"\n  - {entry}" for entry in record)
    text = f"cobalamin: 1\npatient: {patient}\nfacts: {{{facts}}}\n" + (f"record:{entries}\n" if record else "")
    return read_case(text, "test", library)


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
