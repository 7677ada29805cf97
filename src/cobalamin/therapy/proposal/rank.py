"""In which order protocols are offered: whether they fit the person, then the country, then practice (contract, section 4).

What asks for facts is a rule, or counts scenarios: one person's (`OnePerson`), or all of `whatif` at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, AllOf, AnyOf, Criterion, FactIs, FactOver, Not, Note, Protocol, Standing
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.therapy.case.conditions import MAINTAINED, NERVES, URGENT_SIGNS
from cobalamin.therapy.case.criteria import evaluate, fact_name, leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.case.rules import (
    ALWAYS,
    NEVER,
    ONE,
    Every,
    Known,
    OnePerson,
    Rule,
    RuledOut,
    Scenarios,
    Some,
    any_known,
    parted,
    unknown,
)
from cobalamin.therapy.proposal.offers import Offer
from cobalamin.therapy.safety.caveats import WEIGHED, reservations
from cobalamin.therapy.safety.written_for import population_rules

OFF_INJECTIONS = Known(MAINTAINED)  # of somebody who was injected, by a text that goes on without
# Whose text it is, the nearest first; articles come after everything else.
OWN, NEAR, GENERAL, OTHER, ARTICLE = range(5)
PLACES = ("own", "near", "general", "other", "article")
_KINDS = {
    "formulary": 0, "guideline": 0, "label": 1, "local_guideline": 2, "review": 2, "programme": 2, "trial": 3, "article": 4,
}  # fmt: skip
USUAL, SECOND_CHOICE, OLDER = range(3)
# Nerve signs, a named disease or a cause say more about whom a protocol was written for than an age or a deficiency.
TELLING = {"optic_disease": 4, "ileal_resection_length": 3, "cause": 2}


class Rank(NamedTuple):
    """The place of an option among all: the smaller the earlier. The fields decide in this order."""

    article: bool
    child: bool
    by_mouth: bool
    other_cause: bool
    reserved: bool
    place: int
    not_preferred: bool
    off_injections: bool
    practice: int
    weight: int
    kind: int
    level: int
    protocol: str

    @property
    def fits(self) -> bool:
        """Whether neither age, urgency, another cause nor a reservation of its source speaks against it."""
        return not (self.child or self.by_mouth or self.other_cause or self.reserved)


class Fit(Struct, frozen=True):
    """What speaks against a text for a person: their age, tablets where it presses, another cause, a reservation."""

    child: Rule
    by_mouth: Rule
    other_cause: Rule
    reserved: Rule
    named: Rule  # that it was written for the person's cause or disease, where that is one whose own texts stand first
    second_choice: Rule


class Placed(Struct, frozen=True):
    """An option with its place among all, and for people what put it there."""

    offer: Offer
    rank: Rank
    facts: tuple[str, ...]
    for_the_cause: bool  # written for a cause or disease whose own texts stand first
    said: tuple[Standing, ...]  # what sources say about its place in practice


def placed(library: Library, offer: Offer, one: OnePerson) -> Placed:
    """The place of an option among all for one person."""
    content, facts = offer.content, one.facts
    ((specific, _),) = told = tuple(specific_facts(content, one).items())
    ((rank, _),) = ranks(library, offer, facts.patient.country, facts.injected, one, ONE, told)
    named = tuple(sorted({name for name, _ in specific}))
    return Placed(offer, rank, named, bool(one.where(fit_of(library, offer).named)), said_of(content, facts))


def ranks(
    library: Library,
    offer: Offer,
    country: str,
    injected: bool,
    among: Scenarios,
    where: int,
    specific: Iterable[tuple[Met, int]],
) -> Iterator[tuple[Rank, int]]:
    """Every rank that an option has in some of these scenarios, with those in which it has it.

    `injected`: whether the person was injected last; it is the same in all scenarios, as the country is. `specific`: `specific_facts`.
    """
    fit, place, kind = fit_of(library, offer), place_of(library, offer.protocol, country), standing(offer)
    off = OFF_INJECTIONS if injected and offer.never_injected_on else NEVER
    flags: dict[tuple[bool, ...], int] = {(): where}
    for rule in (fit.child, fit.by_mouth, fit.other_cause, fit.reserved, offer.not_preferred, off):
        flags = parted(flags, rule.read(among))
    practices, weights = practice_of(library, offer, among), _weights(specific)
    for (child, by_mouth, cause, reserved, not_preferred, off_injections), mask in flags.items():
        for practice, second in practices.items():
            for weight, third in weights.items():
                if mask & second & third:
                    fits = (place == ARTICLE, child, by_mouth, cause, reserved, place, not_preferred, off_injections)
                    yield Rank(*fits, practice, weight, *kind, offer.protocol.id), mask & second & third


def never_leads(library: Library, content: Protocol) -> Rule:
    """Of whom a text leads no proposal: an inborn error is the cause, and it was not written for it (hazard H111)."""
    return population_rules(library, content).inborn


def said_of(content: Protocol, facts: Facts) -> tuple[Standing, ...]:
    """What makes it an older dose or a second choice for this person, with its sources."""
    holding = tuple(each for each in content.second_choice if evaluate(each.when, facts) is TRUE)
    return (content.older, *holding) if content.older else holding


def place_of(library: Library, protocol: Protocol, country: str) -> int:
    """The person's country, a near one, general guidance, another country, an article."""
    if protocol.kind == "article":
        return ARTICLE
    if country and protocol.country == country:
        return OWN
    if protocol.country in library.practice.near.get(country, ()):
        return NEAR
    return GENERAL if protocol.general else OTHER


def standing(offer: Offer) -> tuple[int, int]:
    """Kind and level of checking, which are the same for everybody."""
    return _KINDS[offer.protocol.kind], LEVELS.index(offer.level)


# -- fit -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def fit_of(library: Library, offer: Offer) -> Fit:
    """The rules of one text; the same for everybody."""
    content, practice = offer.content, library.practice
    least, named = practice.least_by_mouth, any_known(naming(library, content))
    reserved = reservations(content)
    if offer.no_loading is not None:  # nothing was loaded as far as is known
        reserved |= ~RuledOut(offer.no_loading)
    if offer.gives_less_by_mouth(least.dose):
        reserved |= Known(least.when)
    return Fit(
        child=population_rules(library, content).child,
        by_mouth=by_mouth_in_need(content) if offer.begins_without_injection else NEVER,
        other_cause=Known(practice.own_texts_first) & ~named,
        reserved=reserved,
        named=named,
        second_choice=any_known(each.when for each in content.second_choice),
    )


def naming(library: Library, content: Protocol) -> tuple[FactIs, ...]:
    """Where an indication names such a cause or disease, and none of another kind beside it."""
    first = tuple(each for each in library.practice.own_texts_first.items if isinstance(each, FactIs))
    named = (leaf for leaf in leaves(content.indication) if isinstance(leaf, FactIs))
    return tuple(
        leaf for leaf in named if any(leaf.fact == each.fact and set(leaf.values) <= set(each.values) for each in first)
    )


def by_mouth_in_need(content: Protocol) -> Rule:
    """That a text can't lead without an injection: nobody knows of nerve signs or anaemia, for unknown is not absent, or
    there are some, and its source does not give its way for just that (contract, section 4)."""
    asked = Every(tuple(unknown(need) for need in URGENT_SIGNS))
    return Some((asked, *(Known(need) & ~spoken_for(content, need) for need in URGENT_SIGNS)))


def spoken_for(content: Protocol, need: FactIs) -> Rule:
    """That the source asks for this very need, in its indication or where it speaks for its own dose."""
    if asks_for(content.indication, need):
        return ALWAYS
    return any_known(note.when for note in speaking_for(content) if asks_for(note.when, need))


def asks_for(criterion: Criterion | None, need: FactIs) -> bool:
    return any(
        isinstance(leaf, FactIs) and (leaf.fact, leaf.values) == (need.fact, need.values) for leaf in leaves(criterion)
    )


def speaking_for(content: Protocol) -> tuple[Note, ...]:
    """What the source says for its dose in a named situation."""
    return tuple(note for note in content.notes if note.affirms and note.kind in WEIGHED and note.when)


# -- preference and practice -----------------------------------------------------------------------------------------


def practice_of(library: Library, offer: Offer, among: Scenarios) -> dict[int, int]:
    """Usual practice before what sources put second for such a person, and that before an older label dose."""
    if offer.content.older:
        return {OLDER: among.everywhere}
    second = among.where(fit_of(library, offer).second_choice)
    return {SECOND_CHOICE: second, USUAL: among.everywhere & ~second}


# -- specific facts --------------------------------------------------------------------------------------------------


Met = frozenset[tuple[str, int]]  # facts with how much each tells
NOTHING: Met = frozenset()


def _weights(specific: Iterable[tuple[Met, int]]) -> dict[int, int]:
    """Minus the weight of the facts that a text was written for, by scenario."""
    found: dict[int, int] = {}
    for facts, where in specific:
        found[-weight(facts)] = found.get(-weight(facts), 0) | where
    return found


def specific_facts(content: Protocol, among: Scenarios) -> dict[Met, int]:
    """The facts of the person that the text was written for: of its indication, and of what it says for its own dose."""
    found = met(content.indication, among)
    for note in speaking_for(content):
        holding = among.where(Known(note.when))
        more = {facts: where & holding for facts, where in met(note.when, among).items()}
        more[NOTHING] = more.get(NOTHING, 0) | (among.everywhere & ~holding)
        found = _both(found, more)
    return found


def met(criterion: Criterion | None, among: Scenarios) -> dict[Met, int]:
    """The facts that make a criterion true; of alternatives only the most telling one that holds, of exceptions none."""
    found = {NOTHING: among.everywhere}
    match criterion:
        case AllOf(items):
            for item in items:
                found = _both(found, met(item, among))
            return found
        case AnyOf(items):
            for item in items:
                found = _better(found, item, among)
            return found
        case None | Not():
            return found
        case leaf:
            holding = among.where(Known(leaf))
            return _some({frozenset({told_by(leaf)}): holding, NOTHING: among.everywhere & ~holding})


def _both(found: dict[Met, int], more: dict[Met, int]) -> dict[Met, int]:
    together: dict[Met, int] = {}
    for facts, mask in found.items():
        for others, where in more.items():
            if mask & where:
                together[facts | others] = together.get(facts | others, 0) | (mask & where)
    return together


def _better(found: dict[Met, int], item: Criterion, among: Scenarios) -> dict[Met, int]:
    """The more telling of what was found and an alternative, where that holds; of two that tell the same the first."""
    holding, best = among.where(Known(item)), dict[Met, int]()
    for facts, mask in found.items():
        best[facts] = best.get(facts, 0) | (mask & ~holding)
        for others, where in met(item, among).items():
            taken = others if weight(others) > weight(facts) else facts
            best[taken] = best.get(taken, 0) | (mask & holding & where)
    return _some(best)


def _some(found: dict[Met, int]) -> dict[Met, int]:
    return {facts: where for facts, where in found.items() if where}


def told_by(leaf: FactIs | FactOver | Age) -> tuple[str, int]:
    """A fact, and how much it says about whom a text was written for."""
    nerves = isinstance(leaf, FactIs) and (leaf.fact, leaf.values) == (NERVES.fact, NERVES.values)
    name = fact_name(leaf)
    return name, 3 if nerves else TELLING.get(name, 1)


def weight(found: Met) -> int:
    most: dict[str, int] = {}
    for name, telling in found:
        most[name] = max(telling, most.get(name, 0))
    return sum(most.values())
