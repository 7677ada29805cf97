"""A check near a dose known by its month, and a dose that counts by one end of it alone (hazard H112)."""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.review.review import Review, review
from english import english
from hazards import hazard

CASE = """cobalamin: 1
patient: {id: x, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, anaemia: severe, neurological_involvement: absent, previous_treatment: none}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}}
record:
  - {date: 2026-01, kind: administration, as_planned: true, source: reported}
"""
TOLD = "  - {date: 2026-02-02, kind: history, phase: maintenance, last_dose: 2026-02-01}\n"
MONTH = "  - {date: 2026-05, kind: administration, as_planned: true, source: reported}\n"
NEXT = "  - {id: n, date: 2026-07-01, kind: administration, as_planned: true}\n"
MEASURED = "  - {date: 2026-01-06, kind: result, marker: potassium, value: 4.0 mmol/L}\n"


def seen(library: Library, on: date, *entries: str) -> Review:
    return review(library, read_case(CASE + "".join(entries), "case", library), on)


@hazard("H112")
@pytest.mark.parametrize(("on", "state"), [(date(2026, 1, 31), "due"), (date(2026, 3, 1), "missing")])
def test_a_check_is_missing_only_where_both_ends_say_so(library: Library, on: date, state: str) -> None:
    check = next(each for each in seen(library, on).checks if each.item.marker == "potassium" and each.item.on_range)
    assert check.item.on_range is not None
    assert check.item.on_range[0] < check.item.on_range[1]
    assert check.due == check.item.on_range[0]
    assert check.state == state


@hazard("H112")
def test_a_result_near_either_end_answers_the_check(library: Library) -> None:
    states = {each.state for each in seen(library, date(2026, 3, 1), MEASURED).checks if each.item.on_range}
    assert "done" in states


@hazard("H112")
def test_a_dose_that_counts_by_one_end_alone_tells_both(library: Library) -> None:
    made = seen(library, date(2026, 8, 1), TOLD, MONTH, NEXT)
    dose = next(each for each in made.evaluations if each.event.id == "n")
    assert "Early in it, counted" in english(dose.reasons[0].text)
    assert "Late in it, extra" in english(dose.reasons[0].text)
    assert "DATE_PARTIAL" in {question.code for question in made.questions}
