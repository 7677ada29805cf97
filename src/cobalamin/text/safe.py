"""Text that paper can carry: no sign steers the page, no word is too long for a column, no dose parts from its unit.

Text stays data on its whole way; nothing here escapes markup, because nothing is ever read as markup.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from cobalamin.knowledge.words import Words

LONGEST_ENTRY, LONGEST_IN_FOOTER, LONGEST_WORD, MOST_MARKS, MOST_NUMBERED = 400, 40, 24, 3, 8


_ISOLATE, _POP = "\u2068", "\u2069"


_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic words need them


_UNSHOWN = "\ufffd"


UNSEEN_BREAK = "\u200b"


_NO_BREAK = "\u2060"


ADDRESS = "address"  # kept to the letter, so that it can be copied from the page


_WORD = re.compile(rf"[^\s\u200b-]{{{LONGEST_WORD}}}(?=[^\s\u200b-])")


_COBALAMIN = re.compile(r"(Hydroxo|Cyano|Me)(cobalamin)\b", re.IGNORECASE)


_UNITS = "mg|mcg|micrograms?|mL|ampoules?|vials?|tablets?|doses?|times|days?|weeks?|months?|years?"


def entered(text: str, words: Words, longest: int = LONGEST_ENTRY) -> str:
    """What a person typed: without signs that steer text, cut where it is endless, its direction kept to itself."""
    shown = unicodedata.normalize("NFC", text)
    cut = shown[: longest - 1] + "…" if len(shown) > longest else shown
    if len(shown) > longest == LONGEST_ENTRY:
        cut = words.text("paper.cut", text=cut, number=len(shown))
    whole = "".join(_sign(sign) for sign in cut.replace(_ISOLATE, "").replace(_POP, ""))
    return f"{_ISOLATE}{whole}{_POP}" if any(_from_the_right(sign) for sign in whole) else whole


def upper_first(text: str) -> str:
    """The text with a capital at its begin."""
    return text[:1].upper() + text[1:]


def unbroken(name: str) -> str:
    """A name with hyphens that no line may part."""
    return name.replace("-", f"-{_NO_BREAK}")


def _from_the_right(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in ("R", "AL", "AN")


def _sign(sign: str) -> str:
    """Signs that order text, end lines or can't be seen could move a number beside them, so they are made visible."""
    if sign in _JOINERS or sign in (_ISOLATE, _POP, UNSEEN_BREAK, _NO_BREAK):
        return sign
    if sign.isspace():
        return "\u00a0" if sign in "\u00a0\u202f" else " "
    return _UNSHOWN if unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn") else sign


def printable(value: Any, words: Words) -> Any:
    """A JSON-able value with every text in it made fit for a page."""
    if isinstance(value, dict):
        return {key: each if key == ADDRESS else printable(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [printable(each, words) for each in value]
    return _fit(value, words) if isinstance(value, str) else value


def _fit(text: str, words: Words) -> str:
    if text.isascii() and text.isprintable():
        shown = text
    else:
        shown = _few_marks("".join(_sign(sign) for sign in unicodedata.normalize("NFC", text)))
    parted = _WORD.sub(rf"\g<0>{UNSEEN_BREAK}", shown)
    return _days(words).sub("\\1\u00a0\\2\u00a0\\3", _kept_together(words).sub("\u00a0", parted))


@cache
def _kept_together(words: Words) -> re.Pattern[str]:
    """Between a number and its unit, and between the two forms of one dose, no line ends (hazard H34)."""
    spans = (text.removeprefix("{number} ") for key, text in words.texts.items() if key.startswith("spans."))
    own = [words.units.microgram, words.units.micrograms, *(each for each in spans if each.isalpha())]
    units = "|".join((_UNITS, *map(re.escape, own)))
    return re.compile(rf"(?<=\d) (?=(?:{units})\b)|(?:(?<=[mc]g)|(?<=ram)) (?=\(\d)")


@cache
def _days(words: Words) -> re.Pattern[str]:
    """ "Thu 30 July": a date ends a line only before its year."""
    return re.compile(rf"\b({'|'.join(words.weekdays)}) (\d{{1,2}}) ({'|'.join(words.months)})\b")


def _few_marks(text: str) -> str:
    """At most a few marks on a letter: a tower of them would cover the lines around it."""
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
        elif marks == MOST_MARKS + 1:
            kept.append(_UNSHOWN)
    return "".join(kept)


def told_apart(text: str) -> list[str]:
    """The text as three parts: the beginning that tells one cobalamin from another, their common ending, and the rest."""
    found = _COBALAMIN.match(text)
    return [found.group(1), found.group(2), text[found.end() :]] if found else ["", "", text]


def named_by_number(value: Any, lacking: frozenset[str], words: Words) -> Any:
    """The value with each of these signs as its number, "[U+4F60]", for signs that no font of this program has."""
    if isinstance(value, dict):
        return {key: named_by_number(each, lacking, words) for key, each in value.items()}
    if isinstance(value, list):
        return [named_by_number(each, lacking, words) for each in value]
    return _numbered(value, lacking, words) if isinstance(value, str) and not lacking.isdisjoint(value) else value


def _numbered(text: str, lacking: frozenset[str], words: Words) -> str:
    """The first of them; hundreds would push everything else off the page."""
    rest = sum(sign in lacking for sign in text) - MOST_NUMBERED
    shown: list[str] = []
    number = 0
    for sign in text:
        number += sign in lacking
        if sign not in lacking:
            shown.append(sign)
        elif number <= MOST_NUMBERED:
            shown.append(f"[U+{ord(sign):04X}]{UNSEEN_BREAK}")
        elif number == MOST_NUMBERED + 1:
            shown.append(words.text("paper.more_signs", number=rest))
    return "".join(shown)
