"""Reading a document into values: every fault is collected, with file, line and path, before any is reported."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from cobalamin.amounts import AmountRefused, Mass, read_dose
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import Document, Tree
from cobalamin.spans import Span, SpanRefused, read_date, read_span

T = TypeVar("T")


LONGEST_TEXT = 2000  # characters
MOST_UNKNOWN = 100  # of one mapping; a file of another kind has as many as it is long
MOST_LISTED = 15  # words that are allowed; of more only the nearest are named, so that a message stays one sentence
NEAREST = 5


class Reading:
    """One pass over one document. The read_* methods return None where they found a fault and go on."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[Fault] = list(document.faults)

    def fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(self.document.file, self.document.line(path), path, message))

    def finish(self) -> None:
        """Raise InputError if anything was wrong."""
        if self.faults:
            raise InputError(self.faults)

    def mapping(
        self, tree: Tree, path: str, required: Iterable[str] = (), optional: Iterable[str] = ()
    ) -> dict[str, Tree]:
        """The mapping itself, after reporting what is missing and what is unknown; {} where it is no mapping."""
        if not isinstance(tree, dict):
            self.fault(path, f"must be a mapping with the keys {nearest_few([*required, *optional])}")
            return {}
        required = tuple(required)
        allowed = [*required, *optional]
        unknown = [key for key in tree if key not in allowed]
        for key in unknown[:MOST_UNKNOWN]:
            message = f"unknown key '{key}'{did_you_mean(key, allowed)}; allowed are {nearest_few(allowed, key)}"
            self.fault(_join(path, key), message)
        if len(unknown) > MOST_UNKNOWN:
            more = len(unknown) - MOST_UNKNOWN
            self.fault(
                path, f"{more:,} more unknown keys; perhaps this is another file. Allowed are {nearest_few(allowed)}"
            )
        for key in required:
            if key not in tree:
                self.fault(path, f"the key '{key}' is missing")
        return tree

    def items(self, tree: Tree, path: str) -> list[tuple[str, Tree]]:
        """(path, item) of a list."""
        if not isinstance(tree, list):
            self.fault(path, "must be a list")
            return []
        return [(f"{path}[{number}]", item) for number, item in enumerate(tree)]

    def each(self, tree: Tree, path: str, read: Callable[[Tree, str], T | None]) -> tuple[T, ...]:
        values = (read(item, at) for at, item in self.items(tree, path))
        return tuple(value for value in values if value is not None)

    def text(self, tree: Tree, path: str, longest: int = LONGEST_TEXT) -> str:
        if not isinstance(tree, str) or not tree.strip():
            self.fault(path, "must be a text")
            return ""
        if len(tree) > longest:
            self.fault(path, f"is longer than {longest} characters")
        return tree

    def word(self, tree: Tree, path: str, allowed: Sequence[str]) -> str | None:
        if isinstance(tree, str) and tree in allowed:
            return tree
        written = tree if isinstance(tree, str) else ""
        shown, hint = (f"'{tree}'", did_you_mean(tree, allowed)) if isinstance(tree, str) else ("this", "")
        self.fault(path, f"{shown} is not one of the allowed words{hint}; allowed are {nearest_few(allowed, written)}")
        return None

    def words(self, tree: Tree, path: str, allowed: Sequence[str]) -> tuple[str, ...]:
        return self.each(tree, path, lambda item, at: self.word(item, at, allowed))

    def flag(self, entry: dict[str, Tree], key: str, path: str) -> bool:
        """Whether `key: true` stands there; any other spelling is a fault, because it would silently mean no."""
        return key in entry and self.word(entry[key], f"{path}.{key}", ("true",)) == "true"

    def whole(self, tree: Tree, path: str, least: int = 0, most: int = 100_000) -> int | None:
        if isinstance(tree, str) and tree.isascii() and tree.isdigit() and len(tree) < 9 and least <= int(tree) <= most:
            return int(tree)
        self.fault(path, f"'{tree}' must be a whole number from {least} to {most}")
        return None

    def date(self, tree: Tree, path: str) -> date | None:
        return self._try(read_date, SpanRefused, tree, path)

    def span(self, tree: Tree, path: str, positive: bool = False) -> Span | None:
        """A span; with `positive` a length of zero is a fault, because a repetition by it would never move on."""
        span = self._try(read_span, SpanRefused, tree, path)
        if positive and span is not None and span.number == 0:
            self.fault(path, f"'{span}' must be longer than nothing")
            return None
        return span

    def mass(self, tree: Tree, path: str) -> Mass | None:
        return self._try(read_dose, AmountRefused, tree, path)

    def _try(self, read: Callable[[str], T], refused: type[ValueError], tree: Tree, path: str) -> T | None:
        if not isinstance(tree, str) or not tree.strip():
            self.fault(path, "must be a text")
            return None
        try:
            return read(tree)
        except refused as error:
            self.fault(path, str(error))
            return None


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def nearest_few(words: Iterable[str], written: str = "") -> str:
    """The words that are allowed; of many those nearest to what was written, and how many there are besides."""
    found = list(words)
    if len(found) <= MOST_LISTED:
        return ", ".join(found)
    near = difflib.get_close_matches(written.casefold(), found, n=NEAREST, cutoff=0.0) if written else found[:NEAREST]
    return f"{', '.join(near)} and {len(found) - len(near):,} more"


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The word that is meant, whatever its capitals: where only they differ just that word; empty where none is near."""
    folded: dict[str, str] = {}
    for each in allowed:
        folded.setdefault(each.casefold(), each)
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1)
    return folded[near[0]] if near else ""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """The question about a word that is not known, to be put behind it; empty where nothing is near."""
    near = nearest(word, allowed)
    return f" (did you mean '{near}'?)" if near else ""
