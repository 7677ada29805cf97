"""What a simulation says about itself: what was given, whom it does not hold for, what was assumed, and when levels fall."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from simulated_cases import INJECTED, TABLETS, told, written
from test_simulate_command import EXAMPLES, REGIMEN, RUNNING, document, run

from cobalamin.app.pictures.simulation import picture_of
from cobalamin.app.services.simulation.answer import Simulation
from cobalamin.app.services.simulation.body import SimulateOptions
from cobalamin.app.services.simulation.simulate import simulate_for
from cobalamin.app.views.simulate import beyond, days_since, low_words
from cobalamin.errors import InputError
from cobalamin.kinetics.simulation import MMA, STORE
from cobalamin.knowledge.loading import compiled
from hazards import hazard

ON = date(2026, 6, 20)
SVG = "{http://www.w3.org/2000/svg}"


def answer(path: Path | None = None, on: date = ON, **options: object) -> Simulation:
    return simulate_for(path, SimulateOptions(people=40, **options), on)  # type: ignore[arg-type]


def flat(*arguments: str) -> str:
    return " ".join(run(*arguments, "--people", "40")[1].split())


def words_of(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in ET.fromstring(svg).iter(f"{SVG}text")]


def triangles(svg: str) -> list[str]:
    """The fill of every single dose that is drawn, without the legend."""
    legend = {each for group in ET.fromstring(svg).iter(f"{SVG}g") if group.get("transform") for each in group.iter()}
    drawn = [each for each in ET.fromstring(svg).iter(f"{SVG}polygon") if each.get("stroke-width") == "0.25"]
    skipped = sum(each.tag == f"{SVG}polygon" and each.get("stroke-width") == "0.25" for each in legend)
    return [each.get("fill", "") for each in drawn[skipped:]]


# -- given, or only due --------------------------------------------------------------------------------------------------


def test_a_dose_that_is_overdue_is_not_told_as_given() -> None:
    on = date(2026, 11, 20)
    found = answer(RUNNING, on, months=1)
    assert [each.on for each in found.given if each.on == on]
    assert sum(each.recorded for each in found.given) == 8
    assert "(8 recorded as given, 1 planned)" in flat(str(RUNNING), "--on", str(on), "--months", "1")
    fills = triangles(picture_of(found))
    assert fills[-1] == "#fff"
    assert "#000" in fills


def test_of_a_typed_regimen_nothing_is_told_as_given() -> None:
    regimen = (
        "--scenario",
        "1 mg hydroxocobalamin weekly",
        "--start",
        "2026-01-05",
        "--on",
        "2026-06-20",
        "--months",
        "1",
    )
    text = flat(*regimen)
    assert re.search(r"Doses simulated: \d+ The middle", text)
    assert "given" not in text
    picture = picture_of(answer(scenario="1 mg weekly", start=date(2026, 1, 5), months=1))
    assert set(triangles(picture)) == {"#fff"}
    assert "dose simulated" in words_of(picture)
    assert not {"dose given", "dose planned"} & set(words_of(picture))


def test_what_was_said_to_be_taken_is_recorded_and_what_was_only_planned_is_not(tmp_path: Path) -> None:
    assert [each.recorded for each in told(tmp_path, TABLETS).given] == [False]
    statement = "date: 2026-04-01, kind: statement, taking: yes, from: 2026-03-02, dose: 1 mg, route: oral"
    assert [each.recorded for each in told(tmp_path, TABLETS, statement).given] == [True, False]


# -- people the model does not cover -------------------------------------------------------------------------------------


@hazard("H25")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1958-03-02", "2018-03-02", "a child (under 18 years)"),
        ("anaemia: none", "pregnancy: pregnant", "pregnant"),
        ("pernicious_anaemia", "transcobalamin_deficiency", "transcobalamin deficiency"),
        ("pernicious_anaemia", "inborn_error", "an inborn error"),
        ("anaemia: none", "preterm: present", "born preterm"),
    ],
)
def test_people_the_model_does_not_hold_for_are_named_first(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = written(tmp_path, "", f"date: 2026-02-01, {INJECTED}")
    text = path.read_text("utf-8").replace(old, new)
    path.write_text(text.replace(", pregnancy,", ",") if "pregnan" in new else text, "utf-8")
    sentence = f"The model was not made for this person and does not hold here: {said}."
    lines = run(str(path), "--on", str(ON), "--people", "40")[1].splitlines()
    assert sentence in " ".join(" ".join(lines[1:3]).split())
    remark = document(str(path), "--on", str(ON), "--people", "40")["remarks"][0]
    assert (remark["code"], remark["left_out"], remark["text"]) == ("NOT_COVERED", False, sentence)
    assert words_of(picture_of(answer(path)))[1].startswith(sentence)


@hazard("H55")
@pytest.mark.parametrize("scenario", ["1 mg hydroxocobalamin every 3 months", "nothing"])
def test_a_run_without_treatment_is_named_as_an_illness_first(scenario: str) -> None:
    typed = ("--scenario", scenario, "--compare", "nothing", "--cause", "pernicious_anaemia", "--serum", "110")
    typed = (*typed, "--months", "36", "--on", str(ON), "--people", "40")
    found = document(*typed)["remarks"]
    assert [each["code"] for each in found] == ["UNTREATED"] * (2 if scenario == "nothing" else 1)
    lines = run(*typed)[1].splitlines()
    assert lines[1].strip().startswith("Severe illness from ")
    assert "it can kill" in " ".join(" ".join(lines[1:5]).split())


@hazard("H55")
@pytest.mark.parametrize("months", ["1", "6"])
def test_a_short_run_without_treatment_is_named_as_an_illness_too(months: str) -> None:
    typed = ("--scenario", "no treatment", "--cause", "pernicious_anaemia", "--months", months)
    typed = (*typed, "--on", str(ON), "--people", "40")
    assert [each["code"] for each in document(*typed)["remarks"]] == ["LACK_UNTREATED"]
    head = " ".join(" ".join(run(*typed)[1].splitlines()[1:6]).split())
    assert head.startswith("Untreated illness from ")
    assert "it can kill" in head
    healthy = document(*typed, "--cause", "healthy")["remarks"]
    assert healthy == []


@hazard("H55")
def test_a_case_of_unknown_cause_is_one_person_and_is_not_cured_by_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "", "date: 2025-12-30, kind: result, marker: serum_b12, value: 150 ng/L")
    path.write_text(path.read_text("utf-8").replace("cause: pernicious_anaemia", "cause: not_found"), "utf-8")
    plan = document(str(path), "--scenario", "1 mg every 3 months", "--on", str(ON), "--people", "40", "--months", "24")
    typed = document(str(path), "--scenario", "nothing", "--on", str(ON), "--people", "40", "--months", "24")
    assert plan["assumed"] == typed["assumed"]
    serum = typed["readings"][0]["bands"]["serum_b12"][2]
    assert max(serum) <= serum[0]


@hazard("H56")
def test_every_part_of_a_typed_regimen_begins_and_ends() -> None:
    found = document(
        "--scenario", "1 mg oral cyanocobalamin twice a week x 10 then 1 mg im monthly", "--on", str(ON), "--people", "5"
    )  # fmt: skip
    course, *injections = found["doses"]
    assert (date.fromisoformat(course["until"]) - date.fromisoformat(course["date"])).days == 34
    assert len(injections) > 12
    assert all(dose["date"] > course["until"] for dose in injections)


def test_an_adult_who_plans_a_pregnancy_is_covered() -> None:
    path = EXAMPLES / "bariatric-planning-pregnancy.yaml"
    found = document(
        str(path), "--scenario", "1 mg cyanocobalamin every 3 months", "--on", "2026-09-01", "--people", "40"
    )
    assert found["remarks"] == []


@hazard("H134")
def test_a_substance_that_nobody_typed_is_told_for_every_regimen() -> None:
    typed = (
        "--scenario",
        "1 mg oral daily",
        "--compare",
        "1 mg every 3 months",
        "--compare",
        "1 mg mecobalamin monthly",
    )
    typed = (*typed, "--months", "1", "--on", str(ON), "--people", "40")
    told = [each["text"] for each in document(*typed)["remarks"] if each["code"] == "SUBSTANCE_ASSUMED"]
    assert ["cyanocobalamin, by mouth, is assumed" in text for text in told] == [True, False]
    assert ["hydroxocobalamin, intramuscular, is assumed" in text for text in told] == [False, True]
    assert "No substance was typed in 1 mg oral daily" in flat(*typed)


def test_where_a_deficiency_is_excluded_the_store_is_healthy() -> None:
    path = EXAMPLES / "bariatric-planning-pregnancy.yaml"
    arguments = (str(path), "--scenario", "1 mg every 3 months", "--on", "2026-09-01")
    assert "a healthy store at the start" in flat(*arguments)
    assert document(*arguments, "--people", "200")["readings"][0]["bands"]["store"][2][0] > 2000


# -- limits and refusals -------------------------------------------------------------------------------------------------


def test_the_warning_about_large_stores_looks_at_more_than_the_middle_person() -> None:
    found = answer(scenario="1 mg weekly", months=5)
    store = found.simulated[0].bands[STORE]
    assert store[2].max() < 11_100 < store[4].max()
    assert beyond(found)
    assert "stores of some simulated people (at least 5 of 100) go beyond 11 mg" in flat(
        "--scenario", "1 mg weekly", "--months", "5", "--on", str(ON)
    )


def test_a_start_before_a_recorded_dose_is_refused(tmp_path: Path) -> None:
    doses = [f"date: {day}, {INJECTED}" for day in ("2026-01-05", "2026-05-05")]
    path = written(tmp_path, "", *doses)
    for start in ("2026-02-01", "2026-05-05"):
        with pytest.raises(InputError, match=f"--start: the record has a dose on 2026-05-05, and .* {start} on"):
            answer(path, scenario="1 mg weekly", start=date.fromisoformat(start))
    found = answer(path, scenario="nothing", start=date(2026, 5, 5))
    assert [str(each.on) for each in found.given] == ["2026-01-05", "2026-05-05"]
    found = answer(path, scenario="1 mg weekly x 2", start=date(2026, 5, 6))
    assert [str(each.on) for each in found.given][:3] == ["2026-01-05", "2026-05-05", "2026-05-06"]


def test_a_start_before_the_end_of_what_was_said_to_be_taken_is_refused(tmp_path: Path) -> None:
    statement = "date: 2026-04-01, kind: statement, taking: yes, substance: cyanocobalamin, dose: 1 mg, route: oral"
    path = written(tmp_path, "", statement)
    with pytest.raises(InputError, match="--start"):
        answer(path, scenario="1 mg weekly", start=date(2026, 5, 1))
    assert answer(path, scenario="1 mg weekly").given[0].last == date(2026, 6, 19)


def test_a_fault_of_a_case_file_names_the_date_and_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "", f"date: 2026-02-01, {INJECTED.replace('1 mg', '20 mg')}")
    with pytest.raises(InputError, match=re.escape(f"{path}: the dose on 2026-02-01: it has 20,000 micrograms")):
        answer(path)
    path = written(tmp_path, "", f"date: 2026-02-01, {INJECTED}")
    path.write_text(path.read_text("utf-8").replace("facts:\n", "facts:\n  weight: 12 kg\n"), "utf-8")
    with pytest.raises(InputError, match=re.escape(f"{path}: facts.weight: the weight is 12 kg")):
        answer(path)
    with pytest.raises(InputError, match="--weight: the weight is 400 kg"):
        answer(path, weight=400.0)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ("marker: egfr, value: '>90 mL/min/1.73m2'", "GFR_NOT_EXACT"),
        ("marker: haemoglobin, value: '<80 g/L'", "HAEMOGLOBIN_NOT_EXACT"),
    ],
)
def test_a_result_that_is_not_exact_is_left_out_and_said(tmp_path: Path, result: str, code: str) -> None:
    path = written(tmp_path, "", f"date: 2026-01-10, kind: result, {result}", f"date: 2026-02-01, {INJECTED}")
    assert [(each.code, each.left_out) for each in answer(path).remarks if each.code != "UNTREATED"] == [(code, True)]


def test_what_the_program_assumed_of_the_people_is_in_the_document() -> None:
    assumed = document(*REGIMEN)["assumed"]
    assert (assumed["weight_kg"], assumed["gfr_ml_min"]) == (70.0, 120.0)
    assert assumed["assumed_by_program"] == ["weight_kg", "gfr_ml_min"]
    assumed = document(*REGIMEN, "--weight", "60")["assumed"]
    assert (assumed["weight_kg"], assumed["assumed_by_program"]) == (60.0, ["gfr_ml_min"])


def test_a_course_is_told_by_mouth() -> None:
    text = flat("--scenario", "1 mg cyanocobalamin oral daily", "--on", "2026-01-05", "--months", "1")
    assert "by mouth, from Mon 5 January 2026" in text
    assert "by oral" not in text


# -- the picture and the table -------------------------------------------------------------------------------------------


@hazard("H26")
def test_where_two_readings_are_shown_the_bands_name_theirs_and_both_lines_are_solid_up_to_today() -> None:
    picture = picture_of(answer(RUNNING, date(2026, 9, 1)))
    assert "90 of 100 people (reading 1)" in words_of(picture)
    tone = "#a33b20"
    lines = [each for each in ET.fromstring(picture).iter(f"{SVG}polyline") if each.get("stroke") == tone]
    assert [bool(each.get("stroke-dasharray")) for each in lines] == [False, True] * 2
    assert sum(each.get("stroke") == tone for each in ET.fromstring(picture).iter(f"{SVG}circle")) > 20
    one = picture_of(answer(scenario="1 mg cyanocobalamin weekly"))
    assert "90 of 100 people" in words_of(one)
    assert tone not in one


def test_the_picture_says_what_was_assumed_and_when_levels_fall_after_a_stop() -> None:
    found = answer(RUNNING, date(2026, 9, 1), stop=date(2026, 12, 1), months=120)
    shown = " ".join(words_of(picture_of(found)))
    assert "Assumed of them: no absorption through intrinsic factor; 70 kg (not known)" in shown
    assert f"Reading 1. {low_words(found, found.simulated[0], compiled().own_words.text)}" in shown
    assert [share in shown for share in (" 5 of 100 ", " 50 of 100 ", " 95 of 100 ")] == [True] * 3


def fallen(days: list[float]) -> str:
    found = answer(scenario="1 mg weekly x 2", start=date(2026, 1, 5), stop=date(2026, 3, 1), months=12)
    each = found.simulated[0]
    object.__setattr__(each, "low_after", np.array(days))
    return low_words(found, each, compiled().own_words.text)


def test_the_time_to_a_low_level_is_told_for_5_50_and_95_of_100_people() -> None:
    month = 365.25 / 12
    spread = [5 * month] * 10 + [21 * month] * 80 + [46 * month] * 10
    assert fallen(spread) == (
        "After the stop 5 of 100 people are under 200 ng/L after 5 months, half after 21 months, 95 of 100 after 46 months."
    )
    early = [0.0] * 20 + [month] * 70 + [np.inf] * 10
    assert fallen(early) == (
        "20 of 100 simulated people are under 200 ng/L on the day of the stop already. After the stop 5 of 100 people are "
        "under 200 ng/L on the day of the stop, half after 1 month, 95 of 100 not within the time simulated."
    )
    assert fallen([3.0] * 100).count("within a month") == 3
    assert fallen([0.0] * 100) == "100 of 100 simulated people are under 200 ng/L on the day of the stop already."
    assert "Fewer than 5 of 100" in fallen([month] + [np.inf] * 99)
    assert "No simulated person" in fallen([np.inf] * 100)


def test_the_table_says_how_long_ago_the_last_dose_was() -> None:
    text = run("--scenario", "1 mg every 12 weeks", "--on", "2026-01-05", "--people", "40")[1]
    ends = {line.split(",")[0]: line.split()[-1] for line in text.splitlines() if " 202" in line}
    assert (ends["start"], ends["3 months"], ends["6 months"], ends["12 months"]) == ("-", "6", "13", "29")
    assert "since" not in run("--scenario", "1 mg cyanocobalamin oral daily", "--people", "40")[1]
    assert days_since([0.0, 84.0], 84.0) == "84"
    assert days_since([0.0], 5 / 24) == "0.21"
    assert days_since([0.0], 1900.0) == "1,900"
    assert MMA in answer(scenario="1 mg weekly", months=1).simulated[0].bands
