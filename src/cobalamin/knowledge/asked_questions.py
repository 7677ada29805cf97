"""Everyday questions that a record of the library answers, and wordings that name what it answers, by the record's id.

They only find the record; nothing is decided by them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.reading import Reading, did_you_mean

FILE = "asked/questions.yaml"
FEWEST, MOST = 3, 20
_LONGEST = 120


class AskedQuestions(Struct, frozen=True):
    """By the record's id: whole questions, and wordings of a few words that are enough by themselves."""

    questions: Mapping[str, tuple[str, ...]]
    named: Mapping[str, tuple[str, ...]]
    joining: frozenset[str]  # words that join others and tell nothing of what is asked


def read_questions(document: Document, ids: Collection[str]) -> AskedQuestions:
    """The questions of each record. Raises InputError for an unknown record, too few or too many, and one that stands twice."""
    reading = Reading(document)
    root = reading.mapping(document.tree, "", ("questions", "named", "joining"))
    questions, named = (_by_record(reading, root.get(key, {}), key, ids) for key in ("questions", "named"))
    joining = reading.each(root.get("joining", []), "joining", lambda item, path: reading.text(item, path, _LONGEST))
    read = AskedQuestions(questions, named, frozenset(joining))
    for name, texts in read.questions.items():
        if not FEWEST <= len(texts) <= MOST:
            reading.fault(f"questions.{name}", f"has {len(texts)} questions; it must have {FEWEST} to {MOST}")
    for name in read.named.keys() - read.questions.keys():
        reading.fault(f"named.{name}", "has no questions; a record that wordings name must have some")
    reading.finish()
    return read


def _by_record(reading: Reading, tree: Tree, key: str, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The texts of each record; each of them once."""
    stands: dict[str, str] = {}
    found: dict[str, tuple[str, ...]] = {}
    for name, items in reading.mapping(tree, key, (), tree).items():
        at = f"{key}.{name}"
        if name not in ids:
            reading.fault(at, f"there is no record '{name}'{did_you_mean(name, ids)}")
        found[name] = reading.each(items, at, lambda item, path: reading.text(item, path, _LONGEST))
        for text in found[name]:
            if text.lower() in stands:
                reading.fault(at, f"'{text}' stands twice, also in {stands[text.lower()]}")
            stands[text.lower()] = name
    return found
