"""The page of options opens with confirm, cause, severity, treat, before anything is offered."""

from __future__ import annotations

import pytest
from web_site import Visitor, main_of, words_of

from hazards import hazard

RAISED = (
    "cobalamin: 1\npatient: {id: raised, birth_date: 1960-01-15, sex: male, country: GB}\n"
    "facts: {deficiency: indeterminate, cause: not_found, neurological_involvement: present, anaemia: none,\n"
    "  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]}\n"
    "record:\n  - {date: 2026-08-20, kind: result, marker: mma, value: 1.9 umol/L, reference_range: 0-0.28 umol/L}\n"
)


@hazard("H96")
@pytest.mark.parametrize("words", ["plain", "professional"])
def test_the_four_lines_stand_before_the_options(visitor: Visitor, words: str) -> None:
    (visitor.folder / "raised.yaml").write_text(RAISED, "utf-8")
    page = main_of(visitor.get("/case/raised.yaml/options", words=words).text)
    text = " ".join(words_of(page.split('<ol class="cards">')[0]).split())
    places = [text.index(f"{step} (") for step in ("Confirm", "Cause", "Severity", "Treat")]
    assert places == sorted(places)
    assert "1.9 umol/L" in text
    assert "cobalamin " not in text.replace("hydroxocobalamin ", "").replace("cyanocobalamin ", "")
