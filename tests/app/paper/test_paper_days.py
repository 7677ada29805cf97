"""On paper an overdue dose is for now, a day on which the clinic is closed says so, and the practice stands by the name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cobalamin.app.paper.lines import Look
from cobalamin.app.paper.running import sheet_of_review
from cobalamin.app.services import shipped
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.reviewing import review_of
from cobalamin.therapy.case.event_words import RED_FLAGS

RUNNING = Path(__file__).parents[3] / "examples" / "treatment-running.yaml"
OVERDUE = date(2026, 11, 20)


def rows(path: Path, on: date) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sheet_of_review(shipped.library(), review_of(open_case(path), on), Look())["rows"]
    return found


def test_an_overdue_dose_is_for_now() -> None:
    first, *others = rows(RUNNING, OVERDUE)
    assert first["before"] == "Now; it was due"
    assert "overdue" in first["window"]
    assert all(row["before"] == "" for row in others)
    assert all(row["before"] == "" for row in rows(RUNNING, date(2026, 10, 9)))


@pytest.mark.parametrize("flag", RED_FLAGS)
def test_beside_an_alarm_no_dose_is_for_now(flag: str, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    entry = f"  - {{date: {OVERDUE}, kind: symptoms, red_flags: [{flag}]}}\n"
    path.write_text(f"{RUNNING.read_text('utf-8').rstrip()}\n{entry}", "utf-8")
    assert all(row["before"] == "" for row in rows(path, OVERDUE))


def test_a_day_on_which_the_clinic_is_closed_says_so(tmp_path: Path) -> None:
    for row in rows(RUNNING, date(2026, 9, 1)):
        is_weekend = row["when"].startswith(("Sat", "Sun"))
        assert ("clinic closed on this" in row["window"]) == is_weekend, row["when"]
    path = tmp_path / "always.yaml"
    calendar = "  calendar: {holidays: GB-ENG, open: [mon, tue, wed, thu, fri], closed: []}\n"
    path.write_text(RUNNING.read_text("utf-8").replace(calendar, ""), "utf-8")
    assert not any("clinic closed" in row["window"] for row in rows(path, date(2026, 9, 1)))


def test_the_practice_stands_there_where_one_is_set() -> None:
    seen = review_of(open_case(RUNNING), OVERDUE)
    assert (
        sheet_of_review(shipped.library(), seen, Look(practice="Mill Road Surgery"))["practice"] == "Mill Road Surgery"
    )
    assert sheet_of_review(shipped.library(), seen, Look())["practice"] == ""
