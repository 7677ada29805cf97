"""Symptoms of the nerves that became worse or new, where nerves are known to be involved (hazard H44).

On treatment and after it: `during` says which days count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from cobalamin.knowledge.model import ResultLimits
from cobalamin.text.messages import day, joined, message
from cobalamin.therapy.case.answered import is_answered, is_looked_at
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import FactLearned
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.response.contradictions import (
    SYMPTOMS,
    Entry,
    Score,
    answers_to,
    scores_of,
    signs_after,
    symptom_words,
)

CODE = "WORSE_OR_NEW"
RESPONSE, WORSE = "symptoms_response", "worse_or_new"
During = Callable[[date], bool]


def worse_or_new(
    facts: Facts,
    record: tuple[Event, ...],
    during: During,
    undated: date,
    limits: ResultLimits,
    code: str = CODE,
) -> tuple[Entry, ...]:
    """What became worse or new in that time and nobody has answered, by a fact (`symptoms_response` too) or a `reviewed`.

    `undated`: the day for which a response counts that tells none. That symptoms are worse or new is no answer to it: it is the same said by somebody, and asks for a look all the more.
    """
    worse = facts.value(RESPONSE) == WORSE
    said = tuple(_said(facts, record, during, undated, code)) if worse else ()
    if facts.neurological is not TRUE:
        return said
    by_fact, by_response = (answers_to(facts, record, fact, code) for fact in ("neurological_involvement", RESPONSE))

    def answered(entry: Event) -> bool:
        return by_fact(entry) or (by_response(entry) and not worse)

    found = [*said]
    found += [entry for name in SYMPTOMS for entry in _risen(name, scores_of(record, name), answered, during, limits)]
    found += [entry for entry in signs_after(record, answered) if during(entry.on)]
    return tuple(found)


def _said(facts: Facts, record: tuple[Event, ...], during: During, undated: date, code: str) -> Iterator[Entry]:
    """That symptoms were recorded as worse or new, until a `reviewed` names it."""
    since = facts.since.get(RESPONSE)
    on = since or undated
    told = [
        event for event in record if isinstance(event, FactLearned) and event.fact == RESPONSE and event.on == since
    ]
    seen = [is_answered(record, code, event) for event in told] or [is_looked_at(record, code, since or date.min)]
    if during(on) and not all(seen):
        when = joined(" (", day(since), ")", between="") if since else ""
        yield Entry(on, message("contradicted.said", date=when), events=tuple(event.id for event in told))


def _risen(
    name: str,
    scores: list[Score],
    answered: Callable[[Event], bool],
    during: During,
    limits: ResultLimits,
) -> Iterator[Entry]:
    """The latest score in that time that stands so much above the answered one, or else above the lowest before it."""
    before = [score for score in scores if answered(score.event)]
    found: Entry | None = None
    for score in scores:
        earlier = before[-1:] or [each for each in scores if each.on < score.on]
        unanswered = not answered(score.event)
        if not earlier or not unanswered or not during(score.on) or score.value < limits.symptom_score:
            continue
        lowest = min(earlier, key=lambda each: each.value)
        if score.value - lowest.value >= limits.symptom_rise:
            told = {"symptom": symptom_words(name), "score": score.value, "date": score.when}
            text = message("contradicted.rose", **told, before=lowest.value, day=lowest.when)
            found = Entry(score.on, text, scored=True, events=(score.event.id,))
    if found is not None:
        yield found
