"""The help of the program: every command under its job, with lines that can be typed as they stand."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
import typer.main

from app.command_line import in_process
from cobalamin.app.cli.jobs import JOBS, MODULES
from cobalamin.app.cli.main import app
from cobalamin.app.cli.usage import LINES

PROGRAM = typer.main.get_command(app)


def test_every_command_stands_under_one_job() -> None:
    """The table of commands says what their modules add, and nothing else."""
    added = {command for name in MODULES for command in (PROGRAM.commands[name].name,)}  # type: ignore[attr-defined]
    assert added == set(MODULES)
    assert sum(len(commands) for commands in JOBS.values()) == len(MODULES)


def test_help_lists_the_jobs_and_the_first_steps() -> None:
    said = in_process("--help").out
    places = [said.index(f"\n{job}:") for job in JOBS]
    assert places == sorted(places)
    assert "propose anna.yaml --ask" in said[places[-1] :]


@pytest.mark.parametrize("line", [line for name in LINES for line in LINES[name]])
def test_the_lines_of_a_help_can_be_typed(line: str) -> None:
    """Each is read without a fault of usage: its options exist, and what a command needs is there."""
    name, *rest = shlex.split(line)
    command = PROGRAM.commands[name]  # type: ignore[attr-defined]
    if hasattr(command, "commands"):
        name, command, rest = rest[0], command.commands[rest[0]], rest[1:]
    command.make_context(name, rest)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_help_of_a_command_ends_with_its_lines(name: str) -> None:
    said = in_process(name, "--help").out
    for line in LINES[name]:
        assert f"  cobalamin {line}\n" in said


def test_a_command_loads_no_other() -> None:
    """A cold start is as quick as the one command that is asked for."""
    program = "import sys; sys.argv = ['cobalamin', 'dose', '--help']\ntry:\n import cobalamin.app.cli.main as m; m.main()\nexcept SystemExit: print(sorted(m for m in sys.modules if m.startswith('cobalamin.app.cli.')))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "cobalamin.app.cli.dose" in said
    for other in ("planning", "record", "panel", "library", "paper"):
        assert f"cobalamin.app.cli.{other}'" not in said
