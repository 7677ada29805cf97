"""No text waits for an answer that nobody may ask for (hazard H121)."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from proposals import written

from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.criteria import is_question, missing_facts
from cobalamin.therapy.case.facts import ASKED_AT, facts_of
from cobalamin.therapy.proposal.proposal import Proposal, propose
from hazards import hazard

ON = date(2026, 1, 5)
ASKED = "previous_treatment: none, none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, folic_acid]"
OLD, GROWN, CHILD, WEANED, NEWBORN = "1950-01-01", "1990-01-01", "2022-01-01", "2025-05-01", "2025-12-28"
CAUSES = ("pernicious_anaemia", "ileal_resection", "bariatric_surgery", "dietary", "not_found", "inborn_error")
STATES = (
    "deficiency: confirmed, neurological_involvement: absent, anaemia: mild",
    "deficiency: suspected, neurological_involvement: present, anaemia: none",
    "deficiency: excluded, neurological_involvement: absent, anaemia: none",
)


def offered(library: Library, country: str, born: str, facts: str) -> Proposal:
    return propose(library, written(library, country, born, f"{facts}, {ASKED}"), ON)


@hazard("H121")
@pytest.mark.parametrize("born", [OLD, GROWN, CHILD, WEANED, NEWBORN])
def test_what_waits_waits_for_something_that_is_asked(library: Library, born: str) -> None:
    for cause, state in product(CAUSES, STATES):
        answer = offered(library, "DK", born, f"{state}, cause: {cause}")
        facts = facts_of(answer.case, ON)
        for name in answer.pending:
            missing = missing_facts(library.content(library.protocol(name)).indication, facts)
            assert any(is_question(fact, facts, library.facts) for fact in missing), (cause, state, name, missing)


@hazard("H121")
@pytest.mark.parametrize(
    ("country", "born", "leads"),
    [
        ("DK", OLD, "dk-dsam25"),
        ("FR", OLD, "fr-cn-malabs"),
        ("FR", CHILD, "fr-cn-malabs"),
        ("AT", OLD, "ch-cn-noneuro"),
    ],
)
def test_nobody_asks_an_old_woman_or_a_child_for_a_pregnancy_and_their_own_text_leads(
    library: Library, country: str, born: str, leads: str
) -> None:
    answer = offered(library, country, born, f"{STATES[0]}, cause: pernicious_anaemia")
    assert answer.leading is not None
    assert answer.leading.protocol.id == leads
    assert not {"pregnancy", "vegan"} & {need.fact for need in answer.needs}
    assert answer.pending == ()


@hazard("H121")
def test_a_younger_woman_is_asked_and_what_is_recorded_counts_at_any_age(library: Library) -> None:
    asked = offered(library, "DK", GROWN, f"{STATES[0]}, cause: pernicious_anaemia")
    assert asked.needs[0].fact == "pregnancy"
    assert "dk-dsam25" in asked.pending
    recorded = offered(library, "DK", OLD, f"{STATES[0]}, cause: pernicious_anaemia, pregnancy: pregnant")
    assert "dk-dsam25" in {each.protocol.id for each in recorded.excluded}
    assert recorded.issues[0].code == "PREGNANCY_URGENT_ADVICE"


@hazard("H121")
def test_a_newborn_is_no_vegan_and_a_weaned_child_is_asked(library: Library) -> None:
    newborn, weaned = (offered(library, "GB", born, f"{STATES[2]}, cause: not_found") for born in (NEWBORN, WEANED))
    assert newborn.pending == ()
    assert [need.fact for need in weaned.needs] == ["vegan"]


@pytest.mark.parametrize("fact", list(ASKED_AT))
def test_the_ages_are_those_at_which_it_is_asked(library: Library, fact: str) -> None:
    ages = library.facts[fact].asked_ages
    assert ages is not None
    assert (ages.at_least, ages.below, library.facts[fact].absent) == ASKED_AT[fact]
