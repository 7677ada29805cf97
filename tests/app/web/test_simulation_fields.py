"""Nothing that is sent to the simulation page is passed over: a choice that is not known, a row too many, a field sent twice."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from web_site import DAY, RUNNING, Visitor, main_of, words_of

from hazards import hazard

pytest.importorskip("numpy", reason="simulations need the extra 'kinetics'")

from test_simulation import document_of, fault_at, row, values_of

from cobalamin.amounts import read_mass
from cobalamin.app.web.simulation.address import OTHER_WORDS
from cobalamin.app.web.simulation.table import CHOICES
from cobalamin.kinetics.scenario import read_scenario

CASE = f"{RUNNING}/simulate"
UNKNOWN = {
    "unit": ("g", "ml", "iu", "mgs", "Mikrogramm", "<b>"),
    "substance": ("aspirin", "b12", "hydroxocobalamin cyanocobalamin"),
    "route": ("ear", "intrathecal", "im sc"),
    "spacing": ("months_", "hours", "day"),
    "measure": ("doses", "boxes"),
}


def micrograms_of(visitor: Visitor, query: str) -> set[float]:
    answer = visitor.get(f"/simulate?{query}")
    assert answer.status_code == 200, query
    return {each["dose"]["ug"] for each in document_of(visitor, answer.text)["doses"]}


# -- choices -------------------------------------------------------------------------------------------------------------


@hazard("H01")
@pytest.mark.parametrize("unit", ["mcg", "micrograms", "microgram", "ug", "MCG", " mcg ", "\u00b5g", "\u03bcg"])
def test_micrograms_are_micrograms_by_whatever_word_the_command_line_takes(visitor: Visitor, unit: str) -> None:
    query = urlencode({"dose.1": "5", "unit.1": unit, "every.1": "12", "spacing.1": "weeks"})
    assert micrograms_of(visitor, query) == {5}
    assert values_of(visitor.get(f"/simulate?{query}").text)["unit.1"] == "micrograms"


@hazard("H01")
@pytest.mark.parametrize("unit", UNKNOWN["unit"])
@pytest.mark.parametrize("suffix", ["", ".svg", ".csv"])
def test_a_unit_that_is_not_known_is_never_taken_for_milligrams(visitor: Visitor, unit: str, suffix: str) -> None:
    query = urlencode({"dose.1": "5", "unit.1": unit, "every.1": "12", "spacing.1": "weeks"})
    assert visitor.get(f"/simulate{suffix}?{query}").status_code == 422


@hazard("H01")
@pytest.mark.parametrize(("query", "at"), [
    ("dose.1=5&every.1=12&spacing.1=weeks", "unit-1"), ("dose.1=5&unit.1=&every.1=12&spacing.1=weeks", "unit-1"), ("dose.1=5&unit.1=mg&every.1=12", "spacing-1"),
    ("dose.1=5&unit.1=mg&every.1=12&spacing.1=weeks&length.1=3", "measure-1"),
])  # fmt: skip
def test_a_number_without_its_unit_is_asked_for(visitor: Visitor, query: str, at: str) -> None:
    answer = visitor.get(f"/simulate?{query}")
    assert answer.status_code == 422
    assert fault_at(answer.text, at).startswith("choose ")
    assert re.search(
        rf'<select id="{at}"[^>]*aria-invalid="true"[^>]*><option value="" selected>please choose<', answer.text
    )


def test_a_unit_typed_beside_the_number_counts(visitor: Visitor) -> None:
    assert micrograms_of(visitor, "dose.1=5+mcg&every.1=12&spacing.1=weeks") == {5}


@pytest.mark.parametrize("address", ["/simulate", CASE])
@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in UNKNOWN.items() for value in values])
def test_an_unknown_choice_is_a_fault_at_its_field_and_stays(
    visitor: Visitor, address: str, name: str, value: str
) -> None:
    sent = {**row(1, length="3"), **row(2)} | {f"{name}.2": value}
    answer = visitor.get(f"{address}?{urlencode(sent)}")
    assert answer.status_code == 422
    told = fault_at(answer.text, f"{name}-2")
    assert all(choice in told for choice in CHOICES[name])
    assert f'href="#{name}-2"' in answer.text
    assert re.search(rf'<select id="{name}-2"[^>]*aria-invalid="true"', answer.text)
    kept = values_of(answer.text)
    assert {key: kept[key] for key in sent} == sent
    assert 'class="curves readable"' not in answer.text
    assert len(re.findall(r'<p class="field-fault"[^>]*>[^<]', answer.text)) == 1


def test_a_row_that_counts_for_nothing_hides_no_unknown_choice(visitor: Visitor) -> None:
    answer = visitor.get(f"/simulate?{urlencode({**row(1), 'unit.2': 'mgs'})}")
    assert answer.status_code == 422
    assert "mgs" in fault_at(answer.text, "unit-2")


@pytest.mark.parametrize(("name", "value"), [("months", "7"), ("cause", "magic")])
def test_an_unknown_choice_beside_the_table_is_shown_as_it_was_sent(visitor: Visitor, name: str, value: str) -> None:
    answer = visitor.get(f"/simulate?{urlencode({**row(1), name: value})}")
    assert answer.status_code == 422
    assert values_of(answer.text)[name] == value


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name in ("substance", "route") for word in OTHER_WORDS[name]]
)
def test_the_words_of_the_command_line_are_the_same_choice(visitor: Visitor, name: str, word: str) -> None:
    query = urlencode({**row(1), f"{name}.1": word})
    answer = visitor.get(f"/simulate?{query}")
    assert answer.status_code == 200
    (part,) = read_scenario(f"1 mg {word} every 12 weeks")
    assert values_of(answer.text)[f"{name}.1"] == getattr(part, name) == OTHER_WORDS[name][word]


def test_every_word_for_a_unit_is_one_of_the_command_line() -> None:
    for word, unit in OTHER_WORDS["unit"].items():
        assert read_mass(f"5 {word}") == read_mass(f"5 {unit}")


def test_faults_stand_in_the_order_of_the_fields(visitor: Visitor) -> None:
    sent = {
        **row(1, unit="mgs", spacing="months_", length="3"),
        **row(2, dose="x", every="y"),
        "weight": "z",
        "units.1": "mg",
    }
    page = visitor.get(f"/simulate?{urlencode(sent)}").text
    listed = re.findall(r'<li><a href="#([^"]+)">', page[page.index('id="faults"') : page.index("<h1")])
    assert listed == ["parts", "unit-1", "spacing-1", "dose-2", "every-2", "weight"]


# -- rows ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [range(1, 10), range(1, 12), range(1, 30), (*range(1, 9), 11), range(1, 90)])
def test_more_parts_than_can_be_simulated_are_a_fault_that_says_the_limit(visitor: Visitor, numbers: range) -> None:
    sent = {name: value for number in numbers for name, value in row(number, length="2").items()}
    answer = visitor.get(f"/simulate?{urlencode(sent)}")
    assert answer.status_code == 422
    assert re.search(rf"\b{len(numbers)} parts\b.*at most 8", fault_at(answer.text, "parts"))
    assert sum(name.startswith("dose.") for name in values_of(answer.text)) == min(len(numbers), 50)
    assert 'class="curves readable"' not in answer.text


def test_of_too_many_parts_one_can_be_taken_away(visitor: Visitor) -> None:
    sent = {name: value for number in range(1, 10) for name, value in row(number, length=str(number)).items()}
    answer = visitor.get(f"/simulate?{urlencode({**sent, 'drop': '4'})}")
    assert answer.status_code == 200
    kept = values_of(answer.text)
    assert [kept[f"length.{number}"] for number in range(1, 9)] == ["1", "2", "3", "5", "6", "7", "8", "9"]


def test_rows_with_a_gap_in_their_numbers_stay_in_order(visitor: Visitor) -> None:
    answer = visitor.get(
        f"/simulate?{urlencode({**row(15, every='8'), **row(3, length='6', every='2', spacing='days')})}"
    )
    assert answer.status_code == 200
    kept = values_of(answer.text)
    assert [(kept[f"every.{number}"], kept[f"spacing.{number}"]) for number in (1, 2)] == [
        ("2", "days"),
        ("8", "weeks"),
    ]
    assert "dose.3" not in kept


@pytest.mark.parametrize(
    "key",
    [
        "dose.0",
        "dose.01",
        "dose.1.1",
        "dose",
        "unit",
        "units.1",
        "dose.-1",
        "dose.1x",
        "dose.\u0661",
        "weight.1",
        "dose.10000",
    ],
)
def test_what_is_no_field_of_the_table_is_said(visitor: Visitor, key: str) -> None:
    answer = visitor.get(f"/simulate?{urlencode({**row(1), key: '5'})}")
    assert answer.status_code == 422
    assert f"'{key}'" in fault_at(answer.text, "parts")


@pytest.mark.parametrize(("name", "at"), [
    ("dose.1", "dose-1"), ("unit.1", "unit-1"), ("route.1", "route-1"), ("every.1", "every-1"), ("months", "months"), ("stop", "stop"), ("start.year", "start"),
    ("compare", "compare"), ("weight", "weight"),
])  # fmt: skip
def test_a_field_sent_twice_with_two_values_is_a_fault_and_no_button_hides_it(
    visitor: Visitor, name: str, at: str
) -> None:
    sent = [*row(1).items(), (name, "1"), (name, "2")]
    for button in ([], [("add", "1")], [("drop", "1")], [("keep", "1")]):
        answer = visitor.site.get(f"/simulate?{urlencode([*sent, *button])}", follow_redirects=False)
        assert answer.status_code == 422
        assert "times" in fault_at(answer.text, at)
    if "." in name and at != "start":
        assert values_of(answer.text)[name] == "2"


def test_a_typed_regimen_beside_a_table_is_a_fault(visitor: Visitor) -> None:
    answer = visitor.get(f"/simulate?{urlencode({**row(1), 'scenario': '2 mg daily'})}")
    assert answer.status_code == 422
    assert "2 mg daily" in fault_at(answer.text, "parts")


@pytest.mark.parametrize(("fields", "at"), [
    ({"dose.1": "5" + " " * 45 + "mcg"}, "dose-1"), ({"scenario": "1 mg daily x 5 then " * 40 + "1 mg every 12 weeks"}, "parts"), ({"compare": "1 mg every 1" + " " * 600 + "2 weeks"}, "compare"),
])  # fmt: skip
def test_nothing_is_cut_off_and_read_as_something_else(visitor: Visitor, fields: dict[str, str], at: str) -> None:
    sent = fields if "scenario" in fields else {**row(1), **fields}
    answer = visitor.get(f"/simulate?{urlencode(sent)}")
    assert answer.status_code == 422
    assert "too long" in fault_at(answer.text, at)


# -- what the curves say -------------------------------------------------------------------------------------------------


def legend_of(page: str) -> list[str]:
    found = re.search(r'<ul class="legend">.*?</ul>', page, re.S)
    assert found
    return [words_of(each) for each in re.findall(r"<li>.*?</li>", found.group(), re.S)]


def test_bands_are_named_after_the_reading_they_are_of(visitor: Visitor) -> None:
    two = legend_of(visitor.get("/simulate?scenario=1+mg+every+12+weeks").text)
    assert two[:4] == [
        "90 of 100 people (reading 1)",
        "50 of 100 (reading 1)",
        "the middle person (reading 1)",
        "middle person, reading 2",
    ]
    one = legend_of(visitor.get("/simulate?scenario=1+mg+cyanocobalamin+every+12+weeks").text)
    assert "reading" not in " ".join(one)


def test_a_mark_is_filled_only_for_a_dose_of_the_record(visitor: Visitor) -> None:
    """An overdue dose is simulated today, and a typed one may lie in the past; neither was given."""
    overdue = visitor.get(f"{CASE}?on=2027-03-01").text
    doses = [each for each in document_of(visitor, overdue)["doses"] if each["date"] <= "2027-03-01"]
    recorded = len([each for each in doses if each["date"] < str(DAY)])
    assert len(doses) == recorded + 1
    figure = overdue.split("</figure>")[0].split('class="in-sight"')[1]
    assert 1 <= figure.count('class="dose given"') <= recorded
    assert "dose that is in the record" in legend_of(overdue)
    typed = visitor.get(f"/simulate?{urlencode({**row(1), 'start': '2026-02-01'})}").text
    assert 'class="dose given"' not in typed
    assert "dose that is in the record" not in legend_of(typed)


def test_a_person_the_model_is_not_made_for_is_told_so_above_everything(visitor: Visitor) -> None:
    answer = visitor.get("/case/child.yaml/simulate?weight=40")
    page = main_of(answer.text)
    told = "does not hold here: a child"
    assert answer.status_code == 200
    assert page.count(told) == 1
    assert page.index(told) < page.index('class="curves') < page.index("<form")


def test_a_weight_of_the_file_that_can_not_be_simulated_is_said_at_the_weight(visitor: Visitor) -> None:
    page = visitor.get("/case/child.yaml/simulate").text
    assert "10.5 kg" in fault_at(page, "weight")
    assert 'class="curves readable"' not in page


def test_what_is_left_out_of_the_record_stands_above_the_figure(visitor: Visitor) -> None:
    stopped = "\n  - {date: 2026-08-01, kind: decision, decision: stop, by: Dr A, reason: moved}\n"
    (visitor.folder / "stopped.yaml").write_text(visitor.text().rstrip() + stopped, "utf-8")
    page = main_of(visitor.get("/case/stopped.yaml/simulate").text)
    told = "The plan has no dose ahead"
    assert page.count(told) == 1
    assert page.index(told) < page.index('class="curves readable"')
    assert "<details" not in page[page.index('id="left-out"') : page.index(told)]


def test_a_file_without_a_dose_to_simulate_is_told_in_words_of_the_page(visitor: Visitor) -> None:
    text = visitor.text("pernicious-anaemia.yaml")
    plan = "plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-08-01, choices: {maintenance_interval: 3 mo}, product: gb-hydroxocobalamin-1mg-1ml, policy: engineering-default, accepted_by: Dr A, accepted_on: 2026-08-01}\nrecord:\n  - {date: 2026-08-01, kind: decision, decision: stop, by: Dr A, reason: moved}\n"
    (visitor.folder / "stopped.yaml").write_text(f"{text.split('record:')[0].rstrip()}\n{plan}", "utf-8")
    answer = visitor.get("/case/stopped.yaml/simulate")
    told = fault_at(answer.text, "parts")
    assert "Neither the record nor the plan has a dose to simulate" in told
    assert "cobalamin review" not in answer.text
    assert "--scenario" not in answer.text


def test_how_the_model_was_tested_is_a_page(visitor: Visitor) -> None:
    page = main_of(visitor.get("/simulate").text)
    assert 'href="/model"' in page
    assert "docs/kinetics.md" not in page
    answer = visitor.get("/model")
    assert answer.status_code == 200
    told = words_of(main_of(answer.text))
    within, checked = map(int, re.findall(r"(\d+) of (\d+) checked figures", told)[0])
    cells = re.findall(r'<td data-title="Verdict">(.*?)</td>', answer.text)
    assert (cells.count("within"), cells.count("within") + cells.count("outside")) == (within, checked)
    assert len(answer.content) < 100_000
