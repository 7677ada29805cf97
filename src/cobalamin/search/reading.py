"""What a question is read as: the rules of danger and timing made ready for a library, and slips of the pen put right. Pure."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from cobalamin.knowledge.asked_questions import AskedQuestions
from cobalamin.knowledge.library import Library
from cobalamin.search.concepts import Lexicon
from cobalamin.search.danger import Recognised, Recogniser
from cobalamin.search.index import Index, words_of
from cobalamin.search.likeness import Likeness
from cobalamin.search.passages import Passage, passages
from cobalamin.search.said import Sentence, corrected, stem
from cobalamin.search.things import Thing, Things

_PART_END = re.compile(r"[.!?;:,\n]+\s")
_SHORTEST_PART, _MOST_PARTS = 3, 12  # words of a part that is looked at by itself, and parts
# What a wording counts that names a record's subject: at least, for each of its words, and with the likeness of its questions.
_NAMED, _LONGER, _ALIKE_TOO = 0.62, 0.06, 0.2


@dataclass(frozen=True)
class Understood:
    """The words of a question that are searched, with those that were read as another, and what is recognised in it."""

    words: str
    read_as: tuple[tuple[str, str], ...]
    recognised: Recognised
    alike: dict[str, float]  # how nearly each record's everyday questions, or what names its subject, say the same
    likeness: float  # how nearly the nearest everyday question says the same
    things: tuple[Thing, ...]  # what it is about beside B12 itself
    own: bool  # whether B12, its lack or its treatment is spoken of


class Reader:
    """Reads questions to one library. `everyday`: the everyday questions it compares with, where not the library's own."""

    def __init__(self, library: Library, everyday: AskedQuestions | None = None) -> None:
        asked_questions = everyday or library.asked_questions
        self.passages: tuple[Passage, ...] = tuple(passages(library))
        british = {american: word for word, american in library.spellings.items()}
        self._recogniser = Recogniser(library.asked_signs, british, library.asked_things.kinds)
        asked = library.asked_words
        said = (word for synonym in asked.synonyms for phrase in synonym.said for word in words_of(phrase))
        questions = tuple(text for texts in asked_questions.questions.values() for text in texts)
        self._likeness = Likeness(asked_questions, asked.synonyms, british)
        self._named = Lexicon(asked_questions.named)
        self._everyday = {
            name: " . ".join((*texts, *asked_questions.named.get(name, ())))
            for name, texts in asked_questions.questions.items()
        }
        texts = (f"{each.topic} {each.plain} {each.text}" for each in self.passages)
        self.searched = frozenset((*said, *(word for text in (*texts, *questions) for word in words_of(text))))
        empty = asked.ignored | library.asked_signs.small_talk
        short = library.asked_signs.contractions.items()
        self.empty = empty | {word for word, full in short if empty.issuperset(full.split())}
        self._here = threading.local()
        ordinary = library.asked_signs.ordinary | frozenset(british)
        named = frozenset(word for kind in library.asked_things.kinds for said in kind.said for word in words_of(said))
        self._known = self.searched | self.empty | ordinary
        self._things = Things(library.asked_things, library.everyday_stems, self.searched, self._known - self.searched)
        self._known |= named
        self._everyday_stems = library.everyday_stems

    @property
    def index(self) -> Index:
        """The passages, indexed once in each thread: to index them takes longer than to answer."""
        if not hasattr(self._here, "index"):
            self._here.index = Index(
                (each.topic, each.plain, each.text, self._everyday.get(each.id, "")) for each in self.passages
            )
        made: Index = self._here.index
        return made

    def is_everyday(self, record: str) -> bool:
        """Whether everyday questions were written for a record."""
        return record in self._everyday

    def understood(self, question: str) -> Understood:
        """The question with its slips put right. Words of the rules, of the library and of small talk are no slips."""
        recognised = self._recogniser.recognised(question, self._known)
        asked = [word for word in words_of(question) if word not in recognised.aside] or words_of(question)
        told = dict.fromkeys(asked)
        meant = {word: self._meant(word) for word in told}
        read_as = tuple((word, other) for word, other in meant.items() if word != other)
        words = " ".join(meant[word] for word in asked)
        alike = self._likeness.nearest([words, *_parts(question, meant)])
        likeness = max(alike.values(), default=0.0)
        for name, length in self._names(question).items():
            alike[name] = min(1.0, _NAMED + _LONGER * length + _ALIKE_TOO * alike.get(name, 0.0))
        sentences = self._sentences(question)
        slips = {word for word, _ in read_as if not self._things.kind_of(word)}
        things = self._things.named(sentences, recognised.aside | slips)
        own = recognised.treatment or self._things.speaks_of_own(sentences)
        return Understood(words, read_as, recognised, alike, likeness, things, own)

    def _sentences(self, question: str) -> tuple[Sentence, ...]:
        return self._recogniser.sentences(question, self._known)

    def _names(self, question: str) -> dict[str, int]:
        """Records whose subject is named in the question, each with the number of words that name it."""
        found: dict[str, int] = {}
        for sentence in self._recogniser.sentences(" ".join(words_of(question)), self._known):
            for name, places in self._named.places(sentence).items():
                found[name] = max(found.get(name, 0), *(place.end - place.begin for place in places), 0)
        return found

    def _meant(self, word: str) -> str:
        known = word in self._known or word in self._recogniser.words or stem(word) in self._everyday_stems
        return word if known else corrected(word, self.searched)


def _parts(question: str, meant: dict[str, str]) -> list[str]:
    """The sentences and clauses of a question, slips put right."""
    parts = ([meant.get(word, "") for word in words_of(part)] for part in _PART_END.split(question)[:_MOST_PARTS])
    return [" ".join(part) for part in parts if len(part) >= _SHORTEST_PART]


@lru_cache(maxsize=4)
def reader_of(library: Library) -> Reader:
    """The reader of a library, made once: it holds nothing of any question."""
    return Reader(library)
