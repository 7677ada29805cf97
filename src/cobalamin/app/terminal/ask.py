"""What was found on a question as text: a warning sign first, then cited sentences, then where sources disagree."""

from __future__ import annotations

from cobalamin.app.services.asking import Asked
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.shipped import library
from cobalamin.app.terminal.screen import Screen, typed
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.search.answer import Answer, SearchResult
from cobalamin.search.passages import Passage
from cobalamin.text.days import date_words
from cobalamin.therapy.review.due import due_sentence, if_given_sentence

SHOWN_ANSWERS, SHOWN_SOURCES, SHOWN_WORDS = 5, 4, 6


def show_found(found: SearchResult, plain: bool, country: str, everything: bool) -> None:
    """Print the answers; both wordings have the same sources under the same numbers."""
    screen = AskScreen(library(), plain, country or "GB")
    screen.most = None if everything else SHOWN_SOURCES
    tell_found(screen, found, everything)


def tell_found(screen: AskScreen, found: SearchResult, everything: bool) -> None:
    """The answers, on any screen: danger first, then the time of a dose, then what is held, and the same line about danger last."""
    shown = found.answers if everything else found.answers[:SHOWN_ANSWERS]
    screen.alarms(found.issues if isinstance(found, Asked) else ())
    _urgent(screen, found)
    _timing(screen, found)
    if found.not_held:
        screen.indented(
            screen.say(found.not_held, about=found.not_held_about, whom=found.whom_to_ask), indent=0, style="bold"
        )
    if found.answers:
        screen.print(screen.say("ask.answers"), style="bold")
    for number, answer in enumerate(shown, 1):
        _answer(screen, number, answer)
    if found.disagreements:
        screen.heading(screen.say("ask.disagreements"))
    for entry in found.disagreements:
        _disagreement(screen, entry)
    _words(screen, found)
    screen.print()
    screen.indented(screen.say("ask.danger"), indent=0, style="bold")
    if screen.numbers:
        screen.sources()
    if screen.left_out or len(shown) < len(found.answers):
        _more(screen, len(found.answers) - len(shown))
    screen.closing()


def _urgent(screen: Screen, found: SearchResult) -> None:
    for flag in found.urgent:
        action = flag.plain_action if screen.plain else flag.action
        screen.indented(screen.say("ask.if_now", action=action), indent=0, style="bold red")
        if "suicid" in flag.id and not screen.plain:
            screen.indented(flag.plain_action, indent=0, style="bold red")
        screen.indented(f"{flag.plain if screen.plain else flag.text} {screen.marks(flag.cites)}", indent=0)
        screen.print()


def _timing(screen: Screen, found: SearchResult) -> None:
    """What this program says to a question about the time of a dose, and the person's own dates where a case is given."""
    if found.timing is None:
        return
    screen.print(screen.say("ask.timing"), style="bold")
    told = found.timing.plain if screen.plain else found.timing.text
    screen.indented(f"{told} [{screen.say('ask.timing_basis')}]")
    due = found.due if isinstance(found, Asked) else None
    if due is not None:
        seen, country = due.review, country_of(due.review)
        on = date_words(seen.on, screen.words)
        screen.indented(screen.say("ask.timing_case", patient=typed(seen.case.patient.id), date=on))
        marks = f" {screen.marks(seen.open_node.cites)}" if seen.open_node.cites and seen.outlook.dates else ""
        screen.indented(f"{due_sentence(seen.outlook, country, screen.words, screen.plain)}{marks}", indent=4)
    if due is not None and due.given is not None:
        screen.indented(if_given_sentence(due.given, screen.words), indent=4)
    screen.print()


def _words(screen: Screen, found: SearchResult) -> None:
    """Words that were read as another, and words that the library does not know."""
    if found.read_as:
        words = (screen.say("ask.read_as_word", word=typed(word), other=typed(other)) for word, other in found.read_as)
        screen.print()
        screen.indented(screen.say("ask.read_as", words=", ".join(list(words)[:SHOWN_WORDS])), indent=0, style="dim")
    if found.unknown and not found.empty:
        screen.print()
        screen.indented(screen.say("ask.unknown", words=_unknown(screen, found.unknown)), indent=0)


def _unknown(screen: Screen, unknown: tuple[str, ...]) -> str:
    words, more = ", ".join(f"'{typed(word)}'" for word in unknown[:SHOWN_WORDS]), len(unknown) - SHOWN_WORDS
    return screen.say("ask.more_words", words=words, number=more) if more > 0 else words


def _more(screen: Screen, left: int) -> None:
    key = "ask.more_answers_one" if left == 1 else "ask.more_answers_many" if left else "ask.more_sources"
    screen.print()
    screen.indented(screen.say("ask.with_all", more=screen.say(key, number=left)), indent=0, style="dim")


class AskScreen(Screen):
    """Shows the best sources of a sentence first, and as many as a reader can follow."""

    most: int | None = None
    left_out = False

    def marks(self, cites: Citations, uncited: str = "this_program") -> str:
        human = [cite for cite in cites if not self.library.sources[cite.source].ai_written] or list(cites)
        best = sorted(human, key=lambda cite: LEVELS.index(cite.level))[: self.most]
        self.left_out |= len(best) < len(human)
        return super().marks(tuple(best), uncited)


def _answer(screen: Screen, number: int, answer: Answer) -> None:
    passage = answer.passage
    screen.indented(f"{number}. {passage.plain if screen.plain else passage.text} {screen.marks(answer.cites)}")
    remarks = [screen.say(f"ask.level__{answer.level}")] if screen.plain else [answer.level]
    if answer.against:
        remarks.append(screen.say("ask.against", sources=screen.marks(answer.against)))
    if not screen.plain:
        remarks.append(_name(screen, passage))
    screen.indented(f"({'; '.join(remarks)})", indent=5, style="dim")


def _name(screen: Screen, passage: Passage) -> str:
    """What a professional looks up with `library show`; a warning sign has no page there, so its name is told in words."""
    if passage.kind != "red_flag":
        return passage.id
    return screen.say("ask.warning_sign", sign=passage.id.replace("_", " "))


def _disagreement(screen: Screen, entry: Disagreement) -> None:
    topic = f"{entry.topic[0].upper()}{entry.topic[1:]}"
    screen.indented(screen.say("ask.why", topic=topic, cause=screen.say(f"ask.cause__{entry.cause}")))
    for side in entry.sides:
        screen.indented(f"- {side.plain if screen.plain else side.position} {screen.marks(side.cites)}", indent=4)
