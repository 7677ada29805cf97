"""What was typed is given back in the words of the form, and what is wrong is said in them: no key, no command, no date of a file."""

from __future__ import annotations

import pytest
from web_site import DAY, RUNNING, Visitor, main_of, words_of

from cobalamin.app.services import cases
from cobalamin.app.web.frame.field_words import as_typed, label_in
from cobalamin.app.web.pages.entry_form import as_on_a_package

FORM = f"{RUNNING}/record/dose"
OTHER = {"given": "other", "substance": "hydroxocobalamin", "route": "intramuscular"}


def test_a_file_that_broke_meanwhile_gives_back_what_was_typed(visitor: Visitor) -> None:
    form = {**visitor.form(FORM), "batch": "HX77", "note": "left arm, patient anxious", "source": "self"}
    (visitor.folder / "treatment-running.yaml").write_text("cobalamin: 1\npatient: {id: x\n")
    answer = visitor.post(FORM, form)
    told = words_of(main_of(answer.text))
    assert answer.status_code == 422
    assert "What you entered" in told
    assert "Batch number HX77" in told
    assert "Note left arm, patient anxious" in told
    assert "Where At home, by oneself" in told
    assert "Day it was given Tue 1 September 2026" in told


def test_what_was_typed_is_told_without_the_keys_of_a_file(visitor: Visitor) -> None:
    form = {**visitor.form(FORM), "batch": "HX77"}
    path = visitor.folder / "treatment-running.yaml"
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n  - {{date: 2026-08-30, kind: symptoms, tiredness: 4}}\n")
    told = words_of(main_of(visitor.post(FORM, form).text))
    assert "The file has changed since this page was made" in told
    assert "Batch number HX77" in told
    for key in ("this_site", "date day", "expires on", "date month", "2026-09"):
        assert key not in told


def test_every_part_of_a_day_is_one_row_and_what_the_page_sends_for_itself_is_none() -> None:
    sent = {"mark": ["x"], "date.day": ["1"], "date.month": ["9"], "date.year": ["2026"], "red_flags": ["facial_swelling"], "tiredness": ["10"]}  # fmt: skip
    assert as_typed({**sent, "date.month": ["09"]}, "symptoms") == [
        ("Day", "Tue 1 September 2026"),
        ("Any of these, new or after a dose?", "Swelling of the face"),
        ("Tiredness", "10, worst"),
    ]


@pytest.mark.parametrize(
    ("typed", "said", "unsaid"),
    [
        ({**OTHER, "dose": "1 ml"}, "Amount : '1 ml': a volume is not a dose: write the mass; write a number", "`"),
        ({**OTHER, "dose": "2"}, "Amount : '2' has no unit", "dose: '2'"),
        ({"given": "planned", "expires_on": "soon"}, "Expiry : 'soon' is not a date", "expires on"),
        ({"given": "planned", "date": "26-12-01"}, "Day it was given : There is no such day.", "26-12-01"),
        ({"given": "planned", "date": "1926-12-01"}, "Wed 1 December 1926 is before the date of birth", "1926-12-01"),
    ],
)  # fmt: skip
def test_a_fault_speaks_as_its_form_does(visitor: Visitor, typed: dict[str, str], said: str, unsaid: str) -> None:
    form = {key: value for key, value in visitor.form(FORM).items() if not key.startswith("date")}
    answer = visitor.post(FORM, {"date": str(DAY), **form, **typed})
    told = words_of(answer.text)
    assert answer.status_code == 422
    assert said in told
    assert unsaid not in told


@pytest.mark.parametrize(
    ("printed", "written"),
    [("06/2027", "2027-06"), ("6.2027", "2027-06"), ("06 2027", "2027-06"), ("06/27", "2027-06"), ("12-28", "2028-12")],
)
def test_an_expiry_is_typed_as_the_package_prints_it(visitor: Visitor, printed: str, written: str) -> None:
    assert as_on_a_package(printed) == written
    assert visitor.send(FORM, given="planned", expires_on=printed).status_code == 303
    expires = cases.open_case(visitor.folder / "treatment-running.yaml").record[-1].expires_on
    assert expires is not None
    assert str(expires)[:7] == written


@pytest.mark.parametrize("unclear", ["05/06", "13/2027", "00/2027", "05/06/2027", "2027-06", "2027-06-30", ""])
def test_an_expiry_that_may_be_read_in_two_ways_is_left_as_it_is(unclear: str) -> None:
    assert as_on_a_package(unclear) == unclear


def test_a_field_without_a_text_of_its_own_is_named_by_its_name() -> None:
    assert label_in("some_key", "dose") == "some key"


def test_a_change_shows_what_stands_now_and_what_stood_before(visitor: Visitor) -> None:
    assert visitor.send(FORM, given="planned", batch="HX7").status_code == 303
    event = cases.open_case(visitor.folder / "treatment-running.yaml").record[-1].id
    form = {**visitor.form(f"{RUNNING}/change?event={event}"), "batch": "HX8"}
    answer = visitor.post(FORM, form)
    if answer.status_code == 422:
        pytest.fail(words_of(answer.text))
    told = words_of(main_of(visitor.site.get(answer.headers["location"]).text))
    assert told.startswith("It is changed Tue 1 September 2026: dose:")
    assert told.index("batch HX8") < told.index("Before: Tue 1 September 2026: dose:") < told.index("batch HX7")
    assert "correction" not in told.partition("What this dose counts for")[0]


def test_the_page_for_the_doctor_says_that_it_lists_only_the_last_doses(visitor: Visitor) -> None:
    told = words_of(main_of(visitor.get("/case/self-injecting.yaml/summary").text))
    assert "11 given, the last Sun 22 March 2026. The last 8 of them:" in told


def test_reasons_and_looking_back_tell_a_patient_days_in_words(visitor: Visitor) -> None:
    for address in (f"{RUNNING}/why?about=2026-10-09", "/case/self-injecting.yaml/review"):
        told = words_of(main_of(visitor.get(address, words="plain").text)).partition("Sources")[0]
        assert "2026-" not in told, address
        assert "1958-" not in told, address
