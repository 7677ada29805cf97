"""The words of people who ask: what else to look for, and what to leave out.

They only find statements of the library; nothing is decided by them.
"""

from __future__ import annotations

from msgspec import Struct

from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.reading import Reading

FILE = "synonyms.yaml"
_LONGEST = 60


class Synonym(Struct, frozen=True):
    """Words that a person may type, and words of the library that are searched as well."""

    said: tuple[str, ...]
    means: tuple[str, ...]


class AskedWords(Struct, frozen=True):
    synonyms: tuple[Synonym, ...]
    ignored: frozenset[str]


def read_asked_words(document: Document) -> AskedWords:
    """The words of the file. Raises InputError."""
    reading = Reading(document)
    root = reading.mapping(document.tree, "", ("synonyms", "ignored"))

    def word(tree: Tree, path: str) -> str:
        return reading.text(tree, path, _LONGEST)

    def synonym(tree: Tree, path: str) -> Synonym:
        entry = reading.mapping(tree, path, ("said", "means"))
        said = reading.each(entry.get("said", []), f"{path}.said", word)
        return Synonym(said, reading.each(entry.get("means", []), f"{path}.means", word))

    words = AskedWords(
        reading.each(root.get("synonyms", []), "synonyms", synonym),
        frozenset(reading.each(root.get("ignored", []), "ignored", word)),
    )
    _twice(reading, words)
    reading.finish()
    return words


def _twice(reading: Reading, words: AskedWords) -> None:
    """A word in two groups would find two things at once, and it would not be seen why."""
    seen: dict[str, int] = {}
    for number, synonym in enumerate(words.synonyms):
        for said in synonym.said:
            if said in seen:
                reading.fault(f"synonyms[{number}].said", f"'{said}' stands twice, also in synonyms[{seen[said]}]")
            seen[said] = number
