"""The question about a long gap stays after the late dose, in loading and in maintenance, until somebody answers it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import AcceptedPlan, Case, Fact, Patient
from cobalamin.therapy.review.review import review
from entries import entry
from hazards import hazard

START = date(2024, 1, 8)


def person(gaps: list[int]) -> Case:
    """Doses so many days after each other, from the start on."""
    plan = AcceptedPlan(
        "uk-bnf-noneuro", 1, START, {"maintenance_interval": "3 mo"}, "", "engineering-default", "", START, {}, {}
    )
    days = [START + timedelta(days=sum(gaps[:number])) for number in range(len(gaps) + 1)]
    given = tuple(
        entry(f"d{day}", "administration", day, source="this_site", data={"as_planned": True}) for day in days
    )
    facts = (Fact("cause", "pernicious_anaemia"), Fact("previous_treatment", "none"))
    return Case(Patient("a", date(1958, 3, 2), "female", "GB"), facts, plan, given)


def asked(library: Library, case: Case, on: date) -> bool:
    return any(question.code == "LAPSE" for question in review(library, case, on).questions)


@hazard("H59")
@pytest.mark.parametrize("gaps", [[2, 40], [2, 2, 3, 2, 2, 90, 400]], ids=["loading", "maintenance"])
@pytest.mark.parametrize("after", [0, 1, 60])
def test_the_entry_of_the_late_dose_does_not_end_the_question(gaps: list[int], after: int, library: Library) -> None:
    case = person(gaps)
    late = START + timedelta(days=sum(gaps))
    assert asked(library, case, late - timedelta(days=1))
    assert asked(library, case, late + timedelta(days=after))


@hazard("H59")
def test_doses_in_time_ask_nothing(library: Library) -> None:
    gaps = [2, 2, 3, 2, 2, 90, 92]
    assert not asked(library, person(gaps), START + timedelta(days=sum(gaps)))
