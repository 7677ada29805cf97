"""A plan for somebody who is treated already: one answer in proposal, plan, acceptance and review (hazard H65)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cobalamin.app.services.accepting import NotAccepted, accept_plan
from cobalamin.app.services.planning import PlanOptions
from cobalamin.app.services.shipped import library as shipped
from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import ACKNOWLEDGE, NOTE, Issue
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import Plan, make_plan
from cobalamin.therapy.proposal.proposal import propose
from cobalamin.therapy.review.review import Review, review
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
FACTS = """cobalamin: 1
patient: {id: test, birth_date: 1970-03-02, sex: female, country: GB}
facts:
  deficiency: confirmed
  cause: pernicious_anaemia
  neurological_involvement: absent
  anaemia: none
  previous_treatment: maintenance
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
"""
WEEKLY = "record:\n  - {date: 2026-01-01, kind: history, phase: maintenance, substance: hydroxocobalamin, interval: 1 wk, last_dose: 2026-01-01}\n"
TOO_LITTLE = """record:
  - {date: 2026-01-01, kind: history, phase: maintenance, substance: cyanocobalamin, interval: 1 d, last_dose: 2026-01-01}
  - {date: 2026-01-01, kind: administration, substance: cyanocobalamin, dose: 50 ug, route: oral}
"""
WITH_NERVES = FACTS.replace("involvement: absent", "involvement: present")
OPTIONS = PlanOptions("uk-bnf-noneuro", ON, {"maintenance_interval": "3 mo"})
NERVES = PlanOptions("uk-bnf-neuro", ON, {})
REASON = {"PREVIOUS_TREATMENT": "it had been stopped"}


def case_of(text: str) -> Case:
    return read_case(text, "test", shipped())


def planned(library: Library, text: str, name: str = "uk-bnf-noneuro") -> Plan:
    choices = {"maintenance_interval": "3 mo"} if name == "uk-bnf-noneuro" else {}
    wanted = Request(library.protocol(name), ON, choices, library.default_policy)
    return make_plan(library, case_of(text), wanted, ON)


def about_treatment(plan: Plan) -> list[Issue]:
    return [issue for issue in plan.issues if issue.code == "PREVIOUS_TREATMENT"]


def doses(plan: Plan) -> list[tuple[date | None, str]]:
    return [(item.on, item.phase) for item in plan.items if item.kind == "dose"]


def next_dose(seen: Review) -> tuple[date | None, str]:
    return next((item.on, item.phase) for item in seen.upcoming if item.kind == "dose")


@hazard("H65")
def test_a_plan_goes_on_where_a_history_tells_the_last_dose(library: Library) -> None:
    plan = planned(library, FACTS + WEEKLY)
    assert doses(plan)[:2] == [(date(2026, 1, 8), "maintenance"), (date(2026, 1, 15), "maintenance")]
    assert {phase for _, phase in doses(plan)} == {"maintenance"}
    (issue,) = about_treatment(plan)
    assert issue.severity == NOTE
    assert "every week, as recorded" in english(issue.text)
    assert "Ask" not in english(issue.action)


@hazard("H65")
def test_what_is_printed_is_what_the_review_says(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(FACTS + WEEKLY, "utf-8")
    first = doses(accept_plan(path, OPTIONS, "me", {}, ON))[0]
    assert next_dose(review(library, case_of(path.read_text("utf-8")), ON)) == first


@hazard("H65")
def test_a_new_loading_asks_for_a_reason_and_says_how_to_take_over(library: Library, tmp_path: Path) -> None:
    (issue,) = about_treatment(planned(library, FACTS))
    assert issue.severity == ACKNOWLEDGE
    assert "runs already" in english(issue.text)
    assert "take-over CASE --protocol uk-bnf-noneuro --last-dose" in english(issue.action)
    path = tmp_path / "case.yaml"
    path.write_text(FACTS, "utf-8")
    with pytest.raises(NotAccepted, match="runs already"):
        accept_plan(path, OPTIONS, "me", {}, ON)
    assert path.read_text("utf-8") == FACTS


@hazard("H65")
@pytest.mark.parametrize(
    ("text", "options"),
    [(FACTS, OPTIONS), (FACTS + WEEKLY, OPTIONS), (WITH_NERVES + TOO_LITTLE, NERVES)],
)
def test_with_a_reason_loading_begins_in_plan_and_review(
    library: Library, tmp_path: Path, text: str, options: PlanOptions
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text, "utf-8")
    first = doses(accept_plan(path, options, "me", REASON, ON))[0]
    assert first == (ON, "load")
    seen = review(library, case_of(path.read_text("utf-8")), ON)
    assert next_dose(seen) == first
    asked = {question.code for question in seen.questions}
    assert not asked & {"HISTORY_NEEDED", "HISTORY_PHASE_UNKNOWN"}
    assert "PREVIOUS_TREATMENT" not in {issue.code for issue in seen.issues}


@hazard("H65")
@pytest.mark.parametrize("facts", [FACTS, WITH_NERVES, WITH_NERVES.replace("pernicious_anaemia", "dietary")])
def test_what_does_not_work_is_no_reason_against_loading(library: Library, facts: str) -> None:
    proposal = propose(library, case_of(facts + TOO_LITTLE), ON)
    first = proposal.options[0]
    assert first.begins_anew == ()
    assert proposal.goes_on == ""
    codes = [issue.code for issue in proposal.issues]
    if "dietary" not in facts:
        assert codes.index("ORAL_DOSE_LOW") < codes.index("PREVIOUS_TREATMENT")
    if facts is not FACTS:
        assert first.protocol.id == "uk-bnf-neuro"
        (issue,) = about_treatment(planned(library, facts + TOO_LITTLE, "uk-bnf-neuro"))
        assert issue.severity == ACKNOWLEDGE
        assert "does not work" in english(issue.text)


@hazard("H65")
def test_an_old_dose_by_mouth_says_nothing_of_injections_that_followed(library: Library) -> None:
    later = (
        "  - {date: 2026-01-03, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: intramuscular}\n"
    )
    proposal = propose(library, case_of(FACTS + TOO_LITTLE + later), ON)
    assert [phase.name for phase in proposal.options[0].begins_anew] == ["load"]


@hazard("H65")
def test_how_treatment_goes_on_is_told_with_dose_and_route_where_they_are_recorded(library: Library) -> None:
    given = (
        "  - {date: 2026-01-01, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: intramuscular}\n"
    )
    proposal = propose(library, case_of(FACTS + WEEKLY + given), ON)
    assert english(proposal.goes_on).startswith(
        "Goes on: hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, every week"
    )
    assert propose(library, case_of(FACTS), ON).goes_on == ""


@hazard("H65")
@pytest.mark.parametrize("name", ["us-stabler13-oral", "us-aafp-oral", "uk-bnf-noneuro"])
def test_every_plan_asks_whether_treatment_was_given_and_asserts_nothing(library: Library, name: str) -> None:
    text = FACTS.replace("  previous_treatment: maintenance\n", "")
    (issue,) = about_treatment(planned(library, text, name))
    assert issue.ask == ("previous_treatment",)
    assert english(issue.text).startswith("It is not recorded whether")
    assert "was given before." not in english(issue.text).split(".", 1)[1]
    known = text.replace("  anaemia: none\n", "  anaemia: none\n  previous_treatment: none\n")
    assert about_treatment(planned(library, known, name)) == []


@hazard("H65")
def test_somebody_on_injections_goes_on_with_injections_first(library: Library) -> None:
    text = FACTS.replace("country: GB", "country: US").replace("kidney_disease, ", "") + "  renal_impairment: present\n"
    case = case_of(text)
    given = "record:\n  - {date: 2025-12-20, kind: administration, substance: cyanocobalamin, dose: 1 mg, route: %s}\n"

    def first(route: str) -> str:
        phase = propose(library, case_of(text + given % route), ON).options[0].phases[-1]
        return phase.routes[0]

    assert propose(library, replace(case), ON).options[0].protocol.id == "us-cn-nasal"
    assert first("intramuscular") == "intramuscular"
    assert first("nasal") == "nasal"
