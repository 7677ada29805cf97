"""A treatment that runs already, taken over on the pages: nothing of loading, the next dose counted from the last one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsing import follow, press, says
from web_site import Visitor, let_in, main_of, running_server, visitor_of, words_of

from cobalamin.app.services.cases import open_case
from hazards import hazard

ON = date(2026, 11, 30)
CASE = """cobalamin: 1
patient: {id: p, birth_date: 1951-09-30, sex: male, country: GB}
facts:
  deficiency: confirmed
  cause: pernicious_anaemia
  neurological_involvement: absent
  anaemia: none
  previous_treatment: maintenance
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
"""
PERSON = "/case/p.yaml"
FORM = f"{PERSON}/take-over?protocol=uk-bnf-noneuro"
PLAN = f"{PERSON}/plan?protocol=uk-bnf-noneuro&choose.maintenance_interval=3+mo"
LAST = {"last_dose.day": "12", "last_dose.month": "10", "last_dose.year": "2026"}
TOLD = {**LAST, "interval.number": "3", "interval.unit": "mo", "by": "Dr Ash"}
WIDE, TALL = 375, 700


@pytest.fixture
def treated(tmp_path: Path) -> Visitor:
    """Somebody at the pages of one person who is treated regularly, without a plan."""
    (tmp_path / "p.yaml").write_text(CASE, "utf-8")
    return visitor_of(tmp_path, ON)


def said(visitor: Visitor, address: str) -> str:
    return words_of(main_of(visitor.get(address).text))


@hazard("H75")
def test_what_the_form_tells_is_written_as_the_command_writes_it(treated: Visitor) -> None:
    answer = treated.send(FORM, **TOLD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PERSON}/taken-over")
    case = open_case(treated.folder / "p.yaml")
    assert case.plan is not None
    assert (str(case.plan.start), case.plan.choices, case.plan.accepted_by) == (
        "2026-10-12", {"maintenance_interval": "3 mo"}, "Dr Ash",
    )  # fmt: skip
    [history] = case.record
    assert (history.kind, str(history.last_dose), history.written_with) == ("history", "2026-10-12", "plan")


def test_it_is_shown_back_with_what_is_due_and_can_be_taken_back_together(treated: Visitor) -> None:
    treated.send(FORM, **TOLD)
    shown = said(treated, f"{PERSON}/taken-over")
    for part in ("Mon 12 October 2026", "Dr Ash", "maintenance interval = 3 months", "is due Tue 12 January 2027"):
        assert part in shown, part
    assert "3 times a week" not in said(treated, PERSON)
    back = treated.send(f"{PERSON}/taken-over")
    assert back.status_code == 303
    assert "It is taken back" in said(treated, back.headers["location"])
    assert "uk-bnf-noneuro" in treated.get(f"{PERSON}/take-over").text  # it can be taken over anew


@hazard("H75")
def test_an_interval_that_the_source_does_not_state_is_kept_as_the_persons_own(treated: Visitor) -> None:
    treated.send(FORM, **{**TOLD, "interval.number": "5", "interval.unit": "wk"})
    [history] = open_case(treated.folder / "p.yaml").record
    assert str(history.interval) == "5 wk"
    shown = said(treated, f"{PERSON}/taken-over")
    assert "interval 5 weeks" in shown
    assert "Nobody chose maintenance interval" in shown
    assert "Chosen:" not in shown


@pytest.mark.parametrize(
    ("last", "start"),
    [({"last_dose.month": "10", "last_dose.year": "2026"}, "2026-10-01"), ({"last_unknown": "1"}, "2026-11-30")],
)
def test_of_the_last_dose_only_the_month_or_nothing_may_be_known(
    last: dict[str, str], start: str, treated: Visitor
) -> None:
    told = {key: text for key, text in TOLD.items() if not key.startswith("last_dose")} | last
    assert treated.send(FORM, **told).status_code == 303
    case = open_case(treated.folder / "p.yaml")
    assert case.plan is not None
    assert str(case.plan.start) == start


WRONG = {
    "last_dose": ({"last_dose.day": "", "last_dose.month": "", "last_dose.year": ""}, "write when the last dose was"),
    "last_both": ({"last_unknown": "1"}, "keep one"),
    "last_later": ({"last_dose.year": "2027"}, "has not come yet"),
    "interval_open": ({"interval.number": ""}, "the source leaves it open (2 months, 3 months)"),
    "interval_none": ({"interval.number": "0"}, "write a whole number"),
    "interval_words": ({"interval.number": "often"}, "write a whole number"),
    "doses": ({"doses": "many"}, "write a whole number, or leave it empty"),
    "by": ({"by": ""}, "write who says so"),
    "phase": ({"phase": "later"}, "is no phase of uk-bnf-noneuro"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written_or_lost(what: str, treated: Visitor) -> None:
    told, sentence = WRONG[what]
    answer = treated.send(FORM, **{**TOLD, **told})
    assert answer.status_code == 422
    assert sentence in words_of(answer.text)
    assert f'href="#{what.split("_")[0] if "last" not in what else "last_dose"}"' in answer.text
    assert treated.text("p.yaml") == CASE
    kept = {key: text for key, text in {**TOLD, **told}.items() if key in ("interval.number", "by") and text}
    for key, text in kept.items():
        assert re.search(rf'name="{re.escape(key)}"[^>]* value="{text}"', answer.text), key


@hazard("H75")
def test_a_last_dose_long_ago_is_a_question_first_and_the_answer_writes_it(treated: Visitor) -> None:
    asked = treated.send(FORM, **{**TOLD, "last_dose.year": "2024"})
    assert asked.status_code == 422
    assert "is so long ago that the treatment should be looked at" in words_of(asked.text)
    assert treated.text("p.yaml") == CASE
    [sure] = re.findall(r'name="confirmed" value="([^"]+)"', asked.text)
    assert treated.send(FORM, **{**TOLD, "last_dose.year": "2024"}, confirmed=sure).status_code == 303


@hazard("H75")
def test_a_loading_that_was_left_unfinished_is_a_question_first(treated: Visitor) -> None:
    (treated.folder / "p.yaml").write_text(CASE.replace("treatment: maintenance", "treatment: loading"), "utf-8")
    told = {**LAST, "last_dose.month": "11", "last_dose.day": "28", "by": "Dr Ash", "phase": "load", "doses": "3"}
    asked = treated.send(FORM, **told)
    assert "something is still to choose" in words_of(
        asked.text
    )  # the interval that follows: no phase's own field asks
    told["choose.maintenance_interval"] = "3 mo"
    asked = treated.send(FORM, **told)
    assert asked.status_code == 422
    assert "6" in words_of(asked.text[asked.text.index('id="asked"') :])
    [sure] = re.findall(r'name="confirmed" value="([^"]+)"', asked.text)
    assert treated.send(FORM, **told, confirmed=sure).status_code == 303
    assert "loading, dose 4" in said_as_professional(treated, PERSON)


def said_as_professional(visitor: Visitor, address: str) -> str:
    return words_of(main_of(visitor.get(address, words="professional").text))


def test_what_must_be_acknowledged_is_asked_with_the_same_gate_as_a_plan(treated: Visitor) -> None:
    facts = CASE.replace("none_of: [allergies, ", "none_of: [")
    (treated.folder / "p.yaml").write_text(facts, "utf-8")
    codes = reasons_of(treated, FORM)
    assert codes
    assert codes == reasons_of(treated, PLAN) - {"PREVIOUS_TREATMENT"}
    refused = treated.send(FORM, **TOLD)
    assert refused.status_code == 422
    assert "say for each point why it may go on" in words_of(refused.text)
    assert treated.text("p.yaml") == facts
    assert treated.send(FORM, **TOLD, **{f"reason.{code}": "asked today" for code in codes}).status_code == 303
    plan = open_case(treated.folder / "p.yaml").plan
    assert plan is not None
    assert set(plan.acknowledged) == codes


def reasons_of(visitor: Visitor, address: str) -> set[str]:
    return set(re.findall(r'name="reason\.([A-Z_]+)"', visitor.get(address).text))


def test_what_blocks_a_plan_blocks_taking_over(treated: Visitor) -> None:
    facts = CASE.replace("none_of: [allergies, ", "allergy_cobalamin: present\n  none_of: [")
    (treated.folder / "p.yaml").write_text(facts, "utf-8")
    page = treated.get(FORM)
    assert page.status_code == 200
    assert 'name="by"' not in page.text
    assert treated.post(f"{PERSON}/take-over", {**TOLD, "protocol": "uk-bnf-noneuro", "mark": ""}).status_code >= 400
    assert treated.text("p.yaml") == facts


def test_a_form_sent_twice_is_written_once(treated: Visitor) -> None:
    form = {**treated.form(FORM), **TOLD}
    for _ in range(2):
        answer = treated.post(f"{PERSON}/take-over", form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PERSON}/taken-over")
    assert len(open_case(treated.folder / "p.yaml").record) == 1


def test_with_a_plan_there_is_nothing_to_take_over(treated: Visitor) -> None:
    treated.send(FORM, **TOLD)
    assert "A plan is accepted already" in said(treated, FORM)
    before = treated.text("p.yaml")
    other = treated.post(
        f"{PERSON}/take-over", {**TOLD, "protocol": "uk-bnf-noneuro", "last_dose.day": "13", "mark": "x"}
    )
    assert other.status_code == 422
    assert treated.text("p.yaml") == before


@hazard("H65")
def test_the_plan_of_a_treated_person_says_first_that_it_begins_anew_and_leads_to_taking_over(
    treated: Visitor,
) -> None:
    page = treated.get(PLAN).text
    told = words_of(main_of(page))
    assert told.index("The dates below begin treatment anew") < told.index("The dates First dose")
    [way] = re.findall(r'<div class="inset goes-on no-print">.*?href="([^"]+)"', page, re.S)
    assert treated.get(way).status_code == 200
    assert 'name="last_dose.day"' in treated.get(way).text


@hazard("H65")
def test_the_options_of_a_treated_person_lead_to_taking_over_and_those_of_a_new_one_do_not(treated: Visitor) -> None:
    assert "Go on from the last dose" in said(treated, f"{PERSON}/options")
    [first, *_] = re.findall(r'href="([^"]*/take-over[^"]*)"', treated.get(f"{PERSON}/options").text)
    assert "uk-bnf-noneuro" in treated.get(first).text
    (treated.folder / "p.yaml").write_text(CASE.replace("treatment: maintenance", "treatment: none"), "utf-8")
    assert "/take-over" not in treated.get(f"{PERSON}/options").text
    assert "/take-over" not in treated.get(PLAN).text


# -- in a browser ------------------------------------------------------------------------------------------------------


@pytest.fixture
def phone(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A telephone at the first page of a server with nobody in its folder."""
    with running_server(tmp_path, ON) as address:
        context = browser.new_context(viewport={"width": WIDE, "height": TALL}, reduced_motion="reduce")
        let_in(context, address)
        page = context.new_page()
        (tmp_path / "p.yaml").write_text(CASE, "utf-8")
        page.goto(f"{address}{PERSON}")
        yield page
        context.close()


@pytest.mark.browser
@hazard("H65")
def test_a_treated_person_finds_the_way_on_a_telephone(phone: Any, tmp_path: Path) -> None:
    follow(phone, "See the dates")
    says(phone, "begin treatment anew")
    way = phone.get_by_role("link", name="Go on from the last dose instead").bounding_box()
    assert way["y"] + way["height"] <= TALL
    follow(phone, "Go on from the last dose instead")
    assert phone.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    phone.get_by_label("Day", exact=True).fill("12")
    phone.get_by_label("Month").select_option("October")
    phone.get_by_label("Year").fill("2026")
    phone.get_by_label("Number").fill("3")
    phone.get_by_label("Unit").select_option("months")
    phone.get_by_label("Who says so?").fill("Dr Ash")
    press(phone, "Go on with this treatment")
    says(phone, "The treatment is taken over", "is due Tue 12 January 2027")
    assert "start: 2026-10-12" in (tmp_path / "p.yaml").read_text("utf-8")


def test_the_days_of_the_clinic_are_told_with_it_and_an_appointment_is_suggested(treated: Visitor) -> None:
    answer = treated.send(FORM, **TOLD, open=["mon", "thu"], closed="2026-12-24")
    assert answer.status_code == 303
    plan = open_case(treated.folder / "p.yaml").plan
    assert plan is not None
    assert plan.calendar == {"open": ["mon", "thu"], "closed": ["2026-12-24"]}
    assert "appointment" in said(treated, f"{PERSON}?on=2027-01-10").lower()


def test_a_wrong_day_of_the_clinic_is_said_at_its_field_and_nothing_is_written(treated: Visitor) -> None:
    before = treated.text("p.yaml")
    answer = treated.send(FORM, **TOLD, closed="Christmas")
    assert answer.status_code == 422
    assert 'href="#closed"' in answer.text
    assert 'value="Dr Ash"' in answer.text
    assert treated.text("p.yaml") == before
