"""High scores of symptoms that contradict no fact and that nobody has looked at, on treatment or after it (hazards H112, H130)."""

from __future__ import annotations

from collections.abc import Iterator

from cobalamin.knowledge.model import ResultLimits
from cobalamin.text.messages import message
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Symptoms
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.response.contradictions import SYMPTOMS, Entry, Score, answers_to, scores_of, symptom_words
from cobalamin.therapy.response.worse import RESPONSE, During

CODE = "SYMPTOMS_HIGH"
OTHERS = ("tiredness", "memory_or_concentration", "mood", "stamina")


def high_scores(
    facts: Facts, record: tuple[Event, ...], during: During, limits: ResultLimits, code: str = CODE
) -> tuple[Entry, ...]:
    """The latest score of each symptom, where it is high and neither the answer of a review nor a look came after it."""
    answered = answers_to(facts, record, RESPONSE, code)
    nerves = SYMPTOMS if facts.neurological is TRUE else ()  # else they contradict a fact, or ask for it
    told = {symptom_words(name): scores_of(record, name) for name in (*nerves, *OTHERS)} | _own(record)
    latest = [(name, scores[-1]) for name, scores in told.items() if scores]
    return tuple(
        _entry(name, score)
        for name, score in latest
        if score.value >= limits.symptom_high and during(score.on) and not answered(score.event)
    )


def _own(record: tuple[Event, ...]) -> dict[str, list[Score]]:
    """The scores of symptoms in somebody's own words, in order."""
    found: dict[str, list[Score]] = {}
    for name, score in sorted(_own_scores(record), key=lambda each: each[1].on):
        found.setdefault(name, []).append(score)
    return found


def _own_scores(record: tuple[Event, ...]) -> Iterator[tuple[str, Score]]:
    for event in record:
        if isinstance(event, Symptoms) and event.on:
            yield from ((name, Score(event.on, event.month, value, event)) for name, value in (event.own or {}).items())


def _entry(name: str, score: Score) -> Entry:
    text = message("contradicted.score", symptom=name, score=score.value, date=score.when)
    return Entry(score.on, text, scored=True, events=(score.event.id,))
