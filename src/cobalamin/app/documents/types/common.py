"""The JSON documents of the commands, typed; `schema` turns these types into JSON Schemas (contract, section 4)."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class MassAnswer(TypedDict):
    value: str
    unit: Literal["ug", "mg", "g"]
    ug: float


MassRange = TypedDict("MassRange", {"from": NotRequired[MassAnswer], "to": NotRequired[MassAnswer]})
TextRange = TypedDict("TextRange", {"from": NotRequired[str], "to": NotRequired[str]})


class CitationAnswer(TypedDict):
    source: str
    level: Literal["primary", "secondary", "article", "recalled"]
    place: NotRequired[str]


class SourceAnswer(TypedDict):
    id: str
    title: str
    issuer: str
    edition: NotRequired[str]
    date: str
    country: str
    kind: str
    level: str
    address: NotRequired[str]


class GateAnswer(TypedDict):
    wording: str


EndAnswer = TypedDict(
    "EndAnswer",
    {
        "by": Literal["doses", "duration", "total", "decision", "never", "not_stated"],
        "value": NotRequired[int | str | MassAnswer],
        "from": NotRequired[int | str | MassAnswer],
        "to": NotRequired[int | str | MassAnswer],
        "wording": NotRequired[str],
        "about": NotRequired[bool],
    },
)

PerWeek = TypedDict("PerWeek", {"from": NotRequired[int], "to": NotRequired[int]})


class PhaseAnswer(TypedDict):
    name: str
    option: NotRequired[str]
    substance: str | list[str] | None
    routes: list[str]
    dose: NotRequired[MassAnswer | MassRange]
    dose_per_kg: NotRequired[MassAnswer]
    divided: NotRequired[int]
    interval: NotRequired[str | TextRange]
    per_week: NotRequired[int | PerWeek]
    at_least: NotRequired[str | TextRange]
    ends: EndAnswer
    gate: NotRequired[GateAnswer]
    only_if: NotRequired[str]
    options: list[PhaseAnswer]
    choices: list[str]
    levels: dict[str, str]
    citations: list[CitationAnswer]


class IssueAnswer(TypedDict):
    code: str
    severity: Literal["block", "acknowledge", "note"]
    text: str
    plain: str
    action: str
    answer: NotRequired[str]
    ask: NotRequired[list[str]]
    next_dose: NotRequired[Literal["waits", "goes_on"]]
    interrupts: bool
    citations: list[CitationAnswer]


class CaveatAnswer(TypedDict):
    kind: Literal["dose", "population", "availability"]
    text: str
    plain: str
    holds: bool | None
    affirms: bool
    when: NotRequired[str]
    citations: list[CitationAnswer]


class OptionAnswer(TypedDict):
    protocol: str
    version: int
    title: str
    country: str
    status: str
    kind: str
    place: Literal["own", "near", "general", "other", "article"]
    rank_reason: str
    practice: list[PracticeAnswer]
    lifelong: str
    phases: list[PhaseAnswer]
    precautions: list[IssueAnswer]
    caveats: list[CaveatAnswer]
    notes: list[NoteAnswer]
    citations: list[CitationAnswer]
    same_as: list[str]


class PracticeAnswer(TypedDict):
    text: str
    plain: str
    citations: list[CitationAnswer]


class NoteAnswer(TypedDict):
    kind: NotRequired[Literal["dose", "population", "availability", "history", "practice"]]
    text: str
    citations: list[CitationAnswer]


class FactNeed(TypedDict):
    fact: str
    question: str
    changes: list[str]
    why: str


class ReasonAnswer(TypedDict):
    code: str
    text: str
    citations: list[CitationAnswer]


class ExcludedAnswer(TypedDict):
    protocol: str
    reasons: list[ReasonAnswer]


class GuidanceAnswer(TypedDict):
    guidance: str
    title: str
    country: str
    status: str
    applies: Literal["yes", "not_known"]
    advice: list[NoteAnswer]
    notes: list[NoteAnswer]


class CommonStartAnswer(TypedDict):
    substance: str
    dose: MassAnswer
    routes: list[str]
    protocols: list[str]
    text: str
    citations: list[CitationAnswer]


class SideAnswer(TypedDict):
    position: str
    protocols: list[str]
    citations: list[CitationAnswer]


class DisagreementAnswer(TypedDict):
    id: str
    topic: str
    cause: str
    sides: list[SideAnswer]


class BecauseAnswer(TypedDict):
    event: str
    marker: str
    value: str
    on: str
    band: str
    text: str
    used: bool
    citations: list[CitationAnswer]


class NextAnswer(TypedDict):
    """What to test (markers, of which one is enough, or with `panel` each) or to ask (a fact, or the laboratory's `range`)."""

    test: NotRequired[list[str]]
    panel: NotRequired[bool]
    range: NotRequired[list[str]]
    ask: NotRequired[str]
    text: str
    plain: str
    citations: list[CitationAnswer]


class StepAnswer(TypedDict):
    step: Literal["confirm", "cause", "severity", "treat"]
    state: Literal["done", "suggested", "missing", "contradicted"]
    fact: str
    value: str | None
    text: str
    plain: str
    command: NotRequired[str]
    because: list[BecauseAnswer]
    next: list[NextAnswer]
    citations: list[CitationAnswer]


class AssessAnswer(TypedDict):
    on: str
    library: str
    leads: str | None
    steps: list[StepAnswer]
    issues: list[IssueAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False]


class ProposeAnswer(TypedDict):
    on: str
    library: str
    assessment: list[StepAnswer]
    options: list[OptionAnswer]
    needs: list[FactNeed]
    excluded: list[ExcludedAnswer]
    guidance: list[GuidanceAnswer]
    common_start: CommonStartAnswer | None
    issues: list[IssueAnswer]
    pending: list[str]
    asked_not_known: list[str]
    disagreements: list[DisagreementAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False]


class ItemAnswer(TypedDict):
    kind: Literal["dose", "course", "check", "review", "decision"]
    phase: NotRequired[str]
    number: NotRequired[int]
    on: NotRequired[str]
    on_range: NotRequired[list[str]]
    until: NotRequired[str]
    after: NotRequired[str]
    offset: NotRequired[str]
    bookable_from: NotRequired[str]
    due_through: NotRequired[str]
    overdue_from: NotRequired[str]
    review_from: NotRequired[str]
    determinacy: Literal["firm", "provisional"]
    substance: NotRequired[str]
    dose: NotRequired[MassAnswer]
    route: NotRequired[str]
    volume_ml: NotRequired[str]
    marker: NotRequired[str]
    text: str
    plain: str
    why: str
    citations: list[CitationAnswer]
    basis: Literal["published", "borrowed", "local_policy", "software_default"]
    window_basis: NotRequired[Literal["published", "borrowed", "local_policy", "software_default"]]
    policy: NotRequired[str]


NeedAnswer = TypedDict(
    "NeedAnswer",
    {
        "choice": NotRequired[str],
        "from": NotRequired[int | str | MassAnswer | None],
        "to": NotRequired[int | str | MassAnswer | None],
        "options": NotRequired[list[str]],
        "fact": NotRequired[str],
        "question": NotRequired[str],
        "why": NotRequired[str],
    },
)


class NotVerified(TypedDict):
    value: str
    level: str
    citations: list[CitationAnswer]


class PlanAnswer(TypedDict):
    protocol: str
    version: int
    title: str
    status: str
    library: str
    start: str
    choices: dict[str, str]
    policy: str
    items: list[ItemAnswer]
    issues: list[IssueAnswer]
    needs: NotRequired[list[NeedAnswer]]
    caveats: list[CaveatAnswer]
    not_verified: list[NotVerified]
    sources: list[SourceAnswer]
    signed_off: Literal[False]


class DoseAnswer(TypedDict):
    dose: MassAnswer
    strength: NotRequired[str]
    volume_ml: NotRequired[str]
    whole_containers: NotRequired[bool]
    containers: NotRequired[str]
    product: NotRequired[str]
    texts: dict[str, str]
    issues: list[IssueAnswer]


class FaultAnswer(TypedDict):
    file: str
    line: int
    path: str
    message: str


class CheckAnswer(TypedDict):
    file: str
    readable: bool
    faults: list[FaultAnswer]
