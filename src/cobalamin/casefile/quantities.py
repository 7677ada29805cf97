"""Reading laboratory values and reference ranges as laboratories print them, each in a unit of its marker (hazard H09)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from cobalamin.amounts import exact_value
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.units import unit_of
from cobalamin.therapy.case.case import Quantity, ReferenceRange

NUMBER = r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,6})?"
UNIT = r"(?![0-9.,])[ \u00a0\u202f]?(\S.{0,40})"
_RESULT = re.compile(rf"(<=|>=|[<>\u2264\u2265]?)[ \u00a0\u202f]?({NUMBER}){UNIT}")
_RANGE = re.compile(rf"({NUMBER}) ?[-\u2013] ?({NUMBER}){UNIT}")
_COMPARATORS = {"\u2264": "<=", "\u2265": ">="}
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


class QuantityReader:
    """Reads the values of results; `markers` are the records of the library, with the accepted units of each."""

    def __init__(self, reading: Reading, markers: Mapping[str, dict[str, Tree]]) -> None:
        self.reading, self.markers = reading, markers

    def value(self, marker: str | None, tree: Tree, path: str) -> Quantity | str | None:
        """The value of a result: a quantity, or for an antibody also one of its words."""
        words = self.markers.get(marker or "", {}).get("words", [])
        if isinstance(tree, str) and tree.strip().casefold() in words:
            return tree.strip().casefold()
        match = _RESULT.fullmatch(tree) if isinstance(tree, str) else None
        if not match:
            other = f", or one of {', '.join(words)}" if words else ""
            needed = (
                f"a number with a point and a unit{self._allowed(marker)}; <, >, <= or >= may stand before it{other}"
            )
            self.reading.fault(path, f"'{tree}' must be {needed}")
            return None
        comparator, number, written = match.groups()
        unit = self._unit(marker, written, tree, path)
        return Quantity(_COMPARATORS.get(comparator, comparator), Decimal(number), unit) if unit else None

    def range_of(
        self, marker: str | None, value: Quantity | str | None, tree: Tree, path: str
    ) -> ReferenceRange | None:
        """The range of a result, in a unit that is exactly that of its value in another notation, so that the two compare."""
        usual = self._range(marker, tree, path)
        if usual is None or not isinstance(value, Quantity) or exact_value(Decimal(1), usual.unit, value.unit):
            return usual
        self.reading.fault(
            path, f"'{tree}' must be in the unit of the value, {value.unit}{self._same_as(marker, value)}"
        )
        return None

    def _same_as(self, marker: str | None, value: Quantity) -> str:
        """The other notations of the unit of a value."""
        units = [unit for unit in self._units(marker) if unit != value.unit]
        same = [unit for unit in units if exact_value(Decimal(1), unit, value.unit)]
        return f" or {', '.join(same)}" if same else ""

    def _units(self, marker: str | None) -> list[str]:
        return list(self.markers.get(marker or "", {}).get("units", []))

    def _allowed(self, marker: str | None) -> str:
        units = self._units(marker)
        return (
            f", for example 3.9 {units[0]} (allowed units: {', '.join(units)})" if units else ", for example 3.9 mmol/L"
        )

    def _unit(self, marker: str | None, written: str, tree: Tree, path: str) -> str | None:
        """The unit as the library writes it; a marker that is not known has been a fault already."""
        record = self.markers.get(marker or "")
        if record is None:
            return written
        unit = unit_of(record, written)
        if unit is None:
            allowed = ", ".join(record["units"])
            self.reading.fault(path, f"'{tree}': '{written.strip()}' is not a unit for {marker}; allowed are {allowed}")
        return unit

    def _range(self, marker: str | None, tree: Tree, path: str) -> ReferenceRange | None:
        """A laboratory's range, in a unit of its marker; with an open side it has < or >, with one that is closed <= or >=."""
        text = " ".join(_BRACKETS.sub(r" \1 ", tree).split()) if isinstance(tree, str) else ""
        if match := _RANGE.fullmatch(text):
            low, high, written = match.groups()
            if Decimal(low) > Decimal(high):
                self.reading.fault(path, f"'{tree}' runs backwards; write the lower number first")
                return None
            unit = self._unit(marker, written, tree, path)
            return ReferenceRange(Decimal(low), Decimal(high), unit) if unit else None
        if (match := _RESULT.fullmatch(text)) and match.group(1):
            comparator, number, written = match.groups()
            unit = self._unit(marker, written, tree, path)
            return _one_sided(_COMPARATORS.get(comparator, comparator), Decimal(number), unit) if unit else None
        units = self._units(marker) or ["mmol/L"]
        message = f"'{tree}' must be a range with a unit, such as 3.5-5.3 {units[0]}, <10 {units[0]} or >180 {units[0]}"
        self.reading.fault(path, message)
        return None


def _one_sided(comparator: str, end: Decimal, unit: str) -> ReferenceRange:
    """`<10` does not include its end, `<=10` does."""
    low, high = (None, end) if comparator[0] == "<" else (end, None)
    return ReferenceRange(low, high, unit, closed=comparator.endswith("="))
