"""The shipped library and its words, read once, in the language that is spoken: chosen in one place, read everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import cache

from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import compiled
from cobalamin.knowledge.words import ENGLISH

_SPOKEN: ContextVar[str] = ContextVar("language that is spoken", default=ENGLISH)


@cache
def _in_english() -> Library:
    return compiled()


def library() -> Library:
    """The shipped library, read once, speaking the language that was chosen for this command or page."""
    return _in_english().in_language(_SPOKEN.get())


def known_language(language: str, place: str = "--lang") -> str:
    """The language, where the library has its words. Raises InputError naming the languages there are."""
    known = _in_english().languages
    if language not in known:
        raise InputError.one(place, "", f"there are no words in '{language}'; known are {', '.join(known)}")
    return language


def speak(language: str) -> Token[str]:
    """Let everything that follows in this command or page speak a known language, until `fall_silent`."""
    return _SPOKEN.set(language)


def fall_silent(token: Token[str]) -> None:
    """Speak again what was spoken before."""
    _SPOKEN.reset(token)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """A language for a while."""
    token = speak(language)
    try:
        yield
    finally:
        fall_silent(token)


def library_in(language: str, as_json: bool = False) -> Library:
    """The shipped library, speaking a language; for a document, which is the same in all of them, English.

    Raises InputError naming the languages there are.
    """
    return _in_english() if as_json else _in_english().in_language(known_language(language))
