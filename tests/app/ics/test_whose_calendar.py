"""Two people who share an id have two calendars; one person's calendar stays theirs, also where it was made before that was so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from calendars import PLAN, Command, by_uid, refused
from command_line import DAY

from cobalamin.app.ics import entries
from hazards import hazard

CASE = """cobalamin: 1
patient: {id: example, birth_date: 1958-03-02, sex: female, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: none, anaemia: mild,
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}, accepted_by: Dr A, accepted_on: 2026-01-02}
record:
  - {date: 2026-01-05, kind: administration, as_planned: true}
"""
OTHERS = {
    "another birth": CASE.replace("1958-03-02", "1960-04-03"),
    "no birth": CASE.replace("birth_date: 1958-03-02, ", ""),
    "another start": CASE.replace("2026-01-05", "2026-02-02"),
}


def made_before(monkeypatch: pytest.MonkeyPatch, write: Callable[..., Path], case: Path) -> Path:
    """A calendar as it was made before people were told apart: by the mark of the id alone, and no other property."""
    with monkeypatch.context() as patch:
        patch.setattr(entries.Person, "mark", property(lambda person: person.mark_of_id))
        path = write(case, name="one.ics")
    content = re.sub(r"X-COBALAMIN-(ID|PERSON):\w+\r\n", "", path.read_bytes().decode())
    path.write_bytes(content.encode())
    assert re.findall(r"X-COBALAMIN-\w+:\w+", content) == ["X-COBALAMIN-CASE:259a03cdd9fe5546"]
    return path


@hazard("H20")
@pytest.mark.parametrize("other", list(OTHERS))
def test_two_people_with_one_id_share_no_event(
    other: str, write: Callable[..., Path], case_file: Callable[..., Path]
) -> None:
    one = write(case_file(CASE, name="one.yaml"), name="one.ics")
    two = write(case_file(OTHERS[other], name="two.yaml"), name="two.ics")
    assert by_uid(one)
    assert not set(by_uid(one)) & set(by_uid(two))


@hazard("H20")
@pytest.mark.parametrize("other", ["another birth", "another start"])
def test_the_calendar_of_a_namesake_is_not_overwritten(
    other: str, run: Command, write: Callable[..., Path], case_file: Callable[..., Path]
) -> None:
    path = write(case_file(CASE, name="one.yaml"), name="one.ics")
    before = path.read_bytes()
    case = case_file(OTHERS[other], name="two.yaml")
    for options in (("-o", path), ("-o", f"{path}2", "--previous", path)):
        assert "another date of birth or start of treatment" in refused(run, case, *options)
    assert path.read_bytes() == before
    assert run("calendar", case, "-o", path, *DAY, "--force").code == 0
    assert set(by_uid(path)) & set(re.findall(r"UID:(\S+)", before.decode()))


@hazard("H20")
def test_a_calendar_made_before_goes_on_with_the_same_events(
    run: Command, write: Callable[..., Path], case_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_file(CASE, name="one.yaml")
    path = made_before(monkeypatch, write, case)
    before = by_uid(path)
    after = by_uid(write(case, name="one.ics"))
    assert list(after) == list(before)
    assert {event["SEQUENCE"] for event in after.values()} == {0}
    assert "another date of birth" in refused(run, case_file(OTHERS["another birth"], name="two.yaml"), "-o", path)
    assert list(by_uid(write(case, name="one.ics"))) == list(before)


def test_a_date_of_birth_that_was_not_known_changes_no_event(
    write: Callable[..., Path], case_file: Callable[..., Path]
) -> None:
    before = injections(write(case_file(OTHERS["no birth"], name="one.yaml"), name="one.ics"))
    assert injections(write(case_file(CASE, name="one.yaml"), name="one.ics")) == before != []


def injections(path: Path) -> list[str]:
    return [uid for uid, event in by_uid(path).items() if event["SUMMARY"] == "Injection due"]


def test_a_plan_that_begins_on_another_day_before_it_is_accepted_keeps_its_events(
    run: Command, write: Callable[..., Path], case_file: Callable[..., Path]
) -> None:
    case = case_file(CASE.split("plan:")[0], name="one.yaml")
    before = by_uid(write(case, *PLAN, name="one.ics"))
    later = [word.replace("2026-01-05", "2026-01-12") for word in PLAN]
    assert list(by_uid(write(case, *later, name="one.ics"))) == list(before)
    assert run("accept", case, *later, *DAY, "--by", "Dr A").code == 0
    accepted = write(case, name="one.ics")
    assert list(by_uid(accepted)) == list(before)
    assert "another date of birth or start" in refused(run, case_file(CASE, name="two.yaml"), "-o", accepted)


@hazard("H31")
def test_neither_id_nor_birth_stand_in_the_file(write: Callable[..., Path], case_file: Callable[..., Path]) -> None:
    content = write(case_file(CASE, name="one.yaml"), name="one.ics").read_text("utf-8")
    assert "example" not in content
    assert not re.search(r"1958|19580302", content)
