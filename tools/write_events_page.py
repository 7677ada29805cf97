"""Writes the tables of keys in docs/events.md from the declarations of the kinds of event (`cobalamin.therapy.case.events`).

python tools/write_events_page.py
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from cobalamin.therapy.case.events import HEADER, KINDS, own_keys
from cobalamin.therapy.case.keys import Key, Kind, Value

PAGE = Path(__file__).parents[1] / "docs" / "events.md"
BEGIN, END = "<!-- written by tools/write_events_page.py -->", "<!-- end of what it writes -->"
FEW = 12  # words that a cell holds; more are told with the kind of value
STANDS: Mapping[Kind, Callable[[Value], str]] = {
    Kind.TEXT: lambda _: "text",
    Kind.WORD: lambda value: _words(value.words),
    Kind.WORDS: lambda value: f"a list of {_words(value.words)}",
    Kind.TRUE: lambda _: "`true`",
    Kind.YES_OR_NO: lambda _: "`true` or `false`",
    Kind.WHOLE: lambda value: f"a whole number from {value.least} to {value.most:,}",
    Kind.DAY: lambda _: "a day, `2026-01-31`",
    Kind.LAST_DAY: lambda _: "a day or a month, `2026-01`",
    Kind.DAY_OR_MONTH: lambda _: "a day, a month or `unknown`",
    Kind.MOMENT: lambda _: "a day, with a time if known, `2026-01-31T14:05`",
    Kind.SPAN: lambda _: "a length of time, `8 wk` or `3 mo`",
    Kind.MASS: lambda _: "a dose with its unit, `1 mg` or `250 micrograms`",
    Kind.ROUTE: lambda _: "a route of the contract; im, sc and iv are read too",
    Kind.PROTOCOL: lambda _: "the id of a protocol",
    Kind.VALUE: lambda _: "a number with a unit, `3.9 mmol/L`; `<` or `>` may stand before it",
    Kind.RANGE: lambda _: "`3.5-5.3 mmol/L`, `<10 mmol/L`",
    Kind.FACT: lambda _: "the name of a fact of the contract",
    Kind.FACT_VALUE: lambda _: "a word or an amount of that fact",
    Kind.CODES: lambda _: "a list of codes, `[POTASSIUM_LOW]`",
    Kind.SIGNS: lambda value: f"one or a list: {_words(value.words)}, or own words",
    Kind.SCORES: lambda value: f"own words, each with a whole number from {value.least} to {value.most}",
    Kind.TEXTS: lambda _: "names, each with a text",
    Kind.AUTHORITY: lambda _: "`by`, and where they are told `from`, `through`, `product`",
    Kind.EVENT: lambda _: "an event",
}


def _words(words: Sequence[str]) -> str:
    if len(words) > FEW:
        return "a word of the contract"
    return ", ".join(f"`{word}`" for word in words)


def stands(key: Key) -> str:
    """What may stand under a key."""
    told = STANDS[key.value.kind](key.value)
    return f"{told}, or `unknown` in a dose that was only reported" if key.value.unknown else told


def tables() -> Iterator[str]:
    """What every event may have, then each kind with what it does."""
    yield from (
        "### Every event",
        "",
        "`date` and `kind` are needed; `id` is made from the content where it is left out.",
        "",
    )
    yield from _rows(HEADER)
    for kind, shape in KINDS.items():
        keys = own_keys(kind)
        yield from ("", f"### {kind}", "", f"{shape.does[:1].upper()}{shape.does[1:]}.", "")
        yield from _rows(keys)


def _rows(keys: Sequence[Key]) -> Iterator[str]:
    yield from ("| key | what may stand there | what it is |", "| --- | --- | --- |")
    for key in keys:
        name = f"**`{key.name}`**" if key.required else f"`{key.name}`"
        yield f"| {name} | {stands(key)} | {key.about} |"


def page(text: str) -> str:
    """The page with its tables as they follow from the declarations; what stands around them stays."""
    head, rest = text.split(BEGIN)
    return head + "\n".join([BEGIN, "", *tables(), "", END]) + rest.split(END)[1]


def main() -> int:
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
