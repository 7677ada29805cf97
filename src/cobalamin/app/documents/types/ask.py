"""The JSON document of `ask`, typed."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from cobalamin.app.documents.types.common import CitationAnswer, SourceAnswer
from cobalamin.app.documents.types.review import ForecastAnswer


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


class OwnDatesAnswer(TypedDict):
    patient: str
    on: str
    sentence: str
    plain: str
    if_given: NotRequired[str]
    forecast: ForecastAnswer
    citations: list[CitationAnswer]


class TimingAnswer(TypedDict):
    kind: Literal["early", "late", "double", "next"]
    text: str
    plain: str
    basis: Literal["software_default"]
    own_dates: NotRequired[OwnDatesAnswer]


class ReadAsAnswer(TypedDict):
    word: str
    read_as: str


class AskAnswer(TypedDict):
    question: str
    library: str
    urgent: list[UrgentAnswer]
    timing: NotRequired[TimingAnswer]
    answers: list[StatementAnswer]
    disagreements: list[DisputeAnswer]
    unknown_words: list[str]
    read_as: NotRequired[list[ReadAsAnswer]]
    nothing_found: NotRequired[str]
    danger_line: str
    sources: list[SourceAnswer]
    signed_off: Literal[False]
