"""What a source leaves open is a choice: every protocol that may be offered is offered to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product

import pytest
from proposals import written

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import compiled
from cobalamin.therapy.proposal.offers import offers
from cobalamin.therapy.proposal.proposal import propose
from hazards import hazard

ON = date(2026, 1, 5)
NONE_OF = "none_of: [allergies, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
BIRTHS = ("1958-03-02", "2022-03-02", "2025-08-01")
# People whom only a few texts are written for: vegans by age, pregnancy, a young infant, a child at school with nerve signs.
_VEGAN = "deficiency: excluded, cause: dietary, neurological_involvement: absent, vegan: present"
OTHERS = (
    ("1958-03-02", _VEGAN), ("1990-03-02", _VEGAN), ("2018-03-02", _VEGAN), ("2023-03-02", _VEGAN),
    ("1994-03-02", "deficiency: confirmed, cause: dietary, neurological_involvement: absent, vegan: present, pregnancy: pregnant"),
    ("2025-11-20", "deficiency: confirmed, cause: dietary, neurological_involvement: absent"),
    ("2017-03-02", "deficiency: confirmed, cause: dietary, neurological_involvement: present"),
)  # fmt: skip
OFFERABLE = [
    offer.protocol.id for offer in offers(compiled()) if offer.protocol.status == "current" and not offer.never
]
# Guidance until their doses have been read: the passages seen give times without an amount.
WITHOUT_ANY_DOSE = ["article-a3-5", "kr-gastrectomy", "uk-bomss-neuro", "uk-bomss-noneuro"]


def people(library: Library) -> Iterator[str]:
    """Facts of people who differ in what indications ask for."""
    causes = library.facts["cause"].values
    for cause, deficiency, nerves in product(causes, ("confirmed", "excluded"), ("present", "absent")):
        more = {
            "ileal_resection": "ileal_resection_length: 30 cm, ileal_resection_extent: total",
            "inflammatory_bowel_disease": "ileal_resection_length: 30 cm",
        }.get(cause, "")
        yield f"cause: {cause}, deficiency: {deficiency}, neurological_involvement: {nerves}, optic_disease: none, {more}"
    for kind in library.facts["inborn_error_kind"].values:
        yield f"cause: inborn_error, inborn_error_kind: {kind}, deficiency: excluded, neurological_involvement: present, optic_disease: none"
    for disease in ("leber_hereditary_optic_neuropathy", "tobacco_amblyopia"):
        yield f"cause: dietary, deficiency: confirmed, neurological_involvement: absent, optic_disease: {disease}"


@cache
def offered_to_somebody() -> frozenset[str]:
    library = compiled()
    found: set[str] = set()
    for facts, born, anaemia in product(people(library), BIRTHS, ("none", "severe")):
        known = f"{facts}, absorption: {'normal' if 'dietary' in facts else 'impaired'}, anaemia: {anaemia}, vegan: absent, previous_treatment: none, {NONE_OF}"
        known = known.replace(", ,", ",")
        found |= {option.protocol.id for option in propose(library, written(library, "US", born, known), ON).options}
    for born, facts in OTHERS:
        none_of = NONE_OF.replace("pregnancy, ", "") if "pregnancy" in facts else NONE_OF
        known = f"{facts}, absorption: normal, anaemia: none, optic_disease: none, previous_treatment: none, {none_of}"
        found |= {option.protocol.id for option in propose(library, written(library, "US", born, known), ON).options}
    return frozenset(found)


@hazard("H66")
@pytest.mark.parametrize("name", OFFERABLE)
def test_every_protocol_that_may_be_offered_is_offered_to_somebody(name: str) -> None:
    assert name in offered_to_somebody()


@hazard("H66")
def test_only_a_text_without_any_dose_is_shut_out_for_what_it_leaves_open(library: Library) -> None:
    open_ = [offer for offer in offers(library) if any(reason.code == "NOT_STATED" for reason in offer.never)]
    assert [offer.protocol.id for offer in open_] == WITHOUT_ANY_DOSE
    for name in (
        "us-aafp-oral",
        "us-cdc-im",
        "us-cdc-oral",
        "us-bari-programme",
        "asmbs-maintenance",
        "za-stg",
        "au-gp",
        "in-iap22-oral",
        "in-text",
    ):
        assert name in OFFERABLE
