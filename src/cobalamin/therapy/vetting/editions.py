"""An edition that is no longer the newest says so: in `replaced_by`, or in the title that stands at the option."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Protocol

_EDITION = re.compile(r"\b(?:19|20)[0-9]{2}\b|\bearlier\b")


def edition_faults(library: Library, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """What took the place of a text that is not current, and which edition a current one is where a newer is known."""
    replaced = protocol.replaced_by
    if protocol.status == "current":
        if replaced is not None:
            yield "replaced_by", "belongs to a text that is superseded or withdrawn"
        yield from _title_faults(library, protocol)
    elif replaced is None:
        yield "status", f"is {protocol.status} and does not say what took its place; add 'replaced_by'"
    elif not replaced.cites:
        yield "replaced_by", "has no citation"
    elif replaced.protocol and replaced.protocol not in library.ids:
        yield "replaced_by.protocol", f"there is no protocol '{replaced.protocol}'"


def _title_faults(library: Library, protocol: Protocol) -> Iterator[tuple[str, str]]:
    cited = {cite.source for phase in protocol.phases for cite in phase.cites}
    for source in sorted(cited):
        if library.sources[source].newer_known and not _EDITION.search(protocol.title):
            yield (
                "title",
                f"rests on '{source}', of which a newer edition is known; name the year or 'earlier' in the title",
            )
