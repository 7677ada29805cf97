"""A date that rests on a decision nobody has settled is provisional, and its question stands beside it (hazard H112)."""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.app.services.questions import command_of
from cobalamin.casefile.events import read_event
from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.improbable import improbable
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review, review
from english import english
from hazards import hazard

ON = date(2026, 11, 16)
HEAD = """cobalamin: 1
patient: {id: x, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, anaemia: severe, neurological_involvement: absent, previous_treatment: none}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-11-09, choices: {maintenance_interval: 3 mo}}
record:
  - {date: 2026-11-09, kind: administration, as_planned: true}
"""
DECIDED = "  - {id: %s, date: %s, kind: decision, decision: %s, by: x, reason: y}\n"
EIGHT = DECIDED % ("a", "2026-11-12", "change_interval, interval: 8 wk")
TWELVE = DECIDED % ("b", "2026-11-12", "change_interval, interval: 12 wk")
SHORT = DECIDED % ("s", "2026-11-12", "change_interval, interval: 1 d")
ADVANCE = DECIDED % ("v", "2026-11-12", "advance")
LATER = DECIDED % ("l", "2026-11-14", "change_interval, interval: 2 d")
RESTART = DECIDED % ("r", "2026-11-15", "restart")
LOOKED = "  - {id: k, date: 2026-11-15, kind: decision, decision: reviewed, answers: [%s], by: x, finding: y}\n"


def seen(library: Library, *entries: str) -> Review:
    return review(library, read_case(HEAD + "".join(entries), "case", library), ON)


def waits(library: Library, *entries: str) -> set[str]:
    made = seen(library, *entries)
    found = waiting_for(made)
    assert all("cobalamin " in command_of(question, library.own_words) for question in found)
    assert {question.code for question in found} == set(made.outlook.provisional)
    assert ("provisional" in english(due_sentence(made.outlook, "GB"))) is bool(found)
    return {question.code for question in found}


@hazard("H112")
@pytest.mark.parametrize(
    ("entries", "asked"),
    [
        ([EIGHT, TWELVE], {"TWO_INTERVALS", "LONGER_IN_LOADING"}),
        ([EIGHT], {"LONGER_IN_LOADING"}),
        ([ADVANCE], {"ADVANCED_EARLY"}),
        ([EIGHT, ADVANCE], {"TWO_DECISIONS", "ADVANCED_EARLY"}),
        ([SHORT], set()),
        ([EIGHT, TWELVE, LATER], set()),
        ([ADVANCE, RESTART], set()),
        ([EIGHT, LOOKED % "LONGER_IN_LOADING"], set()),
        ([ADVANCE, LOOKED % "ADVANCED_EARLY"], set()),
        ([EIGHT, TWELVE, LOOKED % "TWO_INTERVALS, LONGER_IN_LOADING"], set()),
    ],
)
def test_the_question_stands_beside_the_date_while_the_decision_governs(
    library: Library, entries: list[str], asked: set[str]
) -> None:
    assert waits(library, *entries) == asked


@hazard("H112")
def test_a_decision_that_is_asked_about_is_obeyed(library: Library) -> None:
    assert seen(library, EIGHT, TWELVE).outlook.target == date(2027, 1, 4)
    phase = seen(library, ADVANCE).outlook.phase
    assert phase is not None
    assert phase.phase.name == "maintenance"


@hazard("H112")
def test_the_potassium_of_a_loading_left_early_stays_asked_for_until_it_is_measured(library: Library) -> None:
    measured = "  - {date: 2026-11-15, kind: result, marker: potassium, value: 4.0 mmol/L}\n"
    for entries, asked in (([ADVANCE], True), ([ADVANCE, measured], False)):
        issues = [issue for issue in seen(library, *entries).issues if issue.code == "HYPOKALAEMIA_WATCH"]
        assert bool(issues) is asked


@hazard("H112")
@pytest.mark.parametrize(("interval", "asked"), [("8 wk", True), ("4 d", True), ("1 d", False)])
def test_a_longer_interval_in_loading_is_asked_before_it_is_written(
    library: Library, interval: str, asked: bool
) -> None:
    entry = {"date": "2026-11-12", "kind": "decision", "decision": "change_interval", "by": "x", "reason": "y"}
    event = read_event({**entry, "interval": interval}, library)
    codes = [each.code for each in improbable(library, read_case(HEAD, "case", library), event, ON)]
    assert codes == (["LONGER_IN_LOADING"] if asked else [])
    codes = [each.code for each in improbable(library, read_case(HEAD + ADVANCE, "case", library), read_event({**entry, "date": "2026-11-13", "interval": interval}, library), ON)]  # fmt: skip
    assert "LONGER_IN_LOADING" not in codes
