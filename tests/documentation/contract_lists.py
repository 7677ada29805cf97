"""Reads the lists of words in docs/contract.md: `<!-- list: NAME -->` stands before a paragraph, list item or table."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "contract.md"
_MARK = re.compile(r"<!-- list: (.+?) -->")
_WORD = re.compile(r"`([^`]+)`")


def blocks() -> dict[str, list[str]]:
    """The lines under each mark: a table up to a blank line, otherwise the text up to a blank line or the next mark."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in PAGE.read_text("utf-8").splitlines():
        mark = _MARK.fullmatch(line.strip())
        if mark:
            name = mark.group(1)
            if name in found:
                raise ValueError(f"the list '{name}' stands twice in docs/contract.md")
            found[name] = []
        elif name and (line.strip() or not found[name]):
            found[name] += [line] if line.strip() else []
        else:
            name = ""
    return found


def words(name: str) -> tuple[str, ...]:
    """Every word in code marks under a mark; of a table those of the first column. () where the mark is missing."""
    lines = blocks().get(name, [])
    texts = [line.split("|")[1] for line in lines if line.startswith("|")] or lines
    return tuple(word for text in texts for word in _WORD.findall(text))


def rows(name: str) -> list[list[str]]:
    """The cells of a table without its head."""
    lines = [line for line in blocks()[name] if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def words_of_rows(name: str) -> dict[str, tuple[str, ...]]:
    """For each row, the words in code marks of its second column, by the word of its first."""
    return {_WORD.findall(row[0])[0]: tuple(_WORD.findall(row[1])) for row in rows(name)}
