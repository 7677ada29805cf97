"""The review sheet as a PDF to print and fill in by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from cobalamin.app.paper.typesetting import pdf_of
from cobalamin.app.services.review_sheet import Row
from cobalamin.app.services.workbook import WHO, column, say

_COLUMNS = ("row", "rule", "says", "where", "level", "agree", "change", "why")


def review_sheet_pdf(rows: Sequence[Row], edition: str) -> bytes:
    """The rows, a table for each protocol. Raises InputError where the extra is not installed."""
    numbered = list(enumerate(rows, 1))
    first: dict[tuple[str, str], int] = {}
    for number, row in numbered:
        first.setdefault((row.protocol, row.where), number)
    groups = groupby(numbered, key=lambda each: (each[1].protocol, each[1].version))
    page: dict[str, Any] = {
        "large": True,  # never set smaller to save a page: it is written on by hand
        "title": say("title", edition=edition),
        "about": say("about"),
        "who": [say(name) for name in WHO],
        "columns": list(map(column, _COLUMNS)),
        "protocols": [
            {"title": f"{name}, {version}", "rows": [_cells(number, row, first) for number, row in group]}
            for (name, version), group in groups
        ],
    }
    return pdf_of("review_sheet.typ", page)


def _cells(number: int, row: Row, first: dict[tuple[str, str], int]) -> list[str]:
    """A row's texts; the place is written out where it stands first in its protocol."""
    stands = first[row.protocol, row.where]
    where = row.where if stands == number or not row.where else say("as_row", row=stands)
    return [str(number), row.rule, row.says, where, row.level, "", "", ""]
