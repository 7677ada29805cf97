"""An answer longer than the terminal, shown screen by screen by the system's pager; everything else goes straight out."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_TO_LESS = "-FRX"  # end where it fits after all, show colours, leave the text on the screen; the reader's own LESS goes before it


@contextmanager
def by_screens(out: Any) -> Iterator[None]:
    """Hold back what is printed on `out`, then show it: at once where it fits on the terminal, else by the pager.

    Without a terminal, or where the reader set PAGER to nothing or to `cat`, nothing is held back.
    """
    if not _reader_has_keys():
        yield
        return
    straight, out.file = out.file, io.StringIO()
    try:
        yield
    finally:
        text, out.file = out.file.getvalue(), straight
        _show(text, straight)


def _reader_has_keys() -> bool:
    wanted = os.environ.get("PAGER", "less").strip() not in ("", "cat") and os.environ.get("TERM") != "dumb"
    return wanted and sys.stdout.isatty() and sys.stdin is not None and sys.stdin.isatty()


def _show(text: str, straight: Any) -> None:
    if text.count("\n") < shutil.get_terminal_size().lines:
        straight.write(text)
        straight.flush()
        return
    from pydoc import pager  # the system's, or where there is none page by page

    os.environ.setdefault("LESS", _TO_LESS)
    pager(text)
