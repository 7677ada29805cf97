"""Each protocol was encoded twice, the second time from the collected extracts of the sources by somebody who had not seen the first.

Every difference is adjudicated with a reason; a new difference, or one that is gone, fails.
"""

from __future__ import annotations

import csv

import pytest
from flat import COLUMNS, FOLDER, Row, first_encoding, second_encoding

from cobalamin.knowledge.library import Library
from hazards import hazard

FILES = ("part1.csv", "part2.csv", "us-again.csv", "national.csv")
# Both encodings of this file are of one reader, the second from the pages again: it finds slips, and no second opinion.
SAME_READER = "national.csv"
# Encoded once so far: each waits for a second reader who has not seen the first encoding.
ONCE = {
    "nl-kf-cbl": "added after the two encodings were made; the page was read in an audit of the library",
    "us-aafp-bari": "added after the two encodings were made; one sentence of an abstract that was read",
}
CASES = [(file, protocol_id) for file in FILES for protocol_id in second_encoding(file)]


def adjudicated() -> dict[tuple[str, str, str], list[dict[str, str]]]:
    table: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    with (FOLDER / "adjudicated.csv").open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            assert row["reason"].strip("? "), row
            table.setdefault((row["protocol"], row["phase"], row["column"]), []).append(row)
    return table


def differences(first: list[Row], second: list[Row]) -> list[tuple[str, str, str, str]]:
    """(phase, column, first, second) wherever the encodings differ."""
    found = []
    for one, other in zip(first, second, strict=True):
        other = {**other, "substance": "|".join(sorted(other["substance"].split("|")))}
        columns = [column for column in ("phase", *COLUMNS) if column != "number" or one["end"] == "count"]
        found += [
            (one["phase"], column, one[column], other[column]) for column in columns if one[column] != other[column]
        ]
    return found


@hazard("H24")
@pytest.mark.parametrize(("file", "protocol_id"), CASES)
def test_both_encodings_agree_or_the_difference_is_adjudicated(library: Library, file: str, protocol_id: str) -> None:
    known = adjudicated()
    if (protocol_id, "", "structure") in known:
        return
    found = differences(first_encoding(library, protocol_id), second_encoding(file)[protocol_id])
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
        if len(first) != len(second) or protocol_id == "hk-cn":
            live.add((protocol_id, "", "structure"))
        else:
            live |= {(protocol_id, phase, column) for phase, column, _, _ in differences(first, second)}
    assert set(adjudicated()) == live


def test_every_plannable_protocol_was_encoded_twice(library: Library) -> None:
    encoded = {protocol_id for _, protocol_id in CASES}
    assert encoded >= set(second_encoding(SAME_READER))
    assert encoded | set(ONCE) == {protocol.id for protocol in library.protocols() if not protocol.guidance}
