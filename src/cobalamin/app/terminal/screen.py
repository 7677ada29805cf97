"""Answers as text for a terminal: professional words, or with `plain` the words of a patient. Numbers are the same in both."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from cobalamin.amounts import amounts_in_text, mass_text, strength_text, volume_text
from cobalamin.app.services.cited import citations_shown
from cobalamin.app.services.leading import Leading, leading
from cobalamin.app.services.volumes import Volume
from cobalamin.errors import visible
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Phase, Product
from cobalamin.knowledge.words import Words
from cobalamin.text.days import day_short
from cobalamin.text.messages import Text, in_words, joined
from cobalamin.therapy.case.criteria import describe, undecided
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import BLOCK, CALL_FIRST, TOLD_IN_FULL, Issue
from cobalamin.therapy.regimen.choices import choice_keys
from cobalamin.therapy.words import published, wording

if TYPE_CHECKING:
    from rich.console import Console

WIDEST, UNKNOWN_WIDTH = 120, 100


COLOURED = {"FORCE_COLOR", "TTY_COMPATIBLE"}  # with one of these in the environment a file has colours too


def console(error: bool = False) -> Console:
    """A console as wide as the terminal, never too wide to read; without a terminal, a fixed width."""
    stream = sys.stderr if error else sys.stdout
    styled = getattr(stream, "styled", stream)
    terminal = stream.isatty()
    made = _console_of(styled, None if terminal else UNKNOWN_WIDTH)
    return _console_of(styled, WIDEST) if terminal and made.width > WIDEST else made


def _console_of(file: Any, width: int | None) -> Console:
    from rich.console import Console
    from rich.segment import Segment

    class Visible(Console):
        """It styles its lines itself, so its text is made visible before: by whatever table or paragraph it comes."""

        def render(self, *of: Any, **how: Any) -> Iterator[Segment]:
            for part in super().render(*of, **how):
                yield part if part.control else Segment(visible(part.text), part.style)

    return Visible(file=file, highlight=False, emoji=False, soft_wrap=False, width=width)


NARROW = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2015\u2018-\u201f]*")  # signs that take one place each


def broken(line: str, width: int) -> str | None:
    """The line broken at its spaces, as a console would break it; None where that takes a console: wide signs, words, gaps."""
    if not NARROW.fullmatch(line):
        return None
    if len(line) <= width:
        return line
    if line != " ".join(line.split()) or any(len(word) > width for word in line.split()):
        return None
    *above, last = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join([*(f"{each} "[:width] for each in above), last])


class Uncoloured:
    """Stands for a console on a file. The library of consoles takes long to load and is needed only for what must be laid out."""

    color_system = None

    def __init__(self, file: Any) -> None:
        self.file, self.width = file, UNKNOWN_WIDTH

    def print(self, *of: Any, **how: Any) -> None:
        _console_of(self.file, self.width).print(*of, **how)


def way_out(error: bool = False) -> Console | Uncoloured:
    """Where the lines of an answer go."""
    stream = sys.stderr if error else sys.stdout
    if stream.isatty() or COLOURED & {*os.environ}:
        return console(error)
    return Uncoloured(getattr(stream, "styled", stream))


class Screen:
    """What every answer shares: numbered sources, issues, the note that nothing is signed off.

    Headings and sentences are in the language that the library speaks. `as_written`: records of the library keep
    the units and the spelling of their source. `draws`: a time axis is drawn in letters.
    """

    draws = True

    def __init__(self, library: Library, plain: bool, country: str, as_written: bool = False) -> None:
        self.library, self.plain, self.country = library, plain, country
        self.words, self.as_written = library.own_words, as_written
        self.out = way_out()
        self.numbers: dict[str, int] = {}
        self.product: Product | None = None
        self.facts: Facts | None = None  # of the person who is spoken of: what holds of them is no condition any more
        self.led: frozenset[Issue] = frozenset()  # what stands at the top already

    def say(self, key: str, **fields: object) -> str:
        """The text of this key; for a patient its plain form, `<key>__plain`, where it has one."""
        plain = f"{key}__plain"
        return self.words.text(plain if self.plain and plain in self.words.texts else key, **fields)

    def text(self, text: Text) -> str:
        """What a decision says, in the language that the library speaks."""
        return in_words(text, self.words)

    def print(self, text: Text = "", style: str = "", as_is: bool = False) -> None:
        line = shown(self.text(text) if as_is else self.spelled(text))
        told = broken(line, self.out.width)
        if told is None:
            self.out.print(line, style=style or None, markup=False)
        else:
            self.lines(told, style)

    def lines(self, text: str, style: str = "") -> None:
        """Lines as long as they are; straight to the stream where nothing is coloured: to lay them out costs more than all else."""
        if style and self.out.color_system:
            self.out.print(text, style=style, markup=False, soft_wrap=True)
            return
        self.out.file.write(f"{text}\n")
        self.out.file.flush()

    def spelled(self, text: Text) -> str:
        """The text in the unit words and the spelling of the reader's country; what is marked as typed stays as it is."""
        return "".join(
            part if typed or self.as_written else self._respelled(part) for part, typed in _typed_apart(self.text(text))
        )

    def _respelled(self, text: str) -> str:
        told = amounts_in_text(text, self.country, self.words.units)
        return self.library.spelled(told, self.country)

    def key_words(self, key: str) -> str:
        """A key of a choice or a fact in words; the key itself stands only in a command that is typed."""
        phase, _, rest = key.partition("_")
        number, _, field = rest.partition("_")
        if number.isdigit():
            return f"{in_words(wording.phase_name(f'{phase}-{number}'), self.words)} {field.replace('_', ' ')}"
        named = self.words.find("phases", phase, "") if rest else ""
        return f"{named} {rest.replace('_', ' ')}" if named else key.replace("_", " ")

    def heading(self, text: Text) -> None:
        self.print()
        self.print(text, style="bold")

    def indented(self, text: Text, indent: int = 2, style: str = "", as_is: bool = False) -> None:
        """A paragraph wrapped to the width, addresses kept whole; `as_is` for titles, whose spelling is their own."""
        space = " " * indent
        lines = textwrap.wrap(
            shown(self.text(text) if as_is else self.spelled(text)),
            max(self.out.width, 40),
            initial_indent=space,
            subsequent_indent=space,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self.lines("\n".join(lines), style)

    def marks(self, cites: Citations, uncited: str = "this_program") -> str:
        """Source numbers of this answer, "[1, 4]"; unchecked ones are marked."""
        shown = citations_shown(self.library, cites)
        parts = []
        for cite in shown:
            number = self.numbers.setdefault(cite.source, len(self.numbers) + 1)
            parts.append(f"{number}{'?' if cite.level == 'recalled' else ''}")
        return f"[{', '.join(parts)}]" if parts else f"[{self.say(f'notes.{uncited}')}]"

    def alarms(self, issues: Iterable[Issue]) -> None:
        """What may not wait, above everything else: what to do, why, and how a person's look at it is recorded."""
        found = leading(issues, self.plain, self.words)
        for each in found:
            self.indented(each.line, indent=0, style="bold red")
            self.indented(f"{each.text}{'' if self.plain else f' ({each.code})'} {self.marks(each.cites)}")
            if each.in_english:
                self.indented(self.say("alarms.in_english", text=each.in_english), style="dim")
        if any(each.answer for each in found):
            self._ends(found)
        if found:
            self.print()
        self.led = frozenset(each.issue for each in found)

    def _ends(self, found: tuple[Leading, ...]) -> None:
        if self.plain:
            self.indented(self.say("alarms.ends"))
            return
        for each in found:
            if each.answer:
                self.indented(self.say("alarms.reviewed", command=each.answer), as_is=True)

    def issues(self, issues: tuple[Issue, ...] | list[Issue], aside: frozenset[str] = frozenset()) -> None:
        """What interrupts in full, the rest in brief; codes in `aside` are only kept brief. What leads stands above already."""
        issues = [issue for issue in issues if issue not in self.led]
        if not issues:
            return
        self.heading(self.say("notes.issues_plain" if self.plain else "notes.issues"))
        first = [issue for issue in issues if issue.code in TOLD_IN_FULL and not issue.interrupts]
        full = first + [issue for issue in issues if issue.interrupts and issue.code not in aside]
        full.sort(key=lambda issue: bool(issue.ask) or issue.code not in CALL_FIRST)
        for issue in full:
            self._issue(issue)
        for issue in issues:
            if issue not in full:
                self._in_brief(issue)

    def _in_brief(self, issue: Issue) -> None:
        """One sentence that does not interrupt.

        It does not cite for a patient, nor in what a professional reads beside it, so that a source has the same number in
        both and the two can talk about "[4]".
        """
        if self.plain:
            self.indented(f"- {self.text(issue.plain_whole)}", style="dim")
            return
        ask = self.say("notes.to_ask", facts=", ".join(wording_of(issue.ask))) if issue.ask else ""
        self.indented(f"- {self.say('notes.brief', text=issue.text, ask=ask, code=issue.code)}", style="dim")

    def _issue(self, issue: Issue) -> None:
        mark = self.say(f"notes.{issue.label}")
        text = issue.plain_whole if self.plain else issue.text
        said = self.say("screen.issue", mark=mark, code=issue.code, text=text)
        action = self.say("notes.ask", facts=", ".join(wording_of(issue.ask))) if issue.ask else issue.action
        self.indented(f"{said} {self.marks(issue.cites)}", style="bold red" if issue.severity == BLOCK else "")
        if self.plain:  # what a professional does next is no advice for a patient; the plain text says what to do
            return
        self.indented(self.say("notes.next", action=action), indent=4)
        if issue.answer:
            self.indented(self.say("alarms.reviewed", command=issue.answer), indent=4, as_is=True)

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
        named, gate = in_words(wording.phase_name(phase.name), self.words), self._gate(phase)
        if phase.options:
            choose = self.say("screen.choose", choice=self.key_words(choice_keys(phase)[0]))
            return [f"{named}: {gate}{choose}"] + [f"  {self.option_words(each)}" for each in phase.options]
        return [f"{named}: {gate}{self.regimen(phase)} {self.marks(phase.cites)}"]

    def option_words(self, option: Phase) -> str:
        """One of the regimens a phase leaves open; a professional gets its key too, to type it."""
        return f"{'- ' if self.plain else f'{typed(option.option)}: '}{self.regimen(option)}"

    def _gate(self, phase: Phase) -> str:
        """What must be so before the phase begins."""
        gate = self.say("screen.after", gate=phase.gate.wording) if phase.gate else ""
        only_if = undecided(phase.only_if, self.facts) if self.facts else phase.only_if
        if only_if:
            gate += self.say("screen.only_if", criterion=describe(only_if, self.library))
        return gate

    def regimen(self, phase: Phase) -> str:
        parts = [
            in_words(joined(published.substances_of(phase), published.dose_of(phase.dose, self.country)), self.words),
            in_words(published.routes_of(phase, self.plain), self.words),
            in_words(published.spacing_of(phase.spacing), self.words),
            in_words(published.end_of(phase.end, self.country, phase.about), self.words),
        ]
        open_keys = [key for key in choice_keys(phase) if not key.endswith("_route")]
        if not open_keys or phase.option:
            return ", ".join(parts)
        return ", ".join(parts) + self.say("screen.to_choose", keys=", ".join(map(self.key_words, open_keys)))


_BEGIN, _END = "\ue001", "\ue002"  # around what a person typed, inside a text that is told in the reader's spelling
_TYPED = re.compile(f"{_BEGIN}([^{_END}]*){_END}")


def typed(text: object) -> str:
    """A name, a path or a word that a person typed, marked so that nothing in it is respelt."""
    return f"{_BEGIN}{str(text).replace(_BEGIN, '').replace(_END, '')}{_END}"


def _typed_apart(text: str) -> list[tuple[str, bool]]:
    """The parts of a text, each with whether it was typed."""
    return [(part, number % 2 == 1) for number, part in enumerate(_TYPED.split(text))]


def shown(text: str) -> str:
    """The text without characters that steer a terminal: a name can't move the cursor or hide a line."""
    return visible(text)


def wording_of(facts: tuple[str, ...]) -> list[str]:
    return [fact.replace("_", " ") for fact in facts]


def window_words(bookable: date | None, through: date | None, words: Words) -> str:
    """ "2 to 30 Apr 2026" """
    if bookable is None or through is None:
        return ""
    last = day_short(through, words, with_year=True)
    if bookable == through:
        return last
    first = day_short(bookable, words, with_year=bookable.year != through.year)
    return words.text("dates.range", first=first, last=last)


def show_volume(volume: Volume, library: Library, country: str) -> None:
    """`dose`: mass, volume and count always together."""
    screen = Screen(library, plain=False, country=country)
    screen.alarms(volume.issues)
    words = mass_text(volume.dose, country)
    if volume.strength is not None and volume.volume_ml is not None:
        told, strength = volume_text(volume.volume_ml), strength_text(volume.strength, country)
        key = "screen.mass" if volume.of_volume else "screen.volume"
        screen.print(screen.say(key, dose=words, volume=told, strength=strength), style="bold")
    if volume.product is not None:
        screen.print(screen.say("screen.product", product=volume.product.name), as_is=True)
        _containers(screen, volume)
    gb, us = (mass_text(volume.dose, label) for label in ("GB", "US"))
    screen.print(screen.say("screen.labels", gb=gb, us=us), as_is=True)
    screen.issues(list(volume.issues))
    screen.closing()


def _containers(screen: Screen, volume: Volume) -> None:
    if volume.containers is None or volume.product is None:
        return
    form = volume.product.form if volume.product.form != "not_stated" else screen.say("screen.container")
    number, whole = volume.containers
    screen.print(screen.say("screen.whole" if whole else "screen.not_whole", form=form, number=number))


def containers_words(number: object, form: str, words: Words) -> str:
    """ "1 ampoule", "2 tablets" """
    return words.text("screen.containers_one" if number == 1 else "screen.containers_many", number=number, form=form)
