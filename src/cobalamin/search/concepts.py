"""Where the concepts of a lexicon stand in a sentence. Pure.

A wording is a few words side by side; `..` stands for up to three words between. Words are compared by their stems; a word
in "quotes" must stand exactly so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from cobalamin.search.said import Sentence, stem

GAP, WIDEST_GAP, EXACT = "..", 3, '"'


@dataclass(frozen=True)
class Place:
    """Where a concept stands: its first word and the one after its last."""

    begin: int
    end: int


Places = dict[str, tuple[Place, ...]]


class Lexicon:
    """Wordings by the first word they may begin with."""

    def __init__(self, concepts: Mapping[str, tuple[str, ...]]) -> None:
        self._by_first: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for name, wordings in concepts.items():
            for wording in wordings:
                parts = tuple(part if part == GAP or part[0] == EXACT else stem(part) for part in wording.split())
                self._by_first[_first(parts[0])].append((name, parts))

    def places(self, sentence: Sentence, hidden: frozenset[int] = frozenset()) -> Places:
        """Every concept with its places; words at `hidden` belong to an idiom and say nothing."""
        found: dict[str, list[Place]] = defaultdict(list)
        for begin, first in enumerate(sentence.stems):
            for name, parts in self._by_first.get(first, ()):
                end = _matched(sentence, begin, parts)
                if end and not hidden.intersection(range(begin, end)):
                    found[name].append(Place(begin, end))
        return {name: tuple(dict.fromkeys(places)) for name, places in found.items()}


def _first(part: str) -> str:
    """The stem by which a wording is looked up."""
    return stem(part.strip(EXACT)) if part[0] == EXACT else part


def _matched(sentence: Sentence, begin: int, parts: tuple[str, ...]) -> int:
    """The index after the last word of a wording that begins here; 0 where it doesn't stand here."""
    at, number, stems = begin, 0, sentence.stems
    while number < len(parts):
        if parts[number] == GAP:
            wanted = parts[number + 1]
            window = stems[at : at + WIDEST_GAP + 1]
            if wanted not in window:
                return 0
            at += window.index(wanted)
            number += 1
        elif at >= len(stems) or parts[number] not in (stems[at], f"{EXACT}{sentence.words[at]}{EXACT}"):
            return 0
        at, number = at + 1, number + 1
    return at
