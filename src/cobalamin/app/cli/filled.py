"""What a setting or the session of the day fills in, each said on standard error where it is used."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import typer

from cobalamin.errors import InputError

if TYPE_CHECKING:
    from cobalamin.app.services.settings import Settings
    from cobalamin.knowledge.document import Tree


def say(key: str, **fields: object) -> None:
    """One line on standard error: what is filled in is no part of an answer."""
    from cobalamin.app.services.shipped import library

    sys.stderr.write(f"{library().own_words.text(key, **fields)}\n")


def usual_settings() -> Settings:
    """What is set. A file that can't be read is said and left alone, and holds no answer back."""
    from cobalamin.app.services.settings import Settings, read_settings

    try:
        return read_settings()
    except InputError as error:
        say("settings.not_read", fault=error.faults[0])
        return Settings()


def used(name: str, value: str) -> str:
    """The value, said to come from the settings."""
    if value:
        say("settings.used", name=name, value=value)
    return value


def country_or_usual(typed: str) -> str:
    return typed or used("country", usual_settings().country)


def name_or_usual(typed: str | None, ctx: typer.Context) -> str:
    """Who says it. Ends as a command without a needed option does where nobody is named."""
    if typed is not None:
        return typed
    name = usual_settings().name
    if not name:
        ctx.fail("Missing option '--by'. (Or set a name once: cobalamin settings name='Nurse B')")
    return used("name", name)


def with_what_holds(entry: dict[str, Tree], assessed: date) -> dict[str, Tree]:
    """The entry with what the session of the day and the settings fill in."""
    from cobalamin.app.services.session import session_of, with_session

    session, over = session_of(assessed)
    if over is not None:
        say("settings.session_over", day=day_words(over.on), values=", ".join(over.typed))
    entry, filled = with_session(entry, session)
    if session is not None and filled:
        values = {name: value for name, value in session.typed.items() if value in filled.values()}
        say("settings.session_used", day=day_words(session.on), values=told(values))
    here = entry.get("source", "this_site") == "this_site"
    if "by" in entry or not here:
        return entry
    name = used("name", usual_settings().name)
    return {**entry, "by": name} if name else entry


def told(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def day_words(day: date) -> str:
    from cobalamin.app.services.shipped import library
    from cobalamin.text.days import date_words

    return date_words(day, library().own_words)


def plain_words(ctx: typer.Context, param: typer.CallbackParam, value: bool) -> bool:
    """Whose words an answer is in: what is typed, else what is set. A JSON document holds both and depends on no setting."""
    source = ctx.get_parameter_source(str(param.name))
    typed = source is not None and source.name == "COMMANDLINE"
    if typed or ctx.resilient_parsing or "--json" in sys.argv or not something_is_set():
        return value
    if usual_settings().words != "patient":
        return value
    say("settings.used_words")
    return True


def something_is_set() -> bool:
    """Looked at first: to read the settings loads more than most commands need."""
    from cobalamin.app.services.own_files import SETTINGS, settings_folder

    return (settings_folder() / SETTINGS).exists()
