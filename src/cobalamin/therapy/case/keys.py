"""The keys of events: what may stand under a key is one kind of value, the same for the reader, the schema, the forms and the pages.

A key is declared once, as a field of the class of its kind of event (`events`). Whoever reads, checks or shows a key has one table by
kind of value, so a new key is one line in one class.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from cobalamin.records import replace


class Kind(Enum):
    """The kinds of value. What stands under a key is read, checked and shown by its kind."""

    TEXT = auto()
    WORD = auto()  # one of `words`
    WORDS = auto()  # a list of them
    TRUE = auto()  # `true`, or the key is left out
    YES_OR_NO = auto()  # `true` or `false`
    WHOLE = auto()  # a whole number from `least` to `most`
    DAY = auto()
    LAST_DAY = auto()  # a day, or a month that stands for its last day
    DAY_OR_MONTH = auto()  # or `unknown`
    MOMENT = auto()  # a day, with a time if known
    SPAN = auto()
    MASS = auto()
    ROUTE = auto()  # a word, or its short form
    PROTOCOL = auto()  # of the library
    VALUE = auto()  # a laboratory value, read with its marker
    RANGE = auto()  # a reference range, read with its marker
    FACT = auto()  # the name of a fact of the library
    FACT_VALUE = auto()  # read with its fact
    CODES = auto()  # a list of codes of issues, questions and reviews
    SIGNS = auto()  # a list of warning signs or own words; one alone needs no list
    SCORES = auto()  # own words with a score each
    TEXTS = auto()  # a mapping of names to texts
    AUTHORITY = auto()  # who allowed it, from when, through when, for which product
    EVENT = auto()


@dataclass(frozen=True)
class Value:
    """A kind of value with what bounds it. `unknown`: the word may stand there, for what of a reported dose nobody knows."""

    kind: Kind
    words: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    unknown: bool = False


@dataclass(frozen=True)
class Key:
    """A key as it stands in a file, the field that holds it, and a line that says what it is."""

    name: str
    field: str
    value: Value
    about: str
    required: bool = False


TEXT, DAY, SPAN, MASS, ROUTE = (Value(kind) for kind in (Kind.TEXT, Kind.DAY, Kind.SPAN, Kind.MASS, Kind.ROUTE))


def word(words: tuple[str, ...]) -> Value:
    return Value(Kind.WORD, words)


def whole(least: int, most: int) -> Value:
    return Value(Kind.WHOLE, least=least, most=most)


def or_unknown(value: Value) -> Value:
    return replace(value, unknown=True)


_EMPTY: Mapping[Kind, object] = {
    **dict.fromkeys((Kind.TEXT, Kind.WORD, Kind.ROUTE, Kind.PROTOCOL, Kind.FACT, Kind.FACT_VALUE, Kind.MOMENT), ""),
    **dict.fromkeys((Kind.WORDS, Kind.CODES, Kind.SIGNS), ()),
    Kind.TRUE: False,
    Kind.YES_OR_NO: False,
    Kind.VALUE: "",
}
_MAPPINGS = (Kind.SCORES, Kind.TEXTS)


def key(value: Value, about: str, *, required: bool = False, name: str = "", absent: object = None) -> Any:
    """A field that holds a key. `name`: as it stands in a file, where Python keeps that word. `absent`: if not just empty."""
    told: dict[str, Any] = {"key": (value, about, required, name)}
    if value.kind in _MAPPINGS:
        return dataclasses.field(default_factory=dict, kw_only=True, metadata=told)
    return dataclasses.field(default=absent or _EMPTY.get(value.kind), kw_only=True, metadata=told)


def worked_out(empty: object) -> Any:
    """A field that follows from keys and stands in no file."""
    return dataclasses.field(default=empty, kw_only=True)


def declared(shape: type[Any]) -> tuple[Key, ...]:
    """The keys that a class declares, in the order in which it does; one that it declares anew stands where it does so last."""
    fields, found = {field.name: field for field in dataclasses.fields(shape)}, dict[str, Key]()
    for name in (name for each in reversed(shape.__mro__) for name in vars(each).get("__annotations__", ())):
        if name in fields and "key" in fields[name].metadata:
            value, about, required, written = fields[name].metadata["key"]
            found.pop(name, None)
            found[name] = Key(written or name, name, value, about, required)
    return tuple(found.values())
