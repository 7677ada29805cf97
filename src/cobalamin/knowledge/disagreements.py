"""Where sources disagree: both sides with their sources and the cause of the difference."""

from __future__ import annotations

from msgspec import Struct

from cobalamin.knowledge.criteria import Context, read_citations, read_criterion
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import Citations, Criterion
from cobalamin.knowledge.reading import Reading

ASPECTS = ("substance", "dose", "loading", "maintenance", "route", "end", "checks")
CAUSES = ("product", "population", "edition", "opinion", "jurisdiction")


class Side(Struct, frozen=True):
    """One position, the protocols that stand for it, and who says so."""

    position: str
    plain: str
    protocols: tuple[str, ...]
    cites: Citations


class Disagreement(Struct, frozen=True):
    """One question on which published sources differ, and why they do.

    `about`: where a regimen shows it; () where none does. `when`: whom it concerns; None: everybody.
    """

    id: str
    topic: str
    about: tuple[str, ...]
    cause: str
    when: Criterion | None
    sides: tuple[Side, ...]
    handling: str


def read_disagreements(document: Document, context: Context, ids: tuple[str, ...]) -> tuple[Disagreement, ...]:
    """All disagreements, in the library's order. Raises InputError."""
    reading = Reading(document)

    def side(tree: Tree, path: str) -> Side:
        entry = reading.mapping(tree, path, ("position", "plain", "cites"), ("protocols",))
        return Side(
            reading.text(entry.get("position"), f"{path}.position"),
            reading.text(entry.get("plain"), f"{path}.plain"),
            reading.words(entry.get("protocols", []), f"{path}.protocols", ids),
            read_citations(reading, context, entry.get("cites", []), f"{path}.cites"),
        )

    def disagreement(tree: Tree, path: str) -> Disagreement:
        entry = reading.mapping(tree, path, ("id", "topic", "about", "cause", "sides", "handling"), ("when",))
        sides = reading.each(entry.get("sides", []), f"{path}.sides", side)
        if len(sides) < 2:
            reading.fault(path, "a disagreement has at least two sides")
        return Disagreement(
            id=reading.text(entry.get("id"), f"{path}.id"),
            topic=reading.text(entry.get("topic"), f"{path}.topic"),
            about=reading.words(entry.get("about", []), f"{path}.about", ASPECTS),
            cause=reading.word(entry.get("cause"), f"{path}.cause", CAUSES) or "",
            when=read_criterion(reading, context, entry["when"], f"{path}.when") if "when" in entry else None,
            sides=sides,
            handling=reading.text(entry.get("handling"), f"{path}.handling"),
        )

    tree = reading.mapping(document.tree, "", ("disagreements",))
    found = reading.each(tree.get("disagreements", []), "disagreements", disagreement)
    reading.finish()
    return found
