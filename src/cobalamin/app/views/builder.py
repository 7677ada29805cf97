"""The builder of views: what every answer shares, in professional words, or with `plain` in those of a patient.

Numbers are the same in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cobalamin.amounts import amounts_in_text
from cobalamin.app.services.cited import citations_shown
from cobalamin.app.services.leading import leading
from cobalamin.app.views import callouts, tree
from cobalamin.app.views.tree import QUIET, Depth, Mark, Node
from cobalamin.errors import visible
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citation, Citations, Phase, Product
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.knowledge.words import Words
from cobalamin.text.days import day_short
from cobalamin.text.messages import Text, in_words, joined, listed
from cobalamin.therapy.case.criteria import describe, undecided
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import CALL_FIRST, TOLD_IN_FULL, Issue
from cobalamin.therapy.regimen.choices import choice_keys
from cobalamin.therapy.words import published, wording


@dataclass(frozen=True)
class View:
    """What an answer says: its nodes, the sources they cite by number, and the words in which it says it."""

    nodes: tuple[Node, ...]
    sources: tuple[tree.Source, ...]
    words: Words
    plain: bool

    def say(self, key: str, **fields: object) -> str:
        """The text of this key for the reader of the view."""
        return said(self.words, self.plain, key, fields)


def said(words: Words, plain: bool, key: str, fields: dict[str, object]) -> str:
    """The text of this key; for a patient its plain form, `<key>__plain`, where it has one."""
    own = f"{key}__plain"
    return words.text(own if plain and own in words.texts else key, **fields)


class Extent(NamedTuple):
    """How much of an answer is said. Pages and paper say all of it; what a short form leaves out is counted beside its option."""

    short: bool = False  # the answer first, at most a screen
    sources: bool = True  # the list of sources; without it one line says how many there are


WHOLE = Extent()
CITED_IN_SHORT = 4  # sources behind one sentence


class PhaseLine(NamedTuple):
    """A regimen of a phase in words; `option`: one of those that the phase leaves open."""

    text: str
    option: bool = False


class Builder:
    """What every answer shares: numbered sources, issues, the note that nothing is signed off.

    Headings and sentences are in the language that the library speaks. `as_written`: records of the library keep
    the units and the spelling of their source.
    """

    def __init__(
        self, library: Library, plain: bool, country: str, as_written: bool = False, extent: Extent = WHOLE
    ) -> None:
        self.library, self.plain, self.country, self.extent = library, plain, country, extent
        self.words, self.as_written = library.own_words, as_written
        self.nodes: list[Node] = []
        self.numbers: dict[str, int] = {}
        self.product: Product | None = None
        self.facts: Facts | None = None  # of the person who is spoken of: what holds of them is no condition any more
        self.led: frozenset[Issue] = frozenset()  # what stands at the top already

    def say(self, key: str, **fields: object) -> str:
        """The text of this key; for a patient its plain form, where it has one."""
        return said(self.words, self.plain, key, fields)

    def text(self, text: Text) -> str:
        """What a decision says, in the language that the library speaks."""
        return in_words(text, self.words)

    def view(self) -> View:
        """What was built."""
        return View(tuple(self.nodes), self.cited_sources(), self.words, self.plain)

    def take(self) -> tuple[Node, ...]:
        """The nodes built so far, for a part of a page of its own; what follows begins anew."""
        taken, self.nodes = tuple(self.nodes), []
        return taken

    # -- nodes -------------------------------------------------------------------------------------------------------

    def print(self, text: Text = "", style: str = "", as_is: bool = False) -> None:
        """A line by itself; without a text a pause."""
        self.nodes.append(tree.Line(self._shown(text, as_is), style) if text != "" else tree.Gap())

    def heading(self, text: Text, name: str = "") -> None:
        self.nodes.append(tree.Heading(self._shown(text), name))

    def indented(
        self, text: Text, depth: Depth = Depth.BODY, style: str = "", as_is: bool = False, *,
        command: Text = "", item: bool = False, whole: bool = False,
    ) -> None:  # fmt: skip
        """A paragraph; `as_is` for titles and commands, whose spelling is their own."""
        made = tree.Paragraph(self._shown(text, as_is), depth, style, self._shown(command, as_is), item, whole)
        self.nodes.append(made)

    def whole(
        self, text: Text, depth: Depth = Depth.BODY, style: str = "", *, command: str = "", item: bool = False
    ) -> None:
        """A paragraph in which no number is parted from its unit (hazard H34)."""
        self.indented(text, depth, style, command=command, item=item, whole=True)

    def columns(self, titles: Sequence[str], lines: Sequence[tuple[str, ...]], strong: Sequence[bool]) -> None:
        """A table whose column "What" takes the room that is left; columns without content are left out."""
        what = self.say("columns.what")
        used = [at for at, title in enumerate(titles) if title == what or any(line[at] for line in lines)]
        free = [titles[at] for at in used].index(what)
        rows = [[visible(line[at]) for at in used] for line in lines]
        for row in rows:
            row[free] = visible(" ".join(self.spelled(row[free]).split("\n")).strip())
        kept = tuple(visible(titles[at]) for at in used)
        self.nodes.append(tree.Table(kept, tuple(map(tuple, rows)), free=free, strong=tuple(strong)))

    def _shown(self, text: Text, as_is: bool = False) -> str:
        """The text in the reader's words and spelling, without characters that steer what shows it."""
        worded = self.text(text)
        return visible(worded if as_is else self.spelled(worded))

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
        told = self.text(key.replace("_", " "))
        if told != key.replace("_", " "):
            return told  # the whole has words of its own in this language
        phase, _, rest = key.partition("_")
        number, _, field = rest.partition("_")
        if number.isdigit():
            return f"{self.text(wording.phase_name(f'{phase}-{number}'))} {self.text(field.replace('_', ' '))}"
        named = self.words.find("phases", phase, "") if rest else ""
        return f"{named} {self.text(rest.replace('_', ' '))}" if named else told

    # -- sources -----------------------------------------------------------------------------------------------------

    def marks(self, cites: Citations, uncited: str = "this_program") -> str:
        """Source numbers of this answer, "[1, 4]"; unchecked ones are marked."""
        return callouts.cited(self.numbered(cites), self.say, uncited)

    def numbered(self, cites: Citations) -> tuple[Mark, ...]:
        """The numbers of these sources in this answer; a short form has the best checked ones."""
        shown: Sequence[Citation] = citations_shown(self.library, cites)
        if self.extent.short:
            shown = sorted(shown, key=lambda cite: LEVELS.index(cite.level))[:CITED_IN_SHORT]
        return tuple(
            Mark(self.numbers.setdefault(cite.source, len(self.numbers) + 1), cite.level != "recalled")
            for cite in shown
        )

    def cited_sources(self) -> tuple[tree.Source, ...]:
        """Every cited source by its number."""
        return tuple(self._source(number, name) for name, number in self.numbers.items())

    def _source(self, number: int, name: str) -> tree.Source:
        source = self.library.sources[name]
        edition = f", {source.edition}" if source.edition else ""
        dated = "" if source.date in ("not stated", "") else f", {source.date}"
        level = self.words.find("why", f"level__{source.level}", source.level)
        checked = "" if source.level == "primary" else f" ({level})"
        newer = f" ({self.say('editions.source_superseded')})" if source.newer_known else ""
        text = visible(f"{source.title}. {source.issuer}{edition}{dated}{checked}{newer}.")
        return tree.Source(number, name, text, visible(source.address))

    # -- issues ------------------------------------------------------------------------------------------------------

    def alarms(self, issues: Iterable[Issue]) -> None:
        """What may not wait, above everything else: what to do, why, and how a person's look at it is recorded."""
        found = leading(issues, self.plain, self.words)
        self.led = frozenset(each.issue for each in found)
        if not found:
            return
        made = callouts.alarms(self, found)
        self.nodes.append(made)

    def issues(self, issues: Iterable[Issue], aside: frozenset[str] = frozenset()) -> None:
        """What interrupts in full, the rest in brief; codes in `aside` are only kept brief. What leads stands above already."""
        full, brief = self._parted(issues, aside)
        if not full and not brief:
            return
        self.heading(self.say("notes.issues_plain" if self.plain else "notes.issues"), "issues")
        self.nodes += [callouts.in_full(self, issue) for issue in full]
        self.nodes += [callouts.in_brief(self, issue) for issue in brief]

    def issues_in_short(self, issues: Iterable[Issue], aside: frozenset[str] = frozenset()) -> tuple[Issue, ...]:
        """What interrupts, by what is to be done about it (hazard H153); returns the rest, to be counted."""
        full, brief = self._parted(issues, aside)
        self.nodes += [callouts.in_short(self, issue) for issue in full]
        return tuple(brief)

    def _parted(self, issues: Iterable[Issue], aside: frozenset[str]) -> tuple[list[Issue], list[Issue]]:
        """What is told as sentences, in its order, and the rest; what leads stands above already."""
        issues = [issue for issue in issues if issue not in self.led]
        first = [issue for issue in issues if issue.code in TOLD_IN_FULL and not issue.interrupts]
        full = first + [issue for issue in issues if issue.interrupts and issue.code not in aside]
        full.sort(key=lambda issue: bool(issue.ask) or issue.code not in CALL_FIRST)
        return full, [issue for issue in issues if issue not in full]

    # -- the end -----------------------------------------------------------------------------------------------------

    def sources(self, signed: str = "") -> None:
        """The list of sources; in a short form how many there are, and the option that lists them. Above or beside it who has `signed` what is shown."""
        if self.extent.sources:
            if signed:
                self.indented(signed, Depth.FLUSH, style=QUIET)
            self.nodes.append(tree.Sources(self.say("notes.sources"), self.cited_sources()))
            return
        key = {0: "also.sources_none__typed", 1: "also.sources_one__typed"}.get(
            len(self.numbers), "also.sources__typed"
        )
        told = self.say(key, number=len(self.numbers), edition=self.library.edition)
        self.indented("", Depth.FLUSH, style=QUIET, command=f"{told} {signed}".rstrip())

    def also(self, counts: Mapping[str, int], parts: Iterable[str] = ()) -> None:
        """One line that counts what a short form leaves out and names the option that shows it; nothing where nothing is."""
        told = [
            self.say(f"also.{name}__{one_or_many(count)}", number=count) for name, count in counts.items() if count > 0
        ]
        if told := [*told, *parts]:
            self.indented("", Depth.FLUSH, QUIET, command=self.say("also.told__typed", parts=", ".join(told)))

    def closing(self) -> None:
        """What nobody may forget; for a translation also who has read it and what is not translated."""
        translation = self._shown(self.words.about_itself)
        note = self.say("notes.not_signed_off")
        counted = bool(self.numbers) and not self.extent.sources  # then the edition stands beside their number
        if not counted:
            note = self.say("notes.library", note=note, edition=self.library.edition)
        self.nodes.append(tree.Closing(self._shown(note), translation, counted))

    # -- phases ------------------------------------------------------------------------------------------------------

    def phase_lines(self, phase: Phase) -> list[PhaseLine]:
        """One line for each regimen of a phase, with its choices."""
        named, gate = self.text(wording.phase_name(phase.name)), self.gate(phase)
        if phase.options:
            choose = self.say("screen.choose", choice=self.key_words(choice_keys(phase)[0]))
            options = (PhaseLine(self.option_words(each), option=True) for each in phase.options)
            return [PhaseLine(f"{named}: {gate}{choose}"), *options]
        return [PhaseLine(f"{named}: {gate}{self.regimen(phase)} {self.marks(phase.cites)}")]

    def option_words(self, option: Phase) -> str:
        """One of the regimens a phase leaves open; a professional gets its key too, to type it."""
        return f"{'' if self.plain else f'{typed(option.option)}: '}{self.regimen(option)}"

    def gate(self, phase: Phase) -> str:
        """What must be so before the phase begins."""
        gate = self.say("screen.after", gate=phase.gate.wording) if phase.gate else ""
        only_if = undecided(phase.only_if, self.facts) if self.facts else phase.only_if
        if only_if:
            gate += self.say("screen.only_if", criterion=describe(only_if, self.library))
        return gate

    def regimen(self, phase: Phase) -> str:
        parts = [
            joined(published.substances_of(phase), published.dose_of(phase.dose, self.country)),
            published.routes_of(phase, self.plain),
            published.spacing_of(phase.spacing),
            published.end_of(phase.end, self.country, phase.about),
        ]
        open_keys = [key for key in choice_keys(phase) if not key.endswith("_route")]
        if not open_keys or phase.option:
            return self.text(listed(parts))
        return self.text(listed(parts)) + self.say("screen.to_choose", keys=", ".join(map(self.key_words, open_keys)))


def one_or_many(count: int) -> str:
    """The end of the key of a text that counts."""
    return "one" if count == 1 else "many"


_BEGIN, _END = "\ue001", "\ue002"  # around what a person typed, inside a text that is told in the reader's spelling
_TYPED = re.compile(f"{_BEGIN}([^{_END}]*){_END}")


def typed(text: object) -> str:
    """A name, a path or a word that a person typed, marked so that nothing in it is respelt."""
    return f"{_BEGIN}{str(text).replace(_BEGIN, '').replace(_END, '')}{_END}"


def _typed_apart(text: str) -> list[tuple[str, bool]]:
    """The parts of a text, each with whether it was typed."""
    return [(part, number % 2 == 1) for number, part in enumerate(_TYPED.split(text))]


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


def containers_words(number: object, form: str, words: Words) -> str:
    """ "1 ampoule", "2 tablets" """
    return words.text("screen.containers_one" if number == 1 else "screen.containers_many", number=number, form=form)
