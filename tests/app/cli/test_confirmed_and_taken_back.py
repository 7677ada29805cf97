"""A confirmation says how what was written is taken back, and a plan that begins far from today is remarked on."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import example, in_process

from hazards import hazard

ON = ("--on", "2026-11-30")
PLAN = ("--protocol", "uk-bnf-noneuro", "--choose", "maintenance_interval=3 mo")
TAKE_BACK = re.compile(r"Was it wrong\? Take it back: cobalamin (undo .*)")


def case_of(folder: Path, name: str) -> Path:
    case = folder / "case.yaml"
    case.write_bytes(example(name).read_bytes())
    return case


@hazard("H128")
@pytest.mark.parametrize("manner", [[], ["--plain"]])
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("treatment-running", ["record", "given", "2026-11-30"]),
        ("treatment-running", ["record", "result", "2026-11-30", "potassium=2.4 mmol/L"]),
        ("treatment-running", ["record", "symptoms", "2026-11-30", "red_flags=facial_swelling"]),
        ("treatment-running", ["set", "weight=62 kg"]),
        ("pernicious-anaemia", ["take-over", *PLAN[:2], "--last-dose", "2026-10-12", "--interval", "3 mo", "--by", "Dr A"]),
        ("pernicious-anaemia", ["accept", *PLAN, "--start", "2026-12-01", "--by", "Dr A"]),
    ],
)  # fmt: skip
def test_a_confirmation_says_how_it_is_taken_back_and_that_does_it(
    name: str, command: list[str], manner: list[str], tmp_path: Path
) -> None:
    case = case_of(tmp_path, name)
    before = in_process("due", case, *ON, "--json").document
    run = in_process(command[0], case, *command[1:], *ON, *manner)
    assert run.code == 0, run.err
    found = TAKE_BACK.search(
        " ".join(f"{run.out} {run.err}".split()).replace(" This ", "\n").replace(" Before: ", "\n")
    )
    assert found, run.out
    undo = shlex.split(found[1].split("What is due")[0].split(" Mon ")[0])
    words = undo[: 4 if "--id" in undo else 2]
    assert in_process(*words, "--yes", *ON).code == 0
    after = in_process("due", case, *ON, "--json").document
    assert after["sentence"] == before["sentence"]


@hazard("H128")
def test_a_correction_is_confirmed_as_one_and_offers_no_undo_of_itself(tmp_path: Path) -> None:
    case = case_of(tmp_path, "treatment-running")
    last = in_process("review", case, *ON, "--json").document["evaluations"][-1]["event"]
    told = in_process("record", case, "correction", f"withdraws={last}", "reason=another person", *ON).out
    assert "correction: takes back: Thu 9 July 2026: dose" in " ".join(told.split())
    assert "Was it wrong?" not in told


FAR = [
    ("2126-12-01", "lies more than a year ahead. Is the year right?"),
    ("2026-08-14", "lies 108 days back, and no dose is recorded. Where treatment runs already, take it over"),
]


@hazard("H129")
@pytest.mark.parametrize(("start", "said"), [*FAR, ("2026-12-01", ""), ("2026-11-20", "")])
def test_a_first_dose_far_from_today_is_remarked_on_with_the_plan(start: str, said: str, tmp_path: Path) -> None:
    run = in_process("plan", case_of(tmp_path, "pernicious-anaemia"), *PLAN, "--start", start, *ON)
    assert run.code == 0, run.err
    assert said in run.err if said else "The first dose" not in run.err


@hazard("H129")
def test_a_first_dose_in_the_past_is_remarked_on_when_the_plan_is_written(tmp_path: Path) -> None:
    start, said = FAR[1]
    run = in_process("accept", case_of(tmp_path, "pernicious-anaemia"), *PLAN, "--start", start, "--by", "Dr A", *ON)
    assert run.code == 0, run.err
    assert said in run.err


@hazard("H129")
def test_a_year_that_may_be_a_slip_is_asked_before_the_plan_is_written(tmp_path: Path) -> None:
    start, said = FAR[0]
    case = case_of(tmp_path, "pernicious-anaemia")
    before = case.read_bytes()
    command = ("accept", case, *PLAN, "--start", start, "--by", "Dr A", *ON)
    refused = in_process(*command)
    assert (refused.code, case.read_bytes()) == (1, before)
    assert said in " ".join(refused.err.split())
    assert "It would be saved as:" in refused.err
    assert "do it again with --yes" in refused.err
    as_json = in_process(*command, "--json")
    assert (as_json.code, case.read_bytes()) == (1, before)
    assert as_json.document["asked"][0]["code"] == "START_AHEAD"
    sure = in_process(*command, "--yes")
    assert sure.code == 0, sure.err
    assert said in sure.err
    assert f"start: {start}" in case.read_text("utf-8")


@hazard("H129")
@pytest.mark.parametrize("entry", [("given", "2026-08-14"), ("history", "phase=maintenance", "last_dose=2026-08-14")])
def test_a_start_in_the_past_is_no_question_where_its_dose_is_told(entry: tuple[str, ...], tmp_path: Path) -> None:
    case = case_of(tmp_path, "pernicious-anaemia")
    more = () if entry[0] == "history" else ("substance=hydroxocobalamin", "dose=1 mg", "route=im")
    assert in_process("record", case, *entry, *more, *ON, "--yes").code == 0
    run = in_process("accept", case, *PLAN, "--start", "2026-08-14", "--by", "Dr A", *ON)
    assert "no dose is recorded" not in run.err
    assert "This looks wrong" not in run.err


def test_where_nothing_is_planned_the_way_for_a_treatment_that_runs_is_named(tmp_path: Path) -> None:
    told = " ".join(in_process("review", case_of(tmp_path, "pernicious-anaemia"), *ON).out.split())
    assert "take over a treatment that runs already" in told


def test_no_id_of_a_text_stands_in_what_a_patient_reads_of_the_library() -> None:
    told = " ".join(
        in_process("ask", "Leber maintenance UK labels differ older edition", "--plain", "--all").out.split()
    )
    assert "uk-oh-smpc" not in told


@hazard("H11")
def test_no_letter_names_a_danger_of_a_high_level_beside_the_advice_not_to_stop(tmp_path: Path) -> None:
    told = in_process("review", case_of(tmp_path, "treatment-running"), *ON).out
    high = next(
        issue["text"]
        for issue in in_process("review", case_of(tmp_path, "treatment-running"), *ON, "--json").document["issues"]
        if issue["code"] == "B12_HIGH_ON_TREATMENT"
    )
    assert "by itself it is no reason to stop or to give less often" in high
    assert "cancer" not in f"{high} {told}"
