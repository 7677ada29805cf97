"""A record of the library on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cobalamin.app.documents.library import each_as_written, listed
from cobalamin.app.terminal.product_card import card_lines
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import (
    Library,
)
from cobalamin.knowledge.vocabulary import NOTE_KINDS
from cobalamin.therapy.case.criteria import describe
from cobalamin.therapy.proposal.offers import not_offerable

if TYPE_CHECKING:
    from cobalamin.app.documents.types.library import AgingAnswer, CoverageAnswer
    from cobalamin.app.terminal.screen import Screen


def country_lines(rows: list[CoverageAnswer], general: list[str]) -> Iterator[str]:
    """Which countries have texts of their own; for every other one, what stands in."""
    for row in rows:
        own = f"{row.own} of its own" if row.own else "none of its own that may be offered"
        yield f"{row.country}  {own}" + (f"; near: {', '.join(row.near)}" if row.near else "")
    yield f"Any other country: none of its own and none near. General guidance stands in: {', '.join(general)}."


def aging_lines(rows: list[AgingAnswer]) -> Iterator[str]:
    """Each source that a newer edition is known of, and what rests on it."""
    for row in rows:
        rests = ", ".join(row.protocols) or "no current protocol"
        yield f"{row.source}  {row.title} ({row.edition}). Newer: {row.newer_known}. Rests on it: {rests}."
    yield f"{len(rows)} sources of which a newer edition is known."


def show_record(library: Library, record_id: str) -> None:
    """Print one record."""
    from cobalamin.app.terminal.screen import Screen

    tell_record(Screen(library, plain=False, country="GB", as_written=True), record_id)


def tell_record(screen: Screen, record_id: str) -> None:
    """One record, on any screen."""
    library = screen.library
    record_id = library.meant(record_id)
    if record_id not in library.ids:
        _tell_as_written(screen, record_id)
        return
    protocol = library.protocol(record_id)
    content = library.content(protocol)
    row, own = listed(library, protocol), protocol.notes if protocol.same_as else ()
    screen.print(f"{protocol.id}  {protocol.title}", style="bold")
    offered = "offered" if row.offered else "not offered"
    screen.print(
        f"version {protocol.version}, {row.status}, {row.kind}, {row.country}; lowest level {row.level or 'none'}; {offered}"
    )
    screen.print(f"For: {protocol.population}")
    if protocol.same_as:
        screen.print(f"The same as {protocol.same_as}")
    for phase in content.phases:
        for line in screen.phase_lines(phase):
            screen.indented(line)
    for monitoring in content.monitoring:
        screen.indented(f"check: {monitoring.text} {screen.marks(monitoring.cites)}")
    for advice in protocol.advice:
        screen.indented(f"advice: {advice.text} {screen.marks(advice.cites)}")
    for kind in NOTE_KINDS:
        for note in (note for note in content.notes + own if note.kind == kind):
            when = f" (bears where: {describe(note.when, library.facts, library.own_words)})" if note.when else ""
            screen.indented(f"note, {kind}: {note.text}{when} {screen.marks(note.cites)}")
    for reason in not_offerable(library, protocol, content) if not protocol.guidance else ():
        screen.indented(f"not offered: {reason.text}")
    screen.sources()
    screen.closing()


def _tell_as_written(screen: Screen, record_id: str) -> None:
    """A record that is no protocol, key by key; a product with its card before."""
    library = screen.library
    for line in card_lines(library, library.products[record_id]) if record_id in library.products else ():
        screen.indented(line, indent=0)
    for each in each_as_written(library, record_id):
        for key, value in each.items():
            screen.indented(f"{key.replace('_', ' ')}: {_words(value)}", indent=0)


def _words(tree: Tree) -> str:
    """A tree of a record as one line of words."""
    if isinstance(tree, dict):
        return ", ".join(f"{key} {_words(value)}" for key, value in tree.items())
    if isinstance(tree, list):
        return "; ".join(_words(item) for item in tree)
    return str(tree)
