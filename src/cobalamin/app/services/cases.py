"""Case files: open one, write a new one."""

from __future__ import annotations

from pathlib import Path

from cobalamin.app.services import shipped
from cobalamin.app.services.files import locked, read_bytes, save_text
from cobalamin.casefile.reader import new_case_text, read_case
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case, Patient


def open_case(path: Path, library: Library | None = None) -> Case:
    """The case in a file, read with the shipped library or another. Raises InputError with every fault."""
    return read_case(read_bytes(path), str(path), library or shipped.library())


def new_case(path: Path, patient: Patient) -> None:
    """Write an annotated case file. Raises InputError where the file already exists."""
    text = new_case_text(shipped.library(), patient)
    read_case(text, str(path), shipped.library())
    write_new(path, text)


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet; an existing one is never overwritten."""
    with locked(path):
        if path.exists():
            raise InputError.one(str(path), "", "the file already exists and is not overwritten; choose another name")
        save_text(path, text)
