"""Below an alarm that is to be acted on at once no surface tells to have a dose: it says that the dose is not what matters now."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from command_line import example, in_process

from cobalamin.app.services import shipped
from hazards import hazard

DAYS = {"not yet due": "2026-09-01", "due": "2026-10-09", "overdue": "2026-11-20", "long overdue": "2027-09-01"}
EMERGENCIES = {
    "potassium": ["result", "potassium=1.9 mmol/L"],
    **{
        flag["id"]: ["symptoms", f"red_flags={flag['id']}"]
        for flag in shipped.library().records("red_flags.yaml", "red_flags")
        if flag.get("emergency")
    },
}
OTHERS = {"potassium of today": ["result", "potassium=2.8 mmol/L"], "walking": ["symptoms", "red_flags=new_walking_difficulty"]}  # fmt: skip
CALLS_FOR_IT = re.compile(
    r"\bgive (it|the open dose)\b|can be given now|can be booked|have it soon|overdue|is due now", re.IGNORECASE
)
NOT_NOW = "not what matters now"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_bytes(example("treatment-running").read_bytes())
    return path


def opened(case: Path, event: list[str], day: str) -> Any:
    kind, *told = event
    return in_process("record", case, kind, day, *told, "--on", day, "--yes")


def about_the_dose(told: str) -> str:
    """What is told of the open dose: a table of doses that were given says what was late."""
    return " ".join(told.partition("\nDoses")[0].split())


def test_each_warning_sign_that_sends_for_help_now_is_an_emergency() -> None:
    for flag in shipped.library().records("red_flags.yaml", "red_flags"):
        now = re.search(r"\bnow\b", flag["plain_action"]) is not None
        assert bool(flag.get("emergency")) == now, flag["id"]
    assert len(EMERGENCIES) == 5


@hazard("H110")
@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
@pytest.mark.parametrize("name", sorted(EMERGENCIES))
def test_below_an_emergency_no_answer_calls_for_a_dose(name: str, day: str, case: Path) -> None:
    assert NOT_NOW in " ".join(opened(case, EMERGENCIES[name], day).out.split())
    shown = []
    for manner in ([], ["--plain"]):
        for command in ("due", "review"):
            told = about_the_dose(in_process(command, case, "--on", day, *manner).out)
            assert NOT_NOW in told, command
            shown.append(told)
    document = in_process("due", case, "--on", day, "--json").document
    shown += [document["sentence"], document["plain"]]
    assert NOT_NOW in document["plain"]
    for told in shown:
        assert not CALLS_FOR_IT.search(told), CALLS_FOR_IT.search(told)


@hazard("H110")
@pytest.mark.parametrize("name", sorted(EMERGENCIES))
def test_below_an_emergency_no_title_of_a_calendar_calls_a_dose_overdue(name: str, case: Path) -> None:
    icalendar = pytest.importorskip("icalendar")
    day, output = DAYS["overdue"], case.with_suffix(".ics")
    opened(case, EMERGENCIES[name], day)
    assert in_process("calendar", case, "-o", output, "--on", day).code == 0
    events = icalendar.Calendar.from_ical(output.read_bytes()).walk("VEVENT")
    titles = [str(each["SUMMARY"]) for each in events]
    assert not any("overdue" in title for title in titles), titles
    first = "This is not what matters now" if name == "potassium" else "First ask"
    assert any(str(each["DESCRIPTION"]).startswith(first) for each in events)


@hazard("H110")
@pytest.mark.parametrize("name", sorted(OTHERS))
def test_an_alarm_that_is_no_emergency_leaves_the_words_about_the_dose(name: str, case: Path) -> None:
    opened(case, OTHERS[name], DAYS["overdue"])
    told = about_the_dose(in_process("due", case, "--on", DAYS["overdue"], "--plain").out)
    assert NOT_NOW not in told
    assert "have it soon" in told


@hazard("H110")
def test_it_ends_with_the_look_of_a_clinician(case: Path) -> None:
    day = DAYS["overdue"]
    opened(case, EMERGENCIES["potassium"], day)
    looked = ["decision", day, "reviewed", "answers=POTASSIUM_LOW", "by=Dr A", "finding=replaced"]
    assert in_process("record", case, *looked, "--on", day, "--yes").code == 0
    assert "have it soon" in about_the_dose(in_process("due", case, "--on", day, "--plain").out)
