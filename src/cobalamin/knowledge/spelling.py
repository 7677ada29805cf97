"""British spelling, in which the library is written, as readers in the United States expect it. Changes no number."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

AMERICAN = frozenset({"US"})
_WORD = re.compile(r"`[^`]*`|[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_LETTERS = re.compile(r"[A-Za-z]+")


def spelled(text: str, country: str, spellings: Mapping[str, str], ids: Container[str] = ()) -> str:
    """The text in the spelling of the reader's country; `spellings` are American words by British ones.

    What is typed as it stands keeps its letters: `ids` of the library, words of the case file, a command between backquotes.
    """
    if country not in AMERICAN:
        return text

    def told(match: re.Match[str]) -> str:
        word = match.group()
        if word.startswith("`") or "_" in word or word in ids:
            return word
        return _LETTERS.sub(lambda part: _as_written(part.group(), spellings), word)

    return _WORD.sub(told, text)


def _as_written(word: str, spellings: Mapping[str, str]) -> str:
    """The word with its own capitals; codes in capital letters (POLYCYTHAEMIA_VERA) are no words."""
    found = spellings.get(word.lower())
    if found is None or (word.isupper() and len(word) > 1):
        return word
    return found.capitalize() if word[0].isupper() else found
