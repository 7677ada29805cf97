"""Driving a page in a real browser: every step waits for what it asserts, never for time, so that a busy computer changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from web_site import BOUND, BROWSER_MISSING

expect = pytest.importorskip("playwright.sync_api", reason=BROWSER_MISSING).expect
expect.set_options(timeout=BOUND)


@contextmanager
def new_page_of(page: Any) -> Iterator[None]:
    """What is done in the block leads to another document, which is there when the block ends.

    A press does not wait for the page it leads to: whoever reads on at once reads the page before. A change of the
    address alone (`#dose-3`, the address that follows a table) is no new document and is not taken for one.
    """
    with page.expect_event("load", timeout=BOUND):
        yield


def follow(page: Any, name: str, **which: Any) -> None:
    """Follow the first link with this name and wait for its page."""
    with new_page_of(page):
        page.get_by_role("link", name=name, **which).first.click()


def press(page: Any, name: str, **which: Any) -> None:
    """Press the first button with this name and wait for the page it leads to."""
    with new_page_of(page):
        page.get_by_role("button", name=name, **which).first.click()


def by_enter(page: Any) -> None:
    """Press Enter on what has the focus and wait for the page it leads to."""
    with new_page_of(page):
        page.keyboard.press("Enter")


def says(page: Any, *parts: str, where: str = "main") -> None:
    """Wait until the page says all of it; unbreakable spaces count as spaces."""
    for part in parts:
        expect(page.locator(where)).to_contain_text(part)


def at_width(page: Any, wide: int) -> None:
    """Make the window so wide, and wait until the page has it: the renderer hears of it later."""
    page.set_viewport_size({"width": wide, "height": 900})
    page.wait_for_function("wide => window.innerWidth === wide", arg=wide)


def in_media(page: Any, **wanted: str) -> None:
    """Emulate a medium or a colour scheme, and wait until the page has it."""
    page.emulate_media(**wanted)
    queries = {"media": "{}", "color_scheme": "(prefers-color-scheme: {})"}
    for name, value in wanted.items():
        page.wait_for_function("query => window.matchMedia(query).matches", arg=queries[name].format(value))


def focused(page: Any, where: str) -> None:
    """Wait until this element has the focus."""
    expect(page.locator(where)).to_be_focused()


def tab_to(page: Any, words: str, most: int = 60) -> None:
    """Go on with the Tab key until the thing with these words has the focus, and see that the focus shows."""
    for _ in range(most):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "() => { const e = document.activeElement; return (e.innerText || (e.labels && e.labels[0] && e.labels[0].innerText) || '').trim() }"
        )
        if told.startswith(words):
            seen = page.evaluate(
                "() => { const e = document.activeElement, s = getComputedStyle(e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 }"
            )
            assert seen, f"no focus is seen on {words}"
            return
    raise AssertionError(f"the Tab key does not reach {words}")
