"""`library list --countries` and `--aging`: where texts of a country's own are missing, and which editions are no longer the newest."""

from __future__ import annotations

from collections.abc import Callable

from command_line import Run

from cobalamin.app.web.pages.start import countries
from cobalamin.knowledge.library import Library
from hazards import hazard


def test_every_country_of_iso_3166_says_what_it_has_and_what_is_near(run: Callable[..., Run], library: Library) -> None:
    answer = run("library", "list", "--countries", "--json").document
    rows = {row["country"]: row for row in answer["countries"]}
    assert len(answer["countries"]) == len(rows) == len(library.countries) == 249
    held = {protocol.country for protocol in library.protocols()} - {"INT"}
    assert {code for code, row in rows.items() if row["held"]} == held
    assert rows["ES"]["own"] == 6
    assert (rows["IE"]["own"], rows["IE"]["near"], rows["IE"]["looked_for"]) == (0, ["GB"], True)
    assert rows["AT"]["near"] == ["CH", "DE"]
    lines = run("library", "list", "--countries").out.splitlines()
    assert [line[:2] for line in lines[:249]] == sorted(rows)
    told = {line[:2]: line for line in lines[:249]}
    assert told["IE"] == "IE  Ireland: none was found, though one was looked for; near: GB."
    assert told["KR"] == "KR  South Korea: none of its own that may be offered (1 held); none near."
    assert told["AF"] == "AF  Afghanistan: none was found; none near."
    assert "number 536, 2024" in told["RU"]
    assert lines[250].startswith("249 countries of ISO 3166-1: ")
    assert "uk-bnf-noneuro" in lines[-1]


def test_every_country_without_a_text_has_one_line_when_it_is_asked_for(run: Callable[..., Run]) -> None:
    assert "LI  Liechtenstein: none was found; near: AT, CH." in run("library", "list", "--country", "LI").err
    assert "no country of ISO 3166-1" in run("library", "list", "--country", "XX").err


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


@hazard("H100")
def test_a_text_that_is_not_current_says_what_took_its_place(run: Callable[..., Run], library: Library) -> None:
    answer = run("library", "list", "--aging", "--json").document
    rows = {row["protocol"]: row for row in answer["replaced"]}
    assert set(rows) == {protocol.id for protocol in library.protocols() if protocol.status != "current"}
    assert rows["nl-nhg14"]["replaced_by"] == "nl-nhg21"
    assert all(row["citations"] for row in rows.values())
    said = run("library", "list", "--aging").out
    assert "nl-nhg14  " in said
    assert "In its place: The Dutch standard on anaemia of 2021. The library holds it as nl-nhg21." in said


def test_a_source_without_a_day_of_checking_is_told_with_what_rests_on_it(
    run: Callable[..., Run], library: Library
) -> None:
    rows = run("library", "list", "--aging", "--json").document["unchecked"]
    assert all(library.sources[row["source"]].checked_on == "" and row["protocols"] for row in rows)
    assert "es-opto" not in {row["source"] for row in rows}
    assert f"{len(rows)} sources that offered protocols rest on have no day" in run("library", "list", "--aging").out
