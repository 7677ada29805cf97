"""The list of a practice's week as a PDF, with room to write what came of each call."""

from __future__ import annotations

from typing import Any

from cobalamin.app.paper.typesetting import pdf_of
from cobalamin.app.services import shipped
from cobalamin.app.views.week import Wording
from cobalamin.population.week import LISTED, Part, Week


def week_pdf(week: Week, name: str) -> bytes:
    """Everybody who is called, lost from sight, asked about or booked. Raises InputError where the extra is not installed."""
    wording = Wording(week)
    outcome = wording.say("week.column_outcome")
    parts = [
        {
            "title": sheet.title,
            "about": sheet.about,
            "titles": [*sheet.titles, outcome],
            "rows": [[*row, ""] for row in sheet.rows],
            "slots": week.slots if sheet.part is Part.WEEK else 0,
        }
        for sheet in wording.sheets()
        if sheet.rows or sheet.part in LISTED
    ]
    title = wording.say("week.title", file=name, date=wording.day(week.on))
    page: dict[str, Any] = {
        "large": True,  # never set smaller to save a page: it is written on by hand
        "language": shipped.library().own_words.language,
        "title": title,
        "foot": f"{title}. {_note(wording)}",
        "missing": wording.missing,
        "sum": wording.sum,
        "slots": wording.slots,
        "why": wording.say("week.column_why"),
        "outcome": outcome,
        "parts": parts,
        "faults": _faults(wording),
    }
    return pdf_of("week_list.typ", page)


def _note(wording: Wording) -> str:
    note = wording.screen.say("notes.not_signed_off")
    return wording.screen.say("notes.library", note=note, edition=shipped.library().edition)


def _faults(wording: Wording) -> list[tuple[str, list[str]]]:
    week = wording.week
    found = [(wording.say("week.cells_title"), list(wording.cells()))] if week.cells else []
    unused = list(map(wording.unused, week.unused))
    return [*found, *([(wording.say("week.unused_title", number=len(unused)), unused)] if unused else [])]
