"""The comparison on a page: the short answer first, the rest opens, and on paper nothing is folded away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import expect, in_media
from web_site import PLANNED, Visitor

SCREENS, TALL = 10, 700  # of a phone


def test_every_part_below_the_short_answer_is_folded(visitor: Visitor) -> None:
    page = visitor.get(f"{PLANNED}/compare").text
    main = page[page.index("<main") : page.index("</main>")]
    assert main.index('<table class="years">') < main.index('<table class="differ">') < main.index("<details")
    folded = [part.partition("</summary>")[0] for part in main.split("<details")[1:]]
    for heading in ("Time axes of the protocols", "One by one", "Where they differ, and why", "Sources"):
        assert any(heading in summary for summary in folded), heading
    assert "<details open" not in main


@pytest.mark.browser
def test_the_page_is_short_on_a_phone_and_whole_on_paper(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}{PLANNED}/compare")
    page.set_viewport_size({"width": 375, "height": TALL})
    assert page.evaluate("document.documentElement.scrollHeight") <= SCREENS * TALL
    expect(page.locator("#source-1")).to_be_hidden()
    page.locator("summary", has_text="Where they differ, and why").click()
    expect(page.get_by_text("Form of vitamin B12").first).to_be_visible()
    in_media(page, media="print")
    expect(page.locator("#source-1")).to_be_visible()
