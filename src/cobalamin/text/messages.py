"""Messages: what is said, as the key of a text and its values. The words are chosen where it is shown, in `in_words`.

A decision returns messages, so that one decision can be read in every language and nothing decided depends on words. Values stay
typed until then: a day, a span, a mass. Equal messages say the same in every language; they can be compared and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from cobalamin.amounts import Mass, mass_text
from cobalamin.knowledge.words import Parts, Worded, Words
from cobalamin.spans import Span
from cobalamin.text import days as forms
from cobalamin.text.safe import upper_first

# A plain text is said as it is in every language: an id, what a person typed, the wording of a record of the library.
Text: TypeAlias = str | Worded


def in_words(text: Text, words: Words) -> str:
    """The text in the language of `words`."""
    return words.of_record(text) if isinstance(text, str) else text.in_words(words)


def text_order(text: Text) -> tuple[bool, str]:
    """A key that puts texts in one order, whatever the language: wordings of records first, then messages by key and values."""
    return (False, text) if isinstance(text, str) else (True, repr(text))


@dataclass(frozen=True, slots=True)
class Message(Worded):
    """A text by its key, "section.name", with the values of its fields. `otherwise` stands where a language has no such text."""

    key: str
    fields: tuple[tuple[str, object], ...] = ()
    otherwise: Text | None = None

    def in_words(self, words: Words) -> str:
        if self.otherwise is not None and self.key not in words.texts:
            return in_words(self.otherwise, words)
        return words.text(self.key, **dict(self.fields))


def message(key: str, /, **fields: object) -> Message:
    """The text of this key, its fields filled with texts, numbers or values that have words."""
    return Message(key, tuple(fields.items()))


def word(section: str, name: str, otherwise: Text = "") -> Message:
    """A single word of a section; `otherwise` where the section has none, as for the code of a new remark."""
    return Message(f"{section}.{name}", (), otherwise)


@dataclass(frozen=True, slots=True)
class _Joined(Worded):
    parts: tuple[Text, ...]
    between: Text

    def in_words(self, words: Words) -> str:
        return in_words(self.between, words).join(in_words(part, words) for part in self.parts)


def joined(*parts: Text, between: Text = " ") -> Text:
    """The texts one after the other; empty ones are left out."""
    found = tuple(part for part in parts if part)
    if len(found) < 2:
        return found[0] if found else ""
    plain = [part for part in found if isinstance(part, str)]
    return (
        Parts.of(plain, between) if len(plain) == len(found) and isinstance(between, str) else _Joined(found, between)
    )


def listed(parts: Iterable[Text], between: Text = ", ") -> Text:
    """The texts as a list in one line."""
    return joined(*parts, between=between)


@dataclass(frozen=True, slots=True, repr=False)
class _Deferred(Worded):
    made_by: Callable[..., Text]
    values: tuple[Any, ...]

    def __repr__(self) -> str:
        return repr(self.made_by(*self.values))  # what is put in order by it must not depend on an address in memory

    def in_words(self, words: Words) -> str:
        return in_words(self.made_by(*self.values), words)


def deferred(made_by: Callable[..., Text], *values: object) -> Text:
    """The text that a function makes of values, made once it is shown: of what is said by many and read of few."""
    return _Deferred(made_by, values)


@dataclass(frozen=True, slots=True)
class _Capital(Worded):
    text: Worded

    def in_words(self, words: Words) -> str:
        return upper_first(self.text.in_words(words))


def capital(text: Text) -> Text:
    """The text with a capital at its begin."""
    return upper_first(text) if isinstance(text, str) else _Capital(text)


@dataclass(frozen=True, slots=True)
class _Unstopped(Worded):
    text: Worded

    def in_words(self, words: Words) -> str:
        return self.text.in_words(words).rstrip(".")


def without_stop(text: Text) -> Text:
    """The text without the full stop at its end, to stand inside a sentence."""
    return text.rstrip(".") if isinstance(text, str) else _Unstopped(text)


@dataclass(frozen=True, slots=True)
class _Formed(Worded):
    """Values with the form in which they are written."""

    form: str
    values: tuple[Any, ...]

    def in_words(self, words: Words) -> str:
        return _FORMS[self.form](*self.values, words)


def _mass(mass: Mass, country: str, words: Words) -> str:
    return mass_text(mass, country, words.units)


def _short(day: date, with_year: bool, words: Words) -> str:
    return forms.day_short(day, words, with_year)


_FORMS: Mapping[str, Callable[..., str]] = {
    "day": forms.date_words,
    "month": forms.month_words,
    "short": _short,
    "span": forms.span_words,
    "every": forms.every_words,
    "range": forms.range_words,
    "mass": _mass,
}


def day(on: date) -> Text:
    """ "Fri 16 January 2026" """
    return _Formed("day", (on,))


def month(written: str) -> Text:
    """ "March 2026 (day not known)" for a month written `2026-03`"""
    return _Formed("month", (written,))


def day_or_month(on: date, written: str = "") -> Text:
    """The month `written`, where of the day only that is known; else the day."""
    return month(written) if written else day(on)


def short_day(on: date, with_year: bool = False) -> Text:
    """ "2 Apr", "30 Apr 2026" """
    return _Formed("short", (on, with_year))


def length(span: Span) -> Text:
    """ "3 months", "1 week" """
    return _Formed("span", (span,))


def days(number: int) -> Text:
    """ "1 day", "12 days" """
    return length(Span(number, "d"))


def every(span: Span) -> Text:
    """ "every 3 months", "every day" """
    return _Formed("every", (span,))


def day_range(first: date, last: date) -> Text:
    """ "1 May to 28 May 2026"; the one day in full"""
    return _Formed("range", (first, last))


def mass(amount: Mass, country: str) -> Text:
    """ "1 mg (1,000 micrograms)", in the form that the labels of this country have (hazard H01)"""
    return _Formed("mass", (Mass(amount.micrograms, "ug"), country))  # 1 mg and 1000 micrograms are said alike
