"""The first page: people by urgency, found by name or date of birth, and nobody taken for another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from web_site import DAY, ROOT, Visitor, main_of, visitor_of, words_of

from cobalamin.app.web.pages import people
from hazards import hazard

RUNNING_CASE = (ROOT / "examples" / "treatment-running.yaml").read_text("utf-8")
PEOPLE = (
    ("a.yaml", "Anna Example", "1958-03-02"), ("b.yaml", "anna  example", "1958-03-02"), ("c.yaml", "Ben", "1960-12-01"),
    ("d.yaml", "Ben", "1961-01-12"), ("e.yaml", "Zoë", "1999-09-09"),
)  # fmt: skip


@pytest.fixture
def practice(tmp_path: Path) -> Visitor:
    for file, name, born in PEOPLE:
        text = RUNNING_CASE.replace("example-treatment-running", name).replace("1958-03-02", born)
        (tmp_path / file).write_text(text, "utf-8")
    (tmp_path / "broken.yaml").write_text("cobalamin: 1\npatient: {id: x\n", "utf-8")
    return visitor_of(tmp_path, DAY)


def listed(page: str) -> list[str]:
    return re.findall(r'<li><a href="/case/(\w+)\.yaml"><strong>', page)


def test_everybody_stands_there_with_the_date_of_birth(practice: Visitor) -> None:
    page = practice.get("/").text
    assert sorted(listed(page)) == ["a", "b", "c", "d", "e"]
    assert "Zoë born Thu 9 September 1999 due Fri 9 October 2026, in 38 days" in words_of(main_of(page))


@pytest.mark.parametrize(
    ("sought", "found"),
    [("ZOË", ["e"]), ("anna", ["a", "b"]), ("example ann", ["a", "b"]), ("1960-12-01", ["c"]), ("1/12/1960", ["c"]), ("1 December 1960", ["c"]), ("ben 1961", ["d"]), ("d.yaml", ["d"]), ("nobody", []), ("<b>", [])],
)  # fmt: skip
def test_people_are_found_by_name_and_date_of_birth(sought: str, found: list[str], practice: Visitor) -> None:
    page = practice.site.get("/", params={"q": sought}).text
    assert sorted(listed(page)) == found
    assert f"{len(found)} found for" in words_of(page)
    assert "<b>" not in page


def test_who_may_be_taken_for_another_is_named_twice(practice: Visitor) -> None:
    told = words_of(main_of(practice.get("/").text))
    assert (
        "One name and one date of birth (Sun 2 March 1958) in several files; is it one person? Anna Example (a.yaml, b.yaml)"
        in told
    )
    assert "One name in several files; look twice whom a line is about: Ben (c.yaml, d.yaml)" in told
    assert told.count("same name as another") == 4


@hazard("H159")
def test_twins_are_named_together_and_each_line_says_so(practice: Visitor) -> None:
    for file, name in (("f.yaml", "Ada Okafor"), ("g.yaml", "Okafor, Eva"), ("h.yaml", "Li Wu"), ("i.yaml", "Xu Li")):
        text = RUNNING_CASE.replace("example-treatment-running", f'"{name}"').replace("1958-03-02", "1971-05-02")
        (practice.folder / file).write_text(text, "utf-8")
    told = words_of(main_of(practice.get("/").text))
    assert "One date of birth (Sun 2 May 1971) and a name in common" in told
    assert "Ada Okafor; Okafor, Eva (f.yaml, g.yaml)" in told
    assert "this is f.yaml" in told
    assert "this is g.yaml" in told
    assert "Li Wu; Xu Li" not in told  # two letters are an initial or a particle


def test_accents_and_apostrophes_need_not_be_typed(practice: Visitor) -> None:
    text = RUNNING_CASE.replace("example-treatment-running", '"Márquez O\'Neil"')
    (practice.folder / "f.yaml").write_text(text, "utf-8")
    for sought in ("marquez", "MÁRQUEZ", "oneil", "o'neil", "o’neil"):
        assert listed(practice.site.get("/", params={"q": sought}).text) == ["f"], sought
    assert listed(practice.site.get("/", params={"q": "zoe"}).text) == ["e"]


@hazard("H79")
def test_who_needs_an_ambulance_stands_before_who_is_seen_today(practice: Visitor) -> None:
    for file, sign in (("a1.yaml", "new_vision_loss"), ("z1.yaml", "breathing_difficulty")):
        text = RUNNING_CASE.rstrip() + f"\n  - {{date: 2026-08-30, kind: symptoms, red_flags: [{sign}]}}\n"
        (practice.folder / file).write_text(text, "utf-8")
    assert listed(practice.get("/").text)[:2] == ["z1", "a1"]


@hazard("H79")
def test_many_alarms_leave_the_list_in_sight_and_name_everybody(practice: Visitor) -> None:
    sign = "\n  - {date: 2026-08-30, kind: symptoms, red_flags: [facial_swelling]}\n"
    for number in range(7):
        text = RUNNING_CASE.replace("example-treatment-running", f"Person {number}").rstrip() + sign
        (practice.folder / f"p{number}.yaml").write_text(text, "utf-8")
    page = practice.get("/").text
    above, main = page[: page.index("<header")], main_of(page)
    assert above.count("alarm-do") == people.MOST_IN_FULL
    assert [above.count(f"/case/p{number}.yaml") for number in range(7)] == [1] * 7
    assert main.count("WARNING SIGN: ") == 7  # the list has everybody in full


def test_a_file_that_can_not_be_read_is_no_missing_person(practice: Visitor) -> None:
    assert "people may be missing here: 1 broken.yaml" in words_of(practice.get("/").text)


def test_a_long_list_is_cut_after_the_urgent_ones_and_counted(
    practice: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST_SHOWN", 2)
    page = practice.get("/").text
    assert len(listed(page)) == 2
    assert "3 more have nothing that is more urgent" in words_of(page)
    assert len(listed(practice.get("/?all=1").text)) == len(listed(practice.get("/?q=a+yaml").text)) + 0 == 5


def test_a_file_is_read_again_only_when_it_has_changed(practice: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    practice.get("/")
    read: list[str] = []
    monkeypatch.setattr(people, "person_in", lambda path, on: read.append(path.name))
    practice.get("/")
    assert read == []
    path = practice.folder / "e.yaml"
    path.write_text(
        f"{path.read_text('utf-8').rstrip()}\n  - {{date: 2026-08-30, kind: result, marker: mcv, value: 90 fL}}\n"
    )
    practice.get("/")
    assert read == ["e.yaml"]
