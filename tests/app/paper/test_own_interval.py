"""A person's own interval: the sheet states it with who decided, and no source stands behind its dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from command_line import in_process

from cobalamin.app.paper.lines import Look
from cobalamin.app.paper.running import sheet_of_review
from cobalamin.app.services import reviewing, shipped

CASE = """cobalamin: 1
patient: {id: x, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, previous_treatment: maintenance}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-06-10, choices: {maintenance_interval: 3 mo}}
record:
"""
TAKEN_OVER = "  - {id: h, date: 2026-07-01, kind: history, phase: maintenance, last_dose: 2026-06-10, interval: 5 mo, asserted_by: Dr C}\n"
PLAIN = TAKEN_OVER.replace("interval: 5 mo, ", "")


def sheet(folder: Path, entries: str) -> tuple[dict[str, Any], Path]:
    path = folder / "x.yaml"
    path.write_text(CASE + entries, "utf-8")
    return sheet_of_review(shipped.library(), reviewing.review_case(path, date(2026, 7, 1)), Look()), path


def test_the_sheet_states_the_own_interval_and_who_decided(tmp_path: Path) -> None:
    page, _ = sheet(tmp_path, TAKEN_OVER)
    medicine = str(page["medicine"]).replace("\\xa0", " ")
    assert "every 5 months, as treated before, told by Dr C" in medicine
    assert "every 3 months" not in medicine
    assert "oading" not in medicine
    assert "after starting" not in str(page["rows"])


def test_no_source_stands_behind_a_date_of_an_own_interval(tmp_path: Path) -> None:
    page, path = sheet(tmp_path, TAKEN_OVER)
    assert {row["cites"] for row in page["rows"]} == {"own interval"}
    shown = in_process("review", path, "--all", "--on", "2026-07-01")
    assert shown.out.count("[own interval]") >= 4
    ordinary, _ = sheet(tmp_path, PLAIN)
    assert "own interval" not in str(ordinary["rows"])
    assert "every 3 months" in str(ordinary["medicine"]).replace("\\xa0", " ")


def test_the_calendar_names_no_source_for_it(tmp_path: Path) -> None:
    _, path = sheet(tmp_path, TAKEN_OVER)
    made = tmp_path / "x.ics"
    assert in_process("calendar", path, "-o", made, "--on", "2026-07-01").code == 0
    text = made.read_text("utf-8").replace("\n ", "")
    assert "own interval" in text
    assert "Formulary" not in text
