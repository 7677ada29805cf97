"""Values that can't go with their unit as entered: asked about before they are written, and never judged.

The ranges stand with the markers of the library. They check an entry, far outside every reference range, and are this
program's assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import exact_value, laboratory_value, plain
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Quantity


class Implausible(Struct, frozen=True):
    """Why an entry is asked about: the plausible range in its own unit, and the entries that may have been meant."""

    range: str
    likely: tuple[str, ...]


def implausible(library: Library, marker: str, value: object) -> Implausible | None:
    """What is wrong with an entry; None where it is plausible, in words, or of a marker without a plausible range."""
    record = library.markers.get(marker)
    if record is None or not isinstance(value, Quantity):
        return None
    ends = _ends(record, value.unit)
    if ends is None or _inside(value, *ends):
        return None
    told = f"{_rounded(ends[0])} to {_rounded(ends[1])} {value.unit}"
    return Implausible(told, tuple(_likely(record, value)))


def _ends(record: dict[str, Tree], unit: str) -> tuple[Decimal, Decimal] | None:
    """The least and most plausible value in this unit."""
    for entry in record.get("plausible", ()):
        least, most = (laboratory_value(Decimal(entry[end]), entry["unit"], unit) for end in ("from", "to"))
        if least is not None and most is not None:
            return least, most
    return None


def _inside(value: Quantity, least: Decimal, most: Decimal) -> bool:
    """A limit like `<50` is implausible where nothing under it is plausible, one like `>2000` where nothing over it is."""
    under, over = value.comparator.startswith("<"), value.comparator.startswith(">")
    return (over or value.value >= least) and (under or value.value <= most)


def _likely(record: dict[str, Tree], value: Quantity) -> Iterator[str]:
    """The same number in each other unit of the marker in which it is plausible; of two notations of one unit the first."""
    taken = [value.unit]
    for unit in record["units"]:
        if any(exact_value(Decimal(1), unit, other) == 1 for other in taken):
            continue
        ends = _ends(record, unit)
        if ends is not None and _inside(value, *ends):
            taken.append(unit)
            yield str(Quantity(value.comparator, value.value, unit))


def _rounded(end: Decimal) -> str:
    return f"{plain(end if end == end.to_integral_value() else end.quantize(Decimal('0.0001'))):f}"
