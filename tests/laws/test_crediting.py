"""Windows and crediting as the contract's section 5 writes them, against what the fold does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.ladder import to_date, to_days
from hazards import hazard

from .ladders import (
    CYANO,
    HYDROXO,
    INTRAVENOUS,
    ME,
    WINDOWS,
    History,
    administration,
    histories,
    interval_rung,
    planned,
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
    seen = fold.forecast(history.states[-1], history.rungs, WINDOWS, history.last_day)[1]
    day = max(history.last_day, (*seen, history.last_day)[border] + off)
    place, dates = fold.forecast(history.states[-1], history.rungs, WINDOWS, day)
    assume(not place.marks & fold.DONE)
    event = administration(day, history.rungs[place.rung])
    verdict = fold.step(history.states[-1], event, history.rungs, WINDOWS).verdict
    assert tuple(verdict) == expected(day, dates)


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
    assert verdict.flags == (0 if listed else fold.INEFFECTIVE_ROUTE)


@given(anchors, st.integers(1, 400), st.sampled_from([CYANO, ME]))
def test_after_another_cobalamin_the_next_dose_comes_within_a_month(start: date, days: int, other: int) -> None:
    rung, state = after_one_dose(interval_rung(days, fold.DAY), start, other)
    assert state.verdict.credit == fold.CREDITED
    assert state.verdict.flags == fold.PRODUCT_SWITCHED
    assert dates_of(rung, state, start)[2] == min(start + days * ONE_DAY, add(start, Span(1, "mo")))
    rung, state = after_one_dose(rung, start)
    assert dates_of(rung, state, start)[2] == start + days * ONE_DAY
