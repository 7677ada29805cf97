"""What stands around a complaint in a sentence: whether it is denied, past, only supposed, general, or somebody else's. Pure.

Each question here has one answer in words of `knowledge/data/asked/language.yaml`; where the words leave it open, a complaint counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from cobalamin.search.concepts import Place, Places
from cobalamin.search.said import COMMA, Sentence

_NEGATION_REACHES, _DENIED_WITHIN = 7, 3
_ADDS = ("and", "plus")
_BEGINNING = 4  # words at the beginning of a sentence where a pronoun takes up the sentence before


@dataclass(frozen=True)
class Spoken:
    """One sentence with the places of concepts and of scopes in it."""

    sentence: Sentence
    concepts: Places
    scopes: Places

    def of(self, scope: str) -> tuple[Place, ...]:
        return self.scopes.get(scope, ())

    @property
    def takes_up(self) -> bool:
        """Whether it goes on about what the sentence before named ("they have doubled in size")."""
        return any(place.begin < _BEGINNING for place in self.of("pronoun"))

    def segment(self, at: int) -> tuple[int, int]:
        """The part of the sentence between two turns ("but", "and now") in which a word stands."""
        turns = sorted({place.begin for place in self.of("turn")})
        begin = max((turn for turn in turns if turn <= at), default=0)
        return begin, min((turn for turn in turns if turn > at), default=len(self.sentence.words))

    def beside(self, scope: str, match: Place) -> bool:
        """Whether a scope stands in the same segment."""
        return self.within(scope, *self.segment(match.begin))

    def breaks(self, begin: int, end: int, lists: bool) -> bool:
        """Whether something new begins between two words: a comma or "and" with its own subject, or any where nothing is listed."""
        starts = {place.begin for place in self.of("subject")}
        return any(not lists or {at + 1, at + 2} & starts for at in self._links() if begin <= at < end)

    def parted(self, first: Place, then: Place) -> bool:
        """Whether a turn, or a new thing after a comma or "and", stands between two places."""
        same = {place.begin for place in self.of("pronoun")}  # "and now it ..." goes on about the same thing
        turned = any(
            first.end <= place.begin < then.begin and same.isdisjoint(range(place.begin, place.end + 1))
            for place in self.of("turn")
        )
        things = {place.begin for place in self.of("new_thing")}
        words = self.sentence.words
        return turned or any(words[at] in (COMMA, *_ADDS) and at + 1 in things for at in range(first.end, then.begin))

    def chunk(self, at: int) -> tuple[int, int]:
        """The words around one between commas and "and"."""
        links = self._links()
        begin = max((link + 1 for link in links if link < at), default=0)
        return begin, min((link for link in links if link > at), default=len(self.sentence.words))

    def clauses(self) -> Iterator[Place]:
        """The parts of the sentence between commas and turns, without the comma or the turn itself."""
        words = self.sentence.words
        turns = {at for place in self.of("turn") for at in range(place.begin, place.end)}
        cuts = [-1, *(at for at, word in enumerate(words) if word == COMMA or at in turns), len(words)]
        return (Place(one + 1, then) for one, then in pairwise(cuts) if one + 1 < then)

    def _links(self) -> set[int]:
        commas = {at for at, word in enumerate(self.sentence.words) if word == COMMA}
        return commas | {place.begin for place in self.of("link")}

    def within(self, scope: str, begin: int, end: int) -> bool:
        return any(begin <= place.begin < end for place in self.of(scope))


@dataclass(frozen=True)
class Match:
    """Where a rule is met in a sentence: all its concepts, from the first word to the last."""

    parts: tuple[Place, ...]

    @property
    def span(self) -> Place:
        return Place(min(part.begin for part in self.parts), max(part.end for part in self.parts))

    @property
    def last(self) -> int:
        return max(part.begin for part in self.parts)

    def holds(self, place: Place) -> bool:
        return any(part.begin < place.end and place.begin < part.end for part in self.parts)

    def contains(self, place: Place) -> bool:
        return any(part.begin <= place.begin and place.end <= part.end for part in self.parts)


def denied(said: Spoken, match: Match) -> bool:
    """ "no rash, swelling or wheeze"; "my face is not swollen" """
    begin, _ = said.segment(match.last)
    for scope, reaches in (("without", len(said.sentence.words)), ("negation", _NEGATION_REACHES)):
        for place in said.of(scope):
            near = begin <= place.begin and place.end <= match.last <= place.end + reaches
            if not near or match.holds(place) or _is_no_negation(said, place):
                continue
            if not said.breaks(place.end, match.last, lists=scope == "without"):
                return True
    return False


def _is_no_negation(said: Spoken, place: Place) -> bool:
    """ "not only", "never felt like this", "no idea why" """
    return any(other.begin < place.end and place.begin < other.end for other in said.of("no_negation"))


def gone(said: Spoken, match: Match, following: Spoken | None) -> bool:
    """ "it settled by itself"; said after the complaint, there or at the beginning of the next sentence."""
    if _gone_after(said, match.span.end):
        return True
    return following is not None and following.takes_up and _gone_after(following, 0)


def _gone_after(said: Spoken, begin: int) -> bool:
    for place in said.of("gone"):
        back = [now for now in said.of("present") if now.begin >= place.end]
        if place.begin >= begin - 1 and place.end > begin and not _is_denied(said, place) and not back:
            return True
    return False


def past(said: Spoken, match: Match, following: Spoken | None) -> bool:
    """ "years ago I fainted"; "That was in 2009." """
    if any(said.within("present", *said.chunk(at)) for at in (match.span.begin, match.last)):
        return False
    if any(place.begin >= match.span.end and not _is_denied(said, place) for place in said.of("returns")):
        return False
    begin, end = said.segment(match.span.begin)
    if any(begin <= place.begin < end and _dates(said, place, match.span) for place in said.of("history")):
        return True
    if following is None or not following.takes_up:
        return False
    return bool(following.of("history")) and not following.of("present")


def _dates(said: Spoken, when: Place, complaint: Place) -> bool:
    """Whether a time long past is that of the complaint, and not of something else in the sentence ("I began years ago and ...")."""
    first, last = (when, complaint) if when.begin < complaint.begin else (complaint, when)
    if not said.breaks(first.end, last.begin, lists=True):
        return True
    begin, _ = said.chunk(when.begin)
    of_its_own = first is complaint or said.within("subject", begin, when.begin)
    around = said.chunk(complaint.begin)
    narrated = said.within("was", *around) and not said.within("perfect", *around)
    return not of_its_own or narrated


def supposed(said: Spoken, match: Match) -> bool:
    """ "what if my lips swell" """
    begin, _ = said.segment(match.span.begin)
    return any(
        begin <= place.begin <= match.span.begin and not said.breaks(place.end, match.span.begin, lists=True)
        for place in said.of("supposed")
    )


def general(said: Spoken, match: Match) -> bool:
    """ "can B12 cause palpitations"; nobody is said to have them."""
    if said.beside("speaker", match.span) or said.beside("present", match.span):
        return False
    return any(_together(said, place, match.span) for place in said.of("general") if not match.contains(place))


def recovering(said: Spoken, match: Match) -> bool:
    """ "when will the numbness in my legs get better" """
    if said.beside("present", match.span):
        return False
    hoped = [place for place in said.of("recovery") if not _is_denied(said, place)]
    return any(_together(said, place, match.span) for place in hoped)


def _together(said: Spoken, one: Place, other: Place) -> bool:
    """Whether two things stand in one segment and nothing new begins between them."""
    first, last = sorted((one, other), key=lambda place: place.begin)
    same = said.segment(first.begin) == said.segment(last.begin)
    return same and not said.breaks(first.end, last.begin, lists=True)


def _is_denied(said: Spoken, place: Place) -> bool:
    return any(0 <= place.begin - no.end <= _DENIED_WITHIN for no in said.of("negation"))


def others(said: Spoken, match: Match, asks_for_oneself: bool) -> bool:
    """ "my aunt's face swelled up, can I have mine?": another person, in the past, and the question is about oneself."""
    of_another = any(place.begin < match.last for place in said.of("someone"))
    return of_another and asks_for_oneself and bool(said.of("was")) and not said.of("present")
