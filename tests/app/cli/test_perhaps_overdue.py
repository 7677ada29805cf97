"""Where only one reading of a month calls a dose overdue, every output says perhaps, and none says overdue (hazard H62)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from calendars import events_of
from command_line import in_process
from paper_sheets import PRO, running_page

from cobalamin.app.paper.letter import letter_of
from cobalamin.app.services import reviewing, shipped
from cobalamin.knowledge.loading import compiled
from cobalamin.text.days import date_words
from hazards import hazard

ENGLISH = compiled().own_words

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


OF_THE_OPEN_DOSE = {"target": "due", "bookable_from": "bookable from", "due_through": "in time through",
    "overdue_from": "overdue from", "review_from": "review needed from"}  # fmt: skip


@hazard("H62")
@pytest.mark.parametrize("name", OF_THE_OPEN_DOSE)
@pytest.mark.parametrize("end", ["first", "between", "last", "before", "after"])
def test_explain_gives_the_range_on_every_day_of_it_and_on_no_other(name: str, end: str, month: Path) -> None:
    forecast = in_process("review", month, "--on", ON, "--json").document["forecast"]
    first, last = map(date.fromisoformat, forecast[f"{name}_range"])
    day = {"first": first, "between": first + timedelta(days=3), "last": last, "before": first - timedelta(days=1),
        "after": last + timedelta(days=1)}[end]  # fmt: skip
    said = " ".join(in_process("explain", month, day, "--on", ON).out.split())
    what = f"{OF_THE_OPEN_DOSE[name]}: the open dose"
    assert (what in said) == (end not in ("before", "after")), said
    if what in said:
        assert f"{what}, on a day between {date_words(first, ENGLISH)} and {date_words(last, ENGLISH)}" in said
        assert "if the dose known by its month was early in it: Sun 1 February 2026 + 3 months = Fri 1 May 2026" in said
        assert "if it was late: Sat 28 February 2026 + 3 months = Thu 28 May 2026" in said


@hazard("H62")
def test_what_comes_is_a_range_as_the_head_line_says_and_so_is_what_follows(month: Path) -> None:
    """After the earlier end the open dose is taken as given today, after the later end on its day."""
    review = in_process("review", month, "--on", ON, "--json").document
    doses = [item for item in review["upcoming"] if item["kind"] == "dose"]
    assert doses[0]["on_range"] == review["forecast"]["target_range"] == ["2026-05-01", "2026-05-28"]
    assert doses[1]["on_range"] == ["2026-08-20", "2026-08-28"]
    assert (doses[1]["bookable_from"], doses[1]["due_through"]) == ("2026-08-06", "2026-09-11")
    assert {item["determinacy"] for item in doses} == {"provisional"}
    told = in_process("review", month, "--on", ON).out
    assert "1 May to 28 May 2026" in told
    assert "20 Aug to 28 Aug 2026" in told
    said = " ".join(in_process("explain", month, "2026-08-24", "--on", ON).out.split())
    assert "on a day between Thu 20 August 2026 and Fri 28 August 2026" in said


@hazard("H62")
def test_a_dose_after_it_is_explained_by_both_readings_and_flagged_only_by_what_both_say(month: Path) -> None:
    text = month.read_text("utf-8")
    month.write_text(f"{text}  - {{date: 2026-05-10, kind: administration, as_planned: true}}\n", "utf-8")
    given = in_process("review", month, "--on", ON, "--json").document["evaluations"][-1]
    assert (given["timing"], given["flags"]) == ("none", [])  # on time from the early end, early from the late end
    said = " ".join(in_process("explain", month, "2026-05-10", "--on", ON).out.split())
    assert "It came before the window" not in said
    assert "Fri 1 May 2026; if it was late: Sat 28 February 2026 + 3 months = Thu 28 May 2026" in said
    month.write_text(f"{text}  - {{date: 2026-04-15, kind: administration, as_planned: true}}\n", "utf-8")
    early = in_process("review", month, "--on", ON, "--json").document["evaluations"][-1]
    assert (early["timing"], early["flags"]) == ("early", ["EARLY_OUT_OF_WINDOW"])


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


@hazard("H62")
def test_what_is_said_of_a_window_takes_no_room_from_the_dose_on_paper(month: Path, tmp_path: Path) -> None:
    """A long remark narrowed the column of the dose until the two were printed over each other."""
    pytest.importorskip("typst")
    from pypdf import PdfReader

    output = tmp_path / "sheet.pdf"
    assert in_process("sheet", month, "-o", output, "--on", ON).code == 0
    lines = PdfReader(output).pages[0].extract_text().replace("\u00a0", " ").splitlines()
    assert sum("Injection into a muscle" in line for line in lines) >= 4, lines
