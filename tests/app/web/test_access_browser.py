"""The one-time address in Debian's Chromium: typed, followed from another site, opened a second time, and a lost session."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import expect, follow, press, says
from test_browser import LOOK, RULES, axe
from web_site import BOUND, DAY, ENTRIES, RUNNING, running_server

from cobalamin.app.web import server as server_module
from hazards import hazard

pytestmark = pytest.mark.browser


@pytest.fixture
def window(browser: Any) -> Iterator[Any]:
    """A window of a browser that has not opened the pages."""
    context = browser.new_context()
    context.set_default_timeout(BOUND)
    yield context.new_page()
    context.close()


@contextmanager
def page_of_another_site(link: str) -> Iterator[str]:
    """The address of a page on another site, which holds a link."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<title>Elsewhere</title><a href="{link}">the pages</a>'.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as elsewhere:
        thread = threading.Thread(target=elsewhere.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{elsewhere.server_port}/"
        finally:
            elsewhere.shutdown()
            thread.join()


@hazard("H31")
def test_the_printed_address_opens_the_pages_in_one_browser(window: Any, browser: Any, server: str) -> None:
    window.goto(ENTRIES[server])
    expect(window).to_have_url(f"{server}/")
    assert window.evaluate("document.cookie") == ""
    window.goto(ENTRIES[server])
    says(window, "example-treatment-running")
    other = browser.new_context().new_page()
    other.goto(ENTRIES[server])
    says(other, "used already", "start it again")
    other.goto(f"{server}{RUNNING}")
    says(other, "not open in this browser")
    other.context.close()


def test_a_link_of_another_site_to_the_printed_address_gets_in_with_one_more_press(window: Any, server: str) -> None:
    with page_of_another_site(ENTRIES[server]) as elsewhere:
        window.goto(elsewhere)
        follow(window, "the pages")
        says(window, "You come from a link on another page")
        follow(window, "Go on")
        expect(window).to_have_url(f"{server}/")
        says(window, "example-treatment-running")


def test_a_link_of_another_site_to_a_page_that_is_open_gets_in_with_one_more_press(window: Any, server: str) -> None:
    window.goto(ENTRIES[server])
    with page_of_another_site(f"{server}{RUNNING}/record/dose") as elsewhere:
        window.goto(elsewhere)
        follow(window, "the pages")
        follow(window, "Go on")
        expect(window).to_have_url(f"{server}{RUNNING}/record/dose")
        says(window, "Record this dose")


def test_what_was_typed_while_the_server_was_started_again_is_not_lost(
    window: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The 401 page says what to do; after it the very form is recorded."""
    kept = server_module.listening_sockets(0)  # by both servers, so that nobody takes the port between them
    monkeypatch.setattr(server_module, "listening_sockets", lambda _: [each.dup() for each in kept])
    with running_server(folder, DAY) as origin:
        window.goto(ENTRIES[origin])
        window.goto(f"{origin}{RUNNING}/record/dose")
    with running_server(folder, DAY) as origin:
        press(window, "Record this dose")
        says(window, "What you sent was not saved")
        second = window.context.new_page()
        second.goto(ENTRIES[origin])
        says(second, "example-treatment-running")
        window.reload()
        says(window, "It is recorded", where="h1")
    for each in kept:
        each.close()


@pytest.mark.parametrize("tone", ["light", "dark"])
def test_axe_finds_nothing_on_the_page_that_is_closed(browser: Any, server: str, tone: str) -> None:
    with axe() as script:
        context = browser.new_context(color_scheme=tone, viewport={"width": 320, "height": 700})
        page = context.new_page()
        page.goto(f"{server}{RUNNING}")
        page.evaluate(script)
        assert page.evaluate(LOOK, RULES) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        context.close()
