"""High scores and worse or new symptoms lead the answer, and hold no dose back (hazard H112)."""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.app.services.leading import leading
from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.review import Review, review
from english import english
from hazards import hazard

ON = date(2026, 1, 20)
HEAD = """cobalamin: 1
patient: {id: x, birth_date: 1958-03-02, country: IE}
facts: {deficiency: confirmed, cause: pernicious_anaemia, anaemia: mild, neurological_involvement: %s, previous_treatment: none}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}}
record:
  - {date: 2026-01-05, kind: administration, as_planned: true}
"""
SYMPTOMS = "  - {date: %s, kind: symptoms, %s}\n"
ANSWER = "  - {date: 2026-01-19, kind: fact, fact: symptoms_response, value: better}\n"
LOOKED = "  - {date: 2026-01-19, kind: decision, decision: reviewed, answers: [SYMPTOMS_HIGH], by: x, finding: y}\n"
HIGH = SYMPTOMS % ("2026-01-18", "memory_or_concentration: 9")


def seen(library: Library, *entries: str, nerves: str = "absent") -> Review:
    return review(library, read_case(HEAD % nerves + "".join(entries), "case", library), ON)


def leads(made: Review) -> list[str]:
    return [each.code for each in leading(made.issues, False, made.library.own_words)]


@hazard("H112")
@pytest.mark.parametrize(
    ("entries", "high"),
    [
        ([HIGH], True),
        ([SYMPTOMS % ("2026-01-18", "mood: 7")], True),
        ([SYMPTOMS % ("2026-01-18", "mood: 6")], False),
        ([SYMPTOMS % ("2026-01-18", "own: {burning feet: 8}")], True),
        ([SYMPTOMS % ("2026-01-04", "stamina: 9")], False),  # before treatment
        ([HIGH, SYMPTOMS % ("2026-01-19", "memory_or_concentration: 3")], False),
        ([HIGH, ANSWER], False),
        ([HIGH, LOOKED], False),
    ],
)
def test_a_high_score_leads_until_somebody_has_looked(library: Library, entries: list[str], high: bool) -> None:
    made = seen(library, *entries)
    assert ("SYMPTOMS_HIGH" in leads(made)) is high
    assert ("SYMPTOMS_HIGH" in {question.code for question in made.questions}) is high
    assert not made.outlook.ask_first  # the vitamin is not withheld by it
    assert "look at the treatment, then give" in english(due_sentence(made.outlook, "IE"))


@hazard("H112")
def test_nerve_signs_that_are_known_are_told_as_high_and_worse_ones_as_worse(library: Library) -> None:
    first = SYMPTOMS % ("2026-01-10", "balance: 7")
    assert leads(seen(library, first, nerves="present")) == ["SYMPTOMS_HIGH"]
    made = seen(library, first, SYMPTOMS % ("2026-01-18", "balance: 9"), nerves="present")
    assert leads(made) == ["WORSE_OR_NEW"]
    lead = leading(made.issues, False, made.library.own_words)[0]
    assert "ng239-sps" in {cite.source for cite in lead.cites}
    assert "answers=WORSE_OR_NEW" in lead.answer
