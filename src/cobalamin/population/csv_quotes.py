"""Quotes of a CSV line: the cells of one line, and of a record that goes over several.

A quote is also a ditto mark, an inch, or a remark that somebody never closed. So several lines are one record only where they can be
nothing else: a line that could be somebody's own row is never swallowed by a quote above it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

MOST_BREAKS = 500  # line breaks inside one record
LONGEST_RECORD = 1_000_000  # characters


def is_clean(line: str, separator: str, cells: int) -> bool:
    """Whether a line, or several as one, has the cells of a row by the book, and no quote stands in a cell that is not quoted."""
    return len(_by_the_book(line, separator)) == cells and not _has_bare_quote(line, separator)


def is_open(line: str, separator: str) -> bool:
    """Whether a quote of the line is not closed in it."""
    return split_quoted(line, separator)[1] is not None


def readings(line: str, separator: str, cells: int) -> list[list[str]]:
    """What the cells of a line with quotes may be, read by itself, the likeliest first: one list where its quotes are by the book.

    None where a quote is not closed though others hold a separator: nobody knows what that one is.
    """
    first = likeliest(line, separator, cells)
    if is_clean(line, separator, cells):
        return [first]
    found, rest = split_quoted(line, separator)
    if rest is not None and any(separator in cell for cell in found):
        return []
    return [first, *filter(None, (_all_quoted(line, separator, cells), line.split(separator)))]


def is_mixed(text: str, separator: str) -> bool:
    """Whether some quotes of the text hold a separator, and another stands in a cell that is not quoted."""
    cells, _ = split_quoted(text, separator)
    return any(separator in cell for cell in cells) and _has_bare_quote(text, separator, " \u00a0")


def _has_bare_quote(text: str, separator: str, around: str = "") -> bool:
    """Whether a quote stands in a cell that is not quoted; `around`: what may stand beside the quotes of one that is."""
    border, space = re.escape(separator), f"[{around}]*" if around else ""
    return '"' in re.sub(rf'(?:^|(?<={border})){space}"(?:[^"]|"")*"{space}(?=$|{border})', "", text)


def likeliest(line: str, separator: str, cells: int) -> list[str]:
    """The likeliest cells of a line by itself; a quote that is not closed in it, or not followed by a separator, is a character."""
    quick = _by_the_book(line, separator)
    if len(quick) == cells:
        return quick
    found, rest = split_quoted(line, separator)
    if rest is not None:
        return [*found, *f'"{rest}'.split(separator)]
    return found or _all_quoted(line, separator, cells) or line.split(separator)


def _all_quoted(line: str, separator: str, cells: int) -> list[str]:
    """The cells of a line that quotes every one of them, where one holds quotes that were not doubled; [] where it is none.

    Only quotes at the borders of cells part them, so there is one reading, if it has as many cells as a row.
    """
    whole = line.strip(" \u00a0")
    if len(whole) < 2 or not (whole.startswith('"') and whole.endswith('"')):
        return []
    found = whole[1:-1].split(f'"{separator}"')
    return [cell.replace('""', '"') for cell in found] if len(found) == cells else []


def over_lines(
    line: str, following: Callable[[int], str | None], separator: str, cells: int, least: int
) -> tuple[list[str], int]:
    """The cells of a record whose quote is closed some lines below, and how many lines that takes; ([], 0) where it is none.

    `following`: the line so many lines below, from 0 on. `cells`: how many a row has, `least`: with how many one may end; for a
    heading, of which nobody knows that yet, both are 0, and a line with as many cells as the whole is no part of it.
    """
    found, rest = split_quoted(line, separator)
    passed = [line]
    while rest is not None:
        below = following(len(passed) - 1) if len(passed) <= MOST_BREAKS else None
        if below is None or len(rest) + len(below) > LONGEST_RECORD or (cells and len(found) > cells):
            return [], 0
        passed.append(below)
        if '"' not in below:
            rest += "\n" + below
            continue
        more, still_open = split_quoted(below, separator, rest + "\n")
        if not more and still_open is None:
            return [], 0
        found, rest = found + more, still_open
    wanted = cells or len(found)
    if len(found) != wanted or _has_a_row(passed, found, separator, wanted, least or wanted):
        return [], 0
    return found, len(passed) - 1


def _has_a_row(lines: list[str], found: list[str], separator: str, cells: int, least: int) -> bool:
    """Whether a line below the first could be somebody's own row."""
    same = _ends_first_cell(lines, found, separator)
    return any(
        _may_be_row(line, separator, cells, least) for number, line in enumerate(lines) if number and number != same
    )


def _ends_first_cell(lines: list[str], found: list[str], separator: str) -> int:
    """The number of the line that ends a broken first cell, where by itself it would be the same row; 0 where none is.

    It has as many cells as a row, but the lines above it are a part of that one cell: no other reading has other cells.
    """
    number = found[0].count("\n")
    if len(found) < 2 or any(separator in line for line in lines[:number]):
        return 0
    own = likeliest(lines[number], separator, len(found))
    return number if len(own) == len(found) and own[1:-1] == found[1:-1] else 0


def _may_be_row(line: str, separator: str, cells: int, least: int) -> bool:
    """Whether a line has the cells of a row, or a ditto mark in one that is not its first."""
    own, plain = likeliest(line, separator, cells), line.split(separator)
    dittos = any(cell.strip() == '"' for cell in own[1:]) or (len(plain) == cells and '"' in plain[1:])
    return len(own) >= least or dittos


def _by_the_book(line: str, separator: str) -> list[str]:
    """The cells of a line whose quotes are as they should be; [] where they are not."""
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return []


def split_quoted(line: str, separator: str, before: str | None = None) -> tuple[list[str], str | None]:
    """(cells, None) of a line with quotes, or (cells, the beginning of the last one) where its quote is still open.

    `before`: what an open quote holds already. ([], None) where something follows a closed quote that is no separator.
    """
    cells: list[str] = []
    at = 0
    if before is not None:
        close = _closing(line, 0)
        if close < 0:
            return [], before + line
        cells.append((before + line[:close]).replace('""', '"'))
        at = _after(line, close + 1)
        if at < len(line) and line[at] != separator:
            return [], None
        if at == len(line):
            return cells, None
        at += 1
    while True:
        begin = _after(line, at)
        if begin < len(line) and line[begin] == '"':
            close = _closing(line, begin + 1)
            if close < 0:
                return cells, line[begin + 1 :]
            cells.append(line[begin + 1 : close].replace('""', '"'))
            end = _after(line, close + 1)
            if end < len(line) and line[end] != separator:
                return [], None
        else:
            end = line.find(separator, at)
            end = len(line) if end < 0 else end
            cells.append(line[at:end])
        if end == len(line):
            return cells, None
        at = end + 1


def _after(line: str, at: int) -> int:
    """The place after spaces."""
    while at < len(line) and line[at] in " \u00a0":
        at += 1
    return at


def _closing(line: str, at: int) -> int:
    """The place of the quote that closes a cell; two quotes are one character of it. -1 where none does."""
    while True:
        close = line.find('"', at)
        if close < 0 or line[close + 1 : close + 2] != '"':
            return close
        at = close + 2
