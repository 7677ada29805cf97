"""The pages of a person's year: the band of now, the picture and its table, the month, a dose tried, the card, the page for the doctor."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from web_site import DAY, RUNNING, Visitor, main_of, words_of

from hazards import hazard

SIGN = f"date: {DAY}, kind: symptoms, red_flags: [facial_swelling]"


def add(visitor: Visitor, *entries: str) -> None:
    path = visitor.folder / "treatment-running.yaml"
    path.write_text("\n".join([visitor.text().rstrip(), *(f"  - {{{entry}}}" for entry in entries), ""]), "utf-8")


def band(page: str) -> str:
    return words_of(re.findall(r'<section class="hero.*?</section>', page, re.S)[0])


# -- now -------------------------------------------------------------------------------------------------------------


def test_the_band_says_state_day_and_how_far_away(visitor: Visitor) -> None:
    assert (
        band(visitor.get(RUNNING).text) == "Not yet due Fri 9 October in 38 days Record a dose Can it be another day?"
    )


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (date(2026, 9, 30), "Can be booked Fri 9 October in 9 days"), (date(2026, 10, 9), "Due Fri 9 October today"),
        (date(2026, 10, 15), "Due Fri 9 October 6 days ago, still in time"), (date(2026, 11, 20), "Overdue Fri 9 October 42 days late"),
    ],
)  # fmt: skip
def test_it_counts_the_days_on_either_side(on: date, told: str, visitor: Visitor) -> None:
    assert band(visitor.get(f"{RUNNING}?on={on}").text).startswith(told)


def test_a_day_of_another_year_has_its_year(visitor: Visitor) -> None:
    add(visitor, "date: 2026-10-20, kind: administration, as_planned: true")
    assert "Wed 20 January 2027 in 91 days" in band(visitor.get(f"{RUNNING}?on=2026-10-21").text)


@hazard("H145")
def test_below_an_alarm_there_is_no_large_day_and_no_main_button(visitor: Visitor) -> None:
    add(visitor, SIGN)
    page = visitor.get(RUNNING).text
    assert 'class="big"' not in main_of(page)
    assert "is-next" not in re.sub(r"<ul.*?</ul>", "", main_of(page), flags=re.S)
    assert re.findall(r'<a class="button" href="[^"]*record/dose', page) == []


def test_what_was_just_recorded_can_be_taken_back_from_the_page(visitor: Visitor) -> None:
    saved = visitor.send(f"{RUNNING}/record/symptoms", tiredness="2")
    assert saved.status_code == 303
    page = visitor.get(RUNNING).text
    assert "Recorded today: symptoms, 1 Sep." in words_of(page)
    form = re.findall(r'<form method="post" action="[^"]*/undo".*?</form>', page, re.S)[0]
    sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert visitor.post(f"{RUNNING}/undo", sent).status_code == 303
    assert "Recorded today" not in words_of(visitor.get(RUNNING).text)


def test_what_was_recorded_yesterday_is_not_offered(visitor: Visitor) -> None:
    visitor.send(f"{RUNNING}/record/symptoms", tiredness="2")
    assert "Recorded today" not in words_of(visitor.get(f"{RUNNING}?on={DAY + timedelta(days=1)}").text)


# -- the year --------------------------------------------------------------------------------------------------------


def test_the_table_has_what_the_picture_has(visitor: Visitor) -> None:
    page = visitor.get(RUNNING).text
    section = page[page.index('id="year"') : page.index("</section>", page.index('id="year"'))]
    picture = re.findall(r"<svg class=\"year\".*?</svg>(?=</div>)", section, re.S)[0]
    drawn = {each.get("href") for each in ElementTree.fromstring(picture).iter("a")}
    table = {
        link.replace("&amp;", "&")
        for link in re.findall(r'<a href="([^"]+)"', section[section.index("<table") : section.index("</table>")])
    }
    assert drawn == table
    told = words_of(section)
    assert "Fri 9 October 2026 1 mg (1,000 micrograms), the next dose" in told
    assert "Haemoglobin: 104 g/L (usual 120 to 160 g/L)" in told


def test_every_mark_opens_its_reasons(visitor: Visitor) -> None:
    page = visitor.get("/case/self-injecting.yaml").text
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*/why\?about=[^"]+)"', page)}
    assert len(links) > 5
    for link in links:
        assert visitor.get(link).status_code == 200, link


def test_a_long_record_is_shown_year_by_year(visitor: Visitor) -> None:
    add(visitor, "date: 2028-02-01, kind: administration, as_planned: true")
    page = visitor.get(f"{RUNNING}?on=2028-03-01").text
    assert "2026: 8 doses" in page
    assert "2027: 0 doses" in page
    assert f'href="{RUNNING}?year=2026#year"' in page
    other = visitor.get(f"{RUNNING}?on=2028-03-01&year=2026").text
    assert "Treatment from January 2026 to December 2026" in words_of(other)


@pytest.mark.parametrize("year", ["", "x", "99999", "-5", "1 OR 1", "0", "2026.5"])
def test_a_year_that_is_none_is_passed_over(year: str, visitor: Visitor) -> None:
    assert "Your B12 year" in words_of(visitor.get(f"{RUNNING}?year={year}").text)


# -- a month ---------------------------------------------------------------------------------------------------------


def test_a_month_has_its_days_its_marks_and_the_days_in_time(visitor: Visitor) -> None:
    page = visitor.get(f"{RUNNING}/month?month=2026-10").text
    cells = re.findall(r'<td class="([^"]*)"><span class="number"[^>]*>(\d+)</span>(.*?)</td>', page, re.S)
    assert len(cells) == 31
    assert [int(day) for names, day, _ in cells if "in-time" in names] == list(range(1, 24))
    assert [(int(day), words_of(inside)) for _, day, inside in cells if "mark" in inside] == [(9, "next dose")]
    assert page.count("<tr>") == 6
    assert "Fri 9 October 2026 1 mg (1,000 micrograms), the next dose" in words_of(page)


@pytest.mark.parametrize("month", ["", "2026-13", "2026-1", "x", "9999-01", "2026-10-01"])
def test_a_month_that_is_none_is_that_of_today(month: str, visitor: Visitor) -> None:
    assert "September 2026" in words_of(visitor.get(f"{RUNNING}/month?month={month}").text)


# -- a dose tried ----------------------------------------------------------------------------------------------------


@hazard("H147")
def test_trying_a_day_says_what_would_follow_and_writes_nothing(visitor: Visitor) -> None:
    before = visitor.text()
    told = words_of(main_of(visitor.get(f"{RUNNING}/try?day=2026-10-16").text))
    assert "Fri 16 October 2026 7 days later" in told
    assert "Sat 9 January 2027 Sat 16 January 2027 7 days later" in told
    assert "Nothing is saved" in told
    assert "No source" in told
    assert visitor.text() == before


def test_the_steps_lead_a_day_and_a_week_to_either_side(visitor: Visitor) -> None:
    page = visitor.get(f"{RUNNING}/try").text
    found = dict(re.findall(r'data-step="(\w+)" href="[^"]*day=([\d-]+)#day"', page))
    assert found == {
        "week_earlier": "2026-10-02",
        "day_earlier": "2026-10-08",
        "day_later": "2026-10-10",
        "week_later": "2026-10-16",
    }


def test_no_step_leads_before_the_last_entry(visitor: Visitor) -> None:
    page = visitor.get(f"{RUNNING}/try?day=2026-07-09").text
    assert re.findall(r'data-step="(\w+)"', page) == ["day_later", "week_later"]


@pytest.mark.parametrize("query", ["dose=0", "dose=99", "dose=x", "dose=-1", "day=2020-01-01", "day=2299-01-01"])
def test_odd_wishes_are_held_at_the_ends(query: str, visitor: Visitor) -> None:
    assert visitor.get(f"{RUNNING}/try?{query}").status_code == 200


def test_a_day_that_does_not_exist_is_refused_in_a_sentence(visitor: Visitor) -> None:
    assert visitor.get(f"{RUNNING}/try?day=2026-02-30").status_code == 422


def test_only_a_day_that_has_come_offers_to_record(visitor: Visitor) -> None:
    assert "/record/dose" not in main_of(visitor.get(f"{RUNNING}/try?day=2026-10-09").text)
    assert "/record/dose" in main_of(visitor.get(f"{RUNNING}/try?day=2026-09-01").text)


# -- what is carried along -------------------------------------------------------------------------------------------


def test_the_card_and_the_screen_have_the_same_lines(visitor: Visitor) -> None:
    card, shown = (words_of(visitor.get(f"{RUNNING}/{page}").text) for page in ("card", "show"))
    for part in (
        "Sun 2 March 1958",
        "pernicious anaemia",
        "every 3 months",
        "Fri 9 October 2026",
        "Dr A. Example",
        "As of Tue 1 September 2026",
    ):
        assert part in card
        assert part in shown


@hazard("H145")
def test_card_screen_and_summary_begin_with_what_may_not_wait(visitor: Visitor) -> None:
    add(visitor, SIGN)
    for name in ("card", "show", "summary"):
        page = visitor.get(f"{RUNNING}/{name}").text
        body = page[page.index("<body") :]
        assert words_of(body).removeprefix("Skip to the content ").startswith("WARNING SIGN"), name
        own = main_of(page) if name != "show" else body
        assert words_of(own).index("WARNING SIGN") < words_of(own).index("pernicious anaemia"), name


def test_the_code_holds_the_same_text(visitor: Visitor) -> None:
    segno = pytest.importorskip("segno")
    from cobalamin.app.pictures.code import MOST, code_of

    text = "Name: \u00e4\nNext dose: Fri 9 October 2026"
    made = segno.make(text, error="m", micro=False, encoding="utf-8")
    size = made.symbol_size(border=0)[0]
    drawn = code_of(text, "Code")
    assert f'viewBox="0 0 {(size + 8) * 4} {(size + 8) * 4}"' in drawn
    assert code_of("x" * (MOST + 1), "Code") == ""
    assert "<svg" in visitor.get(f"{RUNNING}/card").text


def test_without_its_package_the_card_has_no_code(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "segno", None)
    page = visitor.get(f"{RUNNING}/card")
    assert page.status_code == 200
    assert "code-box" not in page.text
    assert "every 3 months" in words_of(page.text)


def test_the_page_for_the_doctor_has_symptoms_by_days_since_the_dose(visitor: Visitor) -> None:
    told = words_of(main_of(visitor.get(f"{RUNNING}/summary").text))
    assert "Tiredness day 78: 3." in told  # 19 January to 7 April
    assert "Haemoglobin 104 g/L (2 Jan 2026) 131 g/L (2 Mar 2026) Usual 120 to 160 g/L" in told
    assert "8 given, the last Thu 9 July 2026." in told


def test_there_is_nothing_to_show_without_a_plan(on_day: Callable[[date], Visitor]) -> None:
    visitor = on_day(DAY)
    for name in ("month", "try", "card", "show", "summary"):
        assert visitor.get(f"/case/pernicious-anaemia.yaml/{name}").status_code == 200, name
