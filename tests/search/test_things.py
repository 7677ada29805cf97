"""What a question is about beside B12 must stand in what is shown; where the library has nothing on it, nothing is shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cobalamin.app.documents import library as library_documents
from cobalamin.app.services import shipped
from cobalamin.knowledge.loading import data_folder
from cobalamin.search.answer import ask
from cobalamin.search.index import words_of
from cobalamin.search.reading import reader_of

LIBRARY = shipped.library()
UNHELD = [
    "Can I take mounjaro with B12?",
    "I'm on bisoprolol, does it affect my injection?",
    "Does B12 help with vertigo?",
    "Can I go skiing after my B12 injection?",
    "does the injection contain latex",
    "Is B12 good for my cat?",
    "will b12 injections affect my smear test",
    "Can I take zanubrutinib with my B12 injection?",  # stands in no list: nobody knows the word
    "how to get rid of a wasp nest",  # no word of B12, and words that nobody asks it for
    "who won the match last night",
    "does a b12 drip cure a hangover",
    "flu jab and b12 same day same arm",  # what is left of the question beside it is no other question
    "tranexamic acid with B12",
]
SPEAKS_OF = {
    "Patient on apixaban, can I give the IM injection?": "blood thinner",
    "I'm 8 weeks pregnant and have b12 deficiency, what now": "pregnan",
    "taking metformin for ten years and my b12 dropped, linked?": "metformin",
    "used laughing gas at a festival and now told my b12 is useless": "laughing gas",
    "can I have a few beers the night of my injection": "alcohol",
    "i have pernicious anaemia and coeliac disease do i need jabs for life": "for life",  # an illness that is only told
    "vegan and breastfeeding, how much b12 so my baby gets enough": "breast",  # one of several things is enough
    "holotc 45, what next": "holotranscobalamin",
    "nascobal, one nostril, how often": "nasal",
}
ANSWERED = {
    "How often do I need B12 jabs, I'm absolutely shattered?": "everyday words hide nothing",
    "My neighbour Griselda reckons I must ask: red urine": "a person's name is nothing that is asked about",
    "I have lupus, how often are the first injections?": "what is only told beside the question",
    "how do I store the ampuoles": "a slip of the pen",
    "prik every two months says the surgery in Uithoorn, is that usual": "an unknown word that nothing is asked about",
}


@pytest.mark.parametrize("question", UNHELD)
def test_where_nothing_is_held_on_what_is_named_nothing_is_shown(question: str) -> None:
    found = ask(LIBRARY, question, "GB")
    assert not found.answers, [answer.passage.id for answer in found.answers]
    assert not found.disagreements
    assert not found.held
    assert found.not_held


@pytest.mark.parametrize("question", SPEAKS_OF)
def test_what_is_named_stands_in_what_is_shown_first(question: str) -> None:
    first = ask(LIBRARY, question, "GB").answers[0].passage
    assert SPEAKS_OF[question] in f"{first.plain} {first.text}".lower(), first.id


@pytest.mark.parametrize("question", ANSWERED)
def test_everyday_words_names_of_people_and_slips_hide_no_answer(question: str) -> None:
    assert ask(LIBRARY, question, "GB").answers, ANSWERED[question]


def test_the_endings_of_medicines_offer_the_record_that_is_nearest_to_all_of_them() -> None:
    things = reader_of(LIBRARY).understood("Can I take pemvidutinib with B12?").things
    assert [(each.words, each.nearest) for each in things] == [("pemvidutinib", "ev-other-medicines")]


def test_nothing_found_names_the_nearest_question_that_is_answered() -> None:
    found = ask(LIBRARY, "Can I take mounjaro with B12?", "GB")
    nearest = LIBRARY.asked_questions.questions["ev-other-medicines"][0]
    assert found.nearest == nearest
    assert found.not_held == "ask.nothing_near"


def test_a_known_word_is_never_taken_for_a_name() -> None:
    """Each everyday question of a record names only what the record speaks of."""
    for record, questions in LIBRARY.asked_questions.questions.items():
        for question in questions:
            assert record in [each.passage.id for each in ask(LIBRARY, question).answers], question


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("    nearest: ev-foods\n", "    nearest: ev-fods\n", "has no everyday questions"),
        ("      swim, swimming,", "      swim, skiing, swimming,", "stands twice"),
        ("frames: [", "frames: [{}, ", "must be a text"),
    ],
)
def test_a_fault_in_the_subjects_is_named(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    file = folder / "asked" / "things.yaml"
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    assert any(told in fault.message and fault.line for fault in library_documents.checked(folder).faults)


def test_everyday_stems_are_words_of_english() -> None:
    assert {"kitchen", "shatter", "festival"} <= LIBRARY.everyday_stems
    assert not LIBRARY.everyday_stems & {"mounjaro", "ozempic", "tinnitus", *words_of("B12")}
