"""Intervals as practices write them in a list: `12 weeks`, `3/12`, `every 3 months`, `12 weekly`, `q12w`.

Only what has one reading is read. `10-12 weeks`, `twice weekly`, `bimonthly` and a bare number without the list's unit are not.
"""

from __future__ import annotations

import re

from cobalamin.spans import NUMBER_WORDS, Span, SpanRefused, read_typed_span

# British notation: so many sevenths, fifty-seconds or twelfths are days, weeks or months.
_PARTS = {"7": "d", "52": "wk", "12": "mo"}
_UNITS = {
    "d": ("d", "day", "days", "daily"), "wk": ("w", "wk", "wks", "week", "weeks", "weekly"),
    "mo": ("mo", "mth", "mths", "mnth", "mnths", "month", "months", "monthly"), "a": ("a", "y", "yr", "yrs", "year", "years", "yearly"),
}  # fmt: skip
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_ONE = {
    "daily": "1 d", "weekly": "1 wk", "fortnightly": "2 wk", "monthly": "1 mo", "quarterly": "3 mo", "yearly": "1 a", "annually": "1 a", "annual": "1 a",
    "day": "1 d", "week": "1 wk", "fortnight": "2 wk", "month": "1 mo", "quarter": "3 mo", "year": "1 a",
}  # fmt: skip
_BEFORE = re.compile(
    r"(?:once )?(?:every|each)\s+|q\s?(?=[0-9])|once (?=(?:daily|weekly|fortnightly|monthly|quarterly|yearly)$)"
)
_FRACTION = re.compile(r"([1-9][0-9]{0,2})\s?/\s?(7|52|12)")
_WHOLE = r"([0-9]{1,4})(?:[.]0{1,2})?"  # a spreadsheet's 12.0; 1.000 would be a thousand in half of Europe
_COUNTED = re.compile(rf"(?:{_WHOLE}[\s-]{{0,2}}|({'|'.join(NUMBER_WORDS)})[\s-])([a-z]+)[.]?")
_NUMBER = re.compile(_WHOLE)


def read_interval(text: str, unit: str = "") -> Span:
    """The interval in a cell of a list; a bare number is of `unit`. From 1 d to 10 a. Raises SpanRefused."""
    words = " ".join(text.lower().split())
    bare = words[match.end() :] if (match := _BEFORE.match(words)) else words
    if fraction := _FRACTION.fullmatch(bare):
        return _in_range(f"{fraction.group(1)} {_PARTS[fraction.group(2)]}", text)
    if plain := _NUMBER.fullmatch(bare):
        if not unit or match:
            raise SpanRefused(f"'{text}' has no unit; write it as 12 wk or 3 mo, or give the list's interval_unit")
        return _in_range(f"{int(plain.group(1))} {unit}", text)
    if bare in _ONE:
        return _in_range(_ONE[bare], text)
    counted = _COUNTED.fullmatch(bare)
    number, word, counts = counted.groups() if counted else ("", "", "")
    of_doses = match is not None and match.group().startswith("q")
    own = "mo" if counts == "m" and of_doses else _UNIT_OF.get(counts)
    if own is None or (counts == "daily" and (number or word) != "1"):
        raise SpanRefused(f"'{text}' is no interval with one reading; write it as 12 wk or 3 mo")
    return _in_range(f"{number.lstrip('0') or '0' if number else word} {own}", text)


def _in_range(written: str, text: str) -> Span:
    try:
        return read_typed_span(written)
    except SpanRefused:
        raise SpanRefused(f"'{text}' is not from 1 d to 10 a; write it as 12 wk or 3 mo") from None
