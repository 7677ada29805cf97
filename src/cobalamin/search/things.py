"""What a question is about beside B12 itself, which whatever is shown must speak of. Pure; the words are data.

A word that nobody knows, neither the library nor a list of everyday English, is taken for the name of something where it stands
as what is asked about ("can I take ...", "is ... safe with B12"); elsewhere it only tells nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from cobalamin.knowledge.asked_things import AskedThings
from cobalamin.records import replace
from cobalamin.search.concepts import Lexicon, Place
from cobalamin.search.said import COMMA, QUESTION_WORDS, Sentence, slips, stem

_SHORTEST_NAME, _SHORTEST_SLIP = 4, 5  # letters
_LEAST_WORDS = 4  # of a clause that asks by itself
_ASKING = QUESTION_WORDS | {"whose", "might", "did", "would", "shall", "has", "have", "am"}
_TAKING_UP_THINGS = frozenset(["it", "that", "this", "they", "them", "these", "those"])
_TAKING_UP = _TAKING_UP_THINGS | {"he", "she", "him", "her"}


@dataclass(frozen=True)
class Thing:
    """A thing that is named: in the words of the data or of the question, and the record that is nearest to all of its kind.

    `about`: whether it is what is asked about and not only whom the question is for or what was tested; `had`: whether
    somebody is only said to have it.
    """

    words: str
    nearest: str
    about: bool = True
    had: bool = False


class Things:
    """The kinds of things of a library, made ready once. `searched`: words that the library has."""

    def __init__(
        self, asked: AskedThings, everyday: frozenset[str], searched: Collection[str], small_talk: Collection[str]
    ) -> None:
        kinds = asked.kinds
        self._marks = Lexicon(
            {
                "frame": asked.frames,
                "own": asked.own,
                "before": asked.before,
                "after": asked.after,
                "having": asked.having,
            }
        )
        self._lexicon = Lexicon({said: (said,) for kind in kinds for said in kind.said})
        self._listed = {said: Thing(said, kind.nearest, not kind.around) for kind in kinds for said in kind.said}
        self._had = {said for kind in kinds if kind.had for said in kind.said}
        self._endings = tuple((ending, kind.nearest) for kind in kinds for ending in kind.endings)
        self._everyday, self._searched, self._small_talk = (
            everyday,
            frozenset(map(stem, searched)),
            frozenset(small_talk),
        )
        self._known = self._searched | frozenset(map(stem, small_talk)) | everyday

    def named(self, sentences: Sequence[Sentence], aside: Collection[str]) -> tuple[Thing, ...]:
        """What the asking part of a text names, each once; `aside`: words that ask for nothing."""
        found = [thing for part in _asking(sentences) for thing in self._in(part)]
        return tuple(thing for thing in dict.fromkeys(found) if not set(thing.words.split()) <= set(aside))

    def speaks_of_own(self, sentences: Sequence[Sentence]) -> bool:
        """Whether B12, its lack or its treatment is spoken of."""
        return any("own" in self._marks.places(each) for each in sentences)

    def _in(self, part: Sentence) -> Iterator[Thing]:
        places = {place: said for said, several in self._lexicon.places(part).items() for place in several}
        longest = [place for place in places if not any(_inside(place, other) for other in places)]
        having = self._having(part)
        for place in longest:
            thing, had = self._listed[places[place]], places[place] in self._had and having <= place.begin
            yield replace(thing, had=had)
        framed, objects = set(self._framed(part)), self._objects(part)
        taken = {at for place in longest for at in range(place.begin, place.end)}
        for at, word in enumerate(part.words):
            if at in taken or self._is_person(part, at):
                continue
            kind = self.kind_of(word)
            if at in framed or ((kind or at in objects) and self._is_name(word, part.stems[at])):
                yield Thing(word, kind)

    def _having(self, part: Sentence) -> int:
        """From which word on an illness is only told to be had ("I have coeliac disease and ..."); none where it is taken up again."""
        first = min((place.end for place in self._marks.places(part).get("having", ())), default=len(part.words))
        return len(part.words) if _TAKING_UP_THINGS.intersection(part.words[first:]) else first

    def _objects(self, part: Sentence) -> set[int]:
        """Where a word stands as what is asked about: after "can I take", before "with my injection"."""
        marks = self._marks.places(part)
        return {place.end for place in marks.get("before", ())} | {place.begin - 1 for place in marks.get("after", ())}

    def _framed(self, part: Sentence) -> Iterator[int]:
        """Where after a frame ("does it help with ...") a word stands that the library lacks."""
        for place in self._marks.places(part).get("frame", ()):
            at = next((at for at in range(place.end, len(part.words)) if part.words[at] not in self._small_talk), -1)
            if at >= 0 and part.words[at].isalpha() and part.stems[at] not in self._searched:
                yield at

    def _is_person(self, part: Sentence, at: int) -> bool:
        """ "my neighbour Griselda" """
        return at > 0 and part.words[at - 1] in self._small_talk

    def _is_name(self, word: str, its_stem: str) -> bool:
        """Whether a word is nothing that the library or everybody knows, nor a slip of one."""
        if not word.isalpha() or len(word) < _SHORTEST_NAME or its_stem in self._known:
            return False
        return len(word) < _SHORTEST_SLIP or not self._is_slip(its_stem)

    def _is_slip(self, word: str) -> bool:
        """Whether a stem is one letter away from an everyday one, with the same first and last letter."""
        lengths = range(len(word) - 1, len(word) + 2)
        near = (other for length in lengths for other in self._alike.get((word[0], word[-1], length), ()))
        return any(slips(word, other, 1) <= 1 for other in near)

    @cached_property
    def _alike(self) -> dict[tuple[str, str, int], list[str]]:
        """Everyday stems by first and last letter and length."""
        found: dict[tuple[str, str, int], list[str]] = defaultdict(list)
        for other in self._everyday:
            found[other[0], other[-1], len(other)].append(other)
        return found

    def kind_of(self, word: str) -> str:
        """The record nearest to things of the kind that a word's ending tells of."""
        return next((nearest for ending, nearest in self._endings if word.endswith(ending)), "")


def _inside(place: Place, other: Place) -> bool:
    return place != other and other.begin <= place.begin and place.end <= other.end


def _asking(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that ask, of several clauses the ones that do; all of them where these take up what was named before."""
    asking = [each for each in sentences if each.asks or each.words[0] in _ASKING] or list(sentences)
    if len(asking) < len(sentences) and not any(_TAKING_UP.intersection(each.words) for each in asking):
        return [part for each in asking for part in _clauses(each)]
    return [part for each in sentences for part in _clauses(each)] if len(sentences) == 1 else list(sentences)


def _clauses(sentence: Sentence) -> Iterable[Sentence]:
    """The clause that asks, after one that only tells ("I have lupus, how often ...?"); else the whole sentence."""
    cuts = [-1, *(at for at, word in enumerate(sentence.words) if word == COMMA), len(sentence.words)]
    for begin, end in pairwise(cuts[1:]):
        words = sentence.words[begin + 1 : end]
        if len(words) >= _LEAST_WORDS and words[0] in _ASKING and not _TAKING_UP.intersection(words):
            return [Sentence(words, sentence.stems[begin + 1 : end], sentence.asks)]
    return [sentence]
