"""Fixtures of the web door: a folder of examples, the site in this process, and a real server with a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the web pages need the extra 'web'")

from web_site import (
    BOUND,
    DAY,
    EXAMPLES,
    MODES,
    Reader,
    Visitor,
    chromium,
    let_in,
    reader_of,
    running_server,
    visitor_of,
)  # fmt: skip

from cobalamin.app.web import connections


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives Debian's Chromium; skipped by name where it is missing")


@pytest.fixture(autouse=True, scope="session")
def unhurried() -> Iterator[None]:
    """No test but those of the deadlines themselves meets one, however busy the computer is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "HEAD_WITHIN", BOUND / 1000)
        patch.setattr(connections, "BODY_WITHIN", BOUND / 1000)
        yield


def _filled(made: Path) -> Path:
    made.mkdir()
    for example in EXAMPLES:
        shutil.copy(example, made)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example case files."""
    return _filled(tmp_path / "cases")


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Somebody who only reads pages of the examples: for tests that send nothing."""
    return reader_of(_filled(tmp_path_factory.mktemp("read") / "cases"), DAY)


@pytest.fixture
def visitor(folder: Path) -> Visitor:
    """Somebody at the pages of the folder, on a fixed day."""
    return visitor_of(folder, DAY)


@pytest.fixture
def on_day(folder: Path) -> Callable[[date], Visitor]:
    return lambda day: visitor_of(folder, day)


@pytest.fixture
def server(folder: Path) -> Iterator[str]:
    """The address of a real server of the folder."""
    with running_server(folder, DAY) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium; skipped by name where it is missing."""
    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """A page of a browser; fails the test where anything left the origin or the console complained."""
    contexts: list[Any] = []
    outside: list[str] = []

    def opened(address: str, wide: int = 1024, tone: str = "light", mode: str = "plain", script: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": wide, "height": 900},
            color_scheme=tone,
            java_script_enabled=script,
            accept_downloads=True,
            reduced_motion="reduce",  # no colour is caught halfway
        )
        context.set_default_timeout(BOUND)
        words, size = MODES[mode]
        origin = "/".join(address.split("/")[:3])
        context.add_cookies(
            [{"name": "words", "value": words, "url": origin}, {"name": "size", "value": size, "url": origin}]
        )
        contexts.append(context)
        let_in(context, origin)
        page = context.new_page()
        page.on("request", lambda sent: outside.append(sent.url) if not sent.url.startswith(origin) else None)
        page.on("console", lambda told: outside.append(told.text) if "Content Security Policy" in told.text else None)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == []
