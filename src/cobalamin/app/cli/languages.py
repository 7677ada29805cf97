"""`--lang`: the language of what a command says to people. Every command that says something has the option."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperOption

from cobalamin.app.cli.filled import say, something_is_set
from cobalamin.errors import InputError

if TYPE_CHECKING:
    from typer._click.core import Command

ENGLISH = "en"
OF_PROGRAMS = ("schema",)  # says nothing to people


def spoken(ctx: typer.Context, param: typer.CallbackParam, value: str) -> str:
    """The language that is typed, else the one that is set. A JSON document is the same in every language."""
    if ctx.resilient_parsing:
        return value
    source = ctx.get_parameter_source(str(param.name))
    typed = source is not None and source.name == "COMMANDLINE"
    language = _known(value) if typed else _usual()
    if language != ENGLISH and "--json" not in sys.argv:
        from cobalamin.app.services.shipped import fall_silent, speak

        token = speak(language)
        ctx.call_on_close(lambda: fall_silent(token))
        if not typed:
            say("settings.used_language", name=language)
    return language


def _known(language: str) -> str:
    from cobalamin.app.services.shipped import known_language

    return language if language == ENGLISH else known_language(language)


def _usual() -> str:
    if "--json" in sys.argv or not something_is_set():
        return ENGLISH
    from cobalamin.app.services.settings import read_settings

    try:
        return read_settings().language or ENGLISH
    except InputError:  # said where something of it would be filled in; said twice it would hide the answer
        return ENGLISH


LANG = ("--lang",)
LANG_OPTION: dict[str, Any] = {
    "metavar": "LANGUAGE",
    "help": "The language of dates, headings and sentences: en, or nl (Dutch, not reviewed by a clinician).",
    "callback": spoken,
    "is_eager": True,
    "show_default": False,
}


def with_language(command: Command) -> Command:
    """The command, and each command beneath it, with `--lang` where its function does not take it."""
    for beneath in getattr(command, "commands", {}).values():
        with_language(beneath)
    if isinstance(command, TyperCommand) and command.name not in OF_PROGRAMS and not _has_it(command):
        command.params.append(TyperOption(param_decls=list(LANG), default=ENGLISH, expose_value=False, **LANG_OPTION))
    return command


def _has_it(command: TyperCommand) -> bool:
    return any(LANG[0] in each.opts for each in command.params)
