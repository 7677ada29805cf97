"""The rules of each marker, the day before, at and after each limit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from blood_results import (
    EIGHT_WEEKS,
    MARKERS,
    ON,
    ONE_DOSE,
    Judging,
    codes,
    high,
    issue,
    low,
    normal,
    only,
    result,
    sources,
)

from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import facts_of
from english import english
from hazards import hazard

# -- MMA and homocysteine --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("marker", ["mma", "homocysteine"])
@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (1, "too_early"),
        (15, "too_early"),
        (EIGHT_WEEKS - 1, "too_early"),
        (EIGHT_WEEKS, "above_expected"),
        (EIGHT_WEEKS + 1, "above_expected"),
    ],
)
def test_metabolites_have_the_longest_cited_time(respond: Judging, marker: str, days: int, verdict: str) -> None:
    response = respond(high(marker, days))
    found = only(response, marker)
    assert found.verdict == verdict
    assert codes(response) == ({"NO_RESPONSE_REASSESS"} if verdict == "above_expected" else set())
    assert {"bmjbp", "recalled"} <= sources(found.cites)
    assert "not yet checked against a source" in english(found.text)
    assert only(respond(normal(marker, days)), marker).verdict == "as_expected"


@pytest.mark.parametrize("marker", ["mma", "homocysteine"])
@pytest.mark.parametrize("days", [EIGHT_WEEKS - 1, EIGHT_WEEKS])
def test_metabolites_say_nothing_while_the_kidneys_are_impaired(
    library: Library, patient: Callable[..., Case], respond: Judging, marker: str, days: int
) -> None:
    known = facts_of(patient(renal_impairment="present"), ON)
    response = respond(high(marker, days), known=known)
    assert only(response, marker).verdict == "not_interpretable"
    assert "rise with renal impairment" in english(only(response, marker).text)
    assert "dror" in sources(only(response, marker).cites)
    assert response.issues == ()
    assert only(respond(normal(marker, days), known=known), marker).verdict == "as_expected"
    unknown = respond(high(marker, days), known=facts_of(patient(asked=False), ON))
    assert only(unknown, marker).verdict == only(respond(high(marker, days)), marker).verdict
    assert "not recorded" in english(only(unknown, marker).text)
    assert "not recorded" not in english(only(respond(high(marker, days)), marker).text)


def test_the_homocysteine_target_of_one_article_is_shown_and_judges_nothing(respond: Judging) -> None:
    verdict = only(respond(result("homocysteine", 100, "12")), "homocysteine")
    assert verdict.verdict == "as_expected"
    assert "under 10 umol/L" in english(verdict.text)
    assert "article-a2" in sources(verdict.cites)
    assert "10 umol/L" not in english(only(respond(high("mma", 100)), "mma").text)


# -- blood counts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("marker", ["haemoglobin", "haematocrit"])
@pytest.mark.parametrize(
    ("days", "risen", "not_risen", "alone"),
    [
        (6, "too_early", "too_early", "too_early"),
        (7, "as_expected", "below_expected", "too_early"),
        (EIGHT_WEEKS - 1, "as_expected", "below_expected", "too_early"),
        (EIGHT_WEEKS, "below_expected", "below_expected", "below_expected"),
    ],
)
def test_red_cells_start_to_rise_after_a_week_and_are_normal_after_eight(
    respond: Judging, marker: str, days: int, risen: str, not_risen: str, alone: str
) -> None:
    value = MARKERS[marker][3]
    for before, verdict in ((Decimal(value) - 5, risen), (Decimal(value), not_risen), (Decimal(value) + 1, not_risen)):
        response = respond(result(marker, -1, str(before)), result(marker, days, value))
        assert only(response, marker).verdict == verdict
        assert ("NO_RESPONSE_REASSESS" in codes(response)) is (days >= EIGHT_WEEKS)
    assert only(respond(result(marker, days, value)), marker).verdict == alone
    assert only(respond(normal(marker, days)), marker).verdict == "as_expected"
    assert only(respond(high(marker, days)), marker).verdict == "above_expected"


@pytest.mark.parametrize(
    ("days", "verdict"), [(1, "too_early"), (EIGHT_WEEKS - 1, "too_early"), (EIGHT_WEEKS, "above_expected")]
)
def test_a_large_cell_volume_has_eight_weeks(respond: Judging, days: int, verdict: str) -> None:
    response = respond(high("mcv", days))
    assert only(response, "mcv").verdict == verdict
    assert ("NO_RESPONSE_REASSESS" in codes(response)) is (verdict == "above_expected")
    assert {"bmjbp", "enc", "cptext"} <= sources(only(response, "mcv").cites)


@pytest.mark.parametrize("days", [1, EIGHT_WEEKS])
def test_a_small_cell_volume_points_to_iron(respond: Judging, days: int) -> None:
    verdict = only(respond(low("mcv", days)), "mcv")
    assert verdict.verdict == "below_expected"
    assert "unmask a lack of iron" in english(verdict.text)
    assert {"cptext", "no-pf"} <= sources(verdict.cites)


@pytest.mark.parametrize(
    ("days", "verdict"), [(1, "too_early"), (EIGHT_WEEKS - 1, "too_early"), (EIGHT_WEEKS, "below_expected")]
)
def test_few_platelets_have_eight_weeks(respond: Judging, days: int, verdict: str) -> None:
    response = respond(low("platelets", days))
    assert only(response, "platelets").verdict == verdict
    assert ("NO_RESPONSE_REASSESS" in codes(response)) is (verdict == "below_expected")


@pytest.mark.parametrize("days", [3, 100])
def test_many_platelets_overshoot_and_are_measured_until_normal(respond: Judging, days: int) -> None:
    response = respond(high("platelets", days))
    assert only(response, "platelets").verdict == "above_expected"
    assert "for a time" in english(only(response, "platelets").text)
    assert "until they are normal" in english(only(response, "platelets").text)
    assert "ch-depot" in sources(only(response, "platelets").cites)
    assert response.issues == ()


@pytest.mark.parametrize(("marker", "lack"), [("folate", "folate"), ("ferritin", "iron")])
def test_a_lack_of_folate_or_iron_may_show(respond: Judging, marker: str, lack: str) -> None:
    verdict = only(respond(low(marker, 10)), marker)
    assert verdict.verdict == "below_expected"
    assert f"unmask a lack of {lack}" in english(verdict.text)
    assert only(respond(normal(marker, 10)), marker).verdict == "as_expected"
    assert only(respond(high(marker, 10)), marker).verdict == "above_expected"


# -- reticulocytes ---------------------------------------------------------------------------------------------------

RETICULOCYTES = "RETICULOCYTES_NOT_RISEN"
ANAEMIC = ("haematocrit", 1, "34.9")
NOT_ANAEMIC = ("haematocrit", 1, "35")


@pytest.mark.parametrize("marker", ["reticulocytes", "reticulocyte_fraction"])
@pytest.mark.parametrize(("days", "verdict"), [(3, "too_early"), (4, "below_expected"), (5, "below_expected")])
def test_reticulocytes_are_read_from_day_five(respond: Judging, marker: str, days: int, verdict: str) -> None:
    response = respond(normal(marker, days), result(*ANAEMIC))
    assert only(response, marker).verdict == verdict
    assert (RETICULOCYTES in codes(response)) is (verdict == "below_expected")
    assert "fda-prec" in sources(only(response, marker).cites)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("40", "169", "below_expected"),  # risen, and under twice the upper end of the range
        ("40", "170", "as_expected"),
        ("40", "200", "as_expected"),
        ("200", "200", "below_expected"),  # twice the upper end, and not risen
        ("210", "200", "below_expected"),
        (None, "169", "below_expected"),
        (None, "170", "as_expected"),
        (None, ">170", "as_expected"),
        (None, ">100", "not_interpretable"),
        ("40", "<170", "not_interpretable"),
    ],
)
def test_the_rule_of_the_us_label_applies_while_the_haematocrit_is_low(
    respond: Judging, before: str | None, after: str, verdict: str
) -> None:
    record = [result(*ANAEMIC), result("reticulocytes", 6, after)]
    record += [result("reticulocytes", -1, before)] if before else []
    response = respond(*record)
    assert only(response, "reticulocytes").verdict == verdict
    assert codes(response) == ({RETICULOCYTES} if verdict == "below_expected" else set())


@pytest.mark.parametrize(
    ("haematocrit", "unit", "applies"),
    [
        ("34.9", "%", True),
        ("35", "%", False),
        ("0.349", "L/L", True),
        ("0.35", "L/L", False),
        ("<35", "%", True),
        (">35", "%", False),
    ],
)
def test_the_limit_of_the_haematocrit_in_both_units(
    respond: Judging, haematocrit: str, unit: str, applies: bool
) -> None:
    response = respond(result("haematocrit", 5, haematocrit, usual=None, unit=unit), normal("reticulocytes", 6))
    assert (RETICULOCYTES in codes(response)) is applies
    assert only(response, "reticulocytes").verdict == ("below_expected" if applies else "as_expected")


def test_the_latest_haematocrit_known_by_then_counts(respond: Judging) -> None:
    retic = normal("reticulocytes", 6)
    improved = respond(result("haematocrit", 1, "30"), result("haematocrit", 6, "36"), retic)
    assert only(improved, "reticulocytes").verdict == "as_expected"
    later = respond(result("haematocrit", 1, "30"), result("haematocrit", 7, "36"), retic)
    assert only(later, "reticulocytes").verdict == "below_expected"
    assert only(respond(result("haematocrit", -9, "30"), retic), "reticulocytes").verdict == "below_expected"


def test_once_the_haematocrit_is_up_only_a_low_count_is_unexpected(respond: Judging) -> None:
    for built, verdict in ((normal, "as_expected"), (high, "as_expected"), (low, "below_expected")):
        response = respond(result(*NOT_ANAEMIC), built("reticulocytes", 30))
        assert only(response, "reticulocytes").verdict == verdict
        assert RETICULOCYTES not in codes(response)


@pytest.mark.parametrize(("days", "cited"), [(EIGHT_WEEKS - 1, False), (EIGHT_WEEKS, True)])
def test_a_count_still_low_after_eight_weeks_names_who_asks_for_advice(
    respond: Judging, days: int, cited: bool
) -> None:
    verdict = only(respond(result(*NOT_ANAEMIC), low("reticulocytes", days)), "reticulocytes")
    assert ("lothian-mon" in sources(verdict.cites)) is cited


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("40", "60", "as_expected"),  # risen
        ("60", "60", "not_interpretable"),
        (None, "60", "not_interpretable"),
        (None, "200", "as_expected"),  # whatever the haematocrit is
        (None, "10", "below_expected"),  # whatever the haematocrit is
    ],
)
def test_without_a_haematocrit_only_what_is_certain_is_said(
    respond: Judging, before: str | None, after: str, verdict: str
) -> None:
    record = [result("reticulocytes", 6, after), *([result("reticulocytes", -1, before)] if before else [])]
    response = respond(*record)
    assert only(response, "reticulocytes").verdict == verdict
    assert response.issues == ()
    if verdict == "not_interpretable":
        assert "Enter the haematocrit" in english(only(response, "reticulocytes").text)


# -- potassium -------------------------------------------------------------------------------------------------------


@hazard("H09")
@pytest.mark.parametrize("days", [1, 9, 300])
def test_a_low_potassium_on_treatment_is_never_passed_over(respond: Judging, days: int) -> None:
    response = respond(low("potassium", days))
    assert only(response, "potassium").verdict == "below_expected"
    assert issue(response, "POTASSIUM_LOW").severity == "acknowledge"
    assert "at once" in english(only(response, "potassium").plain)


@hazard("H09")
@pytest.mark.parametrize("days", [0, -20])
def test_a_low_potassium_before_treatment_raises_the_issue_alone(respond: Judging, days: int) -> None:
    for doses in (ONE_DOSE, ()):
        response = respond(low("potassium", days), doses=doses)
        assert response.verdicts == ()
        assert codes(response) == {"POTASSIUM_LOW"}
    assert respond(low("potassium", days), normal("potassium", 2)).issues == ()
    assert codes(respond(normal("potassium", days), low("potassium", 2))) == {"POTASSIUM_LOW"}


@hazard("H09")
@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("3.4", "below_expected"),
        ("3.5", "as_expected"),
        ("5.3", "as_expected"),
        ("5.4", "above_expected"),
        ("<3.5", "below_expected"),
    ],
)
def test_the_ends_of_the_range_of_potassium(respond: Judging, value: str, verdict: str) -> None:
    response = respond(result("potassium", 2, value))
    assert only(response, "potassium").verdict == verdict
    assert ("POTASSIUM_LOW" in codes(response)) is (verdict == "below_expected")


@hazard("H09")
def test_of_two_potassium_results_of_one_day_the_low_one_counts(respond: Judging) -> None:
    response = respond(normal("potassium", 2), low("potassium", 2))
    assert only(response, "potassium").value == "3.1 mmol/L"
    assert "POTASSIUM_LOW" in codes(response)
