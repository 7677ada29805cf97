"""Texts of the country lead with their own dose; the diet alone asks for the mouth; a disease has its own texts first."""

from __future__ import annotations

from datetime import date

import pytest
from proposals import written

from cobalamin.knowledge.library import Library
from cobalamin.therapy.proposal.proposal import Option, propose
from hazards import hazard

ON = date(2026, 1, 5)
NONE_OF = "none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
VEGAN = f"deficiency: excluded, cause: dietary, neurological_involvement: absent, anaemia: none, absorption: normal, vegan: present, previous_treatment: none, {NONE_OF}"
PERNICIOUS = f"deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: mild, absorption: impaired, vegan: absent, previous_treatment: none, {NONE_OF}"
NERVES = PERNICIOUS.replace("involvement: absent", "involvement: present")


def options(library: Library, country: str, born: str, facts: str) -> list[Option]:
    return [each for each in propose(library, written(library, country, born, facts), ON).options if each.near_enough]


@hazard("H99")
@pytest.mark.parametrize(
    ("country", "born", "first", "micrograms"),
    [
        ("GB", "1990-01-15", "uk-vegan-oral", 10),
        ("IE", "1990-01-15", "uk-vegan-oral", 10),
        ("NL", "2023-02-01", "nl-vegan-infant", 5),
        ("NL", "2018-01-15", "nl-vegan-child", 25),
        ("NL", "1990-01-15", "nl-vegan-11-65", 50),
        ("NL", "1955-01-15", "nl-vegan-65", 1000),
    ],
)
def test_the_diet_alone_is_met_by_mouth(library: Library, country: str, born: str, first: str, micrograms: int) -> None:
    lead, *rest = options(library, country, born, VEGAN)
    phase = lead.content.phases[0]
    dose = (phase.options or (phase,))[0].dose.least
    assert (lead.protocol.id, phase.routes) == (first, ("oral",))
    assert dose is not None
    assert dose.micrograms == micrograms
    assert all(option.said for option in rest if option.protocol.kind == "label")


@hazard("H101")
@pytest.mark.parametrize("country", ["ES", "IN", "BR", "ZA", "IT", "PL", "CZ", "SK", "TR"])
def test_a_country_whose_text_was_read_leads_with_it(library: Library, country: str) -> None:
    first = options(library, country, "1958-03-02", PERNICIOUS)[0]
    assert (first.protocol.country, first.place) == (country, "own")
    assert not first.reserved


@pytest.mark.parametrize("facts", [PERNICIOUS, NERVES], ids=["calm", "nerves"])
def test_a_country_without_a_text_gets_three_general_ones(library: Library, facts: str) -> None:
    places = [option.place for option in options(library, "KE", "1958-03-02", facts)]
    assert places[:3] == ["general"] * 3


@hazard("H50")
@pytest.mark.parametrize("name", ["de-cn-1000", "de-cn-1500"])
def test_a_hundred_micrograms_a_month_never_leads_after_nerve_signs(library: Library, name: str) -> None:
    found = options(library, "DE", "1958-03-02", NERVES)
    assert found[0].protocol.id != name
    (low,) = [option for option in found if option.protocol.id == name]
    assert low.reserved
    assert "CAVEAT" in {issue.code for issue in low.precautions}


def test_a_child_with_pernicious_anaemia_is_led_to_an_injection_and_an_older_dose_is_said(library: Library) -> None:
    first, *rest = options(library, "US", "2013-06-01", PERNICIOUS)
    assert first.protocol.id == "us-ped-pa"
    assert first.said
    (open_route,) = [option for option in rest if option.protocol.id == "us-ped-def"]
    assert open_route.reserved


@hazard("H65")
@pytest.mark.parametrize("country", ["US", "GB", "DE", "SE", "IN", "KE", "PL", "CZ", "BR", "ES", "IT", "NL", "JP", ""])
@pytest.mark.parametrize("born", ["2023-02-01", "2016-06-01", "2009-06-01"])
def test_a_child_with_pernicious_anaemia_is_never_led_by_a_small_dose_by_mouth(
    library: Library, country: str, born: str
) -> None:
    facts = f"{PERNICIOUS}, weight: 25 kg"
    phase = propose(library, written(library, country, born, facts), ON).options[0].content.phases[0]
    doses = [option.dose.least for option in phase.options or (phase,)]
    by_injection = {"intramuscular", "subcutaneous"} & set(phase.routes)
    assert by_injection or all(dose and dose.micrograms >= 1000 for dose in doses)


@hazard("H101")
@pytest.mark.parametrize(("country", "own"), [("DK", "dk-dsam25"), ("SE", "se-oh-alternova-noneuro")])
def test_that_tablets_are_as_good_is_said_and_does_not_push_the_text_of_the_country_down(
    library: Library, country: str, own: str
) -> None:
    first = options(library, country, "1970-03-02", PERNICIOUS)[0]
    assert (first.protocol.id, first.reserved) == (own, False)
    assert any("treatment by mouth" in caveat.text and caveat.always for caveat in first.caveats)


@pytest.mark.parametrize("country", ["US", "IN"])
def test_a_reservation_about_pregnancy_or_the_spray_stands_with_the_option(library: Library, country: str) -> None:
    pregnant = NONE_OF.replace("pregnancy, ", "")
    facts = f"deficiency: confirmed, cause: dietary, vegan: present, pregnancy: pregnant, neurological_involvement: absent, anaemia: none, previous_treatment: none, {pregnant}"
    found = {option.protocol.id: option for option in options(library, country, "1995-01-01", facts)}
    if country == "US":
        assert found["us-cn-nasal"].said
    else:
        held = [option for name, option in found.items() if name.startswith("in-cims")]
        assert held
        assert all(option.reserved for option in held)


@hazard("H63")
@pytest.mark.parametrize("disease", ["leber_hereditary_optic_neuropathy", "tobacco_amblyopia"])
def test_an_optic_disease_gets_the_texts_written_for_it_first(library: Library, disease: str) -> None:
    without_eyes = NONE_OF.replace("optic_disease, ", "")
    facts = f"deficiency: confirmed, cause: dietary, neurological_involvement: absent, anaemia: none, absorption: normal, vegan: present, optic_disease: {disease}, previous_treatment: none, {without_eyes}"
    first = options(library, "US", "1990-01-15", facts)[0]
    assert (first.protocol.id, first.content.phases[0].substances) == ("uk-bnf-optic", ("hydroxocobalamin",))


def test_a_trial_never_leads_where_a_label_fits(library: Library) -> None:
    found = options(library, "ES", "1950-03-02", PERNICIOUS)
    assert found[0].protocol.kind == "label"
    assert {"es-ob12-im", "es-ob12-oral"} <= {option.protocol.id for option in found}
