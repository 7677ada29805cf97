"""Reading laboratory values and reference ranges, each in a unit of its marker (hazard H09)."""

from __future__ import annotations

import re
from decimal import Decimal

from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.reading import Reading
from cobalamin.therapy.case.case import Quantity, ReferenceRange

_NUMBER = r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,6})?"
_UNIT = r"(?: ?([A-Za-z%\u00b5\u03bc][^ ,]{0,30})| (10\S{1,30}))"
_RESULT = re.compile(rf"([<>]?) ?({_NUMBER}){_UNIT}")
_RANGE = re.compile(rf"({_NUMBER})-({_NUMBER}){_UNIT}")


class QuantityReader:
    """Reads the values of results; `units` are the accepted units of each marker."""

    def __init__(self, reading: Reading, units: dict[str, list[str]]) -> None:
        self.reading, self.units = reading, units

    def value(self, marker: str | None, tree: Tree, path: str) -> Quantity | None:
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

    def range_of(self, marker: str | None, value: Quantity | None, tree: Tree, path: str) -> ReferenceRange | None:
        """The range of a result: in the unit of its value, so that the two can be compared."""
        usual = self._range(marker, tree, path)
        if usual is not None and value is not None and usual.unit != value.unit:
            self.reading.fault(path, f"'{tree}' must be in the unit of the value, {value.unit}")
            return None
        return usual

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
