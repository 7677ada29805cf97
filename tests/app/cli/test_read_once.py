"""A command reads its case file once, so that the answer and what stands above it come from the same state of the file."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from command_line import ROOT, in_process

# A command, its options, and the example it is asked about.
NEW, RUNNING = "pernicious-anaemia", "treatment-running"
ON, SLASHED = ("--on", "2026-09-01"), ("--on", "01/09/2026")
CHOSEN = ("--protocol", "uk-bnf-noneuro", "--start", "2026-09-03", "--choose", "maintenance_interval=3 mo")
COMMANDS = [
    (NEW, "check"),
    (NEW, "propose", *ON),
    (NEW, "propose", *SLASHED),
    (NEW, "assess", *ON),
    (NEW, "plan", *CHOSEN, *ON),
    (NEW, "plan", "--protocol", "uk-bnf-noneuro", "--start", "03/09/2026", *SLASHED),
    (NEW, "compare", *ON),
    (NEW, "compare", "--start", "03/09/2026", *SLASHED),
    (NEW, "whatif", *ON),
    (RUNNING, "whatif", *SLASHED),
    (RUNNING, "review", *ON),
    (RUNNING, "review", "--as-recorded", "01/08/2026", *SLASHED),
    (RUNNING, "due", "--if-given", "02/09/2026", *SLASHED),
    (RUNNING, "explain", "02/09/2026", *SLASHED),
]
OPENED: list[str] = []
WATCHED: list[str] = []


def _opened(event: str, arguments: tuple[object, ...]) -> None:
    """Every file that this process opens, whoever opens it."""
    if WATCHED and event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        OPENED.append(os.path.abspath(os.fsdecode(arguments[0])))


sys.addaudithook(_opened)


def times_read(path: Path, *command: object) -> int:
    OPENED.clear()
    WATCHED.append(str(path))
    try:
        found = in_process(*command)
    finally:
        WATCHED.clear()
    assert "a defect of this program" not in found.err
    return OPENED.count(str(path))


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[1:]))
def test_the_case_file_is_opened_once(tmp_path: Path, command: tuple[str, ...], as_json: bool) -> None:
    example, name, *options = command
    path = tmp_path / "case.yaml"
    shutil.copy(ROOT / "examples" / f"{example}.yaml", path)
    first, rest = ([path, options[0]], options[1:]) if name == "explain" else ([path], options)
    assert times_read(path, name, *first, *rest, *(["--json"] if as_json else [])) == 1


def test_every_opening_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    shutil.copy(ROOT / "examples" / f"{NEW}.yaml", path)
    WATCHED.append(str(path))
    try:
        OPENED.clear()
        path.read_bytes()
        with open(path, "rb") as handle:
            handle.read()
        os.close(os.open(path, os.O_RDONLY))
    finally:
        WATCHED.clear()
    assert OPENED.count(str(path)) == 3
