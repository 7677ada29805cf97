"""Whether a criterion holds for a patient, what is missing to know, and the criterion in words.

One function evaluates every criterion of the library, so that "unknown" is treated alike everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, AllOf, AnyOf, Citations, Criterion, FactDefinition, FactIs, FactOver, Not
from cobalamin.spans import Span
from cobalamin.text.messages import Text, deferred, joined, length, listed, message
from cobalamin.therapy.case.case import SEVERAL
from cobalamin.therapy.case.conditions import URGENT_SIGNS, turns_on_urgency
from cobalamin.therapy.case.facts import ASKED_AT, Facts
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth, negated

BIRTH = "birth_date"


def evaluate(criterion: Criterion | None, facts: Facts) -> Truth:
    """The truth of a criterion; a missing criterion is true of everybody.

    Asked thousands of times for one proposal, so the commonest kinds come first and both lists end early.
    """
    if isinstance(criterion, FactIs):
        return facts.is_one_of(criterion.fact, criterion.values)
    if isinstance(criterion, AllOf):
        return _evaluate_all(criterion.items, facts, FALSE)
    if isinstance(criterion, AnyOf):
        return _evaluate_all(criterion.items, facts, TRUE)
    match criterion:
        case None:
            return TRUE
        case Not(item):
            return negated(evaluate(item, facts))
        case FactOver(fact, limit):
            return facts.length_over(fact, limit)
        case Age(at_least, below):
            return facts.age_between(at_least, below)


def _evaluate_all(items: tuple[Criterion, ...], facts: Facts, settling: Truth) -> Truth:
    """Kleene's and (FALSE settles) or or (TRUE settles) over criteria."""
    found = TRUE if settling is FALSE else FALSE
    for item in items:
        truth = evaluate(item, facts)
        if truth is settling:
            return settling
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


def fact_name(leaf: FactIs | FactOver | Age) -> str:
    return BIRTH if isinstance(leaf, Age) else leaf.fact


def leaves(criterion: Criterion | None) -> list[FactIs | FactOver | Age]:
    """All leaves, in order."""
    match criterion:
        case None:
            return []
        case AllOf(items) | AnyOf(items):
            return [leaf for item in items for leaf in leaves(item)]
        case Not(item):
            return leaves(item)
        case leaf:
            return [leaf]


def facts_of_leaf(leaf: FactIs | FactOver | Age) -> tuple[str, ...]:
    """The facts that the truth of a leaf can depend on."""
    if isinstance(leaf, FactIs) and leaf.fact == "deficiency" and turns_on_urgency(leaf.values):
        return (leaf.fact, *(sign.fact for sign in URGENT_SIGNS))
    if isinstance(leaf, FactIs) and leaf.fact in ASKED_AT:
        return (leaf.fact, BIRTH)
    return (fact_name(leaf),)


def facts_read_by(criterion: Criterion | None) -> tuple[str, ...]:
    """The facts that the truth of a criterion can depend on."""
    return tuple(dict.fromkeys(name for leaf in leaves(criterion) for name in facts_of_leaf(leaf)))


def missing_facts(criterion: Criterion | None, facts: Facts) -> tuple[str, ...]:
    """The facts that keep an unknown criterion from being settled; () where it is already true or false."""
    if evaluate(criterion, facts) is not UNKNOWN:
        return ()
    match criterion:
        case AllOf(items) | AnyOf(items):
            names = [name for item in items for name in missing_facts(item, facts)]
        case Not(item):
            names = list(missing_facts(item, facts))
        case FactIs() | FactOver() | Age() as leaf:
            names = list(facts.missing_for(fact_name(leaf)))
        case _:
            names = []
    return tuple(dict.fromkeys(names))


def undecided(criterion: Criterion | None, facts: Facts) -> Criterion | None:
    """What is still open of a criterion; None where it holds already. What is false of alternatives is left out."""
    if criterion is None or evaluate(criterion, facts) is TRUE:
        return None
    if not isinstance(criterion, AllOf | AnyOf) or evaluate(criterion, facts) is FALSE:
        return criterion
    left = tuple(
        found
        for item in criterion.items
        if evaluate(item, facts) is UNKNOWN and (found := undecided(item, facts)) is not None
    )
    return left[0] if len(left) == 1 else type(criterion)(left)


def is_question(fact: str, facts: Facts, definitions: Mapping[str, FactDefinition]) -> bool:
    """Whether a fact may be asked for yet: some are questions only once another is known, as the kind of an inborn error,
    and some only at an age at which they can be answered."""
    definition = definitions.get(fact)
    if definition is None:
        return True
    if definition.asked_ages is not None and evaluate(definition.asked_ages, facts) is FALSE:
        return False
    return definition.asked_when is None or facts.is_one_of(*definition.asked_when) is TRUE


class Reason(Struct, frozen=True):
    """Why a protocol is not for this patient, or for nobody: a sentence with its citations."""

    code: str
    text: Text
    cites: Citations


def failures(criterion: Criterion, facts: Facts, library: Library) -> list[Reason]:
    """The leaves that make a false criterion false, each as a sentence about this patient."""
    match criterion:
        case AllOf(items):
            return [
                reason for item in items if evaluate(item, facts) is FALSE for reason in failures(item, facts, library)
            ]
        case AnyOf(items):
            return [reason for item in items for reason in failures(item, facts, library)]
        case Not(item):
            cites = tuple(cite for leaf in leaves(item) for cite in leaf.cites)
            text = message("criteria.not_for", criterion=describe(item, library))
            return [Reason("INDICATION_NOT_MET", text, cites)]
        case leaf:
            return [Reason("INDICATION_NOT_MET", _failure_text(leaf, facts, library), leaf.cites)]


def _failure_text(leaf: FactIs | FactOver | Age, facts: Facts, library: Library) -> Text:
    wanted = describe(leaf, library)
    if isinstance(leaf, Age):
        return message("criteria.for_age", criterion=wanted, date=facts.patient.birth_date)
    value = value_words(leaf.fact, facts.value(leaf.fact) or "", library.facts)
    return message("criteria.for_value", criterion=wanted, fact=fact_words(leaf.fact), value=value)


def describe(criterion: Criterion | None, library: Library) -> Text:
    """What the criterion says."""
    return deferred(_described, criterion, library)


def _described(criterion: Criterion | None, library: Library) -> Text:
    match criterion:
        case None:
            return message("criteria.everybody")
        case AllOf(items):
            return listed((_grouped(item, library) for item in items), message("joined.and"))
        case AnyOf(items):
            return listed((_grouped(item, library) for item in items), message("joined.or"))
        case Not(item):
            return message("criteria.not", criterion=_described(item, library))
        case FactIs(fact, values):
            shown = listed((value_words(fact, value, library.facts) for value in values), message("joined.or"))
            return joined(fact_words(fact), shown)
        case FactOver(fact, limit, unit):
            return message("criteria.over", fact=fact_words(fact), limit=limit, unit=unit)
        case Age(at_least, below):
            return _age(at_least, below)


def _age(at_least: Span | None, below: Span | None) -> Text:
    key = "between" if at_least and below else "from" if at_least else "below"
    ends = {"least": length(at_least) if at_least else "", "below": length(below) if below else ""}
    return message(f"criteria.age__{key}", **ends)


def _grouped(item: Criterion, library: Library) -> Text:
    text = _described(item, library)
    return joined("(", text, ")", between="") if isinstance(item, AllOf | AnyOf) and len(item.items) > 1 else text


def fact_words(fact: str) -> str:
    return fact.replace("_", " ")


def value_words(fact: str, value: str, definitions: Mapping[str, FactDefinition]) -> str:
    definition = definitions.get(fact)
    words = value.split(SEVERAL) if definition and definition.kind == "words" else [value]
    labels = definition.labels if definition else {}
    return SEVERAL.join(labels.get(word, word.replace("_", " ")) for word in words)
