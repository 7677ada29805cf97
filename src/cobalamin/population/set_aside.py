"""What of a register is set aside, and why: rows that can't be used, cells that rows are used without, and who may be missing.

Rows in are rows used and rows set aside; nothing is left out silently (H19).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from cobalamin.population import events_sql, local, tables
from cobalamin.population.lookups import later_plans, patients
from cobalamin.population.orphans import Orphans, add_orphans
from cobalamin.population.register import Register
from cobalamin.population.tables import ADMINISTRATION, CONDITION, DECISION, PATIENT, REASONS, RESULT
from cobalamin.therapy.regimen.ladder import to_date

Unread = Sequence[Mapping[str, Any]]
_IS_ROW = "cell = ''"
_COLUMNS = '"table" VARCHAR, patient_id VARCHAR, file VARCHAR, line BIGINT, fault INTEGER, cell VARCHAR, detail VARCHAR'


class Aside(NamedTuple):
    """How many rows are set aside, and how many cells can't be read, by table.

    `may_be_missing`: the rows of which nobody knows whose they are, or that share a number with another person's, and so at most so
    many people on no list; also numbers that may be another patient's, whose list is made without their doses.
    `orphans`: the numbers that no row of the patient table has.
    """

    rows: dict[str, int]
    cells: dict[str, int]
    may_be_missing: int
    orphans: Orphans


def write(
    con: duckdb.DuckDBPyConnection, work: local.Work, found: list[dict[str, Any]], markers: tuple[str, ...], unread: Unread, target: Path
) -> Aside:  # fmt: skip
    """Write every row and cell that is set aside with its file, line and reason."""
    local.load_lookups(con, work.lookups)
    con.execute(f"CREATE OR REPLACE TEMP TABLE aside ({_COLUMNS})")
    _add_rows(con, work, _with_faults(con, work.register, found), markers)
    _add_people(con, work)
    orphans = add_orphans(con, work.register)
    lines = [
        (
            row["table"],
            row.get("patient_id"),
            row["file"],
            row["line"],
            row["fault"],
            row.get("cell", ""),
            row.get("detail", ""),
        )
        for row in unread
    ]
    if lines:
        con.executemany("INSERT INTO aside VALUES (?, ?, ?, ?, ?, ?, ?)", lines)
    reasons = " ".join(f"WHEN {number} THEN '{_quoted(reason)}'" for number, reason in enumerate(REASONS))
    query = f'SELECT * EXCLUDE (fault), CASE fault {reasons} END AS reason FROM aside ORDER BY "table", file, line, patient_id, cell, detail'
    con.execute(f"COPY ({query}) TO '{_quoted(str(target))}' (FORMAT parquet)")
    lost = f"count(*) FILTER (fault IN {tables.LOST_PEOPLE})"
    shared = f"FILTER (fault = {tables.TWO_PATIENTS})"  # of those who share a number one stands on the list
    query = f"SELECT {lost} + count(*) {shared} - count(DISTINCT patient_id) {shared} FROM aside WHERE {_IS_ROW}"
    [missing] = con.execute(query).fetchone() or (0,)
    return Aside(_by_table(con, _IS_ROW), _by_table(con, f"NOT {_IS_ROW}"), int(missing) + orphans.alike, orphans)


def counts(
    con: duckdb.DuckDBPyConnection, register: Register, found: list[dict[str, Any]], unread: Unread
) -> dict[str, dict[str, int]]:  # fmt: skip
    """By table: rows in, used, set aside. In is counted in the files, the other two where rows are folded or refused."""
    aside, told = _by_table(con, _IS_ROW), {}
    for table, files in register.files.items():
        named = ", ".join(f"'{_quoted(file)}'" for file in files)
        rows = con.execute(f"SELECT count(*) FROM read_parquet([{named}], hive_partitioning = false)").fetchone()
        lost = sum(1 for row in unread if row["table"] == table and not row.get("cell"))
        total = int(rows[0] if rows else 0) + lost
        folded = sum(part["used"].get(table, 0) for part in found)
        used = folded if table in local.STREAMED else total - aside.get(table, 0)
        told[table] = {"in": total, "used": used, "set_aside": aside.get(table, 0)}
    return told


def _by_table(con: duckdb.DuckDBPyConnection, where: str) -> dict[str, int]:
    found = con.execute(f'SELECT "table", count(*) FROM aside WHERE {where} GROUP BY 1 ORDER BY 1').fetchall()
    return {str(table): int(number) for table, number in found}


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _with_faults(con: duckdb.DuckDBPyConnection, register: Register, found: list[dict[str, Any]]) -> set[str]:
    """The tables that have rows to set aside; the others need not be read again."""
    wanted = {str(table) for part in found for table, _, _ in part["aside"]} | {RESULT, CONDITION}
    for table in local.STREAMED:
        if table in register.files:
            query = f"SELECT 1 FROM ({register.rows(table)}) WHERE patient_id IS NULL LIMIT 1"
            wanted |= {table} if con.execute(query).fetchone() else set()
    return wanted


def _add_rows(con: duckdb.DuckDBPyConnection, work: local.Work, wanted: set[str], markers: tuple[str, ...]) -> None:
    """The rows of each table that can't be used, and the cells without which others are."""
    register, on = work.register, work.mapping.on
    for table, (rows, query) in _checked(work, markers).items():
        if table not in register.files:
            continue
        queries = [events_sql.faults_of(query, table)] if table in wanted else []
        queries += [events_sql.unread_cells(table, on)] if table in (PATIENT, DECISION) else []
        for each in queries:
            con.execute(f"INSERT INTO aside WITH rows AS ({rows}) {each}")


def _checked(work: local.Work, markers: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """(rows, query that names their faults) by table."""
    on, register, lookups = work.mapping.on, work.register, work.lookups
    day = to_date(on)
    people = f"""
        SELECT p.*, coalesce(profiles.profile, 0) AS profile FROM ({patients(register, lookups, day, places=True)}) p
        LEFT JOIN profiles ON profiles.profile_key = p.profile_key"""
    doses, plans = register.rows(ADMINISTRATION, places=True), later_plans(register, lookups, day, places=True)
    return {
        PATIENT: (people, events_sql.checked_patients(on)),
        ADMINISTRATION: (doses, events_sql.checked_administrations(on, register.types[ADMINISTRATION])),
        DECISION: (local.with_known_events(register, plans), events_sql.checked_decisions(on)),
        RESULT: (register.rows(RESULT, places=True), events_sql.checked_results(on, markers)),
        CONDITION: (register.rows(CONDITION, places=True), events_sql.checked_conditions(on)),
    }


def _add_people(con: duckdb.DuckDBPyConnection, work: local.Work) -> None:
    """Rows that are set aside for whose they are: of two people with one id, and of somebody who is in no table that is folded."""
    register = work.register
    panel = _quoted(str(work.folder / "panel" / "part-*.parquet"))
    twice = f"IN (SELECT patient_id FROM read_parquet('{panel}') WHERE patient_rows > 1)"
    nobody = f"NOT IN (SELECT patient_id FROM read_parquet('{panel}'))"
    for table, fault, whose in (
        (PATIENT, tables.TWO_PATIENTS, twice),
        (RESULT, tables.NOBODY, nobody),
        (CONDITION, tables.NOBODY, nobody),
    ):
        if table in register.files:
            con.execute(f"""INSERT INTO aside SELECT '{table}', patient_id::VARCHAR, _file, _line, {fault}, '', ''
                FROM ({register.rows(table, places=True)}) WHERE patient_id {whose}
                AND NOT EXISTS (SELECT 1 FROM aside WHERE "table" = '{table}' AND file = _file AND line = _line AND {_IS_ROW})""")
    con.execute(f"""DELETE FROM aside WHERE NOT {_IS_ROW} AND EXISTS (SELECT 1 FROM aside AS other WHERE other.cell = ''
        AND other."table" = aside."table" AND other.file = aside.file AND other.line = aside.line)""")
