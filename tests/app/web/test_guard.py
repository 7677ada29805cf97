"""Who may ask and send: this computer, its own pages, and nobody else; and no name leads out of the folder."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.requests import ClientDisconnect
from web_site import PAGES, RUNNING, Visitor

from cobalamin.app.web.frame import guard
from cobalamin.app.web.frame.access import Access

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OUTSIDE = [
    "..%2Fsecret.yaml", "%2e%2e%2fsecret.yaml", "..%5Csecret.yaml", "%2Fetc%2Fpasswd", "....//secret.yaml", ".hidden.yaml", "out.yaml", "inner",
    "inner%2Fdeep.yaml", "secret.yaml%00.yaml", "treatment-running.yaml%00", "notes.txt", "C:%5Csecret.yaml", "%ff.yaml",
]  # fmt: skip


@pytest.fixture
def outside(folder: Path) -> str:
    """A file beside the folder, reached by a link, and things that are no case files."""
    secret = folder.parent / "secret.yaml"
    secret.write_text("cobalamin: 1\npatient: {id: SECRET}\n")
    (folder / "out.yaml").symlink_to(secret)
    (folder / ".hidden.yaml").write_text("cobalamin: 1\npatient: {id: SECRET}\n")
    (folder / "inner").mkdir()
    (folder / "inner" / "deep.yaml").write_text("cobalamin: 1\npatient: {id: SECRET}\n")
    (folder / "notes.txt").write_text("SECRET")
    return "SECRET"


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("form", ["/case/{}", "/case/{}/file", "/case/{}/download", "/api/cases/{}/propose"])
def test_no_name_leads_out_of_the_folder(visitor: Visitor, outside: str, name: str, form: str) -> None:
    answer = visitor.site.get(form.format(name))
    assert answer.status_code in (404, 422), name
    assert outside not in answer.text


def test_files_that_lead_out_are_not_listed(visitor: Visitor, outside: str) -> None:
    page = visitor.get("/").text
    for name in ("out.yaml", ".hidden.yaml", "inner", "notes.txt"):
        assert f"/case/{name}" not in page
    assert "out.yaml" not in visitor.get("/api/cases").json()["cases"]


@pytest.mark.parametrize(
    "host",
    ["example.org", "127.0.0.1.example.org", "192.168.1.2:8612", "localhost.evil:8612", "", "127.0.0.1:8612@evil"],
)
def test_another_host_is_refused(visitor: Visitor, host: str) -> None:
    for address in ("/", RUNNING, "/api/cases", "/static/style.css"):
        answer = visitor.site.get(address, headers={"host": host})
        assert answer.status_code == 421
        assert "treatment" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8612", "localhost:8612", "[::1]:8612", "localhost"])
def test_this_computer_by_any_of_its_names(visitor: Visitor, host: str) -> None:
    assert visitor.site.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:8612", "http://127.0.0.1:9999", "http://localhost:8612"],
)
def test_what_another_page_sends_does_nothing(visitor: Visitor, origin: str) -> None:
    before = visitor.text()
    for address in (f"{RUNNING}/record/dose", "/look", "/examples/vegan", "/new", f"{RUNNING}/calendar"):
        assert (
            visitor.post(address, {"given": "planned", "date": "2026-09-01"}, headers={"origin": origin}).status_code
            == 403
        )
    answer = visitor.site.post(
        "/api/cases/treatment-running.yaml/record", json={"kind": "symptoms"}, headers={"origin": origin}
    )
    assert answer.status_code == 403
    assert visitor.text() == before


def test_a_form_without_an_origin_and_a_cross_site_request_are_refused(visitor: Visitor) -> None:
    del visitor.site.headers["origin"]
    assert visitor.post("/look", {"words": "plain"}).status_code == 403
    sent = visitor.site.post(
        "/api/cases/treatment-running.yaml/record", json={}, headers={"sec-fetch-site": "cross-site"}
    )
    assert sent.status_code == 403
    assert (
        visitor.site.get("/api/cases", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}).status_code
        == 403
    )
    assert (
        visitor.site.get("/", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}).status_code == 200
    )


@pytest.mark.parametrize("address", [*PAGES[:6], "/static/style.css", "/api/cases", "/nothing", f"{RUNNING}/download"])
def test_every_answer_has_the_strict_headers(visitor: Visitor, address: str) -> None:
    headers = visitor.site.get(address).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert address.startswith("/static/") or headers["cache-control"] == "no-store"


WITH_SCRIPT = ("/simulate", f"{RUNNING}/simulate", f"{RUNNING}/simulate?dose.1=x&every.1=2", f"{RUNNING}/try")


@pytest.mark.parametrize("address", WITH_SCRIPT)
def test_the_pages_with_a_script_allow_their_own_and_nothing_more(visitor: Visitor, address: str) -> None:
    pytest.importorskip("numpy")
    answer = visitor.site.get(address)
    assert answer.headers["content-security-policy"] == f"{POLICY}; script-src 'self'; connect-src 'self'"
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert scripts
    assert all(re.fullmatch(r'<script src="/static/[a-z]+\.js" defer>', script) for script in scripts), scripts
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "address",
    [
        *(page for page in PAGES if not page.endswith("/simulate") and "/try" not in page), "/simulate.svg", "/simulate.csv", f"{RUNNING}/simulate.svg", "/case/nobody.yaml/simulate",
        "/simulate/", "/static/follow.js", "/api/simulate?scenario=1+mg+weekly&people=5", "/simulate?add=1&dose.1=1",
    ],
)  # fmt: skip
def test_everything_else_allows_no_script(visitor: Visitor, address: str) -> None:
    answer = visitor.site.get(address, follow_redirects=False)
    assert answer.headers["content-security-policy"] == POLICY
    assert "<script" not in answer.text


def test_a_page_that_asks_for_the_model_says_so_only_to_this_computer(visitor: Visitor) -> None:
    assert visitor.site.get("/simulate", headers={"host": "evil"}).status_code == 421
    cross = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
    assert visitor.site.get("/simulate?scenario=1+mg+weekly", headers=cross).status_code == 403


def test_refusals_have_the_strict_headers_too(visitor: Visitor) -> None:
    assert visitor.site.get("/", headers={"host": "evil"}).headers["content-security-policy"] == POLICY


def test_what_is_too_large_is_not_read(visitor: Visitor) -> None:
    assert visitor.post("/look", {"words": "x" * 2_100_000}).status_code == 413


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\nx"]
)
def test_the_choice_of_words_leads_back_to_this_site_only(visitor: Visitor, back: str) -> None:
    assert visitor.post("/look", {"words": "plain", "back": back}).headers["location"] == "/"


def test_the_choice_of_words_is_kept_and_nothing_else_is(visitor: Visitor) -> None:
    answer = visitor.post("/look", {"words": "professional", "size": "huge", "back": "/about"})
    assert answer.headers["location"] == "/about"
    cookie = answer.headers["set-cookie"]
    assert "words=professional" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "size" not in cookie


def test_it_listens_on_this_computer_only(server: str) -> None:
    """As the kernel lists it: every listening socket of the port is bound to a loopback address."""
    port, loopback = f"{int(server.rsplit(':', 1)[1]):04X}", {"0100007F", "00000000000000000000000001000000"}
    lines = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    listening = {line[1].split(":")[0] for line in lines if line[3] == "0A" and line[1].endswith(f":{port}")}
    assert listening
    assert listening <= loopback


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "\xb2", "99999999999", "9" * 5000, ""])
def test_an_odd_length_is_refused_and_no_defect(length: str) -> None:
    code, reason = guard._refusal("POST", "/api/x", {"host": "127.0.0.1", "content-length": length})
    assert (code, bool(reason)) == (413, True)


def test_who_goes_away_while_sending_is_no_defect(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody is there to be answered, and the log of defects stays empty."""
    sent: list[object] = []

    async def gone(*_: object) -> None:
        raise ClientDisconnect

    async def send(message: object) -> None:
        sent.append(message)

    token = "t" * 32
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/api/library",
        "query_string": b"",
        "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"127.0.0.1"), (b"authorization", b"Bearer " + token.encode())],
    }
    answering = guard.Guard(gone, Access(token), lambda _: gone)(scope, gone, send)
    with ThreadPoolExecutor(1) as apart:  # a browser of another test may hold this thread's event loop
        apart.submit(asyncio.run, answering).result()
    assert sent == []
    assert caplog.records == []
