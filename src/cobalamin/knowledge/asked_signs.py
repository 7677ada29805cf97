"""What is recognised in a question: concepts (what a person may say for one thing), and rules that put them together.

The words only decide which record of the library is shown first. Each sign and each timing rule carries wordings on both
sides, and each of them is a test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, DecimalException

from msgspec import Struct

from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.reading import Reading

FOLDER = "asked/"
LANGUAGE, CONCEPTS, RULES, EXAMPLES, UNHELD = (
    f"{FOLDER}{name}.yaml" for name in ("language", "concepts", "rules", "examples", "unheld")
)

# The parts a concept may play in what a sentence says; `asked/language.yaml` says which words do.
SCOPES = (
    "idiom", "talk", "negation", "without", "no_negation", "turn", "link", "pronoun", "subject", "new_thing", "speaker", "someone", "animal", "study", "history",
    "present", "perfect", "was", "supposed", "general", "recovery", "gone", "returns", "own_question",
)  # fmt: skip
TIMINGS = ("double", "early", "late", "next")  # the first that is met is answered
NO_ALARM = "none"
_LONGEST, _LONGEST_EXAMPLE, _WIDEST, _NEAR = 80, 400, 30, 6


class Rule(Struct, frozen=True):
    """Concepts that together tell of one thing: in one sentence, at most `near` words apart, in order where `ordered`.

    `needs`: concepts that stand anywhere in the text; `unless`: concepts of the same sentence that make it harmless;
    `past`: what was once and is no more is itself the sign; `supposed`: counts also where it is only supposed;
    `under`: a lower number must stand as near.
    """

    means: str
    all: tuple[str, ...]
    near: int
    ordered: bool
    needs: tuple[str, ...]
    unless: tuple[str, ...]
    past: bool
    supposed: bool
    under: Decimal | None = None


class Example(Struct, frozen=True):
    """A wording with what must be recognised in it; `none`: no sign of danger."""

    means: str
    text: str


class Unheld(Struct, frozen=True):
    """A thing that people ask about and the library holds nothing on, and who can answer.

    `lacks`: words that none of its sentences has; `beside`: a complaint that is told beside a question.
    """

    about: str
    whom: str
    said: tuple[str, ...]
    lacks: tuple[str, ...]
    beside: bool


class AskedSigns(Struct, frozen=True):
    contractions: dict[str, str]
    ordinary: frozenset[str]
    small_talk: frozenset[str]
    scopes: dict[str, tuple[str, ...]]
    carried: frozenset[str]
    concepts: dict[str, tuple[str, ...]]
    signs: tuple[Rule, ...]
    timings: tuple[Rule, ...]
    unheld: tuple[Unheld, ...]


def read_asked_signs(documents: Mapping[str, Document], signs: tuple[str, ...]) -> AskedSigns:
    """What is recognised, without the examples. Raises InputError with every fault of each."""
    language = _Language(Reading(documents[LANGUAGE]))
    concepts = _Concepts(Reading(documents[CONCEPTS]))
    names, carried = tuple({**concepts.said, **language.scopes}), frozenset(concepts.carried)
    rules = _Rules(Reading(documents[RULES]), names, signs)
    return AskedSigns(
        contractions=language.contractions,
        ordinary=language.ordinary,
        small_talk=language.small_talk,
        scopes=language.scopes,
        carried=carried,
        concepts=concepts.said,
        signs=rules.signs,
        timings=rules.timings,
        unheld=_unheld(Reading(documents[UNHELD])),
    )


class _Language:
    """Contractions, words that are no slip of another, words that ask about nothing, and the words of each scope."""

    def __init__(self, reading: Reading) -> None:
        root = reading.mapping(reading.document.tree, "", ("contractions", "ordinary", "small_talk", "scopes"))
        written = reading.mapping(root.get("contractions", {}), "contractions", (), root.get("contractions", {}))
        self.contractions = {short: reading.text(full, f"contractions.{short}") for short, full in written.items()}
        self.ordinary = frozenset(reading.each(root.get("ordinary", []), "ordinary", reading.text))
        self.small_talk = frozenset(reading.each(root.get("small_talk", []), "small_talk", reading.text))
        scopes = reading.mapping(root.get("scopes", {}), "scopes", SCOPES)
        self.scopes = {name: _said(reading, tree, f"scopes.{name}") for name, tree in scopes.items()}
        reading.finish()


def _said(reading: Reading, tree: Tree, path: str) -> tuple[str, ...]:
    return reading.each(tree, path, lambda item, at: reading.text(item, at, _LONGEST))


class _Concepts:
    """What a person may say for each thing, and the things that "it" or "they" of the next sentence may stand for."""

    def __init__(self, reading: Reading) -> None:
        root = reading.mapping(reading.document.tree, "", ("carried", "concepts"))
        tree = root.get("concepts", {})
        self.said = {name: _said(reading, said, f"concepts.{name}") for name, said in tree.items()}
        self.carried = reading.words(root.get("carried", []), "carried", tuple(self.said))
        for name in set(self.said) & set(SCOPES):
            reading.fault(f"concepts.{name}", f"'{name}' is the name of a scope")
        reading.finish()


class _Rules:
    def __init__(self, reading: Reading, concepts: tuple[str, ...], signs: tuple[str, ...]) -> None:
        self.reading, self.concepts = reading, concepts
        root = reading.mapping(reading.document.tree, "", ("signs", "timings"))
        self.signs = self._rules(root.get("signs", {}), "signs", signs)
        self.timings = self._rules(root.get("timings", {}), "timings", TIMINGS)
        reading.finish()

    def _rules(self, tree: Tree, path: str, names: tuple[str, ...]) -> tuple[Rule, ...]:
        groups = self.reading.mapping(tree, path, names)
        return tuple(
            self._rule(item, at, name)
            for name, rules in groups.items()
            for at, item in self.reading.items(rules, f"{path}.{name}")
        )

    def _rule(self, tree: Tree, path: str, means: str) -> Rule:
        keys = ("near", "ordered", "needs", "unless", "past", "supposed", "under")
        entry = self.reading.mapping(tree, path, ("all",), keys)
        near = self.reading.whole(entry["near"], f"{path}.near", 1, _WIDEST) if "near" in entry else None
        return Rule(
            means=means,
            all=self._named(entry, "all", path),
            near=near or _NEAR,
            ordered=self.reading.flag(entry, "ordered", path),
            needs=self._named(entry, "needs", path),
            unless=self._named(entry, "unless", path),
            past=self.reading.flag(entry, "past", path),
            supposed=self.reading.flag(entry, "supposed", path),
            under=self._number(entry["under"], f"{path}.under") if "under" in entry else None,
        )

    def _number(self, tree: Tree, path: str) -> Decimal | None:
        try:
            return Decimal(self.reading.text(tree, path))
        except DecimalException:
            self.reading.fault(path, "must be a number in quotes")
            return None

    def _named(self, entry: dict[str, Tree], key: str, path: str) -> tuple[str, ...]:
        return self.reading.words(entry.get(key, []), f"{path}.{key}", self.concepts)


def read_examples(document: Document, signs: tuple[str, ...]) -> tuple[Example, ...]:
    """The wordings by which the rules are tested. Raises InputError."""
    reading = Reading(document)
    root = reading.mapping(document.tree, "", ("examples",))
    groups = reading.mapping(root.get("examples", {}), "examples", (*signs, *TIMINGS, NO_ALARM))
    found = [
        Example(name, reading.text(item, at, _LONGEST_EXAMPLE))
        for name, texts in groups.items()
        for at, item in reading.items(texts, f"examples.{name}")
    ]
    for text, number in Counter(each.text for each in found).items():
        if number > 1:
            reading.fault("examples", f"'{text}' stands twice")
    reading.finish()
    return tuple(found)


def _unheld(reading: Reading) -> tuple[Unheld, ...]:
    root = reading.mapping(reading.document.tree, "", ("topics",))
    topics = []
    for path, item in reading.items(root.get("topics", []), "topics"):
        entry = reading.mapping(item, path, ("about", "whom", "said", "lacks"), ("beside",))
        said, lacks = (_said(reading, entry.get(key, []), f"{path}.{key}") for key in ("said", "lacks"))
        about, whom = (reading.text(entry.get(key), f"{path}.{key}") for key in ("about", "whom"))
        topics.append(Unheld(about, whom, said, lacks, reading.flag(entry, "beside", path)))
    reading.finish()
    return tuple(topics)
