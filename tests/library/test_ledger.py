"""Every row of the knowledge ledger has a home in the product and a test."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder, from_folder
from cobalamin.therapy.case.events import KINDS

ROOT = Path(__file__).parents[2]
COMMANDS = {"new", "check", "propose", "plan", "accept", "dose", "library", "schema", "demo"}
ROWS = {"A0": 9, "A1": 18, "A2": 22, "A3": 16, "A4": 13}
EXPECTED = [f"{article}.{number}" for article, count in ROWS.items() for number in range(1, count + 1)]
LEDGER = from_folder(data_folder()).records("ledger.yaml", "ledger")
PART_C = ("c-loading", "c-dose-size", "c-maintenance", "c-titration", "c-folic-acid", "c-pa-by-mouth", "c-bariatric")


def exists(library: Library, home: str) -> bool:
    kind, _, name = home.partition(":")
    checks = {check.code for check in library.precautions} | set(library.program_checks)
    known: dict[str, object] = {
        "protocol": library.ids,
        "guidance": library.ids,
        "check": checks,
        "fact": library.facts,
        "marker": library.markers,
        "product": library.products,
        "command": COMMANDS,
        "event": KINDS,
        "statement": {statement["id"] for statement in library.statements()},
        "disagreement": {entry.id for entry in library.disagreements},
        "red_flag": {record["id"] for record in library.records("red_flags.yaml", "red_flags")},
        "monitoring": {marker for row in library.monitoring for marker in row.markers},
    }
    return name in known[kind]  # type: ignore[operator]  # because each value is a container of names


@cache
def names_in(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_the_index_has_each_row_once() -> None:
    assert [row["row"] for row in LEDGER] == EXPECTED


@pytest.mark.parametrize("row", LEDGER, ids=[row["row"] for row in LEDGER])
def test_every_row_has_a_home_and_a_test(library: Library, row: dict) -> None:
    assert row["home"]
    assert [home for home in row["home"] if not exists(library, home)] == []
    file, _, name = row["test"].partition("::")
    assert (ROOT / file).is_file(), file
    assert not name or name in names_in(ROOT / file), name


def test_every_row_of_the_ledger_is_a_cited_statement(library: Library) -> None:
    statements = {statement["ledger"]: statement for statement in library.statements() if "ledger" in statement}
    assert sorted(statements) == sorted(EXPECTED)
    for row, statement in statements.items():
        assert f"article-{row.split('.')[0].lower()}" in str(statement["cites"]), row
        assert statement["plain"]
        assert statement["text"]


def test_every_known_disagreement_is_there(library: Library) -> None:
    ids = {entry.id for entry in library.disagreements}
    assert ids == {f"d{number}" for number in range(1, 26)} | set(PART_C)


def test_the_closed_list_of_the_contract_is_complete(library: Library) -> None:
    protocols = [protocol for protocol in library.protocols() if not protocol.guidance]
    guidance = {protocol.id for protocol in library.protocols() if protocol.guidance}
    assert guidance == {"uk-ng239", "se-upp24", "article-a1", "article-a3-6", "article-a3-11", "article-a4"}
    assert len(protocols) == 154
    assert {protocol.id for protocol in protocols if protocol.status == "superseded"} == {
        "uk-bsh14-noneuro",
        "uk-bsh14-neuro",
        "no-inj",
        "nl-nhg14",
    }
    assert {protocol.id for protocol in protocols if protocol.status == "withdrawn"} == {
        "uk-bshcov-nondiet",
        "uk-bshcov-diet",
    }
