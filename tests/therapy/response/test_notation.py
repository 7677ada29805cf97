"""Another notation of a unit changes no answer: the law over every marker and every pair of exact units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from blood_results import MARKERS, START, Judging, result

from cobalamin.amounts import exact_value, plain
from cobalamin.app.services.shipped import library
from cobalamin.records import replace
from cobalamin.therapy.case.case import Event, Quantity, ReferenceRange
from cobalamin.therapy.response.plausible import implausible
from english import english
from hazards import hazard

# A usual range and values below, within and above it, for markers that have no rule.
OTHERS: dict[str, tuple[str, str, str, str, str, str]] = {
    "creatinine": ("45", "84", "umol/L", "30", "60", "210"),
    "egfr": ("60", "120", "mL/min/{1.73_m2}", "28", "90", "140"),
    "red_cell_folate": ("150", "600", "ug/L", "90", "300", "900"),
    "total_iga": ("0.8", "4", "g/L", "0.1", "2", "6"),
    "tsh": ("0.4", "4", "mIU/L", "0.1", "2", "9"),
    "gastrin": ("13", "115", "ng/L", "5", "60", "900"),
    "ldh": ("120", "240", "U/L", "60", "180", "900"),
    "phosphate": ("0.8", "1.5", "mmol/L", "0.3", "1.1", "2.4"),
}
EVERY = {**MARKERS, **OTHERS}


def pairs() -> Iterator[tuple[str, str, str]]:
    """(marker, one unit, another notation of it)."""
    for marker, record in library().markers.items():
        for one, other in product(record["units"], repeat=2):
            if one != other and exact_value(Decimal(1), one, other) is not None:
                yield marker, one, other


PAIRS = list(pairs())


def told(event: Event, unit: str) -> Event:
    """The same result in another notation of its unit."""
    value, usual = event.value, event.reference_range
    assert isinstance(value, Quantity)
    changed: dict[str, object] = {
        "value": Quantity(value.comparator, converted(value.value, value.unit, unit), unit),
    }
    if isinstance(usual, ReferenceRange):
        ends = (None if end is None else converted(end, usual.unit, unit) for end in (usual.low, usual.high))
        changed["reference_range"] = ReferenceRange(*ends, unit)
    return replace(event, **changed)


def converted(value: Decimal, unit: str, wanted: str) -> Decimal:
    found = exact_value(value, unit, wanted)
    assert found is not None
    return plain(found)


def in_range_of(event: Event, unit: str) -> Event:
    """The same result with only its range in another notation."""
    return replace(event, reference_range=told(event, unit).reference_range)


def outcome(respond: Judging, *record: Event) -> object:
    found = respond(*record)
    return (
        [(each.marker, each.verdict, each.on) for each in found.verdicts],
        sorted(each.code for each in found.issues),
        sorted(each.code for each in found.asks),
        [(each.marker, each.verdict) for each in found.results],
        found.changes,
    )


def records(marker: str) -> Iterator[list[Event]]:
    """A value before treatment and two after it, in every order of low, normal and high, plain and censored."""
    low, high, unit, *values = EVERY[marker]
    for before, first, last in product(values, repeat=3):
        yield [
            result(marker, days, value, (low, high), unit) for days, value in ((-3, before), (20, first), (60, last))
        ]
    for sign in ("<", ">"):
        yield [
            result(marker, -3, sign + values[0], (low, high), unit),
            result(marker, 20, sign + values[2], (low, high), unit),
        ]
    yield [result(marker, -3, values[0], None, unit), result(marker, 20, values[0], None, unit)]


@hazard("H40")
@pytest.mark.parametrize(("marker", "one", "other"), PAIRS, ids=[" ".join(pair) for pair in PAIRS])
def test_the_notation_of_a_unit_changes_no_answer(respond: Judging, marker: str, one: str, other: str) -> None:
    haematocrit = [result("haematocrit", 5, "30"), result("haematocrit", 59, "30")] if marker.startswith("reti") else []
    for plainly in records(marker):
        record = [told(event, one) for event in plainly]
        wanted = outcome(respond, *haematocrit, *record)
        assert wanted == outcome(respond, *haematocrit, *(told(event, other) for event in record))
        assert wanted == outcome(
            respond,
            *haematocrit,
            *(in_range_of(event, other) if event.reference_range else event for event in record),
        )
        assert wanted == outcome(respond, *haematocrit, told(record[0], other), *record[1:])
        assert wanted == outcome(respond, *haematocrit, *record[:-1], told(record[-1], other))


@hazard("H40")
@pytest.mark.parametrize("unit", ["%", "L/L"])
def test_the_haematocrit_of_the_reticulocyte_rule_in_either_notation(respond: Judging, unit: str) -> None:
    for value in ("34.9", "35", "36"):
        haematocrit = result("haematocrit", 5, value)
        record = [result("reticulocytes", 6, "60")]
        assert (
            outcome(respond, haematocrit, *record)[0][1:] == outcome(respond, told(haematocrit, unit), *record)[0][1:]
        )  # type: ignore[index]  # markers beside


@hazard("H40")
def test_ten_of_the_markers_or_more_have_exact_notations() -> None:
    """The law is about something: as many as the findings counted, and the newer ones."""
    assert len({marker for marker, _, _ in PAIRS}) >= 12


@hazard("H40")
@hazard("H45")
@pytest.mark.parametrize(("marker", "one", "other"), PAIRS, ids=[" ".join(pair) for pair in PAIRS])
def test_what_is_plausible_is_so_in_every_notation(marker: str, one: str, other: str) -> None:
    for text in ("0", "0.004", "0.3", "1", "19", "79", "400", "32000", "900000"):
        value = Quantity("", Decimal(text), one)
        again = Quantity("", converted(value.value, one, other), other)
        assert (implausible(library(), marker, value) is None) is (implausible(library(), marker, again) is None)


def test_a_baseline_in_g_per_dl_is_compared_with_a_value_in_g_per_l(respond: Judging) -> None:
    before = result("haemoglobin", -3, "7.8", ("12", "16"), "g/dL")
    found = respond(before, result("haemoglobin", 25, "75", ("120", "160"), "g/L"))
    assert [each.verdict for each in found.verdicts] == ["below_expected"]
    assert "It has fallen from 7.8 g/dL" in english(found.verdicts[0].text)
    assert START + timedelta(days=25) == found.verdicts[0].on
