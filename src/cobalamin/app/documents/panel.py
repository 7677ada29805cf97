"""The JSON documents of a panel: counts, recall list, measures, timeline, differences."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from cobalamin.app.documents.types import panel as answers
from cobalamin.population.measures import Result, disclosed
from cobalamin.population.panel import Panel
from cobalamin.population.recall import Recall, reasons

RECALL_COLUMNS = (
    "patient_id", "practice", "status", "reasons", "target", "days_late", "last_dose", "phase", "number", "question", "question_since",
    "cause", "neurological_involvement", "lifelong", "rows_set_aside", "unread_cells",
    "basis", "own_interval", "published_interval",
)  # fmt: skip


def head(panel: Panel) -> dict[str, Any]:
    """What every document of a panel begins with; `may_be_missing`: at most so many people are on no list, as their rows can't be read."""
    manifest = panel.manifest
    return {
        "on": str(panel.on), "library": manifest["library"], "policy": manifest["policy"], "may_be_missing": panel.may_be_missing,
    }  # fmt: skip


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its dates as text."""
    return {name: str(value) if isinstance(value, date) else value for name, value in row.items()}


def recall_row(row: dict[str, Any]) -> dict[str, Any]:
    basis = "recorded" if row["own_interval"] else "published" if row["protocol"] else ""
    found = told({**row, "basis": basis, "reasons": reasons(row), "unread_cells": row["unread_cells"] or []})
    return {name: value for name, value in found.items() if name in RECALL_COLUMNS}


def recall_document(panel: Panel, found: Recall) -> answers.PanelRecallAnswer:
    document = {
        **head(panel),
        "through": str(found.through),
        "people": found.people,
        "rows": [recall_row(row) for row in found.rows],
        "not_listed": found.left_out,
    }
    return cast(answers.PanelRecallAnswer, document)


def measures_document(panel: Panel, results: list[Result], shared: bool) -> answers.PanelMeasuresAnswer:
    document = {
        **head(panel),
        "shared": shared,
        "measures": [_measure(disclosed(each) if shared else each) for each in results],
    }
    return cast(answers.PanelMeasuresAnswer, document)


def people_document(panel: Panel, measure_id: str, rows: list[dict[str, Any]]) -> answers.PanelPeopleAnswer:
    found = {
        "measure": measure_id,
        "may_be_missing": panel.may_be_missing,
        "people": [told(row) for row in rows],
    }
    return cast(answers.PanelPeopleAnswer, found)


def timeline_document(panel: Panel, months: list[dict[str, Any]]) -> answers.PanelTimelineAnswer:
    return cast(answers.PanelTimelineAnswer, {**head(panel), "months": months})


def reconcile_document(
    panel: Panel, aside: list[dict[str, Any]], differing: list[dict[str, Any]]
) -> answers.PanelReconcileAnswer:
    document = {
        **head(panel),
        "rows": panel.manifest["rows"],
        "set_aside": aside,
        "differing": [told(row) for row in differing],
    }
    return cast(answers.PanelReconcileAnswer, document)


def _measure(result: Result) -> dict[str, Any]:
    measure = result.measure
    found: dict[str, Any] = {
        "id": measure.id, "name": measure.name, "group": result.group, "unit": measure.unit, "better": "high" if measure.better else "low",
        "numerator": result.numerator, "denominator": result.denominator, "excluded": result.excluded, "share": result.share,
    }  # fmt: skip
    return found | ({"median_days": result.median_days} if result.median_days is not None else {})


def build_document(manifest: dict[str, Any]) -> dict[str, Any]:
    """What was read and how, what was used and what set aside."""
    keys = ("on", "library", "policy", "may_be_missing", "people", "rows", "cells", "files", "notes", "faults")
    return {key: manifest[key] for key in keys}
