"""Reading the events of a record: which keys each kind has, and the values they may hold (contract, section 1)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cobalamin.exchange.facts import FactReader
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import ROUTE_SHORT, ROUTES, SUBSTANCES
from cobalamin.therapy.case import Event, Quantity, ReferenceRange

SOURCES = ("this_site", "other_site", "self", "reported")
OMISSION_REASONS = ("did_not_attend", "declined", "clinic_cancelled", "withheld", "unavailable")
DECISIONS = (
    "advance", "gate_met", "restart", "resume", "stop", "change_interval", "waive", "credit", "reject",
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
    "reticulocyte_fraction", "platelets", "potassium", "folate", "ferritin", "intrinsic_factor_antibody",
    "parietal_cell_antibody", "creatinine", "egfr",
)  # fmt: skip

_COMMON = ("id", "recorded_at", "by", "source", "time", "zone", "note")
_NUMBER = r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,6})?"
_UNIT = r"(?: ?([A-Za-z%\u00b5\u03bc][^ ,]{0,30})| (10\S{1,30}))"
_RESULT = re.compile(rf"([<>]?) ?({_NUMBER}){_UNIT}")
_RANGE = re.compile(rf"({_NUMBER})-({_NUMBER}){_UNIT}")
_RECORDED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")


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
    "result": KindOfEvent(("marker", "value"), ("reference_range", "method", "laboratory")),
    "symptoms": KindOfEvent((), (*SYMPTOMS, "own", "red_flags")),
    "decision": KindOfEvent(("decision", "by", "reason"), ("interval", "event")),
    "hold": KindOfEvent((), ("until", "reason")),
    "pause": KindOfEvent((), ("until", "reason")),
    "bridge": KindOfEvent(("substance", "dose", "route"), ("until", "reason")),
    "history": KindOfEvent(("phase", "last_dose"), ("doses", "interval", "substance", "asserted_by")),
    "fact": KindOfEvent(("fact", "value")),
    "plan": KindOfEvent(
        ("protocol", "version", "start"), ("choices", "product", "policy", "accepted_by", "continue", "reason")
    ),
    "correction": KindOfEvent(("withdraws",), ("replaced_by", "reason")),
}


class EventReader:
    """Reads one event after the other, reporting every fault with its line."""

    def __init__(self, reading: Reading, facts: FactReader) -> None:
        self.reading, self.facts = reading, facts
        self.units: dict[str, list[str]] = facts.units
        self._readers: dict[str, Callable[[Tree, str], Any]] = {
            "recorded_at": self._recorded_at,
            "substance": lambda tree, path: reading.word(tree, path, SUBSTANCES),
            "dose": reading.mass,
            "route": self.route,
            "as_planned": lambda tree, path: reading.word(tree, path, ("true",)),
            "expires_on": reading.date,
            "intent": lambda tree, path: reading.word(tree, path, ("scheduled", "additional")),
            "authority": self._authority,
            "taking": lambda tree, path: reading.word(tree, path, ("yes", "partly", "no")),
            "from": reading.date,
            "until": reading.date,
            "start": reading.date,
            "marker": lambda tree, path: reading.word(tree, path, MARKERS),
            "own": self._own_symptoms,
            "red_flags": lambda tree, path: reading.words(tree, path, RED_FLAGS),
            "decision": lambda tree, path: reading.word(tree, path, DECISIONS),
            "interval": reading.span,
            "last_dose": self._date_or_month,
            "doses": lambda tree, path: reading.whole(tree, path, 0, 1000),
            "version": lambda tree, path: reading.whole(tree, path, 1),
            "choices": self._texts,
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
        on, month = self._event_date(entry.get(date_key), f"{path}.{date_key}")
        data = {
            key: self._value(kind, key, value, f"{path}.{key}")
            for key, value in entry.items()
            if key in (*shape.required, *shape.optional)
        }
        for key in ("recorded_at", "by", "time", "zone", "note"):
            if key in entry and key not in data:
                self._value(kind, key, entry[key], f"{path}.{key}")
        self._whole_event(kind, data, entry, path)
        source = reading.word(entry["source"], f"{path}.source", SOURCES) if "source" in entry else None
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

    def _value(self, kind: str, key: str, tree: Tree, path: str) -> Any:
        if kind == "omission" and key == "reason":
            return self.reading.word(tree, path, OMISSION_REASONS)
        if key in ("value", "reference_range", "fact"):
            return tree  # read together with their marker or fact
        return self._readers.get(key, self.reading.text)(tree, path)

    def _whole_event(self, kind: str, data: dict[str, Any], entry: dict[str, Tree], path: str) -> None:
        """What can only be judged on several keys together."""
        reading = self.reading
        match kind:
            case "administration" if "as_planned" not in entry:
                for key in ("substance", "dose", "route"):
                    if key not in entry:
                        reading.fault(
                            path, f"the key '{key}' is missing; write substance, dose and route, or as_planned: true"
                        )
            case "result":
                data["value"] = self._quantity(data.get("marker"), entry.get("value"), f"{path}.value")
                if "reference_range" in entry:
                    data["reference_range"] = self._range_of(data, entry["reference_range"], f"{path}.reference_range")
            case "symptoms" if not data:
                reading.fault(path, f"needs at least one of {', '.join((*SYMPTOMS, 'own', 'red_flags'))}")
            case "decision" if data.get("decision") == "change_interval" and "interval" not in entry:
                reading.fault(path, "change_interval needs 'interval', for example 8 wk")
            case "decision" if data.get("decision") in ("credit", "reject") and "event" not in entry:
                reading.fault(path, f"{data['decision']} needs 'event', the id of the dose")
            case "fact":
                fact = self.facts.read(entry.get("fact"), entry.get("value"), path)
                data["value"] = fact.value if fact else None

    def route(self, tree: Tree, path: str) -> str | None:
        short = ROUTE_SHORT.get(tree) if isinstance(tree, str) else None
        return short or self.reading.word(tree, path, (*ROUTES, *ROUTE_SHORT))

    def _event_date(self, tree: Tree, path: str) -> tuple[Any, str]:
        if isinstance(tree, str) and _MONTH.fullmatch(tree):
            return None, tree
        return (self.reading.date(tree, path), "") if tree is not None else (None, "")

    def _date_or_month(self, tree: Tree, path: str) -> Any:
        if isinstance(tree, str) and (tree == "unknown" or _MONTH.fullmatch(tree)):
            return tree
        return self.reading.date(tree, path)

    def _quantity(self, marker: str | None, tree: Tree, path: str) -> Quantity | None:
        match = _RESULT.fullmatch(tree) if isinstance(tree, str) else None
        if not match:
            self.reading.fault(
                path,
                f"'{tree}' must be a number with a point and a unit{self._allowed(marker)}; < or > may stand before it",
            )
            return None
        comparator, number, word, power = match.groups()
        unit = word or power
        return Quantity(comparator, Decimal(number), unit) if self._unit_fits(marker, unit, tree, path) else None

    def _allowed(self, marker: str | None) -> str:
        units = self.units.get(marker or "", [])
        return (
            f", for example 3.9 {units[0]} (allowed units: {', '.join(units)})" if units else ", for example 3.9 mmol/L"
        )

    def _unit_fits(self, marker: str | None, unit: str, tree: Tree, path: str) -> bool:
        allowed = self.units.get(marker or "", [])
        if allowed and unit not in allowed:
            self.reading.fault(path, f"'{tree}': '{unit}' is not a unit for {marker}; allowed are {', '.join(allowed)}")
            return False
        return True

    def _range(self, marker: str | None, tree: Tree, path: str) -> ReferenceRange | None:
        """A laboratory's range, in a unit of its marker; with an open side it has < or >."""
        text = tree if isinstance(tree, str) else ""
        if match := _RANGE.fullmatch(text):
            low, high, word, power = match.groups()
            if Decimal(low) > Decimal(high):
                self.reading.fault(path, f"'{tree}' runs backwards; write the lower number first")
                return None
            found = ReferenceRange(Decimal(low), Decimal(high), word or power)
        elif (match := _RESULT.fullmatch(text)) and match.group(1):
            comparator, number, word, power = match.groups()
            low_end, high_end = (None, Decimal(number)) if comparator == "<" else (Decimal(number), None)
            found = ReferenceRange(low_end, high_end, word or power)
        else:
            units = self.units.get(marker or "", ["mmol/L"])
            message = (
                f"'{tree}' must be a range with a unit, such as 3.5-5.3 {units[0]}, <10 {units[0]} or >180 {units[0]}"
            )
            self.reading.fault(path, message)
            return None
        return found if self._unit_fits(marker, found.unit, tree, path) else None

    def _range_of(self, data: dict[str, Any], tree: Tree, path: str) -> ReferenceRange | None:
        """The range of a result: in the unit of its value, so that the two can be compared (hazard H09)."""
        usual, value = self._range(data.get("marker"), tree, path), data.get("value")
        if usual is not None and value is not None and usual.unit != value.unit:
            self.reading.fault(path, f"'{tree}' must be in the unit of the value, {value.unit}")
            return None
        return usual

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
        return {**entry, **dates}

    def _own_symptoms(self, tree: Tree, path: str) -> dict[str, int | None]:
        if not isinstance(tree, dict):
            self.reading.fault(path, "must be a mapping of your own words to 0..10")
            return {}
        return {key: self.reading.whole(value, f"{path}.{key}", 0, 10) for key, value in tree.items()}

    def _texts(self, tree: Tree, path: str) -> dict[str, str]:
        if not isinstance(tree, dict):
            self.reading.fault(path, "must be a mapping")
            return {}
        return {key: self.reading.text(value, f"{path}.{key}") for key, value in tree.items()}

    def _id(self, entry: dict[str, Tree], path: str, date_key: str) -> str:
        """The event's own id, or one made from date, kind and content, never from the position."""
        if "id" in entry:
            if isinstance(entry["id"], str) and _ID.fullmatch(entry["id"]):
                return entry["id"]
            self.reading.fault(f"{path}.id", f"'{entry['id']}' must be letters, digits and . _ : - (at most 80)")
        content = repr(
            sorted((key, repr(value)) for key, value in entry.items() if key not in (date_key, "recorded_at"))
        )
        return f"{entry.get(date_key)}-{entry.get('kind')}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
