"""JSON Schemas, generated from the types of `answers`; that of a case file is in `case_schema`."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

from cobalamin.app.documents.case_schema import case_schema
from cobalamin.app.documents.types import ask, compare, panel, review, simulate
from cobalamin.app.documents.types import common as answers
from cobalamin.app.services import shipped
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS: dict[str, type] = {
    "propose": answers.ProposeAnswer,
    "assess": answers.AssessAnswer,
    "plan": answers.PlanAnswer,
    "review": review.ReviewAnswer,
    "due": review.DueAnswer,
    "explain": review.ExplainAnswer,
    "record": review.RecordAnswer,
    "set": review.SetAnswer,
    "undo": review.TakenBackAnswer,
    "take-over": review.TakeOverAnswer,
    "asked": review.AskedAnswer,
    "compare": compare.CompareAnswer,
    "whatif": compare.WhatIfAnswer,
    "ask": ask.AskAnswer,
    "dose": answers.DoseAnswer,
    "check": answers.CheckAnswer,
    "simulate": simulate.SimulateAnswer,
    "panel-build": panel.PanelBuildAnswer,
    "panel-recall": panel.PanelRecallAnswer,
    "panel-measures": panel.PanelMeasuresAnswer,
    "panel-people": panel.PanelPeopleAnswer,
    "panel-timeline": panel.PanelTimelineAnswer,
    "panel-reconcile": panel.PanelReconcileAnswer,
}
_PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_of(name: str, library: Library | None = None) -> dict[str, Any]:
    """The schema called `name`; facts and protocols of a case are those of the library. Raises InputError."""
    if name == "case":
        return {"$schema": DIALECT, "title": "cobalamin case", **case_schema(library or shipped.library())}
    if name not in DOCUMENTS:
        raise InputError.one("schema", name, f"there is no such schema; known are case, {', '.join(DOCUMENTS)}")
    definitions: dict[str, Any] = {}
    root = _schema(DOCUMENTS[name], definitions)
    return {"$schema": DIALECT, "title": f"cobalamin {name}", **root, "$defs": dict(sorted(definitions.items()))}


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin = get_origin(kind)
    if kind is Any:
        return {}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if typing.is_typeddict(kind):
        return _reference(kind, definitions)
    if origin is Literal:
        return {"enum": list(get_args(kind))}
    if origin is list:
        return {"type": "array", "items": _schema(get_args(kind)[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(get_args(kind)[1], definitions)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(part, definitions) for part in get_args(kind)]}
    raise TypeError(f"no schema for {kind}")


def _reference(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # holds the place, because a phase contains phases
        hints = get_type_hints(kind, include_extras=True)
        properties = {}
        required = []
        for name, hint in hints.items():
            optional = get_origin(hint) is NotRequired
            properties[name] = _schema(get_args(hint)[0] if optional else hint, definitions)
            if not optional:
                required.append(name)
        definitions[kind.__name__] = {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
