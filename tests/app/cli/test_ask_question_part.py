"""The part of a sentence that asks decides what is searched; what nothing is held on is said first, by its name."""

from __future__ import annotations

import json

import pytest

from cobalamin import ask, to_json
from hazards import hazard

# A question with talk around it, and the same without.
AROUND = [
    ("The nurse is dying to know how often to give it", "how often to give it"),
    ("the appointment system gives me a heart attack, how often do I need it", "how often do I need it"),
    ("the phone queue is killing me, how often do I need it", "how often do I need it"),
    ("I am drowning in emails, how often do I need it", "how often do I need it"),
    ("I'm sick and tired of these injections, how long must I go on", "how long must I go on with these injections"),
    ("fed up with needles, how long must I go on", "how long must I go on"),
    ("I have no chest pain but is it normal to be tired", "is it normal to be tired"),
    ("No rash and no swelling. Is it normal to be tired?", "is it normal to be tired"),
    ("my face is not swollen, but how often do I need it", "how often do I need it"),
    ("I haven't got palpitations however is it normal to be tired", "is it normal to be tired"),
]


@hazard("H71")
@pytest.mark.parametrize(("told", "asked"), AROUND, ids=[row[0] for row in AROUND])
def test_talk_around_a_question_silences_and_turns_none(told: str, asked: str) -> None:
    found, alone = ask(told), ask(asked)
    assert found.urgent == ()
    assert found.held
    assert {each.passage.id for each in found.answers[:3]} & {each.passage.id for each in alone.answers[:3]}
    assert "chest_pain" not in [each.passage.id for each in found.answers]


@pytest.mark.parametrize(
    "question",
    [
        "how long does treatment last", "how long does the treatment go on", "how long will I need the injections",
        "for how long must I carry on with them", "how many years is it given",
    ],
)  # fmt: skip
def test_how_long_treatment_lasts_is_answered(question: str) -> None:
    found = ask(question)
    assert found.held
    assert any("lifelong" in each.passage.text or "for life" in each.passage.text for each in found.answers)


@hazard("H71")
@pytest.mark.parametrize(
    "question",
    [
        "does nitrous oxide at the dentist matter",
        "the receptionist asks about nitrous oxide",
        "nitrous oxide in the garage, does it matter",
    ],
)
def test_where_something_happens_silences_no_question(question: str) -> None:
    assert "nitrous" in ask(question).answers[0].passage.text.lower()


def test_a_complaint_that_is_asked_about_is_still_searched() -> None:
    assert "skin" in [each.passage.id for each in ask("I have no pain. Is red urine normal after it?").answers][:3]
    assert ask("is it normal to have no chest pain").answers


# -- what is not held, by its name -----------------------------------------------------------------------------------

UNHELD = [
    ("What is the dose of vitamin D?", "vitamins"), ("what is the dose of iron tablets", "dose of iron"),
    ("how much zinc should I take with it", "minerals"), ("which dosage of magnesium goes with the injections", "minerals"),
    ("My pee is red and it burns when I go", "burning on passing urine"),
    ("it stings when I wee since the jab", "burning on passing urine"),
    ("red urine and it hurts to pee", "burning on passing urine"),
    ("my wee is pink and painful to pass urine", "burning on passing urine"),
]  # fmt: skip


@hazard("H71")
@pytest.mark.parametrize(("question", "about"), UNHELD, ids=[row[0] for row in UNHELD])
def test_what_nothing_is_held_on_is_named_first(question: str, about: str) -> None:
    found = ask(question)
    told = json.loads(to_json(found))["nothing_found"]
    assert not found.held
    assert about in told.lower()
    assert "doctor" in told


@pytest.mark.parametrize("question", ["My pee is red and it burns when I go", "my wee is red and it stings when I wee"])
def test_red_urine_beside_burning_is_still_answered(question: str) -> None:
    found = ask(question)
    assert found.urgent == ()
    assert "skin" in [each.passage.id for each in found.answers][:3]


@pytest.mark.parametrize(
    "question",
    ["the B12 dose with vitamin D deficiency", "why is my urine red", "does iron matter for B12", "folic acid dose"],
)
def test_what_is_held_is_not_said_to_be_unheld(question: str) -> None:
    assert ask(question).unheld == ()
