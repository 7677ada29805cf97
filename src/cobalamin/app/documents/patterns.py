"""Patterns of what the readers of text take, for JSON Schema: they hold in any language that reads the schema."""

from __future__ import annotations

from cobalamin.amounts import MASS_WORDS, MOST_NANOGRAMS, NANOGRAMS
from cobalamin.casefile.event_values import CODE as _CODE
from cobalamin.casefile.events import ID as _ID
from cobalamin.casefile.quantities import NUMBER, UNIT
from cobalamin.spans import FIRST_YEAR, LAST_YEAR, NUMBER_WORDS

_GAP, _SIGN = "[ \u00a0\u202f]?", "(<=|>=|[<>\u2264\u2265]?)"


def whole(pattern: str) -> str:
    return f"^({pattern})$"


def up_to(most: int) -> str:
    """The digits of a whole number from 0 to `most`, without zeros in front."""
    digits = str(most)
    parts = [digits, *(f"[1-9][0-9]{{{length - 1}}}" for length in range(2, len(digits)))]
    parts += ["[0-9]"] if len(digits) > 1 else []
    for place, digit in enumerate(digits):
        least = 1 if place == 0 and len(digits) > 1 else 0
        if int(digit) > least:
            parts.append(f"{digits[:place]}[{least}-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}")
    return "|".join(parts)


def number(least: int, most: int) -> str:
    """A whole number as text; zeros may stand in front, up to eight digits in all."""
    some = "(?!0+$)" if least else ""
    return f"^(?=[0-9]{{1,8}}$){some}0*({up_to(most)})$"


_YEAR = "|".join(f"{century}[0-9][0-9]" for century in range(FIRST_YEAR // 100 + 1, LAST_YEAR // 100))
_YEARS = f"({FIRST_YEAR // 100}[5-9][0-9]|{_YEAR}|{LAST_YEAR})"
_LEAP = "[0-9]{2}(0[48]|[2468][048]|[13579][26])|(16|20|24)00"
MONTH = f"{_YEARS}-(0[1-9]|1[0-2])"
DAY = (
    f"{_YEARS}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
    f"|(?={_YEARS})({_LEAP})-02-29"
)
MOMENT = f"({DAY})([T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})?)?"
CODE, ID = whole(_CODE), whole(_ID)


def any_case(word: str) -> str:
    return "".join(f"[{letter.lower()}{letter.upper()}]" for letter in word)


def _span() -> str:
    counts = "|".join(map(any_case, NUMBER_WORDS))
    short = "|".join(map(any_case, ("d", "wk", "mo", "a")))
    long = "|".join(map(any_case, ("day", "week", "month", "year")))
    return rf"^\s*([1-9][0-9]{{0,3}}|0|{counts}) ?({short}|({long})[sS]?)\s*$"


def _mass() -> str:
    """More than nothing, at most 100 g, and no finer than a nanogram; a point before three digits is read in two ways."""
    parts = []
    for unit, size in NANOGRAMS.items():
        words = "|".join(word for word, code in MASS_WORDS.items() if code == unit)
        digits, most = len(str(size)) - 1, MOST_NANOGRAMS // size
        numbers = rf"{most}(\.0{{1,9}})?|(?!{most})({up_to(most)})(\.(?=[0-9]{{1,9}}[^0-9])[0-9]{{1,{digits}}}0*)?"
        parts.append(rf"({numbers}){_GAP}({words})")
    return rf"^\s*(?!0(\.0*)?[^0-9.])(?![1-9][0-9]{{0,2}}\.[0-9]{{3}}[^0-9])({'|'.join(parts)})\s*$"


SPAN, MASS = _span(), _mass()
RESULT = f"^{_SIGN}{_GAP}{NUMBER}{UNIT}$"
RANGE = rf"^[\s\[]*({NUMBER}\s*[-\u2013]\s*{NUMBER}|(<=|>=|[<>\u2264\u2265])\s*{NUMBER})[\s\]]*(?![0-9.,])\S.{{0,40}}$"
