"""Fixtures of the doors: the command line as a process, and the same command line in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from door_runs import Run, example, in_process, in_subprocess
from jsonschema import Draft202012Validator


@pytest.fixture(scope="session")
def cobalamin() -> Callable[..., Run]:
    """The program as a user runs it."""
    return in_subprocess


@pytest.fixture(scope="session")
def run() -> Callable[..., Run]:
    """The program in this process."""
    return in_process


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[..., Path]:
    """A copy of an example that a test may change."""

    def copy(name: str = "pernicious-anaemia") -> Path:
        return Path(shutil.copy(example(name), tmp_path / "case.yaml"))

    return copy


@pytest.fixture
def case_file(tmp_path: Path) -> Callable[..., Path]:
    """A file with this content."""

    def write(content: str | bytes, name: str = "case.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(scope="session")
def fits_schema() -> Callable[[str, Any], None]:
    """Fails where a document is not as `cobalamin schema NAME` says."""
    validators: dict[str, Draft202012Validator] = {}

    def validate(name: str, document: Any) -> None:
        if name not in validators:
            schema = in_process("schema", name).document
            Draft202012Validator.check_schema(schema)
            validators[name] = Draft202012Validator(schema)
        errors = [f"{error.json_path}: {error.message[:200]}" for error in validators[name].iter_errors(document)]
        assert errors == []

    return validate
