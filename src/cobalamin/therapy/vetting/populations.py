"""Whom a protocol is for: its words name what its indication asks, and its caveats can be weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, AllOf, AnyOf, Criterion, FactIs, Not, Protocol
from cobalamin.knowledge.population_words import PopulationWords
from cobalamin.spans import Span
from cobalamin.therapy.case.case import Patient
from cobalamin.therapy.case.criteria import evaluate, leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE

_UNITS = {"a": "year", "mo": "month", "wk": "week"}
_AGES = re.compile(r"\b(?:(?P<first>[0-9]+) to )?(?P<last>[0-9]+) (?P<unit>year|month|week)s?\b")
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
    """The words and the indication say the same of age, nerves and deficiency, and each cause is named or held back by a caveat."""
    if protocol.same_as:
        return
    words, text = library.population_words, protocol.population
    yield from (
        ("population", message) for message in (*_age_faults(protocol, words), *_demand_faults(protocol, words))
    )
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


def _age_faults(protocol: Protocol, words: PopulationWords) -> Iterator[str]:
    text, ages = protocol.population, [leaf for leaf in leaves(protocol.indication) if isinstance(leaf, Age)]
    if words.adults_alone(text) and not any(age.at_least for age in ages):
        yield "says adults, and the indication has no age from which it is; state it as the source does"
    if words.children_alone(text) and not any(age.below for age in ages):
        yield "says children, and the indication has no age below which it is; state it as the source does"
    bounds = {(span.number + more, span.unit) for age in ages for span, more in _as_words(age)}
    for number, unit in _ages_named(text):
        if (number, unit) not in bounds:
            yield f"names an age of {number} {_UNITS[unit]}s, and the indication has no such limit"


def _as_words(age: Age) -> Iterator[tuple[Span, int]]:
    """The limits as words may name them: below 11 years is "under 11" or "to 10"."""
    yield from ((span, 0) for span in (age.at_least, age.below) if span)
    if age.below:
        yield age.below, -1


def _ages_named(text: str) -> Iterator[tuple[int, str]]:
    """ "from 4 to 10 years" names 4 and 10 years"""
    for found in _AGES.finditer(text.lower()):
        unit = next(unit for unit, word in _UNITS.items() if word == found["unit"])
        yield from ((int(number), unit) for number in (found["first"], found["last"]) if number)


def _demand_faults(protocol: Protocol, words: PopulationWords) -> Iterator[str]:
    asked = [leaf for leaf in leaves(protocol.indication) if not isinstance(leaf, Age)]
    for demand in words.demands:
        if not demand.named.stands_in(protocol.population):
            continue
        about = [leaf for leaf in asked if leaf.fact == demand.fact]
        said = f"says '{demand.named.words[0]}' or the like, and the indication does not ask for '{demand.fact}'"
        if not about:
            yield said
        elif demand.values and not any(
            isinstance(leaf, FactIs) and demand.values >= set(leaf.values) for leaf in about
        ):
            yield f"{said} as {' or '.join(sorted(demand.values))}"


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
