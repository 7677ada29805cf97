"""Pieces of an SVG picture as text: escaped, of a fixed form, so that the same picture is the same bytes everywhere.

Lengths are millimetres on paper. Text is cut to its room by a cautious estimate of its width, because no font is measured.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

ELLIPSIS = "\u2026"
_NARROW, _WIDE = frozenset("iljtfr.,:;'|!()[]I 1-"), frozenset("mwMWQO@%&")


def element(tag: str, *inside: str, **attributes: object) -> str:
    """An element; attribute names are written with `_` for `-`, numbers with at most two decimals."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(_value(value))}" for name, value in attributes.items()
    )
    return f"<{tag}{written}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{written}/>"


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def clean(text: str) -> str:
    """Text that any reader of XML takes: no control characters, nothing that turns the direction of what follows."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category in ("Cc", "Cs", "Cf", "Cn", "Co", "Zl", "Zp"):
            kept.append(" " if character in "\t\n\r" else "\ufffd" if category != "Cf" else "")
        else:
            kept.append(character)
    return "".join(kept)


def written(text: str) -> str:
    """Text between tags."""
    return escape(clean(text))


_BOLDER = 1.15


@lru_cache(maxsize=2048)  # a label is measured at every width at which it might meet another
def width_of(text: str, size: float, bold: bool = False) -> float:
    """An estimate of the width of a text that errs on the wide side."""
    return sum(_share(character) for character in text) * size * (_BOLDER if bold else 1)


def _share(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.3
    if character in _NARROW:
        return 0.42
    return 0.95 if character in _WIDE else 0.7 if character.isupper() else 0.6


# What may not stand before a cut: a number without its unit, and words that announce one (hazards H01, H34).
_DANGLING = re.compile(r"(?:\s*(?:[(]?[\d.,]+[)]?|to|or|from|for|of|in|until|every|at least|up to|[(]))+$")


def fitting(text: str, size: float, room: float, bold: bool = False) -> str:
    """The text, or whole words of it with an ellipsis where it does not fit; an amount is never cut."""
    text, size = clean(text), size * (_BOLDER if bold else 1)
    if width_of(text, size) <= room:
        return text
    used, kept = width_of(ELLIPSIS, size), ""
    for character in text:
        used += _share(character) * size
        if used > room:
            break
        kept += character
    if " " in kept.strip() and not text[len(kept) : len(kept) + 1].isspace():
        kept = kept.rpartition(" ")[0]
    return (_DANGLING.sub("", kept.rstrip()) or kept.rstrip()).rstrip(",;:") + ELLIPSIS


# Where a line may end: never between a number and its unit (hazard H34).
_BETWEEN = re.compile(r"(?<!\d) | (?!(?:mg|mcg|micrograms?|doses?|times|days?|weeks?|months?|years?)\b)")


def lines_of(text: str, size: float, room: float, most: int) -> list[str]:
    """The text in at most so many lines; the last is cut where it does not fit."""
    lines: list[str] = []
    words = _BETWEEN.split(clean(text))
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        lines.append(fitting(line, size, room))
    return [*lines, fitting(" ".join(words), size, room)] if words else lines


def text_at(
    x: float, y: float, words: str, size: float, room: float, anchor: str = "start", bold: bool = False, tone: str = "#000"
) -> str:  # fmt: skip
    """A line of text in a given room. It stays left to right whatever its letters are."""
    attributes: dict[str, object] = {"x": x, "y": y, "font_size": size}
    attributes |= {"text_anchor": anchor} if anchor != "start" else {}
    attributes |= {"font_weight": "bold"} if bold else {}
    attributes |= {"fill": tone} if tone != "#000" else {}
    inside = escape(fitting(words, size, room, bold))
    return element("text", inside, **attributes, direction="ltr", unicode_bidi="isolate")


def line(x1: float, y1: float, x2: float, y2: float, width: float = 0.2, tone: str = "#000", dashes: str = "") -> str:
    attributes: dict[str, object] = {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": tone, "stroke_width": width}
    return element("line", **attributes | ({"stroke_dasharray": dashes} if dashes else {}))
