"""Which options may lead, by country and situation: a table written from the sources by somebody who did not run the program.

"First three" are those that people are shown: of the country, of a near one, and general guidance; texts of other countries
are counted and collapsed. Rows that cannot be met without inventing stand in `not_met.csv`, each with its reason; a row that
is met must be taken out of it.
"""

from __future__ import annotations

from datetime import date

import pytest
from proposals import table, written

from cobalamin.knowledge.library import Library
from cobalamin.therapy.proposal.proposal import Option, propose
from hazards import hazard

ON = date(2026, 1, 5)
ROWS = table("first_options")
NOT_MET = {(row["country"], row["situation"]): row for row in table("not_met")}
NONE = "none"


def key(row: dict[str, str]) -> tuple[str, str]:
    return row["country"], row["situation"]


def options(library: Library, row: dict[str, str]) -> list[Option]:
    born, facts = row["facts"].strip()[1:-1].split(",", 1)
    case = written(library, row["country"], born.partition(":")[2].strip(), facts)
    return list(propose(library, case, ON).options)


def shown(library: Library, row: dict[str, str]) -> list[str]:
    return [option.protocol.id for option in options(library, row) if option.near_enough]


def meets(row: dict[str, str], names: list[str]) -> bool:
    if row["may_lead"] == NONE:
        return not names
    never = set(row["never_in_first_three"].split("|"))
    return bool(names) and names[0] in row["may_lead"].split("|") and not never & set(names[:3])


@hazard("H63")
@pytest.mark.parametrize("row", [row for row in ROWS if key(row) not in NOT_MET], ids=lambda row: "-".join(key(row)))
def test_what_leads_is_what_the_sources_say(library: Library, row: dict[str, str]) -> None:
    names = shown(library, row)
    assert meets(row, names), (
        f"{names[:4]}; may lead: {row['may_lead']}; never: {row['never_in_first_three']}; {row['why']}"
    )


@pytest.mark.parametrize("row", [row for row in ROWS if key(row) in NOT_MET], ids=lambda row: "-".join(key(row)))
def test_a_row_that_is_not_met_says_what_leads_and_why(library: Library, row: dict[str, str]) -> None:
    names = shown(library, row)
    assert not meets(row, names), f"{key(row)} is met now: take it out of not_met.csv"
    assert names[0] == NOT_MET[key(row)]["leads"]
    assert NOT_MET[key(row)]["reason"]


def test_the_rows_that_are_not_met_only_get_fewer() -> None:
    assert len(NOT_MET) <= 1
    assert NOT_MET.keys() <= {key(row) for row in ROWS}


def test_every_option_of_other_countries_comes_after_those_that_are_shown(library: Library) -> None:
    """Among those of equal fit; a text for the person's age, or without a reservation, may come first from anywhere."""
    for row in ROWS:
        fit = [option.near_enough for option in options(library, row) if not option.reserved]
        assert fit == sorted(fit, reverse=True), key(row)


def test_a_country_without_a_text_is_offered_general_guidance_first(library: Library) -> None:
    row = next(row for row in ROWS if key(row) == ("KR", "dietary_vegan"))
    assert [option.place for option in options(library, row)][:3] == ["general"] * 3
