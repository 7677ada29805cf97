"""`demo`: a year with one made-up person, as a nurse would type it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from cobalamin.app.cli.options import Plain


def demo(plain: Plain = False) -> None:
    """A story: somebody new, a plan, a dose, a late dose, a high level, and what is due; nothing is kept."""
    from cobalamin.app.services.story import play
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.story import view_of_story

    with TemporaryDirectory() as folder:
        print_view(view_of_story(play(Path(folder)), plain))


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
