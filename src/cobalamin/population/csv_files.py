"""CSV files of a register, kept as Parquet beside the panel, with every record accounted for.

A line that is no record is set aside with its file and line; it never takes the lines after it with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from cobalamin.errors import InputError
from cobalamin.population.csv_quotes import over_lines, split_quoted
from cobalamin.population.csv_text import Judge, Records, cleaned, encoding_of, lines_of, open_text, unquoted
from cobalamin.population.numbers import LOST, is_nobodys, spelt
from cobalamin.population.tables import BAD_LINE, REQUIRED

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
HEADING_WITHIN = 60  # lines; above its heading a list may have a title, who made it and when
CHUNK = 100_000
READING = 6  # another number for another way to read: what was kept by an earlier one is read again
Row = dict[str, str]
Unread = Mapping[
    str, Any
]  # what can't be read: table, file, line, fault; of a single cell patient_id, cell and detail too


class _Heading(NamedTuple):
    """Columns that a heading may have: the separator, its first line, the line below it, the names."""

    separator: str
    line: int
    below: int
    names: tuple[str, ...]


@dataclass
class CsvTable:
    """A CSV file: how it is read, its columns, and the lines that are no records. `wanted`: columns its heading must have.

    `is_row`: whether cells by column look like a row, where only the wanted columns are used; it decides between two readings.
    `unbroken`: columns in whose cells no line ends and no separator stands, as numbers and days.
    `heading_line`: where the heading stands; 0 to find it. `likeness`: how much names are like those of a heading, where none are wanted.

    Raises InputError for a file that can't be opened, is no text, is empty, or calls two columns alike.
    """

    file: Path
    wanted: tuple[str, ...]
    is_row: Callable[[Row], bool] | None = None
    unbroken: tuple[str, ...] = ()
    heading_line: int = 0
    likeness: Callable[[tuple[str, ...]], int] | None = None
    columns: tuple[str, ...] = ()
    encoding: str = ""
    unreadable: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.encoding = encoding_of(self.file)
        self._heading = self._find_heading()
        self._places = [place for place, name in enumerate(self._heading.names) if name]
        self.columns = tuple(self._heading.names[place] for place in self._places)

    @property
    def how(self) -> dict[str, Any]:
        """How the file is read, for a person to see."""
        separated = SEPARATORS[self._heading.separator]
        return {
            "file": self.file.name,
            "encoding": self.encoding,
            "separator": separated,
            "heading_line": self._heading.line,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, also of those without one."""
        return self._heading.names

    @property
    def separator(self) -> str:
        return self._heading.separator

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of every record below the heading."""
        names = self._heading.names
        with closing(open_text(self.file, self.encoding)) as handle:
            least = self._places[-1] + 1
            records = Records(lines_of(handle), self._heading.separator, len(names), least, _RowsOf(self))
            records.begin_at(self._heading.below)
            for line, cells in records:
                if cells is None or (
                    cells[0] == names[0] and tuple(map(named, cells)) == names
                ):  # the heading once more
                    self.unreadable.append(line)
                else:
                    yield line, cells if len(self._places) == len(names) else [cells[place] for place in self._places]

    def _find_heading(self) -> _Heading:
        """The first line that names most of the wanted columns; where none names any, the first with text."""
        wanted = set(self.wanted)
        found = [heading for separator in SEPARATORS for heading in self._beginnings(separator)]
        if found and self.heading_line:
            found = [heading for heading in found if heading.line == self.heading_line]
            if not found:
                message = (
                    f"the mapping says that the heading stands on line {self.heading_line}; no heading begins there"
                )
                raise InputError.one(str(self.file), "heading_line", message)
        if not found:
            raise InputError.one(str(self.file), "", "the file is empty; its first line names the columns")
        like = self.likeness or (lambda names: len(wanted & set(names)))
        heading = max(found, key=lambda each: (like(each.names), -each.line, len(each.names)))
        lost = next((name for name in heading.names if LOST in name), None)
        if lost is not None:
            message = f"the column '{lost}' has a name that can't be read; save the file as CSV UTF-8 and try again"
            raise InputError.one(str(self.file), "", message, heading.line)
        self._refuse_twice(heading)
        return heading

    def _refuse_twice(self, heading: _Heading) -> None:
        twice = next((name for name in heading.names if name in self.wanted and heading.names.count(name) > 1), None)
        if twice is not None:
            message = f"two columns are called '{twice}'; give each its own name"
            raise InputError.one(str(self.file), twice, message, heading.line)

    def _beginnings(self, separator: str) -> Iterator[_Heading]:
        """The lines among which the heading is. A name in quotes may be broken over lines."""
        with closing(open_text(self.file, self.encoding)) as handle:
            lines = list(islice(lines_of(handle), max(HEADING_WITHIN, self.heading_line + 20)))
        at = 0
        while at < len(lines):
            cells, used = _names_of(lines[at:], separator)
            names = tuple(named(cleaned(cell)) for cell in cells)
            if any(names):
                yield _Heading(separator, at + 1, at + used + 2, names)
            at += used + 1


class _RowsOf(Judge):
    """The columns of a table as judge of its rows: what is used decides, and a number or a day is not broken."""

    def __init__(self, table: CsvTable) -> None:
        self.table, self.names, self.separator = table, table.names, table.separator

    def joins(self, whole: list[str], first: list[str]) -> bool:
        """Where the first by itself tells the same of what is used, or is no row."""
        is_row = self.table.is_row
        if is_row is None:
            return super().joins(whole, first)
        one, other = ({name: unquoted(cell) for name, cell in self._used(cells).items()} for cells in (whole, first))
        return one == other or (is_row(one) and not is_row(other))

    def tells(self, cells: list[str]) -> tuple[str, ...]:
        return tuple(unquoted(cell) for cell in self._used(cells).values())

    def is_odd(self, cells: list[str]) -> bool | None:
        unbroken = [cell for name, cell in self._used(cells).items() if name in self.table.unbroken]
        return any(self.separator in cell or "\n" in cell for cell in unbroken) if unbroken else None

    def begins_row(self, whole: list[str], line: str) -> bool:
        """A number or a day in a used column of it is written as that of the record."""
        parts = dict(zip(self.names, line.split(self.separator), strict=False))
        used = self._used(whole).items()
        return any("9" in _form(cell) and _form(cell) == _form(parts.get(name, "")) for name, cell in used)

    def _used(self, cells: list[str]) -> Row:
        return {name: cell for name, cell in zip(self.names, cells, strict=True) if name in self.table.wanted}


def _names_of(lines: list[str], separator: str) -> tuple[list[str], int]:
    """The names that a line may tell, and how many lines more they take."""
    cells, rest = split_quoted(lines[0], separator)
    if rest is None:
        return cells, 0
    joined, used = over_lines(lines[0], lambda ahead: dict(enumerate(lines)).get(ahead + 1), separator, 0, 0)
    return (joined, used) if joined else (lines[0].split(separator), 0)


def _form(cell: str) -> str:
    """How a cell is written: every number as 9, every letter as a, without the quotes and spaces around it."""
    return re.sub(r"[0-9]+", "9", re.sub(r"[^\W\d_]", "a", cell.strip(" \u00a0\"'")))


def named(name: str) -> str:
    """The name of a column, with one space where a heading has several or breaks its line."""
    return " ".join(name.split())


def unread_lines(table: str, read: CsvTable) -> list[Unread]:
    """The lines of a table that are no records, as what is set aside."""
    return [{"table": table, "file": str(read.file), "line": line, "fault": BAD_LINE} for line in read.unreadable]


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


class Kept(NamedTuple):
    """The CSV files of a register that were read: what can't be read of them, how each was read, what else is to be said."""

    unread: list[Unread]
    files: list[dict[str, Any]]
    notes: list[dict[str, Any]]


def keep_canonical(
    folder: Path, tables: tuple[str, ...], target: Path, check: Callable[[str, tuple[str, ...], str], None]
) -> Kept:
    """Keep every `<table>.csv` of a folder as `<table>.parquet` in `target`.

    `check` refuses columns that a table does not have.
    """
    kept = Kept([], [], [])
    for table in tables:
        file = folder / f"{table}.csv"
        if not file.exists():
            continue
        read = CsvTable(file, REQUIRED[table], unbroken=REQUIRED[table][:2])  # the patient and the day
        _refuse_alike(read)
        check(table, read.columns, str(file))
        write_fields(_with_readable_ids(read), read.columns, str(file), target / f"{table}.parquet")
        kept.unread.extend(unread_lines(table, read))
        kept.files.append(read.how)
    return kept


def _refuse_alike(read: CsvTable) -> None:
    """Raise InputError where two columns of a canonical table have one name: nobody knows which counts."""
    twice = next((name for name in read.columns if read.columns.count(name) > 1), None)
    if twice is not None:
        message = f"two columns are called '{twice}'; give each its own name"
        raise InputError.one(str(read.file), twice, message, read.how["heading_line"])


def _with_readable_ids(read: CsvTable) -> Iterator[tuple[int, list[str]]]:
    """The rows; one whose patient_id can't be read is set aside: it might be anybody's."""
    place = read.columns.index("patient_id")
    for line, cells in read.rows():
        cells[place] = spelt(cells[place])
        if is_nobodys(cells[place]):
            read.unreadable.append(line)
        else:
            yield line, cells
