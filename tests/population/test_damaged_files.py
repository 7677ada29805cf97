"""Damaged and foreign Parquet, and tables of other types than ours: one sentence, or rows set aside; never half a panel."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import PYTHON_FAILURE, Run, in_process

from population.random_people import a_person
from population.registers import LONG, Rows, panel_of, write

PLAN = {"protocol": "uk-bnf-noneuro", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}
MIDNIGHT = datetime(2026, 1, 5)  # noqa: DTZ001 -- as data frames write a day, without a zone
DOSE = {"date": "2026-01-05", "substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}


def build(folder: Path) -> Run:
    return in_process("panel", "build", folder / "r", "--into", folder / "p", "--on", "2026-11-20", "--workers", 1)


def register(folder: Path) -> Path:
    rows = Rows()
    for seed in range(40):
        rows.add(a_person(seed))
    return write(folder / "r", rows)


def is_clear(told: Run, folder: Path) -> bool:
    """Answered, or one sentence and no panel."""
    assert PYTHON_FAILURE not in told.err
    assert "defect" not in told.err, told.err
    if told.code in (0, 5):
        return True
    assert told.code == 3, told.err
    assert len(told.err.strip().splitlines()) == 1, told.err
    assert not (folder / "p" / "manifest.json").exists()
    return False


@pytest.mark.parametrize("seed", range(400 if LONG else 40))
def test_a_flipped_byte_is_a_sentence_with_the_file_or_a_panel(seed: int, tmp_path: Path) -> None:
    """Parquet has no sums of its own, so some damage reads as other values; none ends the program."""
    chance = random.Random(seed)
    source = register(tmp_path)
    file = chance.choice(sorted(source.glob("*.parquet")))
    content = bytearray(file.read_bytes())
    for _ in range(chance.choice((1, 1, 8))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)
    told = build(tmp_path)
    if not is_clear(told, tmp_path):
        assert file.name in told.err


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("table", ["patient", "administration", "decision"])
def test_a_file_that_was_cut_off_is_one_sentence_with_its_name(share: float, table: str, tmp_path: Path) -> None:
    file = register(tmp_path) / f"{table}.parquet"
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    told = build(tmp_path)
    assert not is_clear(told, tmp_path)
    assert f"{table}.parquet" in told.err
    assert "can't be read as Parquet" in told.err


@pytest.mark.parametrize(
    "ids",
    [
        pa.array([True, False]), pa.array([Decimal("1.0"), Decimal("2.0")]), pa.array([["a"], ["b"]]), pa.array([b"a", b"b"]),
        pa.array([{"a": 1}, {"a": 2}]), pa.array([MIDNIGHT, MIDNIGHT]), pa.array([2**64 - 1, 1], pa.uint64()), pa.nulls(2),
    ],
    ids=["boolean", "decimal", "list", "blob", "struct", "time", "unsigned", "null"],
)  # fmt: skip
def test_a_patient_id_of_another_type_is_one_sentence(ids: Any, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    for name, row in (("patient", PLAN), ("administration", DOSE)):
        pq.write_table(
            pa.table({"patient_id": ids, **{key: [value] * 2 for key, value in row.items()}}),
            tmp_path / "r" / f"{name}.parquet",
        )
    told = build(tmp_path)
    assert not is_clear(told, tmp_path)
    assert "patient_id is of the type" in told.err


def odd_columns() -> dict[str, Any]:
    return {
        "bool": pa.array([True]), "float": pa.array([float("nan")]), "list": pa.array([["x"]]), "struct": pa.array([{"x": 1}]), "blob": pa.array([b"\xff\x00"]),
        "date": pa.array([date(2026, 1, 5)]), "first": pa.array([-719162 - 400], pa.int32()).cast(pa.date32()), "last": pa.array([2**31 - 1], pa.int32()).cast(pa.date32()),
        "time": pa.array([MIDNIGHT], pa.timestamp("us")), "nanos": pa.array([MIDNIGHT], pa.timestamp("ns")), "zoned": pa.array([MIDNIGHT], pa.timestamp("us", "UTC")),
        "big": pa.array([2**63 - 1]), "null": pa.nulls(1), "decimal": pa.array([Decimal("99999999999999999999999999999999999999")]), "duration": pa.array([1], pa.duration("s")),
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(odd_columns()))
def test_a_column_of_another_type_costs_its_cells(kind: str, tmp_path: Path) -> None:
    """Each column of each table in turn has this type; the person is on the list, whatever becomes of the row."""
    for table, names in {
        "patient": (*PLAN, "birth_date", "died_on", "cause"),
        "administration": (*DOSE, "dose_ug", "as_planned", "expires_on"),
    }.items():
        for name in names:
            folder = tmp_path / f"{table}-{name}"
            source = write(
                folder / "r", Rows(patient=[{"patient_id": "a", **PLAN}], administration=[{"patient_id": "a", **DOSE}])
            )
            whole = pq.read_table(source / f"{table}.parquet")
            whole = whole.drop_columns([name]) if name in whole.column_names else whole
            pq.write_table(whole.append_column(name, odd_columns()[kind]), source / f"{table}.parquet")
            assert is_clear(build(folder), folder), name
            assert set(panel_of(folder / "p")) == {"a"}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_days_as_data_frames_write_them_are_read(unit: str, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    days = pa.array([MIDNIGHT]).cast(pa.timestamp(unit))
    patient = {key: [value] for key, value in PLAN.items() if key != "start"} | {"patient_id": ["a"], "start": days}
    dose = {key: [value] for key, value in DOSE.items() if key != "date"} | {"patient_id": ["a"], "date": days}
    pq.write_table(pa.table(patient), tmp_path / "r" / "patient.parquet")
    pq.write_table(pa.table(dose), tmp_path / "r" / "administration.parquet")
    assert build(tmp_path).code == 0
    assert panel_of(tmp_path / "p")["a"]["credited"] == 1


@pytest.mark.parametrize("how", ["csv", "parquet"])
def test_a_register_of_headings_alone_is_one_sentence(how: str, tmp_path: Path) -> None:
    if how == "parquet":
        write(tmp_path / "r", Rows())
    else:
        (tmp_path / "r").mkdir()
        (tmp_path / "r" / "patient.csv").write_text("patient_id,protocol\n")
        (tmp_path / "r" / "administration.csv").write_text("patient_id,date\n")
    told = build(tmp_path)
    assert not is_clear(told, tmp_path)
    assert f"patient.{how}" in told.err
    assert "has a heading and no row below it" in told.err


def test_a_table_of_doses_without_rows_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path / "r", Rows(patient=[{"patient_id": "a", **PLAN}]))
    assert build(tmp_path).code == 0
    assert panel_of(tmp_path / "p")["a"]["number"] == 1


def test_text_in_parquet_that_is_no_unicode_is_one_sentence(tmp_path: Path) -> None:
    file = register(tmp_path) / "patient.parquet"
    table = pq.read_table(file)
    pq.write_table(table, file, use_dictionary=False, compression="none")
    file.write_bytes(file.read_bytes().replace(b"p000007", b"p00\xff\xfe07"))
    assert is_clear(build(tmp_path), tmp_path) in (True, False)
