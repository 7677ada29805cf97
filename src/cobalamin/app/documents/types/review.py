"""The JSON documents of `review`, `due`, `explain` and `record`, typed (contract, section 4)."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from cobalamin.app.documents.types.common import (
    CitationAnswer,
    IssueAnswer,
    ItemAnswer,
    MassAnswer,
    ReasonAnswer,
    SourceAnswer,
)

Basis = Literal["published", "borrowed", "local_policy", "software_default"]
Determinacy = Literal["firm", "provisional"]
Timing = Literal["early", "on_time", "late", "none"]
Credit = Literal["credited", "extra", "not_credited", "excluded", "pending"]
Timeliness = Literal["not_yet_due", "bookable", "due", "overdue", "perhaps_overdue", "review_needed"]
Status = Literal[
    "discontinued", "contraindicated", "data_required", "on_hold", "paused", "bridged", "complete", "ongoing",
    "not_yet_due", "bookable", "due", "overdue", "perhaps_overdue", "review_needed",
]  # fmt: skip

Verdict = Literal[
    "as_expected", "below_expected", "above_expected", "too_early", "overdue_check", "not_interpretable", "expected_high"
]  # fmt: skip


class VersionsAnswer(TypedDict):
    engine: str
    library: str
    protocol: NotRequired[str]
    policy: str


class EvaluationAnswer(TypedDict):
    event: str
    on: str
    credit: Credit
    timing: Timing
    flags: list[str]
    reasons: list[ReasonAnswer]
    phase: NotRequired[str]
    number: NotRequired[int]
    substance: NotRequired[str]
    dose: NotRequired[MassAnswer]
    route: NotRequired[str]
    source: str


class ForecastAnswer(TypedDict):
    status: Status
    timeliness: NotRequired[Timeliness]
    phase: NotRequired[str]
    number: NotRequired[int]
    bookable_from: NotRequired[str]
    bookable_from_range: NotRequired[list[str]]
    target: NotRequired[str]
    target_range: NotRequired[list[str]]
    due_through: NotRequired[str]
    due_through_range: NotRequired[list[str]]
    overdue_from: NotRequired[str]
    overdue_from_range: NotRequired[list[str]]
    review_from: NotRequired[str]
    review_from_range: NotRequired[list[str]]
    begins: NotRequired[str]
    until: NotRequired[str]
    appointment: NotRequired[str]
    dose: NotRequired[MassAnswer]
    route: NotRequired[str]
    substance: NotRequired[str]
    determinacy: NotRequired[Determinacy]
    provisional_because: NotRequired[list[str]]
    basis: NotRequired[Basis]
    window_basis: NotRequired[Basis]
    policy: NotRequired[str]


class CheckStateAnswer(TypedDict):
    marker: str
    due: str
    through: str
    state: Literal["done", "late", "due", "missing"]
    done_on: NotRequired[str]
    symptoms_on: NotRequired[list[str]]
    determinacy: Determinacy
    appointment: NotRequired[str]
    text: str
    plain: str
    citations: list[CitationAnswer]


class VerdictAnswer(TypedDict):
    marker: str
    verdict: Verdict
    on: str
    value: NotRequired[str]
    text: str
    plain: str
    citations: list[CitationAnswer]


class ResultAnswer(TypedDict):
    event: str
    on: str
    marker: str
    value: str
    range: NotRequired[str]
    verdict: NotRequired[Verdict]
    text: str
    plain: str


class QuestionAnswer(TypedDict):
    code: str
    text: str
    options: list[str]
    default: str


class ReadingAnswer(TypedDict):
    on: str
    score: int
    days_since_last_dose: NotRequired[int]


class SymptomAnswer(TypedDict):
    name: str
    readings: list[ReadingAnswer]
    cycles: int
    wearing_off: Literal["cannot_tell", "no_pattern", "pattern_seen"]
    text: str
    plain: str


class WindowAnswer(TypedDict):
    through_days: int
    count_from: str
    early: str
    late: str
    lapse: str
    lapse_from: str
    basis: Basis


class DatesAnswer(TypedDict):
    count_from: str
    bookable_from: str
    target: str
    due_through: str
    overdue_from: str
    review_from: str


class NodeAnswer(TypedDict):
    event: NotRequired[str]
    kind: str
    on: str
    phase: NotRequired[str]
    number: NotRequired[int]
    anchor: NotRequired[str]
    wanted_day: NotRequired[int]
    interval: NotRequired[str]
    times: NotRequired[int]
    substitute: NotRequired[str]
    minimum_gap: NotRequired[str]
    floor: NotRequired[str]
    floor_of: NotRequired[Literal["decision", "bridge"]]
    review_cap: NotRequired[str]
    window: NotRequired[WindowAnswer]
    dates: NotRequired[DatesAnswer]
    credit: NotRequired[str]
    timing: NotRequired[str]
    remarks: NotRequired[list[Literal["BEFORE_NUMBER", "NO_EFFECT"]]]
    arithmetic: str
    citations: list[CitationAnswer]


class FollowUpAnswer(TypedDict):
    """What an answer to the follow-up question leads to, by a source; `answered`: it is the one that was recorded last."""

    answers: list[str]
    answered: bool
    text: str
    plain: str
    citations: list[CitationAnswer]


class ReviewAnswer(TypedDict):
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
    signed_off: Literal[False]


class IfGivenAnswer(TypedDict):
    on: str
    sentence: str
    credit: Credit
    timing: Timing
    flags: list[str]
    days_from_target: NotRequired[int]
    share_of_interval: NotRequired[str]
    either: NotRequired[list[IfGivenAnswer]]
    sources_say: list[ReasonAnswer]
    window_basis: NotRequired[Basis]
    policy: str
    next_target: NotRequired[str]


class WaitsForAnswer(TypedDict):
    """A question that keeps the date back, and the command that answers it."""

    code: str
    text: str
    command: str


class DueAnswer(TypedDict):
    on: str
    valid_until: str | None
    sentence: str
    plain: str
    forecast: ForecastAnswer
    issues: list[IssueAnswer]
    interval: NotRequired[str]
    citations: list[CitationAnswer]
    waits_for: NotRequired[list[WaitsForAnswer]]
    if_given: NotRequired[IfGivenAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False]


class FactAnswer(TypedDict):
    fact: str
    value: str


class ExplainedAnswer(TypedDict):
    what: str
    on: str
    facts: list[FactAnswer]
    plan: NotRequired[str]
    rule: str
    arithmetic: NotRequired[str]
    window: NotRequired[str]
    reasons: list[ReasonAnswer]
    citations: list[CitationAnswer]


class ExplainAnswer(TypedDict):
    asked: str
    on: str
    found: list[ExplainedAnswer]
    sources: list[SourceAnswer]
    signed_off: Literal[False]


class EntryAnswer(TypedDict):
    """`day`: with its weekday; `content`: what the entry says, in words."""

    id: str
    kind: str
    date: str
    day: str
    by: NotRequired[str]
    content: str


class DoubtAnswer(TypedDict):
    code: str
    text: str


class AskedAnswer(TypedDict):
    """What looks wrong with an entry that was not written, and what would be written."""

    written: Literal[False]
    asked: list[DoubtAnswer]
    entries: list[EntryAnswer]


class RecordAnswer(TypedDict):
    event: str
    kind: str
    date: str
    repeated: bool
    entry: EntryAnswer
    written_past: NotRequired[list[DoubtAnswer]]
    ended: NotRequired[list[str]]
    evaluation: NotRequired[EvaluationAnswer]
    before: ForecastAnswer
    after: ForecastAnswer
    sentence: str
    issues: list[IssueAnswer]
    new_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]
    signed_off: Literal[False]


class ChangeAnswer(TypedDict):
    """A fact before and after; null where nobody had asked, `unknown` where it is not known."""

    fact: str
    before: str | None
    after: str | None


class OfferedAnswer(TypedDict):
    """The protocols that may be offered, the first one fits best."""

    before: list[str]
    after: list[str]


class SetAnswer(TypedDict):
    written: list[EntryAnswer]
    changes: list[ChangeAnswer]
    options: NotRequired[OfferedAnswer]
    written_past: NotRequired[list[DoubtAnswer]]
    before: ForecastAnswer
    after: ForecastAnswer
    sentence: str
    new_issues: list[IssueAnswer]
    gone_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]
    signed_off: Literal[False]


class TakenBackAnswer(TypedDict):
    taken_back: list[EntryAnswer]
    plan: NotRequired[str]
    written: list[EntryAnswer]
    written_past: NotRequired[list[DoubtAnswer]]
    before: ForecastAnswer
    after: ForecastAnswer
    sentence: str
    new_issues: list[IssueAnswer]
    gone_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]
    signed_off: Literal[False]


class TakenOverPlanAnswer(TypedDict):
    protocol: str
    version: int
    start: str
    choices: dict[str, str]
    assumed: list[str]


class TakeOverAnswer(TypedDict):
    """`plan.assumed`: choices that nobody made, at the end of the source's range that is nearest to the person's own interval."""

    plan: TakenOverPlanAnswer
    written: list[EntryAnswer]
    written_past: NotRequired[list[DoubtAnswer]]
    before: ForecastAnswer
    after: ForecastAnswer
    sentence: str
    new_issues: list[IssueAnswer]
    gone_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]
    signed_off: Literal[False]
