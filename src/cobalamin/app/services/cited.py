"""Which citations people see, in whatever form an answer has."""

from __future__ import annotations

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citation, Citations


def citations_shown(library: Library, cites: Citations) -> tuple[Citation, ...]:
    """Citations for people: an AI-written page is never shown as a source; what rests on it alone is `recalled`."""
    human = [cite for cite in cites if not library.sources[cite.source].ai_written]
    kept = human or ([Citation("recalled", "recalled")] if cites else [])
    return tuple(dict.fromkeys(kept))
