"""The command `simulate`: text, JSON, table and picture say the same, and no date moves."""

from __future__ import annotations

import csv
import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cobalamin.app.cli import app, main
from hazards import hazard

EXAMPLES = Path(__file__).parents[2] / "examples"
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a case file"),
        (["--scenario", "1 mg weekly", "--weight", "-5"], "30 to 250 kg"),
        (["--scenario", "1 mg weekly", "--gfr", "0"], "5 to 200 mL/min"),
        (["--scenario", "20 mg weekly"], "at most 10,000"),
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
