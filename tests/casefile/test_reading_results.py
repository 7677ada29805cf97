"""Results as laboratories print them: units in every spelling, comparators, words, ranges with spaces and brackets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cobalamin.amounts import exact_value
from cobalamin.app.services.shipped import library
from cobalamin.casefile.events import read_event
from cobalamin.errors import InputError
from cobalamin.knowledge.units import folded, spellings, unit_of
from cobalamin.therapy.case.case import Event, Quantity, ReferenceRange
from cobalamin.therapy.case.event_words import MARKERS
from hazards import hazard


def read(marker: str, value: str, **more: str) -> Event:
    return read_event({"date": "2026-03-10", "kind": "result", "marker": marker, "value": value, **more}, library())


def fault(marker: str, value: str, **more: str) -> str:
    with pytest.raises(InputError) as refused:
        read(marker, value, **more)
    (found,) = refused.value.faults
    return found.message


PRINTED = [
    ("platelets", "32000 /uL", "32000", "/uL"),
    ("platelets", "32000/µL", "32000", "/uL"),
    ("platelets", "32 10^9/L", "32", "10*9/L"),
    ("platelets", "32 x10^9/L", "32", "10*9/L"),
    ("platelets", "32 × 10⁹/l", "32", "10*9/L"),
    ("platelets", "32 10E9/L", "32", "10*9/L"),
    ("platelets", "32 G/L", "32", "10*9/L"),
    ("platelets", "32 K/uL", "32", "10*3/uL"),
    ("platelets", "32000 /mm3", "32000", "/uL"),
    ("reticulocytes", "45 x 10(9)/L", "45", "10*9/L"),
    ("serum_b12", "231 ng/l", "231", "ng/L"),
    ("serum_b12", "231 PG/ML", "231", "pg/mL"),
    ("serum_b12", "231\u00a0ng/L", "231", "ng/L"),
    ("mma", "0.45 µmol/L", "0.45", "umol/L"),
    ("mma", "0.45 μmol/l", "0.45", "umol/L"),
    ("potassium", "2.4 mEq/L", "2.4", "meq/L"),
    ("potassium", "2.4 mmol/litre", "2.4", "mmol/L"),
    ("mcv", "97 fl", "97", "fL"),
    ("mcv", "97 µm³", "97", "fL"),
    ("folate", "4 mcg/L", "4", "ug/L"),
    ("haematocrit", "31%", "31", "%"),
    ("haematocrit", "0.31 l/l", "0.31", "L/L"),
    ("egfr", "28 ml/min/1.73 m²", "28", "mL/min/1.73m2"),
    ("egfr", "28 mL/min/1.73m^2", "28", "mL/min/1.73m2"),
    ("egfr", "28 mL/min/1,73m2", "28", "mL/min/1.73m2"),
    ("creatinine", "210 µmol/l", "210", "umol/L"),
    ("tsh", "2.1 mU/L", "2.1", "mIU/L"),
    ("tissue_transglutaminase_iga", "3 kU/L", "3", "U/mL"),
    ("ldh", "900 IU/L", "900", "U/L"),
]  # fmt: skip


@hazard("H48")
@pytest.mark.parametrize(
    ("marker", "typed", "number", "unit"), PRINTED, ids=[f"{each[0]} {each[1]}" for each in PRINTED]
)
def test_a_unit_is_read_as_a_laboratory_prints_it(marker: str, typed: str, number: str, unit: str) -> None:
    value = read(marker, typed).value
    assert isinstance(value, Quantity)
    assert (value.comparator, value.value) == ("", Decimal(number))
    assert exact_value(Decimal(1), value.unit, unit) == 1


@hazard("H48")
def test_every_unit_of_every_marker_is_read_in_every_spelling() -> None:
    assert set(MARKERS) == set(library().markers)
    for marker, record in library().markers.items():
        for unit in record["units"]:
            shown = (unit, unit.lower(), unit.upper(), unit.replace("u", "µ"), unit.replace("*", "^"), f" {unit} ")
            for written in shown:
                found = unit_of(record, written)
                assert found is not None, (marker, written)
                assert exact_value(Decimal(1), found, unit) == 1, (marker, written)
            value = read(marker, f"5 {unit}").value
            assert isinstance(value, Quantity)


def test_no_spelling_means_two_units_of_one_marker() -> None:
    """Two units that fold to one spelling must be one unit: only what has two readings is refused."""
    for marker, record in library().markers.items():
        written = [(unit, unit) for unit in record["units"]]
        written += [(spelling, unit) for unit, each in record.get("written", {}).items() for spelling in each]
        for one, meant in written:
            for other, also in written:
                if folded(one) == folded(other):
                    assert exact_value(Decimal(1), meant, also) == 1, (marker, one, other)
        assert set(spellings(record).values()) <= set(record["units"])


@pytest.mark.parametrize(
    ("marker", "typed"),
    [
        ("potassium", "2.4"), ("potassium", "2,4 mmol/L"), ("serum_b12", "1,200 ng/L"), ("serum_b12", "231 ug"), ("mma", "0.45"),
        ("platelets", "32,000 /uL"), ("egfr", "28 mL/min"), ("haemoglobin", "12 mg/dL"), ("platelets", "3210^9/L"),
    ],
)  # fmt: skip
def test_what_has_two_readings_or_none_is_refused(marker: str, typed: str) -> None:
    message = fault(marker, typed)
    assert typed in message
    assert library().markers[marker]["units"][0] in message


@hazard("H48")
@pytest.mark.parametrize(
    ("typed", "comparator"), [("<", "<"), (">", ">"), ("<=", "<="), (">=", ">="), ("≤", "<="), ("≥", ">="), ("> ", ">"), (">= ", ">=")]
)  # fmt: skip
def test_comparators(typed: str, comparator: str) -> None:
    assert read("serum_b12", f"{typed}2000 ng/L").value == Quantity(comparator, Decimal(2000), "ng/L")
    usual = read("serum_b12", "150 ng/L", reference_range=f"{typed}180 ng/L").reference_range
    assert isinstance(usual, ReferenceRange)
    assert (usual.low, usual.high) == ((None, Decimal(180)) if "<" in comparator else (Decimal(180), None))
    assert usual.closed is comparator.endswith("=")


@hazard("H48")
@pytest.mark.parametrize("word", ["positive", "negative", "equivocal", "Positive", " NEGATIVE "])
@pytest.mark.parametrize(
    "marker", ["intrinsic_factor_antibody", "parietal_cell_antibody", "tissue_transglutaminase_iga"]
)
def test_an_antibody_may_be_a_word(marker: str, word: str) -> None:
    assert read(marker, word).value == word.strip().lower()
    assert "number" in fault("potassium", word)


RANGES = [
    ("120 - 160 g/L", "120", "160"), ("[120-160] g/L", "120", "160"), ("[120 - 160 g/L]", "120", "160"), ("120–160 g/l", "120", "160"),
    ("[ 120 - 160 ] g/L", "120", "160"), ("120-160 [g/L]", "120", "160"), ("12-16 g/dL", "12", "16"),
]  # fmt: skip


@hazard("H48")
@pytest.mark.parametrize(("typed", "low", "high"), RANGES, ids=[each[0] for each in RANGES])
def test_a_range_is_read_with_spaces_brackets_and_in_an_exact_unit(typed: str, low: str, high: str) -> None:
    usual = read("haemoglobin", "101 g/L", reference_range=typed).reference_range
    assert isinstance(usual, ReferenceRange)
    assert (usual.low, usual.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize("typed", ["120-160", "]120-160[ g/L", "120 to 160 g/L", "160-120 g/L", "120-160 mg/L"])
def test_a_range_that_can_be_read_in_no_way_or_two_is_refused(typed: str) -> None:
    assert typed in fault("haemoglobin", "101 g/L", reference_range=typed)


def test_a_range_in_moles_beside_a_value_in_mass_says_which_units_go_with_it() -> None:
    message = fault("serum_b12", "231 ng/L", reference_range="133-664 pmol/L")
    assert "ng/L or pg/mL" in message


# -- a clinician has looked -------------------------------------------------------------------------------------------


def decided(**more: Any) -> Event:
    return read_event(
        {"date": "2026-03-10", "kind": "decision", "decision": "reviewed", "by": "Dr A", **more}, library()
    )


def test_reviewed_names_what_was_looked_at() -> None:
    event = decided(answers=["POTASSIUM_LOW", "FACT_CONTRADICTED"], finding="repeated, 4.1")
    assert event.answers == ("POTASSIUM_LOW", "FACT_CONTRADICTED")
    for wrong in ({}, {"answers": []}, {"answers": ["potassium low"]}, {"answers": "POTASSIUM_LOW"}):
        with pytest.raises(InputError):
            decided(**wrong)


@pytest.mark.parametrize("decision", ["stop", "waive", "advance"])
def test_every_other_decision_needs_its_reason(decision: str) -> None:
    with pytest.raises(InputError) as refused:
        read_event({"date": "2026-03-10", "kind": "decision", "decision": decision, "by": "Dr A"}, library())
    assert "reason" in str(refused.value)


def test_the_page_of_events_lists_every_marker_with_its_units() -> None:
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")
    for marker, record in library().markers.items():
        units = ", ".join([*record["units"], *(["or a word"] if "words" in record else [])])
        assert f"| {marker} | {units} |" in page
