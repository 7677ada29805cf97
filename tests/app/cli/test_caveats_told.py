"""What a source says about its own dose stands where the dose is chosen: option, plan, acceptance, library, JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, START, Run

from hazards import hazard

Command = Callable[..., Run]
BYPASS = (
    "cobalamin: 1\npatient: {id: bypass, birth_date: 1980-01-15, sex: female, country: US}\n"
    "facts: {deficiency: confirmed, cause: bariatric_surgery, neurological_involvement: present, anaemia: mild, previous_treatment: none,\n"
    "  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]}\n"
)
HIGHER = "Considerably higher doses may be indicated in critical illness"
LABEL = ("--protocol", "us-oh-def", "--choose", "initial_duration=10 d", "--choose", "maintenance_dose=200 mcg")


@pytest.fixture
def bypass(case_file: Callable[..., Path]) -> Path:
    return case_file(BYPASS)


def joined(text: str) -> str:
    return " ".join(text.split())


@hazard("H50")
@pytest.mark.parametrize(("plain", "bears"), [((), "This applies here"), (("--plain",), "This applies to you")])
def test_the_reservation_stands_under_the_option(
    run: Command, bypass: Path, plain: tuple[str, ...], bears: str
) -> None:
    text = joined(run("propose", bypass, *DAY, "--all", *plain).out)
    option = text.split("Hydroxocobalamin injection, US label, B12 deficiency", 1)[1].split("Why here", 1)[0]
    assert HIGHER in option
    assert bears in option


@hazard("H50")
def test_the_document_says_whether_it_holds(
    run: Command, bypass: Path, fits_schema: Callable[[str, Any], None]
) -> None:
    answer = run("propose", bypass, *DAY, "--json")
    fits_schema("propose", answer.document)
    [option] = [each for each in answer.document["options"] if each["protocol"] == "us-oh-def"]
    by_text = {caveat["text"][:20]: caveat for caveat in option["caveats"]}
    higher, child = by_text["Considerably higher "], by_text["A compendium gives f"]
    assert (higher["kind"], higher["holds"], higher["affirms"]) == ("dose", True, False)
    assert higher["when"] == "neurological involvement present"
    assert higher["citations"] == [{"source": "us-oh", "level": "secondary"}]
    assert child["holds"] is False
    assert {caveat["kind"] for each in answer.document["options"] for caveat in each["caveats"]} <= {
        "dose", "population", "availability",
    }  # fmt: skip
    holds = {caveat["holds"] for each in answer.document["options"] for caveat in each["caveats"]}
    assert holds == {True, False, None}


@hazard("H50")
@pytest.mark.parametrize("plain", [(), ("--plain",)])
def test_the_plan_says_all_of_it(
    run: Command, bypass: Path, plain: tuple[str, ...], fits_schema: Callable[[str, Any], None]
) -> None:
    told = run("plan", bypass, *START, *DAY, *LABEL, *plain)
    above, below = joined(told.out).split("Day Date", 1)
    assert HIGHER in above
    assert HIGHER in below
    document = run("plan", bypass, *START, *DAY, *LABEL, "--json").document
    fits_schema("plan", document)
    assert [caveat["holds"] for caveat in document["caveats"]].count(True) == 2
    assert [issue["severity"] for issue in document["issues"] if issue["code"] == "CAVEAT"] == ["acknowledge"]


@hazard("H50")
def test_the_plan_is_accepted_only_with_a_reason_for_it(run: Command, bypass: Path) -> None:
    accept = ("accept", bypass, *START, *DAY, *LABEL, "--by", "Dr A. Example")
    refused = run(*accept)
    assert refused.code == 1
    assert HIGHER in joined(refused.err)
    assert "--acknowledge CAVEAT=" in refused.err
    accepted = run(*accept, "--acknowledge", "CAVEAT=only product at hand, 1000 mcg arrives on Friday")
    assert accepted.code == 0
    assert 'CAVEAT: "only product at hand' in bypass.read_text("utf-8")


def test_what_is_left_over_is_counted_and_shown_by_all(run: Command, case_file: Callable[..., Path]) -> None:
    case = case_file(BYPASS.replace("country: US", "country: BE").replace("bariatric_surgery", "dietary"))
    short, full = (joined(run("propose", case, *DAY, *more).out) for more in ((), ("--all",)))
    assert "more caveats of the source" in short
    whole = (
        full.split("be-sterop-complicated: ", 1)[0].split("be-sterop-complicated Cyano", 1)[1].split("Why here", 1)[0]
    )
    assert "In liver impairment the interval may be lengthened." in whole
    assert "more of the source's own remarks" not in whole


def test_the_library_shows_every_note_by_its_kind(run: Command) -> None:
    text = joined(run("library", "show", "us-oh-def").out)
    assert f"note, dose: {HIGHER}" in text
    assert "note, practice: A diagnostic trial is 1 mcg daily" in text
    assert text.index("note, dose") < text.index("note, practice")
    notes = run("library", "show", "us-oh-def", "--json").document["notes"]
    assert {note["kind"] for note in notes} == {"dose", "practice"}
