"""Visiting the site: in this process, or through a real server with Debian's Chromium."""

from __future__ import annotations

import html
import http.cookiejar
import os
import re
import shutil
import threading
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from cobalamin.app.web.frame.access import Access

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
DAY = date(2026, 9, 1)
PORT = 8612
HOST = f"127.0.0.1:{PORT}"
API_TOKEN = "only-for-tests-" + "0" * 24
PLANNED, RUNNING = "/case/pernicious-anaemia.yaml", "/case/treatment-running.yaml"
CHOSEN = "protocol=uk-bnf-noneuro&start=2026-10-05&choose.maintenance_interval=3+mo&product=gb-hydroxocobalamin-1mg-1ml"
SIDE_BY_SIDE = "/compare?protocol=article-a3-7&protocol=us-cn-pa&protocol=uk-bnf-noneuro"
FORMS = ("dose", "result", "symptoms", "omission", "history", "decision", "pause", "correction")
PAGES = (
    "/", "/new", "/about", "/ask", "/ask?q=how+often", "/library", "/library?country=GB", "/library/uk-bnf-noneuro", "/library/cks-pas",
    "/library/gb-hydroxocobalamin-1mg-1ml", f"{PLANNED}/options", f"{PLANNED}/options?all=1", f"{PLANNED}/question?fact=cause",
    f"{PLANNED}/question?fact=weight", "/case/moved-here.yaml/options", f"{PLANNED}/facts", f"{PLANNED}/choose", f"{PLANNED}/check?{CHOSEN}", f"{PLANNED}/plan?protocol=uk-bnf-noneuro",
    f"{PLANNED}/plan?{CHOSEN}", f"{PLANNED}/plan?{CHOSEN}&change=1", f"{PLANNED}/take-over", f"{PLANNED}/take-over?protocol=uk-bnf-noneuro", f"{RUNNING}/take-over", f"{PLANNED}/print?{CHOSEN}", f"{PLANNED}/compare", f"{PLANNED}/whatif",
    f"{PLANNED}/share", f"{PLANNED}/file", RUNNING, f"{RUNNING}?day=2026-09-10", f"{RUNNING}/why?about=2026-10-09", f"{RUNNING}/review",
    f"{RUNNING}/record", *(f"{RUNNING}/record/{form}" for form in FORMS), f"{RUNNING}/print", f"{RUNNING}/share", f"{RUNNING}/compare",
    f"{RUNNING}/whatif", "/case/self-injecting.yaml", "/case/self-injecting.yaml/review", "/case/moved-here.yaml", "/case/child.yaml/options",
    "/case/leber-us.yaml/options", "/case/leber-us.yaml/compare", "/simulate", f"{RUNNING}/simulate", "/model", f"{RUNNING}?year=2026",
    f"{RUNNING}/month", f"{RUNNING}/month?month=2026-10", f"{RUNNING}/try", f"{RUNNING}/try?dose=2&day=2027-01-20", f"{RUNNING}/card", f"{RUNNING}/show",
    f"{RUNNING}/summary", f"{RUNNING}/ahead", f"{RUNNING}/ahead?from=2026-10-01&to=2026-10-12", f"{RUNNING}/record/dose?day=2026-08-30", "/?q=example", "/case/self-injecting.yaml/month?month=2026-03", "/case/self-injecting.yaml/summary", "/case/moved-here.yaml/card", "/compare", "/compare?q=label", SIDE_BY_SIDE, "/nothing-here", "/case/nobody.yaml",
)  # fmt: skip
MODES = {"plain": ("plain", "usual"), "professional": ("professional", "usual"), "large": ("plain", "large")}
BOUND = 120_000  # milliseconds; only ends what hangs, however busy the computer is
BROWSER_MISSING = (
    "SKIPPED LOUDLY: no Chromium (apt-get install chromium) or no playwright; the pages were not tried in a browser"
)


@dataclass
class Visitor:
    """Sends what a browser on this computer would send."""

    site: Any
    folder: Path

    def get(self, address: str, **cookies: str) -> Any:
        self.site.cookies.update(cookies)
        return self.site.get(address)

    def post(self, address: str, data: dict[str, Any], **extra: Any) -> Any:
        return self.site.post(address, data=data, follow_redirects=False, **extra)

    def form(self, address: str) -> dict[str, Any]:
        """The hidden fields and first values of the page's own form, as a browser would send them untouched."""
        return fields_of(self.get(address).text)

    def send(self, address: str, **told: Any) -> Any:
        """Fill in the form of a page and send it where it says."""
        page = self.get(address).text
        data = {**fields_of(page), **{key.replace("__", "."): value for key, value in told.items()}}
        answer = self.post(action_of(page) or address, data)
        return answer

    def text(self, name: str = "treatment-running.yaml") -> str:
        return (self.folder / name).read_text("utf-8")


class Reader(Visitor):
    """Somebody who only reads. No file of the folder changes, so the same page is the same answer and is computed once."""

    def get(self, address: str, **cookies: str) -> Any:
        asked = (address, *sorted(cookies.items()))
        if asked not in self.answers:
            for name in {"words", "size", "language"} & {*self.site.cookies}:
                self.site.cookies.delete(name)  # what an earlier page was asked with
            self.answers[asked] = super().get(address, **cookies)
        return self.answers[asked]

    @cached_property
    def answers(self) -> dict[tuple[object, ...], Any]:
        return {}


def stranger_to(folder: Path, day: date, access: Access | None = None) -> Visitor:
    """Somebody of this computer who has not opened the pages."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Starlette would rather have a successor of httpx; both work
        from fastapi.testclient import TestClient

    from cobalamin.app.web.server import make_app

    site = TestClient(
        make_app(folder, lambda: day, access),
        base_url=f"http://{HOST}",
        headers={"origin": f"http://{HOST}"},
        raise_server_exceptions=False,
    )
    return Visitor(site, folder)


def visitor_of(folder: Path, day: date) -> Visitor:
    """Who has opened the pages with the address that `serve` prints. The start page is not read: it reviews every case."""
    access = Access(API_TOKEN)
    visitor = stranger_to(folder, day, access)
    assert visitor.site.get(access.address(PORT), follow_redirects=False).status_code == 303
    return visitor


def reader_of(folder: Path, day: date) -> Reader:
    return Reader(visitor_of(folder, day).site, folder)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def fields_of(page: str) -> dict[str, Any]:
    """What the last form of the content that posts would send as it stands."""
    found: dict[str, Any] = {}
    form = re.findall(r'<form method="post".*?</form>', main_of(page), re.S)[-1]
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = _of(tag, "name"), _of(tag, "type")
        if kind in ("radio", "checkbox") and " checked" not in tag:
            continue
        if name:
            found[name] = _of(tag, "value")
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside) or re.search(r'<option value="([^"]*)"', inside)
        found[name] = html.unescape(chosen.group(1)) if chosen else ""
    return found


def action_of(page: str) -> str:
    forms = re.findall(r'<form method="post" action="([^"]*)"', main_of(page))
    return html.unescape(forms[-1]) if forms else ""


def _of(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return html.unescape(found.group(1)) if found else ""


def words_of(page: str) -> str:
    """The text of a page as it reads, without marks of invisible breaks."""
    text = re.sub(r"<(title|svg).*?</\1>", " ", page, flags=re.S)
    text = re.sub(r'<a href="#source-\d+">(\d+)</a>', r"\1", text)
    text = re.sub(r"<[^>]+>", " ", text)
    text = html.unescape(text).replace("\u00a0", " ").replace("\u200b", "").replace("\u2060", "")
    return " ".join(text.split())


def name_in(address: str) -> str:
    return unquote(address.split("/")[2])


@contextmanager
def running_server(folder: Path, day: date) -> Iterator[str]:
    """A real server of this process, on a free port of this computer. `ENTRIES` holds what it would print."""
    import uvicorn

    from cobalamin.app.web.server import config_of, listening_sockets, make_app

    sockets, access = listening_sockets(0), Access(API_TOKEN)
    port = sockets[0].getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    ENTRIES[origin] = access.address(port)
    made = uvicorn.Server(config_of(make_app(folder, lambda: day, access)))
    thread = threading.Thread(target=lambda: made.run(sockets=sockets), daemon=True)
    thread.start()
    try:  # the sockets listen already: whoever connects waits until the server takes it up
        yield origin
    finally:
        made.should_exit = True
        thread.join(BOUND / 1000)
        for each in sockets:
            each.close()
        del ENTRIES[origin]
        SESSIONS.pop(origin, None)
        assert not thread.is_alive(), "the server does not end"


ENTRIES: dict[str, str] = {}  # by origin, the address that opens the pages once
SESSIONS: dict[str, list[Any]] = {}  # by origin, the cookies of the browser that has used it


def let_in(context: Any, origin: str) -> None:
    """Make a window of the one browser that may use the pages: by the printed address, then by its cookie."""
    if origin in SESSIONS:
        context.add_cookies(SESSIONS[origin])
        return
    first = context.new_page()
    first.goto(ENTRIES[origin])
    assert first.url == f"{origin}/"
    SESSIONS[origin] = context.cookies(origin)
    first.close()


def cookie_for(address: str) -> str:
    """The cookie that the printed address gives, as it is sent."""
    jar = http.cookiejar.CookieJar()
    urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(address, timeout=BOUND / 1000).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def opened_with(address: str) -> urllib.request.OpenerDirector:
    """A plain client that has used the printed address and keeps its cookie."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address, timeout=BOUND / 1000) as answer:
        assert answer.url.endswith("/")
    return opener


def chromium_path() -> str:
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


@contextmanager
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason=BROWSER_MISSING)
    if not chromium_path():
        if os.environ.get("CI") == "true":
            pytest.fail(BROWSER_MISSING)
        pytest.skip(BROWSER_MISSING)
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"], timeout=BOUND
        )
        yield opened
        opened.close()
