"""What is said of a dose whose authority or origin is in doubt. It counts all the same: it is in the body."""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.casefile.reader import read_case
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.review import review
from hazards import hazard

CASE = """
cobalamin: 1
patient: {{id: p, birth_date: 1958-03-02, country: GB}}
facts: {{deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: none}}
plan:
  protocol: uk-bnf-noneuro
  version: 1
  start: 2026-01-05
  choices: {{maintenance_interval: 3 mo}}
  product: gb-hydroxocobalamin-1mg-1ml
record:
  - {{date: 2026-01-05, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im, {said}}}
"""


def judged(library: Library, said: str) -> Evaluation:
    """The verdict on the one dose of the case."""
    case = read_case(CASE.format(said=said), "case.yaml", library)
    return review(library, case, date(2026, 1, 6)).evaluations[0]


@hazard("H21")
@pytest.mark.parametrize(
    "authority",
    [
        "{by: Dr A, through: 2026-01-04}",
        "{by: Dr A, from: 2026-01-06}",
        "{by: Dr A, product: gb-cyanocobalamin-1mg-1ml}",
    ],
    ids=["expired", "not yet in force", "another product"],
)
def test_an_authority_that_does_not_cover_the_dose_is_named_and_the_dose_counts(
    library: Library, authority: str
) -> None:
    evaluation = judged(library, f"authority: {authority}, product: gb-hydroxocobalamin-1mg-1ml")
    assert "AUTHORITY_CHECK" in evaluation.flags
    assert evaluation.credit == "credited"


@hazard("H21")
def test_an_authority_that_covers_the_dose_says_nothing(library: Library) -> None:
    authority = "{by: Dr A, from: 2026-01-05, through: 2026-01-05, product: gb-hydroxocobalamin-1mg-1ml}"
    assert judged(library, f"authority: {authority}, product: gb-hydroxocobalamin-1mg-1ml").flags == ()


@hazard("H38")
def test_a_dose_that_was_only_reported_is_marked_as_such(library: Library) -> None:
    assert judged(library, "source: reported").flags == ("SOURCE_UNVERIFIED",)
    assert judged(library, "source: self").flags == ()


@hazard("H38")
def test_no_volume_is_computed_for_a_product_nobody_knows() -> None:
    from cobalamin.app.services.volumes import dose_volume

    with pytest.raises(InputError):
        dose_volume("1 mg", "bought-on-the-internet", "", "GB")
