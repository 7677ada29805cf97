"""Each rule is declared once: read for one person and in all scenarios it says the same, and what it asks is known before."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import FactIs
from cobalamin.records import replace
from cobalamin.text.messages import Text
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.conditions import NERVES, SEVERE
from cobalamin.therapy.case.criteria import leaves
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.rules import ALWAYS, NEVER, Asked, Known, Rule, RuledOut, holds, unknown
from cobalamin.therapy.proposal import rank
from cobalamin.therapy.proposal.offers import Offer, offers
from cobalamin.therapy.safety.written_for import acknowledged
from cobalamin.therapy.whatif.outcomes import Outcomes, criteria_read
from cobalamin.therapy.whatif.worlds import BIRTH, Leaf, Worlds, possible_values

ON = date(2026, 1, 2)
ASKED = ("neurological_involvement", "anaemia", "cause", "previous_treatment", "preferred_route", BIRTH)


def rules_of(library: Library, offer: Offer) -> list[Rule]:
    fit = rank.fit_of(library, offer)
    found = [offer.met, offer.not_met, offer.not_preferred, *acknowledged(library, offer.content).values()]
    return [*found, fit.child, fit.by_mouth, fit.other_cause, fit.reserved, fit.named, fit.second_choice]


def worlds_of(library: Library, case: Case, names: tuple[str, ...], injected: bool = False) -> Worlds:
    facts = replace(facts_of(case, ON), injected=injected)
    read = [leaf for criterion in criteria_read(library, facts) for leaf in leaves(criterion)]
    return Worlds(
        facts,
        {name: possible_values(facts, name, read, library.facts) for name in names},
        len(names),
    )


def test_a_rule_says_the_same_of_one_person_and_in_the_scenario_of_that_person(
    library: Library, patient: Callable[..., Case]
) -> None:
    chance = random.Random(3)
    worlds = worlds_of(library, patient(born=None, asked=False, deficiency="confirmed"), ASKED[:4])
    people = [known for block in worlds.blocks for known in worlds.worlds_of(block)]
    for offer in offers(library):
        for rule in rules_of(library, offer):
            where = worlds.where(rule)
            for known in chance.sample(people, 6):
                assert where >> worlds.index(known) & 1 == holds(rule, worlds.facts_in(known)), (
                    offer.protocol.id,
                    rule,
                )


@pytest.mark.parametrize("injected", [False, True])
def test_no_rule_asks_what_the_values_of_a_fact_are_not_parted_by(
    library: Library, patient: Callable[..., Case], injected: bool
) -> None:
    """Otherwise two answers that differ for a rule could stand together as one."""

    class Heard(Worlds):
        asked: set[Leaf]

        def _leaf(self, leaf: Leaf):  # type: ignore[no-untyped-def]  # what it answers is private to `worlds`
            self.asked = {*getattr(self, "asked", ()), replace(leaf, cites=())}
            return super()._leaf(leaf)

    worlds = worlds_of(library, patient(born=None, asked=False), ASKED[3:], injected)
    heard = Heard(worlds.facts, worlds.values, 2)
    Outcomes(library, heard)
    named = {replace(leaf, cites=()) for each in criteria_read(library, heard.facts) for leaf in leaves(each)}
    assert {leaf for leaf in heard.asked if leaf not in named} == set()


def test_of_somebody_injected_loading_and_maintenance_are_told_apart(
    library: Library, patient: Callable[..., Case]
) -> None:
    """A text without injections stands lower for somebody who goes on with them, and for nobody else."""

    def told(injected: bool) -> list[tuple[Text, ...]]:
        worlds = worlds_of(library, patient(), ("previous_treatment",), injected)
        return [value.said for value in worlds.values["previous_treatment"]]

    assert told(False) == [("none",), ("loading", "maintenance")]
    assert told(True) == [("none",), ("loading",), ("maintenance",)]


def test_rules_of_rules_are_two_valued(library: Library, patient: Callable[..., Case]) -> None:
    person = facts_of(patient(neurological_involvement="present"), ON)
    assert holds(Known(NERVES), person)
    assert not holds(RuledOut(NERVES), person)
    assert holds(unknown(SEVERE), person)
    assert holds(Known(NERVES) & ~Known(SEVERE), person)
    assert holds(Known(SEVERE) | ALWAYS, person)
    assert not holds(NEVER, person)


def test_what_a_rule_asks_is_heard_whatever_it_says() -> None:
    rare, asked = FactIs("cause", ("dietary",)), Asked()
    asked.where(NEVER & Known(NERVES) | ~(RuledOut(SEVERE) | Known(rare)))
    assert asked.criteria == [NERVES, SEVERE, rare]
