"""Every note of the library was typed by two readers who did not see each other's work, and settled in a third table.

The YAML says what the third table says; the figures of their agreement in docs/library-format.md are those of the tables.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from cobalamin.knowledge.document import Tree, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder, from_folder
from cobalamin.knowledge.vocabulary import CAVEAT_KINDS
from hazards import hazard

FOLDER = Path(__file__).parent / "notes"
FORMAT = Path(__file__).parents[2] / "docs" / "library-format.md"
FLAGS = ("in_part", "affirms", "demands_proof")
Row = dict[str, str]
Key = tuple[str, str, str]


@cache
def table(name: str) -> dict[Key, Row]:
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return {(row["protocol"], row["version"], row["note"]): row for row in csv.DictReader(handle)}


def parsed(condition: str) -> str:
    """A condition without regard to order: {any: [a, b]} says what {any: [b, a]} says."""
    return json.dumps(_sorted(read_document(f"when: {condition}", "").tree["when"])) if condition else ""


def _sorted(tree: Tree) -> Tree:
    if isinstance(tree, dict):
        return {key: _sorted(value) for key, value in sorted(tree.items())}
    return sorted((_sorted(item) for item in tree), key=json.dumps) if isinstance(tree, list) else tree


def settled_alike(one: Row, other: Row) -> bool:
    return one["type"] == other["type"] and parsed(one["condition"]) == parsed(other["condition"])


def first_published() -> list[Key]:
    return list(table("reader_a"))


@hazard("H50")
def test_the_library_says_of_each_note_what_was_settled() -> None:
    library = from_folder(data_folder())
    left = dict(table("adjudicated"))
    for protocol in (*library.protocols(), *library.earlier):
        tree = library.documents[library.file_of(protocol)].tree
        for number, entry in enumerate(tree.get("notes", [])):
            row = left.pop((protocol.id, str(protocol.version), str(number)))
            stated = {flag: entry.get(flag, "") for flag in FLAGS}
            assert row["first_words"] == entry["text"][:60]
            assert (row["type"], {flag: row[flag] for flag in FLAGS}) == (entry["kind"], stated), row
            when = json.dumps(_sorted(entry["when"])) if "when" in entry else ""
            assert parsed(row["condition"]) == when, row
    assert left == {}


def test_both_readers_typed_every_note_of_the_first_edition() -> None:
    notes = {key: row["first_words"] for key, row in table("adjudicated").items() if key in table("reader_a")}
    assert len(notes) == 317
    for reader in ("reader_a", "reader_b"):
        assert {key: row["first_words"] for key, row in table(reader).items()} == notes


@pytest.mark.parametrize("key", first_published(), ids="/".join)
def test_what_both_readers_say_stands_and_the_rest_has_a_reason(key: Key) -> None:
    one, other, settled = (table(name)[key] for name in ("reader_a", "reader_b", "adjudicated"))
    if settled_alike(one, other) and one["type"] in CAVEAT_KINDS:
        assert settled_alike(settled, one)
    elif one["type"] == other["type"]:
        assert settled["type"] == one["type"]
        assert settled["reason"] or parsed(settled["condition"]) == parsed(one["condition"])
    else:
        assert settled["type"] in (one["type"], other["type"])
        assert settled["reason"]


@hazard("H50")
def test_a_dose_or_population_note_without_a_condition_says_why() -> None:
    rows = [row for row in table("adjudicated").values() if row["type"] in ("dose", "population")]
    assert [row for row in rows if not row["condition"] and not row["reason"].strip()] == []
    assert len(rows) > 150


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa: agreement beyond what the two would reach by chance."""
    total = len(pairs)
    agreed = sum(one == other for one, other in pairs) / total
    first, second = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    chance = sum(first[kind] * second[kind] for kind in first) / total**2
    return (agreed - chance) / (1 - chance)


def test_the_figures_in_the_documentation_are_those_of_the_tables() -> None:
    pairs = [(table("reader_a")[key]["type"], table("reader_b")[key]["type"]) for key in first_published()]
    same = sum(one == other for one, other in pairs)
    both = [
        key
        for key, (one, other) in zip(first_published(), pairs, strict=True)
        if one == other and one in ("dose", "population")
    ]
    alike = sum(settled_alike(table("reader_a")[key], table("reader_b")[key]) for key in both)
    said = (
        f"They typed {len(pairs)} notes and gave {same} the same kind ({100 * same / len(pairs):.1f} %, Cohen's kappa {kappa(pairs):.2f}). "
        f"Of the {len(both)} that both called a note on dose or population, {alike} have the same condition ({100 * alike / len(both):.1f} %)."
    )
    assert said in re.sub(r"\s+", " ", FORMAT.read_text("utf-8"))


def test_kappa_of_a_small_table_by_hand() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: agreed 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5, so 0.4.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)


def test_no_caveat_is_left_out_of_the_compiled_library(library: Library) -> None:
    caveats = [note for protocol in library.protocols() for note in protocol.notes if note.is_caveat]
    newest = {(protocol.id, str(protocol.version)) for protocol in library.protocols()}
    rows = [row for row in table("adjudicated").values() if row["type"] in CAVEAT_KINDS]
    assert len(caveats) == len([row for row in rows if (row["protocol"], row["version"]) in newest])
