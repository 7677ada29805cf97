"""Checking the records that need no typed form: thresholds, markers, red flags, responses, statements and the like.

Each file's shape is one line here: the list's name, the keys a record must have and those it may have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from cobalamin.errors import Fault
from cobalamin.knowledge.criteria import Context, read_citations
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import NEXT_DOSE, ROUTES, SUBSTANCES

QUALITATIVE = ("positive", "negative", "equivocal")  # what a laboratory says of a test without a number
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,4})?")


class Shape(Struct, frozen=True):
    """The list of a file, and the keys of its records; each record has citations unless `cited` is false."""

    key: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    cited: bool = True


SHAPES = {
    "thresholds.yaml": Shape(
        "thresholds",
        ("id", "country", "marker", "unit", "bands", "cites"),
        ("issuer", "laboratory", "ages_from", "note"),
    ),
    "markers.yaml": Shape(
        "markers",
        ("id", "name", "plain", "units", "unit_class", "loinc", "cites"),
        ("written", "words", "plausible", "note", "also"),
    ),
    "red_flags.yaml": Shape(
        "red_flags",
        ("id", "text", "plain", "action", "plain_action", "next_dose", "cites"),
        ("substances", "emergency"),
    ),
    "asked/signs.yaml": Shape("signs", ("id", "text", "plain", "action", "plain_action", "cites")),
    "asked/lines.yaml": Shape("lines", ("country", "text", "cites")),
    "response.yaml": Shape(
        "responses",
        ("id", "event", "text", "plain", "cites"),
        ("from", "to", "marker", "markers", "role", "routes", "while", "times_upper"),
    ),
    "interference.yaml": Shape("interferences", ("id", "markers", "text", "plain", "cites"), ("wait", "raised_by")),
    "contradictions.yaml": Shape(
        "contradictions",
        ("id", "marker", "fact", "value"),
        ("side", "under", "word", "asked", "text", "plain", "cites"),
        cited=False,
    ),
    "cautions.yaml": Shape("cautions", ("id", "topic", "substances", "text", "plain", "cites")),
    "codes.yaml": Shape("codes", ("id", "of", "system", "code", "name", "cites"), ("replaced_by",)),
    "misstatements.yaml": Shape("misstatements", ("id", "truth", "cites"), ("regimen", "text", "code", "threshold")),
    "spelling.yaml": Shape("spellings", ("gb", "us"), cited=False),
    "ledger.yaml": Shape("ledger", ("row", "home", "test"), cited=False),
}
STATEMENTS = Shape("statements", ("id", "kind", "topics", "text", "plain", "cites"), ("against", "ledger"))
KINDS = ("C", "R", "M", "S", "U", "T", "E", "F")
# What the review of a result takes from a response, and the key without which the role says nothing.
ROLES = {
    "normal_by": "to", "rises_from": "from", "overshoot": "text", "unmasked": "text", "target": "text", "failure": "text",
}  # fmt: skip
MEANS = ("deficient", "indeterminate", "unlikely", "possible", "under", "high")


def record_faults(documents: Mapping[str, Document], context: Context, markers: frozenset[str]) -> list[Fault]:
    """Every fault of form in these files; a dead source, marker or span is told with its line."""
    faults: list[Fault] = []
    ids: dict[str, str] = {}
    for file, document in documents.items():
        shape = STATEMENTS if file.startswith("statements/") else SHAPES.get(file)
        if shape is not None:
            checker = _Checker(Reading(document), context, markers)
            checker.check(shape, ids)
            faults += checker.reading.faults
    return faults


class _Checker:
    def __init__(self, reading: Reading, context: Context, markers: frozenset[str]) -> None:
        self.reading, self.context, self.markers = reading, context, tuple(sorted(markers))

    def check(self, shape: Shape, ids: dict[str, str]) -> None:
        root = self.reading.mapping(self.reading.document.tree, "", (shape.key,))
        for path, tree in self.reading.items(root.get(shape.key, []), shape.key):
            record = self.reading.mapping(tree, path, shape.required, shape.optional)
            if shape.cited and not read_citations(self.reading, self.context, record.get("cites", []), f"{path}.cites"):
                self.reading.fault(path, "has no citation")
            read_citations(self.reading, self.context, record.get("against", []), f"{path}.against")
            self._values(record, path)
            self._judging(record, path)
            self._entered(record, path)
            if shape.key == "contradictions":
                self._against(record, path)
            if shape is STATEMENTS:
                self._once(record, path, ids)

    def _once(self, record: dict[str, Tree], path: str, ids: dict[str, str]) -> None:
        self.reading.word(record.get("kind"), f"{path}.kind", KINDS)
        name = str(record.get("id"))
        if name in ids:
            self.reading.fault(f"{path}.id", f"the id '{name}' stands twice, also in {ids[name]}")
        ids[name] = self.reading.document.file

    def _values(self, record: dict[str, Tree], path: str) -> None:
        for key in ("text", "plain", "name", "truth", "action", "gb", "us"):
            if key in record:
                self.reading.text(record[key], f"{path}.{key}")
        for key in ("from", "to", "wait"):
            if key in record:
                self.reading.span(record[key], f"{path}.{key}")
        if "next_dose" in record:
            self.reading.word(record["next_dose"], f"{path}.next_dose", NEXT_DOSE)
        if "emergency" in record:
            self.reading.flag(record, "emergency", path)
        if "marker" in record:
            self.reading.word(record["marker"], f"{path}.marker", self.markers)
        if isinstance(record.get("markers"), list):
            self.reading.words(record["markers"], f"{path}.markers", self.markers)
        if isinstance(record.get("substances"), list):
            self.reading.words(record["substances"], f"{path}.substances", SUBSTANCES)
        for at, band in self.reading.items(record.get("bands", []), f"{path}.bands"):
            entry = self.reading.mapping(band, at, ("means",), ("below", "above", "from", "to"))
            self.reading.word(entry.get("means"), f"{at}.means", MEANS)
        for at, code in self.reading.items(record.get("loinc", []), f"{path}.loinc"):
            entry = self.reading.mapping(code, at, ("code", "unit_class", "cites"), ("level",))
            read_citations(self.reading, self.context, entry.get("cites", []), f"{at}.cites")

    def _judging(self, record: dict[str, Tree], path: str) -> None:
        """The keys by which results are judged: a role without its span, or a limit that is no number, is a fault."""
        if "role" in record:
            role = self.reading.word(record["role"], f"{path}.role", tuple(ROLES))
            if role and ROLES[role] not in record:
                self.reading.fault(path, f"the role '{role}' needs '{ROLES[role]}'")
            if not {"marker", "markers", "routes"} & set(record):
                self.reading.fault(path, "a role needs the marker or markers that it speaks of, or routes")
        if "routes" in record:
            self.reading.words(record["routes"], f"{path}.routes", ROUTES)
        if "times_upper" in record:
            self.reading.whole(record["times_upper"], f"{path}.times_upper", 1, 100)
        if "raised_by" in record:
            self.reading.word(record["raised_by"], f"{path}.raised_by", tuple(self.context.facts))
        if "while" in record:
            entry = self.reading.mapping(record["while"], f"{path}.while", ("marker", "below"))
            self.reading.word(entry.get("marker"), f"{path}.while.marker", self.markers)
            for at, limit in self.reading.items(entry.get("below", []), f"{path}.while.below"):
                self._limit(self.reading.mapping(limit, at, ("value", "unit")), at)

    def _entered(self, record: dict[str, Tree], path: str) -> None:
        """How results of a marker may be entered: spellings of its units, words in place of a number, what is plausible."""
        units = tuple(record.get("units", ()))
        for unit in self.reading.mapping(record.get("written", {}), f"{path}.written", (), units):
            self.reading.each(record["written"][unit], f"{path}.written.{unit}", self.reading.text)
        for key in ("words", "also"):
            self.reading.each(record.get(key, []), f"{path}.{key}", self.reading.text)
        for at, entry in self.reading.items(record.get("plausible", []), f"{path}.plausible"):
            told = self.reading.mapping(entry, at, ("from", "to", "unit"))
            self.reading.word(told.get("unit"), f"{at}.unit", units)
            for end in ("from", "to"):
                if not _NUMBER.fullmatch(str(told.get(end))):
                    self.reading.fault(f"{at}.{end}", f"'{told.get(end)}' must be a number such as 35 or 0.35")

    def _against(self, record: dict[str, Tree], path: str) -> None:
        """A rule by which a result speaks against a fact: a side of the range, a limit with its source, or a word."""
        fact = self.context.facts.get(
            self.reading.word(record.get("fact"), f"{path}.fact", tuple(self.context.facts)) or ""
        )
        if fact is not None:
            self.reading.word(record.get("value"), f"{path}.value", fact.values)
        if sum(key in record for key in ("side", "under", "word")) != 1:
            self.reading.fault(path, "needs one of 'side', 'under' and 'word'")
        if "side" in record:
            self.reading.word(record["side"], f"{path}.side", ("below", "above"))
        if "word" in record:
            self.reading.word(record["word"], f"{path}.word", QUALITATIVE)
        if "under" in record:
            self._limit(self.reading.mapping(record["under"], f"{path}.under", ("value", "unit")), f"{path}.under")
            if not read_citations(self.reading, self.context, record.get("cites", []), f"{path}.cites"):
                self.reading.fault(path, "a limit needs the source that gives it")

    def _limit(self, limit: dict[str, Tree], path: str) -> None:
        self.reading.text(limit.get("unit"), f"{path}.unit")
        if not _NUMBER.fullmatch(str(limit.get("value"))):
            self.reading.fault(f"{path}.value", f"'{limit.get('value')}' must be a number such as 35 or 0.35")
