"""The commands by the job they do. The module of a command is loaded when it is asked for: to load all takes longer than to answer."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from cobalamin.app.cli.languages import with_language
from cobalamin.app.cli.usage import epilog_of

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter

# For each job its commands, in the order of use, and the module of this package that has each of them.
JOBS: dict[str, dict[str, str]] = {
    "Begin": {"new": "files", "take-over": "entries", "check": "files", "demo": "demo"},
    "Choose a treatment": {
        "assess": "assess", "propose": "planning", "compare": "compare", "whatif": "compare", "plan": "planning", "accept": "planning",
    },
    "Day by day": {
        "due": "record", "today": "today", "record": "record", "set": "entries", "undo": "entries", "review": "record", "explain": "record",
    },
    "Print and share": {"sheet": "paper", "letter": "paper", "calendar": "calendar", "serve": "serve"},
    "Look up": {"ask": "ask", "dose": "dose", "simulate": "simulate", "library": "library"},
    "Many people": {"panel": "panel"},
    "For yourself and for programs": {"settings": "settings", "schema": "schema"},
}  # fmt: skip
MODULES = {name: module for commands in JOBS.values() for name, module in commands.items()}
FIRST_STEPS = """\b
First steps:
  cobalamin demo                      the main jobs, on examples
  cobalamin propose anna.yaml --ask   somebody new: one question at a time
  cobalamin take-over --help          somebody who is treated already
  cobalamin due anna.yaml             what is due
  cobalamin serve                     the same on pages, in the browser
"""


class Program(TyperGroup):
    """The program: its help lists the commands by job."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "epilog": FIRST_STEPS})
        self.commands = Commands()

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write each job with its commands."""
        room = formatter.width - 6 - max(map(len, MODULES))
        for job, names in JOBS.items():
            with formatter.section(job):
                formatter.write_dl([(name, _summary(self.get_command(ctx, name), room)) for name in names])


class Commands(MutableMapping[str, "Command"]):
    """The commands by name, each loaded when it is asked for."""

    def __init__(self) -> None:
        self._loaded: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._loaded:
            self._loaded.update(_commands_of(MODULES[name]))
        return self._loaded[name]

    def __setitem__(self, name: str, command: Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


def _commands_of(module: str) -> dict[str, Command]:
    """The commands that a module adds, whose names are those of the table above."""
    part = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    part.callback()(_nothing)  # else a module of one command would be that command
    import_module(f"cobalamin.app.cli.{module}").add_to(part)
    found = typer.main.get_group(part).commands
    for name, command in found.items():
        with_language(command).epilog = epilog_of(name)
    return dict(found)


def _summary(command: Command | None, room: int) -> str:
    return command.get_short_help_str(room) if command else ""


def _nothing() -> None:
    """What is called before a command: nothing."""
