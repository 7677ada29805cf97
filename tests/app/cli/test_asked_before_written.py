"""`record`: what is improbable is asked, what was saved is shown back, and only what is new is named."""

from __future__ import annotations

import os
import pty
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from command_line import in_process
from jsonschema import Draft202012Validator

from cobalamin.app.documents.schemas import schema_of
from cobalamin.app.services.cases import open_case
from hazards import hazard

ON = ("--on", "2026-09-01")
AHEAD = ("given", "2026-10-09")
END = "\x04"  # of what is typed, after a whole line


def on_a_terminal(
    arguments: Sequence[object], answers: Sequence[str], questions: Sequence[str] = ("y/N",)
) -> tuple[int, str]:
    """Exit code and screen of the program on a terminal, which gets an answer after each question; its input ends after the last."""
    child, screen = pty.fork()
    if child == 0:
        os.environ["COLUMNS"] = "100"
        os.execv(sys.executable, [sys.executable, "-m", "cobalamin", *map(str, arguments)])
    shown, waiting = b"", list(answers)
    while True:
        try:
            part = os.read(screen, 4096)
        except OSError:  # the program has ended
            break
        if not part:
            break
        shown += part
        if shown.rstrip().endswith(tuple(each.encode() for each in questions)):
            answer = waiting.pop(0) if waiting else END
            os.write(screen, (answer if answer.endswith(END) else f"{answer}\n").encode())
    os.close(screen)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


@hazard("H73")
def test_without_a_terminal_nothing_improbable_is_written(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = case.read_bytes()
    run = in_process("record", case, *AHEAD, *ON, answers="y\n")
    assert (run.code, run.out) == (1, "")
    assert case.read_bytes() == before
    said = " ".join(run.err.split())
    assert "Fri 9 October 2026 has not come yet: today is Tue 1 September 2026." in said
    assert "saved as: Fri 9 October 2026: dose: Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular" in said
    assert said.endswith("do it again with --yes.")


@hazard("H32")
def test_with_yes_it_is_always_written(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    run = in_process("record", case, *AHEAD, "dose=900 mg", "substance=cyanocobalamin", "route=iv", *ON, "--yes")
    assert run.code == 0
    assert open_case(case).record[-1].substance == "cyanocobalamin"


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("yes", 0), ("n", 1), ("", 1), ("of course", 1)])
def test_on_a_terminal_only_a_yes_writes(copy_of: Callable[..., Path], answer: str, code: int) -> None:
    case = copy_of("treatment-running")
    before = case.read_bytes()
    ended, screen = on_a_terminal(["record", case, *AHEAD, *ON], [answer])
    assert ended == code
    assert "y/N" in screen
    assert (case.read_bytes() != before) is (code == 0)
    assert ("Not written." in screen) is (code == 1)


def test_what_was_asked_is_a_document(copy_of: Callable[..., Path]) -> None:
    run = in_process("record", copy_of("treatment-running"), *AHEAD, *ON, "--json")
    Draft202012Validator(schema_of("asked")).validate(run.document)
    assert (run.code, run.document["written"]) == (1, False)
    assert [doubt["code"] for doubt in run.document["asked"]] == ["DAY_AHEAD"]
    assert run.document["entries"][0]["day"] == "Fri 9 October 2026"


def test_the_likely_unit_is_named(copy_of: Callable[..., Path]) -> None:
    run = in_process("record", copy_of("treatment-running"), "result", "2026-08-30", "haemoglobin=10.4 g/L", *ON)
    assert run.code == 1
    assert "Was 10.4 g/dL meant?" in " ".join(run.err.split())


def test_the_entry_is_shown_back_with_its_weekday_content_and_id(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    run = in_process("record", case, "given", "2026-08-31", "batch=HX9", "by=Nurse B", *ON)
    said = " ".join(run.out.split())
    entry = open_case(case).record[-1]
    assert f"Mon 31 August 2026: dose: Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, batch HX9 (by Nurse B) ({entry.id})" in said  # fmt: skip
    assert "Before:" in said
    assert "Now:" in said
    assert f"id: {entry.id}" in case.read_text("utf-8")


@hazard("H77")
def test_only_what_is_new_is_named_and_the_rest_counted(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    first = in_process("record", case, "result", "2026-08-30", "potassium=2.9 mmol/L", "reference_range=3.5-5.3 mmol/L", *ON)  # fmt: skip
    assert "POTASSIUM_LOW" in first.out
    assert "LIBRARY_NOT_VERIFIED" not in first.out
    second = in_process("record", case, "result", "2026-08-31", "mcv=90 fL", "reference_range=80-100 fL", *ON)
    alarm, rest = second.out.split("Recorded in", 1)
    assert "POTASSIUM_LOW" in alarm
    assert not {"POTASSIUM_LOW", "LIBRARY_NOT_VERIFIED"} & set(re.findall(r"[A-Z0-9_]{9,}", rest))
    assert "other matters stood before and still stand" in " ".join(second.out.split())
    answer = in_process("record", case, "result", "2026-09-01", "mcv=91 fL", "reference_range=80-100 fL", *ON, "--json")
    assert answer.document["new_issues"] == []
    assert answer.document["standing"] >= 2


@hazard("H77")
def test_a_warning_sign_that_stands_is_said_each_time(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    in_process("record", case, "symptoms", "2026-08-31", "red_flags=new_vision_loss", *ON)
    assert "RED_FLAG_SYMPTOM" in in_process("record", case, "given", "2026-09-01", *ON).out


@hazard("H74")
def test_a_correction_is_confirmed_as_what_it_is(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    dose = open_case(case).record[-2]
    run = in_process("record", case, "correction", f"withdraws={dose.id}", "reason=wrong person", *ON)
    assert run.code == 0
    said = " ".join(run.out.split())
    assert "takes back: Thu 9 July 2026: dose: " in said
    assert "because: wrong person" in said


@hazard("H74")
@pytest.mark.parametrize("event", [("correction", "reason=x"), ("decision", "credit", "by=x", "reason=y")])
def test_where_an_id_is_missing_the_entries_are_listed(copy_of: Callable[..., Path], event: tuple[str, ...]) -> None:
    run = in_process("record", copy_of("treatment-running"), *event, *ON)
    assert run.code == 3
    assert "Thu 9 July 2026: dose: Hydroxocobalamin 1 mg" in " ".join(run.err.split())


@hazard("H74")
def test_equal_entries_have_ids_of_their_own(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    for _ in range(3):
        in_process("record", case, "given", "2026-08-31", *ON, "--yes")
    first, second, third = (event.id for event in open_case(case).record[-3:])
    assert [second, third] == [f"{first}.2", f"{first}.3"]
    in_process("record", case, "correction", f"withdraws={second}", "reason=typed twice", *ON)
    found = in_process("review", case, *ON, "--json").document["evaluations"][-3:]
    assert sorted(each["event"] for each in found if "RETRACTED" in each["flags"]) == [second]
