"""The panel on one machine: DuckDB reads and sorts one bucket of patients after the other, the mapper folds it.

A table whose rows lie together by patient is read by ranges of patient ids; any other is first split by a hash of them. A bucket
that is finished is kept with its counts, so interrupted work goes on where it stopped; a part is only ever seen whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cobalamin.errors import InputError
from cobalamin.population import events_sql, mapper
from cobalamin.population.lookups import LOOKUPS, Lookups, later_plans, patients
from cobalamin.population.mapper import Counts
from cobalamin.population.panel_words import WRITTEN, Wording
from cobalamin.population.register import Register
from cobalamin.population.tables import ADMINISTRATION, DECISION, FLOATS, PATIENT
from cobalamin.therapy.regimen.ladder import to_date

BUCKET_ROWS = 2_000_000  # administrations in a bucket: some hundred megabytes while they are sorted
BATCH_ROWS = 500_000
Progress = Callable[[int, int], None]
STREAMED = (PATIENT, ADMINISTRATION, DECISION)


@dataclass(frozen=True)
class Bucket:
    """Some of the patients: a condition on patient_id, or files with their events."""

    number: int
    within: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """All that a worker needs to fold a bucket."""

    register: Register
    lookups: Lookups
    mapping: mapper.Mapping
    folder: Path
    key: str
    memory_mb: int = 600


def connect(work_folder: Path, threads: int = 1, memory_mb: int = 600) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills to a folder of its own."""
    con = duckdb.connect()
    con.execute(f"SET threads = {threads}; SET memory_limit = '{memory_mb}MB'; SET preserve_insertion_order = false")
    spill = str(work_folder / "spill").replace("'", "''")
    con.execute(f"SET temp_directory = '{spill}'; SET enable_progress_bar = false")
    return con


def stream_parts(register: Register, lookups: Lookups, on: int, within: str = "") -> dict[str, str]:
    """By table, the query for its events, in no order; every row that can't be used is among them."""
    people = f"""
        SELECT p.*, coalesce(profiles.profile, 0) AS profile, coalesce(practices.number, 0) AS practice_number
        FROM ({patients(register, lookups, to_date(on), within)}) p LEFT JOIN profiles ON profiles.profile_key = p.profile_key
        LEFT JOIN practices ON practices.practice = p.practice"""
    doses = events_sql.administration_events(on, register.types[ADMINISTRATION])
    parts = {
        PATIENT: _over(people, events_sql.patient_events(on)),
        ADMINISTRATION: _over(register.rows(ADMINISTRATION, within), doses),
    }
    if DECISION in register.files:
        rows = with_known_events(register, later_plans(register, lookups, lookups.ladders.on, within), within)
        rows = with_plan_begins(register, rows, on, within)
        parts[DECISION] = _over(rows, events_sql.decision_events(on, lookups.phases))
        if register.has(DECISION, "last_dose"):
            parts["histories of months"] = _over(rows, events_sql.histories_of_months(on, lookups.phases))
    if register.types[ADMINISTRATION]["date"] == "VARCHAR":
        first = f"SELECT patient_id AS whose, max(start) AS first_start FROM ({register.rows(PATIENT, within)}) WHERE protocol IS NOT NULL GROUP BY 1"
        months = f"SELECT * FROM ({register.rows(ADMINISTRATION, within)}) WHERE length(date_told) = {len('2026-04')}"
        rows = f"SELECT * FROM ({months}) LEFT JOIN ({first}) ON whose = patient_id"
        parts["doses of months"] = _over(rows, events_sql.doses_of_months(on, register.types[ADMINISTRATION]))
    return parts


def events_query(register: Register, lookups: Lookups, on: int, bucket: Bucket) -> str:
    """All events of a bucket in the order in which they count."""
    made = " UNION ALL ".join(stream_parts(register, lookups, on, bucket.within).values())
    events = f"SELECT * FROM {_read(bucket.files)}" if bucket.files else made
    by_id = register.has(ADMINISTRATION, "event_id")
    ties = "tie, " if by_id or register.has(DECISION, "event_id") else ""
    kept = "*" if by_id and register.has(ADMINISTRATION, "as_planned") else "* EXCLUDE (tie)"
    # What no order tells apart is told apart by what it says, so the order of rows never matters.
    return (
        f"SELECT {kept} FROM ({events}) WHERE patient_id IS NOT NULL ORDER BY patient_id, key, {ties}bits, code, until"
    )


def _read(files: Sequence[str]) -> str:
    named = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"read_parquet([{named}], hive_partitioning = false)"


def _over(rows: str, query: str) -> str:
    return f"SELECT * FROM (WITH rows AS ({rows}) {query})"


def with_known_events(register: Register, rows: str, within: str = "") -> str:
    """Rows of the decision table with whether the dose they name is the patient's own."""
    if not (register.has(DECISION, "event") and register.has(ADMINISTRATION, "event_id")):
        return f"SELECT *, false AS known_event FROM ({rows})"
    known = f"SELECT (patient_id, event_id) FROM ({register.rows(ADMINISTRATION, within)}) WHERE patient_id IS NOT NULL AND event_id IS NOT NULL"
    return f"SELECT *, event IS NOT NULL AND (patient_id, event) IN ({known}) AS known_event FROM ({rows})"


def with_plan_begins(register: Register, rows: str, on: int, within: str = "") -> str:
    """Rows of the decision table; those of a history with the day on which its plan came into force, as `course` finds it."""
    if not register.has(DECISION, "last_dose"):
        return f"SELECT *, NULL::DATE AS plan_begins FROM ({rows})"
    used = f"decision = 'plan' AND start IS NOT NULL AND NOT profile_fault AND date <= DATE '{to_date(on)}'"
    turn = "(date, coalesce(event_id, ''))"
    begins = f"greatest(date, start), {turn}) FILTER ({used}) OVER (PARTITION BY patient_id"
    first = f"SELECT patient_id AS whose, max(start) AS first_start FROM ({register.rows(PATIENT, within)}) WHERE protocol IS NOT NULL GROUP BY 1"
    return f"""
        WITH told AS ({rows})
        SELECT *, NULL::DATE AS plan_begins FROM told WHERE decision NOT IN ('history', 'plan') OR decision IS NULL
        UNION ALL SELECT * EXCLUDE (whose, first_start), coalesce(arg_max({begins} ORDER BY date RANGE UNBOUNDED PRECEDING),
            first_start, arg_min({begins})) AS plan_begins
        FROM (SELECT * FROM told WHERE decision IN ('history', 'plan')) LEFT JOIN ({first}) ON whose = patient_id"""


# -- buckets -----------------------------------------------------------------------------------------------------------


def buckets_of(con: duckdb.DuckDBPyConnection, work: Work, rows: int = BUCKET_ROWS) -> list[Bucket]:
    """The patients in buckets of about so many administrations."""
    files = [pq.ParquetFile(file) for file in work.register.files[ADMINISTRATION]]
    total = sum(file.metadata.num_rows for file in files)
    if total <= rows:
        return [Bucket(0)]
    by_float = work.register.types[ADMINISTRATION]["patient_id"] in FLOATS
    edges = None if by_float else _edges(files, rows)
    if edges is not None:
        return [Bucket(number, within) for number, within in enumerate(_ranges(edges))]
    return _split(con, work, -(-total // rows))


def _edges(files: list[pq.ParquetFile], rows: int) -> list[Any] | None:
    """First patient ids of ranges; None where rows of one patient do not lie together."""
    edges, count, before = [], 0, None
    for file in files:
        place = file.schema_arrow.get_field_index("patient_id")
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            told = group.column(place).statistics
            if told is None or not told.has_min_max or (before is not None and told.min < before):
                return None
            before = told.max
            if count >= rows:
                edges.append(told.min)
                count = 0
            count += group.num_rows
    return edges


def _ranges(edges: list[Any]) -> Iterator[str]:
    quoted = [str(edge) if isinstance(edge, int) else "'" + str(edge).replace("'", "''") + "'" for edge in edges]
    if not quoted:
        yield ""
        return
    yield f"patient_id < {quoted[0]}"
    for low, high in pairwise(quoted):
        yield f"patient_id >= {low} AND patient_id < {high}"
    yield f"patient_id >= {quoted[-1]}"


def _split(con: duckdb.DuckDBPyConnection, work: Work, number: int) -> list[Bucket]:
    """The events of everybody written once, split by a hash of the patient id: numbers, so little is written."""
    target = work.folder / "buckets"
    done = target / "whole"
    if not done.exists():
        shutil.rmtree(target, ignore_errors=True)  # files of an interrupted split would be read twice
        target.mkdir(parents=True)
        load_lookups(con, work.lookups)
        for table, query in stream_parts(work.register, work.lookups, work.mapping.on).items():
            split = f"SELECT *, hash(patient_id) % {number} AS bucket FROM ({query}) WHERE patient_id IS NOT NULL"
            named = str(target / table).replace("'", "''")
            con.execute(f"COPY ({split}) TO '{named}' (FORMAT parquet, PARTITION_BY (bucket), COMPRESSION lz4)")
        done.write_text(str(number), "utf-8")
    found = []
    for bucket in range(int(done.read_text("utf-8"))):
        files = tuple(str(path) for path in sorted(target.glob(f"*/bucket={bucket}/*.parquet")))
        if files:
            found.append(Bucket(bucket, files=files))
    return found


# -- folding -----------------------------------------------------------------------------------------------------------


def fold_bucket(work: Work, bucket: Bucket) -> dict[str, Any]:
    """Fold one bucket into a part of the panel and keep its counts; a finished part is not folded again."""
    part = part_file(work.folder, bucket.number)
    counted = part.with_suffix(".json")
    if counted.exists() and part.exists():
        kept: dict[str, Any] = json.loads(counted.read_text("utf-8"))
        if kept["key"] == _key_of_part(work, bucket):
            return kept
    con = connect(work.folder, memory_mb=work.memory_mb)
    try:
        load_lookups(con, work.lookups)
        query = events_query(work.register, work.lookups, work.mapping.on, bucket)
        counts = work.mapping.no_counts()
        _write(work, part, con.sql(query).to_arrow_reader(BATCH_ROWS), counts)
    finally:
        con.close()
    found = counts_as_json(counts, _key_of_part(work, bucket))
    write_whole(counted, json.dumps(found))
    return found


def _key_of_part(work: Work, bucket: Bucket) -> str:
    """A part is the same again only where it has the same people."""
    return f"{work.key} {bucket.number} {bucket.within} {bucket.files}"


def _write(work: Work, part: Path, batches: Any, counts: Counts) -> None:
    wording = Wording(work.lookups.ladders, work.lookups.practices, work.mapping.on)
    unfinished = part.with_suffix(".unfinished")
    schema = pa.schema([("patient_id", batches.schema.field("patient_id").type), *wording.schema])
    with pq.ParquetWriter(unfinished, schema, **WRITTEN) as writer:
        for batch in mapper.map_batches(batches, work.mapping, counts):
            writer.write_table(pa.Table.from_batches([wording.words(batch)]).cast(schema))
    os.replace(unfinished, part)


def load_lookups(con: duckdb.DuckDBPyConnection, lookups: Lookups) -> None:
    for name in LOOKUPS:
        file = str(lookups.folder / f"{name}.parquet").replace("'", "''")
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM read_parquet('{file}')")


def part_file(folder: Path, number: int) -> Path:
    return folder / "panel" / f"part-{number:05d}.parquet"


def write_whole(file: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    unfinished = file.with_name(file.name + ".unfinished")
    unfinished.write_text(text, "utf-8")
    os.replace(unfinished, file)


def fold_all(work: Work, buckets: list[Bucket], workers: int, progress: Progress) -> list[dict[str, Any]]:
    """Fold every bucket, some at a time. Raises InputError where a worker was killed; what is finished is kept."""
    (work.folder / "panel").mkdir(parents=True, exist_ok=True)
    found = []
    if len(buckets) == 1 or workers == 1:
        for number, bucket in enumerate(buckets, 1):
            found.append(fold_bucket(work, bucket))
            progress(number, len(buckets))
        return found
    mapper.warm(work.mapping)
    task = work.folder / "work.pickle"
    task.write_bytes(pickle.dumps(work))
    try:
        with ProcessPoolExecutor(workers, get_context("spawn"), _take_up, (str(task),)) as pool:
            waiting = [pool.submit(_fold_taken_up, bucket) for bucket in buckets]
            for number, done in enumerate(as_completed(waiting), 1):
                found.append(done.result())
                progress(number, len(buckets))
    except BrokenProcessPool:
        message = "a worker was killed, perhaps for lack of memory; run the command again: finished parts are kept"
        raise InputError.one(str(work.folder), "", message) from None
    finally:
        task.unlink(missing_ok=True)
    return found


# The work of a worker process comes by a file and not with every bucket: a pool whose worker is killed while something larger
# than a pipe is sent to it waits for ever (CPython issue 94777).
_taken_up: list[Work] = []


def _take_up(task: str) -> None:
    _taken_up.append(pickle.loads(Path(task).read_bytes()))


def _fold_taken_up(bucket: Bucket) -> dict[str, Any]:
    return fold_bucket(_taken_up[-1], bucket)


def counts_as_json(counts: Counts, key: str) -> dict[str, Any]:
    aside = [[table, reason, number] for (table, reason), number in sorted(counts.aside.items())]
    return {"key": key, "people": counts.people, "used": counts.used, "aside": aside, "months": counts.months.tolist()}


def key_of(register: Register, *others: object) -> str:
    """What a part depends on: the files as they are now, the day, the library, the policy."""
    stats = [
        (file, os.stat(file).st_size, os.stat(file).st_mtime_ns) for files in register.files.values() for file in files
    ]
    return hashlib.sha256(repr((stats, others)).encode()).hexdigest()
