"""The JSON documents of the commands, typed; `schema` turns these types into JSON Schemas (contract, section 4)."""

from __future__ import annotations

from typing import Annotated, Literal

from cobalamin.app.documents.types.base import UNSET, Document, OneOf, UnsetType

BOUNDS = {"least": "from", "most": "to"}  # `from` is no name in Python


class MassAnswer(Document):
    value: str
    unit: Annotated[str, OneOf("ug", "mg", "g")]
    ug: float


Plain = int | str | MassAnswer


class MassRange(Document, rename=BOUNDS):
    least: MassAnswer | UnsetType = UNSET
    most: MassAnswer | UnsetType = UNSET


class TextRange(Document, rename=BOUNDS):
    least: str | UnsetType = UNSET
    most: str | UnsetType = UNSET


class CitationAnswer(Document):
    source: str
    level: Annotated[str, OneOf("primary", "secondary", "article", "recalled")]
    place: str | UnsetType = UNSET


class SourceAnswer(Document):
    id: str
    title: str
    issuer: str
    edition: str | UnsetType = UNSET
    date: str
    country: str
    kind: str
    level: str
    address: str | UnsetType = UNSET


class GateAnswer(Document):
    wording: str


class EndAnswer(Document, rename=BOUNDS):
    by: Annotated[str, OneOf("doses", "duration", "total", "decision", "never", "not_stated")]
    value: Plain | UnsetType = UNSET
    least: Plain | UnsetType = UNSET
    most: Plain | UnsetType = UNSET
    wording: str | UnsetType = UNSET
    about: bool | UnsetType = UNSET


class PerWeek(Document, rename=BOUNDS):
    least: int | UnsetType = UNSET
    most: int | UnsetType = UNSET


class PhaseAnswer(Document):
    name: str
    option: str | UnsetType = UNSET
    substance: str | list[str] | None
    routes: list[str]
    divided: int | UnsetType = UNSET
    dose_per_kg: MassAnswer | UnsetType = UNSET
    dose: MassAnswer | MassRange | UnsetType = UNSET
    interval: str | TextRange | UnsetType = UNSET
    per_week: int | PerWeek | UnsetType = UNSET
    at_least: str | TextRange | UnsetType = UNSET
    ends: EndAnswer
    gate: GateAnswer | UnsetType = UNSET
    only_if: str | UnsetType = UNSET
    options: list[PhaseAnswer]
    choices: list[str]
    levels: dict[str, str]
    citations: list[CitationAnswer]


class IssueAnswer(Document):
    code: str
    severity: Annotated[str, OneOf("block", "acknowledge", "note")]
    text: str
    plain: str
    action: str
    answer: str | UnsetType = UNSET
    ask: list[str] | UnsetType = UNSET
    next_dose: Annotated[str, OneOf("waits", "goes_on")] | UnsetType = UNSET
    interrupts: bool
    citations: list[CitationAnswer]


class CaveatAnswer(Document):
    kind: Annotated[str, OneOf("dose", "population", "availability")]
    text: str
    plain: str
    holds: bool | None
    affirms: bool
    when: str | UnsetType = UNSET
    citations: list[CitationAnswer]


class SignedAnswer(Document):
    """Who has looked through a protocol as it is now; `in_force`: every row was agreed with."""

    role: str
    register: str
    day: str
    agreed: int
    rows: int
    in_force: bool


class OptionAnswer(Document):
    protocol: str
    version: int
    title: str
    country: str
    status: str
    kind: str
    place: Annotated[str, OneOf("own", "near", "general", "other", "article")]
    rank_reason: str
    practice: list[PracticeAnswer]
    lifelong: str
    phases: list[PhaseAnswer]
    precautions: list[IssueAnswer]
    caveats: list[CaveatAnswer]
    notes: list[NoteAnswer]
    citations: list[CitationAnswer]
    same_as: list[str]
    newer_editions: list[NoteAnswer]
    signed: SignedAnswer | None


class PracticeAnswer(Document):
    text: str
    plain: str
    citations: list[CitationAnswer]


class NoteAnswer(Document):
    kind: Annotated[str, OneOf("dose", "population", "availability", "history", "practice")] | UnsetType = UNSET
    text: str
    citations: list[CitationAnswer]


class FactNeed(Document):
    fact: str
    question: str
    changes: list[str]
    why: str


class ReasonAnswer(Document):
    code: str
    text: str
    citations: list[CitationAnswer]


class ExcludedAnswer(Document):
    protocol: str
    reasons: list[ReasonAnswer]


class GuidanceAnswer(Document):
    guidance: str
    title: str
    country: str
    status: str
    applies: Literal["yes", "not_known"]
    advice: list[NoteAnswer]
    notes: list[NoteAnswer]


class CommonStartAnswer(Document):
    substance: str
    dose: MassAnswer
    routes: list[str]
    protocols: list[str]
    text: str
    citations: list[CitationAnswer]


class SideAnswer(Document):
    position: str
    protocols: list[str]
    citations: list[CitationAnswer]


class DisagreementAnswer(Document):
    id: str
    topic: str
    cause: str
    sides: list[SideAnswer]


class BecauseAnswer(Document):
    event: str
    marker: str
    value: str
    on: str
    band: str
    text: str
    used: bool
    citations: list[CitationAnswer]


class NextAnswer(Document):
    """What to test (markers, of which one is enough, or with `panel` each) or to ask (a fact, or the laboratory's `range`)."""

    test: list[str] | UnsetType = UNSET
    range: list[str] | UnsetType = UNSET
    panel: bool | UnsetType = UNSET
    ask: str | UnsetType = UNSET
    text: str
    plain: str
    citations: list[CitationAnswer]


class StepAnswer(Document):
    step: Annotated[str, OneOf("confirm", "cause", "severity", "treat")]
    state: Annotated[str, OneOf("done", "suggested", "missing", "contradicted")]
    fact: str
    value: str | None
    text: str
    plain: str
    command: str | UnsetType = UNSET
    because: list[BecauseAnswer]
    next: list[NextAnswer]
    citations: list[CitationAnswer]


class ListedEntry(Document):
    """An entry of a guideline's list that is recorded: what is recorded, in words, and the events that hold it."""

    entry: str
    text: str
    plain: str
    recorded: list[str]
    events: list[str]
    citations: list[CitationAnswer]


class GuidelineListAnswer(Document):
    """A list of symptoms or risk factors for this person, with what is recorded of it; `library show` has all of it."""

    id: str
    of: Annotated[str, OneOf("symptoms", "risks")]
    issuer: str
    country: str
    found: list[ListedEntry]


class ListsAnswer(Document):
    """`says`: what sources make of symptoms and risk factors together; null where nothing is left to say."""

    lists: list[GuidelineListAnswer]
    says: NoteAnswer | None


class AssessAnswer(Document):
    on: str
    library: str
    leads: str | None
    steps: list[StepAnswer]
    listed: ListsAnswer
    issues: list[IssueAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


class ProposeAnswer(Document):
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
    signed_off: Literal[False] = False


class ItemAnswer(Document):
    kind: Annotated[str, OneOf("dose", "course", "check", "review", "decision")]
    phase: str | UnsetType = UNSET
    number: int | UnsetType = UNSET
    on: str | UnsetType = UNSET
    on_range: list[str] | UnsetType = UNSET
    until: str | UnsetType = UNSET
    after: str | UnsetType = UNSET
    offset: str | UnsetType = UNSET
    bookable_from: str | UnsetType = UNSET
    due_through: str | UnsetType = UNSET
    overdue_from: str | UnsetType = UNSET
    review_from: str | UnsetType = UNSET
    determinacy: Annotated[str, OneOf("firm", "provisional")]
    substance: str | UnsetType = UNSET
    dose: MassAnswer | UnsetType = UNSET
    route: str | UnsetType = UNSET
    volume_ml: str | UnsetType = UNSET
    marker: str | UnsetType = UNSET
    text: str
    plain: str
    why: str
    citations: list[CitationAnswer]
    basis: Annotated[str, OneOf("published", "borrowed", "local_policy", "software_default")]
    window_basis: Annotated[str, OneOf("published", "borrowed", "local_policy", "software_default")] | UnsetType = UNSET
    policy: str | UnsetType = UNSET


class NeedAnswer(Document, rename=BOUNDS):
    choice: str | UnsetType = UNSET
    least: Plain | UnsetType | None = UNSET
    most: Plain | UnsetType | None = UNSET
    options: list[str] | UnsetType = UNSET
    fact: str | UnsetType = UNSET
    question: str | UnsetType = UNSET
    why: str | UnsetType = UNSET


class NotVerified(Document):
    value: str
    level: str
    citations: list[CitationAnswer]


class PlanAnswer(Document):
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
    needs: list[NeedAnswer] | UnsetType = UNSET
    caveats: list[CaveatAnswer]
    not_verified: list[NotVerified]
    newer_editions: list[NoteAnswer]
    signed: SignedAnswer | None
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


class DoseAnswer(Document):
    dose: MassAnswer
    strength: str | UnsetType = UNSET
    volume_ml: str | UnsetType = UNSET
    whole_containers: bool | UnsetType = UNSET
    containers: str | UnsetType = UNSET
    product: str | UnsetType = UNSET
    texts: dict[str, str]
    issues: list[IssueAnswer]


class FaultAnswer(Document):
    file: str
    line: int
    path: str
    message: str


class CheckAnswer(Document):
    file: str
    readable: bool
    faults: list[FaultAnswer]
