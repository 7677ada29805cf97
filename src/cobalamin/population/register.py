"""A register: the canonical tables of a population as Parquet files, with the columns they must and may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cobalamin.errors import InputError
from cobalamin.population import tables
from cobalamin.population.numbers import stands_for_nothing
from cobalamin.population.register_files import parts_of
from cobalamin.population.tables import ADMINISTRATION, PATIENT, TABLES, readable_rows
from cobalamin.records import replace

_PLAIN_ID = "[A-Za-df-z_-]{0,20}[0-9]+"  # no e among its letters: it might be an exponent


@dataclass(frozen=True)
class Register:
    """The files of each table. `types`: the columns of each with their DuckDB types; `facts`: names a patient row may tell.

    `nobodys`: words that stand where a patient's number should be, and are none.
    """

    files: Mapping[str, tuple[str, ...]]
    types: Mapping[str, Mapping[str, str]]
    facts: tuple[str, ...]
    nobodys: tuple[str, ...] = ()

    def has(self, table: str, *columns: str) -> bool:
        return table in self.files and all(column in self.types[table] for column in columns)

    def told_facts(self) -> tuple[str, ...]:
        """The facts that the patient table has a column for."""
        return tuple(fact for fact in self.facts if fact in self.types.get(PATIENT, {}))

    def rows(
        self, table: str, within: str = "", places: bool = False
    ) -> str:  # fmt: skip
        """A query for the readable rows of a table; `within`: a condition on patient_id; `places`: with file and line."""
        chosen = self.files.get(table, ())
        if not chosen:
            return readable_rows(
                table, {"patient_id": "VARCHAR"}, "(SELECT NULL::VARCHAR AS patient_id WHERE false)", self.facts
            )
        named = ", ".join("'" + file.replace("'", "''") + "'" for file in chosen)
        relation = f"read_parquet([{named}], hive_partitioning = false)"
        types = dict(self.types[table])
        if places and not set(tables.LINE_COLUMNS) <= set(types):
            relation = f"read_parquet([{named}], hive_partitioning = false, filename = true, file_row_number = true)"
            relation = f"(SELECT *, filename AS _file, file_row_number + 1 AS _line FROM {relation})"
            types |= dict.fromkeys(tables.LINE_COLUMNS, "VARCHAR")
        relation += f" WHERE {within}" if within else ""
        return readable_rows(table, types, relation, self.told_facts(), self.nobodys)


def open_register(con: duckdb.DuckDBPyConnection, folders: tuple[Path, ...], facts: tuple[str, ...]) -> Register:
    """The register in folders: `administration.parquet`, or a folder `administration` with Parquet files in it, at any depth.

    Raises InputError for a missing table or column, and for a column that no table has.
    """
    files: dict[str, tuple[str, ...]] = {}
    types: dict[str, dict[str, str]] = {}
    for table in TABLES:
        found = next(filter(None, (_files(folder, table) for folder in folders)), ())
        if found:
            files[table] = found
            types[table] = _columns(con, found, table, facts)
    for table in (PATIENT, ADMINISTRATION):
        if table not in files:
            message = f"the table '{table}' is missing; write {table}.csv or {table}.parquet, see docs/population.md"
            raise InputError.one(str(folders[-1]), table, message)
    _refuse_mixed_ids(files, types)
    register = Register(files, types, facts)
    try:
        return replace(register, nobodys=_nobodys(con, files, types))
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:  # a damaged file: what stands in it is read here for the first time
        refuse_damaged(register, error)
        raise


def _nobodys(
    con: duckdb.DuckDBPyConnection, files: dict[str, tuple[str, ...]], types: dict[str, dict[str, str]]
) -> tuple[str, ...]:
    """The words among the patient ids of Parquet files, by the reader of CSV files, which has set its own aside already.

    Only what is not plainly a number is asked about.
    """
    found: set[str] = set()
    for table, columns in types.items():
        if columns["patient_id"] == "VARCHAR" and not set(tables.LINE_COLUMNS) <= set(columns):
            plain = f"regexp_full_match(patient_id, '{_PLAIN_ID}')"
            query = f"SELECT DISTINCT patient_id FROM read_parquet(?, hive_partitioning = false) WHERE trim(patient_id) <> '' AND NOT {plain}"
            found |= {
                each for [each] in con.execute(query, [list(files[table])]).fetchall() if stands_for_nothing(each)
            }
    return tuple(sorted(found))


def _refuse_mixed_ids(files: dict[str, tuple[str, ...]], types: dict[str, dict[str, str]]) -> None:
    """Raise InputError where one table has numbers and another text as patient ids: 007 and 7 would be two people, or one."""
    numbers = (*tables.INTEGERS, *tables.FLOATS)
    kinds = {table: "a number" if types[table]["patient_id"] in numbers else "text" for table in files}
    other = next((table for table, kind in kinds.items() if kind != kinds[PATIENT]), None)
    if other:
        message = f"patient_id is {kinds[PATIENT]} in the table patient and {kinds[other]} in {other}; write it alike in all tables"
        raise InputError.one(files[other][0], "patient_id", message)


def _files(folder: Path, table: str) -> tuple[str, ...]:
    one = folder / f"{table}.parquet"
    return (str(one),) if one.exists() else tuple(str(path) for path in parts_of(folder / table))


def _columns(
    con: duckdb.DuckDBPyConnection, files: tuple[str, ...], table: str, facts: tuple[str, ...]
) -> dict[str, str]:
    try:
        described = con.execute(
            "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false)", [list(files)]
        ).fetchall()
    except duckdb.Error as error:
        raise unreadable_parquet(files[0], error) from None
    found = {str(row[0]): str(row[1]) for row in described}
    check_columns(table, tuple(found), files[0], facts)
    if found["patient_id"] not in (*tables.IDS, *tables.FLOATS):
        message = f"patient_id is of the type {found['patient_id']}; write it as text, or as a whole number of at most 63 bits"
        raise InputError.one(files[0], "patient_id", message)
    return found


def unreadable_parquet(file: str, error: Exception) -> InputError:
    """The error that says in one sentence that a file is damaged or no Parquet file."""
    why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return InputError.one(
        file, "", f"can't be read as Parquet: it is damaged or something else ({why}); write or copy it again"
    )


def refuse_damaged(register: Register, error: Exception) -> None:
    """Raise InputError for the first file of the register that can't be read to its end; what was tried before says only `error`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for file in (file for files in register.files.values() for file in files):
        try:
            for batch in pq.ParquetFile(file).iter_batches():
                batch.validate(full=True)
        except (pa.ArrowException, OSError, ValueError) as found:
            raise unreadable_parquet(file, found) from None
        con = duckdb.connect()
        try:
            con.execute("SET enable_progress_bar = false")
            con.execute(
                "SELECT sum(hash(COLUMNS(*))::HUGEINT) FROM read_parquet(?, hive_partitioning = false)", [file]
            ).fetchall()
        except (duckdb.IOException, duckdb.OutOfMemoryException):
            raise
        except duckdb.Error:
            raise unreadable_parquet(file, error) from None
        finally:
            con.close()


def check_columns(table: str, found: tuple[str, ...], file: str, facts: tuple[str, ...]) -> None:
    """Raise InputError for a missing column, or one that the table does not have."""
    allowed = (*tables.REQUIRED[table], *tables.OPTIONAL[table], *(facts if table == PATIENT else ()))
    for column in tables.REQUIRED[table]:
        if column not in found:
            raise InputError.one(
                file, column, f"the table '{table}' needs the column '{column}'; it has {', '.join(found)}"
            )
    for column in found:
        if column not in (*allowed, *tables.LINE_COLUMNS):
            message = f"the table '{table}' has no column '{column}'; allowed are {', '.join(allowed)}"
            raise InputError.one(file, column, message)
