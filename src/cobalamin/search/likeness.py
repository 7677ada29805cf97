"""How nearly a question says the same as an everyday question that a record is known to answer. Pure.

Words are compared by their stems, and words of one synonym as one. A word tells more the fewer records have it in their questions.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from cobalamin.knowledge.asked_questions import AskedQuestions
from cobalamin.knowledge.synonyms import Synonym
from cobalamin.search.index import words_of
from cobalamin.search.said import stem

# Figures of the likeness; benchmarks/asked_questions.py shows what they achieve.
_UNKNOWN = 3.0  # what a word weighs that stands in no question
_ASKED, _KNOWN = 0.6, 0.35  # how much words count that only what is asked has, and only the known question


class Likeness:
    """The everyday questions of a library, ready to be compared with."""

    def __init__(self, asked: AskedQuestions, synonyms: Sequence[Synonym], british: Mapping[str, str]) -> None:
        questions, self._joining = asked.questions, frozenset(map(stem, asked.joining))
        self._british = british
        self._concepts = _concepts(synonyms)
        self._known = [(name, self._cut(text)) for name, texts in questions.items() for text in texts]
        number = Counter(word for _, words in _by_record(self._known).items() for word in words)
        self._weights = {word: math.log((len(questions) + 1) / times) for word, times in number.items()}
        self._holding: dict[str, list[int]] = defaultdict(list)
        for place, (_, words) in enumerate(self._known):
            for word in words:
                self._holding[word].append(place)

    def nearest(self, sentences: Iterable[str]) -> dict[str, float]:
        """The likeness of each record whose questions share a word with one of the sentences; 1 says the same."""
        found: dict[str, float] = defaultdict(float)
        for sentence in sentences:
            asked = self._cut(sentence)
            for place in {place for word in asked for place in self._holding.get(word, ())}:
                name, words = self._known[place]
                found[name] = max(found[name], self._alike(asked, words))
        return dict(found)

    def _alike(self, asked: frozenset[str], known: frozenset[str]) -> float:
        common = self._weight(asked & known)
        rest = _ASKED * self._weight(asked - known) + _KNOWN * self._weight(known - asked)
        return common / ((common + rest) or 1.0)

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights.get(word, _UNKNOWN) for word in words)

    def _cut(self, text: str) -> frozenset[str]:
        """The words of a text by their stems, a synonym as one of them; joining words are left out."""
        words = [stem(self._british.get(word, word)) for word in words_of(text)]
        return frozenset(word for word in self._named(words) if word not in self._joining)

    def _named(self, words: Sequence[str]) -> Iterator[str]:
        at = 0
        while at < len(words):
            longest, name = self._concept(words, at)
            yield name or words[at]
            at += longest or 1

    def _concept(self, words: Sequence[str], at: int) -> tuple[int, str]:
        """How many words from here are one synonym, and its name; the longest counts."""
        for parts, name in self._concepts.get(words[at], ()):
            if tuple(words[at : at + len(parts)]) == parts:
                return len(parts), name
        return 0, ""


def _concepts(synonyms: Sequence[Synonym]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Wordings by their first stem, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for number, synonym in enumerate(synonyms):
        for said in synonym.said:
            parts = tuple(stem(word) for word in words_of(said))
            found[parts[0]].append((parts, f"#{number}"))
    for wordings in found.values():
        wordings.sort(key=lambda each: -len(each[0]))
    return found


def _by_record(known: Collection[tuple[str, frozenset[str]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, words in known:
        found[name] |= words
    return found
