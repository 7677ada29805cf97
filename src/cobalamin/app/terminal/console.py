"""Where the lines of an answer go: a terminal of its own width, or a file, for which no library of consoles is loaded."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cobalamin.errors import visible

if TYPE_CHECKING:
    from rich.console import Console

WIDEST, UNKNOWN_WIDTH = 120, 100


COLOURED = {"FORCE_COLOR", "TTY_COMPATIBLE"}  # with one of these in the environment a file has colours too


def console(error: bool = False) -> Console:
    """A console as wide as the terminal, never too wide to read; without a terminal, a fixed width."""
    stream = sys.stderr if error else sys.stdout
    styled = getattr(stream, "styled", stream)
    terminal = stream.isatty()
    made = _console_of(styled, None if terminal else UNKNOWN_WIDTH)
    return _console_of(styled, WIDEST) if terminal and made.width > WIDEST else made


def _console_of(file: Any, width: int | None) -> Console:
    from rich.console import Console
    from rich.segment import Segment

    class Visible(Console):
        """It styles its lines itself, so its text is made visible before: by whatever table or paragraph it comes."""

        def render(self, *of: Any, **how: Any) -> Iterator[Segment]:
            for part in super().render(*of, **how):
                yield part if part.control else Segment(visible(part.text), part.style)

    return Visible(file=file, highlight=False, emoji=False, soft_wrap=False, width=width)


NARROW = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2015\u2018-\u201f]*")  # signs that take one place each


def broken(line: str, width: int) -> str | None:
    """The line broken at its spaces, as a console would break it; None where that takes a console: wide signs, words, gaps."""
    if not NARROW.fullmatch(line):
        return None
    if len(line) <= width:
        return line
    if line != " ".join(line.split()) or any(len(word) > width for word in line.split()):
        return None
    *above, last = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join([*(f"{each} "[:width] for each in above), last])


class Uncoloured:
    """Stands for a console on a file. The library of consoles takes long to load and is needed only for what must be laid out."""

    color_system = None

    def __init__(self, file: Any) -> None:
        self.file, self.width = file, UNKNOWN_WIDTH

    def print(self, *of: Any, **how: Any) -> None:
        _console_of(self.file, self.width).print(*of, **how)


def way_out(error: bool = False) -> Console | Uncoloured:
    """Where the lines of an answer go."""
    stream = sys.stderr if error else sys.stdout
    if stream.isatty() or COLOURED & {*os.environ}:
        return console(error)
    return Uncoloured(getattr(stream, "styled", stream))


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Say on standard error what is waited for, while a person is watching; it goes when the answer comes."""
    if not sys.stderr.isatty():
        yield
        return
    with console(error=True).status(text):
        yield
