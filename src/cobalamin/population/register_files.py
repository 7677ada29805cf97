"""Which files of a folder are a register's. One that looks like a part of it and is not read would be people on no list."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from cobalamin.errors import InputError
from cobalamin.population.tables import TABLES

_BOOKKEEPING = (
    "_SUCCESS",
    "_metadata",
    "_common_metadata",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
)  # without rows of their own
_DATA = (
    ".csv",
    ".tsv",
    ".txt",
    ".xls",
    ".xlsx",
    ".ods",
    ".json",
    ".gz",
    ".zip",
    ".zst",
    ".bz2",
    ".xz",
    ".orc",
    ".avro",
    ".feather",
    ".arrow",
)


def parts_of(folder: Path) -> list[Path]:
    """The Parquet files of a table's folder and the folders in it, whatever the capitals and the ending (`.parq`, `.parquet.snappy`)."""
    return sorted(file for file in _everything(folder) if _is_parquet(file))


def refuse_unread(folder: Path) -> None:
    """Raise InputError for a file of a register that would not be read: one of a table kept twice, misnamed, or no Parquet among Parquet."""
    for file in sorted(folder.iterdir()):
        table = _table_of(file)
        if file.is_dir() and table == file.name:
            for part in _everything(file):
                if not _is_parquet(part) and not _is_bookkeeping(part):
                    _refuse(
                        part,
                        f"is in the folder of the table '{table}' and no Parquet file; move it out of it, or write it as Parquet",
                    )
        elif table and file.name not in (f"{table}.csv", f"{table}.parquet"):
            _refuse(
                file,
                f"would not be read as the table '{table}'; call it {table}.csv or {table}.parquet, or move it away",
            )
        elif not table and not file.is_dir() and (_is_parquet(file) or file.suffix.casefold() == ".csv"):
            _refuse(
                file,
                f"would not be read; a register has the tables {', '.join(TABLES)}. Move it away, or name it as one of them",
            )
    for table in TABLES:
        kept = [name for name in (table, f"{table}.csv", f"{table}.parquet") if (folder / name).exists()]
        if len(kept) > 1:
            _refuse(folder, f"both {kept[0]} and {kept[1]} are there; keep one of the two")


def _refuse(file: Path, message: str) -> None:
    raise InputError.one(str(file), "", message)


def _everything(folder: Path) -> Iterator[Path]:
    """The files below a folder, also through links."""
    for place, folders, names in os.walk(folder, followlinks=True):
        if len(Path(place).relative_to(folder).parts) > 20:  # a link to a folder above
            folders.clear()
        yield from (Path(place) / name for name in names)


def _is_parquet(file: Path) -> bool:
    return ".parq" in file.name.casefold() and not _is_bookkeeping(file)


def _is_bookkeeping(file: Path) -> bool:
    return file.name in _BOOKKEEPING or file.name.casefold().endswith(".crc")


def _table_of(file: Path) -> str:
    """The table that a file or a folder is called after, whatever the capitals and the endings; "" where it is none."""
    name = file.name.casefold()
    data = file.is_dir() or ".parq" in name or name.endswith(_DATA)
    return next((table for table in TABLES if data and name.split(".")[0] == table), "")
