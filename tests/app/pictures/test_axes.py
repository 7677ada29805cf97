"""Axes: values lie where they belong, ticks are round and inside, words have room, and what is cut off is told."""

from __future__ import annotations

import ast
import itertools
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobalamin.app.pictures.axes import Axis, TimeAxis, around, months_named, room_of, rounded_up, with_room
from cobalamin.app.pictures.svg import width_of
from cobalamin.records import replace

APP = Path(__file__).parents[3] / "src" / "cobalamin" / "app"
DRAWERS = [*(APP / "pictures").glob("*.py"), *(APP / "web").rglob("*.py"), *(APP / "paper").glob("*.py")]
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


def test_a_value_lies_in_proportion_and_a_mark_stays_on_the_axis() -> None:
    axis = Axis(0.0, 500.0, start=150.0, end=95.0, most=1.6)
    assert [axis.at(value) for value in (0, 250, 500)] == [150.0, 122.5, 95.0]
    assert axis.at(5000) == axis.at(800) == pytest.approx(62.0)
    assert [axis.held(value) for value in (-3, 250, 5000)] == [150.0, 122.5, 95.0]
    assert [axis.cuts(value) for value in (-3, 0, 500, 501)] == [True, False, False, True]
    assert axis.band(100, 200) == (pytest.approx(128.0), pytest.approx(11.0))
    assert axis.band(None, 250) == (pytest.approx(122.5), pytest.approx(27.5))
    assert axis.band(250, None) == (95.0, pytest.approx(27.5))


@pytest.mark.parametrize(
    ("first", "last", "most", "told"),
    [
        (0, 500, 6, [0, 100, 200, 300, 400, 500]), (0, 1.5, 6, [0, 0.5, 1, 1.5]), (93, 163, 5, [100, 120, 140, 160]),
        (0, 10, 5, [0, 2, 4, 6, 8, 10]), (0.21, 0.29, 5, [0.22, 0.24, 0.26, 0.28]),
    ],
)  # fmt: skip
def test_ticks_are_round_numbers_on_the_axis(first: float, last: float, most: int, told: list[float]) -> None:
    assert Axis(first, last, 0, 100).ticks(most) == told


def test_people_are_counted_in_whole_numbers() -> None:
    assert [Axis(0, most, 0, 100).ticks(least=1) for most in (1, 2, 5)] == [[0, 1], [0, 1, 2], [0, 1, 2, 3, 4, 5]]


@given(first=st.floats(0, 900), length=st.floats(0.01, 1e6), most=st.integers(5, 8))
def test_there_are_ticks_and_never_too_many(first: float, length: float, most: int) -> None:
    ticks = Axis(first, first + length, 0, 100).ticks(most)
    assert 1 <= len(ticks) <= most + 1
    assert all(first - 1e-6 * length <= tick <= first + length * (1 + 1e-6) for tick in ticks)


@given(value=st.floats(1e-3, 1e7))
def test_the_end_of_an_axis_is_a_little_above_what_it_must_show(value: float) -> None:
    assert value <= rounded_up(value) * (1 + 1e-9) <= value * 2


def test_values_have_room_on_both_sides_and_the_axis_does_not_go_below_nothing() -> None:
    assert around([100, 200]) == (88.0, 212.0)
    assert around([5.0]) == (4.0, 6.0)
    assert around([0.0]) == (0.0, 1.0)


@given(begin=DAYS, days=st.integers(0, 9000), most=st.sampled_from([6, 12]))
def test_dates_are_firsts_of_months_as_far_from_each_other_as_told(begin: date, days: int, most: int) -> None:
    axis = TimeAxis.between(begin, begin + timedelta(days=days), 0, 100)
    dates = axis.dates(most)
    assert 1 <= len(dates) <= most + 1
    assert all(axis.begin <= day <= axis.until for day, _ in dates)
    assert len(dates) == 1 or all(day.day == 1 for day, _ in dates)
    gaps = {
        (later.year - day.year) * 12 + later.month - day.month for (day, _), (later, _) in itertools.pairwise(dates)
    }
    assert len(gaps) <= 1


@given(begin=DAYS, days=st.integers(1, 3000), size=st.sampled_from([2.2, 12.0, 40.0]), middle=st.booleans())
def test_words_of_an_axis_never_cover_each_other_or_leave_the_picture(
    begin: date, days: int, size: float, middle: bool
) -> None:
    axis = TimeAxis.between(begin, begin + timedelta(days=days), 20.0, 300.0)
    for ticks in (axis.dates(), axis.days_on(), axis.months_on(3)):
        shown = with_room(ticks, axis.at, size, 0.0, 320.0, middle)
        begins = [(axis.at(day) - width_of(words, size) / 2 * middle, width_of(words, size)) for day, words in shown]
        assert all(left >= 0 and left + wide <= 320 for left, wide in begins)
        assert all(left + wide <= later for (left, wide), (later, _) in itertools.pairwise(begins))


def test_a_value_for_a_month_is_named_by_that_month() -> None:
    ends = [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert [words for _, words in months_named(ends)] == ["Dec 2025", "Jan 2026", "Feb 2026", "Mar 2026"]
    assert [words for _, words in months_named(ends, most=2)] == ["Dec 2025", "Feb 2026"]
    assert [words for _, words in months_named(ends[1:2], most=2)] == ["Jan 2026"]
    assert months_named([]) == []


def test_a_number_at_the_margin_has_room_for_every_digit() -> None:
    """At 375 pixels '1500' was '500'."""
    assert room_of(["500", "1500"], 22) == pytest.approx(56.3, abs=0.1)


def test_no_drawer_has_ticks_or_scales_of_its_own() -> None:
    """What only an axis needs: powers of ten for steps, names of months for ticks."""
    own = {
        f"{path.relative_to(APP)}: {name.name}"
        for path in DRAWERS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name in ("log10", "month_short")
    }
    assert own == {"pictures/axes.py: log10", "pictures/axes.py: month_short"}
    assert not [
        path.name
        for path in DRAWERS
        if path.name != "axes.py" and re.search(r"np\.log10|10(\.0)? ?\*\*", path.read_text("utf-8"))
    ]


def test_a_result_beyond_the_top_is_told_by_its_number_on_screen() -> None:
    pytest.importorskip("numpy", reason="simulations need the extra 'kinetics'")
    from cobalamin.app.services.simulation.body import Mark, SimulateOptions
    from cobalamin.app.services.simulation.simulate import simulate_for
    from cobalamin.app.web.simulation.curves import figure
    from cobalamin.kinetics.simulation import SERUM

    options = SimulateOptions(scenario="1 mg every 12 weeks", start=date(2026, 1, 5), months=12, people=20)
    answer = simulate_for(None, options, date(2026, 3, 1))
    serum = answer.simulated[0].bands
    high = Mark(date(2026, 6, 1), next(name for name in serum if "serum" in name), 40_000.0, "")
    within = replace(high, value=300.0)

    def svg(mark: Mark) -> str:
        return figure(replace(answer, marks=(mark,)), SERUM, lambda key, **_: key).svg

    assert ">40000<" in svg(high)
    assert ">300<" not in svg(within)
    assert svg(high).count('class="result"') == svg(within).count('class="result"') == 1
