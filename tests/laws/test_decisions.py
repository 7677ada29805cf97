"""What plans, covers and decisions do to the dates, as the contract's section 1 says it."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from cobalamin.therapy import fold
from hazards import hazard

from .histories import ALL_KINDS, History, an_event, histories, rows_of_plan
from .ladders import (
    CYANO,
    WINDOWS,
    administration,
    after,
    decision,
    interval_rung,
    ladders,
    one_rung,
    plan_event,
    planned,
    starts,
)

UNDATED = fold.DONE | fold.LAST_DOSE_NEEDED
NOT_COVERED = fold.Cover(*(fold.NONE,) * 6, 0)
later_days = st.integers(0, 200)
counts = st.integers(1, 60)
number_and_unit = st.one_of(
    st.tuples(counts, st.just(fold.DAY)),
    st.tuples(st.integers(1, 26), st.just(fold.WEEK)),
    st.tuples(st.integers(1, 12), st.just(fold.MONTH)),
    st.tuples(st.integers(1, 2), st.just(fold.YEAR)),
)


def dates_of(history: History, state: fold.State, day: int) -> fold.Dates:
    return fold.forecast(state, history.rungs, WINDOWS, day)[1]


def same_dates_beneath(history: History, event: fold.Event, day: int) -> bool:
    return dates_of(history, history.then(event), day) == history.forecast(day)[1]


# -- hold, pause, bridge, statement, stop ----------------------------------------------------------------------------


@given(
    histories(), later_days, st.sampled_from([fold.HOLD, fold.PAUSE, fold.STOP, fold.STATEMENT]),
    st.integers(0, 400) | st.none(), st.integers(0, 4000),
)  # fmt: skip
def test_hold_pause_stop_and_statement_change_no_date_beneath(
    history: History, wait: int, kind: int, length: int | None, later: int
) -> None:
    day = history.last_day + wait
    until = fold.FOREVER if length is None else day + length
    assert same_dates_beneath(history, decision(day, kind, until, code=3), day + later)


@given(histories(), later_days, st.integers(0, 400), st.integers(0, 4000))
def test_until_a_bridge_ends_it_changes_no_date_and_then_nothing_is_overdue(
    history: History, wait: int, length: int, later: int
) -> None:
    day, on = history.last_day + wait, history.last_day + wait + later
    until = day + length
    bridged = history.then(decision(day, fold.BRIDGE, until))
    earlier = history.states[-1].cover.bridge
    assume(earlier == fold.NONE or earlier <= day)
    place, without = history.forecast(on)
    found = dates_of(history, bridged, on)
    if on < until or place.marks & UNDATED or history.rungs[place.rung].continuous:
        assert found == without
        return
    assert found.target == max(without.target, until)
    assert found.bookable_from <= found.target
    assert found.overdue_from > until
    assert found.count_from == (found.target if place.anchor == fold.NONE else without.count_from)


@given(histories(), later_days, st.integers(0, 400))
def test_resume_keeps_the_anchor_and_puts_the_target_on_its_day_at_the_earliest(
    history: History, wait: int, later: int
) -> None:
    day = history.last_day + wait
    place, before = history.forecast(day)
    resumed = history.then(decision(day, fold.RESUME))
    found = dates_of(history, resumed, day)
    assert resumed.place.anchor == place.anchor
    assert resumed.cover[:5] == NOT_COVERED[:5]
    if place.marks & UNDATED or history.rungs[place.rung].continuous:
        assert found == before
    else:
        assert found.target == max(before.target, day)
        assert dates_of(history, resumed, day + later) == found


@given(histories(), later_days)
def test_resume_where_nothing_was_on_hold_and_nothing_is_late_has_no_effect(history: History, wait: int) -> None:
    day = history.last_day + wait
    cover, (place, dates) = history.states[-1].cover, history.forecast(day)
    free = cover.stopped == fold.NONE and max(cover.hold, cover.pause, cover.bridge) < day
    fixed = place.marks & UNDATED or history.rungs[place.rung].continuous or dates.target >= day
    flags = history.then(decision(day, fold.RESUME)).verdict.flags
    assert flags == (fold.NO_EFFECT if free and fixed else 0)


@given(histories(), later_days)
def test_doses_after_stop_are_credited_as_unscheduled(history: History, wait: int) -> None:
    day = history.last_day + wait
    stopped = History(history.rungs, history.start, (*history.events, decision(day, fold.STOP)))
    place, _ = stopped.forecast(day)
    assume(stopped.states[-1].last.day != day and not place.marks & fold.HISTORY_NEEDED)
    assume(place.anchor != fold.NONE or day >= place.floor)
    rung = history.rungs[place.rung]
    state = stopped.then(administration(day, rung))
    assert (state.verdict.credit, state.verdict.timing) == (fold.CREDITED, 0)
    assert state.verdict.flags & fold.UNSCHEDULED
    assert state.cover.stopped == day


@given(starts, one_rung, st.integers(1, 7), st.integers(1, 4000))
def test_doses_after_a_ladder_ran_out_are_credited_as_unscheduled(
    start: int, rung: fold.Rung, doses: int, wait: int
) -> None:
    rungs = (rung._replace(end=fold.BY_DOSES, end_number=doses, gate=0, final=1),)
    state, day = planned(rungs, start), start
    for _ in range(doses):
        assert not state.place.marks & fold.DONE
        day = fold.forecast(state, rungs, WINDOWS, day)[1].target
        state = fold.step(state, administration(day, rung), rungs, WINDOWS)
    assert state.place.marks & fold.DONE
    state = fold.step(state, administration(day + wait, rung), rungs, WINDOWS)
    assert (state.verdict.credit, state.verdict.timing) == (fold.CREDITED, 0)
    assert state.verdict.flags & fold.UNSCHEDULED
    assert state.place.anchor == day + wait
    assert fold.forecast(state, rungs, WINDOWS, day + wait)[1].target == fold.NONE


# -- restart and plan ------------------------------------------------------------------------------------------------


@given(histories(), later_days)
def test_restart_begins_a_new_course_on_its_day(history: History, wait: int) -> None:
    day = history.last_day + wait
    place, _ = history.forecast(day)
    first = rows_of_plan(history.rungs, place.rung)[0]
    state = history.then(decision(day, fold.RESTART, code=first))
    assert (state.place.rung, state.place.number, state.place.anchor) == (first, 0, fold.NONE)
    assert (state.place.total, state.place.own, state.place.marks) == (0, 0, 0)
    assert state.tally.courses == history.states[-1].tally.courses + 1
    assert state.cover[:5] == NOT_COVERED[:5]
    dates = dates_of(history, state, day)
    assert dates.count_from == dates.bookable_from == dates.target == day


@given(histories(), ladders(), later_days, st.integers(-30, 60))
def test_a_new_plan_starts_without_an_anchor_on_its_start(
    history: History, ladder: tuple[fold.Rung, ...], wait: int, until_start: int
) -> None:
    day, row = history.last_day + wait, len(history.rungs)
    table = History((*history.rungs, *ladder), history.start, history.events)
    state = table.then(plan_event(day, row, day + until_start))
    assert (state.place.rung, state.place.number, state.place.anchor) == (row, 0, fold.NONE)
    assert dates_of(table, state, day + min(until_start, 0)).target == day + until_start
    assert state.tally.courses == history.states[-1].tally.courses + 1
    assert state.cover[:5] == NOT_COVERED[:5]


@given(histories(), one_rung, later_days, st.integers(-30, 60))
def test_a_plan_that_continues_keeps_the_anchor_and_is_due_on_its_start_at_the_earliest(
    history: History, rung: fold.Rung, wait: int, until_start: int
) -> None:
    day, row = history.last_day + wait, len(history.rungs)
    table = History((*history.rungs, rung._replace(final=1)), history.start, history.events)
    place, _ = table.forecast(day)
    assume(place.anchor != fold.NONE and not rung.continuous and not place.marks & fold.SWITCHED)
    state = table.then(plan_event(day, row, day + until_start, fold.CONTINUE))
    assert (state.place.rung, state.place.number, state.place.anchor) == (row, 0, place.anchor)
    assert state.tally.courses == history.states[-1].tally.courses
    if not rung.gap_count:
        due = max(after(place.anchor, rung.number, rung.unit, 1, place.wanted), place.anchor + rung.minimum_gap)
        assert dates_of(table, state, day).target == max(due, day + until_start)


@hazard("H22")
@given(starts, later_days)
def test_a_plan_that_continues_after_another_cobalamin_is_still_due_within_a_month(start: int, wait: int) -> None:
    rungs = (interval_rung(3, fold.MONTH), interval_rung(2, fold.MONTH))
    state = fold.step(planned(rungs, start), administration(start, rungs[0])._replace(substance=CYANO), rungs, WINDOWS)
    day = start + wait
    state = fold.step(state, plan_event(day, 1, day, fold.CONTINUE), rungs, WINDOWS)
    assert fold.forecast(state, rungs, WINDOWS, day)[1].target == max(after(start, 1, fold.MONTH), day)


KINDS_BEFORE_A_HISTORY = tuple(
    kind for kind in ALL_KINDS if kind not in (fold.PLAN, fold.RESTART, fold.HISTORY, fold.STOP)
)


@given(ladders(), starts, st.data())
def test_where_earlier_treatment_is_not_told_doses_wait_for_a_history(
    rungs: tuple[fold.Rung, ...], start: int, data: st.DataObject
) -> None:
    state, day = fold.step(fold.start(), plan_event(start, 0, start, fold.ASK_FIRST), rungs, WINDOWS), start
    for kind in data.draw(st.lists(st.sampled_from(KINDS_BEFORE_A_HISTORY), max_size=8)):
        day += data.draw(st.integers(0, 60))
        place = fold.forecast(state, rungs, WINDOWS, day)[0]
        event = an_event(lambda options: data.draw(st.sampled_from(options)), kind, day, rungs, place)
        event = event._replace(flags=event.flags & ~(fold.CREDIT | fold.COVERED | fold.REJECT | fold.ADDITIONAL))
        state = fold.step(state, event, rungs, WINDOWS)
        if kind == fold.ADMINISTRATION:
            assert state.verdict.credit in (fold.PENDING, fold.EXCLUDED)


@given(ladders(), starts)
def test_leaving_phases_does_not_end_the_waiting_for_a_history(rungs: tuple[fold.Rung, ...], start: int) -> None:
    state = fold.step(fold.start(), plan_event(start, 0, start, fold.ASK_FIRST), rungs, WINDOWS)
    for day in range(start, start + 3 * len(rungs), 3):
        state = fold.step(state, decision(day, fold.ADVANCE), rungs, WINDOWS)
        rung = rungs[fold.forecast(state, rungs, WINDOWS, day + 1)[0].rung]
        state = fold.step(state, administration(day + 1, rung), rungs, WINDOWS)
        assert state.verdict.credit == fold.PENDING


# -- change of the interval ------------------------------------------------------------------------------------------


def given_once(rung: fold.Rung, start: int) -> tuple[tuple[fold.Rung, ...], fold.State]:
    rungs = (rung,)
    return rungs, fold.step(planned(rungs, start), administration(start, rung), rungs, WINDOWS)


@given(starts, number_and_unit, number_and_unit, st.integers(0, 900))
def test_a_changed_interval_is_due_on_its_day_at_the_earliest_if_shorter_else_counted_from_the_anchor(
    start: int, was: tuple[int, int], becomes: tuple[int, int], wait: int
) -> None:
    rungs, state = given_once(interval_rung(*was), start)
    day = start + wait
    number, unit = becomes
    changed = fold.step(state, decision(day, fold.CHANGE_INTERVAL, own=4 * number + unit), rungs, WINDOWS)
    due = after(start, number, unit)
    shorter = due < after(start, *was)
    dates = fold.forecast(changed, rungs, WINDOWS, day)[1]
    assert dates.target == (max(due, day) if shorter else due)
    if dates.target > due:
        assert dates.bookable_from == day
    assert changed.place.anchor == start


@given(starts, number_and_unit, number_and_unit)
def test_a_changed_interval_stays_with_the_doses_that_follow(
    start: int, was: tuple[int, int], becomes: tuple[int, int]
) -> None:
    rungs, state = given_once(interval_rung(*was), start)
    own = 4 * becomes[0] + becomes[1]
    state = fold.step(state, decision(start, fold.CHANGE_INTERVAL, own=own), rungs, WINDOWS)
    for times in (1, 2, 3):
        target = fold.forecast(state, rungs, WINDOWS, start)[1].target
        assert target == after(start, *becomes, times)
        state = fold.step(state, administration(target, rungs[0]), rungs, WINDOWS)


@given(histories(), later_days, st.sampled_from([fold.ADVANCE, fold.RESTART, fold.PLAN]))
def test_a_changed_interval_ends_with_its_phase_its_course_and_its_plan(history: History, wait: int, kind: int) -> None:
    day = history.last_day + wait
    row = rows_of_plan(history.rungs, history.forecast(day)[0].rung)[0]
    state = history.then(decision(day, fold.CHANGE_INTERVAL, own=4 * 5 + fold.WEEK))
    event = decision(day, kind, day, code=row)
    left = fold.step(state, event, history.rungs, WINDOWS)
    if left.verdict.flags != fold.NO_EFFECT:
        assert left.place.own == 0


# -- waive -----------------------------------------------------------------------------------------------------------


@given(histories(), later_days)
def test_a_waived_dose_of_loading_is_counted_and_leaves_the_anchor(history: History, wait: int) -> None:
    day = history.last_day + wait
    place, before = history.forecast(day)
    rung = history.rungs[place.rung]
    assume(rung.end == fold.BY_DOSES and not place.marks & (UNDATED | fold.REACHED) and not rung.continuous)
    state = history.then(decision(day, fold.WAIVE))
    assert state.place.anchor == place.anchor
    if place.number + 1 < rung.end_number:
        assert (state.place.rung, state.place.number) == (place.rung, place.number + 1)
        if not rung.gap_count or place.own:
            assert dates_of(history, state, day) == before
    elif rung.gate and not place.marks & fold.GATE_OPEN:
        assert state.place.marks & fold.REACHED
    else:
        assert state.place.rung == place.rung + 1 or state.place.marks & fold.DONE


@given(starts, number_and_unit, st.booleans(), later_days)
def test_a_waived_dose_of_maintenance_is_skipped_once(
    start: int, interval: tuple[int, int], own: bool, wait: int
) -> None:
    rungs, state = given_once(interval_rung(3, fold.MONTH) if own else interval_rung(*interval), start)
    if own:
        own_interval = 4 * interval[0] + interval[1]
        state = fold.step(state, decision(start, fold.CHANGE_INTERVAL, own=own_interval), rungs, WINDOWS)
    once = fold.step(state, decision(start + wait, fold.WAIVE), rungs, WINDOWS)
    target = fold.forecast(once, rungs, WINDOWS, start + wait)[1].target
    assert target == after(start, *interval, 2)
    assert (once.place.anchor, once.place.number) == (start, 1)
    twice = fold.step(once, decision(start + wait, fold.WAIVE), rungs, WINDOWS)
    assert twice.place == once.place
    assert twice.verdict.flags == fold.NO_EFFECT
    kept = fold.step(once, administration(target, rungs[0]), rungs, WINDOWS)
    assert fold.forecast(kept, rungs, WINDOWS, target)[1].target == after(start, *interval, 3)


# -- advance and gate ------------------------------------------------------------------------------------------------


@given(histories(), later_days, st.sampled_from([fold.ADVANCE, fold.GATE_MET]))
def test_what_a_decision_leads_to_is_not_due_before_its_day(history: History, wait: int, kind: int) -> None:
    day = history.last_day + wait
    place, _ = history.forecast(day)
    state = history.then(decision(day, kind))
    assume(state.place.rung != place.rung)
    reached, dates = fold.forecast(state, history.rungs, WINDOWS, day)
    assert reached.rung == state.place.rung
    if history.rungs[reached.rung].continuous:
        assert reached.began >= day
    elif not reached.marks & UNDATED:
        assert dates.target >= day
        assert dates.overdue_from > day


@given(one_rung, starts, st.integers(1, 6), st.integers(0, 6))
def test_a_phase_behind_a_gate_begins_when_its_number_is_reached_and_its_condition_is_met(
    following: fold.Rung, start: int, doses: int, met_after: int
) -> None:
    loading = interval_rung(2, fold.DAY)._replace(end=fold.BY_DOSES, end_number=doses, gate=1, final=0)
    rungs = (loading, following._replace(final=1))
    state, day = planned(rungs, start), start
    for given_doses in range(7):
        if given_doses == met_after:
            state = fold.step(state, decision(day, fold.GATE_MET), rungs, WINDOWS)
        if given_doses >= max(doses, met_after):
            assert state.place.rung == 1
            return
        assert state.place.rung == 0
        day = fold.forecast(state, rungs, WINDOWS, day)[1].target
        state = fold.step(state, administration(day, loading), rungs, WINDOWS)
        assert state.verdict.credit == fold.CREDITED


@given(histories(), later_days)
def test_advance_leaves_the_phase_and_says_when_its_number_was_not_reached(history: History, wait: int) -> None:
    day = history.last_day + wait
    place, _ = history.forecast(day)
    rung = history.rungs[place.rung]
    state = history.then(decision(day, fold.ADVANCE))
    if place.marks & fold.DONE or (rung.final and rung.end == fold.BY_NEVER):
        assert (state.place, state.verdict.flags) == (place, fold.NO_EFFECT)
    else:
        assert state.place.rung == place.rung + 1 or state.place.marks & fold.DONE
        early = rung.end in (fold.BY_DOSES, fold.BY_TOTAL, fold.BY_CALENDAR) and not place.marks & fold.REACHED
        assert state.verdict.flags == (fold.BEFORE_NUMBER if early else 0)


MOVING = (fold.CHANGE_INTERVAL, fold.WAIVE, fold.RESUME, fold.ADVANCE, fold.GATE_MET)


@given(histories(), later_days, st.sampled_from(MOVING), number_and_unit)
def test_a_decision_that_moved_the_target_is_a_floor_for_booking(
    history: History, wait: int, kind: int, interval: tuple[int, int]
) -> None:
    day = history.last_day + wait
    place, before = history.forecast(day)
    state = history.then(decision(day, kind, own=4 * interval[0] + interval[1]))
    assume(place.anchor != fold.NONE and not state.place.marks & UNDATED)
    assume(not history.rungs[state.place.rung].continuous and not place.marks & UNDATED)
    found = dates_of(history, state, day)
    if found.target != before.target and found.target >= day:
        assert found.bookable_from >= day
