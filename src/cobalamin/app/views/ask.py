"""What was found on a question as text: a warning sign first, then cited sentences, then where sources disagree."""

from __future__ import annotations

from collections.abc import Sequence

from cobalamin.app.services.asking import Asked
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.shipped import library
from cobalamin.app.views.builder import WHOLE, Builder, Extent, View, typed
from cobalamin.app.views.tree import ALARM, QUIET, STRONG, Depth, Mark
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.search.answer import Answer, SearchResult
from cobalamin.search.passages import Passage
from cobalamin.text.days import date_words
from cobalamin.therapy.review.due import due_sentence, if_given_sentence

SHOWN_ANSWERS, SHOWN_IN_SHORT, SHOWN_SOURCES, SHOWN_WORDS = 5, 3, 4, 6
DISPUTED_IN_SHORT = 2


def view_of_found(found: SearchResult, plain: bool, country: str, everything: bool, extent: Extent = WHOLE) -> View:
    """The answers; both wordings have the same sources under the same numbers."""
    screen = AskBuilder(library(), plain, country or "GB", extent=extent)
    screen.most = None if everything else SHOWN_SOURCES
    add_found(screen, found, everything)
    return screen.view()


def add_found(screen: AskBuilder, found: SearchResult, everything: bool) -> None:
    """The answers: danger first, then the time of a dose, then what is held, and the same line about danger last."""
    most = SHOWN_IN_SHORT if screen.extent.short else SHOWN_ANSWERS
    shown = found.answers if everything else found.answers[:most]
    screen.alarms(found.issues if isinstance(found, Asked) else ())
    _urgent(screen, found)
    _timing(screen, found)
    if found.not_held:
        told = screen.say(found.not_held, about=found.not_held_about, whom=found.whom_to_ask, question=found.nearest)
        screen.indented(told, depth=Depth.FLUSH, style=STRONG)
    if found.answers:
        screen.print(screen.say("ask.answers"), style=STRONG)
    for number, answer in enumerate(shown, 1):
        _answer(screen, number, answer)
    disputed = found.disagreements[:DISPUTED_IN_SHORT] if screen.extent.short else found.disagreements
    _disagreements(screen, disputed)
    _words(screen, found)
    screen.print()
    screen.indented(screen.say("ask.danger"), depth=Depth.FLUSH, style=STRONG)
    if screen.extent.short:
        screen.also(
            {"answers": len(found.answers) - len(shown), "disagreements": len(found.disagreements) - len(disputed)}
        )
    if screen.numbers:
        screen.sources()
    if not screen.extent.short and (screen.left_out or len(shown) < len(found.answers)):
        _more(screen, len(found.answers) - len(shown))
    screen.closing()


def _urgent(screen: Builder, found: SearchResult) -> None:
    for flag in found.urgent:
        action = flag.plain_action if screen.plain else flag.action
        screen.indented(screen.say("ask.if_now", action=action), depth=Depth.FLUSH, style=ALARM)
        if "suicid" in flag.id and not screen.plain:
            screen.indented(flag.plain_action, depth=Depth.FLUSH, style=ALARM)
        screen.indented(f"{flag.plain if screen.plain else flag.text} {screen.marks(flag.cites)}", depth=Depth.FLUSH)
        screen.print()


def _timing(screen: Builder, found: SearchResult) -> None:
    """What this program says to a question about the time of a dose, and the person's own dates where a case is given."""
    if found.timing is None:
        return
    screen.print(screen.say("ask.timing"), style=STRONG)
    told = found.timing.plain if screen.plain else found.timing.text
    screen.indented(f"{told} [{screen.say('ask.timing_basis')}]")
    due = found.due if isinstance(found, Asked) else None
    if due is not None:
        seen, country = due.review, country_of(due.review)
        on = date_words(seen.on, screen.words)
        screen.indented(screen.say("ask.timing_case", patient=typed(seen.case.patient.id), date=on))
        marks = f" {screen.marks(seen.open_node.cites)}" if seen.open_node.cites and seen.outlook.dates else ""
        sentence = screen.text(due_sentence(seen.outlook, country, screen.plain))
        screen.indented(f"{sentence}{marks}", depth=Depth.DETAIL)
    if due is not None and due.given is not None:
        screen.indented(if_given_sentence(due.given), depth=Depth.DETAIL)
    screen.print()


def _words(screen: Builder, found: SearchResult) -> None:
    """Words that were read as another, and words that the library does not know."""
    if found.read_as:
        words = (screen.say("ask.read_as_word", word=typed(word), other=typed(other)) for word, other in found.read_as)
        screen.print()
        screen.indented(
            screen.say("ask.read_as", words=", ".join(list(words)[:SHOWN_WORDS])), depth=Depth.FLUSH, style=QUIET
        )
    if found.unknown and not found.empty:
        screen.print()
        screen.indented(screen.say("ask.unknown", words=_unknown(screen, found.unknown)), depth=Depth.FLUSH)


def _unknown(screen: Builder, unknown: tuple[str, ...]) -> str:
    words, more = ", ".join(f"'{typed(word)}'" for word in unknown[:SHOWN_WORDS]), len(unknown) - SHOWN_WORDS
    return screen.say("ask.more_words", words=words, number=more) if more > 0 else words


def _more(screen: Builder, left: int) -> None:
    key = "ask.more_answers_one" if left == 1 else "ask.more_answers_many" if left else "ask.more_sources"
    more = screen.say(key, number=left)
    how = screen.say("ask.with_all__typed", more=more)
    screen.print()
    screen.indented(screen.say("ask.with_all", more=more), depth=Depth.FLUSH, style=QUIET, command=how)


class AskBuilder(Builder):
    """Shows the best sources of a sentence first, and as many as a reader can follow."""

    most: int | None = None
    left_out = False

    def numbered(self, cites: Citations) -> tuple[Mark, ...]:
        human = [cite for cite in cites if not self.library.sources[cite.source].ai_written] or list(cites)
        best = sorted(human, key=lambda cite: LEVELS.index(cite.level))[: self.most]
        self.left_out |= len(best) < len(human)
        return super().numbered(tuple(best))


def _answer(screen: Builder, number: int, answer: Answer) -> None:
    passage = answer.passage
    screen.indented(f"{number}. {passage.plain if screen.plain else passage.text} {screen.marks(answer.cites)}")
    remarks = [screen.say(f"ask.level__{answer.level}")] if screen.plain else [answer.level]
    if answer.against:
        remarks.append(screen.say("ask.against", sources=screen.marks(answer.against)))
    if not screen.plain:
        remarks.append(_name(screen, passage))
    screen.indented(f"({'; '.join(remarks)})", depth=Depth.ENTRY, style=QUIET)


def _name(screen: Builder, passage: Passage) -> str:
    """What a professional looks up with `library show`; a warning sign has no page there, so its name is told in words."""
    if passage.kind != "red_flag":
        return passage.id
    return screen.say("ask.warning_sign", sign=passage.id.replace("_", " "))


def _disagreements(screen: Builder, found: Sequence[Disagreement]) -> None:
    if found:
        screen.heading(screen.say("ask.disagreements"))
    for entry in found:
        _disagreement(screen, entry)


def _disagreement(screen: Builder, entry: Disagreement) -> None:
    topic = f"{entry.topic[0].upper()}{entry.topic[1:]}"
    screen.indented(screen.say("ask.why", topic=topic, cause=screen.say(f"ask.cause__{entry.cause}")))
    for side in entry.sides:
        screen.indented(
            f"{side.plain if screen.plain else side.position} {screen.marks(side.cites)}", depth=Depth.DETAIL, item=True
        )
