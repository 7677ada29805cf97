"""Standard output and error: one way out for all text, on which nothing from a file steers the terminal.

A failed write is told apart from every other fault, because by then something may be saved.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from cobalamin.errors import visible


class OutputLost(Exception):
    """The answer could not be written: the reader went away, or there is no room. `reason`: in words, empty where the reader went."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stream:
    """A stream that shows steering characters as marks.

    `styled`: the same stream for a console that styles its lines itself, having made its text visible.
    """

    def __init__(self, raw: Any, must_arrive: bool, filters: bool = True) -> None:
        self._raw, self._must_arrive, self._filters = raw, must_arrive, filters
        self.styled: Stream = self if not filters else Stream(raw, must_arrive, filters=False)

    def write(self, text: str) -> int:
        self._do(lambda: self._raw.write(visible(text) if self._filters else text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._do(lambda: self._raw.flush())

    def isatty(self) -> bool:
        return self._raw is not None and bool(self._raw.isatty())

    def _do(self, action: Any) -> None:
        try:
            if self._raw is None:
                raise OSError("it is closed")
            action()
        except BrokenPipeError:
            self._lost("")
        except (OSError, ValueError) as error:  # ValueError: written to after it was closed
            self._lost(getattr(error, "strerror", None) or str(error))

    def _lost(self, reason: str) -> None:
        _let_go(self._raw)
        if self._must_arrive:
            raise OutputLost(reason) from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def _let_go(raw: Any) -> None:
    """Lead what is still in the buffer nowhere, or the interpreter fails on it again when it ends."""
    with suppress(OSError, ValueError, AttributeError, io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, raw.fileno())
        os.close(nowhere)


@contextmanager
def safe_streams() -> Iterator[None]:
    """Both streams made safe. What can't be said on standard error is lost in silence; a lost answer raises OutputLost."""
    _hold_standard_handles()
    before = sys.stdout, sys.stderr
    for raw in before:
        if isinstance(raw, io.TextIOWrapper):
            raw.reconfigure(errors="replace")  # a terminal that lacks a character shows a mark, and goes on
    sys.stdout, sys.stderr = Stream(before[0], must_arrive=True), Stream(before[1], must_arrive=False)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _hold_standard_handles() -> None:
    """Where a program is started with a standard stream closed, the next file it opens would take its place, and get its text."""
    while True:
        handle = os.open(os.devnull, os.O_RDWR)
        if handle > 2:
            os.close(handle)
            return
