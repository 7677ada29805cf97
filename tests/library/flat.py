"""The library's phases as the flat rows of the second encoding, so that the two can be compared."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import DoseRule, End, Phase, Spacing
from cobalamin.spans import Span

FOLDER = Path(__file__).parent / "second_encoding"
COLUMNS = ("substance", "routes", "dose_mcg", "gap", "number", "end")
Row = dict[str, str]


def second_encoding(file: str) -> dict[str, list[Row]]:
    """Rows by protocol id, in order."""
    rows: dict[str, list[Row]] = defaultdict(list)
    with (FOLDER / file).open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            rows[row["protocol"]].append(row)
    return rows


def first_encoding(library: Library, protocol_id: str) -> list[Row]:
    """One row a phase or option of the library's protocol."""
    content = library.content(library.protocol(protocol_id))
    return [_row(phase) for whole in content.phases for phase in whole.options or (whole,)]


def _row(phase: Phase) -> Row:
    end = phase.end
    return {
        "phase": phase.name,
        "substance": "|".join(sorted(phase.substances)) or "not_stated",
        "routes": "|".join(phase.routes) or "not_stated",
        "dose_mcg": _dose(phase.dose),
        "gap": _gap(phase.spacing),
        "number": _range(end.least, end.most) if end.by == "doses" else "",
        "end": _end(end),
    }


def _number(value: object) -> str:
    if isinstance(value, Mass):
        return f"{value.micrograms:f}"
    return f"{value.number}{'y' if value.unit == 'a' else value.unit}" if isinstance(value, Span) else str(value)


def _range(least: object, most: object) -> str:
    if least == most:
        return _number(least)
    if most is None:
        return f">={_number(least)}"
    return f"<={_number(most)}" if least is None else f"{_number(least)}..{_number(most)}"


def _dose(rule: DoseRule) -> str:
    if rule.per_kg:
        return f"{_number(rule.per_kg)}/kg"
    return _range(rule.least, rule.most) if rule.stated else "not_stated"


def _gap(spacing: Spacing) -> str:
    match spacing.kind:
        case "per_week":
            return "..".join(dict.fromkeys(f"{end}/wk" for end in (spacing.least, spacing.most)))
        case "at_least":
            return f">={_number(spacing.least)}"
        case "not_stated":
            return "not_stated"
    return _range(spacing.least, spacing.most)


def _end(end: End) -> str:
    words = {"doses": "count", "decision": "condition", "never": "never", "not_stated": "not_stated"}
    if end.by in words:
        return words[end.by]
    return f"{end.by} {_range(end.least, end.most)}"
