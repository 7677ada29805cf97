"""Reading the words in which a population names its causes and ages; `therapy.vetting` holds protocols against them."""

from __future__ import annotations

import re

from msgspec import Struct

from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import FactDefinition
from cobalamin.knowledge.reading import Reading

FILE = "population_words.yaml"


class Named(Struct, frozen=True):
    """Words that name something, unless one of `not_after` stands right before them."""

    words: tuple[str, ...]
    not_after: tuple[str, ...] = ()

    def stands_in(self, text: str) -> bool:
        before = "".join(rf"(?<!\b{re.escape(word)} )" for word in self.not_after)
        return any(re.search(rf"{before}\b{re.escape(word)}", text.lower()) for word in self.words)


class Demand(Struct, frozen=True):
    """Words, and the fact that an indication must ask for where they stand; with `values`, as one of these."""

    named: Named
    fact: str
    values: frozenset[str]


class PopulationWords(Struct, frozen=True):
    """The words for each cause; general and vague words with the causes they cover; the words for adults or children alone."""

    causes: dict[str, Named]
    general: Named
    general_causes: frozenset[str]
    vague: Named
    vague_causes: frozenset[str]
    demands: tuple[Demand, ...]
    adult: Named
    not_adults_alone: Named
    child: Named
    not_children_alone: Named

    def names(self, cause: str, population: str) -> bool:
        """Whether the words name this cause, by itself or as every malabsorption does."""
        named = cause in self.causes and self.causes[cause].stands_in(population)
        vaguely = cause in self.vague_causes and self.vague.stands_in(population)
        own = named and not (vaguely and cause == "other_malabsorption")
        return own or (cause in self.general_causes and self.general.stands_in(population))

    def may_mean(self, cause: str, population: str) -> bool:
        """Whether only vague words cover this cause."""
        return cause in self.vague_causes and self.vague.stands_in(population)

    def adults_alone(self, population: str) -> bool:
        return self.adult.stands_in(population) and not self.not_adults_alone.stands_in(population)

    def children_alone(self, population: str) -> bool:
        return self.child.stands_in(population) and not self.not_children_alone.stands_in(population)


def read_population_words(
    document: Document, causes: tuple[str, ...], facts: dict[str, FactDefinition]
) -> PopulationWords:
    """The words; every cause of the case file has some. Raises InputError."""
    reading = Reading(document)
    root = reading.mapping(document.tree, "", ("causes", "general", "vague", "demands", "adult", "child"))

    def named(tree: Tree, path: str, optional: tuple[str, ...] = ("not_after",), also: tuple[str, ...] = ()) -> Named:
        entry = reading.mapping(tree, path, ("words", *also), optional)
        return Named(_texts(reading, entry, "words", path), _texts(reading, entry, "not_after", path))

    found: dict[str, Named] = {}
    for path, tree in reading.items(root.get("causes", []), "causes"):
        found[reading.word(tree.get("id"), f"{path}.id", causes) or ""] = named(tree, path, also=("id",))
    for cause in set(causes) - set(found):
        reading.fault("causes", f"there are no words for the cause '{cause}'")
    general, vague, adult, child = (dict(root.get(key) or {}) for key in ("general", "vague", "adult", "child"))

    def demand(tree: Tree, at: str) -> Demand:
        fact = reading.word(tree.get("fact"), f"{at}.fact", tuple(facts)) or ""
        values = reading.words(tree.get("is", []), f"{at}.is", facts[fact].values if fact else ())
        return Demand(named(tree, at, ("not_after", "is"), ("fact",)), fact, frozenset(values))

    words = PopulationWords(
        found,
        named(general, "general", also=("causes",)),
        frozenset(reading.words(general.get("causes", []), "general.causes", causes)),
        named(vague, "vague", also=("causes",)),
        frozenset(reading.words(vague.get("causes", []), "vague.causes", causes)),
        reading.each(root.get("demands", []), "demands", demand),
        named(adult, "adult", also=("unless",)),
        Named(_texts(reading, adult, "unless", "adult")),
        named(child, "child", also=("unless",)),
        Named(_texts(reading, child, "unless", "child")),
    )
    reading.finish()
    return words


def _texts(reading: Reading, entry: dict[str, Tree], key: str, path: str) -> tuple[str, ...]:
    return reading.each(entry.get(key, []), f"{path}.{key}", lambda item, at: reading.text(item, at).lower())
