"""Regimens as people type them: how their parts may be joined, and that a refusal says what is not understood."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobalamin.app.services import shipped
from cobalamin.errors import InputError
from cobalamin.kinetics.scenario import EXAMPLE, dated, read_scenario
from cobalamin.spans import Span, add
from cobalamin.therapy.case.case import Case, Patient
from cobalamin.therapy.case.facts import facts_of
from hazards import hazard


@pytest.mark.parametrize(
    "text", ["1 mg weekly x 4, then monthly", "1 mg weekly x 4; then monthly", "1 mg weekly x 4, and then monthly",
             "1 mg weekly x 4 then, monthly", "1 mg weekly x 4; monthly"],
)  # fmt: skip
def test_parts_are_joined_as_people_write(text: str) -> None:
    assert read_scenario(text) == read_scenario("1 mg weekly x 4 then monthly")


@pytest.mark.parametrize(
    ("words", "number"), [("three times", "3 times"), ("two times", "twice"), ("seven times", "7 times")]
)
def test_how_often_a_week_is_read_in_words(words: str, number: str) -> None:
    assert read_scenario(f"1 mg im {words} a week for 2 weeks") == read_scenario(f"1 mg im {number} a week for 2 weeks")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 mg weekly x 4 followed by monthly", "'followed by monthly' is not understood"),
        ("1 mg weekly x 4 then", "'then' is not understood"),
        ("1 mg weekly x 4; ; monthly", "nothing stands before or after a semicolon"),
        (", 1 mg weekly", "nothing stands before or after a comma of ', 1 mg weekly'"),
    ],
)
def test_a_refusal_says_what_is_not_understood_and_how_it_is_written(text: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        read_scenario(text)
    assert why in str(refused.value)
    assert f"write it as '{EXAMPLE}'" in str(refused.value)


@hazard("H134")
@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ("1 mg im monthly", ["hydroxocobalamin*"]),
        ("5000 mcg sublingual daily", ["cyanocobalamin*"]),
        ("500 mcg nasal weekly", ["cyanocobalamin*"]),
        ("1 mg hydroxocobalamin oral daily", ["hydroxocobalamin"]),
        ("1 mg hydroxocobalamin im weekly x 4 then 50 mcg oral daily", ["hydroxocobalamin", "cyanocobalamin*"]),
        ("1 mg im weekly x 4 then 50 mcg oral daily for 2 weeks then 1 mg im monthly",
         ["hydroxocobalamin*", "cyanocobalamin*", "hydroxocobalamin*"]),
        ("1 mg oral cyanocobalamin daily for 4 weeks then 1 mg im monthly", ["cyanocobalamin", "cyanocobalamin"]),
        ("1 mg mecobalamin im weekly x 4 then 1 mg oral daily", ["mecobalamin", "mecobalamin"]),
    ],
)  # fmt: skip
def test_a_substance_that_nobody_typed_is_assumed_by_the_route_and_marked(text: str, substances: list[str]) -> None:
    assert [part.substance + "*" * part.assumed for part in read_scenario(text)] == substances


def test_a_substance_asked_for_apart_holds_where_the_text_names_none() -> None:
    (part,) = read_scenario("1 mg oral daily", "hydroxocobalamin")
    assert (part.substance, part.assumed) == ("hydroxocobalamin", False)


# -- other ways to write the same ------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "typed-regimens.md"
WORDINGS = re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE.read_text("utf-8"), re.M)[2:]
START = date(2027, 1, 1)


def test_the_page_lists_wordings() -> None:
    assert len(WORDINGS) > 35
    assert all(written != read for written, read in WORDINGS)


@hazard("H134")
@pytest.mark.parametrize(("written", "read"), WORDINGS)
def test_both_wordings_of_the_page_are_the_same_regimen(written: str, read: str) -> None:
    assert read_scenario(written) == read_scenario(read)
    assert read_scenario(written.upper().replace(" ", "  ")) == read_scenario(read)


@hazard("H134")
@pytest.mark.parametrize(
    "text",
    ["1 mg bimonthly", "1 mg biweekly", "1 mg 6 doses weekly", "1 mg 6 doses every week", "1 mg 2 injections a month", "1 mg 3 x weekly",
     "1 mg x 2 a week", "1 mg x 6 per month", "1 mg 3 times a month", "1 mg q3m", "1 mg qd", "1 mg qod", "1,000 mcg monthly",
     "0,5 mg monthly", "500 mcg oral twice a day", "500 mcg oral 2x/day", "1 mg oral 3 times daily", "1 mg every 2 to 3 months",
     "1 mg oral daily with 1 mg im every 3 months", "1 mg oral injection monthly", "2 tablets of 1 mg daily", "1 mg every 3 m",
     "1 mg monthly for life x 6", "1 mg on days 3, 1", "1 mg on days 2, 4", "1 mg weekly x 4 then 1 mg on days 1, 3",
     "1 mg on days 1, 3 every month", "1 mg three days a week", "1 mg half a week", "1 mg x 3-monthly", "1 ml monthly"],
)  # fmt: skip
def test_what_has_two_meanings_or_no_answer_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_scenario(text)


def test_a_refusal_says_what_was_understood() -> None:
    with pytest.raises(InputError) as refused:
        read_scenario("1 mg hydroxocobalamin im monthly forever")
    assert "'forever' is not understood (understood: hydroxocobalamin, im, 1 mg, monthly)" in str(refused.value)


def days_of(text: str, months: int = 24) -> list[date]:
    facts = facts_of(Case(Patient("")), START)
    until = add(START, Span(months, "mo"))
    found = dated(read_scenario(text), START, until, shipped.library().default_policy, facts)
    return [each.on for each in found if each.on is not None and each.kind == "dose"]


def test_listed_days_are_those_days() -> None:
    days = days_of("1 mg im on days 1, 3, 7, 10, 14, 21 and 30, then monthly", 3)
    assert [(day - START).days + 1 for day in days[:7]] == [1, 3, 7, 10, 14, 21, 30]
    assert days[7] == add(days[6], Span(1, "mo"))


OFTEN = (
    "daily",
    "once weekly",
    "every 2 wk",
    "3-monthly",
    "eod",
    "twice weekly",
    "q4w",
    "quarterly",
    "a month",
    "each week",
)
LONG = ("x 3", "× 2", "for 4 doses", "for a month", "for 6 wk", "for one year")


@given(st.lists(st.tuples(st.sampled_from(OFTEN), st.sampled_from(LONG)), min_size=1, max_size=4))
def test_every_part_begins_and_ends(parts: list[tuple[str, str]]) -> None:
    """However it is spelled: as many parts as were typed, each with its end, and after the last of them nothing."""
    text = " then ".join(f"1 mg im {often} {long}" for often, long in parts)
    read = read_scenario(f"{text} then stop")
    assert len(read) == len(parts)
    assert all(part.end is not None for part in read)
    days = days_of(f"{text} then stop", 120)
    assert days[0] == START
    assert all(earlier < later for earlier, later in pairwise(days))
    assert days[-1] < add(START, Span(12 * len(parts) + 12, "mo"))
