"""Texts in English, as the library that this program ships says them."""

from __future__ import annotations

from functools import cache

from cobalamin.app.services import shipped
from cobalamin.knowledge.words import Words
from cobalamin.text.messages import Text, in_words


def english(text: Text) -> str:
    """The text in English."""
    return in_words(text, _words())


@cache
def _words() -> Words:
    return shipped.library().words("en")
