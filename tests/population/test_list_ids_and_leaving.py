"""A practice's list: one number in several spellings, who has died or left, which treatment, where the heading stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import in_process

from cobalamin.population.leaving import has_left
from cobalamin.population.numbers import number_of_kind
from hazards import hazard
from population.test_practice_list import aside, people
from population.test_practice_list import build as build_list

MAPPING = """register: 1
columns: {patient_id: No, last_dose: Last, interval: Weeks, died_on: Deceased, registered_to: Deducted}
dates: "%d/%m/%Y"
interval_unit: wk
protocol: uk-bnf-noneuro
choices: maintenance_interval=3 mo
country: GB
"""
NHS = MAPPING.replace("patient_id: No", "patient_id: {column: No, kind: nhs}")
HEADING = "No,Last,Weeks,Deceased,Deducted\n"


def build(folder: Path, lines: str, mapping: str = MAPPING, heading: str = HEADING) -> Any:
    return build_list(folder, lines, mapping, heading)


def left_out(folder: Path) -> dict[str, int]:
    found: dict[str, int] = in_process("panel", "recall", folder / "p", "--within", 400, "--json").document[
        "not_listed"
    ]
    return found


# -- who has died or left ------------------------------------------------------------------------------------------------


@hazard("H90")
@pytest.mark.parametrize("cells", ["Y,", "yes,", "TRUE,", "Deceased,", "31/02/2026,", "March 2024,", "2024,", "01/06/2026,", ",Y", ",Deducted", ",01/06/2026", "Y,01/01/2030", "RIP,N"])  # fmt: skip
def test_who_is_marked_as_dead_or_gone_is_on_no_list_and_counted_as_left(cells: str, tmp_path: Path) -> None:
    told = build(tmp_path, f"1,05/05/2026,12,{cells}\n2,05/05/2026,12,,\n3,05/05/2026,12,N,No\n")
    assert told.code == 0, told.err
    assert set(people(tmp_path)) == {"2", "3"}
    assert left_out(tmp_path) == {"left": 1}
    unread = {row["cell"] for row in aside(tmp_path)}
    assert unread == ({"died_on"} if cells[0] in "3M2" else set())
    measures = in_process("panel", "measures", tmp_path / "p", "--json").document["measures"]
    assert next(each for each in measures if each["id"] == "M3")["denominator"] == 2


@hazard("H90")
@pytest.mark.parametrize("cells", ["N,", "no,N", "-,", "00/00/0000,", ",Current", "31/12/9999,31/12/9999", "01/01/2030,", "?,", ",31/02/2026", ",see notes"])  # fmt: skip
def test_who_is_not_marked_stays_on_the_list(cells: str, tmp_path: Path) -> None:
    build(tmp_path, f"1,05/05/2026,12,{cells}\n")
    assert set(people(tmp_path)) == {"1"}


def test_the_lists_own_words_for_leaving(tmp_path: Path) -> None:
    lines = "1,05/05/2026,12,,D\n2,05/05/2026,12,,L\n3,05/05/2026,12,,X\n"
    build(tmp_path, lines, MAPPING + "words: {registered_to: {D: yes, L: no}}\n")
    rows = people(tmp_path)
    assert {who: row["unread_cells"] for who, row in rows.items()} == {"2": [], "3": ["registered_to"]}
    told = build(tmp_path, lines, MAPPING + "words: {died_on: {D: maybe}}\n")
    assert "'maybe' is neither yes nor no" in told.err


def test_zeros_and_nines_are_no_day_of_death() -> None:
    assert [has_left("died_on", told) for told in ("0", "00/00/0000", "9999-12-31", "1999-02-31")] == [
        False,
        False,
        False,
        True,
    ]
    assert has_left("registered_to", "1999-02-31") is None


# -- numbers -------------------------------------------------------------------------------------------------------------


def test_the_check_digit_of_an_nhs_number() -> None:
    good = ["9434765919", "943 476 5919", "943-476-5919", "9434765919.0", "4505577104"]
    assert [number_of_kind(each, "nhs") for each in good] == ["9434765919"] * 4 + ["4505577104"]
    bad = [
        "9434765918",
        "9434756919",
        "943476591",
        "94347659190",
        "9.43477E+09",
        "n/a",
        "1e5",
        "0000000000",
        "1111111111",
        "A434765919",
        "",
    ]
    assert [number_of_kind(each, "nhs") for each in bad] == [""] * len(bad)


@hazard("H91")
def test_one_number_in_several_spellings_is_one_person(tmp_path: Path) -> None:
    lines = "943 476 5919,05/05/2026,12,,\n9434765919,28/10/2026,12,,\n450-557-7104,05/05/2026,12,,\n"
    told = build(tmp_path, lines, NHS)
    assert told.code == 0, told.err
    assert {who: row["last_dose"] for who, row in people(tmp_path).items()} == {
        "9434765919": "2026-10-28",
        "4505577104": "2026-05-05",
    }


@hazard("H91")
@pytest.mark.parametrize("number", ["9.43477E+09", "n/a", "1e5", "1234567890", "9434765918"])
def test_a_doubtful_number_is_told_apart_and_counted_and_is_nobody(number: str, tmp_path: Path) -> None:
    told = build(tmp_path, f"{number},05/05/2026,12,,\n{number},06/05/2026,12,,\n9434765919,28/10/2026,12,,\n", NHS)
    assert (told.code, set(people(tmp_path))) == (5, {"9434765919"})
    assert "Up to 2 people may be missing" in told.err
    assert [(row["patient_id"], row["reason"][:39]) for row in aside(tmp_path)] == [
        (number, "the patient's number is no NHS number: ")
    ] * 2


def test_without_a_kind_two_spellings_are_reported(tmp_path: Path) -> None:
    told = build(tmp_path, "943 476 5919,05/05/2026,12,,\n9434765919,28/10/2026,12,,\n5,05/05/2026,12,,\n")
    assert told.code == 0
    assert "2 patient numbers differ only in spaces or hyphens" in " ".join(told.out.split())
    assert {(row["patient_id"], row["detail"]) for row in aside(tmp_path)} == {
        ("943 476 5919", "compare '9434765919'"),
        ("9434765919", "compare '943 476 5919'"),
    }
    assert len(people(tmp_path)) == 3


@hazard("H91")
def test_where_no_column_tells_people_apart_one_number_is_one_person(tmp_path: Path) -> None:
    told = build(tmp_path, "1,05/05/2026,12,,\n1,28/10/2026,12,,\n2,05/05/2026,12,,\n")
    assert told.code == 0, told.err
    assert "They are taken as one line a dose" in " ".join(told.out.split())
    assert {who: row["last_dose"] for who, row in people(tmp_path).items()} == {"1": "2026-10-28", "2": "2026-05-05"}


# -- which treatment -----------------------------------------------------------------------------------------------------

BY_DRUG = MAPPING.replace("died_on: Deceased, registered_to: Deducted", "neurological_involvement: Neuro").replace(
    "protocol: uk-bnf-noneuro",
    """protocol:
  column: Drug
  words: {Hydroxocobalamin 1mg: uk-bnf-noneuro, Cyanocobalamin 50mcg tablets: none, Old injections: uk-bnf-noneuro}
  neurological: {uk-bnf-noneuro: uk-bnf-neuro}""",
).replace("choices: maintenance_interval=3 mo", "choices: {uk-bnf-noneuro: maintenance_interval=3 mo}") + "words: {neurological_involvement: {Y: present, N: absent}}\n"  # fmt: skip


@hazard("H92")
def test_the_protocol_of_each_line_is_that_of_its_drug(tmp_path: Path) -> None:
    lines = "1,05/05/2026,12,HYDROXOCOBALAMIN 1mg,N\n2,05/05/2026,12,Cyanocobalamin 50mcg tablets,N\n3,05/05/2026,12,Other,N\n4,05/09/2026,,Hydroxocobalamin 1mg,Y\n5,05/05/2026,12,,N\n"
    told = build(tmp_path, lines, BY_DRUG, "No,Last,Weeks,Drug,Neuro\n")
    assert told.code == 0, told.err
    rows = people(tmp_path)
    assert {who: (row["status"], row["question"]) for who, row in rows.items() if who in "235"} == dict.fromkeys(
        "235", ("data_required", "NO_PLAN")
    )
    assert [rows[who]["unread_cells"] for who in "12345"] == [[], [], ["protocol"], [], ["protocol"]]
    assert rows["1"]["status"] == "review_needed"
    assert rows["4"]["target"] == "2026-11-05"
    assert "'Other' has no word under protocol.words" in str(aside(tmp_path))


def test_a_rule_that_names_no_protocol_is_refused_with_its_place(tmp_path: Path) -> None:
    told = build(tmp_path, "", BY_DRUG.replace("tablets: none", "tablets: nothing"), "No,Last,Weeks,Drug,Neuro\n")
    assert told.code == 3
    assert "protocol.words" in told.err


# -- the heading, and months ---------------------------------------------------------------------------------------------


def test_the_heading_is_found_below_a_preamble_or_where_the_mapping_says(tmp_path: Path) -> None:
    before = "Search Details,B12 recall\nRun on,30/11/2026\n\n"
    assert build(tmp_path, "1,05/05/2026,12,,\n", MAPPING, before + HEADING).code == 0
    assert set(people(tmp_path)) == {"1"}
    twice = before + "No,Last,Weeks,Deceased,Deducted\nNo,Last,Weeks,Deceased,Deducted\n"
    assert build(tmp_path, "1,05/05/2026,12,,\n", MAPPING + "heading_line: 5\n", twice).code == 0
    told = build(tmp_path, "1,05/05/2026,12,,\n", MAPPING + "heading_line: 90\n", before + HEADING)
    assert (told.code, "no heading begins there" in told.err) == (3, True)


@pytest.mark.parametrize("month", ["2026-08", "08/2026", "8/2026"])
def test_a_last_dose_known_by_its_month(month: str, tmp_path: Path) -> None:
    assert build(tmp_path, f"1,{month},12,,\n2,2026-12,12,,\n").code == 0
    rows = people(tmp_path)
    assert (rows["1"]["last_dose"], rows["1"]["unread_cells"]) == ("2026-08-31", [])
    assert rows["2"]["unread_cells"] == ["last_dose"]


# -- the audit -----------------------------------------------------------------------------------------------------------


def test_the_audit_of_a_list_counts_its_people_and_shows_no_measure_that_it_can_not_tell(tmp_path: Path) -> None:
    build(tmp_path, "1,05/11/2026,12,,\n2,05/01/2025,12,,\n")
    document = in_process("panel", "measures", tmp_path / "p", "--json").document
    told = {each["id"]: (each["numerator"], each["denominator"]) for each in document["measures"]}
    assert told["M3"] == (1, 2)
    assert "M6" not in told
    assert "no stop can be recorded" in in_process("panel", "measures", tmp_path / "p", "--people", "M6").err


# -- an interval that nobody stands for ----------------------------------------------------------------------------------

BY = MAPPING.replace("died_on: Deceased", "interval_by: Deceased")


@hazard("H93")
def test_an_interval_outside_the_published_range_is_a_question_and_no_day(tmp_path: Path) -> None:
    build(tmp_path, "1,05/08/2026,120,,\n2,05/08/2026,12,,\n3,05/08/2026,4,,\n4,05/08/2026,8,,\n5,05/08/2026,14,,\n")
    rows = people(tmp_path)
    told = ("status", "question", "target", "days_late", "basis", "own_interval", "published_interval")
    assert [rows["1"][key] for key in told] == [
        "data_required",
        "INTERVAL_OUTSIDE",
        None,
        0,
        "recorded",
        "120 wk",
        "2 mo to 3 mo",
    ]
    assert [rows["2"][key] for key in told[1:3]] == ["", "2026-10-28"]
    assert {who: row["question"] for who, row in rows.items() if who > "2"} == {
        "3": "INTERVAL_OUTSIDE",
        "4": "",
        "5": "INTERVAL_OUTSIDE",
    }
    near = in_process("panel", "recall", tmp_path / "p", "--within", 0)
    assert "the list says 120 wk, the source 2 mo to 3 mo" in " ".join(near.out.split())
    assert "2028" not in near.out
    measures = in_process("panel", "measures", tmp_path / "p", "--json").document["measures"]
    assert next(each for each in measures if each["id"] == "M3")["denominator"] == 2


def test_an_interval_that_somebody_stands_for_is_the_persons_own(tmp_path: Path) -> None:
    """As a review of the same history dates it."""
    build(tmp_path, "1,05/08/2026,20,Dr A,\n", BY)
    row = people(tmp_path)["1"]
    assert (row["question"], row["target"], row["basis"], row["own_interval"]) == (
        "",
        "2026-12-23",
        "recorded",
        "20 wk",
    )


ONE_INTERVAL = MAPPING.replace("uk-bnf-noneuro", "uk-bomss-proph").replace("choices: maintenance_interval=3 mo\n", "")


@hazard("H93")
@pytest.mark.parametrize("interval", ["12", "84 days", "14"])
def test_beside_one_published_interval_another_is_asked_and_own(interval: str, tmp_path: Path) -> None:
    """As `take-over` has it: 12 weeks are not 3 months, so they are the person's own, and no source's number."""
    build(tmp_path, f"1,05/08/2026,{interval},,\n2,05/08/2026,3 months,,\n", ONE_INTERVAL)
    rows = people(tmp_path)
    assert (rows["1"]["question"], rows["1"]["target"], rows["1"]["basis"]) == ("INTERVAL_OUTSIDE", None, "recorded")
    assert (rows["2"]["question"], rows["2"]["target"]) == ("", "2026-11-05")


# -- a day of leaving still to come ------------------------------------------------------------------------------------------


@hazard("H113")
@pytest.mark.parametrize("column", ["registered_to", "died_on"])
def test_who_leaves_on_a_day_to_come_is_listed_and_the_day_is_said(column: str, tmp_path: Path) -> None:
    cells = ",{day}" if column == "registered_to" else "{day},"
    lines = (
        f"{who},05/08/2026,12,{cells.format(day=day)}\n"
        for who, day in (("1", "11/12/2026"), ("2", ""), ("3", "29/11/2026"))
    )
    build(tmp_path, "".join(lines))
    rows = people(tmp_path)
    assert set(rows) == {"1", "2"}
    assert rows["1"]["target"] == rows["2"]["target"] == "2026-10-28"
    leaves = "2026-12-11" if column == "registered_to" else None
    assert (rows["1"]["leaves_on"], rows["2"]["leaves_on"]) == (leaves, None)
    text = " ".join(in_process("panel", "recall", tmp_path / "p").out.split())
    assert ("leaves the practice on Fri 11 December 2026" in text) == bool(leaves)
    assert ("ask whether they have died or left" in text) == (not leaves)
