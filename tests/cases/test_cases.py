"""Every scenario of this folder: what `review` says of a case is what its file expects (README.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import in_process
from scenarios import Scenario, Unusable, mismatches, read_scenario, scenario_of

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.yaml"))
USABLE = """why: contract, section 4
case: {cobalamin: 1, patient: {id: x}, record: [{date: 2026-01-05, kind: omission, reason: declined}]}
expect: [{on: 2026-01-05, forecast: {status: data_required}}]
"""


def review_of(case: Path, expectation: dict[str, Any]) -> dict[str, Any]:
    known = ("--as-recorded", expectation["as_recorded"]) if "as_recorded" in expectation else ()
    run = in_process("review", case, "--on", expectation["on"], *known, "--json")
    assert run.code == 0, f"review ended with {run.code}: {run.err or run.out}"
    document: dict[str, Any] = run.document
    return document


def all_mismatches(scenario: Scenario, folder: Path) -> list[str]:
    case = folder / "case.yaml"
    case.write_text(json.dumps(scenario.case), encoding="utf-8")  # JSON is YAML, and every scalar is text in both
    found: list[str] = []
    for expectation in scenario.expect:
        day = expectation["on"]
        if "as_recorded" in expectation:
            day += f" as recorded {expectation['as_recorded']}"
        found += [f"on {day}: {line}" for line in mismatches(expectation, review_of(case, expectation))]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_review_says_what_the_scenario_expects(file: Path, tmp_path: Path) -> None:
    scenario = scenario_of(file)
    found = all_mismatches(scenario, tmp_path)
    assert not found, "\n".join([f"{file.parent.name}/{file.name} ({scenario.why})", *found])


def test_the_case_parts_are_readable(tmp_path: Path) -> None:
    faults = []
    for file in FILES:
        case = tmp_path / f"{file.parent.name}-{file.stem}.yaml"
        case.write_text(json.dumps(scenario_of(file).case), encoding="utf-8")
        if (run := in_process("check", case)).code:
            faults.append(f"{file.name}: {run.err or run.out}")
    assert faults == []


def test_no_worked_case_is_left_out() -> None:
    assert {int(file.name[:2]) for file in (HERE / "worked").glob("*.yaml")} == set(range(1, 30))
    assert len(list((HERE / "boundaries").glob("*.yaml"))) >= 80


def test_no_two_scenarios_are_the_same() -> None:
    seen: dict[str, str] = {}
    twice = []
    for file in FILES:
        scenario = scenario_of(file)
        case = {**scenario.case, "patient": None}
        content = json.dumps([case, scenario.expect], sort_keys=True)
        twice += [f"{file.name} is {seen[content]} again"] if content in seen else []
        seen[content] = file.name
    assert twice == []


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        pytest.param(
            "record: [{date: 2026-01-05, kind: omission, reason: declined}]",
            "record: []",
            "no plan and no events",
            id="a case without plan and events",
        ),
        pytest.param(
            "expect: [{on: 2026-01-05, forecast: {status: data_required}}]", "expect: []", "nothing is", id="none"
        ),
        pytest.param(", forecast: {status: data_required}", "", "nothing beyond the day", id="only the day"),
        pytest.param("forecast: {status: data_required}", "forecast: {}", "not empty", id="an empty forecast"),
        pytest.param("forecast: {status: data_required}", "forcast: {status: due}", "forcast", id="an unknown key"),
        pytest.param("{status: data_required}", "{state: due}", "state", id="an unknown key in the forecast"),
        pytest.param("forecast: {status: data_required}", "evaluations: [{credits: extra}]", "credits", id="in a dose"),
        pytest.param("on: 2026-01-05, forecast", "forecast", "needs 'on'", id="no day"),
        pytest.param("why: contract, section 4", "reason: none", "exactly the keys", id="no why"),
        pytest.param("why: contract, section 4", "why: ''", "must cite", id="an empty why"),
    ],
)
def test_a_scenario_that_proves_nothing_is_refused(before: str, after: str, message: str) -> None:
    read_scenario(USABLE.encode(), "usable.yaml")
    assert before in USABLE
    with pytest.raises(Unusable, match=message):
        read_scenario(USABLE.replace(before, after).encode(), "changed.yaml")


def test_a_difference_is_told_with_path_expected_and_seen() -> None:
    review = {
        "evaluations": [{"on": "2026-01-05", "credit": "extra", "flags": ["DUPLICATE"]}],
        "forecast": {"status": "due", "number": 2, "target": None, "target_range": ["2026-01-01", "2026-01-31"]},
        "questions": [{"code": "GATE"}],
    }
    expected = yaml.load(
        """
        evaluations: [{on: 2026-01-05, credit: credited, flags: []}]
        forecast: {status: overdue, number: 2, target: absent, target_range: [2026-01-01, 2026-01-30], dose: {ug: 1}}
        no_questions: [GATE]
        """,
        Loader=yaml.BaseLoader,
    )
    assert mismatches(expected, review) == [
        "evaluations[0].credit: expected credited, seen extra",
        "evaluations[0] (2026-01-05).flags: expected [], seen ['DUPLICATE']",
        "forecast.status: expected overdue, seen due",
        "forecast.target_range[1]: expected 2026-01-30, seen 2026-01-31",
        "forecast.dose: expected {'ug': '1'}, seen absent",
        "no_questions: expected ['GATE'] not among them, seen ['GATE']",
    ]
