"""A case: one patient, what is known, the accepted plan and the record of events (contract, section 1).

Plain frozen values; reading and writing files is `casefile`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from cobalamin.knowledge.model import Policy
from cobalamin.therapy.case.event_words import SOURCES
from cobalamin.therapy.case.keys import TEXT, Kind, Value, key, word


@dataclass(frozen=True)
class Quantity:
    """A laboratory value as entered: `<`, `>`, `<=`, `>=` or nothing, an exact number and its unit."""

    comparator: str
    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.comparator}{self.value} {self.unit}"


@dataclass(frozen=True)
class ReferenceRange:
    """A laboratory's usual range; an open side is None. `closed`: the one end of a range like `<=10` belongs to it."""

    low: Decimal | None
    high: Decimal | None
    unit: str
    closed: bool = False


@dataclass(frozen=True)
class Patient:
    id: str
    birth_date: date | None = None
    sex: str = ""
    country: str = ""
    birth_unknown: bool = False  # asked, and not known


SEVERAL = ", "  # between the words of a fact that holds several at once


@dataclass(frozen=True)
class Fact:
    """One statement about a patient. `value` is a word, several words, or the text of a length or mass; `unknown`: asked, not known."""

    name: str
    value: str
    on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Event:
    """What every entry of the record has: the day it happened, and who wrote it down when. Each kind is a class of `events`."""

    kind: ClassVar[str] = ""
    does: ClassVar[str] = ""  # one line about the kind
    id: str
    on: date | None
    month: str = ""
    recorded_at: str = key(Value(Kind.MOMENT), "the day on which it was written down, with the time if known")
    by: str = key(TEXT, "who did it or said it")
    source: str = key(word(SOURCES), "where it was done, or who told it; this_site if left out", absent="this_site")
    time: str = key(TEXT, "the time of day")
    zone: str = key(TEXT, "the zone of that time")
    note: str = key(TEXT, "anything else")
    written_with: str = key(TEXT, "the id of the first entry that the same command wrote")
    # The keys of its kind in the order in which they were written, so that it is shown as it was told.
    told: tuple[str, ...] = field(default=(), kw_only=True, compare=False, repr=False)
    # The place in the record as written: it moves no date, but an answer is never about what was written after it.
    written: int = field(default=0, kw_only=True, compare=False)


@dataclass(frozen=True)
class AcceptedPlan:
    """A pinned protocol version with the choices of a named person."""

    protocol: str
    version: int
    start: date
    choices: dict[str, str]
    product: str
    policy: str
    accepted_by: str
    accepted_on: date | None
    acknowledged: dict[str, str]
    calendar: dict[str, object]
    local_policy: Policy | None = None  # the windows of a local policy, kept with the plan they were accepted for


@dataclass(frozen=True)
class Counted:
    """Ampoules at home as they were counted. `after`: the id of the entry that was the last when they were."""

    ampoules: int
    on: date
    after: str = ""


@dataclass(frozen=True)
class Case:
    patient: Patient
    facts: tuple[Fact, ...] = ()
    plan: AcceptedPlan | None = None
    record: tuple[Event, ...] = ()
    supply: Counted | None = None
