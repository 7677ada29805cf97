"""Which of the facts that nobody asked would change the answer, by how much, and the most decisive first.

An effect is a difference in what a person would see: a block, the leading option's regimen, the checks and dates of its
plan, the options, an issue to acknowledge. With at most six unset facts every combination of their values is looked at. With more, every fact alone and
beside each other one; a fact that shows no effect there is looked at together with all it shares a criterion with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import prod

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.text.messages import Text
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import BIRTH, fact_name, facts_of_leaf, is_question, leaves, missing_facts
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.proposal.common_start import record_points_to_urgency
from cobalamin.therapy.proposal.needs import missing_fact
from cobalamin.therapy.proposal.proposal import Proposal, propose
from cobalamin.therapy.whatif.changes import Change, Changes
from cobalamin.therapy.whatif.outcomes import BLOCKS, FIRST, ISSUES, OPTIONS, PLAN, REGIMEN, Outcomes, criteria_read
from cobalamin.therapy.whatif.worlds import WEIGHT, Value, Worlds, possible_values
from cobalamin.therapy.words import published

# The order of decisiveness: what an answer would forbid, what it would change about the leading treatment, the first dose
# where nothing leads yet, what else stands in its plan (checks, dates), which options there are, what must be acknowledged.
KINDS = (BLOCKS, REGIMEN, FIRST, PLAN, OPTIONS, ISSUES)
EXHAUSTIVE = 6
MOST_WORLDS = 20_000
ALL_COMBINATIONS, IN_PAIRS = "all", "pairs"


class ValueEffect(Struct, frozen=True):
    """What some values of a fact would change; `given`: the values of other facts that must be known beside it."""

    values: tuple[Text, ...]
    given: tuple[tuple[str, Text], ...]
    change: Change


class FactEffect(Struct, frozen=True):
    """One fact with its effects. `companions`: without effect alone, the smallest sets of facts it matters together with."""

    fact: str
    question: Text
    plain: Text
    why: Text
    find_out: str
    strongest: str
    companions: tuple[tuple[str, ...], ...]
    effects: tuple[ValueEffect, ...]
    asked_place: int = 0  # how early a clinician must know it

    @property
    def alone(self) -> bool:
        return not self.companions


class WhatIf(Struct, frozen=True):
    """What `whatif` answers."""

    on: date
    proposal: Proposal
    combinations: str
    effects: tuple[FactEffect, ...]
    without_effect: tuple[str, ...]
    asked_in_vain: tuple[FactEffect, ...]
    vain_without_effect: tuple[str, ...]
    waiting: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]  # (facts, protocols that wait for just these)


def what_if(library: Library, case: Case, on: date) -> WhatIf:
    """The facts that would change the answer for `case` as known on the day of assessment."""
    facts = facts_of(case, on)
    answer = propose(library, case, on)
    asking = _Asking(library, facts, record_points_to_urgency(library, case, facts))
    unset = [name for name in _askable(library, facts) if name not in facts.asked_in_vain]
    vain = [name for name in _askable(library, facts) if name in facts.asked_in_vain]
    effects, combined = asking.effects(unset)
    in_vain = [effect for name in vain for effect in asking.effects([name])[0]]
    return WhatIf(
        on=on,
        proposal=answer,
        combinations=combined,
        effects=tuple(sorted(effects, key=decisiveness)),
        without_effect=tuple(name for name in unset if name not in {effect.fact for effect in effects}),
        asked_in_vain=tuple(sorted(in_vain, key=decisiveness)),
        vain_without_effect=tuple(name for name in vain if name not in {effect.fact for effect in in_vain}),
        waiting=_waiting(library, answer, facts),
    )


def _waiting(library: Library, answer: Proposal, facts: Facts) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in answer.pending:
        missing = missing_facts(library.content(library.protocol(name)).indication, facts)
        groups.setdefault(missing, []).append(name)
    return tuple(
        (missing, tuple(names)) for missing, names in sorted(groups.items(), key=lambda each: (len(each[0]), each))
    )


def decisiveness(effect: FactEffect) -> tuple[int, bool, int, int, str]:
    """In the order of KINDS; alone before together with others; then what is asked first; then how many options move."""
    moved = max(each.change.moved for each in effect.effects)
    return KINDS.index(effect.strongest), not effect.alone, effect.asked_place, -moved, effect.fact


def _askable(library: Library, facts: Facts) -> list[str]:
    names = [
        name
        for name, fact in library.facts.items()
        if name not in facts.values and not fact.at_review and is_question(name, facts, library.facts)
    ]
    return names if facts.patient.birth_date else [BIRTH, *names]


class Seen(Struct, frozen=True):
    """Where a fact shows an effect: beside which other facts, and in which first world of theirs."""

    beside: tuple[str, ...]
    world: int


Found = dict[str, dict[str, tuple[Seen, ...]]]


def where_it_matters(outcomes: Outcomes) -> Found:
    """By fact and kind of effect the smallest sets of other facts beside which the fact has that effect (() is alone)."""
    worlds = outcomes.worlds
    found: dict[str, dict[str, list[Seen]]] = {}
    numbers = {kind: _numbered(outcomes.masks_of(kind), worlds.count) for kind in KINDS}
    for block in worlds.blocks:
        for name in block:
            kinds = found.setdefault(name, {})
            beside = tuple(other for other in block if other != name)
            for kind in KINDS:
                if kind in kinds and len(kinds[kind][0].beside) < len(beside):
                    continue
                world = _first_difference(worlds, block, name, beside, numbers[kind])
                if world is not None:
                    kinds.setdefault(kind, []).append(Seen(beside, world))
    return {name: {kind: tuple(seen) for kind, seen in kinds.items()} for name, kinds in found.items() if kinds}


def _numbered(masks: Iterable[int], count: int) -> list[int]:
    """For each world a number; two worlds have the same where no mask tells them apart."""
    telling = [mask for mask in dict.fromkeys(masks) if mask and mask != (1 << count) - 1]
    if not telling:
        return [0] * count
    rows = zip(*(format(mask, f"0{count}b")[::-1] for mask in telling), strict=True)
    numbers: dict[tuple[str, ...], int] = {}
    return [numbers.setdefault(row, len(numbers)) for row in rows]


def _first_difference(
    worlds: Worlds, block: tuple[str, ...], name: str, beside: tuple[str, ...], numbers: list[int]
) -> int | None:
    """The first world in which just the facts beside are known and some value of the fact makes a difference."""
    place, number = block.index(name), len(worlds.values[name])
    stride = prod(len(worlds.values[other]) for other in block[place + 1 :])
    size = prod(len(worlds.values[other]) for other in beside)
    begin, before = worlds.begins[block], worlds.begins[beside]
    for world in range(0, size, stride):
        without = numbers[before + world : before + world + stride]
        for value in range(number):
            at = begin + world * number + value * stride
            if numbers[at : at + stride] != without:
                return before + world + next(n for n in range(stride) if numbers[at + n] != without[n])
    return None


class _Asking:
    def __init__(self, library: Library, facts: Facts, pointed: bool = False) -> None:
        self.library, self.facts, self.pointed = library, facts, pointed
        self.criteria = criteria_read(library, facts)
        self.leaves = [leaf for criterion in self.criteria for leaf in leaves(criterion)]
        self.changes = Changes(library, facts)

    def effects(self, names: Sequence[str]) -> tuple[list[FactEffect], str]:
        """The effects of these facts, and which combinations were looked at."""
        read = {fact_name(leaf) for leaf in self.leaves} | {WEIGHT}
        values = {
            name: possible_values(self.facts, name, self.leaves, self.library.facts) for name in names if name in read
        }
        size = prod(len(each) + 1 for each in values.values())
        exhaustive = len(values) <= EXHAUSTIVE or size <= MOST_WORLDS
        worlds = Worlds(self.facts, values, len(values) if exhaustive else 2)
        outcomes = Outcomes(self.library, worlds, self.pointed)
        found = where_it_matters(outcomes)
        effects = [self._effect(name, found[name], outcomes) for name in values if name in found]
        if not exhaustive:
            effects += self._deeper([name for name in values if name not in found], values)
        return effects, ALL_COMBINATIONS if exhaustive else IN_PAIRS

    def _deeper(self, names: Iterable[str], values: Mapping[str, tuple[Value, ...]]) -> Iterator[FactEffect]:
        """Facts without effect alone or in pairs: together with what they share a criterion with."""
        for name in names:
            for group in self._groups(name, values):
                worlds = Worlds(self.facts, {each: values[each] for each in group}, len(group))
                outcomes = Outcomes(self.library, worlds, self.pointed)
                found = where_it_matters(outcomes).get(name)
                if found:
                    yield self._effect(name, found, outcomes)
                    break

    def _groups(self, name: str, values: Mapping[str, tuple[Value, ...]]) -> list[tuple[str, ...]]:
        """The sets of unset facts that stand in one criterion with a fact, the smallest first."""
        groups = set()
        for criterion in self.criteria:
            group = tuple(
                dict.fromkeys(each for leaf in leaves(criterion) for each in facts_of_leaf(leaf) if each in values)
            )
            if name in group and len(group) > 2 and prod(len(values[each]) + 1 for each in group) <= MOST_WORLDS:
                groups.add(tuple(sorted(group)))
        return sorted(groups, key=lambda each: (len(each), each))

    # -- effects -----------------------------------------------------------------------------------------------------

    def _effect(self, name: str, found: Mapping[str, tuple[Seen, ...]], outcomes: Outcomes) -> FactEffect:
        strongest = next(kind for kind in KINDS if kind in found)
        least = min(len(seen.beside) for several in found.values() for seen in several)
        companions = {seen.beside for several in found.values() for seen in several if len(seen.beside) == least}
        told = [] if least else self._beside(name, {}, outcomes)
        witness = min(found[strongest], key=self._telling)
        if witness.beside:  # the strongest effect shows only where other facts are known
            told += self._beside(name, outcomes.worlds.known_in(witness.beside, witness.world), outcomes)
        asked = missing_fact(self.library, name, ())
        return FactEffect(
            fact=name,
            question=asked.question,
            plain=asked.plain,
            why=asked.why,
            find_out=self.library.facts[name].find_out if name in self.library.facts else "ask",
            strongest=strongest,
            companions=tuple(sorted(companions)) if least else (),
            effects=tuple(told),
            asked_place=self.library.practice.place(name),
        )

    def _telling(self, seen: Seen) -> tuple[int, list[int], tuple[str, ...]]:
        """The facts that are asked first make the most telling company."""
        return len(seen.beside), sorted(map(self.library.practice.place, seen.beside)), seen.beside

    def _beside(self, name: str, known: Mapping[str, int], outcomes: Outcomes) -> list[ValueEffect]:
        """The effects of each value where these others are known; values with the same effect together."""
        worlds = outcomes.worlds
        changes: dict[Change, list[Text]] = {}
        for place, value in enumerate(worlds.values[name]):
            change = self.changes.between(outcomes, known, {**known, name: place})
            changes.setdefault(change, []).extend(value.said)
        given = tuple((other, published.either(worlds.values[other][place].said)) for other, place in known.items())
        return [ValueEffect(tuple(values), given, change) for change, values in changes.items() if not change.nothing]
