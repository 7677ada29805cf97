"""Each kind of event, declared once: its keys, what may stand under them, and a line about each.

The reader (`casefile.events`), the JSON Schema (`schema case`), docs/events.md and the forms follow from these classes.
A key that is absent is empty: None, "", () or {}.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar, TypeGuard

from cobalamin.amounts import Mass
from cobalamin.knowledge.vocabulary import SUBSTANCES
from cobalamin.spans import Span
from cobalamin.therapy.case.case import Event, Quantity, ReferenceRange
from cobalamin.therapy.case.event_words import (
    DECISIONS,
    INTENTS,
    MARKERS,
    OMISSION_REASONS,
    RED_FLAGS,
    SYMPTOMS,
    TAKING,
    UNKNOWN,
)
from cobalamin.therapy.case.keys import (
    DAY,
    MASS,
    ROUTE,
    SPAN,
    TEXT,
    Key,
    Kind,
    Value,
    declared,
    key,
    or_unknown,
    whole,
    word,
    worked_out,
)

_SUBSTANCE, _SCORE = word(SUBSTANCES), whole(0, 10)


@dataclass(frozen=True)
class Authority:
    """Who allowed a dose, for which days and which product."""

    by: str
    begins: date | None = None
    through: date | None = None
    product: str = ""

    def said(self) -> Iterator[tuple[str, object]]:
        """What is told, by the key it stands under."""
        told = {"by": self.by, "from": self.begins, "through": self.through, "product": self.product}
        return ((name, value) for name, value in told.items() if value)


@dataclass(frozen=True)
class Administration(Event):
    kind: ClassVar[str] = "administration"
    does: ClassVar[str] = "a dose that was given; is judged: credited, extra, not_credited, excluded or pending"
    substance: str = key(or_unknown(_SUBSTANCE), "what was given; needed unless as_planned")
    dose: Mass | None = key(or_unknown(MASS), "how much; needed unless as_planned")
    route: str = key(or_unknown(ROUTE), "how it was given; needed unless as_planned")
    as_planned: bool = key(
        Value(Kind.TRUE), "substance, dose and route as the plan has them that day, in place of the three"
    )
    product: str = key(TEXT, "a product of the library, or what the package says")
    batch: str = key(TEXT, "the batch on the package")
    expires_on: date | None = key(Value(Kind.LAST_DAY), "the expiry on the package; a month lasts to its last day")
    site: str = key(TEXT, "where on the body")
    side: str = key(TEXT, "left or right")
    intent: str = key(word(INTENTS), "`additional` is extra on any day")
    authority: Authority | None = key(Value(Kind.AUTHORITY), "who allowed it, for which days and product")
    expires_month: str = worked_out("")  # as it was written, where a month was
    not_known: tuple[str, ...] = worked_out(())  # which of substance, dose and route nobody knows


@dataclass(frozen=True)
class Statement(Event):
    kind: ClassVar[str] = "statement"
    does: ClassVar[str] = (
        "reported use of a course that nobody recorded dose by dose; moves no date, `no` and long silence raise a question"
    )
    taking: str = key(word(TAKING), "whether it is taken as agreed", required=True)
    substance: str = key(_SUBSTANCE, "what is taken")
    dose: Mass | None = key(MASS, "how much")
    route: str = key(ROUTE, "how it is taken")
    since: date | None = key(DAY, "the first day of the use", name="from")
    until: date | None = key(DAY, "the last day of the use")


@dataclass(frozen=True)
class Omission(Event):
    kind: ClassVar[str] = "omission"
    does: ClassVar[str] = "a dose that was not given; is kept, the dose stays open"
    reason: str = key(word(OMISSION_REASONS), "why", required=True)


@dataclass(frozen=True)
class Reaction(Event):
    kind: ClassVar[str] = "reaction"
    does: ClassVar[str] = (
        "asks before the next dose whether it was the substance, an excipient or neither, with product and batch of that dose, and leads "
        "every answer until a clinician has looked or an allergy fact answers; a warning sign among its signs is one like any other"
    )
    to: str = key(TEXT, "the id of the dose", required=True)
    signs: tuple[str, ...] = key(
        Value(Kind.SIGNS, RED_FLAGS), "warning signs, `site_reaction` or own words", required=True
    )
    outcome: str = key(TEXT, "how it ended")


@dataclass(frozen=True)
class Result(Event):
    kind: ClassVar[str] = "result"
    does: ClassVar[str] = (
        "is shown, and judged against its range and time; asks where it contradicts a fact; moves no date"
    )
    marker: str = key(word(MARKERS), "what was measured", required=True)
    value: Quantity | str = key(
        Value(Kind.VALUE), "a number with a unit of the marker, or the word of an antibody", required=True
    )
    reference_range: ReferenceRange | None = key(Value(Kind.RANGE), "the laboratory's own range, with its unit")
    method: str = key(TEXT, "how it was measured")
    laboratory: str = key(TEXT, "who measured it")


@dataclass(frozen=True)
class Symptoms(Event):
    kind: ClassVar[str] = "symptoms"
    does: ClassVar[str] = (
        "at least one of these; is shown by day and by days since the last dose; a red flag gives urgent text at once; new signs of the "
        "nerves ask about neurological_involvement; stands beside an open review and closes none"
    )
    tiredness: int | None = key(_SCORE, "0 is none, 10 the worst")
    tingling_or_numbness: int | None = key(_SCORE, "0 is none, 10 the worst")
    balance: int | None = key(_SCORE, "0 is none, 10 the worst")
    memory_or_concentration: int | None = key(_SCORE, "0 is none, 10 the worst")
    mood: int | None = key(_SCORE, "0 is none, 10 the worst")
    stamina: int | None = key(_SCORE, "0 is none, 10 the worst")
    site_reaction: int | None = key(_SCORE, "0 is none, 10 the worst")
    own: Mapping[str, int] = key(Value(Kind.SCORES, most=10), "own words, each with its score")
    red_flags: tuple[str, ...] = key(Value(Kind.WORDS, RED_FLAGS), "warning signs")

    def score(self, name: str) -> int | None:
        """The score of a symptom by its name."""
        found: int | None = getattr(self, name) if name in SYMPTOMS else None
        return found


@dataclass(frozen=True)
class Decision(Event):
    kind: ClassVar[str] = "decision"
    does: ClassVar[str] = "moves the plan on"
    decision: str = key(word(DECISIONS), "see below", required=True)
    by: str = key(TEXT, "who decided", required=True)
    reason: str = key(TEXT, "why; needed unless reviewed")
    interval: Span | None = key(SPAN, "the new interval of change_interval, which needs it")
    event: str = key(TEXT, "the id of the entry it is about; credit and reject need it")
    answers: tuple[str, ...] = key(Value(Kind.CODES), "the codes of what was looked at; reviewed needs it")
    finding: str = key(TEXT, "what was found")


@dataclass(frozen=True)
class Cover(Event):
    """What lies over the dates, which run on beneath."""

    until: date | None = key(DAY, "its last day")
    reason: str = key(TEXT, "why")


@dataclass(frozen=True)
class Hold(Cover):
    kind: ClassVar[str] = "hold"
    does: ClassVar[str] = "therapy suspended until somebody decides; lies over the dates, which run on beneath"


@dataclass(frozen=True)
class Pause(Cover):
    kind: ClassVar[str] = "pause"
    does: ClassVar[str] = "therapy suspended until a day; lies over the dates, which run on beneath"


@dataclass(frozen=True)
class Bridge(Cover):
    kind: ClassVar[str] = "bridge"
    does: ClassVar[str] = "therapy replaced by other doses meanwhile; lies over the dates, which run on beneath"
    substance: str = key(_SUBSTANCE, "what is taken meanwhile", required=True)
    dose: Mass | None = key(MASS, "how much", required=True)
    route: str = key(ROUTE, "how it is taken", required=True)


@dataclass(frozen=True)
class History(Event):
    kind: ClassVar[str] = "history"
    does: ClassVar[str] = (
        "says how far treatment had got elsewhere; speaks from its last dose (or the plan's start), whenever it was written down"
    )
    phase: str = key(TEXT, "the phase of the plan", required=True)
    last_dose: date | str = key(
        Value(Kind.DAY_OR_MONTH), "the day or the month of the last dose, or `unknown`", required=True
    )
    doses: int | None = key(whole(0, 1000), "how many doses of that phase were given")
    interval: Span | None = key(SPAN, "the interval that was in force there")
    substance: str = key(_SUBSTANCE, "what was given there")
    asserted_by: str = key(TEXT, "who says so")
    covers: date | None = worked_out(None)  # the last day whose doses it counts already, once it stands in its turn

    @property
    def last_month(self) -> str:
        """The month of the last dose, where the day is not known."""
        return "" if isinstance(self.last_dose, date) or self.last_dose == UNKNOWN else self.last_dose


@dataclass(frozen=True)
class FactLearned(Event):
    kind: ClassVar[str] = "fact"
    does: ClassVar[str] = (
        "a fact learned later; `symptoms_response` (resolved, better, not_better, worse_or_new) answers the review nearest before its day"
    )
    fact: str = key(Value(Kind.FACT), "which fact", required=True)
    value: str = key(
        Value(Kind.FACT_VALUE), "a word of that fact (a list for `medicines`), or its length or mass", required=True
    )


@dataclass(frozen=True)
class LaterPlan(Event):
    kind: ClassVar[str] = "plan"
    does: ClassVar[str] = "a later plan; doses are judged by the plan in force on their day"
    protocol: str = key(Value(Kind.PROTOCOL), "which protocol", required=True)
    version: int | None = key(whole(1, 100_000), "its version", required=True)
    start: date | None = key(DAY, "the day of the first dose", required=True)
    choices: Mapping[str, str] = key(Value(Kind.TEXTS), "what was chosen where the protocol leaves a choice")
    product: str = key(TEXT, "a product of the library")
    policy: str = key(TEXT, "the policy of windows")
    accepted_by: str = key(TEXT, "who accepted it")
    acknowledged: Mapping[str, str] = key(
        Value(Kind.TEXTS), "codes of checks, each with the reason it was accepted with"
    )
    goes_on: bool = key(
        Value(Kind.YES_OR_NO), "true: goes on from the last dose instead of beginning anew", name="continue"
    )
    reason: str = key(TEXT, "why")


@dataclass(frozen=True)
class Correction(Event):
    kind: ClassVar[str] = "correction"
    does: ClassVar[str] = "withdraws an entry, and may put another in its place"
    withdraws: str = key(TEXT, "the id of the entry; `plan` is the plan in the head of the file", required=True)
    replaced_by: Event | None = key(Value(Kind.EVENT), "the entry to read in its place")
    reason: str = key(TEXT, "why")


KINDS: Mapping[str, type[Event]] = {
    shape.kind: shape
    for shape in (
        Administration, Statement, Omission, Reaction, Result, Symptoms, Decision, Hold, Pause, Bridge, History, FactLearned, LaterPlan,
        Correction,
    )
}  # fmt: skip
HEADER = declared(Event)


@cache
def own_keys(kind: str) -> tuple[Key, ...]:
    """The keys of a kind beside those that every event may have; the needed ones first."""
    own = [each for each in declared(KINDS[kind]) if each not in HEADER]
    return tuple(sorted(own, key=lambda each: not each.required))


def key_of(kind: str, name: str) -> Key:
    """The key of a kind of event with this name."""
    return next(each for each in own_keys(kind) if each.name == name)


def event_of(kind: str, name: str, on: date | None, month: str = "", **told: Any) -> Event:
    """An event of this kind. `told`: by the key as it stands in a file, in the order told; what follows from keys by its field."""
    own = {each.name: each.field for each in own_keys(kind)}
    values = {own.get(key, key): value for key, value in told.items()}
    return KINDS[kind](id=name, on=on, month=month, told=tuple(key for key in told if key in own), **values)


def replacements(record: Iterable[Event]) -> Iterator[Event]:
    """The entries that corrections put in the place of others."""
    for event in record:
        if isinstance(event, Correction) and event.replaced_by is not None:
            yield event.replaced_by


def decides(event: Event, *words: str) -> TypeGuard[Decision]:
    """Whether an event is one of these decisions."""
    return isinstance(event, Decision) and event.decision in words


def is_taken(event: Event) -> TypeGuard[Administration | Statement]:
    """Whether a dose was given, or a use was told and not denied."""
    return isinstance(event, Administration) or (isinstance(event, Statement) and event.taking != "no")


def said(event: Event) -> Iterator[tuple[Key, Any]]:
    """The keys of its kind that an event tells, with their values: in the order told, then those that code filled in."""
    keys = {each.name: each for each in own_keys(event.kind)}
    for name in (*event.told, *(name for name in keys if name not in event.told)):
        value = getattr(event, keys[name].field)
        if name in event.told or value or (value == 0 and value is not False):
            yield keys[name], value
