"""English that stands outside quotations in a text of another language."""

from __future__ import annotations

import html
import re

from cobalamin.knowledge.quoting import QUOTE, UNQUOTE

# Words that nearly every English sentence has and no Dutch one.
_WORDS = frozenset(
    [
        "after",
        "and",
        "are",
        "before",
        "but",
        "could",
        "does",
        "for",
        "from",
        "has",
        "have",
        "if",
        "its",
        "must",
        "not",
        "should",
        "than",
        "that",
        "the",
        "their",
        "these",
        "they",
        "this",
        "those",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "with",
        "without",
        "would",
        "you",
        "your",
    ]
)
_QUOTED = re.compile(f"{QUOTE}[^{QUOTE}{UNQUOTE}]*{UNQUOTE}")
_TYPED = re.compile(r"(?:--[a-z-]+|cobalamin [a-z]).*")  # what is typed is the same in every language
_SOURCES = re.compile(r"^Bronnen$.*?(?:\n\n|\Z)", re.DOTALL | re.MULTILINE)
_CUT = re.compile("[A-Z]{2,3} +\u2026?[^\u2026\n]*\u2026")  # a title of a source, cut for its column
_WORD = re.compile(r"[A-Za-z'_-]+")
_NOT_READ = re.compile(
    r"<(script|style|textarea|code|pre)\b.*?</\1>|<section class=\"sources\".*?</section>", re.DOTALL
)
_IDS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+\b")


def english_left(text: str) -> list[str]:
    """The lines with an English word outside quotations; sources and what is typed have names of their own."""
    told = _CUT.sub(" ", _QUOTED.sub(" ", _SOURCES.sub("", text)))
    return [line for line in told.splitlines() if _has_english(_TYPED.sub("", line))]


def english_left_on(page: str) -> list[str]:
    """The same for a page, in what is read of it."""
    read = html.unescape(re.sub(r"<[^>]*>", "\n", _NOT_READ.sub(" ", page)))
    return [line.strip() for line in english_left(" ".join(read.split("\u00a0"))) if line.strip()]


def _has_english(line: str) -> bool:
    words = {word for word in _WORD.findall(_IDS.sub("", line)) if not word.isupper()}
    return not _WORDS.isdisjoint(word.lower() for word in words)
