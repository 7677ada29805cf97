"""Another day for a dose, tried: the days that move are those of the fold, and nothing is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cobalamin.app.services import reviewing
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.trying import GHOST, TRIED, NothingToTry, try_day, year_of_trial
from cobalamin.app.services.year import AHEAD, PLANNED
from hazards import hazard

ROOT = Path(__file__).parents[3]
RUNNING = ROOT / "examples" / "treatment-running.yaml"
DAY = date(2026, 9, 1)


def test_on_its_planned_day_nothing_moves() -> None:
    trial = try_day(open_case(RUNNING), DAY, 0, None)
    assert (trial.planned, trial.day, trial.shift) == (date(2026, 10, 9), date(2026, 10, 9), 0)
    assert [each.days for each in trial.following] == [0] * 6
    assert [each.was for each in trial.following][:2] == [date(2027, 1, 9), date(2027, 4, 9)]
    assert trial.given.evaluation.timing == "on_time"


def test_a_week_later_moves_every_later_dose_by_as_much() -> None:
    """16 October and three months is 16 January, 16 April."""
    trial = try_day(open_case(RUNNING), DAY, 0, date(2026, 10, 16))
    assert [each.now for each in trial.following][:2] == [date(2027, 1, 16), date(2027, 4, 16)]
    assert {each.days for each in trial.following} == {7}
    assert trial.given.days_from_target == 7
    assert trial.given.evaluation.timing == "on_time"


def test_far_too_early_it_would_be_judged_so() -> None:
    trial = try_day(open_case(RUNNING), DAY, 0, date(2026, 9, 10))
    judged = reviewing.due_for(open_case(RUNNING), DAY, date(2026, 9, 10)).given
    assert judged is not None
    assert trial.given.evaluation == judged.evaluation
    assert trial.given.evaluation.timing != "on_time"


def test_a_later_dose_is_tried_as_if_those_before_came_on_their_days() -> None:
    trial = try_day(open_case(RUNNING), DAY, 1, date(2027, 1, 23))
    assert trial.planned == date(2027, 1, 9)
    assert [each.now for each in trial.following][:2] == [date(2027, 4, 23), date(2027, 7, 23)]
    assert trial.earliest == date(2026, 10, 9)


def test_a_day_before_the_last_entry_or_far_away_is_held_at_the_ends() -> None:
    case = open_case(RUNNING)
    assert try_day(case, DAY, 0, date(2026, 1, 1)).day == date(2026, 7, 9)
    assert try_day(case, DAY, 0, date(2090, 1, 1)).day == try_day(case, DAY, 0, None).latest


def test_a_late_dose_is_tried_from_today_on() -> None:
    trial = try_day(open_case(RUNNING), date(2026, 11, 20), 0, None)
    assert (trial.planned, trial.day) == (date(2026, 10, 9), date(2026, 11, 20))


def test_without_a_dated_dose_there_is_nothing_to_try(tmp_path: Path) -> None:
    path = tmp_path / "stopped.yaml"
    stop = "  - {date: 2026-08-03, kind: decision, decision: stop, by: Dr A, reason: asked}"
    path.write_text(f"{RUNNING.read_text('utf-8').rstrip()}\n{stop}\n", "utf-8")
    with pytest.raises(NothingToTry):
        try_day(open_case(path), DAY, 0, None)


@hazard("H147")
def test_the_tried_dose_and_its_dates_have_a_form_of_their_own() -> None:
    trial = try_day(open_case(RUNNING), DAY, 0, date(2026, 10, 16))
    year = year_of_trial(trial)
    found = {state: [mark.on for mark in year.doses if mark.state == state] for state in (TRIED, GHOST, PLANNED)}
    assert found[TRIED] == [date(2026, 10, 16)]
    assert found[GHOST] == [date(2026, 10, 9), date(2027, 1, 9), date(2027, 4, 9), date(2027, 7, 9)]
    assert found[PLANNED] == [date(2027, 1, 16), date(2027, 4, 16), date(2027, 7, 16)]
    assert all(not mark.about for mark in year.doses if mark.state in (TRIED, PLANNED))


def test_what_would_follow_is_what_follows_once_it_is_recorded(tmp_path: Path) -> None:
    """The same days as of a file in which the dose stands."""
    path = tmp_path / "given.yaml"
    dose = "  - {date: 2026-10-20, kind: administration, as_planned: true}"
    path.write_text(f"{RUNNING.read_text('utf-8').rstrip()}\n{dose}\n", "utf-8")
    given = reviewing.review_of(open_case(path), date(2026, 10, 20), ahead=AHEAD)
    tried = try_day(open_case(RUNNING), DAY, 0, date(2026, 10, 20))
    after = [item.on for item in given.upcoming if item.kind == "dose"]
    assert [item.on for item in tried.coming] == after
