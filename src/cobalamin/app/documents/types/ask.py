"""The JSON document of `ask`, typed."""

from __future__ import annotations

from typing import Annotated, Literal

from cobalamin.app.documents.types.base import UNSET, Document, OneOf, UnsetType
from cobalamin.app.documents.types.common import CitationAnswer, IssueAnswer, SourceAnswer
from cobalamin.app.documents.types.review import ForecastAnswer


class UrgentAnswer(Document):
    id: str
    text: str
    plain: str
    action: str
    plain_action: str
    citations: list[CitationAnswer]


class StatementAnswer(Document):
    id: str
    kind: Annotated[str, OneOf(
        "statement", "caution", "interference", "response", "red_flag", "check", "correction", "threshold", "product",
        "protocol", "note", "advice",
    )]  # fmt: skip
    text: str
    plain: str
    level: Annotated[str, OneOf("primary", "secondary", "article", "recalled")]
    citations: list[CitationAnswer]
    against: list[CitationAnswer]


class PositionAnswer(Document):
    position: str
    plain: str
    protocols: list[str]
    citations: list[CitationAnswer]


class DisputeAnswer(Document):
    id: str
    topic: str
    cause: Annotated[str, OneOf("product", "population", "edition", "opinion", "jurisdiction")]
    sides: list[PositionAnswer]


class OwnDatesAnswer(Document):
    patient: str
    on: str
    sentence: str
    plain: str
    if_given: str | UnsetType = UNSET
    forecast: ForecastAnswer
    citations: list[CitationAnswer]


class TimingAnswer(Document):
    kind: Annotated[str, OneOf("early", "late", "double", "next")]
    text: str
    plain: str
    basis: Literal["software_default"]
    own_dates: OwnDatesAnswer | UnsetType = UNSET


class ReadAsAnswer(Document):
    word: str
    read_as: str


class AskAnswer(Document):
    question: str
    library: str
    issues: list[IssueAnswer] | UnsetType = UNSET
    urgent: list[UrgentAnswer]
    timing: TimingAnswer | UnsetType = UNSET
    answers: list[StatementAnswer]
    disagreements: list[DisputeAnswer]
    unknown_words: list[str]
    read_as: list[ReadAsAnswer] | UnsetType = UNSET
    nothing_found: str | UnsetType = UNSET
    danger_line: str
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False
