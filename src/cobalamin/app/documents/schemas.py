"""JSON Schemas, generated from the types of `answers` and from the vocabulary of case files."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

from cobalamin.app.documents.types import ask, compare, panel, review, simulate
from cobalamin.app.documents.types import common as answers
from cobalamin.app.services import shipped
from cobalamin.casefile.events import KINDS, RED_FLAGS, SOURCES, SYMPTOMS
from cobalamin.casefile.reader import SEXES
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
        return {"$schema": DIALECT, "title": "cobalamin case", **_case_schema(library or shipped.library())}
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


# -- the case file ---------------------------------------------------------------------------------------------------

_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def _case_schema(library: Library) -> dict[str, Any]:
    return _object(
        {
            "cobalamin": {"enum": [1, "1"]},
            "patient": _object({"id": _TEXT, "birth_date": {"type": "string"}, "sex": {"enum": list(SEXES)}, "country": {"type": "string", "pattern": "^[A-Z]{2}$"}}, ["id"]),
            "facts": _facts_schema(library),
            "plan": _plan_schema(library),
            "record": {"type": "array", "items": {"anyOf": [_event_schema(kind) for kind in KINDS]}},
        },
        ["cobalamin", "patient"],
    )  # fmt: skip


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _facts_schema(library: Library) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    boxes: dict[str, None] = {}
    for fact in library.facts.values():
        bare: dict[str, Any] = (
            {"enum": [*fact.values, *([] if "unknown" in fact.values else ["unknown"])]}
            if fact.kind == "word"
            else _TEXT
        )
        properties[fact.id] = {"anyOf": [bare, _object({"value": bare, "on": _DATE, "source": _TEXT}, ["value"])]}
        if fact.box:
            boxes.setdefault(fact.box)
    properties["none_of"] = {"type": "array", "items": {"enum": list(boxes)}}
    return _object(properties, [])


def _plan_schema(library: Library) -> dict[str, Any]:
    texts = {"type": "object", "additionalProperties": _TEXT}
    properties = {
        "protocol": {"enum": list(library.ids)}, "version": {"type": ["integer", "string"]}, "start": _DATE, "choices": texts,
        "product": _TEXT, "policy": _TEXT, "local_policy": {"type": "object"}, "calendar": {"type": "object"}, "accepted_by": _TEXT, "accepted_on": _DATE, "acknowledged": texts,
        "written_after": _TEXT,
    }  # fmt: skip
    return _object(properties, ["protocol", "version", "start"])


def _event_schema(kind: str) -> dict[str, Any]:
    shape = KINDS[kind]
    score = {"type": ["integer", "string"]}
    special: dict[str, Any] = {
        "red_flags": {"type": "array", "items": {"enum": list(RED_FLAGS)}},
        "own": {"type": "object", "additionalProperties": score},
        **dict.fromkeys(SYMPTOMS, score),
    }
    common: dict[str, Any] = dict.fromkeys(("id", "recorded_at", "by", "time", "zone", "note", "written_with"), _TEXT)
    properties = {"date": {"type": "string"}, "kind": {"const": kind}, **common, "source": {"enum": list(SOURCES)}}
    properties |= {key: special.get(key, {}) for key in (*shape.required, *shape.optional)}
    return _object(properties, ["date", "kind", *shape.required])
