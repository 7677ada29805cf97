"""Programs that a test starts: always ended, and bounded, so that a test waits for what a program says and never for ever."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import Any

BOUND = 300.0  # seconds; only ends what hangs, however busy the computer is


@contextmanager
def started(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A running program whose lines are read as they come. It is killed at the end of the block, or at the bound:
    then its output ends and whoever reads it goes on."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as program:
        bound = Timer(BOUND, program.kill)
        bound.start()
        try:
            yield program
        finally:
            bound.cancel()
            program.kill()


def line_of(program: subprocess.Popen[str]) -> str:
    """The next line that a program prints; empty where it has ended."""
    assert program.stdout is not None
    return program.stdout.readline().strip()


def rest_of(program: subprocess.Popen[str]) -> list[str]:
    """The whole lines that a program printed and nobody has read yet; waits for its end.

    `communicate` would lose those that `readline` had already taken from the pipe.
    """
    assert program.stdout is not None
    return program.stdout.read().split("\n")[:-1]
