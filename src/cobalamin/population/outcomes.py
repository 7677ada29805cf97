"""What came of calling somebody: the rows of a CSV file that a practice fills in, read beside its list.

A row that can't be used changes nothing: its person stays where the list puts them, and the row is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

from cobalamin.errors import InputError
from cobalamin.population.csv_files import CsvTable, Row
from cobalamin.population.csv_list import day_of
from cobalamin.population.csv_mapping import RegisterMapping
from cobalamin.population.numbers import number_of_kind, spelt

CALLED, BOOKED, DECLINED, NO_ANSWER = OUTCOMES = ("called", "booked", "declined", "no_answer")
COLUMNS = ("patient_id", "date", "outcome", "booked_for")
_REQUIRED = COLUMNS[:3]


class Outcome(Struct, frozen=True):
    """One call. `booked_for`: the day of the appointment, of a booking alone."""

    patient_id: str
    on: date
    outcome: str
    line: int
    booked_for: date | None = None


Why = Literal["line", "word", "day", "to_come", "booked_for", "unknown"]


class Unused(Struct, frozen=True):
    """A row that can't be used; `why`: the key of a sentence, `what`: the cell."""

    line: int
    why: Why
    what: str = ""


class Outcomes(Struct, frozen=True):
    by_patient: Mapping[str, Sequence[Outcome]] = {}
    unused: tuple[Unused, ...] = ()


class Calls(Struct, frozen=True):
    """How things stand with a person since the last dose."""

    booked: Outcome | None = None  # for today or a later day
    missed: Outcome | None = None  # the day has passed, and no dose is recorded since
    declined: Outcome | None = None
    tries: tuple[Outcome, ...] = ()  # called or not answered, the oldest first


def read_outcomes(file: Path, mapping: RegisterMapping, ids: frozenset[str], on: date) -> Outcomes:
    """The rows of the file, each person's oldest first. `ids`: the numbers of the list. Raises InputError where a column is missing."""
    own = mapping.columns["patient_id"]
    table = CsvTable(file, _REQUIRED)
    number = own if own in table.columns else COLUMNS[0]
    for name in (number, *_REQUIRED[1:]):
        if name not in table.columns:
            message = f"the outcomes have no column '{name}'; write {','.join(COLUMNS)} in their first line"
            raise InputError.one(str(file), name, message, table.how["heading_line"])
    found: dict[str, list[Outcome]] = {}
    unused: list[Unused] = []
    for line, cells in table.rows():
        row = dict(zip(table.columns, cells, strict=True))
        if not row["outcome"]:
            continue  # nobody has called yet
        read = _outcome(line, row, number, mapping, on)
        if isinstance(read, Outcome) and read.patient_id not in ids:
            read = Unused(line, "unknown", row[number])
        if isinstance(read, Unused):
            unused.append(read)
        else:
            found.setdefault(read.patient_id, []).append(read)
    unused += [Unused(line, "line") for line in table.unreadable]
    for rows in found.values():
        rows.sort(key=lambda each: (each.on, each.line))
    return Outcomes(found, tuple(sorted(unused, key=lambda each: each.line)))


def _outcome(line: int, row: Row, number: str, mapping: RegisterMapping, on: date) -> Outcome | Unused:
    outcome = "_".join(row["outcome"].casefold().replace("_", " ").split())
    if outcome not in OUTCOMES:
        return Unused(line, "word", row["outcome"])
    day = day_of(row["date"], mapping.dates)
    if day is None:
        return Unused(line, "day", row["date"])
    if day > on:
        return Unused(line, "to_come", row["date"])
    booked_for = day_of(row.get("booked_for", ""), mapping.dates) if outcome == BOOKED else None
    if outcome == BOOKED and booked_for is None:
        return Unused(line, "booked_for", row.get("booked_for", ""))
    who = spelt(row[number])
    return Outcome(number_of_kind(who, mapping.id_kind) or who, day, outcome, line, booked_for)


def calls_of(rows: Sequence[Outcome], last_dose: date | None, on: date) -> Calls:
    """What counts of a person's rows: nothing that a later dose has settled. A booking holds until another one, or until it is declined."""
    since = [each for each in rows if last_dose is None or max(each.on, each.booked_for or each.on) > last_dose]
    last = next((each for each in reversed(since) if each.outcome in (BOOKED, DECLINED)), None)
    tries = tuple(each for each in since if each.outcome in (CALLED, NO_ANSWER))
    if last is None:
        return Calls(tries=tries)
    if last.outcome == DECLINED:
        return Calls(declined=last, tries=tries)
    if last.booked_for is not None and last.booked_for >= on:
        return Calls(booked=last, tries=tries)
    return Calls(missed=last, tries=tries)
