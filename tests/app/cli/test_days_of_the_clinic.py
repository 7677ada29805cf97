"""Opening days: recorded with the plan, told where they are missing; the days of treatment never depend on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import in_process

CASE = """cobalamin: 1
patient: {id: anna, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: none, previous_treatment: none}
"""


def accepted(folder: Path, *more: str) -> tuple[Path, Any]:
    case = folder / f"anna{len(list(folder.iterdir()))}.yaml"
    case.write_text(CASE, "utf-8")
    chosen = [
        "--protocol",
        "uk-bnf-noneuro",
        "--start",
        "2026-12-01",
        "--choose",
        "maintenance_interval=3 mo",
        "--by",
        "Dr A",
    ]
    plan = in_process("plan", case, *chosen[:6], "--on", "2026-11-30", "--json").document
    asked = [issue["code"] for issue in plan["issues"] if issue["severity"] == "acknowledge"]
    reasons = [part for code in asked for part in ("--acknowledge", f"{code}=seen")]
    return case, in_process("accept", case, *chosen, *reasons, *more, "--on", "2026-11-30", "--json")


def days_of(run: Any) -> list[str]:
    return [item["on"] for item in run.document["items"] if item["kind"] == "dose"]


def test_that_no_opening_days_are_recorded_is_one_line_and_moves_no_date(tmp_path: Path) -> None:
    case, without = accepted(tmp_path)
    told = [line for line in without.err.split("\n") if "no opening days are recorded" in line]
    assert len(told) == 1
    assert "first Sat 5 December 2026" in told[0]
    assert "--open mon,tue,wed,thu,fri --holidays GB" in told[0]
    assert "appointment" not in in_process("due", case, "--on", "2026-12-05").out
    _, with_days = accepted(tmp_path, "--open", "mon,tue,wed,thu,fri")
    assert "no opening days" not in with_days.err
    assert days_of(with_days) == days_of(without)


def test_opening_days_that_are_recorded_suggest_an_open_day(tmp_path: Path) -> None:
    case, run = accepted(tmp_path, "--open", "mon,tue", "--closed", "2026-12-07")
    assert run.code == 0, run.err
    assert "calendar: {open: [mon, tue], closed: [2026-12-07]}" in case.read_text("utf-8")
    assert in_process("check", case).code == 0
    forecast = in_process("review", case, "--on", "2026-12-03", "--json").document["forecast"]
    assert forecast["target"] == "2026-12-01"
    assert forecast["appointment"] == "2026-12-08"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--open", "monday"], "is no day of the week; write for example --open mon,tue,wed,thu,fri"),
        (["--closed", "2026-12-32"], "--closed"),
    ],
)
def test_what_is_no_opening_day_is_refused_and_nothing_is_written(tmp_path: Path, typed: list[str], said: str) -> None:
    case, run = accepted(tmp_path, *typed)
    assert run.code == 3
    assert said in run.err
    assert case.read_text("utf-8") == CASE


def test_holidays_that_nobody_knows_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("holidays")
    case, run = accepted(tmp_path, "--holidays", "Narnia")
    assert (run.code, case.read_text("utf-8")) == (3, CASE)
    assert "write for example GB-ENG or NL" in run.err
