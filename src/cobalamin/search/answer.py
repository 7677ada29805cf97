"""A question in anybody's words, answered by sentences of the library: full-text search, built in memory at each call.

Nothing is written anew: what comes back are records of the library, best first, and where its sources disagree, all sides. What
the words tell of danger or of the time of a dose comes before that, and it is said where nothing is held on what was asked.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from cobalamin.errors import InputError
from cobalamin.knowledge.criteria import read_citations
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, best_level
from cobalamin.knowledge.reading import Reading
from cobalamin.records import replace
from cobalamin.search.hits import Hit, chosen_of, speaking
from cobalamin.search.index import Group, words_of
from cobalamin.search.passages import Passage
from cobalamin.search.reading import Reader, reader_of
from cobalamin.text.days import span_words

MOST_ANSWERS, MOST_DISAGREEMENTS = 8, 3
LONGEST_QUESTION = 10_000
DISAGREEMENT = "disagreement"
# Figures of the ranking; tests/app/cli/test_ask.py holds what they must achieve.
_TOPIC_SHARE = 0.4  # of a question's words in the topic of a disagreement
_SIDES_SHARE, _SIDES_SCORE = 0.6, 0.7  # the same for its sides, and how near to the best answer
_RARE = 1.5  # a rare word in common says more than two common ones
_OWN_COUNTRY = 1.2
# What a word weighs that stands nowhere in the library, beside the treatment and where no treatment is spoken of.
_UNKNOWN, _UNKNOWN_ALONE = 1.5, 4.0
_HELD = 0.6  # the share of known words from which a question is answered
# What the known words weigh, their share, and where no treatment is spoken of their number, from which the nearest is worth showing.
_NEAREST, _NEAREST_SHARE, _NEAREST_WORDS = 3.0, 0.35, 2
_SAME, _NEARLY = 0.6, 0.45  # from which likeness an everyday question is the one asked, and from which it counts at all
_SAME_BESIDE_A_SIGN = 0.75
_LIKENESS = 1.9  # what the same question counts beside the best score of the words
_LEAST_BEST = 3.0  # the best score that words reach which stand everywhere
_EVERYDAY = 1.15  # a record that everyday questions were written for
_BESIDE_A_GROUP = 0.5  # what a passage counts that says nothing of the group of people a question is for
# How much of a question, and of its rarer words, a passage says that answers what is asked beside something known to be unheld.
_MORE_SHARE, _MORE = 0.75, 9.0
_THREE_MONTHS = 92  # days
_LINE = "{line}"  # in what to do about a sign: who answers the telephone in the country


@dataclass(frozen=True)
class Answer:
    """A passage that answers, with its sources read."""

    passage: Passage
    cites: Citations
    against: Citations

    @property
    def level(self) -> str:
        return best_level(self.cites)


@dataclass(frozen=True)
class RedFlag:
    """A sign of danger that the words of a question may tell of."""

    id: str
    text: str
    plain: str
    action: str
    plain_action: str
    cites: Citations


@dataclass(frozen=True)
class Timing:
    """What is asked about the time of a dose (early, late, double, next), and what this program says to it: no source does."""

    kind: str
    text: str
    plain: str


@dataclass(frozen=True)
class SearchResult:
    """What the library has on a question.

    `unknown`: words that stand nowhere in it; `read_as`: words that were read as another; `held`: whether anything in the library
    answers the question as a whole; where it does not, `answers` are only the nearest there is.
    """

    question: str
    urgent: tuple[RedFlag, ...]
    timing: Timing | None
    answers: tuple[Answer, ...]
    disagreements: tuple[Disagreement, ...]
    unknown: tuple[str, ...]
    read_as: tuple[tuple[str, str], ...]
    held: bool
    unheld: tuple[str, ...]  # what is asked about and known to be unheld
    nearest: str  # where nothing is held on what is named: an everyday question, answered by the record nearest to things of its kind
    library: Library = field(repr=False, compare=False)  # what it was made from

    @property
    def empty(self) -> bool:
        return not (self.urgent or self.timing or self.answers or self.disagreements)

    @property
    def not_held(self) -> str:
        """The key of the text that says that nothing answers the question; "" where something does."""
        if self.held or self.timing:
            return ""
        near = bool(self.answers or self.disagreements)
        if self.unheld and not (self.unknown and not near):
            return "ask.unheld_nearest" if near else "ask.unheld"
        if near:
            return "ask.nearest"
        if self.urgent:
            return "ask.nothing_else"
        return "ask.nothing_near" if self.nearest else "ask.nothing"

    @property
    def not_held_about(self) -> str:
        """What the text that says so names: what is asked about and known to be unheld."""
        return ", ".join(self.unheld)

    @property
    def whom_to_ask(self) -> str:
        """Who can answer what is known to be unheld."""
        known = {topic.about: topic.whom for topic in self.library.asked_signs.unheld}
        return "; ".join(dict.fromkeys(known[about] for about in self.unheld))


def ask(library: Library, question: str, country: str = "") -> SearchResult:
    """The library's answers to a question. Raises InputError where it has no word, or far too many."""
    text = question.encode("utf-8", "replace").decode("utf-8")
    if len(text) > LONGEST_QUESTION:
        message = f"has {len(text):,} characters; at most {LONGEST_QUESTION:,} are read, ask one thing at a time"
        raise InputError.one("question", "", message)
    if not words_of(text):
        raise InputError.one("question", "", "has no word in it; ask in words, for example 'How often?'")
    return asked_of(library, text, country, reader_of(library))


def asked_of(library: Library, question: str, country: str, reader: Reader) -> SearchResult:
    """The answers that one reader finds."""
    return _Asking(library, question, country, reader).found()


class _Asking:
    def __init__(self, library: Library, question: str, country: str, reader: Reader) -> None:
        self.library, self.question, self.country = library, question, country
        self.words = library.own_words
        self.reader = reader
        self.understood = self.reader.understood(question)
        self.passages = self.reader.passages
        self.index = self.reader.index
        self.index.ask(self.understood.words)

    def found(self) -> SearchResult:
        british = {american: word for word, american in self.library.spellings.items()}
        groups = self.index.groups(self.library.asked_words.synonyms, self.reader.empty, british)
        weighed = [(group, self.index.rows(group)) for group in groups]
        about = self._about(weighed)
        chosen = chosen_of(speaking(self._with_alike(self._hits(weighed)), about))
        urgent = self._urgent()
        aside = {flag.id for flag in urgent}
        shown = [
            self._answer(hit.passage)
            for hit in chosen
            if hit.passage.kind != DISAGREEMENT and hit.passage.id not in aside
        ]
        unknown = tuple(group.word for group, rows in weighed if not rows or not self.index.stands(group))
        held, near = self._held(weighed, chosen, unknown)
        disputed = self._disagreements(weighed, chosen, about) if near else ()
        return SearchResult(
            question=self.question,
            urgent=urgent,
            timing=self._timing(),
            answers=tuple(_without_repeats(shown)[:MOST_ANSWERS]) if near else (),
            disagreements=disputed,
            unknown=unknown,
            read_as=self.understood.read_as,
            held=held and bool(shown or disputed),
            unheld=self.understood.recognised.unheld,
            nearest=self._nearest() if not near else "",
            library=self.library,
        )

    def _nearest(self) -> str:
        questions = self.library.asked_questions.questions
        return next((questions[each.nearest][0] for each in self.understood.things if each.nearest), "")

    def _held(
        self, weighed: Sequence[tuple[Group, list[tuple[int, float]]]], chosen: list[Hit], unknown: tuple[str, ...]
    ) -> tuple[bool, bool]:
        """Whether something answers the question, and whether the nearest is worth showing beside something known to be unheld."""
        told, own = self.understood.recognised, self.understood.own
        here = [(group, rows) for group, rows in weighed if rows and (own or group.word not in unknown)]
        known = sum(self._weight(rows) for _, rows in here)
        lacking = [group for group, rows in weighed if not group.word.isdecimal() and (group, rows) not in here]
        share = known / ((known + (_UNKNOWN if own else _UNKNOWN_ALONE) * len(lacking)) or 1.0)
        several = own or sum(len(words_of(group.word)) for group, _ in here) >= _NEAREST_WORDS
        near = (
            bool(told.unheld)
            and several
            and known >= _NEAREST
            and share >= _NEAREST_SHARE
            and self._asks_more(chosen, share)
        )
        answered = share >= _HELD and (several or share == 1.0 or self._same())
        same = self.understood.likeness >= _SAME_BESIDE_A_SIGN or (own and self._same())
        held = bool(chosen) and not told.unheld and (answered or same)
        return held, held or near

    def _asks_more(self, chosen: list[Hit], share: float) -> bool:
        """Whether beside what is known to be unheld something else is asked that the library answers."""
        beside = {topic.about for topic in self.library.asked_signs.unheld if topic.beside}
        if beside.issuperset(self.understood.recognised.unheld) and (self._same() or share == 1.0):
            return True
        whole = bool(chosen) and chosen[0].share >= _MORE_SHARE and chosen[0].weight >= _MORE
        return whole or self.understood.likeness >= _SAME_BESIDE_A_SIGN

    def _same(self) -> bool:
        """Whether a record is known to answer what is asked; beside a sign of danger its words alone are no question."""
        least = _SAME_BESIDE_A_SIGN if self.understood.recognised.signs else _SAME
        return any(near >= least for near in self.understood.alike.values())

    def _with_alike(self, hits: list[Hit]) -> list[Hit]:
        """The hits and the records whose everyday questions are alike, by what the words and the likeness say together."""
        alike = {name: near for name, near in self.understood.alike.items() if near >= _NEARLY}
        found = {hit.passage.id: hit for hit in hits}
        best = max(hits[0].score if hits else 0.0, _LEAST_BEST)
        for each in self.passages:
            near = alike.get(each.id, 0.0)
            if near and (each.id in found or near >= _SAME):
                hit = found.get(each.id, Hit(each, 0.0, near, 0.0))
                found[each.id] = replace(hit, score=hit.score + _LIKENESS * near**2 * best, share=max(hit.share, near))
        return sorted(found.values(), key=lambda hit: (-hit.score, hit.passage.id))

    # -- what it is about --------------------------------------------------------------------------------------------

    def _about(self, weighed: Sequence[tuple[Group, list[tuple[int, float]]]]) -> dict[str, float] | None:
        """The passages that speak of what is named beside B12 itself, each with how much of it; None where nothing is named.

        One passage need not have all that is named, but one of the things that are asked about, and the library something on each.
        """
        things = [(thing, self.index.naming(thing.words, weighed)) for thing in self.understood.things]
        if not all(rows for _, rows in things):
            return {}
        things = [(thing, rows) for thing, rows in things if not thing.had]
        if not things:
            return None
        asked_about = set().union(*(rows for thing, rows in things if thing.about))
        weights = [(self._weight(list(rows)), rows) for _, rows in things]
        total = sum(weight for weight, _ in weights)
        return {
            self.passages[row].id: max(sum(weight for weight, rows in weights if row in rows) / total, _BESIDE_A_GROUP)
            for row in asked_about or range(len(self.passages))
        }

    # -- ranking -----------------------------------------------------------------------------------------------------

    def _hits(self, weighed: Sequence[tuple[Group, list[tuple[int, float]]]]) -> list[Hit]:
        """Passages by score: each group adds its weight, more where the passage says more of it."""
        scores: dict[int, float] = defaultdict(float)
        weights: dict[int, float] = defaultdict(float)
        for _, rows in weighed:
            weight = self._weight(rows)
            best = max((relevance for _, relevance in rows), default=1.0)
            for row, relevance in rows:
                scores[row] += weight**_RARE * (0.4 + 0.6 * relevance / best)
                weights[row] += weight
        total = sum(self._weight(rows) for _, rows in weighed if rows)
        hits = [self._hit(row, score, weights[row], total) for row, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))

    def _weight(self, rows: Sequence[object]) -> float:
        """How much a word tells that stands in so many passages."""
        return max(math.log((len(self.passages) + 0.5) / (len(rows) + 0.5)), 0.05)

    def _hit(self, row: int, score: float, weight: float, total: float) -> Hit:
        passage, share = self.passages[row], weight / total
        near = _OWN_COUNTRY if self.country and self._is_near(passage) else 1.0
        everyday = _EVERYDAY if self.reader.is_everyday(passage.id) else 1.0
        return Hit(passage, score * passage.weight * math.sqrt(share) * near * everyday, share, weight)

    def _is_near(self, passage: Passage) -> bool:
        """Whether a passage, or a source of it, is of the country that was asked for."""
        sources = (cite if isinstance(cite, str) else cite["source"] for cite in passage.cites)
        return passage.country == self.country or any(
            self.library.sources[source].country == self.country for source in sources
        )

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _answer(self, passage: Passage) -> Answer:
        return Answer(passage, self._citations(passage.cites), self._citations(passage.against))

    def _citations(self, tree: Tree) -> Citations:
        return read_citations(Reading(Document("library", tree)), self.library.context, tree, "cites")

    def _urgent(self) -> tuple[RedFlag, ...]:
        told = set(self.understood.recognised.signs)
        return tuple(self._red_flag(record) for name, record in self.library.danger_signs.items() if name in told)

    def _red_flag(self, record: dict[str, Tree]) -> RedFlag:
        line, cites = self._line() if _LINE in record["plain_action"] else ("", [])
        action, plain_action = self._measured(record["id"]) or (record["action"], record["plain_action"])
        return RedFlag(
            id=record["id"],
            text=record["text"],
            plain=record["plain"],
            action=action.replace(_LINE, line),
            plain_action=plain_action.replace(_LINE, line),
            cites=self._citations([*record["cites"], *cites]),
        )

    def _measured(self, sign: str) -> tuple[str, str] | None:
        """What to do about a potassium of this number, by this program's own limits; None where no number is told."""
        value, limits = self.understood.recognised.values.get(sign), self.library.default_policy.results
        if value is None or value >= limits.potassium_today:
            return None
        urgent = value < limits.potassium_emergency
        key, limit = ("emergency", limits.potassium_emergency) if urgent else ("today", limits.potassium_today)
        action = self.words.text(f"potassium.{key}", limit=limit, whose=self.words.text("potassium.this_program"))
        return (
            action,
            f"{self.words.text(f'potassium.{key}__plain')} {self.words.text('ask.potassium_heart')}",
        )

    def _line(self) -> tuple[str, list[Tree]]:
        """Who answers the telephone in the country, with the source of the number; without a number where none is held."""
        for record in self.library.records("asked/lines.yaml", "lines"):
            if record["country"] == self.country:
                return str(record["text"]), list(record["cites"])
        return self.words.text("ask.no_line"), []

    def _timing(self) -> Timing | None:
        kinds = self.understood.recognised.timings
        if not kinds:
            return None
        texts = (f"ask.timing__{kinds[0]}", f"ask.timing__{kinds[0]}__plain")
        return Timing(kinds[0], *(self.words.text(text, **self._window()) for text in texts))

    def _window(self) -> dict[str, object]:
        """The days of this program's own windows for the usual interval of maintenance."""
        row = next(row for row in self.library.default_policy.windows if row.through_days >= _THREE_MONTHS)
        return {"early": row.early, "late": row.late, "lapse": span_words(row.lapse, self.words)}

    def _disagreements(
        self,
        weighed: Sequence[tuple[Group, list[tuple[int, float]]]],
        chosen: list[Hit],
        about: dict[str, float] | None,
    ) -> tuple[Disagreement, ...]:
        """Those whose topic is asked about, then those whose sides say nearly as much of it as the best answer."""
        topics: dict[str, float] = defaultdict(float)
        for group, rows in weighed:
            for row in self.index.topics(group):
                if self.passages[row].kind == DISAGREEMENT:
                    topics[self.passages[row].id] += self._weight(rows)
        total = sum(self._weight(rows) for _, rows in weighed if rows)
        named = [
            name
            for name, weight in topics.items()
            if weight >= _TOPIC_SHARE * total and (about is None or name in about)
        ]
        sides = [
            hit.passage.id
            for hit in chosen
            if hit.passage.kind == DISAGREEMENT
            and hit.share >= _SIDES_SHARE
            and hit.score >= _SIDES_SCORE * chosen[0].score
        ]
        known = {entry.id: entry for entry in self.library.disagreements}
        ordered = (*sorted(named, key=lambda name: (-topics[name], name)), *sides)
        return tuple(known[name] for name in dict.fromkeys(ordered))[:MOST_DISAGREEMENTS]


def _without_repeats(answers: list[Answer]) -> list[Answer]:
    """The same sentence stands in several files of the library; it is shown once."""
    found: dict[str, Answer] = {}
    for answer in answers:
        found.setdefault(" ".join(words_of(answer.passage.plain)), answer)
    return list(found.values())
