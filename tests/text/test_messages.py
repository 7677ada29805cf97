"""A message says in each language what its key and its values say; until then nothing of it is words."""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.amounts import read_mass
from cobalamin.knowledge.library import Library
from cobalamin.spans import Span
from cobalamin.text.messages import (
    Text,
    capital,
    day,
    day_or_month,
    day_range,
    days,
    deferred,
    every,
    in_words,
    joined,
    length,
    listed,
    mass,
    message,
    month,
    short_day,
    without_stop,
    word,
)

FIRST, LAST = date(2026, 1, 16), date(2026, 2, 2)


@pytest.mark.parametrize(
    ("text", "english", "dutch"),
    [
        ("as it is", "as it is", "as it is"),
        (day(FIRST), "Fri 16 January 2026", "vr 16 januari 2026"),
        (month("2026-03"), "March 2026 (day not known)", "maart 2026 (dag niet bekend)"),
        (short_day(FIRST), "16 Jan", "16 jan"),
        (short_day(FIRST, with_year=True), "16 Jan 2026", "16 jan 2026"),
        (length(Span(3, "mo")), "3 months", "3 maanden"),
        (days(1), "1 day", "1 dag"),
        (deferred(days, 2), "2 days", "2 dagen"),
        (without_stop(joined(days(1), ".", between="")), "1 day", "1 dag"),
        (day_or_month(FIRST), "Fri 16 January 2026", "vr 16 januari 2026"),
        (day_or_month(FIRST, "2026-01"), "January 2026 (day not known)", "januari 2026 (dag niet bekend)"),
        (every(Span(1, "d")), "every day", "elke dag"),
        (day_range(FIRST, LAST), "16 Jan to 2 Feb 2026", "16 jan t/m 2 feb 2026"),
        (mass(read_mass("1 mg"), "GB"), "1 mg (1,000 micrograms)", "1 mg (1000 microgram)"),
        (message("due_parts.at_least", late=days(3)), "at least 3 days", "minstens 3 dagen"),
        (capital(every(Span(2, "wk"))), "Every 2 weeks", "Elke 2 weken"),
        (joined(day(FIRST), "", "x", between=": "), "Fri 16 January 2026: x", "vr 16 januari 2026: x"),
        (listed([days(1), days(2)]), "1 day, 2 days", "1 dag, 2 dagen"),
        (word("flags", "NO_SUCH_CODE", "as its code says"), "as its code says", "as its code says"),
    ],
)  # fmt: skip
def test_a_text_is_said_in_the_language_of_the_words(library: Library, text: Text, english: str, dutch: str) -> None:
    assert in_words(text, library.words("en")) == english
    assert in_words(text, library.words("nl")) == dutch


def test_a_text_that_a_language_lacks_is_no_empty_sentence(library: Library) -> None:
    with pytest.raises(KeyError):
        in_words(message("due_parts.no_such_text"), library.own_words)


def test_what_has_no_words_yet_is_never_printed(library: Library) -> None:
    with pytest.raises(TypeError, match="in_words"):
        f"{days(3)}"
    assert library.own_words.text("due_parts.at_least", late=days(3)) == "at least 3 days"


def test_texts_that_say_the_same_are_the_same() -> None:
    assert message("due_parts.at_least", late=days(3)) == message("due_parts.at_least", late=days(3))
    assert mass(read_mass("1 mg"), "GB") == mass(read_mass("1000 mcg"), "GB")
    assert len({message("due_parts.at_least", late=days(3)), message("due_parts.at_least", late=days(4))}) == 2


def test_nothing_joined_is_nothing() -> None:
    assert joined("", "") == ""
    assert joined(between=message("joined.or")) == ""
    assert joined("", days(1)) == days(1)


def test_plain_texts_joined_are_a_plain_text() -> None:
    assert joined("1", "", "2") == "1 2"
