"""Laboratory results compared: with the laboratory's own range, and with the value before treatment.

A censored value (`<5`, `>2000`) is compared only where the answer is certain. Another notation of one unit (g/dL and g/L)
changes nothing (hazard H40). A change of unit that is more than that, of method or laboratory breaks a trend; so does a
method or laboratory that is told for one of the two only (hazard H27).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import exact_value, laboratory_value
from cobalamin.text.messages import Text, day_or_month, listed, message
from cobalamin.therapy.case.case import Event, Quantity, ReferenceRange
from cobalamin.therapy.case.events import Result as ResultEntry
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth

BELOW, WITHIN, ABOVE, UNCERTAIN, NO_RANGE = "below", "within", "above", "uncertain", "no_range"
RISEN, FALLEN, UNCHANGED, UNCLEAR, BROKEN, NO_BASELINE = (
    "risen", "fallen", "unchanged", "unclear", "broken", "no_baseline",
)  # fmt: skip
# Of several values before treatment on one day, the comparison that speaks least for a response counts.
_WORST_FIRST = (FALLEN, UNCHANGED, UNCLEAR, RISEN, BROKEN)


class Result(Struct, frozen=True):
    """One laboratory result, in a quantity or for an antibody in a word. `on` is the last day on which it may have been
    taken where only the month is known."""

    marker: str
    value: Quantity | str
    usual: ReferenceRange | None
    method: str
    laboratory: str
    on: date
    month: str = ""
    event: str = ""

    @property
    def days(self) -> tuple[date, ...]:
        """Every day on which the sample may have been taken."""
        first = self.on.replace(day=1) if self.month else self.on
        return tuple(first + timedelta(days=number) for number in range((self.on - first).days + 1))

    @property
    def when(self) -> Text:
        return day_or_month(self.on, self.month)


def results_of(record: tuple[Event, ...]) -> tuple[Result, ...]:
    """The laboratory results of a record, in its order."""
    return tuple(result for event in record if (result := _result(event)) is not None)


def _result(event: Event) -> Result | None:
    if not isinstance(event, ResultEntry) or event.on is None or not event.value:
        return None
    return Result(
        marker=event.marker,
        value=event.value,
        usual=event.reference_range,
        method=event.method,
        laboratory=event.laboratory,
        on=event.on,
        month=event.month,
        event=event.id,
    )


class Bounds(Struct, frozen=True):
    """Where the true value lies: from `least` to `most` (None: without end); open ends are not part of it."""

    least: Decimal
    most: Decimal | None
    open_below: bool = False
    open_above: bool = False

    def under(self, limit: Decimal, or_at: bool = False) -> Truth:
        """Whether the value is under `limit` (with `or_at`: at most the limit)."""
        if self.most is not None and (self.most < limit or (self.most == limit and (or_at or self.open_above))):
            return TRUE
        if self.least > limit or (self.least == limit and (not or_at or self.open_below)):
            return FALSE
        return UNKNOWN


def bounds(value: Quantity | str, unit: str | None = None) -> Bounds | None:
    """What a value as entered says about the true value; None for a word, and where the unit can't be converted."""
    number = laboratory_value(value.value, value.unit, unit or value.unit) if isinstance(value, Quantity) else None
    if number is None or isinstance(value, str):
        return None
    if value.comparator.startswith("<"):
        return Bounds(Decimal(0), number, open_above=value.comparator == "<")
    if value.comparator.startswith(">"):
        return Bounds(number, None, open_below=value.comparator == ">")
    return Bounds(number, number)


def position(result: Result) -> str:
    """Where a value lies to its laboratory's range: a range with one end does not include it (`<10`) unless it says so (`<=10`)."""
    usual = result.usual
    found = bounds(result.value, usual.unit) if usual else None
    if usual is None or found is None:
        return NO_RANGE
    one_sided = (usual.low is None or usual.high is None) and not usual.closed
    low = FALSE if usual.low is None else found.under(usual.low, or_at=one_sided)
    not_high = TRUE if usual.high is None else found.under(usual.high, or_at=not one_sided)
    if low is TRUE:
        return BELOW
    if not_high is FALSE:
        return ABOVE
    return WITHIN if (low, not_high) == (FALSE, TRUE) else UNCERTAIN


def range_words(usual: ReferenceRange) -> str:
    end = "=" if usual.closed else ""
    if usual.low is None:
        return f"<{end}{usual.high} {usual.unit}"
    return f">{end}{usual.low} {usual.unit}" if usual.high is None else f"{usual.low}-{usual.high} {usual.unit}"


def same_value(one: Quantity | str, other: Quantity | str) -> bool:
    """Whether two values can be the same measurement: equal, or equal once converted and rounded as the other is."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if one.comparator != other.comparator or one.unit == other.unit:
        return (one.comparator, one.value) == (other.comparator, other.value)
    there = laboratory_value(one.value, one.unit, other.unit)
    back = laboratory_value(other.value, other.unit, one.unit)
    if there is None or back is None:
        return True
    return there.quantize(other.value) == other.value or back.quantize(one.value) == one.value


class Trend(Struct, frozen=True):
    """A result against the one before treatment."""

    direction: str
    text: Text = ""
    plain: Text = ""

    @property
    def not_risen(self) -> bool:
        return self.direction in (FALLEN, UNCHANGED)


def trend(result: Result, baselines: tuple[Result, ...]) -> Trend:
    """The trend against the last result before treatment (several, where they are of one day)."""
    found = [_trend(result, baseline) for baseline in baselines]
    return min(found, key=lambda entry: _WORST_FIRST.index(entry.direction), default=Trend(NO_BASELINE))


def _trend(result: Result, baseline: Result) -> Trend:
    before = message("blood.before", value=baseline.value, date=baseline.when)
    changes = what_differs(baseline, result)
    direction = BROKEN if changes else direction_of(baseline.value, result.value)
    text, plain = (
        message(f"blood.{direction}{part}", before=before, why=listed(changes, message("joined.and")))
        for part in ("", "__plain")
    )
    return Trend(direction, text, plain)


def what_differs(before: Result, after: Result) -> list[Text]:
    """What keeps two results from being compared."""
    found: list[Text] = []
    one_unit, other_unit = (entry.value.unit if isinstance(entry.value, Quantity) else "" for entry in (before, after))
    if exact_value(Decimal(1), one_unit, other_unit) is None:
        found.append(message("blood.unit__changed", one=one_unit, other=other_unit))
    for name in ("method", "laboratory"):
        one, other = getattr(before, name), getattr(after, name)
        if one and other and one != other:
            found.append(message(f"blood.{name}__changed", one=one, other=other))
        elif one != other:
            found.append(message(f"blood.{name}__told_once"))
    return found


def comparable(before: Result, after: Result) -> bool:
    """Whether two results are of one scale: unit, method, and laboratory where both name one."""
    one, other = before.value, after.value
    if not isinstance(one, Quantity) or not isinstance(other, Quantity):
        return False
    same_place = not before.laboratory or not after.laboratory or before.laboratory == after.laboratory
    same_method = not before.method or not after.method or before.method == after.method
    return exact_value(Decimal(1), one.unit, other.unit) is not None and same_place and same_method


def direction_of(before: Quantity | str, after: Quantity | str) -> str:
    """From one value to another of one unit, in whichever notation; with a censored value only what is certain."""
    unit = before.unit if isinstance(before, Quantity) else None
    one, other = bounds(before), bounds(after, unit)
    if one is None or other is None:
        return UNCLEAR
    if one == other and one.least == one.most:
        return UNCHANGED
    if _certainly_under(one, other):
        return RISEN
    return FALLEN if _certainly_under(other, one) else UNCLEAR


def _certainly_under(below: Bounds, above: Bounds) -> bool:
    if below.most is None:
        return False
    return below.most < above.least or (below.most == above.least and (below.open_above or above.open_below))
