"""Where only one reading of a month calls a dose overdue, every output says perhaps, and none says overdue (hazard H62)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from calendars import events_of
from command_line import in_process
from paper_sheets import PRO, running_page

from cobalamin.app.paper.letter import letter_of
from cobalamin.app.services import reviewing, shipped
from hazards import hazard

ON = date(2026, 5, 20)
MONTH = """cobalamin: 1
patient: {id: month, birth_date: 1958-03-02, sex: female, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: none, previous_treatment: maintenance}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2025-11-10, choices: {maintenance_interval: 3 mo}, policy: engineering-default,
  accepted_by: Dr A, accepted_on: 2025-11-10}
record:
  - {date: 2025-11-10, kind: history, phase: maintenance, last_dose: 2025-11-10}
  - {date: 2026-02, kind: administration, as_planned: true}
"""


@pytest.fixture
def month(case_file: Callable[..., Path]) -> Path:
    return case_file(MONTH)


def sure(text: str) -> bool:
    """Whether a text calls something overdue without a perhaps."""
    return "overdue" in " ".join(text.split()).lower().replace("perhaps overdue", "")


@hazard("H62")
@pytest.mark.parametrize("command", ["due", "review"])
@pytest.mark.parametrize("plain", [(), ("--plain",)])
def test_the_terminal_says_perhaps(command: str, plain: tuple[str, ...], month: Path) -> None:
    text = in_process(command, month, "--on", ON, *plain).out
    assert "perhaps overdue" in " ".join(text.split())
    assert not sure(text.split("Open questions")[0].split("Checks")[0])


@hazard("H62")
def test_the_sheet_and_the_letter_say_perhaps(month: Path) -> None:
    page = running_page(month, ON, PRO)
    assert "perhaps overdue" in page["rows"][0]["window"]
    assert not any(sure(row["window"]) for row in page["rows"])
    letter = letter_of(shipped.library(), reviewing.review_case(month, ON), PRO)
    assert "perhaps overdue" in str(letter)


@hazard("H62")
def test_the_calendar_says_perhaps(month: Path, tmp_path: Path) -> None:
    output = tmp_path / "month.ics"
    assert in_process("calendar", month, "-o", output, "--on", ON).code == 0
    first = events_of(output)[0]
    assert str(first["SUMMARY"]) == "Injection perhaps overdue"
    assert "Find out on which day the last dose was given." in str(first["DESCRIPTION"])
