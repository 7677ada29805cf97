"""What each answer to the follow-up question (`symptoms_response`) leads to, by a source of the person's country. No date moves by it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cobalamin.knowledge.assessment import FollowUp
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE

RESPONSE = "symptoms_response"


class Answered(Struct, frozen=True):
    """What answers lead to. `answered`: one of them is what was recorded last, on `on` (None: without a day)."""

    rule: FollowUp
    answered: bool
    on: date | None


def follow_up(library: Library, facts: Facts, route: str) -> tuple[Answered, ...]:
    """The follow-up of a treatment by this route; nothing where no source of the country, or of a near one, says it."""
    way = "injection" if route in INJECTIONS else "oral" if route in ("oral", "sublingual") else ""
    value = facts.value(RESPONSE)
    return tuple(
        Answered(rule, value in rule.answers, facts.since.get(RESPONSE) if value in rule.answers else None)
        for rule in library.assessment.follow_up
        if rule.by == way and _of_the_country(library, facts, rule)
        if rule.when is None or evaluate(rule.when, facts) is TRUE
        if rule.unless is None or evaluate(rule.unless, facts) is not TRUE
    )


def _of_the_country(library: Library, facts: Facts, rule: FollowUp) -> bool:
    country = facts.patient.country
    near = {country, "INT"} | library.practice.near.get(country, frozenset())
    return any(library.sources[cite.source].country in near for cite in rule.cites if cite.level != "recalled")
