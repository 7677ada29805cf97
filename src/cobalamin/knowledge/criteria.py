"""Reading citations and criteria."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.model import (
    Age,
    AllOf,
    AnyOf,
    Citation,
    Citations,
    Criterion,
    FactDefinition,
    FactIs,
    FactOver,
    Not,
)
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import LEVELS

_LENGTH = re.compile(r"([1-9][0-9]{0,3}) ?(cm)")
CRITERION_KEYS = ("all", "any", "not", "fact", "age")


class Context(Struct, frozen=True):
    """What a document may refer to: the levels of sources by id, and the facts by name."""

    source_levels: Mapping[str, str]
    facts: Mapping[str, FactDefinition]


def read_citations(reading: Reading, context: Context, tree: Tree, path: str) -> Citations:
    return reading.each(tree, path, lambda item, at: _read_citation(reading, context, item, at))


def _read_citation(reading: Reading, context: Context, tree: Tree, path: str) -> Citation | None:
    entry = {"source": tree} if isinstance(tree, str) else reading.mapping(tree, path, ("source",), ("level", "place"))
    source = entry.get("source")
    if not isinstance(source, str) or source not in context.source_levels:
        reading.fault(path, f"there is no source record '{source}'; add it to sources.yaml or cite another")
        return None
    own = context.source_levels[source]
    level = reading.word(entry["level"], f"{path}.level", LEVELS) if "level" in entry else own
    if level is None:
        return None
    if LEVELS.index(level) < LEVELS.index(own):
        reading.fault(
            path, f"level '{level}' is higher than that of the source record ('{own}'); a citation may only lower it"
        )
    return Citation(source, level, entry.get("place", ""))


def read_criterion(reading: Reading, context: Context, tree: Tree, path: str) -> Criterion | None:
    """One criterion of docs/library-format.md; None (and a fault) where it can't be read."""
    kind = next((key for key in CRITERION_KEYS if isinstance(tree, dict) and key in tree), None)
    match kind:
        case "all" | "any":
            reading.mapping(tree, path, (kind,))
            found = [
                read_criterion(reading, context, item, at) for at, item in reading.items(tree[kind], f"{path}.{kind}")
            ]
            items = tuple(item for item in found if item is not None)
            if not items:
                reading.fault(path, f"'{kind}' needs at least one criterion")
            return AllOf(items) if kind == "all" else AnyOf(items)
        case "not":
            reading.mapping(tree, path, ("not",))
            item = read_criterion(reading, context, tree["not"], f"{path}.not")
            return Not(item) if item else None
        case "age":
            return _read_age(reading, context, tree, path)
        case "fact":
            return _read_fact(reading, context, tree, path)
    reading.fault(path, f"must be a criterion with one of the keys {', '.join(CRITERION_KEYS)}")
    return None


def _read_age(reading: Reading, context: Context, tree: Tree, path: str) -> Age:
    reading.mapping(tree, path, ("age",), ("cites",))
    bounds = reading.mapping(tree["age"], f"{path}.age", (), ("from", "below"))
    if not bounds:
        reading.fault(f"{path}.age", "needs 'from' or 'below'")
    lower = reading.span(bounds["from"], f"{path}.age.from") if "from" in bounds else None
    upper = reading.span(bounds["below"], f"{path}.age.below") if "below" in bounds else None
    return Age(lower, upper, _leaf_cites(reading, context, tree, path))


def _read_fact(reading: Reading, context: Context, tree: Tree, path: str) -> Criterion | None:
    reading.mapping(tree, path, ("fact",), ("is", "over", "cites"))
    definition = context.facts.get(str(tree["fact"]))
    if definition is None:
        reading.word(tree["fact"], f"{path}.fact", tuple(context.facts))
        return None
    cites = _leaf_cites(reading, context, tree, path)
    if "over" in tree and definition.kind == "length":
        match = _LENGTH.fullmatch(str(tree["over"]))
        if match:
            return FactOver(definition.id, int(match.group(1)), match.group(2), cites)
        reading.fault(f"{path}.over", f"'{tree['over']}' must be a length such as 20 cm")
        return None
    if "is" not in tree or definition.kind not in ("word", "words"):
        reading.fault(path, f"'{definition.id}' needs {'over' if definition.kind == 'length' else 'is'}")
        return None
    values = reading.words(tree["is"], f"{path}.is", definition.values)
    return FactIs(definition.id, values, cites) if values else None


def _leaf_cites(reading: Reading, context: Context, tree: Tree, path: str) -> Citations:
    return read_citations(reading, context, tree["cites"], f"{path}.cites") if "cites" in tree else ()
