"""A practice's own recall list as canonical tables: one line a person, columns named as the practice names them.

The mapping file says which column is which. Nothing is guessed: a date format, the unit of the interval and the words of the cause are
told by the person who knows the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cobalamin.knowledge.document import read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.reading import Reading
from cobalamin.population.csv_files import CsvTable, Row, write_table

COLUMNS = (
    "patient_id", "last_dose", "interval", "next_due", "cause", "last_serum_b12", "last_serum_b12_on", "practice", "birth_date", "sex",
    "neurological_involvement", "registered_to", "died_on",
)  # fmt: skip
_PATIENT = (
    "patient_id", "protocol", "start", "choices", "practice", "country", "birth_date", "sex", "cause", "neurological_involvement",
    "previous_treatment", "deficiency", "registered_to", "died_on",
)  # fmt: skip
_DATES = ("last_dose", "next_due", "birth_date", "registered_to", "died_on", "last_serum_b12_on")
_UNITS = ("d", "wk", "mo", "a")


@dataclass(frozen=True)
class RegisterMapping:
    """How a practice's list is read. `words`: by column, the contract's word for each word of the list."""

    columns: Mapping[str, str]
    protocol: str
    choices: str
    country: str
    dates: str = "%Y-%m-%d"
    interval_unit: str = ""
    result_unit: str = ""
    words: Mapping[str, Mapping[str, str]] | None = None


def read_mapping(content: bytes, file: str, library: Library) -> RegisterMapping:
    """The mapping in a YAML file. Raises InputError with every fault, each with its line."""
    document = read_document(content, file)
    reading = Reading(document)
    keys = ("register", "columns", "protocol", "country")
    root = reading.mapping(document.tree, "", keys, ("choices", "dates", "interval_unit", "result_unit", "words"))
    columns = reading.mapping(root.get("columns", {}), "columns", ("patient_id", "last_dose", "interval"), COLUMNS)
    reading.word(root.get("protocol"), "protocol", library.ids)
    if "interval_unit" in root:
        reading.word(root["interval_unit"], "interval_unit", _UNITS)
    words = root.get("words", {})
    for name in reading.mapping(words, "words", (), COLUMNS):
        reading.mapping(words[name], f"words.{name}", tuple(words[name]) if isinstance(words[name], dict) else ())
    reading.finish()
    return RegisterMapping(
        {ours: str(theirs) for ours, theirs in columns.items()}, str(root["protocol"]), str(root.get("choices", "")), str(root["country"]),
        str(root.get("dates", "%Y-%m-%d")), str(root.get("interval_unit", "")), str(root.get("result_unit", "")), words,
    )  # fmt: skip


def keep_register(file: Path, mapping: RegisterMapping, on: date, target: Path) -> list[Mapping[str, Any]]:
    """Keep the list as the tables patient, decision and result, and what it expects itself as `due_told.parquet`."""
    read = CsvTable(file)
    rows = [(str(file), line, _told(read, fields, mapping)) for line, fields in read.rows()]
    _refuse_missing(read, mapping)
    written = (
        ("patient", _PATIENT, ((place, line, _patient(row, mapping, on)) for place, line, row in rows)),
        ("administration", ("patient_id", "date"), iter(())),
        ("decision", ("patient_id", "date", "decision", "phase", "last_dose", "interval"), _histories(rows, on)),
        ("result", ("patient_id", "date", "marker", "value"), _results(rows, on)),
        (
            "due_told",
            ("patient_id", "next_due"),
            ((place, line, row) for place, line, row in rows if row.get("next_due")),
        ),
    )
    for table, columns, found in written:
        write_table(found, columns, target / f"{table}.parquet")
    return [{"table": "patient", **place} for place in read.unreadable]


def _refuse_missing(read: CsvTable, mapping: RegisterMapping) -> None:
    from cobalamin.errors import InputError

    for ours, theirs in mapping.columns.items():
        if theirs not in read.columns:
            message = f"the list has no column '{theirs}' (for {ours}); it has {', '.join(read.columns)}"
            raise InputError.one(str(read.file), theirs, message)


def _told(read: CsvTable, fields: list[str], mapping: RegisterMapping) -> Row:
    """What a line tells, in our words: dates as days, intervals with their unit. What can't be read stays as it stands."""
    line = dict(zip(read.columns, fields, strict=True))
    row = {ours: line.get(theirs, "") for ours, theirs in mapping.columns.items()}
    for name, words in (mapping.words or {}).items():
        row[name] = words.get(row.get(name, ""), row.get(name, ""))
    for name in _DATES:
        if row.get(name):
            row[name] = _day(row[name], mapping.dates)
    if row.get("interval", "").isdigit() and mapping.interval_unit:
        row["interval"] = f"{int(row['interval'])} {mapping.interval_unit}"
    return row


def _day(text: str, form: str) -> str:
    try:
        return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 -- a civil date has no time zone
    except ValueError:
        return text


def _patient(row: Row, mapping: RegisterMapping, on: date) -> Row:
    """The patient, on the register's protocol from the day of the list, treated before."""
    told = {key: value for key, value in row.items() if key in _PATIENT}
    return {
        **told, "protocol": mapping.protocol, "start": str(on), "choices": mapping.choices, "country": mapping.country,
        "previous_treatment": "maintenance", "deficiency": "confirmed",
    }  # fmt: skip


def _histories(rows: list[tuple[str, int, Row]], on: date) -> Iterator[tuple[str, int, Row]]:
    """What the list says of earlier treatment; an empty last dose is told as not known, so that somebody asks."""
    for place, line, row in rows:
        history = {"patient_id": row["patient_id"], "date": str(on), "decision": "history", "phase": "maintenance"}
        yield (
            place,
            line,
            {**history, "last_dose": row.get("last_dose") or "unknown", "interval": row.get("interval", "")},
        )


def _results(rows: list[tuple[str, int, Row]], on: date) -> Iterator[tuple[str, int, Row]]:
    for place, line, row in rows:
        if row.get("last_serum_b12"):
            taken = row.get("last_serum_b12_on") or str(on)
            yield (
                place,
                line,
                {"patient_id": row["patient_id"], "date": taken, "marker": "serum_b12", "value": row["last_serum_b12"]},
            )
