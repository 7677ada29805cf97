"""Every way in which facts that nobody knows could turn out, evaluated at once.

A world gives some of the unset facts a value and leaves the others unset. Worlds are numbered, and a statement about all of
them is one whole number whose bit w says whether it holds in world w. So Kleene's logic over a criterion is a few operations
on whole numbers, however many worlds there are. What single leaves mean is always asked of `criteria.evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from math import prod
from typing import TypeVar

from msgspec import Struct

from cobalamin.knowledge.model import Age, AllOf, AnyOf, Criterion, FactDefinition, FactIs, FactOver, Not
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.text.messages import Text, length, message
from cobalamin.therapy.case.criteria import BIRTH, evaluate, fact_name, facts_of_leaf, value_words
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE, TRUE, Truth
from cobalamin.therapy.case.rules import Rule

WEIGHT = "weight"
_ANY_WEIGHT = "10 kg"
_DAY = Span(0, "d")

Leaf = FactIs | FactOver | Age
H = TypeVar("H", bound=Hashable)


class Value(Struct, frozen=True):
    """Values of a fact that no criterion tells apart: one of them as typed, and all as they are said."""

    typed: str
    said: tuple[Text, ...]


class Both(Struct, frozen=True):
    """A three-valued truth in all worlds: the bits where it is true and where it is false."""

    true: int
    false: int


def with_values(facts: Facts, values: Mapping[str, str]) -> Facts:
    """The facts with these values known as well; a date of birth goes to the patient."""
    known = {name: value for name, value in values.items() if name != BIRTH}
    patient = facts.patient
    if BIRTH in values:
        patient = replace(patient, birth_date=date.fromisoformat(values[BIRTH]), birth_unknown=False)
    return Facts(
        patient, facts.on, {**facts.values, **known}, facts.asked_in_vain - values.keys(), facts.since, facts.injected
    )


# -- values ----------------------------------------------------------------------------------------------------------


def possible_values(
    facts: Facts, fact: str, leaves: Iterable[Leaf], definitions: Mapping[str, FactDefinition]
) -> tuple[Value, ...]:
    """The values of an unset fact, those that no leaf tells apart put together."""
    groups: dict[tuple[Truth, ...], list[tuple[str, Text]]] = {}
    about = [leaf for leaf in leaves if fact_name(leaf) == fact]
    for typed, value in _every_value(facts, fact, about, definitions):
        known = with_values(facts, {fact: typed})
        groups.setdefault(tuple(evaluate(leaf, known) for leaf in about), []).append((typed, value))
    return tuple(Value(group[0][0], tuple(value for _, value in group)) for group in groups.values())


def _every_value(
    facts: Facts, fact: str, about: list[Leaf], definitions: Mapping[str, FactDefinition]
) -> Iterator[tuple[str, Text]]:
    """(as typed, as said) of each value, or of one on each side of every limit."""
    if fact == BIRTH:
        yield from _births(facts.on, [leaf for leaf in about if isinstance(leaf, Age)])
    elif fact == WEIGHT:
        yield _ANY_WEIGHT, message("criteria.known")
    elif definitions[fact].kind == "length":
        limits = sorted({leaf.limit for leaf in about if isinstance(leaf, FactOver)})
        yield from ((f"{limit} cm", message("criteria.at_most_cm", limit=limit)) for limit in limits)
        yield from ((f"{limit + 1} cm", message("criteria.over_cm", limit=limit)) for limit in limits)
    else:
        names = (value for value in definitions[fact].values if value != "unknown")
        yield from ((value, value_words(fact, value, definitions)) for value in names)


def _births(on: date, about: list[Age]) -> Iterator[tuple[str, Text]]:
    """A date of birth in every band of ages that the limits make."""
    limits = {span for leaf in about for span in (leaf.at_least, leaf.below) if span}
    ordered = sorted(limits | {_DAY}, key=lambda span: span.day_bounds)
    for span, following in zip(ordered, [*ordered[1:], None], strict=True):
        born = _youngest(on, span)
        if following is None:
            yield born.isoformat(), message("criteria.or_older", span=length(span))
        elif add(born, following) > on:  # in a short month a month can be as short as 28 days
            key = "criteria.younger" if span == _DAY else "criteria.between_ages"
            yield born.isoformat(), message(key, first=length(span), last=length(following))


def _youngest(on: date, span: Span) -> date:
    """The latest date of birth of somebody who is so old."""
    least, most = span.day_bounds
    return next(born for days in range(least, most + 1) if add(born := on - timedelta(days=days), span) <= on)


# -- worlds ----------------------------------------------------------------------------------------------------------


class Worlds:
    """All worlds in which at most `most` of the named facts are known, in order of how many are."""

    def __init__(self, facts: Facts, values: Mapping[str, Sequence[Value]], most: int) -> None:
        self.facts, self.values = facts, {name: tuple(values[name]) for name in values}
        names = tuple(self.values)
        self.blocks = [
            names_set for size in range(min(most, len(names)) + 1) for names_set in combinations(names, size)
        ]
        self.begins: dict[tuple[str, ...], int] = {}
        self.count = 0
        for block in self.blocks:
            self.begins[block] = self.count
            self.count += prod(len(self.values[name]) for name in block)
        self.all = (1 << self.count) - 1
        self._known = {name: self._masks(name) for name in names}
        self._truths: dict[int, tuple[Criterion, Both]] = {}
        self._leaves: dict[Hashable, Both] = {}

    def _masks(self, name: str) -> tuple[int, ...]:
        """For each value of a fact the worlds that have it, and last those where it is unset."""
        number = len(self.values[name])
        patterns: list[list[str]] = [[] for _ in range(number)]
        for block in self.blocks:
            size = prod(len(self.values[each]) for each in block)
            for value, pattern in enumerate(patterns):
                pattern.append(self._pattern(block, name, value, size))
        masks = [int("".join(pattern)[::-1] or "0", 2) for pattern in patterns]
        unset = self.all
        for mask in masks:
            unset &= ~mask
        return (*masks, unset)

    def _pattern(self, block: tuple[str, ...], name: str, value: int, size: int) -> str:
        if name not in block:
            return "0" * size
        stride = prod(len(self.values[each]) for each in block[block.index(name) + 1 :])
        number = len(self.values[name])
        once = "0" * (stride * value) + "1" * stride + "0" * (stride * (number - value - 1))
        return once * (size // (stride * number))

    def index(self, known: Mapping[str, int]) -> int:
        """The number of the world in which these facts have these values (by their places) and no others are known."""
        block = tuple(name for name in self.values if name in known)
        place = 0
        for name in block:
            place = place * len(self.values[name]) + known[name]
        return self.begins[block] + place

    def known_in(self, block: tuple[str, ...], world: int) -> dict[str, int]:
        """The places of the values of these facts in a world in which just they are known."""
        place, known = world - self.begins[block], {}
        for name in reversed(block):
            place, known[name] = divmod(place, len(self.values[name]))
        return {name: known[name] for name in block}

    def worlds_of(self, block: tuple[str, ...]) -> Iterator[dict[str, int]]:
        """The places of values in each world in which just these facts are known, in order."""
        for places in product(*(range(len(self.values[name])) for name in block)):
            yield dict(zip(block, places, strict=True))

    def facts_in(self, known: Mapping[str, int]) -> Facts:
        return with_values(self.facts, {name: self.values[name][place].typed for name, place in known.items()})

    def table(self, names: Iterable[str], read: Callable[[Facts], H]) -> dict[H, int]:
        """What `read` answers, and in which worlds; `names` are the facts that its answer may depend on."""
        varying = [name for name in dict.fromkeys(names) if name in self.values]
        found: dict[H, int] = {}
        for places in product(*(range(len(self.values[name]) + 1) for name in varying)):
            known = {name: place for name, place in zip(varying, places, strict=True) if place < len(self.values[name])}
            mask = self.all
            for name, place in zip(varying, places, strict=True):
                mask &= self._known[name][place]
            if mask:
                answer = read(self.facts_in(known))
                found[answer] = found.get(answer, 0) | mask
        return found

    # -- rules and criteria ------------------------------------------------------------------------------------------

    @property
    def everywhere(self) -> int:
        return self.all

    def known(self, criterion: Criterion | None) -> int:
        return self.truth(criterion).true

    def ruled_out(self, criterion: Criterion | None) -> int:
        return self.truth(criterion).false

    def where(self, rule: Rule) -> int:
        return rule.read(self)

    def truth(self, criterion: Criterion | None) -> Both:
        """A criterion in all worlds; as `criteria.evaluate`, whose leaves it asks."""
        if criterion is None:
            return Both(self.all, 0)
        if id(criterion) not in self._truths:
            self._truths[id(criterion)] = (criterion, self._evaluate(criterion))
        return self._truths[id(criterion)][1]

    def _evaluate(self, criterion: Criterion) -> Both:
        match criterion:
            case AllOf(items):
                true, false = self.all, 0
                for part in map(self.truth, items):
                    true, false = true & part.true, false | part.false
                return Both(true, false)
            case AnyOf(items):
                true, false = 0, self.all
                for part in map(self.truth, items):
                    true, false = true | part.true, false & part.false
                return Both(true, false)
            case Not(item):
                part = self.truth(item)
                return Both(part.false, part.true)
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Leaf) -> Both:
        """A leaf in all worlds; many criteria ask the same of the same fact."""
        key = replace(leaf, cites=())
        if key not in self._leaves:
            found = self.table(facts_of_leaf(leaf), lambda facts: evaluate(leaf, facts))
            self._leaves[key] = Both(found.get(TRUE, 0), found.get(FALSE, 0))
        return self._leaves[key]
