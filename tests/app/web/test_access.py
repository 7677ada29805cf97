"""Who may ask: the browser that opened the printed address, programs with the token of the run, and nobody else of this computer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from web_site import API_TOKEN, DAY, ENTRIES, HOST, PAGES, PORT, RUNNING, Visitor, cookie_for, stranger_to, words_of

from cobalamin.app.web.frame import owner
from cobalamin.app.web.frame.access import Access
from cobalamin.errors import InputError
from hazards import hazard
from processes import BOUND

COOKIE = f"cobalamin-{PORT}"
CASES = "/api/cases/treatment-running.yaml"


@pytest.fixture
def access() -> Access:
    return Access(API_TOKEN)


@pytest.fixture
def stranger(folder: Path, access: Access) -> Visitor:
    """Somebody of this computer who has not opened the pages."""
    return stranger_to(folder, DAY, access)


@hazard("H31")
@pytest.mark.parametrize("address", [*PAGES, f"{RUNNING}/download", f"{RUNNING}/simulate.csv", "/favicon.ico"])
def test_a_stranger_sees_no_page(stranger: Visitor, address: str) -> None:
    for cookie in ("", "x", "é", "0" * 32):
        stranger.site.cookies.clear()
        answer = stranger.site.get(address, headers={"cookie": f"{COOKIE}={cookie}".encode()} if cookie else {})
        assert answer.status_code == 401
        assert "treatment-running" not in answer.text.replace(address, "")
        assert "not open in this browser" in words_of(answer.text)
        assert "start it again with cobalamin serve --no-open" in words_of(answer.text)
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"


@hazard("H31")
@pytest.mark.parametrize(
    "address", [f"{RUNNING}/record/dose", "/new", "/open", "/look", "/examples/vegan", f"{RUNNING}/calendar"]
)
def test_a_stranger_writes_nothing(stranger: Visitor, address: str) -> None:
    before = {path: path.read_bytes() for path in stranger.folder.iterdir()}
    answer = stranger.post(address, {"given": "planned", "date": "2026-09-01", "id": "Anna"})
    assert answer.status_code == 401
    assert "What you sent was not saved" in words_of(answer.text)
    assert {path: path.read_bytes() for path in stranger.folder.iterdir()} == before


def test_what_belongs_to_nobody_is_free(stranger: Visitor) -> None:
    for file in ("style.css", "mark.svg", "follow.js", "read.js"):
        assert stranger.get(f"/static/{file}").status_code == 200
    assert stranger.get("/static/../api/cases").status_code == 401


@hazard("H31")
def test_the_address_opens_the_pages_once(folder: Path, access: Access) -> None:
    from fastapi.testclient import TestClient

    mine = stranger_to(folder, DAY, access)
    first = mine.site.get(access.address(PORT), follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    kept = first.headers["set-cookie"]
    assert kept == f"{COOKIE}={access.session}; HttpOnly; Path=/; SameSite=strict"
    assert access.entry not in kept
    assert mine.get(RUNNING).status_code == 200
    again = mine.site.get(access.address(PORT), follow_redirects=False)  # a reload of the printed address
    assert (again.status_code, again.headers["location"]) == (303, "/")
    other = TestClient(mine.site.app, base_url=f"http://{HOST}")
    used = other.get(access.address(PORT))
    assert used.status_code == 401
    assert "used already" in words_of(used.text)
    assert access.session not in used.text
    assert other.get("/").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "é", "a b", "%00"])
def test_another_token_opens_nothing_and_uses_nothing_up(stranger: Visitor, access: Access, token: str) -> None:
    assert stranger.get(f"/?token={token}").status_code == 401
    assert stranger.get(f"{RUNNING}?token={access.entry}").status_code == 401
    assert stranger.post(f"/?token={access.entry}", {}).status_code == 401
    assert stranger.get(f"/?token={access.session}").status_code == 401
    assert stranger.get(f"/?token={API_TOKEN}").status_code == 401
    assert stranger.get(access.address(PORT)).status_code == 200


def test_every_run_has_secrets_of_its_own() -> None:
    runs = [Access() for _ in range(20)]
    assert len({secret for run in runs for secret in (run.entry, run.session)}) == 40
    assert min(len(secret) for run in runs for secret in (run.entry, run.session)) >= 32


def test_the_cookies_of_two_servers_do_not_stand_in_each_others_way(folder: Path) -> None:
    names = set()
    for port in (8612, 8613):
        access = Access()
        answer = stranger_to(folder, DAY, access).site.get(
            access.address(port), follow_redirects=False, headers={"host": f"127.0.0.1:{port}"}
        )
        names.add(answer.headers["set-cookie"].split("=")[0])
    assert names == {"cobalamin-8612", "cobalamin-8613"}


# -- a link of another site ------------------------------------------------------------------------------------------

FROM_A_LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


def test_a_link_of_another_site_leads_on_and_uses_nothing_up(stranger: Visitor, access: Access) -> None:
    """A browser sends no strict cookie along behind such a link, so the address would be used up for nothing."""
    asked = stranger.site.get(access.address(PORT), headers=FROM_A_LINK)
    assert asked.status_code == 401
    assert f'href="/?token={access.entry}"' in asked.text
    assert stranger.get(access.address(PORT)).status_code == 200
    page = stranger_to(stranger.folder, DAY).site.get(f"{RUNNING}/why?about=2026-10-09&x=%22%3E", headers=FROM_A_LINK)
    assert f'href="{RUNNING}/why?about=2026-10-09&amp;x=%22%3E"' in page.text


# -- programs --------------------------------------------------------------------------------------------------------


@hazard("H31")
@pytest.mark.parametrize(
    "held", ["", "Bearer", "Bearer ", "Bearer x", f"bearer {API_TOKEN}x", f"Basic {API_TOKEN}", API_TOKEN, "Bearer é"]
)
def test_a_program_without_the_token_gets_a_document(stranger: Visitor, access: Access, held: str) -> None:
    before = stranger.text()
    for held_too in ({}, {"authorization": f"Bearer {access.entry}"}, {"authorization": f"Bearer {access.session}"}):
        headers = held_too or ({"authorization": held.encode()} if held else {})
        for answer in (
            stranger.site.get("/api/cases", headers=headers), stranger.site.get("/api/openapi.json", headers=headers),
            stranger.site.get("/api/nothing", headers=headers), stranger.site.post(f"{CASES}/record", json={"kind": "symptoms"}, headers=headers),
        ):  # fmt: skip
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            [fault] = answer.json()["faults"]
            assert set(fault) == {"file", "line", "path", "message"}
            assert "COBALAMIN_API_TOKEN" in fault["message"]
    assert stranger.text() == before


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_program_with_the_token_asks_and_writes_and_sees_no_page(stranger: Visitor, scheme: str) -> None:
    headers = {"authorization": f"{scheme} {API_TOKEN}"}
    del stranger.site.headers["origin"]
    assert "treatment-running.yaml" in stranger.site.get("/api/cases", headers=headers).json()["cases"]
    event = {"date": "2026-09-01", "kind": "symptoms", "tiredness": 4}
    assert stranger.site.post(f"{CASES}/record", json=event, headers=headers).status_code == 200
    assert "tiredness" in stranger.text()
    assert stranger.site.get(RUNNING, headers=headers).status_code == 401


def test_without_a_token_of_the_run_no_program_is_let_in_and_the_browser_may_ask(folder: Path) -> None:
    access = Access()
    someone = stranger_to(folder, DAY, access)
    for held in ("Bearer ", "Bearer x"):
        assert someone.site.get("/api/cases", headers={"authorization": held}).status_code == 401
    someone.get(access.address(PORT))
    assert someone.get("/api/cases").status_code == 200


@pytest.mark.parametrize(
    "token", ["x", "0" * 31, "0" * 31 + "é", "0" * 40 + " ", "0" * 40 + "\n", "0" * 20 + " " + "0" * 20]
)
def test_a_token_that_could_be_guessed_or_not_be_sent_is_refused(token: str) -> None:
    with pytest.raises(InputError, match="at least 32"):
        Access(token)


def test_the_description_says_how_to_hold_the_token(visitor: Visitor) -> None:
    described = visitor.get("/api/openapi.json").json()
    assert described["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    assert described["security"] == [{"token": []}]
    assert all("401" in each["responses"] for methods in described["paths"].values() for each in methods.values())


# -- another user of this computer -----------------------------------------------------------------------------------

TCP = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:21A4 00000000:0000 0A 00000000:00000000 00:00000000 00000000 {ours:5} 0 1 1 0 100 0 0 10 0
   1: 0100007F:21A4 0100007F:C350 01 00000000:00000000 00:00000000 00000000 {ours:5} 0 1 1 0 100 0 0 10 0
   2: 0100007F:C350 0100007F:21A4 01 00000000:00000000 00:00000000 00000000 {user:5} 0 1 1 0 100 0 0 10 0
"""
CLIENT, SERVER = ("127.0.0.1", 50000), ("127.0.0.1", 8612)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or sys.byteorder != "little", reason="a table of Linux, little end first"
)
@pytest.mark.parametrize(
    ("user", "client", "another"), [(0, CLIENT, False), (1, CLIENT, True), (0, ("127.0.0.1", 50001), True)]
)
def test_whose_connection_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, client: tuple[str, int], another: bool
) -> None:  # fmt: skip
    """(uid beyond ours, the connection asked about); one that stands in no table has hung up already."""
    (tmp_path / "tcp").write_text(TCP.format(ours=os.geteuid(), user=os.geteuid() + user))
    monkeypatch.setitem(owner._TABLES, owner.socket.AF_INET, tmp_path / "tcp")
    assert owner.is_of_another_user(client, SERVER) is another
    assert owner.is_of_another_user(client, ("127.0.0.1", 8613)) is False  # a table without us says nothing
    monkeypatch.setitem(owner._TABLES, owner.socket.AF_INET, tmp_path / "none")
    assert owner.is_of_another_user(client, SERVER) is False
    assert owner.is_of_another_user(("testclient", 1), SERVER) is False
    assert owner.is_of_another_user(None, None) is False


def test_an_address_is_written_as_the_kernel_does() -> None:
    if sys.byteorder == "little":
        assert owner._as_listed(owner.socket.AF_INET, ("127.0.0.1", 8612)) == "0100007F:21A4"
        assert owner._as_listed(owner.socket.AF_INET6, ("::1", 80)) == "00000000000000000000000001000000:0050"


@hazard("H31")
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("curl"),
    reason="only root can ask as another user",
)
@pytest.mark.parametrize("header", ["", "X-Forwarded-For: 127.0.0.1"])
def test_another_user_gets_in_with_no_secret_of_the_browser(server: str, header: str) -> None:
    """They read the address among the browser's arguments, or the cookie on a page that they serve."""
    extra = ["-H", header] if header else []

    def as_nobody(address: str, *more: str) -> str:
        command = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", *extra, *more, address]
        return subprocess.run(command, user=65534, capture_output=True, text=True, timeout=BOUND, check=True).stdout

    assert as_nobody(ENTRIES[server]) == "401"
    cookie = cookie_for(ENTRIES[server])  # it is not used up
    assert as_nobody(f"{server}/", "-H", f"Cookie: {cookie}") == "401"
    mine = urllib.request.Request(f"{server}/", headers={"Cookie": cookie})
    assert urllib.request.urlopen(mine, timeout=BOUND).status == 200
    assert as_nobody(f"{server}/api/cases", "-H", f"Authorization: Bearer {API_TOKEN}") == "200"  # it was given to them
