"""The JSON document of a look into a practice's list."""

from __future__ import annotations

from cobalamin.app.documents.types import week as answers
from cobalamin.app.services.look import Look


def look_document(found: Look) -> answers.PanelLookAnswer:
    return {
        "file": {
            "file": found.how["file"],
            "encoding": found.how["encoding"],
            "separator": found.how["separator"],
            "heading_line": found.how["heading_line"],
        },
        "lines": found.lines,
        "may_be_missing": found.lost_number,
        "columns": [
            {"name": each.name, "taken_for": each.taken_for, "carried": each.carried, "filled": each.filled, "examples": list(each.examples)}
            for each in found.columns
        ],
        "lacking": list(found.lacking),
        "unread": [
            {"cell": cell, "column": name, "detail": detail, "number": number} for cell, name, detail, number in found.unread
        ],
        "rows": [{"line": line, "cells": dict(row), "unread_cells": list(wrong)} for line, row, wrong in found.rows],
        "open": list(found.open),
        "mapping": found.draft,
    }  # fmt: skip
