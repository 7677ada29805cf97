"""Questions about an early, a late or a doubled dose: what this program knows, said as its own, with the person's dates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Run

from cobalamin import ask, read_case, to_json
from cobalamin.app.services import shipped
from cobalamin.app.services.examples import examples_folder
from cobalamin.knowledge.asked_signs import TIMINGS, Example
from hazards import hazard

Command = Callable[..., Run]
EXAMPLES = [each for each in shipped.library().asked_examples if each.means in TIMINGS]
WINDOWLESS = ("early", "late", "double")
RUNNING, ON = examples_folder() / "treatment-running.yaml", "2026-11-30"


@hazard("H72")
@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_question_about_the_time_of_a_dose_is_recognised(example: Example) -> None:
    found = ask(example.text)
    assert found.timing is not None
    assert found.timing.kind == example.means
    assert found.urgent == ()


@pytest.mark.parametrize(
    "question",
    [
        "What are early signs of deficiency?",
        "Do I need to inject twice a week?",
        "my period is late, could B12 do that?",
        "I had a B12 jab and a flu jab on the same day",
        "How often do I need it?",
    ],
)
def test_other_questions_are_none_about_the_time_of_a_dose(question: str) -> None:
    assert ask(question).timing is None


@hazard("H72")
@pytest.mark.parametrize("kind", WINDOWLESS)
def test_it_is_said_that_no_source_states_a_window_and_whose_the_days_are(kind: str) -> None:
    timing = ask(next(each.text for each in EXAMPLES if each.means == kind)).timing
    assert timing is not None
    row = next(row for row in shipped.library().default_policy.windows if row.through_days >= 92)
    for text in (timing.text, timing.plain):
        assert text.startswith("No source")
        assert "this program" in text.lower()
    if kind == "early":
        assert f"{row.early} days" in timing.text
        assert "never a reason to refuse a dose" in timing.text
    if kind == "late":
        assert f"{row.late} days" in timing.text
        assert "look at the treatment, then give" in timing.text


@hazard("H72")
def test_it_comes_before_the_passages_of_the_library(run: Command) -> None:
    out = run("ask", "Can I have my B12 injection early?", "--plain").out
    assert out.startswith("About the time of a dose")
    assert out.index("No source says how early") < out.index("What the library says")


@hazard("H72")
def test_with_a_case_the_answer_has_the_persons_own_dates(run: Command) -> None:
    question = "Can I have my B12 injection early?"
    due = run("due", str(RUNNING), "--on", ON, "--if-given", ON, "--json").document
    document = run("ask", question, "--case", str(RUNNING), "--on", ON, "--json").document
    own = document["timing"]["own_dates"]
    assert own["sentence"] == due["sentence"]
    assert own["forecast"] == due["forecast"]
    assert own["if_given"] == due["if_given"]["sentence"]
    text = " ".join(run("ask", question, "--case", str(RUNNING), "--on", ON).out.split())
    assert due["sentence"] in text
    assert "own_dates" not in run("ask", question, "--json").document["timing"]


def test_python_says_the_same_as_the_command(run: Command) -> None:
    question = "I missed my injection by three weeks"
    found = ask(question, case=read_case(RUNNING), on=ON)
    assert run("ask", question, "--case", str(RUNNING), "--on", ON, "--json").out == to_json(found)


def test_a_case_changes_nothing_where_no_time_is_asked_about() -> None:
    question = "Can I take folic acid?"
    assert json.loads(to_json(ask(question, case=read_case(RUNNING), on=ON, country="GB"))) == json.loads(
        to_json(ask(question, country="GB"))
    )


def test_the_document_fits_its_schema(run: Command, fits_schema: Callable[[str, object], None], tmp_path: Path) -> None:
    fits_schema("ask", run("ask", "Can I have it a week early?", "--case", str(RUNNING), "--on", ON, "--json").document)
    fits_schema("ask", run("ask", "my toungue is swelling", "--json").document)
    missing = run("ask", "How often?", "--case", str(tmp_path / "nobody.yaml"))
    assert missing.code == 3
