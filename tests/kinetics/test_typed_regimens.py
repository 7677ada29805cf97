"""Regimens as people type them: how their parts may be joined, and that a refusal says what is not understood."""

from __future__ import annotations

import pytest

from cobalamin.errors import InputError
from cobalamin.kinetics.scenario import EXAMPLE, read_scenario
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
