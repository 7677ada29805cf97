"""Entries that can't both hold are asked about; their ordinary neighbours are not."""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.app.services.questions import command_of
from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.review.if_given import if_given
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review, review
from english import english
from hazards import hazard

ON = date(2026, 9, 1)
HEAD = """cobalamin: 1
patient: {id: x, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, previous_treatment: %s}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}}
record:
"""
INTERVAL = "  - {id: %s, date: %s, kind: decision, decision: change_interval, interval: %s, by: x, reason: y}\n"
HISTORY = "  - {id: %s, date: %s, kind: history, phase: %s, last_dose: %s}\n"
MONTH = "  - {id: m, date: 2026-08, kind: administration, as_planned: true, source: reported}\n"
DAY = "  - {id: d, date: 2026-08-10, kind: administration, as_planned: true}\n"


def seen(library: Library, *entries: str, treated: str = "unknown", on: date = ON) -> Review:
    return review(library, read_case(HEAD % treated + "".join(entries), "case", library), on)


def codes(made: Review) -> set[str]:
    return {question.code for question in made.questions}


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_of_two_intervals_of_one_day_it_is_asked_which_holds(library: Library, ids: tuple[str, str]) -> None:
    told = HISTORY % ("h", "2026-07-01", "maintenance", "2026-06-30")
    entries = [told, INTERVAL % (ids[0], "2026-08-01", "2 mo"), INTERVAL % (ids[1], "2026-08-01", "4 mo")]
    made = seen(library, *entries)
    question = next(each for each in made.questions if each.code == "TWO_INTERVALS")
    assert "every 4 months, and every 2 months" in english(question.text)
    assert made.outlook.target == date(2026, 8, 30)  # the shorter one, whatever the ids


def test_the_same_interval_or_another_day_is_not_asked(library: Library) -> None:
    first = INTERVAL % ("a", "2026-08-01", "2 mo")
    assert "TWO_INTERVALS" not in codes(seen(library, first, INTERVAL % ("b", "2026-08-01", "2 mo")))
    assert "TWO_INTERVALS" not in codes(seen(library, first, INTERVAL % ("b", "2026-08-02", "4 mo")))


DECISION = "  - {id: %s, date: %s, kind: decision, decision: %s, by: x, reason: y}\n"
COVER = "  - {id: %s, date: %s, kind: %s}\n"
BRIDGE = "  - {id: %s, date: %s, kind: %s, substance: cyanocobalamin, dose: 1 mg, route: oral}\n"
REVIEWED = "  - {date: 2026-08-02, kind: decision, decision: reviewed, answers: [TWO_DECISIONS], by: x, finding: y}\n"
TREATED = HISTORY % ("h", "2026-07-01", "maintenance", "2026-06-30")


@hazard("H108")
@pytest.mark.parametrize("first", ["resume", "restart"])
@pytest.mark.parametrize("last", ["stop", "hold", "pause", "bridge"])
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_entries_of_a_day_that_cancel_each_other_it_is_asked_which_holds(
    library: Library, first: str, last: str, turned: bool
) -> None:
    form = DECISION if last == "stop" else BRIDGE if last == "bridge" else COVER
    ends = form % ("s", "2026-08-01", last)
    entries = [DECISION % ("r", "2026-08-01", first), ends]
    made = seen(library, TREATED, *(reversed(entries) if turned else entries))
    assert (
        made.outlook.status == {"stop": "discontinued", "hold": "on_hold", "pause": "paused", "bridge": "bridged"}[last]
    )
    question = next(each for each in made.questions if each.code == "TWO_DECISIONS")
    assert (last in english(question.text), first in english(question.text)) == (True, True)
    assert waiting_for(made) == (question,)
    assert command_of(question, library.own_words) == "cobalamin undo CASE --id r or cobalamin undo CASE --id s"
    assert "TWO_DECISIONS" not in codes(seen(library, TREATED, *entries, REVIEWED))


@hazard("H108")
def test_a_stop_and_a_resume_of_two_days_are_not_asked(library: Library) -> None:
    entries = [DECISION % ("s", "2026-08-01", "stop"), DECISION % ("r", "2026-08-02", "resume")]
    assert "TWO_DECISIONS" not in codes(seen(library, TREATED, *entries))


def test_two_histories_that_differ_are_asked(library: Library) -> None:
    first = HISTORY % ("a", "2026-07-01", "maintenance", "2026-06-30")
    assert "TWO_HISTORIES" in codes(seen(library, first, HISTORY % ("b", "2026-07-02", "maintenance", "2026-05-30")))
    assert "TWO_HISTORIES" in codes(seen(library, first, HISTORY % ("b", "2026-07-02", "loading", "2026-06-30")))


@pytest.mark.parametrize("known", ["unknown", "2026-06"])
def test_a_history_that_adds_the_day_is_not_asked(library: Library, known: str) -> None:
    first = HISTORY % ("a", "2026-07-01", "maintenance", known)
    assert "TWO_HISTORIES" not in codes(
        seen(library, first, HISTORY % ("b", "2026-07-02", "maintenance", "2026-06-30"))
    )


def test_no_treatment_before_and_a_history_contradict_each_other(library: Library) -> None:
    told = HISTORY % ("a", "2026-07-01", "maintenance", "2026-06-30")
    made = seen(library, told, treated="none")
    assert "FACT_CONTRADICTED" in codes(made)
    assert any("treatment before, in maintenance" in english(question.text) for question in made.questions)
    assert "FACT_CONTRADICTED" not in codes(seen(library, told, treated="maintenance"))
    answer = "  - {id: f, date: 2026-07-02, kind: fact, fact: previous_treatment, value: none}\n"
    assert "FACT_CONTRADICTED" not in codes(seen(library, told, answer, treated="none"))


def test_a_dose_by_its_month_and_one_by_its_day_are_asked_as_one(library: Library) -> None:
    told = HISTORY % ("h", "2026-07-01", "maintenance", "2026-05-05")
    found = codes(seen(library, told, MONTH, DAY, treated="maintenance"))
    assert "SAME_DOSE" in found
    assert "EARLY_DOSE" not in found
    assert "SAME_DOSE" not in codes(seen(library, told, MONTH, treated="maintenance"))


def test_a_dose_of_today_counts_as_it_would_once_recorded(library: Library) -> None:
    told, today = HISTORY % ("h", "2026-07-01", "maintenance", "2026-05-05"), date(2026, 8, 10)
    asked = if_given(library, seen(library, told, MONTH, treated="maintenance", on=today), today)
    recorded = seen(library, told, MONTH, DAY, treated="maintenance", on=today).evaluations
    assert asked.evaluation.credit == next(each.credit for each in recorded if each.event.id == "d")


def test_of_a_day_that_hangs_on_a_month_both_ends_are_told(library: Library) -> None:
    told = HISTORY % ("h", "2026-05-01", "maintenance", "2026-02-05")
    by_month = "  - {id: m, date: 2026-05, kind: administration, as_planned: true, source: reported}\n"
    made = seen(library, told, by_month, DAY, treated="maintenance")
    dose = next(each for each in made.evaluations if each.event.id == "d")
    assert any(
        "only the month is known" in english(reason.text) or "not known" in english(reason.text)
        for reason in dose.reasons
    )


@hazard("H108")
def test_a_decision_that_another_of_its_day_cancels_is_not_told_as_one_without_effect(library: Library) -> None:
    decided = "  - {id: %s, date: 2026-08-11, kind: decision, decision: %s, by: x, reason: y}\n"
    resume, stop = decided % ("a", "resume"), decided % ("b", "stop")
    both = codes(seen(library, DAY, resume, stop))
    assert "TWO_DECISIONS" in both
    assert "DECISION_WITHOUT_EFFECT" not in both
    assert "DECISION_WITHOUT_EFFECT" in codes(seen(library, DAY, resume))
