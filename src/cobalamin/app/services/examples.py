"""Where the example case files lie."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from cobalamin.errors import InputError


def examples_folder() -> Path:
    """The example case files: packed with the program, or beside its sources."""
    packed = Path(str(resources.files("cobalamin"))) / "examples"
    beside = Path(__file__).resolve().parents[4] / "examples"
    for folder in (packed, beside):
        if folder.is_dir():
            return folder
    raise InputError.one("examples", "", "the example case files are not installed")
