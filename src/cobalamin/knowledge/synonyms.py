"""The words of people who ask: what else to look for, what to leave out, and which words are a warning sign.

They only find statements of the library; nothing is decided by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.reading import Reading

FILE = "synonyms.yaml"
_LONGEST = 60


@dataclass(frozen=True)
class Synonym:
    """Words that a person may type, and words of the library that are searched as well."""

    said: tuple[str, ...]
    means: tuple[str, ...]


@dataclass(frozen=True)
class WarningWords:
    """Words that may tell of a warning sign; several words together need not stand side by side."""

    red_flag: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class AskedWords:
    synonyms: tuple[Synonym, ...]
    ignored: frozenset[str]
    warnings: tuple[WarningWords, ...]


def read_asked_words(document: Document, red_flags: Sequence[str]) -> AskedWords:
    """The words of the file. Raises InputError."""
    reading = Reading(document)
    root = reading.mapping(document.tree, "", ("synonyms", "ignored", "warnings"))

    def word(tree: Tree, path: str) -> str:
        return reading.text(tree, path, _LONGEST)

    def synonym(tree: Tree, path: str) -> Synonym:
        entry = reading.mapping(tree, path, ("said", "means"))
        said = reading.each(entry.get("said", []), f"{path}.said", word)
        return Synonym(said, reading.each(entry.get("means", []), f"{path}.means", word))

    def warning(tree: Tree, path: str) -> WarningWords:
        entry = reading.mapping(tree, path, ("red_flag", "said"))
        flag = reading.word(entry.get("red_flag"), f"{path}.red_flag", red_flags)
        return WarningWords(flag or "", reading.each(entry.get("said", []), f"{path}.said", word))

    words = AskedWords(
        reading.each(root.get("synonyms", []), "synonyms", synonym),
        frozenset(reading.each(root.get("ignored", []), "ignored", word)),
        reading.each(root.get("warnings", []), "warnings", warning),
    )
    _twice(reading, words)
    for flag in red_flags:
        if flag not in {entry.red_flag for entry in words.warnings}:
            reading.fault("warnings", f"no words lead to the warning sign '{flag}'")
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
