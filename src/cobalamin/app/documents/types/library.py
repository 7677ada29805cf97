"""The JSON documents of `library`, typed: lists, one protocol as a record, and checks."""

from __future__ import annotations

from cobalamin.app.documents.types.base import UNSET, Document, UnsetType
from cobalamin.app.documents.types.common import (
    CitationAnswer,
    FaultAnswer,
    NoteAnswer,
    PhaseAnswer,
    SignedAnswer,
    SourceAnswer,
)


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
    """One country of ISO 3166-1. `own`: its texts that may be offered, of those `held`. `known`: a text that was not read or encoded.

    `looked_for`: a text was looked for and none was found.
    """

    country: str
    name: str
    own: int
    held: int
    near: list[str]
    known: str
    looked_for: bool


class AgingAnswer(Document):
    source: str
    title: str
    edition: str
    newer_known: str
    protocols: list[str]


class UncheckedAnswer(Document):
    """A source without a day of checking, with the protocols that are offered and rest on it."""

    source: str
    title: str
    protocols: list[str]


class OverviewAnswer(Document):
    """What was asked for of the library as a whole. `general`: the texts that stand in for a country without one."""

    library: str
    countries: list[CoverageAnswer] | UnsetType = UNSET
    general: list[str] | UnsetType = UNSET
    review_by: str | UnsetType = UNSET
    aging: list[AgingAnswer] | UnsetType = UNSET
    replaced: list[ReplacedAnswer] | UnsetType = UNSET
    unchecked: list[UncheckedAnswer] | UnsetType = UNSET


class ReplacedAnswer(Document):
    """A text that is superseded or withdrawn; `replaced_by`: the id of what took its place, where the library holds it."""

    protocol: str
    title: str
    status: str
    replaced_by: str
    text: str
    citations: list[CitationAnswer]


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
    replaced_by: ReplacedAnswer | UnsetType = UNSET
    newer_editions: list[NoteAnswer]
    signed: SignedAnswer | None
    sources: list[SourceAnswer]


class CheckedAnswer(Document):
    faults: list[FaultAnswer]
    remarks: list[FaultAnswer]
