"""What the commands for many people share: progress, the option to overwrite, and how an answer ends from which people may be missing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer

from cobalamin.app.cli.missing import note_missing
from cobalamin.app.cli.options import OK, PEOPLE_MISSING, leave

Force = Annotated[bool, typer.Option("--force", help="Overwrite the file.")]


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error where a person is watching; nothing elsewhere."""
    if not sys.stderr.isatty():
        from cobalamin.app.services.panels import unwatched

        yield unwatched
        return
    from rich.progress import Progress

    from cobalamin.app.terminal.console import console

    with Progress(console=console(error=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def answered(may_be_missing: int) -> NoReturn:
    """End an answer; one from which people may be missing says so beside the document too, and by its exit code."""
    note_missing(may_be_missing).say()
    leave(PEOPLE_MISSING if may_be_missing else OK)
