"""What is marked in the text of a whole page: numbers of sources as links to its foot, and quotations in English."""

from __future__ import annotations

import re
from collections.abc import Collection

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
# What is a link, a control or a picture itself: a link within would not be one.
_WHOLE = frozenset(
    ("a", "button", "code", "label", "option", "script", "select", "summary", "svg", "textarea", "title")
)
_CITED = re.compile(r"\[(\d{1,3}\??(?:,[ \u00a0]\d{1,3}\??)*)\]")
_QUOTED = re.compile("\u00ab[^\u00ab\u00bb]*\u00bb")
_NUMBER = re.compile(r"\d+")


def linked(page: str, numbers: Collection[str]) -> str:
    """The page with each "[1, 2]" led to its sources; other brackets stay as they are."""
    if not numbers:
        return page
    made, within = list[str](), 0
    for piece in _TAG.split(page):
        if piece.startswith("<"):
            within += _step(piece)
            made.append(piece)
        else:
            made.append(piece if within else _CITED.sub(lambda found: _links(found[0], numbers), piece))
    return "".join(made)


def quoted(page: str) -> str:
    """The page with each quotation marked as English, for whoever has it read aloud; what stands in attributes stays."""
    pieces, within = _TAG.split(page), 0
    for place, piece in enumerate(pieces):
        if piece.startswith("<"):
            within += _plain_text(piece)
        elif not within:
            pieces[place] = _QUOTED.sub(r'<span lang="en">\g<0></span>', piece)
    return "".join(pieces)


def _plain_text(tag: str) -> int:
    """In these elements a tag would be shown as it is written, or not belong."""
    name = _NAME.match(tag)
    if name is None or name[1] not in ("option", "script", "svg", "textarea", "title"):
        return 0
    return -1 if tag.startswith("</") else 1


def _step(tag: str) -> int:
    name = _NAME.match(tag)
    if name is None or name[1] not in _WHOLE:
        return 0
    return -1 if tag.startswith("</") else 1


def _links(cited: str, numbers: Collection[str]) -> str:
    if not set(_NUMBER.findall(cited)) <= set(numbers):
        return cited
    return _NUMBER.sub(lambda found: f'<a href="#source-{found[0]}">{found[0]}</a>', cited)
