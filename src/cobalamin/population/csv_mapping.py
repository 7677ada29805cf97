"""The mapping of a practice's own recall list: which column is which, how dates are written, what its words mean.

Nothing is guessed: a date format, the unit of the interval and the words of the cause are told by the person who knows the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cobalamin.knowledge.document import Tree, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.reading import Reading
from cobalamin.population.csv_files import named

COLUMNS = (
    "patient_id", "last_dose", "interval", "next_due", "cause", "last_serum_b12", "last_serum_b12_on", "practice", "birth_date", "sex",
    "neurological_involvement", "registered_to", "died_on", "name",
)  # fmt: skip
_UNITS = ("d", "wk", "mo", "a")


@dataclass(frozen=True)
class RegisterMapping:
    """How a practice's list is read. `words`: by column, the contract's word for each word of the list in small letters."""

    columns: Mapping[str, str]
    protocol: str
    choices: str
    country: str
    dates: str = "%Y-%m-%d"
    interval_unit: str = ""
    result_unit: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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
    root = reading.mapping(document.tree, "", keys, ("choices", "dates", "interval_unit", "result_unit", "words"))
    columns = reading.mapping(root.get("columns", {}), "columns", ("patient_id", "last_dose", "interval"), COLUMNS)
    reading.word(root.get("protocol"), "protocol", library.ids)
    if "interval_unit" in root:
        reading.word(root["interval_unit"], "interval_unit", _UNITS)
    if "result_unit" in root:
        reading.word(root["result_unit"], "result_unit", tuple(library.markers["serum_b12"]["units"]))
    if "dates" in root:
        _check_dates(reading, root["dates"])
    words = {
        name: _words(reading, tree, f"words.{name}")
        for name, tree in reading.mapping(root.get("words", {}), "words", (), COLUMNS).items()
    }
    for ours, theirs in columns.items():
        reading.text(theirs, f"columns.{ours}")
    reading.finish()
    return RegisterMapping(
        {ours: named(str(theirs)) for ours, theirs in columns.items()}, str(root["protocol"]), str(root.get("choices", "")), str(root["country"]),
        str(root.get("dates", "%Y-%m-%d")), str(root.get("interval_unit", "")), str(root.get("result_unit", "")), words,
    )  # fmt: skip


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
