"""A potassium told as a number: how urgent it is follows this program's own limits, the same as in a record."""

from __future__ import annotations

import pytest

from cobalamin import ask
from hazards import hazard

URGENT = [
    ("my potassium is 2.4", "Emergency department now", "Go to an emergency department now."),
    ("potassium came back at 1.95 today", "Emergency department now", "Go to an emergency department now."),
    ("K 2.9 on the blood test", "Speak to the prescriber today", "Speak to the person who prescribes for you today."),
    ("potassium is 2.5 mmol/L", "Speak to the prescriber today", "Speak to the person who prescribes for you today."),
    ("potassium is 2 and I feel weak", "Emergency department now", "Go to an emergency department now."),
]


@hazard("H68")
@pytest.mark.parametrize(("question", "action", "plain"), URGENT, ids=[row[0] for row in URGENT])
def test_a_potassium_told_as_a_number_is_as_urgent_as_in_a_record(question: str, action: str, plain: str) -> None:
    flag = next(flag for flag in ask(question).urgent if flag.id == "low_potassium")
    assert flag.action.startswith(action)
    assert "this program's assumption" in flag.action
    assert flag.plain_action.startswith(plain)


@hazard("H69")
@pytest.mark.parametrize(
    "question", ["my potassium is 4.1", "potassium is 3.9 mmol/L", "potassium is checked on day 3, why?"]
)
def test_a_usual_potassium_raises_no_alarm(question: str) -> None:
    assert ask(question).urgent == ()


def test_a_potassium_a_little_low_is_not_called_an_emergency() -> None:
    (flag,) = ask("lab says potassium 3.2").urgent
    assert flag.action.startswith("Measure potassium today")


@hazard("H68")
def test_a_swollen_leg_is_told_with_the_source_that_lists_clots() -> None:
    (flag,) = ask("My left calf is swollen and warm").urgent
    assert flag.id == "leg_swelling"
    assert [cite.source for cite in flag.cites] == ["dror"]


@hazard("H69")
def test_what_goes_dark_in_one_eye_is_no_faint() -> None:
    assert [flag.id for flag in ask("Everything went black in my right eye").urgent] == ["new_vision_loss"]
