"""A dose whose number is no patient's is told, and more so where the number is much like a patient's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import in_process

from hazards import hazard
from population.test_practice_list import aside, people

HEAD = "patient_id,protocol,version,start,choices\n"
PLAN = "uk-bnf-noneuro,1,2026-01-05,maintenance_interval=3 mo\n"
DOSE = "2026-07-01,hydroxocobalamin,1 mg,im\n"


def build(folder: Path, patients: tuple[str, ...], doses: tuple[str, ...]) -> Any:
    folder.mkdir()
    (folder / "patient.csv").write_text(HEAD + "".join(f"{who},{PLAN}" for who in patients))
    text = "patient_id,date,substance,dose,route\n" + "".join(f"{who},{DOSE}" for who in doses)
    (folder / "administration.csv").write_text(text)
    return in_process("panel", "build", folder, "--into", folder.parent / "p", "--on", "2026-11-20", "--json")


@hazard("H114")
@pytest.mark.parametrize("told", ["4.0", "04", "p-4", "P 4"])
def test_a_number_that_is_much_like_a_patients_is_told_and_counted(told: str, tmp_path: Path) -> None:
    own = "P4" if "4" in told and told[0] in "pP" else "4"
    done = build(tmp_path / "r", ("1", own), ("1", told, told))
    assert (done.code, done.document["may_be_missing"]) == (5, 1)
    assert done.document["notes"] == [{"note": "no_patient_row", "people": 1}, {"note": "other_number", "people": 1}]
    assert [(row["patient_id"], row["line"], row["detail"]) for row in aside(tmp_path)] == [
        (told, 3, f"2 rows; may be the same person as {own}")
    ]
    assert {"1", own} <= set(people(tmp_path))


def test_a_number_that_is_like_no_patients_is_counted(tmp_path: Path) -> None:
    done = build(tmp_path / "r", ("1",), ("1", "77"))
    assert (done.code, done.document["notes"]) == (0, [{"note": "no_patient_row", "people": 1}])


@hazard("H114")
@pytest.mark.parametrize(("patient", "dose"), [("3", '"3'), ('3"', "3"), ("3", '3"')])
def test_a_stray_quote_beside_a_number_parts_nobody_from_the_doses(patient: str, dose: str, tmp_path: Path) -> None:
    done = build(tmp_path / "r", ("1", patient), ("1", dose))
    assert (done.code, done.document["notes"], set(people(tmp_path))) == (0, [], {"1", "3"})
    assert people(tmp_path)["3"]["last_dose"] == "2026-07-01"


@hazard("H114")
def test_two_rows_that_are_one_patient_without_a_quote_are_told(tmp_path: Path) -> None:
    assert build(tmp_path / "r", ("1", "3", '3"'), ("1", "3")).code == 5


def test_numbers_of_parquet_files_are_compared_too(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    plan = {"protocol": "uk-bnf-noneuro", "version": "1", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}
    dose = {"date": "2026-07-01", "substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}
    pq.write_table(pa.Table.from_pylist([{"patient_id": "4", **plan}]), folder / "patient.parquet")
    pq.write_table(pa.Table.from_pylist([{"patient_id": "004", **dose}]), folder / "administration.parquet")
    done = in_process("panel", "build", folder, "--into", tmp_path / "p", "--on", "2026-11-20", "--json")
    assert (done.code, done.document["may_be_missing"]) == (5, 1)
