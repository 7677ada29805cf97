"""The card of a product: the strength as on the box, in words and both units, and what it could be mistaken for."""

from __future__ import annotations

import pytest

from cobalamin.app.services.shipped import library
from cobalamin.app.views.product_card import card_lines
from hazards import hazard

PRODUCTS = library().products


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_strength_stands_first_as_it_is_printed(name: str) -> None:
    (_, record), *_ = library().named(name)
    lines = [line for line in card_lines(library(), PRODUCTS[name]) if "antidote" not in line]
    printed = record["strength"] if PRODUCTS[name].strength else record["amount"]
    assert lines[0].startswith(f"On the box: {printed}")


@hazard("H04")
def test_the_antidote_is_named_on_every_card_of_its_substance_and_never_for_replacement() -> None:
    for name, product in PRODUCTS.items():
        lines = list(card_lines(library(), product))
        if not product.replacement:
            assert lines[0].startswith("Never for replacement")
        elif product.substance == "hydroxocobalamin":
            assert any("Cyanokit" in line and "times as much" in line for line in lines), name


def test_the_strong_ampoule_of_a_country_is_named_beside_the_usual_one() -> None:
    text = " ".join(card_lines(library(), PRODUCTS["au-hydroxocobalamin-1mg-1ml"]))
    assert "Methylcobalamin 10 mg/2 mL" in text
    assert "10 times as much" in text
    assert "one milligram, one thousand micrograms" in text
