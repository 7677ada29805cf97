"""Only what may concern the person is told: phases, alternatives of an indication, disagreements (hazard H67)."""

from __future__ import annotations

from datetime import date

import pytest
from proposals import written

from cobalamin.app.documents import plain
from cobalamin.app.documents.plan import Renderer
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.rules import OnePerson
from cobalamin.therapy.proposal.offers import offers
from cobalamin.therapy.proposal.proposal import Option, propose
from cobalamin.therapy.proposal.rank import met, weight
from hazards import hazard

ON = date(2026, 1, 5)
NONE_OF = "none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
EXCLUDED = f"deficiency: excluded, neurological_involvement: absent, anaemia: none, previous_treatment: none, {NONE_OF}"


def option(library: Library, name: str, facts: str, country: str = "GB") -> Option:
    answer = propose(library, written(library, country, "1980-01-15", facts), ON)
    return next(each for each in answer.options if each.protocol.id == name)


@hazard("H67")
def test_phases_for_other_people_are_told_nowhere(library: Library) -> None:
    prevented = option(library, "hk-cn", f"{EXCLUDED}, cause: partial_gastrectomy")
    assert [phase.name for phase in prevented.phases] == ["prophylaxis"]
    answer = propose(library, written(library, "HK", "1980-01-15", f"{EXCLUDED}, cause: partial_gastrectomy"), ON)
    document = next(each for each in plain(Renderer(library).propose(answer))["options"] if each["protocol"] == "hk-cn")
    assert [phase["name"] for phase in document["phases"]] == ["prophylaxis"]
    treated = option(
        library,
        "ch-cn-amino-noneuro",
        f"deficiency: confirmed, cause: dietary, neurological_involvement: absent, anaemia: none, {NONE_OF}",
    )
    assert [phase.name for phase in treated.phases] == ["load"]


@hazard("H67")
def test_an_alternative_for_other_people_lifts_no_rank(library: Library) -> None:
    """The Hong Kong text is one document for four populations; only the one that holds counts."""
    content = library.protocol("hk-cn")
    facts = facts_of(written(library, "HK", "1980-01-15", f"{EXCLUDED}, cause: partial_gastrectomy"), ON)
    (found,) = met(content.indication, OnePerson(facts))
    assert {name for name, _ in found} == {"deficiency", "cause"}
    assert weight(found) == 3


@hazard("H67")
def test_a_text_that_begins_widely_spaced_once_its_loading_falls_away_stands_low(library: Library) -> None:
    facts = f"deficiency: confirmed, cause: dietary, neurological_involvement: absent, anaemia: none, previous_treatment: none, {NONE_OF}"
    assert option(library, "au-gp", facts, "AU").reserved
    assert not option(library, "au-gp", facts.replace("anaemia: none", "anaemia: severe"), "AU").reserved


@hazard("H67")
def test_disagreements_are_those_that_may_concern_the_person(library: Library) -> None:
    anxious = propose(library, written(library, "GB", "1990-01-15", f"{EXCLUDED}, cause: not_found, vegan: absent"), ON)
    assert anxious.options == ()
    assert anxious.disagreements == ()
    diet = f"deficiency: confirmed, cause: dietary, neurological_involvement: absent, anaemia: none, previous_treatment: none, {NONE_OF}"
    names = {entry.id for entry in propose(library, written(library, "GB", "1990-01-15", diet), ON).disagreements}
    assert "d11" in names  # oral dose for dietary deficiency
    assert not {"d3", "d6", "d10", "d13", "d19", "c-pa-by-mouth", "c-bariatric"} & names


@pytest.mark.parametrize("length", ["15 cm", "30 cm"])
def test_after_a_resection_of_the_ileum_its_length_counts_where_a_source_says_so(library: Library, length: str) -> None:
    """Articles ask for more than 20 cm; the label names no length; the formulary asks for the whole ileum."""
    facts = f"{EXCLUDED}, cause: ileal_resection, ileal_resection_extent: partial, ileal_resection_length: {length}"
    answer = propose(library, written(library, "GB", "1980-01-15", facts), ON)
    names = [each.protocol.id for each in answer.options]
    assert ("article-a2-8" in names) is (length == "30 cm")
    assert "uk-bnf-proph" not in names


def test_every_offer_knows_its_place_in_practice(library: Library) -> None:
    """Older doses, second choices and general guidance are said by a source."""
    for offer in offers(library):
        for standing in filter(None, (offer.content.older, offer.content.general, *offer.content.second_choice)):
            assert standing.cites
            assert standing.text
            assert standing.plain
    assert {offer.protocol.id for offer in offers(library) if offer.protocol.older} == {
        "us-cn-pa",
        "us-cn-normabs",
        "us-oh-def",
        "us-oh-child",
        "us-ped-pa",
    }
