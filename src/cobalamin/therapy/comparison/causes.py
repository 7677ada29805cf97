"""Where compared protocols differ, and the cause of each difference with its source.

A cause comes from the library's disagreements where one of them has both protocols on different sides. Otherwise only what
is plain to see is named: another substance, other people it was written for, an edition that is no longer current; else
that the sources differ and no reason is stated. No cause is ever guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.model import Age, AllOf, Citation, Citations, Criterion, FactIs, FactOver, Protocol
from cobalamin.text.messages import Text, joined, listed, message
from cobalamin.therapy.case.criteria import leaves
from cobalamin.therapy.comparison.aspects import ASPECTS, Regimen, aspect_cites, aspect_text
from cobalamin.therapy.words.published import either

CHECKS = "checks"
ALL_ASPECTS = (*ASPECTS, CHECKS)
PRODUCT, POPULATION, EDITION, OPINION = "product", "population", "edition", "opinion"
_OLDEST = 100_000


@dataclass(frozen=True)
class DatedCheck:
    """A check as far as a comparison of words needs it."""

    name: Text
    days: tuple[int, ...]
    cites: Citations


@dataclass(frozen=True)
class Side:
    """One compared protocol as its differences are looked for."""

    protocol: Protocol
    regimen: Regimen
    checks: tuple[DatedCheck, ...]

    @property
    def id(self) -> str:
        return self.protocol.id

    @cached_property
    def names(self) -> frozenset[str]:
        """The ids by which a disagreement may name it."""
        return frozenset({self.protocol.id, self.regimen.content.id})

    @cached_property
    def substances(self) -> frozenset[str]:
        return frozenset(
            name for phase in self.regimen.phases for each in (phase.options or (phase,)) for name in each.substances
        )

    @cached_property
    def conditions(self) -> dict[str, frozenset[str]]:
        """What the indication asks of single facts."""
        found: dict[str, frozenset[str]] = {}
        for leaf in _asked_of_all(self.regimen.content.indication):
            if isinstance(leaf, FactIs):
                found[leaf.fact] = frozenset(leaf.values)
            elif isinstance(leaf, FactOver):
                found[leaf.fact] = frozenset({f"over {leaf.limit} {leaf.unit}"})
        return found

    @cached_property
    def ages(self) -> tuple[int, int]:
        """From which day of life to below which the protocol was written for."""
        limits = [leaf for leaf in _asked_of_all(self.regimen.content.indication) if isinstance(leaf, Age)]
        begins = [leaf.at_least.day_bounds[0] for leaf in limits if leaf.at_least]
        ends = [leaf.below.day_bounds[0] for leaf in limits if leaf.below]
        return max(begins, default=0), min(ends, default=_OLDEST)


@dataclass(frozen=True)
class Position:
    """What some of the compared protocols say about an aspect."""

    text: Text
    plain: Text
    protocols: tuple[str, ...]
    cites: Citations


@dataclass(frozen=True)
class Cause:
    """Why protocols differ: by a disagreement of the library, or derived from what is plain to see. `pairs`: whom it parts."""

    cause: str
    text: Text
    pairs: tuple[tuple[str, str], ...]
    cites: Citations
    disagreement: Disagreement | None = None


@dataclass(frozen=True)
class Difference:
    """One aspect on which compared protocols differ; every two of them that do are parted by at least one cause."""

    aspect: str
    positions: tuple[Position, ...]
    causes: tuple[Cause, ...]


def differences(sides: Iterable[Side], disagreements: Iterable[Disagreement], country: str) -> tuple[Difference, ...]:
    """The differences of the compared protocols, aspect by aspect."""
    comparing = _Causes(tuple(sides), tuple(disagreements))
    found = (comparing.difference(aspect, country) for aspect in ALL_ASPECTS)
    return tuple(difference for difference in found if difference is not None)


def text_of(side: Side, aspect: str, country: str, plain: bool = False) -> Text:
    """What a protocol says about one of ALL_ASPECTS."""
    if aspect == CHECKS:
        checks = (joined(check.name, days_text(check.days), between=": ") for check in side.checks)
        return listed(checks, between="; ") or message("differences.no_checks")
    return aspect_text(side.regimen, aspect, country, plain)


def days_text(days: tuple[int, ...]) -> Text:
    """ "day 2", "days 5, 6 and 7" """
    *others, last = days
    if not others:
        return message("differences.day", day=last)
    return message("differences.days", days=", ".join(map(str, others)), last=last)


class _Causes:
    def __init__(self, sides: tuple[Side, ...], disagreements: tuple[Disagreement, ...]) -> None:
        self.sides = sides
        self.disagreements = disagreements
        self.cause_of_pair: dict[tuple[str, str], str] = {}
        self.cites: dict[str, Citations] = {}  # of the aspect at hand, by protocol

    def difference(self, aspect: str, country: str) -> Difference | None:
        groups: dict[Text, list[Side]] = {}
        self.cites = {side.id: cites_of([side], aspect) for side in self.sides}
        for side in self.sides:
            groups.setdefault(text_of(side, aspect, country), []).append(side)
        if len(groups) < 2:
            return None
        positions = tuple(
            Position(text, text_of(group[0], aspect, country, plain=True), tuple(side.id for side in group), self._cited(group))
            for text, group in groups.items()
        )  # fmt: skip
        return Difference(aspect, positions, self._causes(aspect, list(groups.values())))

    def _causes(self, aspect: str, groups: list[list[Side]]) -> tuple[Cause, ...]:
        number = {side.id: place for place, group in enumerate(groups) for side in group}
        told: set[tuple[str, str]] = set()
        causes: list[Cause] = []
        for entry in self.disagreements:
            if aspect not in entry.about:
                continue
            parted = tuple(pair for pair in _parted(entry, self.sides) if number[pair[0]] != number[pair[1]])
            if parted:
                told.update(parted)
                cites = tuple(dict.fromkeys(cite for side in entry.sides for cite in side.cites))
                causes.append(Cause(entry.cause, entry.topic, parted, cites, entry))
        pairs = combinations(self.sides, 2)
        rest = [
            pair for pair in pairs if number[pair[0].id] != number[pair[1].id] and (pair[0].id, pair[1].id) not in told
        ]
        return (*causes, *self._derived(rest))

    def _derived(self, pairs: list[tuple[Side, Side]]) -> list[Cause]:
        found: dict[str, list[tuple[Side, Side]]] = {}
        for one, other in pairs:
            key = (one.id, other.id)
            if key not in self.cause_of_pair:
                self.cause_of_pair[key] = cause_of(one, other)
            found.setdefault(self.cause_of_pair[key], []).append((one, other))
        return [self._derived_cause(cause, found[cause]) for cause in _SHOWN if cause in found]

    def _derived_cause(self, cause: str, pairs: list[tuple[Side, Side]]) -> Cause:
        sides = list({side.id: side for pair in pairs for side in pair}.values())
        named = _grouped((_SHOWN[cause](side), side.id) for side in sides)
        text = message(f"differences.{cause}", named=named)
        cites = self._cited(sides) if cause != POPULATION else tuple(
            dict.fromkeys(cite for side in sides for leaf in leaves(side.regimen.content.indication) for cite in leaf.cites)
        )  # fmt: skip
        return Cause(cause, text, tuple((one.id, other.id) for one, other in pairs), cites)

    def _cited(self, sides: Iterable[Side]) -> Citations:
        return tuple(dict.fromkeys(cite for side in sides for cite in self.cites[side.id]))


def _parted(entry: Disagreement, sides: tuple[Side, ...]) -> Iterator[tuple[str, str]]:
    """The pairs that a disagreement has on different sides."""
    places = {
        side.id: where
        for side in sides
        if (where := {n for n, theirs in enumerate(entry.sides) if not side.names.isdisjoint(theirs.protocols)})
    }
    for one, other in combinations(places, 2):
        if places[one].isdisjoint(places[other]):
            yield one, other


# -- derived causes --------------------------------------------------------------------------------------------------

# In their order, with what is told of each side.
_SHOWN: dict[str, Callable[[Side], Text]] = {
    PRODUCT: lambda side: either(sorted(side.substances)),
    POPULATION: lambda side: side.protocol.population,
    EDITION: lambda side: side.protocol.status,
    OPINION: lambda _: "",
}


def cause_of(one: Side, other: Side) -> str:
    """The first of: other substances, other people, another edition, opinion."""
    if one.substances and other.substances and one.substances.isdisjoint(other.substances):
        return PRODUCT
    if one.protocol.population != other.protocol.population and _other_people(one, other):
        return POPULATION
    return EDITION if one.protocol.status != other.protocol.status else OPINION


def _other_people(one: Side, other: Side) -> bool:
    """Whether the indications exclude each other, or one singles out people whom the other does not."""
    if one.regimen.content.purpose != other.regimen.content.purpose or _apart(one.ages, other.ages):
        return True
    for fact in one.conditions.keys() | other.conditions.keys():
        mine, theirs = one.conditions.get(fact), other.conditions.get(fact)
        if mine is None or theirs is None:
            if fact != "deficiency":
                return True
        elif mine.isdisjoint(theirs):
            return True
    return False


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _asked_of_all(criterion: Criterion | None) -> tuple[Criterion | None, ...]:
    """The parts of an indication that hold for everybody it covers."""
    return criterion.items if isinstance(criterion, AllOf) else (criterion,)


def _grouped(named: Iterable[tuple[Text, str]]) -> Text:
    """ "hydroxocobalamin (a, b); cyanocobalamin (c)" """
    groups: dict[Text, list[str]] = {}
    for text, protocol_id in named:
        groups.setdefault(text, []).append(protocol_id)
    return listed((joined(text, f" ({', '.join(ids)})", between="") for text, ids in groups.items()), between="; ")


def cites_of(sides: Iterable[Side], aspect: str) -> Citations:
    found: dict[Citation, None] = {}
    for side in sides:
        own = [cite for check in side.checks for cite in check.cites]
        found.update(dict.fromkeys(own if aspect == CHECKS else aspect_cites(side.regimen, aspect)))
    return tuple(found)
