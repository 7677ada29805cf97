"""The JSON document of a simulation, typed."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from cobalamin.app.documents.types.common import MassAnswer

Figure = float | None  # None: never, or beyond what a number holds
RemarkCode = Literal[
    "MONTH_ONLY", "DOSE_NOT_TOLD", "DOSE_IN_COURSE", "HISTORY", "HISTORY_COUNTED", "HISTORY_MONTH", "HISTORY_NO_DAY", "HISTORY_NO_DOSE",
    "HISTORY_COURSE", "COURSE_AS_PLANNED", "NOT_TAKEN", "STATEMENT_DAILY", "STATEMENT_PARTLY", "STATEMENT_INCOMPLETE",
    "STATEMENT_INJECTION", "STATEMENT_HOW_OFTEN", "STATEMENT_REPLACED", "BRIDGE", "BRIDGE_DAILY", "COVER_OPEN", "COVERED",
    "NOTHING_NEXT", "START_NOT_EXACT", "GFR_NOT_EXACT", "HAEMOGLOBIN_NOT_EXACT", "NOT_COVERED", "UNTREATED", "LACK_UNTREATED",
]  # fmt: skip


class AssumedAnswer(TypedDict):
    """`absorption` and `diet`: 0 none, 1 usual. What is not there is not known.

    `assumed_by_program`: which of these nobody told; the simulated people have the model's usual.
    """

    absorption: float
    diet: float
    weight_kg: float
    gfr_ml_min: float
    assumed_by_program: list[str]
    serum_b12: NotRequired[float]
    haemoglobin: NotRequired[float]


class GivenAnswer(TypedDict):
    """A dose, or a course with its last day and the days between two of its doses."""

    kind: Literal["dose", "course"]
    date: str
    until: NotRequired[str]
    every_days: NotRequired[Figure]
    substance: str
    dose: MassAnswer
    route: str


class ResultAnswer(TypedDict):
    date: str
    marker: str
    value: str


class MomentAnswer(TypedDict):
    """A time that was asked for; `day` is one of `days`."""

    after_first_dose: str
    day: float
    date: str


class RemarkAnswer(TypedDict):
    """What of the case is left out, or is in the simulation by an assumption."""

    code: RemarkCode
    left_out: bool
    entry: NotRequired[str]
    date: NotRequired[str]
    text: str


class ReadingAnswer(TypedDict):
    """`bands`: for each marker a row for each of `percentiles`, in it a figure for each of `days`."""

    reading: Literal["retained", "late_loss"]
    bands: dict[str, list[list[Figure]]]
    months_to_low: NotRequired[dict[str, Figure]]
    low_serum_b12: NotRequired[float]


class ComparedAnswer(TypedDict):
    """`scenario`: as it was typed; `plan` is the case's own plan."""

    scenario: str
    doses: list[GivenAnswer]
    readings: list[ReadingAnswer]


class SimulateAnswer(TypedDict):
    on: str
    begin: str
    until: str
    stop: NotRequired[str]
    scenario: NotRequired[str]
    people: int
    seed: int
    assumed: AssumedAnswer
    units: dict[str, str]
    percentiles: list[float]
    days: list[float]
    at: NotRequired[list[MomentAnswer]]
    doses: list[GivenAnswer]
    results: list[ResultAnswer]
    readings: list[ReadingAnswer]
    compared: list[ComparedAnswer]
    remarks: list[RemarkAnswer]
    notes: list[str]
    signed_off: bool
