"""Tutorials and how-to pages do what they show: every command is typed in an empty folder, every line shown is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from documentation.page_runner import Typed, missing_line, run_page, steps

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs" / "tutorials").glob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    assert run_page(page, folder) > 0


def test_there_is_a_tutorial_for_each_of_three_people() -> None:
    assert {page.stem for page in PAGES if page.parent.name == "tutorials"} == {
        "at-home",
        "in-the-practice",
        "for-programmers",
    }


def test_a_page_is_read_as_files_and_commands() -> None:
    page = "<!-- file: a.txt -->\n```text\nx\n```\nand\n```console\n$ cat a.txt\nx\n...\n$ cat b   # exit 1\n```\n"
    assert steps(page) == [("a.txt", "x\n"), Typed("cat a.txt", 0, ("x",)), Typed("cat b", 1, ())]


@pytest.mark.parametrize(
    ("shown", "printed", "missing"),
    [
        (("due Thu 16 April",), "is due Thu\n16   April 2026", None),
        (("first", "second"), "second, then first", "second"),
        (("1 mg",), "10 mg", "1 mg"),
    ],
)
def test_a_line_that_was_not_printed_is_found(shown: tuple[str, ...], printed: str, missing: str | None) -> None:
    assert missing_line(shown, printed) == missing


def test_a_page_whose_command_ends_otherwise_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ cobalamin check nobody.yaml\n```\n", "utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(AssertionError, match="ended with 3"):
        run_page(page, tmp_path / "folder")
