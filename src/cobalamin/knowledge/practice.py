"""Which countries are near to each other, what a clinician must know first, and the least by mouth: read from one file."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import Mass
from cobalamin.knowledge.criteria import Context, read_citations, read_criterion
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import AllOf, AnyOf, Citations, Criterion, FactIs
from cobalamin.knowledge.reading import Reading

FILE = "practice.yaml"


class LeastByMouth(Struct, frozen=True):
    """The smallest daily dose by mouth that a source gives for people who meet `when`."""

    dose: Mass
    when: Criterion
    cites: Citations


class Practice(Struct, frozen=True):
    """`near`: by country, those whose texts stand next to its own. `asked_first`: facts in the order they are asked.

    `own_texts_first`: causes and diseases for which the texts written for them stand above every general one.
    """

    near: dict[str, frozenset[str]]
    asked_first: tuple[str, ...]
    own_texts_first: AnyOf
    least_by_mouth: LeastByMouth

    @property
    def inborn(self) -> FactIs:
        """The causes among them: inborn errors, for which a general text was not written."""
        named = (leaf for leaf in self.own_texts_first.items if isinstance(leaf, FactIs) and leaf.fact == "cause")
        return next(named, FactIs("cause", ()))

    def place(self, fact: str) -> int:
        """Where a question stands; what the list doesn't name comes after all that it names."""
        return self.asked_first.index(fact) if fact in self.asked_first else len(self.asked_first)


def read_practice(document: Document, context: Context) -> Practice:
    """Raises InputError."""
    reading = Reading(document)
    root = reading.mapping(document.tree, "", ("near", "asked_first", "own_texts_first", "least_by_mouth"))

    def near(tree: Tree, path: str) -> tuple[str, frozenset[str]]:
        entry = reading.mapping(tree, path, ("country", "of"))
        return reading.text(entry.get("country"), f"{path}.country"), frozenset(entry.get("of", ()))

    def question(tree: Tree, path: str) -> str | None:
        entry = reading.mapping(tree, path, ("fact", "why"))
        reading.text(entry.get("why"), f"{path}.why")
        return reading.word(entry.get("fact"), f"{path}.fact", ("birth_date", *context.facts))

    def told(tree: Tree, path: str) -> FactIs:
        entry = reading.mapping(tree, path, ("fact", "is"))
        fact = reading.word(entry.get("fact"), f"{path}.fact", tuple(context.facts)) or ""
        values = context.facts[fact].values if fact else ()
        return FactIs(fact, reading.words(entry.get("is", []), f"{path}.is", values))

    found = Practice(
        dict(reading.each(root.get("near", []), "near", near)),
        reading.each(root.get("asked_first", []), "asked_first", question),
        AnyOf(reading.each(root.get("own_texts_first", []), "own_texts_first", told)),
        _least_by_mouth(reading, context, root.get("least_by_mouth")),
    )
    reading.finish()
    return found


def _least_by_mouth(reading: Reading, context: Context, tree: Tree) -> LeastByMouth:
    entry = reading.mapping(tree, "least_by_mouth", ("dose", "when", "cites"))
    dose = reading.mass(entry.get("dose"), "least_by_mouth.dose")
    when = read_criterion(reading, context, entry.get("when"), "least_by_mouth.when")
    cites = read_citations(reading, context, entry.get("cites", []), "least_by_mouth.cites")
    return LeastByMouth(dose or Mass(Decimal(0), "ug"), when or AllOf(()), cites)
