"""The JSON document of `today`, typed (contract, section 3)."""

from __future__ import annotations

from typing import Annotated, Literal

from cobalamin.app.documents.types.base import UNSET, Document, OneOf, UnsetType
from cobalamin.app.documents.types.common import IssueAnswer, SourceAnswer
from cobalamin.app.documents.types.review import Status, WaitsForAnswer

GroupWord = Annotated[str, OneOf("alarm", "overdue", "due", "waiting", "soon", "later", "no_plan")]


class TodayPersonAnswer(Document):
    """One person; `days`: from the day of the list to the day the dose is due, below zero where it is late."""

    file: str
    patient: str
    birth_date: str | UnsetType = UNSET
    group: GroupWord
    status: Status | UnsetType = UNSET
    target: str | UnsetType = UNSET
    days: int | UnsetType = UNSET
    sentence: str | UnsetType = UNSET
    plain: str | UnsetType = UNSET
    issues: list[IssueAnswer]
    waits_for: list[WaitsForAnswer] | UnsetType = UNSET


class UnreadableAnswer(Document):
    file: str
    fault: str


class AlikeAnswer(Document):
    patient: str
    birth_date: str | UnsetType = UNSET
    files: list[str]


class TodayAnswer(Document):
    """Everybody of the folder in the order in which they are looked at; `may_be_missing`: so many files can't be read."""

    on: str
    people: list[TodayPersonAnswer]
    alike: list[AlikeAnswer]
    may_be_missing: int
    unreadable: list[UnreadableAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False
