"""From a case to the doses of a simulation: every day once, nothing silently left out."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from simulated_cases import INJECTED, INJECTIONS, ON, TABLETS, TAKEN, codes, courses, days, told

from cobalamin.app.documents.simulate import remark_sentences
from cobalamin.app.services.simulation.doses import doses_of_case
from cobalamin.app.services.simulation.given import overlaps
from laws.records import PLANS, random_case

TO_TODAY, END = "2026-06-20", "2027-06-20"


def test_a_plan_of_tablets_runs_from_its_start_and_says_that_nobody_told_whether_they_were_taken(
    tmp_path: Path,
) -> None:
    found = told(tmp_path, TABLETS)
    assert courses(found) == [("2026-03-02", END, "1000", 1.0)]
    assert codes(found) == {"COURSE_AS_PLANNED"}


def test_a_course_that_is_over_was_in_the_body(tmp_path: Path) -> None:
    plan = TABLETS.replace("ca-bc-oral", "fr-cn-diet-oral")
    plan = plan.replace("maintenance_dose: 1000 mcg", "load_duration: 15 d, maintenance_option: weekly")
    found = told(tmp_path, plan)
    assert courses(found) == [("2026-03-02", "2026-03-16", "1000", 1.0)]
    assert days(found)[0] == TO_TODAY  # the first weekly dose is overdue, and taken as given today


def test_a_statement_and_the_plans_own_course_count_once(tmp_path: Path) -> None:
    found = told(tmp_path, TABLETS, f"date: 2026-04-01, kind: statement, taking: yes, {TAKEN}, from: 2026-03-02")
    assert [each[:2] for each in courses(found)] == [("2026-03-02", TO_TODAY), ("2026-06-21", END)]
    assert codes(found) == set()


def test_a_statement_of_another_dose_counts_instead_of_the_plan_on_its_days(tmp_path: Path) -> None:
    half = TAKEN.replace("1 mg", "500 mcg")
    found = told(tmp_path, TABLETS, f"date: 2026-04-01, kind: statement, taking: yes, {half}, until: 2026-05-01")
    assert courses(found) == [
        ("2026-03-02", "2026-03-31", "1000", 1.0), ("2026-04-01", "2026-05-01", "500", 1.0), ("2026-05-02", END, "1000", 1.0),
    ]  # fmt: skip


def test_a_statement_lasts_until_the_next_one_about_the_same(tmp_path: Path) -> None:
    found = told(
        tmp_path, "", f"date: 2026-02-01, kind: statement, taking: yes, {TAKEN}",
        f"date: 2026-04-01, kind: statement, taking: yes, {TAKEN.replace('1 mg', '2 mg')}",
        "date: 2026-04-15, kind: statement, taking: no, substance: mecobalamin, route: oral",
        "date: 2026-05-15, kind: statement, taking: no, route: oral",
    )  # fmt: skip
    assert courses(found) == [("2026-02-01", "2026-03-31", "1000", 1.0), ("2026-04-01", "2026-05-14", "2000", 1.0)]
    assert codes(found) == {"STATEMENT_DAILY"}


def test_what_was_not_taken_is_left_out_and_the_plan_goes_on_tomorrow(tmp_path: Path) -> None:
    found = told(
        tmp_path, TABLETS, f"date: 2026-04-01, kind: statement, taking: yes, {TAKEN}, from: 2026-03-02",
        f"date: 2026-05-01, kind: statement, taking: no, {TAKEN}",
    )  # fmt: skip
    assert [each[:2] for each in courses(found)] == [("2026-03-02", "2026-04-30"), ("2026-06-21", END)]
    assert codes(found) == {"NOT_TAKEN"}


def test_a_later_statement_about_the_same_days_counts(tmp_path: Path) -> None:
    found = told(
        tmp_path, TABLETS, f"date: 2026-04-01, kind: statement, taking: yes, {TAKEN}, from: 2026-03-02",
        f"date: 2026-05-01, kind: statement, taking: no, {TAKEN}, from: 2026-03-02",
    )  # fmt: skip
    assert [each[:2] for each in courses(found)] == [("2026-06-21", END)]
    assert codes(found) == {"STATEMENT_REPLACED", "NOT_TAKEN"}


def test_partly_is_every_second_dose_and_said(tmp_path: Path) -> None:
    found = told(tmp_path, TABLETS, "date: 2026-04-01, kind: statement, taking: partly, from: 2026-03-02")
    assert courses(found) == [("2026-03-02", TO_TODAY, "1000", 2.0), ("2026-06-21", END, "1000", 1.0)]
    assert codes(found) == {"STATEMENT_PARTLY"}


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("substance: hydroxocobalamin, dose: 1 mg, route: im", "STATEMENT_INJECTION"),
        ("substance: cyanocobalamin, route: oral", "STATEMENT_INCOMPLETE"),
        ("dose: 1 mg, route: oral", "STATEMENT_INCOMPLETE"),
        ("substance: cyanocobalamin, dose: 500 mcg, route: nasal", "STATEMENT_HOW_OFTEN"),
    ],
)
def test_a_statement_that_cannot_be_placed_is_left_out_and_said(tmp_path: Path, statement: str, code: str) -> None:
    found = told(tmp_path, "", f"date: 2026-04-01, kind: statement, taking: yes, {statement}")
    assert found.given == ()
    assert [(each.code, each.left_out) for each in found.remarks] == [(code, True)]
    assert "Left out" in remark_sentences(found.remarks)[0]


def test_tablets_stop_while_the_plan_is_paused_or_stopped(tmp_path: Path) -> None:
    found = told(tmp_path, TABLETS, "date: 2026-04-01, kind: pause, until: 2026-05-15")
    assert [each[:2] for each in courses(found)] == [("2026-03-02", "2026-03-31"), ("2026-05-16", END)]
    found = told(tmp_path, TABLETS, "date: 2026-04-01, kind: decision, decision: stop, by: Dr A, reason: over")
    assert [each[:2] for each in courses(found)] == [("2026-03-02", "2026-03-31")]
    assert "NOTHING_NEXT" in codes(found)


def test_a_single_dose_of_a_running_course_is_one_of_its_doses(tmp_path: Path) -> None:
    found = told(tmp_path, TABLETS, "date: 2026-04-01, kind: administration, as_planned: true")
    assert days(found) == []
    assert "DOSE_IN_COURSE" in codes(found)


def test_a_bridge_by_mouth_is_taken_and_the_injections_go_on_after_it(tmp_path: Path) -> None:
    first = "date: 2026-06-01, kind: administration, as_planned: true"
    found = told(tmp_path, INJECTIONS, first, f"date: 2026-06-10, kind: bridge, {TAKEN}, until: 2026-08-01")
    assert courses(found) == [("2026-06-10", "2026-08-01", "1000", 1.0)]
    assert days(found)[:3] == ["2026-06-01", "2026-08-02", "2026-08-04"]
    assert codes(found) == {"BRIDGE_DAILY", "COVERED"}


def test_a_bridge_from_before_the_plan_and_the_plan_count_once(tmp_path: Path) -> None:
    found = told(tmp_path, TABLETS, f"date: 2026-02-20, kind: bridge, {TAKEN}, until: 2026-04-10")
    assert [each[:2] for each in courses(found)] == [("2026-02-20", "2026-04-10"), ("2026-04-11", END)]


def test_a_hold_with_an_end_delays_and_one_without_leaves_nothing_ahead(tmp_path: Path) -> None:
    first = "date: 2026-06-01, kind: administration, as_planned: true"
    found = told(tmp_path, INJECTIONS, first, "date: 2026-06-10, kind: hold, until: 2026-07-01")
    assert days(found)[:2] == ["2026-06-01", "2026-07-02"]
    found = told(tmp_path, INJECTIONS, first, "date: 2026-06-10, kind: hold")
    assert days(found) == ["2026-06-01"]
    assert codes(found) == {"NOTHING_NEXT"}


def test_the_last_dose_of_earlier_treatment_is_in_the_body(tmp_path: Path) -> None:
    history = "date: 2026-06-01, kind: history, phase: maintenance, last_dose: {}, interval: 3 mo, asserted_by: letter"
    found = told(tmp_path, INJECTIONS, history.format("2026-04-20"), before="maintenance")
    assert days(found)[:2] == ["2026-04-20", "2026-07-20"]
    assert codes(found) == {"HISTORY"}
    found = told(tmp_path, INJECTIONS, history.format("2026-04"), before="maintenance")
    assert days(found)[0] == "2026-04-30"
    assert codes(found) == {"HISTORY", "HISTORY_MONTH"}
    found = told(tmp_path, INJECTIONS, history.format("unknown"), before="maintenance")
    assert days(found) == []
    assert codes(found) == {"HISTORY_NO_DAY", "NOTHING_NEXT"}


def test_counted_doses_of_a_history_and_recorded_ones_count_once(tmp_path: Path) -> None:
    history = "date: 2026-06-03, kind: history, phase: load, last_dose: 2026-06-02, doses: 3, asserted_by: the hospital"
    found = told(tmp_path, INJECTIONS, history, before="loading")
    assert days(found)[:3] == ["2026-05-28", "2026-05-31", "2026-06-02"]
    with_one = told(tmp_path, INJECTIONS, history, f"date: 2026-05-31, {INJECTED}", before="loading")
    assert days(with_one)[:3] == ["2026-05-28", "2026-05-31", "2026-06-02"]
    assert "HISTORY_COUNTED" in codes(found) & codes(with_one)


def test_a_history_without_a_plan_has_no_amount(tmp_path: Path) -> None:
    found = told(tmp_path, "", "date: 2026-06-01, kind: history, phase: maintenance, last_dose: 2026-04-20")
    assert (found.given, codes(found)) == ((), {"HISTORY_NO_DOSE"})


def test_a_dose_known_by_its_month_is_simulated_and_said(tmp_path: Path) -> None:
    found = told(tmp_path, "", f"date: 2026-04, {INJECTED}", f"date: 2026-05, {INJECTED}")
    assert days(found) == ["2026-04-30", "2026-05-31"]
    assert remark_sentences(found.remarks)[0].endswith("(30 Apr 2026, 31 May 2026).")
    assert len(remark_sentences(found.remarks)) == 1


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_recorded_no_day_of_a_course_counts_twice_and_every_remark_has_its_sentence(seed: int) -> None:
    case = random_case(seed, (*PLANS, ("ca-bc-oral", {"maintenance_dose": "1000 mcg"})), 20)
    start = case.plan.start if case.plan else ON
    for on in (start + timedelta(days=40), start + timedelta(days=400)):
        found = doses_of_case(case, on, on + timedelta(days=300))
        assert len(remark_sentences(found.remarks)) <= len(found.remarks)
        assert list(found.given) == sorted(found.given, key=lambda each: each.on)
        running = [each for each in found.given if each.until]
        for one, other in combinations(running, 2):
            same = (one.substance, one.route) == (other.substance, other.route)
            assert not (same and overlaps(one, other.on, other.last)), (one, other)
