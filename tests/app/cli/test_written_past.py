"""The confirmation names what an entry was written past, and what a look of a clinician ended (hazard H86)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import example, in_process

from hazards import hazard

ON = "2026-09-01"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_bytes(example("treatment-running").read_bytes())
    return path


def look(*answers: str) -> list[str]:
    return [
        "decision",
        ON,
        "reviewed",
        f"answers={','.join(answers)}",
        "by=Dr A",
        "finding=examined",
        "--on",
        ON,
        "--yes",
    ]


@hazard("H86")
@pytest.mark.parametrize(
    "words",
    [
        ["record", "CASE", "given", ON, "dose=10 mg", "route=im", "substance=hydroxocobalamin"],
        ["record", "CASE", "given", "2027-09-01"], ["record", "CASE", "result", ON, "haemoglobin=79 g/dL"],
        ["record", "CASE", "history", ON, "phase=ninth", "last_dose=unknown"], ["set", "CASE", "pregnancy=pregnant", "--on", "2027-01-01"],
    ],
)  # fmt: skip
def test_what_is_written_past_a_doubt_is_named_as_it_was_asked(words: list[str], case: Path) -> None:
    command = [str(case) if word == "CASE" else word for word in words]
    day = [] if "--on" in command else ["--on", ON]
    asked = in_process(*command, *day, "--json")
    assert asked.code == 1, asked.err
    doubts = [each["text"] for each in asked.document["asked"]]
    assert doubts
    told = " ".join(in_process(*command, *day, "--yes").out.split())
    for doubt in doubts:
        assert f"Written although it looked wrong: {' '.join(doubt.split())}" in told
    again = in_process(*command, *day, "--yes", "--json").document
    assert set(doubts) <= {each["text"] for each in again["written_past"]}


@hazard("H86")
def test_a_take_over_past_a_question_names_it(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_bytes(example("pernicious-anaemia").read_bytes())
    words = ["take-over", path, "--protocol", "uk-bnf-noneuro", "--last-dose", "2025-01-10", "--by", "Dr A", "--choose",
             "maintenance_interval=3 mo", "--on", "2026-01-05"]  # fmt: skip
    refused = in_process(*words)
    for code in re.findall(r"--acknowledge (\w+)=", refused.err):
        words += ["--acknowledge", f"{code}=seen"]
    run = in_process(*words, "--yes")
    assert run.code == 0, run.err
    assert "Written although it looked wrong: The last dose" in " ".join(run.out.split())


def test_what_looks_right_names_nothing(case: Path) -> None:
    run = in_process("record", case, "result", ON, "potassium=4.1 mmol/L", "--on", ON)
    assert "looked wrong" not in run.out
    assert "No longer open" not in run.out


@hazard("H86")
@hazard("H79")
def test_a_look_says_which_warning_signs_and_alarms_it_ended_and_which_stand(case: Path) -> None:
    for event in (["symptoms", "2026-08-20", "red_flags=facial_swelling"], ["symptoms", ON, "red_flags=widespread_hives"],
                  ["result", ON, "potassium=2.4 mmol/L"]):  # fmt: skip
        assert in_process("record", case, *event, "--on", ON).code == 0
    earlier = ["decision", "2026-08-25", *look("RED_FLAG_SYMPTOM")[2:]]
    told = " ".join(in_process("record", case, *earlier).out.split())
    assert "No longer open: Facial swelling on Thu 20 August 2026" in told
    assert "No longer open: Widespread hives" not in told
    document = in_process("record", case, *look("RED_FLAG_SYMPTOM", "POTASSIUM_LOW"), "--json").document
    assert [text[:16] for text in document["ended"]][:1] == ["Widespread hives"]
    assert any("otassium" in text for text in document["ended"])
    assert in_process("record", case, *look("POTASSIUM_LOW"), "--json").document["ended"] == []
    assert "This ends nothing that was open." in in_process("record", case, *look("LAPSE"), "--plain").out
