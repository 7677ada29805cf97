"""The command `simulate`: text, JSON, table and picture say the same, and no date moves."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import ValidationError, validate
from simulated_cases import INJECTED, TABLETS, written
from typer.testing import CliRunner

from cobalamin.app.cli.main import app, main
from cobalamin.app.documents.schemas import schema_of
from cobalamin.app.documents.types.simulate import RemarkCode
from cobalamin.app.services.simulation import body
from cobalamin.app.services.simulation.body import SimulateOptions
from cobalamin.app.services.simulation.simulate import simulate_for
from cobalamin.errors import InputError
from cobalamin.knowledge.loading import compiled
from hazards import hazard

EXAMPLES = Path(__file__).parents[3] / "examples"
RUNNING = EXAMPLES / "treatment-running.yaml"
REGIMEN = [
    "--scenario",
    "1 mg every 2 days x 6 then every 12 weeks",
    "--start",
    "2026-01-05",
    "--on",
    "2026-01-05",
    "--people",
    "60",
]


def run(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["simulate", *arguments], catch_exceptions=True)
    return found.exit_code, found.stdout


def document(*arguments: str) -> dict:
    code, out = run(*arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_a_case_is_its_record_and_its_plan() -> None:
    found = document(str(RUNNING), "--on", "2026-09-01", "--people", "40")
    given = [each["date"] for each in found["doses"]]
    assert given[:8] == [
        "2026-01-05",
        "2026-01-07",
        "2026-01-12",
        "2026-01-14",
        "2026-01-16",
        "2026-01-19",
        "2026-04-09",
        "2026-07-09",
    ]
    assert given[8:10] == ["2026-10-09", "2027-01-09"]
    assert [each["reading"] for each in found["readings"]] == ["retained", "late_loss"]
    assert found["results"][-1] == {"date": "2026-08-03", "marker": "serum_b12", "value": ">1500"}
    assert found["signed_off"] is False


@hazard("H11")
def test_a_simulation_moves_no_date_and_writes_nothing(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    shutil.copy(RUNNING, case)
    before = case.read_bytes()
    reviews = []
    for _ in range(2):
        reviews.append(CliRunner().invoke(app, ["review", str(case), "--on", "2026-09-01", "--json"]).stdout)
        run(str(case), "--on", "2026-09-01", "--people", "30", "--stop", "2026-10-01")
    assert reviews[0] == reviews[1]
    assert case.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["case.yaml"]


@hazard("H25")
def test_text_json_and_table_have_the_same_numbers(tmp_path: Path) -> None:
    table = tmp_path / "bands.csv"
    found = document(*REGIMEN, "--csv", str(table))
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    bands = found["readings"][0]["bands"]["serum_b12"]
    assert float(rows[0]["serum_b12_50"]) == bands[2][0]
    last = [row for row in rows if row["reading"] == "retained"][-1]
    assert float(last["serum_b12_95"]) == bands[4][-1]
    text = run(*REGIMEN)[1]
    assert f"{bands[2][-1]:,.0f} ({bands[0][-1]:,.0f} to {bands[4][-1]:,.0f})" in text
    assert "not a measurement" in text


@hazard("H25")
def test_the_picture_is_well_formed_the_same_each_time_and_says_what_it_can_not(tmp_path: Path) -> None:
    for name in ("one.svg", "other.svg"):
        run(*REGIMEN, "--picture", str(tmp_path / name), "--compare", "nothing", "--stop", "2027-01-05")
    text = (tmp_path / "one.svg").read_text("utf-8")
    assert text == (tmp_path / "other.svg").read_text("utf-8")
    told = "".join(ET.fromstring(text).itertext())
    for words in (
        "not a measurement",
        "can't show symptoms",
        "The bands hold",
        "no dose from here",
        "B12 in the body's stores",
    ):
        assert words in told


def test_a_stop_gives_the_time_to_a_low_level_as_a_distribution() -> None:
    found = document(*REGIMEN, "--stop", "2027-01-05", "--months", "120")
    for each in found["readings"]:
        months = each["months_to_low"]
        assert months["5"] <= months["50"]
    assert all(dose["date"] < "2027-01-05" for dose in found["doses"])


def test_compared_regimens_have_the_same_people() -> None:
    found = document(*REGIMEN, "--compare", "1 mg monthly", "--compare", "nothing")
    assert [each["scenario"] for each in found["compared"]] == ["1 mg monthly", "nothing"]
    starts = [found["readings"][0], *(each["readings"][0] for each in found["compared"])]
    assert len({each["bands"]["store"][2][0] for each in starts}) == 1


def test_the_plan_as_it_is_can_be_held_against_a_typed_regimen() -> None:
    on = ("--on", "2026-09-01", "--people", "40")
    planned = document(str(RUNNING), *on)
    found = document(str(RUNNING), *on, "--scenario", "1 mg monthly", "--compare", "Plan")
    assert [each["scenario"] for each in found["compared"]] == ["plan"]
    assert found["compared"][0]["doses"] == planned["doses"]
    assert found["compared"][0]["readings"][0]["bands"]["store"][2][-1] == pytest.approx(
        planned["readings"][0]["bands"]["store"][2][-1], rel=1e-3
    )
    assert found["doses"] != planned["doses"]
    text = " ".join(run(str(RUNNING), *on, "--scenario", "1 mg monthly", "--compare", "plan")[1].split())
    assert "Compared with: as planned" in text
    assert "from 1 Sep 2026 on, after what example-treatment-running was given" in text


def test_stopping_can_be_held_against_the_plan_as_it_is() -> None:
    on = ("--on", "2026-09-01", "--people", "40")
    planned = document(str(RUNNING), *on)
    found = document(str(RUNNING), *on, "--stop", "2026-09-02", "--compare", "plan")
    same = [each for each in found["compared"][0]["doses"] if each["date"] <= planned["until"]]
    assert same == planned["doses"]
    assert [each["date"] for each in found["doses"]] == [each["date"] for each in same if each["date"] < "2026-09-02"]


def test_times_that_were_asked_for_are_in_text_json_and_table(tmp_path: Path) -> None:
    table = tmp_path / "bands.csv"
    found = document(*REGIMEN, "--at", "1 h, 5 h,24 h", "--at", "6 mo", "--csv", str(table))
    told = [(each["after_first_dose"], each["day"], each["date"]) for each in found["at"]]
    assert told == [
        ("1 h", 0.041667, "2026-01-05"),
        ("5 h", 0.208333, "2026-01-05"),
        ("24 h", 1, "2026-01-06"),
        ("6 mo", 181, "2026-07-05"),
    ]
    days = {
        row["day"]: row for row in csv.DictReader(table.read_text("utf-8").splitlines()) if row["reading"] == "retained"
    }
    bands = found["readings"][0]["bands"]
    for _, day, on in told:
        place = found["days"].index(day)
        assert days[str(day)]["date"] == on
        assert float(days[str(day)]["serum_b12_50"]) == bands["serum_b12"][2][place]
    assert bands["serum_b12"][2][found["days"].index(0.041667)] > 5 * bands["serum_b12"][2][0]
    text = run(*REGIMEN, "--at", "5 h")[1]
    assert [line.split(",")[0] for line in text.splitlines() if "Jan 2026  " in line] == ["start", "5 h"] * 2
    assert "Urine" in text
    assert "Urine" not in run(*REGIMEN)[1]


def test_what_enters_and_what_leaves_by_the_urine_add_up() -> None:
    found = document(
        "--scenario", "1 mg once cyanocobalamin", "--on", "2026-01-05", "--at", "1 h, 48 h", "--people", "60"
    )
    bands = found["readings"][0]["bands"]
    assert {found["units"][name] for name in ("urine", "absorbed")} == {"mcg"}
    assert [row[0] for row in bands["urine"] + bands["absorbed"]] == [0.0] * 10
    hour, later = (found["days"].index(each["day"]) for each in found["at"])
    assert bands["absorbed"][0][hour] == bands["absorbed"][4][hour] == 1000.0
    assert bands["urine"][2][hour] < bands["urine"][2][later]
    assert 500 < bands["urine"][0][later] < bands["urine"][4][later] < 1000


def test_every_document_fits_its_schema(tmp_path: Path) -> None:
    people = ("--people", "30", "--on", "2026-09-01")
    asked = [
        (str(RUNNING),),
        (str(RUNNING), "--scenario", "1 mg monthly", "--compare", "plan", "--compare", "nothing"),
        (str(RUNNING), "--stop", "2026-10-01", "--months", "1"),
        ("--scenario", "1 mg weekly x 3", "--at", "5 h, 3 d", "--haemoglobin", "80", "--weight", "60", "--gfr", "50"),
        ("--scenario", "1 mg cyanocobalamin oral daily", "--serum", "150", "--cause", "dietary"),
        ("--scenario", "nothing"),
        (str(EXAMPLES / "moved-here.yaml"),),
        (str(written(tmp_path, TABLETS, "date: 2026-04-01, kind: statement, taking: partly")),),
    ]
    for arguments in asked:
        found = document(*arguments, *people)
        validate(found, schema_of("simulate"))
    assert {each["code"] for each in found["remarks"]} == {"COURSE_AS_PLANNED", "STATEMENT_PARTLY"}
    with pytest.raises(ValidationError):
        validate({**found, "more": 1}, schema_of("simulate"))


def test_every_remark_of_the_code_has_a_sentence_and_stands_in_the_schema() -> None:
    app_code = Path(body.__file__).parent
    code = "".join(each.read_text("utf-8") for each in sorted(app_code.glob("*.py")))
    raised = set(re.findall(r'"([A-Z][A-Z_]{4,})"', code))
    written_down = {
        key.removeprefix("simulate.remark_") for key in compiled().own_words.texts if key.startswith("simulate.remark_")
    }
    assert raised == written_down == set(get_args(RemarkCode)[1].words)


def test_a_level_that_is_only_known_as_below_a_number_is_no_start(tmp_path: Path) -> None:
    level = "date: 2026-01-10, kind: result, marker: serum_b12, value: {}"
    dose = f"date: 2026-02-01, {INJECTED}"
    on = ("--on", "2026-06-20", "--people", "30")
    found = document(str(written(tmp_path, "", level.format('"<150 ng/L"'), dose)), *on)
    assert "serum_b12" not in found["assumed"]
    assert ("START_NOT_EXACT", True) in [(each["code"], each["left_out"]) for each in found["remarks"]]
    found = document(str(written(tmp_path, "", level.format("60 pmol/L"), dose)), *on)
    assert (found["assumed"]["serum_b12"], {each["code"] for each in found["remarks"]} - {"UNTREATED"}) == (81.3, set())


def test_ten_thousand_recorded_doses_are_refused_with_the_limit(tmp_path: Path) -> None:
    first = date(1998, 1, 1)
    case = written(tmp_path, "", *(f"date: {first + timedelta(days=place)}, {INJECTED}" for place in range(10_000)))
    with pytest.raises(InputError, match="10,000 doses are too many; at most 2,000"):
        simulate_for(case, SimulateOptions(people=10), date(2026, 6, 20))


def test_a_fourth_compared_regimen_is_named_as_not_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "p.svg"
    others = ("nothing", "1 mg monthly", "1 mg every 8 weeks", "10 mg weekly")
    run(*REGIMEN, "--picture", str(picture), *(each for text in others for each in ("--compare", text)))
    told = "".join(ET.fromstring(picture.read_text("utf-8")).itertext())
    assert "not drawn: 1" in told
    assert "10 mg weekly" not in told


def test_an_interrupted_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "bands.csv"
    table.write_text("old", "utf-8")

    def killed(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", killed)
    code, _ = run(*REGIMEN, "--csv", str(table), "--force")
    assert code != 0
    assert table.read_text("utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["bands.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a case file"),
        (["--scenario", "1 mg every 9999 years"], "at most 10 years"),
        (["--scenario", "1 mg every 30 years"], "at most 10 years"),
        (["--scenario", "1 mg weekly for 90 years"], "at most 40 years"),
        (["--scenario", "1 mg weekly", "--weight", "-5"], "30 to 250 kg"),
        (["--scenario", "1 mg weekly", "--gfr", "0"], "5 to 200 mL/min"),
        (
            ["--scenario", "20 mg weekly", "--start", "2026-01-05", "--on", "2026-01-05"],
            "--scenario: the dose on 2026-01-05 and 104 others: it has 20,000 micrograms; more than 0 and at most 10,000",
        ),
        (["--scenario", "1 mg weekly", "--people", "0"], "1 to 1,000,000"),
        (["--scenario", "1 mg weekly", "--people", "5000000"], "1 to 1,000,000"),
        (["--scenario", "1 mg daily", "--months", "240"], "at most 2,000"),
        (["--scenario", "1 mg weekly", "--cause", "bad luck"], "bad luck"),
        (["--scenario", "1 mg weekly", "--compare", "rubbish"], "not understood"),
        (
            ["--scenario", "1 mg weekly", "--start", "2026-01-05", "--stop", "2025-01-05"],
            "must lie after the first dose",
        ),
        ([str(EXAMPLES / "pernicious-anaemia.yaml")], "no accepted plan"),
        (["--scenario", "1 mg weekly", "--compare", "plan"], "needs a case file"),
        ([str(EXAMPLES / "vegan.yaml"), "--scenario", "1 mg weekly", "--compare", "plan"], "this case has none"),
        ([str(RUNNING), "--compare", "plan"], "type a --scenario"),
        (["--scenario", "1 mg weekly", "--compare", "rubbish"], "--compare: 'rubbish'"),
        (["--scenario", "1 mg weekly", "--substance", "aspirin"], "--substance: 'aspirin'"),
        (["--scenario", "1 mg weekly", "--route", "rectal"], "--route: 'rectal'"),
        (["--scenario", "1 mg every 12 weeks", "--start", "1900-01-01"], "at most 40 years"),
        (["--scenario", "1 mg weekly", "--at", "5 hours"], "h, d, wk, mo or a"),
        (["--scenario", "1 mg weekly", "--at", "-1 h"], "h, d, wk, mo or a"),
        (["--scenario", "1 mg weekly", "--at", "1 h,,2 h"], "a time is missing"),
        (["--scenario", "1 mg weekly", "--at", "9 a"], "lies after the end"),
        (["--scenario", "1 mg weekly", "--at", ",".join(f"{hour} h" for hour in range(101))], "at most 100"),
        (["--scenario", "1 mg weekly", "--weight", "300"], "--weight: the weight is 300 kg; 30 to 250"),
        (["--scenario", "1 mg weekly", "--compare", "20 mg once"], "--compare: the dose on"),
        (["--scenario", "1 mg weekly", "--seed", str(2**64)], "0 to 18446744073709551615"),
        (["--scenario", "1 mg weekly", "--csv", "."], "is a folder"),
        (["--scenario", "1 mg weekly", "--csv", "no-such-folder/bands.csv"], "there is no folder"),
        (["--scenario", "1 mg weekly", "--csv", "one.x", "--picture", "one.x"], "is also the other file to write"),
    ],
)
def test_bad_input_is_refused_with_one_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main_with(["simulate", *arguments])
    assert left.value.code == 3
    assert said in capsys.readouterr().err


def main_with(arguments: list[str]) -> None:
    import sys

    before = sys.argv
    sys.argv = ["cobalamin", *arguments]
    try:
        main()
    finally:
        sys.argv = before
