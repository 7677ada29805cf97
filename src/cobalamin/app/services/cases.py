"""Case files: open one, write a new one."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from cobalamin.app.services import shipped
from cobalamin.app.services.files import locked, read_bytes, save_new
from cobalamin.app.services.outputs import refuse_existing_case
from cobalamin.casefile.reader import new_case_text, read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case, Patient


def open_case(path: Path, library: Library | None = None) -> Case:
    """The case in a file, read with the shipped library or another. Raises InputError with every fault."""
    return read_case(read_bytes(path), str(path), library or shipped.library())


class CaseRead:
    """A case file as one command sees it: read when it is first asked for, and once.

    So the answer and what stands above it come from the same state of the file, whoever writes into it meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def content(self) -> bytes:
        """Raises InputError where it can't be read."""
        return read_bytes(self.path)

    @cached_property
    def case(self) -> Case:
        """Raises InputError with every fault."""
        return read_case(self.content, str(self.path), shipped.library())


def new_case(path: Path, patient: Patient) -> None:
    """Write an annotated case file. Raises TargetRefused where the file already exists."""
    text = new_case_text(shipped.library(), patient)
    read_case(text, str(path), shipped.library())
    write_new(path, text)


def write_new(path: Path, text: str) -> None:
    """Write a case file that does not exist yet. Raises TargetRefused: an existing one is never overwritten."""
    refuse_existing_case(path)
    with locked(path):
        refuse_existing_case(path)
        save_new(path, text.encode("utf-8"))
