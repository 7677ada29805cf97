"""A day of death or of leaving that the rest of the record contradicts takes nobody off the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import in_process

from cobalamin.population.empty_days import is_empty_day
from hazards import hazard
from population.test_list_ids_and_leaving import MAPPING, build, left_out
from population.test_practice_list import aside, people

BORN = MAPPING.replace("registered_to: Deducted", "registered_to: Deducted, birth_date: Born")
EMPTY = ("30/12/1899", "31/12/1899", "01/01/1900", "00/01/1900", "1900-01-00", "01/01/1970", "1970-01-01 00:00:00", "01/01/1753",
         "01/01/0001", "31/12/9999", "31/12/4712", "12/30/1899")  # fmt: skip


def canonical(folder: Path, leaving: str, **tables: str) -> Any:
    """The panel of one person on a plan since January, with a dose of 1 July, and of one with nothing to ask."""
    folder.mkdir()
    plan = "uk-bnf-noneuro,1,2026-01-05,maintenance_interval=3 mo"
    head = "patient_id,protocol,version,start,choices,birth_date,registered_to,died_on\n"
    told = {
        "patient": f"{head}1,{plan},1950-05-05,{leaving}\n2,{plan},1950-05-05,,\n",
        "administration": "patient_id,date,substance,dose,route\n1,2026-07-01,hydroxocobalamin,1 mg,im\n2,2026-07-01,hydroxocobalamin,1 mg,im\n",
        **tables,
    }
    for table, text in told.items():
        (folder / f"{table}.csv").write_text(text, "utf-8")
    return in_process("panel", "build", folder, "--into", folder.parent / "p", "--on", "2026-11-20")


@hazard("H113")
@pytest.mark.parametrize("told", EMPTY)
@pytest.mark.parametrize("column", [0, 1])
def test_a_day_that_programs_write_for_an_empty_cell_takes_nobody_off_the_list(
    told: str, column: int, tmp_path: Path
) -> None:
    cells = ["", ""]
    cells[column] = told
    done = build(tmp_path, f"1,,12,{','.join(cells)}\n2,05/05/2026,12,,\n")
    assert (done.code, set(people(tmp_path)), left_out(tmp_path)) == (0, {"1", "2"}, {})
    assert [row["cell"] for row in aside(tmp_path)] == [("died_on", "registered_to")[column]]


@hazard("H113")
@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (",01/06/2026,05/05/1950", "2026-06-01, but last dose 2026-07-01"),
        ("01/06/2026,,05/05/1950", "2026-06-01, but last dose 2026-07-01"),
        ("01/06/1940,,05/05/1950", "1940-06-01, but born 1950-05-05"),
        ("01/06/2031,,05/05/1950", "2031-06-01, but it is after the day of assessment"),
    ],
)
def test_a_leaving_that_a_list_contradicts_is_asked_about(cells: str, why: str, tmp_path: Path) -> None:
    build(tmp_path, f"1,01/07/2026,12,{cells}\n", BORN, "No,Last,Weeks,Deceased,Deducted,Born\n")
    assert set(people(tmp_path)) == {"1"}
    assert [row["detail"] for row in aside(tmp_path)] == [why]
    shown = " ".join(in_process("panel", "recall", tmp_path / "p").out.split())
    assert "ask whether they have died or left" in shown


@hazard("H113")
@pytest.mark.parametrize(
    ("leaving", "tables", "why"),
    [
        ("2026-06-01,", {}, "2026-06-01, but dose 2026-07-01"),
        (",2026-06-01", {}, "2026-06-01, but dose 2026-07-01"),
        (",1949-01-01", {}, "1949-01-01, but born 1950-05-05"),
        (
            "2026-07-15,",
            {"result": "patient_id,date,marker,value\n1,2026-08-01,serum_b12,300 ng/L\n"},
            "2026-07-15, but result 2026-08-01",
        ),
        ("1970-01-01,", {}, "1970-01-01, but programs write it where there is none"),
        (
            "2025-12-01,",
            {"administration": "patient_id,date,substance,dose,route\n2,2026-07-01,hydroxocobalamin,1 mg,im\n"},
            "2025-12-01, but the plan starts 2026-01-05",
        ),
    ],
)
def test_a_leaving_that_the_tables_contradict_is_asked_about(
    leaving: str, tables: dict[str, str], why: str, tmp_path: Path
) -> None:
    done = canonical(tmp_path / "reg", leaving, **tables)
    assert done.code == 0, done.err
    assert set(people(tmp_path)) == {"1", "2"}
    assert [row["detail"] for row in aside(tmp_path)] == [why]


@pytest.mark.parametrize("leaving", ["2026-07-01,", ",2026-08-01", "2026-06-01,2026-08-01"])
def test_a_leaving_that_the_record_allows_still_counts(leaving: str, tmp_path: Path) -> None:
    canonical(tmp_path / "reg", leaving)
    assert (set(people(tmp_path)), left_out(tmp_path)) == ({"2"}, {"left": 1})


@hazard("H113")
@pytest.mark.parametrize("told", ["30/12/1899", "01/01/1900", "01/01/1970", "01/06/1949", "01/01/1753"])
def test_a_last_dose_that_nobody_can_have_had_is_asked_for(told: str, tmp_path: Path) -> None:
    build(tmp_path, f"1,{told},12,,,05/05/1950\n2,05/05/2026,12,,,\n", BORN, "No,Last,Weeks,Deceased,Deducted,Born\n")
    row = people(tmp_path)["1"]
    assert (row["question"], row["target"], row["unread_cells"]) == ("LAST_DOSE_UNKNOWN", None, ["last_dose"])


@hazard("H113")
def test_a_dose_on_an_empty_day_is_set_aside(tmp_path: Path) -> None:
    doses = "patient_id,date,substance,dose,route\n1,1900-01-01,hydroxocobalamin,1 mg,im\n2,2026-07-01,hydroxocobalamin,1 mg,im\n"
    canonical(tmp_path / "reg", ",", administration=doses)
    assert [row["reason"] for row in aside(tmp_path)] == ["the date is one that programs write for an empty cell"]


def test_days_of_people_are_no_empty_days() -> None:
    assert not any(map(is_empty_day, ("02/01/1970", "31/02/2026", "2024", "1/1/26", "19000101", "00/06/2024", "Y")))
    assert all(map(is_empty_day, EMPTY))
