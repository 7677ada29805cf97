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
    "cause", "neurological_involvement", "lifelong", "rows_set_aside",
)  # fmt: skip


def head(panel: Panel) -> dict[str, Any]:
    return {"on": str(panel.on), "library": panel.manifest["library"], "policy": panel.manifest["policy"]}


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its dates as text."""
    return {name: str(value) if isinstance(value, date) else value for name, value in row.items()}


def recall_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told({**row, "reasons": reasons(row)}).items() if name in RECALL_COLUMNS}


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


def people_document(measure_id: str, rows: list[dict[str, Any]]) -> answers.PanelPeopleAnswer:
    return cast(answers.PanelPeopleAnswer, {"measure": measure_id, "people": [told(row) for row in rows]})


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
    """What was read, used and set aside."""
    keys = ("on", "library", "policy", "people", "rows", "faults")
    return {key: manifest[key] for key in keys}
