"""The JSON document of a simulation, typed."""

from __future__ import annotations

from typing import Annotated, Literal

from cobalamin.app.documents.types.base import UNSET, Document, OneOf, UnsetType
from cobalamin.app.documents.types.common import MassAnswer

Figure = float | None  # None: never, or beyond what a number holds
RemarkCode = Annotated[str, OneOf(
    "MONTH_ONLY", "DOSE_NOT_TOLD", "DOSE_IN_COURSE", "HISTORY", "HISTORY_COUNTED", "HISTORY_MONTH", "HISTORY_NO_DAY", "HISTORY_NO_DOSE",
    "HISTORY_COURSE", "COURSE_AS_PLANNED", "NOT_TAKEN", "STATEMENT_DAILY", "STATEMENT_PARTLY", "STATEMENT_INCOMPLETE",
    "STATEMENT_INJECTION", "STATEMENT_HOW_OFTEN", "STATEMENT_REPLACED", "BRIDGE", "BRIDGE_DAILY", "COVER_OPEN", "COVERED",
    "NOTHING_NEXT", "START_NOT_EXACT", "GFR_NOT_EXACT", "HAEMOGLOBIN_NOT_EXACT", "NOT_COVERED", "UNTREATED", "LACK_UNTREATED", "SUBSTANCE_ASSUMED",
)]  # fmt: skip


class AssumedAnswer(Document):
    """`absorption` and `diet`: 0 none, 1 usual. What is not there is not known.

    `assumed_by_program`: which of these nobody told; the simulated people have the model's usual.
    """

    absorption: float
    diet: float
    weight_kg: float
    gfr_ml_min: float
    serum_b12: float | UnsetType = UNSET
    haemoglobin: float | UnsetType = UNSET
    assumed_by_program: list[str]


class GivenAnswer(Document):
    """A dose, or a course with its last day and the days between two of its doses."""

    kind: Literal["dose", "course"]
    date: str
    until: str | UnsetType = UNSET
    every_days: Figure | UnsetType = UNSET
    substance: str
    dose: MassAnswer
    route: str


class ResultAnswer(Document):
    date: str
    marker: str
    value: str


class MomentAnswer(Document):
    """A time that was asked for; `day` is one of `days`."""

    after_first_dose: str
    day: float
    date: str


class RemarkAnswer(Document):
    """What of the case is left out, or is in the simulation by an assumption."""

    code: RemarkCode
    left_out: bool
    entry: str | UnsetType = UNSET
    date: str | UnsetType = UNSET
    text: str


class ReadingAnswer(Document):
    """`bands`: for each marker a row for each of `percentiles`, in it a figure for each of `days`."""

    reading: Annotated[str, OneOf("retained", "late_loss")]
    bands: dict[str, list[list[Figure]]]
    months_to_low: dict[str, Figure] | UnsetType = UNSET
    low_serum_b12: float | UnsetType = UNSET


class ComparedAnswer(Document):
    """`scenario`: as it was typed; `plan` is the case's own plan."""

    scenario: str
    doses: list[GivenAnswer]
    readings: list[ReadingAnswer]


class SimulateAnswer(Document):
    on: str
    begin: str
    until: str
    stop: str | UnsetType = UNSET
    scenario: str | UnsetType = UNSET
    people: int
    seed: int
    assumed: AssumedAnswer
    units: dict[str, str]
    percentiles: list[float]
    days: list[float]
    at: list[MomentAnswer] | UnsetType = UNSET
    doses: list[GivenAnswer]
    results: list[ResultAnswer]
    readings: list[ReadingAnswer]
    compared: list[ComparedAnswer]
    remarks: list[RemarkAnswer]
    notes: list[str]
    signed_off: bool = False
