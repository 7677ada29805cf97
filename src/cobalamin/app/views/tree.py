"""What an answer says, as values in the order in which they are read: headings, paragraphs, tables, callouts, figures.

Texts are words of one language in the spelling of the reader's country; what a person typed stays as it was typed. No node
knows a width, an indent or a colour: terminal, page and paper each print them in their own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, TypeAlias

STRONG, QUIET, ASIDE = "strong", "quiet", "note"  # how a text stands out; ASIDE: a remark of the program about itself
ALARM, WARNING, NOTE = "alarm", "warning", "note"  # kinds of a callout; ALARM also says how a text stands out


class Depth(IntEnum):
    """How far a paragraph is set in; each printer gives a step its own room."""

    FLUSH = 0
    BODY = 1
    DETAIL = 2
    ENTRY = 3  # beneath the first line of a numbered entry
    ENTRY_DETAIL = 4
    QUOTED = 5


class Mark(NamedTuple):
    """The number of a source; unchecked ones are marked where they are shown."""

    number: int
    checked: bool


@dataclass(frozen=True)
class Source:
    """A numbered source. `text`: title, issuer, edition, date, and the level where it is not the best."""

    number: int
    id: str
    text: str
    address: str


@dataclass(frozen=True)
class Heading:
    """A heading; everything until the next one stands under it. `name`: by which a page finds the part."""

    text: str
    name: str = ""


@dataclass(frozen=True)
class Line:
    """A line by itself: the head of an answer."""

    text: str
    emphasis: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. `command`: what is said instead where commands are typed, because it names one; without `text` it is said only there.

    `whole`: no number is parted from its unit at the end of a line (hazard H34).
    """

    text: str
    depth: Depth = Depth.BODY
    emphasis: str = ""
    command: str = ""
    item: bool = False  # one of a list
    whole: bool = False


@dataclass(frozen=True)
class Gap:
    """A pause between what belongs together and what does not."""


@dataclass(frozen=True)
class Table:
    """Rows under titles; the lines of a cell are parted by line ends."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    free: int | None = None  # the column that takes the room that is left; only it is broken into lines
    names: int | None = None  # a column of names that may be shortened, see `names.told_apart`
    strong: tuple[bool, ...] = ()  # which rows stand out
    right: frozenset[int] = frozenset()  # columns of figures
    dense: bool = False
    narrower: tuple[Table, ...] = ()  # the same with fewer figures, for less room


@dataclass(frozen=True)
class Callout:
    """What a person should look at. `action`: what is done next; `ask`: what it asks; `answer`: the command that records a look at it."""

    kind: str
    mark: str
    code: str
    text: str
    cites: tuple[Mark, ...] = ()
    action: str = ""
    ask: str = ""
    answer: str = ""
    line: str = ""  # of an alarm: mark and action in one line
    in_english: str = ""  # to a professional who reads another language: the library's own words


@dataclass(frozen=True)
class Alarms:
    """What leads an answer, the worst first. A page has it in its frame. `ends`: what ends them."""

    callouts: tuple[Callout, ...]
    ends: str = ""


@dataclass(frozen=True)
class Figure:
    """Data that a printer draws; each kind is a subclass in `figures`."""


@dataclass(frozen=True)
class Sources:
    """The numbered sources under their heading. A page has them at its foot."""

    heading: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Closing:
    """What nobody may forget. A page has it in its frame. `translation`: who has read it, and what is not translated.

    `joined`: the line of sources stands right above, without a pause.
    """

    note: str
    translation: str = ""
    joined: bool = False


Node: TypeAlias = Heading | Line | Paragraph | Gap | Table | Callout | Alarms | Figure | Sources | Closing
