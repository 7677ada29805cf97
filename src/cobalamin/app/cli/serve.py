"""The command that serves the web pages on this computer."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cobalamin.app.services import extras, shipped

Port = Annotated[
    int, typer.Option("--port", metavar="N", help="The port on this computer; 0 takes a free one.", min=0, max=65535)
]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Don't open a browser.")]
Folder = Annotated[
    Path, typer.Option("--folder", metavar="F", help="The folder whose case files are opened and saved.")
]


def serve(port: Port = 8612, no_open: NoOpen = False, folder: Folder = Path()) -> None:
    """The web pages, for this computer only: one person's plan, what is due, recording, printing."""
    extras.need("serve", "web")
    from cobalamin.app.web import server
    from cobalamin.app.web.frame.access import VARIABLE

    server.serve(folder, port, not no_open, _say, os.environ.get(VARIABLE, ""))


def _say(address: str) -> None:
    sys.stdout.write(shipped.library().own_words.text("web.command__served", address=address) + "\n")
    sys.stdout.flush()


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
