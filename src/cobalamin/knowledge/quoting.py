"""What a language other than English says of records: their sentences translated, or quoted in English (docs/adr/0018)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

QUOTE, UNQUOTE = "\u00ab", "\u00bb"
_QUOTED = re.compile(f"({QUOTE}[^{QUOTE}{UNQUOTE}]*{UNQUOTE})")
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile("(, |; )")
_UNTIL = "until "  # said in the words of the reader before how a phase ends
MOST_KEPT = 20_000


class Quoting:
    """The sentences of records, each with its translation where there is one."""

    def __init__(self, sentences: Iterable[str], translated: Mapping[str, str]) -> None:
        told = {each: translated.get(each) or f"{QUOTE}{each}{UNQUOTE}" for each in sentences} | dict(translated)
        ends = {
            each.removeprefix(_UNTIL): f"{QUOTE}{each.removeprefix(_UNTIL)}{UNQUOTE}"
            for each in told
            if each.startswith(_UNTIL)
        }
        self._told = ends | {_begun(each): _begun(said) for each, said in told.items()} | told
        self._within: dict[str, list[str]] = {}
        for each in sorted((each for each in self._told if " " in each), key=len, reverse=True):
            begin = _WORD.search(each)
            if begin is not None and begin.start() == 0:
                self._within.setdefault(begin[0], []).append(each)
        self._kept: dict[str, str] = {}

    def said(self, text: str) -> str:
        """The text: a sentence, a list of them, or one that has them within."""
        found = self._kept.get(text)
        if found is None:
            found = self._whole(text) or self._listed(text) or self._with_sentences(text)
            if len(self._kept) < MOST_KEPT:
                self._kept[text] = found
        return found

    def _whole(self, text: str) -> str:
        if text in self._told:
            return self._told[text]
        stopped = self._told.get(f"{text}.", "")  # inside a sentence a text stands without its full stop
        if not stopped.endswith(UNQUOTE):
            return stopped.removesuffix(".")
        return f"{stopped.removesuffix(UNQUOTE).removesuffix('.')}{UNQUOTE}"

    def _listed(self, text: str) -> str:
        parts = _BETWEEN.split(text)
        told = [part if _BETWEEN.fullmatch(part) else self._whole(part) for part in parts]
        return "".join(told) if all(told) else ""

    def _with_sentences(self, text: str) -> str:
        """The text with each sentence in it said; what is quoted already stays."""
        pieces = _QUOTED.split(text)
        return "".join(piece if piece.startswith(QUOTE) else self._sentences_in(piece) for piece in pieces)

    def _sentences_in(self, text: str) -> str:
        made, at = list[str](), 0
        for word in _WORD.finditer(text):
            if word.start() >= at and (found := self._sentence_at(text, word)):
                made += (text[at : word.start()], self._told[found])
                at = word.start() + len(found)
        return "".join((*made, text[at:]))

    def _sentence_at(self, text: str, word: re.Match[str]) -> str:
        for each in self._within.get(word[0], ()):
            if text.startswith(each, word.start()):
                after = text[word.start() + len(each) :][:1]
                if not (each[-1].isalnum() and after.isalnum()):
                    return each
        return ""


def _begun(text: str) -> str:
    """The text as it begins a sentence, also within quotation marks."""
    at = 1 if text.startswith(QUOTE) else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]
