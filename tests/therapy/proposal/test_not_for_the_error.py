"""A text that was not written for the person's inborn error never leads; what is said above the options is true."""

from __future__ import annotations

from datetime import date

import pytest
from proposals import written

from cobalamin.app.documents.plan import Renderer
from cobalamin.app.terminal.printing import print_view
from cobalamin.app.views.propose import Shown, shown_options, view_of_proposal
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.proposal.proposal import propose
from hazards import hazard

ON = date(2026, 1, 5)
NONE_OF = "none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
CBLC = f"deficiency: confirmed, cause: inborn_error, inborn_error_kind: cblc, anaemia: mild, previous_treatment: none, {NONE_OF}"
CALM, NERVES = "neurological_involvement: absent", "neurological_involvement: present"
VEGAN = f"deficiency: excluded, cause: dietary, vegan: present, neurological_involvement: absent, anaemia: none, absorption: normal, previous_treatment: none, {NONE_OF}"


def shown(library: Library, case: Case, everything: bool = False) -> Shown:
    return shown_options(propose(library, case, ON), library, case.patient.country, everything)


@hazard("H111")
@pytest.mark.parametrize("nerves", [CALM, NERVES])
@pytest.mark.parametrize("born", ["2022-10-01", "2010-10-01", "1995-10-01"])
@pytest.mark.parametrize("country", ["GB", "US", "BR", "IN", "NL", "KE", ""])
def test_past_infancy_no_ordinary_text_leads_in_cblc(library: Library, country: str, born: str, nerves: str) -> None:
    case = written(library, country, born, f"{CBLC}, {nerves}")
    found, answer = shown(library, case), propose(library, case, ON)
    assert answer.leading is None
    assert answer.issues[0].code in {"METABOLIC_CENTRE", "URGENT_START", "INBORN_ERROR_CYANOCOBALAMIN"}
    assert "METABOLIC_CENTRE" in {issue.code for issue in answer.issues}
    assert answer.common_start is None
    assert (found.options, found.counted, found.told) == ((), answer.options, "propose.not_for_error")
    assert shown(library, case, everything=True).options == answer.options


@hazard("H111")
def test_under_what_is_written_for_the_error_stands_nothing_that_is_not(library: Library) -> None:
    for country in ("GB", "US", "NL", "KE"):
        found = shown(library, written(library, country, "2025-10-01", f"{CBLC}, {CALM}, weight: 5 kg"))
        assert [option.protocol.id for option in found.options] == ["nl-kf-cbl"]
        assert all(option.not_for_error for option in found.counted)


@hazard("H111")
def test_imerslund_grasbeck_keeps_the_texts_of_malabsorption(library: Library) -> None:
    facts = CBLC.replace("cblc", "imerslund_grasbeck")
    found = shown(library, written(library, "GB", "1995-10-01", f"{facts}, {CALM}"))
    assert found.options
    assert not any(option.not_for_error for option in (*found.options, *found.counted))


@hazard("H111")
def test_the_screen_says_that_nothing_is_written_for_the_error(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    case = written(library, "GB", "2022-10-01", f"{CBLC}, {CALM}")
    for plain in (False, True):
        print_view(view_of_proposal(propose(library, case, ON), case, library, plain=plain, everything=False))
        told = capsys.readouterr().out
        assert " 1. " not in told[told.index("\nOptions") :]
        assert "metabolic centre says" in " ".join(told.split()).lower()
    assert Renderer(library).propose(propose(library, case, ON)).options


@pytest.mark.parametrize("country", ["IN", "IT", "NO", "SE", "DK", "PL", "CZ", "SK", "TR", "BR", "ZA", "US"])
def test_a_vegan_who_lacks_nothing_is_shown_no_injection_and_no_untrue_reason(library: Library, country: str) -> None:
    found = shown(library, written(library, country, "1992-01-01", VEGAN))
    assert found.told == "propose.no_own"
    assert found.options
    assert all(option.content.phases[0].routes == ("oral",) for option in found.options)


def test_that_nearer_texts_have_reservations_is_said_only_where_there_are_any(library: Library) -> None:
    facts = "deficiency: excluded, cause: ileal_resection, ileal_resection_length: 60 cm, ileal_resection_extent: partial, neurological_involvement: absent"
    case = written(library, "US", "1980-01-15", f"{facts}, {NONE_OF}")
    assert not any(option.near_enough for option in propose(library, case, ON).options)
    found = shown(library, case)
    assert (len(found.options), found.told) == (1, "propose.lead_of_others")
