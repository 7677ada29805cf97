"""A practice's own recall list as canonical tables: one line a person, or one line a dose, columns named as the practice names them.

A cell that can't be read costs itself: its person stays on the list, and the cell is reported. A line without a patient's number is
nobody's, and one that shares its number with another may be somebody else's: they are set aside and counted among those who may be
missing. A name is only compared, and kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from cobalamin.errors import InputError
from cobalamin.population.csv_files import CsvTable, Kept, Row, Unread, unread_lines, write_table
from cobalamin.population.csv_mapping import RegisterMapping, small
from cobalamin.population.empty_days import is_empty_day
from cobalamin.population.intervals import read_interval
from cobalamin.population.numbers import alike, is_nobodys, number_of_kind, spelt, words_among_numbers
from cobalamin.population.tables import BAD_CELL, DOUBTFUL_NUMBER, NO_PATIENT, OTHER_SPELLING, SHARED_NUMBER
from cobalamin.spans import SpanRefused, read_date

_PATIENT = (
    "patient_id", "protocol", "start", "choices", "practice", "country", "birth_date", "sex", "cause", "neurological_involvement",
    "previous_treatment", "deficiency", "registered_to", "died_on",
)  # fmt: skip
_DATES = ("last_dose", "next_due", "birth_date", "registered_to", "died_on", "last_serum_b12_on")
_HISTORY = ("patient_id", "date", "decision", "by", "phase", "last_dose", "interval")
_UNBROKEN = ("patient_id", "interval", *_DATES)
_WHO = ("name", "birth_date", "sex")  # two lines that differ in one of these are two people, whatever their number
_PROOF = ("name", "birth_date")  # and those that tell one of these alike are one
_DIFFERENT_DAYS = 16_384  # a list has few days, each of them many times
_MIDNIGHT = re.compile(r"[ T]+0{1,2}:00(:00([.]0+)?)?")
_TWO_DIGITS = re.compile(r".*[^0-9][0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DAY_OF_FORM = re.compile(r"%d[^%]*|[^%]*%d$")
_BARE = re.compile(r"[<>]?=?\s?[0-9]+([.][0-9]+)?")


@dataclass
class Line:
    """A line of the list in our words, with the cells that can't be read and what is wrong with each."""

    number: int
    row: Row
    unread: dict[str, str] = field(default_factory=dict)
    carried: tuple[str, ...] = ()

    @property
    def last_dose(self) -> str:
        return self.row.get("last_dose", "")


class ListRead(Struct, frozen=True):
    """A list as it is read. `people`: one line a person; `doses`: the lines whose results count; `unread`: what can't be read.

    `lost`: the lines of which nobody knows whose they are, with their carried cells where they could be parted.
    """

    file: Path
    people: list[Line]
    doses: list[Line]
    unread: list[Unread]
    how: dict[str, Any]
    notes: list[dict[str, Any]]
    lost: list[tuple[int, tuple[str, ...]]]


def keep_register(file: Path, mapping: RegisterMapping, on: date, target: Path) -> Kept:
    """Keep the list as the tables patient, decision and result, and what it expects itself as `due_told.parquet`.

    Raises InputError where a column of the mapping is missing, or no line stands below the heading.
    """
    return keep_list(read_list(file, mapping, on), mapping, on, target)


def keep_list(read: ListRead, mapping: RegisterMapping, on: date, target: Path) -> Kept:
    """Write a list that was read as the tables of a register."""
    _write(read.file, read.people, read.doses, mapping, on, target)
    return Kept(read.unread, [read.how], read.notes)


def read_list(file: Path, mapping: RegisterMapping, on: date) -> ListRead:
    """Read the list: every line is a person's, or stands among what can't be read. Raises InputError as `keep_register`."""
    dose = mapping.columns["last_dose"]
    read = CsvTable(
        file, tuple(mapping.used.values()), lambda row: _is_day(_day_or_month(row.get(dose, ""), mapping.dates)),
        tuple(mapping.columns[name] for name in _UNBROKEN if name in mapping.columns), mapping.heading_line,
    )  # fmt: skip
    _refuse_missing(read, mapping)
    everyone: dict[int, tuple[str, ...]] = {}
    lines, nobody = _lines(read, mapping, on, everyone)
    unread = [*unread_lines("patient", read), *nobody]
    if not lines and not unread:
        raise InputError.one(str(file), "", "has a heading and no line below it; write one line for each person")
    people, several, strangers = _people(lines, any(name in mapping.columns for name in _PROOF))
    shared = {line.row["patient_id"] for line in several}
    left = {line.number for line in strangers}
    unread += [_aside(file, line.number, SHARED_NUMBER, line.row["patient_id"]) for line in strangers]
    lost = [(each["line"], everyone.get(each["line"], ())) for each in unread]
    spellings = alike([line.row["patient_id"] for line in people])
    unread += [_spelling(file, line, spellings) for line in people if line.row["patient_id"] in spellings]
    notes = [{"note": "one_line_a_dose", "lines": len(several), "people": len(shared)}] if several else []
    notes += [{"note": "other_spelling", "people": len(spellings)}] if spellings else []
    doses = [line for line in lines if line.number not in left]
    return ListRead(file, people, doses, [*unread, *_cells(file, people)], read.how, notes, lost)


def _spelling(file: Path, line: Line, spellings: dict[str, str]) -> Unread:
    """That a number stands on another line with other spaces or hyphens; the row is used, and somebody is to look."""
    who = line.row["patient_id"]
    return {
        **_aside(file, line.number, OTHER_SPELLING, who),
        "cell": "patient_id",
        "detail": f"compare '{spellings[who]}'",
    }


def _lines(
    read: CsvTable, mapping: RegisterMapping, on: date, carried: dict[int, tuple[str, ...]]
) -> tuple[list[Line], list[Unread]]:
    """The lines with a patient's number, and those without one; what stands in its place and is none makes its line unreadable.

    `carried` takes the carried cells of every line.
    """
    lines: list[Line] = []
    nobody: list[Unread] = []
    for number, cells in read.rows():
        row = dict(zip(read.columns, cells, strict=True))
        line = _line(number, row, mapping, on)
        line.carried = tuple(row[name] for name in mapping.carry)
        carried[number] = () if number in carried else line.carried  # a line may be broken into several people's rows
        if line.row["patient_id"]:
            lines.append(line)
        else:
            nobody.append(_aside(read.file, number, NO_PATIENT))
    if mapping.id_kind:
        return _of_kind(read.file, lines, nobody, mapping.id_kind)
    ids = {line.row["patient_id"] for line in lines}
    words = {each for each in ids if is_nobodys(each)}
    words |= words_among_numbers(ids - words)
    read.unreadable += [line.number for line in lines if line.row["patient_id"] in words]
    return [line for line in lines if line.row["patient_id"] not in words], nobody


def _of_kind(file: Path, lines: list[Line], nobody: list[Unread], kind: str) -> tuple[list[Line], list[Unread]]:
    """The lines whose number is one of its kind, in its one spelling; the others are told apart and are nobody's."""
    found: list[Line] = []
    for line in lines:
        number = number_of_kind(line.row["patient_id"], kind)
        if number:
            line.row["patient_id"] = number
            found.append(line)
        else:
            nobody.append(_aside(file, line.number, DOUBTFUL_NUMBER, line.row["patient_id"]))
    return found, nobody


def _aside(file: Path, line: int, fault: int, patient_id: str | None = None) -> Unread:
    return {"table": "patient", "file": str(file), "line": line, "fault": fault, "patient_id": patient_id}


def _refuse_missing(read: CsvTable, mapping: RegisterMapping) -> None:
    for ours, theirs in (*mapping.used.items(), *(("carry", name) for name in mapping.carry)):
        if theirs not in read.columns:
            line = read.how["heading_line"]
            message = f"the list has no column '{theirs}' (for {ours}); its heading on line {line} has {', '.join(read.columns)}"
            raise InputError.one(str(read.file), theirs, message, line)
        if read.columns.count(theirs) > 1:  # of two with one name nobody knows which is shown
            message = f"two columns are called '{theirs}'; give each its own name"
            raise InputError.one(str(read.file), theirs, message, read.how["heading_line"])


def _cells(file: Path, people: list[Line]) -> Iterator[Unread]:
    """The cells that can't be read, each with the patient it belongs to."""
    for person in people:
        for cell, told in person.unread.items():
            yield {
                "table": "patient", "file": str(file), "line": person.number, "fault": BAD_CELL, "patient_id": person.row["patient_id"],
                "cell": cell, "detail": told,
            }  # fmt: skip


# -- a line --------------------------------------------------------------------------------------------------------------


def _line(number: int, cells: Row, mapping: RegisterMapping, on: date) -> Line:
    """What a line tells, in our words: dates as days, intervals with their unit."""
    told = {ours: mapping.word(ours, cells[theirs]) for ours, theirs in mapping.columns.items()}
    told["patient_id"] = spelt(told["patient_id"])
    line = Line(number, told)
    _put_protocol(line, cells, mapping)
    for name in _DATES:
        if told.get(name):
            told[name] = (_day_or_month if name == "last_dose" else _day)(told[name], mapping.dates)
    for name in ("last_dose", "next_due"):  # the others are read, and reported, with the rows that they stand in
        if told.get(name) and not _is_day(told[name], or_month=name == "last_dose"):
            line.unread[name] = _why_no_day(told[name], mapping.dates)
    _drop_last_dose(line, on)
    if told["interval"]:
        told["interval"] = _interval(line, mapping)
    if mapping.result_unit and _BARE.fullmatch(told.get("last_serum_b12", "")):
        told["last_serum_b12"] = f"{told['last_serum_b12']} {mapping.result_unit}"
    return line


def _drop_last_dose(line: Line, on: date) -> None:
    """Take away a last dose that nobody can have had, so that it is asked for."""
    told = line.row["last_dose"]
    born = line.row.get("birth_date", "")
    if "last_dose" not in line.unread and told:
        if is_empty_day(told):
            line.unread["last_dose"] = f"{told} is a day that programs write where there is none"
        elif told > str(on):
            line.unread["last_dose"] = f"{told} is after the day of assessment"
        elif _is_day(told) and _is_day(born) and told < born <= str(on):
            line.unread["last_dose"] = f"{told} is before the day of birth"
    if "last_dose" in line.unread:
        line.row["last_dose"] = ""


def _put_protocol(line: Line, cells: Row, mapping: RegisterMapping) -> None:
    """The protocol of the line's person; a word that means none known to the mapping leaves the person to be asked about."""
    rule = mapping.protocol
    word = cells.get(rule.column, "")
    found = rule.of(word, line.row.get("neurological_involvement") == "present")
    if found is None:
        what = f"'{word}' has no word under protocol.words" if word else "the cell is empty"
        line.unread["protocol"] = f"{what}, so nobody knows which protocol holds"
    line.row |= {"protocol": found or "", "choices": mapping.choices.get(found or "", "")}


def _interval(line: Line, mapping: RegisterMapping) -> str:
    try:
        return str(read_interval(line.row["interval"], mapping.interval_unit))
    except SpanRefused as refused:
        line.unread["interval"] = str(refused)
        return ""


@lru_cache(_DIFFERENT_DAYS)
def _day(text: str, form: str) -> str:
    """The day as YYYY-MM-DD; what can't be read stays as it stands. A spreadsheet writes midnight beside a day."""
    try:
        return datetime.strptime(_MIDNIGHT.sub("", text), form).date().isoformat()  # noqa: DTZ007 -- a civil date has no time zone
    except ValueError:
        return text


@lru_cache(_DIFFERENT_DAYS)
def _day_or_month(text: str, form: str) -> str:
    """The day, or where only the month is told, the month as YYYY-MM: as it is, or in the list's own form without its day."""
    day = _day(text, form)
    if _is_day(day, or_month=True):
        return day
    month = _day(text, _DAY_OF_FORM.sub("", form))
    return month[:7] if _is_day(month) else day


@lru_cache(_DIFFERENT_DAYS)
def _is_day(text: str, or_month: bool = False) -> bool:
    try:
        return bool(read_date(f"{text}-01" if or_month and _MONTH.fullmatch(text) else text))
    except SpanRefused:
        return False


def day_of(text: str, form: str) -> date | None:
    """The day in a cell, as the list writes days or as YYYY-MM-DD; None where it is none."""
    day = _day(text, form)
    return read_date(day) if _is_day(day) else None


def _why_no_day(text: str, form: str) -> str:
    if _TWO_DIGITS.fullmatch(text):
        return f"'{text}' has a year of two digits, which may be of two centuries; write four"
    return f"'{text}' is not a day written {form}"


# -- people --------------------------------------------------------------------------------------------------------------


def _people(lines: list[Line], can_tell: bool) -> tuple[list[Line], list[Line], list[Line]]:
    """One line a person, the lines of those who had one line a dose, and those of them that may be somebody else's.

    Two people who share a number stay two. `can_tell`: whether the list has a column that tells two people apart; one that has
    none is taken at its word, that a number is a person.
    """
    by_id: dict[str, list[Line]] = {}
    for line in lines:
        by_id.setdefault(line.row["patient_id"], []).append(line)
    people: list[Line] = []
    several: list[Line] = []
    strangers: list[Line] = []
    for found in by_id.values():
        if len(found) == 1 or _are_several(found):
            people += found
            continue
        newest = max(found, key=_age)
        proven = not can_tell or _are_one(found)
        people.append(_with_older(newest, found, proven))
        several += found
        strangers += [] if proven else [line for line in found if line is not newest]
    return people, several, strangers


def _age(line: Line) -> tuple[str, int]:
    return line.last_dose, line.number


def _are_several(lines: list[Line]) -> bool:
    return any(len({small(line.row[name]) for line in lines if line.row.get(name)}) > 1 for name in _WHO)


def _are_one(lines: list[Line]) -> bool:
    """Whether every line tells the same name or date of birth; without either two people with one number look like two doses."""
    return any(all(line.row.get(name) for line in lines) for name in _PROOF) and not _are_several(lines)


def _with_older(newest: Line, lines: list[Line], proven: bool) -> Line:
    """The line of the newest dose; where all are proven to be one person's, with what only an older one tells.

    The interval is that of the newest that tells one.
    """
    older = sorted((line for line in lines if line is not newest), key=_age, reverse=True)
    row = dict(newest.row)
    for line in older if proven else ():
        for name, value in line.row.items():
            if (
                value
                and not row.get(name)
                and name not in newest.unread
                and name not in ("next_due", "last_serum_b12", "last_serum_b12_on")
            ):
                row[name] = value
    unread = {
        name: told
        for line in (*older[::-1], newest)
        for name, told in line.unread.items()
        if name != "interval" or line is newest
    }
    return Line(newest.number, row, unread, newest.carried)


# -- tables --------------------------------------------------------------------------------------------------------------


def _write(file: Path, people: list[Line], lines: list[Line], mapping: RegisterMapping, on: date, target: Path) -> None:
    tables = (
        ("patient", _PATIENT, ((line, _patient(line.row, mapping, on)) for line in people)),
        ("administration", ("patient_id", "date"), iter(())),
        ("decision", _HISTORY, ((line, _history(line.row, mapping, on)) for line in people)),
        ("result", ("patient_id", "date", "marker", "value"), _results(lines, on)),
        ("due_told", ("patient_id", "next_due"), ((line, line.row) for line in people if line.row.get("next_due"))),
    )  # fmt: skip
    for table, columns, found in tables:
        write_table(((str(file), line.number, row) for line, row in found), columns, target / f"{table}.parquet")


def _patient(row: Row, mapping: RegisterMapping, on: date) -> Row:
    """The patient, on the register's protocol from the day of the list, treated before."""
    told = {key: value for key, value in row.items() if key in _PATIENT}
    return {
        **told, "start": str(on) if told["protocol"] else "", "country": mapping.country, "previous_treatment": "maintenance",
        "deficiency": "confirmed",
    }  # fmt: skip


def _history(row: Row, mapping: RegisterMapping, on: date) -> Row:
    """What the list says of earlier treatment; a last dose that is empty or can't be read is told as not known, so that somebody asks."""
    history = {
        "patient_id": row["patient_id"],
        "date": str(on),
        "decision": "history",
        "by": row.get("interval_by", ""),
    }
    phase = mapping.protocol.phases.get(row["protocol"], "maintenance")
    return {**history, "phase": phase, "last_dose": row["last_dose"] or "unknown", "interval": row["interval"]}


def _results(lines: list[Line], on: date) -> Iterator[tuple[Line, Row]]:
    """The results of all lines, each once."""
    seen = set()
    for line in lines:
        value, taken = line.row.get("last_serum_b12", ""), line.row.get("last_serum_b12_on") or str(on)
        if value and (line.row["patient_id"], taken, value) not in seen:
            seen.add((line.row["patient_id"], taken, value))
            yield line, {"patient_id": line.row["patient_id"], "date": taken, "marker": "serum_b12", "value": value}
