"""What to ask: the facts that hold protocols back or that a check asks for, in the order a clinician must know them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Protocol
from cobalamin.text.messages import Text, message
from cobalamin.therapy.case.conditions import EXCLUDED
from cobalamin.therapy.case.criteria import evaluate, is_question, missing_facts
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import NOTE, Issue
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.regimen.depends import dependences

# Asked before every plan: a person already treated must not begin loading again by mistake.
ALWAYS_ASKED = "previous_treatment"


class MissingFact(Struct, frozen=True):
    """A fact to ask for, and the protocols whose place depends on it."""

    fact: str
    question: Text
    plain: Text
    why: Text
    changes: tuple[str, ...]


def needs_of(
    library: Library, pending: list[Protocol], options: list[tuple[str, tuple[Issue, ...]]], facts: Facts
) -> list[MissingFact]:
    """The facts to ask for, first what must be known first (`practice.yaml`), then those that settle most.

    Facts count that hold protocols back, that a check asks for, or that change the plan of the first option: its phases, checks
    and dates. What was asked in vain is left out.
    """
    changes: dict[str, list[str]] = {}
    for protocol in worth_asking(library, pending, facts):
        for fact in missing_facts(library.content(protocol).indication, facts):
            changes.setdefault(fact, []).append(protocol.id)
    for name, precautions in options:
        for issue in precautions:
            for fact in issue.ask if issue.severity != NOTE else ():
                changes.setdefault(fact, []).append(name)
    for fact in _of_the_plan(library, options[0][0], facts) if options else ():
        changes.setdefault(fact, []).append(options[0][0])
    if (pending or options) and ALWAYS_ASKED not in facts.values:
        first = [name for name, _ in options] or [protocol.id for protocol in pending]
        changes[ALWAYS_ASKED] = [*first, *changes.get(ALWAYS_ASKED, ())]
    open_ = (fact for fact in changes if is_question(fact, facts, library.facts))
    names = [fact for fact in open_ if fact not in facts.asked_in_vain and _may_settle(fact, facts)]
    names.sort(key=lambda fact: (library.practice.place(fact), -len(set(changes[fact])), fact))
    return [missing_fact(library, fact, changes[fact]) for fact in names]


def _may_settle(fact: str, facts: Facts) -> bool:
    """Whether the answer alone could settle anything: the length of a resection can't while the cause is not told."""
    return fact != "ileal_resection_length" or facts.is_one_of("cause", ("ileal_resection",)) is TRUE


def worth_asking(library: Library, pending: list[Protocol], facts: Facts) -> Iterator[Protocol]:
    """Nobody with nerve signs is asked what only decides prevention (hazard H104).

    Where a lack was excluded that is all that waits, but for causes whose own texts are given with a normal level.
    """
    excluded = evaluate(EXCLUDED, facts) is TRUE
    all_prevents = excluded and evaluate(library.practice.inborn, facts) is not TRUE
    nerves = facts.neurological is TRUE
    return (each for each in pending if not (nerves and (all_prevents or each.purpose == "prophylaxis")))


def _of_the_plan(library: Library, name: str, facts: Facts) -> Iterator[str]:
    """What the plan of a protocol depends on and nobody knows."""
    content = library.content(library.protocol(name))
    criteria = [phase.only_if for phase in content.phases if phase.only_if]
    criteria += [each.criterion for each in dependences(library, content, facts.patient.country)]
    names = [fact for criterion in criteria for fact in missing_facts(criterion, facts)]
    names += ["weight"] if facts.weight_kg is None and any(phase.dose.per_kg for phase in content.phases) else []
    yield from dict.fromkeys(names)


def missing_fact(library: Library, fact: str, changes: Iterable[str]) -> MissingFact:
    ids = tuple(dict.fromkeys(changes))
    if fact == "birth_date":
        question, plain, why = (message(f"offers.birth_date{part}") for part in ("", "__plain", "__why"))
        return MissingFact(fact, question, plain, why, ids)
    definition = library.facts[fact]
    return MissingFact(fact, definition.question, definition.plain, definition.why, ids)
