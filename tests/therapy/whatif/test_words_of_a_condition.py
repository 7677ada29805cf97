"""What a fact's possible value would raise is told in the words for such a person (hazard H104 stands beside it: no invented disorder).

One code has other words for other people: `ORAL_INSUFFICIENT` of an inborn error is not that of pernicious anaemia.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Precaution
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import evaluate, value_words
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.logic import FALSE
from cobalamin.therapy.whatif.changes import IssueChange
from cobalamin.therapy.whatif.whatif import ValueEffect, what_if
from cobalamin.therapy.whatif.worlds import with_values
from english import english

ON = date(2026, 1, 5)
LEFT_OUT = ("oral_not_possible", "absorption", "preferred_route", "swallowing_difficulty", "neurological_involvement")
KNOWN = {
    "deficiency": "confirmed", "anaemia": "mild", "previous_treatment": "none", "pregnancy": "none", "vegan": "absent",
    "allergy_cobalamin": "absent", "allergy_cobalt": "absent", "allergy_benzyl_alcohol": "absent", "allergy_parabens": "absent",
    "optic_disease": "none", "renal_impairment": "absent", "anticoagulation": "absent", "thrombocytopenia": "absent",
    "polycythaemia_vera": "absent", "nitrous_oxide_exposure": "absent", "folic_acid": "none",
}  # fmt: skip
CAUSES = [
    "pernicious_anaemia", "total_gastrectomy", "dietary", "not_found", "coeliac_disease", "medicine_induced", "nitrous_oxide", "",
]  # fmt: skip


@pytest.fixture(params=CAUSES)
def case(request: pytest.FixtureRequest, patient: Callable[..., Case]) -> Case:
    cause = {"cause": request.param} if request.param else {}
    return patient(**{**KNOWN, **cause})


def worlds(library: Library, facts: Facts, fact: str, effect: ValueEffect) -> Iterator[tuple[Facts, Facts]]:
    """(before, after) for each value that the effect is told of."""
    typed = {
        value_words(name, value, library.facts): value for name in library.facts for value in library.facts[name].values
    }
    given = {name: typed.get(english(text).split(" or ")[0], english(text)) for name, text in effect.given}
    before = with_values(facts, given)
    for words in map(english, effect.values):
        if words in typed:
            yield before, with_values(before, {fact: typed[words]})


def checks_with(library: Library, issue: IssueChange) -> list[Precaution]:
    owner, _, code = issue.code.rpartition(": ")
    own = library.content(library.protocol(owner)).precautions if owner else ()
    found = [entry for entry in (*own, *library.precautions) if entry.code == code]
    return [entry for entry in found if (entry.text, entry.plain) == (issue.text, issue.plain)] if found else []


def test_each_check_is_told_in_the_words_for_such_a_person(library: Library, case: Case) -> None:
    facts, seen = facts_of(case, ON), 0
    for effect in what_if(library, case, ON).effects:
        for each in effect.effects:
            for before, after in worlds(library, facts, effect.fact, each):
                for issue in each.change.issues:
                    entries = checks_with(library, issue)
                    if not entries:
                        assert issue.text
                        continue
                    seen += 1
                    world = after if issue.after else before
                    assert any(evaluate(entry.when, world) is not FALSE for entry in entries), (effect.fact, issue)
                    if world.value("cause") not in (None, "inborn_error", "transcobalamin_deficiency"):
                        assert "inborn" not in f"{issue.text} {issue.plain}".lower()
    assert seen
