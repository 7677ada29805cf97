"""Which signs of danger, and which questions about the time of a dose, somebody's words tell of. Pure; the rules are data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise, product

from cobalamin.knowledge.asked_signs import TIMINGS, AskedSigns, Rule
from cobalamin.knowledge.asked_things import ThingKind
from cobalamin.search import scopes
from cobalamin.search.concepts import EXACT, Lexicon, Place, Places
from cobalamin.search.said import COMMA, QUESTION_WORDS, Sentence, numbers, sentences
from cobalamin.search.scopes import Match, Spoken

_MOST_PLACES = 6  # of one concept in one sentence that are tried
_TREATMENT = ("dose", "dose_word", "early_treatment")
_NOWHERE = Place(-1, -1)


@dataclass(frozen=True)
class Recognised:
    """Ids of signs and of questions about timing; what is asked about and known to be unheld.

    `treatment`: whether the vitamin or its treatment is spoken of at all; `values`: the lowest number told of a sign that is one.
    """

    signs: tuple[str, ...]
    timings: tuple[str, ...]
    unheld: tuple[str, ...]
    treatment: bool
    aside: frozenset[str] = (
        frozenset()
    )  # words that ask for nothing: of an idiom, or of a complaint denied beside the question
    values: dict[str, Decimal] = field(default_factory=dict)


class Recogniser:
    """The rules of a library, made ready once."""

    def __init__(self, data: AskedSigns, british: Mapping[str, str], kinds: Iterable[ThingKind] = ()) -> None:
        self.data, self.british = data, british
        self._concepts, self._scopes = Lexicon(data.concepts), Lexicon(data.scopes)
        named = {f"{{{kind.name}}}": kind.said for kind in kinds}
        self._unheld = Lexicon({topic.about: tuple(_written_out(topic.said, named)) for topic in data.unheld})

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the rules, and ordinary words that are no slip of one."""
        said = (*self.data.concepts.values(), *self.data.scopes.values())
        return frozenset(
            word for wordings in said for wording in wordings for word in wording.replace(EXACT, "").split()
        ) | (self.data.ordinary)

    def sentences(self, text: str, known: frozenset[str]) -> tuple[Sentence, ...]:
        """The sentences of a text; `known`: words that stand as they are."""
        return sentences(text, self.data.contractions, self.british, self.words, known)

    def recognised(self, text: str, known: frozenset[str] = frozenset()) -> Recognised:
        spoken = tuple(map(self._spoken, self.sentences(text, known)))
        told = _Told(spoken, self.data.carried)
        signs = (rule.means for rule in self.data.signs if told.tells(rule))
        asked = {rule.means for rule in self.data.timings if told.says(rule)}
        timings = (kind for kind in TIMINGS if kind in asked)
        unheld = (about for each in spoken for about in self._unheld.places(each.sentence))
        treatment = not told.anywhere.isdisjoint(_TREATMENT)
        values = {rule.means: min(told.values(rule)) for rule in self.data.signs if any(told.values(rule))}
        aside = self._aside(told) | self._named_unheld(spoken)
        return Recognised(_once(signs), _once(timings), _once(unheld), treatment, aside, values)

    def _named_unheld(self, spoken: tuple[Spoken, ...]) -> frozenset[str]:
        """Words by which something is asked that is not held: its name says so, and they find nothing else."""
        return frozenset(
            word
            for each in spoken
            for places in self._unheld.places(each.sentence).values()
            for place in places
            for word in each.sentence.words[place.begin : place.end]
        )

    def _aside(self, told: _Told) -> frozenset[str]:
        """Words of talk and of denied complaints that stand nowhere else; of complaints only where the rest still asks something."""
        said: set[str] = set()
        kept: set[str] = set()
        for number, each in enumerate(told.spoken):
            talk = self._of(each.sentence, ("talk",))
            hidden = talk | told.denied(number, self.data.signs) | told.preface(number, talk)
            for at, word in enumerate(each.sentence.words):
                (said if at in hidden else kept).add(word)
        return frozenset(said - kept)

    def _of(self, sentence: Sentence, names: tuple[str, ...]) -> frozenset[int]:
        """Where words of these scopes stand."""
        places = self._scopes.places(sentence)
        return frozenset(at for name in names for place in places.get(name, ()) for at in range(place.begin, place.end))

    def _spoken(self, sentence: Sentence) -> Spoken:
        hidden = self._of(sentence, ("idiom", "talk"))
        found = self._scopes.places(sentence, hidden)
        return Spoken(sentence, self._concepts.places(sentence, hidden), found)


def _written_out(wordings: Iterable[str], named: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The wordings, one in which the name of a kind of things stands ("dose of {medicine}") once for each thing of the kind."""
    for wording in wordings:
        kind = next((name for name in named if name in wording), "")
        yield from (wording.replace(kind, said) for said in named[kind]) if kind else (wording,)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


class _Told:
    """A whole text, and what stands in it."""

    def __init__(self, spoken: tuple[Spoken, ...], carried: frozenset[str]) -> None:
        self.spoken, self.carried = spoken, carried
        self.anywhere = {name for each in spoken for name in (*each.concepts, *each.scopes)}
        self.for_oneself = "own_question" in self.anywhere

    def tells(self, rule: Rule) -> bool:
        """Whether a sign is said to be there."""
        return any(self._counts(number, match, rule) for number, match in self._matches(rule))

    def values(self, rule: Rule) -> list[Decimal]:
        """The numbers that a rule is met with."""
        if rule.under is None:
            return []
        return [
            value
            for number, match in self._matches(rule)
            if self._counts(number, match, rule)
            for at, value in numbers(self.spoken[number].sentence).items()
            if match.holds(Place(at, at + 1))
        ]

    def denied(self, number: int, rules: Sequence[Rule]) -> frozenset[int]:
        """Words of a sentence that belong to a complaint which is denied in it, beside a part that asks something else."""
        said = self.spoken[number]
        turned = {place.begin for place in said.of("turn")}
        if not said.of("without") or (len(self.spoken) == 1 and not turned):
            return frozenset()
        named = {name for rule in rules for name in rule.all} - {*_TREATMENT}
        places = {place for name in named for place in said.concepts.get(name, ())}
        matches = [
            *(Match((place,)) for place in places),
            *(match for rule in rules for match in self._in_sentence(number, rule)),
        ]
        denied = (part for match in matches if scopes.denied(said, match) for part in match.parts)
        return frozenset(at for part in denied for at in range(part.begin, part.end))

    def preface(self, number: int, talk: frozenset[int]) -> frozenset[int]:
        """Words of a clause that is talk, where another clause asks; what is given is meant there too and stays."""
        said = self.spoken[number]
        clauses = list(said.clauses())
        asking = [clause for clause in clauses if said.sentence.words[clause.begin] in QUESTION_WORDS]
        treatment = {
            at for name in _TREATMENT for place in said.concepts.get(name, ()) for at in range(place.begin, place.end)
        }
        others = (range(each.begin, each.end) for each in clauses if asking and each not in asking)
        return frozenset(at for words in others if talk.intersection(words) for at in words if at not in treatment)

    def says(self, rule: Rule) -> bool:
        """Whether the words stand there at all, of whatever time."""
        return next(self._matches(rule), None) is not None

    def _matches(self, rule: Rule) -> Iterator[tuple[int, Match]]:
        if not self.anywhere.issuperset(rule.needs):
            return
        for number, said in enumerate(self.spoken):
            if {*said.concepts, *said.scopes}.isdisjoint(rule.unless):
                for match in self._in_sentence(number, rule):
                    yield number, match

    def _in_sentence(self, number: int, rule: Rule) -> Iterator[Match]:
        said = self.spoken[number]
        taken_up = self.spoken[number - 1].concepts if number and said.takes_up else {}
        places = [self._places(said, taken_up, name, len(rule.all) > 1) for name in rule.all]
        if rule.under is not None:
            low = (at for at, value in numbers(said.sentence).items() if value < rule.under)
            places.append(tuple(Place(at, at + 1) for at in low))
        for parts in product(*places):
            here = tuple(part for part in parts if part is not _NOWHERE)
            if len(here) >= max(len(parts) - 1, 1) and _fits(said, here, rule):
                yield Match(here)

    def _places(self, said: Spoken, before: Places, name: str, several: bool) -> tuple[Place, ...]:
        """Places in the sentence; a part of the body may also have been named in the sentence before."""
        found = (*said.concepts.get(name, ()), *said.of(name))[:_MOST_PLACES]
        return found or ((_NOWHERE,) if several and name in self.carried and name in before else ())

    def _counts(self, number: int, match: Match, rule: Rule) -> bool:
        said = self.spoken[number]
        following = self.spoken[number + 1] if number + 1 < len(self.spoken) else None
        if self._of_an_animal(number) or said.of("study") or scopes.denied(said, match):
            return False
        if not rule.past and (scopes.past(said, match, following) or scopes.gone(said, match, following)):
            return False
        if not rule.supposed and self._only_talked_of(said, match):
            return False
        return not scopes.others(said, match, self.for_oneself)

    @staticmethod
    def _only_talked_of(said: Spoken, match: Match) -> bool:
        return scopes.supposed(said, match) or scopes.general(said, match) or scopes.recovering(said, match)

    def _of_an_animal(self, number: int) -> bool:
        said = self.spoken[number]
        return bool(said.of("animal")) or (number > 0 and said.takes_up and self._of_an_animal(number - 1))


def _fits(said: Spoken, parts: tuple[Place, ...], rule: Rule) -> bool:
    """Whether the concepts stand apart, near enough to each other, of one thing, and in order where that matters."""
    ordered = sorted(parts, key=lambda part: (part.begin, part.end))
    if rule.ordered and list(parts) != ordered:
        return False
    return all(
        first.end <= then.begin
        and _words_between(said.sentence, first, then) <= rule.near
        and (rule.past or not said.parted(first, then))
        for first, then in pairwise(ordered)
    )


def _words_between(sentence: Sentence, first: Place, then: Place) -> int:
    return sum(word != COMMA for word in sentence.words[first.end : then.begin])
