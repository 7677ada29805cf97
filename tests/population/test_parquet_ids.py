"""Patient ids of Parquet files: blanks, words for nothing and what is no whole number are nobody, as in a list."""

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


@hazard("H116")
def test_a_word_for_nothing_is_nobody_and_stands_aside_by_that_word(tmp_path: Path) -> None:
    words = ["n/a", "null", "#N/A", "None", "NaN", "unknown", "Total", "9.43477E+09"]
    assert built(tmp_path, pa.string(), ["E17", *words, "P-1", "n/a"]) == (5, {"E17", "P-1"}, 9)
    aside = in_process("panel", "reconcile", tmp_path / "p", "--json").document["set_aside"]
    assert sorted(row["patient_id"] for row in aside) == sorted([*words, "n/a"])
    assert {row["reason"] for row in aside} == {"the row has no patient_id"}


@hazard("H116")
@pytest.mark.parametrize("table", ["administration", "decision", "result", "condition"])
def test_such_a_word_is_nobody_in_every_table(table: str, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    own = {
        "administration": {"as_planned": "true"}, "decision": {"decision": "hold"},
        "result": {"marker": "serum_b12", "value": "231 ng/L"}, "condition": {"fact": "anaemia", "value": "mild"},
    }  # fmt: skip
    patients = {"patient_id": ["A", "n/a"]} | {name: [told] * 2 for name, told in PLAN.items()}
    pq.write_table(pa.table(patients), tmp_path / "r/patient.parquet")
    for name in {"administration", table}:
        rows = {"patient_id": ["A", "n/a"], "date": ["2026-01-05"] * 2} | {
            key: [told] * 2 for key, told in own[name].items()
        }
        pq.write_table(pa.table(rows), tmp_path / f"r/{name}.parquet")
    told = in_process(
        "panel", "build", tmp_path / "r", "--into", tmp_path / "p", "--on", "2026-11-30", "--workers", 1, "--json"
    )
    assert (told.code, told.document["people"]) == (5, 1)
    assert told.document["rows"][table] == {"in": 2, "used": 1, "set_aside": 1}
    aside = in_process("panel", "reconcile", tmp_path / "p", "--json").document["set_aside"]
    assert {row["patient_id"] for row in aside if row["table"] == table} == {"n/a"}
