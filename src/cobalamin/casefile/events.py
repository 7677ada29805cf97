"""Reading the events of a record: which keys each kind has, and the values they may hold (contract, section 1)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cobalamin.casefile.facts import FactReader
from cobalamin.casefile.ids import made_of
from cobalamin.casefile.plans import refuse_before_birth, refuse_never_accepted
from cobalamin.casefile.quantities import QuantityReader
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import ROUTE_SHORT, ROUTES, SUBSTANCES
from cobalamin.spans import Span
from cobalamin.therapy.case.case import Event

SOURCES = ("this_site", "other_site", "self", "reported")
OMISSION_REASONS = ("did_not_attend", "declined", "clinic_cancelled", "withheld", "unavailable")
DECISIONS = (
    "advance", "gate_met", "restart", "resume", "stop", "change_interval", "waive", "credit", "reject", "reviewed",
)  # fmt: skip
SYMPTOMS = (
    "tiredness",
    "tingling_or_numbness",
    "balance",
    "memory_or_concentration",
    "mood",
    "stamina",
    "site_reaction",
)
RED_FLAGS = (
    "breathing_difficulty", "facial_swelling", "widespread_hives", "new_walking_difficulty", "new_vision_loss",
    "bladder_or_bowel_change", "palpitations_or_collapse",
)  # fmt: skip
MARKERS = (
    "serum_b12", "holotranscobalamin", "mma", "homocysteine", "haemoglobin", "haematocrit", "mcv", "reticulocytes",
    "reticulocyte_fraction", "platelets", "potassium", "folate", "red_cell_folate", "ferritin", "transferrin_saturation",
    "tissue_transglutaminase_iga", "total_iga", "tsh", "gastrin", "ldh", "phosphate", "intrinsic_factor_antibody",
    "parietal_cell_antibody", "creatinine", "egfr",
)  # fmt: skip

# Kinds of which only the month may be known; every other kind changes what holds from a day on.
MONTH_IS_ENOUGH = ("administration", "statement", "omission", "reaction", "result", "symptoms", "fact")

_COMMON = ("id", "recorded_at", "by", "source", "time", "zone", "note", "written_with")
_RECORDED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,59}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")
_LONGEST_NAME = 200
UNKNOWN = "unknown"
_GIVEN, _REPORTED = ("substance", "dose", "route"), ("reported", "self")
_PAST = {"statement": "date the statement by its last day, and write the day it was told as recorded_at"}


@dataclass(frozen=True)
class KindOfEvent:
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


KINDS: dict[str, KindOfEvent] = {
    "administration": KindOfEvent(
        (),
        (
            "substance",
            "dose",
            "route",
            "as_planned",
            "product",
            "batch",
            "expires_on",
            "site",
            "side",
            "intent",
            "authority",
        ),
    ),
    "statement": KindOfEvent(("taking",), ("substance", "dose", "route", "from", "until")),
    "omission": KindOfEvent(("reason",)),
    "reaction": KindOfEvent(("to", "signs"), ("outcome",)),
    "result": KindOfEvent(("marker", "value"), ("reference_range", "method", "laboratory")),
    "symptoms": KindOfEvent((), (*SYMPTOMS, "own", "red_flags")),
    "decision": KindOfEvent(("decision", "by"), ("reason", "interval", "event", "answers", "finding")),
    "hold": KindOfEvent((), ("until", "reason")),
    "pause": KindOfEvent((), ("until", "reason")),
    "bridge": KindOfEvent(("substance", "dose", "route"), ("until", "reason")),
    "history": KindOfEvent(("phase", "last_dose"), ("doses", "interval", "substance", "asserted_by")),
    "fact": KindOfEvent(("fact", "value")),
    "plan": KindOfEvent(
        ("protocol", "version", "start"),
        ("choices", "product", "policy", "accepted_by", "acknowledged", "continue", "reason"),
    ),
    "correction": KindOfEvent(("withdraws",), ("replaced_by", "reason")),
}


def fact_reader(reading: Reading, library: Library) -> FactReader:
    """Reads facts against the definitions of a library."""
    return FactReader(reading, library.facts)


def read_event(tree: dict[str, Tree], library: Library, born: date | None = None) -> Event:
    """One event that stands in no file yet. Raises InputError with every fault: path, and what is allowed."""
    reading = Reading(Document("event", tree))
    event = EventReader(reading, fact_reader(reading, library), library, born, typed=True).read(tree, "")
    if reading.faults or event is None:
        raise InputError([replace(fault, path=fault.path.removeprefix(".")) for fault in reading.faults])
    return event


def _is_month(tree: Tree) -> bool:
    return isinstance(tree, str) and _MONTH.fullmatch(tree) is not None


def _first_day(told: Tree) -> date | None:
    """The day itself, or the first one of a month; None for what is neither."""
    return told if isinstance(told, date) else date.fromisoformat(f"{told}-01") if _is_month(told) else None


def _last_day(told: Tree) -> date | None:
    first = _first_day(told)
    return first.replace(day=monthrange(first.year, first.month)[1]) if first and _is_month(told) else first


class EventReader:
    """Reads one event after the other, reporting every fault with its line. `born`: nothing happened before it.

    `typed`: the event stands in no file yet, so an interval out of range is a fault; written earlier it is a question (contract, General).
    """

    def __init__(
        self, reading: Reading, facts: FactReader, library: Library, born: date | None, typed: bool = False
    ) -> None:
        self.reading, self.facts, self.library, self.born, self.typed = reading, facts, library, born, typed
        self.quantities = QuantityReader(reading, library.markers)
        self._readers: dict[str, Callable[[Tree, str], Any]] = {
            "recorded_at": self._recorded_at,
            "substance": lambda tree, path: reading.word(tree, path, SUBSTANCES),
            "dose": reading.mass,
            "route": self.route,
            "as_planned": lambda tree, path: reading.word(tree, path, ("true",)),
            "expires_on": self._expiry,
            "intent": lambda tree, path: reading.word(tree, path, ("scheduled", "additional")),
            "authority": self._authority,
            "taking": lambda tree, path: reading.word(tree, path, ("yes", "partly", "no")),
            "from": reading.date,
            "until": reading.date,
            "protocol": lambda tree, path: reading.word(tree, path, library.ids),
            "start": reading.date,
            "marker": lambda tree, path: reading.word(tree, path, MARKERS),
            "own": self._own_symptoms,
            "red_flags": lambda tree, path: reading.words(tree, path, RED_FLAGS),
            "signs": self._signs,
            "decision": lambda tree, path: reading.word(tree, path, DECISIONS),
            "interval": self._interval,
            "answers": lambda tree, path: reading.each(tree, path, self._code) or None,
            "last_dose": self._last_dose,
            "doses": lambda tree, path: reading.whole(tree, path, 0, 1000),
            "version": lambda tree, path: reading.whole(tree, path, 1),
            "choices": self._texts,
            "acknowledged": self._texts,
            "continue": lambda tree, path: reading.word(tree, path, ("true", "false")),
            "replaced_by": lambda tree, path: self.read(tree, path),
            **{symptom: lambda tree, path: reading.whole(tree, path, 0, 10) for symptom in SYMPTOMS},
        }

    def read(self, tree: Tree, path: str) -> Event | None:
        reading = self.reading
        if not isinstance(tree, dict):
            reading.fault(path, "must be an event: a mapping with 'date' and 'kind'")
            return None
        if "kind" not in tree:
            reading.fault(path, "the key 'kind' is missing")
            return None
        kind = reading.word(tree["kind"], f"{path}.kind", tuple(KINDS))
        if not kind:
            return None
        shape = KINDS[kind]
        date_key = "on" if "on" in tree else "date"
        entry = reading.mapping(tree, path, (date_key, "kind", *shape.required), (*_COMMON, *shape.optional))
        on, month = self._event_date(kind, entry.get(date_key), f"{path}.{date_key}")
        data = {
            key: self._value(kind, key, value, f"{path}.{key}")
            for key, value in entry.items()
            if key in (*shape.required, *shape.optional)
        }
        for key in ("recorded_at", "by", "time", "zone", "note", "written_with"):
            if key in entry and key not in data:
                self._value(kind, key, entry[key], f"{path}.{key}")
        self._whole_event(kind, data, entry, path)
        self._periods(kind, _first_day(on or month), data, path)
        source = reading.word(entry["source"], f"{path}.source", SOURCES) if "source" in entry else None
        self._not_known(kind, data, source or "this_site", path)
        return Event(
            id=self._id(entry, path, date_key),
            kind=kind,
            on=on,
            month=month,
            recorded_at=entry.get("recorded_at", ""),
            by=entry.get("by", ""),
            source=source or "this_site",
            data={key: value for key, value in data.items() if value is not None},
        )

    def _not_known(self, kind: str, data: dict[str, Any], source: str, path: str) -> None:
        """What of a dose nobody knows is named apart, so that no reader of the record takes a word for a substance or a route."""
        unknown = tuple(key for key in _GIVEN if data.get(key) == UNKNOWN) if kind == "administration" else ()
        if not unknown:
            return
        if source not in _REPORTED:
            message = f"unknown is for a dose that was only reported; write {unknown[0]} as it was given, or source: reported or self"
            self.reading.fault(f"{path}.{unknown[0]}", message)
        for key in unknown:
            del data[key]
        data["not_known"] = unknown

    def _value(self, kind: str, key: str, tree: Tree, path: str) -> Any:
        if kind == "administration" and key in _GIVEN and tree == UNKNOWN:
            return UNKNOWN
        if kind == "omission" and key == "reason":
            return self.reading.word(tree, path, OMISSION_REASONS)
        if key in ("value", "reference_range", "fact"):
            return tree  # read together with their marker or fact
        return self._readers.get(key, self.reading.text)(tree, path)

    def _what_was_given(self, entry: dict[str, Tree], path: str) -> None:
        """Either as planned, or all three of substance, dose and route; never both, which could contradict each other."""
        told = [key for key in _GIVEN if key in entry]
        if "as_planned" in entry:
            if told:
                message = f"as_planned says substance, dose and route as the plan has them; leave it out, or leave out {', '.join(told)}"
                self.reading.fault(f"{path}.as_planned", message)
            return
        for key in _GIVEN:
            if key not in entry:
                message = f"the key '{key}' is missing; write substance, dose and route, or as_planned: true"
                self.reading.fault(path, message)

    def _whole_event(self, kind: str, data: dict[str, Any], entry: dict[str, Tree], path: str) -> None:
        """What can only be judged on several keys together."""
        reading = self.reading
        if data.get("expires_on") and _is_month(entry["expires_on"]):
            data["expires_month"] = entry["expires_on"]
        match kind:
            case "administration":
                self._what_was_given(entry, path)
            case "result":
                self._result(data, entry, path)
            case "symptoms" if not data:
                reading.fault(path, f"needs at least one of {', '.join((*SYMPTOMS, 'own', 'red_flags'))}")
            case "decision":
                self._decision(data, entry, path)
            case "fact":
                told = "fact" in entry and "value" in entry  # what is missing is said already
                fact = self.facts.read(entry["fact"], entry["value"], path) if told else None
                data["value"] = fact.value if fact else None
            case "plan":
                refuse_before_birth(reading, self.born, data.get("start"), f"{path}.start")
                if data.get("protocol") and data.get("version"):
                    refuse_never_accepted(reading, self.library, data["protocol"], data["version"], entry, path)

    def _decision(self, data: dict[str, Any], entry: dict[str, Tree], path: str) -> None:
        decision = data.get("decision")
        if decision == "change_interval" and "interval" not in entry:
            self.reading.fault(path, "change_interval needs 'interval', for example 8 wk")
        if decision in ("credit", "reject") and "event" not in entry:
            self.reading.fault(path, f"{decision} needs 'event', the id of the dose")
        if decision == "reviewed" and not entry.get("answers"):
            self.reading.fault(
                path, "reviewed needs 'answers', the codes of what was looked at, for example [POTASSIUM_LOW]"
            )
        if "reason" not in entry and decision != "reviewed":
            self.reading.fault(path, "the key 'reason' is missing")

    def _code(self, tree: Tree, path: str) -> str | None:
        """The code of an issue, a question or a review."""
        if isinstance(tree, str) and _CODE.fullmatch(tree):
            return tree
        self.reading.fault(path, f"'{tree}' must be a code in capitals, such as POTASSIUM_LOW")
        return None

    def _signs(self, tree: Tree, path: str) -> tuple[str, ...] | None:
        """Warning signs, site_reaction, or own words; a word alone is one sign."""
        signs = self.reading.each([tree] if isinstance(tree, str) else tree, path, self._sign)
        return tuple(signs) or None

    def _sign(self, tree: Tree, path: str) -> str:
        return self.reading.text(tree, path, _LONGEST_NAME)

    def _result(self, data: dict[str, Any], entry: dict[str, Tree], path: str) -> None:
        marker = data.get("marker")
        value = self.quantities.value(marker, entry["value"], f"{path}.value") if "value" in entry else None
        data["value"] = value
        if "reference_range" in entry:
            at = f"{path}.reference_range"
            data["reference_range"] = self.quantities.range_of(marker, value, entry["reference_range"], at)

    def _periods(self, kind: str, begin: date | None, data: dict[str, Any], path: str) -> None:
        """Days that can't lie where they do: an end before the event, a beginning after its end, a last dose to come."""
        until, since, last = data.get("until"), data.get("from"), data.get("last_dose")
        earliest, latest = _first_day(last), _last_day(last)
        if begin and until and until < begin:
            message = f"{until} is before the event's own date {begin}; {_PAST.get(kind, 'check both dates')}"
            self.reading.fault(f"{path}.until", message)
        if since and until and since > until:
            self.reading.fault(f"{path}.from", f"{since} is after 'until', {until}; check both dates")
        if begin and earliest and earliest > begin:
            self.reading.fault(f"{path}.last_dose", f"{last} is after the event's own date {begin}; check both dates")
        refuse_before_birth(self.reading, self.born, since, f"{path}.from")
        refuse_before_birth(self.reading, self.born, latest, f"{path}.last_dose")

    def route(self, tree: Tree, path: str) -> str | None:
        short = ROUTE_SHORT.get(tree) if isinstance(tree, str) else None
        return short or self.reading.word(tree, path, (*ROUTES, *ROUTE_SHORT))

    def _event_date(self, kind: str, tree: Tree, path: str) -> tuple[date | None, str]:
        """(day, "") or (None, month), whichever is told."""
        if tree is None:
            return None, ""
        if tree == "unknown":
            message = (
                "'unknown' can't be placed in time; write the day it happened, or a history with last_dose: unknown"
            )
            self.reading.fault(path, message)
            return None, ""
        told = self._date_or_month(tree, path)
        if isinstance(told, str) and kind not in MONTH_IS_ENOUGH:
            self.reading.fault(path, f"'{told}' is a month, and {kind} needs the day; write a date such as {told}-15")
        refuse_before_birth(self.reading, self.born, _last_day(told), path)
        return (None, told) if isinstance(told, str) else (told, "")

    def _interval(self, tree: Tree, path: str) -> Span | None:
        span = self.reading.span(tree, path)
        if self.typed and span is not None and not span.in_range:
            self.reading.fault(path, f"'{tree}' is not from 1 d to 10 a, for example 8 wk or 3 mo")
        return span

    def _expiry(self, tree: Tree, path: str) -> date | None:
        """Labels often print a month: the product lasts to its last day."""
        return _last_day(self._date_or_month(tree, path))

    def _last_dose(self, tree: Tree, path: str) -> date | str | None:
        return tree if tree == "unknown" else self._date_or_month(tree, path)

    def _date_or_month(self, tree: Tree, path: str) -> date | str | None:
        if _is_month(tree):
            return tree if self.reading.date(f"{tree}-01", path) else None
        return self.reading.date(tree, path)

    def _recorded_at(self, tree: Tree, path: str) -> str | None:
        match = _RECORDED.fullmatch(tree) if isinstance(tree, str) else None
        if not match:
            self.reading.fault(
                path, f"'{tree}' must be a date such as 2026-01-31, with a time if known (2026-01-31T14:05)"
            )
            return None
        return tree if self.reading.date(match.group(1), path) else None

    def _authority(self, tree: Tree, path: str) -> dict[str, Any]:
        entry = self.reading.mapping(tree, path, ("by",), ("from", "through", "product"))
        dates: dict[str, Any] = {
            key: self.reading.date(entry[key], f"{path}.{key}") for key in ("from", "through") if key in entry
        }
        for key in ("by", "product"):
            if key in entry:
                self.reading.text(entry[key], f"{path}.{key}")
        return {**entry, **dates}

    def _own_symptoms(self, tree: Tree, path: str) -> dict[str, int | None]:
        if not isinstance(tree, dict):
            self.reading.fault(path, "must be a mapping of your own words to 0..10")
            return {}
        for key in tree:
            self.reading.text(key, f"{path}.{key[:_LONGEST_NAME]}", _LONGEST_NAME)
        return {key: self.reading.whole(value, f"{path}.{key}", 0, 10) for key, value in tree.items()}

    def _texts(self, tree: Tree, path: str) -> dict[str, str]:
        if not isinstance(tree, dict):
            self.reading.fault(path, "must be a mapping")
            return {}
        return {key: self.reading.text(value, f"{path}.{key}") for key, value in tree.items()}

    def _id(self, entry: dict[str, Tree], path: str, date_key: str) -> str:
        """The event's own id, or one made from what it says."""
        if "id" in entry:
            if isinstance(entry["id"], str) and _ID.fullmatch(entry["id"]):
                return entry["id"]
            self.reading.fault(f"{path}.id", f"'{entry['id']}' must be letters, digits and . _ : - (at most 80)")
        return made_of(entry, date_key)
