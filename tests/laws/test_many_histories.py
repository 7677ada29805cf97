"""A hundred thousand made-up records, in plain Python with a fixed seed: what no history whatever may break."""

from __future__ import annotations

import random

import pytest

from cobalamin.therapy import fold
from hazards import hazard

from .histories import History, a_history
from .ladders import administration

HISTORIES = 25_000
UNDATED = fold.DONE | fold.LAST_DOSE_NEEDED


def assert_in_order(dates: fold.Dates) -> None:
    count_from, bookable_from, target, due_through, overdue_from, review_from = dates
    assert count_from <= bookable_from <= target <= due_through < overdue_from <= review_from


def assert_the_forecast_dose_is_on_time(history: History, place: fold.Place, target: int) -> None:
    state, rung = history.states[-1], history.rungs[place.rung]
    asked = place.marks & (UNDATED | fold.HISTORY_NEEDED) or state.cover.stopped != fold.NONE
    if asked or rung.continuous or state.last.day == target or target < history.last_day:
        return
    verdict = history.then(administration(target, rung)).verdict
    assert (verdict.credit, verdict.timing) == (fold.CREDITED, fold.ON_TIME)


def judge(history: History, for_life: bool) -> None:
    place, dates = history.forecast(history.last_day)
    for before, event, after in history.steps:
        assert not (for_life and after.place.marks & fold.DONE)
        assert sum(after.tally[2:7]) == sum(before.tally[2:7]) + (event.kind == fold.ADMINISTRATION)
    if place.marks & UNDATED:
        assert dates.target == fold.NONE
    else:
        assert_in_order(dates)
    assert_the_forecast_dose_is_on_time(history, place, dates.target)
    assert not (for_life and history.forecast(history.last_day + 40_000)[0].marks & fold.DONE)


@hazard("H11")
@hazard("H19")
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_history_breaks_the_order_of_dates_the_counts_or_a_treatment_for_life(seed: int) -> None:
    pick = random.Random(seed).choice
    for number in range(HISTORIES):
        for_life = number % 2 == 0
        history = a_history(pick, never_ends=for_life)
        try:
            judge(history, for_life)
        except AssertionError:
            pytest.fail(f"history {number} of seed {seed}: {history}")
