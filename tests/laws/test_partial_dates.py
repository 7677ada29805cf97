"""A dose known by its month only: two readings, told as ranges that never contradict each other."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cobalamin.records import replace
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.events import History
from cobalamin.therapy.case.record import month_ends
from cobalamin.therapy.review.outlook import Outlook
from cobalamin.therapy.review.review import review
from entries import entry
from hazards import hazard

from .people import shipped
from .records import MANY, PLANS, a_case, cases, chances, last_day
from .test_review import reviewed

waits = st.sampled_from((0, 1, 5, 15, 30, 60, 100, 200)).map(lambda days: timedelta(days=days))
DATES = ("bookable_from", "target", "due_through", "overdue_from", "review_from")
OPEN = ("not_yet_due", "bookable", "due", "overdue", "perhaps_overdue", "review_needed")


def by_month(chance: random.Random) -> Case:
    """A random case whose doses are known by their month, each with one chance in three."""
    case = a_case(chance, PLANS, 14)
    return replace(case, record=tuple(_by_month(event) if _may(event, chance) else event for event in case.record))


def _may(event: Event, chance: random.Random) -> bool:
    return event.kind == "administration" and event.on is not None and chance.random() < 0.33


def _by_month(event: Event) -> Event:
    return replace(event, on=None, month=f"{event.on:%Y-%m}")


def at(case: Case, end: int, on: date) -> Case:
    """The case with every month at its first (0) or last (1) day, by the rules of the contract."""
    start = case.plan.start if case.plan else date.min

    def placed(event: Event) -> Event:
        if event.month:
            first, last = month_ends(event.month)
            day = min(last, on) if end else start if first < start <= last else first
            return replace(event, on=day, month="")
        if isinstance(event, History) and event.last_month:
            ends = month_ends(event.last_month)
            return replace(event, last_dose=min(ends[end], event.on or ends[end]))
        return event

    return replace(case, record=tuple(map(placed, case.record)))


def outlook(case: Case, on: date) -> Outlook:
    return review(shipped(), case, on).outlook


def begin_of(case: Case) -> date:
    months = [month_ends(event.month)[0] for event in case.record if event.month]
    return max([last_day(case), *months])


@hazard("H62")
@MANY
@given(chances.map(by_month), waits)
def test_each_date_is_its_smaller_and_its_larger_value_and_none_runs_backwards(case: Case, wait: timedelta) -> None:
    on = begin_of(case) + wait
    told = reviewed(case, on)["forecast"]
    if "target_range" not in told:
        return
    ranges = {name: told[f"{name}_range"] for name in DATES}
    assert all(first <= last for first, last in ranges.values())
    assert ranges["bookable_from"][0] <= ranges["target"][0] <= ranges["due_through"][0] < ranges["overdue_from"][0]
    assert ranges["bookable_from"][1] <= ranges["target"][1] <= ranges["due_through"][1] < ranges["overdue_from"][1]
    assert told["bookable_from"] == ranges["bookable_from"][0]
    assert [told[name] for name in DATES[2:]] == [ranges[name][1] for name in DATES[2:]]
    assert (
        told["bookable_from"]
        <= ranges["target"][1]
        <= told["due_through"]
        < told["overdue_from"]
        <= told["review_from"]
    )
    assert told["determinacy"] == "provisional"
    assert "target" not in told


@hazard("H62")
@MANY
@given(chances.map(by_month), waits)
def test_overdue_and_not_yet_due_stand_only_where_both_readings_say_so(case: Case, wait: timedelta) -> None:
    if any(event.kind == "history" for event in case.record):
        return  # a history of a month speaks from the month's last day in both readings
    on = begin_of(case) + wait
    seen = review(shipped(), case, on)
    early, late = outlook(at(case, 0, on), on), outlook(at(case, 1, on), on)
    if seen.outlook.between is None or seen.outlook.status not in OPEN:
        return
    assert early.dates is not None
    assert late.dates is not None
    for name in DATES:
        days = sorted(getattr(dates, name) for dates in (early.dates, late.dates))
        assert [getattr(dates, name) for dates in seen.outlook.between] == days
    said = {early.timeliness, late.timeliness}
    overdue = {"overdue", "review_needed"}
    if said <= overdue:
        assert seen.outlook.timeliness in said
    elif said & overdue:
        assert seen.outlook.timeliness == "perhaps_overdue"
        assert "DATE_PARTIAL" in {question.code for question in seen.questions}
    else:
        assert seen.outlook.timeliness == max(said, key=OPEN.index)


@hazard("H62")
@given(cases((("uk-bnf-noneuro", {"maintenance_interval": "3 mo"}),)), st.integers(0, 27))
def test_no_reading_of_a_running_month_lies_after_the_day_of_assessment(case: Case, day: int) -> None:
    assert case.plan is not None
    on = case.plan.start + timedelta(days=day)
    dose = entry("m", "administration", None, month=f"{on:%Y-%m}", source="this_site", data={"as_planned": True})
    told = reviewed(replace(case, record=(dose,), facts=()), on)
    assert told["evaluations"][0]["on"] in (f"{on:%Y-%m}", str(on))
    if "target_range" in told["forecast"]:
        assert told["forecast"]["target_range"][1] <= str(on + timedelta(days=3))
