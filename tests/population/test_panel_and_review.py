"""The panel says of each person what `review` says: status by status, date by date, count by count."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import duckdb
import pytest
from families import every_scenario

from hazards import hazard
from population.case_rows import NotInTables, rows_of
from population.random_people import a_person
from population.registers import LONG, ON, REVIEWS, Row, Rows, build_panel, differences, panel_of, read_tables, write

PLAN = {"protocol": "uk-bnf-noneuro", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}


def dose(who: str, on: str = "2026-01-05", **told: str) -> Row:
    given = {} if "as_planned" in told else {"substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}
    return {"patient_id": who, "date": on, **given, **told}


def decision(who: str, on: str, word: str, **told: str) -> Row:
    return {"patient_id": who, "date": on, "decision": word, "by": "Dr A", "reason": "decided", **told}


def no_difference(rows: Rows, folder: Path, on: date = ON) -> dict[str, dict[str, object]]:
    """The panel of these rows, which says what `review` says."""
    build_panel(write(folder / "register", rows), folder / "panel", on, months=0)
    assert differences(rows, folder / "panel", on) == []
    return panel_of(folder / "panel")


def test_the_generated_register_is_told_as_review_tells_it(generated: Path, plain: Path) -> None:
    rows = read_tables(generated, REVIEWS)
    assert len(rows.patient) == REVIEWS
    assert differences(rows, plain) == []


def test_people_whose_rows_collide_are_told_as_review_tells_them(tmp_path: Path) -> None:
    rows = Rows()
    for seed in range(40_000 if LONG else 2_500):
        rows.add(a_person(seed))
    panel = no_difference(rows, tmp_path)
    assert len({row["status"] for row in panel.values()}) >= 11
    assert {row["decision"] for row in rows.decision} >= {"plan", "history", "credit", "reject", "bridge", "hold"}


# -- the hand-made scenarios ---------------------------------------------------------------------------------------------


def month_after(days: set[str]) -> set[str]:
    """One day on which everything has happened that a case expects; the same for many cases, as each day needs a panel."""
    if not days:
        return set()
    last = date.fromisoformat(max(days))
    return {str(date(last.year + last.month // 12, last.month % 12 + 1, 28))}


def scenarios_by_day() -> tuple[dict[str, Rows], Counter[str]]:
    """Every case that the tables can hold, on a day on which its file expects something; why the others can't be held."""
    found = dict(every_scenario())
    expected = {name: {told["on"] for told in one.expect if "as_recorded" not in told} for name, one in found.items()}
    days = expected if LONG else {name: month_after(told) for name, told in expected.items()}
    by_day: dict[str, Rows] = defaultdict(Rows)
    left_out: Counter[str] = Counter()
    for name, one in found.items():
        try:
            rows = rows_of(one.case, name.partition("/")[2])
        except NotInTables as reason:
            left_out[str(reason)] += 1
            continue
        for day in days[name]:
            by_day[day].add(rows)
    return by_day, left_out


def test_the_scenarios_are_told_as_review_tells_them(tmp_path: Path) -> None:
    by_day, left_out = scenarios_by_day()
    assert len(every_scenario()) - sum(left_out.values()) >= 340, left_out
    different, aside = [], set()
    for day, rows in by_day.items():
        on, folder = date.fromisoformat(day), tmp_path / day
        build_panel(write(folder / "register", rows), folder / "panel", on, months=0)
        different += [f"{day}: {line}" for line in differences(rows, folder / "panel", on)]
        aside |= set(duckdb.sql(f"SELECT reason FROM '{folder}/panel/set_aside.parquet'").fetchall())
    assert different == []
    assert aside <= {("the date is after the day of assessment",)}


# -- one thing at a time -------------------------------------------------------------------------------------------------


@hazard("H133")
def test_a_history_of_a_phase_that_the_plan_does_not_have_dates_nothing(tmp_path: Path) -> None:
    last = {"last_dose": "2025-12-01"}
    told = {"neither": [], "wrong": ["optic"], "known": ["maintenance"], "both": ["optic", "maintenance"]}
    rows = Rows(patient=[{"patient_id": who, **PLAN, "previous_treatment": "maintenance"} for who in told])
    rows.decision = [
        decision(who, "2026-01-05", "history", phase=phase, **last) for who, phases in told.items() for phase in phases
    ]
    panel = no_difference(rows, tmp_path)
    for who in ("neither", "wrong"):
        assert (panel[who]["status"], panel[who]["question"]) == ("data_required", "HISTORY_NEEDED")
        assert panel[who]["target"] is None
    assert {panel[who]["status"] for who in ("known", "both")} == {"review_needed"}


@hazard("H16")
def test_a_dose_400_days_or_40_years_ago_still_counts(tmp_path: Path) -> None:
    plan = {**PLAN, "choices": "maintenance_interval=2 mo"}
    starts = {"short": "2025-10-16", "long": "1986-11-20", "century": "1926-11-20"}
    rows = Rows(patient=[{"patient_id": who, **plan, "start": start} for who, start in starts.items()])
    rows.administration = [dose(who, start) for who, start in starts.items()]
    panel = no_difference(rows, tmp_path)
    for who, start in starts.items():
        assert str(panel[who]["last_dose"]) == start
        assert (panel[who]["credited"], panel[who]["status"], panel[who]["rows_set_aside"]) == (1, "review_needed", 0)


@pytest.mark.parametrize(
    "doses",
    [
        pytest.param([("0.5 mg", "this_site"), ("1 mg", "this_site")], id="the smaller first"),
        pytest.param([("1 mg", "other_site"), ("0.5 mg", "this_site")], id="this site first"),
        pytest.param([("", "this_site"), ("0.5 mg", "this_site")], id="as planned has the amount of the plan"),
        pytest.param([("", "this_site"), ("5 mg", "this_site")], id="as planned before a larger one"),
        pytest.param([("1 mg", "self"), ("1 mg", "reported"), ("1 mg", "other_site")], id="three sources"),
    ],
)
def test_doses_of_one_day_count_in_one_order(doses: list[tuple[str, str]], tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "a", **PLAN}])
    for number, (amount, source) in enumerate(doses):
        given = dose("a", dose=amount) if amount else dose("a", as_planned="true")
        rows.administration.append({**given, "source": source, "event_id": f"e{number}"})
    no_difference(rows, tmp_path)


def test_a_plan_that_comes_later_asks_for_the_earlier_treatment(tmp_path: Path) -> None:
    """Somebody in the register without a plan, of whom it is known that treatment was begun elsewhere."""
    plan = {"protocol": "uk-bnf-noneuro", "version": "1", "start": "2026-02-01", "choices": "maintenance_interval=3 mo"}
    rows = Rows(patient=[{"patient_id": "a", "previous_treatment": "loading"}])
    rows.decision = [{"patient_id": "a", "date": "2026-02-01", "decision": "plan", **plan}]
    rows.administration = [dose("a", "2026-02-01")]
    assert no_difference(rows, tmp_path)["a"]["question"] == "HISTORY_NEEDED"


@pytest.mark.parametrize("going_on", ["true", "false", ""])
def test_several_plans_one_after_the_other(going_on: str, tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "a", **PLAN}])
    plan = {"protocol": "uk-bnf-neuro", "version": "1", "continue": going_on}
    rows.decision = [
        decision("a", "2026-02-03", "plan", start="2026-02-03", **plan),
        decision("a", "2026-04-03", "plan", start="2026-04-10", **{**plan, "protocol": "ca-bc-oral"}),
    ]
    rows.administration = [dose("a", day) for day in ("2026-01-05", "2026-01-07", "2026-02-03", "2026-02-05")]
    assert no_difference(rows, tmp_path)["a"]["protocol"] == "ca-bc-oral"


@pytest.mark.parametrize("last", ["2025-12-01", "2026-01-05", "unknown"])
@pytest.mark.parametrize("phase", ["maintenance", "loading", "nowhere"])
def test_a_history_says_where_treatment_stands(phase: str, last: str, tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "a", **PLAN, "previous_treatment": "maintenance"}])
    rows.decision = [
        {"patient_id": "a", "date": "2026-01-05", "decision": "history", "phase": phase, "last_dose": last}
    ]
    rows.administration = [dose("a", day) for day in ("2025-12-01", "2026-01-05", "2026-03-01")]
    no_difference(rows, tmp_path)


def test_a_decision_about_a_dose_counts_for_that_dose_of_that_person(tmp_path: Path) -> None:
    """Two practices may number their events alike: a rejected dose of one person leaves another's as it is."""
    rows = Rows(patient=[{"patient_id": who, **PLAN} for who in ("a", "b", "c")])
    rows.administration = [dose(who, dose="1 mg", event_id="1") for who in ("a", "b")] + [dose("c", event_id="3")]
    rows.decision = [
        decision("a", "2026-01-06", "reject", event="1", event_id="2"),
        decision("b", "2026-01-06", "reject", event="3", event_id="4"),
    ]
    panel = no_difference(rows, tmp_path)
    assert [panel[who]["credited"] for who in ("a", "b", "c")] == [0, 1, 1]
    assert panel["b"]["rows_set_aside"] == 1


def test_what_was_learned_later_counts_and_what_was_not_yet_known_does_not(tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": who, **PLAN, "allergy_cobalamin": "absent"} for who in "abcd"])
    told = {"fact": "allergy_cobalamin", "value": "present"}
    rows.condition = [
        {"patient_id": "b", "date": "2026-02-01", **told},
        {"patient_id": "c", "date": "2026-11-21", **told},
        {"patient_id": "d", "date": "2026-02-01", **told},
        {"patient_id": "d", "date": "2026-02-01", **told, "value": "absent"},
    ]
    panel = no_difference(rows, tmp_path)
    assert [panel[who]["status"] == "contraindicated" for who in "abcd"] == [False, True, False, False]


def test_both_sides_of_every_age(tmp_path: Path) -> None:
    """Ages at which a rule changes its answer part people who else are alike."""
    births = [
        f"{2026 - years}-{day}" for years in (0, 1, 2, 5, 6, 12, 16, 18, 65) for day in ("11-19", "11-20", "11-21")
    ]
    births = [born for born in births if born <= "2026-11-20"]
    rows = Rows()
    for protocol in ("uk-bnfc-noneuro", "uk-bnf-noneuro", "fr-infant-oral", "us-ped-def"):
        for born in (*births, "2026-10-20", "2026-10-23", "2026-10-24", "unknown", ""):
            told = {"patient_id": f"{protocol} {born}", "birth_date": born, "protocol": protocol, "start": "2026-11-20"}
            rows.patient.append(told | ({"choices": PLAN["choices"]} if protocol == "uk-bnf-noneuro" else {}))
    no_difference(rows, tmp_path)


@pytest.mark.parametrize("kind", ["hold", "pause", "bridge"])
def test_what_lies_over_the_dates_with_and_without_an_end(kind: str, tmp_path: Path) -> None:
    ends = {
        "open": {},
        "over": {"until": "2026-03-01"},
        "today": {"until": str(ON)},
        "yesterday": {"until": "2026-11-19"},
    }
    rows = Rows(patient=[{"patient_id": who, **PLAN} for who in ends])
    for who, until in ends.items():
        rows.administration.append(dose(who))
        rows.decision.append({"patient_id": who, "date": "2026-02-01", "decision": kind, **until})
    panel = no_difference(rows, tmp_path)
    lying = {"hold": "on_hold", "pause": "paused", "bridge": "bridged"}[kind]
    assert [panel[who]["status"] == lying for who in ends] == [True, False, True, False]
    assert panel["open"]["until"] is None


def test_somebody_without_any_event_has_a_row(tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "a", **PLAN}, {"patient_id": "b"}])
    panel = no_difference(rows, tmp_path)
    assert (panel["a"]["number"], panel["b"]["status"]) == (1, "data_required")


def test_the_same_decision_written_down_twice_is_one(tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "a", **PLAN}])
    rows.decision = [decision("a", "2026-02-01", "waive", reason=reason) for reason in ("away", "ill", "away")]
    assert no_difference(rows, tmp_path)["a"]["number"] == 3
