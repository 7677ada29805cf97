"""The JSON Schema of a case file: what `check` refuses, an editor marks while it is typed.

Each kind of value has one fragment here, and the keys come from their declarations (`therapy.case.events`). What hangs on another key
stands under "several keys together". A schema can't compare two days, nor count a protocol's choices; a test names each rule that stays with `check`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cobalamin.app.documents import patterns
from cobalamin.casefile.event_values import LONGEST_NAME
from cobalamin.casefile.events import GIVEN, MONTH_IS_ENOUGH, REPORTED
from cobalamin.casefile.facts import SHAPES
from cobalamin.casefile.reader import FORMAT, MOST_COUNTED, SEXES, WEEKDAYS
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import FactDefinition
from cobalamin.knowledge.reading import LONGEST_TEXT
from cobalamin.knowledge.vocabulary import ROUTE_SHORT, ROUTES
from cobalamin.therapy.case.event_words import UNKNOWN
from cobalamin.therapy.case.events import HEADER, KINDS, own_keys
from cobalamin.therapy.case.keys import Kind, Value

Fragment = Mapping[str, object]
_COUNTED = r"^0*([0-9]{1,2}|[1-4][0-9]{2}|500)$"


def case_schema(library: Library) -> Fragment:
    """A case file read with this library."""
    parts = {
        "cobalamin": {"enum": [int(FORMAT), FORMAT]}, "patient": _patient(), "facts": _or_empty(_facts(library)),
        "plan": _or_empty(_plan(library)), "record": _or_empty({"type": "array", "items": _named("event")}),
        "supply": _or_empty(_supply()),
    }  # fmt: skip
    named = {"event": _event(library), "product": {"enum": list(library.products)}, **_NAMED}
    named |= {f"fact-{fact.id}": _fact(fact) for fact in library.facts.values()}
    return _object(parts, ["cobalamin", "patient"]) | {"$defs": named}


def _supply() -> dict[str, object]:
    number = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": MOST_COUNTED}, _matching(_COUNTED)]}
    return _object({"ampoules": number, "on": _named("day"), "after": _text(300)}, ["ampoules", "on"])


def _object(properties: Mapping[str, Fragment], required: list[str]) -> dict[str, object]:
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def _text(longest: int = LONGEST_TEXT) -> dict[str, object]:
    """Text as it is typed: a number or a word like true is text too."""
    return {"type": ["string", "number", "boolean"], "pattern": r"\S", "maxLength": longest}


def _matching(pattern: str) -> Fragment:
    return {"type": "string", "pattern": pattern}


def _or_empty(fragment: Fragment) -> Fragment:
    """A key with nothing below it, or only comments, is read as if it were not there."""
    needed = {"anyOf": [{"maxProperties": 0}, {"required": fragment["required"]}]} if fragment.get("required") else {}
    shape = {key: value for key, value in fragment.items() if key != "required"} | needed
    kinds = ["object", "array", "string", "null"]
    empty = {"object": {"maxProperties": 0}, "array": {"maxItems": 0}}
    other = {key: value for kind, bound in empty.items() if kind != fragment["type"] for key, value in bound.items()}
    return {**shape, **other, "type": kinds, "maxLength": 0}


def _listed(words: tuple[str, ...]) -> Fragment:
    return {"type": "array", "items": {"enum": list(words)}}


def _named(name: str) -> Fragment:
    return {"$ref": f"#/$defs/{name}"}


_NAMED: Mapping[str, Fragment] = {
    "text": _text(),
    "texts": {"type": "object", "additionalProperties": _named("text")},
    "day": _matching(patterns.whole(patterns.DAY)),
    "day-or-month": _matching(patterns.whole(f"{patterns.DAY}|{patterns.MONTH}")),
    "mass": _matching(patterns.MASS),
    "span": _matching(patterns.SPAN),
}
_DAY, _MONTH_TOO, _TEXT, _TEXTS = map(_named, ("day", "day-or-month", "text", "texts"))


def _patient() -> Fragment:
    born = {"anyOf": [_DAY, {"const": UNKNOWN}]}
    name = _text(300) | {"not": {"pattern": "[\r\n\u2028\u2029]"}}
    country = _matching("^(?!UK$)([A-Z]{2})?$")
    return _object({"id": name, "birth_date": born, "sex": {"enum": list(SEXES)}, "country": country}, ["id"])


def _facts(library: Library) -> Fragment:
    properties = {name: _named(f"fact-{name}") for name in library.facts}
    boxes = tuple(dict.fromkeys(fact.box for fact in library.facts.values() if fact.box))
    return _object(properties | {"none_of": _listed(boxes)}, [])


def _fact(fact: FactDefinition) -> Fragment:
    is_words = fact.kind in ("word", "words")
    words = {"enum": list(dict.fromkeys((*(fact.values if is_words else ()), UNKNOWN)))}
    shape = _several(fact) if fact.kind == "words" else []
    shape += [] if is_words else [_matching(patterns.whole(SHAPES[fact.kind][0].pattern))]
    bare = {"anyOf": [words, *shape]}
    return {"anyOf": [bare, _object({"value": bare, "on": _DAY, "source": {}}, ["value"])]}


def _several(fact: FactDefinition) -> list[Fragment]:
    """A list of words, or the same as one text with commas; the word for none stands alone."""
    taken = tuple(word for word in fact.values if word != fact.absent)
    either = "|".join(taken)
    lists: list[Fragment] = [
        {"type": "array", "items": items, "minItems": 1} for items in ({"enum": list(taken)}, {"const": fact.absent})
    ]
    return [*lists, _matching(patterns.whole(f"(?:{either})(?:, ?(?:{either}))*"))]


def _plan(library: Library) -> Fragment:
    days = {"holidays": _TEXT, "open": _listed(WEEKDAYS), "closed": {"type": "array", "items": _DAY}}
    properties = _of_a_plan(library) | {
        "choices": _TEXTS, "policy": _TEXT, "local_policy": {"type": "object"}, "calendar": _object(days, []), "accepted_by": _TEXT,
        "accepted_on": _DAY, "acknowledged": _TEXTS, "written_after": _TEXT,
    }  # fmt: skip
    return _object(properties, ["protocol", "version", "start"]) | {"allOf": [{"anyOf": _versions(library)}]}


def _of_a_plan(library: Library) -> dict[str, Fragment]:
    return {
        "protocol": {"enum": [name for name in library.ids if not library.protocol(name).guidance]},
        "version": _number(1, 100_000), "start": _DAY, "product": _named("product"),
    }  # fmt: skip


def _versions(library: Library) -> list[Fragment]:
    """Which versions of which protocols were published, those with equally many together."""
    newest: dict[int, list[str]] = {}
    for name in library.ids:
        if not library.protocol(name).guidance:
            newest.setdefault(library.protocol(name).version, []).append(name)
    return [
        {"properties": {"protocol": {"enum": names}, "version": _number(1, version)}}
        for version, names in newest.items()
    ]


# -- events ----------------------------------------------------------------------------------------------------------


def _number(least: int, most: int) -> Fragment:
    typed = {"type": "integer", "minimum": least, "maximum": most}
    return {"anyOf": [typed, _matching(patterns.number(least, most))]}


def _scores(value: Value) -> Fragment:
    name = {"pattern": r"\S", "maxLength": LONGEST_NAME}
    return {"type": "object", "propertyNames": name, "additionalProperties": _number(value.least, value.most)}


_SIGN = _text(LONGEST_NAME)
# By kind of value: what is always the same, what its bounds say, and what the library says.
FIXED: Mapping[Kind, Fragment] = {
    Kind.TEXT: _TEXT,
    Kind.TRUE: {"enum": [True, "true"]},
    Kind.YES_OR_NO: {"enum": [True, False, "true", "false"]},
    Kind.DAY: _DAY,
    Kind.LAST_DAY: _MONTH_TOO,
    Kind.DAY_OR_MONTH: {"anyOf": [_MONTH_TOO, {"const": UNKNOWN}]},
    Kind.MOMENT: _matching(patterns.whole(patterns.MOMENT)),
    Kind.SPAN: _named("span"),
    Kind.MASS: _named("mass"),
    Kind.ROUTE: {"enum": [*ROUTES, *ROUTE_SHORT]},
    Kind.VALUE: {"type": "string"},  # hangs on the marker: `_value`
    Kind.RANGE: _matching(patterns.RANGE),
    Kind.FACT_VALUE: {},  # hangs on the fact: `_learned`
    Kind.CODES: {"type": "array", "items": _matching(patterns.CODE)},
    Kind.SIGNS: {"anyOf": [_SIGN, {"type": "array", "items": _SIGN}]},
    Kind.TEXTS: _TEXTS,
    Kind.AUTHORITY: _object({"by": _TEXT, "from": _DAY, "through": _DAY, "product": _TEXT}, ["by"]),
    Kind.EVENT: _named("event"),
}
BOUNDED: Mapping[Kind, Callable[[Value], Fragment]] = {
    Kind.WORD: lambda value: {"enum": list(value.words)},
    Kind.WORDS: lambda value: _listed(value.words),
    Kind.WHOLE: lambda value: _number(value.least, value.most),
    Kind.SCORES: _scores,
}
IN_LIBRARY: Mapping[Kind, Callable[[Library], Fragment]] = {
    Kind.PROTOCOL: lambda library: _of_a_plan(library)["protocol"],
    Kind.FACT: lambda library: {"enum": list(library.facts)},
}


def _of(value: Value, library: Library) -> Fragment:
    if value.kind in FIXED:
        fragment = FIXED[value.kind]
    else:
        fragment = BOUNDED[value.kind](value) if value.kind in BOUNDED else IN_LIBRARY[value.kind](library)
    return {"anyOf": [fragment, {"const": UNKNOWN}]} if value.unknown else fragment


def _event(library: Library) -> Fragment:
    return {"anyOf": [_of_kind(kind, library) for kind in KINDS]}


def _of_kind(kind: str, library: Library) -> Fragment:
    day = _MONTH_TOO if kind in MONTH_IS_ENOUGH else _DAY
    name = {"anyOf": [_matching(patterns.ID), {"type": ["integer", "boolean"], "minimum": 0}]}
    own = own_keys(kind)
    properties = {"date": day, "on": day, "kind": {"const": kind}, "id": name}
    properties |= {key.name: _of(key.value, library) for key in (*HEADER, *own)}
    required = ["kind", *(key.name for key in own if key.required)]
    together = [{"oneOf": [{"required": ["date"]}, {"required": ["on"]}]}, *_together(kind, library)]
    return _object(properties, required) | {"allOf": together}


# -- several keys together -------------------------------------------------------------------------------------------


def _has(key: str, *values: object) -> Fragment:
    return {"required": [key], "properties": {key: {"enum": list(values)}}}


def _given() -> list[Fragment]:
    """Either as planned, or all three; what nobody knows was only reported."""
    planned = {"required": ["as_planned"], "not": {"anyOf": [{"required": [key]} for key in GIVEN]}}
    told = {"required": list(GIVEN), "not": {"required": ["as_planned"]}}
    not_known = {"anyOf": [_has(key, UNKNOWN) for key in GIVEN]}
    return [{"anyOf": [planned, told]}, {"if": not_known, "then": _has("source", *REPORTED)}]


def _value(library: Library) -> list[Fragment]:
    """A number with a unit; for an antibody also one of its words, however it is written."""
    words = {name: tuple(record.get("words", ())) for name, record in library.markers.items()}
    number = _matching(patterns.RESULT)
    found: list[Fragment] = []
    for known in dict.fromkeys(words.values()):
        named = r"^\s*(" + "|".join(map(patterns.any_case, known)) + r")\s*$"
        value = {"anyOf": [number, _matching(named)]} if known else number
        markers = [name for name, told in words.items() if told == known]
        found.append({"properties": {"marker": {"enum": markers}, "value": value}})
    return [{"anyOf": found}]


def _decision() -> list[Fragment]:
    """What each decision needs."""
    looked = {"required": ["answers"], "properties": {"answers": {"minItems": 1}}}
    return [
        {"if": _has("decision", "change_interval"), "then": {"required": ["interval"]}},
        {"if": _has("decision", "credit", "reject"), "then": {"required": ["event"]}},
        {"if": _has("decision", "reviewed"), "then": looked, "else": {"required": ["reason"]}},
    ]


def _learned(library: Library) -> list[Fragment]:
    each = [{"properties": {"fact": {"const": name}, "value": _named(f"fact-{name}")}} for name in library.facts]
    return [{"anyOf": each}]


def _later_plan(library: Library) -> list[Fragment]:
    return [{"properties": {"product": _of_a_plan(library)["product"]}}, {"anyOf": _versions(library)}]


_ALWAYS: Mapping[str, list[Fragment]] = {
    "administration": _given(),
    "symptoms": [{"anyOf": [{"required": [key.name]} for key in own_keys("symptoms")]}],
    "decision": _decision(),
}
_BY_LIBRARY: Mapping[str, Callable[[Library], list[Fragment]]] = {
    "result": _value,
    "fact": _learned,
    "plan": _later_plan,
}


def _together(kind: str, library: Library) -> list[Fragment]:
    return _BY_LIBRARY[kind](library) if kind in _BY_LIBRARY else _ALWAYS.get(kind, [])
