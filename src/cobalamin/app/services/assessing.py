"""`assess`: confirm, cause, severity, treat, for a case file and for what is proposed to a person."""

from __future__ import annotations

from datetime import date

from cobalamin.app.services import shipped
from cobalamin.knowledge.library import Library
from cobalamin.therapy.assessment.assessment import Assessment, Step, assess, steps_of
from cobalamin.therapy.assessment.follow_up import Answered, follow_up
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.review.review import Review


def assess_for(case: Case, on: date, library: Library | None = None) -> Assessment:
    """The assessment of a person, as known on a day, by the shipped library or another."""
    return assess(library or shipped.library(), case, on)


def steps_beside(proposal: Proposal) -> tuple[Step, ...]:
    """The four steps of the person to whom something is proposed, of the same day and library."""
    return steps_of(proposal.library, proposal.case, proposal.on)


def follow_up_of(review: Review) -> tuple[Answered, ...]:
    """What an answer to the follow-up question leads to, for the treatment that a review looks at."""
    if review.plan is None:
        return ()
    facts = facts_of(review.case, review.on, review.record.events)
    phase = review.outlook.phase
    return follow_up(review.library, facts, phase.route if phase else "")
