"""What is recorded of a person that a guideline lists as a symptom, a sign or a risk factor. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cobalamin.knowledge.guideline_lists import Entry, GuidelineList, Together
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import FactIs
from cobalamin.spans import add
from cobalamin.text.messages import Text, day_or_month, joined, message
from cobalamin.therapy.assessment.steps import LOOKED_AT
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.criteria import evaluate, fact_words, leaves, value_words
from cobalamin.therapy.case.events import Administration, History, Statement, Symptoms
from cobalamin.therapy.case.events import Result as ResultEntry
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.response.alarms import judgeable
from cobalamin.therapy.response.contradictions import scores_of, symptom_words
from cobalamin.therapy.response.values import Result, position, range_words


@dataclass(frozen=True)
class Found:
    """An entry of a list with what is recorded of it, in words, and the events that hold it."""

    entry: Entry
    recorded: tuple[Text, ...]
    events: tuple[str, ...]


@dataclass(frozen=True)
class ListFor:
    """A list that is for this person, with what is recorded of it."""

    source: GuidelineList
    found: tuple[Found, ...]


@dataclass(frozen=True)
class Listed:
    """The lists for one person. `says`: what sources make of symptoms and risk factors together; None where they settle nothing."""

    lists: tuple[ListFor, ...] = ()
    says: Together | None = None


NOTHING_LISTED = Listed()


def listed(library: Library, facts: Facts, record: tuple[Event, ...]) -> Listed:
    """The lists of the person's country or a near one, else all, with what is recorded of each."""
    record_of = _Recorded(library, facts, record)
    held = library.guideline_lists
    chosen = [each for of in ("symptoms", "risks") for each in _for_person(library, facts, of)]
    lists = tuple(ListFor(each, tuple(record_of.of_list(each))) for each in chosen)
    kinds = {each.source.of for each in lists if each.found}
    untested = not any(_tested_or_treated(event) for event in record) and not _known(facts)
    says = next((each for each in held.together if untested and set(each.of) == kinds), None)
    return Listed(lists, says)


def _tested_or_treated(event: Event) -> bool:
    """Whether a first test is no question any more: one was done, or vitamin B12 was given before it."""
    tested = isinstance(event, ResultEntry) and event.marker in LOOKED_AT["confirm"]
    return tested or isinstance(event, Administration | Statement | History)


def _known(facts: Facts) -> bool:
    treated = facts.value("previous_treatment") in ("loading", "maintenance")
    return treated or facts.value("deficiency") in ("confirmed", "excluded")


def _for_person(library: Library, facts: Facts, of: str) -> list[GuidelineList]:
    """Those of the country or a near one; where there is none, every other."""
    country = facts.patient.country
    near = {country, "INT"} | library.practice.near.get(country, frozenset())
    fit = [each for each in library.guideline_lists.lists if each.of == of and _of_the_age(facts, each)]
    return [each for each in fit if each.country in near] or fit


def _of_the_age(facts: Facts, source: GuidelineList) -> bool:
    return source.ages_from is None or facts.age_between(source.ages_from, None) is not FALSE


@dataclass(frozen=True)
class _Recorded:
    library: Library
    facts: Facts
    record: tuple[Event, ...]

    def of_list(self, source: GuidelineList) -> Iterator[Found]:
        for entry in source.entries:
            told = [*self._facts(entry), *self._scores(entry), *self._signs(entry), *self._results(entry)]
            if told:
                events = dict.fromkeys(event for _, event in told if event)
                yield Found(entry, tuple(text for text, _ in told if text), tuple(events))

    def _facts(self, entry: Entry) -> Iterator[tuple[Text, str]]:
        if entry.when is None or evaluate(entry.when, self.facts) is not TRUE:
            return
        for leaf in leaves(entry.when):
            if evaluate(leaf, self.facts) is TRUE:
                yield (self._fact(leaf) if isinstance(leaf, FactIs) else ""), ""

    def _fact(self, leaf: FactIs) -> Text:
        known = self.library.facts
        held = [value for value in leaf.values if self.facts.is_one_of(leaf.fact, (value,)) is TRUE]
        values = ", ".join(value_words(leaf.fact, value, known) for value in held)
        return message("assess.listed_fact", fact=fact_words(leaf.fact), value=values)

    def _scores(self, entry: Entry) -> Iterator[tuple[Text, str]]:
        for name in entry.scores:
            last = next(reversed(scores_of(self.record, name)), None)
            if last is None or last.value < self.library.default_policy.results.symptom_score:
                continue
            if self._recent(last.event):
                told = {"symptom": symptom_words(name), "score": last.value, "date": last.when}
                yield message("assess.listed_score", **told), last.event.id

    def _signs(self, entry: Entry) -> Iterator[tuple[Text, str]]:
        for sign in entry.signs:
            found = [each for each in self.record if isinstance(each, Symptoms) and sign in each.red_flags]
            for event in found[-1:]:
                if event.on is not None and self._recent(event):
                    told = {"sign": symptom_words(sign), "date": day_or_month(event.on, event.month)}
                    yield message("assess.listed_sign", **told), event.id

    def _results(self, entry: Entry) -> Iterator[tuple[Text, str]]:
        for marker, side in entry.results:
            found = [each for each in judgeable(self.library, self.record) if each.marker == marker]
            last = max(found, key=lambda each: each.on, default=None)
            if last is not None and position(last) == side and self._since(last):
                yield self._result(last, side), last.event

    def _result(self, result: Result, side: str) -> Text:
        named = message(
            "assess.named", marker=self.library.markers[result.marker]["name"], value=result.value, date=result.when
        )
        place = message(f"assess.place_{side}")
        own = message("assess.own_range", place=place, range=range_words(result.usual) if result.usual else "")
        return joined(named, own, between=", ")

    def _recent(self, event: Event) -> bool:
        return event.on is not None and add(event.on, self.library.assessment.not_after) >= self.facts.on

    def _since(self, result: Result) -> bool:
        return add(result.on, self.library.assessment.not_after) >= self.facts.on
