"""British spelling, in which the library is written, as readers in the United States expect it. Changes no number."""

from __future__ import annotations

import re
from collections.abc import Mapping

AMERICAN = frozenset({"US"})
_WORD = re.compile(r"[A-Za-z]+")


def spelled(text: str, country: str, spellings: Mapping[str, str]) -> str:
    """The text in the spelling of the reader's country; `spellings` are American words by British ones."""
    if country not in AMERICAN:
        return text
    return _WORD.sub(lambda match: _as_written(match.group(), spellings), text)


def _as_written(word: str, spellings: Mapping[str, str]) -> str:
    """The word with its own capitals; codes in capital letters (POLYCYTHAEMIA_VERA) are no words."""
    found = spellings.get(word.lower())
    if found is None or (word.isupper() and len(word) > 1):
        return word
    return found.capitalize() if word[0].isupper() else found
