"""Every id of the library that an answer prints opens with `library show`, in text and in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, EXAMPLES, in_process
from told_answers import planning

from cobalamin.app.documents import library
from cobalamin.app.services import shipped
from cobalamin.search.passages import passages
from cobalamin.therapy.case.event_words import SOURCES

# Keys whose value is the id of a record of the library, or a list of them.
KEYS = {
    "protocol",
    "source",
    "product",
    "marker",
    "fact",
    "same_as",
    "changes",
    "protocols",
    "sources",
    "markers",
    "facts",
}
NO_IDS = {*SOURCES, "review"}  # where an entry comes from, and a check without a marker
OWN = re.compile(r"(?<![\w/.-])[a-z]{2,}\d*(?:-[a-z0-9]+)+(?![\w/.-])")


def ids_in(tree: Any, key: str = "") -> Iterator[str]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from ids_in(value, name)
        if key in ("sources", "options") and isinstance(tree.get("id"), str):
            yield tree["id"]
    elif isinstance(tree, list):
        for value in tree:
            yield from ids_in(value, key)
    elif isinstance(tree, str) and key in KEYS and tree not in NO_IDS:
        yield tree.partition(" version ")[0]


@cache
def opens(record_id: str) -> bool:
    return in_process("library", "show", record_id).code == 0


def asked() -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for path in EXAMPLES:
        found[f"propose {path.stem}"] = ("propose", path, "--all", *DAY)
        if "plan:" in path.read_text("utf-8"):
            found[f"review {path.stem}"] = ("review", path, "--on", "2026-09-01")
    found["compare"] = ("compare", EXAMPLES[0], *DAY)
    found["plan"] = planning("pernicious-anaemia", "uk-bnf-neuro")
    return found


ASKED = asked()


@pytest.mark.parametrize("what", sorted(ASKED))
def test_every_id_in_a_document_opens(what: str) -> None:
    document = in_process(*ASKED[what], "--json").document
    found = {each for each in ids_in(document) if each}
    assert found
    assert {each for each in found if not opens(each)} == set()


@pytest.mark.parametrize(
    "question", ["how often do I need injections", "is 1000 micrograms by mouth enough", "my potassium is low"]
)
def test_every_id_that_ask_names_opens(question: str) -> None:
    found = {each for each in ids_in(in_process("ask", question, "--json").document) if each}
    assert {each for each in found if not opens(each)} == set()


@pytest.mark.parametrize("what", sorted(ASKED))
def test_every_id_in_a_text_opens(what: str) -> None:
    """Whatever has the form of a protocol's or a product's id, and begins with a country or a kind that ids begin with."""
    heads = {each.split("-")[0] for each in shipped.library().ids}
    text = in_process(*ASKED[what]).out.split("\nSources\n")[0]
    found = {each for each in OWN.findall(text) if each.split("-")[0] in heads}
    assert {each for each in found if not opens(each)} == set()


# -- every record that has an id -------------------------------------------------------------------------------------

NO_RECORDS = (
    "asked/concepts.yaml",
    "earlier/",
    "guidance/",
    "protocols/",
    "languages/",
    "texts/",
    "words/",
    "codes.yaml",
    "population_words.yaml",
)


def records() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file, document in shipped.library().documents.items():
        if file.startswith(NO_RECORDS) or not isinstance(document.tree, dict):
            continue
        for rows in document.tree.values():
            for row in rows if isinstance(rows, list) else ():
                name = (row.get("id") or row.get("code")) if isinstance(row, dict) else None
                if name:
                    found.setdefault(name, []).append(row)
    return found


RECORDS = records()


def test_every_record_with_an_id_or_a_code_opens_as_it_is_written() -> None:
    """Bands, limits, rules, cautions and checks too; of records that share an id each is told."""
    assert len(RECORDS) > 600
    for name, rows in RECORDS.items():
        if name in shipped.library().ids:  # an article is a source and a protocol, which is told
            continue
        opened = library.record(shipped.library(), name)
        assert isinstance(opened, dict), name
        told = [opened, *opened.get("also", [])]  # type: ignore[misc]
        for row in rows:
            assert any(row.items() <= each.items() for each in told), name


@pytest.mark.parametrize(
    "name", ["ng239-total-b12-mass", "mma-300", "egfr-groups", "METABOLIC_CENTRE", "engineering-default"]
)
def test_a_record_opens_in_text_and_json(name: str) -> None:
    assert in_process("library", "show", name).out
    assert in_process("library", "show", name, "--json").document["kind"]


def test_every_id_beside_an_answer_of_ask_opens() -> None:
    """Also a note or an advice of a protocol, by its place: `uk-bnf-noneuro/note-1`."""
    held = shipped.library()
    found = passages(held)
    assert len(found) > 600
    for each in found:
        told = library.record(held, each.id)
        assert each.id in held.ids or isinstance(told, dict)
    for question in ("total b12 below 180", "can I drink alcohol", "mma level"):
        answer = in_process("ask", question, "--all", "--country", "US")
        printed = set(re.findall(r"\((?:primary|secondary|recalled); ([^)\s]+)\)", answer.out))
        assert printed
        assert {each for each in printed if not opens(each)} == set()


# -- for a reader in the United States nothing that is typed is respelt --------------------------------------------------


def test_no_id_is_respelt_for_the_united_states() -> None:
    held = shipped.library()
    assert {
        name for name in (*RECORDS, *held.ids) if "-" in name and held.spelled(f"see {name}.", "US") != f"see {name}."
    } == set()


@pytest.mark.parametrize(
    ("typed", "meant"), [("anemia", "anaemia"), ("hemoglobin", "haemoglobin"), ("us-bari-program", "us-bari-programme")]
)
def test_a_word_as_the_united_states_spell_it_opens_what_it_stands_for(typed: str, meant: str) -> None:
    assert in_process("library", "show", typed).out == in_process("library", "show", meant).out != ""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_id_that_a_us_patient_reads_opens(path: Path, tmp_path: Path) -> None:
    case = tmp_path / path.name
    case.write_text(re.sub(r"country: [A-Z]{2}", "country: US", path.read_text("utf-8")), "utf-8")
    heads = {each.split("-")[0] for each in shipped.library().ids}
    for command in (["propose", "--all"], ["compare"], ["whatif"], ["assess"]):
        text = in_process(command[0], case, *command[1:], *DAY).out.split("\nSources\n")[0]
        found = {each for each in OWN.findall(text) if each.split("-")[0] in heads}
        assert {each for each in found if not opens(each)} == set()
