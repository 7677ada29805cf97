"""`today FOLDER`: everybody in one order, nobody lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import EXAMPLES, example, in_process

from cobalamin.app.cli import today as command
from cobalamin.app.services.day_list import Group, day_list
from hazards import hazard

ON = date(2026, 9, 1)
DAY = ("--on", str(ON))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A practice: one file a person; `person` puts one in whose last maintenance dose lies so many days back."""
    (tmp_path / "people").mkdir()
    return tmp_path / "people"


def person(folder: Path, name: str, days: int, born: str = "1958-03-02", more: str = "", every: str = "3 mo") -> Path:
    last = ON - timedelta(days=days)
    path = folder / f"{name}.yaml"
    path.write_text(
        f"""cobalamin: 1
patient: {{id: {name}, birth_date: {born}, sex: female, country: GB}}
facts: {{deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: maintenance}}
plan:
  protocol: uk-bnf-noneuro
  version: 1
  start: {last}
  choices: {{maintenance_interval: {every}}}
  policy: engineering-default
  accepted_by: Dr A
  accepted_on: {last}
record:
  - {{date: {last}, kind: history, phase: maintenance, last_dose: {last}}}
{more}"""
    )
    return path


FLAG = f"  - {{date: {ON}, kind: symptoms, red_flags: [breathing_difficulty]}}\n"
WAITS = f"  - {{date: {ON}, kind: pause, until: 2026-12-01}}\n"


@hazard("H150")
def test_the_most_urgent_comes_first_one_line_a_person(folder: Path) -> None:
    person(folder, "a-later", 20)
    person(folder, "b-soon", 51, every="2 mo")
    person(folder, "b-book", 82)
    person(folder, "c-now", 95)
    person(folder, "d-late", 120)
    person(folder, "e-later-still", 150)
    person(folder, "f-alarm", 20, more=FLAG)
    person(folder, "g-paused", 95, more=WAITS)
    shutil.copy(example("vegan"), folder)
    told = in_process("today", folder, *DAY)
    assert told.code == 0, told.err
    lines = [line for line in told.out.splitlines() if line.startswith("  ") and ".yaml)" in line]
    assert [line.split(",")[0].strip() for line in lines] == [
        "f-alarm",
        "e-later-still",
        "d-late",
        "c-now",
        "b-book",
        "b-soon",
    ]
    assert "f-alarm, born Sun 2 March 1958 (f-alarm.yaml): WARNING SIGN" in " ".join(told.out.split())
    said = " ".join(told.out.split())
    assert "d-late, born Sun 2 March 1958 (d-late.yaml): was due Tue 4 August 2026, 28 days ago" in said
    assert "c-now, born Sun 2 March 1958 (c-now.yaml): due since Sat 29 August 2026" in said
    assert "b-book, born Sun 2 March 1958 (b-book.yaml): can be given now; due Fri 11 September 2026" in said
    assert "(b-soon.yaml): due Sat 12 September 2026, in 11 days; it can be given from Sat 5 September 2026" in said
    assert "2 others have nothing due within 14 days." in told.out
    assert "Without a plan: vegan.yaml" in told.out


def test_beside_an_alarm_nothing_is_said_of_a_dose(folder: Path) -> None:
    person(folder, "anna", 120, more=FLAG)
    told = in_process("today", folder, *DAY).out
    assert "was due" not in told
    assert "Overdue" not in told


@hazard("H150")
def test_files_that_can_not_be_read_are_named_and_counted(
    folder: Path, fits_schema: Callable[[str, Any], None]
) -> None:
    person(folder, "anna", 95)
    (folder / "bad.yaml").write_text("cobalamin: 1\npatient: {id: x, sex: F}\n")
    (folder / "notes.json").write_text("[]")
    (folder / ".hidden.yaml").write_text("nothing")
    (folder / "letter.txt").write_text("nothing")
    told = in_process("today", folder, *DAY)
    assert told.code == 5
    assert "2 files can't be read" in told.out
    assert "bad.yaml: line 2: patient.sex:" in told.out
    assert told.err == "Up to 2 people may be missing from this answer: 2 files can't be read.\n"
    document = in_process("today", folder, *DAY, "--json")
    assert document.code == 5
    fits_schema("today", document.document)
    assert document.document["may_be_missing"] == 2
    assert [each["file"] for each in document.document["unreadable"]] == ["bad.yaml", "notes.json"]


@hazard("H150")
def test_people_of_one_name_are_warned_of(folder: Path) -> None:
    person(folder, "anna", 95)
    twin = person(folder, "anna-2", 20)
    twin.write_text(twin.read_text().replace("id: anna-2", "id: ANNA"))
    told = " ".join(in_process("today", folder, *DAY).out.split())
    assert (
        "One name and one date of birth (Sun 2 March 1958) in several files; is it one person? anna (anna-2.yaml, anna.yaml)"
        in told
    )
    other = person(folder, "bo", 20, born="1960-01-01")
    other.write_text(other.read_text().replace("id: bo", "id: Anna"))
    found = day_list(folder, ON).alike
    assert [(each.born, each.files) for each in found] == [
        (date(1958, 3, 2), ("anna-2.yaml", "anna.yaml")), (None, ("anna-2.yaml", "anna.yaml", "bo.yaml")),
    ]  # fmt: skip


def test_everybody_stands_in_the_document_as_due_says_it(folder: Path, fits_schema: Callable[[str, Any], None]) -> None:
    for path in EXAMPLES:
        shutil.copy(path, folder)
    told = in_process("today", folder, *DAY, "--json")
    assert told.code == 0
    fits_schema("today", told.document)
    people = {each["file"]: each for each in told.document["people"]}
    assert set(people) == {path.name for path in EXAMPLES}
    due = in_process("due", example("treatment-running"), *DAY, "--json").document
    assert people["treatment-running.yaml"]["sentence"] == due["sentence"]
    assert people["treatment-running.yaml"]["plain"] == due["plain"]
    assert [each["group"] for each in told.document["people"]] == sorted(
        (each["group"] for each in told.document["people"]), key=lambda group: Group[group.upper()]
    )


def test_no_folder_is_refused_and_an_empty_one_answers(tmp_path: Path) -> None:
    refused = in_process("today", tmp_path / "none", *DAY)
    assert (refused.code, refused.out) == (3, "")
    assert "can't be read as a folder" in refused.err
    empty = in_process("today", tmp_path, *DAY)
    assert empty.code == 0
    assert "0 people" in empty.out
    assert "Nobody is overdue or due" in empty.out


def test_what_takes_longer_than_a_moment_says_how_far_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        person(folder, f"p{number}", 95)
    assert in_process("today", folder, *DAY).err == ""
    monkeypatch.setattr(command, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(command, "BETWEEN_SECONDS", 0.0)
    told = in_process("today", folder, *DAY)
    assert told.err.splitlines() == [f"{done} of 3 files are read" for done in range(3)]
