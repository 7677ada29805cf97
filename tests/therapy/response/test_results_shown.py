"""Values that can't be right are asked about and never judged; every recorded result is listed, with its verdict or why not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from blood_results import START, Judging, codes, high, low, normal, only, result

from cobalamin.knowledge.library import Library
from cobalamin.text.messages import Text
from cobalamin.therapy.case.case import Quantity
from cobalamin.therapy.response.plausible import implausible
from english import english
from entries import entry
from hazards import hazard

SLIPS = [
    ("mma", "0.3", "nmol/L", ("0.3 umol/L",)),
    ("mma", "300", "umol/L", ("300 nmol/L",)),
    ("haemoglobin", "79", "g/dL", ("79 g/L",)),
    ("haemoglobin", "10.4", "g/L", ("10.4 g/dL",)),
    ("potassium", "19", "mmol/L", ()),
    ("potassium", "0.39", "meq/L", ()),
    ("serum_b12", "0", "ng/L", ()),
    ("serum_b12", "0.2", "ng/L", ()),
    ("platelets", "32", "/uL", ("32 10*9/L",)),
    ("platelets", "32000", "10*9/L", ("32000 /uL",)),
    ("haematocrit", "0.41", "%", ("0.41 L/L",)),
    ("creatinine", "1.1", "umol/L", ("1.1 mg/dL",)),
    ("creatinine", "88", "mg/dL", ("88 umol/L",)),
]


@hazard("H45")
@pytest.mark.parametrize(("marker", "number", "unit", "likely"), SLIPS, ids=[" ".join(each[:3]) for each in SLIPS])
def test_a_value_that_can_not_be_right_names_the_unit_that_was_meant(
    library: Library, marker: str, number: str, unit: str, likely: tuple[str, ...]
) -> None:
    found = implausible(library, marker, Quantity("", Decimal(number), unit))
    assert found is not None
    assert found.likely == likely
    assert found.range.endswith(unit)


RIGHT = [
    ("potassium", "1.9", "mmol/L"), ("potassium", "9", "mmol/L"), ("haemoglobin", "19", "g/L"), ("haemoglobin", "2.1", "g/dL"),
    ("serum_b12", "<50", "ng/L"), ("serum_b12", ">2000", "pg/mL"), ("serum_b12", "60", "pmol/L"), ("platelets", "3", "10*9/L"),
    ("mma", "90000", "nmol/L"), ("mcv", "150", "fL"), ("ferritin", "<1", "ug/L"), ("homocysteine", "300", "umol/L"),
    ("egfr", "4", "mL/min/1.73m2"), ("tsh", "<0.01", "mIU/L"), ("reticulocyte_fraction", "0.1", "%"),
]  # fmt: skip


@pytest.mark.parametrize(("marker", "value", "unit"), RIGHT, ids=[" ".join(each) for each in RIGHT])
def test_an_extreme_value_that_occurs_is_plausible(library: Library, marker: str, value: str, unit: str) -> None:
    number = value.lstrip("<>")
    assert implausible(library, marker, Quantity(value.removesuffix(number), Decimal(number), unit)) is None


def test_a_word_and_a_marker_without_a_range_of_entries_are_never_implausible(library: Library) -> None:
    assert implausible(library, "intrinsic_factor_antibody", "positive") is None
    assert implausible(library, "tissue_transglutaminase_iga", Quantity("", Decimal(0), "U/mL")) is None


@hazard("H45")
@pytest.mark.parametrize(("marker", "number", "unit", "likely"), SLIPS, ids=[" ".join(each[:3]) for each in SLIPS])
def test_it_is_shown_and_not_judged_and_asked(
    respond: Judging, marker: str, number: str, unit: str, likely: tuple[str, ...]
) -> None:
    response = respond(result(marker, 70, number, None, unit))
    assert response.verdicts == ()
    assert codes(response) == set()
    (ask,) = response.asks
    assert ask.code == "VALUE_IMPLAUSIBLE"
    meant = ask.fields["meant"]
    assert isinstance(meant, Text)
    assert all(each in english(meant) for each in likely)
    (shown,) = response.results
    assert (shown.value, shown.verdict) == (f"{number} {unit}", "")
    assert "Not judged" in english(shown.text)


@hazard("H45")
def test_the_one_before_it_is_judged_and_it_is_no_baseline(respond: Judging) -> None:
    slip = result("haemoglobin", 70, "131", ("12", "16"), "g/dL")
    assert only(respond(low("haemoglobin", 60), slip), "haemoglobin").value == "90 g/L"
    before = result("haemoglobin", -1, "131", ("12", "16"), "g/dL")
    assert "fallen" not in english(only(respond(before, low("haemoglobin", 20)), "haemoglobin").text)


@hazard("H45")
def test_the_question_ends_when_somebody_has_looked_and_it_stays_unjudged(respond: Judging) -> None:
    slip = result("potassium", 5, "19")
    data = {"decision": "reviewed", "by": "Dr A", "answers": ("VALUE_IMPLAUSIBLE",)}
    looked = entry("r", "decision", START + timedelta(days=5), data=data)
    response = respond(slip, looked)
    assert (response.asks, response.verdicts, response.issues) == ((), (), ())
    again = respond(slip, looked, result("potassium", 6, "21"))
    assert [ask.fields["value"] for ask in again.asks] == [Quantity("", Decimal(21), "mmol/L")]


# -- every result ----------------------------------------------------------------------------------------------------


@hazard("H46")
def test_every_recorded_result_is_listed_with_its_verdict_or_the_reason_why_it_has_none(respond: Judging) -> None:
    antibody = entry("a", "result", START, data={"marker": "intrinsic_factor_antibody", "value": "positive"})
    record = (
        normal("potassium", -2),
        high("mcv", 20),
        high("mcv", 80),
        result("creatinine", 80, "210", ("45", "84"), "umol/L"),
        result("egfr", 80, "28", ("60", None), "mL/min/1.73m2"),
        result("ferritin", 80, "60", None),
        antibody,
    )
    response = respond(*record)
    assert [each.event for each in response.results] == [event.id for event in record]
    assert [each.verdict for each in response.results] == [
        "",
        "too_early",
        "above_expected",
        "",
        "",
        "not_interpretable",
        "",
    ]
    texts = [english(each.text) for each in response.results]
    assert "before the first dose" in texts[0]
    assert "Above the laboratory's range" in texts[3]
    assert "not judged by this marker" in texts[3]
    assert "Below the laboratory's range" in texts[4]
    assert "not judged by this marker" in texts[6]
    assert response.results[6].value == "positive"
    assert response.results[3].range == "45-84 umol/L"
    for each in response.results:
        assert each.text
        assert each.plain


@hazard("H46")
def test_a_result_whose_unit_was_called_wrong_is_shown_and_judged_nowhere(respond: Judging) -> None:
    sample = low("haemoglobin", 100)
    data = {
        "decision": "reviewed",
        "by": "Dr A",
        "answers": ("NO_RESPONSE_REASSESS",),
        "event": sample.id,
        "finding": "Unit wrong",
    }
    response = respond(sample, entry("r", "decision", START + timedelta(days=101), data=data))
    assert (response.verdicts, response.issues) == ((), ())
    assert [(each.value, each.verdict) for each in response.results] == [("90 g/L", "")]


def test_a_positive_antibody_soon_after_an_injection_is_noted(respond: Judging) -> None:
    event = entry(
        "a", "result", START + timedelta(days=3), data={"marker": "intrinsic_factor_antibody", "value": "positive"}
    )
    assert codes(respond(event)) == {"SAMPLE_AFTER_INJECTION"}
