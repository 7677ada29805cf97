"""Runs `drive.py` in an environment, and judges what came back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from command_rows import Row, steps_of

from cobalamin.app.services.extras import MODULES

DRIVE = Path(__file__).with_name("drive.py")
PYTHON_FAILURE = "Traceback (most recent call last)"


def question(rows: Sequence[Row]) -> str:
    """What `drive.py` is asked, as JSON."""
    modules = sorted({name for names in MODULES.values() for name in names})
    return json.dumps({"rows": [steps_of(each) for each in rows], "modules": modules})


def driven(python: Path, rows: Sequence[Row]) -> dict[str, Any]:
    """What these rows answer in the environment of this Python; nothing of this process's own packages is seen there."""
    done = subprocess.run([python, "-I", DRIVE], input=question(rows), capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def refuses(answer: dict[str, Any], extra: str) -> None:
    """Fails unless the command says in one line which extra is missing, with exit code 3, and wrote nothing."""
    assert answer["code"] == 3, answer
    assert answer["err"].count("\n") == 1
    assert f"pip install 'cobalamin[{extra}]'" in answer["err"]
    assert (answer["written"], answer["gone"]) == ([], [])
    if answer["out"]:  # with --json the same sentence as a document
        (fault,) = json.loads(answer["out"])["faults"]
        assert fault["message"] in answer["err"]


def answers(answer: dict[str, Any], row: Row) -> None:
    """Fails unless the command answers as its row says, and writes what it says and nothing else."""
    assert answer["code"] == row.code, answer
    assert PYTHON_FAILURE not in answer["err"] + answer["out"]
    assert row.holds in answer["out"]
    assert answer["out"]
    if row.typed[0].startswith("panel") and row.writes:  # a panel is a folder of many files
        assert set(row.writes) <= set(answer["written"])
    else:
        assert answer["written"] == sorted(row.writes)
    assert answer["gone"] == []
    if "--json" in row.typed:
        json.loads(answer["out"])


def unmet(row: Row, modules: Iterable[str]) -> bool:
    """Whether a module that the row needs is not there."""
    return not set(row.needs) <= set(modules)
