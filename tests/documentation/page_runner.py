"""Runs a page of the documentation: writes its files, types its commands, and looks for each line it shows.

A page is a session in one empty folder, from top to bottom:

- `<!-- file: NAME -->` before a fenced block: the block is that file.
- A block fenced as `console`: lines that begin with `$ ` are typed; the lines below must occur in what was printed (standard output
  and error), in this order, however the program broke its lines. `...` stands for anything left out.
- `# exit 3` at the end of a command: it must end so; without it, with 0.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"<!-- file: \S+ -->\n```\w*\n.*?^```|^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
_EXIT = re.compile(r"\s+# exit (\d+)$")
LONGEST_SECONDS = 120


@dataclass(frozen=True)
class Typed:
    """One command of a page, the exit code it must end with, and the lines shown below it."""

    command: str
    code: int
    shown: tuple[str, ...]


Step = Typed | tuple[str, str]  # a command, or (name, content) of a file


def steps(page: str) -> list[Step]:
    """What a reader of this page does, in order."""
    found: list[Step] = []
    for match in _BLOCK.finditer(page):
        if match.group(1) is None:
            written = _FILE.match(match.group())
            assert written is not None
            found.append((written.group(1), written.group(2)))
        else:
            found += _typed(match.group(1))
    return found


def _typed(block: str) -> list[Step]:
    found: list[Step] = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        told = _EXIT.search(command)
        lines = tuple(line for line in shown if line.strip() and line.strip() != "...")
        found.append(Typed(_EXIT.sub("", command), int(told.group(1)) if told else 0, lines))
    return found


def environment(folder: Path) -> dict[str, str]:
    """An environment in which `cobalamin` and `python` are the ones under test, and nothing of a person's settings is left."""
    programs = folder.parent / f"{folder.name}-programs"
    programs.mkdir()
    for name, arguments in (("cobalamin", "-m cobalamin"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {arguments} "$@"\n', "utf-8")
        program.chmod(0o755)
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1", "NO_COLOR": "1"}


def flowed(text: str) -> str:
    """Text with every run of blanks and line ends as one blank."""
    return " ".join(text.split())


def missing_line(shown: tuple[str, ...], printed: str) -> str | None:
    """The first line that does not occur in what was printed, behind the one before it; None where all do."""
    rest = flowed(printed)
    for line in shown:
        _, found, rest = rest.partition(flowed(line))
        if not found:
            return line
    return None


def run_page(page: Path, folder: Path) -> int:
    """Do what a page says, in `folder`; the number of commands. Raises AssertionError with the first that differs."""
    typed = 0
    surroundings = environment(folder)
    for step in steps(page.read_text("utf-8")):
        if not isinstance(step, Typed):
            (folder / step[0]).write_text(step[1], "utf-8")
            continue
        typed += 1
        done = subprocess.run(
            step.command,
            shell=True,
            cwd=folder,
            env=surroundings,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LONGEST_SECONDS,
        )
        printed = done.stdout + done.stderr
        assert done.returncode == step.code, f"$ {step.command}\nended with {done.returncode}\n{printed}"
        missing = missing_line(step.shown, printed)
        assert missing is None, f"$ {step.command}\ndoes not print: {missing}\nbut:\n{printed}"
    return typed
