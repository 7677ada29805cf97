"""A program's inference never carries a source's number, and no days are counted while a question keeps the date back."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from cobalamin.app.documents import plain
from cobalamin.app.documents.due import DueRenderer
from cobalamin.app.services.reviewing import due_of
from cobalamin.knowledge.library import Library
from cobalamin.spans import Span
from cobalamin.therapy.case.case import AcceptedPlan, Case, Fact, Patient
from cobalamin.therapy.review.due import due_sentence, interval_cited
from cobalamin.therapy.review.review import Review, review
from english import english
from entries import entry
from hazards import hazard

START = date(2026, 1, 5)
NUMBERS = re.compile(r"\[\d")
INFERRED = re.compile(r"overdue|give it|in time|booked|is due|perhaps|days? (late|early)|look at the treatment")


def seen(
    library: Library, on: date, before: str = "none", month: str = "", given: bool = True, every: str = "3 mo"
) -> Review:
    plan = AcceptedPlan(
        "uk-bnf-proph", 1, START, {"maintenance_interval": every}, "", "engineering-default", "", START, {}, {}
    )
    dose = entry("d", "administration", None if month else START, month, source="this_site", data={"as_planned": True})
    facts = (Fact("cause", "pernicious_anaemia"), Fact("previous_treatment", before))
    return review(
        library, Case(Patient("a", date(1958, 3, 2), "female", "GB"), facts, plan, (dose,) if given else ()), on
    )


@hazard("H13")
@pytest.mark.parametrize("month", ["", "2026-01"])
@pytest.mark.parametrize("days", [*range(0, 260, 9)])
def test_a_number_stands_behind_the_interval_and_behind_no_inference(days: int, month: str, library: Library) -> None:
    found = seen(library, START + timedelta(days=days), month=month)
    interval, cites = interval_cited(found)
    sentence, interval = english(due_sentence(found.outlook, "GB")), english(interval)
    assert cites
    assert "every 3 months" in interval
    assert not NUMBERS.search(sentence)
    told = plain(DueRenderer(library).due(due_of(found, None)))
    assert told["interval"] == interval
    assert not INFERRED.search(told["interval"])


@hazard("H76")
@pytest.mark.parametrize(
    ("every", "told"), [("10 wk", "every 10 weeks"), ("12 wk", "every 12 weeks"), ("80 d", "every 80 days")]
)
def test_an_interval_chosen_in_between_is_not_told_as_one_of_the_sources(
    every: str, told: str, library: Library
) -> None:
    interval, cites = interval_cited(seen(library, START, every=every))
    assert (
        english(interval) == f"The interval of its sources: every 2 months / every 3 months; chosen in between: {told}."
    )
    assert cites
    for end in ("2 mo", "3 mo"):
        assert "chosen" not in english(interval_cited(seen(library, START, every=end))[0])


@hazard("H13")
def test_of_a_long_gap_the_look_comes_before_the_dose(library: Library) -> None:
    sentence = english(due_sentence(seen(library, START + timedelta(days=300)).outlook, "GB"))
    assert sentence.index("look at the treatment") < sentence.index("give it")
    assert "no source states" in sentence


def test_an_interval_that_a_person_decided_carries_no_source(library: Library) -> None:
    found = seen(library, START)
    data = {"decision": "change_interval", "interval": Span(8, "wk"), "by": "Dr A"}
    changed = entry("c", "decision", START + timedelta(days=5), data=data)
    case = Case(found.case.patient, found.case.facts, found.case.plan, (*found.case.record, changed))
    assert interval_cited(review(library, case, START + timedelta(days=6))) == ("", ())


@pytest.mark.parametrize("before", ["loading", "maintenance"])
@pytest.mark.parametrize("given", [True, False])
def test_no_days_are_counted_while_a_question_keeps_the_date_back(before: str, given: bool, library: Library) -> None:
    on = START + timedelta(days=120)
    found = seen(library, on, before, given=given)
    told = plain(DueRenderer(library).due(due_of(found, on)))
    assert found.outlook.status == "data_required"
    assert not {"days_from_target", "share_of_interval", "next_target"} & told["if_given"].keys()
    assert not re.search(r"\d+ days", told["if_given"]["sentence"] + told["sentence"] + told["plain"])
    [waiting] = told["waits_for"]
    assert waiting["code"] == "HISTORY_NEEDED"
    assert "record CASE history" in waiting["command"]


@hazard("H62")
def test_a_dose_on_a_day_is_answered_for_both_readings(library: Library) -> None:
    on = date(2026, 4, 25)
    due = due_of(seen(library, on, month="2026-01"), on)
    assert due.given is not None
    assert due.given.other is not None
    told = plain(DueRenderer(library).due(due))["if_given"]
    assert "two answers" in told["sentence"]
    assert len(told["either"]) == 2
    assert told["either"][0]["days_from_target"] > told["either"][1]["days_from_target"]
