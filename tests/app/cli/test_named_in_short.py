"""A case named without its ending, a place in a list, and an interval that is a range: read where one thing is meant, else refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import DAY, example, in_process

from cobalamin.spans import SpanRefused, read_typed_span


def beside(folder: Path, *endings: str) -> Path:
    for ending in endings:
        (folder / f"anna{ending}").write_bytes(example("treatment-running").read_bytes())
    return folder / "anna"


@pytest.mark.parametrize("command", ["review", "due", "propose", "check", "whatif", "simulate"])
def test_a_case_is_found_without_its_ending(command: str, tmp_path: Path) -> None:
    day = () if command == "check" else DAY
    short, whole = (
        in_process(command, beside(tmp_path, ".yaml"), *day),
        in_process(command, tmp_path / "anna.yaml", *day),
    )
    assert (short.code, short.out) == (whole.code, whole.out)


def test_what_is_written_goes_into_the_file_that_is_there(tmp_path: Path) -> None:
    case = beside(tmp_path, ".yaml")
    assert in_process("record", case, "symptoms", "tiredness=3", "--on", "2026-10-12").code == 0
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["anna.yaml"]
    assert in_process("new", case).code != 0  # and none is begun beside it


def test_a_question_about_a_case_finds_it_too(tmp_path: Path) -> None:
    run = in_process("ask", "when is my next injection due", "--case", beside(tmp_path, ".yaml"), *DAY)
    assert run.code == 0, run.err


def test_two_files_of_one_name_are_not_chosen_between(tmp_path: Path) -> None:
    run = in_process("review", beside(tmp_path, ".yaml", ".json"), *DAY)
    assert run.code == 3
    assert "is not the whole name of a file; write anna.yaml or anna.json" in run.err


def test_a_file_of_just_that_name_is_the_one_that_is_meant(tmp_path: Path) -> None:
    case = beside(tmp_path, ".yaml")
    case.write_text("not a case", "utf-8")
    assert in_process("check", case).code == 3


@pytest.mark.parametrize("command", ["plan", "compare", "accept"])
def test_a_place_in_a_list_is_no_protocol(command: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_bytes(example("pernicious-anaemia").read_bytes())
    more = {"plan": ["--start", "2026-01-05"], "accept": ["--start", "2026-01-05", "--by", "Dr A"]}.get(command, [])
    run = in_process(command, case, "--protocol", "1", *more, *DAY)
    assert run.code == 3
    assert "'1' is a place in a list; type the protocol's id, such as uk-bnf-noneuro" in run.err
    assert case.read_bytes() == example("pernicious-anaemia").read_bytes()


@pytest.mark.parametrize(
    "text", ["2 to 3 months", "2-3 mo", "2 or 3 months", "8 wk to 3 mo", "two to 3 months", "2 mo - 3 mo"]
)
def test_an_interval_that_is_a_range_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(SpanRefused, match="is a range; choose one"):
        read_typed_span(text)


def test_the_command_says_so() -> None:
    run = in_process(
        "plan", example("pernicious-anaemia"), "--protocol", "uk-bnf-noneuro", "--start", "2026-01-05", "--choose",
        "maintenance_interval=2 to 3 months", *DAY,
    )  # fmt: skip
    assert run.code == 3
    assert "'2 to 3 months' is a range; choose one, and write a number and d, wk, mo or a" in run.err


def test_a_protocol_that_is_misspelt_is_refused_with_the_one_that_is_meant() -> None:
    run = in_process(
        "plan", example("pernicious-anaemia"), "--protocol", "uk-bnf-noneruo", "--start", "2026-01-05", *DAY
    )
    assert run.code == 3
    assert "there is no protocol 'uk-bnf-noneruo' (did you mean 'uk-bnf-noneuro'?)" in run.err


@pytest.mark.parametrize("text", ["a" * 100_000, "1 " * 50_000, "2 to " * 20_000, "1-" * 50_000])
def test_a_long_cell_is_refused_as_quickly_as_a_short_one(text: str) -> None:
    with pytest.raises(SpanRefused):
        read_typed_span(text)
