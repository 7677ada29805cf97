"""Which citations people see, in whatever form an answer has."""

from __future__ import annotations

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citation, Citations, Phase, Protocol, Source


def citations_shown(library: Library, cites: Citations) -> tuple[Citation, ...]:
    """Citations for people: an AI-written page is never shown as a source; what rests on it alone is `recalled`."""
    human = [cite for cite in cites if not library.sources[cite.source].ai_written]
    kept = human or ([Citation("recalled", "recalled")] if cites else [])
    return tuple(dict.fromkeys(kept))


def followed_editions(library: Library, content: Protocol) -> tuple[Source, ...]:
    """The sources of a protocol's doses of which a newer edition is known and was not read."""
    cited = dict.fromkeys(cite.source for phase in content.phases for cite in phase_cites(phase))
    return tuple(library.sources[name] for name in cited if library.sources[name].newer_known)


def phase_cites(phase: Phase) -> Citations:
    """Of a phase; where it leaves regimens open, of each of them."""
    return phase.cites or tuple(cite for option in phase.options for cite in option.cites)
