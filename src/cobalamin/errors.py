"""Errors of the whole house: what was wrong, where, what is allowed, what to do next.

Every error a person may meet descends from `CobalaminError` and carries the exit code of the contract (section 7).
"""

from __future__ import annotations

from dataclasses import dataclass


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
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class CobalaminError(Exception):
    """Root of all errors that are shown to a person as sentences, without a traceback."""

    exit_code = 70


class Refused(CobalaminError):
    """The request is understood and refused: a blocking issue, or one that was not acknowledged."""

    exit_code = 1


class InputError(CobalaminError):
    """The input can't be read or is invalid; `faults` lists every one that was found."""

    exit_code = 3

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @classmethod
    def one(cls, file: str, path: str, message: str, line: int = 0) -> InputError:
        return cls([Fault(file, line, path, message)])


class InvariantBroken(CobalaminError):
    """A defect of this program; nothing was written."""

    exit_code = 70
