"""The mapping of a practice's own recall list: which column is which, how dates are written, what its words mean.

Nothing is guessed: a date format, the unit of the interval and the words of the cause are told by the person who knows the list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cobalamin.knowledge.document import Tree, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.reading import Reading
from cobalamin.population.csv_files import named
from cobalamin.population.leaving import LEAVING
from cobalamin.population.numbers import KINDS

COLUMNS = (
    "patient_id", "last_dose", "interval", "next_due", "cause", "last_serum_b12", "last_serum_b12_on", "practice", "birth_date", "sex",
    "neurological_involvement", "registered_to", "died_on", "name", "interval_by",
)  # fmt: skip
_UNITS = ("d", "wk", "mo", "a")


OPEN = "?"  # what a draft leaves to the person who knows the list
NO_PROTOCOL = "none"  # in the words of a list's protocol: what is no treatment of ours, as tablets
_PHASE = "maintenance"


@dataclass(frozen=True)
class ProtocolRule:
    """Which protocol somebody is on: the one of the whole list, or by the words of a column.

    `neurological`: the protocol that takes the place of another where neurological involvement is present. `phases`: by protocol,
    the phase in which somebody treated before stands.
    """

    everybody: str = ""
    column: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    neurological: Mapping[str, str] = field(default_factory=dict)
    phases: Mapping[str, str] = field(default_factory=dict)

    def of(self, told: str, is_neurological: bool) -> str | None:
        """The protocol; "" where the list's word means none of ours, None where nobody knows what it means."""
        found = self.words.get(small(told)) if self.column else self.everybody
        return self.neurological.get(found or "", found) if is_neurological else found


@dataclass(frozen=True)
class RegisterMapping:
    """How a practice's list is read. `words`: by column, the contract's word for each word of the list in small letters.

    `choices`: by protocol. `id_kind`: nhs, or "" where any text is a number. `heading_line`: where the heading stands, 0 to find it.
    `carry`: columns of the list that stand on the day's list as they are, and in no panel.
    """

    columns: Mapping[str, str]
    protocol: ProtocolRule
    choices: Mapping[str, str]
    country: str
    dates: str = "%Y-%m-%d"
    interval_unit: str = ""
    result_unit: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    id_kind: str = ""
    heading_line: int = 0
    carry: tuple[str, ...] = ()

    @property
    def used(self) -> dict[str, str]:
        """The columns of the list that are read, by our names for them."""
        return {**self.columns, **({"protocol": self.protocol.column} if self.protocol.column else {})}

    def word(self, column: str, told: str) -> str:
        """The contract's word for what the list says; what the mapping has no word for stays as it is."""
        words = self.words.get(column, {})
        return words.get(small(told), told)


def small(text: str) -> str:
    """A word of a list as it is compared: whatever its capitals and spaces."""
    return " ".join(text.casefold().split())


def read_mapping(content: bytes, file: str, library: Library) -> RegisterMapping:
    """The mapping in a YAML file. Raises InputError with every fault, each with its line."""
    document = read_document(content, file)
    reading = Reading(document)
    keys = ("register", "columns", "protocol", "country")
    also = ("choices", "dates", "interval_unit", "result_unit", "words", "heading_line", "carry")
    root = reading.mapping(document.tree, "", keys, also)
    _refuse_open(reading, root, "")
    reading.finish()
    columns, kind = _columns(reading, root.get("columns", {}))
    protocol = _protocol(reading, root.get("protocol"), library)
    if "interval_unit" in root:
        reading.word(root["interval_unit"], "interval_unit", _UNITS)
    if "result_unit" in root:
        reading.word(root["result_unit"], "result_unit", tuple(library.markers["serum_b12"]["units"]))
    if "dates" in root:
        _check_dates(reading, root["dates"])
    line = str(root.get("heading_line", "0"))
    if "heading_line" in root and not re.fullmatch("[1-9][0-9]{0,3}", line):
        reading.fault(
            "heading_line", f"'{line}' is no line; write the number of the line that names the columns, from 1"
        )
    words = {
        name: _words(reading, tree, f"words.{name}")
        for name, tree in reading.mapping(root.get("words", {}), "words", (), COLUMNS).items()
    }
    choices = _choices(reading, root.get("choices", ""), protocol)
    carry = reading.each(root["carry"], "carry", reading.text) if "carry" in root else ()
    _check_leaving(reading, words)
    reading.finish()
    return RegisterMapping(
        {ours: named(theirs) for ours, theirs in columns.items()}, protocol, choices, str(root["country"]), str(root.get("dates", "%Y-%m-%d")),
        str(root.get("interval_unit", "")), str(root.get("result_unit", "")), words, kind, int(line),
        tuple(dict.fromkeys(map(named, carry))),
    )  # fmt: skip


def _refuse_open(reading: Reading, tree: Tree, path: str) -> None:
    """Each value that a draft left open is a fault with its line: an answer from it would be a guess."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            _refuse_open(reading, value, f"{path}.{key}" if path else key)
    elif tree == OPEN:
        reading.fault(path, "is left open; write what it means in place of the question mark")


def _columns(reading: Reading, tree: Tree) -> tuple[dict[str, str], str]:
    """The columns by our names, and the kind of the patient's number: `patient_id: {column: NHS No, kind: nhs}`."""
    columns = reading.mapping(tree, "columns", ("patient_id", "last_dose", "interval"), COLUMNS)
    told, kind = columns.get("patient_id"), ""
    if isinstance(told, dict):
        number = reading.mapping(told, "columns.patient_id", ("column", "kind"))
        kind = reading.word(number.get("kind"), "columns.patient_id.kind", KINDS) or ""
        columns = {**columns, "patient_id": number.get("column", "")}
    return {ours: reading.text(theirs, f"columns.{ours}") for ours, theirs in columns.items()}, kind


def _protocol(reading: Reading, tree: Tree, library: Library) -> ProtocolRule:
    """One protocol for the whole list, or `{column: Drug, words: {...}, neurological: {...}}`."""
    if not isinstance(tree, dict):
        one = reading.word(tree, "protocol", library.ids) or ""
        return ProtocolRule(one, phases=_phases(library, {one}))
    rule = reading.mapping(tree, "protocol", ("column", "words"), ("neurological",))
    words = {
        theirs: "" if ours == NO_PROTOCOL else reading.word(ours, f"protocol.words.{theirs}", library.ids) or ""
        for theirs, ours in _words(reading, rule.get("words", {}), "protocol.words").items()
    }
    other = _words(reading, rule.get("neurological", {}), "protocol.neurological")
    for each in (*other, *other.values()):
        reading.word(each, f"protocol.neurological.{each}", library.ids)
    column = named(reading.text(rule.get("column"), "protocol.column"))
    used = {each for each in (*words.values(), *other.values()) if each}
    return ProtocolRule("", column, words, other, _phases(library, used))


def _phases(library: Library, protocols: set[str]) -> dict[str, str]:
    """By protocol, the phase of its upkeep, or its last one."""
    found = {}
    for version in library.protocols():
        if version.id in protocols:
            names = [phase.name for phase in library.content(version).phases]
            found[version.id] = _PHASE if _PHASE in names or not names else names[-1]
    return found


def _choices(reading: Reading, tree: Tree, protocol: ProtocolRule) -> dict[str, str]:
    """The choices by protocol; one text is that of every protocol of the list."""
    used = {protocol.everybody, *protocol.words.values(), *protocol.neurological.values()} - {""}
    if isinstance(tree, dict):
        told = reading.mapping(tree, "choices", (), tuple(used))
        return {name: reading.text(each, f"choices.{name}") for name, each in told.items()}
    return dict.fromkeys(used, str(tree))


def _check_leaving(reading: Reading, words: Mapping[str, Mapping[str, str]]) -> None:
    """A word for having died or left means yes or no; the day is not known by it."""
    for name in LEAVING:
        for theirs, ours in words.get(name, {}).items():
            if ours not in ("yes", "no"):
                reading.fault(f"words.{name}.{theirs}", f"'{ours}' is neither yes nor no")


def _words(reading: Reading, tree: Tree, path: str) -> dict[str, str]:
    told = reading.mapping(tree, path, (), tuple(tree) if isinstance(tree, dict) else ())
    return {small(theirs): reading.text(ours, f"{path}.{theirs}") for theirs, ours in told.items()}


def _check_dates(reading: Reading, tree: Tree) -> None:
    """A format without a year of four digits would make years up, and one without a day or month the rest."""
    form = reading.text(tree, "dates")
    if "%y" in form:
        message = (
            f"'{form}' has a year of two digits, which may be of two centuries; let the list write four and use %Y"
        )
        reading.fault("dates", message)
    elif "%Y" not in form or "%d" not in form or not any(month in form for month in ("%m", "%b", "%B")):
        reading.fault(
            "dates", f"'{form}' must have %d, %m (or %b, %B for a month in letters) and %Y, for example %d/%m/%Y"
        )
