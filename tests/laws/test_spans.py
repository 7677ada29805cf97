"""Adding spans to dates, in words (`spans.add`) and in whole numbers (`fold.add_span`)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobalamin.spans import UNITS, Span, add, read_span
from cobalamin.therapy import fold
from cobalamin.therapy.regimen.ladder import to_date, to_days
from hazards import hazard

from .ladders import WINDOWS, administration, interval_rung, planned

FIRST, LAST = date(1850, 1, 1), date(2400, 12, 31)
ONE_DAY = timedelta(days=1)
CODES = {"d": fold.DAY, "wk": fold.WEEK, "mo": fold.MONTH, "a": fold.YEAR}
MONTHS_IN = {"mo": 1, "a": 12}
FOUR_CENTURIES = 146_097

days = st.dates(FIRST, LAST)
spans = st.builds(Span, st.integers(0, 60), st.sampled_from(UNITS))
month_spans = st.builds(Span, st.integers(1, 24), st.just("mo")) | st.builds(Span, st.integers(1, 5), st.just("a"))


def walked(anchor: date, span: Span, wanted: int) -> date:
    """The slow, obvious way: walk day by day into the month meant, then up to the wanted day or the month's last."""
    if span.unit in ("d", "wk"):
        for _ in range(span.number * (7 if span.unit == "wk" else 1)):
            anchor += ONE_DAY
        return anchor
    day = anchor.replace(day=1)
    for _ in range(span.number * MONTHS_IN[span.unit]):
        month = day.month
        while day.month == month:
            day += ONE_DAY
    while day.day < (wanted or anchor.day) and (day + ONE_DAY).month == day.month:
        day += ONE_DAY
    return day


@hazard("H14")
@given(days, spans, st.integers(0, 31))
def test_a_span_ends_where_walking_day_by_day_ends(anchor: date, span: Span, wanted: int) -> None:
    assert add(anchor, span, wanted_day=wanted) == walked(anchor, span, wanted)


@given(days, spans, st.integers(0, 12), st.integers(0, 31))
def test_many_spans_are_added_in_one_step(anchor: date, span: Span, times: int, wanted: int) -> None:
    assert add(anchor, span, times, wanted) == add(anchor, Span(span.number * times, span.unit), 1, wanted)


@given(days, spans, st.integers(0, 31))
def test_the_fold_adds_a_span_as_the_words_do(anchor: date, span: Span, wanted: int) -> None:
    assert to_date(fold.add_span(to_days(anchor), span.number, CODES[span.unit], wanted)) == add(
        anchor, span, wanted_day=wanted
    )


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("wanted", [0, 31])
def test_the_fold_adds_a_span_as_the_words_do_on_every_day_of_five_centuries(unit: str, wanted: int) -> None:
    differing = []
    for anchor in range(to_days(FIRST), to_days(LAST) + 1):
        number = anchor % 37
        if fold.add_span(anchor, number, CODES[unit], wanted) != to_days(
            add(to_date(anchor), Span(number, unit), wanted_day=wanted)
        ):
            differing.append((to_date(anchor), number))
    assert differing == []


def test_every_day_of_five_centuries_has_one_number_and_one_civil_date() -> None:
    epoch = date(1970, 1, 1).toordinal()
    for ordinal in range(FIRST.toordinal(), LAST.toordinal() + 1):
        day = date.fromordinal(ordinal)
        civil = (day.year, day.month, day.day)
        if fold.days_from_civil(*civil) != ordinal - epoch or fold.civil_from_days(ordinal - epoch) != civil:
            pytest.fail(f"{day} is day {ordinal - epoch}")


def kept_to_the_day(start: date, span: Span, doses: int) -> list[date]:
    """The targets of a person who takes every dose on its target."""
    rungs = (interval_rung(span.number, CODES[span.unit]),)
    state, given_on = planned(rungs, to_days(start)), []
    for _ in range(doses):
        target = fold.forecast(state, rungs, WINDOWS, to_days(start))[1].target
        given_on.append(to_date(target))
        state = fold.step(state, administration(target, rungs[0]), rungs, WINDOWS)
    return given_on


@hazard("H14")
def test_three_monthly_from_31_january_stays_at_the_end_of_the_month_for_40_years() -> None:
    found = kept_to_the_day(date(2026, 1, 31), Span(3, "mo"), 161)
    ends = [(1, 31), (4, 30), (7, 31), (10, 31)]
    assert found == [date(2026 + number // 4, *ends[number % 4]) for number in range(161)]


@hazard("H14")
@given(st.dates(FIRST, date(2250, 12, 31)), month_spans, st.integers(2, 30))
def test_a_plan_kept_to_the_day_never_moves(start: date, span: Span, doses: int) -> None:
    assert kept_to_the_day(start, span, doses) == [add(start, span, times) for times in range(doses)]


@hazard("H15")
@given(days)
def test_twelve_weeks_and_three_months_stay_different(anchor: date) -> None:
    weeks, months = read_span("12 wk"), read_span("3 mo")
    assert weeks != months
    assert (str(weeks), str(months)) == ("12 wk", "3 mo")
    assert add(anchor, weeks) == anchor + timedelta(days=84)
    assert 89 <= (add(anchor, months) - anchor).days <= 92
    assert add(anchor, weeks, 4) < add(anchor, months, 4)


@given(spans)
def test_a_span_reads_back_in_the_unit_it_was_written_in(span: Span) -> None:
    assert read_span(str(span)) == span


@given(days, st.builds(Span, st.integers(0, 36), st.sampled_from(UNITS)))
def test_no_date_lies_outside_the_bounds_of_its_span(anchor: date, span: Span) -> None:
    least, most = span.day_bounds
    assert least <= (add(anchor, span) - anchor).days <= most


@given(st.dates(FIRST, date(2000, 12, 31)), spans, st.integers(0, 31))
def test_four_centuries_later_only_the_year_differs(anchor: date, span: Span, wanted: int) -> None:
    then = add(anchor.replace(year=anchor.year + 400), span, wanted_day=wanted)
    now = add(anchor, span, wanted_day=wanted)
    assert then == now.replace(year=now.year + 400)
    assert to_days(then) - to_days(now) == FOUR_CENTURIES
