"""Laboratory results in groups that can share one axis: one marker, one unit in whichever notation, one method."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import exact_value
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.therapy.case.case import Quantity, ReferenceRange
from cobalamin.therapy.response.values import Result, position, results_of
from cobalamin.therapy.review.review import Review


class ScalePoint(Struct, frozen=True):
    """One result in the unit of its scale. `bound`: "more" or "less" where the laboratory told a bound only."""

    on: date
    value: float
    told: Quantity
    about: str
    bound: str = ""
    outside: bool = False


class Scale(Struct, frozen=True):
    """The results that one axis holds, in their order; `usual` is the range that the laboratory told last."""

    marker: str
    unit: str
    method: str
    usual: ReferenceRange | None
    points: tuple[ScalePoint, ...]

    def between(self, first: date, last: date) -> Scale:
        """Those of some days."""
        return replace(self, points=tuple(point for point in self.points if first <= point.on <= last))


def scales_of(seen: Review) -> tuple[Scale, ...]:
    """Every result that is a quantity; the marker that was measured last comes first."""
    groups: dict[tuple[str, str, str], list[Result]] = {}
    for result in results_of(seen.record.events):
        if isinstance(result.value, Quantity):
            unit = notation(seen.library, result.marker, result.value.unit)
            groups.setdefault((result.marker, unit, result.method), []).append(result)
    made = [_scale(*key, sorted(results, key=lambda each: each.on)) for key, results in groups.items()]
    return tuple(sorted(made, key=lambda scale: (-len(scale.points), scale.marker)))


def notation(library: Library, marker: str, unit: str) -> str:
    """The first notation of a unit: all results in one of them are drawn in this one."""
    units = library.markers[marker]["units"]
    return next((each for each in units if exact_value(Decimal(1), unit, each) is not None), unit)


def in_notation(usual: ReferenceRange | None, unit: str) -> ReferenceRange | None:
    """The range in another notation of its unit; None where the unit is another one."""
    if usual is None or exact_value(Decimal(1), usual.unit, unit) is None:
        return None
    low, high = (None if end is None else exact_value(end, usual.unit, unit) for end in (usual.low, usual.high))
    return ReferenceRange(low, high, unit, usual.closed)


def _scale(marker: str, unit: str, method: str, results: list[Result]) -> Scale:
    ranges = [found for result in results if (found := in_notation(result.usual, unit)) is not None]
    points = tuple(_point(result, unit) for result in results)
    return Scale(marker, unit, method, ranges[-1] if ranges else None, points)


def _point(result: Result, unit: str) -> ScalePoint:
    value = result.value
    number = exact_value(value.value, value.unit, unit) if isinstance(value, Quantity) else None
    if not isinstance(value, Quantity) or number is None:
        raise TypeError("a scale holds quantities of one unit")
    bound = "" if not value.comparator else "more" if value.comparator.startswith(">") else "less"
    return ScalePoint(result.on, float(number), value, result.event, bound, position(result) in ("below", "above"))
