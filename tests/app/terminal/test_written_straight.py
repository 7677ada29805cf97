"""What goes straight to an uncoloured stream is what the library of consoles would have laid out, and a name stays as it is spelt."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, START, example, in_process
from hypothesis import given
from hypothesis import strategies as st

from cobalamin.app.terminal import columns
from cobalamin.app.terminal.console import NARROW, broken
from cobalamin.app.terminal.printing import STYLES, Printer

LATER = ("--on", "2026-09-01")
ASKED: list[tuple[object, ...]] = [
    ("review", example("treatment-running"), *LATER),
    ("review", example("self-injecting"), *LATER, "--plain"),
    ("propose", example("child"), *DAY, "--all"),
    ("compare", example("pernicious-anaemia"), *DAY),
    ("plan", example("pernicious-anaemia"), "--protocol", "uk-bnf-noneuro", *START, *DAY, "--choose", "maintenance_interval=3 mo"),
]  # fmt: skip


def laid_out(printer: Printer, text: str, emphasis: str = "") -> None:
    printer.out.print(text, style=STYLES[emphasis] or None, markup=False, soft_wrap=True)


@pytest.mark.parametrize("question", ASKED, ids=lambda question: f"{question[0]} {question[1].stem}")
def test_lines_and_columns_are_as_they_would_be_laid_out(
    question: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = in_process(*question)
    tables: list[str] = []
    really = columns.side_by_side
    monkeypatch.setattr(columns, "side_by_side", lambda rows: tables.append(really(rows)) or "")
    monkeypatch.setattr(Printer, "straight", laid_out)
    assert in_process(*question).out == straight.out
    assert all(tables), "a table of plain letters is written straight"


@pytest.mark.parametrize(
    "rows",
    [
        [["Day", "Given", "What"], ["1", "", "1 mg\nin a muscle"], ["12", "late", "x"]],
        [["A"], ["b c"]],
        [["a", "b"], ["", ""]],
    ],
)
def test_a_table_of_any_shape_is_as_it_would_be_laid_out(rows: list[list[str]], capsys: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in rows[0]:
        table.add_column(title, no_wrap=True)
    for row in rows[1:]:
        table.add_row(*row)
    Console(width=100).print(table, soft_wrap=True)
    assert columns.side_by_side(rows) + "\n" == capsys.readouterr().out


@pytest.mark.parametrize("sign", ["e\u0301", "\t", "宽"])
def test_a_sign_of_another_width_is_left_to_the_library(sign: str) -> None:
    assert columns.side_by_side([["What"], [sign]]) == ""


def test_a_name_between_colons_is_no_picture(case_file: Any) -> None:
    case = case_file(
        Path(example("pernicious-anaemia")).read_text("utf-8").replace("example-pernicious-anaemia", '":heart:"')
    )
    for command in (("propose", case), ("review", case)):
        assert ":heart:" in in_process(*command, *DAY).out


def test_the_signs_taken_for_narrow_are_so() -> None:
    from rich.cells import get_character_cell_size

    narrow = [chr(place) for place in range(0x3000) if NARROW.fullmatch(chr(place))]
    assert len(narrow) > 600
    assert {sign for sign in narrow if get_character_cell_size(sign) != 1} == set()
    assert {sign for sign in narrow if sign != " " and (sign.isspace() or not sign.isprintable())} == set()


@given(st.lists(st.text("ab-\u2013\u00e9,", min_size=1, max_size=9), min_size=1, max_size=30), st.integers(6, 40))
def test_a_line_is_broken_where_a_console_would_break_it(words: list[str], width: int) -> None:
    from rich.console import Console

    line, file = " ".join(words), io.StringIO()
    Console(file=file, width=width, emoji=False, highlight=False).print(line, markup=False)
    told = broken(line, width)
    assert told is None if max(map(len, words)) > width else file.getvalue() == f"{told}\n"


@pytest.mark.parametrize("line", ["two  gaps " * 5, " first", "last ", "宽 " * 30, "x" * 60])
def test_any_other_line_is_left_to_the_console(line: str) -> None:
    assert broken(line, 20) in (None, line)
    assert broken(line * 30, 20) is None
