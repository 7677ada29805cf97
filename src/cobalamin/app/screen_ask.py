"""What was found on a question as text: a warning sign first, then cited sentences, then where sources disagree."""

from __future__ import annotations

from cobalamin.app.asking_library import Answer, Found
from cobalamin.app.render_ask import NOTHING
from cobalamin.app.screen import Screen
from cobalamin.app.services import library
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.vocabulary import LEVELS

_CAUSES = {
    "product": "the products differ",
    "population": "they speak of different people",
    "edition": "one of them is older",
    "opinion": "experts differ",
    "jurisdiction": "countries differ",
}
_LEVELS = {
    "primary": "read at its source",
    "secondary": "read in a copy, or in a text that quotes it",
    "article": "from an article that names no sources",
    "recalled": "not yet checked",
}


SHOWN_ANSWERS, SHOWN_SOURCES, SHOWN_WORDS = 5, 4, 6


def show_found(found: Found, plain: bool, country: str, everything: bool) -> None:
    """Print the answers; both wordings have the same sources under the same numbers."""
    screen = _AskScreen(library(), plain, country or "GB")
    screen.most = None if everything else SHOWN_SOURCES
    shown = found.answers if everything else found.answers[:SHOWN_ANSWERS]
    for flag in found.urgent:
        screen.indented(
            f"If this is happening now: {flag.plain_action if plain else flag.action}", indent=0, style="bold red"
        )
        screen.indented(f"{flag.plain if plain else flag.text} {screen.marks(flag.cites)}", indent=0)
        screen.print()
    if found.empty:
        screen.indented(NOTHING, indent=0)
    if found.answers:
        screen.print("What the library says, best match first", style="bold")
    for number, answer in enumerate(shown, 1):
        _answer(screen, number, answer)
    if found.disagreements:
        screen.heading("Where sources disagree")
    for entry in found.disagreements:
        _disagreement(screen, entry)
    if found.unknown and not found.empty:
        screen.print()
        words = ", ".join(f"'{word}'" for word in found.unknown[:SHOWN_WORDS])
        words += f" and {len(found.unknown) - SHOWN_WORDS} other words" if len(found.unknown) > SHOWN_WORDS else ""
        screen.indented(f"The library knows nothing about {words}; the answers may miss the point.", indent=0)
    if screen.numbers:
        screen.sources()
    if screen.left_out or len(shown) < len(found.answers):
        left = len(found.answers) - len(shown)
        more = (
            f"{left} more answer{'' if left == 1 else 's'} and all sources of each" if left else "all sources of each"
        )
        screen.print()
        screen.indented(f"With --all: {more}.", indent=0, style="dim")
    screen.closing()


class _AskScreen(Screen):
    """Shows the best sources of a sentence first, and as many as a reader can follow."""

    most: int | None = None
    left_out = False

    def marks(self, cites: Citations) -> str:
        human = [cite for cite in cites if not self.library.sources[cite.source].ai_written] or list(cites)
        best = sorted(human, key=lambda cite: LEVELS.index(cite.level))[: self.most]
        self.left_out |= len(best) < len(human)
        return super().marks(tuple(best))


def _answer(screen: Screen, number: int, answer: Answer) -> None:
    passage = answer.passage
    screen.indented(f"{number}. {passage.plain if screen.plain else passage.text} {screen.marks(answer.cites)}")
    remarks = [_LEVELS[answer.level]] if screen.plain else [answer.level]
    if answer.against:
        remarks.append(f"other sources say otherwise: {screen.marks(answer.against)}")
    if not screen.plain:
        remarks.append(passage.id)
    screen.indented(f"({'; '.join(remarks)})", indent=5, style="dim")


def _disagreement(screen: Screen, entry: Disagreement) -> None:
    screen.indented(f"{entry.topic[0].upper()}{entry.topic[1:]}. Why: {_CAUSES[entry.cause]}.")
    for side in entry.sides:
        screen.indented(f"- {side.plain if screen.plain else side.position} {screen.marks(side.cites)}", indent=4)
