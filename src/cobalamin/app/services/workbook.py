"""The review sheet as a workbook: written, and read back as it was filled in. What was written may not be changed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from cobalamin.app.services import extras
from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.review_sheet import Row
from cobalamin.app.services.shipped import library
from cobalamin.errors import InputError

YES, NO = "yes", "no"
WHO = ("name", "role", "register", "number", "day")
COLUMNS = ("row", "protocol", "rule", "says", "where", "level", "agree", "change", "why", "digest")
WIDTHS = (6, 22, 26, 60, 60, 12, 10, 30, 36, 34)
_HEAD, _ANSWERS = 1, ("agree", "change", "why")
_DAMAGED = (KeyError, ValueError, OSError, EOFError, IndexError, TypeError, AttributeError)


class Answer(Struct, frozen=True):
    row: int
    digest: str
    agree: str
    change: str
    why: str
    told: tuple[str, ...]  # protocol and version, rule, what is said, where, level, as they stand in the sheet


class Filled(Struct, frozen=True):
    """A workbook as it was filled in."""

    who: dict[str, str]
    answers: tuple[Answer, ...]


def say(key: str, **fields: object) -> str:
    return library().own_words.text(f"signing.{key}", **fields)


def column(name: str) -> str:
    return library().own_words.text(f"signing.column_{name}")


def need_workbooks() -> None:
    extras.need(say("needs_openpyxl"), "workbook", "openpyxl")


def told_of(row: Row) -> tuple[str, ...]:
    return (f"{row.protocol}, {row.version}", row.rule, row.says, row.where, row.level)


def workbook_of(rows: Sequence[Row], edition: str) -> bytes:
    """The workbook of these rows, with empty columns for the answers. Raises InputError where the extra is not installed."""
    need_workbooks()
    import openpyxl

    book = openpyxl.Workbook()
    _write_who(book.active, edition)
    _write_rows(book.create_sheet(say("rows")), rows)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write_who(sheet: Any, edition: str) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = say("who")
    sheet.append([say("title", edition=edition)])
    sheet.append([say("about")])
    sheet.merge_cells("A2:B2")
    sheet["A1"].font, sheet["A2"].alignment = Font(bold=True, size=14), Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[2].height = 110
    for name in WHO:
        sheet.append([say(name), ""])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 60


def _write_rows(sheet: Any, rows: Sequence[Row]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.append(list(map(column, COLUMNS)))
    for number, row in enumerate(rows, 1):
        sheet.append([str(number), *told_of(row), "", "", "", row.digest])
    for letter, width in zip("ABCDEFGHIJ", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in sheet[_HEAD]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="DDE6EE")
    for cells in sheet.iter_rows(min_row=_HEAD + 1):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.data_type = "s" if cell.value else cell.data_type  # never a formula, whatever a text begins with
    sheet.freeze_panes, sheet.column_dimensions["J"].hidden = "D2", True
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    allowed = DataValidation(type="list", formula1=f'"{YES},{NO}"', allow_blank=True)
    allowed.add(f"G{_HEAD + 1}:G{len(rows) + _HEAD}")
    sheet.add_data_validation(allowed)


def filled_in(path: Path) -> Filled:
    """What stands in a workbook. Raises InputError where it is none of this program's."""
    need_workbooks()
    import openpyxl

    content = read_bytes(path)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=False, data_only=True)
        who, rows = book[say("who")], book[say("rows")]
        told = {name: _text(value) for name, (_, value) in zip(WHO, _pairs(who), strict=True)}
        answers = tuple(_answer(cells) for cells in rows.iter_rows(min_row=_HEAD + 1, values_only=True) if any(cells))
    except Exception as error:
        if not isinstance(error, _DAMAGED) and type(error).__module__.split(".")[0] not in ("openpyxl", "zipfile"):
            raise
        raise InputError.one(str(path), "", say("no_workbook")) from None
    return Filled(told, answers)


def _pairs(sheet: Any) -> Iterable[tuple[Any, Any]]:
    return [(row[0], row[1]) for row in sheet.iter_rows(min_row=3, max_row=2 + len(WHO), max_col=2, values_only=True)]


def _answer(cells: tuple[Any, ...]) -> Answer:
    told = {name: _text(value) for name, value in zip(COLUMNS, cells, strict=False)}
    given = {name: told[name] for name in _ANSWERS}
    words = tuple(told[name] for name in ("protocol", "rule", "says", "where", "level"))
    return Answer(int(told["row"]), told["digest"], given["agree"].lower(), given["change"], given["why"], words)


def _text(value: Any) -> str:
    """What stands in a cell; a day as it is written in a case file."""
    if hasattr(value, "date"):
        value = value.date()
    return "" if value is None else str(value).strip()
