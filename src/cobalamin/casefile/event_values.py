"""Reading what stands under a key of an event, by its kind of value: one reader each."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import ROUTE_SHORT, ROUTES
from cobalamin.spans import Span
from cobalamin.therapy.case.event_words import UNKNOWN
from cobalamin.therapy.case.events import Authority
from cobalamin.therapy.case.keys import Kind, Value

if TYPE_CHECKING:
    from cobalamin.casefile.events import EventReader

RECORDED = r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
CODE = r"[A-Z][A-Z0-9_]{1,59}"
LONGEST_NAME = 200
_RECORDED, _MONTH, _CODE = (re.compile(each) for each in (RECORDED, MONTH, CODE))


class Standing(Struct, frozen=True):
    """What stands under a key, where, and the kind of value that may."""

    reader: EventReader
    value: Value
    tree: Tree
    path: str

    @property
    def reading(self) -> Reading:
        return self.reader.reading

    def fault(self, message: str) -> None:
        self.reading.fault(self.path, message)


def is_month(tree: Tree) -> bool:
    return isinstance(tree, str) and _MONTH.fullmatch(tree) is not None


def first_day(told: Tree) -> date | None:
    """The day itself, or the first one of a month; None for what is neither."""
    return told if isinstance(told, date) else date.fromisoformat(f"{told}-01") if is_month(told) else None


def last_day(told: Tree) -> date | None:
    first = first_day(told)
    return first.replace(day=monthrange(first.year, first.month)[1]) if first and is_month(told) else first


def read_value(reader: EventReader, value: Value, tree: Tree, path: str) -> Any:
    """What stands there, typed; None after a fault. What is read together with another key stays as it is."""
    if value.unknown and tree == UNKNOWN:
        return UNKNOWN
    return READERS[value.kind](Standing(reader, value, tree, path))


def day_or_month(reading: Reading, tree: Tree, path: str) -> date | str | None:
    if is_month(tree):
        return str(tree) if reading.date(f"{tree}-01", path) else None
    return reading.date(tree, path)


def _word(at: Standing) -> str | None:
    return at.reading.word(at.tree, at.path, at.value.words)


def _route(at: Standing) -> str | None:
    short = ROUTE_SHORT.get(at.tree) if isinstance(at.tree, str) else None
    return short or at.reading.word(at.tree, at.path, (*ROUTES, *ROUTE_SHORT))


def _yes_or_no(at: Standing) -> bool | None:
    told = at.reading.word(at.tree, at.path, ("true",) if at.value.kind is Kind.TRUE else ("true", "false"))
    return None if told is None else told == "true"


def _last_day(at: Standing) -> date | None:
    """Labels often print a month: the product lasts to its last day."""
    return last_day(day_or_month(at.reading, at.tree, at.path))


def _day_month_or_unknown(at: Standing) -> date | str | None:
    return UNKNOWN if at.tree == UNKNOWN else day_or_month(at.reading, at.tree, at.path)


def _moment(at: Standing) -> str | None:
    match = _RECORDED.fullmatch(at.tree) if isinstance(at.tree, str) else None
    if not match:
        at.fault(f"'{at.tree}' must be a date such as 2026-01-31, with a time if known (2026-01-31T14:05)")
        return None
    return match.group() if at.reading.date(match.group(1), at.path) else None


def _span(at: Standing) -> Span | None:
    span = at.reading.span(at.tree, at.path)
    if at.reader.typed and span is not None and not span.in_range:
        at.fault(f"'{at.tree}' is not from 1 d to 10 a, for example 8 wk or 3 mo")
    return span


def _codes(at: Standing) -> tuple[str, ...] | None:
    """The codes of issues, questions or reviews."""

    def code(tree: Tree, path: str) -> str | None:
        if isinstance(tree, str) and _CODE.fullmatch(tree):
            return tree
        at.reading.fault(path, f"'{tree}' must be a code in capitals, such as POTASSIUM_LOW")
        return None

    return at.reading.each(at.tree, at.path, code) or None


def _signs(at: Standing) -> tuple[str, ...] | None:
    """Warning signs, site_reaction, or own words; a word alone is one sign."""
    listed = [at.tree] if isinstance(at.tree, str) else at.tree
    return at.reading.each(listed, at.path, lambda item, path: at.reading.text(item, path, LONGEST_NAME)) or None


def _scores(at: Standing) -> dict[str, int | None]:
    if not isinstance(at.tree, dict):
        at.fault("must be a mapping of your own words to 0..10")
        return {}
    for name in at.tree:
        at.reading.text(name, f"{at.path}.{name[:LONGEST_NAME]}", LONGEST_NAME)
    bounds = at.value.least, at.value.most
    return {name: at.reading.whole(score, f"{at.path}.{name}", *bounds) for name, score in at.tree.items()}


def _texts(at: Standing) -> dict[str, str]:
    if not isinstance(at.tree, dict):
        at.fault("must be a mapping")
        return {}
    return {name: at.reading.text(text, f"{at.path}.{name}") for name, text in at.tree.items()}


def _authority(at: Standing) -> Authority:
    entry = at.reading.mapping(at.tree, at.path, ("by",), ("from", "through", "product"))
    dates = {key: at.reading.date(entry[key], f"{at.path}.{key}") for key in ("from", "through") if key in entry}
    texts = {key: at.reading.text(entry[key], f"{at.path}.{key}") for key in ("by", "product") if key in entry}
    return Authority(texts.get("by", ""), dates.get("from"), dates.get("through"), texts.get("product", ""))


def _as_it_stands(at: Standing) -> Tree:
    return at.tree


READERS: Mapping[Kind, Callable[[Standing], Any]] = {
    Kind.TEXT: lambda at: at.reading.text(at.tree, at.path),
    Kind.WORD: _word,
    Kind.WORDS: lambda at: at.reading.words(at.tree, at.path, at.value.words),
    Kind.TRUE: _yes_or_no,
    Kind.YES_OR_NO: _yes_or_no,
    Kind.WHOLE: lambda at: at.reading.whole(at.tree, at.path, at.value.least, at.value.most),
    Kind.DAY: lambda at: at.reading.date(at.tree, at.path),
    Kind.LAST_DAY: _last_day,
    Kind.DAY_OR_MONTH: _day_month_or_unknown,
    Kind.MOMENT: _moment,
    Kind.SPAN: _span,
    Kind.MASS: lambda at: at.reading.mass(at.tree, at.path),
    Kind.ROUTE: _route,
    Kind.PROTOCOL: lambda at: at.reading.word(at.tree, at.path, at.reader.library.ids),
    Kind.VALUE: _as_it_stands,  # these four are read together with their marker or fact
    Kind.RANGE: _as_it_stands,
    Kind.FACT: _as_it_stands,
    Kind.FACT_VALUE: _as_it_stands,
    Kind.CODES: _codes,
    Kind.SIGNS: _signs,
    Kind.SCORES: _scores,
    Kind.TEXTS: _texts,
    Kind.AUTHORITY: _authority,
    Kind.EVENT: lambda at: at.reader.read(at.tree, at.path),
}
