"""The review: what holds for every record over real protocols."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cobalamin.app.documents import json_text
from cobalamin.app.documents.review import ReviewRenderer
from cobalamin.knowledge.library import Library
from cobalamin.spans import add, read_date, read_span
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.record import begins
from cobalamin.therapy.review.review import Review, review
from entries import entry
from hazards import hazard

from .people import shipped
from .records import last_day, random_case, with_events

SEEDS = range(300)
LONG = bool(os.environ.get("COBALAMIN_ALL"))
CREDITS = ("credited", "extra", "not_credited", "excluded", "pending")
DAY = timedelta(days=1)


def on_of(seed: int, case: Case) -> date:
    return last_day(case) + timedelta(days=random.Random(seed).choice((0, 0, 1, 5, 20, 60, 200, 500)))


def document(seen: Review) -> dict[str, object]:
    return json.loads(json_text(ReviewRenderer(shipped()).review(seen)))


def reviewed(case: Case, on: date) -> dict[str, object]:
    return document(review(shipped(), case, on))


def treatment(case: Case, on: date) -> tuple[object, ...]:
    """What blood results and symptoms must not touch."""
    seen = reviewed(case, on)
    return seen["phase"], seen["forecast"], seen["evaluations"], seen["trace"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_entry_never_matters(seed: int) -> None:
    case = random_case(seed)
    on, events = on_of(seed, case), list(case.record)
    random.Random(seed).shuffle(events)
    assert reviewed(with_events(case, tuple(events)), on) == reviewed(case, on)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_after_the_day_of_assessment_matters(seed: int) -> None:
    case = random_case(seed)
    on = case.record[len(case.record) // 2].on or last_day(case) if case.record else last_day(case)
    known = tuple(event for event in case.record if begins(event) <= on)
    then, now = reviewed(with_events(case, known), on), reviewed(case, on)
    assert [entry for entry in now["evaluations"] if "FUTURE" not in entry["flags"]] == then["evaluations"]
    for key in ("phase", "forecast", "checks", "response", "questions", "issues", "trace", "symptoms", "upcoming"):
        assert now[key] == then[key], key


@hazard("H11")
@pytest.mark.parametrize("seed", SEEDS)
def test_no_blood_result_and_no_symptom_touches_the_treatment(seed: int) -> None:
    case = random_case(seed)
    on = on_of(seed, case)
    without = tuple(event for event in case.record if event.kind not in ("result", "symptoms"))
    assert treatment(with_events(case, without), on) == treatment(case, on)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_entry_that_is_withdrawn_leaves_no_trace_in_the_forecast(seed: int) -> None:
    case = random_case(seed)
    on = on_of(seed, case)
    extra = entry("wrong", "administration", on, source="this_site", data={"as_planned": True})
    withdrawn = entry("sorry", "correction", on, data={"withdraws": "wrong"})
    after = reviewed(with_events(case, (extra, *case.record, withdrawn)), on)
    before = reviewed(case, on)
    assert (after["forecast"], after["questions"]) == (before["forecast"], before["questions"])
    assert [entry for entry in after["evaluations"] if entry["event"] != "wrong"] == before["evaluations"]


@hazard("H19")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_administration_is_judged_once(seed: int) -> None:
    case = random_case(seed)
    seen = review(shipped(), case, on_of(seed, case))
    doses = [event.id for event in case.record if event.kind == "administration"]
    assert sorted(entry.event.id for entry in seen.evaluations) == sorted(doses)
    assert all(entry.credit in CREDITS for entry in seen.evaluations)


@hazard("H19")
@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_with_a_lasting_cause_is_complete(seed: int) -> None:
    case = random_case(seed)
    if {"pernicious_anaemia", "total_gastrectomy"} & {fact.value for fact in case.facts}:
        for later in (0, 400, 4000):
            seen = review(shipped(), case, last_day(case) + timedelta(days=later))
            assert seen.outlook.status != "complete"


def state_of(case: Case, on: date) -> tuple[object, ...]:
    seen = review(shipped(), case, on)
    verdicts = [(each.marker, each.verdict) for each in seen.response]
    codes = [question.code for question in seen.questions], [issue.code for issue in seen.issues]
    return seen.outlook.status, seen.outlook.timeliness, verdicts, codes


def days_to_try(on: date, end: date, seed: int) -> list[date]:
    """Both ends day by day and every third day between, with another beginning for each seed; every day in `./test --all`."""
    days = [on + number * DAY for number in range((end - on).days + 1)]
    return days if LONG else sorted({*days[:8], *days[seed % 3 :: 3], *days[-8:]})


@pytest.mark.parametrize("seed", range(60))
def test_nothing_changes_before_it_was_announced(seed: int) -> None:
    """Through the days on which it was said to hold; that the day after brings something new is the next test."""
    case = random_case(seed)
    on = on_of(seed, case)
    until = review(shipped(), case, on).valid_until
    end = min(until or date.max, on + 150 * DAY)
    known = state_of(case, on)
    for day in days_to_try(on, end, seed):
        assert state_of(case, day) == known, f"{day} differs, announced until {until}"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_announced_does_change(seed: int) -> None:
    case = random_case(seed)
    if any(event.month for event in case.record):
        return  # a date known by its month moves day by day while that month lasts
    on = on_of(seed, case)
    until = review(shipped(), case, on).valid_until
    if until is not None and until < shipped().review_by:
        before, after = reviewed(case, until), reviewed(case, until + DAY)
        for seen in (before, after):
            del seen["on"], seen["valid_until"]
        assert before != after


# -- the trace -------------------------------------------------------------------------------------------------------


def rebuilt(node: dict[str, object]) -> dict[str, str]:
    """All five dates of a node, from what the node itself says."""
    window, gap = node["window"], read_span(node["minimum_gap"])
    late, early, lapse = (read_span(window[name]) for name in ("late", "early", "lapse"))
    if "anchor" not in node:
        target = read_date(node["floor"])
        through = add(target, late)
        review_from = max(target + 14 * DAY, through + DAY)
        return named(target, target, target, through, review_from)
    anchor = read_date(node["anchor"])
    due = add(anchor, read_span(node["interval"]), node["times"], node["wanted_day"])
    if "substitute" in node:
        due = min(due, add(anchor, read_span(node["substitute"]), node["times"], node["wanted_day"]))
    due = max(due, add(anchor, gap))
    floor = read_date(node["floor"]) if "floor" in node else date.min
    target = max(due, floor)
    half = -(-(due - anchor).days // 2) if window["count_from"] == "half" else 1
    count_from = anchor + max(half * DAY, timedelta(days=gap.number))
    bookable = max(add(target, early) - 2 * (add(target, early) - target), add(anchor, gap))
    bookable = count_from if window["count_from"] == "minimum_gap" else bookable
    through = add(target, late)
    review_from = add(target if window["lapse_from"] == "target" else anchor, lapse)
    if "review_cap" in node:
        review_from = min(review_from, add(target, read_span(node["review_cap"])))
    bookable = bookable if node.get("floor_of") == "bridge" else max(bookable, floor)
    return named(count_from, bookable, target, through, max(review_from, through + DAY))


def named(count_from: date, bookable: date, target: date, through: date, review_from: date) -> dict[str, str]:
    days = {"count_from": count_from, "bookable_from": bookable, "target": target, "due_through": through}
    days |= {"overdue_from": through + DAY, "review_from": review_from}
    return {name: str(day) for name, day in days.items()}


@hazard("H14")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_date_can_be_rebuilt_from_the_trace(seed: int) -> None:
    case = random_case(seed)
    for node in reviewed(case, on_of(seed, case))["trace"]:
        if "dates" in node:
            assert rebuilt(node) == node["dates"], node


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dose_given_when_it_is_due_is_on_time(seed: int) -> None:
    case = random_case(seed)
    on = on_of(seed, case)
    seen = review(shipped(), case, on)
    target = seen.outlook.target
    open_now = seen.outlook.status in ("not_yet_due", "bookable", "due") and not seen.outlook.early_target
    # On one day a dose counts before a decision to advance, and a month moves with its day.
    if target is None or not open_now or target <= last_day(case) or any(event.month for event in case.record):
        return
    given = entry("now", "administration", target, source="this_site", data={"as_planned": True})
    after = review(shipped(), with_events(case, (*case.record, given)), target)
    assert next(entry.timing for entry in after.evaluations if entry.event.id == "now") == "on_time"


def test_a_review_of_an_empty_record_says_what_is_due(library: Library) -> None:
    case = replace(random_case(1), record=())
    seen = review(library, case, case.plan.start if case.plan else date(2020, 1, 1))
    assert seen.outlook.status in ("due", "ongoing", "data_required")
