"""`library list --countries` and `--aging`: where texts of a country's own are missing, and which editions are no longer the newest."""

from __future__ import annotations

from collections.abc import Callable

from command_line import Run

from cobalamin.app.web.pages.start import countries
from cobalamin.knowledge.library import Library
from hazards import hazard


def test_every_country_of_the_library_is_told_with_what_is_near(run: Callable[..., Run], library: Library) -> None:
    rows = {row["country"]: row for row in run("library", "list", "--countries", "--json").document["countries"]}
    current = {protocol.country for protocol in library.protocols() if protocol.status == "current"} - {"INT"}
    assert current <= set(rows)
    assert rows["ES"]["own"] == 6
    assert (rows["IE"]["own"], rows["IE"]["near"]) == (0, ["GB"])
    assert rows["AT"]["near"] == ["CH", "DE"]
    said = run("library", "list", "--countries").out
    assert "IE  none of its own that may be offered; near: GB" in said
    assert "Any other country: none of its own and none near." in said
    assert "uk-bnf-noneuro" in said.splitlines()[-1]


def test_a_form_offers_every_country_that_has_a_text(library: Library) -> None:
    assert {protocol.country for protocol in library.protocols()} - {"INT"} <= {code for code, _ in countries()}


@hazard("H100")
def test_an_edition_that_was_followed_by_another_is_named_with_what_rests_on_it(run: Callable[..., Run]) -> None:
    rows = {row["source"]: row for row in run("library", "list", "--aging", "--json").document["aging"]}
    assert "2019" in rows["asmbs16"]["newer_known"]
    assert "asmbs-maintenance" in rows["asmbs16"]["protocols"]
    assert {"ca-bc-oral", "us-cdc-im"} <= set(rows["mdedge"]["protocols"])
    assert rows["nhg14"]["protocols"] == []  # superseded: nothing that is offered rests on it
    assert "no current protocol" in run("library", "list", "--aging").out
