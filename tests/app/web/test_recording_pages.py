"""A dose at one press, an entry that is changed, answers at one press: what is saved is shown back, and nothing is saved unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from web_site import DAY, ROOT, RUNNING, Visitor, fields_of, main_of, visitor_of, words_of

from cobalamin.app.services import cases
from cobalamin.app.services.reviewing import review_of
from cobalamin.therapy.case.event_words import RED_FLAGS
from cobalamin.therapy.review.evaluations import Evaluation
from hazards import hazard

FILE = "treatment-running.yaml"
DUE = date(2026, 10, 9)
PRESS = re.compile(r'<form method="post" action="[^"]*/record/dose" class="press">.*?</form>', re.S)


@pytest.fixture
def on_the_day(folder: Path) -> Visitor:
    return visitor_of(folder, DUE)


def pressed(page: str) -> dict[str, str]:
    (form,) = PRESS.findall(page)
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))


def case_of(visitor: Visitor) -> cases.Case:
    return cases.open_case(visitor.folder / FILE)


def changed(visitor: Visitor, event: str, **told: str) -> object:
    address = f"{RUNNING}/change?event={event}"
    return visitor.post(
        f"{RUNNING}/record/{action(visitor, address)}", {**fields_of(visitor.get(address).text), **told}
    )


def action(visitor: Visitor, address: str) -> str:
    (found,) = set(re.findall(r'action="[^"]*/record/(\w+)', main_of(visitor.get(address).text)))
    return found


@hazard("H97")
def test_a_ready_form_left_open_over_night_says_so_and_writes_nothing(folder: Path) -> None:
    evening, morning = visitor_of(folder, DUE), visitor_of(folder, date(2026, 10, 10))
    page = evening.get(f"{RUNNING}/record/dose").text
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page[page.index("at-once") : page.index("at-once-what")]))
    assert form["date"] == str(DUE)
    before = evening.text()
    answer = morning.post(f"{RUNNING}/record/dose", form)
    assert "this page was opened on another day, and nothing is recorded yet" in words_of(answer.text)
    assert evening.text() == before
    assert (
        morning.send(f"{RUNNING}/record/dose?day={DUE}", given="planned").status_code == 303
    )  # a day asked for by link


# -- at one press ----------------------------------------------------------------------------------------------------


def test_a_due_dose_is_recorded_at_one_press_and_shown_back_with_undo(on_the_day: Visitor) -> None:
    page = on_the_day.get(RUNNING).text
    assert "Record 1 mg today" in words_of(page)
    done = on_the_day.post(f"{RUNNING}/record/dose", pressed(page))
    assert done.status_code == 303
    event = case_of(on_the_day).record[-1]
    assert (event.kind, event.on, event.as_planned) == ("administration", DUE, True)
    shown = on_the_day.get(done.headers["location"]).text
    assert "Fri 9 October 2026: dose: Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular" in words_of(shown)
    assert fields_of(shown)["event"] == event.id
    assert "Undo" in words_of(on_the_day.get(RUNNING).text)


def test_pressed_twice_it_is_recorded_once(on_the_day: Visitor) -> None:
    form = pressed(on_the_day.get(RUNNING).text)
    for _ in range(2):
        assert on_the_day.post(f"{RUNNING}/record/dose", form).status_code == 303
    assert sum(event.on == DUE for event in case_of(on_the_day).record) == 1


@hazard("H97")
@pytest.mark.parametrize(
    "entry", [*(f"kind: symptoms, red_flags: [{flag}]" for flag in RED_FLAGS), "kind: administration, as_planned: true", "kind: hold", "kind: result, marker: potassium, value: 2.4 mmol/L"],
)  # fmt: skip
def test_no_press_records_beside_an_alarm_or_where_something_is_odd(entry: str, on_the_day: Visitor) -> None:
    path = on_the_day.folder / FILE
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n  - {{date: {DUE}, {entry}}}\n", "utf-8")
    assert PRESS.findall(on_the_day.get(RUNNING).text) == []


@hazard("H97")
def test_no_press_before_its_time_nor_on_a_page_of_another_day(visitor: Visitor) -> None:
    assert PRESS.findall(visitor.get(RUNNING).text) == []
    assert PRESS.findall(visitor.get(f"{RUNNING}?on={DUE}").text) == []


@hazard("H97")
def test_a_page_that_stayed_open_over_night_records_nothing_at_one_press(folder: Path, on_the_day: Visitor) -> None:
    form, before = pressed(on_the_day.get(RUNNING).text), on_the_day.text()
    later = visitor_of(folder, date(2026, 10, 10))
    answer = later.post(f"{RUNNING}/record/dose", form)
    assert answer.status_code == 422
    assert "Day it was given" in words_of(answer.text)
    assert later.text() == before


def test_the_form_of_a_dose_begins_with_the_planned_one_of_the_tried_day(visitor: Visitor) -> None:
    tried = main_of(visitor.get(f"{RUNNING}/try?day=2026-08-30").text)
    (way,) = re.findall(r'href="([^"]*/record/dose[^"]*)"', tried)
    page = visitor.get(way.replace("&amp;", "&")).text
    card = re.search(r'<form[^>]*class="card at-once">.*?</form>', page, re.S)
    assert card is not None
    assert "Sun 30 August 2026" in words_of(card[0])
    assert 'name="date" value="2026-08-30"' in card[0]
    assert fields_of(page)["date.day"] == "30"


def test_the_last_site_and_the_side_in_turn_are_shown(visitor: Visitor) -> None:
    assert "Last time" not in words_of(visitor.get(f"{RUNNING}/record/dose").text)
    form = visitor.form(f"{RUNNING}/record/dose")
    sent = {**form, "site": "deltoid", "side": "left"}
    visitor.post(f"{RUNNING}/record/dose", sent)
    told = words_of(visitor.get(f"{RUNNING}/record/dose").text)
    assert "Last time: left deltoid, Tue 1 September 2026. In turn now: Right." in told


# -- checked before it is written ------------------------------------------------------------------------------------


def test_what_is_odd_is_shown_row_by_row_with_a_way_to_change_each(visitor: Visitor) -> None:
    told = {
        "given": "other",
        "substance": "hydroxocobalamin",
        "dose": "10 mg",
        "route": "intramuscular",
        "batch": "B77",
    }
    page = visitor.send(f"{RUNNING}/record/dose", **told)
    assert page.status_code == 422
    rows = [words_of(row) for row in re.findall(r"<div><dt>.*?</div>", page.text, re.S)]
    assert rows[0].startswith("Day Tue 1 September 2026 Change")
    assert any("Hydroxocobalamin 10 mg (10,000 micrograms), intramuscular Change" in row for row in rows)
    assert any(row.startswith("Batch number B77 Change") for row in rows)
    again = visitor.post(f"{RUNNING}/record/dose", {**fields_of(page.text), "change": "batch"})
    assert again.status_code == 200
    assert re.search(r'<input [^>]*id="batch"[^>]*value="B77"[^>]* autofocus', again.text)
    assert {key: fields_of(again.text)[key] for key in told} == told
    assert len(case_of(visitor).record) == len(cases.open_case(ROOT / "examples" / FILE).record)


# -- an entry that is changed ----------------------------------------------------------------------------------------


def standing_doses(visitor: Visitor, on: date) -> list[Evaluation]:
    return [each for each in review_of(case_of(visitor), on).evaluations if "RETRACTED" not in each.flags]


def a_dose(visitor: Visitor, place: int = -1) -> str:
    return [event.id for event in case_of(visitor).record if event.kind == "administration"][place]


def test_a_change_is_one_correction_with_its_replacement(visitor: Visitor) -> None:
    event, before = a_dose(visitor), visitor.text()
    page = visitor.get(f"{RUNNING}/change?event={event}").text
    assert fields_of(page)["date.day"] == "9"
    assert fields_of(page)["batch"] == "HX3"
    done = changed(visitor, event, batch="HX4")
    assert done.status_code == 303
    written = case_of(visitor).record[-1]
    assert (written.kind, written.withdraws, written.replaced_by.batch) == ("correction", event, "HX4")
    assert written.replaced_by.on == date(2026, 7, 9)
    assert visitor.text().startswith(before)
    shown = words_of(visitor.get(done.headers["location"]).text)
    assert "batch HX3" in shown
    assert "batch HX4" in shown


def test_the_changed_entry_stands_where_the_old_one_stood(visitor: Visitor) -> None:
    on = date(2026, 9, 1)

    def counted() -> list[tuple[object, ...]]:
        return [(each.event.on, each.credit, each.number) for each in standing_doses(visitor, on)]

    before = counted()
    changed(visitor, a_dose(visitor, 2), note="looked up")
    assert case_of(visitor).record[-1].replaced_by.note == "looked up"
    assert counted() == before


def test_a_changed_entry_can_be_changed_again_and_the_change_taken_back(visitor: Visitor) -> None:
    changed(visitor, a_dose(visitor), batch="HX4")
    second = case_of(visitor).record[-1].replaced_by.id
    changed(visitor, second, batch="HX5")
    doses = standing_doses(visitor, DAY)
    assert doses[-1].event.batch == "HX5"
    assert [each.event.on for each in doses].count(date(2026, 7, 9)) == 1
    page = visitor.get(RUNNING).text
    undo = re.findall(r'<form method="post" action="[^"]*/undo".*?</form>', page, re.S)[0]
    assert visitor.post(f"{RUNNING}/undo", dict(re.findall(r'name="([^"]+)" value="([^"]*)"', undo))).status_code == 303
    assert standing_doses(visitor, DAY)[-1].event.batch == "HX4"


@hazard("H94")
def test_what_no_form_shows_is_taken_along(visitor: Visitor) -> None:
    path = visitor.folder / FILE
    own = "{date: 2026-08-20, kind: symptoms, tiredness: 3, own: {ears: 4, sleep: 7}, time: '08:10'}"
    given = "{date: 2026-08-25, kind: administration, as_planned: true, authority: {by: Dr A, from: 2026-01-01, through: 2027-01-01}}"
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n  - {own}\n  - {given}\n", "utf-8")
    symptoms, dose = (event.id for event in case_of(visitor).record[-2:])
    changed(visitor, symptoms, tiredness="5")
    new = case_of(visitor).record[-1].replaced_by
    assert (new.tiredness, dict(new.own), new.time) == (5, {"ears": 4, "sleep": 7}, "08:10")
    answer = changed(visitor, dose, batch="HX9")
    if answer.status_code == 422:
        confirmed = re.search(r'name="confirmed" value="([^"]*)"', answer.text)
        assert confirmed is not None
        answer = visitor.post(f"{RUNNING}/record/dose", {**fields_of(answer.text), "confirmed": confirmed[1]})
    new = case_of(visitor).record[-1].replaced_by
    assert (new.batch, new.authority.by) == ("HX9", "Dr A")


def test_a_change_that_changes_nothing_is_refused(visitor: Visitor) -> None:
    before = visitor.text()
    for place in range(len([event for event in case_of(visitor).record if event.kind == "administration"])):
        answer = changed(visitor, a_dose(visitor, place))
        assert answer.status_code == 422
        assert "nothing is changed yet" in words_of(answer.text)
    assert visitor.text() == before


def test_a_withdrawn_entry_has_no_form(visitor: Visitor) -> None:
    event = a_dose(visitor)
    changed(visitor, event, batch="HX4")
    assert visitor.get(f"{RUNNING}/change?event={event}").status_code == 404
    assert visitor.get(f"{RUNNING}/change?event=nothing").status_code == 404


# -- answers as buttons ----------------------------------------------------------------------------------------------


def buttons(page: str) -> list[str]:
    return re.findall(r'<div class="answer-buttons no-print">(.*?)</div>', page, re.S)


def test_a_fact_is_answered_at_one_press_and_comes_back(tmp_path: Path) -> None:
    text = re.sub(r"  previous_treatment:.*\n", "", (ROOT / "examples" / FILE).read_text("utf-8"))
    (tmp_path / "p.yaml").write_text(text, "utf-8")
    visitor = visitor_of(tmp_path, DAY)
    for page, back in (("/case/p.yaml", "/case/p.yaml"), ("/case/p.yaml/review", "/case/p.yaml/review")):
        (tmp_path / "p.yaml").write_text(text, "utf-8")
        asked = visitor.get(page).text
        form = next(found for found in buttons(asked) if 'value="previous_treatment"' in found)
        sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        done = visitor.post("/case/p.yaml/question", sent)
        assert urlsplit(done.headers["location"]).path == back
        told = visitor.get(done.headers["location"]).text
        assert "Your answer is recorded" in words_of(told)
        assert 'value="previous_treatment"' not in told


def test_an_answer_that_needs_a_name_opens_its_form_filled_in_and_comes_back(tmp_path: Path) -> None:
    text = (ROOT / "examples" / FILE).read_text("utf-8").rstrip()
    (tmp_path / "p.yaml").write_text(f"{text}\n  - {{date: 2026-11-20, kind: hold}}\n", "utf-8")
    visitor = visitor_of(tmp_path, date(2027, 3, 1))
    page = visitor.get("/case/p.yaml").text
    ways = [way.replace("&amp;", "&") for way in re.findall(r'href="([^"]*record/decision\?[^"]*)"', page)]
    way = next(each for each in ways if parse_qs(urlsplit(each).query)["decision"] == ["resume"])
    form = visitor.form(way)
    assert (form["decision"], form["back"]) == ("resume", "due")
    done = visitor.post("/case/p.yaml/record/decision", {**form, "by": "Dr A", "reason": "better"})
    assert done.status_code == 303
    assert urlsplit(done.headers["location"]).path == "/case/p.yaml"
    assert cases.open_case(tmp_path / "p.yaml").record[-1].decision == "resume"


def test_every_button_of_every_example_leads_somewhere(on_day: Callable[[date], Visitor]) -> None:
    visitor, seen = on_day(date(2027, 6, 1)), 0
    for path in sorted(visitor.folder.glob("*.yaml")):
        page = visitor.get(f"/case/{path.name}").text
        for found in buttons(page):
            for way in re.findall(r'href="([^"]+)"', found):
                seen += 1
                assert visitor.get(way.replace("&amp;", "&")).status_code == 200, way
    assert seen > 5
