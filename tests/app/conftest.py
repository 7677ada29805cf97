"""Fixtures of the doors: the command line as a process, and the same command line in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from calendars import PLAN, accept, enter, read_by_ical_js, skip_without_ical_js
from command_line import Run, example, in_process, in_subprocess
from jsonschema import Draft202012Validator
from told_answers import running


@pytest.fixture(scope="session")
def cobalamin() -> Callable[..., Run]:
    """The program as a user runs it."""
    return in_subprocess


@pytest.fixture(scope="session")
def run() -> Callable[..., Run]:
    """The program in this process."""
    return in_process


@pytest.fixture(scope="session")
def running_treatments(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """Questions about treatments that run, of the examples and of the worked cases."""
    return running(tmp_path_factory.mktemp("worked"))


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


@pytest.fixture(scope="session")
def read_by_node() -> Callable[..., list[dict[str, Any]]]:
    """Calendar files read by ical.js, which has nothing to do with this program."""
    skip_without_ical_js()
    return read_by_ical_js


@pytest.fixture
def write(run: Callable[..., Run], tmp_path: Path) -> Callable[..., Path]:
    """The calendar of a case, in a file that is there already when it is written again."""

    def calendar(case: Path, *options: object, name: str = "calendar.ics", on: str = "2026-01-02") -> Path:
        path = tmp_path / name
        answer = run("calendar", case, "-o", path, "--on", on, *options)
        assert answer.code == 0, answer.err + answer.out
        return path

    return calendar


@pytest.fixture
def treated(run: Callable[..., Run], copy_of: Callable[..., Path]) -> Callable[..., Path]:
    """A case with an accepted plan, and these entries of its record."""

    def case(*entries: str) -> Path:
        path = copy_of()
        accept(run, path, *PLAN[1:2], *PLAN[4:])
        enter(run, path, *entries)
        return path

    return case
