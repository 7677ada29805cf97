"""Whom to call and what to ask comes first: pregnancy, newborns, inborn errors (hazard H64)."""

from __future__ import annotations

from datetime import date

import pytest
from proposals import written

from cobalamin.knowledge.library import Library
from cobalamin.therapy.proposal.proposal import Proposal, propose
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
NEWBORN, INFANT, WOMAN = "2025-12-28", "2025-08-01", "1994-03-02"


def offered(library: Library, born: str, facts: str, country: str = "GB") -> Proposal:
    return propose(library, written(library, country, born, facts), ON)


@hazard("H64")
@hazard("H107")
@pytest.mark.parametrize("nerves", ["present", "absent"])
@pytest.mark.parametrize("deficiency", ["confirmed", "suspected", "indeterminate"])
def test_pregnancy_asks_for_urgent_advice_first_however_urgent_the_start(
    library: Library, deficiency: str, nerves: str
) -> None:
    answer = offered(
        library,
        WOMAN,
        f"deficiency: {deficiency}, cause: dietary, neurological_involvement: {nerves}, anaemia: none, pregnancy: pregnant",
    )
    assert answer.issues[0].code == "PREGNANCY_URGENT_ADVICE"
    assert "urgent haematology advice" in english(answer.issues[0].text)
    assert answer.issues[0].label == "urgent"
    codes = {issue.code for issue in answer.issues}
    assert ("URGENT_START" in codes) is (nerves == "present")
    asks_for_proof = deficiency != "confirmed" and nerves == "absent"
    assert ("PREGNANCY_CONFIRM_DEFICIENCY" in codes) is asks_for_proof


@hazard("H64")
def test_cblc_leads_to_a_metabolic_centre_and_the_daily_regimen(library: Library) -> None:
    facts = "deficiency: excluded, cause: inborn_error, inborn_error_kind: cblc, neurological_involvement: present, weight: 4 kg"
    answer = offered(library, "2025-10-01", facts)
    assert answer.issues[0].code == "METABOLIC_CENTRE"
    assert answer.options[0].protocol.id == "nl-kf-cbl"
    assert str(answer.options[0].phases[0].spacing.least) == "1 d"
    assert answer.options[0].near_enough


@hazard("H64")
def test_an_inborn_error_asks_which_before_all_that_can_wait(library: Library) -> None:
    answer = offered(
        library, "2025-10-01", "deficiency: excluded, cause: inborn_error, neurological_involvement: present"
    )
    assert answer.needs[0].fact == "inborn_error_kind"


@hazard("H64")
@pytest.mark.parametrize("born", [NEWBORN, INFANT])
@pytest.mark.parametrize("cause", ["inborn_error", "transcobalamin_deficiency", "dietary", ""])
def test_nobody_asks_a_newborn_whether_it_is_vegan_or_pregnant(library: Library, born: str, cause: str) -> None:
    known = f", cause: {cause}" if cause else ""
    for deficiency in ("confirmed", "excluded"):
        answer = offered(library, born, f"deficiency: {deficiency}{known}")
        assert not {"vegan", "pregnancy"} & {need.fact for need in answer.needs}
    assert (
        "vegan"
        in {
            need.fact
            for need in offered(library, WOMAN, f"deficiency: excluded, neurological_involvement: absent{known}").needs
        }
        or cause
    )


@hazard("H64")
def test_the_mother_of_an_infant_is_thought_of(library: Library) -> None:
    facts = "deficiency: confirmed, cause: dietary, neurological_involvement: absent, anaemia: mild"
    assert "INFANT_AND_MOTHER" in {issue.code for issue in offered(library, INFANT, facts).issues}
    assert "INFANT_AND_MOTHER" not in {issue.code for issue in offered(library, WOMAN, facts).issues}


@hazard("H64")
def test_questions_stand_in_the_order_of_the_list_with_its_reasons(library: Library) -> None:
    asked = library.practice.asked_first
    assert asked[:5] == ("neurological_involvement", "birth_date", "pregnancy", "deficiency", "cause")
    for facts in ("deficiency: suspected", "cause: dietary", "deficiency: confirmed, cause: pernicious_anaemia"):
        places = [library.practice.place(need.fact) for need in offered(library, WOMAN, facts).needs]
        assert places == sorted(places)


@hazard("H64")
def test_what_concerns_tablets_alone_stands_at_tablets_alone(library: Library) -> None:
    facts = "deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: present, anaemia: none"
    answer = offered(library, WOMAN, facts)
    assert "ORAL_INSUFFICIENT" not in {issue.code for issue in answer.issues}
    warned = {
        option.protocol.id
        for option in answer.options
        if any(issue.code == "ORAL_INSUFFICIENT" for issue in option.precautions)
    }
    assert "us-aafp-oral" in warned
    assert "uk-bnf-neuro" not in warned
