"""Every form: the questions for a new plan, accepting it, recording, and what happens when a form is sent twice or too late."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from web_site import CHOSEN, DAY, PLANNED, RUNNING, Visitor, fields_of, main_of, words_of

from cobalamin.app.services import cases
from cobalamin.therapy.case.event_words import OMISSION_REASONS
from cobalamin.therapy.case.events import FactLearned
from hazards import hazard

ANSWERS = {
    "deficiency": "confirmed",
    "cause": "pernicious_anaemia",
    "neurological_involvement": "absent",
    "previous_treatment": "none",
    "anaemia": "mild",
}


def begin(visitor: Visitor, **told: str) -> str:
    """A new file; the address of its first question."""
    answer = visitor.send(
        "/new",
        id=told.get("id", "Anna B"),
        country=told.get("country", "GB"),
        birth_date__day="2",
        birth_date__month="03",
        birth_date__year="1958",
    )
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["location"])


def asked_about(page: str) -> str:
    found = re.search(r'name="fact" value="([^"]*)"', page)
    return found.group(1) if found else ""


def answer_all(visitor: Visitor, address: str, boxes: list[str], answers: dict[str, str]) -> list[str]:
    """Answer every question; those that were asked."""
    asked: list[str] = []
    for _ in range(12):
        page = visitor.site.get(address)
        fact = asked_about(page.text)
        if not fact:
            return asked
        assert fact not in asked, "the same is asked twice"
        asked.append(fact)
        assert f"Question {len(asked) + 1} of at most 8" in words_of(page.text)
        told = {"box": boxes} if fact == "boxes" else {"answer": answers.get(fact, "unknown")}
        sent = visitor.post(address, {**fields_of(page.text), **told})
        assert sent.status_code == 303, words_of(sent.text)
        address = sent.headers["location"]
    raise AssertionError("the questions never end")


# -- a new plan ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers", [ANSWERS, {}, {"deficiency": "suspected", "cause": "dietary"}], ids=["known", "nothing known", "diet"]
)
def test_a_new_plan_takes_at_most_eight_questions(visitor: Visitor, answers: dict[str, str]) -> None:
    asked = answer_all(visitor, begin(visitor), ["none_of_these"], answers)
    assert len(asked) + 1 <= 8
    assert "boxes" in asked
    assert "Protocols" in words_of(visitor.get("/case/anna-b.yaml/options").text) or not answers


def test_a_newcomer_reaches_a_printed_plan(visitor: Visitor) -> None:
    answer_all(visitor, begin(visitor), ["none_of_these"], ANSWERS)
    options = visitor.get("/case/anna-b.yaml/options").text
    first = re.search(r'href="(/case/anna-b.yaml/plan[^"]*)"', options)
    assert first
    needs = visitor.get(first.group(1)).text
    assert 'name="choose.maintenance_interval"' in needs
    chosen = f"{first.group(1)}&start.day=7&start.month=09&start.year=2026&choose.maintenance_interval=3+mo&product=gb-hydroxocobalamin-1mg-1ml"
    plan = visitor.get(chosen).text
    assert "Mon 7 September 2026" in words_of(plan)
    accepted = visitor.send(chosen, by="Dr A. Example")
    assert accepted.status_code == 303
    case = cases.open_case(visitor.folder / "anna-b.yaml")
    assert case.plan is not None
    assert (case.plan.protocol, case.plan.start, case.plan.accepted_by) == (
        "uk-bnf-noneuro",
        date(2026, 9, 7),
        "Dr A. Example",
    )
    assert case.plan.choices == {"maintenance_interval": "3 mo"}
    sheet = words_of(visitor.get("/case/anna-b.yaml/print").text)
    assert "Mon 7 September 2026" in sheet
    assert "Plan accepted by Dr A. Example" in sheet


@hazard("H07")
def test_nothing_ticked_is_no_answer_and_never_clears_an_allergy(visitor: Visitor) -> None:
    address = begin(visitor) + "?fact=boxes"
    refused = visitor.send(address)
    assert refused.status_code == 422
    assert "allergy" not in "".join(fact.name for fact in cases.open_case(visitor.folder / "anna-b.yaml").facts)
    assert visitor.send(address, box=["none_of_these", "allergy_cobalt=present"]).status_code == 422
    assert visitor.send(address, box=["pregnancy=pregnant", "pregnancy=planning"]).status_code == 422
    assert visitor.send(address, box=["not_sure"]).status_code == 303
    known = {fact.name: fact.value for fact in cases.open_case(visitor.folder / "anna-b.yaml").facts}
    assert known["allergy_cobalamin"] == "unknown"
    assert set(known.values()) == {"unknown"}


@hazard("H07")
def test_a_ticked_box_is_present_and_the_others_are_absent(visitor: Visitor) -> None:
    visitor.send(begin(visitor) + "?fact=boxes", box=["allergy_cobalt=present"])
    known = {fact.name: fact.value for fact in cases.open_case(visitor.folder / "anna-b.yaml").facts}
    assert known["allergy_cobalt"] == "present"
    assert known["allergy_cobalamin"] == "absent"
    assert known["pregnancy"] == "none"


@hazard("H120")
def test_several_medicines_may_be_ticked_as_boxes_and_as_an_answer(visitor: Visitor) -> None:
    address = begin(visitor)
    assert visitor.send(f"{address}?fact=boxes", box=["medicines=ppi", "medicines=metformin"]).status_code == 303
    assert "  medicines: [metformin, ppi]\n" in visitor.text("anna-b.yaml")
    page = visitor.get(f"{address}?fact=medicines").text
    assert page.count('type="checkbox"') == 10
    assert visitor.send(f"{address}?fact=medicines", answer=["none", "ppi"]).status_code == 422
    assert visitor.send(f"{address}?fact=medicines", answer=["colchicine", "h2_blocker"]).status_code == 303
    last = cases.open_case(visitor.folder / "anna-b.yaml").record[-1]
    assert isinstance(last, FactLearned)
    assert (last.fact, last.value) == ("medicines", "h2_blocker, colchicine")


def test_a_question_without_an_answer_is_asked_again(visitor: Visitor) -> None:
    address = begin(visitor)
    before = visitor.text("anna-b.yaml")
    assert visitor.send(address).status_code == 422
    for number in ("abc", "²", "-1", "9" * 5000):
        assert visitor.send(address, number=number).status_code == 422
    assert visitor.text("anna-b.yaml") == before


def test_an_answer_that_is_none_of_the_words_is_refused(visitor: Visitor) -> None:
    address = begin(visitor)
    assert visitor.send(address, answer="perhaps").status_code == 422
    assert visitor.send(address + "?fact=weight", answer="", amount="62").status_code == 422
    assert visitor.send(address + "?fact=weight", answer="", amount="62 kg").status_code == 303


def test_a_new_file_never_takes_the_place_of_another(visitor: Visitor) -> None:
    first, second = begin(visitor), begin(visitor)
    assert first != second
    assert (visitor.folder / "anna-b.yaml").exists()
    assert (visitor.folder / "anna-b-2.yaml").exists()


def test_a_new_file_that_is_sent_twice_is_one_file(visitor: Visitor) -> None:
    form = {**visitor.form("/new"), "id": "Twice", "country": ""}
    answers = [visitor.post("/new", form).headers["location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert [path.name for path in visitor.folder.glob("twice*.yaml")] == ["twice.yaml"]


@pytest.mark.parametrize(
    "told",
    [
        {"id": ""},
        {"country": "UK"},
        {"birth_date__day": "31", "birth_date__month": "02", "birth_date__year": "1958"},
        {"birth_date__year": "58"},
    ],
)
def test_a_person_who_can_not_be_is_refused_with_a_reason(visitor: Visitor, told: dict[str, str]) -> None:
    before = sorted(visitor.folder.iterdir())
    answer = visitor.send("/new", **{"id": "Anna", **told})
    assert answer.status_code == 422
    assert "Please check what you entered" in words_of(answer.text)
    assert sorted(visitor.folder.iterdir()) == before


# -- accepting -------------------------------------------------------------------------------------------------------


def test_a_plan_needs_the_name_of_who_agreed(visitor: Visitor) -> None:
    before = visitor.text("pernicious-anaemia.yaml")
    answer = visitor.send(f"{PLANNED}/plan?{CHOSEN}", by="")
    assert answer.status_code == 422
    assert visitor.text("pernicious-anaemia.yaml") == before


def test_an_issue_that_interrupts_needs_a_reason(visitor: Visitor) -> None:
    address = "/case/nitrous-oxide.yaml"
    page = f"{address}/plan?protocol=uk-bnf-neuro&start=2026-10-05&product=gb-hydroxocobalamin-1mg-1ml"
    fields = visitor.form(page)
    reasons = [name for name in fields if name.startswith("reason.")]
    assert reasons
    assert visitor.send(page, by="Dr A").status_code == 422
    accepted = visitor.post(f"{address}/accept", {**fields, "by": "Dr A", **dict.fromkeys(reasons, "looked at")})
    assert accepted.status_code == 303, words_of(accepted.text)
    case = cases.open_case(visitor.folder / "nitrous-oxide.yaml")
    assert case.plan is not None
    assert set(case.plan.acknowledged.values()) == {"looked at"}


@hazard("H22")
def test_what_is_forbidden_has_no_dates_and_can_not_be_accepted(visitor: Visitor) -> None:
    address = "/case/leber-us.yaml"
    page = visitor.get(f"{address}/plan?protocol=us-cn-pa&start=2026-10-05").text
    assert 'id="accept"' not in page
    assert "STOP" in words_of(page)
    sent = visitor.post(
        f"{address}/accept",
        {"protocol": "us-cn-pa", "start": "2026-10-05", "by": "Dr A", "mark": fields_mark(visitor, address)},
    )
    assert sent.status_code == 422
    assert "plan:" not in visitor.text("leber-us.yaml")


def fields_mark(visitor: Visitor, address: str) -> str:
    from cobalamin.app.web.frame.folder import mark_of_file

    return mark_of_file(visitor.folder / address.rsplit("/", 1)[1])


def test_a_plan_that_is_accepted_twice_is_kept_once(visitor: Visitor) -> None:
    form = {**visitor.form(f"{PLANNED}/plan?{CHOSEN}"), "by": "Dr A"}
    assert [visitor.post(f"{PLANNED}/accept", form).status_code for _ in range(2)] == [303, 303]
    assert visitor.text("pernicious-anaemia.yaml").count("plan:") == 1


# -- recording -------------------------------------------------------------------------------------------------------


def confirming(page: str) -> str:
    """What the button sends that confirms an entry as it is; empty where the page asks nothing."""
    found = re.search(r'name="confirmed" value="([^"]*)"', page)
    return found.group(1) if found else ""


def record(visitor: Visitor, kind: str, **told: object) -> str:
    address = f"{RUNNING}/record/{kind}"
    answer = visitor.send(address, **told)
    if answer.status_code == 422 and confirming(answer.text):  # it looks wrong, and it is right
        answer = visitor.post(address, {**fields_of(answer.text), "confirmed": confirming(answer.text)})
    assert answer.status_code == 303, words_of(answer.text)
    page = visitor.site.get(answer.headers["location"])
    assert page.status_code == 200
    return words_of(page.text)


def test_a_dose_as_planned_is_recorded_with_what_it_changes(visitor: Visitor) -> None:
    before = visitor.text()
    told = record(
        visitor, "dose", given="planned", batch="HX9", expires_on="2027-06", site="thigh", side="left", source="self"
    )
    assert "It is recorded" in told
    added = visitor.text().removeprefix(before)
    assert visitor.text().startswith(before)
    assert "as_planned: true" in added
    assert "batch: HX9" in added
    assert "source: self" in added
    assert "Before: Your next dose" in told


def test_another_dose_is_recorded_whatever_it_is(visitor: Visitor) -> None:
    told = record(visitor, "dose", given="other", substance="cyanocobalamin", dose="250 mcg", route="subcutaneous")
    assert "It is recorded" in told
    assert cases.open_case(visitor.folder / "treatment-running.yaml").record[-1].substance == "cyanocobalamin"


@hazard("H01")
@pytest.mark.parametrize("dose", ["1,5 mg", "1000", "1000 units", "1 ml", "1 pg", ".5 mg", "1e3 mcg"])
def test_a_dose_of_two_readings_is_refused_and_nothing_is_lost(visitor: Visitor, dose: str) -> None:
    before = visitor.text()
    answer = visitor.send(
        f"{RUNNING}/record/dose",
        given="other",
        substance="hydroxocobalamin",
        dose=dose,
        route="intramuscular",
        batch="B77",
    )
    assert answer.status_code == 422
    assert visitor.text() == before
    assert 'value="B77"' in answer.text
    assert f'value="{dose}"' in answer.text


@hazard("H18")
def test_a_second_dose_of_a_day_is_asked_about_and_never_refused(visitor: Visitor) -> None:
    record(visitor, "dose", given="planned")
    address = f"{RUNNING}/record/dose"
    asked = visitor.send(address, given="planned", batch="other")
    assert asked.status_code == 422
    assert "already has a dose" in words_of(asked.text)
    form = fields_of(asked.text)
    assert form["batch"] == "other"
    assert visitor.post(address, form).status_code == 422  # the button of the form asks again
    assert visitor.post(address, {**form, "confirmed": confirming(asked.text)}).status_code == 303
    doses = [event for event in cases.open_case(visitor.folder / "treatment-running.yaml").record if event.on == DAY]
    assert len(doses) == 2


@hazard("H157")
def test_a_dose_taken_back_is_recorded_anew(visitor: Visitor) -> None:
    address = f"{RUNNING}/record/dose"
    record(visitor, "dose", given="planned")
    first = cases.open_case(visitor.folder / "treatment-running.yaml").record[-1]
    back = visitor.post(f"{RUNNING}/undo", {"mark": visitor.form(address)["mark"], "event": first.id})
    assert back.status_code == 303
    again = visitor.send(address, given="planned")
    assert again.status_code == 303
    assert "again=1" not in again.headers["location"]
    told = words_of(visitor.site.get(again.headers["location"]).text)
    assert "It is recorded" in told
    assert "withdrawn" not in told


@hazard("H157")
def test_a_second_dose_like_the_first_is_asked_about_and_written(visitor: Visitor) -> None:
    """The page had the first on it, so it is no form sent twice."""
    address = f"{RUNNING}/record/dose"
    record(visitor, "dose", given="planned")
    asked = visitor.send(address, given="planned")
    assert asked.status_code == 422
    assert "already has a dose" in words_of(asked.text)
    form = {**fields_of(asked.text), "confirmed": confirming(asked.text)}
    assert visitor.post(address, form).status_code == 303
    assert "again=1" in visitor.post(address, form).headers["location"]  # the second press
    doses = [event for event in cases.open_case(visitor.folder / "treatment-running.yaml").record if event.on == DAY]
    assert len(doses) == 2


def test_a_form_that_is_sent_twice_is_recorded_once(visitor: Visitor) -> None:
    form = visitor.form(f"{RUNNING}/record/dose")
    first, second = (visitor.post(f"{RUNNING}/record/dose", form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert "again=1" in second.headers["location"]
    assert "It was recorded already, once" in words_of(visitor.site.get(second.headers["location"]).text)
    doses = [event for event in cases.open_case(visitor.folder / "treatment-running.yaml").record if event.on == DAY]
    assert len(doses) == 1


def test_two_tabs_the_later_one_is_shown_and_loses_nothing(visitor: Visitor) -> None:
    late = {
        **visitor.form(f"{RUNNING}/record/result"),
        "marker": "potassium",
        "value": "3.9 mmol/L",
        "laboratory": "<b>Elm</b>",
    }
    record(visitor, "symptoms", tiredness="4")
    between = visitor.text()
    answer = visitor.post(f"{RUNNING}/record/result", late)
    assert answer.status_code == 409
    assert visitor.text() == between
    told = words_of(answer.text)
    assert "The file has changed since this page was made" in told
    assert "3.9 mmol/L" in told
    assert "<b>Elm" not in answer.text
    assert visitor.post(f"{RUNNING}/record/result", fields_of(answer.text)).status_code == 303
    assert "3.9 mmol/L" in visitor.text()
    assert "tiredness: 4" in visitor.text()


def test_a_file_that_was_edited_underneath_is_not_written_over(visitor: Visitor) -> None:
    form = visitor.form(f"{PLANNED}/plan?{CHOSEN}")
    path = visitor.folder / "pernicious-anaemia.yaml"
    path.write_text(path.read_text("utf-8") + "# a note of another program\n", "utf-8")
    assert visitor.post(f"{PLANNED}/accept", {**form, "by": "Dr A"}).status_code == 409
    assert path.read_text("utf-8").endswith("# a note of another program\n")
    assert "accepted_by" not in path.read_text("utf-8")


@hazard("H29")
@pytest.mark.parametrize("flag", ["breathing_difficulty", "new_vision_loss", "bladder_or_bowel_change"])
def test_a_warning_sign_says_at_once_what_to_do(visitor: Visitor, flag: str) -> None:
    told = record(visitor, "symptoms", red_flags=[flag])
    assert re.search(r"emergency|doctor", told.split("What is due now")[0])


@hazard("H11")
def test_a_high_level_moves_no_date(visitor: Visitor) -> None:
    before = words_of(visitor.get(RUNNING).text)
    told = record(visitor, "result", marker="serum_b12", value=">2000 ng/L", reference_range="180-900 ng/L")
    assert "It has not changed" in told
    sentence = re.search(r"Your next dose .*? 2026\.", before)
    assert sentence
    assert sentence.group() in told


@pytest.mark.parametrize("reason", OMISSION_REASONS)
def test_every_reason_of_a_missed_dose_is_offered_and_kept(visitor: Visitor, reason: str) -> None:
    page = visitor.get(f"{RUNNING}/record/omission").text
    assert f'<option value="{reason}"' in page
    assert f">{reason.replace('_', ' ').capitalize()}<" in page or reason.replace("_", " ") in words_of(page).lower()
    record(visitor, "omission", reason=reason)
    assert cases.open_case(visitor.folder / "treatment-running.yaml").record[-1].reason == reason


def test_every_other_kind_can_be_recorded(visitor: Visitor) -> None:
    first = cases.open_case(visitor.folder / "treatment-running.yaml").record[2].id
    record(visitor, "omission", reason="did_not_attend")
    record(visitor, "decision", decision="change_interval", by="Dr A", reason="symptoms", interval="2 mo")
    record(visitor, "pause", until__day="1", until__month="10", until__year="2026", reason="journey")
    record(visitor, "correction", withdraws=first, reason="wrong person")
    record(visitor, "history", phase="maintenance", last_dose="2026-08", interval="3 mo", asserted_by="letter")
    record(visitor, "symptoms", own="Brain fog", own_score="3")
    kinds = [event.kind for event in cases.open_case(visitor.folder / "treatment-running.yaml").record[-6:]]
    assert kinds == ["omission", "decision", "pause", "correction", "history", "symptoms"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("result", {"marker": "potassium", "value": "3,9 mmol/L"}), ("result", {"marker": "", "value": "3.9 mmol/L"}),
        ("result", {"marker": "potassium", "value": "3.9"}), ("symptoms", {}), ("decision", {"decision": "stop"}), ("correction", {}),
        ("omission", {}), ("dose", {"date__year": "26"}), ("dose", {"date__day": "31", "date__month": "02"}), ("dose", {"date__year": "1900"}),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_said_and_kept_on_the_page(visitor: Visitor, kind: str, told: dict[str, str]) -> None:
    before = visitor.text()
    answer = visitor.send(f"{RUNNING}/record/{kind}", **told)
    assert answer.status_code == 422
    assert "Please check what you entered" in words_of(answer.text)
    assert visitor.text() == before


# -- files from elsewhere --------------------------------------------------------------------------------------------


def test_a_file_from_elsewhere_is_copied_and_opened(visitor: Visitor) -> None:
    content = (visitor.folder / "vegan.yaml").read_bytes().replace(b"example-vegan", b"somebody")
    sent = visitor.post("/open", {}, files={"file": ("../../Some Body.yaml", content)})
    assert sent.headers["location"] == "/case/some-body.yaml"
    assert (visitor.folder / "some-body.yaml").read_bytes() == content


def test_a_file_that_is_no_case_is_refused_with_every_fault(visitor: Visitor) -> None:
    before = sorted(visitor.folder.iterdir())
    sent = visitor.post(
        "/open",
        {},
        files={"file": ("bad.yaml", b"cobalamin: 1\npatient: {id: x, sex: other}\nfacts: {cause: bad}\nrecord: 3\n")},
    )
    assert sent.status_code == 422
    assert "Line 3" in words_of(sent.text)
    assert sorted(visitor.folder.iterdir()) == before
    assert visitor.post("/open", {}).status_code == 422


def test_an_example_is_copied_once(visitor: Visitor, tmp_path: Path) -> None:
    assert visitor.post("/examples/vegan", {}).headers["location"] == "/case/vegan.yaml"
    assert visitor.post("/examples/nobody", {}).status_code == 404
    assert len(list(visitor.folder.glob("vegan*"))) == 1


@hazard("H40")
@hazard("H46")
def test_two_notations_of_one_unit_are_one_chart_and_the_range_is_that_of_its_value(visitor: Visitor) -> None:
    record(visitor, "result", marker="haemoglobin", value="10.1 g/dL", reference_range="120-160 g/L")
    record(visitor, "result", marker="haemoglobin", value="131 g/L", reference_range="12-16 g/dL")
    page = visitor.get(f"{RUNNING}/review").text
    assert len(re.findall(r"<svg[^>]*aria-label=\"[^\"]*red pigment[^\"]*\"", page)) == 1
    told = words_of(page)
    for shown in ("10.1 g/dL", "131 g/L", "120 to 160 g/L", "12 to 16 g/dL"):
        assert shown in told


# -- what looks wrong, and what is taken back ------------------------------------------------------------------------


@hazard("H73")
def test_what_is_improbable_is_asked_on_the_form_and_what_was_typed_stays(visitor: Visitor) -> None:
    before, address = visitor.text(), f"{RUNNING}/record/dose"
    told = {"given": "other", "substance": "cyanocobalamin", "dose": "100 mg", "route": "oral", "batch": "B77"}
    asked = visitor.send(address, **told)
    assert asked.status_code == 422
    assert visitor.text() == before
    said = words_of(asked.text)
    assert "This looks wrong" in said
    assert "It is cyanocobalamin; the plan has hydroxocobalamin." in said
    assert "five times the planned dose or more" in said
    assert "Cyanocobalamin 100 mg" in said.partition("It would be saved as")[2]
    form = fields_of(asked.text)
    assert {key: form[key] for key in told} == told
    sure = {**form, "confirmed": confirming(asked.text)}
    other = visitor.post(address, {**sure, "dose": "200 mg"})
    assert other.status_code == 422, "what was confirmed is what was shown, and nothing else"
    assert visitor.post(address, sure).status_code == 303
    assert str(cases.open_case(visitor.folder / "treatment-running.yaml").record[-1].dose) == "100 mg"


@hazard("H73")
def test_the_button_that_confirms_is_never_the_first_of_the_form(visitor: Visitor) -> None:
    page = visitor.send(f"{RUNNING}/record/result", marker="potassium", value="19 mmol/L").text
    assert "can hardly be right" in words_of(page)
    buttons = re.findall(r"<button[^>]*>", re.findall(r'<form method="post".*?</form>', main_of(page), re.S)[-1])
    asks = ["confirmed" in button for button in buttons]
    assert len(asks) > 1
    assert asks == [False] * (len(asks) - 1) + [True]


@hazard("H74")
def test_an_entry_is_taken_back_from_the_page_that_confirms_it(visitor: Visitor) -> None:
    answer = visitor.send(f"{RUNNING}/record/dose", given="planned", batch="HX9")
    page = visitor.site.get(answer.headers["location"])
    assert "batch HX9" in words_of(page.text)
    form = fields_of(page.text)
    done = visitor.post(f"{RUNNING}/undo", form)
    assert done.status_code == 303
    assert "It is taken back" in words_of(visitor.site.get(done.headers["location"]).text)
    record_after = cases.open_case(visitor.folder / "treatment-running.yaml").record
    assert record_after[-1].withdraws == record_after[-2].id
    assert visitor.post(f"{RUNNING}/undo", form).status_code == 303
    assert cases.open_case(visitor.folder / "treatment-running.yaml").record == record_after


def test_entries_to_correct_are_listed_with_what_they_say(visitor: Visitor) -> None:
    said = words_of(visitor.site.get(f"{RUNNING}/record/correction").text)
    assert (
        "Thu 9 July 2026: dose: Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, batch HX3 (by Nurse B)" in said
    )


def test_an_empty_form_marks_its_fields_and_leads_to_them(visitor: Visitor) -> None:
    page = visitor.send(f"{RUNNING}/record/result", marker="", value="")
    assert page.status_code == 422
    assert re.search(r'<select id="marker"[^>]*aria-invalid="true"', page.text)
    assert re.search(r'<input [^>]*id="value"[^>]*aria-invalid="true"', page.text)
    assert not re.search(r'<input [^>]*id="laboratory"[^>]*aria-invalid', page.text)
    assert '<a href="#marker">' in page.text
    assert re.search(r'class="fault-box"[^>]*autofocus', page.text)
    assert "the key" not in page.text
    assert "None" not in page.text


@pytest.mark.parametrize("source", ["reported", "self"])
def test_a_dose_that_was_only_told_may_be_unknown_in_every_part(visitor: Visitor, source: str) -> None:
    told = {"given": "other", "substance": "unknown", "route": "unknown", "dose_unknown": "1"}
    record(visitor, "dose", source=source, **told)
    event = cases.open_case(visitor.folder / "treatment-running.yaml").record[-1]
    assert (event.source, set(event.not_known)) == (source, {"substance", "dose", "route"})


def test_a_dose_given_here_is_never_unknown(visitor: Visitor) -> None:
    told = {"given": "other", "substance": "unknown", "route": "unknown", "dose_unknown": "1", "source": "this_site"}
    before = visitor.text()
    answer = visitor.send(f"{RUNNING}/record/dose", **told)
    assert answer.status_code == 422
    assert visitor.text() == before
