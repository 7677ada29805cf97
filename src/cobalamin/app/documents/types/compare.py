"""The JSON documents of `compare` and `whatif`, typed (contract, section 3)."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from cobalamin.app.documents.types.common import (
    CitationAnswer,
    DisagreementAnswer,
    FactNeed,
    MassRange,
    ReasonAnswer,
    SideAnswer,
    SourceAnswer,
)

Aspect = Literal["substance", "dose", "loading", "maintenance", "route", "end", "checks"]
CauseWord = Literal["product", "population", "edition", "opinion", "jurisdiction"]
NumberRange = TypedDict("NumberRange", {"from": NotRequired[int], "to": NotRequired[int]})


class AmountsAnswer(TypedDict):
    doses: NumberRange
    course_days: NumberRange
    mass: NotRequired[MassRange]


class FiguresAnswer(TypedDict):
    first_days: AmountsAnswer
    first_year: AmountsAnswer
    maintenance_year: NotRequired[AmountsAnswer]


class SaysAnswer(TypedDict):
    text: str
    plain: str
    citations: list[CitationAnswer]


class AssumedAnswer(TypedDict):
    phase: str
    on: str
    text: str


class WayItemAnswer(TypedDict):
    kind: Literal["dose", "course"]
    phase: str
    on: str
    until: NotRequired[str]


class WayAnswer(TypedDict):
    end: Literal["fewest", "most", "only"]
    choices: dict[str, str]
    assumed: list[AssumedAnswer]
    items: list[WayItemAnswer]


class PlannedCheckAnswer(TypedDict):
    marker: NotRequired[str]
    text: str
    days: list[int]
    citations: list[CitationAnswer]


class ComparedAnswer(TypedDict):
    protocol: str
    version: int
    title: str
    country: str
    status: str
    kind: str
    population: str
    level: str
    standing: Literal["option", "pending", "excluded"]
    named: bool
    accepted: bool
    same_as: NotRequired[str]
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


class NamedGuidance(TypedDict):
    guidance: str
    title: str
    country: str
    status: str


class PositionAnswer(TypedDict):
    text: str
    plain: str
    protocols: list[str]
    citations: list[CitationAnswer]


class PairsAnswer(TypedDict):
    protocol: str
    against: list[str]


class CauseAnswer(TypedDict):
    cause: CauseWord
    basis: Literal["library", "derived"]
    disagreement: NotRequired[str]
    text: str
    sides: NotRequired[list[SideAnswer]]
    between: list[PairsAnswer]
    citations: list[CitationAnswer]


class DifferenceAnswer(TypedDict):
    aspect: Aspect
    positions: list[PositionAnswer]
    causes: list[CauseAnswer]


class NotAppliedAnswer(TypedDict):
    choice: str
    protocol: str


class CompareAnswer(TypedDict):
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
    signed_off: Literal[False]


# -- whatif ----------------------------------------------------------------------------------------------------------

EffectKind = Literal["block", "regimen", "first_dose", "plan", "options", "issues"]
SeverityOrNone = Literal["block", "acknowledge", ""]


class LeaderAnswer(TypedDict):
    protocol: str
    says: dict[str, str]
    first_days: NotRequired[AmountsAnswer]
    maintenance_year: NotRequired[AmountsAnswer]
    citations: list[CitationAnswer]


class LeadingChange(TypedDict):
    before: LeaderAnswer | None
    after: LeaderAnswer | None
    changes: list[AspectChange]


class AspectChange(TypedDict):
    aspect: Literal["substance", "dose", "loading", "maintenance", "route", "end"]
    before: str
    after: str


class FirstDoseAnswer(TypedDict):
    on: str
    substance: str
    dose: str
    route: str


class FirstDoseChange(TypedDict):
    before: FirstDoseAnswer | None
    after: FirstDoseAnswer | None


class IssueChangeAnswer(TypedDict):
    code: str
    before: SeverityOrNone
    after: SeverityOrNone


class PlanChangeAnswer(TypedDict):
    text: str
    plain: str
    before: Literal["", "may", "yes"]
    after: Literal["", "may", "yes"]


class GivenAnswer(TypedDict):
    fact: str
    value: str


class ValueEffectAnswer(TypedDict):
    values: list[str]
    given: list[GivenAnswer]
    leading: NotRequired[LeadingChange]
    first_dose: NotRequired[FirstDoseChange]
    plan: list[PlanChangeAnswer]
    options_added: list[str]
    options_removed: list[str]
    issues: list[IssueChangeAnswer]


class FactEffectAnswer(TypedDict):
    fact: str
    question: str
    plain: str
    why: str
    find_out: Literal["ask", "examine", "test"]
    strongest: EffectKind
    alone: bool
    together_with: list[list[str]]
    effects: list[ValueEffectAnswer]


class WaitingAnswer(TypedDict):
    facts: list[str]
    protocols: list[str]


class WhatIfAnswer(TypedDict):
    on: str
    library: str
    leading: str | None
    options: int
    order: list[str]
    combinations: Literal["all", "pairs"]
    facts: list[FactEffectAnswer]
    without_effect: list[str]
    asked_not_known: list[FactEffectAnswer]
    asked_not_known_without_effect: list[str]
    waiting: list[WaitingAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False]
