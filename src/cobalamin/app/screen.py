"""Answers as text for a terminal: professional words, or with `plain` the words of a patient. Numbers are the same in both."""

from __future__ import annotations

import sys
import textwrap
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from cobalamin.amounts import Mass, amounts_in_text, mass_text, strength_text, volume_text
from cobalamin.app.render import Renderer
from cobalamin.app.services import Volume
from cobalamin.knowledge.library import Library, english
from cobalamin.knowledge.model import Citations, DoseRule, End, Phase, Product, Spacing
from cobalamin.knowledge.spelling import spelled
from cobalamin.knowledge.words import Words
from cobalamin.spans import Span
from cobalamin.therapy import wording
from cobalamin.therapy.choices import choice_keys
from cobalamin.therapy.day_words import day_short
from cobalamin.therapy.issues import ACKNOWLEDGE, BLOCK, Issue
from cobalamin.therapy.matching import describe

if TYPE_CHECKING:
    from rich.console import Console

WIDEST, UNKNOWN_WIDTH = 120, 100


def console() -> Console:
    """A console as wide as the terminal, never too wide to read; without a terminal, a fixed width."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    made = Console(highlight=False, soft_wrap=False, width=None if terminal else UNKNOWN_WIDTH)
    if terminal and made.width > WIDEST:
        made = Console(highlight=False, soft_wrap=False, width=WIDEST)
    return made


class Screen:
    """What every answer shares: numbered sources, issues, the note that nothing is signed off.

    Headings and sentences are in the language of `words`; without it, in English. `as_written`: records of the library keep
    the units and the spelling of their source.
    """

    def __init__(
        self, library: Library, plain: bool, country: str, words: Words | None = None, as_written: bool = False
    ) -> None:
        self.library, self.plain, self.country = library, plain, country
        self.words, self.as_written = words or english(), as_written
        self.renderer = Renderer(library)
        self.out = console()
        self.numbers: dict[str, int] = {}
        self.product: Product | None = None

    def say(self, key: str, **fields: object) -> str:
        """A text of the words file."""
        return self.words.text(key, **fields)

    def print(self, text: str = "", style: str = "", as_is: bool = False) -> None:
        self.out.print(shown(text if as_is else self.spelled(text)), style=style or None, markup=False)

    def spelled(self, text: str) -> str:
        """The text in the unit words and the spelling of the reader's country."""
        if self.as_written:
            return text
        told = amounts_in_text(text, self.country, self.words.units)
        return spelled(told, self.country, self.library.spellings)

    def key_words(self, key: str) -> str:
        """A key of a choice or a fact: a professional types it, a patient reads words."""
        return key.replace("_", " ") if self.plain else key

    def heading(self, text: str) -> None:
        self.print()
        self.print(text, style="bold")

    def indented(self, text: str, indent: int = 2, style: str = "", as_is: bool = False) -> None:
        """A paragraph wrapped to the width, addresses kept whole; `as_is` for titles, whose spelling is their own."""
        space = " " * indent
        lines = textwrap.wrap(
            shown(text if as_is else self.spelled(text)),
            max(self.out.width, 40),
            initial_indent=space,
            subsequent_indent=space,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self.out.print("\n".join(lines), style=style or None, markup=False, soft_wrap=True)

    def marks(self, cites: Citations) -> str:
        """Source numbers of this answer, "[1, 4]"; unchecked ones are marked."""
        shown = self.renderer.citations(cites)
        parts = []
        for cite in shown:
            number = self.numbers.setdefault(cite["source"], len(self.numbers) + 1)
            parts.append(f"{number}{'?' if cite['level'] == 'recalled' else ''}")
        return f"[{', '.join(parts)}]" if parts else f"[{self.say('notes.this_program')}]"

    def issues(self, issues: tuple[Issue, ...] | list[Issue], aside: frozenset[str] = frozenset()) -> None:
        """What interrupts in full, the rest in brief; codes in `aside` are only kept brief."""
        if not issues:
            return
        self.heading(self.say("notes.issues_plain" if self.plain else "notes.issues"))
        first = [issue for issue in issues if issue.code == "URGENT_START"]
        full = first + [issue for issue in issues if issue.interrupts and issue.code not in aside]
        for issue in full:
            self._issue(issue)
        self._named([issue for issue in issues if issue not in full])

    def _named(self, issues: list[Issue]) -> None:
        """A professional knows the codes; a patient gets a sentence for each.

        Neither cites here, so that a source has the same number in both and the two can talk about "[4]".
        """
        if self.plain:
            for issue in issues:
                self.indented(f"- {issue.plain}", style="dim")
        elif issues:
            ask = self.say("notes.to_ask")
            named = "; ".join(f"{issue.code}{ask if issue.ask else ''}" for issue in issues)
            self.indented(self.say("notes.also", issues=named), style="dim")

    def _issue(self, issue: Issue) -> None:
        mark = self.say(f"notes.{issue.severity}")
        said = f"{mark}: {issue.plain}" if self.plain else f"{mark} {issue.code}: {issue.text}"
        action = self.say("notes.ask", facts=", ".join(wording_of(issue.ask))) if issue.ask else issue.action
        style = "bold red" if issue.severity == BLOCK else "bold" if issue.severity == ACKNOWLEDGE else ""
        self.indented(
            f"{said} {self.marks(issue.cites)}",
            style=style if issue.severity == BLOCK else "",
        )
        if not self.plain:  # what a professional does next is no advice for a patient; the plain text says what to do
            self.indented(self.say("notes.next", action=action), indent=4)

    def sources(self) -> None:
        self.heading(self.say("notes.sources"))
        for source_id, number in self.numbers.items():
            source = self.library.sources[source_id]
            edition = f", {source.edition}" if source.edition else ""
            checked = "" if source.level == "primary" else f" ({source.level})"
            dated = "" if source.date in ("not stated", "") else f", {source.date}"
            self.indented(
                f"[{number}] {source.title}. {source.issuer}{edition}{dated}{checked}. {source.address}".rstrip(),
                as_is=True,
            )

    def closing(self) -> None:
        """What nobody may forget; for a translation also who has read it and what is not translated."""
        self.print()
        if not self.words.is_english:
            reviewed = "" if self.words.is_reviewed else f"{self.words.name}: {self.say('notes.not_reviewed')}. "
            self.indented(f"{reviewed}{self.say('notes.stays_english')}", indent=0, style="italic")
        note = self.say("notes.library", note=self.say("notes.not_signed_off"), edition=self.library.edition)
        self.print(note, style="italic")

    # -- phases ------------------------------------------------------------------------------------------------------

    def phase_lines(self, phase: Phase) -> list[str]:
        """One line for each regimen of a phase, with its choices."""
        gate = f"after {phase.gate.wording}: " if phase.gate else ""
        gate += f"only if {describe(phase.only_if, self.library.facts)}: " if phase.only_if else ""
        if phase.options:
            key = choice_keys(phase)[0]
            lines = [f"{wording.phase_words(phase.name)}: {gate}choose {self.key_words(key)}"]
            return lines + [f"  {option.option}: {self._regimen(option)}" for option in phase.options]
        return [f"{wording.phase_words(phase.name)}: {gate}{self._regimen(phase)} {self.marks(phase.cites)}"]

    def _regimen(self, phase: Phase) -> str:
        names = " or ".join(phase.substances) if phase.substances else wording.NO_SUBSTANCE
        routes = " or ".join(wording.route_words(route, self.plain) for route in phase.routes) or wording.route_words(
            "", self.plain
        )
        parts = [
            f"{names} {self._dose(phase.dose)}",
            routes,
            _spacing(phase.spacing),
            self._end(phase.end, phase.about),
        ]
        open_keys = [key for key in choice_keys(phase) if not key.endswith("_route")]
        chosen = f" (to choose: {', '.join(map(self.key_words, open_keys))})" if open_keys and not phase.option else ""
        return ", ".join(parts) + chosen

    def _dose(self, rule: DoseRule) -> str:
        if rule.per_kg:
            return f"{mass_text(rule.per_kg, self.country)} per kg of body weight"
        if not rule.stated:
            return wording.dose_words(None, self.country)
        if rule.fixed:
            return mass_text(rule.fixed, self.country)
        return _between(
            rule.least and mass_text(rule.least, self.country), rule.most and mass_text(rule.most, self.country)
        )

    def _end(self, end: End, about: bool) -> str:
        if end.least == end.most or end.by in ("decision", "never", "not_stated"):
            return wording.end_words(end.by, end.least, end.wording, self.country, about)
        unit = " doses" if end.by == "doses" else ""
        amounts = [
            mass_text(value, self.country) if isinstance(value, Mass) else _words(value)
            for value in (end.least, end.most)
        ]
        prefix = {"duration": "for ", "total": "until a total of "}.get(end.by, "")
        note = f" ({end.wording})" if end.wording else ""
        return prefix + _between(end.least and amounts[0], end.most and amounts[1]) + unit + note


def shown(text: str) -> str:
    """The text without characters that steer a terminal: a name can't move the cursor or hide a line."""
    return "".join(
        "\ufffd" if unicodedata.category(character) == "Cc" and character != "\n" else character for character in text
    )


def wording_of(facts: tuple[str, ...]) -> list[str]:
    return [fact.replace("_", " ") for fact in facts]


def _words(value: object) -> str:
    return value.words if isinstance(value, Span) else str(value)


def _between(least: object, most: object) -> str:
    if least and most:
        return f"{least} to {most}"
    return f"at least {least}" if least else f"up to {most}"


def _spacing(rule: Spacing) -> str:
    if rule.fixed or rule.kind == "not_stated":
        return wording.spacing_words(rule.kind, rule.least)
    if rule.kind == "per_week":
        return f"{rule.least} to {rule.most} times a week"
    least, most = rule.least, rule.most
    if isinstance(least, Span) and isinstance(most, Span) and least.unit == most.unit:
        return f"every {least.number} to {most.words}"
    return f"every {_words(least)} to {_words(most)}"


def window_words(bookable: date | None, through: date | None, words: Words | None = None) -> str:
    """ "2 to 30 Apr 2026" """
    if bookable is None or through is None:
        return ""
    last = day_short(through, words, with_year=True)
    if bookable == through:
        return last
    first = day_short(bookable, words, with_year=bookable.year != through.year)
    return (words or english()).text("dates.range", first=first, last=last)


def show_volume(volume: Volume, library: Library, country: str) -> None:
    """`dose`: mass, volume and count always together."""
    screen = Screen(library, plain=False, country=country)
    words = mass_text(volume.dose, country)
    if volume.strength is not None and volume.volume_ml is not None:
        strength = strength_text(volume.strength, country)
        screen.print(f"{words} = {volume_text(volume.volume_ml)} of {strength}", style="bold")
    if volume.product is not None:
        screen.print(f"Product: {volume.product.name}", as_is=True)
        _containers(screen, volume)
    labels = f"On a UK label: {mass_text(volume.dose, 'GB')}. On a US label: {mass_text(volume.dose, 'US')}."
    screen.print(labels, as_is=True)
    screen.issues(list(volume.issues))
    screen.closing()


def _containers(screen: Screen, volume: Volume) -> None:
    if volume.containers is None or volume.product is None:
        return
    form = volume.product.form if volume.product.form != "not_stated" else "container"
    count, whole = volume.containers
    if whole:
        screen.print(f"Whole {form}s: {count}")
    else:
        screen.print(f"Not a whole {form}: {count} {form}s; check before drawing up")
