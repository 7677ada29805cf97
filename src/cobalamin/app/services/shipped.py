"""The shipped library and its words, read once."""

from __future__ import annotations

from functools import cache

from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import compiled
from cobalamin.knowledge.words import Words


@cache
def library() -> Library:
    """The shipped library, read once."""
    return compiled()


def words_in(language: str) -> Words:
    """The words of a language. Raises InputError naming those there are."""
    known = library().languages
    if language not in known:
        raise InputError.one("--lang", "", f"there are no words in '{language}'; known are {', '.join(known)}")
    return library().words(language)
