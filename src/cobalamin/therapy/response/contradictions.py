"""What was recorded against a fact: symptoms and results that a fact recorded as absent does not allow for (hazard H44).

Nothing here sets a fact. A contradiction stands until a later `fact` or a `reviewed` answers it, and rises anew with what is
recorded after the answer: a symptom score only once it stands so much above the one that was answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial

from msgspec import Struct

from cobalamin.knowledge.criteria import read_citations
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, ResultLimits
from cobalamin.knowledge.reading import Reading
from cobalamin.text.messages import Text, day, day_or_month, message, month, word
from cobalamin.therapy.case.answered import can_answer, is_answered
from cobalamin.therapy.case.case import Event, Quantity
from cobalamin.therapy.case.criteria import fact_words
from cobalamin.therapy.case.events import FactLearned, History, Symptoms
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.response.values import ABOVE, Result, bounds, position, range_words

CODE = "FACT_CONTRADICTED"
NERVES = "neurological_involvement"
TREATED = "previous_treatment"
SYMPTOMS = ("tingling_or_numbness", "balance")
SIGNS = ("new_walking_difficulty", "new_vision_loss", "bladder_or_bowel_change")
_FILE = "contradictions.yaml"


class Entry(Struct, frozen=True):
    """One thing that was recorded: its day, and what it says."""

    on: date
    text: Text
    reasons: tuple[Text, ...] = ()
    cites: Citations = ()
    scored: bool = False
    events: tuple[str, ...] = ()


class Contradiction(Struct, frozen=True):
    """Entries against one fact. `value`: how the fact is recorded; None where it is not known and so is only asked for."""

    fact: str
    value: str | None
    entries: tuple[Entry, ...]

    @property
    def on(self) -> date:
        return max(entry.on for entry in self.entries)


class Score(Struct, frozen=True):
    """A score of one symptom, and the entry that told it."""

    on: date
    month: str
    value: int
    event: Event

    @property
    def when(self) -> Text:
        return day_or_month(self.on, self.month)


def contradictions(
    library: Library, facts: Facts, record: tuple[Event, ...], results: tuple[Result, ...], limits: ResultLimits
) -> tuple[Contradiction, ...]:
    """Every contradiction that stands, and every fact that entries ask for; nerves first."""
    found = [_of_fact(facts, NERVES, "absent", _nerve_entries(facts, record, limits))]
    if facts.value(TREATED) == "none":
        found.append(_of_fact(facts, TREATED, "none", _told_before(facts, record)))
    by_fact: dict[tuple[str, str], list[Entry]] = {}
    for rule in library.records(_FILE, "contradictions"):
        if rule.get("asked") == "no" and facts.value(rule["fact"]) is None:
            continue
        entry = _result_entry(library, rule, results, partial(_answered, facts, record, rule["fact"]))
        if entry is not None:
            by_fact.setdefault((rule["fact"], rule["value"]), []).append(entry)
    found += [_of_fact(facts, fact, value, entries) for (fact, value), entries in by_fact.items()]
    return tuple(each for each in found if each is not None)


def _told_before(facts: Facts, record: tuple[Event, ...]) -> Iterator[Entry]:
    """Histories of treatment, which a person without earlier treatment does not have."""
    for event in record:
        if isinstance(event, History) and event.on is not None and not _answered(facts, record, TREATED, event.id):
            stem, last = event.phase.partition("-")[0], event.last_dose
            on = last if isinstance(last, date) else event.on  # when it was written down changes nothing (hazard H57)
            text = message("contradicted.history", phase=word("phases", stem, stem), last=_last_dose(last))
            yield Entry(on, text, events=(event.id,))


def _last_dose(last: object) -> Text:
    if isinstance(last, date):
        return day(last)
    return message("contradicted.not_known") if last == "unknown" else month(str(last))


def _of_fact(facts: Facts, fact: str, against: str, entries: Iterable[Entry]) -> Contradiction | None:
    """The entries as what they are: a contradiction, a question, or nothing where the fact is recorded as they say."""
    value, entries = facts.value(fact), tuple(entries)
    return Contradiction(fact, value, entries) if entries and value in (None, against) else None


def answers_to(facts: Facts, record: tuple[Event, ...], fact: str, code: str = CODE) -> Callable[[Event], bool]:
    """Whether somebody answered an entry: by a later statement of the fact, or by a `reviewed`."""
    told = [event for event in record if isinstance(event, FactLearned) and event.fact == fact]
    since = facts.since.get(fact)
    from_the_head = since if not any(event.on == since for event in told) else None

    def answered(entry: Event) -> bool:
        stated = from_the_head is not None and entry.on is not None and from_the_head >= entry.on
        return stated or any(can_answer(event, entry) for event in told) or is_answered(record, code, entry)

    return answered


def _answered(facts: Facts, record: tuple[Event, ...], fact: str, event: str) -> bool:
    answered = answers_to(facts, record, fact)
    return any(answered(entry) for entry in record if entry.id == event)


# -- symptoms --------------------------------------------------------------------------------------------------------


def _nerve_entries(facts: Facts, record: tuple[Event, ...], limits: ResultLimits) -> Iterator[Entry]:
    answered = answers_to(facts, record, NERVES)
    for name in SYMPTOMS:
        raising = _raising(scores_of(record, name), answered, limits)
        if raising:
            worst = max(raising, key=lambda score: (score.value, score.on))
            told = {"symptom": symptom_words(name), "score": worst.value, "date": worst.when}
            text = message("contradicted.score", **told)
            events = tuple(dict.fromkeys(score.event.id for score in raising))
            yield Entry(max(score.on for score in raising), text, scored=True, events=events)
    yield from signs_after(record, answered)


def _raising(scores: list[Score], answered: Callable[[Event], bool], limits: ResultLimits) -> list[Score]:
    """The scores that ask: those high enough that nobody answered, or that stand clearly above the answered one."""
    before = [score for score in scores if answered(score.event)]
    after = [score for score in scores if not answered(score.event)]
    raised = any(score.value >= limits.symptom_score for score in before)
    least = before[-1].value + limits.symptom_rise if raised else 0
    return [score for score in after if score.value >= max(limits.symptom_score, least)]


def scores_of(record: tuple[Event, ...], name: str) -> list[Score]:
    """The scores of a symptom, in order."""
    found = [
        Score(event.on, event.month, score, event)
        for event in record
        if isinstance(event, Symptoms) and event.on and (score := event.score(name)) is not None
    ]
    return sorted(found, key=lambda score: score.on)


def signs_after(record: tuple[Event, ...], answered: Callable[[Event], bool]) -> Iterator[Entry]:
    """The latest entry of each sign of the nerves, at any score, that nobody answered."""
    for sign in SIGNS:
        days = [
            (event.on, event.month, event.id)
            for event in record
            if isinstance(event, Symptoms) and event.on and sign in event.red_flags and not answered(event)
        ]
        if days:
            on, written, event_id = max(days)
            text = message("contradicted.sign", sign=symptom_words(sign), date=day_or_month(on, written))
            yield Entry(on, text, events=(event_id,))


def symptom_words(name: str) -> str:
    return fact_words(name)


# -- results ---------------------------------------------------------------------------------------------------------


def _result_entry(
    library: Library, rule: dict[str, Tree], results: tuple[Result, ...], answered: Callable[[str], bool]
) -> Entry | None:
    """The latest unanswered result that lies as the rule says (`answered`: whether somebody answered the entry of this id).

    A later one that is judged not to lie so ends it; one that can't be judged ends nothing (hazard H44).
    """
    place = _under if "under" in rule else _worded if "word" in rule else _beyond
    judged = [
        (entry, told)
        for entry in results
        if entry.marker == rule["marker"]
        if (told := place(library, rule, entry)) is not None
    ]
    against = [(entry, told) for entry, told in judged if told and not answered(entry.event)]
    if not against:
        return None
    entry, told = max(against, key=lambda each: each[0].on)
    if any(not other and each.days[0] > entry.on for each, other in judged):
        return None
    reasons = (rule["text"],) if "text" in rule else ()
    return Entry(entry.on, told, reasons, _cites(library, rule), events=(entry.event,))


def _beyond(library: Library, rule: dict[str, Tree], result: Result) -> Text | None:
    """How a result lies to its laboratory's range: a text where it is against the fact, "" where not, None where not known."""
    where = position(result)
    if where not in ("below", "within", "above") or result.usual is None:
        return None
    end = result.usual.low if rule["side"] == "below" else result.usual.high
    if where != rule["side"]:
        return "" if end is not None else None  # a range that is open on this side says nothing about it
    told = {"side": message(f"contradicted.{where}"), "range": range_words(result.usual)}
    return message("contradicted.beyond", result=named(library, result), **told)


def _under(library: Library, rule: dict[str, Tree], result: Result) -> Text | None:
    limit = Quantity("", Decimal(rule["under"]["value"]), rule["under"]["unit"])
    found = bounds(result.value, limit.unit)
    if found is None or position(result) == "below":  # told by the laboratory's range already
        return None
    if found.under(limit.value) is TRUE:
        return message("contradicted.under", result=named(library, result), limit=limit)
    return "" if position(result) in ("within", "above") else None  # not under a threshold is not yet judged


def _worded(library: Library, rule: dict[str, Tree], result: Result) -> Text | None:
    """A test that the laboratory answers with a word; that it is not this word ends nothing."""
    said = str(result.value) == rule["word"] or position(result) == ABOVE
    return named(library, result) if said else None


def named(library: Library, result: Result) -> Text:
    """ "Potassium 3.1 mmol/L on Fri 16 January 2026" """
    on = day_or_month(result.on, result.month)
    return message("blood.named", marker=library.markers[result.marker]["name"], value=result.value, date=on)


def _cites(library: Library, rule: dict[str, Tree]) -> Citations:
    if "cites" not in rule:
        return ()
    reading = Reading(library.documents[_FILE])
    cites = read_citations(reading, library.context, rule["cites"], str(rule["id"]))
    reading.finish()
    return cites
