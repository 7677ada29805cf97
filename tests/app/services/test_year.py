"""The year as a value: each mark where the record and the review have it, held against days counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cobalamin.app.services import reviewing, shipped
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.year import (
    AHEAD,
    AHEAD_OF_TODAY,
    DONE,
    EXTRA,
    GIVEN,
    MISSED,
    NEXT,
    NOT_DONE,
    OVERDUE,
    PLANNED,
    WARNING,
    WERE_GIVEN,
    Year,
    calendar_year,
    year_around,
)  # fmt: skip
from cobalamin.records import replace
from cobalamin.text.messages import in_words
from cobalamin.therapy.review.review import Review
from hazards import hazard

ROOT = Path(__file__).parents[3]
RUNNING = ROOT / "examples" / "treatment-running.yaml"
DAY = date(2026, 9, 1)


def seen_of(tmp_path: Path, *entries: str, example: str = "treatment-running.yaml", on: date = DAY) -> Review:
    text = (ROOT / "examples" / example).read_text("utf-8").rstrip()
    path = tmp_path / "case.yaml"
    path.write_text("\n".join([text, *(f"  - {{{entry}}}" for entry in entries), ""]), "utf-8")
    return reviewing.review_of(open_case(path), on, ahead=AHEAD)


@pytest.fixture(scope="module")
def year() -> Year:
    return year_around(reviewing.review_of(open_case(RUNNING), DAY, ahead=AHEAD))


def words(text: object) -> str:
    return in_words(text, shipped.library().own_words)  # type: ignore[arg-type]


def days(year: Year, *states: str) -> list[date]:
    return [mark.on for mark in year.doses if mark.state in states]


def test_it_goes_twelve_months_each_way(year: Year) -> None:
    assert (year.first, year.last, year.today) == (date(2025, 9, 1), date(2027, 9, 1), DAY)


def test_doses_stand_where_they_were_given_missed_and_planned(year: Year) -> None:
    """Six of loading as recorded, two every three months; 9 July and three months is 9 October, and so on."""
    loading = [date(2026, 1, day) for day in (5, 7, 12, 14, 16, 19)]
    assert days(year, GIVEN) == [*loading, date(2026, 4, 9), date(2026, 7, 9)]
    assert days(year, MISSED) == [date(2026, 1, 9)]
    assert days(year, NEXT) == [date(2026, 10, 9)]
    assert days(year, PLANNED) == [date(2027, 1, 9), date(2027, 4, 9), date(2027, 7, 9)]
    following = next(mark for mark in year.doses if mark.state == NEXT)
    assert following.window == (date(2026, 9, 25), date(2026, 10, 23))
    assert following.about == "2026-10-09"


def test_a_mark_says_what_it_is(year: Year) -> None:
    told = {mark.on: words(mark.label) for mark in year.doses}
    assert told[date(2026, 1, 5)] == "1 mg (1,000 micrograms), given, on time"
    assert told[date(2026, 1, 12)] == "1 mg (1,000 micrograms), given, late"
    assert told[date(2026, 1, 9)] == "not given: clinic cancelled"
    assert told[date(2026, 10, 9)] == "1 mg (1,000 micrograms), the next dose"


def test_a_first_course_is_told_as_six_of_six(year: Year) -> None:
    assert [(each.on, each.given, each.of) for each in year.progress] == [(date(2026, 1, 19), 6, 6)]


def test_a_first_course_on_its_way_is_told_as_far_as_it_got() -> None:
    seen = reviewing.review_of(open_case(RUNNING), date(2026, 1, 15), ahead=AHEAD)
    assert [(each.given, each.of) for each in year_around(seen).progress] == [(4, 6)]


def test_a_review_that_nobody_did_is_a_mark_of_its_day(year: Year) -> None:
    assert [(mark.state, mark.on, mark.window) for mark in year.checks] == [
        (NOT_DONE, date(2026, 4, 5), (date(2026, 4, 5), date(2026, 4, 19)))
    ]


def test_results_share_the_axis_of_their_marker_and_a_bound_is_one(year: Year) -> None:
    found = {scale.marker: scale for scale in year.results}
    assert [point.value for point in found["haemoglobin"].points] == [104.0, 131.0]
    assert [point.outside for point in found["haemoglobin"].points] == [True, False]
    assert found["haemoglobin"].usual is not None
    assert [str(each) for each in (found["haemoglobin"].usual.low, found["haemoglobin"].usual.high)] == ["120", "160"]
    assert [(point.value, point.bound) for point in found["serum_b12"].points] == [(1500.0, "more")]


def test_symptoms_are_scores_of_their_day_with_their_entry(year: Year) -> None:
    assert [(words(scores.name), [each[:2] for each in scores.marks]) for scores in year.symptoms] == [
        ("Tiredness", [(date(2026, 4, 7), 3)]), ("Tingling or numbness", [(date(2026, 4, 7), 0)]),
    ]  # fmt: skip
    assert year.symptoms[0].marks[0][2].startswith("2026-04-07")


def test_years_are_counted_with_those_that_had_no_dose(tmp_path: Path) -> None:
    seen = seen_of(tmp_path, "date: 2028-02-01, kind: administration, as_planned: true", on=date(2028, 3, 1))
    assert year_around(seen).counts == ((2026, 8), (2027, 0), (2028, 1))


def test_a_calendar_year_has_what_lies_in_it(tmp_path: Path) -> None:
    seen = seen_of(tmp_path)
    assert days(calendar_year(seen, 2026), *WERE_GIVEN) == days(year_around(seen), *WERE_GIVEN)
    assert calendar_year(seen, 2024).is_empty
    assert days(calendar_year(seen, 2027), *AHEAD_OF_TODAY) == [date(2027, month, 9) for month in (1, 4, 7, 10)]


def test_an_additional_dose_is_a_mark_of_its_own_kind(tmp_path: Path) -> None:
    entry = "date: 2026-08-20, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: intramuscular, intent: additional"
    assert days(year_around(seen_of(tmp_path, entry)), EXTRA) == [date(2026, 8, 20)]


def test_a_dose_known_by_its_month_has_the_month_around_it(tmp_path: Path) -> None:
    mark = year_around(seen_of(tmp_path, "date: 2026-08, kind: administration, as_planned: true")).doses[9]
    assert mark.window == (date(2026, 8, 1), date(2026, 8, 31))
    assert words(mark.when) == "August 2026 (day not known)"


def test_a_taken_back_dose_is_no_mark(tmp_path: Path) -> None:
    kept = "id: slip, date: 2026-08-20, kind: administration, as_planned: true"
    back = "date: 2026-08-21, kind: correction, withdraws: slip, reason: typed twice"
    assert date(2026, 8, 20) not in days(year_around(seen_of(tmp_path, kept, back)), *WERE_GIVEN)


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        (["kind: pause, date: 2026-07-20, until: 2026-08-20, reason: travel"], [(date(2026, 7, 20), date(2026, 8, 20), "pause")]),
        (["kind: hold, date: 2026-07-20, reason: operation"], [(date(2026, 7, 20), None, "on hold")]),
        (
            ["kind: hold, date: 2026-07-20, reason: operation", "kind: decision, decision: resume, date: 2026-08-03, by: Dr A, reason: done"],
            [(date(2026, 7, 20), date(2026, 8, 3), "on hold")],
        ),
        (["kind: decision, decision: stop, date: 2026-08-03, by: Dr A, reason: asked"], [(date(2026, 8, 3), None, "stopped")]),
    ],
    ids=["pause", "hold", "hold that ended", "stop"],
)  # fmt: skip
def test_what_lies_over_the_dates_lasts_until_the_fold_says(
    entries: list[str], told: list[object], tmp_path: Path
) -> None:
    found = year_around(seen_of(tmp_path, *entries)).stretches
    assert [(each.on, each.until, words(each.label)) for each in found] == told


def test_a_dose_that_is_late_is_still_open() -> None:
    seen = reviewing.review_of(open_case(RUNNING), date(2026, 11, 20), ahead=AHEAD)
    assert days(year_around(seen), OVERDUE) == [date(2026, 10, 9)]
    assert days(year_around(seen), NEXT) == []


@hazard("H145")
@pytest.mark.parametrize("on", [DAY, date(2026, 11, 20)], ids=["ahead", "late"])
def test_below_an_alarm_no_dose_stands_out(on: date, tmp_path: Path) -> None:
    seen = seen_of(tmp_path, f"date: {on}, kind: symptoms, red_flags: [facial_swelling]", on=on)
    year = year_around(seen)
    assert seen.outlook.emergency
    assert days(year, NEXT, OVERDUE) == []
    assert [(mark.state, words(mark.label)) for mark in year.events] == [(WARNING, "warning sign: facial swelling")]


def test_every_planned_day_of_the_year_is_a_line_of_the_review(tmp_path: Path) -> None:
    """Nothing is dated anew: whatever is ahead stands in the review, also where a dose comes every second day."""
    seen = seen_of(tmp_path, example="self-injecting.yaml")
    year = year_around(seen)
    lines = {item.on for item in seen.upcoming if item.kind == "dose"}
    ahead = days(year, *AHEAD_OF_TODAY)
    assert set(ahead) == {on for on in lines if on is not None and year.first <= on <= year.last}
    assert len(ahead) > 150


def test_a_check_that_was_done_stands_on_the_day_it_was_done(tmp_path: Path) -> None:
    seen = seen_of(
        tmp_path, "date: 2026-04-12, kind: decision, decision: reviewed, by: Dr A, answers: [REVIEW], finding: better"
    )
    assert [(mark.state, mark.on, mark.about) for mark in year_around(seen).checks] == [
        (DONE, date(2026, 4, 12), "2026-04-05")
    ]


def test_the_same_review_gives_the_same_year(tmp_path: Path) -> None:
    seen = seen_of(tmp_path)
    assert year_around(seen) == year_around(replace(seen))
