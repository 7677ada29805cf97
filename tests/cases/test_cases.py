"""Every scenario of this folder: what `review` says of a case is what its file expects (README.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import in_process
from families import every_scenario, family, named_scenarios
from scenarios import Scenario, Unusable, mismatches, read_scenario

SCENARIOS = every_scenario()
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


@pytest.mark.parametrize(("name", "scenario"), [pytest.param(*each, id=each[0]) for each in SCENARIOS])
def test_the_review_says_what_the_scenario_expects(name: str, scenario: Scenario, tmp_path: Path) -> None:
    found = all_mismatches(scenario, tmp_path)
    assert not found, "\n".join([f"{name} ({scenario.why})", *found])


def test_the_case_parts_are_readable(tmp_path: Path) -> None:
    faults = []
    for name, scenario in SCENARIOS:
        case = tmp_path / f"{name.replace('/', '-')}.yaml"
        case.write_text(json.dumps(scenario.case), encoding="utf-8")
        if (run := in_process("check", case)).code:
            faults.append(f"{name}: {run.err or run.out}")
    assert faults == []


def test_no_worked_case_is_left_out() -> None:
    assert {int(name[:2]) for name, _ in named_scenarios("worked")} == set(range(1, 30))
    assert len(named_scenarios("boundaries")) >= 348


def test_no_two_scenarios_are_the_same() -> None:
    seen: dict[str, str] = {}
    twice = []
    for name, scenario in SCENARIOS:
        case = {**scenario.case, "patient": None}
        content = json.dumps([case, scenario.expect], sort_keys=True)
        twice += [f"{name} is {seen[content]} again"] if content in seen else []
        seen[content] = name
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


FAMILY = """
head:
  patient: {country: GB}
  plan: {protocol: uk-bnf-proph, version: 1, start: 2026-01-05}
  dose: {as_planned: true}
  record: [2026-01-05]
further_dose:
  first: [2026-01-05 credited on_time]
  table: |
    scenario | on         | credit | timing | flags | status | target     | why
    next     | 2026-04-05 | extra  | -      | none  | due    | 2026-07-05 | contract, section 5
scenarios:
  first:
    why: contract, section 5
    plan: {start: 2026-01-06, version: left_out}
    record: [{date: 2026-02-05, kind: omission, reason: declined}]
    expect: |
      on         | status | valid_until
      2026-02-06 | due    | -
  second:
    why: contract, section 4
    expect: [{on: 2026-01-05, evaluations: [2026-01-05 credited late LATE_AFTER_REVIEW]}]
"""


def family_of(text: str) -> dict[str, Scenario]:
    return dict(family(yaml.load(text, Loader=yaml.BaseLoader), "family.yaml"))


def test_a_family_says_once_what_its_scenarios_share() -> None:
    dose = {"date": "2026-01-05", "kind": "administration", "as_planned": "true"}
    plan = {"protocol": "uk-bnf-proph", "version": "1", "start": "2026-01-05"}
    found = family_of(FAMILY)
    assert found["first"].case == {
        "cobalamin": "1", "patient": {"id": "first", "country": "GB"}, "plan": {"protocol": "uk-bnf-proph", "start": "2026-01-06"},
        "record": [dose, {"date": "2026-02-05", "kind": "omission", "reason": "declined"}],
    }  # fmt: skip
    assert found["first"].expect == [{"on": "2026-02-06", "forecast": {"status": "due", "timeliness": "due"}}]
    assert (found["second"].case["plan"], found["second"].case["record"]) == (plan, [dose])
    assert found["second"].expect[0]["evaluations"] == [
        {"on": "2026-01-05", "credit": "credited", "timing": "late", "flags": ["LATE_AFTER_REVIEW"]}
    ]
    assert found["next"].case["record"] == [dose, dose | {"date": "2026-04-05"}]
    assert found["next"].expect == [
        {
            "on": "2026-04-05",
            "evaluations": [
                {"on": "2026-01-05", "credit": "credited", "timing": "on_time", "flags": []},
                {"on": "2026-04-05", "credit": "extra", "flags": []},
            ],
            "forecast": {"status": "due", "timeliness": "due", "target": "2026-07-05"},
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        pytest.param("  dose:", "  doses:", "head: unknown keys doses", id="a key of the head"),
        pytest.param("    record: [{", "    records: [{", "first: unknown keys records", id="a key of a scenario"),
        pytest.param("  dose: {as_planned: true}\n", "", "the head names no dose", id="a day without a dose"),
        pytest.param(
            "      2026-02-06 | due    | -", "      2026-02-06 | due", "has 2 columns, not 3", id="a short line"
        ),
        pytest.param("credited late LATE_AFTER_REVIEW", "credited", "a day, a credit, a timing", id="a dose cut short"),
        pytest.param("| valid_until", "| valid_untl", "unknown keys valid_untl", id="a heading that nobody reads"),
        pytest.param("    why: contract, section 4\n", "", "must cite", id="no why"),
    ],
)
def test_a_family_that_can_not_be_read_is_refused(before: str, after: str, message: str) -> None:
    assert before in FAMILY
    text = FAMILY.replace(before, after)
    with pytest.raises(Unusable, match=message):
        family_of(text.replace("2026-02-06 | due    | -", "2026-02-06 | due | x") if "untl" in after else text)


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
