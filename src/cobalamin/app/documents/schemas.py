"""JSON Schemas, generated from the types of `answers`; that of a case file is in `case_schema`."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

from cobalamin.app.documents.case_schema import case_schema
from cobalamin.app.documents.types import ask, compare, editions, library, panel, review, simulate, today, week
from cobalamin.app.documents.types import common as answers
from cobalamin.app.documents.types.base import Document, UnsetType
from cobalamin.app.services import shipped
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.reading import did_you_mean

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS: dict[str, type] = {
    "propose": answers.ProposeAnswer,
    "assess": answers.AssessAnswer,
    "plan": answers.PlanAnswer,
    "review": review.ReviewAnswer,
    "due": review.DueAnswer,
    "explain": review.ExplainAnswer,
    "record": review.RecordAnswer,
    "today": today.TodayAnswer,
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
    "library-list": library.ListAnswer,
    "library-overview": library.OverviewAnswer,
    "library-check": library.CheckedAnswer,
    "library-diff": editions.DiffAnswer,
    "panel-build": panel.PanelBuildAnswer,
    "panel-recall": panel.PanelRecallAnswer,
    "panel-measures": panel.PanelMeasuresAnswer,
    "panel-people": panel.PanelPeopleAnswer,
    "panel-timeline": panel.PanelTimelineAnswer,
    "panel-reconcile": panel.PanelReconcileAnswer,
    "panel-today": week.PanelTodayAnswer,
    "panel-look": week.PanelLookAnswer,
}
_PLAIN: dict[object, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
Schema = dict[str, object]


def schema_of(name: str, library: Library | None = None) -> Schema:
    """The schema called `name`; facts and protocols of a case are those of the library. Raises InputError."""
    if name == "case":
        return {"$schema": DIALECT, "title": "cobalamin case", **case_schema(library or shipped.library())}
    if name not in DOCUMENTS:
        raise InputError.one(
            "schema",
            name,
            f"there is no such schema{did_you_mean(name, DOCUMENTS)}; known are case, {', '.join(DOCUMENTS)}",
        )
    definitions: dict[str, Schema] = {}
    root = _reference(DOCUMENTS[name], definitions)
    return {"$schema": DIALECT, "title": f"cobalamin {name}", **root, "$defs": dict(sorted(definitions.items()))}


def _schema(kind: object, definitions: dict[str, Schema]) -> Schema:
    origin, parts = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if isinstance(kind, type) and (issubclass(kind, Document) or typing.is_typeddict(kind)):
        return _reference(kind, definitions)
    if origin is Literal:
        return {"enum": list(parts)}
    if origin is Annotated:
        return {"enum": list(parts[1].words)}
    if origin is list:
        return {"type": "array", "items": _schema(parts[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(parts[1], definitions)}
    if origin in (Union, types.UnionType):
        kinds = [_schema(part, definitions) for part in parts if part is not UnsetType]
        return {"anyOf": kinds} if len(kinds) > 1 else kinds[0]
    raise TypeError(f"no schema for {kind}")


def _reference(kind: type, definitions: dict[str, Schema]) -> Schema:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # holds the place, because a phase contains phases
        keys = _keys(kind)
        definitions[kind.__name__] = {
            "type": "object",
            "properties": {name: _schema(hint, definitions) for name, (hint, _) in keys.items()},
            "required": [name for name, (_, required) in keys.items() if required],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _keys(kind: type) -> dict[str, tuple[object, bool]]:
    """The keys of a document: what each holds, and whether it is always there."""
    hints = get_type_hints(kind, include_extras=True)
    if not issubclass(kind, Document):  # the rows of a panel are dictionaries
        absent = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
        return {
            name: (get_args(hint)[0] if name in absent else hint, name not in absent) for name, hint in hints.items()
        }
    names = zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
    return {key: (hints[name], UnsetType not in get_args(hints[name])) for name, key in names}
