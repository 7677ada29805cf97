"""The text of a CSV file: its encoding, found for the whole file, and its records, however lines are broken.

An encoding is never mixed within a file, so it is decided once and said. What no encoding explains becomes U+FFFD and costs the
cell it stands in. A line break inside quotes belongs to its cell, where the lines have no other reading; a quote that is never closed
costs its own line and no other.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from cobalamin.errors import InputError
from cobalamin.population.csv_quotes import LONGEST_RECORD, is_clean, is_mixed, is_open, likeliest, over_lines, readings
from cobalamin.population.numbers import LOST

UTF_8, WINDOWS = "UTF-8", "Windows-1252"
_CODECS = {UTF_8: "utf-8-sig", WINDOWS: "cp1252", "UTF-16 LE": "utf-16-le", "UTF-16 BE": "utf-16-be"}
_MARKS = ((codecs.BOM_UTF8, UTF_8), (codecs.BOM_UTF16_LE, "UTF-16 LE"), (codecs.BOM_UTF16_BE, "UTF-16 BE"))
_OTHER_FILES = {
    b"PK\x03\x04": "a workbook or an archive", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"PAR1": "a Parquet file", b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}  # fmt: skip
_PIECE = 1 << 20
_OTHER_BREAKS = re.compile(
    "[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
)  # inside a cell a break of its text, between rows one of the lines
_UNSEEN = "\ufeff\u200b\u2060"
LONGEST_CELL = 4_000  # characters; a cell of more is cut and marked


def encoding_of(file: Path) -> str:
    """The name of the file's encoding. Raises InputError for a file that can't be opened or that is no text at all."""
    with _opened(file) as handle:
        begin = handle.read(4096)
        for mark, what in _OTHER_FILES.items():
            if begin.startswith(mark):
                message = (
                    f"is {what}, not a CSV file; open it in its own program, save it as CSV UTF-8 and name that file"
                )
                raise InputError.one(str(file), "", message)
        for mark, name in _MARKS:
            if begin.startswith(mark):
                return name
        wide = _wide(begin)
        if wide:
            return wide
        handle.seek(0)
        return _narrow(handle)


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise InputError.one(str(file), "", f"can't be opened ({error.strerror})") from None


def _wide(begin: bytes) -> str:
    """UTF-16 without a mark: every second byte of western text is empty."""
    even, odd = begin[0::2].count(0), begin[1::2].count(0)
    half = len(begin) // 4
    if odd > half and not even > half:
        return "UTF-16 LE"
    return "UTF-16 BE" if even > half and not odd > half else ""


def _narrow(handle: BinaryIO) -> str:
    """UTF-8, unless what is no UTF-8 outweighs the letters that only UTF-8 explains."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    broken = letters = 0
    while True:
        piece = handle.read(_PIECE)
        text = decoder.decode(piece, final=not piece)
        if not text.isascii():
            lost = len(text) - len(text.encode("utf-8", "ignore").decode("utf-8"))
            broken += lost
            letters += len(text) - lost - len(text.encode("ascii", "ignore"))
        if not piece:
            return WINDOWS if broken > letters else UTF_8


def open_text(file: Path, encoding: str) -> TextIO:
    """The file as text with its line breaks as they are."""
    try:
        handle = file.open("r", encoding=_CODECS[encoding], errors="replace", newline="")
    except OSError as error:
        raise InputError.one(str(file), "", f"can't be opened ({error.strerror})") from None
    if encoding.startswith("UTF-16") and handle.read(1) != "\ufeff":
        handle.seek(0)
    return handle


def lines_of(handle: TextIO) -> Iterator[str]:
    """The lines without their breaks: LF, CRLF or CR. Of a line without an end only the beginning is kept in memory."""
    while line := handle.readline(LONGEST_RECORD):
        whole = line
        while not whole.endswith(("\n", "\r")):
            whole = handle.readline(LONGEST_RECORD)
            if not whole:
                break
            line = line[:LONGEST_RECORD] + LOST
        yield line.rstrip("\r\n")


_FIRST_ROWS, _SEVERAL = 20, 3  # rows at the beginning that show how a file writes its rows


class Judge:
    """What a table knows of its rows that their separators do not tell."""

    def joins(self, whole: list[str], first: list[str]) -> bool:
        """Whether several lines are one record, though the first of them has the cells of one: where they tell the same."""
        return [unquoted(cell) for cell in whole[:-1]] == [unquoted(cell) for cell in first[:-1]]

    def tells(self, cells: list[str]) -> tuple[str, ...]:
        """What of the cells counts, without quotes: two readings of a line that tell the same are one."""
        return tuple(unquoted(cell) for cell in cells)

    def is_odd(self, _cells: list[str]) -> bool | None:
        """Whether a number or a day of them is broken, as by a line or a separator; None where no column is known to hold one."""
        return None

    def begins_row(self, _whole: list[str], _line: str) -> bool:
        """Whether a line inside a quoted cell of a record may be the beginning of somebody's own row, which was cut short."""
        return False


class Records:
    """(line, cells) of the records of a file; cells is None where the line is no record, or nobody can tell which.

    A record has `cells` cells, as many as the heading; empty ones at its end may be missing down to `least`. One with more is none:
    a separator inside a cell looks like an empty cell too many, and would give every cell after it to the wrong column.
    """

    def __init__(
        self, lines: Iterator[str], separator: str, cells: int, least: int, judge: Judge | None = None
    ) -> None:
        self.separator, self.cells, self.least, self._judge = separator, cells, least, judge or Judge()
        self._lines, self._ahead = lines, deque[str]()
        self._number = self._in_doubt = 0
        self._swallowed: list[int] = []
        self._closes = False

    def begin_at(self, number: int) -> None:
        """Leave out the lines before this one."""
        deque(islice(self._lines, number - 1), maxlen=0)
        self._number = number - 1

    def __iter__(self) -> Iterator[tuple[int, list[str] | None]]:
        self._closes = self._every_row_closes()
        while (line := self._next()) is not None:
            self._number += 1
            number = self._number
            if not line.strip(f" \u00a0{self.separator}"):
                self._in_doubt -= bool(self._in_doubt)
                continue
            if self._in_doubt:
                self._in_doubt -= 1
                yield number, None
                continue
            cells = self._cells_of(line)
            if cells is None and _OTHER_BREAKS.search(line):
                yield from (
                    (number, self._agreed(self._alone(part))) for part in _OTHER_BREAKS.split(line) if part.strip()
                )
            elif cells is None or any(cells):
                yield number, cells
                yield from ((swallowed, None) for swallowed in self._swallowed)
            self._swallowed = []

    def _every_row_closes(self) -> bool:
        """Whether rows end with a separator that the heading does not have: some programs write it after each row.

        One such row may as well hold a separator inside a cell, so all of the first rows must end so, and several must be whole.
        """
        lines = [line for place in range(_FIRST_ROWS) if (line := self._peek(place)) and line.strip()]
        ends = all(line.rstrip(" ").endswith(self.separator) for line in lines)
        counts = [line.count(self.separator) for line in lines if '"' not in line]
        return ends and counts.count(self.cells) >= _SEVERAL and min(counts) == self.cells

    def _next(self) -> str | None:
        line = self._ahead.popleft() if self._ahead else next(self._lines, None)
        return self._opened(line) if line is not None else None

    def _opened(self, line: str) -> str:
        """The line without the separator that closes its row."""
        return line.rstrip(" ").removesuffix(self.separator) if self._closes else line

    def _peek(self, place: int) -> str | None:
        """The line so many lines ahead, from 0 on; it stays to be read."""
        while len(self._ahead) <= place:
            line = next(self._lines, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._opened(self._ahead[place])

    def _cells_of(self, line: str) -> list[str] | None:
        if '"' not in line:
            cells = line.split(self.separator)
            if len(cells) == self.cells and len(line) <= LONGEST_CELL and line.isascii() and "\x00" not in line:
                return [cell.strip() for cell in cells]  # nearly every line
            return self._fitting(cells)
        if is_open(line, self.separator):
            return self._of_an_open_quote(line)
        return self._agreed(self._alone(line))

    def _alone(self, line: str) -> list[list[str]]:
        """Every reading of a line by itself that has the cells of a row; none where the likeliest has not.

        Where some quotes hold a separator and others are characters, two faults may only look like a row: it is one where there is
        no other reading, and no number or day of it is broken.
        """
        found = [self._fitting(list(cells)) for cells in readings(line, self.separator, self.cells)]
        if not found or found[0] is None:
            return []
        if is_mixed(line, self.separator) and (any(found[1:]) or self._judge.is_odd(found[0]) is not False):
            return []
        return [cells for cells in found if cells]

    def _agreed(self, found: list[list[str]]) -> list[str] | None:
        """The one reading; None where two tell different things, and nobody can tell which is meant."""
        return found[0] if len({self._judge.tells(cells) for cells in found}) == 1 else None

    def _of_an_open_quote(self, line: str) -> list[str] | None:
        """The cells of a line whose quote is not closed in it: over several lines where that is the only reading.

        Where the line is a row by itself too, and its cells would be others, nobody can tell which: none of the lines is taken.
        """
        joined, used = over_lines(line, self._peek, self.separator, self.cells, self.least)
        found = self._fitting(joined) if joined else None
        if found is None or self._judge.is_odd(found):
            return self._agreed(self._alone(line))  # a quote that is never closed is a character of its cell
        whole = "\n".join([line, *(self._peek(place) or "" for place in range(used))])
        if is_clean(whole, self.separator, self.cells):
            likely = self._fitting(likeliest(line, self.separator, self.cells))
            singles = [likely] if likely else []
        else:
            singles = self._alone(line)
        if is_mixed(whole, self.separator) or any(not self._judge.joins(found, one) for one in singles):
            self._in_doubt = used
            return None
        self._swallowed = [
            self._number + below for below, part in _inner_lines(joined) if self._judge.begins_row(found, part)
        ]
        for _ in range(used):
            self._ahead.popleft()
        self._number += used
        return found

    def _fitting(self, cells: list[str]) -> list[str] | None:
        """The cells, cleaned; None where they are not as many as the heading has."""
        cells += [""] * (self.cells - len(cells)) if len(cells) >= self.least else []
        return [cleaned(cell) for cell in cells] if len(cells) == self.cells else None


def _inner_lines(cells: list[str]) -> Iterator[tuple[int, str]]:
    """(how many lines below the first, its text) of every line that begins inside a cell."""
    return enumerate((line for cell in cells for line in cell.split("\n")[1:]), 1)


def unquoted(cell: str) -> str:
    return cell.replace('"', "").strip()


def cleaned(cell: str) -> str:
    """A cell without the spaces around it; what can't be read in it, or is longer than any cell of ours, is marked.

    A spreadsheet writes ="007" to keep the zeros of a number: that is 007.
    """
    cell = cell.strip().strip(_UNSEEN).strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1].strip()
    if len(cell) > LONGEST_CELL:
        cell = cell[:80] + LOST
    return cell.replace("\x00", LOST) if "\x00" in cell else cell
