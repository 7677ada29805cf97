"""Why do they say different things? From the start page to why two texts differ in three clicks and on one screen, without a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsing import expect, follow
from web_site import SIDE_BY_SIDE, Visitor, main_of, words_of

from hazards import hazard

ONE, OTHER = "/compare?protocol=article-a0-4", "/compare?protocol=article-a0-4&protocol=article-a2-1"
ID = re.compile(r"\b[a-z]{2,}(?:-[a-z0-9]+)*-[a-z0-9]*\d[a-z0-9-]*\b")
FIRST = "Vitamin B12 Injections Dosage And Frequency"
SECOND = "What is the recommended dose for a vitamin B12 injection?"
BY_MOUTH = "Amounts by mouth and by injection can't be held against each other."


def links(page: str) -> dict[str, str]:
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', main_of(page), re.S)
    return {re.sub(r"<[^>]+>", "", text).strip(): address.replace("&amp;", "&") for address, text in found}


def test_three_links_lead_from_the_start_page_to_why_two_articles_differ(visitor: Visitor) -> None:
    start = links(visitor.get("/").text)
    first = links(visitor.get(start["Why do articles and labels say different things?"]).text)
    second = links(visitor.get(first["deficiency"]).text)
    page = words_of(main_of(visitor.get(second["Without neurological involvement"]).text))
    assert FIRST in page
    assert SECOND in page
    assert page.index("Where they differ, and why") < page.index("Written for other people")
    for told in ("21 mg", "9 to 11 mg", "every month", "every 2 to 3 months", "Another product"):
        assert told in page, told


@pytest.mark.parametrize("words", ["plain", "professional"])
@pytest.mark.parametrize("address", ["/compare", ONE, OTHER, SIDE_BY_SIDE, "/compare?q=label"])
def test_sources_have_names_and_no_ids(visitor: Visitor, address: str, words: str) -> None:
    assert ID.findall(words_of(main_of(visitor.get(address, words=words).text)).split(" Sources ")[0]) == []


def test_the_texts_are_found_by_name_country_kind_and_for_whom(visitor: Visitor) -> None:
    for wanted, found in (
        ("bnf neurological", "BNF"),
        ("netherlands formulary", "Farmacotherapeutisch"),
        ("LABEL pernicious", "US label"),
    ):
        page = main_of(visitor.get(f"/compare?q={wanted}").text)
        assert found in page, wanted
        assert "<details" not in page, wanted
    assert "No text has all of these words." in visitor.get("/compare?q=zzzz").text


def test_a_search_keeps_what_was_chosen(visitor: Visitor) -> None:
    page = visitor.get(f"{ONE}&q=bnf").text
    assert all("protocol=article-a0-4" in address for address in links(page).values() if "uk-bnf" in address)
    assert any("uk-bnf" in address for address in links(page).values())


def test_a_text_is_added_and_taken_away(visitor: Visitor) -> None:
    two = links(visitor.get(OTHER).text)
    assert "Deficiency" not in two
    assert two["Add another text"].endswith("&add=1")
    chooser = visitor.get(two["Add another text"]).text
    assert "Now choose what to hold beside it." in chooser
    three = links(visitor.get(f"{OTHER}&protocol=us-cn-pa").text)
    gone = next(address for text, address in three.items() if text.startswith("Take away") and "US label" in text)
    assert gone == OTHER


def test_guidance_without_a_schedule_says_so_and_stands_among_the_sides(visitor: Visitor) -> None:
    page = words_of(main_of(visitor.get("/compare?protocol=article-a1&protocol=article-a4&protocol=article-a0-4").text))
    assert "Vitamin B12 Injection Dosage: a practical guide: this is guidance and has no schedule of its own." in page


@hazard("H118")
def test_a_comparison_without_a_person_is_no_plan_for_anybody(visitor: Visitor) -> None:
    page = main_of(visitor.get(OTHER).text)
    assert page.index("Nobody&#39;s allergies, tests or medicines were looked at") < page.index("<table")
    assert "/plan" not in page
    assert "<form" not in page


@hazard("H118")
def test_a_text_that_is_forbidden_for_a_person_is_marked_and_has_no_dates(visitor: Visitor) -> None:
    page = visitor.get("/case/leber-us.yaml/compare?protocol=us-cn-pa").text
    row = page[page.index('<table class="years">') :].split("</tr>")[1]
    assert "US label, pernicious" in row
    assert '<strong class="warned">STOP</strong>' in row
    assert "no dates: a safety check forbids it" in row
    assert "<svg" not in row
    assert page.index('class="alarm') < page.index('<table class="years">')


@hazard("H119")
@pytest.mark.parametrize("words", ["plain", "professional"])
def test_amounts_by_mouth_beside_injections_say_that_little_is_taken_up(visitor: Visitor, words: str) -> None:
    page = words_of(main_of(visitor.get(SIDE_BY_SIDE, words=words).text))
    assert BY_MOUTH in page
    assert re.search(r"(?:one hundredth of a swallowed dose|1% of an oral dose)[^\[]*\[1, 2\]", page)
    assert BY_MOUTH not in visitor.get(OTHER, words=words).text


def test_the_plan_in_use_heads_the_comparison_of_a_person(visitor: Visitor) -> None:
    page = visitor.get("/case/treatment-running.yaml/compare?protocol=us-cn-pa").text
    rows = page[page.index('<table class="years">') :].split("<tr")
    assert 'class="own"' in rows[2]
    assert "BNF, no neurological involvement" in rows[2]


def test_bars_are_as_long_as_what_they_stand_for(visitor: Visitor) -> None:
    page = visitor.get(OTHER).text
    widths = [
        [float(width) for width in re.findall(r'class="(?:before|later|most)"[^>]*width="([\d.]+)"', bar)]
        for bar in re.findall(r'<svg class="mass".*?</svg>', page, re.S)
    ]
    assert [round(sum(each), 1) for each in widths] == [100.0, round(11 / 21 * 100, 1)]
    assert round(sum(widths[1][:2]), 1) == round(9 / 21 * 100, 1)
    assert round(widths[0][0], 1) == round(11 / 21 * 100, 1)  # 7 daily and 4 weekly doses come first


@pytest.mark.browser
def test_it_is_one_screen_and_at_most_four_of_a_phone(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}/", wide=1280)
    page.set_viewport_size({"width": 1280, "height": 800})
    follow(page, "Why do articles and labels say different things?")
    follow(page, "deficiency", exact=True)
    follow(page, "Without neurological involvement")
    last = page.locator(".differ tr").last
    expect(last).to_be_in_viewport()
    page.set_viewport_size({"width": 375, "height": 812})
    assert page.evaluate("document.documentElement.scrollHeight") <= 4 * 812
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@hazard("H160")
@pytest.mark.parametrize("words", ["plain", "professional"])
def test_a_text_without_a_schedule_is_not_said_to_agree_with_one_that_has_one(visitor: Visitor, words: str) -> None:
    page = main_of(visitor.get("/compare?protocol=article-a0-4&protocol=uk-ng239", words=words).text)
    assert "They do not differ" not in page
    assert "Nothing was held against each other" in page


@hazard("H160")
def test_a_text_that_was_followed_by_another_edition_says_so_beside_its_name(visitor: Visitor) -> None:
    said = words_of(main_of(visitor.get("/compare?protocol=asmbs-maintenance&protocol=uk-bomss-proph").text))
    followed, current = said.index("ASMBS 2016"), said.index("BOMSS 2020")
    assert followed < said.index("not the newest edition") < current
    assert said.count("not the newest edition") == 1
