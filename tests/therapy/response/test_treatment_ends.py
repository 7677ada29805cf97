"""When a sample is one on treatment, and what a level says after it; a relapse told against the best value reached."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from blood_results import INJECTED, START, Judging, codes, decision, high, low, normal, only, result

from cobalamin.spans import Span, add
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.response.response import GivenDose, Response
from english import english
from entries import entry
from hazards import hazard

ORAL = frozenset({"oral"})
LEVELS = ["serum_b12", "holotranscobalamin"]
REVIEW_FROM = date(2026, 7, 16)
FAR = date(2031, 1, 1)


def once(review_from: date | None = None, on: date = START, route: str = "intramuscular") -> tuple[GivenDose, ...]:
    return (GivenDose(on, route, review_from=review_from),)


def of_the_response(response: Response) -> set[str]:
    """Its codes without that of the recorded facts, which a low blood count speaks against."""
    return codes(response) - {"FACT_CONTRADICTED"}


def days_to(day: date) -> int:
    return (day - START).days


def asked(response: Response) -> set[str]:
    return {ask.code for ask in response.asks}


# -- until when ------------------------------------------------------------------------------------------------------


@hazard("H41")
@pytest.mark.parametrize("marker", LEVELS)
@pytest.mark.parametrize(
    ("review_from", "last"),
    [(None, add(START, Span(3, "mo"))), (date(2026, 2, 1), add(START, Span(3, "mo"))), (REVIEW_FROM, REVIEW_FROM)],
)
def test_a_high_level_is_expected_until_the_later_of_review_from_and_three_months(
    respond: Judging, marker: str, review_from: date | None, last: date
) -> None:
    doses, on = once(review_from), last + timedelta(days=400)
    verdict = {
        shift: only(respond(high(marker, days_to(last) + shift), doses=doses, on=on), marker).verdict
        for shift in (0, 1)
    }
    assert verdict == {0: "expected_high", 1: "not_interpretable"}


@hazard("H41")
@pytest.mark.parametrize("marker", LEVELS)
@pytest.mark.parametrize(("built", "later"), [(high, "above_expected"), (normal, "as_expected")])
def test_for_twelve_months_after_the_last_dose_a_level_that_is_not_low_says_nothing(
    respond: Judging, marker: str, built: object, later: str
) -> None:
    year = days_to(add(START, Span(12, "mo")))
    found = {
        days: respond(built(marker, days), doses=once(), on=FAR)  # type: ignore[operator]  # one of the two builders
        for days in (91, year, year + 1)
    }
    assert [only(response, marker).verdict for response in found.values()] == [
        "not_interpretable",
        "not_interpretable",
        later,
    ]
    assert all(not codes(response) for response in found.values())
    text = english(only(found[year + 1], marker).text)
    assert "expected" not in text
    assert "the last dose was Mon 5 January 2026" in text


@hazard("H41")
def test_a_high_level_years_after_the_last_dose_is_nowhere_called_expected(respond: Judging) -> None:
    response = respond(high("serum_b12", 1100), doses=once(REVIEW_FROM), on=FAR)
    for told in (*response.verdicts, *response.results, *response.issues):
        assert "this is expected" not in f"{english(told.text)} {english(told.plain)}"


@hazard("H41")
def test_any_dose_counts_and_so_does_a_course_that_was_said_to_be_taken(respond: Judging) -> None:
    nine = days_to(START + timedelta(days=270))
    taking = entry(
        "s", "statement", START + timedelta(days=250), data={"taking": "yes", "route": "oral", "from": START}
    )
    assert only(respond(high("serum_b12", nine), doses=once(), on=FAR), "serum_b12").verdict == "not_interpretable"
    assert only(respond(high("serum_b12", nine), taking, doses=once(), on=FAR), "serum_b12").verdict == "expected_high"
    not_taking = entry("s", "statement", START + timedelta(days=250), data={"taking": "no", "route": "oral"})
    assert (
        only(respond(high("serum_b12", nine), not_taking, doses=once(), on=FAR), "serum_b12").verdict
        == "not_interpretable"
    )
    late = (*once(), GivenDose(START + timedelta(days=200), ""))
    assert only(respond(high("serum_b12", nine), doses=late, on=FAR), "serum_b12").verdict == "expected_high"


@hazard("H41")
def test_a_planned_course_that_nobody_says_is_taken_explains_no_level_for_ever(respond: Judging) -> None:
    course = (GivenDose(START, "oral", through=FAR, presumed=True),)
    for days, verdict in ((80, "expected_high"), (120, "not_interpretable"), (400, "above_expected")):
        assert only(respond(high("serum_b12", days), doses=course, routes=ORAL, on=FAR), "serum_b12").verdict == verdict
    assert only(respond(high("mcv", 120), doses=course, routes=ORAL, on=FAR), "mcv").verdict == "above_expected"


# -- low -------------------------------------------------------------------------------------------------------------


@hazard("H41")
@pytest.mark.parametrize("marker", LEVELS)
@pytest.mark.parametrize(("shift", "question"), [(-1, "LOW_B12_ON_TREATMENT"), (0, "LOW_B12_UNTREATED")])
def test_a_low_level_is_one_on_treatment_only_before_review_from(
    respond: Judging, marker: str, shift: int, question: str
) -> None:
    response = respond(low(marker, days_to(REVIEW_FROM) + shift), doses=once(REVIEW_FROM), on=FAR)
    assert only(response, marker).verdict == "below_expected"
    assert asked(response) == {question}
    assert ("NO_RESPONSE_REASSESS" in codes(response)) is (question == "LOW_B12_ON_TREATMENT")
    assert ("On treatment" in english(only(response, marker).text)) is (question == "LOW_B12_ON_TREATMENT")


@hazard("H41")
def test_after_a_stop_a_low_level_is_that_of_somebody_untreated_until_treatment_begins_again(respond: Judging) -> None:
    sample = low("serum_b12", 60)
    assert asked(respond(sample, doses=once(REVIEW_FROM))) == {"LOW_B12_ON_TREATMENT"}
    assert asked(respond(decision("stop", 50), sample, doses=once(REVIEW_FROM))) == {"LOW_B12_UNTREATED"}
    for word in ("resume", "restart"):
        record = (decision("stop", 50), decision(word, 55), sample)
        assert asked(respond(*record, doses=once(REVIEW_FROM))) == {"LOW_B12_ON_TREATMENT"}


def reviewed(days: int, *answers: str, **more: object) -> Event:
    data = {"decision": "reviewed", "by": "Dr A", "answers": answers, **more}
    return entry(f"reviewed-{days}", "decision", START + timedelta(days=days), data=data)


@pytest.mark.parametrize(("days", "ends"), [(59, False), (60, True), (61, True)])
def test_a_question_about_a_level_ends_when_somebody_has_looked(respond: Judging, days: int, ends: bool) -> None:
    record = (low("serum_b12", 60), reviewed(days, "LOW_B12_ON_TREATMENT", "NO_RESPONSE_REASSESS"))
    response = respond(*record, doses=once(REVIEW_FROM))
    assert (asked(response) == set()) is ends
    assert ("NO_RESPONSE_REASSESS" not in codes(response)) is ends
    again = respond(*record, low("serum_b12", 70), doses=once(REVIEW_FROM))
    assert asked(again) == {"LOW_B12_ON_TREATMENT"}


# -- other markers ---------------------------------------------------------------------------------------------------


@hazard("H41")
@pytest.mark.parametrize(
    "marker", ["haemoglobin", "haematocrit", "mcv", "platelets", "mma", "homocysteine", "reticulocytes"]
)
def test_without_treatment_nothing_is_expected_to_be_normal_by_a_day(respond: Judging, marker: str) -> None:
    built = high if marker in ("mcv", "mma", "homocysteine") else low
    response = respond(built(marker, 900), doses=once(REVIEW_FROM), on=FAR)
    found = only(response, marker)
    assert found.verdict in ("below_expected", "above_expected")
    assert "No treatment was going on: the last dose was Mon 5 January 2026" in english(found.text)
    assert "expected to be normal" not in english(found.text)
    assert of_the_response(response) == set()


@hazard("H41")
def test_a_dose_after_a_gap_begins_the_response_anew(respond: Judging) -> None:
    again = START + timedelta(days=900)
    doses = (*once(REVIEW_FROM), GivenDose(again, "intramuscular"))
    assert only(respond(high("mcv", 905), doses=doses, on=FAR), "mcv").verdict == "too_early"
    assert only(respond(high("mcv", 960), doses=doses, on=FAR), "mcv").verdict == "above_expected"
    without_gap = (*once(REVIEW_FROM), *once(date(2029, 1, 1), REVIEW_FROM))
    assert only(respond(high("mcv", 905), doses=without_gap, on=FAR), "mcv").verdict == "above_expected"


# -- relapse ---------------------------------------------------------------------------------------------------------


@hazard("H42")
@pytest.mark.parametrize(
    ("marker", "good", "bad"),
    [("haemoglobin", "131", "101"), ("haematocrit", "41", "31"), ("platelets", "250", "90"), ("mcv", "90", "108"), ("mma", "180", "700"), ("homocysteine", "9", "40")],
)  # fmt: skip
def test_a_relapse_is_told_against_the_best_value_reached(respond: Judging, marker: str, good: str, bad: str) -> None:
    first = result(marker, -2, {"mcv": "120", "mma": "900", "homocysteine": "60"}.get(marker, "20"))
    response = respond(first, result(marker, 70, good), result(marker, 200, bad))
    found = only(response, marker)
    assert f"{good} " in english(found.text)
    assert "was the best value reached" in english(found.text)
    assert "expected to be normal" not in english(found.text)
    assert "RELAPSE_SUSPECTED" in codes(response)
    assert "NO_RESPONSE_REASSESS" not in codes(response)
    assert "RELAPSE_SUSPECTED" in asked(response)


@hazard("H42")
def test_the_best_value_is_another_day_the_same_laboratory_and_no_wrong_unit(respond: Judging) -> None:
    bad = result("haemoglobin", 200, "101", laboratory="North")
    same_day = respond(result("haemoglobin", 200, "131", laboratory="North"), bad)
    assert "RELAPSE_SUSPECTED" not in codes(same_day)
    elsewhere = respond(result("haemoglobin", 70, "131", laboratory="South"), bad)
    assert "RELAPSE_SUSPECTED" not in codes(elsewhere)
    for told in ({}, {"laboratory": "North"}):
        assert "RELAPSE_SUSPECTED" in codes(respond(result("haemoglobin", 70, "131", **told), bad))
    good = result("haemoglobin", 70, "131", laboratory="North")
    answered = reviewed(210, "RELAPSE_SUSPECTED", event=good.id, finding="unit wrong")
    assert "RELAPSE_SUSPECTED" not in codes(respond(good, bad, answered))
    assert "NO_RESPONSE_REASSESS" in codes(respond(good, bad, answered))
    slip = result("haemoglobin", 70, "131", ("12", "16"), "g/dL")
    assert "RELAPSE_SUSPECTED" not in codes(respond(slip, bad))


@hazard("H42")
def test_a_fall_within_a_rise_is_no_relapse_and_is_not_called_rising(respond: Judging) -> None:
    record = (result("haemoglobin", -2, "78"), result("haemoglobin", 20, "105"), result("haemoglobin", 30, "90"))
    response = respond(*record)
    found = only(response, "haemoglobin")
    assert found.verdict == "too_early"
    assert "The best value since treatment began was 105 g/L" in english(found.text)
    assert "It is rising" not in english(found.text)
    assert of_the_response(response) == set()
    rising = respond(*record[:2], result("haemoglobin", 30, "110"))
    assert only(rising, "haemoglobin").verdict == "as_expected"


@hazard("H42")
@hazard("H130")
def test_untreated_a_relapse_is_told_and_asked_about_and_raises_no_question_of_a_response(respond: Judging) -> None:
    record = (result("haemoglobin", 70, "131"), result("haemoglobin", 900, "101"))
    response = respond(*record, doses=once(REVIEW_FROM), routes=INJECTED, on=FAR)
    assert "131 g/L" in english(only(response, "haemoglobin").text)
    assert of_the_response(response) == {"RELAPSE_SUSPECTED"}
    assert "RELAPSE_SUSPECTED" in asked(response)
