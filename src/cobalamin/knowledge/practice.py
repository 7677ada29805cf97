"""Which countries are near to each other, and what a clinician must know first: read from one file."""

from __future__ import annotations

from dataclasses import dataclass

from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.reading import Reading

FILE = "practice.yaml"


@dataclass(frozen=True)
class Practice:
    """`near`: by country, those whose texts stand next to its own. `asked_first`: facts in the order they are asked."""

    near: dict[str, frozenset[str]]
    asked_first: tuple[str, ...]

    def place(self, fact: str) -> int:
        """Where a question stands; what the list doesn't name comes after all that it names."""
        return self.asked_first.index(fact) if fact in self.asked_first else len(self.asked_first)


def read_practice(document: Document, facts: tuple[str, ...]) -> Practice:
    """Raises InputError."""
    reading = Reading(document)
    root = reading.mapping(document.tree, "", ("near", "asked_first"))

    def near(tree: Tree, path: str) -> tuple[str, frozenset[str]]:
        entry = reading.mapping(tree, path, ("country", "of"))
        return reading.text(entry.get("country"), f"{path}.country"), frozenset(entry.get("of", ()))

    def question(tree: Tree, path: str) -> str | None:
        entry = reading.mapping(tree, path, ("fact", "why"))
        reading.text(entry.get("why"), f"{path}.why")
        return reading.word(entry.get("fact"), f"{path}.fact", ("birth_date", *facts))

    found = Practice(
        dict(reading.each(root.get("near", []), "near", near)),
        reading.each(root.get("asked_first", []), "asked_first", question),
    )
    reading.finish()
    return found
