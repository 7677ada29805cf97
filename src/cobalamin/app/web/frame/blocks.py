"""A view as blocks of a page under their headings; what the frame of every page says is left to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cobalamin.app.services import shipped
from cobalamin.app.views import callouts, names, tree
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.tree import Depth, Node, Paragraph
from cobalamin.knowledge.words import Worded
from cobalamin.text.safe import printable

PARAGRAPH, TABLE = "paragraph", "table"
# The steps of a style sheet: what stands beneath an entry's first line is as far in as any detail.
_STEPS = {
    Depth.FLUSH: 0,
    Depth.BODY: 1,
    Depth.DETAIL: 2,
    Depth.ENTRY: 2,
    Depth.ENTRY_DETAIL: 3,
    Depth.QUOTED: 4,
}


def kept(value: Any) -> Any:
    """A value whose texts are fit for a page: nothing in them steers it, no number parts from its unit (hazard H34).

    Between the two forms of one dose a line may end, because a narrow page with large text has no room for both.
    """
    if isinstance(value, dict):
        return {key: kept(each) for key, each in value.items()}
    if isinstance(value, list):
        return [kept(each) for each in value]
    words = shipped.library().own_words
    if isinstance(value, Worded):
        return kept(value.in_words(words))
    if not isinstance(value, str):
        return value
    told = words.of_record(value) if " " in value else value  # one word alone may be what a form sends
    return str(printable(told, words)).replace("\u00a0(", " (")


@dataclass(frozen=True)
class Block:
    """A paragraph with its step, or a table."""

    kind: str
    text: str = ""
    depth: int = 0
    style: str = ""
    item: bool = False
    titles: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it; what stands before the first heading has none. `name`: that of the heading's node."""

    heading: str = ""
    name: str = ""
    blocks: list[Block] = field(default_factory=list)


def parts(screen: Builder) -> list[Part]:
    """What was built, under its headings."""
    found: list[Part] = []
    for node in screen.take():
        if isinstance(node, tree.Heading):
            found.append(Part(node.text, node.name))
            continue
        made = list(_blocks(node, screen))
        if made and not found:
            found.append(Part())
        if made:
            found[-1].blocks.extend(made)
    return found


def blocks(screen: Builder) -> list[Block]:
    """What was built, where it has no headings."""
    return [block for node in screen.take() for block in _blocks(node, screen)]


def _blocks(node: Node, screen: Builder) -> Iterator[Block]:
    if isinstance(node, tree.Line):
        yield from _paragraphs([Paragraph(node.text, Depth.FLUSH, node.emphasis)])
    elif isinstance(node, Paragraph):
        yield from _paragraphs([node])
    elif isinstance(node, tree.Callout):
        yield from _paragraphs(callouts.paragraphs(node, screen.say, screen.plain))
    elif isinstance(node, tree.Table):
        yield _table(node)


def _paragraphs(nodes: Iterable[Paragraph]) -> Iterator[Block]:
    for node in nodes:
        text = " ".join(node.text.split("\n")).strip()
        if text:  # else it is only said where commands are typed
            yield Block(PARAGRAPH, kept(text), _STEPS[node.depth], node.emphasis, node.item)


def _table(node: tree.Table) -> Block:
    columns = [list(column) for column in zip(*node.rows, strict=True)] or [[] for _ in node.titles]
    if node.names is not None:
        columns[node.names] = names.told_apart(columns[node.names], names.LONGEST)
    told = [["\n".join(kept(cell.split("\n"))) for cell in column] for column in columns]
    return Block(TABLE, titles=node.titles, rows=tuple(zip(*told, strict=True)))


def source_list(screen: Builder) -> list[dict[str, str]]:
    """Every cited source by its number, for the foot of a page."""
    return [
        {"number": str(each.number), "id": each.id, "text": kept(each.text), "address": each.address}
        for each in screen.cited_sources()
    ]
