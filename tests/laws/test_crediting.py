"""Windows and crediting as the contract's section 5 writes them, against what the fold does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.regimen.ladder import to_date, to_days
from hazards import hazard

from .histories import History, histories
from .ladders import (
    CYANO,
    HYDROXO,
    INTRAVENOUS,
    ME,
    SUBCUTANEOUS,
    WINDOWS,
    Rungs,
    administration,
    after,
    interval_rung,
    plan_event,
    planned,
    starts,
)

ONE_DAY = timedelta(days=1)
# (through days, early, late, review after, review counted from the target?)
CONTRACT = [
    (4, 0, 1, Span(14, "d"), False),
    (10, 2, 2, Span(3, "wk"), False),
    (20, 3, 3, Span(6, "wk"), False),
    (45, 7, 7, Span(2, "mo"), False),
    (75, 7, 7, Span(3, "mo"), False),
    (135, 14, 14, Span(6, "mo"), False),
    (9999, 28, 28, Span(3, "mo"), True),
]
anchors = st.dates(date(1850, 1, 1), date(2300, 12, 31))
intervals = st.integers(1, 150) | st.integers(1, 800)


def row_for(days: int) -> tuple[int, int, int, Span, bool]:
    return next(row for row in CONTRACT if days <= row[0])


def as_the_contract_says(anchor: date, days: int, neurological: bool) -> tuple[date, ...]:
    """The six dates of a dose that is due `days` after the last one."""
    through, early, late, lapse, from_target = row_for(days)
    target = anchor + days * ONE_DAY
    count_from = anchor + (ONE_DAY if through == 4 else (days + 1) // 2 * ONE_DAY)
    bookable = count_from if through == 4 else target - early * ONE_DAY
    review = add(target if from_target else anchor, lapse)
    if neurological:
        review = min(review, add(target, Span(1, "mo")))
    due_through = target + late * ONE_DAY
    return count_from, bookable, target, due_through, due_through + ONE_DAY, max(review, due_through + ONE_DAY)


def after_one_dose(rung: fold.Rung, anchor: date, substance: int = HYDROXO) -> tuple[fold.Rung, fold.State]:
    event = administration(to_days(anchor), rung)._replace(substance=substance)
    return rung, fold.step(planned((rung,), event.day), event, (rung,), WINDOWS)


def dates_of(rung: fold.Rung, state: fold.State, on: date) -> tuple[date, ...]:
    return tuple(to_date(day) for day in fold.forecast(state, (rung,), WINDOWS, to_days(on))[1])


# -- windows ---------------------------------------------------------------------------------------------------------


@given(anchors, intervals, st.booleans())
def test_the_windows_are_those_of_the_contract(anchor: date, days: int, neurological: bool) -> None:
    rung = interval_rung(days, fold.DAY)._replace(review_cap=int(neurological))
    assert dates_of(*after_one_dose(rung, anchor), anchor) == as_the_contract_says(anchor, days, neurological)


@pytest.mark.parametrize("days", [1, 4, 5, 10, 11, 20, 21, 45, 46, 75, 76, 135, 136, 366])
def test_the_borders_of_the_windows_are_those_of_the_contract(days: int) -> None:
    anchor = date(2026, 1, 31)
    rung, state = after_one_dose(interval_rung(days, fold.DAY), anchor)
    assert dates_of(rung, state, anchor) == as_the_contract_says(anchor, days, False)


@given(anchors, st.integers(1, 12))
def test_the_days_of_a_month_and_not_its_name_choose_the_window(anchor: date, months: int) -> None:
    rung, state = after_one_dose(interval_rung(months, fold.MONTH), anchor)
    days = (add(anchor, Span(months, "mo")) - anchor).days
    assert dates_of(rung, state, anchor) == as_the_contract_says(anchor, days, False)


@given(anchors, intervals, st.data())
def test_a_minimum_gap_moves_both_earliest_dates_and_nothing_else(anchor: date, days: int, data: st.DataObject) -> None:
    gap = data.draw(st.integers(1, days))
    rung, state = after_one_dose(interval_rung(days, fold.DAY)._replace(minimum_gap=gap), anchor)
    count_from, bookable, *rest = dates_of(rung, state, anchor)
    plain_count_from, plain_bookable, *plain_rest = as_the_contract_says(anchor, days, False)
    assert count_from == max(plain_count_from, anchor + gap * ONE_DAY)
    assert bookable == max(plain_bookable, anchor + gap * ONE_DAY)
    assert rest == plain_rest


@given(anchors, intervals)
def test_before_the_first_dose_the_interval_of_the_phase_chooses_the_window(start: date, days: int) -> None:
    rung = interval_rung(days, fold.DAY)
    dates = dates_of(rung, planned((rung,), to_days(start)), start)
    due_through = start + row_for(days)[2] * ONE_DAY
    review = max(start + 14 * ONE_DAY, due_through + ONE_DAY)
    assert dates == (start, start, start, due_through, due_through + ONE_DAY, review)


# -- crediting -------------------------------------------------------------------------------------------------------


def expected(day: int, dates: fold.Dates) -> tuple[int, int, int]:
    """(credit, timing, flags of timing) of a dose in the planned amount on this day."""
    if day < dates.count_from:
        return fold.EXTRA, 0, 0
    if day < dates.bookable_from:
        return fold.CREDITED, fold.EARLY, fold.EARLY_OUT_OF_WINDOW
    if day <= dates.due_through:
        return fold.CREDITED, fold.ON_TIME, 0
    return fold.CREDITED, fold.LATE, fold.LATE_AFTER_REVIEW if day >= dates.review_from else 0


@hazard("H17")
@given(histories(), st.integers(0, 6), st.integers(-2, 2))
def test_the_day_alone_decides_whether_a_dose_is_extra_early_on_time_or_late(
    history: History, border: int, off: int
) -> None:
    seen = history.forecast(history.last_day)[1]
    day = max(history.last_day, (*seen, history.last_day)[border] + off)
    place, dates = history.forecast(day)
    rung, state = history.rungs[place.rung], history.states[-1]
    assume(not place.marks & (fold.DONE | fold.LAST_DOSE_NEEDED | fold.HISTORY_NEEDED) and not rung.continuous)
    assume(state.cover.stopped == fold.NONE and state.last.day != day)
    assume(place.anchor != fold.NONE or day >= place.floor)
    credit, timing, flags = history.then(administration(day, rung)).verdict
    elsewhere = fold.DUPLICATE_SUSPECTED if day == state.last.day + 1 and state.last.source != 0 else 0
    ratchet = flags & fold.EARLY_RATCHET  # has a law of its own
    assert (credit, timing, flags - ratchet) == (*expected(day, dates)[:2], expected(day, dates)[2] | elsewhere)


@given(anchors, intervals, st.integers(0, 5), st.integers(-1, 1))
def test_on_both_sides_of_each_date_a_dose_counts_as_the_contract_says(
    anchor: date, days: int, border: int, off: int
) -> None:
    dates = fold.Dates(*map(to_days, as_the_contract_says(anchor, days, False)))
    day = dates[border] + off
    assume(day > to_days(anchor))
    rung, state = after_one_dose(interval_rung(days, fold.DAY), anchor)
    assert tuple(fold.step(state, administration(day, rung), (rung,), WINDOWS).verdict) == expected(day, dates)


@given(anchors, st.integers(1, 200))
def test_a_dose_before_the_start_waits(start: date, before: int) -> None:
    rungs, day = (interval_rung(1, fold.MONTH),), to_days(start) - before
    state = fold.step(fold.start(), plan_event(day, 0, to_days(start)), rungs, WINDOWS)
    pending = fold.step(state, administration(day, rungs[0]), rungs, WINDOWS)
    assert pending.verdict == fold.Verdict(fold.PENDING, 0, 0)
    assert pending.place == state.place
    told = fold.step(state, administration(day, rungs[0], fold.COVERED), rungs, WINDOWS)
    assert told.verdict == fold.Verdict(fold.CREDITED, 0, 0)


@given(anchors, intervals, st.integers(0, 60))
def test_an_additional_dose_is_extra_on_any_day(start: date, days: int, later: int) -> None:
    rung, state = after_one_dose(interval_rung(days, fold.DAY), start)
    event = administration(to_days(start) + later, rung, fold.ADDITIONAL)
    after = fold.step(state, event, (rung,), WINDOWS)
    assert after.verdict == fold.Verdict(fold.EXTRA, 0, 0)
    assert after.place == state.place


@given(anchors, st.integers(1, 300))
@example(date(2026, 1, 5), 89)
@example(date(2026, 1, 5), 90)
@example(date(2026, 1, 5), 150)
@example(date(2026, 1, 5), 151)
def test_amount_decides_between_not_credited_credited_and_over(start: date, percent: int) -> None:
    rung = interval_rung(3, fold.MONTH)
    event = administration(to_days(start), rung)._replace(amount=rung.dose * percent // 100)
    verdict = fold.step(planned((rung,), event.day), event, (rung,), WINDOWS).verdict
    if percent < 90:
        assert (verdict.credit, verdict.flags) == (fold.NOT_CREDITED, fold.BELOW_DOSE)
    else:
        over = fold.OVER_DOSE if percent > 150 else 0
        assert (verdict.credit, verdict.flags) == (fold.CREDITED, over)


@hazard("H06")
@given(anchors, st.booleans())
def test_a_dose_into_a_vein_counts_only_where_the_protocol_lists_it(start: date, listed: bool) -> None:
    rung = interval_rung(1, fold.MONTH)
    rung = rung._replace(routes=rung.routes | INTRAVENOUS) if listed else rung
    event = administration(to_days(start), rung)._replace(route=INTRAVENOUS)
    verdict = fold.step(planned((rung,), event.day), event, (rung,), WINDOWS).verdict
    assert verdict.credit == (fold.CREDITED if listed else fold.NOT_CREDITED)
    assert verdict.flags == (fold.ROUTE_ACCEPTED if listed else fold.INEFFECTIVE_ROUTE)


@given(anchors, st.integers(1, 400), st.sampled_from([CYANO, ME]))
def test_after_another_cobalamin_the_next_dose_comes_within_a_month(start: date, days: int, other: int) -> None:
    rung, state = after_one_dose(interval_rung(days, fold.DAY), start, other)
    assert state.verdict.credit == fold.CREDITED
    assert state.verdict.flags == fold.PRODUCT_SWITCHED
    assert dates_of(rung, state, start)[2] == min(start + days * ONE_DAY, add(start, Span(1, "mo")))
    rung, state = after_one_dose(rung, start)
    assert dates_of(rung, state, start)[2] == start + days * ONE_DAY


@given(anchors, st.sampled_from([CYANO, ME]), st.integers(2, 12))
def test_another_cobalamin_as_the_last_dose_of_a_phase_shortens_the_way_to_the_next_phase(
    start: date, other: int, months: int
) -> None:
    loading = interval_rung(2, fold.DAY)._replace(end=fold.BY_DOSES, end_number=1, final=0)
    rungs, day = (loading, interval_rung(months, fold.MONTH)), to_days(start)
    event = administration(day, loading)._replace(substance=other)
    state = fold.step(planned(rungs, day), event, rungs, WINDOWS)
    assert state.place.rung == 1
    assert fold.forecast(state, rungs, WINDOWS, day)[1].target == after(day, 1, fold.MONTH)


@given(anchors)
def test_a_phase_of_the_cobalamin_that_was_given_keeps_its_own_interval(start: date) -> None:
    loading = interval_rung(2, fold.DAY)._replace(end=fold.BY_DOSES, end_number=1, final=0)
    maintenance = interval_rung(3, fold.MONTH)._replace(substance=CYANO, substitutes=0, substitute_number=0)
    rungs, day = (loading, maintenance), to_days(start)
    event = administration(day, loading)._replace(substance=CYANO)
    state = fold.step(planned(rungs, day), event, rungs, WINDOWS)
    assert fold.forecast(state, rungs, WINDOWS, day)[1].target == after(day, 3, fold.MONTH)


# -- flags of a dose -------------------------------------------------------------------------------------------------


@given(histories())
def test_a_dose_as_planned_is_the_dose_of_the_plan_on_its_day(history: History) -> None:
    for before, event, found in history.judged:
        if event.flags & fold.AS_PLANNED:
            rung = history.rungs[fold.forecast(before, history.rungs, WINDOWS, event.day)[0].rung]
            said = event._replace(
                amount=rung.dose, substance=rung.substance, route=rung.route, flags=event.flags - fold.AS_PLANNED
            )
            assert fold.step(before, said, history.rungs, WINDOWS) == found


@given(histories())
def test_what_a_person_decides_about_a_dose_overrides_what_it_would_count_for(history: History) -> None:
    for before, event, found in history.judged:
        twice = event.day == before.last.day and found.verdict.flags == fold.DUPLICATE
        if event.flags & fold.REJECT:
            assert found.verdict == fold.Verdict(fold.NOT_CREDITED, 0, fold.OVERRIDDEN)
        elif event.flags & fold.CREDIT and not twice:
            assert found.verdict.credit == fold.CREDITED
            assert found.verdict.flags & fold.OVERRIDDEN


@given(starts, st.sampled_from([SUBCUTANEOUS, 8, 16, 32]))
def test_a_route_that_the_protocol_does_not_list_is_accepted_and_said(start: int, route: int) -> None:
    rungs = (interval_rung(1, fold.MONTH),)
    event = administration(start, rungs[0])._replace(route=route)
    verdict = fold.step(planned(rungs, start), event, rungs, WINDOWS).verdict
    assert verdict == fold.Verdict(fold.CREDITED, fold.ON_TIME, fold.ROUTE_ACCEPTED)


@given(starts)
def test_an_expired_product_is_not_credited(start: int) -> None:
    rungs = (interval_rung(1, fold.MONTH),)
    verdict = fold.step(planned(rungs, start), administration(start, rungs[0], fold.EXPIRED), rungs, WINDOWS).verdict
    assert verdict == fold.Verdict(fold.NOT_CREDITED, 0, fold.EXPIRED_PRODUCT)


# -- the same dose told twice ----------------------------------------------------------------------------------------


def told_again(rungs: Rungs, start: int, **changes: int) -> fold.Verdict:
    """The verdict of a second dose, that differs from the first on `start` in these fields."""
    first = administration(start, rungs[0])._replace(batch=7)
    state = fold.step(planned(rungs, start), first, rungs, WINDOWS)
    return fold.step(state, first._replace(**changes), rungs, WINDOWS).verdict


DIFFERENT = {"amount": 1_100_000, "substance": CYANO, "route": SUBCUTANEOUS, "batch": 8}
once = (interval_rung(3, fold.MONTH),)


@hazard("H18")
@given(starts, st.integers(1, 3), st.sampled_from([7, 0]))
def test_the_same_dose_from_another_source_is_excluded(start: int, source: int, code: int) -> None:
    verdict = told_again(once, start, source=source, batch=code)
    assert verdict == fold.Verdict(fold.EXCLUDED, 0, fold.DUPLICATE)


@hazard("H18")
@given(starts, st.integers(0, 3), st.sets(st.sampled_from(sorted(DIFFERENT))))
def test_a_second_dose_of_a_day_from_the_same_source_or_with_any_difference_is_extra(
    start: int, source: int, fields: set[str]
) -> None:
    assume(source == 0 or fields)
    verdict = told_again(once, start, source=source, **{field: DIFFERENT[field] for field in fields})
    assert verdict == fold.Verdict(fold.EXTRA, 0, fold.DUPLICATE_SUSPECTED)


@hazard("H18")
@given(starts, st.integers(0, 3), st.integers(1, 6))
def test_doses_one_day_apart_from_two_sources_are_only_flagged(start: int, source: int, days: int) -> None:
    daily = (interval_rung(1, fold.DAY),)
    verdict = told_again(daily, start, source=source, day=start + days)
    assert verdict.credit == fold.CREDITED
    assert bool(verdict.flags & fold.DUPLICATE_SUSPECTED) == (days == 1 and source != 0)


@given(starts)
def test_an_additional_dose_does_not_make_the_planned_dose_of_its_day_extra(start: int) -> None:
    additional = fold.step(planned(once, start), administration(start, once[0], fold.ADDITIONAL), once, WINDOWS)
    assert additional.verdict == fold.Verdict(fold.EXTRA, 0, 0)
    verdict = fold.step(additional, administration(start, once[0]), once, WINDOWS).verdict
    assert (verdict.credit, verdict.timing) == (fold.CREDITED, fold.ON_TIME)


# -- doses that creep forward ----------------------------------------------------------------------------------------


@given(starts, st.sampled_from([(1, fold.MONTH), (2, fold.MONTH), (3, fold.MONTH), (12, fold.WEEK)]), st.data())
def test_three_early_doses_running_at_intervals_of_a_month_or_more_are_flagged(
    start: int, interval: tuple[int, int], data: st.DataObject
) -> None:
    rungs = (interval_rung(*interval),)
    state, running = fold.step(planned(rungs, start), administration(start, rungs[0]), rungs, WINDOWS), 0
    for days in data.draw(st.lists(st.sampled_from([-5, -1, -1, -3, 0, 2]), max_size=12)):
        day = fold.forecast(state, rungs, WINDOWS, start)[1].target + days
        state = fold.step(state, administration(day, rungs[0]), rungs, WINDOWS)
        running = running + 1 if days < 0 else 0
        assert bool(state.verdict.flags & fold.EARLY_RATCHET) == (running >= 3)


@given(starts, st.integers(4, 27))
def test_early_doses_at_shorter_intervals_are_not_flagged(start: int, days: int) -> None:
    rungs = (interval_rung(days, fold.DAY),)
    state = fold.step(planned(rungs, start), administration(start, rungs[0]), rungs, WINDOWS)
    for _ in range(5):
        day = fold.forecast(state, rungs, WINDOWS, start)[1].target - 1
        state = fold.step(state, administration(day, rungs[0]), rungs, WINDOWS)
        assert state.verdict.credit == fold.CREDITED
        assert not state.verdict.flags & fold.EARLY_RATCHET
