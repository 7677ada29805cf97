"""Whom a protocol is for: its words name what its indication asks, and its caveats can be weighed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, AllOf, AnyOf, Criterion, FactIs, Not, Protocol
from cobalamin.therapy.case.case import Patient
from cobalamin.therapy.case.criteria import evaluate, leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE

NOBODY = Facts(Patient(""), date(2000, 1, 1), {}, frozenset())


def caveat_faults(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """No caveat holds for a patient about whom nothing is known."""
    for index, note in enumerate(protocol.notes):
        if note.when is not None and evaluate(note.when, NOBODY) is TRUE:
            yield (
                f"notes[{index}].when",
                "is true of a patient about whom nothing is known; name the facts that make it bear",
            )


def population_faults(library: Library, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Words that say adults demand an age, and each cause of the indication is named in the words or held back by a caveat."""
    if protocol.same_as:
        return
    words, text = library.population_words, protocol.population
    if words.adults_alone(text) and not any(isinstance(leaf, Age) for leaf in leaves(protocol.indication)):
        yield "population", "says adults, and the indication has no age; state it as the source does"
    asked = {getattr(leaf, "fact", "") for leaf in leaves(protocol.indication)}
    for demand, fact in words.demands:
        if demand.stands_in(text) and fact not in asked:
            yield "population", f"says '{demand.words[0]}' or the like, and the indication does not ask for '{fact}'"
    for cause in _causes_asked(protocol.indication):
        if words.names(cause, text):
            continue
        if not words.may_mean(cause, text):
            yield (
                "population",
                f"does not name the cause '{cause}' of the indication; use the words of the source for both",
            )
        elif not _held_back(protocol, cause):
            yield (
                "notes",
                f"the population may or may not mean '{cause}'; a population note must hold for it and say so",
            )


def _causes_asked(criterion: Criterion) -> tuple[str, ...]:
    """The causes that make an indication true; those it shuts out by `not` are left aside."""
    match criterion:
        case AllOf(items) | AnyOf(items):
            return tuple(dict.fromkeys(cause for item in items for cause in _causes_asked(item)))
        case FactIs("cause", values):
            return values
        case Not():
            return ()
    return ()


def _held_back(protocol: Protocol, cause: str) -> bool:
    """Whether a population note that does not affirm can hold for this cause."""
    notes = (note for note in protocol.notes if note.kind == "population" and not note.affirms and note.when)
    return any(
        isinstance(leaf, FactIs) and leaf.fact == "cause" and cause in leaf.values
        for note in notes
        for leaf in leaves(note.when)
    )
