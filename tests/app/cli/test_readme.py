"""The session in the readme is what the program prints."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest
from command_line import ROOT, Run


def pasted_sessions() -> dict[str, list[str]]:
    """The readme's commands on an example, each with the lines pasted under it."""
    readme = (ROOT / "README.md").read_text("utf-8").replace("\\\n", "")
    session = readme.split("## A session")[1].split("\n## ")[0]
    blocks = (block.splitlines() for block in session.split("    $ ./run ")[1:])
    return {
        block[0]: [line[4:].rstrip() for line in block[1:] if line.startswith("    ") and line.strip() != "..."]
        for block in blocks
        if "examples/" in block[0]
    }


@pytest.mark.parametrize("command", pasted_sessions())
def test_the_readme_shows_what_the_program_prints(run: Callable[..., Run], command: str) -> None:
    printed = iter([line.rstrip() for line in run(*shlex.split(command)).out.splitlines()])
    pasted = pasted_sessions()[command]
    assert pasted
    for line in pasted:
        assert line in printed, line  # an iterator: in this order
