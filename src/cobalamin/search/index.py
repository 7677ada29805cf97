"""A question cut into words, and an index of passages in memory that is searched by them.

Question and passages are cut by the same rules of the database (words, English stems). Nothing of a question reaches it unless
as a quoted word, so nothing in it can be an operator.
"""

from __future__ import annotations

import re
import sqlite3
import weakref
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cobalamin.knowledge.synonyms import Synonym

_TOKENIZER = "tokenize='porter unicode61 remove_diacritics 2'"
_TOPIC, _PLAIN, _TEXT, _EVERYDAY = 2.0, 1.5, 1.0, 1.0  # a word in the topic says more than one in the text
_MOST_WORDS = 80
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['\u2019\u02bc`]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_GLUED = re.compile(r"(\d)(?=(?:mcg|mg|ug|\u00b5g|\u03bcg|ml|g)\b)", re.IGNORECASE)
_SAME_BEGINNING = 3
_LONG_WORD = 4  # letters


@dataclass(frozen=True)
class Group:
    """Words of a question that mean one thing, and everything that is searched for it."""

    word: str
    searched: tuple[str, ...]

    @property
    def expression(self) -> str:
        return " OR ".join(_phrase(word) for word in dict.fromkeys(self.searched))


class Index:
    """Passages as (topic, plain words, text, everyday questions), and one question after another. For one thread alone."""

    def __init__(self, passages: Iterable[tuple[str, str, str, str]]) -> None:
        self.asked: tuple[str, ...] = ()
        self._tables = sqlite3.connect(":memory:", check_same_thread=False)  # only the closing may be another thread's
        weakref.finalize(self, self._tables.close)
        self._table("passages", "topic, plain, text, everyday", passages)
        for name in ("asked", "said", "one_text"):
            self._table(name, "words", [])

    def ask(self, question: str) -> None:
        """From now on everything is asked about this question."""
        words = words_of(question)
        self.asked = tuple(dict.fromkeys(words))[:_MOST_WORDS]
        self._tables.execute("DELETE FROM asked")
        self._tables.execute("INSERT INTO asked VALUES (?)", (" ".join(words),))

    def _table(self, name: str, columns: str, rows: Iterable[tuple[str, ...]]) -> None:
        self._tables.execute(f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, {_TOKENIZER})")
        marks = ", ".join("?" for _ in columns.split(","))
        self._tables.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def groups(self, synonyms: Sequence[Synonym], empty: Collection[str], british: Mapping[str, str]) -> list[Group]:
        """The question's words, each with what else it is called; `british` by American words. Empty words are left out."""
        found = self._side_by_side([said for synonym in synonyms for said in synonym.said])
        groups: list[Group] = []
        for synonym in synonyms:
            said = [word for word in synonym.said if word in found]
            groups += [Group(said[0], (*said, *synonym.means))] if said else []
        used = {part for word in found for part in words_of(word)}
        rest = (word for word in self.asked if word not in empty and not self._is_used(word, used))
        return groups + [Group(word, (word, british.get(word, word))) for word in rest]

    def _side_by_side(self, phrases: Sequence[str]) -> set[str]:
        """Phrases that the question holds, without those inside a longer one ("needle" in "pins and needles")."""
        asked = [phrase for phrase in self._sharing_a_word(phrases) if self._any("asked", _phrase(phrase))]
        inside = {
            short
            for short in asked
            for long in asked
            if len(words_of(short)) < len(words_of(long)) and self._within(long, short)
        }
        return set(asked) - inside

    def _sharing_a_word(self, phrases: Sequence[str]) -> list[str]:
        self._tables.execute("DELETE FROM said")
        self._tables.executemany("INSERT INTO said VALUES (?)", [(phrase,) for phrase in phrases])
        expression = " OR ".join(map(_phrase, self.asked))
        rows = self._tables.execute("SELECT rowid - 1 FROM said WHERE said MATCH ? ORDER BY rowid", (expression,))
        return [phrases[row] for (row,) in rows]

    def _is_used(self, word: str, used: set[str]) -> bool:
        """Whether a word is searched already, in this or another grammatical form."""
        alike = (other for other in used if word[:_SAME_BEGINNING] == other[:_SAME_BEGINNING])
        return word in used or any(self._within(word, other) for other in alike)

    def _within(self, text: str, phrase: str) -> bool:
        self._tables.execute("DELETE FROM one_text")
        self._tables.execute("INSERT INTO one_text VALUES (?)", (text,))
        return self._any("one_text", _phrase(phrase))

    def _any(self, table: str, expression: str) -> bool:
        query = f"SELECT 1 FROM {table} WHERE {table} MATCH ?"
        return self._tables.execute(query, (expression,)).fetchone() is not None

    # -- what is found -----------------------------------------------------------------------------------------------

    def rows(self, group: Group) -> list[tuple[int, float]]:
        """(number of the passage, relevance) of every passage that has one of the words."""
        query = "SELECT rowid - 1, -bm25(passages, ?, ?, ?, ?) FROM passages WHERE passages MATCH ?"
        return self._tables.execute(query, (_TOPIC, _PLAIN, _TEXT, _EVERYDAY, group.expression)).fetchall()

    def naming(self, words: str, weighed: Sequence[tuple[Group, list[tuple[int, float]]]]) -> set[int]:
        """Numbers of the passages that have these words, or any that they were searched by; long words also apart from each other."""
        parts = words.split()
        known = next((rows for group, rows in weighed if any(_has(each, parts) for each in group.searched)), None)
        if known is not None:
            return {row for row, _ in known}
        apart = parts if min(map(len, parts)) >= _LONG_WORD else [words]
        return set.intersection(*({row for row, _ in self.rows(Group(part, (part,)))} for part in apart))

    def stands(self, group: Group) -> bool:
        """Whether a passage itself has one of the words, and not only a question that it answers."""
        return self._any("passages", f"{{topic plain text}} : ({group.expression})")

    def topics(self, group: Group) -> set[int]:
        """Numbers of the passages whose topic has one of the words."""
        query = "SELECT rowid - 1 FROM passages WHERE passages MATCH ?"
        return {row for (row,) in self._tables.execute(query, (f"topic : ({group.expression})",))}


def words_of(text: str) -> list[str]:
    """Words in lower case, apostrophes dropped; "1,000mcg" is two words."""
    plain = _THOUSANDS.sub("", _GLUED.sub(r"\1 ", _APOSTROPHE.sub("", text)))
    return _WORD.findall(plain.lower())


def _has(phrase: str, parts: list[str]) -> bool:
    words = words_of(phrase)
    return any(words[at : at + len(parts)] == parts for at in range(len(words)))


def _phrase(text: str) -> str:
    """Words side by side, quoted, so that none of them is an operator."""
    return f'"{" ".join(words_of(text))}"'
