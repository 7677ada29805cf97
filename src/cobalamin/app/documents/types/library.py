"""The JSON documents of `library`, typed: lists, one protocol as a record, and checks."""

from __future__ import annotations

from cobalamin.app.documents.types.base import UNSET, Document, UnsetType
from cobalamin.app.documents.types.common import CitationAnswer, FaultAnswer, NoteAnswer, PhaseAnswer, SourceAnswer


class ListedAnswer(Document):
    """`level`: the lowest of its values; empty where it has none."""

    id: str
    country: str
    kind: str
    status: str
    level: str
    offered: bool
    title: str
    same_as: str


class ListAnswer(Document):
    library: str
    protocols: list[ListedAnswer]


class CoverageAnswer(Document):
    country: str
    own: int
    near: list[str]


class AgingAnswer(Document):
    source: str
    title: str
    edition: str
    newer_known: str
    protocols: list[str]


class OverviewAnswer(Document):
    """What was asked for of the library as a whole."""

    library: str
    countries: list[CoverageAnswer] | UnsetType = UNSET
    aging: list[AgingAnswer] | UnsetType = UNSET


class MonitoringAnswer(Document):
    markers: list[str]
    review: bool
    text: str
    citations: list[CitationAnswer]


class ProtocolAnswer(ListedAnswer):
    """A protocol or guidance document as its source says it."""

    version: int
    population: str
    lifelong: str
    phases: list[PhaseAnswer]
    monitoring: list[MonitoringAnswer]
    notes: list[NoteAnswer]
    advice: list[NoteAnswer]
    sources: list[SourceAnswer]


class CheckedAnswer(Document):
    faults: list[FaultAnswer]
    remarks: list[FaultAnswer]
