"""The panel does not depend on how it is computed: compiler, batches, buckets, the order of rows, the engine."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cobalamin.population import local, mapper
from cobalamin.population.lookups import make_lookups
from cobalamin.population.panel import open_panel
from cobalamin.population.register import open_register
from cobalamin.population.spark import build_with_spark
from cobalamin.therapy.fold.status import STATUSES
from cobalamin.therapy.regimen.ladder import to_days
from population.random_people import a_person
from population.registers import (
    LONG,
    ON,
    PEOPLE,
    Rows,
    build_panel,
    hash_of,
    in_buckets,
    panel_of,
    read,
    shipped,
    write,
)

pytestmark = pytest.mark.filterwarnings(
    "ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning"
)


def shuffled(source: Path, folder: Path) -> Path:
    """The same rows in files that are not in the order of people."""
    folder.mkdir()
    con = duckdb.connect()
    for file in source.glob("*.parquet"):
        query = (
            f"SELECT * FROM '{file}' ORDER BY hash(patient_id * 7 + hash(date))"
            if file.stem != "patient"
            else f"SELECT * FROM '{file}' ORDER BY hash(patient_id)"
        )
        con.execute(f"COPY ({query}) TO '{folder / file.name}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    con.close()
    return folder


def rows_together(source: Path, folder: Path) -> Path:
    """The same rows in small row groups, so that they can be read by ranges of patient ids."""
    folder.mkdir()
    con = duckdb.connect()
    for file in source.glob("*.parquet"):
        query = f"SELECT * FROM '{file}' ORDER BY patient_id"
        con.execute(f"COPY ({query}) TO '{folder / file.name}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    con.close()
    return folder


def test_the_compiled_fold_gives_the_panel_of_the_plain_one(generated: Path, plain: Path, tmp_path: Path) -> None:
    manifest = build_panel(generated, tmp_path / "panel", compiled=True)
    assert hash_of(tmp_path / "panel") == hash_of(plain)
    assert manifest["rows"]["patient"] == {"in": PEOPLE, "used": PEOPLE, "set_aside": 0}
    assert manifest["by_month"] == open_panel(plain).manifest["by_month"]


def test_ranges_of_patients_give_the_same_panel(generated: Path, plain: Path, tmp_path: Path) -> None:
    source = rows_together(generated, tmp_path / "register")
    build_panel(source, tmp_path / "panel", engine=in_buckets(PEOPLE * 2))
    assert not (tmp_path / "panel" / "buckets").exists()
    assert len(list((tmp_path / "panel" / "panel").glob("part-*.parquet"))) > 3
    assert hash_of(tmp_path / "panel") == hash_of(plain)


def test_shuffled_rows_in_hash_buckets_give_the_same_panel(generated: Path, plain: Path, tmp_path: Path) -> None:
    source = shuffled(generated, tmp_path / "register")
    manifest = build_panel(source, tmp_path / "panel", engine=in_buckets(PEOPLE * 2, workers=2), compiled=LONG)
    assert len(list((tmp_path / "panel" / "panel").glob("part-*.parquet"))) > 3
    assert hash_of(tmp_path / "panel") == hash_of(plain)
    assert manifest["by_month"] == open_panel(plain).manifest["by_month"]


def test_shuffled_rows_give_the_same_panel(generated: Path, plain: Path, tmp_path: Path) -> None:
    build_panel(shuffled(generated, tmp_path / "register"), tmp_path / "panel")
    assert hash_of(tmp_path / "panel") == hash_of(plain)


def test_spark_gives_the_same_panel(generated: Path, plain: Path, tmp_path: Path, spark: Any) -> None:
    source = shuffled(generated, tmp_path / "register")
    manifest = build_panel(source, tmp_path / "panel", engine=lambda work, buckets: build_with_spark(work, spark, 5))
    assert len(list((tmp_path / "panel" / "panel").glob("part-*.parquet"))) == 5
    assert hash_of(tmp_path / "panel") == hash_of(plain)
    kept = open_panel(plain).manifest
    assert [manifest[key] for key in ("people", "rows", "by_month", "set_aside")] == [
        kept[key] for key in ("people", "rows", "by_month", "set_aside")
    ]


def crowded(people: int = 250, heavy: int = 5_000) -> Rows:
    """People whose rows collide, rows that are set aside, and one person with very many events."""
    rows = Rows()
    for seed in range(people):
        rows.add(a_person(seed))
    day = date(2026, 11, 1)
    rows.patient.append(
        {
            "patient_id": "heavy",
            "protocol": "uk-bnf-noneuro",
            "start": "2013-01-05",
            "choices": "maintenance_interval=2 mo",
        }
    )
    for number in range(heavy):
        given_on = day - timedelta(days=number)
        rows.administration.append(
            {"patient_id": "heavy", "date": str(given_on), "as_planned": "true", "event_id": f"heavy.{number:05d}"}
        )
    rows.administration.append(
        {"patient_id": "p000001", "date": "2031-01-05", "as_planned": "true", "event_id": "late"}
    )
    return rows


def test_spark_folds_a_person_with_very_many_events_in_one_piece(tmp_path: Path, spark: Any) -> None:
    source = write(tmp_path / "register", crowded())
    here = build_panel(source, tmp_path / "here")
    there = build_panel(source, tmp_path / "there", engine=lambda work, buckets: build_with_spark(work, spark))
    assert hash_of(tmp_path / "there") == hash_of(tmp_path / "here")
    assert here["rows"] == there["rows"]
    assert here["set_aside"]["administration"] >= 1
    assert panel_of(tmp_path / "there")["heavy"]["doses"] == 5_000


def test_a_month_end_is_counted_as_the_panel_of_that_day_tells_it(generated: Path, plain: Path, tmp_path: Path) -> None:
    """One pass counts every month: no month sees what came after it."""
    manifest = open_panel(plain).manifest
    con = duckdb.connect()
    aside = f"read_parquet('{plain}/set_aside.parquet')"
    query = f"SELECT count(DISTINCT patient_id) FROM {aside} WHERE reason LIKE '%nobody can have died or left%'"
    [known_later] = con.execute(query).fetchone() or (0,)  # a dose after it shows that somebody had not left by then
    for number, day in enumerate(manifest["months"]):
        build_panel(generated, tmp_path / day, date.fromisoformat(day), months=0)
        panel = f"read_parquet('{tmp_path / day}/panel/*.parquet')"
        started = f"SELECT patient_id FROM '{generated}/patient.parquet' WHERE start <= DATE '{day}'"
        query = f"""SELECT stage, status, count(*) FROM {panel} WHERE patient_id IN ({started})
            AND (left_on IS NULL OR left_on > DATE '{day}') GROUP BY ALL"""
        told = {(stage, status): count for stage, status, count in con.execute(query).fetchall()}
        counted = {
            (stage, STATUSES[status]): count
            for stage, by_status in zip(("loading", "later"), manifest["by_month"][number], strict=True)
            for status, count in enumerate(by_status)
            if count
        }
        differing = sum(abs(counted.get(key, 0) - told.get(key, 0)) for key in {*counted, *told})
        assert differing <= known_later, day
    con.close()


def test_nobody_is_counted_in_a_month_before_their_plan(tmp_path: Path) -> None:
    plan = {"decision": "plan", "protocol": "uk-bnf-noneuro", "version": "1", "choices": "maintenance_interval=3 mo"}
    rows = Rows(patient=[{"patient_id": "a"}, {"patient_id": "b", "start": "2026-01-05"}])
    rows.decision = [{"patient_id": who, "date": "2026-10-05", "start": "2026-10-05", **plan} for who in "ab"]
    manifest = build_panel(write(tmp_path / "register", rows), tmp_path / "panel", months=3)
    assert manifest["months"] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert [sum(map(sum, month)) for month in manifest["by_month"]] == [0, 0, 2]


# -- batches -------------------------------------------------------------------------------------------------------------


def prepared(source: Path, folder: Path) -> tuple[mapper.Mapping, pa.Table]:
    """The mapping and all events of a register, in order."""
    folder.mkdir()
    con = local.connect(folder)
    register = open_register(con, (source,), tuple(shipped().facts))
    lookups = make_lookups(con, register, shipped(), read, ON, shipped().default_policy, folder / "lookups")
    mapping = mapper.Mapping(lookups.ladders, to_days(ON), to_days(ON) - 365, (to_days(ON) - 30, to_days(ON)), False)
    local.load_lookups(con, lookups)
    events = con.sql(local.events_query(register, lookups, to_days(ON), local.Bucket(0))).to_arrow_table()
    con.close()
    return mapping, events


def test_the_border_of_a_batch_changes_nothing(tmp_path: Path) -> None:
    mapping, events = prepared(write(tmp_path / "register", crowded(120, 60)), tmp_path / "work")
    whole = mapping.no_counts()
    expected = pa.Table.from_batches(
        list(mapper.map_batches([events.combine_chunks().to_batches()[0]], mapping, whole))
    )
    for size in (1, 7, 100, 1_000_000):
        counts = mapping.no_counts()
        batches = events.combine_chunks().to_batches(max_chunksize=size)
        found = pa.Table.from_batches(list(mapper.map_batches(batches, mapping, counts)))
        assert found.combine_chunks() == expected.combine_chunks(), size
        assert (counts.people, counts.used, counts.aside) == (whole.people, whole.used, whole.aside), size
        assert np.array_equal(counts.months, whole.months), size


@settings(max_examples=200 if LONG else 6, deadline=None, derandomize=not LONG)
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False), named=st.booleans())
def test_the_order_of_rows_never_matters(
    tmp_path_factory: pytest.TempPathFactory, seed: int, order: random.Random, named: bool
) -> None:
    """Also where rows have no id of their own, and two of one day differ only in what no order tells apart."""
    rows, folder = Rows(), tmp_path_factory.mktemp("order")
    for number in range(150):
        rows.add(a_person(seed * 150 + number, most=20))
    if not named:
        rows = without_ids(rows)
    build_panel(write(folder / "first", rows), folder / "a")
    build_panel(write(folder / "second", rows, lambda told: order.sample(told, len(told))), folder / "b")
    assert panel_of(folder / "a") == panel_of(folder / "b")


def without_ids(rows: Rows) -> Rows:
    bare = Rows(patient=rows.patient, condition=rows.condition)
    bare.administration = [{key: row[key] for key in row if key != "event_id"} for row in rows.administration]
    bare.decision = [
        {key: row[key] for key in row if key != "event_id"}
        for row in rows.decision
        if row["decision"] not in ("credit", "reject")
    ]
    return bare


def test_two_entries_of_one_day_without_ids_have_one_order(tmp_path: Path) -> None:
    """Whatever cannot be told apart by day, kind, source and amount is told apart by what it says."""
    plan = {"protocol": "uk-bnf-noneuro", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}
    rows = Rows(patient=[{"patient_id": f"p{number}", **plan} for number in range(200)])
    for row in rows.patient:
        who = {"patient_id": row["patient_id"], "date": "2026-11-01"}
        rows.decision += [{**who, "decision": "pause", "until": "2026-11-03"}, {**who, "decision": "pause"}]
        given_twice = {**who, "date": "2026-01-05", "substance": "hydroxocobalamin", "dose": "1 mg"}
        rows.administration += [{**given_twice, "route": "oral"}, {**given_twice, "route": "intramuscular"}]
    for number in range(3):
        order = random.Random(number)
        build_panel(
            write(tmp_path / f"r{number}", rows, lambda told, order=order: order.sample(told, len(told))),
            tmp_path / f"p{number}",
        )
    assert hash_of(tmp_path / "p0") == hash_of(tmp_path / "p1") == hash_of(tmp_path / "p2")
