"""The program's rules about what is known of a person, as values: each is declared once and read in two ways.

A criterion is true, false or unknown. A rule asks what is known of criteria, so it holds or it does not. `OnePerson` reads it for
what is known now; `whatif` reads the same rule in every scenario, that is in every way in which unknown facts could turn out.
A statement about scenarios is a whole number whose bit n says whether it holds in scenario n; one person is one scenario.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from cobalamin.knowledge.model import Criterion
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE, TRUE, Truth


class Scenarios(Protocol):
    """Those who are asked: one person, or every way in which somebody's unknown facts could turn out."""

    @property
    def everywhere(self) -> int:
        """All scenarios."""

    def known(self, criterion: Criterion | None) -> int:
        """Where a criterion is known to hold."""

    def ruled_out(self, criterion: Criterion | None) -> int:
        """Where a criterion is known not to hold."""

    def where(self, rule: Rule) -> int:
        """Where a rule holds."""


class Rule(Struct, frozen=True):
    """What holds of a person or not; `&`, `|` and `~` make rules of rules."""

    def __and__(self, other: Rule) -> Rule:
        return Every((self, other))

    def __or__(self, other: Rule) -> Rule:
        return Some((self, other))

    def __invert__(self) -> Rule:
        return Other(self)

    def read(self, among: Scenarios) -> int:
        """Where it holds."""
        raise NotImplementedError


class Known(Rule, frozen=True):
    """That a criterion is known to hold."""

    criterion: Criterion | None

    def read(self, among: Scenarios) -> int:
        return among.known(self.criterion)


class RuledOut(Rule, frozen=True):
    """That a criterion is known not to hold."""

    criterion: Criterion | None

    def read(self, among: Scenarios) -> int:
        return among.ruled_out(self.criterion)


class Every(Rule, frozen=True):
    rules: tuple[Rule, ...]

    def read(self, among: Scenarios) -> int:
        found = among.everywhere
        for rule in self.rules:
            found &= rule.read(among)
        return found


class Some(Rule, frozen=True):
    rules: tuple[Rule, ...]

    def read(self, among: Scenarios) -> int:
        found = 0
        for rule in self.rules:
            found |= rule.read(among)
        return found


class Other(Rule, frozen=True):
    """That a rule does not hold."""

    rule: Rule

    def read(self, among: Scenarios) -> int:
        return among.everywhere & ~self.rule.read(among)


ALWAYS, NEVER = Every(()), Some(())
ONE = 1  # the single scenario of one person


def unknown(criterion: Criterion) -> Rule:
    """That nobody knows whether a criterion holds."""
    return ~(Known(criterion) | RuledOut(criterion))


def any_known(criteria: Iterable[Criterion | None]) -> Rule:
    return Some(tuple(map(Known, criteria)))


# -- who is asked ----------------------------------------------------------------------------------------------------


class OnePerson:
    """What is known of one person: a single scenario. The same criteria are asked by many rules, so their truths are kept."""

    everywhere = ONE

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._truths: dict[int, Truth] = {}
        self._asked: list[Criterion | None] = []  # so that no other criterion gets the number of one of these

    def truth(self, criterion: Criterion | None) -> Truth:
        found = self._truths.get(id(criterion))
        if found is None:
            found = self._truths[id(criterion)] = evaluate(criterion, self.facts)
            self._asked.append(criterion)
        return found

    def known(self, criterion: Criterion | None) -> int:
        return ONE if self.truth(criterion) is TRUE else 0

    def ruled_out(self, criterion: Criterion | None) -> int:
        return ONE if self.truth(criterion) is FALSE else 0

    def where(self, rule: Rule) -> int:
        return rule.read(self)


class Asked:
    """Hears what rules ask: `criteria` afterwards holds every criterion that was read. Nothing is left out, whatever it says."""

    everywhere = ONE

    def __init__(self) -> None:
        self.criteria: list[Criterion | None] = []

    def known(self, criterion: Criterion | None) -> int:
        self.criteria.append(criterion)
        return self.everywhere

    def ruled_out(self, criterion: Criterion | None) -> int:
        return self.known(criterion)

    def where(self, rule: Rule) -> int:
        rule.read(self)
        return self.everywhere


def holds(rule: Rule, facts: Facts) -> bool:
    """Whether a rule holds of a person."""
    return bool(rule.read(OnePerson(facts)))


def union(masks: Iterable[int]) -> int:
    """The scenarios of any of these."""
    found = 0
    for mask in masks:
        found |= mask
    return found


def parted(slices: dict[tuple[bool, ...], int], mask: int) -> dict[tuple[bool, ...], int]:
    """Slices of scenarios, each parted by one more statement and named by whether it holds there."""
    found: dict[tuple[bool, ...], int] = {}
    for key, where in slices.items():
        if where & mask:
            found[*key, True] = where & mask
        if where & ~mask:
            found[*key, False] = where & ~mask
    return found
