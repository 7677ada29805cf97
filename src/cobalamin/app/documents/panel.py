"""The JSON documents of a panel: counts, recall list, measures, timeline, differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypedDict

from cobalamin.app.documents.types import panel as answers
from cobalamin.population.measures import Result, disclosed
from cobalamin.population.panel import Panel
from cobalamin.population.recall import Recall, reasons

RECALL_COLUMNS = (
    "patient_id", "practice", "status", "reasons", "target", "days_late", "last_dose", "phase", "number", "question", "question_since",
    "cause", "neurological_involvement", "lifelong", "rows_set_aside", "unread_cells",
    "basis", "own_interval", "published_interval", "leaves_on",
)  # fmt: skip


Row = Mapping[str, Any]  # as DuckDB gives it


class _Head(TypedDict):
    """What every document of a panel begins with; `may_be_missing`: at most so many people are on no list, as their rows can't be read."""

    on: str
    library: str
    policy: str
    may_be_missing: int


def head(panel: Panel) -> _Head:
    manifest = panel.manifest
    return {
        "on": str(panel.on), "library": manifest["library"], "policy": manifest["policy"], "may_be_missing": panel.may_be_missing,
    }  # fmt: skip


def recall_row(row: Row) -> answers.RecallRow:
    return {
        "patient_id": row["patient_id"],
        "practice": row["practice"],
        "status": row["status"],
        "target": _day(row["target"]),
        "days_late": row["days_late"],
        "last_dose": _day(row["last_dose"]),
        "phase": row["phase"],
        "number": row["number"],
        "question": row["question"],
        "question_since": _day(row["question_since"]),
        "own_interval": row["own_interval"],
        "published_interval": row["published_interval"],
        "cause": row["cause"],
        "neurological_involvement": row["neurological_involvement"],
        "lifelong": row["lifelong"],
        "rows_set_aside": row["rows_set_aside"],
        "unread_cells": row["unread_cells"] or [],
        "basis": "recorded" if row["own_interval"] else "published" if row["protocol"] else "",
        "leaves_on": _day(row["left_on"]),
        "reasons": reasons(row),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else str(day)


def recall_document(panel: Panel, found: Recall) -> answers.PanelRecallAnswer:
    return {
        **head(panel),
        "through": str(found.through),
        "people": found.people,
        "rows": [recall_row(row) for row in found.rows],
        "not_listed": found.left_out,
    }


def measures_document(panel: Panel, results: list[Result], shared: bool) -> answers.PanelMeasuresAnswer:
    return {
        **head(panel),
        "shared": shared,
        "measures": [_measure(disclosed(each) if shared else each) for each in results],
    }


def person_behind(row: Row) -> answers.PersonBehind:
    return {
        "patient_id": row["patient_id"],
        "practice": row["practice"],
        "status": row["status"],
        "target": _day(row["target"]),
        "last_dose": _day(row["last_dose"]),
        "counted": row["counted"],
    }


def people_document(panel: Panel, measure_id: str, rows: Iterable[Row]) -> answers.PanelPeopleAnswer:
    people = [person_behind(row) for row in rows]
    return {"measure": measure_id, "may_be_missing": panel.may_be_missing, "people": people}


def timeline_document(panel: Panel, months: Iterable[Row]) -> answers.PanelTimelineAnswer:
    return {**head(panel), "months": [_month(month) for month in months]}


def _month(row: Row) -> answers.MonthAnswer:
    return {
        "month": row["month"],
        "discontinued": row["discontinued"],
        "contraindicated": row["contraindicated"],
        "data_required": row["data_required"],
        "on_hold": row["on_hold"],
        "paused": row["paused"],
        "bridged": row["bridged"],
        "complete": row["complete"],
        "ongoing": row["ongoing"],
        "not_yet_due": row["not_yet_due"],
        "bookable": row["bookable"],
        "due": row["due"],
        "overdue": row["overdue"],
        "review_needed": row["review_needed"],
        "perhaps_overdue": row["perhaps_overdue"],
        "dated": row["dated"],
        "late": row["late"],
        "late_share": row["late_share"],
    }


def reconcile_document(panel: Panel, aside: Iterable[Row], differing: Iterable[Row]) -> answers.PanelReconcileAnswer:
    return {
        **head(panel),
        "rows": panel.manifest["rows"],
        "set_aside": [_set_aside(row) for row in aside],
        "differing": [_differing(row) for row in differing],
    }


def _set_aside(row: Row) -> answers.SetAsideRow:
    return {
        "table": row["table"],
        "patient_id": row["patient_id"],
        "file": row["file"],
        "line": row["line"],
        "cell": row["cell"],
        "detail": row["detail"],
        "reason": row["reason"],
    }


def _differing(row: Row) -> answers.DifferingRow:
    return {
        "patient_id": row["patient_id"],
        "told": _day(row["told"]),
        "target": _day(row["target"]),
        "days": row["days"],
        "as_written": row["as_written"],
        "last_dose": _day(row["last_dose"]),
        "interval_days": row["interval_days"],
        "status": row["status"],
    }


def _measure(result: Result) -> answers.MeasureAnswer:
    measure = result.measure
    found: answers.MeasureAnswer = {
        "id": measure.id,
        "name": measure.name,
        "group": result.group,
        "unit": measure.unit,
        "better": "high" if measure.better else "low",
        "numerator": result.numerator,
        "denominator": result.denominator,
        "excluded": result.excluded,
        "share": result.share,
    }
    if result.median_days is not None:
        found["median_days"] = result.median_days
    return found


def build_document(manifest: Row) -> answers.PanelBuildAnswer:
    """What was read and how, what was used and what set aside."""
    return {
        "on": manifest["on"],
        "library": manifest["library"],
        "policy": manifest["policy"],
        "may_be_missing": manifest["may_be_missing"],
        "people": manifest["people"],
        "rows": manifest["rows"],
        "cells": manifest["cells"],
        "files": manifest["files"],
        "notes": manifest["notes"],
        "faults": manifest["faults"],
    }
