"""Reading the facts of a case file, with the boxes of `none_of`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.model import FactDefinition
from cobalamin.knowledge.reading import Reading
from cobalamin.therapy.case.case import SEVERAL, Fact

_LENGTH = re.compile(r"[0-9]{1,3}(\.[0-9])? ?(cm|mm)")
_WEIGHT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})? ?(kg|g)")
SHAPES = {
    "length": (_LENGTH, "a length such as 30 cm"),
    "mass": (_WEIGHT, "a weight such as 62 kg, from 0.3 to 400 kg"),
}
UNKNOWN = "unknown"


def _plausible(definition: FactDefinition, text: str) -> bool:
    """A weight of 0.3 to 400 kg, a length of up to 800 cm: anything else is a slip of a unit or of a key."""
    number = Decimal(re.sub(r"[^0-9.]", "", text))
    if definition.kind == "mass":
        return Decimal("0.3") <= (number if text.endswith("kg") else number / 1000) <= 400
    return 0 <= (number if text.endswith("cm") else number / 10) <= 800


class FactReader:
    """Reads facts against their definitions."""

    def __init__(self, reading: Reading, definitions: Mapping[str, FactDefinition]) -> None:
        self.reading, self.definitions = reading, definitions

    @property
    def boxes(self) -> dict[str, list[FactDefinition]]:
        """The facts behind each box of `none_of`."""
        table: dict[str, list[FactDefinition]] = {}
        for definition in self.definitions.values():
            if definition.box:
                table.setdefault(definition.box, []).append(definition)
        return table

    def read_all(self, tree: Tree, path: str) -> tuple[Fact, ...]:
        entry = self.reading.mapping(tree, path, (), ("none_of", *self.definitions))
        found = [
            self.read(name, value, f"{path}.{name}")
            for name, value in entry.items()
            if name != "none_of" and name in self.definitions
        ]
        facts = {fact.name: fact for fact in found if fact}
        for at, box in self.reading.items(entry.get("none_of", []), f"{path}.none_of"):
            name = self.reading.word(box, at, tuple(self.boxes))
            for definition in self.boxes.get(name or "", []):
                self._box(facts, definition, at)
        return tuple(facts.values())

    def _box(self, facts: dict[str, Fact], definition: FactDefinition, path: str) -> None:
        own = facts.get(definition.id)
        if own is not None and own.value != definition.absent:
            message = f"none_of says that {definition.id} is {definition.absent}, but it stands as '{own.value}'; keep one of the two"
            self.reading.fault(path, message)
        elif own is None:
            facts[definition.id] = Fact(definition.id, definition.absent)

    def read(self, name: Tree, tree: Tree, path: str) -> Fact | None:
        """One fact: a bare value, or {value, on, source}; `path`: where the value stands."""
        definition = self.definitions.get(name) if isinstance(name, str) else None
        if definition is None:
            self.reading.word(name, path, tuple(self.definitions))
            return None
        whole = isinstance(tree, dict)
        entry = self.reading.mapping(tree, path, ("value",), ("on", "source")) if whole else {"value": tree}
        on = self.reading.date(entry["on"], f"{path}.on") if "on" in entry else None
        value = self._value(definition, entry.get("value"), path)
        return Fact(definition.id, value, on, entry.get("source", "")) if value else None

    def _value(self, definition: FactDefinition, tree: Tree, path: str) -> str | None:
        if tree == UNKNOWN:
            return UNKNOWN
        if definition.kind == "word":
            return self.reading.word(tree, path, (*definition.values, UNKNOWN))
        if definition.kind == "words":
            return self._several(definition, tree, path)
        pattern, allowed = SHAPES[definition.kind]
        if isinstance(tree, str) and pattern.fullmatch(tree) and _plausible(definition, tree):
            return tree
        self.reading.fault(path, f"'{tree}' must be {allowed}, or {UNKNOWN}")
        return None

    def _several(self, definition: FactDefinition, tree: Tree, path: str) -> str | None:
        """Words of a list, in the order of their definition; `absent` and `unknown` stand alone."""
        told = re.split(", ?", tree) if isinstance(tree, str) else tree
        words = self.reading.words(told, path, definition.values)
        if not isinstance(told, list) or len(words) < len(told):
            return None
        if not words:
            message = f"names nothing; list what is taken, or write {definition.absent} or {UNKNOWN}"
            self.reading.fault(path, message)
            return None
        if definition.absent in words and len(set(words)) > 1:
            named = ", ".join(word for word in words if word != definition.absent)
            self.reading.fault(path, f"says {definition.absent} and names {named}; keep one of the two")
            return None
        return SEVERAL.join(word for word in definition.values if word in words)
