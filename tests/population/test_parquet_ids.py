"""Patient ids of Parquet files: blanks and what is no whole number are nobody; a word in a column of text is an id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import in_process

from hazards import hazard

PLAN = {"protocol": "uk-bnf-noneuro", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}


def built(folder: Path, kind: Any, ids: list[Any]) -> tuple[int, set[Any], int]:
    (folder / "r").mkdir()
    patients = {"patient_id": pa.array(ids, kind)} | {name: [told] * len(ids) for name, told in PLAN.items()}
    pq.write_table(pa.table(patients), folder / "r/patient.parquet")
    doses = {"patient_id": pa.array([ids[0]], kind), "date": ["2026-01-05"], "as_planned": ["true"]}
    pq.write_table(pa.table(doses), folder / "r/administration.parquet")
    told = in_process("panel", "build", folder / "r", "--into", folder / "p", "--on", "2026-11-30", "--workers", 1)
    document = in_process("panel", "recall", folder / "p", "--within", 400, "--json").document
    assert [row["patient_id"] for row in document["rows"] if row["last_dose"] == "2026-01-05"] == [ids[0]]
    return told.code, {row["patient_id"] for row in document["rows"]}, document["may_be_missing"]


@hazard("H91")
@pytest.mark.parametrize(
    ("kind", "ids", "people", "missing"),
    [
        pytest.param(
            pa.string(),
            ["9434765919", "", " ", None, "P-1"],
            {"9434765919", "P-1"},
            3,
            id="text",
        ),
        pytest.param(pa.int64(), [9434765919, None, 7], {9434765919, 7}, 1, id="whole numbers"),
        pytest.param(
            pa.float64(), [9434765919.0, None, float("nan"), 7.5, 1e300, 7.0], {9434765919, 7}, 4, id="floats"
        ),
    ],
)
def test_what_is_no_number_is_nobody(kind: Any, ids: list[Any], people: set[Any], missing: int, tmp_path: Path) -> None:
    assert built(tmp_path, kind, ids) == (5, people, missing)
