"""The audit: measures over a panel, each with numerator, denominator, exclusions and the people behind them.

A measure asks whether people were let down by the system, never whether a person failed. Limits in days that no source states are
this program's assumption and are said with the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from cobalamin.errors import InputError
from cobalamin.population.panel import Panel
from cobalamin.population.recall import HERE

LOADING_DAYS, WAITING_DAYS = 90, 14  # this program's assumptions
SUPPRESSED_UP_TO, ROUNDED_TO = 7, 5  # of figures that leave the practice
_COVERED = "status IN ('discontinued', 'contraindicated', 'on_hold', 'paused', 'bridged')"
_ASK_STOPS = ("M6",)
_WAITING = "question IN ('GATE', 'OPEN_END', 'WHAT_NEXT')"


@dataclass(frozen=True)
class Measure:
    """SQL conditions on a row of the panel, or sums over its doses. `base` minus `denominator` are the exclusions.

    `better`: whether a high share is good. `unit`: people or doses; for doses the last two are sums of columns.
    """

    id: str
    name: str
    base: str
    denominator: str
    numerator: str
    better: bool
    excluded: str
    unit: Literal["people", "doses"] = "people"


MEASURES = (
    Measure("M1", "loading completed on time", f"loading_from <= ? - {LOADING_DAYS}", "counted_loading",
            "loading_done IS NOT NULL AND loading_late = 0", True, "loading that a decision ends"),
    Measure("M2", "loading abandoned", f"loading_from <= ? - {LOADING_DAYS}", f"counted_loading AND NOT {_COVERED}",
            "loading_done IS NULL AND timeliness = 'review_needed'", False, "loading that a decision ends; stopped, held or paused"),
    Measure("M3", "maintenance on time", "stage = 'later' AND last_dose IS NOT NULL", f"due_through IS NOT NULL AND NOT interval_asked AND NOT {_COVERED}",
            "? <= due_through", True, "no open date; an interval to be asked; stopped, held or paused"),
    Measure("M4", "doses given in their window, last 12 months", "true", "period_on_time + period_early + period_late",
            "period_on_time", True, "doses of loading, and doses without a window", "doses"),
    Measure("M5", "lapsed though the cause is for life", "lifelong", f"target IS NOT NULL AND interval_days > 0 AND NOT interval_asked AND NOT {_COVERED}",
            "? - target > interval_days", False, "no open date or no interval, or one to be asked; stopped, held or paused"),
    Measure("M6", "stopped without a decision", "interval_days > 0 AND ? - last_dose > 2 * interval_days", "true",
            f"NOT {_COVERED}", False, ""),
    Measure("M7", "neurological: alternate days until a decision", "neurological_involvement = 'present' AND first_dose IS NOT NULL",
            "true", "alternate_days = 2", True, ""),
    Measure("M8", f"waiting over {WAITING_DAYS} days for a decision", _WAITING, "question_since IS NOT NULL",
            f"? - question_since > {WAITING_DAYS}", False, "since when is not known"),
    Measure("M10", "doses of another amount than ordered, last 12 months", "true", "period_doses", "period_wrong_amount", False, "", "doses"),
)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """One measure of one group. `median_days`: of M8, the median wait."""

    measure: Measure
    group: str
    numerator: int
    denominator: int
    excluded: int
    median_days: float | None = None

    @property
    def share(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


def measure_all(panel: Panel, by_practice: bool = False) -> list[Result]:
    """Every measure of which the register can tell, for everybody who is neither dead nor gone, in all or by practice."""
    return [result for measure in _told_by(panel) for result in _measured(panel, measure, by_practice)]


def _told_by(panel: Panel) -> list[Measure]:
    """The measures; where no stop can be recorded, all who stopped would have done so without a decision."""
    return [measure for measure in MEASURES if panel.manifest["stops"] or measure.id not in _ASK_STOPS]


def _with_day(condition: str, panel: Panel) -> str:
    return condition.replace("?", f"DATE '{panel.on}'")


def _measured(panel: Panel, measure: Measure, by_practice: bool) -> list[Result]:
    group = "practice" if by_practice else "''"
    base, within, hit = (_with_day(each, panel) for each in (measure.base, measure.denominator, measure.numerator))
    here = HERE
    if measure.unit == "doses":
        counts = (
            f"coalesce(sum({hit}), 0), coalesce(sum({within}), 0), coalesce(sum(period_doses) - sum({within}), 0), NULL"
        )
        where = here
    else:
        wait = f"median(DATE '{panel.on}' - question_since) FILTER ({within})" if measure.id == "M8" else "NULL"
        counts = f"count(*) FILTER (({within}) AND ({hit})), count(*) FILTER ({within}), count(*) FILTER (({within}) IS NOT TRUE), {wait}"
        where = f"{here} AND ({base})"
    rows = panel.rows(f"SELECT {group} AS part, {counts} FROM panel WHERE {where} GROUP BY 1 ORDER BY 1")
    found = [tuple(row.values()) for row in rows] or [("", 0, 0, 0, None)]
    return [Result(measure, part or "", int(a), int(b), int(c), d) for part, a, b, c, d in found]


def people_behind(panel: Panel, measure_id: str) -> list[dict[str, Any]]:
    """The people in a measure's denominator, each with whether they are in its numerator. Raises InputError."""
    known = {each.id: each for each in MEASURES}
    if measure_id not in known:
        raise InputError.one("--people", "", f"'{measure_id}' is no measure; known are {', '.join(known)}")
    measure = known[measure_id]
    if measure not in _told_by(panel):
        message = f"{measure_id} can't be told: no stop can be recorded in this register (a table decision with by and reason)"
        raise InputError.one("--people", "", message)
    base, within, hit = (_with_day(each, panel) for each in (measure.base, measure.denominator, measure.numerator))
    if measure.unit == "doses":
        base, within, hit = "true", f"({within}) > 0", f"({hit}) > 0"
    return panel.rows(
        f"""SELECT patient_id, practice, status, target, last_dose, ({hit}) AS counted FROM panel
        WHERE {HERE} AND ({base}) AND ({within}) ORDER BY counted DESC, patient_id"""
    )


def disclosed(result: Result) -> Result:
    """The result as it may leave the practice: small counts become 0, the rest is rounded, the share is taken from the rounded."""
    return Result(
        result.measure, result.group, _safe(result.numerator), _safe(result.denominator), _safe(result.excluded), None
    )


def _safe(count: int) -> int:
    return 0 if count <= SUPPRESSED_UP_TO else ROUNDED_TO * round(count / ROUNDED_TO)


def timeline(panel: Panel) -> list[dict[str, Any]]:
    """By month end: people on treatment by status, and the share of those with an open date who are not late."""
    from cobalamin.therapy.fold.status import STATUSES

    found = []
    for month, stages in zip(panel.manifest["months"], panel.manifest["by_month"], strict=True):
        counts = {name: sum(stage[number] for stage in stages) for number, name in enumerate(STATUSES) if name}
        dated = sum(
            counts[name] for name in ("not_yet_due", "bookable", "due", "overdue", "perhaps_overdue", "review_needed")
        )
        late = counts["overdue"] + counts["review_needed"]
        found.append(
            {"month": month, **counts, "dated": dated, "late": late, "late_share": late / dated if dated else None}
        )
    return found
