"""The fold: what holds for every ladder and every history of doses, gates and decisions."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from cobalamin.spans import Span
from cobalamin.therapy import fold
from cobalamin.therapy.ladder import to_date
from hazards import hazard

from .ladders import (
    CYANO,
    DOSES,
    DOSES_AND_GATES,
    INTRAVENOUS,
    WINDOWS,
    History,
    Rungs,
    administration,
    histories,
    interval_rung,
    ladders,
    one_course,
    one_rung,
    planned,
    starts,
)

FOUR_CENTURIES = 146_097


def forecast_on(history: History, day: int) -> tuple[fold.Place, fold.Dates]:
    return fold.forecast(history.states[-1], history.rungs, WINDOWS, day)


def judged(history: History) -> list[tuple[fold.State, fold.Event, fold.State]]:
    """(before, event, after) of every administration."""
    states = history.states
    steps = zip(states, history.events, states[1:], strict=False)
    return [(before, event, after) for before, event, after in steps if event.kind == fold.ADMINISTRATION]


def assert_in_order(dates: fold.Dates) -> None:
    assert dates.count_from <= dates.bookable_from <= dates.target <= dates.due_through
    assert dates.due_through < dates.overdue_from <= dates.review_from


# -- dates -----------------------------------------------------------------------------------------------------------


@given(histories(), st.integers(0, 400))
def test_once_a_dose_was_given_the_six_dates_stand_in_order(history: History, later: int) -> None:
    for day, state in zip([history.start, *(event.day for event in history.events)], history.states, strict=True):
        place, dates = fold.forecast(state, history.rungs, WINDOWS, day + later)
        if not place.marks & fold.DONE and place.anchor != fold.NONE:
            assert_in_order(dates)


@given(histories(), st.integers(0, 500))
def test_a_day_before_which_no_dose_is_wanted_keeps_the_six_dates_in_order(history: History, later: int) -> None:
    place, _ = forecast_on(history, history.last_day)
    assume(place.anchor != fold.NONE and not place.marks & fold.DONE)
    floored = place._replace(floor=place.anchor + later)
    dates = fold.dates(floored, history.rungs[floored.rung], WINDOWS)
    assert_in_order(dates)
    assert dates.bookable_from >= floored.floor


@given(starts, st.integers(1, 12))
def test_after_another_cobalamin_the_dates_stand_in_order_though_doses_must_be_months_apart(
    start: int, months: int
) -> None:
    least = Span(months, "mo").day_bounds[0]
    rungs = (interval_rung(months, fold.MONTH)._replace(minimum_gap=least),)
    given_once = administration(start, rungs[0])._replace(substance=CYANO)
    state = fold.step(planned(rungs, start), given_once, rungs, WINDOWS)
    assert state.verdict.flags & fold.PRODUCT_SWITCHED
    assert_in_order(fold.forecast(state, rungs, WINDOWS, start)[1])


@given(ladders(), starts)
def test_before_the_first_dose_the_dates_begin_at_the_start(rungs: Rungs, start: int) -> None:
    place, dates = fold.forecast(planned(rungs, start), rungs, WINDOWS, start)
    if place.rung == 0:
        assert dates.count_from == dates.bookable_from == dates.target == start
    assert_in_order(dates)
    assert dates.review_from >= start + 14


@hazard("H19")
@given(histories(), st.integers(0, 4000))
def test_while_treatment_goes_on_there_is_always_a_date_for_the_next_dose(history: History, later: int) -> None:
    place, dates = forecast_on(history, history.last_day + later)
    if not place.marks & fold.DONE:
        assert dates.target >= history.start


@hazard("H19")
@given(ladders(), starts, st.integers(0, 60))
def test_a_phase_left_before_its_first_dose_leaves_a_date_for_the_next_phase(
    rungs: Rungs, start: int, later: int
) -> None:
    assume(len(rungs) > 1)
    left = fold.Event(start + later, fold.ADVANCE, 0, 0, 0, 0, 0)
    history = History(rungs, start, (left,))
    place, dates = forecast_on(history, left.day)
    if not place.marks & fold.DONE:
        assert dates.target >= start
        assert_in_order(dates)


@given(histories())
def test_a_finished_ladder_has_no_dates(history: History) -> None:
    place, dates = forecast_on(history, history.last_day)
    if place.marks & fold.DONE:
        assert set(dates) == {fold.NONE}


# -- judging doses ---------------------------------------------------------------------------------------------------


@given(histories())
def test_every_administration_is_credited_extra_or_not_credited(history: History) -> None:
    tally, judgements = history.states[-1].tally, judged(history)
    assert tally.credited + tally.extra + tally.not_credited == len(judgements)
    found = [after.verdict.credit for _, _, after in judgements]
    assert (tally.credited, tally.extra, tally.not_credited) == tuple(
        found.count(credit) for credit in (fold.CREDITED, fold.EXTRA, fold.NOT_CREDITED)
    )


def last_day_of_course(place: fold.Place, rungs: Rungs) -> int | None:
    """The day on which a course that ends by the calendar is over; None where nothing but doses or people end it."""
    rung = rungs[place.rung]
    if place.marks & fold.DONE or not rung.continuous or rung.end != fold.BY_CALENDAR or place.marks & fold.REACHED:
        return None
    return fold.add_span(place.began, rung.end_number, rung.end_unit, 0) - 1


@given(one_course, one_rung, starts)
def test_no_dose_of_a_course_is_expected_after_the_course(course: fold.Rung, following: fold.Rung, start: int) -> None:
    """Whoever takes every dose of a course on its day is never told a day on which the course is over."""
    rungs = (course, following._replace(final=1))
    state, day = planned(rungs, start), start
    while (place := fold.forecast(state, rungs, WINDOWS, day)[0]).rung == 0 and not place.marks & fold.REACHED:
        day = fold.forecast(state, rungs, WINDOWS, day)[1].target
        end = last_day_of_course(place, rungs)
        assert end is None or day <= end
        state = fold.step(state, administration(day, course), rungs, WINDOWS)


@given(histories())
def test_a_dose_given_on_its_target_is_credited_and_on_time(history: History) -> None:
    place, dates = forecast_on(history, history.last_day)
    assume(not place.marks & fold.DONE and place.anchor != fold.NONE and dates.target >= history.last_day)
    end = last_day_of_course(place, history.rungs)
    assume(end is None or dates.target <= end)
    event = administration(dates.target, history.rungs[place.rung])
    verdict = fold.step(history.states[-1], event, history.rungs, WINDOWS).verdict
    assert (verdict.credit, verdict.timing) == (fold.CREDITED, fold.ON_TIME)


@given(ladders(), starts)
def test_the_first_dose_on_the_start_is_credited_and_on_time(rungs: Rungs, start: int) -> None:
    state = fold.step(planned(rungs, start), administration(start, rungs[0]), rungs, WINDOWS)
    assert (state.verdict.credit, state.verdict.timing) == (fold.CREDITED, fold.ON_TIME)
    assert state.tally.first == start


@given(histories(), st.integers(0, 4000))
def test_an_overdue_dose_given_today_is_credited_and_never_early(history: History, later: int) -> None:
    day = history.last_day + later
    place, dates = forecast_on(history, day)
    assume(not place.marks & fold.DONE and place.anchor != fold.NONE and dates.target <= day)
    event = administration(day, history.rungs[place.rung])
    verdict = fold.step(history.states[-1], event, history.rungs, WINDOWS).verdict
    assert verdict.credit == fold.CREDITED
    assert verdict.timing in (fold.ON_TIME, fold.LATE)


@given(histories(), st.integers(0, 4000))
def test_timing_never_makes_a_dose_not_credited(history: History, later: int) -> None:
    day = history.last_day + later
    place, _ = forecast_on(history, day)
    event = administration(day, history.rungs[place.rung])
    verdict = fold.step(history.states[-1], event, history.rungs, WINDOWS).verdict
    assert verdict.credit in (fold.CREDITED, fold.EXTRA)


@given(histories())
def test_only_amount_route_or_expiry_make_a_dose_not_credited(history: History) -> None:
    for _, event, after in judged(history):
        if after.verdict.credit != fold.NOT_CREDITED:
            continue
        rung = history.rungs[after.place.rung]
        in_vein = event.route == INTRAVENOUS and not rung.routes & INTRAVENOUS
        assert event.amount < rung.least or event.flags & fold.EXPIRED or in_vein
        assert after.verdict.timing == 0


@given(histories())
def test_a_dose_that_does_not_count_moves_no_date(history: History) -> None:
    for before, event, after in judged(history):
        if after.verdict.credit == fold.CREDITED:
            continue
        expected = fold.forecast(before, history.rungs, WINDOWS, event.day)
        assert fold.forecast(after, history.rungs, WINDOWS, event.day) == expected


@hazard("H18")
@given(histories(DOSES_AND_GATES))
def test_the_same_dose_twice_on_one_day_is_credited_once(history: History) -> None:
    for _, event, after in judged(history):
        if after.verdict.credit == fold.CREDITED:
            again = fold.step(after, event, history.rungs, WINDOWS).verdict
            assert again.credit != fold.CREDITED


@hazard("H17")
@given(histories(DOSES_AND_GATES))
def test_the_next_dose_is_counted_from_the_last_credited_one(history: History) -> None:
    for _, event, after in judged(history):
        if after.verdict.credit == fold.CREDITED:
            assert fold.forecast(after, history.rungs, WINDOWS, event.day)[0].anchor == event.day


@given(histories())
def test_the_doses_of_a_phase_never_exceed_the_credited_ones(history: History) -> None:
    credited = total = 0
    for state, event in zip(history.states[1:], history.events, strict=True):
        if event.kind == fold.ADMINISTRATION and state.verdict.credit == fold.CREDITED:
            credited, total = credited + 1, total + event.amount
        assert state.tally.credited == credited
        assert state.place.number <= credited
        assert state.place.total <= total


@given(ladders(), starts, st.lists(st.integers(0, 200), min_size=12, max_size=12))
def test_delays_never_shorten_a_counted_course(rungs: Rungs, start: int, delays: list[int]) -> None:
    assume(rungs[0].end in (fold.BY_DOSES, fold.BY_TOTAL) and not rungs[0].gate)
    state, day, given_doses = planned(rungs, start), start, 0
    while state.place.rung == 0 and not state.place.marks & fold.DONE:
        day = max(day, fold.forecast(state, rungs, WINDOWS, day)[1].target) + delays[given_doses]
        state = fold.step(state, administration(day, rungs[0]), rungs, WINDOWS)
        given_doses += 1
    unit = rungs[0].dose if rungs[0].end == fold.BY_TOTAL else 1
    assert given_doses == rungs[0].end_number // unit


@given(histories(DOSES))
def test_no_phase_behind_a_shut_gate_begins_by_itself(history: History) -> None:
    shut = next((index for index, rung in enumerate(history.rungs) if rung.gate), None)
    assume(shut is not None)
    place, _ = forecast_on(history, history.last_day + 4000)
    assert place.rung <= shut
    assert not place.marks & fold.DONE


# -- replay ----------------------------------------------------------------------------------------------------------


def restored(text: str) -> fold.State:
    place, tally, verdict = json.loads(text)
    return fold.State(fold.Place(*place), fold.Tally(*tally), fold.Verdict(*verdict))


@given(histories(), st.integers(0, 14))
def test_a_replay_in_two_halves_equals_a_replay_at_once(history: History, cut: int) -> None:
    first = History(history.rungs, history.start, history.events[:cut]).states[-1]
    state = restored(json.dumps(first))
    for event in history.events[cut:]:
        state = fold.step(state, event, history.rungs, WINDOWS)
    assert state == history.states[-1]


@given(histories(), st.integers(0, 4000))
def test_looking_at_a_forecast_in_between_changes_nothing(history: History, later: int) -> None:
    state = planned(history.rungs, history.start)
    for event in history.events:
        place, _ = fold.forecast(state, history.rungs, WINDOWS, event.day)
        state = fold.step(fold.State(place, state.tally, state.verdict), event, history.rungs, WINDOWS)
    seen = fold.forecast(state, history.rungs, WINDOWS, history.last_day + later)
    assert seen == forecast_on(history, history.last_day + later)


def shifted(value: int) -> int:
    return value if value == fold.NONE else value + FOUR_CENTURIES


def as_seen_later(history: History, days: int) -> tuple[tuple[int, ...], ...]:
    place, dates = forecast_on(history, history.last_day + days)
    return tuple(dates), (place.rung, place.number, place.wanted, place.total, place.switched, place.marks)


@given(histories(), st.integers(0, 400))
def test_the_same_history_four_centuries_later_has_the_same_dates(history: History, days: int) -> None:
    events = tuple(event._replace(day=event.day + FOUR_CENTURIES) for event in history.events)
    then = History(history.rungs, history.start + FOUR_CENTURIES, events)
    dates, rest = as_seen_later(history, days)
    assert as_seen_later(then, days) == (tuple(shifted(day) for day in dates), rest)
    assert [state.verdict for state in then.states] == [state.verdict for state in history.states]
    was = to_date(history.start)
    assert to_date(then.start) - was == timedelta(days=FOUR_CENTURIES)
    assert to_date(then.start).replace(year=was.year) == was


# -- what the fold can't do ------------------------------------------------------------------------------------------


@hazard("H11")
def test_no_event_of_the_fold_can_hold_a_blood_result_or_a_symptom() -> None:
    assert fold.Event._fields == ("day", "kind", "code", "amount", "substance", "route", "flags")
    assert set(fold.Event.__annotations__.values()) == {int}
    assert {fold.PLAN, fold.ADMINISTRATION, fold.GATE_MET, fold.ADVANCE} == {0, 1, 2, 3}


@given(histories())
def test_everything_in_the_state_is_a_whole_number(history: History) -> None:
    for state in history.states:
        assert {type(value) for part in state for value in part} == {int}


@hazard("H19")
@given(histories(DOSES_AND_GATES, never_ends=True), st.integers(0, 4000))
def test_whatever_is_given_a_treatment_for_life_never_runs_out(history: History, later: int) -> None:
    place, dates = forecast_on(history, history.last_day + later)
    assert not place.marks & fold.DONE
    assert dates.target != fold.NONE


@hazard("H19")
@given(histories(never_ends=True))
def test_no_decision_to_go_on_makes_a_treatment_for_life_run_out(history: History) -> None:
    place, _ = forecast_on(history, history.last_day)
    assert not place.marks & fold.DONE
