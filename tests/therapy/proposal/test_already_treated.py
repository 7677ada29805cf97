"""Somebody already on treatment: what works goes on, loading is not begun again, and a dose that can't work is named."""

from __future__ import annotations

from datetime import date

import pytest
from proposals import written

from cobalamin.knowledge.library import Library
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import make_plan
from cobalamin.therapy.proposal.proposal import Proposal, propose
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
NONE_OF = "none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
PERNICIOUS = f"deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: none, absorption: impaired, {NONE_OF}"
TABLETS = "{date: 2025-12-20, kind: statement, taking: yes, substance: cyanocobalamin, dose: 50 mcg, route: oral, source: self}"


def offered(library: Library, *facts: str, record: tuple[str, ...] = ()) -> Proposal:
    return propose(library, written(library, "GB", "1970-03-02", ", ".join((PERNICIOUS, *facts)), *record), ON)


@hazard("H65")
@pytest.mark.parametrize("stage", ["loading", "maintenance"])
def test_what_works_goes_on_is_the_first_thing_told(library: Library, stage: str) -> None:
    first = offered(library, f"previous_treatment: {stage}").issues[0]
    assert first.code == "PREVIOUS_TREATMENT"
    assert "last dose" in english(first.action)
    assert "interval" in english(first.action)
    assert "goes on" in english(first.plain)


@hazard("H65")
def test_maintenance_goes_on_without_a_second_loading(library: Library) -> None:
    option = offered(library, "previous_treatment: maintenance").options[0]
    assert option.protocol.id == "uk-bnf-noneuro"
    assert [phase.name for phase in option.begins_anew] == ["load"]
    assert [phase.name for phase in option.phases] == ["load", "maintenance"]
    for stage in ("none", "loading"):
        assert offered(library, f"previous_treatment: {stage}").options[0].begins_anew == ()


@hazard("H65")
def test_earlier_treatment_is_asked_before_every_plan(library: Library) -> None:
    proposal = offered(library)
    assert proposal.options
    (need,) = proposal.needs
    assert need.fact == "previous_treatment"
    assert need.changes[0] == proposal.options[0].protocol.id
    assert "previous_treatment" not in {each.fact for each in offered(library, "previous_treatment: none").needs}
    assert "previous_treatment" not in {each.fact for each in offered(library, "previous_treatment: unknown").needs}


@hazard("H65")
@pytest.mark.parametrize(
    ("known", "told"),
    [
        ("", "not recorded whether"),
        ("previous_treatment: loading", "given before"),
        ("previous_treatment: maintenance", "runs already"),
        ("previous_treatment: none", ""),
    ],
)
def test_a_plan_that_begins_with_loading_says_it(library: Library, known: str, told: str) -> None:
    case = written(library, "GB", "1970-03-02", ", ".join(filter(None, (PERNICIOUS, known))))
    wanted = Request(library.protocol("uk-bnf-noneuro"), ON, {"maintenance_interval": "3 mo"}, library.default_policy)
    found = [issue for issue in make_plan(library, case, wanted, ON).issues if issue.code == "PREVIOUS_TREATMENT"]
    assert [told in english(issue.text) for issue in found] == [True] * bool(told)
    assert [issue.ask for issue in found] == ([] if not told else [("previous_treatment",)] if not known else [()])


@hazard("H65")
def test_a_dose_by_mouth_that_cannot_work_in_malabsorption_is_named_with_its_source(library: Library) -> None:
    (found,) = [
        issue
        for issue in offered(library, "previous_treatment: maintenance", record=(TABLETS,)).issues
        if issue.code == "ORAL_DOSE_LOW"
    ]
    assert "50 micrograms" in english(found.text)
    assert "1 mg (1,000 micrograms)" in english(found.text) or "1,000 micrograms" in english(found.text)
    assert [cite.source for cite in found.cites] == ["bmj-nice24"]


@pytest.mark.parametrize(
    ("entry", "facts"),
    [
        (TABLETS.replace("50 mcg", "1 mg"), PERNICIOUS),
        (TABLETS.replace("taking: yes", "taking: no"), PERNICIOUS),
        (TABLETS.replace("oral", "im"), PERNICIOUS),
        (TABLETS, PERNICIOUS.replace("pernicious_anaemia", "dietary").replace("impaired", "normal")),
    ],
)
def test_other_doses_are_not(library: Library, entry: str, facts: str) -> None:
    answer = propose(
        library, written(library, "GB", "1970-03-02", f"{facts}, previous_treatment: maintenance", entry), ON
    )
    assert "ORAL_DOSE_LOW" not in {issue.code for issue in answer.issues}
