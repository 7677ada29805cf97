"""For whom a text was written: rules about ages, inborn errors and stores that are empty; the same for everybody, so made once."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, AllOf, AnyOf, Criterion, FactIs, Not, Phase, Protocol
from cobalamin.spans import Span
from cobalamin.therapy.case.conditions import CHILD, IMERSLUND, UNTREATED
from cobalamin.therapy.case.criteria import leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.rules import NEVER, Known, Rule, any_known, holds
from cobalamin.therapy.safety.caveats import CODE as CAVEAT
from cobalamin.therapy.safety.caveats import reservations


def not_for_inborn_error(library: Library, protocol: Protocol, facts: Facts) -> bool:
    """Whether the cause is an inborn error, and the text was not written for it (hazard H104)."""
    return holds(population_rules(library, protocol).inborn, facts)


def ages_not_stated(library: Library, protocol: Protocol, facts: Facts) -> bool:
    """A child, and a protocol that neither limits ages nor names children (hazard H35)."""
    return holds(population_rules(library, protocol).child, facts)


class PopulationRules(Struct, frozen=True):
    """For whom a text was not written: inborn errors, and children."""

    inborn: Rule
    child: Rule


def population_rules(library: Library, protocol: Protocol) -> PopulationRules:
    return _population_rules(library, protocol.id, protocol.version)


@lru_cache(maxsize=1024)
def _population_rules(library: Library, name: str, version: int) -> PopulationRules:
    protocol = library.pinned(name, version)
    return PopulationRules(_inborn(library.practice.inborn, protocol), _child(protocol))


def acknowledged(library: Library, protocol: Protocol) -> dict[str, Rule]:
    """By code, when an option must be acknowledged whatever its precautions say; its words are those of `population_issues`
    and `caveat_issues`."""
    rules = population_rules(library, protocol)
    return {"POPULATION_NOT_COVERED": rules.child | rules.inborn, CAVEAT: reservations(protocol)}


def _inborn(first: FactIs, protocol: Protocol) -> Rule:
    """Imerslund-Grasbeck is left out: the gut does not take the vitamin up there, and what malabsorption is given for helps."""
    named = (leaf for leaf in leaves(protocol.indication) if isinstance(leaf, FactIs) and leaf.fact == first.fact)
    written_for = any_known(leaf for leaf in named if set(leaf.values) <= set(first.values))
    return Known(first) & ~Known(IMERSLUND) & ~written_for


def _child(protocol: Protocol) -> Rule:
    told = f"{protocol.population} {protocol.title}".lower()
    names_children = any(word in told for word in ("child", "infant", "all ages"))
    limits_ages = any(isinstance(leaf, Age) for leaf in leaves(protocol.indication))
    return NEVER if names_children or limits_ages else Known(CHILD)


def no_loading(protocol: Protocol) -> Criterion | None:
    """Of whom it is true that the protocol begins with widely spaced injections though nothing was loaded; None: of nobody.

    The first injection is then followed by a month or more: meant for stores that are full.
    """
    ways: list[Criterion] = []
    passed: tuple[Criterion, ...] = ()  # that the conditional phases before do not belong to the person
    for phase in protocol.phases:
        if _widely_spaced(phase):
            ways.append(AllOf((UNTREATED, *passed, *((phase.only_if,) if phase.only_if else ()))))
        if phase.only_if is None:
            break
        passed = (*passed, Not(phase.only_if))
    return AnyOf(tuple(ways)) if ways and protocol.purpose == "treatment" else None


def _widely_spaced(phase: Phase) -> bool:
    least = [option.spacing.least for option in phase.options or (phase,)]
    injected = not set(phase.routes) & {"oral", "sublingual", "nasal"}
    return injected and all(isinstance(span, Span) and span.day_bounds[0] >= 28 for span in least)
