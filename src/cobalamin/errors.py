"""Errors of the whole house: what was wrong, where, what is allowed, what to do next.

Every error a person may meet descends from `CobalaminError` and carries the exit code of the contract (section 7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# C0, C1, the separators of lines and paragraphs, marks that turn the direction of writing, halves of characters.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with a mark for each character that steers a terminal: no name moves the cursor or turns a line around."""
    return _STEERING.sub("\ufffd", text)


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with an input: where it stands and one sentence that says what is allowed.

    `line` counts from 1; 0 where the input has no lines (a command-line option).
    """

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        """One line, whatever the names in the file hold."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        told = f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"
        return visible(told).replace("\n", "\ufffd")


class CobalaminError(Exception):
    """Root of all errors that are shown to a person as sentences, without a traceback."""

    exit_code = 70


class Refused(CobalaminError):
    """The request is understood and refused: a blocking issue, or one that was not acknowledged."""

    exit_code = 1


MOST_SHOWN = 100  # faults of one message; nobody reads more before the first are mended


class InputError(CobalaminError):
    """The input can't be read or is invalid; `faults` lists every one that was found, the text the first of them."""

    exit_code = 3

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        shown = [str(fault) for fault in self.faults[:MOST_SHOWN]]
        more = len(self.faults) - len(shown)
        super().__init__(
            "\n".join([*shown, f"and {more:,} more faults" if more > 1 else "and 1 more fault"] if more else shown)
        )

    @classmethod
    def one(cls, file: str, path: str, message: str, line: int = 0) -> InputError:
        return cls([Fault(file, line, path, message)])


class InvariantBroken(CobalaminError):
    """A defect of this program."""

    exit_code = 70
