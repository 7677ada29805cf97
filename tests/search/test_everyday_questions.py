"""Everyday questions as data: each finds its record, a fault in them is refused, and a plain text keeps the numbers of the other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cobalamin.app.documents import library as library_documents
from cobalamin.app.services import shipped
from cobalamin.knowledge.loading import data_folder
from cobalamin.search.answer import ask
from hazards import hazard

LIBRARY = shipped.library()
ASKED = LIBRARY.asked_questions
EVERYDAY = [each for each in LIBRARY.statements() if each["id"].startswith("ev-")]
# Others whose every amount and age a patient must find too: who is left out would take what is meant for somebody else.
AMOUNTS = ("vegan-prevention", "vegan-prevention-ages", "vegan-deficiency", "f10-biotin")
MEASURED = [*EVERYDAY, *(each for each in LIBRARY.statements() if each["id"] in AMOUNTS)]
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
WORDS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "ten": "10",
    "twelve": "12",
}


def numbers(text: str) -> set[str]:
    """The numbers of a text, in figures or words; a share may be said as a figure of a hundred."""
    spelled = re.sub(r"[A-Za-z]+", lambda found: WORDS.get(found[0].lower(), found[0]), text.replace("B12", ""))
    return set(NUMBER.findall(re.sub(r"(?<=\d),(?=\d{3})", "", spelled)))


@pytest.mark.parametrize("record", sorted(ASKED.questions))
def test_every_everyday_question_finds_its_record(record: str) -> None:
    for question in ASKED.questions[record]:
        found = ask(LIBRARY, question)
        ids = [each.passage.id for each in found.answers][:3]
        assert record in ids, (question, ids)
        assert not found.not_held, question


@hazard("H140")
@pytest.mark.parametrize("record", MEASURED, ids=lambda each: each["id"])
def test_a_plain_text_keeps_doses_intervals_and_limits(record: dict) -> None:
    told, plain = numbers(record["text"]), numbers(record["plain"])
    assert plain <= told | {"1"}, plain - told
    measured = set(
        re.findall(
            r"(\d+(?:[.-]\d+)*)(?:-\d+)? ?(?:mcg|mg|g\b|mL|hours|days|weeks|months|%|°C|ng/L|gauge|inches|units)",
            record["text"],
        )
    )
    missing = {number for each in measured for number in NUMBER.findall(each)} - plain
    assert not missing, missing


@hazard("H140")
@pytest.mark.parametrize(
    ("record", "kept"),
    [
        ("vegan-prevention", ("11 to 65 years", "pregnancy", "breastfeeding", "at least 10")),
        ("vegan-prevention-ages", ("6 months to 3 years", "under 6 months")),
        ("vegan-deficiency", ("injections",)),
        ("ng-pregnancy", ("cyanocobalamin is not to be prescribed",)),
        ("f10-anticoagulants", ("INR",)),
        ("f10-sample-after-injection", ("2 weeks",)),
        ("ev-needle", ("outside the product text",)),
        ("ev-symptoms", ("urgent",)),
        ("ev-overdose", ("emergency", "poisons line")),
        ("ev-missed-tablet", ("no extra dose", "not for injections")),
        ("ev-missed", ("for injections",)),
    ],
)
def test_a_plain_text_keeps_groups_negations_and_what_is_urgent(record: str, kept: tuple[str, ...]) -> None:
    [plain] = [each["plain"] for each in LIBRARY.statements() if each["id"] == record]
    assert [words for words in kept if words not in plain] == []


@hazard("H140")
@pytest.mark.parametrize("record", list(LIBRARY.statements()), ids=lambda each: each["id"])
def test_no_plain_text_has_a_dose_that_the_other_lacks(record: dict) -> None:
    dose = re.compile(r"(\d[\d,]*)(?: to (\d[\d,]*))? (?:micrograms|mcg|milligrams?|mg|millilitres?)\b")
    in_plain = {each.replace(",", "") for found in dose.findall(record["plain"]) for each in found if each}
    in_text = numbers(record["text"])
    scaled = {str(int(each) * 1000) for each in in_text if each.isdigit()}
    assert in_plain <= in_text | scaled | {"1", "1000"}, in_plain


def test_every_everyday_statement_has_its_questions_and_a_source_that_was_read() -> None:
    for record in EVERYDAY:
        assert 3 <= len(ASKED.questions[record["id"]]) <= 20
        assert "recalled" not in record["cites"]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("  ev-cancer:\n", "  ev-cancr:\n", "there is no record"),
        (
            "    - Can B12 injections bring on gout?\n",
            "",
            "must have 3 to 20",
        ),
        ("    - Can B12 make me fat?\n", "    - Can B12 injections cause cancer?\n", "stands twice"),
    ],
)
def test_a_fault_in_the_questions_is_named(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    file = folder / "asked" / "questions.yaml"
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    assert any(told in fault.message and fault.line for fault in library_documents.checked(folder).faults)
