"""In which order protocols are offered: whether they fit the person, then the country, then practice (contract, section 4).

Each rule that asks for facts answers with a criterion or a truth, so that `whatif` can read it in every world at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, AllOf, AnyOf, Criterion, FactIs, FactOver, Not, Note, Protocol, Standing
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.therapy.case.criteria import evaluate, fact_name, leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN
from cobalamin.therapy.proposal.offers import Offer
from cobalamin.therapy.regimen.running import MAINTAINED
from cobalamin.therapy.safety.caveats import WEIGHED, holds_against
from cobalamin.therapy.safety.gate import ages_not_stated

# Whose text it is, the nearest first; articles come after everything else.
OWN, NEAR, GENERAL, OTHER, ARTICLE = range(5)
PLACES = ("own", "near", "general", "other", "article")
_KINDS = {
    "formulary": 0, "guideline": 0, "label": 1, "local_guideline": 2, "review": 2, "programme": 2, "trial": 3, "article": 4,
}  # fmt: skip
USUAL, SECOND_CHOICE, OLDER = range(3)
# Nerve signs, a named disease or a cause say more about whom a protocol was written for than an age or a deficiency.
TELLING = {"optic_disease": 4, "ileal_resection_length": 3, "cause": 2}
NERVES = FactIs("neurological_involvement", ("present",))
SEVERE = FactIs("anaemia", ("severe",))

Rank = tuple[bool, bool, bool, bool, bool, int, bool, bool, int, int, int, int, str]


@dataclass(frozen=True)
class Placed:
    """An option with its place among all, and for people what put it there."""

    offer: Offer
    rank: Rank
    place: int
    facts: tuple[str, ...]
    practice: int
    reserved: bool
    for_the_cause: bool  # written for a cause or disease whose own texts stand first
    said: tuple[Standing, ...]  # what sources say about its place in practice


def placed(library: Library, offer: Offer, facts: Facts) -> Placed:
    """The place of an option among all: the smaller its rank, the earlier."""
    content, place = offer.content, place_of(library, offer.protocol, facts.patient.country)
    fits, practice, specific = fit(library, offer, facts), practice_of(content, facts), specific_facts(content, facts)
    order = (
        offer.protocol.kind == "article",
        *fits,
        place,
        any(evaluate(each, facts) is TRUE for each in offer.not_preferred),
        facts.injected and evaluate(MAINTAINED, facts) is TRUE and offer.never_injected_on,
        practice,
        -weight(specific),
        *standing(offer),
        offer.protocol.id,
    )
    told = tuple(sorted({name for name, _ in specific}))
    return Placed(
        offer, order, place, told, practice, any(fits), for_the_cause(library, content, facts), said_of(content, facts)
    )


def said_of(content: Protocol, facts: Facts) -> tuple[Standing, ...]:
    """What makes it an older dose or a second choice for this person, with its sources."""
    holding = tuple(each for each in content.second_choice if evaluate(each.when, facts) is TRUE)
    return (content.older, *holding) if content.older else holding


def fit(library: Library, offer: Offer, facts: Facts) -> tuple[bool, bool, bool, bool]:
    """What speaks against a text for this person: their age, tablets where it presses, another cause, a reservation."""
    content, least = offer.content, library.practice.least_by_mouth
    return (
        ages_not_stated(content, facts),
        by_mouth_unasked(offer, facts)
        or any(evaluate(cause, facts) is TRUE and not named for cause, named in by_mouth_in_need(offer, facts)),
        evaluate(library.practice.own_texts_first, facts) is TRUE and not for_the_cause(library, content, facts),
        holds_against(content, facts)
        or (offer.no_loading is not None and evaluate(offer.no_loading, facts) is not FALSE)
        or (offer.gives_less_by_mouth(least.dose) and evaluate(least.when, facts) is TRUE),
    )


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


def for_the_cause(library: Library, content: Protocol, facts: Facts) -> bool:
    """Whether it was written for the person's cause or disease, where that is one whose own texts stand first."""
    return any(evaluate(leaf, facts) is TRUE for leaf in naming(library, content))


def naming(library: Library, content: Protocol) -> tuple[FactIs, ...]:
    """Where an indication names such a cause or disease, and none of another kind beside it."""
    first = tuple(each for each in library.practice.own_texts_first.items if isinstance(each, FactIs))
    named = (leaf for leaf in leaves(content.indication) if isinstance(leaf, FactIs))
    return tuple(
        leaf for leaf in named if any(leaf.fact == each.fact and set(leaf.values) <= set(each.values) for each in first)
    )


def by_mouth_unasked(offer: Offer, facts: Facts) -> bool:
    """Whether it begins without an injection while nobody knows of nerve signs or anaemia: unknown is not absent."""
    return offer.begins_without_injection and all(evaluate(need, facts) is UNKNOWN for need in (NERVES, SEVERE))


def by_mouth_in_need(offer: Offer, facts: Facts) -> Iterable[tuple[Criterion, bool]]:
    """What forbids to lead without an injection, and whether the source gives its way for just that (contract, section 4)."""
    if offer.begins_without_injection:
        yield NERVES, spoken_for(offer.content, NERVES, facts)
        yield SEVERE, spoken_for(offer.content, SEVERE, facts)


def spoken_for(content: Protocol, need: FactIs, facts: Facts) -> bool:
    """Whether the source asks for this very need, in its indication or where it speaks for its own dose."""
    notes = (note for note in speaking_for(content) if asks_for(note.when, need))
    return asks_for(content.indication, need) or any(evaluate(note.when, facts) is TRUE for note in notes)


def asks_for(criterion: Criterion | None, need: FactIs) -> bool:
    return any(
        isinstance(leaf, FactIs) and (leaf.fact, leaf.values) == (need.fact, need.values) for leaf in leaves(criterion)
    )


def speaking_for(content: Protocol) -> tuple[Note, ...]:
    """What the source says for its dose in a named situation."""
    return tuple(note for note in content.notes if note.affirms and note.kind in WEIGHED and note.when)


# -- preference and practice -----------------------------------------------------------------------------------------


def practice_of(content: Protocol, facts: Facts) -> int:
    """Usual practice before what sources put second for such a person, and that before an older label dose."""
    if content.older:
        return OLDER
    return SECOND_CHOICE if any(evaluate(each.when, facts) is TRUE for each in content.second_choice) else USUAL


# -- specific facts --------------------------------------------------------------------------------------------------


Met = frozenset[tuple[str, int]]  # facts with how much each tells


def specific_facts(content: Protocol, facts: Facts) -> Met:
    """The facts of the person that the text was written for: of its indication, and of what it says for its own dose."""
    found = met(content.indication, facts)
    for note in speaking_for(content):
        found |= met(note.when, facts) if evaluate(note.when, facts) is TRUE else frozenset()
    return found


def met(criterion: Criterion | None, facts: Facts) -> Met:
    """The facts that make a criterion true; of alternatives only the most telling one that holds, of exceptions none."""
    match criterion:
        case AllOf(items):
            return frozenset().union(*(met(item, facts) for item in items))
        case AnyOf(items):
            holding = [met(item, facts) for item in items if evaluate(item, facts) is TRUE]
            return max(holding, key=weight, default=frozenset())
        case None | Not():
            return frozenset()
        case leaf:
            return frozenset({told_by(leaf)}) if evaluate(leaf, facts) is TRUE else frozenset()


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
