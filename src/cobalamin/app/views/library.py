"""A record of the library, as its source says it."""

from __future__ import annotations

from cobalamin.app.documents.library import each_as_written, listed
from cobalamin.app.views.builder import Builder, View
from cobalamin.app.views.listed import add_list
from cobalamin.app.views.newer import newer_lines
from cobalamin.app.views.product_card import card_lines
from cobalamin.app.views.signed import signed_words
from cobalamin.app.views.tree import QUIET, STRONG, Depth
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import (
    Library,
)
from cobalamin.knowledge.model import Note, Protocol
from cobalamin.knowledge.vocabulary import NOTE_KINDS
from cobalamin.text.messages import joined
from cobalamin.therapy.case.criteria import describe
from cobalamin.therapy.proposal.offers import not_offerable


def view_of_record(library: Library, record_id: str) -> View:
    """One record, as its source says it. Raises InputError where there is none of this id."""
    screen = Builder(library, plain=False, country="GB", as_written=True)
    add_record(screen, record_id)
    return screen.view()


def add_record(screen: Builder, record_id: str) -> None:
    library = screen.library
    record_id = library.meant(record_id)
    own_list = next((each for each in library.guideline_lists.lists if each.id == record_id), None)
    if own_list is not None:
        add_list(screen, own_list)
        return
    if record_id not in library.ids:
        _add_as_written(screen, record_id)
        return
    protocol = library.protocol(record_id)
    content = library.content(protocol)
    row, own = listed(library, protocol), protocol.notes if protocol.same_as else ()
    screen.print(f"{protocol.id}  {protocol.title}", style=STRONG)
    offered = "offered" if row.offered else "not offered"
    level = screen.words.find("why", f"level__{row.level}", f"lowest level {row.level or 'none'}")
    screen.print(f"version {protocol.version}, {row.status}, {row.kind}, {row.country}; {level}; {offered}")
    screen.print(f"For: {protocol.population}")
    screen.print(signed_words(screen, protocol), style=QUIET)
    if protocol.same_as:
        screen.print(f"The same as {protocol.same_as}")
    if protocol.replaced_by:
        screen.print(f"Replaced: {protocol.replaced_by.text}")
    for told in newer_lines(screen, content):
        screen.print(told)
    _add_rules(screen, protocol, content, own)
    for reason in not_offerable(library, protocol, content) if not protocol.guidance else ():
        screen.indented(joined("not offered:", reason.text))
    screen.sources()
    screen.closing()


def _add_rules(screen: Builder, protocol: Protocol, content: Protocol, own: tuple[Note, ...]) -> None:
    """Phases, checks, advice and notes."""
    for phase in content.phases:
        for line in screen.phase_lines(phase):
            screen.indented(line.text, Depth.DETAIL if line.option else Depth.BODY)
    for monitoring in content.monitoring:
        screen.indented(f"check: {monitoring.text} {screen.marks(monitoring.cites)}")
    for advice in protocol.advice:
        screen.indented(f"advice: {advice.text} {screen.marks(advice.cites)}")
    for kind in NOTE_KINDS:
        for note in (note for note in content.notes + own if note.kind == kind):
            bears = screen.text(describe(note.when, screen.library))
            when = f" (bears where: {bears})" if note.when else ""
            screen.indented(f"note, {kind}: {note.text}{when} {screen.marks(note.cites)}")


def _add_as_written(screen: Builder, record_id: str) -> None:
    """A record that is no protocol, key by key; a product with its card before."""
    library = screen.library
    for line in card_lines(library, library.products[record_id]) if record_id in library.products else ():
        screen.indented(line, depth=Depth.FLUSH)
    for each in each_as_written(library, record_id):
        for key, value in each.items():
            told = screen.words.find("why", f"level__{value}", _words(value)) if key == "level" else _words(value)
            screen.indented(f"{key.replace('_', ' ')}: {told}", depth=Depth.FLUSH)


def _words(tree: Tree) -> str:
    """A tree of a record as one line of words."""
    if isinstance(tree, dict):
        return ", ".join(f"{key} {_words(value)}" for key, value in tree.items())
    if isinstance(tree, list):
        return "; ".join(_words(item) for item in tree)
    return str(tree)
