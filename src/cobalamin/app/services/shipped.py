"""The shipped library and its words, read once."""

from __future__ import annotations

from functools import cache

from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import compiled


@cache
def library() -> Library:
    """The shipped library, read once."""
    return compiled()


def library_in(language: str) -> Library:
    """The shipped library, speaking a language. Raises InputError naming those there are."""
    known = library().languages
    if language not in known:
        raise InputError.one("--lang", "", f"there are no words in '{language}'; known are {', '.join(known)}")
    return library().in_language(language)
