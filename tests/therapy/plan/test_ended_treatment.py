"""A treatment that lapsed or was stopped runs no more, and nerve signs while one runs are a question (hazards H102, H103)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cobalamin.app.services.accepting import NotAccepted, accept_plan
from cobalamin.app.services.planning import PlanOptions
from cobalamin.app.services.shipped import library as shipped
from cobalamin.app.services.taking_over import Running, take_over
from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import ACKNOWLEDGE, Issue
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import Plan, make_plan
from cobalamin.therapy.proposal.proposal import Proposal, propose
from cobalamin.therapy.review.review import review
from english import english
from hazards import hazard

ON, START = date(2026, 1, 5), date(2026, 1, 6)
HEAD = """cobalamin: 1
patient: {id: test, birth_date: 1970-03-02, sex: female, country: %s}
facts:
  deficiency: confirmed
  cause: pernicious_anaemia
  neurological_involvement: %s
  anaemia: %s
  previous_treatment: maintenance
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
record:
  - {date: 2025-12-20, kind: history, phase: maintenance, last_dose: %s, interval: %s, substance: hydroxocobalamin}
"""
NEURO, PLAIN = "uk-bnf-neuro", "uk-bnf-noneuro"


def text_of(
    last: str, interval: str = "3 mo", nerves: str = "absent", anaemia: str = "mild", country: str = "GB"
) -> str:
    return HEAD % (country, nerves, anaemia, last, interval)


def case_of(text: str) -> Case:
    return read_case(text, "test", shipped())


def planned(library: Library, text: str, name: str, start: date = START) -> Plan:
    choices = {"maintenance_interval": "3 mo"} if name == PLAIN else {}
    return make_plan(
        library, case_of(text), Request(library.protocol(name), start, choices, library.default_policy), ON
    )


def about(answer: Plan | Proposal) -> Issue:
    (found,) = [issue for issue in answer.issues if issue.code == "PREVIOUS_TREATMENT"]
    return found


def first_dose(plan: Plan) -> tuple[date | None, str]:
    return next((item.on, item.phase) for item in plan.items if item.kind == "dose")


URGENT = [
    text_of("2022-06", nerves="present", anaemia="severe", country="IE"),
    text_of("2024-10", nerves="present", country="SE"),
    text_of("2024-10", anaemia="severe"),
    text_of("2025-12-15", nerves="present")
    + "  - {date: 2025-12-28, kind: decision, decision: stop, by: Dr A, reason: moved}\n",
]


@hazard("H102")
@pytest.mark.parametrize("text", URGENT)
def test_with_urgent_signs_an_ended_treatment_begins_again_with_loading(library: Library, text: str) -> None:
    proposal = propose(library, case_of(text), ON)
    codes = [issue.code for issue in proposal.issues]
    assert "URGENT_START" in codes
    assert proposal.goes_on == ""
    assert proposal.options[0].begins_anew == ()
    assert "has ended" in english(about(proposal).text)
    assert "goes on" not in f"{english(about(proposal).text)} {english(about(proposal).plain)}".lower()
    name = NEURO if "involvement: present" in text else PLAIN
    plan = planned(library, text, name)
    assert first_dose(plan) == (START, "load")
    assert about(plan).severity == ACKNOWLEDGE


@hazard("H102")
def test_the_month_of_a_last_dose_is_never_told_as_a_day(library: Library) -> None:
    told = english(about(propose(library, case_of(URGENT[0]), ON)).text)
    assert "last dose June 2022" in told


@hazard("H102")
def test_without_urgent_signs_it_is_a_question_with_both_ways(library: Library) -> None:
    text = text_of("2024-10")
    proposal = propose(library, case_of(text), ON)
    assert "begun again with loading, or gone on with?" in english(about(proposal).text)
    assert [phase.name for phase in proposal.options[0].phases] == ["load", "maintenance"]
    assert proposal.options[0].begins_anew == ()
    issue = about(planned(library, text, PLAIN))
    assert issue.severity == ACKNOWLEDGE
    assert f"take-over CASE --protocol {PLAIN}" in english(issue.action)


@hazard("H102")
@pytest.mark.parametrize(
    ("last", "interval", "runs"),
    [
        ("2025-07-05", "3 mo", True),  # 92 days between doses: looked at again 6 months after the last one
        ("2025-07-04", "3 mo", False),
        ("2025-10-05", "1 wk", True),  # never before 3 months after the last dose
        ("2025-10-04", "1 wk", False),
    ],
)
def test_treatment_ends_when_the_contract_says(library: Library, last: str, interval: str, runs: bool) -> None:
    proposal = propose(library, case_of(text_of(last, interval)), ON)
    assert bool(proposal.goes_on) is runs
    assert ("has ended" in english(about(proposal).text)) is not runs


@hazard("H102")
@pytest.mark.parametrize(
    "entry", ["administration, substance: hydroxocobalamin, dose: 1 mg, route: im", "statement, taking: yes"]
)
def test_what_was_given_after_the_history_keeps_it_running(library: Library, entry: str) -> None:
    later = f"  - {{date: 2025-12-01, kind: {entry}, source: reported}}\n"
    assert propose(library, case_of(text_of("2024-10") + later), ON).goes_on
    ended = later + "  - {date: 2025-12-02, kind: decision, decision: stop, by: Dr A, reason: moved}\n"
    assert not propose(library, case_of(text_of("2024-10") + ended), ON).goes_on
    begun = ended + "  - {date: 2025-12-03, kind: decision, decision: resume, by: Dr A, reason: back}\n"
    assert propose(library, case_of(text_of("2024-10") + begun), ON).goes_on


@hazard("H102")
@pytest.mark.parametrize(
    "last", ["2025-12-19", "2025-12-15", "2025-10-01", "2025-08-01", "2025-07", "2024-10", "2022-06"]
)
@pytest.mark.parametrize("nerves", ["absent", "present"])
@pytest.mark.parametrize("interval", ["1 wk", "1 mo", "3 mo", "6 mo"])
@pytest.mark.parametrize("name", [NEURO, PLAIN, "us-aafp-oral", "us-cn-nasal", "uk-ng239-oral"])
def test_nothing_of_a_plan_lies_before_its_start(
    library: Library, last: str, nerves: str, interval: str, name: str
) -> None:
    for phase in ("maintenance", "loading"):
        text = text_of(last, interval, nerves, "severe").replace("phase: maintenance", f"phase: {phase}")
        plan = planned(library, text, name)
        days = [day for item in plan.items for day in (item.on, item.due_through) if day]
        assert min(days, default=START) >= START


@hazard("H102")
def test_a_dose_that_was_due_before_the_plan_is_due_on_its_first_day(library: Library) -> None:
    assert first_dose(planned(library, text_of("2025-10-01"), PLAIN)) == (START, "maintenance")


@hazard("H103")
@pytest.mark.parametrize("response", ["", "  symptoms_response: worse_or_new\n"])
def test_nerve_signs_on_treatment_are_asked_about_and_nothing_simply_goes_on(library: Library, response: str) -> None:
    nerves = "absent" if response else "present"
    text = text_of("2025-12-15", nerves=nerves).replace("record:", f"{response}record:")
    proposal = propose(library, case_of(text), ON)
    issue = about(proposal)
    assert "since when?" in english(issue.text)
    assert "goes on" not in f"{english(issue.text)} {english(issue.plain)}".lower()
    assert proposal.goes_on == ""
    assert proposal.options[0].begins_anew == ()
    if not response:
        codes = [each.code for each in proposal.issues]
        assert codes.index("URGENT_START") < codes.index("PREVIOUS_TREATMENT")


@hazard("H103")
@pytest.mark.parametrize("acknowledged", [{}, {"PREVIOUS_TREATMENT": "the signs are old"}])
def test_with_nerve_signs_the_interval_of_the_protocol_governs(
    library: Library, tmp_path: Path, acknowledged: dict[str, str]
) -> None:
    text = text_of("2025-12-15", nerves="present")
    plan = planned(library, text, NEURO)
    doses = [item for item in plan.items if item.kind == "dose"]
    assert first_dose(plan) == (START, "load")  # nobody has decided to go on (hazard H112)
    assert not any(item.own_interval for item in doses)
    path = tmp_path / "case.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(NotAccepted, match="since when"):
        accept_plan(path, PlanOptions(NEURO, START, {}), "me", {}, ON)
    take_over(path, Running(NEURO, "2025-12-15", "me"), acknowledged, ON, confirmed=True)
    seen = review(library, case_of(path.read_text("utf-8")), ON)
    assert next(item.on for item in seen.upcoming if item.kind == "dose") == date(2026, 2, 15)


@hazard("H112")
def test_with_severe_anaemia_on_maintenance_a_plan_with_loading_begins_at_the_start_chosen(library: Library) -> None:
    assert first_dose(planned(library, text_of("2025-12-15", anaemia="severe"), PLAIN)) == (START, "load")
    assert first_dose(planned(library, text_of("2025-12-15"), PLAIN)) == (date(2026, 3, 15), "maintenance")


@hazard("H103")
def test_an_interval_that_was_decided_still_governs(library: Library) -> None:
    text = text_of("2025-12-15", nerves="present").replace("hydroxocobalamin}", "hydroxocobalamin, written_with: plan}")
    assert first_dose(planned(library, text, NEURO)) == (date(2026, 3, 15), "maintenance")
