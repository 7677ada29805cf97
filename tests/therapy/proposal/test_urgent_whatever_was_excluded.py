"""What is urgent is told whatever was called excluded, and results on file are asked about (hazards H104, H105)."""

from __future__ import annotations

from datetime import date

import pytest
from proposals import written

from cobalamin.app.services.leading import leading
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.issues import Issue, alarms_among
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import Plan, make_plan
from cobalamin.therapy.proposal.proposal import Proposal, propose
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
NONE_OF = "none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, pregnancy, folic_acid, polycythaemia]"
EXCLUDED = f"deficiency: excluded, anaemia: none, previous_treatment: none, {NONE_OF}"
ANAEMIA = f"deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: none, {NONE_OF}"
MMA = "{date: 2026-01-03, kind: result, marker: mma, value: 45 umol/L, reference_range: 0-0.4 umol/L}"
HOMOCYSTEINE = "{date: 2026-01-03, kind: result, marker: homocysteine, value: 120 umol/L, reference_range: 5-10 umol/L}"
LOW_B12 = "{date: 2026-01-03, kind: result, marker: serum_b12, value: 90 ng/L, reference_range: 180-900 ng/L}"
PLATELETS = "{date: 2026-01-03, kind: result, marker: platelets, value: %s 10^9/L, reference_range: 150-400 10^9/L}"
HAEMOGLOBIN = "{date: 2026-01-03, kind: result, marker: haemoglobin, value: 45 g/L, reference_range: 130-170 g/L}"
LOOKED = "{date: 2026-01-04, kind: decision, decision: reviewed, by: Dr A, answers: [FACT_CONTRADICTED], finding: seen}"


def offered(library: Library, facts: str, *record: str, born: str = "1970-03-02", country: str = "GB") -> Proposal:
    return propose(library, written(library, country, born, facts, *record), ON)


def planned(library: Library, name: str, facts: str, *record: str, born: str = "1970-03-02") -> Plan:
    case = written(library, "GB", born, facts, *record)
    choices = {"maintenance_interval": "3 mo"} if name == "uk-bnf-noneuro" else {}
    return make_plan(library, case, Request(library.protocol(name), ON, choices, library.default_policy), ON)


def of_code(issues: tuple[Issue, ...], code: str) -> list[Issue]:
    return [issue for issue in issues if issue.code == code]


@hazard("H104")
@pytest.mark.parametrize("deficiency", ["confirmed", "suspected", "indeterminate", "excluded", "unknown"])
@pytest.mark.parametrize("cause", ["nitrous_oxide", "not_found", "dietary", "total_gastrectomy"])
@pytest.mark.parametrize("country", ["GB", "US", "BR"])
def test_nerve_signs_are_urgent_whatever_is_recorded_of_the_deficiency(
    library: Library, deficiency: str, cause: str, country: str
) -> None:
    facts = f"deficiency: {deficiency}, cause: {cause}, neurological_involvement: present, anaemia: none, previous_treatment: none, {NONE_OF}"
    answer = offered(library, facts, country=country)
    assert len(of_code(answer.issues, "URGENT_START")) == 1
    assert [need.fact for need in answer.needs][:1] != ["vegan"]
    if deficiency == "excluded":
        assert "vegan" not in {need.fact for need in answer.needs}
        (urgent,) = of_code(answer.issues, "URGENT_START")
        assert "homocysteine or MMA" in english(urgent.action)
        assert "start" not in english(urgent.action)


@hazard("H104")
def test_without_nerve_signs_prevention_is_still_asked_about(library: Library) -> None:
    facts = f"{EXCLUDED}, cause: not_found, neurological_involvement: absent"
    answer = offered(library, facts)
    assert "vegan" in {need.fact for need in answer.needs}
    assert of_code(answer.issues, "URGENT_START") == []


@hazard("H104")
@pytest.mark.parametrize("record", [(MMA,), (HOMOCYSTEINE,), (MMA, HOMOCYSTEINE)])
@pytest.mark.parametrize("deficiency", ["excluded", "suspected", "indeterminate"])
def test_an_infant_with_raised_metabolites_leads_to_the_metabolic_centre_and_the_mother(
    library: Library, deficiency: str, record: tuple[str, ...]
) -> None:
    facts = f"deficiency: {deficiency}, cause: not_found, neurological_involvement: present, anaemia: mild, {NONE_OF}"
    answer = offered(library, facts, *record, born="2025-11-20")
    assert [issue.code for issue in answer.issues if issue.code.startswith("METABOLIC")] == ["METABOLIC_CENTRE"]
    codes = [issue.code for issue in answer.issues if not issue.is_alarm]
    assert codes[0] == "METABOLIC_CENTRE"
    assert len(of_code(answer.issues, "INFANT_AND_MOTHER")) == 1
    assert {"URGENT_START", "INFANT_AND_MOTHER"} <= set(codes)
    if deficiency == "excluded":
        assert leading(answer.issues, False, answer.library.own_words)[0].action.startswith(
            "Call a metabolic centre today"
        )


@hazard("H104")
def test_metabolites_of_an_adult_or_within_the_range_lead_to_no_metabolic_centre(library: Library) -> None:
    facts = f"{EXCLUDED}, cause: not_found, neurological_involvement: absent"
    assert of_code(offered(library, facts, MMA).issues, "METABOLIC_CENTRE") == []
    within = MMA.replace("45 umol", "0.3 umol")
    assert of_code(offered(library, facts, within, born="2025-11-20").issues, "METABOLIC_CENTRE") == []


@hazard("H104")
@pytest.mark.parametrize("kind", ["cbla", "cblb", "cblc", "cbld_combined", "cblf", "cbs", "other"])
@pytest.mark.parametrize("born", ["2025-10-01", "2022-10-01", "1995-10-01"])
@pytest.mark.parametrize("country", ["GB", "BR"])
def test_a_text_not_written_for_an_inborn_error_says_so_at_every_age(
    library: Library, kind: str, born: str, country: str
) -> None:
    facts = f"deficiency: confirmed, cause: inborn_error, inborn_error_kind: {kind}, neurological_involvement: present, anaemia: mild, weight: 14 kg, previous_treatment: none, {NONE_OF}"
    answer = offered(library, facts, born=born, country=country)
    assert next(issue for issue in answer.issues if not issue.is_alarm).code == "METABOLIC_CENTRE"
    for option in answer.options:
        reserved = [issue for issue in option.precautions if "not written for inborn errors" in english(issue.text)]
        assert bool(reserved) is not option.for_the_cause
    ordinary = planned(library, "uk-bnf-neuro", facts, born=born)
    (reserved,) = [issue for issue in ordinary.issues if "not written for inborn errors" in english(issue.text)]
    assert (reserved.code, reserved.severity) == ("POPULATION_NOT_COVERED", "acknowledge")


@hazard("H105")
@pytest.mark.parametrize("record", [(LOW_B12,), (MMA,), (HOMOCYSTEINE,), (LOW_B12, MMA)])
def test_a_result_against_an_excluded_deficiency_is_asked_about_in_proposal_and_plan(
    library: Library, record: tuple[str, ...]
) -> None:
    facts = f"{EXCLUDED}, cause: total_gastrectomy, neurological_involvement: absent"
    answer = offered(library, facts, *record)
    (issue,) = of_code(answer.issues, "FACT_CONTRADICTED")
    assert issue in alarms_among(answer.issues)
    assert "deficiency as excluded" in english(issue.text)
    assert english(issue.text).count("range") == len(record)
    plan = planned(library, "uk-bnf-proph", facts, *record)
    assert of_code(plan.issues, "FACT_CONTRADICTED") == [issue]
    assert of_code(offered(library, facts, *record, LOOKED).issues, "FACT_CONTRADICTED") == []
    for other in ("suspected", "confirmed", "unknown"):
        told = offered(library, facts.replace("excluded", other), *record)
        assert of_code(told.issues, "FACT_CONTRADICTED") == []


@hazard("H105")
@pytest.mark.parametrize(
    ("count", "severity"), [("18", "acknowledge"), ("49", "acknowledge"), ("50", "note"), ("140", "note")]
)
def test_few_platelets_ask_about_bleeding_before_an_injection_into_a_muscle(
    library: Library, count: str, severity: str
) -> None:
    facts = f"{ANAEMIA}, anaemia: none"
    answer = offered(library, facts, PLATELETS % count)
    option = next(each for each in answer.options if each.protocol.id == "uk-bnf-noneuro")
    (issue,) = of_code(option.precautions, "BLEEDING_RISK_IM")
    assert (issue.severity, bool(issue.ask)) == (severity, severity == "note")
    assert f"Platelets {count} 10*9/L" in english(issue.text)
    plan = planned(library, "uk-bnf-noneuro", facts, PLATELETS % count)
    assert [english(each.text) for each in of_code(plan.issues, "BLEEDING_RISK_IM")] == [english(issue.text)]
    by_mouth = next(each for each in answer.options if each.protocol.id == "us-aafp-oral")
    assert of_code(by_mouth.precautions, "BLEEDING_RISK_IM") == []
    answered = offered(library, facts, PLATELETS % count, LOOKED)
    assert all(not of_code(each.precautions, "BLEEDING_RISK_IM") for each in answered.options)


@hazard("H105")
@pytest.mark.parametrize("anaemia", ["anaemia: none", ""])
def test_a_low_haemoglobin_asks_for_severe_anaemia_in_the_place_of_alarms(library: Library, anaemia: str) -> None:
    answer = offered(library, ", ".join(filter(None, (ANAEMIA, anaemia))), HAEMOGLOBIN)
    (lead,) = leading(answer.issues, False, answer.library.own_words)
    assert lead.mark == ("DOES NOT FIT" if anaemia else "ASK NOW")
    assert lead.action.startswith("Ask now whether the anaemia is severe. If it is, it is urgent")
    assert "Haemoglobin 45 g/L" in lead.text


@hazard("H105")
def test_what_may_be_urgent_is_asked_before_what_is_not(library: Library) -> None:
    egfr = (
        "{date: 2026-01-03, kind: result, marker: egfr, value: 12 mL/min/1.73m2, reference_range: 60-120 mL/min/1.73m2}"
    )
    facts = f"{ANAEMIA}, anaemia: none"
    answer = offered(library, facts, egfr, PLATELETS % 18, HAEMOGLOBIN)
    told = [lead.text for lead in leading(answer.issues, False, answer.library.own_words)]
    assert ["Haemoglobin" in told[0], "Platelets" in told[1], "filtration" in told[2]] == [True] * 3
