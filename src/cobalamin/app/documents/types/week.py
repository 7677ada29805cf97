"""The JSON documents of a practice's own list: its week, and what is in it before it is read. Typed."""

from __future__ import annotations

from typing import Literal, TypedDict

from cobalamin.app.documents.types.panel import FileRead, ListNote, PatientId, Status

PartName = Literal["week", "lost", "asked", "booked", "later", "elsewhere", "left"]


class WeekCounts(TypedDict):
    """How many of the list stand in each part; together they are all of them. Lines that can't be read stand in `asked`."""

    week: int
    lost: int
    asked: int
    booked: int
    later: int
    elsewhere: int
    left: int


class WeekCalls(TypedDict):
    """What came of calls since the last dose. `missed`: the day of an appointment that has passed without a dose; `tries`: calls without one."""

    booked_for: str | None
    missed: str | None
    declined: str | None
    tries: int


class WeekPerson(TypedDict):
    """A person of the list. `carried`: the cells of the columns that the mapping carries; `slot`: the appointment of this week, 0 for none."""

    part: PartName
    line: int
    patient_id: PatientId
    carried: dict[str, str]
    status: Status
    reasons: list[str]
    target: str | None
    days_late: int
    last_dose: str
    question: str
    own_interval: str
    published_interval: str
    neurological_involvement: str
    lifelong: bool
    unread_cells: list[str]
    shares_number: bool
    own_due: str | None
    calls: WeekCalls
    slot: int


class WeekLine(TypedDict):
    """A line that can't be read or told apart."""

    line: int
    patient_id: str
    reason: str
    carried: dict[str, str]


class UnreadCell(TypedDict):
    cell: str
    detail: str
    number: int


class UnusedOutcome(TypedDict):
    line: int
    why: Literal["line", "word", "day", "to_come", "booked_for", "unknown"]
    what: str


class PanelTodayAnswer(TypedDict):
    on: str
    library: str
    policy: str
    may_be_missing: int
    through: str
    slots: int
    total: int
    parts: WeekCounts
    files: list[FileRead]
    notes: list[ListNote]
    people: list[WeekPerson]
    lines: list[WeekLine]
    unread: list[UnreadCell]
    unused_outcomes: list[UnusedOutcome]


class LookedColumn(TypedDict):
    """A column of a list. `taken_for`: what the draft takes it for, "" for nothing; `carried`: whether it is shown on the list as it is."""

    name: str
    taken_for: str
    carried: bool
    filled: int
    examples: list[str]


class LookedCell(TypedDict):
    cell: str
    column: str
    detail: str
    number: int


class LookedRow(TypedDict):
    """One of the first rows as it would be read, by our columns."""

    line: int
    cells: dict[str, str]
    unread_cells: list[str]


class PanelLookAnswer(TypedDict):
    """`lacking`: what no row can be read without and no column looks like; `open`: what the draft mapping leaves to be written."""

    file: FileRead
    lines: int
    may_be_missing: int
    columns: list[LookedColumn]
    lacking: list[str]
    unread: list[LookedCell]
    rows: list[LookedRow]
    open: list[str]
    mapping: str
