"""The JSON document of `library diff`, typed."""

from __future__ import annotations

from typing import Annotated

from cobalamin.app.documents.types.base import Document, OneOf

Change = Annotated[str, OneOf("new", "gone", "changed")]


class SaidAnswer(Document):
    """One sentence; `part`: what it is about, such as dose, interval, population, status, level or sources."""

    part: str
    text: str


class ProtocolChangeAnswer(Document):
    """`old_version` and `new_version` are 0 where an edition lacks it, or has it in a form that is not read."""

    id: str
    title: str
    country: str
    change: Change
    old_version: int
    new_version: int
    says: list[SaidAnswer]


class ValueChangeAnswer(Document):
    path: str
    old: str
    new: str


class RecordChangeAnswer(Document):
    """A source, band, rule, check or statement; `rests`: the current protocols that take a phase from a source."""

    kind: str
    id: str
    change: Change
    text: str
    values: list[ValueChangeAnswer]
    rests: list[str]


class FileChangeAnswer(ValueChangeAnswer):
    file: str


class DiffAnswer(Document):
    """What changed between two editions: protocol by protocol in sentences, then record by record, then every value."""

    old: str
    old_digest: str
    new: str
    new_digest: str
    protocols: list[ProtocolChangeAnswer]
    records: list[RecordChangeAnswer]
    changes: list[FileChangeAnswer]
