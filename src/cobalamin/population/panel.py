"""The panel: one row a person, built from a register into a folder, and opened from it again.

The folder holds `panel/part-*.parquet`, `set_aside.parquet` and, written last, `manifest.json`. Without that file there is no panel:
a partial one is never taken for a whole one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq

from cobalamin.errors import InputError, InvariantBroken
from cobalamin.kinetics.compiled import has_compiler
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.population import events_sql, local, mapper, tables
from cobalamin.population.compiled import is_kept
from cobalamin.population.profiles import ReadCase
from cobalamin.population.register import Register, later_plans, make_lookups, open_register, patients
from cobalamin.population.tables import ADMINISTRATION, CONDITION, DECISION, PATIENT, REASONS, RESULT
from cobalamin.spans import Span, add
from cobalamin.therapy.regimen.ladder import to_days

MANIFEST, SET_ASIDE, KEPT = "manifest.json", "set_aside.parquet", "tables"
FORMAT = 1
LEAST_FREE_MB = 200
COMPILED_FROM = 3_000_000  # doses; the compiler takes about as long as the plain loop over these
Engine = Callable[[local.Work, list[local.Bucket]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Building:
    """What a panel is built with. `months`: how many month ends are counted in the same pass."""

    library: Library
    read: ReadCase
    on: date
    policy: Policy
    markers: tuple[str, ...]
    months: int = 0
    workers: int = 2
    compiled: bool | None = None
    unreadable: tuple[Mapping[str, Any], ...] = ()  # lines of a CSV that are no rows
    due_told: str = ""  # a Parquet file of the dates a register itself expects


def build(
    sources: tuple[Path, ...], folder: Path, building: Building, progress: local.Progress, engine: Engine | None = None
) -> dict[str, Any]:
    """Fold the register in `sources` into `folder`; returns the manifest. Raises InputError, and leaves no panel, where it can't."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    if shutil.disk_usage(folder).free < LEAST_FREE_MB * 1_000_000:
        raise InputError.one(
            str(folder), "", f"less than {LEAST_FREE_MB} MB are free on this disk; free some, or choose another folder"
        )
    con = local.connect(folder, building.workers)
    try:
        return _build(con, sources, folder, building, progress, engine)
    except OSError as error:
        raise InputError.one(
            str(folder), "", f"can't be written ({error.strerror}); free some space and run it again"
        ) from None
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise InputError.one(
            str(folder), "", f"{str(error).splitlines()[0]}; finished parts are kept, run it again"
        ) from None
    finally:
        con.close()


def _build(
    con: duckdb.DuckDBPyConnection,
    sources: tuple[Path, ...],
    folder: Path,
    building: Building,
    progress: local.Progress,
    engine: Engine | None,
) -> dict[str, Any]:
    library, on = building.library, building.on
    register = open_register(con, sources, tuple(library.facts))
    lookups = make_lookups(con, register, library, building.read, on, building.policy, folder / "lookups")
    month_ends = tuple(to_days(day) for day in last_days_of_months(on, building.months))
    since = to_days(_year_before(on))
    mapping = mapper.Mapping(lookups.ladders, to_days(on), since, month_ends, _compiled(register, building))
    key = local.key_of(register, on, library.digest, building.policy, building.months)
    work = local.Work(register, lookups, mapping, folder, key)
    _forget_other_parts(folder, key)
    buckets = [] if engine else local.buckets_of(con, work)
    found = engine(work, buckets) if engine else local.fold_all(work, buckets, building.workers, progress)
    if engine is None:
        _keep_only(folder, {bucket.number for bucket in buckets})
    aside = _set_aside(con, work, building, _with_faults(con, register, found))
    counts = _counts(con, register, found, building)
    _refuse_uneven(counts)
    manifest = {
        "format": FORMAT, "on": str(on), "library": library.edition, "digest": library.digest, "policy": building.policy.name,
        "people": sum(part["people"] for part in found), "rows": counts, "months": [str(day) for day in last_days_of_months(on, building.months)],
        "by_month": _summed([part["months"] for part in found]), "set_aside": aside,
        "faults": sorted({words.fault for words in lookups.ladders.words if words.fault}), "due_told": building.due_told,
        "compiled": mapping.compiled,
    }  # fmt: skip
    local.write_whole(folder / MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _refuse_uneven(counts: dict[str, dict[str, int]]) -> None:
    """Raise InvariantBroken, and so leave no panel, where a row was neither used nor set aside."""
    for table, told in counts.items():
        if told["in"] != told["used"] + told["set_aside"]:
            message = f"{table}: {told['in']} rows in, but {told['used']} used and {told['set_aside']} set aside; no panel is written"
            raise InvariantBroken(message)


def _compiled(register: Register, building: Building) -> bool:
    """Whether waiting for compiled code is worth it: always where an earlier run has left it."""
    if building.compiled is not None:
        return building.compiled
    doses = sum(pq.ParquetFile(file).metadata.num_rows for file in register.files[ADMINISTRATION])
    return (doses >= COMPILED_FROM or is_kept()) and has_compiler()


def _year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=min(on.day, 28) if on.month == 2 else on.day)


def last_days_of_months(on: date, months: int) -> tuple[date, ...]:
    """The last days of the `months` months that are over on `on`, oldest first."""
    ends = []
    year, month = on.year, on.month
    if add(on, Span(1, "d")).month != month:
        year, month = add(on, Span(1, "d")).year, add(on, Span(1, "d")).month
    for _ in range(months):
        first = date(year, month, 1)
        ends.append(date.fromordinal(first.toordinal() - 1))
        year, month = ends[-1].year, ends[-1].month
    return tuple(reversed(ends))


def _forget_other_parts(folder: Path, key: str) -> None:
    """Parts of another register, day, library or policy are no parts of this panel."""
    kept = folder / "key"
    if not kept.exists() or kept.read_text("utf-8") != key:
        for name in ("panel", "buckets"):
            shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "panel").mkdir(exist_ok=True)
    local.write_whole(kept, key)


def _keep_only(folder: Path, parts: set[int]) -> None:
    """What is left of an earlier division of the same register is no part of this panel."""
    shutil.rmtree(folder / "buckets", ignore_errors=True)
    for file in (folder / "panel").glob("part-*"):
        if int(file.name[5:10]) not in parts:
            file.unlink()


def _summed(tables_of_months: list[Any]) -> Any:
    """Counts by month, stage and status over all parts."""
    return (
        np.sum([np.array(table, np.int64) for table in tables_of_months], axis=0).tolist() if tables_of_months else []
    )


# -- what is set aside ---------------------------------------------------------------------------------------------------


def _with_faults(con: duckdb.DuckDBPyConnection, register: Register, found: list[dict[str, Any]]) -> set[str]:
    """The tables that have rows to set aside; the others need not be read again."""
    tables_of = {str(table) for part in found for table, _, _ in part["aside"]} | {RESULT, CONDITION}
    for table in local.STREAMED:
        if table in register.files:
            query = f"SELECT 1 FROM ({register.rows(table)}) WHERE patient_id IS NULL LIMIT 1"
            tables_of |= {table} if con.execute(query).fetchone() else set()
    return tables_of


def _checked(work: local.Work, building: Building) -> dict[str, tuple[str, str]]:
    """(rows, query that names their faults) by table."""
    on, register, lookups = to_days(building.on), work.register, work.lookups
    people = f"""
        SELECT p.*, coalesce(profiles.profile_fault, false) AS profile_fault, coalesce(profiles.fault_words, '') AS fault_words FROM ({patients(register, lookups, building.on, places=True)}) p
        LEFT JOIN profiles ON profiles.profile_key = p.profile_key"""
    plans = later_plans(register, lookups, building.on, places=True)
    return {
        PATIENT: (people, events_sql.checked_patients()),
        ADMINISTRATION: (
            register.rows(ADMINISTRATION, places=True),
            events_sql.checked_administrations(on, register.types[ADMINISTRATION]),
        ),
        DECISION: (local.with_known_events(register, plans), events_sql.checked_decisions(on)),
        RESULT: (register.rows(RESULT, places=True), events_sql.checked_results(on, building.markers)),
        CONDITION: (register.rows(CONDITION, places=True), events_sql.checked_conditions(on)),
    }


def _set_aside(
    con: duckdb.DuckDBPyConnection, work: local.Work, building: Building, wanted: set[str]
) -> dict[str, int]:  # fmt: skip
    """Write every row that is set aside with its file, line and reason; returns how many by table."""
    local.load_lookups(con, work.lookups)
    register, checked = work.register, _checked(work, building)
    con.execute(
        'CREATE OR REPLACE TEMP TABLE aside ("table" VARCHAR, patient_id VARCHAR, file VARCHAR, line BIGINT, fault INTEGER, detail VARCHAR)'
    )
    for table, (rows, query) in checked.items():
        detail = f"CASE WHEN fault = {tables.BAD_PLAN} THEN fault_words ELSE '' END" if table == PATIENT else "''"
        if table in register.files and table in wanted:
            con.execute(f"INSERT INTO aside WITH rows AS ({rows}) {events_sql.faults_of(query, table, detail)}")
    panel = str(work.folder / "panel" / "part-*.parquet").replace("'", "''")
    con.execute(f"""INSERT INTO aside SELECT 'patient', patient_id::VARCHAR, _file, _line, {tables.TWO_PATIENTS}, ''
        FROM ({register.rows(PATIENT, places=True)}) WHERE patient_id IN (SELECT patient_id FROM read_parquet('{panel}') WHERE patient_rows > 1)
        AND NOT EXISTS (SELECT 1 FROM aside WHERE "table" = 'patient' AND file = _file AND line = _line)""")
    for table in (RESULT, CONDITION):
        if table in register.files:
            con.execute(f"""INSERT INTO aside SELECT '{table}', patient_id::VARCHAR, _file, _line, {tables.NOBODY}, '' FROM ({register.rows(table, places=True)})
                WHERE patient_id NOT IN (SELECT patient_id FROM read_parquet('{panel}'))
                AND NOT EXISTS (SELECT 1 FROM aside WHERE "table" = '{table}' AND file = _file AND line = _line)""")
    for row in building.unreadable:
        con.execute(
            "INSERT INTO aside VALUES (?, NULL, ?, ?, ?, '')", [row["table"], row["file"], row["line"], tables.BAD_LINE]
        )
    reasons = " ".join(
        f"WHEN {number} THEN '{reason.replace(chr(39), chr(39) * 2)}'" for number, reason in enumerate(REASONS)
    )
    target = str(work.folder / SET_ASIDE).replace("'", "''")
    query = f'SELECT * EXCLUDE (fault), CASE fault {reasons} END AS reason FROM aside ORDER BY "table", file, line, patient_id'
    con.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
    return {
        str(table): int(number)
        for table, number in con.execute('SELECT "table", count(*) FROM aside GROUP BY 1 ORDER BY 1').fetchall()
    }


def _counts(
    con: duckdb.DuckDBPyConnection, register: Register, found: list[dict[str, Any]], building: Building
) -> dict[str, dict[str, int]]:
    """By table: rows in, used, set aside. In is counted in the files, the other two where rows are folded or refused."""
    aside = dict(con.execute('SELECT "table", count(*) FROM aside GROUP BY 1').fetchall())
    counts = {}
    for table in register.files:
        named = ", ".join("'" + file.replace("'", "''") + "'" for file in register.files[table])
        rows = con.execute(f"SELECT count(*) FROM read_parquet([{named}], hive_partitioning = false)").fetchone()
        lost = sum(1 for row in building.unreadable if row["table"] == table)
        total = int(rows[0] if rows else 0) + lost
        used = (
            sum(part["used"].get(table, 0) for part in found)
            if table in local.STREAMED
            else total - int(aside.get(table, 0))
        )
        counts[table] = {"in": total, "used": used, "set_aside": int(aside.get(table, 0))}
    return counts


# -- a panel that is there -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Panel:
    """A whole panel in a folder, open for queries as the view `panel`; `aside` has the rows set aside."""

    folder: Path
    manifest: dict[str, Any]
    con: duckdb.DuckDBPyConnection

    @property
    def on(self) -> date:
        return date.fromisoformat(self.manifest["on"])

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """The rows of a query, by column name."""
        found = self.con.execute(query, list(values))
        names = [str(column[0]) for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def open_panel(folder: Path) -> Panel:
    """The panel in a folder. Raises InputError where there is none, or only a part of one."""
    file = folder / MANIFEST
    if not file.exists():
        state = (
            "holds an unfinished panel; run `panel build` again, finished parts are kept"
            if (folder / "panel").exists()
            else ("holds no panel; make one with `cobalamin panel build REGISTER --into FOLDER`")
        )
        raise InputError.one(str(folder), "", state)
    manifest = json.loads(file.read_text("utf-8"))
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    parts = str(folder / "panel" / "part-*.parquet").replace("'", "''")
    con.execute(f"CREATE VIEW panel AS SELECT * FROM read_parquet('{parts}')")
    aside = str(folder / SET_ASIDE).replace("'", "''")
    con.execute(f"CREATE VIEW aside AS SELECT * FROM read_parquet('{aside}')")
    return Panel(folder, manifest, con)
