"""What somebody typed, as sentences of words: lower case, contractions written out, American spelling and slips made even.

Pure. A word is compared by its stem, so that "swelling", "swells" and "swelled" are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

COMMA = ","
QUESTION_WORDS = frozenset({
    "how", "what", "when", "which", "why", "who", "where", "can", "could", "should", "may", "do", "does", "is", "are", "will", "must",
})  # fmt: skip
_TOKEN = re.compile(r"\d+\.\d+|[^\W_]+|[.!?;\n]+|[,:()\u2013\u2014-]")
_APOSTROPHE = re.compile("(?<=\\w)['\u2019\u02bc`\u00b4](?=\\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_GLUED = re.compile(r"(?<=\d)(?=[a-z]{2})")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_DOUBLED = re.compile(r"([b-df-hj-km-np-rtv-y])\1$")
_ENDINGS = ("nesses", "ness", "ingly", "edly", "ings", "ing", "ed", "es", "s", "ly")
_MEASURED = re.compile(
    r".* \d+\.\d+ .*|.* \d+ (?:mmol|meq|millimol|millimoles)|(?:is|was|of|at) \d+ (?:,|and|but)?", re.ASCII
)
_SHORTEST_SLIP, _TWO_SLIPS = 5, 11  # letters of a word in which one, or two, may be wrong
_MOST_WORDS = 2_000


@dataclass(frozen=True)
class Sentence:
    """Words and commas in order, their stems, and whether a question mark ends it."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    asks: bool


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What is left of a word without its usual English endings; short words stay as they are."""
    if len(word) < 4 or not word.isalpha():
        return word
    for ending in _ENDINGS:
        left = len(word) - len(ending)
        if word.endswith(ending) and left >= 3 and not (ending == "s" and word[-2] in "su"):
            word = word[:left]
            if ending in ("ing", "ings", "ed"):
                word = _DOUBLED.sub(r"\1", word)
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return f"{word[:-1]}i" if len(word) > 3 and word.endswith("y") else word


def sentences(
    text: str,
    contractions: Mapping[str, str],
    british: Mapping[str, str],
    wanted: frozenset[str],
    known: Collection[str],
) -> tuple[Sentence, ...]:
    """The sentences of a text. `wanted`: words that a misspelt one may have meant; `known`: others that are no slip."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = _HYPHEN.sub(" ", _APOSTROPHE.sub("", _GLUED.sub(" ", _THOUSANDS.sub("", plain))))
    for short, full in contractions.items():
        plain = plain.replace(short, full) if " " in short else plain
    found: list[Sentence] = []
    words: list[str] = []
    for token in _TOKEN.findall(plain)[:_MOST_WORDS]:
        if token[0] in ".!?;\n":
            _close(found, words, "?" in token)
        elif not token[0].isalnum():
            words.append(COMMA)
        else:
            word = contractions.get(token, british.get(token, token))
            words += word.split() if " " in word or word in known else [corrected(word, wanted)]
    _close(found, words, False)
    return tuple(found)


def _close(found: list[Sentence], words: list[str], asks: bool) -> None:
    if any(word != COMMA for word in words):
        found.append(Sentence(tuple(words), tuple(map(stem, words)), asks))
    elif asks and found:
        found[-1] = Sentence(found[-1].words, found[-1].stems, True)
    words.clear()


def numbers(sentence: Sentence) -> dict[int, Decimal]:
    """Measured numbers by where they stand: those with a decimal point, with a unit of substance, or said to be it ("is 2")."""
    words = ("", *sentence.words, "")
    around = enumerate(zip(words, words[1:], words[2:], strict=False))
    return {
        at: Decimal(word) for at, (before, word, after) in around if _MEASURED.fullmatch(f"{before} {word} {after}")
    }


# -- slips of the pen ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
def corrected(word: str, known: frozenset[str]) -> str:
    """The only known word that differs from this one by a slip or two; the word itself where there is none, or several."""
    if len(word) < _SHORTEST_SLIP or word in known or not word.isalpha():
        return word
    most = 2 if len(word) >= _TWO_SLIPS else 1
    alike = (_alike(known).get((word[0], len(word) + longer), ()) for longer in range(-most, most + 1))
    near = {other: slips(word, other, most) for others in alike for other in others}
    fitting = sorted((far, other) for other, far in near.items() if far <= most)
    if not fitting or (len({stem(other) for far, other in fitting if far == fitting[0][0]}) > 1):
        return word
    return fitting[0][1]


@lru_cache(maxsize=8)
def _alike(known: frozenset[str]) -> dict[tuple[str, int], list[str]]:
    """Words by what a slip leaves: the first letter and, within one or two, the length."""
    found: dict[tuple[str, int], list[str]] = {}
    for word in known:
        if len(word) >= _SHORTEST_SLIP:
            found.setdefault((word[0], len(word)), []).append(word)
    return found


def slips(one: str, other: str, most: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour between two words; more than `most` is `most + 1`."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        this = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, this[column - 1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            this.append(cost)
        if min(this) > most:
            return most + 1
        before, last = last, this
    return last[-1]
