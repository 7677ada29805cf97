"""Passages found for a question, and which of them are shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cobalamin.records import replace
from cobalamin.search.passages import Passage

_BESIDE = ("note", "advice", "protocol", "product", "correction")  # what was not written as an answer
# Figures of what is shown; tests/app/cli/test_ask.py holds what they must achieve.
_LEAST_SHARE = (
    0.45  # of a question's known words, the rare ones counting more; below it a passage speaks of something else
)
_ENOUGH = 7.0  # so many rare words in common are enough, however long the question is
_CLOSE = 0.4  # of the best score; what is further away only distracts
_WHOLE, _RARER = 0.75, 2.5  # the share of a question's weight, and the weight, that need no nearness to the best


@dataclass(frozen=True)
class Hit:
    """A passage with what it counts for a question."""

    passage: Passage
    score: float
    share: float  # of the question's weight
    weight: float


def _is_answer(hit: Hit) -> bool:
    """Whether a passage may answer by itself: notes, titles and tables only where they have nearly all words of the question."""
    return hit.passage.kind not in _BESIDE or hit.share >= _WHOLE


def speaking(hits: list[Hit], about: Mapping[str, float] | None) -> list[Hit]:
    """The hits that speak of what is named, those first that speak of more of it."""
    if about is None:
        return hits
    found = (replace(hit, score=hit.score * about[hit.passage.id]) for hit in hits if hit.passage.id in about)
    return sorted(found, key=lambda hit: (-hit.score, hit.passage.id))


def chosen_of(hits: list[Hit]) -> list[Hit]:
    """The hits that speak of the question and are not far behind the best, or have nearly all of its rarer words."""
    fitting = [hit for hit in hits if _is_answer(hit) and (hit.share >= _LEAST_SHARE or hit.weight >= _ENOUGH)]
    return [hit for hit in fitting if hit.score >= _CLOSE * fitting[0].score or _whole(hit)]


def _whole(hit: Hit) -> bool:
    return hit.share >= _WHOLE and hit.weight >= _RARER
