"""A text written for a rare cause leads; unknown is not absent; an unnamed substance is a choice; what is excluded is said."""

from __future__ import annotations

from datetime import date

import pytest
from proposals import written

from cobalamin.app.terminal.printing import print_view
from cobalamin.app.views.propose import Shown, shown_options, view_of_proposal, waiting_of
from cobalamin.knowledge.library import Library
from cobalamin.therapy.proposal.proposal import Option, Proposal, propose
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
NONE_OF = "none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
CBLC = f"deficiency: excluded, cause: inborn_error, inborn_error_kind: cblc, neurological_involvement: absent, weight: 4 kg, {NONE_OF}"
IMERSLUND = f"deficiency: confirmed, cause: inborn_error, inborn_error_kind: imerslund_grasbeck, neurological_involvement: absent, anaemia: mild, weight: 13 kg, previous_treatment: none, {NONE_OF}"
TRANSCOBALAMIN = f"deficiency: indeterminate, cause: transcobalamin_deficiency, neurological_involvement: present, anaemia: severe, weight: 3.2 kg, previous_treatment: none, {NONE_OF}"
ILEUM = f"deficiency: excluded, cause: ileal_resection, neurological_involvement: absent, {NONE_OF}"
WITHOUT_EYES = NONE_OF.replace("optic_disease, ", "")
LEBER = f"deficiency: confirmed, cause: dietary, neurological_involvement: absent, anaemia: mild, optic_disease: leber_hereditary_optic_neuropathy, previous_treatment: none, {WITHOUT_EYES}"


def offered(library: Library, country: str, born: str, facts: str) -> Proposal:
    return propose(library, written(library, country, born, facts), ON)


def shown(library: Library, answer: Proposal, country: str) -> Shown:
    return shown_options(answer, library, country, everything=False)


def codes(option: Option) -> set[str]:
    return {issue.code for issue in option.precautions}


@hazard("H63")
@pytest.mark.parametrize("country", ["GB", "US", "JP", "NL"])
def test_the_daily_regimen_of_cblc_is_shown_while_a_prophylaxis_label_waits(library: Library, country: str) -> None:
    answer = offered(library, country, "2025-10-01", CBLC)
    assert shown(library, answer, country).options[0].protocol.id == "nl-kf-cbl"
    assert waiting_of(answer, library, country) == []


@hazard("H63")
@pytest.mark.parametrize("country", ["GB", "US", "PT"])
def test_transcobalamin_deficiency_gets_the_text_written_for_it_first(library: Library, country: str) -> None:
    answer = offered(library, country, "2025-12-20", TRANSCOBALAMIN)
    assert answer.options[0].protocol.id == "uk-bnfc-tc2"
    assert shown(library, answer, country).options[0].protocol.id == "uk-bnfc-tc2"


@hazard("H64")
def test_transcobalamin_deficiency_calls_the_metabolic_centre(library: Library) -> None:
    answer = offered(library, "GB", "2025-12-20", TRANSCOBALAMIN)
    assert answer.issues[0].code == "METABOLIC_CENTRE"
    assert not answer.issues[0].ask


@hazard("H63")
@pytest.mark.parametrize("country", ["PT", "IN", "NO"])
def test_an_inborn_error_of_absorption_is_impaired_absorption(library: Library, country: str) -> None:
    answer = offered(library, country, "2023-03-02", IMERSLUND)
    assert shown(library, answer, country).options[0].protocol.id == "fr-cn-malabs"
    by_mouth = next(each for each in answer.options if each.protocol.id == "in-iap22-oral")
    assert "ORAL_INSUFFICIENT" in codes(by_mouth)


@hazard("H10")
@pytest.mark.parametrize("country", ["KE", "PT", "IN", "US", "NO"])
def test_nothing_by_mouth_leads_while_nerves_and_anaemia_are_unknown(library: Library, country: str) -> None:
    answer = offered(library, country, "1990-03-02", "deficiency: suspected")
    first = shown(library, answer, country).options[0]
    assert set(first.content.phases[0].routes) & {"intramuscular", "subcutaneous"}
    assert first == answer.options[0]


@hazard("H63")
def test_an_unnamed_substance_is_a_choice_in_leber_disease(library: Library) -> None:
    answer = offered(library, "US", "1990-03-02", LEBER)
    assert answer.options[0].content.phases[0].dose.least.nanograms == 1_000_000
    offered_ = {option.protocol.id for option in answer.options}
    assert "us-cdc-im" in offered_
    assert not {"us-cn-pa", "us-cn-normabs", "us-cn-nasal"} & offered_


@hazard("H63")
@pytest.mark.parametrize("length", ["15 cm", "25 cm", "60 cm"])
def test_screen_and_document_begin_with_the_same_text_without_a_reservation(library: Library, length: str) -> None:
    answer = offered(library, "GB", "1980-01-15", f"{ILEUM}, ileal_resection_length: {length}")
    first = shown(library, answer, "GB").options[0]
    assert first == answer.options[0]
    assert not first.reserved


@hazard("H67")
@pytest.mark.parametrize(("length", "told"), [("15 cm", True), ("20 cm", True), ("25 cm", False)])
def test_a_short_resection_says_what_the_sources_say_of_its_length(library: Library, length: str, told: bool) -> None:
    answer = offered(library, "GB", "1980-01-15", f"{ILEUM}, ileal_resection_length: {length}")
    raised = {issue.code for issue in answer.issues}
    assert ("ILEUM_SHORT" in raised) is told
    assert "HYPOKALAEMIA_WATCH" not in raised


@hazard("H09")
def test_an_inborn_error_with_a_normal_level_keeps_the_watch_on_potassium(library: Library) -> None:
    raised = {issue.code for issue in offered(library, "GB", "2025-10-01", f"{CBLC}, anaemia: severe").issues}
    assert "HYPOKALAEMIA_WATCH" in raised


def test_nothing_to_prevent_is_said(library: Library) -> None:
    facts = f"deficiency: excluded, cause: not_found, neurological_involvement: absent, anaemia: none, vegan: absent, previous_treatment: none, {NONE_OF}"
    answer = offered(library, "BE", "1970-03-02", facts)
    assert answer.options == ()
    (told,) = answer.issues
    assert told.code == "NOTHING_TO_PREVENT"
    assert not told.cites
    risk = offered(library, "BE", "1970-03-02", facts.replace("not_found", "total_gastrectomy"))
    assert "NOTHING_TO_PREVENT" not in {issue.code for issue in risk.issues}


OPEN = f"deficiency: excluded, neurological_involvement: absent, anaemia: none, previous_treatment: none, {NONE_OF}"


@hazard("H117")
def test_while_the_cause_is_not_asked_nothing_to_treat_is_said_with_what_would_change_it(library: Library) -> None:
    answer = offered(library, "GB", "1958-03-02", OPEN)
    told = next(issue for issue in answer.issues if issue.code == "NOTHING_RECORDED")
    assert "Nothing to treat or to prevent by what is recorded" in english(told.text)
    assert "would change it" in english(told.action)
    assert not told.cites
    assert [need.fact for need in answer.needs] == ["cause", "vegan"]


@hazard("H117")
@pytest.mark.parametrize(
    "known",
    [
        "cause: total_gastrectomy", "cause: ileal_resection", "vegan: present", "neurological_involvement: present", "anaemia: severe",
        "nitrous_oxide_exposure: present", "medicines: [metformin]", "pregnancy: pregnant", "deficiency: suspected", "deficiency: indeterminate",
    ],
)  # fmt: skip
def test_it_is_not_said_where_a_reason_is_recorded(library: Library, known: str) -> None:
    facts = {part.split(": ")[0]: part for part in OPEN.split(", none_of")[0].split(", ")} | {
        known.split(": ")[0]: known
    }
    answer = offered(library, "GB", "1988-03-02", ", ".join(facts.values()))
    assert "NOTHING_RECORDED" not in {issue.code for issue in answer.issues}


def test_nobody_is_asked_for_the_length_of_a_resection_that_nobody_told_of(library: Library) -> None:
    for facts, asked in ((OPEN, False), (f"{OPEN}, cause: ileal_resection", True)):
        assert (
            "ileal_resection_length" in {need.fact for need in offered(library, "GB", "1958-03-02", facts).needs}
        ) is asked


@hazard("H64")
def test_nobody_of_87_is_asked_about_a_pregnancy_or_an_inborn_error(library: Library) -> None:
    for born, asked in (("1938-03-02", False), ("1990-03-02", True)):
        answer = offered(library, "GB", born, "deficiency: suspected")
        assert ("pregnancy" in {need.fact for need in answer.needs}) is asked
        assert ("METABOLIC_CENTRE" in {issue.code for issue in answer.issues}) is asked
    known = offered(library, "GB", "1938-03-02", "deficiency: suspected, cause: inborn_error")
    assert known.issues[0].code == "METABOLIC_CENTRE"


@hazard("H64")
@pytest.mark.parametrize("allergy", ["allergy_cobalamin", "allergy_cobalt"])
def test_under_a_known_allergy_nobody_is_told_to_start(library: Library, allergy: str) -> None:
    nerves = "deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: present, anaemia: mild"
    for facts, starts in ((f"{nerves}, {allergy}: present", False), (nerves, True)):
        urgent = next(
            each for each in offered(library, "GB", "1958-03-02", facts).issues if each.code == "URGENT_START"
        )
        assert ("do not wait" in english(urgent.action)) is starts
        assert ("specialist today" in english(urgent.action)) is not starts
        assert ("treatment should start at once" in english(urgent.plain)) is starts


@hazard("H64")
def test_whom_to_call_is_told_before_the_urgent_start(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    case = written(library, "GB", "2025-12-20", TRANSCOBALAMIN)
    print_view(view_of_proposal(propose(library, case, ON), case, library, plain=False, everything=False))
    told = capsys.readouterr().out
    assert 0 < told.index("(METABOLIC_CENTRE)") < told.index("(URGENT_START)")
