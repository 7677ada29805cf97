"""A screen that keeps what it is told as plain blocks for a page: the same words as the terminal's, for another surface."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from cobalamin.app.services import shipped
from cobalamin.app.terminal.ask import AskScreen
from cobalamin.app.terminal.screen import Screen, shown
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.words import Worded
from cobalamin.text.messages import Text
from cobalamin.text.safe import printable
from cobalamin.therapy.case.issues import Issue, alarms_among

HEADING, PARAGRAPH, TABLE = "heading", "paragraph", "table"
_CODE = re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+: (\w)")
ENDLESS = 1_000_000  # a page breaks its lines itself


def kept(value: Any) -> Any:
    """A value whose texts are fit for a page: nothing in them steers it, no number parts from its unit (hazard H34).

    Between the two forms of one dose a line may end, because a narrow page with large text has no room for both.
    """
    if isinstance(value, dict):
        return {key: kept(each) for key, each in value.items()}
    if isinstance(value, list):
        return [kept(each) for each in value]
    if isinstance(value, Worded):
        return kept(value.in_words(shipped.library().own_words))
    return (
        str(printable(value, shipped.library().own_words)).replace("\u00a0(", " (") if isinstance(value, str) else value
    )


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph with its depth, or a table."""

    kind: str
    text: str = ""
    depth: int = 0
    style: str = ""
    titles: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Kept:
    """Stands where a terminal would: takes texts and tables and keeps them in order."""

    plain: bool = True
    blocks: list[Block] = field(default_factory=list)
    width: int = ENDLESS

    def print(self, told: object = "", style: str | None = None, **_: object) -> None:
        if isinstance(told, Table):
            self.blocks.append(_table(told))
            return
        for line in str(told).split("\n"):
            text = line.strip()
            if text:
                depth = (len(line) - len(line.lstrip(" "))) // 2
                self.blocks.append(Block(PARAGRAPH, self._words(text), min(depth, 4), _plain_style(style or "")))

    def _words(self, text: str) -> str:
        """A patient reads the sentence and not its code."""
        told = _CODE.sub(lambda found: found.group(1).upper(), text) if self.plain else text
        return str(kept(told))


def _plain_style(style: str) -> str:
    """One name a style sheet knows."""
    return {"bold": "strong", "bold red": "alarm", "dim": "quiet", "italic": "note"}.get(style, "")


def _table(table: Table) -> Block:
    columns = [["\n".join(kept(str(cell).split("\n"))) for cell in column.cells] for column in table.columns]
    titles = tuple(shown(str(column.header)) for column in table.columns)
    return Block(TABLE, titles=titles, rows=tuple(zip(*columns, strict=True)))


class Told(Screen):
    """A screen whose answers are blocks. Sources and the closing note stand apart, at the foot of a page."""

    draws = False

    def __init__(self, library: Library, plain: bool, country: str, as_written: bool = False) -> None:
        super().__init__(library, plain, country, as_written=as_written)
        self._keep()

    def _keep(self) -> None:
        self.kept = Kept(self.plain)
        self.out: Any = self.kept

    def say(self, key: str, **fields: object) -> str:
        """The words of a page where those of a terminal would name an option of the command line."""
        instead = f"web.instead__{key.replace('.', '_')}"
        return self.words.text(instead, **fields) if instead in self.words.texts else super().say(key, **fields)

    def lines(self, text: str, style: str = "") -> None:
        self.kept.print(text, style)

    def heading(self, text: Text) -> None:
        self.kept.blocks.append(Block(HEADING, shown(self.spelled(text))))

    def alarms(self, issues: Iterable[Issue]) -> None:
        """The frame of every page has them at its top, see `site.page`."""
        self.led = frozenset(alarms_among(issues))

    def closing(self) -> None:
        """The frame of every page says it."""

    def sources(self) -> None:
        """The foot of the page lists them, see `source_list`."""

    @property
    def blocks(self) -> list[Block]:
        return self.kept.blocks

    def parts(self) -> list[dict[str, Any]]:
        """The blocks under their headings; what stands before the first heading has none."""
        parts: list[dict[str, Any]] = []
        for block in self.blocks:
            if block.kind == HEADING or not parts:
                parts.append({"heading": block.text if block.kind == HEADING else "", "blocks": []})
            if block.kind != HEADING:
                parts[-1]["blocks"].append(block)
        return parts

    def source_list(self) -> list[dict[str, str]]:
        """Every cited source by its number."""
        return [self._source(number, name) for name, number in self.numbers.items()]

    def _source(self, number: int, name: str) -> dict[str, str]:
        source = self.library.sources[name]
        edition = f", {source.edition}" if source.edition else ""
        dated = "" if source.date in ("not stated", "") else f", {source.date}"
        checked = "" if source.level == "primary" else f" ({source.level})"
        text = f"{source.title}. {source.issuer}{edition}{dated}{checked}."
        return {"number": str(number), "id": name, "text": kept(text), "address": source.address}


class ToldAsked(Told, AskScreen):
    """The same for questions to the library, whose marks name the best sources first."""
