"""`set` appends facts and says what they change; `undo` takes back what was written last, together with what belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Run, in_process, nothing_written
from jsonschema import Draft202012Validator
from test_asked_before_written import on_a_terminal

from cobalamin.app.documents.schemas import schema_of
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.typed import assessment_day
from hazards import hazard

ON = ("--on", "2026-09-01")
PLAN = ("--protocol", "uk-bnf-noneuro", "--by", "Dr Ash", "--choose", "maintenance_interval=3 mo")


def said(run: Run) -> str:
    return " ".join((run.out + run.err).split())


# -- set -----------------------------------------------------------------------------------------------------------------


def test_a_fact_is_appended_and_the_facts_of_the_head_stay(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = case.read_text("utf-8")
    run = in_process("set", case, "anaemia=severe", "weight=62 kg", *ON)
    assert run.code == 0
    assert case.read_text("utf-8").startswith(before)
    assert "anaemia: it was mild, now it is severe." in said(run)
    assert "weight: it was not asked, now it is 62 kg." in said(run)
    first, second = open_case(case).record[-2:]
    assert (first.kind, first.fact, first.value) == ("fact", "anaemia", "severe")
    assert f"written_with: {first.id}" in case.read_text("utf-8")
    assert second.fact == "weight"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("pregnancy=maybe", ("pregnancy", "'maybe' is not one of", "breastfeeding")),
        ("pregnant=yes", ("is no fact (did you mean 'pregnancy'?)",)),
        ("weight=9000 kg", ("weight", "must be a weight such as 62 kg")),
        ("pregnancy", ("must be KEY=VALUE",)),
    ],
)
def test_a_word_that_a_fact_does_not_have_is_refused(
    copy_of: Callable[..., Path], typed: str, words: tuple[str, ...]
) -> None:
    case = copy_of("treatment-running")
    with nothing_written(case.parent):
        run = in_process("set", case, typed, *ON)
    assert run.code == 3
    assert all(word in run.err for word in words)


def test_what_it_changes_is_said_with_and_without_a_plan(copy_of: Callable[..., Path]) -> None:
    run = in_process("set", copy_of("treatment-running"), "neurological_involvement=present", *ON, "--json")
    Draft202012Validator(schema_of("set")).validate(run.document)
    assert run.document["before"] != run.document["after"]
    offered = in_process("set", copy_of("pernicious-anaemia"), "neurological_involvement=present", *ON)
    assert "First of what may be offered: it was " in said(offered)
    document = in_process("set", copy_of("pernicious-anaemia"), "neurological_involvement=present", *ON, "--json").document  # fmt: skip
    assert document["options"]["before"] != document["options"]["after"]


@hazard("H78")
def test_a_fact_set_again_on_one_day_takes_the_earlier_one_back(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    in_process("set", case, "anaemia=severe", *ON)
    with nothing_written(case.parent):
        asked = in_process("set", case, "anaemia=none", *ON)
    assert asked.code == 1
    assert "anaemia was recorded for the same day as severe; that entry is taken back" in said(asked)
    assert "in its place anaemia is recorded as: none." in said(asked)
    run = in_process("set", case, "anaemia=none", *ON, "--yes")
    assert "anaemia: it was severe, now it is none." in said(run)


@hazard("H78")
def test_a_fact_of_a_day_that_has_not_come_is_asked(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    with nothing_written(case.parent):
        asked = in_process("set", case, "weight=62 kg", "--on", "2399-01-01")
    assert asked.code == 1
    assert "1 January 2399 has not come yet" in said(asked)


# -- undo ----------------------------------------------------------------------------------------------------------------


@hazard("H74")
def test_the_last_written_is_taken_back_not_the_last_dated(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    in_process("record", case, "given", "2026-08-31", *ON)
    in_process("record", case, "result", "2026-02-01", "mcv=101 fL", "reference_range=80-100 fL", "by=Nurse B", *ON)
    dose, result = (event.id for event in open_case(case).record[-2:])
    with nothing_written(case.parent):
        asked = in_process("undo", case, *ON)
    assert asked.code == 1
    assert "Sun 1 February 2026: result: Mean cell volume 101 fL (range 80-100 fL) (by Nurse B)" in said(asked)
    first = in_process("undo", case, *ON, "--yes", "--json").document
    Draft202012Validator(schema_of("undo")).validate(first)
    second = in_process("undo", case, *ON, "--yes", "--json").document
    assert [[each["id"] for each in done["taken_back"]] for done in (first, second)] == [[result], [dose]]
    corrections = open_case(case).record[-2:]
    assert [each.withdraws for each in corrections] == [result, dose]


@hazard("H74")
def test_a_correction_that_somebody_typed_is_taken_back_too(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = in_process("due", case, *ON).out
    dose = open_case(case).record[-2].id
    in_process("record", case, "correction", f"withdraws={dose}", "reason=x", *ON)
    assert in_process("due", case, *ON).out != before
    in_process("undo", case, *ON, "--yes")
    assert in_process("due", case, *ON).out == before
    third = in_process("undo", case, *ON, "--yes", "--json").document
    assert (
        third["taken_back"][0]["kind"] == "result"
    )  # the entry before the correction, and not one of the two corrections


@hazard("H74")
def test_what_one_command_wrote_is_taken_back_together(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = in_process("review", case, *ON, "--json").document
    in_process("set", case, "anaemia=severe", "pregnancy=pregnant", *ON)
    run = in_process("undo", case, *ON, "--yes", "--json")
    assert len(run.document["taken_back"]) == 2
    after = in_process("review", case, *ON, "--json").document
    assert {**after, "valid_until": before["valid_until"]} == before


@hazard("H74")
@pytest.mark.parametrize("name", ["pernicious-anaemia"])
def test_a_plan_in_the_head_is_taken_back_and_makes_room(copy_of: Callable[..., Path], name: str) -> None:
    case = copy_of(name)
    in_process("record", case, "result", "2026-01-02", "mcv=101 fL", "reference_range=80-100 fL", "--on", "2026-01-02")
    assert in_process("accept", case, *PLAN, "--start", "2026-01-05", "--on", "2026-01-02").code == 0
    run = in_process("undo", case, "--on", "2026-01-02", "--yes", "--json")
    assert (run.document["plan"], run.document["taken_back"]) == ("uk-bnf-noneuro", [])
    text = case.read_text("utf-8")
    assert "withdraws: plan" in text
    assert "protocol: uk-bnf-noneuro" in text  # nothing recorded is removed
    assert in_process("due", case, "--on", "2026-01-02", "--json").document["forecast"]["status"] == "data_required"
    assert in_process("accept", case, *PLAN, "--start", "2026-01-06", "--on", "2026-01-02").code == 0
    due = in_process("due", case, "--on", "2026-01-02", "--json").document
    assert due["forecast"]["target"] == "2026-01-06"
    assert open_case(case).record[-1].kind == "plan"


@hazard("H74")
def test_a_fact_of_an_earlier_day_that_was_written_last_is_taken_back_first(copy_of: Callable[..., Path]) -> None:
    case = copy_of("pernicious-anaemia")
    assert in_process("accept", case, *PLAN, "--start", "2026-01-05", "--on", "2026-09-01").code == 0
    in_process("set", case, "weight=60 kg", "--on", "2026-03-01")
    assert (
        open_case(case).record[-1].recorded_at[:10] == assessment_day("").isoformat()
    )  # when it was written, not learned
    first = in_process("undo", case, "--yes", "--json").document
    assert [each["kind"] for each in first["taken_back"]] == ["fact"]
    assert "plan" not in first
    assert in_process("undo", case, "--yes", "--json").document["plan"] == "uk-bnf-noneuro"


def test_what_undo_wrote_is_not_said_to_be_taken_back(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    in_process("undo", case, *ON, "--yes")
    name = open_case(case).record[-1].id
    again = in_process("undo", case, "--id", name, *ON, "--yes")
    assert again.code == 1
    assert "took something back, and that can't be undone" in again.err
    assert "taken back already" not in again.err
    asked = in_process("record", case, "correction", f"withdraws={name}", *ON)
    assert asked.code == 1
    assert "record what was taken back once more" in said(asked)


def test_an_entry_is_named_by_its_id(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    unknown = in_process("undo", case, "--id", "nope", *ON, "--yes")
    assert unknown.code == 3
    assert "Entries of this record" in unknown.err
    dose = open_case(case).record[-2].id
    assert in_process("undo", case, "--id", dose, *ON, "--yes").code == 0
    again = in_process("undo", case, "--id", dose, *ON, "--yes")
    assert again.code == 1
    assert "taken back already" in again.err


def test_nothing_is_left_to_take_back(copy_of: Callable[..., Path]) -> None:
    run = in_process("undo", copy_of("pernicious-anaemia"), *ON, "--yes")
    assert run.code == 1
    assert "no entry is left" in run.err


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_on_a_terminal_it_is_asked(copy_of: Callable[..., Path], answer: str, code: int) -> None:
    case = copy_of("treatment-running")
    before = case.read_bytes()
    ended, screen = on_a_terminal(["undo", case, *ON], [answer])
    assert ended == code
    assert "Take it back? y/N" in screen
    assert (case.read_bytes() != before) is (code == 0)
