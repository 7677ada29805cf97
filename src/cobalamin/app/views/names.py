"""Long names in a narrow column, shortened so that no two read alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

LONGEST, SHORTEST = 34, 14


def told_apart(titles: Sequence[str], room: int) -> list[str]:
    """The beginning of each title; where two would read alike, where they begin to differ. The whole stands elsewhere."""
    short = [_shortened(title, room) for title in titles]
    found = []
    for title, brief in zip(titles, short, strict=True):
        alike = [other for other, its in zip(titles, short, strict=True) if its == brief]
        if len(set(alike)) > 1:
            shared = next(at for at, signs in enumerate(zip_longest(*alike)) if len(set(signs)) > 1)
            begins = title.rfind(" ", 0, shared) + 1
            brief = _shortened(f"{title[:2]} …{title[begins:]}", room)
        found.append(brief)
    return found


def _shortened(title: str, room: int) -> str:
    return title if len(title) <= room else f"{title[: room - 1].rsplit(' ', 1)[0].rstrip(',')}…"
