"""Decisions speak the language of the library they are given, and no other.

A made-up language has every text of English between two marks. Whatever a decision says is then between marks, or it is the
wording of a record (a protocol, a check, a question of a fact), which has no translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from cobalamin.app.services.leading import leading
from cobalamin.casefile.reader import read_case
from cobalamin.errors import InputError
from cobalamin.knowledge import loading
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.words import Worded, Words
from cobalamin.text.messages import in_words
from cobalamin.therapy.assessment.assessment import assess
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.record import record_on, with_standing_plan
from cobalamin.therapy.comparison.comparison import Asked, compare
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import make_plan
from cobalamin.therapy.proposal.proposal import propose
from cobalamin.therapy.review.due import due_sentence, if_given_sentence, interval_cited
from cobalamin.therapy.review.explain import explain
from cobalamin.therapy.review.if_given import if_given
from cobalamin.therapy.review.review import review
from cobalamin.therapy.whatif.whatif import what_if

EXAMPLES, ON = Path(__file__).parents[3] / "examples", date(2026, 9, 1)
NAMES = ("treatment-running", "pernicious-anaemia-neurological", "child", "moved-here", "nitrous-oxide", "vegan")
BEGIN, END = "\u27e6", "\u27e7"
SENTENCE = re.compile(r"[a-z]{2,}[,;:]? [a-z]{2,}")
# Values of the library and of the case: what they say is not said by a decision. A command is typed as it stands.
RECORDS = ("cobalamin.knowledge", "cobalamin.amounts", "cobalamin.spans", "cobalamin.therapy.fold")
GIVEN = ("cobalamin.therapy.case.case", "cobalamin.therapy.case.events", "cobalamin.therapy.case.facts")
NOT_SAID = ("library", "case", "facts", "patient", "command", "answer")


def marked(tree: Tree) -> Tree:
    if isinstance(tree, dict):
        return {key: marked(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [marked(value) for value in tree]
    return " | ".join(
        f"{BEGIN}{part}{END}" for part in str(tree).split(" | ")
    )  # options of a question are told one by one


@pytest.fixture(scope="module")
def library() -> Library:
    documents = dict(loading.compiled().documents)
    for file, document in loading.compiled().documents.items():
        if file.startswith("texts/en/"):
            name = file.replace("/en/", "/xx/")
            documents[name] = Document(name, marked(document.tree))
    english = documents["words/en.yaml"].tree
    kept = {"language": "xx", "reviewed_by": "not reviewed"}
    units = {"microgram": "mikrogramo", "micrograms": "mikrogramos", "comma": "thousands"}
    documents["words/xx.yaml"] = Document("words/xx.yaml", {**marked(english), **kept, "units": units})
    return Library(documents).in_language("xx")


def texts_of(tree: Tree) -> Iterator[str]:
    if isinstance(tree, dict | list):
        for each in tree.values() if isinstance(tree, dict) else tree:
            yield from texts_of(each)
    elif isinstance(tree, str):
        yield tree


@pytest.fixture(scope="module")
def wordings(library: Library) -> list[str]:
    """What records say, in whole sentences, the longest first; as it begins a sentence and inside one."""
    found = {
        text
        for file, document in library.documents.items()
        if not file.startswith(("words/", "texts/"))
        for text in texts_of(document.tree)
        if " " in text
    }
    both = {form for text in found for form in (text, text[0].upper() + text[1:], text[0].lower() + text[1:])}
    return sorted(both, key=len, reverse=True)


def names_of(value: Any) -> tuple[str, ...]:
    """The names of the fields of a frozen value."""
    return value.__struct_fields__ if isinstance(value, Struct) else tuple(each.name for each in fields(value))


def said(value: Any, words: Words, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the answer of a decision, in these words, with the name of its field."""
    if isinstance(value, str | Worded):
        yield name, in_words(value, words)
    elif type(value).__module__.startswith((*RECORDS, *GIVEN)):
        return
    elif isinstance(value, Struct) or is_dataclass(value):
        for each in names_of(value):
            if each not in NOT_SAID:
                yield from said(getattr(value, each), words, f"{type(value).__name__}.{each}")
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from said(each, words, name)
    elif isinstance(value, dict):
        for each in value.values():
            yield from said(each, words, name)


def unmarked(text: str) -> str:
    """What stands outside the marks."""
    while (shorter := re.sub(f"{BEGIN}[^{BEGIN}{END}]*{END}", "", text)) != text:
        text = shorter
    return text


def foreign(answer: Any, wordings: list[str], words: Words) -> list[tuple[str, str]]:
    """What is said in neither the made-up language nor a record's own words."""
    found = []
    for name, text in dict.fromkeys(said(answer, words)):
        left = unmarked(text)
        for wording in wordings if SENTENCE.search(left) or "microgram" in left else ():
            left = left.replace(wording, "")
        if SENTENCE.search(left) or "microgram" in left:
            found.append((name, left))
    return found


def case_of(name: str, library: Library) -> Case:
    return read_case((EXAMPLES / f"{name}.yaml").read_bytes(), name, library)


def plans(library: Library, case: Case) -> Iterator[Any]:
    for option in propose(library, case, ON).options:
        try:
            yield make_plan(library, case, Request(option.protocol, ON, {}, library.default_policy), ON)
        except InputError:
            continue


def reviewed(library: Library, case: Case) -> Iterator[Any]:
    made, words = review(library, case, ON), library.own_words
    yield made
    for plain in (False, True):
        yield due_sentence(made.outlook, "GB", plain)
        yield leading(made.issues, plain, words)
    yield interval_cited(made)[0]
    if made.plan is not None:
        given = if_given(library, made, ON)
        yield given, if_given_sentence(given)
    facts = facts_of(case, ON, record_on(case, ON).events)
    days = [item.on for item in made.upcoming if item.on]
    for about in (*days[:4], *(entry.event.id for entry in made.evaluations[:4])):
        yield explain(made, facts, about)


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_of_a_decision_is_in_the_language_of_its_library(
    name: str, library: Library, wordings: list[str]
) -> None:
    case = case_of(name, library)
    compared = compare(library, with_standing_plan(case, ON), Asked(ON, library.default_policy), ON)
    answers = [
        propose(library, case, ON), assess(library, case, ON), compared, compared.differences, what_if(library, case, ON),
        *plans(library, case), *reviewed(library, case),
    ]  # fmt: skip
    assert foreign(answers, wordings, library.own_words) == []
    assert any(BEGIN in text for _, text in said(answers, library.own_words))


def test_the_test_sees_a_sentence_of_another_language(library: Library, wordings: list[str]) -> None:
    english = loading.compiled()
    answer = review(english, case_of("treatment-running", english), ON)
    assert foreign(answer, wordings, english.own_words)


def test_a_changed_text_is_what_a_plan_says() -> None:
    documents = dict(loading.compiled().documents)
    words = documents["words/en.yaml"].tree
    documents["words/en.yaml"] = Document("words/en.yaml", {**words, "why": {**words["why"], "start": "MY OWN WORDS"}})
    library = Library(documents)
    case = case_of("vegan", library)
    made = next(plan for plan in plans(library, case) if plan.items)
    assert "MY OWN WORDS" in {in_words(item.why, library.own_words) for item in made.items}


def test_a_decision_reads_no_file(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a decision reads a file")

    case = case_of("treatment-running", library)
    for name in ("compiled", "read_compiled", "from_folder"):
        monkeypatch.setattr(loading, name, refuse)
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    assert review(library, case, ON).outlook.status
    assert propose(library, case, ON).options
