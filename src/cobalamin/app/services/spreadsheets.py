"""Tables for spreadsheets: CSV and workbooks in which nothing that somebody wrote is ever computed (hazard H155)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from cobalamin.app.services import extras

# What a spreadsheet computes, also with signs of full width, and after spaces or characters that nobody sees.
_FORMULA = re.compile("[\\s\u200b-\u200f\u2060\ufeff\x00-\x1f]*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_NOT_IN_A_WORKBOOK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_000
_WIDEST = 60


def as_text(value: Any) -> Any:
    """A cell; a text that a spreadsheet would compute gets a leading apostrophe. Numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def csv_of(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV for a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(list(map(as_text, titles)))
    for row in rows:
        writer.writerow(list(map(as_text, row)))
    return f"\ufeff{text.getvalue()}"


class Table:
    """One sheet of a workbook. `choices`: by column, the words that may be chosen in it."""

    def __init__(
        self, name: str, titles: Sequence[str], rows: Sequence[Sequence[str]], choices: dict[int, Sequence[str]] | None = None
    ) -> None:  # fmt: skip
        self.name, self.titles, self.rows, self.choices = name, titles, rows, choices or {}


def need_workbooks(what: str) -> None:
    """Raise InputError where what writes workbooks is not installed."""
    extras.need(what, "workbook", "openpyxl")


def workbook_of(tables: Iterable[Table]) -> bytes:
    """A workbook with a sheet for each table, whose cells are all texts."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in tables:
        _write(book.create_sheet(table.name), table)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write(sheet: Any, table: Table) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    widths = [len(title) for title in table.titles]
    for number, row in enumerate((table.titles, *table.rows), 1):
        for place, text in enumerate(row):
            _put(sheet.cell(number, place + 1), text)
            widths[place] = max(widths[place], min(len(text), _WIDEST))
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width + 2
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="DDE6EE")
        cell.alignment = Alignment(vertical="top")
    _add_choices(sheet, table)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(cell: Any, text: str) -> None:
    """Put a text into a cell: never a formula, whatever it begins with, here and where the sheet is saved as CSV."""
    if text:
        cell.value = as_text(_NOT_IN_A_WORKBOOK.sub("\ufffd", text)[:_LONGEST_CELL])
        cell.data_type = "s"
        cell.number_format = "@"


def _add_choices(sheet: Any, table: Table) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, words in table.choices.items():
        allowed = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        letter = get_column_letter(place + 1)
        allowed.add(f"{letter}2:{letter}{max(len(table.rows), 1) + 1}")
        sheet.add_data_validation(allowed)
