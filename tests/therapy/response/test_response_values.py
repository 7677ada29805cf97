"""Results compared: censored values, broken trends, contradictions, and results known by their month."""

from __future__ import annotations

from datetime import date

import pytest
from blood_results import START, Judging, high, low, normal, only, result

from english import english
from hazards import hazard

# -- censored values, broken trends, contradictions ------------------------------------------------------------------


@hazard("H27")
@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (">2000", "expected_high"),
        (">900", "expected_high"),
        (">899", "not_interpretable"),
        (">500", "not_interpretable"),
        ("<180", "below_expected"),
        ("<181", "not_interpretable"),
        ("<200", "not_interpretable"),
        ("<2000", "not_interpretable"),
    ],
)
def test_a_censored_value_is_judged_only_where_it_is_certain(respond: Judging, value: str, verdict: str) -> None:
    assert only(respond(result("serum_b12", 40, value)), "serum_b12").verdict == verdict


@hazard("H27")
@pytest.mark.parametrize(
    ("value", "usual", "verdict"),
    [
        ("<10", (None, "10"), "as_expected"),
        ("<11", (None, "10"), "not_interpretable"),
        (">10", (None, "10"), "above_expected"),
    ],
)
def test_a_censored_value_against_a_range_with_one_end(
    respond: Judging, value: str, usual: tuple[str | None, str | None], verdict: str
) -> None:
    assert only(respond(result("homocysteine", 100, value, usual=usual)), "homocysteine").verdict == verdict


@hazard("H27")
@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("85", "90", "as_expected"),
        ("85", "85", "below_expected"),
        ("85", "80", "below_expected"),
        ("<85", "85", "as_expected"),
        ("<85", "84", "too_early"),
        ("85", "<85", "below_expected"),
        ("<85", "<80", "too_early"),
    ],
)
def test_a_rise_is_seen_only_where_it_is_certain(respond: Judging, before: str, after: str, verdict: str) -> None:
    response = respond(result("haemoglobin", -2, before), result("haemoglobin", 20, after))
    assert only(response, "haemoglobin").verdict == verdict


BREAKS = [
    ({"method": "A"}, {"method": "B"}, "the method changed from A to B"),
    ({"laboratory": "North"}, {"laboratory": "South"}, "the laboratory changed from North to South"),
    ({"method": "A"}, {}, "the method is told for one of the two only"),
    ({}, {"laboratory": "South"}, "the laboratory is told for one of the two only"),
]


@hazard("H27")
@pytest.mark.parametrize(("before", "after", "why"), BREAKS, ids=[entry[2] for entry in BREAKS])
def test_a_change_of_method_or_laboratory_breaks_the_trend(
    respond: Judging, before: dict[str, str], after: dict[str, str], why: str
) -> None:
    told = {key: value for key, value in before.items() if key != "value"}
    baseline = result("haemoglobin", -2, before.get("value", "85"), **told)
    verdict = only(respond(baseline, result("haemoglobin", 20, "95", **after)), "haemoglobin")
    assert verdict.verdict == "too_early"
    assert why in english(verdict.text)
    assert why in english(verdict.plain)


@hazard("H27")
def test_a_change_from_mass_to_moles_breaks_the_trend(respond: Judging) -> None:
    before = result("serum_b12", -2, "120", usual=("133", "664"), unit="pmol/L")
    verdict = only(respond(before, result("serum_b12", 40, "150")), "serum_b12")
    assert "the unit changed from pmol/L to ng/L" in english(verdict.text)


def test_the_same_method_and_laboratory_on_both_sides_is_one_trend(respond: Judging) -> None:
    told = {"method": "A", "laboratory": "North"}
    verdict = only(respond(low("haemoglobin", -2, **told), result("haemoglobin", 20, "99", **told)), "haemoglobin")
    assert verdict.verdict == "as_expected"
    assert "It has risen from 90 g/L" in english(verdict.text)


def test_the_baseline_is_the_last_result_on_or_before_the_first_dose(respond: Judging) -> None:
    rising = respond(result("haemoglobin", -30, "99"), result("haemoglobin", 0, "85"), result("haemoglobin", 20, "95"))
    assert only(rising, "haemoglobin").verdict == "as_expected"
    falling = respond(result("haemoglobin", -30, "85"), result("haemoglobin", 0, "99"), result("haemoglobin", 20, "95"))
    assert only(falling, "haemoglobin").verdict == "below_expected"


def test_of_two_baselines_of_one_day_the_one_that_speaks_less_for_a_response_counts(respond: Judging) -> None:
    for order in (1, -1):
        pair = [result("haemoglobin", -1, "85"), result("haemoglobin", -1, "99")][::order]
        assert only(respond(*pair, result("haemoglobin", 20, "95")), "haemoglobin").verdict == "below_expected"
    told = [result("haemoglobin", -1, "99", method="B"), result("haemoglobin", -1, "85")]
    assert only(respond(*told, result("haemoglobin", 20, "95")), "haemoglobin").verdict == "as_expected"


def test_of_contradicting_results_of_one_day_the_less_favourable_is_judged(respond: Judging) -> None:
    for order in (1, -1):
        pair = [result("mcv", 100, "110", method="A"), result("mcv", 100, "90", method="B")][::order]
        verdict = only(respond(*pair), "mcv")
        assert (verdict.verdict, verdict.value) == ("above_expected", "110 fL")
        assert "contradicts it: 90 fL" in english(verdict.text)
        assert "90 fL" in english(verdict.plain)


def test_one_measurement_told_twice_is_no_contradiction(respond: Judging) -> None:
    twice = respond(result("serum_b12", 40, "400"), result("serum_b12", 40, "295", usual=("133", "664"), unit="pmol/L"))
    assert "contradicts" not in english(only(twice, "serum_b12").text)
    other = respond(result("serum_b12", 40, "400"), result("serum_b12", 40, "400", usual=("133", "664"), unit="pmol/L"))
    assert "contradicts" in english(only(other, "serum_b12").text)


def test_a_result_of_which_only_the_month_is_known_is_judged_where_the_day_does_not_matter(respond: Judging) -> None:
    """8 weeks after 5 January is 2 March: in March the day decides, in April it does not."""
    march, april = (date(2026, 3, 31) - START).days, (date(2026, 4, 30) - START).days
    assert only(respond(high("mcv", march, month="2026-03")), "mcv").verdict == "not_interpretable"
    late = only(respond(high("mcv", april, month="2026-04")), "mcv")
    assert late.verdict == "above_expected"
    assert "April 2026 (day not known)" in english(late.text)
    assert respond(high("mcv", -5, month="2025-12")).verdicts == ()
    first = (date(2026, 1, 31) - START).days
    assert only(respond(normal("mcv", first, month="2026-01")), "mcv").verdict == "not_interpretable"


def test_time_alone_changes_nothing_but_a_month_that_is_not_over(respond: Judging) -> None:
    assert respond(high("mcv", 10), low("potassium", 3)).changes == ()
    on = date(2026, 3, 20)
    running = high("mcv", (on - START).days, month="2026-03")
    assert respond(running, on=on).changes == (date(2026, 3, 21),)
    assert respond(running, on=date(2026, 3, 31)).changes == ()
