"""Doses and decisions of a panel are the rows that were used, each once, on every engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cobalamin.errors import InvariantBroken
from cobalamin.population import local, stream
from cobalamin.population.spark import build_with_spark
from hazards import hazard
from population.garbage import garbage
from population.random_people import a_person
from population.registers import ON, Row, Rows, build_panel, differences, hash_of, panel_of, write

PLAN = {"protocol": "uk-bnf-noneuro", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}
PLANNED: Row = {"patient_id": "a", "date": "2026-01-05", "as_planned": "true", "event_id": "a1"}


def planned_beside(*others: Row) -> Rows:
    """One dose given as planned and rows of the same day that can't be used; a person B has the dose alone."""
    rows = Rows(patient=[{"patient_id": who, **PLAN} for who in "ab"])
    rows.administration = [PLANNED, {**PLANNED, "patient_id": "b", "event_id": "b1"}, *others]
    return rows


def aside(number: int, **told: str) -> Row:
    dose = {"substance": "hydroxocobalamin", "dose": "1 ml", "route": "im", "event_id": f"a{number}", **told}
    return {"patient_id": "a", "date": "2026-01-05", **dose}


@hazard("H19")
@pytest.mark.parametrize("number", [1, 2, 3, 7])
@pytest.mark.parametrize("compiled", [False, True])
def test_rows_set_aside_beside_a_planned_dose_count_nothing(number: int, compiled: bool, tmp_path: Path) -> None:
    rows = planned_beside(*(aside(2 + each, source=("nurse", "", "self")[each % 3]) for each in range(number)))
    rows.decision = [
        {"patient_id": "a", "date": "2026-01-06", "decision": "credit", "by": "Dr A", "reason": "given", "event": "a1"}
    ]
    build_panel(write(tmp_path / "r", rows), tmp_path / "p", compiled=compiled)
    panel = panel_of(tmp_path / "p")
    for who in "ab":
        assert [panel[who][name] for name in ("doses", "credited", "number")] == [1, 1, 2], who
    assert [panel["a"][name] for name in ("decisions", "rows_set_aside")] == [1, number]


def messy() -> Rows:
    """People whose rows collide, and rows of the same people and days that can't be used."""
    rows = Rows()
    for seed in range(300):
        person = a_person(seed)
        rows.add(person)
        for number, row in enumerate(person.administration[:2]):
            spoilt = {
                "patient_id": row["patient_id"],
                "date": row["date"],
                "dose": "1 ml",
                "event_id": f"{seed}.{number}",
            }
            rows.administration += [spoilt, {**spoilt, "event_id": f"{seed}.{number}b", "as_planned": "yes"}]
    return rows


def test_rows_set_aside_among_rows_that_collide_change_nothing(tmp_path: Path) -> None:
    rows = messy()
    build_panel(write(tmp_path / "r", rows), tmp_path / "p", months=0)
    readable = Rows(
        rows.patient, [row for row in rows.administration if row.get("dose") != "1 ml"], rows.decision, rows.condition
    )
    assert differences(readable, tmp_path / "p") == []


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_every_engine_counts_alike(tmp_path: Path, spark: Any) -> None:
    source = write(tmp_path / "r", messy())
    told = [
        build_panel(source, tmp_path / "plain"),
        build_panel(source, tmp_path / "compiled", compiled=True),
        build_panel(source, tmp_path / "spark", engine=lambda work, buckets: build_with_spark(work, spark, 3)),
    ]
    assert told[0]["rows"] == told[1]["rows"] == told[2]["rows"]
    assert hash_of(tmp_path / "plain") == hash_of(tmp_path / "compiled") == hash_of(tmp_path / "spark")


@pytest.mark.parametrize("seed", range(4))
def test_the_sums_of_a_panel_are_the_rows_used(seed: int, tmp_path: Path) -> None:
    rows = garbage(seed)
    for each in range(60):
        rows.add(a_person(1000 * seed + each))
    manifest = build_panel(write(tmp_path / "r", rows), tmp_path / "p")
    people = panel_of(tmp_path / "p").values()
    assert sum(row["doses"] for row in people) == manifest["rows"]["administration"]["used"] > 0
    assert sum(row["decisions"] for row in people) == manifest["rows"]["decision"]["used"] > 0


@hazard("H19")
@pytest.mark.parametrize("column", ["doses", "decisions", "credited"])
def test_a_panel_whose_sums_are_not_the_rows_used_is_no_panel(column: str, tmp_path: Path) -> None:
    """A loop that counted twice would be seen: one number of one part is made wrong, as such a loop would."""
    rows = planned_beside()
    rows.decision = [{"patient_id": "a", "date": "2026-01-06", "decision": "hold"}]
    source, folder = write(tmp_path / "r", rows), tmp_path / "p"

    def engine(work: local.Work, buckets: list[local.Bucket]) -> list[dict[str, Any]]:
        (work.folder / "panel").mkdir(exist_ok=True)
        found = [local.fold_bucket(work, local.Bucket(0))]
        part = local.part_file(work.folder, 0)
        table = pq.read_table(part)
        numbers = table.column(column).to_pylist()
        wrong = table.set_column(
            table.column_names.index(column), table.field(column), pa.array([numbers[0] + 1, *numbers[1:]], pa.int32())
        )
        pq.write_table(wrong, part)
        return found

    with pytest.raises(InvariantBroken, match="no panel is written"):
        build_panel(source, folder, ON, engine)
    assert not (folder / "manifest.json").exists()
    assert not list(folder.glob("panel/part-*"))


def test_the_last_dose_of_a_day_is_followed_by_none_however_often_it_is_asked() -> None:
    planned, skipped = (5 + 3) + (1 << 5) + (4 << 11), (-1 + 3) + (1 << 5)
    key = (20_000 + stream.DAY_ZERO << 43) + (5 << 39)
    columns = ([key, key, key], [planned, skipped, skipped], [0, 0, 0], [-1_000_000] * 3)
    day = stream.Day(0, 3, 1_000_000, -1, -1_000_000, -1)
    found = []
    for _ in range(4):
        day = stream.next_in_turn(columns, day, 0)
        found.append(day.at)
    assert found == [0, -1, -1, -1]
