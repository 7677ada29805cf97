"""What is offered, asked first and excluded, for realistic patients and for one about whom nothing is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from proposals import written

from cobalamin.app.documents import plain
from cobalamin.app.documents.plan import Renderer
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.proposal.proposal import Proposal, propose
from hazards import hazard

ON = date(2026, 1, 2)
LEBER = "leber_hereditary_optic_neuropathy"
EXAMPLES = {
    "pernicious-anaemia": ["uk-bnf-noneuro", "uk-oh-smpc-noneuro"],
    "pernicious-anaemia-neurological": ["uk-bnf-neuro", "uk-oh-smpc-neuro"],
    "vegan": ["uk-bnf-oral-diet", "uk-bnf-noneuro"],
    "bariatric-planning-pregnancy": ["uk-bomss-proph", "uk-oh-smpc-proph"],
    "ileal-resection-30cm": ["uk-oh-smpc-proph"],
    "metformin": ["uk-bnf-noneuro"],
    "nitrous-oxide": ["uk-bnf-neuro", "uk-oh-smpc-neuro"],
    "leber-gb": ["uk-bnf-optic", "uk-oh-smpc-optic"],
    "leber-us": ["us-cdc-im"],
    "child": ["us-ped-def"],
    "kidney-disease": [],
}


def ids(proposal: Proposal) -> list[str]:
    return [option.protocol.id for option in proposal.options]


def reasons(proposal: Proposal) -> dict[str, set[str]]:
    return {excluded.protocol.id: {reason.code for reason in excluded.reasons} for excluded in proposal.excluded}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_gets_the_protocols_written_for_it(
    library: Library, example: Callable[[str], Case], name: str
) -> None:
    case = example(name)
    own = [option for option in propose(library, case, ON).options if option.protocol.country == case.patient.country]
    assert [option.protocol.id for option in own][: len(EXAMPLES[name])] == EXAMPLES[name]
    assert all(option.rank_reason for option in own)


def test_nothing_known_means_no_option_only_needs(library: Library, patient: Callable[..., Case]) -> None:
    proposal = propose(library, patient(country="", born=None, asked=False), ON)
    assert ids(proposal) == []
    assert [need.fact for need in proposal.needs][:5] == [
        "neurological_involvement", "birth_date", "pregnancy", "deficiency", "cause",
    ]  # fmt: skip
    assert all(need.question and need.why and need.changes for need in proposal.needs)


@hazard("H10")
def test_unknown_neurological_involvement_is_asked_first_and_never_taken_as_absent(
    library: Library, patient: Callable[..., Case]
) -> None:
    proposal = propose(library, patient(deficiency="confirmed", cause="pernicious_anaemia"), ON)
    assert proposal.needs[0].fact == "neurological_involvement"
    assert {"uk-bnf-noneuro", "uk-bnf-neuro"} <= set(proposal.needs[0].changes)
    assert not {"uk-bnf-noneuro", "uk-bnf-neuro", "uk-oh-smpc-noneuro"} & set(ids(proposal))


@hazard("H10")
def test_asked_and_not_known_is_not_asked_again_and_still_not_absent(
    library: Library, patient: Callable[..., Case]
) -> None:
    proposal = propose(
        library, patient(deficiency="confirmed", cause="pernicious_anaemia", neurological_involvement="unknown"), ON
    )
    assert "neurological_involvement" not in {need.fact for need in proposal.needs}
    assert "uk-bnf-noneuro" in proposal.pending


def test_where_all_candidates_begin_alike_the_common_start_is_shown(
    library: Library, patient: Callable[..., Case]
) -> None:
    proposal = propose(library, patient(deficiency="confirmed", cause="pernicious_anaemia"), ON)
    start = proposal.common_start
    assert start is not None
    assert (start.substance, start.dose.micrograms, start.routes) == ("hydroxocobalamin", 1000, ("intramuscular",))
    assert {"uk-bnf-noneuro", "uk-bnf-neuro"} <= set(start.protocols)


@pytest.mark.parametrize(
    ("entry", "urgent"),
    [
        ("{date: 2026-01-01, kind: symptoms, tingling_or_numbness: 3}", True),
        ("{date: 2026-01-01, kind: symptoms, tingling_or_numbness: 2}", False),
        ("{date: 2026-01-01, kind: symptoms, red_flags: [new_vision_loss]}", True),
        ("{date: 2026-01-01, kind: result, marker: haemoglobin, value: 79 g/L, reference_range: 120-160 g/L}", True),
        ("{date: 2026-01-01, kind: result, marker: haemoglobin, value: 130 g/L, reference_range: 120-160 g/L}", False),
        ("{date: 2026-01-01, kind: result, marker: haemoglobin, value: 79 g/L}", False),
    ],
)
def test_a_shared_first_dose_is_called_urgent_only_where_the_record_points_to_it(
    library: Library, entry: str, urgent: bool
) -> None:
    case = written(
        library, "GB", "1958-03-02", "deficiency: suspected, cause: pernicious_anaemia, pregnancy: none", entry
    )
    proposal = propose(library, case, ON)
    assert proposal.common_start is not None
    codes = {issue.code for issue in proposal.issues}
    assert ("URGENT_START" in codes) is urgent
    assert ("CONFIRM_DEFICIENCY" in codes) is not urgent  # what is urgent does not wait for proof


def test_where_candidates_begin_differently_there_is_no_common_start(
    library: Library, patient: Callable[..., Case]
) -> None:
    assert propose(library, patient(asked=False), ON).common_start is None


@hazard("H22")
@pytest.mark.parametrize("country", ["GB", "US", "FR", "AU"])
def test_leber_disease_excludes_cyanocobalamin_everywhere(
    library: Library, patient: Callable[..., Case], country: str
) -> None:
    case = patient(country=country, deficiency="confirmed", neurological_involvement="absent", optic_disease=LEBER)
    proposal = propose(library, case, ON)
    for option in proposal.options:
        substances = {name for phase in option.content.phases for name in phase.substances}
        assert substances != {"cyanocobalamin"}, option.protocol.id
    assert "LEBER_CYANOCOBALAMIN" in reasons(proposal)["de-cn-1000"]
    assert {"uk-oh-smpc-optic", "uk-bnf-optic", "au-vitab12-optic"} <= set(ids(proposal))


def test_an_urgent_start_is_not_held_up_for_proof(library: Library, patient: Callable[..., Case]) -> None:
    for deficiency in ("suspected", "indeterminate"):
        proposal = propose(
            library, patient(deficiency=deficiency, neurological_involvement="present", anaemia="none"), ON
        )
        assert ids(proposal)[0] == "uk-bnf-neuro", deficiency
        assert "URGENT_START" in {issue.code for issue in proposal.issues}


@pytest.mark.parametrize("value", ["withdrawn", "superseded"])
def test_retired_editions_are_never_offered(library: Library, patient: Callable[..., Case], value: str) -> None:
    proposal = propose(
        library, patient(deficiency="confirmed", cause="pernicious_anaemia", neurological_involvement="absent"), ON
    )
    retired = {protocol.id for protocol in library.protocols() if protocol.status == value}
    assert retired <= set(reasons(proposal))


def test_recalled_values_are_not_offered_and_say_why(library: Library, patient: Callable[..., Case]) -> None:
    child = patient(born=date(2020, 1, 1), deficiency="confirmed", neurological_involvement="absent", anaemia="none")
    assert "LIBRARY_NOT_VERIFIED" in reasons(propose(library, child, ON))["uk-bnfc-noneuro"]


def test_articles_rank_last(library: Library, patient: Callable[..., Case]) -> None:
    proposal = propose(
        library,
        patient(country="", deficiency="confirmed", cause="pernicious_anaemia", neurological_involvement="absent"),
        ON,
    )
    kinds = [option.protocol.kind == "article" for option in proposal.options]
    assert any(kinds)
    assert kinds == sorted(kinds)


@hazard("H35")
def test_a_child_is_not_offered_what_was_written_for_adults(library: Library, example: Callable[[str], Case]) -> None:
    offered = ids(propose(library, example("child"), ON))
    assert "us-cn-pa" not in offered
    assert "uk-bnf-noneuro" not in offered


CONTRADICTIONS = {
    "c-loading": {}, "c-dose-size": {}, "c-maintenance": {}, "c-titration": {}, "c-folic-acid": {},
    "c-pa-by-mouth": {"cause": "pernicious_anaemia"}, "c-bariatric": {"cause": "bariatric_surgery"},
}  # fmt: skip


@pytest.mark.parametrize("topic", CONTRADICTIONS)
def test_the_contradictions_of_the_ledger_are_visible_with_sources_on_each_side(
    library: Library, patient: Callable[..., Case], topic: str
) -> None:
    proposal = propose(
        library, patient(deficiency="confirmed", neurological_involvement="absent", **CONTRADICTIONS[topic]), ON
    )
    document = plain(Renderer(library).propose(proposal))
    shown = {entry["id"]: entry for entry in document["disagreements"]}[topic]
    assert len(shown["sides"]) >= 2
    assert all(side["citations"] and side["position"] for side in shown["sides"])
    assert shown["cause"]


@hazard("H24")
def test_every_source_shown_has_a_record_and_none_is_ai_written(
    library: Library, example: Callable[[str], Case]
) -> None:
    for name in EXAMPLES:
        document = plain(Renderer(library).propose(propose(library, example(name), ON)))
        for source in document["sources"]:
            assert not library.sources[source["id"]].ai_written
            assert source["title"]
            assert source["issuer"]


def test_facts_learned_after_the_day_of_assessment_do_not_count(library: Library, patient: Callable[..., Case]) -> None:
    from cobalamin.records import replace
    from cobalamin.therapy.case.case import Fact

    case = patient(deficiency="confirmed", cause="pernicious_anaemia")
    later = replace(case, facts=(*case.facts, Fact("neurological_involvement", "absent", date(2026, 2, 1))))
    assert "uk-bnf-noneuro" not in ids(propose(library, later, ON))
    assert "uk-bnf-noneuro" in ids(propose(library, later, date(2026, 2, 1)))


@hazard("H10")
def test_a_dietary_cause_with_nerve_signs_is_never_offered_tablets_of_a_few_micrograms(
    library: Library, patient: Callable[..., Case]
) -> None:
    for neurological in ({"neurological_involvement": "present"}, {}):
        proposal = propose(library, patient(deficiency="confirmed", cause="dietary", **neurological), ON)
        assert "uk-bnf-oral-diet" not in ids(proposal)
    assert (
        ids(propose(library, patient(deficiency="confirmed", cause="dietary", neurological_involvement="present"), ON))[
            0
        ]
        == "uk-bnf-neuro"
    )


def test_an_indeterminate_result_with_severe_anaemia_is_treated_and_not_prevented(
    library: Library, patient: Callable[..., Case]
) -> None:
    case = patient(
        deficiency="indeterminate", cause="pernicious_anaemia", neurological_involvement="absent", anaemia="severe"
    )
    offered = ids(propose(library, case, ON))
    assert offered[0] == "uk-bnf-noneuro"
    assert not {"uk-oh-smpc-proph", "be-sterop-prevention"} & set(offered)


def test_an_indeterminate_result_asks_before_prevention_is_offered(
    library: Library, patient: Callable[..., Case]
) -> None:
    proposal = propose(library, patient(deficiency="indeterminate", cause="total_gastrectomy"), ON)
    assert "uk-oh-smpc-proph" in proposal.pending
    assert {"neurological_involvement", "anaemia"} <= {need.fact for need in proposal.needs}


def test_nothing_is_urgent_without_a_deficiency(library: Library, patient: Callable[..., Case]) -> None:
    proposal = propose(library, patient(deficiency="excluded", vegan="present"), ON)
    assert proposal.common_start is None
    assert "URGENT_START" not in {issue.code for issue in proposal.issues}


def test_tablets_are_not_offered_to_who_cannot_swallow_them(library: Library, patient: Callable[..., Case]) -> None:
    case = patient(
        deficiency="confirmed", cause="dietary", neurological_involvement="absent", oral_not_possible="present"
    )
    assert reasons(propose(library, case, ON))["uk-bnf-oral-diet"] == {"ORAL_NOT_POSSIBLE"}


def test_preference_decides_among_equals(library: Library, patient: Callable[..., Case]) -> None:
    facts = {"deficiency": "confirmed", "cause": "dietary", "neurological_involvement": "absent"}
    assert ids(propose(library, patient(**facts, preferred_route="oral"), ON))[0] == "uk-bnf-oral-diet"
    assert ids(propose(library, patient(**facts, preferred_route="injection"), ON))[0] == "uk-bnf-noneuro"


def test_what_waits_for_an_answer_is_named(library: Library, patient: Callable[..., Case]) -> None:
    known = patient(deficiency="confirmed", neurological_involvement="unknown")
    document = plain(Renderer(library).propose(propose(library, known, ON)))
    assert "uk-bnf-neuro" in document["pending"]
    assert document["asked_not_known"] == ["neurological_involvement"]
