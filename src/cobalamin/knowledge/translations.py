"""Texts of records in another language: `records/<language>/<part>.yaml` holds each English sentence beside its translation.

The English sentence is the key, so a translation can't outlive the sentence it was made of: once that changes, it is a fault
of the library, and the new sentence is quoted in English until somebody has translated it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cobalamin.errors import Fault
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.words import compare_translation

FOLDER = "records/"
# What a record says to people; ids, amounts, spans and names of products are no text of a language.
_SAID = frozenset((
    "action", "event", "handling", "known", "newer_known", "note", "plain", "plain_action", "population", "position", "question", "text", "title", "topic",
    "truth", "until", "why", "wording",
))  # fmt: skip
_LABELS, _NAMES = "labels", "name"
_MARKERS = "markers.yaml"
_NAMED_IN = (_MARKERS, "products.yaml")
_ID = re.compile("[a-z][a-z0-9_]*")
_NO_RECORDS = ("words/", "texts/", "asked/", FOLDER)


def record_texts(documents: Mapping[str, Document]) -> frozenset[str]:
    """Every text of a record that people may be shown, in English."""
    return frozenset(
        text
        for file, document in documents.items()
        if not file.startswith(_NO_RECORDS)
        for text in _texts(document.tree, file in _NAMED_IN)
        if " " in text or file == _MARKERS  # one word alone may be an id or a brand
    )


def _texts(tree: Tree, names: bool, said: bool = False) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _texts(value, names, said=key in _SAID or key == _LABELS or said or (names and key == _NAMES))
    elif isinstance(tree, list):
        for each in tree:
            yield from _texts(each, names, said)
    elif isinstance(tree, str) and said:
        yield tree


def id_words(documents: Mapping[str, Document]) -> frozenset[str]:
    """The ids of the library as they are read: "ileal resection length". Where one has no translation, it stays as it is."""
    return frozenset(
        word.replace("_", " ")
        for file, document in documents.items()
        if not file.startswith(_NO_RECORDS)
        for word in _ids(document.tree)
    )


def _ids(tree: Tree) -> Iterator[str]:
    if isinstance(tree, dict):
        yield from tree
        for each in tree.values():
            yield from _ids(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _ids(each)
    elif isinstance(tree, str) and _ID.fullmatch(tree):
        yield tree


def read_translations(documents: Mapping[str, Document], language: str) -> dict[str, str]:
    """Each translated sentence by the English one."""
    return {
        pair["en"]: pair[language]
        for file, document in documents.items()
        if file.startswith(f"{FOLDER}{language}/")
        for pair in document.tree["sentences"]
    }


def read_terms(documents: Mapping[str, Document], language: str) -> dict[str, str]:
    """Words of a case file, each by the English one."""
    english, own = (documents.get(f"texts/{each}/terms.yaml") for each in ("en", language))
    if english is None or own is None:
        return {}
    return {english.tree[name]: said for name, said in own.tree.items() if name in english.tree}


def outlived(documents: Mapping[str, Document], language: str) -> list[str]:
    """Sentences that are translated and that no record has any more: read the record and translate it anew."""
    known = record_texts(documents) | id_words(documents)
    return [each for each in read_translations(documents, language) if each not in known]


def translated_record_faults(documents: Mapping[str, Document]) -> list[Fault]:
    """Translations of what is translated already, or with other numbers. One of a sentence that a record has no more is never said."""
    faults: list[Fault] = []
    seen = set[tuple[str, str]]()
    for file, document in documents.items():
        if file.startswith(FOLDER):
            faults += _faults(document, seen)
    return faults


def _faults(document: Document, seen: set[tuple[str, str]]) -> list[Fault]:
    reading, language = Reading(document), document.file.split("/")[1]

    def check(tree: Tree, path: str) -> None:
        pair = reading.mapping(tree, path, ("en", language))
        english, own = (reading.text(pair.get(name), f"{path}.{name}") for name in ("en", language))
        if (language, english) in seen:
            reading.fault(f"{path}.en", "is translated twice; keep one")
        seen.add((language, english))
        compare_translation(reading, path, english, own)

    root = reading.mapping(document.tree, "", ("sentences",))
    reading.each(root.get("sentences"), "sentences", check)
    return reading.faults
