"""Every id of the library that an answer prints opens with `library show`, in text and in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from command_line import DAY, EXAMPLES, in_process
from told_answers import planning

from cobalamin.app.services import shipped
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
