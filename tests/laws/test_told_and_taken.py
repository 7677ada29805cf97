"""What a history tells, and what courses by mouth do beside doses that are recorded one by one."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from cobalamin.therapy import fold
from hazards import hazard

from .histories import History, histories, rows_of_plan
from .ladders import (
    WINDOWS,
    administration,
    after,
    decision,
    interval_rung,
    ladders,
    one_course,
    one_rung,
    planned,
    starts,
)

later_days = st.integers(0, 200)


# -- history ---------------------------------------------------------------------------------------------------------


@given(one_rung, starts, st.integers(0, 400), st.integers(0, 3))
def test_a_history_tells_the_phase_its_doses_and_the_anchor(rung: fold.Rung, start: int, ago: int, doses: int) -> None:
    assume(not rung.continuous and not rung.gap_count and not (rung.end == fold.BY_DOSES and doses >= rung.end_number))
    assume(not (rung.end == fold.BY_TOTAL and doses * rung.dose >= rung.end_number) and rung.end != fold.BY_CALENDAR)
    rungs = (interval_rung(1, fold.DAY)._replace(final=0, end=fold.BY_DOSES, end_number=6), rung._replace(final=1))
    event = fold.a_history(start, 1, doses, 0, 0, start - ago, 0)
    state = fold.step(planned(rungs, start), event, rungs, WINDOWS)
    assert (state.place.rung, state.place.number, state.place.anchor) == (1, doses, start - ago)
    due = max(after(start - ago, rung.number, rung.unit), start - ago + rung.minimum_gap)
    assert fold.forecast(state, rungs, WINDOWS, start)[1].target == due


@given(ladders(), ladders(), starts, st.integers(0, 400), st.integers(0, 2))
def test_a_history_of_all_doses_of_a_phase_begins_the_next(
    before: tuple[fold.Rung, ...], behind: tuple[fold.Rung, ...], start: int, ago: int, more: int
) -> None:
    loading = interval_rung(2, fold.DAY)._replace(end=fold.BY_DOSES, end_number=6, final=0)
    rungs = (loading, *behind)
    for last in (start - ago, fold.NONE):
        event = fold.a_history(start, 0, 6 + more, 0, 0, last, 0)
        state = fold.step(planned(rungs, start), event, rungs, WINDOWS)
        assert (state.place.rung, state.place.number, state.place.anchor) == (1, 0, last)
        if behind[0].continuous:
            assert state.place.began >= start
        else:
            assert bool(state.place.marks & fold.LAST_DOSE_NEEDED) == (last == fold.NONE)


@given(histories(), st.data(), later_days)
def test_where_nobody_knows_the_last_dose_no_date_is_invented(history: History, data: st.DataObject, wait: int) -> None:
    day = history.last_day + wait
    place, _ = history.forecast(day)
    row = data.draw(st.sampled_from(rows_of_plan(history.rungs, place.rung)))
    rung = history.rungs[row]
    assume(not rung.continuous and place.anchor == fold.NONE)
    state = history.then(fold.a_history(day, row, 0, 0, 0, fold.NONE, 0))
    assert set(fold.forecast(state, history.rungs, WINDOWS, day)[1]) == {fold.NONE}
    assume(history.states[-1].last.day != day)
    given_then = fold.step(state, administration(day, rung), history.rungs, WINDOWS)
    assert given_then.verdict.credit == fold.CREDITED
    assert given_then.place.anchor == day
    assert not given_then.place.marks & fold.LAST_DOSE_NEEDED


@hazard("H17")
@given(histories(), st.integers(1, 60) | st.none(), st.integers(0, 60))
def test_a_dose_of_the_record_later_than_the_told_one_stays_the_anchor(
    history: History, before: int | None, wait: int
) -> None:
    day = history.last_day + wait
    place, _ = history.forecast(day)
    assume(place.anchor != fold.NONE and not history.rungs[place.rung].continuous)
    last = fold.NONE if before is None else place.anchor - before
    state = history.then(fold.a_history(day, place.rung, 0, 0, 0, last, 0))
    assert state.place.anchor == place.anchor
    assert not state.place.marks & fold.LAST_DOSE_NEEDED


@given(ladders(), starts, st.integers(1, 60))
def test_a_dose_that_a_history_counts_is_credited_and_counted_once(
    rungs: tuple[fold.Rung, ...], start: int, doses: int
) -> None:
    told = fold.a_history(start, 0, doses, 0, 0, start, 0)
    state = fold.step(planned(rungs, start), told, rungs, WINDOWS)
    after_dose = fold.step(state, administration(start, rungs[0], fold.COVERED), rungs, WINDOWS)
    assert after_dose.verdict.credit == fold.CREDITED
    assert after_dose.place == state.place


# -- courses by mouth ------------------------------------------------------------------------------------------------


@given(one_course, starts, st.integers(1, 400))
def test_a_course_entered_by_a_decision_is_not_over_on_the_day_it_is_decided(
    course: fold.Rung, start: int, wait: int
) -> None:
    loading = interval_rung(1, fold.MONTH)._replace(end=fold.BY_DECISION, final=0)
    rungs = (loading, course, interval_rung(3, fold.MONTH))
    state = fold.step(planned(rungs, start), administration(start, loading), rungs, WINDOWS)
    state = fold.step(state, decision(start + wait, fold.ADVANCE), rungs, WINDOWS)
    place, _ = fold.forecast(state, rungs, WINDOWS, start + wait)
    assert place.rung == 1
    assert place.began >= start + wait


@hazard("H19")
@given(one_course, starts, st.integers(0, 400))
def test_a_course_entered_without_a_known_last_dose_begins_on_the_day_it_is_decided(
    course: fold.Rung, start: int, wait: int
) -> None:
    loading = interval_rung(1, fold.MONTH)._replace(end=fold.BY_DECISION, final=0)
    rungs, day = (loading, course, interval_rung(3, fold.MONTH)), start + wait
    untold = fold.a_history(start, 0, 0, 0, 0, fold.NONE, 0)
    state = fold.step(planned(rungs, start), untold, rungs, WINDOWS)
    place, dates = fold.forecast(fold.step(state, decision(day, fold.ADVANCE), rungs, WINDOWS), rungs, WINDOWS, day)
    assert (place.rung, place.began, dates.target) == (1, day, day)


@hazard("H18")
@given(one_course, starts)
def test_the_last_dose_before_a_course_told_twice_is_not_a_dose_of_the_course(course: fold.Rung, start: int) -> None:
    loading = interval_rung(2, fold.DAY)._replace(end=fold.BY_DOSES, end_number=1, final=0)
    rungs = (loading, course._replace(final=1))
    state = fold.step(planned(rungs, start), administration(start, loading), rungs, WINDOWS)
    assert state.place.rung == 1
    again = fold.step(state, administration(start, loading)._replace(source=1), rungs, WINDOWS)
    assert again.verdict == fold.Verdict(fold.EXCLUDED, 0, fold.DUPLICATE)
    same_source = fold.step(state, administration(start, loading), rungs, WINDOWS)
    assert same_source.verdict.credit in (fold.EXTRA, fold.NOT_CREDITED)


@given(one_course, st.integers(0, 30), st.data(), starts)
def test_a_bridge_over_the_end_of_a_course_leaves_its_last_day_to_the_next_phase(
    course: fold.Rung, length: int, data: st.DataObject, start: int
) -> None:
    following = interval_rung(1, fold.DAY)
    rungs = (course._replace(gate=0), following)
    end = after(start, course.end_number, course.end_unit)
    bridged = fold.step(planned(rungs, start), decision(start, fold.BRIDGE, end + length), rungs, WINDOWS)
    on = end + length + data.draw(st.integers(0, 100))
    assert fold.forecast(bridged, rungs, WINDOWS, on)[1].target == end + length
