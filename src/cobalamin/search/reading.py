"""What a question is read as: the rules of danger and timing made ready for a library, and slips of the pen put right. Pure."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache

from cobalamin.knowledge.library import Library
from cobalamin.search.danger import Recognised, Recogniser
from cobalamin.search.index import Index, words_of
from cobalamin.search.passages import Passage, passages
from cobalamin.search.said import corrected


@dataclass(frozen=True)
class Understood:
    """The words of a question that are searched, with those that were read as another, and what is recognised in it."""

    words: str
    read_as: tuple[tuple[str, str], ...]
    recognised: Recognised


class Reader:
    """Reads questions to one library."""

    def __init__(self, library: Library) -> None:
        self.passages: tuple[Passage, ...] = tuple(passages(library))
        british = {american: word for word, american in library.spellings.items()}
        self._recogniser = Recogniser(library.asked_signs, british)
        asked = library.asked_words
        said = (word for synonym in asked.synonyms for phrase in synonym.said for word in words_of(phrase))
        texts = (f"{each.topic} {each.plain} {each.text}" for each in self.passages)
        self.searched = frozenset((*said, *(word for text in texts for word in words_of(text))))
        empty = asked.ignored | library.asked_signs.small_talk
        short = library.asked_signs.contractions.items()
        self.empty = empty | {word for word, full in short if empty.issuperset(full.split())}
        self._here = threading.local()
        self._known = self.searched | self.empty | library.asked_signs.ordinary | frozenset(british)

    @property
    def index(self) -> Index:
        """The passages, indexed once in each thread: to index them takes longer than to answer."""
        if not hasattr(self._here, "index"):
            self._here.index = Index((each.topic, each.plain, each.text) for each in self.passages)
        made: Index = self._here.index
        return made

    def understood(self, question: str) -> Understood:
        """The question with its slips put right. Words of the rules, of the library and of small talk are no slips."""
        recognised = self._recogniser.recognised(question, self._known)
        asked = [word for word in words_of(question) if word not in recognised.aside] or words_of(question)
        told = dict.fromkeys(asked)
        meant = {word: self._meant(word) for word in told}
        read_as = tuple((word, other) for word, other in meant.items() if word != other)
        words = " ".join(meant[word] for word in asked)
        return Understood(words, read_as, recognised)

    def _meant(self, word: str) -> str:
        known = word in self._known or word in self._recogniser.words
        return word if known else corrected(word, self.searched)


@lru_cache(maxsize=4)
def reader_of(library: Library) -> Reader:
    """The reader of a library, made once: it holds nothing of any question."""
    return Reader(library)
