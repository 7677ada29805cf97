"""Reading the events of a record by their declarations (`therapy.case.events`), and what holds of several keys together (contract, section 1)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from cobalamin.casefile.event_values import day_or_month, first_day, is_month, last_day, read_value
from cobalamin.casefile.facts import FactReader
from cobalamin.casefile.ids import made_of
from cobalamin.casefile.plans import refuse_before_birth, refuse_never_accepted
from cobalamin.casefile.quantities import QuantityReader
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.reading import Reading
from cobalamin.records import replace
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.event_words import SYMPTOMS, UNKNOWN
from cobalamin.therapy.case.events import HEADER, KINDS, event_of, own_keys
from cobalamin.therapy.case.keys import Key, Kind

# Kinds of which only the month may be known; every other kind changes what holds from a day on.
MONTH_IS_ENOUGH = ("administration", "statement", "omission", "reaction", "result", "symptoms", "fact")
_DATED = (Kind.DAY, Kind.LAST_DAY, Kind.DAY_OR_MONTH, Kind.MOMENT)
# Keys of an event, and of the authority inside one, whose value is a day or a month.
DATE_KEYS = frozenset(
    {"date", "on", "through"} | {key.name for kind in KINDS for key in own_keys(kind) if key.value.kind in _DATED}
    | {key.name for key in HEADER if key.value.kind in _DATED}
)  # fmt: skip
ID = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}"
_ID = re.compile(ID)
GIVEN, REPORTED = ("substance", "dose", "route"), ("reported", "self")
_PAST = {"statement": "date the statement by its last day, and write the day it was told as recorded_at"}


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


class EventReader:
    """Reads one event after the other, reporting every fault with its line. `born`: nothing happened before it.

    `typed`: the event stands in no file yet, so an interval out of range is a fault; written earlier it is a question (contract, General).
    """

    reading: Reading
    library: Library
    typed: bool

    def __init__(
        self, reading: Reading, facts: FactReader, library: Library, born: date | None, typed: bool = False
    ) -> None:
        self.reading, self.facts, self.library, self.born, self.typed = reading, facts, library, born, typed
        self.quantities = QuantityReader(reading, library.markers)

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
        own, date_key = own_keys(kind), "on" if "on" in tree else "date"
        required = (date_key, "kind", *(each.name for each in own if each.required))
        optional = (*(each.name for each in HEADER), *(each.name for each in own if not each.required))
        entry = reading.mapping(tree, path, required, ("id", *optional))
        on, month = self._event_date(kind, entry.get(date_key), f"{path}.{date_key}")
        data = self._values(own, entry, path)
        header = self._values(tuple(each for each in HEADER if each.name not in data), entry, path)
        self._whole_event(kind, data, entry, path)
        self._periods(kind, first_day(on or month), data, path)
        self._not_known(kind, data, header.get("source"), path)
        told = {name: value for name, value in (data | header).items() if value is not None}
        return event_of(kind, self._id(entry, path, date_key), on, month, **told)

    def _values(self, keys: tuple[Key, ...], entry: dict[str, Tree], path: str) -> dict[str, Any]:
        """What stands under these keys, in the order in which it stands there."""
        known = {each.name: each.value for each in keys}
        return {
            name: read_value(self, known[name], tree, f"{path}.{name}") for name, tree in entry.items() if name in known
        }

    def _not_known(self, kind: str, data: dict[str, Any], source: str | None, path: str) -> None:
        """What of a dose nobody knows is named apart, so that no reader of the record takes a word for a substance or a route."""
        unknown = tuple(key for key in GIVEN if data.get(key) == UNKNOWN) if kind == "administration" else ()
        if not unknown:
            return
        if source not in REPORTED:
            message = f"unknown is for a dose that was only reported; write {unknown[0]} as it was given, or source: reported or self"
            self.reading.fault(f"{path}.{unknown[0]}", message)
        for key in unknown:
            del data[key]
        data["not_known"] = unknown

    def _what_was_given(self, entry: dict[str, Tree], path: str) -> None:
        """Either as planned, or all three of substance, dose and route; never both, which could contradict each other."""
        told = [key for key in GIVEN if key in entry]
        if "as_planned" in entry:
            if told:
                message = f"as_planned says substance, dose and route as the plan has them; leave it out, or leave out {', '.join(told)}"
                self.reading.fault(f"{path}.as_planned", message)
            return
        for key in GIVEN:
            if key not in entry:
                message = f"the key '{key}' is missing; write substance, dose and route, or as_planned: true"
                self.reading.fault(path, message)

    def _whole_event(self, kind: str, data: dict[str, Any], entry: dict[str, Tree], path: str) -> None:
        """What can only be judged on several keys together."""
        reading = self.reading
        if data.get("expires_on") and is_month(entry["expires_on"]):
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
        earliest, latest = first_day(last), last_day(last)
        if begin and until and until < begin:
            message = f"{until} is before the event's own date {begin}; {_PAST.get(kind, 'check both dates')}"
            self.reading.fault(f"{path}.until", message)
        if since and until and since > until:
            self.reading.fault(f"{path}.from", f"{since} is after 'until', {until}; check both dates")
        if begin and earliest and earliest > begin:
            self.reading.fault(f"{path}.last_dose", f"{last} is after the event's own date {begin}; check both dates")
        refuse_before_birth(self.reading, self.born, since, f"{path}.from")
        refuse_before_birth(self.reading, self.born, latest, f"{path}.last_dose")

    def _event_date(self, kind: str, tree: Tree, path: str) -> tuple[date | None, str]:
        """(day, "") or (None, month), whichever is told."""
        if tree is None:
            return None, ""
        if tree == UNKNOWN:
            message = (
                "'unknown' can't be placed in time; write the day it happened, or a history with last_dose: unknown"
            )
            self.reading.fault(path, message)
            return None, ""
        told = day_or_month(self.reading, tree, path)
        if isinstance(told, str) and kind not in MONTH_IS_ENOUGH:
            self.reading.fault(path, f"'{told}' is a month, and {kind} needs the day; write a date such as {told}-15")
        refuse_before_birth(self.reading, self.born, last_day(told), path)
        return (None, told) if isinstance(told, str) else (told, "")

    def _id(self, entry: dict[str, Tree], path: str, date_key: str) -> str:
        """The event's own id, or one made from what it says."""
        if "id" in entry:
            if isinstance(entry["id"], str) and _ID.fullmatch(entry["id"]):
                return entry["id"]
            self.reading.fault(f"{path}.id", f"'{entry['id']}' must be letters, digits and . _ : - (at most 80)")
        return made_of(entry, date_key)
