"""What was recorded after treatment ended and may mean that the deficiency has come back (hazard H130).

The end is that of "on treatment" (contract, section 4). Nothing here moves a date: it asks whether treatment begins again, until
somebody answers, decides that it does, or a dose is given.
"""

from __future__ import annotations

from datetime import date

from cobalamin.knowledge.model import ResultLimits
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import LaterPlan, decides
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.response.contradictions import Entry
from cobalamin.therapy.response.relapse import worse_side
from cobalamin.therapy.response.rules import ABOVE_EXPECTED, BELOW_EXPECTED, RELAPSE, Finding
from cobalamin.therapy.response.scored import high_scores
from cobalamin.therapy.response.spells import Cover
from cobalamin.therapy.response.values import Result, position
from cobalamin.therapy.response.worse import worse_or_new

SYMPTOMS = "SYMPTOMS_UNTREATED"
RESULT = "RESULT_UNTREATED"
LEVEL = "LOW_B12_UNTREATED"
RETURNS = (LEVEL, RESULT)  # they ask whether treatment begins again, so that a decision that it does ends them
TOLD_WHEN_STOPPED = (RELAPSE, *RETURNS)  # they stand beside "nothing is due"


def symptoms_after(facts: Facts, record: tuple[Event, ...], cover: Cover, limits: ResultLimits) -> tuple[Entry, ...]:
    """High scores, and symptoms worse or new, after the end of the last treatment."""

    def after(day: date) -> bool:
        return cover.ended_before(day) and not begun_again(record, day)

    worse = worse_or_new(facts, record, after, cover.first_day, limits, SYMPTOMS)
    return worse or high_scores(facts, record, after, limits, SYMPTOMS)


def asks(cover: Cover, result: Result, finding: Finding) -> bool:
    """Whether a result after the end of treatment lies on the side of its range on which a deficiency puts it."""
    told = finding.verdict in (BELOW_EXPECTED, ABOVE_EXPECTED) and position(result) == worse_side(result.marker)
    return told and cover.ended_before(result.days[0])


def begun_again(record: tuple[Event, ...], day: date) -> bool:
    """Whether the last word since that day is that treatment goes on or begins again."""
    said = [
        not decides(event, "stop")
        for event in record
        if event.on is not None
        and event.on >= day
        and (isinstance(event, LaterPlan) or decides(event, "restart", "resume", "stop"))
    ]
    return bool(said) and said[-1]
