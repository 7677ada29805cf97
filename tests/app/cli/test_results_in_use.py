"""Results, symptoms and facts as a nurse types them: what came out wrong in use comes out right on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Run, in_process

from hazards import hazard

NONE_OF = (
    "[allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
)
LOADING = ("2026-01-05", "2026-01-07", "2026-01-09", "2026-01-12", "2026-01-14", "2026-01-16")
DOSE = "{{date: {}, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im}}"
PLAN = "plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}, policy: engineering-default, accepted_by: Dr A}\n"
Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A case file of a person on uk-bnf-noneuro with six loading doses, and these entries."""

    def write(*entries: str, given: tuple[str, ...] = LOADING, plan: str = PLAN, anaemia: str = "mild") -> Path:
        text = "cobalamin: 1\npatient: {id: example, birth_date: 1958-03-02, sex: female, country: GB}\nfacts:\n"
        text += f"  deficiency: confirmed\n  cause: pernicious_anaemia\n  neurological_involvement: absent\n  anaemia: {anaemia}\n"
        text += f"  previous_treatment: none\n  none_of: {NONE_OF}\n{plan}record:\n"
        text += "".join(f"  - {entry}\n" for entry in (*map(DOSE.format, given), *entries))
        path = tmp_path / "case.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


def measured(day: str, marker: str, value: str, usual: str = "") -> str:
    told = f", reference_range: '{usual}'" if usual else ""
    return f"{{date: {day}, kind: result, marker: {marker}, value: '{value}'{told}}}"


def review(path: Path, on: str) -> dict[str, Any]:
    run = in_process("review", path, "--on", on, "--json")
    assert run.code == 0, run.err
    document: dict[str, Any] = run.document
    return document


def codes(document: dict[str, Any], key: str = "issues") -> list[str]:
    return [entry["code"] for entry in document[key]]


def verdict(document: dict[str, Any], marker: str) -> str:
    (found,) = [entry["verdict"] for entry in document["response"] if entry["marker"] == marker]
    return str(found)


def record(path: Path, *event: str, on: str) -> Run:
    return in_process("record", path, *event, "--on", on, "--yes")


# -- on treatment ----------------------------------------------------------------------------------------------------


@hazard("H41")
def test_a_high_level_33_months_after_the_last_dose_is_not_expected(made: Made) -> None:
    path = made(measured("2029-01-10", "serum_b12", "1500 ng/L", "180-900 ng/L"), given=(*LOADING, "2026-04-16"))
    document = review(path, "2029-01-10")
    assert verdict(document, "serum_b12") == "above_expected"
    assert "B12_HIGH_ON_TREATMENT" not in codes(document)
    text = in_process("review", path, "--on", "2029-01-10").out
    assert "On treatment this is expected" not in " ".join(text.split())


@hazard("H41")
@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-10-16", "expected_high"), ("2026-10-17", "not_interpretable"), ("2027-04-16", "not_interpretable"), ("2027-04-17", "above_expected")],
)  # fmt: skip
def test_the_plan_itself_says_until_when_a_level_is_on_treatment(made: Made, day: str, expected: str) -> None:
    path = made(measured(day, "serum_b12", "1500 ng/L", "180-900 ng/L"), given=(*LOADING, "2026-04-16"))
    assert verdict(review(path, day), "serum_b12") == expected
    assert review(path, day)["forecast"]["review_from"] == "2026-10-16"


@hazard("H41")
def test_an_earlier_treatment_told_by_a_history_is_on_treatment_until_its_review_from(made: Made) -> None:
    history = "{date: 2026-01-05, kind: history, phase: maintenance, last_dose: 2026-01-05}"
    path = made(history, measured("2026-06-01", "serum_b12", "1500 ng/L", "180-900 ng/L"), given=())
    assert verdict(review(path, "2026-06-01"), "serum_b12") == "expected_high"


@hazard("H41")
def test_a_low_level_after_a_stop_is_told_as_untreated(made: Made) -> None:
    stop = "{date: 2026-02-20, kind: decision, decision: stop, by: Dr A, reason: diet improved}"
    path = made(stop, measured("2028-01-10", "serum_b12", "100 ng/L", "180-900 ng/L"))
    document = review(path, "2028-01-10")
    assert "LOW_B12_UNTREATED" in codes(document, "questions")
    assert "LOW_B12_ON_TREATMENT" not in codes(document, "questions")
    assert "NO_RESPONSE_REASSESS" not in codes(document)


# -- the notation of a unit ------------------------------------------------------------------------------------------


@hazard("H40")
def test_the_same_blood_in_two_notations_gets_the_same_answer(made: Made) -> None:
    found = []
    for before in (("78 g/L", "120-160 g/L"), ("7.8 g/dL", "12-16 g/dL"), ("7.8 g/dl", "[120 - 160] g/L")):
        path = made(
            measured("2026-01-02", "haemoglobin", *before),
            measured("2026-01-30", "haemoglobin", "75 g/L", "120-160 g/L"),
        )
        document = review(path, "2026-01-30")
        found.append((verdict(document, "haemoglobin"), codes(document), codes(document, "questions")))
    assert found[0] == found[1] == found[2]
    assert found[0][0] == "below_expected"


@hazard("H48")
@pytest.mark.parametrize(
    "told",
    [
        "platelets=320000 /uL", "serum_b12=231 ng/l", "mma=0.45 µmol/L", "potassium=4.4 mEq/L", "mcv=97 fl", "serum_b12=>=2000 ng/L",
        "intrinsic_factor_antibody=positive", "tsh=2.1 mU/L", "transferrin_saturation=12 %",
    ],
)  # fmt: skip
def test_what_a_laboratory_prints_is_recorded_and_shown(made: Made, told: str) -> None:
    path = made()
    run = record(path, "result", "2026-03-10", told, on="2026-03-10")
    assert run.code == 0, run.err
    (shown,) = review(path, "2026-03-10")["results"]
    assert shown["marker"] == told.partition("=")[0]
    assert shown["text"]
    named = shown["value"]
    assert named in " ".join(run.out.split())  # the confirmation shows what was saved


# -- contradictions --------------------------------------------------------------------------------------------------


@hazard("H44")
@hazard("H46")
def test_kidney_results_and_platelets_are_shown_and_ask(made: Made) -> None:
    path = made(
        measured("2026-03-10", "egfr", "28 mL/min/1.73m2", ">60 mL/min/1.73m2"),
        measured("2026-03-10", "creatinine", "210 umol/L", "45-84 umol/L"),
        measured("2026-03-10", "platelets", "32 10*9/L", "150-400 10*9/L"),
    )
    document = review(path, "2026-03-12")
    assert codes(document).count("FACT_CONTRADICTED") == 2
    assert codes(document, "questions")[:2] == ["FACT_CONTRADICTED", "FACT_CONTRADICTED"]
    assert {entry["marker"] for entry in document["results"]} == {"egfr", "creatinine", "platelets"}
    for manner in ([], ["--plain"]):
        text = " ".join(in_process("review", path, "--on", "2026-03-12", *manner).out.split())
        for number in ("28 mL/min", "210 umol/L", "32 10*9/L"):
            assert number in text
    answer = record(path, "fact", "2026-03-12", "fact=renal_impairment", "value=present", on="2026-03-12")
    assert answer.code == 0
    looked = record(path, "decision", "reviewed", "2026-03-12", "answers=FACT_CONTRADICTED", "by=Dr A", "finding=clumped", on="2026-03-12")  # fmt: skip
    assert looked.code == 0, looked.err
    assert "FACT_CONTRADICTED" not in codes(review(path, "2026-03-12"))


@hazard("H44")
@hazard("H47")
def test_new_symptoms_of_the_nerves_on_treatment_ask_and_close_no_review(made: Made) -> None:
    doses = (*LOADING, "2026-04-16")
    entry = "{date: 2026-06-11, kind: symptoms, tiredness: 8, tingling_or_numbness: 6, balance: 5}"
    path = made(entry, measured("2026-06-11", "serum_b12", "820 ng/L", "180-900 ng/L"), given=doses)
    document = review(path, "2026-06-12")
    assert codes(document)[0] == "FACT_CONTRADICTED"
    assert document["issues"][0]["severity"] == "acknowledge"
    assert document["issues"][0]["interrupts"] is True
    assert "FACT_CONTRADICTED" in codes(document, "questions")
    (check,) = [entry for entry in document["checks"] if entry["marker"] == "review"]
    assert check["state"] == "missing"
    assert check["symptoms_on"] == ["2026-06-11"]
    assert "REVIEW_OPEN" in codes(document, "questions")


@hazard("H47")
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("{date: 2026-04-10, kind: symptoms, tiredness: 2}", "missing"),
        ("{date: 2026-04-10, kind: fact, fact: symptoms_response, value: better}", "done"),
        ("{date: 2026-05-10, kind: fact, fact: symptoms_response, value: not_better}", "late"),
        ("{date: 2026-04-10, kind: fact, fact: symptoms_response, value: unknown}", "missing"),
        ("{date: 2026-04-10, kind: decision, decision: change_interval, interval: 2 mo, by: Dr A, reason: r}", "done"),
        ("{date: 2026-04-10, kind: decision, decision: reviewed, answers: [REVIEW], by: Dr A}", "done"),
        ("{date: 2026-04-10, kind: decision, decision: reviewed, answers: [POTASSIUM_LOW], by: Dr A}", "missing"),
    ],
)
def test_a_review_is_done_by_a_decision_or_an_answer_to_its_question(made: Made, answer: str, state: str) -> None:
    document = review(made(answer), "2026-06-12")
    (check,) = [entry for entry in document["checks"] if entry["marker"] == "review"]
    assert check["state"] == state
    assert ("symptoms_on" in check) is ("symptoms" in answer.split(", fact")[0])
    assert ("REVIEW_OPEN" in codes(document, "questions")) is ("kind: symptoms," in answer)


def test_an_answer_in_the_head_of_the_file_closes_the_review_before_its_day(made: Made) -> None:
    path = made()
    told = "facts:\n  symptoms_response: {value: better, on: 2026-04-10}\n"
    path.write_text(path.read_text("utf-8").replace("facts:\n", told, 1), "utf-8")
    (check,) = [entry for entry in review(path, "2026-06-12")["checks"] if entry["marker"] == "review"]
    assert (check["state"], check["done_on"]) == ("done", "2026-04-10")


@hazard("H44")
def test_a_pregnancy_recorded_during_treatment_says_more_than_what_is_due(made: Made) -> None:
    path = made()
    run = record(path, "fact", "2026-02-10", "fact=pregnancy", "value=pregnant", on="2026-02-10")
    assert "specialist advice" in " ".join(run.out.split())
    document = review(path, "2026-02-10")
    assert "PREGNANCY_ON_TREATMENT" in codes(document)
    assert "PREGNANCY_ON_TREATMENT" in codes(document, "questions")


# -- potassium -------------------------------------------------------------------------------------------------------


@hazard("H09")
@hazard("H43")
def test_a_low_potassium_without_a_range_is_told_by_every_command(made: Made) -> None:
    path = made(measured("2026-01-09", "potassium", "2.4 mmol/L"), anaemia="severe")
    document = review(path, "2026-01-09")
    assert codes(document)[0] == "POTASSIUM_LOW"
    assert verdict(document, "potassium") == "not_interpretable"
    assert codes(document, "questions")[0] == "POTASSIUM_LOW"
    before = made(measured("2026-01-02", "potassium", "2.9 mmol/L"), given=(), plan="", anaemia="severe")
    on = ("--on", "2026-01-02", "--json")
    assert "POTASSIUM_LOW" in codes(in_process("propose", before, *on).document)
    plan = in_process("plan", before, "--protocol", "uk-bnf-noneuro", "--start", "2026-01-05", "--choose", "maintenance_interval=3 mo", *on)  # fmt: skip
    assert "POTASSIUM_LOW" in codes(plan.document)


@hazard("H43")
def test_an_alarm_that_was_acknowledged_with_the_plan_interrupts_when_it_rises_again(made: Made) -> None:
    told = PLAN.replace("accepted_by: Dr A}", "accepted_by: Dr A, acknowledged: {POTASSIUM_LOW: replaced}}")
    document = review(made(measured("2026-01-09", "potassium", "2.4 mmol/L"), plan=told), "2026-01-09")
    (low,) = [issue for issue in document["issues"] if issue["code"] == "POTASSIUM_LOW"]
    assert low["interrupts"] is True


@hazard("H45")
def test_an_entry_that_can_not_be_right_answers_no_check(made: Made) -> None:
    def potassium(value: str) -> set[str]:
        path = made(measured("2026-01-06", "potassium", value, "3.5-5.3 mmol/L"), anaemia="severe")
        document = review(path, "2026-01-20")
        return {check["state"] for check in document["checks"] if check["marker"] == "potassium"}

    assert "done" in potassium("4.1 mmol/L")
    assert "done" not in potassium("19 mmol/L")
    path = made(measured("2026-01-06", "potassium", "19 mmol/L", "3.5-5.3 mmol/L"), anaemia="severe")
    assert in_process("check", path).code == 0  # no fault of the file
    assert "VALUE_IMPLAUSIBLE" in codes(review(path, "2026-01-20"), "questions")
