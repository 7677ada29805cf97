"""The JSON documents of `review`, `due`, `explain` and `record`, typed (contract, section 4)."""

from __future__ import annotations

from typing import Annotated, Literal

from cobalamin.app.documents.types.ahead import AwayAnswer, SupplyAnswer
from cobalamin.app.documents.types.base import UNSET, Document, OneOf, UnsetType
from cobalamin.app.documents.types.common import (
    CitationAnswer,
    IssueAnswer,
    ItemAnswer,
    MassAnswer,
    ReasonAnswer,
    SourceAnswer,
)

Basis = Annotated[str, OneOf("published", "borrowed", "local_policy", "software_default")]
Determinacy = Annotated[str, OneOf("firm", "provisional")]
Timing = Annotated[str, OneOf("early", "on_time", "late", "none")]
Credit = Annotated[str, OneOf("credited", "extra", "not_credited", "excluded", "pending")]
Timeliness = Annotated[str, OneOf("not_yet_due", "bookable", "due", "overdue", "perhaps_overdue", "review_needed")]
Status = Annotated[str, OneOf(
    "discontinued", "contraindicated", "data_required", "on_hold", "paused", "bridged", "complete", "ongoing",
    "not_yet_due", "bookable", "due", "overdue", "perhaps_overdue", "review_needed",
)]  # fmt: skip

Verdict = Annotated[str, OneOf(
    "as_expected", "below_expected", "above_expected", "too_early", "overdue_check", "not_interpretable", "expected_high"
)]  # fmt: skip


class VersionsAnswer(Document):
    engine: str
    library: str
    protocol: str | UnsetType = UNSET
    policy: str


class EvaluationAnswer(Document):
    event: str
    on: str
    credit: Credit
    timing: Timing
    flags: list[str]
    reasons: list[ReasonAnswer]
    phase: str | UnsetType = UNSET
    number: int | UnsetType = UNSET
    substance: str | UnsetType = UNSET
    dose: MassAnswer | UnsetType = UNSET
    route: str | UnsetType = UNSET
    source: str


class ForecastAnswer(Document):
    status: Status
    timeliness: Timeliness | UnsetType = UNSET
    phase: str | UnsetType = UNSET
    number: int | UnsetType = UNSET
    bookable_from: str | UnsetType = UNSET
    bookable_from_range: list[str] | UnsetType = UNSET
    target: str | UnsetType = UNSET
    target_range: list[str] | UnsetType = UNSET
    due_through: str | UnsetType = UNSET
    due_through_range: list[str] | UnsetType = UNSET
    overdue_from: str | UnsetType = UNSET
    overdue_from_range: list[str] | UnsetType = UNSET
    review_from: str | UnsetType = UNSET
    review_from_range: list[str] | UnsetType = UNSET
    begins: str | UnsetType = UNSET
    until: str | UnsetType = UNSET
    appointment: str | UnsetType = UNSET
    dose: MassAnswer | UnsetType = UNSET
    route: str | UnsetType = UNSET
    substance: str | UnsetType = UNSET
    determinacy: Determinacy | UnsetType = UNSET
    provisional_because: list[str] | UnsetType = UNSET
    basis: Basis | UnsetType = UNSET
    window_basis: Basis | UnsetType = UNSET
    policy: str | UnsetType = UNSET


class CheckStateAnswer(Document):
    marker: str
    due: str
    through: str
    state: Annotated[str, OneOf("done", "late", "due", "missing")]
    done_on: str | UnsetType = UNSET
    symptoms_on: list[str] | UnsetType = UNSET
    determinacy: Determinacy
    appointment: str | UnsetType = UNSET
    text: str
    plain: str
    citations: list[CitationAnswer]


class VerdictAnswer(Document):
    marker: str
    verdict: Verdict
    on: str
    value: str | UnsetType = UNSET
    text: str
    plain: str
    citations: list[CitationAnswer]


class ResultAnswer(Document):
    event: str
    on: str
    marker: str
    value: str
    range: str | UnsetType = UNSET
    verdict: Verdict | UnsetType = UNSET
    text: str
    plain: str


class QuestionAnswer(Document):
    code: str
    text: str
    options: list[str]
    default: str


class ReadingAnswer(Document):
    on: str
    score: int
    days_since_last_dose: int | UnsetType = UNSET


class SymptomAnswer(Document):
    name: str
    readings: list[ReadingAnswer]
    cycles: int
    wearing_off: Annotated[str, OneOf("cannot_tell", "no_pattern", "pattern_seen")]
    text: str
    plain: str


class WindowAnswer(Document):
    through_days: int
    count_from: str
    early: str
    late: str
    lapse: str
    lapse_from: str
    basis: Basis


class DatesAnswer(Document):
    count_from: str
    bookable_from: str
    target: str
    due_through: str
    overdue_from: str
    review_from: str


class NodeAnswer(Document):
    event: str | UnsetType = UNSET
    kind: str
    on: str
    phase: str | UnsetType = UNSET
    number: int | UnsetType = UNSET
    anchor: str | UnsetType = UNSET
    wanted_day: int | UnsetType = UNSET
    interval: str | UnsetType = UNSET
    times: int | UnsetType = UNSET
    substitute: str | UnsetType = UNSET
    minimum_gap: str | UnsetType = UNSET
    floor: str | UnsetType = UNSET
    floor_of: Annotated[str, OneOf("decision", "bridge")] | UnsetType = UNSET
    review_cap: str | UnsetType = UNSET
    window: WindowAnswer | UnsetType = UNSET
    dates: DatesAnswer | UnsetType = UNSET
    credit: str | UnsetType = UNSET
    timing: str | UnsetType = UNSET
    remarks: list[Annotated[str, OneOf("BEFORE_NUMBER", "NO_EFFECT")]] | UnsetType = UNSET
    arithmetic: str
    citations: list[CitationAnswer]


class FollowUpAnswer(Document):
    """What an answer to the follow-up question leads to, by a source; `answered`: it is the one that was recorded last."""

    answers: list[str]
    answered: bool
    text: str
    plain: str
    citations: list[CitationAnswer]


class ReviewAnswer(Document):
    on: str
    valid_until: str | None
    versions: VersionsAnswer
    phase: str | None
    evaluations: list[EvaluationAnswer]
    forecast: ForecastAnswer
    upcoming: list[ItemAnswer]
    checks: list[CheckStateAnswer]
    response: list[VerdictAnswer]
    results: list[ResultAnswer]
    symptoms: list[SymptomAnswer]
    questions: list[QuestionAnswer]
    follow_up: list[FollowUpAnswer]
    issues: list[IssueAnswer]
    trace: list[NodeAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


class IfGivenAnswer(Document):
    on: str
    sentence: str
    credit: Credit
    timing: Timing
    flags: list[str]
    days_from_target: int | UnsetType = UNSET
    share_of_interval: str | UnsetType = UNSET
    either: list[IfGivenAnswer] | UnsetType = UNSET
    sources_say: list[ReasonAnswer]
    window_basis: Basis | UnsetType = UNSET
    policy: str
    next_target: str | UnsetType = UNSET


class WaitsForAnswer(Document):
    """A question that keeps the date back, and the command that answers it."""

    code: str
    text: str
    command: str


class DueAnswer(Document):
    on: str
    valid_until: str | None
    sentence: str
    plain: str
    forecast: ForecastAnswer
    issues: list[IssueAnswer]
    interval: str | UnsetType = UNSET
    citations: list[CitationAnswer]
    waits_for: list[WaitsForAnswer] | UnsetType = UNSET
    if_given: IfGivenAnswer | UnsetType = UNSET
    supply: SupplyAnswer | UnsetType = UNSET
    away: AwayAnswer | UnsetType = UNSET
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


class FactAnswer(Document):
    fact: str
    value: str


class ExplainedAnswer(Document):
    what: str
    on: str
    facts: list[FactAnswer]
    plan: str | UnsetType = UNSET
    rule: str
    arithmetic: str | UnsetType = UNSET
    window: str | UnsetType = UNSET
    reasons: list[ReasonAnswer]
    citations: list[CitationAnswer]


class ExplainAnswer(Document):
    asked: str
    on: str
    found: list[ExplainedAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


class EntryAnswer(Document):
    """`day`: with its weekday; `content`: what the entry says, in words."""

    id: str
    kind: str
    date: str
    day: str
    by: str | UnsetType = UNSET
    content: str


class DoubtAnswer(Document):
    code: str
    text: str


class AskedAnswer(Document):
    """What looks wrong with an entry that was not written, and what would be written."""

    written: Literal[False] = False
    asked: list[DoubtAnswer]
    entries: list[EntryAnswer]


class RecordAnswer(Document):
    event: str
    kind: str
    date: str
    repeated: bool
    entry: EntryAnswer
    others: list[EntryAnswer] | UnsetType = UNSET
    written_past: list[DoubtAnswer] | UnsetType = UNSET
    ended: list[str] | UnsetType = UNSET
    evaluation: EvaluationAnswer | UnsetType = UNSET
    before: ForecastAnswer
    after: ForecastAnswer
    sentence: str
    issues: list[IssueAnswer]
    new_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


class ChangeAnswer(Document):
    """A fact before and after; null where nobody had asked, `unknown` where it is not known."""

    fact: str
    before: str | None
    after: str | None


class OfferedAnswer(Document):
    """The protocols that may be offered, the first one fits best."""

    before: list[str]
    after: list[str]


class SetAnswer(Document):
    written: list[EntryAnswer]
    changes: list[ChangeAnswer]
    options: OfferedAnswer | UnsetType = UNSET
    written_past: list[DoubtAnswer] | UnsetType = UNSET
    before: ForecastAnswer
    after: ForecastAnswer
    sentence: str
    new_issues: list[IssueAnswer]
    gone_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


class TakenBackAnswer(Document):
    taken_back: list[EntryAnswer]
    plan: str | UnsetType = UNSET
    written: list[EntryAnswer]
    written_past: list[DoubtAnswer] | UnsetType = UNSET
    before: ForecastAnswer
    after: ForecastAnswer
    sentence: str
    new_issues: list[IssueAnswer]
    gone_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False


class TakenOverPlanAnswer(Document):
    protocol: str
    version: int
    start: str
    choices: dict[str, str]
    assumed: list[str]


class TakeOverAnswer(Document):
    """`plan.assumed`: choices that nobody made, at the end of the source's range that is nearest to the person's own interval."""

    plan: TakenOverPlanAnswer
    written: list[EntryAnswer]
    written_past: list[DoubtAnswer] | UnsetType = UNSET
    before: ForecastAnswer
    after: ForecastAnswer
    sentence: str
    new_issues: list[IssueAnswer]
    gone_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]
    signed_off: Literal[False] = False
