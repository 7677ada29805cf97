"""What `due` says beside the date, typed: how long what is at home lasts, and what falls into a journey."""

from __future__ import annotations

from typing import Annotated

from cobalamin.app.documents.types.base import UNSET, Document, OneOf, UnsetType


class SupplyAnswer(Document):
    """`until`: the first dose that the ampoules are not enough for; absent where the schedule ends before."""

    ampoules: int
    covered: list[str]
    until: str | UnsetType = UNSET
    order_by: str | UnsetType = UNSET
    order_ahead: str
    order_ahead_basis: Annotated[str, OneOf("software_default", "local_policy")]
    policy: str
    one_each: bool
    sentences: list[str]


class AwayDoseAnswer(Document):
    """`before` and `after`: first and last day on which it is in time and nobody is away."""

    on: str
    bookable_from: str | UnsetType = UNSET
    due_through: str | UnsetType = UNSET
    before: list[str] | UnsetType = UNSET
    after: list[str] | UnsetType = UNSET
    sentence: str


class AwayOtherAnswer(Document):
    kind: Annotated[str, OneOf("course", "check", "review", "decision")]
    on: str
    text: str


class AwayAnswer(Document):
    begins: str
    ends: str
    doses: list[AwayDoseAnswer]
    others: list[AwayOtherAnswer]
    window_basis: Annotated[str, OneOf("software_default", "local_policy")]
    policy: str
    sentences: list[str]
