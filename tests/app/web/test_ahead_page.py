"""Ampoules are asked for once and counted down; a journey says what may move; nothing but the count is saved."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from web_site import DAY, RUNNING, Visitor, fields_of, visitor_of, words_of

from cobalamin.app.ics import calendars
from cobalamin.app.paper.lines import Look
from cobalamin.app.paper.running import sheet_of_review
from cobalamin.app.services import shipped
from cobalamin.app.services.ampoules import AtHome, at_home
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.reviewing import review_of
from hazards import hazard

FILE = "treatment-running.yaml"


def counted(visitor: Visitor, number: str) -> Any:
    form = dict(re.findall(r'name="(mark)" value="([^"]*)"', visitor.get(f"{RUNNING}/ahead").text))
    return visitor.post(f"{RUNNING}/supply", {**form, "ampoules": number})


def home(visitor: Visitor, on: date = DAY) -> AtHome:
    case = open_case(visitor.folder / FILE)
    found = at_home(case, review_of(case, on))
    assert found is not None
    return found


def a_dose(visitor: Visitor, **told: str) -> str:
    answer = visitor.send(f"{RUNNING}/record/dose", **told)
    if answer.status_code == 422:
        sure = re.search(r'name="confirmed" value="([^"]*)"', answer.text)
        assert sure is not None, words_of(answer.text)
        answer = visitor.post(f"{RUNNING}/record/dose", {**fields_of(answer.text), "confirmed": sure[1]})
    assert answer.status_code == 303
    return open_case(visitor.folder / FILE).record[-1].id


def test_a_count_is_kept_in_the_file_and_every_other_line_stays(visitor: Visitor) -> None:
    before = visitor.text()
    assert counted(visitor, "3").status_code == 303
    lines = visitor.text().splitlines()
    added = [line for line in lines if line not in before.splitlines()]
    assert len(added) == 1
    assert added[0].startswith("supply: {ampoules: 3, on: 2026-09-01, after: ")
    counted(visitor, "5")
    assert len(visitor.text().splitlines()) == len(lines)
    assert home(visitor).left == 5


@hazard("H98")
def test_doses_recorded_here_afterwards_are_taken_away_once(visitor: Visitor) -> None:
    a_dose(visitor)  # before the count: in it already
    counted(visitor, "6")
    assert (home(visitor).left, home(visitor).doses) == (6, 0)
    mine = a_dose(visitor, batch="A1")
    assert home(visitor).left == 5
    a_dose(visitor, source="other_site", batch="A2")
    assert home(visitor).left == 5
    address = f"{RUNNING}/change?event={mine}"
    form = fields_of(visitor.get(address).text)
    answer = visitor.post(f"{RUNNING}/record/dose", {**form, "batch": "A3"})
    sure = re.search(r'name="confirmed" value="([^"]*)"', answer.text)
    if sure:
        visitor.post(f"{RUNNING}/record/dose", {**fields_of(answer.text), "confirmed": sure[1]})
    assert home(visitor).left == 5
    correction = open_case(visitor.folder / FILE).record[-1]
    assert correction.kind == "correction"
    visitor.send(f"{RUNNING}/record/correction", withdraws=correction.replaced_by.id, reason="not given")
    assert home(visitor).left == 6


@hazard("H98")
def test_a_dose_of_several_ampoules_takes_them_all_and_none_is_never_less_than_none(visitor: Visitor) -> None:
    counted(visitor, "3")
    a_dose(visitor, given="other", substance="hydroxocobalamin", dose="2 mg", route="intramuscular")
    assert home(visitor).left == 1
    a_dose(
        visitor, given="other", substance="hydroxocobalamin", dose="1500 micrograms", route="intramuscular", batch="B"
    )
    assert home(visitor).left == 0


def test_a_changed_dose_from_before_the_count_takes_nothing(visitor: Visitor) -> None:
    counted(visitor, "4")
    event = [each.id for each in open_case(visitor.folder / FILE).record if each.kind == "administration"][-1]
    form = fields_of(visitor.get(f"{RUNNING}/change?event={event}").text)
    assert visitor.post(f"{RUNNING}/record/dose", {**form, "batch": "NEW"}).status_code == 303
    assert home(visitor).left == 4


def test_a_count_that_names_no_entry_counts_from_its_day(visitor: Visitor) -> None:
    path = visitor.folder / FILE
    text = path.read_text("utf-8")
    for on, left in (("2026-07-10", 4), ("2026-07-09", 3), ("2026-04-10", 3), ("2026-04-09", 2)):
        path.write_text(text.replace("record:\n", f"supply: {{ampoules: 4, on: {on}}}\nrecord:\n", 1), "utf-8")
        assert home(visitor).left == left, on


def test_the_day_to_order_stands_on_page_sheet_and_calendar(visitor: Visitor) -> None:
    counted(visitor, "1")
    told = "1 ampoule is enough until"
    for page in (RUNNING, f"{RUNNING}/ahead", f"{RUNNING}/print"):
        assert told in words_of(visitor.get(page).text), page
    order_by = home(visitor).supply.order_by
    assert order_by is not None
    wanted = calendars.Wanted(visitor.folder / "out.ics")
    seen = calendars.review_for_calendar(open_case(visitor.folder / FILE), DAY, wanted)
    calendars.write_review(visitor.folder / FILE, seen, wanted)
    text = (visitor.folder / "out.ics").read_text("utf-8")
    event = next(part for part in text.split("BEGIN:VEVENT") if "Time to order" in part)
    assert f"DTSTART;VALUE=DATE:{order_by:%Y%m%d}" in event
    assert "ampoule" not in event.lower()
    assert "cobalamin" not in event.split("SUMMARY")[1].split("\n")[0].lower()


def test_beside_an_alarm_nothing_of_a_supply_is_said(visitor: Visitor) -> None:
    counted(visitor, "1")
    path = visitor.folder / FILE
    text = path.read_text("utf-8").rstrip()
    path.write_text(f"{text}\n  - {{date: 2026-08-31, kind: symptoms, red_flags: [facial_swelling]}}\n", "utf-8")
    assert "is enough until" not in words_of(visitor.get(RUNNING).text)
    seen = review_of(open_case(path), DAY)
    assert not any("ampoule is" in line for line in sheet_of_review(shipped.library(), seen, Look())["now"]["more"])


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "many", "501", "１"])
def test_what_is_no_number_is_refused_at_its_field(typed: str, visitor: Visitor) -> None:
    before = visitor.text()
    page = counted(visitor, typed)
    assert page.status_code == 422
    assert "write a whole number from 0 to 500" in words_of(page.text)
    assert re.search(r'<input [^>]*id="ampoules"[^>]*aria-invalid="true"', page.text)
    assert visitor.text() == before


def test_a_file_in_json_keeps_the_count_too(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps({"cobalamin": 1, "patient": {"id": "p"}, "record": []}), "utf-8")
    visitor = visitor_of(tmp_path, DAY)
    mark = re.findall(r'name="mark" value="([^"]*)"', visitor.get("/case/p.json/ahead").text)[0]
    assert visitor.post("/case/p.json/supply", {"mark": mark, "ampoules": "7"}).status_code == 303
    assert open_case(tmp_path / "p.json").supply.ampoules == 7


def test_a_journey_says_what_may_move_and_saves_nothing(visitor: Visitor) -> None:
    before = visitor.text()
    page = visitor.get(f"{RUNNING}/ahead?from=2026-10-01&to=2026-10-12").text
    told = words_of(page)
    assert "The dose of Fri 9 October 2026 can be given from Fri 25 September 2026 to Fri 23 October 2026" in told
    assert "before you leave" in told
    assert "this program's assumption" in told
    assert visitor.text() == before


@pytest.mark.parametrize(
    ("days", "told"),
    [("from=2026-10-12&to=2026-10-01", "before the first"), ("from=2026-10-12", "the first and the last day"), ("from=2026-01-01&to=2026-01-05", "is over"), ("from=2026-02-30&to=2026-03-05", "no such day"), ("from=2026-10-01&to=2028-10-01", "longer than 366 days")],
)  # fmt: skip
def test_days_that_make_no_journey_are_refused_in_the_words_of_the_form(days: str, told: str, visitor: Visitor) -> None:
    page = visitor.get(f"{RUNNING}/ahead?{days}")
    assert page.status_code == 422
    assert told in words_of(page.text)
    assert "--away" not in page.text
    assert "FROM" not in page.text
