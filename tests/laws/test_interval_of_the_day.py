"""A dose and a change of interval on one day: the dose is judged by both, and the new interval counts from it."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from cobalamin.therapy import fold
from hazards import hazard

from .histories import DOSES, a_history
from .ladders import WINDOWS, administration, decision, interval_rung, planned

INTERVALS = [
    4 * number + unit
    for number, unit in (
        (3, fold.MONTH),
        (1, fold.MONTH),
        (2, fold.WEEK),
        (6, fold.WEEK),
        (1, fold.YEAR),
        (2, fold.DAY),
    )
]
DAYS_FROM_TARGET = (-60, -30, -14, -8, -3, -1, 0, 1, 3, 10, 20, 60)


def timeliness_of(state: fold.State, event: fold.Event, rungs: tuple[fold.Rung, ...]) -> tuple[int, int]:
    """(0 where it is credited, days outside its window) of a dose judged after this state."""
    dates = fold.forecast(state, rungs, WINDOWS, event.day)[1]
    verdict = fold.step(state, event, rungs, WINDOWS).verdict
    if verdict.credit != fold.CREDITED:
        return 1, 0
    return 0, max(dates.bookable_from - event.day, event.day - dates.due_through, 0)


@hazard("H58")
@pytest.mark.parametrize("seed", range(4))
def test_the_better_judgement_holds_and_no_day_asks_for_a_second_dose(seed: int) -> None:
    pick, judged = random.Random(seed).choice, Counter[str]()
    for _ in range(1500):
        history = a_history(pick, DOSES, most=6, plans=1)
        state, own = history.states[-1], pick(INTERVALS)
        target = history.forecast(history.last_day)[1].target
        day = max(history.last_day, target + pick(DAYS_FROM_TARGET)) if target != fold.NONE else history.last_day
        place = fold.forecast(state, history.rungs, WINDOWS, day)[0]
        if place.marks & fold.DONE or history.rungs[place.rung].continuous:
            continue
        dose, change = administration(day, history.rungs[place.rung]), decision(day, fold.CHANGE_INTERVAL, own=own)
        changed_first = fold.step(state, change, history.rungs, WINDOWS)
        best = min(timeliness_of(state, dose, history.rungs), timeliness_of(changed_first, dose, history.rungs))
        both = dose._replace(interval=own)
        assert timeliness_of(state, both, history.rungs)[0] == best[0]
        given = fold.step(state, both, history.rungs, WINDOWS)
        timing = fold.ON_TIME if best == (0, 0) else given.verdict.timing
        assert given.verdict.timing in (timing, 0), (history, dose, own)
        after, dates = fold.forecast(fold.step(given, change, history.rungs, WINDOWS), history.rungs, WINDOWS, day)
        if given.verdict.credit == fold.CREDITED and dates.target != fold.NONE:
            assert after.anchor == day < dates.target
            assert after.own == own
        judged[f"{given.verdict.credit}{given.verdict.timing}"] += 1
    assert len(judged) >= 3, judged


@hazard("H58")
@pytest.mark.parametrize("months", [2, 3])
@pytest.mark.parametrize(("number", "unit"), [(1, fold.MONTH), (6, fold.MONTH), (1, fold.YEAR), (2, fold.WEEK)])
@pytest.mark.parametrize("days", range(-80, 100, 9))
def test_a_shorter_and_a_longer_interval_with_and_without_a_dose_that_day(
    months: int, number: int, unit: int, days: int
) -> None:
    rungs, own = (interval_rung(months, fold.MONTH),), 4 * number + unit
    state = fold.step(planned(rungs, 20_000), administration(20_000, rungs[0]), rungs, WINDOWS)
    due = fold.forecast(state, rungs, WINDOWS, 20_000)[1].target
    day = due + days
    change = decision(day, fold.CHANGE_INTERVAL, own=own)
    without = fold.forecast(fold.step(state, change, rungs, WINDOWS), rungs, WINDOWS, day)[1].target
    by_interval = fold.add_span(20_000, number, unit, 0)
    assert without == (max(by_interval, day) if by_interval < due else by_interval)
    if day == 20_000:
        return
    given = fold.step(state, administration(day, rungs[0])._replace(interval=own), rungs, WINDOWS)
    after = fold.forecast(fold.step(given, change, rungs, WINDOWS), rungs, WINDOWS, day)[1].target
    counted = given.verdict.credit == fold.CREDITED
    assert after == (fold.add_span(day, number, unit, 0) if counted else without)
    assert after > day
