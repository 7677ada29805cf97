"""The JSON document of `ask`, typed."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from cobalamin.app.documents.types.common import CitationAnswer, SourceAnswer


class UrgentAnswer(TypedDict):
    id: str
    text: str
    plain: str
    action: str
    plain_action: str
    citations: list[CitationAnswer]


class StatementAnswer(TypedDict):
    id: str
    kind: Literal[
        "statement", "caution", "interference", "response", "red_flag", "check", "correction", "threshold", "product",
        "protocol", "note", "advice",
    ]  # fmt: skip
    text: str
    plain: str
    level: Literal["primary", "secondary", "article", "recalled"]
    citations: list[CitationAnswer]
    against: list[CitationAnswer]


class PositionAnswer(TypedDict):
    position: str
    plain: str
    protocols: list[str]
    citations: list[CitationAnswer]


class DisputeAnswer(TypedDict):
    id: str
    topic: str
    cause: Literal["product", "population", "edition", "opinion", "jurisdiction"]
    sides: list[PositionAnswer]


class AskAnswer(TypedDict):
    question: str
    library: str
    urgent: list[UrgentAnswer]
    answers: list[StatementAnswer]
    disagreements: list[DisputeAnswer]
    unknown_words: list[str]
    nothing_found: NotRequired[str]
    sources: list[SourceAnswer]
    signed_off: Literal[False]
