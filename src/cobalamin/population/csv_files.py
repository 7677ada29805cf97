"""CSV files of a register, kept as Parquet beside the panel: one line is one row, and every line is accounted for.

A line that is no row (another number of fields, an open quote, not UTF-8) is set aside with its file and line; it never takes the
lines after it with it. So no field may hold a line break.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from cobalamin.errors import InputError

DELIMITERS = ",;\t|"
CHUNK = 100_000
LONGEST_LINE = 100_000
Row = dict[str, str]


@dataclass
class CsvTable:
    """A CSV file read line by line: its columns, and the lines that are no rows."""

    file: Path
    columns: tuple[str, ...] = ()
    delimiter: str = ","
    unreadable: list[dict[str, Any]] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, fields) of every row. Raises InputError for a file without a heading."""
        with self._open() as handle:
            for number, raw in enumerate(_lines(handle), 1):
                if not self.columns:
                    self._heading(raw, number)
                elif raw.strip():
                    fields = self._fields(raw)
                    if fields is None:
                        self.unreadable.append({"file": str(self.file), "line": number})
                    else:
                        yield number, fields
        if not self.columns:
            raise InputError.one(str(self.file), "", "the file is empty; its first line names the columns")

    def _open(self) -> Any:
        try:
            return self.file.open("rb")
        except OSError as error:
            raise InputError.one(str(self.file), "", f"can't be opened ({error.strerror})") from None

    def _heading(self, raw: bytes, number: int) -> None:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            message = "the heading is not UTF-8; save the file as CSV UTF-8 and try again"
            raise InputError.one(str(self.file), "", message, number) from None
        if not text.strip():
            return
        self.delimiter = max(DELIMITERS, key=text.count)
        names = next(csv.reader([text.rstrip("\r\n")], delimiter=self.delimiter))
        self.columns = tuple(name.strip() for name in names)
        double = next((name for name in self.columns if self.columns.count(name) > 1), None)
        if double is not None:
            raise InputError.one(
                str(self.file), double, f"two columns are called '{double}'; give each its own name", number
            )

    def _fields(self, raw: bytes) -> list[str] | None:
        """The fields of a line, or None where it is no row of this table."""
        try:
            text = raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            return None
        if len(text) > LONGEST_LINE or "\x00" in text:
            return None
        if '"' not in text:
            fields = text.split(self.delimiter)
        else:
            try:
                fields = next(csv.reader([text], delimiter=self.delimiter, strict=True))
            except (csv.Error, StopIteration):
                return None
        if len(fields) != len(self.columns):
            return None
        return [each.strip() for each in fields] if " " in text or "\u00a0" in text else fields


def _lines(handle: Any) -> Iterator[bytes]:
    """Lines of a file, none of them kept whole in memory where it has no end."""
    while True:
        line = handle.readline(4 * LONGEST_LINE)
        if not line:
            return
        while line and not line.endswith(b"\n"):
            rest = handle.readline(4 * LONGEST_LINE)
            if not rest:
                break
            line = line[: 4 * LONGEST_LINE] + rest[-1:]
        yield line


def write_table(rows: Iterable[tuple[str, int, Row]], columns: tuple[str, ...], target: Path) -> None:
    """Write rows of (file, line, columns) as a Parquet table of text with the place of each."""
    found = list(rows)
    fields = ((line, [row.get(name) or "" for name in columns]) for _, line, row in found)
    write_fields(fields, columns, found[0][0] if found else "", target)


def write_fields(rows: Iterable[tuple[int, list[str]]], columns: tuple[str, ...], file: str, target: Path) -> None:
    """Write (line, fields) as a Parquet table of text, some rows at a time, with the file and the line of each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([*((name, pa.string()) for name in columns), ("_file", pa.string()), ("_line", pa.int64())])
    whole = iter(rows)
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        while chunk := list(islice(whole, CHUNK)):
            lines, fields = zip(*chunk, strict=True)
            texts = [pa.array(column, pa.string()) for column in zip(*fields, strict=True)]
            places = [pa.array([file] * len(lines), pa.string()), pa.array(lines, pa.int64())]
            writer.write_table(pa.Table.from_arrays([*texts, *places], schema=schema))


def keep_canonical(
    folder: Path, tables: tuple[str, ...], target: Path, check: Callable[[str, tuple[str, ...], str], None]
) -> list[Mapping[str, Any]]:
    """Keep every `<table>.csv` of a folder as `<table>.parquet` in `target`; returns the lines that are no rows.

    `check` refuses columns that a table does not have.
    """
    unreadable: list[Mapping[str, Any]] = []
    for table in tables:
        file = folder / f"{table}.csv"
        if not file.exists():
            continue
        if (folder / f"{table}.parquet").exists():
            message = f"both {table}.csv and {table}.parquet are there; keep one of the two"
            raise InputError.one(str(folder), table, message)
        read = CsvTable(file)
        rows = read.rows()
        first = next(rows, None)  # by then the heading is read
        check(table, read.columns, str(file))
        write_fields(chain([first] if first else [], rows), read.columns, str(file), target / f"{table}.parquet")
        unreadable += [{"table": table, **place} for place in read.unreadable]
    return unreadable
