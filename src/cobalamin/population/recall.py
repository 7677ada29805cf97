"""The lists behind a panel: who is to be called (R1), what is to be decided (R2), what is to be mended in the register (R3).

Nobody alive and registered is left out silently: whoever is on no list is counted by the reason why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cobalamin.population.panel import Panel

HERE = "NOT gone"  # neither dead nor gone on the day of assessment
_LATE = ("review_needed", "overdue")
_OPEN = ("due", "bookable", "not_yet_due")
# Days late count double with neurological involvement and half as much again with a cause for life: an order, this program's own.
WEIGHT = "days_late * (1 + (neurological_involvement = 'present')::INTEGER + 0.5 * lifelong::INTEGER)"
_UNREAD = "SELECT patient_id AS whose, list(DISTINCT cell ORDER BY cell) AS unread_cells FROM aside WHERE cell NOT IN ('', 'patient_id') GROUP BY 1"
DATA_ASKED = ("HISTORY_NEEDED", "LAST_DOSE_UNKNOWN", "NO_PLAN", "INTERVAL_OUTSIDE")
# Of an interval that is first to be asked no day is told, though the record is dated by it.
_ASKED = "interval_asked AND status NOT IN ('discontinued', 'contraindicated', 'complete', 'paused', 'bridged')"
_DATED = f"""SELECT * REPLACE (CASE WHEN {_ASKED} THEN 'data_required' ELSE status::VARCHAR END AS status, CASE WHEN NOT ({_ASKED}) THEN target END AS target,
        CASE WHEN {_ASKED} THEN 0 ELSE days_late END AS days_late) FROM panel"""
DECIDED = ("GATE", "OPEN_END", "WHAT_NEXT")


@dataclass(frozen=True)
class Recall:
    """The people to call through a day, the most urgent first, and how many of the others are left out for which status."""

    on: date
    through: date
    rows: list[dict[str, Any]]
    left_out: dict[str, int]
    people: int
    may_be_missing: int = (
        0  # at most so many people are in the register and not in the panel, because their rows can't be read
    )


def recall(panel: Panel, within: int, practice: str = "") -> Recall:
    """Everybody who is late, or due or bookable within so many days, or who can't be dated until somebody answers."""
    through = panel.on + timedelta(days=within)
    where = "AND practice = ?" if practice else ""
    values = [practice] if practice else []
    columns = (
        "patient_id, practice, status, target, days_late, due_through, last_dose, phase, number, interval_days, question, question_since, "
        "own_interval, published_interval, interval_asked, cause, neurological_involvement, lifelong, rows_set_aside, unread_cells, flags, protocol, left_on"
    )
    wanted = """(status IN ('review_needed', 'overdue', 'perhaps_overdue') OR status IN ('due', 'bookable', 'not_yet_due') AND target <= ?
        OR status = 'data_required' OR status IN ('on_hold', 'ongoing') AND question <> '')"""
    rows = panel.rows(
        f"""SELECT {columns}, {WEIGHT} AS weight,
            CASE WHEN status IN ('review_needed', 'overdue') THEN 0 WHEN status IN ('data_required', 'perhaps_overdue') THEN 1 WHEN status = 'due' THEN 2 ELSE 3 END AS part
        FROM ({_DATED}) AS panel LEFT JOIN ({_UNREAD}) ON whose = panel.patient_id::VARCHAR
        WHERE {HERE} AND {wanted} {where} ORDER BY part, weight DESC, target, patient_id""",
        through, *values,
    )  # fmt: skip
    everybody = panel.rows(f"SELECT patient_id, status, {HERE} AS here FROM panel WHERE true {where}", *values)
    called = {row["patient_id"] for row in rows}
    others = Counter(row["status"] if row["here"] else "left" for row in everybody if row["patient_id"] not in called)
    return Recall(panel.on, through, rows, dict(sorted(others.items())), len(everybody), panel.may_be_missing)


def everybody(panel: Panel) -> list[dict[str, Any]]:
    """Everybody of the panel, with the cells of each that can't be read; of an interval that is first to be asked no day is given."""
    return panel.rows(
        f"""SELECT panel.*, {WEIGHT} AS weight, unread_cells FROM ({_DATED}) AS panel
        LEFT JOIN ({_UNREAD}) ON whose = panel.patient_id::VARCHAR ORDER BY patient_id"""
    )


def reasons(row: Mapping[str, Any]) -> list[str]:
    """Why a person stands on the list, as codes, the deciding one first."""
    found = [row["status"].upper()]
    found += [row["question"]] if row["question"] else []
    found += ["INTERVAL_OUTSIDE"] if row["interval_asked"] and row["question"] != "INTERVAL_OUTSIDE" else []
    found += ["NEUROLOGICAL"] if row["neurological_involvement"] == "present" else []
    found += ["LIFELONG_CAUSE"] if row["lifelong"] else []
    found += ["ROWS_SET_ASIDE"] if row["rows_set_aside"] else []
    found += ["CELLS_NOT_READ"] if row["unread_cells"] else []
    return found


def decisions(panel: Panel, practice: str = "") -> list[dict[str, Any]]:
    """R2: everybody whose treatment waits for a decision, the longest wait first."""
    where, values = ("AND practice = ?", [practice]) if practice else ("", [])
    return panel.rows(
        f"""SELECT patient_id, practice, question, question_since, ? - question_since AS days_waiting, phase, status, target
        FROM panel WHERE question IN ('GATE', 'OPEN_END', 'WHAT_NEXT') AND {HERE} {where}
        ORDER BY days_waiting DESC NULLS LAST, patient_id""",
        panel.on, *values,
    )  # fmt: skip


def to_mend(panel: Panel) -> list[dict[str, Any]]:
    """R3: rows set aside, doses that wait for a plan or a history, doses after leaving, doses written down twice."""
    aside = panel.rows('SELECT patient_id, "table", file, line, cell, reason FROM aside')
    odd = panel.rows(
        """SELECT patient_id::VARCHAR AS patient_id, pending, excluded, extra, status, question, flags FROM panel
        WHERE pending > 0 OR excluded > 0 OR patient_rows <> 1 OR left_on IS NOT NULL AND last_dose > left_on ORDER BY patient_id"""
    )
    return aside + odd
