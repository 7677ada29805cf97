"""The outcome of one proposal, read off its answer: what `whatif` must find for the same person."""

from __future__ import annotations

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Protocol
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.regimen.depends import dependences
from cobalamin.therapy.safety import gate
from cobalamin.therapy.whatif.outcomes import Outcome, PlanLine, general_codes, regimen_key

_SERIOUS = (BLOCK, ACKNOWLEDGE)


def outcome_of(library: Library, facts: Facts, answer: Proposal) -> Outcome:
    """The outcome of one proposal."""
    told = [issue for issue in answer.issues if issue.severity in _SERIOUS and issue.code not in gate.FROM_THE_RECORD]
    general = {(issue.code, issue.severity) for issue in told}
    known = general_codes(library)
    own = {
        (f"{option.protocol.id}: {issue.code}", issue.severity)
        for option in answer.options
        for issue in option.precautions
        if issue.severity in _SERIOUS and issue.code not in known
    }
    leading, offered = answer.leading, frozenset(option.protocol.id for option in answer.options)
    start = answer.common_start
    if leading is not None:
        regimen = (leading.protocol.id, *regimen_key(leading.content, facts))
        return Outcome(
            offered,
            leading.protocol.id,
            regimen,
            regimen,
            frozenset(general | own),
            plan_lines(library, leading.protocol.id, leading.content, facts),
        )
    first = (start.substance, start.dose.nanograms, start.routes) if start else None
    return Outcome(offered, "", None, first, frozenset(general | own))


def plan_lines(library: Library, name: str, content: Protocol, facts: Facts) -> frozenset[PlanLine]:
    """What stands in the plan of a protocol by these facts, and what may."""
    told = dependences(library, content, facts.patient.country)
    truths = ((each, evaluate(each.criterion, facts)) for each in told)
    return frozenset((name, each.text, each.plain, truth is TRUE) for each, truth in truths if truth is not FALSE)
