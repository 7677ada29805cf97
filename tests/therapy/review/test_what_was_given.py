"""The product of a given dose is looked up, and a dose of which something is not known is kept and asked about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cobalamin.amounts import Mass
from cobalamin.casefile.events import read_event
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event, Fact, Patient
from cobalamin.therapy.review.review import Review, review
from english import english
from entries import entry
from hazards import hazard

START, GIVEN = date(2026, 1, 5), date(2026, 1, 7)
PLANNED: dict[str, object] = {"substance": "hydroxocobalamin", "dose": Mass(Decimal(1), "mg"), "route": "intramuscular"}


def seen(library: Library, *events: Event, on: date = date(2026, 1, 8)) -> Review:
    plan = AcceptedPlan(
        "uk-bnf-noneuro", 1, START, {"maintenance_interval": "3 mo"}, "", "engineering-default", "", START, {}, {}
    )
    first = entry("first", "administration", START, source="this_site", data={"as_planned": True})
    facts = (Fact("cause", "pernicious_anaemia"), Fact("previous_treatment", "none"))
    return review(library, Case(Patient("a", date(1958, 3, 2), "female", "GB"), facts, plan, (first, *events)), on)


def dose(product: str, **given: object) -> Event:
    return entry("it", "administration", GIVEN, source="this_site", data={**PLANNED, "product": product, **given})


def asked(found: Review) -> set[str]:
    return {question.code for question in found.questions}


@hazard("H60")
@pytest.mark.parametrize(
    ("product", "given", "flag"),
    [
        ("gb-hydroxocobalamin-1mg-1ml", {}, ""),
        ("us-cyanocobalamin-1mg-1ml", {}, "PRODUCT_CONTRADICTS"),
        ("cyanokit-5g", {}, "PRODUCT_CONTRADICTS"),
        ("gb-hydroxocobalamin-1mg-1ml", {"dose": Mass(Decimal("0.1"), "mg")}, "PRODUCT_CONTRADICTS"),
        ("gb-hydroxocobalamin-1mg-1ml", {"route": "oral"}, "PRODUCT_CONTRADICTS"),
        ("gb-hydroxocobalamin-1mg-1ml", {"route": "subcutaneous"}, ""),
        ("gb-hydroxocobalamin-1mg-1m", {}, "PRODUCT_UNKNOWN"),
    ],
)
def test_the_product_of_a_given_dose_is_looked_up(
    product: str, given: dict[str, object], flag: str, library: Library
) -> None:
    found = seen(library, dose(product, **given))
    flags = {name for name in found.evaluations[1].flags if name.startswith("PRODUCT_") and name != "PRODUCT_SWITCHED"}
    assert flags == ({flag} if flag else set())
    assert {code for code in asked(found) if code.startswith("PRODUCT_")} == flags
    if flag:
        said = next(english(reason.text) for reason in found.evaluations[1].reasons if reason.code == flag)
        assert said in next(english(question.text) for question in found.questions if question.code == flag)


@hazard("H60")
def test_a_planned_dose_is_held_against_its_product_and_a_clinician_ends_the_question(library: Library) -> None:
    planned = entry(
        "it",
        "administration",
        GIVEN,
        source="this_site",
        data={"as_planned": "true", "product": "us-cyanocobalamin-1mg-1ml"},
    )
    answer = {"decision": "reviewed", "by": "Dr A", "answers": ("PRODUCT_CONTRADICTS",)}
    assert "PRODUCT_CONTRADICTS" in asked(seen(library, planned))
    assert "PRODUCT_CONTRADICTS" not in asked(
        seen(library, planned, entry("r", "decision", date(2026, 1, 8), data=answer))
    )


def test_a_product_that_nobody_knows_is_asked_about_once(library: Library) -> None:
    doses = [
        entry(f"d{day}", "administration", date(2026, 1, day), source="this_site", data={**PLANNED, "product": "b12"})
        for day in (7, 9, 12)
    ]
    found = seen(library, *doses, on=date(2026, 1, 12))
    assert [question.code for question in found.questions].count("PRODUCT_UNKNOWN") == 1


def reported(source: str, **told: str) -> dict[str, object]:
    given = {"substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}
    return {"id": "it", "date": "2026-01-07", "kind": "administration", "source": source, **given, **told}


@hazard("H61")
@pytest.mark.parametrize("source", ["reported", "self"])
@pytest.mark.parametrize("key", ["substance", "dose", "route"])
def test_a_reported_dose_of_which_something_is_not_known_is_kept_not_counted_and_asked(
    source: str, key: str, library: Library
) -> None:
    event = read_event(reported(source, **{key: "unknown"}), library)
    before, found = seen(library), seen(library, event)
    assert (found.evaluations[1].credit, found.outlook.target) == ("pending", before.outlook.target)
    assert "DOSE_NOT_KNOWN" in asked(found)
    decided = {"decision": "credit", "event": "it", "by": "Dr A", "reason": "it was the planned one"}
    credited = seen(library, event, entry("c", "decision", date(2026, 1, 8), data=decided))
    assert (credited.evaluations[1].credit, credited.outlook.number) == ("credited", 3)
    assert "DOSE_NOT_KNOWN" not in asked(credited)


@pytest.mark.parametrize("source", ["this_site", "other_site"])
def test_what_this_site_or_another_gave_is_known(source: str, library: Library) -> None:
    with pytest.raises(InputError, match="unknown is for a dose that was only reported"):
        read_event(reported(source, route="unknown"), library)
