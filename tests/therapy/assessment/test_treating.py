"""The last step, and what leads an assessment: what stops treatment is said before what allows it."""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.assessment.assessment import Assessment, Step, assess
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import ALARMS, CALL_FIRST, CONTRAINDICATIONS
from cobalamin.therapy.proposal.proposal import propose
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
REST = "[bleeding_risk, nitrous_oxide, folic_acid, polycythaemia, kidney_disease]"
PA = "deficiency: confirmed, cause: pernicious_anaemia"
CALM = "neurological_involvement: absent, anaemia: none"
NERVES = "neurological_involvement: present, anaemia: none"
KNOWN = "optic_disease: none, allergy_cobalamin: absent, allergy_cobalt: absent"
MAINTAINED = "previous_treatment: maintenance"
INBORN = "deficiency: confirmed, cause: inborn_error"
HISTORY = "{date: 2025-12-20, kind: history, phase: maintenance, last_dose: %s, interval: 1 mo, substance: %s, asserted_by: letter}"
STOP = "{date: 2025-12-21, kind: decision, decision: stop, by: Dr A, reason: moved}"
B12 = "{date: 2026-01-03, kind: result, marker: serum_b12, value: %s ng/L}"


def case_of(library: Library, facts: str, *record: str, country: str = "GB", born: str = "1960-01-15") -> Case:
    text = f"cobalamin: 1\npatient: {{id: test, birth_date: {born}, sex: female, country: {country}}}\n"
    text += f"facts: {{{facts}, none_of: {REST}}}\n"
    text += "record:\n" + "".join(f"  - {entry}\n" for entry in record) if record else ""
    return read_case(text.encode(), "test.yaml", library)


def treat_of(found: Assessment) -> Step:
    return found.steps[-1]


@hazard("H109")
@pytest.mark.parametrize("facts", [NERVES, CALM, "neurological_involvement: absent, anaemia: severe"])
@pytest.mark.parametrize(
    "record", [(HISTORY % ("2022-06-01", "hydroxocobalamin"),), (HISTORY % ("2025-12-01", "hydroxocobalamin"), STOP)]
)
def test_a_treatment_that_ended_is_not_told_as_running(library: Library, facts: str, record: tuple[str, ...]) -> None:
    """Lapsed or stopped, the step follows the one rule by which a proposal offers loading again."""
    case = case_of(library, f"{PA}, {facts}, {KNOWN}, {MAINTAINED}, pregnancy: none", *record)
    found = assess(library, case, ON)
    step = treat_of(found)
    assert step.state != "done"
    assert "Treatment has ended" in english(step.text)
    assert found.leading == step
    [told] = [issue for issue in propose(library, case, ON).issues if issue.code == "PREVIOUS_TREATMENT"]
    assert english(told.text) in english(step.text)


def test_a_treatment_that_runs_and_works_is_done(library: Library) -> None:
    record = HISTORY % ("2025-12-15", "hydroxocobalamin")
    found = assess(library, case_of(library, f"{PA}, {CALM}, {KNOWN}, {MAINTAINED}, pregnancy: none", record), ON)
    assert (treat_of(found).state, found.leading) == ("done", None)


@hazard("H109")
@pytest.mark.parametrize(
    ("facts", "substance", "born"),
    [
        (f"{INBORN}, inborn_error_kind: cblc, {CALM}, {KNOWN}", "cyanocobalamin", "2025-11-01"),
        (f"{INBORN}, {CALM}, {KNOWN}", "cyanocobalamin", "2025-11-01"),
        (
            f"{PA}, {CALM}, optic_disease: leber_hereditary_optic_neuropathy, allergy_cobalamin: absent",
            "cyanocobalamin",
            "1960-01-15",
        ),
        (
            f"{PA}, {CALM}, {KNOWN.replace('allergy_cobalamin: absent', 'allergy_cobalamin: present')}",
            "hydroxocobalamin",
            "1960-01-15",
        ),
    ],
    ids=["cblC", "an inborn error of unknown kind", "Leber", "an allergy"],
)
def test_what_is_forbidden_does_not_go_on(library: Library, facts: str, substance: str, born: str) -> None:
    case = case_of(library, f"{facts}, {MAINTAINED}, pregnancy: none", HISTORY % ("2025-12-15", substance), born=born)
    proposal, found = propose(library, case, ON), assess(library, case, ON)
    assert proposal.goes_on == ""
    assert not any(option.begins_anew for option in proposal.options)
    [told] = [issue for issue in proposal.issues if issue.code == "PREVIOUS_TREATMENT"]
    assert (told.label, "Go on" in english(told.action)) == ("urgent", False)
    assert found.leading == treat_of(found)
    assert english(told.text) in english(treat_of(found).text)


def test_the_substance_that_is_right_goes_on(library: Library) -> None:
    facts = f"{INBORN}, inborn_error_kind: cblc, {CALM}, {KNOWN}, {MAINTAINED}"
    case = case_of(library, facts, HISTORY % ("2025-12-15", "hydroxocobalamin"), born="2025-11-01")
    assert "hydroxocobalamin" in english(propose(library, case, ON).goes_on)


STOPPED_BY = (
    ("ALLERGY_COBALAMIN", f"{PA}, {NERVES}, allergy_cobalamin: present, previous_treatment: none", "Do not plan a cobalamin"),
    ("ALLERGY_COBALAMIN", f"{PA}, {CALM}, allergy_cobalamin: present, previous_treatment: none", "Do not plan a cobalamin"),
    ("METABOLIC_CENTRE", f"{INBORN}, inborn_error_kind: cblc, {CALM}, previous_treatment: none", "Call a metabolic centre today"),
    ("PREGNANCY_URGENT_ADVICE", f"deficiency: suspected, {CALM}, pregnancy: pregnant, previous_treatment: none", "urgent haematology advice today"),
    ("PREGNANCY_URGENT_ADVICE", "deficiency: suspected, anaemia: severe, neurological_involvement: absent, pregnancy: pregnant", "urgent haematology advice today"),
)  # fmt: skip


@hazard("H109")
@pytest.mark.parametrize(("code", "facts", "first"), STOPPED_BY)
def test_what_stops_treatment_is_said_first(library: Library, code: str, facts: str, first: str) -> None:
    case = case_of(library, facts, born="1994-03-02")
    found = assess(library, case, ON)
    step = treat_of(found)
    assert code in [issue.code for issue in found.issues]
    assert english(step.text).startswith("First: ")
    assert first in english(step.text)
    assert "can be chosen" not in english(step.text)
    assert found.leading == step


@hazard("H109")
@pytest.mark.parametrize("facts", [facts for _, facts, _ in STOPPED_BY])
def test_what_leads_a_proposal_leads_an_assessment(library: Library, facts: str) -> None:
    case = case_of(library, facts, born="1994-03-02")
    leads = {*ALARMS, *CALL_FIRST, *CONTRAINDICATIONS}
    proposed = [issue for issue in propose(library, case, ON).issues if issue.code in leads and not issue.ask]
    assert proposed
    assert [issue for issue in assess(library, case, ON).issues if issue.code in leads and not issue.ask] == proposed


def test_nobody_is_told_to_start_what_an_allergy_forbids(library: Library) -> None:
    found = assess(library, case_of(library, STOPPED_BY[0][1]), ON)
    assert "do not wait" not in english(treat_of(found).text)
    assert "give no cobalamin until they have decided" in english(treat_of(found).text)


def test_another_substance_than_the_forbidden_one_can_be_chosen(library: Library) -> None:
    facts = f"{PA}, {CALM}, optic_disease: leber_hereditary_optic_neuropathy, previous_treatment: none"
    step = treat_of(assess(library, case_of(library, facts), ON))
    assert step.state == "suggested"
    assert "Choose hydroxocobalamin" in english(step.text)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (NERVES, "Ask for specialist advice today"),
        ("neurological_involvement: absent, anaemia: severe", "what else causes the anaemia"),
    ],
)
def test_what_is_urgent_is_not_done_by_an_exclusion(library: Library, facts: str, says: str) -> None:
    found = assess(
        library, case_of(library, f"deficiency: excluded, cause: not_found, {facts}, previous_treatment: none"), ON
    )
    step = treat_of(found)
    assert (step.state, found.leading) == ("missing", step)
    assert says in english(step.text)
    assert "prevent" not in english(step.text)


@pytest.mark.parametrize(
    ("recorded", "level", "state", "says"),
    [
        ("suspected", "500", "missing", "speaks against a deficiency"),
        ("suspected", "179", "suggested", "Treatment can be chosen"),
        ("indeterminate", "179", "suggested", "Record what they support"),
        ("indeterminate", "500", "missing", "speaks against a deficiency"),
        ("confirmed", "500", "missing", "Settle first"),
    ],
)
def test_treatment_follows_what_the_results_say(
    library: Library, recorded: str, level: str, state: str, says: str
) -> None:
    facts = f"deficiency: {recorded}, {CALM}, {KNOWN}, previous_treatment: none, pregnancy: none"
    step = treat_of(assess(library, case_of(library, facts, B12 % level), ON))
    assert step.state == state, english(step.text)
    assert says in english(step.text)


@hazard("H109")
@pytest.mark.parametrize(("given", "state"), [("cyanocobalamin", "missing"), ("hydroxocobalamin", "done")])
def test_a_plan_that_runs_with_a_forbidden_substance_is_not_done(library: Library, given: str, state: str) -> None:
    dose = f"{{date: 2025-12-03, kind: administration, substance: {given}, dose: 1 mg, route: im}}"
    text = (
        "cobalamin: 1\npatient: {id: test, birth_date: 1960-01-15, sex: male, country: US}\n"
        f"facts: {{deficiency: confirmed, cause: dietary, {CALM}, optic_disease: leber_hereditary_optic_neuropathy}}\n"
        "plan: {protocol: us-ped-pa, version: 1, start: 2025-11-03, policy: engineering-default, accepted_by: Dr A}\n"
        f"record:\n  - {dose}\n"
    )
    step = treat_of(assess(library, read_case(text.encode(), "test.yaml", library), ON))
    assert step.state == state, english(step.text)
    assert ("Choose hydroxocobalamin" in english(step.text)) == (state == "missing")
