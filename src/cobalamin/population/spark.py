"""The panel on a Spark cluster: Spark brings the events of each person together and in order, the one mapper folds them.

Patients and decisions are few and their rows are joined with others, so DuckDB writes their events for Spark to read; doses, which
are many, become events inside Spark's tasks, by the same SQL. The mapper writes its parts itself and hands back only counts: no row
of the panel passes through Spark, so its columns and its bytes are those of the local engine. Tasks read the lookups and write
their parts in the work folder, which on a cluster must lie where every machine sees it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cobalamin.population import events_sql, local
from cobalamin.population.events_sql import STREAM
from cobalamin.population.local import Work
from cobalamin.population.mapper import map_batches
from cobalamin.population.panel_words import WRITTEN, Wording
from cobalamin.population.tables import ADMINISTRATION, readable_rows

UNFINISHED, JOINED = "panel_unfinished", "joined_events.parquet"
_WHOLE_IDS = {"INTEGER": "int", "BIGINT": "bigint"}
Batches = Iterator[pa.RecordBatch]


def build_with_spark(work: Work, spark: Any, partitions: int | None = None) -> list[dict[str, Any]]:
    """Fold the whole register into `panel` of the work folder; returns the counts of each partition, as `fold_all` does.

    Parts lie apart until the last task is done, so a part of a panel is never taken for a whole one. An answer counts once
    however often Spark runs a task, because the counts come back as the task's only rows and a part replaces its like.
    """
    parts = work.folder / UNFINISHED
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    shuffle = (partitions, "patient_id") if partitions else ("patient_id",)
    events = _events(work, spark).where("patient_id IS NOT NULL").repartition(*shuffle)
    ordered = events.sortWithinPartitions("patient_id", "key", "tie", "bits", "code", "until")
    counted = ordered.mapInArrow(_fold_into(work, parts), "counts string").collect()
    whole = work.folder / "panel"
    shutil.rmtree(whole, ignore_errors=True)
    os.replace(parts, whole)
    (work.folder / JOINED).unlink()
    return [json.loads(row.counts) for row in counted]


def _events(work: Work, spark: Any) -> Any:
    """The events of all tables as one frame: what DuckDB wrote, and the doses."""
    kind = _kind_of_ids(work)
    schema = f"patient_id {kind}, tie string, " + ", ".join(f"{name} bigint" for name in STREAM)
    doses = spark.read.parquet(*work.register.files[ADMINISTRATION])
    made = doses.mapInArrow(_doses_to_events(work), schema)
    joined = spark.read.schema(schema).parquet(str(_write_joined(work)))
    return joined.unionByName(made)


def _kind_of_ids(work: Work) -> str:
    """Spark's type for patient ids: whole numbers where every table has them, else text."""
    kinds = {work.register.types[table]["patient_id"] for table in local.STREAMED if table in work.register.files}
    return _WHOLE_IDS.get(kinds.pop(), "string") if len(kinds) == 1 else "string"


def _write_joined(work: Work) -> Path:
    """The events of patients and decisions as a Parquet file. Their SQL joins whole tables, which no single task sees."""
    target = work.folder / JOINED
    con = local.connect(work.folder, os.cpu_count() or 1, work.memory_mb)
    try:
        local.load_lookups(con, work.lookups)
        parts = local.stream_parts(work.register, work.lookups, work.mapping.on)
        joined = " UNION ALL ".join(query for table, query in parts.items() if table != ADMINISTRATION)
        named = str(target).replace("'", "''")
        con.execute(f"COPY ({_typed(joined, _kind_of_ids(work))}) TO '{named}' (FORMAT parquet)")
    finally:
        con.close()
    return target


def _typed(query: str, kind: str) -> str:
    """The columns in the order and with the types that Spark was told."""
    numbers = ", ".join(f"{name}::BIGINT AS {name}" for name in STREAM)
    return f"SELECT patient_id::{kind} AS patient_id, tie, {numbers} FROM ({query})"


def _doses_to_events(work: Work) -> Callable[[Batches], Batches]:
    types, on, kind = work.register.types[ADMINISTRATION], work.mapping.on, _kind_of_ids(work)
    readable = readable_rows(ADMINISTRATION, types, "batch")
    query = _typed(local._over(readable, events_sql.administration_events(on, types)), kind)

    def to_events(batches: Batches) -> Batches:
        con = local.connect(work.folder)
        try:
            local.load_lookups(con, work.lookups)
            for batch in batches:
                con.register("batch", pa.Table.from_batches([batch]))
                yield from con.sql(query).to_arrow_reader(local.BATCH_ROWS)
        finally:
            con.close()

    return to_events


def _fold_into(work: Work, parts: Path) -> Callable[[Batches], Batches]:
    """A task: its people folded into a part named by its number; its only row is its counts."""
    ids = pa.int32() if _kind_of_ids(work) == "int" else pa.int64() if _kind_of_ids(work) == "bigint" else pa.string()

    def fold_part(batches: Batches) -> Batches:
        from pyspark import TaskContext

        task = TaskContext.get()
        counts = work.mapping.no_counts()
        wording = Wording(work.lookups.ladders, work.lookups.practices, work.mapping.on)
        schema = pa.schema([("patient_id", ids), *wording.schema])
        part = parts / local.part_file(parts, task.partitionId()).name
        unfinished = part.with_suffix(f".{task.taskAttemptId()}")  # Spark may run two attempts at a time
        with pq.ParquetWriter(unfinished, schema, **WRITTEN) as writer:
            for batch in map_batches(batches, work.mapping, counts):
                writer.write_table(pa.Table.from_batches([wording.words(batch)]).cast(schema))
        os.replace(unfinished, part)
        found = json.dumps(local.counts_as_json(counts, work.key))
        yield pa.RecordBatch.from_pydict({"counts": [found]})

    return fold_part
