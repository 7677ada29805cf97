"""Tables on a terminal: in columns where they fit, else each row as a paragraph."""

from __future__ import annotations

import re
import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from cobalamin.app.terminal.console import NARROW
from cobalamin.app.views.names import LONGEST, SHORTEST, told_apart
from cobalamin.app.views.tree import Paragraph, Table

if TYPE_CHECKING:
    from cobalamin.app.terminal.printing import Printer

NO_BREAK = "\ue000"  # stands for a space that must not break
KEPT_WHOLE = re.compile(r"(?<=\d) (?=(?:mg|mcg|microgram|dose|day|month|week|to \d)s?)|(?<=to) (?=\d)")
_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:mg|mcg|microgram|micrograms|mL|ampoule|ampoules|tablet|tablets|of \d)\b)")
_NARROWEST = 24


def show(printer: Printer, table: Table) -> None:
    """Print the table as wide as there is room."""
    if table.free is not None:
        _with_free_column(printer, table, table.free)
    elif table.names is not None:
        _with_names(printer, table, table.names)
    else:
        _as_it_is(printer, table)


def _with_free_column(printer: Printer, table: Table, free: int) -> None:
    """Only the free column is broken into lines, and never between a number and its unit (hazard H34)."""
    rows = [list(row) for row in table.rows]
    wide = [max(map(len, column)) for column in zip(table.titles, *rows, strict=True)]
    room = printer.out.width - sum(wide) + wide[free] - 2 * len(wide)
    if room < _NARROWEST:
        _stacked(printer, rows, free)
        return
    for row in rows:
        row[free] = _wrapped(row[free], max(room, _NARROWEST))
    if not printer.out.color_system and (straight := side_by_side([[*table.titles], *rows])):
        printer.straight(straight)
        return
    from rich import table as rich_table

    made = rich_table.Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    for title in table.titles:
        made.add_column(title, no_wrap=True)
    for row, strong in zip(rows, table.strong, strict=True):
        made.add_row(*row, style="bold" if strong else None)
    printer.out.print(made, markup=False, soft_wrap=True)


def side_by_side(rows: list[list[str]]) -> str:
    """The table without colours, as the library of tables would lay it out; empty where a sign may be wider than one place."""
    lines = [
        each
        for row in rows
        for each in zip_longest(*(cell.split("\n") if cell else [""] for cell in row), fillvalue="")
    ]
    if not all(NARROW.fullmatch(cell) for each in lines for cell in each):
        return ""
    wide = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(each, wide, strict=True)) for each in lines)


def _stacked(printer: Printer, rows: list[list[str]], free: int) -> None:
    """For a narrow terminal: each row as a paragraph, because a cut column could hide a unit (hazard H34)."""
    for row in rows:
        first = "  ".join(cell for cell in row[:free] if cell)
        rest = "; ".join(cell for cell in row[free:] if cell)
        printer.paragraph(Paragraph(f"{first}: {_NUMBER_AND_UNIT.sub(NO_BREAK, rest)}".replace(NO_BREAK, "\u00a0")))


def _wrapped(text: str, width: int) -> str:
    whole = _NUMBER_AND_UNIT.sub(NO_BREAK, text)
    lines = textwrap.wrap(whole, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace(NO_BREAK, " ")


def _with_names(printer: Printer, table: Table, names: int) -> None:
    """The first form that fits, its names shortened; the last where none does."""
    from rich import table as rich_table

    room = min(LONGEST, max(printer.out.width // 3 - 6, SHORTEST))
    for fitting in (table, *table.narrower):
        short = told_apart([row[names] for row in fitting.rows], room)
        rows = [(*row[:names], name, *row[names + 1 :]) for row, name in zip(fitting.rows, short, strict=True)]
        wide = [max(map(_widest, cells)) for cells in zip(fitting.titles, *rows, strict=True)]
        if sum(wide) + 2 * len(wide) <= printer.out.width:
            break
    made = rich_table.Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    for title, width in zip(fitting.titles, wide, strict=True):
        made.add_column(title, no_wrap=True, min_width=width)
    for row in rows:
        made.add_row(*row)
    printer.out.print(made, markup=False, soft_wrap=True)


def _widest(cell: str) -> int:
    return max(len(line) for line in cell.split("\n"))


def _as_it_is(printer: Printer, table: Table) -> None:
    from rich import table as rich_table

    made = rich_table.Table(box=None, pad_edge=False, padding=(0, 1 if table.dense else 2, 0, 0), header_style="bold")
    for at, title in enumerate(table.titles):
        made.add_column(title, justify="right" if at in table.right else "left")
    for row in table.rows:
        made.add_row(*row)
    printer.out.print(made)
