"""That a newer edition is known of what a text rests on, beside the text wherever it can be chosen (design, promise 11)."""

from __future__ import annotations

from collections.abc import Iterator

from cobalamin.app.services.cited import followed_editions
from cobalamin.app.views.builder import Builder
from cobalamin.knowledge.model import Citation, Protocol
from cobalamin.text.messages import joined


def newer_lines(screen: Builder, content: Protocol) -> Iterator[str]:
    """A sentence for each source of its doses that was followed by an edition that was not read."""
    for source in followed_editions(screen.library, content):
        told = screen.say("editions.followed", newer=source.newer_known)
        yield screen.text(joined(told, screen.marks((Citation(source.id, source.level),))))
