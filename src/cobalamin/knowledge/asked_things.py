"""What a question may be about beside B12 itself (a medicine, an illness, a group of people), and everyday words that name nothing.

They only decide whether something that was found speaks of what is asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.reading import Reading, did_you_mean

THINGS, EVERYDAY = "asked/things.yaml", "asked/everyday.yaml"
_LONGEST, _LONGEST_LETTER = 60, 50_000


@dataclass(frozen=True)
class ThingKind:
    """Things of one kind: words that name one, endings by which an unknown word is taken for one, and the record nearest to all."""

    name: str
    said: tuple[str, ...]
    endings: tuple[str, ...]
    nearest: str
    around: bool  # whether they tell of whom a question is for, or what was done, rather than what it is about
    had: bool  # whether they are only told where somebody has them


@dataclass(frozen=True)
class AskedThings:
    """The kinds of things in their order, words for B12 and its treatment, and what makes a word a thing that is asked about.

    `frames`: wordings after which a word is one that the library lacks; `before` and `after`: those beside which a name is one;
    `having`: those after which an illness is only told.
    """

    kinds: tuple[ThingKind, ...]
    frames: tuple[str, ...]
    own: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    having: tuple[str, ...]


def read_things(document: Document, records: Collection[str]) -> AskedThings:
    """What the file has. `records`: those that have everyday questions. Raises InputError."""
    reading = Reading(document)
    marks = ("frames", "own", "before", "after", "having")
    root = reading.mapping(document.tree, "", ("kinds", *marks))
    frames, own, before, after, having = (
        reading.each(root.get(key, []), key, lambda item, path: reading.text(item, path, _LONGEST)) for key in marks
    )
    kinds = root.get("kinds", {})
    found = tuple(
        _kind(reading, name, tree, records) for name, tree in reading.mapping(kinds, "kinds", (), kinds).items()
    )
    _twice(reading, found)
    reading.finish()
    return AskedThings(found, frames, own, before, after, having)


def _kind(reading: Reading, name: str, tree: Tree, records: Collection[str]) -> ThingKind:
    at = f"kinds.{name}"
    entry = reading.mapping(tree, at, ("said",), ("endings", "nearest", "around", "had"))

    def words(key: str) -> tuple[str, ...]:
        return reading.each(entry.get(key, []), f"{at}.{key}", lambda item, path: reading.text(item, path, _LONGEST))

    nearest = reading.text(entry["nearest"], f"{at}.nearest") if "nearest" in entry else ""
    if nearest and nearest not in records:
        reading.fault(f"{at}.nearest", f"'{nearest}' has no everyday questions{did_you_mean(nearest, records)}")
    around, had = reading.flag(entry, "around", at), reading.flag(entry, "had", at)
    return ThingKind(name, words("said"), words("endings"), nearest, around, had)


def _twice(reading: Reading, kinds: tuple[ThingKind, ...]) -> None:
    stands: dict[str, str] = {}
    for kind in kinds:
        for said in kind.said:
            if said in stands:
                reading.fault(f"kinds.{kind.name}.said", f"'{said}' stands twice, also in {stands[said]}")
            stands[said] = kind.name


def read_everyday_stems(document: Document) -> frozenset[str]:
    """Stems of everyday English words. Raises InputError."""
    reading = Reading(document)
    root = reading.mapping(document.tree, "", ("stems",))
    letters = reading.mapping(root.get("stems", {}), "stems", (), root.get("stems", {}))
    texts = [reading.text(text, f"stems.{letter}", _LONGEST_LETTER) for letter, text in letters.items()]
    reading.finish()
    return frozenset(stem for text in texts for stem in text.split())
