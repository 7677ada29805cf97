"""The question about a long gap stays after the late dose, in loading and in maintenance, until somebody answers it.

It says what was: a dose that counted before it, a first dose that came late, or none at all (hazard H132).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event, Fact, Patient
from cobalamin.therapy.review.review import review
from english import english
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


def lapse(library: Library, case: Case, on: date) -> str:
    texts = [question.text for question in review(library, case, on).questions if question.code == "LAPSE"]
    return english(texts[0]) if texts else ""


def only(case: Case, *doses: Event) -> Case:
    return replace(case, record=doses)


def dose(day: date, month: str = "") -> Event:
    return entry(f"d{day}{month}", "administration", day, month, source="this_site", data={"as_planned": True})


@hazard("H132")
def test_no_dose_is_called_the_last_one_where_none_was_given(library: Library) -> None:
    never = only(person([0]))
    assert lapse(library, never, date(2024, 4, 1)).startswith(
        "No dose of this course has counted yet; the first one was due"
    )
    late = only(person([0]), dose(date(2024, 4, 1)))
    told = lapse(library, late, date(2024, 4, 2))
    assert told.startswith("The first dose of this course, of Mon 1 April 2024, came long after its day")
    again = entry("r", "decision", date(2024, 2, 1), data={"decision": "restart", "by": "x", "reason": "y"})
    begun = only(person([0]), dose(START), again)
    assert lapse(library, begun, date(2024, 6, 1)).startswith("No dose of this course has counted yet")
    assert "The last dose that counted" in lapse(library, only(person([0]), dose(START)), date(2024, 4, 1))


@hazard("H132")
def test_a_dose_known_by_its_month_was_late_only_where_both_ends_say_so(library: Library) -> None:
    in_the_month = only(person([0]), dose(date(2024, 1, 31), "2024-01"))
    assert not lapse(library, in_the_month, date(2024, 2, 1))  # it may have been on its day
    long_after = only(person([0]), dose(date(2024, 6, 30), "2024-06"))
    assert lapse(library, long_after, date(2024, 7, 1)).startswith("The first dose of this course, of June 2024")
