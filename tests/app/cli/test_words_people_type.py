"""What people type instead of the words of a file: one clear sentence, the word that was meant, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import example, in_process

ON = "2026-09-01"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_bytes(example("treatment-running").read_bytes())
    return path


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["result", "b12=2000 ng/L"], "did you mean 'serum_b12'"),
        (["result", "hb=8.1 g/dL"], "did you mean 'haemoglobin'"),
        (["result", "Hgb=8.1 g/dL"], "did you mean 'haemoglobin'"),
        (["result", "potasium=3.9 mmol/L"], "did you mean 'potassium'"),
        (["result", "MMA='1.9 umol/L'"], "did you mean 'mma'"),
        (["Administration"], "did you mean 'administration'"),
        (["fact", "fact=inborn_error_kind", "value=cblC"], "did you mean 'cblc'"),
        (["result"], "result potassium='3.9 mmol/L'"),
        (["fact", "pregnancy=pregnant"], "cobalamin set CASE pregnancy=pregnant"),
        (["fact"], "cobalamin set CASE pregnancy=none"),
    ],
)
def test_one_sentence_names_what_was_meant_and_nothing_is_written(typed: list[str], meant: str, case: Path) -> None:
    before = case.read_bytes()
    run = in_process("record", case, *typed, "--on", ON)
    assert (run.code, case.read_bytes()) == (3, before)
    (sentence,) = run.err.strip().split("\n")
    assert meant in sentence
    assert "None" not in sentence


def test_a_result_as_json_without_its_keys_names_the_keys_alone(case: Path) -> None:
    run = in_process("record", case, '{"kind": "result", "date": "2026-09-01"}', "--on", ON)
    assert run.code == 3
    assert "'marker' is missing" in run.err
    assert "None" not in run.err


@pytest.mark.parametrize(
    "typed", [["given", "dose=1 mg"], ["given", "route=im"], ['{"kind": "given", "dose": "1 mg"}']]
)
def test_what_is_not_typed_of_a_dose_is_as_planned_and_read_back(typed: list[str], case: Path) -> None:
    day = "2026-10-09"
    run = in_process("record", case, *typed, "--on", day)
    assert run.code == 0, run.err
    assert "Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular" in " ".join(run.out.split())
    last = case.read_text("utf-8").rstrip().split("\n")[-1]
    assert all(each in last for each in ("substance: hydroxocobalamin", "dose: 1", "route: i"))


def test_without_a_plan_the_missing_keys_are_named(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}\n", "utf-8")
    run = in_process("record", case, "given", "dose=1 mg", "--on", ON)
    assert run.code == 3
    assert "'route' is missing" in run.err


def test_a_result_before_any_dose_says_that_the_range_is_missing(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(
        "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}\n"
        "facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: none}\n"
        "plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-09-01, choices: {maintenance_interval: 3 mo}}\n",
        "utf-8",
    )
    run = in_process("record", case, "result", "serum_b12=2000 pg/mL", "--on", ON)
    assert "No reference range of the laboratory" in " ".join(run.out.split())
    ranged = in_process("record", case, "result", "serum_b12=180 pg/mL", "reference_range=200-900 pg/mL", "--on", ON)
    assert "No reference range" not in " ".join(ranged.out.split())


def test_a_question_needs_no_quotes() -> None:
    assert in_process("ask", "how", "often", "is", "it", "given").out == in_process("ask", "how often is it given").out


@pytest.mark.parametrize("typed", [["1 mg"], ["1", "mg"], ["--dose", "1 mg"]])
def test_a_dose_may_be_typed_as_it_is_said(typed: list[str]) -> None:
    assert in_process("dose", *typed, "--strength", "1 mg/mL").code == 0
    run = in_process("dose", *typed)
    assert run.code == 3
    assert "cobalamin dose --dose '1 mg' --strength '1 mg/mL'" in run.err


def test_a_volume_for_a_dose_names_what_to_type() -> None:
    assert "--dose '1 mg' --strength '1 mg/mL'" in in_process("dose", "--dose", "1 ml", "--strength", "1 mg/mL").err


@pytest.mark.parametrize(
    ("country", "near"),
    [("ZZ", "ZZ: no country of ISO 3166-1."), ("LU", "LU  Luxembourg: none was found; near: BE, DE, FR.")],
)
def test_a_country_without_a_protocol_is_said(country: str, near: str) -> None:
    run = in_process("library", "list", "--country", country)
    assert run.code == 0
    assert run.err.startswith(f"{near}\nThe library holds protocols of AT, AU, BE,")
    assert in_process("library", "list", "--country", "GB").err == ""
