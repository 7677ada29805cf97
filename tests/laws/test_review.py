"""The review: what holds for every record over real protocols."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from cobalamin.app.documents import json_text
from cobalamin.app.documents.review import ReviewRenderer
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.spans import add, read_date, read_span
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.events import decides
from cobalamin.therapy.case.record import begins
from cobalamin.therapy.review.review import Review, review
from entries import entry
from hazards import hazard

from .people import shipped
from .records import MANY, cases, chances, last_day, random_case, with_events

CREDITS = ("credited", "extra", "not_credited", "excluded", "pending")
DAY = timedelta(days=1)

waits = st.sampled_from((0, 1, 5, 20, 60, 200, 500)).map(lambda days: timedelta(days=days))


def document(seen: Review) -> dict[str, object]:
    return json.loads(json_text(ReviewRenderer(shipped()).review(seen)))


def reviewed(case: Case, on: date) -> dict[str, object]:
    return document(review(shipped(), case, on))


def treatment(case: Case, on: date) -> tuple[object, ...]:
    """What blood results and symptoms must not touch."""
    seen = reviewed(case, on)
    return seen["phase"], seen["forecast"], seen["evaluations"], seen["trace"]


@MANY
@given(cases(), waits, chances)
def test_the_order_of_entry_never_matters(case: Case, wait: timedelta, chance: random.Random) -> None:
    """Only what a clinician who looked could have looked at is told by its place: it was in the record before (hazard H79)."""
    on = last_day(case) + wait
    shuffled: list[Event] = []
    for looked, group in groupby(case.record, lambda event: decides(event, "reviewed")):
        between = list(group)
        if not looked:
            chance.shuffle(between)
        shuffled += between
    assert reviewed(with_events(case, tuple(shuffled)), on) == reviewed(case, on)


@MANY
@given(cases())
def test_nothing_after_the_day_of_assessment_matters(case: Case) -> None:
    on = case.record[len(case.record) // 2].on or last_day(case) if case.record else last_day(case)
    known = tuple(event for event in case.record if begins(event) <= on)
    then, now = reviewed(with_events(case, known), on), reviewed(case, on)
    assert [entry for entry in now["evaluations"] if "FUTURE" not in entry["flags"]] == then["evaluations"]
    for key in ("phase", "forecast", "checks", "response", "questions", "issues", "trace", "symptoms", "upcoming"):
        assert now[key] == then[key], key


@hazard("H11")
@MANY
@given(cases(), waits)
def test_no_blood_result_and_no_symptom_touches_the_treatment(case: Case, wait: timedelta) -> None:
    on = last_day(case) + wait
    without = tuple(event for event in case.record if event.kind not in ("result", "symptoms"))
    assert treatment(with_events(case, without), on) == treatment(case, on)


@MANY
@given(cases(), waits)
def test_an_entry_that_is_withdrawn_leaves_no_trace_in_the_forecast(case: Case, wait: timedelta) -> None:
    on = last_day(case) + wait
    extra = entry("wrong", "administration", on, source="this_site", data={"as_planned": True})
    withdrawn = entry("sorry", "correction", on, data={"withdraws": "wrong"})
    after = reviewed(with_events(case, (extra, *case.record, withdrawn)), on)
    before = reviewed(case, on)
    assert (after["forecast"], after["questions"]) == (before["forecast"], before["questions"])
    assert [entry for entry in after["evaluations"] if entry["event"] != "wrong"] == before["evaluations"]


@hazard("H19")
@MANY
@given(cases(), waits)
def test_every_administration_is_judged_once(case: Case, wait: timedelta) -> None:
    seen = review(shipped(), case, last_day(case) + wait)
    doses = [event.id for event in case.record if event.kind == "administration"]
    assert sorted(entry.event.id for entry in seen.evaluations) == sorted(doses)
    assert all(entry.credit in CREDITS for entry in seen.evaluations)


@hazard("H19")
@MANY
@given(cases())
def test_nobody_with_a_lasting_cause_is_complete(case: Case) -> None:
    if {"pernicious_anaemia", "total_gastrectomy"} & {fact.value for fact in case.facts}:
        for later in (0, 400, 4000):
            seen = review(shipped(), case, last_day(case) + timedelta(days=later))
            assert seen.outlook.status != "complete"


def state_of(case: Case, on: date) -> tuple[object, ...]:
    seen = review(shipped(), case, on)
    verdicts = [(each.marker, each.verdict) for each in seen.response]
    codes = [question.code for question in seen.questions], [issue.code for issue in seen.issues]
    return seen.outlook.status, seen.outlook.timeliness, verdicts, codes


@given(cases(), waits, chances)
def test_nothing_changes_before_it_was_announced(case: Case, wait: timedelta, chance: random.Random) -> None:
    """The last day that was announced, the days before the middle and days drawn between, of at most 150."""
    on = last_day(case) + wait
    until = review(shipped(), case, on).valid_until
    days = (min(until or date.max, on + 150 * DAY) - on).days
    known = state_of(case, on)
    for number in {0, min(1, days), days // 2, days, *(chance.randint(0, days) for _ in range(8))}:
        assert state_of(case, on + number * DAY) == known, f"{on + number * DAY} differs, announced until {until}"


@MANY
@given(cases(), waits)
def test_what_was_announced_does_change(case: Case, wait: timedelta) -> None:
    if any(event.month for event in case.record):
        return  # a date known by its month moves day by day while that month lasts
    on = last_day(case) + wait
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
@MANY
@given(cases(), waits)
def test_every_date_can_be_rebuilt_from_the_trace(case: Case, wait: timedelta) -> None:
    for node in reviewed(case, last_day(case) + wait)["trace"]:
        if "dates" in node:
            assert rebuilt(node) == node["dates"], node


@MANY
@given(cases(), waits)
def test_a_dose_given_when_it_is_due_is_on_time(case: Case, wait: timedelta) -> None:
    on = last_day(case) + wait
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
