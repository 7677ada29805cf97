"""The JSON documents of `compare` and `whatif`, typed (contract, section 3)."""

from __future__ import annotations

from typing import Annotated, Literal

from cobalamin.app.documents.types.base import UNSET, Document, OneOf, UnsetType
from cobalamin.app.documents.types.common import (
    BOUNDS,
    CitationAnswer,
    DisagreementAnswer,
    FactNeed,
    MassRange,
    ReasonAnswer,
    SideAnswer,
    SourceAnswer,
)

Aspect = Annotated[str, OneOf("substance", "dose", "loading", "maintenance", "route", "end", "checks")]
CauseWord = Annotated[str, OneOf("product", "population", "edition", "opinion", "jurisdiction")]


class NumberRange(Document, rename=BOUNDS):
    least: int | UnsetType = UNSET
    most: int | UnsetType = UNSET


class AmountsAnswer(Document):
    doses: NumberRange
    course_days: NumberRange
    mass: MassRange | UnsetType = UNSET


class FiguresAnswer(Document):
    first_days: AmountsAnswer
    first_year: AmountsAnswer
    maintenance_year: AmountsAnswer | UnsetType = UNSET


class SaysAnswer(Document):
    text: str
    plain: str
    citations: list[CitationAnswer]


class AssumedAnswer(Document):
    phase: str
    on: str
    text: str


class WayItemAnswer(Document):
    kind: Annotated[str, OneOf("dose", "course")]
    phase: str
    on: str
    until: str | UnsetType = UNSET


class WayAnswer(Document):
    end: Annotated[str, OneOf("fewest", "most", "only")]
    choices: dict[str, str]
    assumed: list[AssumedAnswer]
    items: list[WayItemAnswer]


class PlannedCheckAnswer(Document):
    marker: str | UnsetType = UNSET
    text: str
    days: list[int]
    citations: list[CitationAnswer]


class ComparedAnswer(Document):
    protocol: str
    version: int
    title: str
    country: str
    status: str
    kind: str
    population: str
    level: str
    standing: Annotated[str, OneOf("option", "pending", "excluded")]
    named: bool
    accepted: bool
    same_as: str | UnsetType = UNSET
    reasons: list[ReasonAnswer]
    blocks: list[str]
    missing: list[str]
    undated: list[str]
    open_choices: list[str]
    choices: dict[str, str]
    says: dict[str, SaysAnswer]
    figures: FiguresAnswer | None
    ways: list[WayAnswer]
    checks: list[PlannedCheckAnswer]


class NamedGuidance(Document):
    guidance: str
    title: str
    country: str
    status: str


class PositionAnswer(Document):
    text: str
    plain: str
    protocols: list[str]
    citations: list[CitationAnswer]


class PairsAnswer(Document):
    protocol: str
    against: list[str]


class CauseAnswer(Document):
    cause: CauseWord
    basis: Literal["library", "derived"]
    disagreement: str | UnsetType = UNSET
    text: str
    sides: list[SideAnswer] | UnsetType = UNSET
    between: list[PairsAnswer]
    citations: list[CitationAnswer]


class DifferenceAnswer(Document):
    aspect: Aspect
    positions: list[PositionAnswer]
    causes: list[CauseAnswer]


class NotAppliedAnswer(Document):
    choice: str
    protocol: str


class CompareAnswer(Document):
    on: str
    library: str
    start: str
    days: int
    policy: str
    protocols: list[ComparedAnswer]
    guidance: list[NamedGuidance]
    common_checks: list[PlannedCheckAnswer]
    differences: list[DifferenceAnswer]
    disagreements: list[DisagreementAnswer]
    not_applied: list[NotAppliedAnswer]
    needs: list[FactNeed]
    pending: list[str]
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


# -- whatif ----------------------------------------------------------------------------------------------------------

EffectKind = Annotated[str, OneOf("block", "regimen", "first_dose", "plan", "options", "issues")]
SeverityOrNone = Annotated[str, OneOf("block", "acknowledge", "")]


class LeaderAnswer(Document):
    protocol: str
    says: dict[str, str]
    first_days: AmountsAnswer | UnsetType = UNSET
    maintenance_year: AmountsAnswer | UnsetType = UNSET
    citations: list[CitationAnswer]


class LeadingChange(Document):
    before: LeaderAnswer | None
    after: LeaderAnswer | None
    changes: list[AspectChange]


class AspectChange(Document):
    aspect: Annotated[str, OneOf("substance", "dose", "loading", "maintenance", "route", "end")]
    before: str
    after: str


class FirstDoseAnswer(Document):
    on: str
    substance: str
    dose: str
    route: str


class FirstDoseChange(Document):
    before: FirstDoseAnswer | None
    after: FirstDoseAnswer | None


class IssueChangeAnswer(Document):
    code: str
    before: SeverityOrNone
    after: SeverityOrNone


class PlanChangeAnswer(Document):
    text: str
    plain: str
    before: Annotated[str, OneOf("", "may", "yes")]
    after: Annotated[str, OneOf("", "may", "yes")]


class GivenAnswer(Document):
    fact: str
    value: str


class ValueEffectAnswer(Document):
    values: list[str]
    given: list[GivenAnswer]
    leading: LeadingChange | UnsetType = UNSET
    first_dose: FirstDoseChange | UnsetType = UNSET
    plan: list[PlanChangeAnswer]
    options_added: list[str]
    options_removed: list[str]
    issues: list[IssueChangeAnswer]


class FactEffectAnswer(Document):
    fact: str
    question: str
    plain: str
    why: str
    find_out: Annotated[str, OneOf("ask", "examine", "test")]
    strongest: EffectKind
    alone: bool
    together_with: list[list[str]]
    effects: list[ValueEffectAnswer]


class WaitingAnswer(Document):
    facts: list[str]
    protocols: list[str]


class WhatIfAnswer(Document):
    on: str
    library: str
    leading: str | None
    options: int
    order: list[str]
    combinations: Annotated[str, OneOf("all", "pairs")]
    facts: list[FactEffectAnswer]
    without_effect: list[str]
    asked_not_known: list[FactEffectAnswer]
    asked_not_known_without_effect: list[str]
    waiting: list[WaitingAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False
