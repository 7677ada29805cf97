"""One run of the command line: what was asked, what came back, and how to read it."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from processes import BOUND

with warnings.catch_warnings():
    # Some pairs of Typer and Click that pyproject.toml allows warn about each other when imported; not ours to fail on.
    warnings.simplefilter("ignore", DeprecationWarning)
    import typer.main

    from cobalamin.app.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
DAY = ("--on", "2026-01-02")
START = ("--start", "2026-01-05")
PYTHON_FAILURE = "Traceback (most recent call last)"


def example(name: str) -> Path:
    return ROOT / "examples" / f"{name}.yaml"


@dataclass(frozen=True)
class Run:
    """Exit code and both outputs of one command."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document it must be."""
        return json.loads(self.out)

    @property
    def faults(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.document["faults"]
        return found


_built_once = functools.cache(typer.main.get_command)  # the tree of commands is the same at each call


class _Person(io.StringIO):
    """Standard input that answers what was asked since the last answer; None ends the input."""

    def __init__(self, out: io.StringIO, answer: Callable[[str], str | None]) -> None:
        super().__init__()
        self.out, self.answer, self.read_so_far = out, answer, 0

    def readline(self, size: int | None = -1, /) -> str:
        asked = self.out.getvalue()[self.read_so_far :]
        self.read_so_far += len(asked)
        answer = self.answer(asked)
        return "" if answer is None else f"{answer}\n"


def in_process(*arguments: object, answers: str | Callable[[str], str | None] = "") -> Run:
    """Run the command line in this process: fast, for the many cases. An error that escapes it fails the test."""
    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    arguments_before, stdin_before = sys.argv, sys.stdin
    sys.argv = ["cobalamin", *map(str, arguments)]
    sys.stdin = io.StringIO(answers) if isinstance(answers, str) else _Person(out, answers)
    try:
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            mock.patch("typer.main.get_command", _built_once),
        ):
            main.main()
    except SystemExit as leaving:
        code = leaving.code or 0
    finally:
        sys.argv, sys.stdin = arguments_before, stdin_before
    return Run(code, out.getvalue(), err.getvalue())


def in_subprocess(
    *arguments: object, answers: bytes | str = b"", env: Mapping[str, str] | None = None, folder: Path | None = None
) -> Run:
    """Run the command line as a user does: another process, no PYTHONPATH."""
    around = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "COLUMNS", "FORCE_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", "cobalamin", *map(str, arguments)],
        input=answers.encode() if isinstance(answers, str) else answers,
        capture_output=True,
        env={**around, "PYTHONIOENCODING": "utf-8", **(env or {})},
        cwd=folder,
        timeout=BOUND,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


@contextlib.contextmanager
def nothing_written(folder: Path) -> Iterator[None]:
    """Fails where anything in the folder is other than before, byte for byte, leftovers included."""
    before = everything_in(folder)
    yield
    assert everything_in(folder) == before, "files were changed, added or left behind"


def everything_in(folder: Path) -> dict[str, bytes | None]:
    """Every file and its bytes. An empty lock that is left behind has a test of its own."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if not (path.is_file() and path.name.startswith(".") and path.name.endswith(".lock"))
    }


def quoted(value: str) -> str:
    """The text as a YAML scalar, whatever it holds."""
    return json.dumps(value, ensure_ascii=False)


def settle(case: Path, protocol: str, *options: str, end: str = "from") -> tuple[list[str], Run]:
    """The plan of a protocol with every choice at one end of its range, and the options that chose it."""
    chosen: list[str] = []
    for _ in range(10):
        answer = in_process("plan", case, "--protocol", protocol, *START, *DAY, *options, *chosen, "--json")
        open_choices = [need for need in answer.document["needs"] if "choice" in need] if answer.code == 4 else []
        if not open_choices:
            return chosen, answer
        for need in open_choices:
            value = need["options"][0] if "options" in need else need[end] or need["from"] or need["to"]
            if isinstance(value, dict):
                value = f"{value['value']} {'micrograms' if value['unit'] == 'ug' else value['unit']}"
            chosen += ["--choose", f"{need['choice']}={value}"]
    raise AssertionError(f"{protocol} never stops asking: {chosen}")
