"""The short way of a prescriber: facts on one page, three options side by side, everything once more, kept, printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsing import follow, press, says
from web_site import Visitor, main_of, words_of

from cobalamin.app.web.pages.planning import first_doses
from hazards import hazard

FACTS = {
    "fact.deficiency": "confirmed", "fact.cause": "pernicious_anaemia", "fact.neurological_involvement": "absent", "fact.anaemia": "none",
    "fact.previous_treatment": "none", "fact.vegan": "absent",
}  # fmt: skip
NEW = {"id": "Anna", "country": "GB", "birth_date.day": "3", "birth_date.month": "05", "birth_date.year": "1958"}
CHOSEN = "protocol=uk-bnf-noneuro&start=2026-09-01&choose.maintenance_interval=3+mo"
CASE = "/case/anna.yaml"


@pytest.fixture
def prescriber(visitor: Visitor) -> Visitor:
    """Somebody with professional words and a new person."""
    answer = visitor.site.get("/new")
    visitor.site.cookies.update({"words": "professional"})
    data = {**visitor.form("/new"), **NEW}
    answer = visitor.post("/new", data)
    assert answer.headers["location"] == f"{CASE}/facts"
    return visitor


def told(visitor: Visitor, **others: Any) -> Any:
    return visitor.post(f"{CASE}/facts", {**visitor.form(f"{CASE}/facts"), **FACTS, **others})


def test_a_patient_is_asked_one_by_one_and_may_have_all_on_one_page(visitor: Visitor) -> None:
    data = {**visitor.form("/new"), **NEW}
    assert visitor.post("/new", data).headers["location"] == f"{CASE}/question"
    data = {**visitor.form("/new"), **NEW, "id": "Other", "way": "one_page"}
    assert visitor.post("/new", data).headers["location"] == "/case/other.yaml/facts"


def test_facts_are_kept_and_three_options_stand_side_by_side(prescriber: Visitor) -> None:
    answer = told(prescriber, asked="none_of_these")
    assert answer.headers["location"] == f"{CASE}/choose"
    written = prescriber.text("anna.yaml")
    assert "cause: pernicious_anaemia" in written
    assert "allergy_cobalamin: absent" in written
    page = main_of(prescriber.get(f"{CASE}/choose").text)
    assert page.count("Choose this") == 3
    assert "BNF, no neurological involvement" in page
    assert page.count("Differs: ") == 2


def test_what_nobody_asked_is_not_kept(prescriber: Visitor) -> None:
    assert prescriber.post(f"{CASE}/facts", prescriber.form(f"{CASE}/facts")).status_code == 303
    assert "\n  deficiency:" not in prescriber.text("anna.yaml")


@hazard("H07")
def test_ticks_without_a_word_on_the_others_clear_no_allergy(prescriber: Visitor) -> None:
    before = prescriber.text("anna.yaml")
    answer = told(prescriber, box=["renal_impairment=present"])
    assert answer.status_code == 422
    assert "say whether the others were asked too" in answer.text
    assert 'id="asked-fault"' in answer.text
    assert prescriber.text("anna.yaml") == before
    assert told(prescriber, box=["renal_impairment=present"], asked="none_of_these").status_code == 422
    assert told(prescriber, box=["renal_impairment=present"], asked="some").status_code == 303
    assert "renal_impairment: present" in prescriber.text("anna.yaml")


def test_a_fact_is_changed_where_it_was_answered(prescriber: Visitor) -> None:
    told(prescriber, asked="some", box=["renal_impairment=present"])
    form = prescriber.get(f"{CASE}/facts").text
    assert '<option value="pernicious_anaemia" selected>' in form
    assert 'value="renal_impairment=present" checked' in form
    told(prescriber, asked="none_of_these", box=[], **{"fact.anaemia": "mild"})
    check = words_of(main_of(prescriber.get(f"{CASE}/check?{CHOSEN}").text))
    assert "Anaemia mild Change" in check
    assert "medicines Asked, and none Change" in check


def test_everything_stands_once_more_before_it_is_kept_and_can_be_changed(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these")
    page = main_of(prescriber.get(f"{CASE}/check?{CHOSEN}").text)
    for shown in (
        "pernicious anaemia",
        "BNF, no neurological involvement",
        "maintenance interval = 3 months",
        "Tue 1 September 2026",
    ):
        assert shown in words_of(page), shown
    assert page.count(">Change<") == 11
    answer = prescriber.send(f"{CASE}/check?{CHOSEN}", by="Dr A")
    assert answer.headers["location"] == f"{CASE}/accepted"
    assert "Agreed by Dr A." in prescriber.get(f"{CASE}/accepted").text
    assert prescriber.get(f"{CASE}/print").status_code == 200


def test_what_the_first_doses_give_stands_once_where_it_is_the_same(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these")
    said = words_of(main_of(prescriber.get(f"{CASE}/check?{CHOSEN}").text))
    listed = said[said.index("First doses") : said.index("All dates of the year")]
    assert listed.startswith(
        "First doses Hydroxocobalamin 1 mg (1,000 micrograms) Tue 1 September 2026 Thu 3 September"
    )
    assert listed.count("2026") == 4


def test_what_the_first_doses_give_stands_with_each_where_it_is_not_the_same() -> None:
    rows = [{"kind": kind, "main": [dose]} for kind, dose in [("dose", "1 mg"), ("check", "blood"), ("dose", "2 mg")]]
    assert first_doses(rows) == {"first_doses": [rows[0], rows[2]], "first_dose": ""}


def test_what_is_still_open_is_chosen_first(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these")
    page = prescriber.get(f"{CASE}/check?protocol=uk-bnf-noneuro&start=2026-09-01&choose.maintenance_interval=").text
    assert "Still to choose" in page
    assert "Keep this plan" not in page


def test_what_is_changed_or_chosen_leads_back_to_the_last_look(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these")
    page = main_of(prescriber.get(f"{CASE}/check?{CHOSEN}").text)
    for name in ("Chosen", "Day of the first dose", "Product"):
        [address] = re.findall(rf'<a href="([^"]+)">Change<span class="unseen">: {name}<', page)
        changing = prescriber.get(address.replace("&amp;", "&")).text
        assert f'<form method="get" action="{CASE}/check">' in changing
        assert "Keep this plan" not in changing  # it would keep what stood there before
    still_open = prescriber.get(f"{CASE}/check?protocol=uk-bnf-noneuro&start=2026-09-01").text
    assert f'<form method="get" action="{CASE}/check">' in still_open
    assert f'<form method="get" action="{CASE}/plan">' in prescriber.get(f"{CASE}/plan?{CHOSEN}&change=1").text
    day = "protocol=uk-bnf-noneuro&start.day=5&start.month=10&start.year=2026&choose.maintenance_interval=3+mo&product="
    assert "Mon 5 October 2026" in words_of(main_of(prescriber.get(f"{CASE}/check?{day}").text))


def test_nobody_keeps_a_plan_and_the_page_stays(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these")
    answer = prescriber.send(f"{CASE}/check?{CHOSEN}", by="")
    assert answer.status_code == 422
    assert "Check before it is kept" in answer.text
    assert "write who agreed" in answer.text


@hazard("H79")
def test_what_may_not_wait_leads_every_page_of_the_way(prescriber: Visitor) -> None:
    told(
        prescriber,
        asked="some",
        box=["optic_disease=leber_hereditary_optic_neuropathy"],
        **{"fact.neurological_involvement": "present"},
    )
    for page in (f"{CASE}/facts", f"{CASE}/choose", f"{CASE}/check?protocol=us-cn-pa&start=2026-09-01"):
        text = prescriber.get(page).text
        assert 0 < text.find('class="alarm') < text.index("<h1"), page


@hazard("H153")
def test_what_is_urgent_stands_in_a_box_above_the_options(visitor: Visitor) -> None:
    page = main_of(visitor.get("/case/pernicious-anaemia-neurological.yaml/choose").text)
    box = page[page.index('<div class="issue acknowledge">') :]
    assert box.index("URGENT") < box.index("</div>") < box.index('<ol class="three">')


@hazard("H153")
def test_what_is_urgent_stands_open_where_the_plan_is_kept(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these", **{"fact.neurological_involvement": "present"})
    page = main_of(prescriber.get(f"{CASE}/check?protocol=uk-bnf-neuro&start=2026-09-01").text)
    said = page.index("Take blood samples and start")
    assert said < page.index("<dl") < page.index("<details")
    assert page.count("Take blood samples and start") == 1


@hazard("H153")
def test_what_presses_comes_first_and_caveats_stand_open_where_the_plan_is_kept(visitor: Visitor) -> None:
    case = "/case/nitrous-oxide.yaml"
    page = main_of(
        visitor.get(
            f"{case}/check?protocol=nl-b12i-neuro&start=2026-09-01&choose.load_per_week=1", words="professional"
        ).text
    )
    assert page.index("Take blood samples") < page.index("Stop or avoid exposure") < page.index("<dl")
    caveats = page.index("What the source says about this dose")
    assert page.count("<details", 0, caveats) == page.count("</details>", 0, caveats)
    assert page.index("The wording of the page is loose") > caveats


@hazard("H100")
def test_an_edition_that_was_followed_says_so_on_the_way_to_a_plan(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these", **{"fact.neurological_involvement": "present"})
    written = prescriber.folder / "anna.yaml"
    written.write_text(written.read_text("utf-8").replace("country: GB", "country: US"), "utf-8")
    cards = main_of(prescriber.get(f"{CASE}/choose").text).split('<li class="card">')
    [followed] = [card for card in cards if "CDC guidance" in card]
    assert "This is not the newest edition." in followed
    kept = "protocol=us-cdc-im&start=2026-09-01&choose.load_substance=cyanocobalamin&choose.maintenance_substance=cyanocobalamin"
    page = main_of(prescriber.get(f"{CASE}/check?{kept}").text)
    assert page.index("This is not the newest edition.") < page.index("<dl")
    assert "<dt>Anemia</dt>" in page
    assert "Keep this plan" in page


@hazard("H153")
def test_an_option_of_another_country_says_so_beside_the_others(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these", **{"fact.neurological_involvement": "present"})
    written = prescriber.folder / "anna.yaml"
    written.write_text(written.read_text("utf-8").replace("country: GB", "country: IN"), "utf-8")
    page = words_of(main_of(prescriber.get(f"{CASE}/choose").text))
    assert page.index("Not the nearest text leads:") < page.index("BNF, neurological involvement general guidance (GB)")


def test_a_reason_is_asked_for_what_must_be_acknowledged(prescriber: Visitor) -> None:
    told(prescriber, asked="none_of_these")
    oral = f"{CASE}/check?protocol=us-aafp-oral&start=2026-09-01&choose.maintenance_substance=cyanocobalamin&choose.maintenance_dose=1000+mcg"
    assert 'name="reason.ORAL_INSUFFICIENT"' in prescriber.get(oral).text
    answer = prescriber.send(oral, by="Dr A")
    assert answer.status_code == 422
    assert "say for each point why it may go on" in answer.text


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_nine_clicks_lead_to_a_printed_plan(visit: Callable[..., Any], server: str, script: bool) -> None:
    page = visit(f"{server}/", mode="professional", script=script)
    page.locator('main a[href="/new"]').first.click()
    page.get_by_label("Name, initials or number").fill("Anna")
    page.get_by_label("Country").select_option("GB")
    page.get_by_label("Day", exact=True).fill("3")
    page.get_by_label("Month").select_option("05")
    page.get_by_label("Year").fill("1958")
    press(page, "Continue")
    for name, value in FACTS.items():
        page.locator(f'[id="{name}"]').select_option(value)
    page.locator("#asked").select_option("none_of_these")
    press(page, "Show what fits")
    page.get_by_label("Maintenance interval").first.select_option(index=1)
    press(page, "Choose this")
    page.get_by_label("Who agreed to it").fill("Dr A")
    press(page, "Keep this plan")
    follow(page, "Print the plan")
    says(page, "Anna")
