"""Entries and answers in whole sentences, without codes, and amounts as they are written in a country."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from command_line import Run, in_process, nothing_written

ON = ("--on", "2026-09-01")


def said(run: Run) -> str:
    return " ".join((run.out + run.err).split())


def test_an_entry_without_content_ends_with_its_kind(copy_of: Callable[..., Path]) -> None:
    run = in_process("record", copy_of("treatment-running"), "hold", "2026-09-01", *ON)
    assert "Tue 1 September 2026: hold (2026-09-01-hold-" in said(run)


def test_what_was_looked_at_is_told_in_words(copy_of: Callable[..., Path]) -> None:
    run = in_process("record", copy_of("treatment-running"), "decision", "reviewed", "answers=RED_FLAG_SYMPTOM", "by=x", "finding=y", *ON)  # fmt: skip
    assert "answers red flag symptom" in said(run)
    reaction = in_process("record", copy_of("treatment-running"), "reaction", "to=unknown", "signs=widespread_hives", *ON)  # fmt: skip
    assert "signs widespread hives" in said(reaction)


def test_a_dose_taken_back_and_given_again_is_no_repetition(copy_of: Callable[..., Path]) -> None:
    case, words = copy_of("treatment-running"), "An entry that says the same was already there"
    in_process("record", case, "given", "2026-09-01", *ON, "--yes")
    in_process("undo", case, *ON, "--yes")
    assert words not in said(in_process("record", case, "given", "2026-09-01", *ON, "--yes"))
    assert words in said(in_process("record", case, "given", "2026-09-01", *ON, "--yes"))


def test_a_birth_that_has_not_come_is_refused(tmp_path: Path) -> None:
    with nothing_written(tmp_path):
        run = in_process("new", tmp_path / "a.yaml", "--birth-date", "2399-01-01")
    assert run.code == 3
    assert "has not come yet" in run.err


def test_thousands_are_read_where_a_comma_is_no_decimal() -> None:
    both = ("dose", "--strength", "1,000 mcg/mL", "--dose", "1,000 mcg", "--country")
    read = in_process(*both, "US")
    assert read.code == 0
    assert read.out == in_process("dose", "--strength", "1000 mcg/mL", "--dose", "1000 mcg", "--country", "US").out
    assert in_process(*both, "NL").code == 3


def test_a_dose_that_waits_is_told_in_one_sentence(copy_of: Callable[..., Path]) -> None:
    case = copy_of("pernicious-anaemia")
    run = in_process("due", case, "--on", "2026-01-02", "--if-given", "2026-01-02")
    assert "On Fri 2 January 2026 it would be pending." in said(run)
