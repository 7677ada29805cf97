"""The cards of the options and the page of a plan carry what the source says about its own dose."""

from __future__ import annotations

import re

import pytest
from web_site import Visitor, main_of, words_of

from hazards import hazard

BYPASS = (
    "cobalamin: 1\npatient: {id: bypass, birth_date: 1980-01-15, sex: female, country: US}\n"
    "facts: {deficiency: confirmed, cause: bariatric_surgery, neurological_involvement: present, anaemia: mild, previous_treatment: none,\n"
    "  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]}\n"
)
HIGHER = "Considerably higher doses may be indicated in critical illness"
PLAN = "protocol=us-oh-def&start=2026-10-05&choose.initial_duration=10+d&choose.maintenance_dose=200+mcg"


@hazard("H50")
@pytest.mark.parametrize("words", ["plain", "professional"])
def test_the_card_of_an_option_says_what_its_source_does(visitor: Visitor, words: str) -> None:
    (visitor.folder / "bypass.yaml").write_text(BYPASS, "utf-8")
    page = visitor.get("/case/bypass.yaml/options?all=1", words=words).text
    [card] = [
        each for each in re.findall(r'<li class="card">.*?</li>\n(?=</?(?:li|ol))', page, re.S) if "us-oh-def" in each
    ]
    assert HIGHER in words_of(card.split('<ul class="caveats">', 1)[1].split("</ul>", 1)[0])


@hazard("H50")
@pytest.mark.parametrize("words", ["plain", "professional"])
def test_the_page_of_a_plan_says_it_above_and_again_in_full(visitor: Visitor, words: str) -> None:
    (visitor.folder / "bypass.yaml").write_text(BYPASS, "utf-8")
    text = " ".join(words_of(main_of(visitor.get(f"/case/bypass.yaml/plan?{PLAN}", words=words).text)).split())
    assert text.count(HIGHER) >= 2
    above, below = text.split("30 mcg", 1)
    assert HIGHER in above
    assert HIGHER in below
