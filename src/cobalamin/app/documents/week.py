"""The JSON document of a practice's week."""

from __future__ import annotations

from datetime import date

from cobalamin.app.documents.types import week as answers
from cobalamin.population.outcomes import Calls
from cobalamin.population.recall import reasons
from cobalamin.population.week import Part, Person, Week


def week_document(week: Week) -> answers.PanelTodayAnswer:
    manifest, counts = week.manifest, week.counts
    return {
        "on": str(week.on),
        "library": manifest["library"],
        "policy": manifest["policy"],
        "may_be_missing": manifest["may_be_missing"],
        "through": str(week.through),
        "slots": week.slots,
        "total": week.total,
        "parts": {
            "week": counts[Part.WEEK],
            "lost": counts[Part.LOST],
            "asked": counts[Part.ASKED],
            "booked": counts[Part.BOOKED],
            "later": counts[Part.LATER],
            "elsewhere": counts[Part.ELSEWHERE],
            "left": counts[Part.LEFT],
        },
        "files": manifest["files"],
        "notes": manifest["notes"],
        "people": [_person(week, person) for person in week.people],
        "lines": [
            {"line": each.line, "patient_id": each.patient_id, "reason": each.reason, "carried": _carried(week, each.carried)}
            for each in week.lines
        ],
        "unread": [{"cell": cell, "detail": detail, "number": number} for cell, detail, number in week.cells],
        "unused_outcomes": [{"line": each.line, "why": each.why, "what": each.what} for each in week.unused],
    }  # fmt: skip


def _person(week: Week, person: Person) -> answers.WeekPerson:
    row = person.row
    return {
        "part": person.part.value,
        "line": person.line,
        "patient_id": row["patient_id"],
        "carried": _carried(week, person.carried),
        "status": row["status"],
        "reasons": reasons(row),
        "target": _day(row["target"]),
        "days_late": person.days_late,
        "last_dose": person.last_dose,
        "question": row["question"],
        "own_interval": row["own_interval"],
        "published_interval": row["published_interval"],
        "neurological_involvement": row["neurological_involvement"],
        "lifelong": row["lifelong"],
        "unread_cells": row["unread_cells"] or [],
        "shares_number": person.shared,
        "own_due": _day(person.own_due),
        "calls": _calls(person.calls),
        "slot": person.slot,
    }


def _carried(week: Week, cells: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(week.carry, cells, strict=False))


def _calls(calls: Calls) -> answers.WeekCalls:
    return {
        "booked_for": _day(calls.booked.booked_for) if calls.booked else None,
        "missed": _day(calls.missed.booked_for) if calls.missed else None,
        "declined": _day(calls.declined.on) if calls.declined else None,
        "tries": len(calls.tries),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else str(day)
