"""What is improbable is asked before it is written: the refusal without an answer, and its sentences for every surface."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from msgspec import Struct

from cobalamin.amounts import Mass, mass_text, plain
from cobalamin.app.services import shipped
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.recording import Recorded
from cobalamin.errors import Refused
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.knowledge.words import Worded
from cobalamin.records import replace
from cobalamin.text.days import date_words, month_words
from cobalamin.text.messages import Text, capital, in_words
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event
from cobalamin.therapy.case.events import said
from cobalamin.therapy.case.record import begins
from cobalamin.therapy.review.doubts import Doubt
from cobalamin.therapy.review.improbable import improbable
from cobalamin.therapy.review.review import review
from cobalamin.therapy.words import wording

Confirmed = bool | Collection[str]  # everything, or the keys of what somebody was asked about


class Asked(Struct, frozen=True):
    """What is asked: what looks wrong, and the entries that would be written. `plan`: one that would stand in the head."""

    doubts: tuple[Doubt, ...]
    case: Case
    events: tuple[Event, ...]
    library: Library
    on: date
    plan: AcceptedPlan | None = None

    @property
    def codes(self) -> list[str]:
        return [doubt.code for doubt in self.doubts]

    @property
    def keys(self) -> list[str]:
        """What a yes confirms: just these doubts with just these values."""
        return [f"{doubt.code}.{hashlib.sha256(repr(doubt.values).encode()).hexdigest()[:12]}" for doubt in self.doubts]

    @property
    def country(self) -> str:
        return self.case.patient.country

    def words(self, typed: Callable[[str], str] = str) -> EntryWords:
        """The words of these entries and of those that are there."""
        after = replace(self.case, plan=self.plan or self.case.plan, record=(*self.case.record, *self.events))
        seen = review(self.library, after, max((self.on, *(begins(event) for event in self.events))))
        return EntryWords(self.library, self.case, self.country, typed, seen.evaluations)

    def sentences(self, typed: Callable[[str], str] = str) -> list[str]:
        """What looks wrong, a sentence each."""
        words = self.words(typed)
        return [doubt_words(doubt, words) for doubt in self.doubts]

    def entries(self, typed: Callable[[str], str] = str) -> list[str]:
        """What would be saved."""
        words = self.words(typed)
        planned = [words.of_plan(self.plan)] if self.plan else []
        return [*planned, *map(words.line, self.events)]


class Unconfirmed(Refused):
    """An improbable entry that nobody confirmed; nothing was written. `asked` has what looks wrong and what would be saved."""

    def __init__(self, asked: Asked) -> None:
        saved = [asked.library.own_words.text("improbable.would_save", entry=entry) for entry in asked.entries()]
        looks_wrong = asked.library.own_words.text("improbable.looks_wrong")
        super().__init__("\n".join([looks_wrong, *(f"  {each}" for each in asked.sentences()), *saved]))
        self.asked = asked


def refuse_unconfirmed(
    library: Library, recorded: Recorded, on: date, confirmed: Confirmed, policy: Policy | None = None
) -> Asked:
    """Raise Unconfirmed where an entry looks wrong in a way that was not confirmed; else what it was written past."""
    case = recorded.before
    doubts: list[Doubt] = []
    for event in recorded.events:
        doubts += improbable(library, case, event, on, policy)
        case = replace(case, record=(*case.record, event))
    return refuse_doubts(Asked(tuple(doubts), recorded.before, recorded.events, library, on), confirmed)


def refuse_doubts(asked: Asked, confirmed: Confirmed) -> Asked:
    """Raise Unconfirmed unless everything that looks wrong was asked about and confirmed; else what is written past."""
    keys = set() if isinstance(confirmed, bool) else set(confirmed)
    if confirmed is not True and set(asked.keys) - keys:
        raise Unconfirmed(asked)
    return asked


# -- sentences ---------------------------------------------------------------------------------------------------------


def doubt_words(doubt: Doubt, words: EntryWords) -> str:
    """What looks wrong, in one sentence."""
    fields: dict[str, Text] = {name: _value(name, value, words) for name, value in doubt.values.items()}
    match doubt.code:
        case "VALUE_IMPLAUSIBLE":
            marker = str(doubt.values["marker"])
            fields["marker"] = str(words.library.markers[marker]["name"])
            likely = doubt.values["likely"]
            fields["meant"] = _text("VALUE_IMPLAUSIBLE__meant", values=_one_of(likely)) if likely else ""
        case "BEFORE_COUNT_FROM":
            fields["from_day"] = fields.pop("from")
        case "SAME_MONTH":
            fields["command"] = _in_its_place(doubt, words)
        case "DOSES_ABOVE_PHASE" | "LONGER_IN_LOADING":
            fields["phase"] = wording.phase_name(str(doubt.values["phase"]))
        case "LOADING_UNFINISHED":
            fields["phase"] = capital(wording.phase_name(str(doubt.values["phase"])))
            key = "LOADING_UNFINISHED" if doubt.values["number"] is not None else "LOADING_UNFINISHED__not_told"
            return _text(key, **fields)
    return _text(doubt.code, **fields)


def _in_its_place(doubt: Doubt, words: EntryWords) -> str:
    """The correction that puts a dose with its day in the place of one known by its month."""
    entered = doubt.values["entered"]
    if not isinstance(entered, Event):
        return ""
    told = {"date": entered.on, "kind": entered.kind, **{key.name: value for key, value in said(entered)}}
    parts = [f"replaced_by.{key}={shlex.quote(_typed_word(value))}" for key, value in told.items()]
    return words.typed(f"cobalamin record CASE correction withdraws={doubt.values['id']} {' '.join(parts)}")


def _typed_word(value: object) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f"{plain(value.micrograms)} mcg"
        if isinstance(value, Mass)
        else str(value)
    )


def _value(name: str, value: Any, words: EntryWords) -> str:
    value = in_words(value, words.library.own_words) if isinstance(value, Worded) else value
    if isinstance(value, date):
        return date_words(value, words.library.own_words)
    if isinstance(value, Mass):
        return mass_text(value, words.country, words.library.own_words.units)
    if name == "entries":
        return "; ".join(words.content(each) for each in value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if name in ("phase", "id", "code", "matters"):
        return words.typed(str(value))
    if name in ("day", "last", "month"):
        return month_words(str(value), words.library.own_words)
    return str(value).replace("_", " ")


def _one_of(likely: Any) -> str:
    return shipped.library().own_words.text("joined.or").join(map(str, likely))


def _text(key: str, **fields: object) -> str:
    return shipped.library().own_words.text(f"improbable.{key}", **fields)
