"""The fold: what holds for every ladder and every history. What single decisions do stands in `test_decisions`."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from cobalamin.spans import Span
from cobalamin.therapy import fold
from cobalamin.therapy.regimen.ladder import to_date
from hazards import hazard

from .histories import COVERS, DOSES, DOSES_AND_GATES, ONWARD, History, histories
from .ladders import (
    CYANO,
    INTRAVENOUS,
    WINDOWS,
    Rungs,
    administration,
    decision,
    interval_rung,
    ladders,
    one_course,
    one_rung,
    planned,
    starts,
)

FOUR_CENTURIES = 146_097
NO_DATES = fold.DONE | fold.LAST_DOSE_NEEDED


def assert_in_order(dates: fold.Dates) -> None:
    assert dates.count_from <= dates.bookable_from <= dates.target <= dates.due_through
    assert dates.due_through < dates.overdue_from <= dates.review_from


# -- dates -----------------------------------------------------------------------------------------------------------


@given(histories(), st.integers(0, 400))
def test_whenever_there_are_dates_the_six_stand_in_order(history: History, later: int) -> None:
    for day, state in zip([history.start, *(event.day for event in history.events)], history.states, strict=True):
        place, dates = fold.forecast(state, history.rungs, WINDOWS, day + later)
        if place.marks & NO_DATES:
            assert set(dates) == {fold.NONE}
        else:
            assert_in_order(dates)


@given(histories(), st.integers(0, 500))
def test_a_day_before_which_no_dose_is_wanted_keeps_the_six_dates_in_order(history: History, later: int) -> None:
    place, _ = history.forecast(history.last_day)
    assume(place.anchor != fold.NONE and not place.marks & fold.DONE)
    floored = place._replace(floor=place.anchor + later, marks=place.marks & ~fold.BRIDGED)
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
@given(histories(ONWARD), st.integers(0, 4000))
def test_while_treatment_goes_on_there_is_always_a_date_for_the_next_dose(history: History, later: int) -> None:
    place, dates = history.forecast(history.last_day + later)
    if not place.marks & fold.DONE:
        assert dates.target >= min(history.start, *(event.day for event in history.events), history.last_day)


@hazard("H19")
@given(histories(), st.integers(0, 4000))
def test_a_date_is_missing_only_at_the_end_and_where_the_last_dose_is_not_known(history: History, later: int) -> None:
    place, dates = history.forecast(history.last_day + later)
    assert (dates.target == fold.NONE) == bool(place.marks & NO_DATES)
    if place.marks & fold.LAST_DOSE_NEEDED:
        assert place.anchor == fold.NONE


@hazard("H19")
@given(ladders(), starts, st.integers(0, 60))
def test_a_phase_left_before_its_first_dose_leaves_a_date_for_the_next_phase(
    rungs: Rungs, start: int, later: int
) -> None:
    assume(len(rungs) > 1)
    left = decision(start + later, fold.ADVANCE)
    place, dates = History(rungs, start, (left,)).forecast(left.day)
    if not place.marks & fold.DONE:
        assert dates.target >= start
        assert_in_order(dates)


# -- judging doses ---------------------------------------------------------------------------------------------------


@given(histories())
def test_every_administration_has_one_of_five_credits(history: History) -> None:
    tally = history.states[-1].tally
    found = [after.verdict.credit for _, _, after in history.judged]
    counts = (tally.credited, tally.extra, tally.not_credited, tally.excluded, tally.pending)
    assert sum(counts) == len(history.judged)
    kinds = (fold.CREDITED, fold.EXTRA, fold.NOT_CREDITED, fold.EXCLUDED, fold.PENDING)
    assert counts == tuple(found.count(credit) for credit in kinds)


@given(histories())
def test_the_tally_keeps_the_first_dose_and_the_early_and_late_ones(history: History) -> None:
    tally = history.states[-1].tally
    credited = [event.day for _, event, after in history.judged if after.verdict.credit == fold.CREDITED]
    timings = [after.verdict.timing for _, _, after in history.judged]
    assert tally.first == (credited[0] if credited else fold.NONE)
    assert (tally.early, tally.late) == (timings.count(fold.EARLY), timings.count(fold.LATE))


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
    state, day, taken = planned(rungs, start), start, 0
    while (place := fold.forecast(state, rungs, WINDOWS, day)[0]).rung == 0 and not place.marks & fold.REACHED:
        day = fold.forecast(state, rungs, WINDOWS, day)[1].target
        end = last_day_of_course(place, rungs)
        assert end is None or day <= end
        state = fold.step(state, administration(day, course), rungs, WINDOWS)
        taken += 1
        assert taken <= 160  # five months, once a day


def judged_by_its_day(history: History, place: fold.Place, day: int) -> bool:
    """Whether nothing but its day decides what a planned dose counts for."""
    state = history.states[-1]
    asked = place.marks & (NO_DATES | fold.HISTORY_NEEDED)
    return not asked and state.cover.stopped == fold.NONE and state.last.day != day


@given(histories())
def test_a_dose_given_on_its_target_is_credited_and_on_time(history: History) -> None:
    target = history.forecast(history.last_day)[1].target
    assume(target >= history.last_day)
    place, dates = history.forecast(target)
    rung = history.rungs[place.rung]
    assume(judged_by_its_day(history, place, target) and not rung.continuous)
    assert dates.target == target
    verdict = history.then(administration(target, rung)).verdict
    assert (verdict.credit, verdict.timing) == (fold.CREDITED, fold.ON_TIME)


@given(ladders(), starts)
def test_the_first_dose_on_the_start_is_credited_and_on_time(rungs: Rungs, start: int) -> None:
    state = fold.step(planned(rungs, start), administration(start, rungs[0]), rungs, WINDOWS)
    assert (state.verdict.credit, state.verdict.timing) == (fold.CREDITED, 0 if rungs[0].continuous else fold.ON_TIME)
    assert state.tally.first == start


@given(histories(), st.integers(0, 4000))
def test_an_overdue_dose_given_today_is_credited_and_never_early(history: History, later: int) -> None:
    day = history.last_day + later
    place, dates = history.forecast(day)
    assume(judged_by_its_day(history, place, day) and dates.target <= day)
    verdict = history.then(administration(day, history.rungs[place.rung])).verdict
    assert verdict.credit == fold.CREDITED
    assert verdict.timing in ((0,) if history.rungs[place.rung].continuous else (fold.ON_TIME, fold.LATE))


@given(histories(), st.integers(0, 4000))
def test_timing_never_makes_a_dose_not_credited(history: History, later: int) -> None:
    day = history.last_day + later
    place, _ = history.forecast(day)
    verdict = history.then(administration(day, history.rungs[place.rung])).verdict
    assert verdict.credit != fold.NOT_CREDITED


@given(histories())
def test_only_amount_route_expiry_or_a_decision_make_a_dose_not_credited(history: History) -> None:
    for _, event, after in history.judged:
        if after.verdict.credit != fold.NOT_CREDITED:
            continue
        rung = history.rungs[after.place.rung]
        in_vein = event.route == INTRAVENOUS and not rung.routes & INTRAVENOUS
        assert event.amount < rung.least or event.flags & (fold.EXPIRED | fold.REJECT) or in_vein
        assert after.verdict.timing == 0


@given(histories())
def test_a_dose_that_does_not_count_moves_no_date(history: History) -> None:
    for before, event, after in history.judged:
        if after.verdict.credit == fold.CREDITED and not event.flags & fold.COVERED:
            continue
        expected = fold.forecast(before, history.rungs, WINDOWS, event.day)
        assert fold.forecast(after, history.rungs, WINDOWS, event.day) == expected


def runs_a_course(history: History, state: fold.State, day: int) -> bool:
    place = fold.forecast(state, history.rungs, WINDOWS, day)[0]
    return bool(history.rungs[place.rung].continuous and place.began <= day)


@hazard("H18")
@given(histories(), st.sampled_from([0, 1]))
def test_the_same_dose_twice_on_one_day_is_credited_once(history: History, from_elsewhere: int) -> None:
    for before, event, after in history.judged:
        courses = runs_a_course(history, before, event.day) or runs_a_course(history, after, event.day)
        said = event.flags & (fold.CREDIT | fold.COVERED)  # by a person or by a history
        if after.verdict.credit == fold.CREDITED and not said and not courses:
            source = (event.source + from_elsewhere) % 4
            again = fold.step(after, event._replace(source=source), history.rungs, WINDOWS).verdict
            assert again.credit != fold.CREDITED


@hazard("H17")
@given(histories())
def test_the_next_dose_is_counted_from_the_last_credited_one(history: History) -> None:
    for _, event, after in history.judged:
        if after.verdict.credit == fold.CREDITED and not event.flags & fold.COVERED:
            assert fold.forecast(after, history.rungs, WINDOWS, event.day)[0].anchor == event.day


@given(histories())
def test_the_doses_of_a_phase_never_exceed_the_credited_told_and_waived_ones(history: History) -> None:
    credited = total = told = waived = 0
    for _, event, state in history.steps:
        if event.kind == fold.ADMINISTRATION and state.verdict.credit == fold.CREDITED:
            credited += 1
            total += max(event.amount, max(rung.dose for rung in history.rungs) * bool(event.flags & fold.AS_PLANNED))
        told += event.doses if event.kind == fold.HISTORY else 0
        waived += event.kind == fold.WAIVE
        assert state.tally.credited == credited
        assert state.place.number <= credited + told + waived
        assert state.place.total <= total + told * max(rung.dose for rung in history.rungs)


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


@given(histories(DOSES, plans=1))
def test_no_phase_behind_a_shut_gate_begins_by_itself(history: History) -> None:
    shut = next((index for index, rung in enumerate(history.rungs) if rung.gate), None)
    assume(shut is not None)
    place, _ = history.forecast(history.last_day + 4000)
    assert place.rung <= shut
    assert not place.marks & fold.DONE


# -- replay ----------------------------------------------------------------------------------------------------------


def restored(text: str) -> fold.State:
    shapes = (fold.Place, fold.Last, fold.Cover, fold.Tally, fold.Verdict)
    return fold.State(*(shape(*part) for shape, part in zip(shapes, json.loads(text), strict=True)))


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
        state = fold.step(fold.State(place, *state[1:]), event, history.rungs, WINDOWS)
    seen = fold.forecast(state, history.rungs, WINDOWS, history.last_day + later)
    assert seen == history.forecast(history.last_day + later)


@given(histories(), st.integers(0, 4000))
def test_a_place_seen_on_a_day_is_the_same_when_it_is_seen_again(history: History, later: int) -> None:
    day = history.last_day + later
    seen = history.forecast(day)
    again = fold.State(seen[0], *history.states[-1][1:])
    assert fold.forecast(again, history.rungs, WINDOWS, day) == seen


def shifted(value: int) -> int:
    return value if value in (fold.NONE, fold.FOREVER) else value + FOUR_CENTURIES


def as_seen_later(history: History, days: int) -> tuple[tuple[int, ...], ...]:
    place, dates = history.forecast(history.last_day + days)
    return tuple(dates), (place.rung, place.number, place.wanted, place.total, place.own, place.marks)


@given(histories(), st.integers(0, 400))
def test_the_same_history_four_centuries_later_has_the_same_dates(history: History, days: int) -> None:
    events = tuple(
        event._replace(**{name: shifted(getattr(event, name)) for name in ("day", "starts", "last_dose", "until")})
        for event in history.events
    )
    then = History(history.rungs, shifted(history.start), events)
    dates, rest = as_seen_later(history, days)
    assert as_seen_later(then, days) == (tuple(shifted(day) for day in dates), rest)
    assert [state.verdict for state in then.states] == [state.verdict for state in history.states]
    was = to_date(history.start)
    assert to_date(then.start) - was == timedelta(days=FOUR_CENTURIES)
    assert to_date(then.start).replace(year=was.year) == was


# -- what the fold can't do ------------------------------------------------------------------------------------------


@hazard("H11")
def test_no_event_of_the_fold_can_hold_a_blood_result_or_a_symptom() -> None:
    fields = (
        "day", "kind", "row", "taking", "batch", "amount", "doses", "substance", "route", "interval", "starts", "last_dose", "until",
        "source", "flags",
    )  # fmt: skip
    assert fold.Event._fields == fields
    assert set(fold.Event.__annotations__.values()) == {int}
    before = (fold.PLAN, fold.HISTORY, fold.RESUME, fold.RESTART, fold.CHANGE_INTERVAL, fold.ADMINISTRATION)
    after = (fold.STATEMENT, fold.GATE_MET, fold.ADVANCE, fold.WAIVE, *COVERS, fold.STOP)
    assert (*before, *after) == tuple(range(14))


@given(histories())
def test_everything_in_the_state_is_a_whole_number(history: History) -> None:
    for state in history.states:
        assert {type(value) for part in state for value in part} == {int}
    assert {type(value) for part in history.forecast(history.last_day) for value in part} == {int}


@hazard("H19")
@given(histories(DOSES_AND_GATES, never_ends=True), st.integers(0, 4000))
def test_whatever_is_given_a_treatment_for_life_never_runs_out(history: History, later: int) -> None:
    place, dates = history.forecast(history.last_day + later)
    assert not place.marks & fold.DONE
    assert dates.target != fold.NONE


@hazard("H19")
@given(histories(never_ends=True), st.integers(0, 4000))
def test_nothing_that_is_recorded_makes_a_treatment_for_life_run_out(history: History, later: int) -> None:
    for state in history.states:
        assert not state.place.marks & fold.DONE
    assert not history.forecast(history.last_day + later)[0].marks & fold.DONE
