"""Where the last dose was injected, and which side is next in turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cobalamin.therapy.review.evaluations import Evaluation

_OTHER = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class Sites:
    """`last` as it was recorded; `next_side` only where a side was recorded: no source says which place is best."""

    on: date
    last: str
    next_side: str


def sites_of(evaluations: Iterable[Evaluation]) -> Sites | None:
    """The site of the last dose that has one; None where none has."""
    told = [each.event for each in evaluations if each.event.on and (each.event.site or each.event.side)]
    if not told:
        return None
    event = max(told, key=lambda each: each.on or date.min)
    return Sites(
        event.on or date.min, " ".join(part for part in (event.side, event.site) if part), _OTHER.get(event.side, "")
    )
