"""Each protocol was encoded twice, the second time from the collected extracts of the sources by somebody who had not seen the first.

Every difference is adjudicated with a reason; a new difference, or one that is gone, fails.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from flat import COLUMNS, FOLDER, Row, first_encoding, second_encoding

from cobalamin.knowledge.library import Library
from hazards import hazard

FILES = ("part1.csv", "part2.csv", "us-again.csv", "national.csv", "national-again.csv")
# Both encodings of this file are of one reader, the second from the pages again: it finds slips, and no second opinion.
SAME_READER = "national.csv"
# The second opinion: another reader, from the extracts alone.
OTHER_READER = "national-again.csv"
# The extracts have no row for these: each waits for a second reader of its page.
ONE_READER = {
    "es-oral-1000-proph": "the extract has the doses of the Spanish capsules for treatment only",
    "za-stg-proph": "the extract has the South African doses for treatment only",
}
FORMAT = Path(__file__).parents[2] / "docs" / "library-format.md"
CASES = [(file, protocol_id) for file in FILES for protocol_id in second_encoding(file)]


def adjudicated() -> dict[tuple[str, str, str], list[dict[str, str]]]:
    table: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    with (FOLDER / "adjudicated.csv").open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            assert row["reason"].strip("? "), row
            table.setdefault((row["protocol"], row["phase"], row["column"]), []).append(row)
    return table


def built_differently(protocol_id: str, first: list[Row], second: list[Row]) -> bool:
    """Whether the rows can't be held against each other one by one."""
    return len(first) != len(second) or protocol_id == "hk-cn"


def compared(row: Row) -> list[str]:
    return [column for column in ("phase", *COLUMNS) if column != "number" or row["end"] == "count"]


def differences(first: list[Row], second: list[Row]) -> list[tuple[str, str, str, str]]:
    """(phase, column, first, second) wherever the encodings differ."""
    found = []
    for one, other in zip(first, second, strict=True):
        other = {**other, "substance": "|".join(sorted(other["substance"].split("|")))}
        found += [
            (one["phase"], column, one[column], other[column])
            for column in compared(one)
            if one[column] != other[column]
        ]
    return found


@hazard("H24")
@pytest.mark.parametrize(("file", "protocol_id"), CASES)
def test_both_encodings_agree_or_the_difference_is_adjudicated(library: Library, file: str, protocol_id: str) -> None:
    known = adjudicated()
    first, second = first_encoding(library, protocol_id), second_encoding(file)[protocol_id]
    if built_differently(protocol_id, first, second):
        assert (protocol_id, "", "structure") in known
        return
    found = differences(first, second)
    unexplained = [
        difference
        for difference in found
        if not any(
            row["first"] == difference[2] and row["second"] == difference[3]
            for row in known.get((protocol_id, *difference[:2]), [])
        )
    ]
    assert unexplained == []


def test_no_adjudication_outlives_its_difference(library: Library) -> None:
    live = set()
    for file, protocol_id in CASES:
        first, second = first_encoding(library, protocol_id), second_encoding(file)[protocol_id]
        if built_differently(protocol_id, first, second):
            live.add((protocol_id, "", "structure"))
        else:
            live |= {(protocol_id, phase, column) for phase, column, _, _ in differences(first, second)}
    assert set(adjudicated()) == live


def test_every_plannable_protocol_was_encoded_twice(library: Library) -> None:
    encoded = {protocol_id for _, protocol_id in CASES}
    assert encoded == {protocol.id for protocol in library.protocols() if not protocol.guidance}


def test_another_reader_read_what_one_reader_had_read_twice() -> None:
    assert set(second_encoding(SAME_READER)) - set(second_encoding(OTHER_READER)) == set(ONE_READER)


def test_the_figures_in_the_documentation_are_those_of_the_tables(library: Library) -> None:
    pairs = [(first_encoding(library, name), rows) for name, rows in second_encoding(OTHER_READER).items()]
    alike = [(first, second) for first, second in pairs if len(first) == len(second)]
    found = [difference for pair in alike for difference in differences(*pair)]
    values = sum(len(compared(row)) for first, _ in alike for row in first)
    silent = sum(second == "not_stated" for *_, second in found)
    names = sum(column == "phase" for _, column, *_ in found)
    said = (
        f"encoded {len(pairs)} protocols from the extracts alone: {len(alike)} have the same number of phases, and of their {values} values "
        f"{values - len(found)} are the same ({100 * (1 - len(found) / values):.1f} %). Of the {len(found)} others {silent} are not stated "
        f"in the extract, {names} are names of phases and {len(found) - silent - names} are read in another way."
    )
    assert said in re.sub(r"\s+", " ", FORMAT.read_text("utf-8"))
