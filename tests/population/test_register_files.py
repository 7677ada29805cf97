"""Every file of a register is read, or refused with one sentence; none is passed over."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import Run, in_process

from hazards import hazard

PLAN = {"protocol": "uk-bnf-noneuro", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}
CSV = {
    "patient": "patient_id,protocol,start,choices\nP1,uk-bnf-noneuro,2026-01-05,maintenance_interval=3 mo\n",
    "administration": "patient_id,date,substance,dose,route\nP1,2026-01-05,hydroxocobalamin,1 mg,im\n",
}


def patients(file: Path, *ids: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([{"patient_id": who, **PLAN} for who in ids]), file)


def register(folder: Path) -> Path:
    """One with an administration table, and the table patient as each test writes it."""
    folder.mkdir()
    dose = {"patient_id": "P1", "date": "2026-01-05", "substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}
    pq.write_table(pa.Table.from_pylist([dose]), folder / "administration.parquet")
    return folder


def build(folder: Path) -> Run:
    into = folder.parent / "p"
    return in_process("panel", "build", folder, "--into", into, "--on", "2026-11-30", "--workers", 1, "--json")


@hazard("H19")
@pytest.mark.parametrize(
    "name",
    ["year=2026/part-1.parquet", "a/b/c.parquet", "part-1.PARQUET", "part-1.parq", "part-1.parquet.snappy", "part-1.snappy.parquet", "part-1.Parquet"],
)  # fmt: skip
def test_every_parquet_file_of_a_table_is_read(name: str, tmp_path: Path) -> None:
    folder = register(tmp_path / "r")
    patients(folder / "patient" / "part-0.parquet", "P1")
    patients(folder / "patient" / name, "P2", "P3")
    (folder / "patient" / "_SUCCESS").touch()
    (folder / "patient" / ".part-0.parquet.crc").touch()
    told = build(folder)
    assert (told.code, told.document["people"]) == (0, 3)


@hazard("H19")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("patient.parquet", "both patient and patient.parquet are there"),
        ("patient.csv", "both patient and patient.csv are there"),
        ("Patient.csv", "would not be read as the table 'patient'"),
        ("patient.PARQUET", "would not be read as the table 'patient'"),
        ("decision.parq", "would not be read as the table 'decision'"),
        ("result.csv.gz", "would not be read as the table 'result'"),
        ("decision.xlsx", "would not be read as the table 'decision'"),
        ("Decision/part-0.parquet", "would not be read as the table 'decision'"),
        ("patients.csv", "would not be read; a register has the tables"),
        ("patient (1).csv", "would not be read; a register has the tables"),
        ("patient/part-1.csv", "is in the folder of the table 'patient' and no Parquet file"),
        ("patient/part-1", "is in the folder of the table 'patient' and no Parquet file"),
        ("administration/part-0.parquet", "both administration and administration.parquet are there"),
    ],
)
def test_a_file_that_would_not_be_read_is_refused(name: str, said: str, tmp_path: Path) -> None:
    folder = register(tmp_path / "r")
    patients(folder / "patient" / "part-0.parquet", "P1")
    patients(folder / name, "P2")
    told = build(folder)
    assert told.code == 3
    assert said in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("name", ["notes.txt", "mapping.yaml", "scripts/export.sql", "README.md", ".DS_Store"])
def test_what_is_no_data_of_a_table_may_lie_beside_it(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    for table, text in CSV.items():
        (folder / f"{table}.csv").write_text(text)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("something else")
    assert build(folder).code == 0
