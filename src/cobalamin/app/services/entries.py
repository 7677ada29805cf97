"""What an entry of a record says, on one line of words: shown back after it was written, and wherever an id is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library, english
from cobalamin.spans import Span
from cobalamin.text.days import date_words, month_words, span_words
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event, ReferenceRange
from cobalamin.therapy.case.record import PLAN_ID
from cobalamin.therapy.response.values import range_words
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.words import wording

MOST_LISTED = 12
_OF_A_DOSE = ("substance", "dose", "route", "as_planned", "expires_month")
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


@dataclass(frozen=True)
class EntryWords:
    """Words of the entries of one case. `typed` marks what a person typed, so that a surface can keep it as it is."""

    library: Library
    case: Case
    country: str
    typed: Callable[[str], str] = str
    doses: tuple[Evaluation, ...] = ()  # judged: they know what a dose was that was given as planned

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
        content = _text("plan_head", protocol=plan.protocol, version=plan.version, date=date_words(plan.start), by=by)
        when = date_words(plan.accepted_on or plan.start)
        return _text("entry", date=when, kind=_text("kind__plan"), content=content)

    def of_id(self, name: str) -> str:
        """The entry with this id; empty where there is none."""
        if name == PLAN_ID and self.case.plan is not None:
            return self.of_plan(self.case.plan)
        inside = (each.data.get("replaced_by") for each in self.case.record)
        found = [each for each in (*self.case.record, *inside) if isinstance(each, Event) and each.id == name]
        return self.line(found[0]) if found else ""

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

    def _parts(self, event: Event) -> Iterator[str]:
        data = event.data
        match event.kind:
            case "administration" | "bridge" | "statement":
                yield self._as_planned(event) if data.get("as_planned") else self._regimen(data)
                yield from self._keys(data, leaving=_OF_A_DOSE)
            case "result":
                yield self._result(data)
                yield from self._keys(data, leaving=("marker", "value", "reference_range"))
            case "symptoms":
                yield from self._scores(data)
            case "fact":
                name, value = str(data["fact"]), str(data["value"])
                yield _text("fact", fact=_spoken(name), value=_spoken(value))
            case "correction":
                yield from self._correction(data)
            case "decision":
                yield _spoken(str(data["decision"]))
                yield from self._keys(data, leaving=("decision", "by"))
            case _:
                yield from self._keys(data, leaving=("accepted_by",))
        if event.source not in ("", "this_site"):
            yield _text("key", name="source", value=_spoken(event.source))

    def _as_planned(self, event: Event) -> str:
        """What the plan had that day, where it is known."""
        verdict = next((each for each in self.doses if each.event.id == event.id), None)
        if verdict is None or not verdict.substance or verdict.dose is None:
            return _text("as_planned")
        return english().text(
            "doses.regimen",
            substance=wording.substance_words(verdict.substance),
            dose=wording.dose_words(verdict.dose, self.country),
            route=wording.route_words(verdict.route),
        )

    def _regimen(self, data: dict[str, Any]) -> str:
        dose, parts = data.get("dose"), []
        if "substance" in data:
            parts.append(wording.substance_words(data["substance"]) if data["substance"] != "unknown" else "unknown")
        if dose is not None:
            parts.append(wording.dose_words(dose, self.country) if isinstance(dose, Mass) else str(dose))
        told = [" ".join(parts)] if parts else []
        if "route" in data:
            told.append(wording.route_words(data["route"]) if data["route"] != "unknown" else "route unknown")
        return ", ".join(told)

    def _result(self, data: dict[str, Any]) -> str:
        marker = str(self.library.markers.get(data["marker"], {}).get("name", data["marker"]))
        usual = data.get("reference_range")
        if isinstance(usual, ReferenceRange):
            return _text("result_range", marker=marker, value=data["value"], range=range_words(usual))
        return _text("result", marker=marker, value=data["value"])

    def _correction(self, data: dict[str, Any]) -> Iterator[str]:
        named = str(data["withdraws"])
        entry = self.of_id(named)
        yield _text("takes_back", entry=entry) if entry else _text("takes_back_unknown", id=self.typed(named))
        replaced_by = data.get("replaced_by")
        if isinstance(replaced_by, Event):
            yield _text("in_its_place", entry=self.line(replaced_by))
        yield from self._keys(data, leaving=("withdraws", "replaced_by"))

    def _scores(self, data: dict[str, Any]) -> Iterator[str]:
        for key, value in data.items():
            if key == "own" and isinstance(value, dict):
                for name, score in value.items():
                    yield _text("score", name=self.typed(name), score=score)
            elif key == "red_flags":
                yield _text("warning_signs", signs=", ".join(_spoken(str(flag)) for flag in value))
            else:
                yield _text("score", name=_spoken(key), score=value)

    def _keys(self, data: dict[str, Any], leaving: tuple[str, ...] = ()) -> Iterator[str]:
        for key, value in data.items():
            if key == "reason":
                yield _text("reason", reason=self.typed(_spoken(str(value)) if "_" in str(value) else str(value)))
            elif key not in leaving:
                yield _text("key", name=_spoken(key), value=self._value(key, value))

    def _value(self, key: str, value: Any) -> str:
        if key == "phase":
            return self.typed(wording.phase_words(str(value)))
        if key == "last_dose" and str(value)[:1].isdigit() and not isinstance(value, date):
            return month_words(str(value))
        if isinstance(value, date):
            return date_words(value)
        if isinstance(value, Span):
            return span_words(value)
        if isinstance(value, Mass):
            return wording.dose_words(value, self.country)
        if isinstance(value, dict):
            return ", ".join(f"{_spoken(name)} {self._value(name, each)}" for name, each in value.items())
        if isinstance(value, (list, tuple)):
            return ", ".join(_said(key, str(each)) for each in value)
        return self.typed(str(value)) if key in _NOT_WORDS else _spoken(self.typed(str(value)))


def day_of(event: Event) -> str:
    """The day of an entry with its weekday, or its month."""
    return date_words(event.on) if event.on else month_words(event.month)


def author_of(event: Event) -> str:
    """Who said or did what the entry tells; empty where nobody is named."""
    told = (event.by, event.data.get("by"), event.data.get("accepted_by"))
    return next((str(name) for name in told if name), "")


def _said(key: str, word: str) -> str:
    """One of a list: codes and signs as words, everything else as it was typed."""
    return _spoken(word.lower()) if key in ("answers", "signs", "red_flags") else word


def _spoken(word: str) -> str:
    return word.replace("_", " ")


def _text(key: str, **fields: object) -> str:
    return english().text(f"entries.{key}", **fields)
