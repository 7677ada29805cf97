"""An answer longer than the terminal goes to the reader's pager; a short one, a file and a reader without one get it straight."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

CASE = Path(__file__).parents[3] / "examples" / "vegan.yaml"
ON = ["--on", "2026-12-01"]
MARKING = "sed 's/^/page|/'"  # a pager that shows that it was given the lines


def on_terminal(*arguments: str, **environment: str) -> str:
    """What a terminal of 24 lines shows for a command."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cobalamin", *arguments]
    sizes = {"LINES": "24", "COLUMNS": "100", "TERM": "xterm"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **sizes, **environment}
    ):
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the last writer has gone
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return shown.decode()


@pytest.mark.parametrize(
    ("options", "pager", "paged"),
    [(["--all"], MARKING, True), ([], MARKING, False), (["--all"], "cat", False), (["--all"], "", False)],
    ids=["long", "short", "cat", "none wanted"],
)
def test_only_a_long_answer_is_paged(options: list[str], pager: str, paged: bool) -> None:
    shown = on_terminal("propose", str(CASE), *ON, *options, PAGER=pager)
    lines = [line for line in shown.splitlines() if line.strip()]
    assert lines[0].endswith("GB: assessed on Tue 1 December 2026\x1b[0m")
    assert [line for line in lines if line.startswith("page|")] == (
        [line for line in shown.splitlines() if line] if paged else []
    )
