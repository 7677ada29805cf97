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


def library_in(language: str, as_json: bool = False) -> Library:
    """The shipped library, speaking a language; for a document, which is the same in all of them, its own.

    Raises InputError naming the languages there are.
    """
    known = library().languages
    if language not in known:
        raise InputError.one("--lang", "", f"there are no words in '{language}'; known are {', '.join(known)}")
    return library() if as_json else library().in_language(language)
