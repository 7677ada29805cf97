"""The JSON documents of a panel, typed."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

Status = Literal[
    "discontinued", "contraindicated", "data_required", "on_hold", "paused", "bridged", "complete", "ongoing", "not_yet_due",
    "bookable", "due", "overdue", "perhaps_overdue", "review_needed",
]  # fmt: skip
PatientId = str | int  # as the register has it


# Rows of a table: in = used + set_aside; "in" is no name for a class to hold.
TableCounts = TypedDict("TableCounts", {"in": int, "used": int, "set_aside": int})


class FileRead(TypedDict):
    """How a CSV file was read."""

    file: str
    encoding: Literal["UTF-8", "UTF-16 LE", "UTF-16 BE", "Windows-1252"]
    separator: Literal["commas", "semicolons", "tabs", "bars"]
    heading_line: int


class ListNote(TypedDict):
    """What is to be said of the patient numbers of a list, and of how many.

    one_line_a_dose: they stand on several lines, of which the newest of each person counts. other_spelling: they differ only in spaces,
    hyphens and capitals, so two of them may be one person.
    """

    note: Literal["one_line_a_dose", "other_spelling"]
    people: int
    lines: NotRequired[int]


class PanelBuildAnswer(TypedDict):
    on: str
    library: str
    policy: str
    may_be_missing: int
    people: int
    rows: dict[str, TableCounts]
    cells: dict[str, int]
    files: list[FileRead]
    notes: list[ListNote]
    faults: list[str]


class RecallRow(TypedDict):
    patient_id: PatientId
    practice: str
    status: Status
    reasons: list[str]
    target: str | None
    days_late: int
    last_dose: str | None
    phase: str
    number: int
    question: str
    question_since: str | None
    cause: str
    neurological_involvement: str
    lifelong: bool
    rows_set_aside: int
    unread_cells: list[str]
    basis: Literal[
        "published", "recorded", ""
    ]  # whether the interval is the source's or the person's own; "" without a plan
    own_interval: str
    published_interval: str  # beside an own interval: what the source publishes
    leaves_on: str | None  # the day, still to come, on which the person leaves the practice


class PanelRecallAnswer(TypedDict):
    on: str
    library: str
    policy: str
    may_be_missing: int
    through: str
    people: int
    rows: list[RecallRow]
    not_listed: dict[str, int]


class MeasureAnswer(TypedDict):
    id: str
    name: str
    group: str
    unit: Literal["people", "doses"]
    better: Literal["high", "low"]
    numerator: int
    denominator: int
    excluded: int
    share: float | None
    median_days: NotRequired[float]


class PanelMeasuresAnswer(TypedDict):
    on: str
    library: str
    policy: str
    may_be_missing: int
    shared: bool
    measures: list[MeasureAnswer]


class PersonBehind(TypedDict):
    patient_id: PatientId
    practice: str
    status: Status
    target: str | None
    last_dose: str | None
    counted: bool | None


class PanelPeopleAnswer(TypedDict):
    measure: str
    may_be_missing: int
    people: list[PersonBehind]


class MonthAnswer(TypedDict):
    """People on treatment at a month's end by status; `dated` have an open date, `late` of these are overdue or to be looked at."""

    month: str
    discontinued: int
    contraindicated: int
    data_required: int
    on_hold: int
    paused: int
    bridged: int
    complete: int
    ongoing: int
    not_yet_due: int
    bookable: int
    due: int
    overdue: int
    review_needed: int
    perhaps_overdue: int
    dated: int
    late: int
    late_share: float | None


class PanelTimelineAnswer(TypedDict):
    on: str
    library: str
    policy: str
    may_be_missing: int
    months: list[MonthAnswer]


class SetAsideRow(TypedDict):
    table: str
    patient_id: str | None
    file: str
    line: int
    cell: str
    detail: str
    reason: str


class DifferingRow(TypedDict):
    patient_id: PatientId
    told: str | None
    target: str | None
    days: int | None
    as_written: str
    last_dose: str | None
    interval_days: int
    status: Status


class PanelReconcileAnswer(TypedDict):
    on: str
    library: str
    policy: str
    may_be_missing: int
    rows: dict[str, TableCounts]
    set_aside: list[SetAsideRow]
    differing: list[DifferingRow]
