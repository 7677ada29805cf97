"""The command that shows and changes what other commands fill in: settings."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer

from cobalamin.app.cli.days import assessment_day
from cobalamin.app.cli.filled import day_words
from cobalamin.app.cli.options import On
from cobalamin.app.services import session as sessions
from cobalamin.app.services import settings as kept
from cobalamin.app.services.shipped import library
from cobalamin.errors import InputError, visible

SESSION = "session"


def settings(
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE...]", help="What to set; KEY= takes it out. With 'session' first: for one day."
        ),
    ] = None,
    on: On = "",
) -> None:
    """Show or change what commands fill in: country, name, practice, product, words, language; and a clinic's session."""
    typed, today = values or [], assessment_day(on)
    if typed[:1] == [SESSION]:
        changes = _changes(typed[1:])
        if changes:
            sessions.set_session(changes, today)
        _show_session(today)
        return
    changes = _changes(typed)
    _show(kept.changed_settings(changes) if changes else kept.read_settings())
    _show_session(today, only_set=True)


def _changes(typed: list[str]) -> dict[str, str]:
    """KEY=VALUE, where the value may be empty. Raises InputError."""
    found: dict[str, str] = {}
    for each in typed:
        key, equals, value = each.partition("=")
        if not equals or not key.strip():
            raise InputError.one("settings", "", f"'{each}' must be KEY=VALUE, for example country=GB")
        if key.strip() in found:
            raise InputError.one("settings", key.strip(), "is given twice; keep one")
        found[key.strip()] = value
    return found


def _show(found: kept.Settings) -> None:
    set_now = {key: value for key in kept.KEYS if (value := getattr(found, key))}
    if not set_now:
        _print("settings.file_none")
        return
    _print("settings.file", path=kept.settings_file())
    for name, value in set_now.items():
        _print("settings.value", indent=2, name=name, value=value)
    _print("settings.explained")


def _show_session(today: date, only_set: bool = False) -> None:
    session, over = sessions.session_of(today)
    if over is not None:
        _print("settings.session_over", day=day_words(over.on), values=", ".join(over.typed))
    if session is not None:
        _print("settings.session", day=day_words(session.on))
        for name, value in session.typed.items():
            _print("settings.value", indent=2, name=name, value=value)
        _print("settings.session_ends")
    elif not only_set:
        _print("settings.session_none")


def _print(key: str, indent: int = 0, **fields: object) -> None:
    sys.stdout.write(f"{' ' * indent}{visible(library().own_words.text(key, **fields))}\n")


def add_to(app: typer.Typer) -> None:
    app.command()(settings)
