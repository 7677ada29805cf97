"""People who may be missing from an answer: said on standard error and by the exit code, also where the answer itself is lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Missing:
    """At most so many people may be missing from the answer of this command, and whether that was said."""

    number: int = 0
    said: bool = False
    files: bool = False  # files that can't be read, not rows of a register

    def say(self) -> None:
        """One line on standard error, once; nothing where nobody is missing."""
        if self.number and not self.said:
            one = self.number == 1
            people = "1 person" if one else f"{self.number:,} people"
            if self.files:
                told = "1 file can't be read" if one else f"{self.number:,} files can't be read"
            else:
                rows = "1 row" if one else f"{self.number:,} rows"
                told = f"{rows} of the register can't be read or told apart"
            sys.stderr.write(f"Up to {people} may be missing from this answer: {told}.\n")
        self.said = True


_of_command: ContextVar[Missing | None] = ContextVar("missing", default=None)


@contextmanager
def missing_people() -> Iterator[Missing]:
    """Who may be missing from the answer of the command in the block."""
    noted = Missing()
    token = _of_command.set(noted)
    try:
        yield noted
    finally:
        _of_command.reset(token)


def note_missing(number: int, files: bool = False) -> Missing:
    """Keep the number as soon as it is known: the answer may be lost on its way."""
    noted = _of_command.get() or Missing()
    noted.number, noted.files = number, files
    return noted
