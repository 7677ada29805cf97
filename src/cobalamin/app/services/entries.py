"""What an entry of a record says, on one line of words: shown back after it was written, and wherever an id is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from cobalamin.amounts import Mass, mass_text
from cobalamin.app.services import shipped
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.words import Words
from cobalamin.spans import Span
from cobalamin.text.days import date_words, month_words, span_words
from cobalamin.text.messages import capital, in_words, joined, listed
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event
from cobalamin.therapy.case.events import (
    Administration,
    Authority,
    Bridge,
    Correction,
    Decision,
    FactLearned,
    LaterPlan,
    Result,
    Statement,
    Symptoms,
    replacements,
    said,
)
from cobalamin.therapy.case.keys import Kind
from cobalamin.therapy.case.record import PLAN_ID
from cobalamin.therapy.response.values import range_words
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.words import wording

MOST_LISTED = 12
_OF_A_DOSE = ("substance", "dose", "route", "as_planned")
_NOT_WORDS = (
    "product",
    "batch",
    "site",
    "event",
    "reason",
    "finding",
    "asserted_by",
    "laboratory",
    "method",
    "protocol",
)


class EntryWords(Struct, frozen=True):
    """Words of the entries of one case. `typed` marks what a person typed, so that a surface can keep it as it is."""

    library: Library
    case: Case
    country: str
    typed: Callable[[str], str] = str
    doses: tuple[Evaluation, ...] = ()  # judged: they know what a dose was that was given as planned

    @property
    def words(self) -> Words:
        """The words of the language that the library speaks."""
        return self.library.own_words

    def line(self, event: Event) -> str:
        """ "Fri 16 January 2026: dose: Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, batch HX1 (by Nurse B)" """
        content = self.content(event)
        key = "entry" if content else "entry_alone"
        told = _text(key, date=day_of(event), kind=_text(f"kind__{event.kind}"), content=content)
        by = author_of(event)
        return _text("entry_by", entry=told, by=self.typed(by)) if by else told

    def of_plan(self, plan: AcceptedPlan) -> str:
        """The plan in the head of the file."""
        by = self.typed(plan.accepted_by) if plan.accepted_by else _text("nobody")
        content = _text(
            "plan_head",
            protocol=plan.protocol,
            version=plan.version,
            date=date_words(plan.start, self.words),
            by=by,
        )
        when = date_words(plan.accepted_on or plan.start, self.words)
        return _text("entry", date=when, kind=_text("kind__plan"), content=content)

    def of_id(self, name: str) -> str:
        """The entry with this id; empty where there is none."""
        if name == PLAN_ID and self.case.plan is not None:
            return self.of_plan(self.case.plan)
        found = (each for each in (*self.case.record, *replacements(self.case.record)) if each.id == name)
        return next((self.line(each) for each in found), "")

    def listed(self, kind: str = "") -> list[str]:
        """The entries with their ids, the last written first."""
        found = [each for each in reversed(self.case.record) if kind in ("", each.kind)]
        lines = [_text("listed", id=each.id, entry=self.line(each)) for each in found[:MOST_LISTED]]
        more = len(found) - len(lines)
        lines += [_text("list_more", number=more)] if more else []
        return [_text("list"), *lines] if lines else [_text("none")]

    def content(self, event: Event) -> str:
        """What the entry says beside its day and kind."""
        return ", ".join(part for part in self._parts(event) if part)

    def rows(self, event: Event) -> Iterator[tuple[str, str]]:
        """What the entry says part by part, each under the key that tells it; what is no dose stands in one row."""
        yield "date", day_of(event)
        if isinstance(event, Administration):
            yield "given", self._as_planned(event) if event.as_planned else self._regimen(event)
            told = ((key.name, value) for key, value in said(event) if key.name not in _OF_A_DOSE)
            yield from ((name, self._value(name, value)) for name, value in told)
        else:
            yield "content", self.content(event)
        if author_of(event):
            yield "by", self.typed(author_of(event))

    def _parts(self, event: Event) -> Iterator[str]:
        match event:
            case Administration(as_planned=True):
                yield self._as_planned(event)
                yield from self._keys(event, leaving=_OF_A_DOSE)
            case Administration() | Bridge() | Statement():
                yield self._regimen(event)
                yield from self._keys(event, leaving=_OF_A_DOSE)
            case Result():
                yield self._result(event)
                yield from self._keys(event, leaving=("marker", "value", "reference_range"))
            case Symptoms():
                yield from self._scores(event)
            case FactLearned():
                yield _text("fact", fact=_spoken(event.fact), value=_spoken(event.value))
            case Correction():
                yield from self._correction(event)
            case Decision():
                yield _spoken(event.decision)
                yield from self._keys(event, leaving=("decision", "by"))
            case _:
                yield from self._keys(event, leaving=("accepted_by",))
        if isinstance(event, Administration) and event.not_known:
            yield _text("key", name=_spoken("not_known"), value=", ".join(event.not_known))
        if event.source not in ("", "this_site"):
            yield _text("key", name="source", value=_spoken(event.source))

    def _as_planned(self, event: Event) -> str:
        """What the plan had that day, where it is known."""
        verdict = next((each for each in self.doses if each.event.id == event.id), None)
        if verdict is None or not verdict.substance or verdict.dose is None:
            return _text("as_planned")
        return self.words.text(
            "doses.regimen",
            substance=capital(wording.substance_name(verdict.substance)),
            dose=wording.dose_of(verdict.dose, self.country),
            route=wording.route_name(verdict.route),
        )

    def _regimen(self, event: Administration | Bridge | Statement) -> str:
        substance = capital(wording.substance_name(event.substance)) if event.substance else ""
        dose = wording.dose_of(event.dose, self.country) if event.dose else ""
        route = wording.route_name(event.route) if event.route else ""
        return in_words(listed([joined(substance, dose), route]), self.words)

    def _result(self, event: Result) -> str:
        marker = str(self.library.markers.get(event.marker, {}).get("name", event.marker))
        if event.reference_range is not None:
            return _text("result_range", marker=marker, value=event.value, range=range_words(event.reference_range))
        return _text("result", marker=marker, value=event.value)

    def _correction(self, event: Correction) -> Iterator[str]:
        entry = self.of_id(event.withdraws)
        yield _text("takes_back", entry=entry) if entry else _text("takes_back_unknown", id=self.typed(event.withdraws))
        if event.replaced_by is not None:
            yield _text("in_its_place", entry=self.line(event.replaced_by))
        yield from self._keys(event, leaving=("withdraws", "replaced_by"))

    def _scores(self, event: Symptoms) -> Iterator[str]:
        for key, value in said(event):
            match key.value.kind:
                case Kind.SCORES:
                    for name, score in event.own.items():
                        yield _text("score", name=self.typed(name), score=score)
                case Kind.WORDS:
                    yield _text("warning_signs", signs=", ".join(map(_spoken, event.red_flags)))
                case _:
                    yield _text("score", name=_spoken(key.name), score=value)

    def _keys(self, event: Event, leaving: tuple[str, ...] = ()) -> Iterator[str]:
        for key, value in said(event):
            if key.name == "reason":
                yield _text("reason", reason=self.typed(_spoken(str(value)) if "_" in str(value) else str(value)))
            elif key.name not in leaving:
                yield _text("key", name=_spoken(key.name), value=self._value(key.name, value))

    def _value(self, key: str, value: Any) -> str:
        if key == "phase":
            return self.typed(in_words(wording.phase_name(str(value)), self.words))
        if key == "last_dose" and str(value)[:1].isdigit() and not isinstance(value, date):
            return month_words(str(value), self.words)
        if isinstance(value, date):
            return date_words(value, self.words)
        if isinstance(value, Span):
            return span_words(value, self.words)
        if isinstance(value, Mass):
            return mass_text(value, self.country, self.words.units)
        if isinstance(value, Authority):
            value = dict(value.said())
        if isinstance(value, Mapping):
            return ", ".join(f"{_spoken(name)} {self._value(name, each)}" for name, each in value.items())
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (list, tuple)):
            return ", ".join(_said(key, str(each)) for each in value)
        return self.typed(str(value)) if key in _NOT_WORDS else _spoken(self.typed(str(value)))


def day_of(event: Event) -> str:
    """The day of an entry with its weekday, or its month."""
    return (
        date_words(event.on, shipped.library().own_words)
        if event.on
        else month_words(event.month, shipped.library().own_words)
    )


def author_of(event: Event) -> str:
    """Who said or did what the entry tells; empty where nobody is named."""
    return event.by or (event.accepted_by if isinstance(event, LaterPlan) else "")


def _said(key: str, word: str) -> str:
    """One of a list: codes and signs as words, everything else as it was typed."""
    return _spoken(word.lower()) if key in ("answers", "signs", "red_flags") else word


def _spoken(word: str) -> str:
    return shipped.library().own_words.of_record(word.replace("_", " "))


def _text(key: str, **fields: object) -> str:
    return shipped.library().own_words.text(f"entries.{key}", **fields)
