"""A laboratory report that was pasted, read line by line: what each line says, or why it can't be taken. Nothing is guessed.

A line is taken where it begins with the name of a marker, then has one number with a unit, and beside it at most a flag and a
reference range. What has two readings is refused by name (hazard H149).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

from cobalamin.app.services.confirming import Confirmed
from cobalamin.app.services.recording import Recorded, record_events
from cobalamin.app.services.reviewing import Entered, entered_by
from cobalamin.app.services.shipped import library
from cobalamin.casefile.events import read_event
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.units import unit_of
from cobalamin.records import replace
from cobalamin.spans import SpanRefused, read_typed_date
from cobalamin.therapy.case.case import Event, Patient

MOST_LINES, LONGEST_LINE = 500, 400
# Words that a laboratory prints around a name and that do not change what was measured.
_BEFORE, _AFTER = (
    ("serum", "plasma", "s", "p"),
    ("level", "levels", "count", "concentration", "result", "in serum", "serum", "plasma"),
)
_FLAG = r"(?:\*+|[hl]{1,2}|high|low|normal|abnormal|\((?:h|l|high|low|n|normal)\))"
_NUMBER = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_COMMA = re.compile(r"[0-9],[0-9]")
_VALUE = re.compile(rf"(?:{_FLAG}\s+)?(<=|>=|[<>\u2264\u2265])?\s*({_NUMBER})(?![0-9.,/-])\s*(.*)", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:reference|ref\.?|normal)\s*(?:range|interval|values?)?\s*:?\s*", re.IGNORECASE)
_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|\u2013|to)\s*({_NUMBER})|([<>]=?|\u2264|\u2265)\s*({_NUMBER})", re.IGNORECASE)
_DATES = re.compile(
    r"(?<![0-9.])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-3]?[0-9]([/.-])[0-3]?[0-9]\1(?:19|20)?[0-9]{2}"
    r"|[0-3]?[0-9][ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -](?:19|20)?[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)


class Line(Struct, frozen=True):
    """One line of a report. `entry`: the result it is; else why not: `fault` where it names a marker, nothing where it names none."""

    number: int
    text: str
    entry: dict[str, Tree] | None = None
    event: Event | None = None
    marker: str = ""
    fault: str = ""


class Report(Struct, frozen=True):
    lines: tuple[Line, ...]

    @property
    def taken(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.entry is not None)

    @property
    def refused(self) -> tuple[Line, ...]:
        """Lines that name a marker and can't be taken."""
        return tuple(line for line in self.lines if line.fault)

    @property
    def other(self) -> tuple[Line, ...]:
        """Lines that name no marker of the library."""
        return tuple(line for line in self.lines if line.entry is None and not line.fault)


def read_report(text: str, on: date, common: dict[str, Tree]) -> Report:
    """Every line that is not blank. `common`: what each result has beside it. Raises InputError for what is no report."""
    numbered = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not numbered:
        raise InputError.one("report", "", "nothing was pasted")
    if len(numbered) > MOST_LINES:
        raise InputError.one("report", "", f"it has {len(numbered)} lines; at most {MOST_LINES} are read")
    return Report(_without_twice([_line(number, line, on, common) for number, line in numbered]))


def dates_in(text: str, on: date, patient: Patient) -> tuple[str, ...]:
    """The days that a report prints, but for that of the birth and the day the results would be written for."""
    known = (on, patient.birth_date)
    printed = (found.group() for found in _DATES.finditer(text))
    return tuple(dict.fromkeys(each for each in printed if _day(each, on, patient.country) not in known))


def _day(text: str, on: date, country: str) -> date | None:
    try:
        return read_typed_date(re.sub(r"^([0-9]{1,2})[.-]([0-9]{1,2})[.-]", r"\1/\2/", text), on, country)
    except SpanRefused:
        return None


def _line(number: int, text: str, on: date, common: dict[str, Tree]) -> Line:
    line = Line(number, text)
    if len(text) > LONGEST_LINE:
        return line
    marker, rest = _named(text)
    if not marker:
        return line
    line = replace(line, marker=marker)
    try:
        told = _values(marker, rest)
        entry: dict[str, Tree] = {"date": on.isoformat(), "kind": "result", "marker": marker, **told, **common}
        return replace(line, entry=entry, event=read_event(entry, library()))
    except _NotRead as why:
        return replace(line, fault=str(why))
    except InputError as error:
        return replace(line, fault="; ".join(fault.message for fault in error.faults))


class _NotRead(Exception):
    """Why a line that names a marker can't be taken."""


def _without_twice(lines: list[Line]) -> tuple[Line, ...]:
    """A marker that stands on two lines has two readings, so neither is taken."""
    number = Counter(line.marker for line in lines if line.entry is not None)
    why = library().own_words.text("pasted.twice")
    return tuple(
        replace(line, entry=None, event=None, fault=why) if line.entry is not None and number[line.marker] > 1 else line
        for line in lines
    )


# -- the name ------------------------------------------------------------------------------------------------------------


@cache
def _names() -> dict[str, str]:
    """Every name of a marker, in small letters, and the marker; a name of two markers is none."""
    found: dict[str, set[str]] = {}
    for marker, record in library().markers.items():
        printed = (
            re.sub(r"\s*\([^)]*\)", "", str(record["name"])).removesuffix(", total").removesuffix(", absolute count")
        )
        for name in (marker, *record.get("also", ()), printed, printed.removesuffix(" in serum")):
            found.setdefault(_plain(name), set()).add(marker)
    return {name: next(iter(markers)) for name, markers in found.items() if len(markers) == 1}


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[_\-\u2010\u2011]", " ", text).casefold().split())


def _named(text: str) -> tuple[str, str]:
    """The marker whose name begins the line, the longest that fits, and what follows it; "" where none does."""
    plain = " ".join(text.replace("\t", "  ").split())
    begins = plain
    for word in _BEFORE:
        if re.match(rf"{word}[ \-]", begins, re.IGNORECASE):
            begins = begins[len(word) + 1 :]
            break
    for name in sorted(_names(), key=len, reverse=True):
        pattern = r"[ _\-\u2010\u2011]+".join(re.escape(part.rstrip("s")) + "s?" for part in name.split())
        found = re.match(rf"{pattern}(?![^\W_])", begins, re.IGNORECASE)
        if found:
            return _names()[name], begins[found.end() :]
    return "", ""


# -- value, unit and range -----------------------------------------------------------------------------------------------


def _values(marker: str, rest: str) -> dict[str, Tree]:
    """Value and reference range as a case file has them. Raises _NotRead."""
    words, record = library().own_words, library().markers[marker]
    if _COMMA.search(rest):
        raise _NotRead(words.text("pasted.comma"))
    after = _after_name(rest)
    if after.casefold().rstrip(".") in record.get("words", ()):
        return {"value": after.casefold().rstrip(".")}
    found = _VALUE.fullmatch(after)
    if found is None:
        between = re.match(r"([^0-9<>\u2264\u2265]+)[0-9<>\u2264\u2265]", after)
        raise _NotRead(words.text("pasted.more", more=between[1].strip()) if between else words.text("pasted.no_value"))
    comparator, number, beside = found.groups()
    unit, beside = _unit(record, beside)
    low_high, beside = _range(beside)
    if not unit:
        unit, beside = _unit(record, beside)
    if not unit:
        if re.match(r"[0-9]", beside):
            raise _NotRead(words.text("pasted.two_readings", more=beside))
        raise _NotRead(words.text("pasted.no_unit", units=", ".join(record["units"])))
    _refuse_more(record, beside, unit)
    told: dict[str, Tree] = {"value": f"{comparator or ''}{number} {unit}"}
    return {**told, "reference_range": f"{low_high} {unit}"} if low_high else told


def _after_name(rest: str) -> str:
    """What follows the name, without words that belong to it and the sign before a value."""
    after = re.sub(r"^\s*\((?:serum|plasma|total|blood)\)", "", rest, flags=re.IGNORECASE).lstrip(" :=.\u2026|;\t")
    for word in sorted(_AFTER, key=len, reverse=True):
        if re.match(rf"{word}\b", after, re.IGNORECASE):
            return after[len(word) :].lstrip(" :=.\u2026|;\t")
    return after


def _unit(record: dict[str, Tree], text: str) -> tuple[str, str]:
    """The unit that begins the text, the longest that is one of this marker, as it is printed; and what follows."""
    text = re.sub(rf"^{_FLAG}(?=\s|$)", "", text.strip(), flags=re.IGNORECASE).strip()
    parts = text.split(" ")
    for length in range(min(len(parts), 3), 0, -1):
        printed = " ".join(parts[:length])
        tidy = printed.rstrip(",;")
        if unit_of(record, tidy):
            return tidy, " ".join(parts[length:])
    return "", text


def _range(text: str) -> tuple[str, str]:
    """The reference range that begins the text, and what follows."""
    text = re.sub(rf"^{_FLAG}(?=\s|$)", "", text.strip(), flags=re.IGNORECASE)
    text = _LABEL.sub("", re.sub(r"[\[\]()]", " ", text)).strip(" :,;")
    found = _RANGE.match(text)
    if not found:
        return "", text
    low, high, comparator, number = found.groups()
    told = f"{low}-{high}" if low is not None else f"{comparator}{number}"
    return told, text[found.end() :].strip(" ,;")


def _refuse_more(record: dict[str, Tree], beside: str, unit: str) -> None:
    """Raise _NotRead where more stands on the line: a second number is a second reading, another unit makes the first doubtful."""
    left = re.sub(rf"^{_FLAG}$", "", beside.strip(" ()[]*,;|"), flags=re.IGNORECASE)
    if left and unit_of(record, left) == unit_of(record, unit):
        return  # the unit once more, after the range
    words = library().own_words
    if re.search(r"[0-9]", left):
        raise _NotRead(words.text("pasted.two_readings", more=left))
    if left:
        raise _NotRead(words.text("pasted.more", more=left))


# -- writing -------------------------------------------------------------------------------------------------------------


def record_report(path: Path, report: Report, written: date, confirmed: Confirmed) -> Entered:
    """Write every result that was taken in one save; what is improbable is asked. Raises as `record_for`."""
    entries = [line.entry for line in report.taken if line.entry is not None]
    if not entries:
        raise InputError.one("report", "", "no line of it is a result that can be taken; nothing was written")

    def write(look: Callable[[Recorded], None]) -> Recorded:
        return record_events(path, lambda _case: list(entries), written, look)

    return entered_by(write, written, confirmed=confirmed)
