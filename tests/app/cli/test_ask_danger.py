"""Signs of danger in a question: what is said, whose body it is, when it was, and whether it is said to be there at all."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Run

from cobalamin import ask, to_json
from cobalamin.app.documents import library as library_documents
from cobalamin.app.services import shipped
from cobalamin.knowledge.asked_signs import NO_ALARM, TIMINGS, Example
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder
from cobalamin.search.answer import SearchResult
from cobalamin.search.index import words_of
from cobalamin.search.reading import reader_of
from cobalamin.search.said import stem
from cobalamin.therapy.case.event_words import RED_FLAGS
from hazards import hazard

Command = Callable[..., Run]
EXAMPLES = shipped.library().asked_examples
PLACES = ("GB", "IE", "US", "CA", "AU", "NZ", "NL")


def signs(question: str, country: str = "") -> list[str]:
    return [flag.id for flag in ask(question, country=country).urgent]


# -- the examples of the library -------------------------------------------------------------------------------------


@hazard("H68")
@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.means not in (*TIMINGS, NO_ALARM)], ids=str)
def test_what_is_said_of_a_sign_of_danger_is_recognised(example: Example) -> None:
    assert example.means in signs(example.text)


@hazard("H69")
@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.means == NO_ALARM], ids=str)
def test_what_is_denied_past_supposed_or_said_in_passing_raises_no_alarm(example: Example) -> None:
    assert signs(example.text) == []


def test_each_sign_has_examples_and_nothing_is_an_example_twice(library: Library) -> None:
    assert {each.means for each in EXAMPLES} == {*library.danger_signs, *TIMINGS, NO_ALARM}
    assert len(EXAMPLES) >= 150
    assert all(sum(each.means == sign for each in EXAMPLES) >= 7 for sign in library.danger_signs)


def test_the_warning_signs_of_a_record_are_all_recognised_in_a_question(library: Library) -> None:
    ruled = {rule.means for rule in library.asked_signs.signs}
    assert ruled == set(library.danger_signs) >= set(RED_FLAGS)


# -- the same complaint, said in another way -------------------------------------------------------------------------

TURNED = [
    ("my face is swollen", "facial_swelling", True),
    ("my face isn't swollen", "facial_swelling", False),
    ("there is no rash, wheeze or swelling of my face", "facial_swelling", False),
    ("no rash, but my face is swelling", "facial_swelling", True),
    ("my face was swollen years ago", "facial_swelling", False),
    ("years ago my face was swollen and now it is swelling again", "facial_swelling", True),
    ("what if my face swells up", "facial_swelling", False),
    ("does B12 make your face swell", "facial_swelling", False),
    ("my face swelled up and it has not gone down", "facial_swelling", True),
    ("my face swelled up and it went down by itself", "facial_swelling", False),
    ("my dog's face is swollen. Does the dog need B12?", "facial_swelling", False),
    ("I started B12 years ago and my face is swollen", "facial_swelling", True),
    ("my mother's face is swollen", "facial_swelling", True),
    ("my tongeu is swelliing", "facial_swelling", True),
    ("I am not sure why my face is swollen", "facial_swelling", True),
]


@hazard("H68")
@hazard("H69")
@pytest.mark.parametrize(("question", "sign", "there"), TURNED, ids=[row[0] for row in TURNED])
def test_the_turn_of_a_sentence_decides(question: str, sign: str, there: bool) -> None:
    assert (sign in signs(question)) == there


@hazard("H69")
@pytest.mark.parametrize(
    "question", ["Why is my pee red after the injection?", "my wee is pink since hydroxocobalamin"]
)
def test_red_urine_is_answered_and_not_alarmed(question: str) -> None:
    found = ask(question)
    assert found.urgent == ()
    assert found.held
    assert "skin" in [answer.passage.id for answer in found.answers][:3]


# -- thoughts of suicide ---------------------------------------------------------------------------------------------


@hazard("H70")
@pytest.mark.parametrize("country", PLACES)
def test_thoughts_of_suicide_are_answered_with_the_line_of_the_country_and_its_source(country: str) -> None:
    record = next(each for each in shipped.library().records("asked/lines.yaml", "lines") if each["country"] == country)
    flag = ask("I want to die", country=country).urgent[0]
    assert flag.id == "suicidal_thoughts"
    assert record["text"] in flag.plain_action
    assert {cite.source for cite in flag.cites} >= set(record["cites"])


@hazard("H70")
@pytest.mark.parametrize("country", ["", "FR", "JP"])
def test_where_no_line_is_held_none_is_made_up(country: str) -> None:
    flag = ask("I want to die", country=country).urgent[0]
    assert "Call your country's emergency number or crisis line." in flag.plain_action
    assert not re.search(r"\d", flag.plain_action)


# -- what stands beside an alarm -------------------------------------------------------------------------------------


@hazard("H71")
def test_an_alarm_does_not_hide_that_nothing_else_is_held(run: Command) -> None:
    question = "My chest hurts. Zyxwv qwpol vbnmx lkjhg?"
    for flags in ([], ["--plain"]):
        out = " ".join(run("ask", question, *flags).out.split())
        assert out.startswith("If this is happening now: ")
        assert "othing in the library answers" in out
    document = run("ask", question, "--json").document
    assert document["urgent"][0]["id"] == "chest_pain"
    assert "othing in the library answers" in document["nothing_found"]


@hazard("H71")
@pytest.mark.parametrize(
    "question", ["How often do I need it?", "bitcoin price", "my chest hurts", "may I have it early?"]
)
def test_every_answer_closes_with_the_same_line_of_danger_signs(run: Command, question: str) -> None:
    line = shipped.library().words("en").text("ask.danger")
    assert run("ask", question, "--json").document["danger_line"] == line
    for flags in ([], ["--plain"]):
        out = " ".join(run("ask", question, *flags).out.split())
        assert line in out
        answers, _, after = out.partition(line)
        assert "What the library says" not in after
        assert answers


def test_the_line_names_every_sign(library: Library) -> None:
    line = library.words("en").text("ask.danger")
    for word in ("breathing", "face", "chest", "heart", "collapse", "suicide", "rash", "walking", "seeing", "urine"):
        assert word in line
    for word in ("confusion", "weakness", "baby"):
        assert word in line


# -- unknown words ---------------------------------------------------------------------------------------------------

SAID_BEFORE = "My neighbour Griselda reckons I must ask: "


@hazard("H71")
@pytest.mark.parametrize("question", ["rash after my jab", "How often do I need B12 jabs at the start?", "red urine"])
def test_an_unknown_word_silences_no_question(question: str) -> None:
    asked, told = ask(question), ask(f"{SAID_BEFORE}{question}")
    assert asked.answers
    assert [each.passage.id for each in told.answers][:1] == [each.passage.id for each in asked.answers][:1]
    assert "griselda" in told.unknown


def test_a_slip_of_the_pen_is_read_as_the_word_and_told(run: Command) -> None:
    question = "how offten shoud i get my injecton later on?"
    assert [each.passage.id for each in ask(question).answers][:3] == [
        each.passage.id for each in ask("how often should i get my injection later on?").answers
    ][:3]
    assert "'offten' as 'often'" in run("ask", question).out
    assert {"word": "offten", "read_as": "often"} in run("ask", question, "--json").document["read_as"]


# -- what is not held ------------------------------------------------------------------------------------------------

UNHELD = list(shipped.library().asked_signs.unheld)


@hazard("H71")
@pytest.mark.parametrize("topic", UNHELD, ids=lambda topic: topic.about)
def test_what_nothing_is_held_on_is_said_to_be_so(topic: object) -> None:
    for said in topic.said:  # type: ignore[attr-defined]  # a parameter of pytest has no type
        found = ask(f"B12: {said.replace(' .. ', ' my ').format(medicine='levothyroxine')}?")
        assert found.not_held, said
        assert "nothing_found" in json.loads(to_json(found))


@pytest.mark.parametrize("topic", UNHELD, ids=lambda topic: topic.about)
def test_the_library_has_indeed_no_word_on_it(topic: object) -> None:
    held = {word for each in reader_of(shipped.library()).passages for word in words_of(f"{each.plain} {each.text}")}
    assert held.isdisjoint(topic.lacks)  # type: ignore[attr-defined]  # a parameter of pytest has no type


# -- every interface says the same -----------------------------------------------------------------------------------


@hazard("H68")
@pytest.mark.parametrize("question", ["my tongue is swelling", "my baby has stopped smiling", "I keep fainting"])
def test_command_and_python_say_the_same(run: Command, question: str) -> None:
    found: SearchResult = ask(question)
    assert run("ask", question, "--json").out == to_json(found)
    assert run("ask", question, "--plain").out.startswith(
        f"If this is happening now: {found.urgent[0].plain_action[:20]}"
    )


# -- the data --------------------------------------------------------------------------------------------------------

WRONG = [
    ("rules.yaml", "- {all: [palpitation]}", "- {all: [palpitaton]}"),
    ("rules.yaml", "near: 4, ordered: true}", "near: 400, ordered: true}"),
    ("concepts.yaml", "carried: [face_part", "carried: [face_parts"),
    ("examples.yaml", "  chest_pain:\n", "  chest_pian:\n"),
    ("unheld.yaml", "about: money", "abuot: money"),
    ("language.yaml", "scopes:\n", "scope:\n"),
    ("signs.yaml", "cites: [hse-chest, fda-cw]", "cites: [no-such-source]"),
    ("lines.yaml", "cites: [hpft-line]", "cites: []"),
]


@pytest.mark.parametrize(("name", "right", "wrong"), WRONG, ids=[f"{row[0]} {row[2][:20]}" for row in WRONG])
def test_a_fault_in_the_rules_is_named(tmp_path: Path, name: str, right: str, wrong: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    file = folder / "asked" / name
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    faults = library_documents.checked(folder).faults
    assert any(fault.file.endswith(name) for fault in faults)


def test_no_idiom_hides_a_word_of_a_complaint(library: Library) -> None:
    """An idiom of one word would make every form of that word say nothing."""
    data = library.asked_signs
    words = {stem(said) for wordings in data.concepts.values() for said in wordings if " " not in said}
    alone = {stem(said) for said in (*data.scopes["idiom"], *data.scopes["talk"]) if " " not in said}
    assert alone & words == set()


@pytest.mark.parametrize(
    ("one", "other"), [("swelling", "swells"), ("racing", "races"), ("stopped", "stops"), ("numbness", "numb")]
)
def test_grammatical_forms_are_one_word(one: str, other: str) -> None:
    assert stem(one) == stem(other)
