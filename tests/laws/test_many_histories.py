"""A hundred thousand made-up records, in plain Python with a fixed seed: what no history whatever may break."""

from __future__ import annotations

import random

import pytest

from cobalamin.therapy import fold
from hazards import hazard

from .histories import History, a_history
from .ladders import WINDOWS, administration

HISTORIES = 25_000
UNDATED = fold.DONE | fold.LAST_DOSE_NEEDED


def judge_the_dates(place: fold.Place, dates: fold.Dates) -> None:
    count_from, bookable_from, target, due_through, overdue_from, review_from = dates
    if place.marks & UNDATED:
        assert target == fold.NONE
    else:
        assert count_from <= bookable_from <= target <= due_through < overdue_from <= review_from


def judge_the_steps(history: History, for_life: bool) -> None:
    for before, event, after in history.steps:
        assert sum(after.tally[2:7]) == sum(before.tally[2:7]) + (event.kind == fold.ADMINISTRATION)
        assert not (for_life and after.place.marks & fold.DONE)
        judge_the_dates(*fold.forecast(after, history.rungs, WINDOWS, event.day))


def judge_what_is_forecast(history: History, for_life: bool) -> None:
    """The dose that is forecast, given on its day, is credited on time."""
    state, (place, dates) = history.states[-1], history.forecast(history.last_day)
    rung, target = history.rungs[place.rung], dates.target
    asked = place.marks & (UNDATED | fold.HISTORY_NEEDED) or state.cover.stopped != fold.NONE
    if not (asked or rung.continuous or state.last.day == target or target < history.last_day):
        verdict = history.then(administration(target, rung)).verdict
        assert (verdict.credit, verdict.timing) == (fold.CREDITED, fold.ON_TIME)
    much_later = history.forecast(history.last_day + 40_000)
    judge_the_dates(*much_later)
    assert not (for_life and much_later[0].marks & fold.DONE)


@hazard("H19")
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_history_breaks_the_order_of_dates_the_counts_or_a_treatment_for_life(seed: int) -> None:
    pick = random.Random(seed).choice
    for number in range(HISTORIES):
        for_life = number % 2 == 0
        history = a_history(pick, most=14, never_ends=for_life)
        try:
            judge_the_steps(history, for_life)
            judge_what_is_forecast(history, for_life)
        except AssertionError:
            pytest.fail(f"history {number} of seed {seed}: {history}")
