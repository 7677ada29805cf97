"""What was recorded against a fact: symptoms and results that a fact recorded as absent does not allow for (hazard H44).

Nothing here sets a fact. A contradiction stands until a later `fact` or a `reviewed` answers it, and rises anew with what is
recorded after the answer: a symptom score only once it stands so much above the one that was answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobalamin.knowledge.criteria import read_citations
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library, english
from cobalamin.knowledge.model import Citations, ResultLimits
from cobalamin.knowledge.reading import Reading
from cobalamin.text.days import date_words, month_words
from cobalamin.therapy.case.answered import reviewed_on
from cobalamin.therapy.case.case import Event, Quantity
from cobalamin.therapy.case.criteria import fact_words
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.response.values import Result, bounds, position, range_words
from cobalamin.therapy.words.wording import phase_words

CODE = "FACT_CONTRADICTED"
NERVES = "neurological_involvement"
TREATED = "previous_treatment"
SYMPTOMS = ("tingling_or_numbness", "balance")
SIGNS = ("new_walking_difficulty", "new_vision_loss", "bladder_or_bowel_change")
_FILE = "contradictions.yaml"


@dataclass(frozen=True)
class Entry:
    """One thing that was recorded: its day, and what it says."""

    on: date
    text: str
    reasons: tuple[str, ...] = ()
    cites: Citations = ()
    scored: bool = False


@dataclass(frozen=True)
class Contradiction:
    """Entries against one fact. `value`: how the fact is recorded; None where it is not known and so is only asked for."""

    fact: str
    value: str | None
    entries: tuple[Entry, ...]

    @property
    def on(self) -> date:
        return max(entry.on for entry in self.entries)


@dataclass(frozen=True)
class Score:
    """A score of one symptom."""

    on: date
    month: str
    value: int

    @property
    def when(self) -> str:
        return month_words(self.month) if self.month else date_words(self.on)


def contradictions(
    library: Library, facts: Facts, record: tuple[Event, ...], results: tuple[Result, ...], limits: ResultLimits
) -> tuple[Contradiction, ...]:
    """Every contradiction that stands, and every fact that entries ask for; nerves first."""
    found = [_of_fact(facts, NERVES, "absent", _nerve_entries(facts, record, limits))]
    if facts.value(TREATED) == "none":
        found.append(_of_fact(facts, TREATED, "none", _told_before(facts, record)))
    by_fact: dict[tuple[str, str], list[Entry]] = {}
    for rule in library.records(_FILE, "contradictions"):
        entry = _result_entry(library, rule, results)
        if entry is not None and not _answered(facts, record, rule["fact"], entry.on):
            by_fact.setdefault((rule["fact"], rule["value"]), []).append(entry)
    found += [_of_fact(facts, fact, value, entries) for (fact, value), entries in by_fact.items()]
    return tuple(each for each in found if each is not None)


def _told_before(facts: Facts, record: tuple[Event, ...]) -> Iterator[Entry]:
    """Histories of treatment, which a person without earlier treatment does not have."""
    for event in record:
        if event.kind == "history" and event.on is not None and not _answered(facts, record, TREATED, event.on):
            phase = phase_words(str(event.data["phase"]))
            yield Entry(event.on, english().text("contradicted.history", phase=phase, date=date_words(event.on)))


def _of_fact(facts: Facts, fact: str, against: str, entries: Iterable[Entry]) -> Contradiction | None:
    """The entries as what they are: a contradiction, a question, or nothing where the fact is recorded as they say."""
    value, entries = facts.value(fact), tuple(entries)
    return Contradiction(fact, value, entries) if entries and value in (None, against) else None


def answered_on(facts: Facts, record: tuple[Event, ...], fact: str, code: str = CODE) -> date | None:
    """The last day on which somebody answered: by a dated statement of the fact, or by a `reviewed`."""
    days = [day for day in (facts.since.get(fact), reviewed_on(record, code)) if day is not None]
    return max(days, default=None)


def _answered(facts: Facts, record: tuple[Event, ...], fact: str, day: date) -> bool:
    answer = answered_on(facts, record, fact)
    return answer is not None and answer >= day


# -- symptoms --------------------------------------------------------------------------------------------------------


def _nerve_entries(facts: Facts, record: tuple[Event, ...], limits: ResultLimits) -> Iterator[Entry]:
    answer = answered_on(facts, record, NERVES)
    for name in SYMPTOMS:
        raising = _raising(scores_of(record, name), answer, limits)
        if raising:
            worst = max(raising, key=lambda score: (score.value, score.on))
            text = english().text("contradicted.score", symptom=symptom_words(name), score=worst.value, date=worst.when)
            yield Entry(max(score.on for score in raising), text, scored=True)
    yield from signs_after(record, answer)


def _raising(scores: list[Score], answer: date | None, limits: ResultLimits) -> list[Score]:
    """The scores that ask: those high enough that nobody answered, or that stand clearly above the answered one."""
    before = [score for score in scores if answer is not None and score.on <= answer]
    after = [score for score in scores if answer is None or score.on > answer]
    raised = any(score.value >= limits.symptom_score for score in before)
    least = before[-1].value + limits.symptom_rise if raised else 0
    return [score for score in after if score.value >= max(limits.symptom_score, least)]


def scores_of(record: tuple[Event, ...], name: str) -> list[Score]:
    """The scores of a symptom, in order."""
    found = [
        Score(event.on, event.month, score)
        for event in record
        if event.kind == "symptoms" and event.on and isinstance(score := event.data.get(name), int)
    ]
    return sorted(found, key=lambda score: score.on)


def signs_after(record: tuple[Event, ...], answer: date | None) -> Iterator[Entry]:
    """The latest entry of each sign of the nerves, at any score, that is later than the answer."""
    for sign in SIGNS:
        days = [
            (event.on, event.month)
            for event in record
            if event.kind == "symptoms" and event.on and sign in _flags(event) and (answer is None or event.on > answer)
        ]
        if days:
            on, month = max(days)
            when = month_words(month) if month else date_words(on)
            yield Entry(on, english().text("contradicted.sign", sign=symptom_words(sign), date=when))


def _flags(event: Event) -> tuple[object, ...]:
    flags = event.data.get("red_flags", ())
    return tuple(flags) if isinstance(flags, tuple | list) else ()


def symptom_words(name: str) -> str:
    return fact_words(name)


# -- results ---------------------------------------------------------------------------------------------------------


def _result_entry(library: Library, rule: dict[str, Tree], results: tuple[Result, ...]) -> Entry | None:
    """The latest judgeable result of the marker, where it lies as the rule says; one that can't be judged changes nothing."""
    place = _under if "under" in rule else _beyond
    judged = [
        (entry, told)
        for entry in results
        if entry.marker == rule["marker"]
        if (told := place(library, rule, entry)) is not None
    ]
    last = max((entry.on for entry, _ in judged), default=None)
    against = [(entry, told) for entry, told in judged if entry.on == last and told]
    if not against:
        return None
    entry, told = against[0]
    return Entry(entry.on, told, (rule["text"],) if "text" in rule else (), _cites(library, rule))


def _beyond(library: Library, rule: dict[str, Tree], result: Result) -> str | None:
    """How a result lies to its laboratory's range: a text where it is against the fact, "" where not, None where not known."""
    where = position(result)
    if where not in ("below", "within", "above") or result.usual is None:
        return None
    if where != rule["side"]:
        return ""
    side, usual = english().text(f"contradicted.{where}"), range_words(result.usual)
    return english().text("contradicted.beyond", result=_named(library, result), side=side, range=usual)


def _under(library: Library, rule: dict[str, Tree], result: Result) -> str | None:
    limit = Quantity("", Decimal(rule["under"]["value"]), rule["under"]["unit"])
    found = bounds(result.value, limit.unit)
    if found is None or position(result) == "below":  # told by the laboratory's range already
        return None
    named = _named(library, result)
    return english().text("contradicted.under", result=named, limit=limit) if found.under(limit.value) is TRUE else ""


def _named(library: Library, result: Result) -> str:
    name = library.markers[result.marker]["name"]
    return english().text("blood.named", marker=name, value=result.value, date=result.when)


def _cites(library: Library, rule: dict[str, Tree]) -> Citations:
    if "cites" not in rule:
        return ()
    reading = Reading(library.documents[_FILE])
    cites = read_citations(reading, library.context, rule["cites"], str(rule["id"]))
    reading.finish()
    return cites
