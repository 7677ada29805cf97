"""Faults: a folder that can't be written, a full disk, hostile files, a server that is killed in mid-save."""

from __future__ import annotations

import errno
import http.client
import os
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest
from web_site import RUNNING, Visitor, cookie_for, fields_of, words_of

from cobalamin.app.services import cases, files
from processes import BOUND, line_of, started

HOSTILE = "<script>alert(1)</script><b>&\"'" + "\u202e\u2066evil\u200f" + "x" * 40 + "مرحبا"
CASE = (
    "cobalamin: 1\npatient: {{id: {id}, birth_date: 1958-03-02, country: GB}}\nfacts: {{deficiency: confirmed}}\n{more}"
)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_where_nothing_can_be_written_a_page_says_so(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    forms = {address: visitor.form(address) for address in (f"{RUNNING}/record/dose", "/new")}
    really = os.open

    def refuse(path: object, flags: int, *rest: object, **more: object) -> int:
        if flags & os.O_CREAT:
            raise OSError(code, os.strerror(code))
        return really(path, flags, *rest, **more)  # type: ignore[arg-type]  # as it was called

    before = visitor.text()
    monkeypatch.setattr(files.os, "open", refuse)
    for address, form in forms.items():
        answer = visitor.post(address, {**form, "id": "Anna", "country": ""})
        assert answer.status_code == 422
        assert "can't be written" in words_of(answer.text)
    monkeypatch.undo()
    assert visitor.text() == before
    assert not (visitor.folder / "anna.yaml").exists()


def test_a_disk_that_fills_up_while_saving_leaves_the_old_file(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = visitor.text()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    form = visitor.form(f"{RUNNING}/record/dose")
    monkeypatch.setattr(files.os, "fsync", full)
    answer = visitor.post(f"{RUNNING}/record/dose", form)
    assert answer.status_code == 422
    assert "nothing was changed" in words_of(answer.text)
    assert visitor.text() == before
    assert [path.name for path in visitor.folder.iterdir() if path.name.startswith(".")] == []


def test_another_program_that_is_writing_is_waited_for_by_the_reader(visitor: Visitor) -> None:
    form = visitor.form(f"{RUNNING}/record/dose")
    with files.locked(visitor.folder / "treatment-running.yaml"):
        answer = visitor.post(f"{RUNNING}/record/dose", form)
    assert answer.status_code == 422
    assert "another program is writing" in words_of(answer.text)
    assert visitor.post(f"{RUNNING}/record/dose", form).status_code == 303


def hostile(folder: Path, name: str = "hostile.yaml") -> Path:
    """A file whose every word that a person may type is hostile."""
    text = HOSTILE.replace('"', '\\"')
    events = f"""record:
  - {{date: 2026-08-01, kind: result, marker: potassium, value: 3.9 mmol/L, laboratory: "{text}", method: "{text}"}}
  - {{date: 2026-08-01, kind: symptoms, own: {{"{text}": 4}}}}
  - {{date: 2026-08-02, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im, batch: "{text}", by: "{text}"}}
"""
    plan = f'plan: {{protocol: uk-bnf-noneuro, version: 1, start: 2026-08-01, choices: {{maintenance_interval: 3 mo}}, accepted_by: "{text}"}}\n'
    path = folder / name
    path.write_text(CASE.format(id=f'"{text}"', more=plan + events), "utf-8")
    cases.open_case(path)
    return path


def test_what_a_hostile_file_says_stays_text(visitor: Visitor) -> None:
    hostile(visitor.folder)
    for page in (
        "",
        "/review",
        "/options",
        "/compare",
        "/whatif",
        "/share",
        "/print",
        "/record",
        "/record/dose",
        "/record/correction",
        "/file",
        "/why?about=2026-08-02",
    ):
        answer = visitor.get(f"/case/hostile.yaml{page}")
        assert answer.status_code == 200, page
        assert "<script" not in answer.text
        assert not re.search(r"<b>|[\u202e\u200f]", answer.text), page
        assert len(answer.content) < 100_000
    picture = visitor.get("/case/hostile.yaml/compare.svg")
    assert "<script" not in picture.text


def test_hostile_names_of_files_and_people(visitor: Visitor) -> None:
    names = [
        "<img src=x>.yaml",
        "a'b\"c.yaml",
        "\u202etxt.yaml",
        "a b&c=d?e#f.yaml",
        "n" * 240 + ".yaml",
    ]
    for name in names:
        (visitor.folder / name).write_text(CASE.format(id="x" * 300, more=""), "utf-8")
    page = visitor.get("/").text
    assert "<img src=x>" not in page
    assert "\u202e" not in page
    for name in names:
        answer = visitor.get(f"/case/{urllib.parse.quote(name, safe='')}/options")
        assert answer.status_code == 200, name
        assert visitor.get(f"/case/{urllib.parse.quote(name, safe='')}/download").status_code == 200


def test_a_file_that_can_not_be_read_is_shown_with_its_faults(visitor: Visitor) -> None:
    (visitor.folder / "bad.yaml").write_text(
        "cobalamin: 1\npatient: {id: x}\nfacts: {cause: pernicious}\n<script>\n", "utf-8"
    )
    for page in ("", "/options", "/review", "/record/dose"):
        answer = visitor.get(f"/case/bad.yaml{page}")
        assert answer.status_code == 422
        assert "can't be read as a case" in words_of(answer.text)
        assert "/case/bad.yaml/file" in answer.text
    assert "<script" not in visitor.get("/case/bad.yaml/file").text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"[" * 5000,
        b"a: &a [*a, *a]",
        b"- 1\n- 2\n",
        b"cobalamin: 1\npatient: {id: x}\n" + b"#" * 300_000,
    ],
)
def test_garbage_gives_a_page_and_never_a_defect(visitor: Visitor, content: bytes) -> None:
    (visitor.folder / "garbage.yaml").write_bytes(content)
    for page in ("", "/options", "/file", "/download"):
        answer = visitor.get(f"/case/garbage.yaml{page}")
        assert answer.status_code in (200, 303, 422)
        assert len(answer.content) < 400_000


@pytest.mark.parametrize(
    "query",
    [
        "?on=yesterday",
        "?on=2026-02-30",
        "?day=31.12.2026",
        "?on=1900-01-01",
        "/why?about=nothing",
        "/plan?protocol=nobody",
        "/plan",
        "/recorded?event=none",
        "/question?fact=none",
    ],
)
def test_addresses_that_ask_for_nonsense_get_a_clear_page(visitor: Visitor, query: str) -> None:
    answer = visitor.get(f"{RUNNING}{query}")
    assert answer.status_code in (404, 422)
    assert "defect" not in words_of(answer.text)


def test_a_defect_says_so_and_shows_nothing_of_the_inside(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from cobalamin.app.services import reviewing

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(reviewing, "review_of", broken)
    answer = visitor.get(RUNNING)
    assert answer.status_code == 500
    assert "secret inside" not in answer.text
    assert answer.headers["content-security-policy"]


SLOW = """
import os, sys
from datetime import date
from pathlib import Path
from cobalamin.app.services import files
import uvicorn
from cobalamin.app.web.frame.access import Access
from cobalamin.app.web.server import config_of, listening_sockets, make_app
really = os.replace
def slow(one, other):
    print("SAVING", flush=True)
    sys.stdin.read()
    really(one, other)
files.os.replace = slow
sockets, access = listening_sockets(0), Access()
print(access.address(sockets[0].getsockname()[1]), flush=True)
uvicorn.Server(config_of(make_app(Path(sys.argv[1]), lambda: date(2026, 9, 1), access))).run(sockets=sockets)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_server_that_is_killed_in_mid_save_leaves_the_old_file_and_blocks_nobody(visitor: Visitor) -> None:
    before = visitor.text()
    form = fields_of(visitor.get(f"{RUNNING}/record/dose").text)
    with started([sys.executable, "-c", SLOW, str(visitor.folder)], stdin=subprocess.PIPE) as server:
        entry = line_of(server)
        asking = http.client.HTTPConnection("127.0.0.1", urllib.parse.urlsplit(entry).port, timeout=BOUND)
        told = {"Origin": f"http://{asking.host}:{asking.port}", "Content-Type": "application/x-www-form-urlencoded"}
        told["Cookie"] = cookie_for(entry)
        asking.request("POST", f"{RUNNING}/record/dose", urllib.parse.urlencode(form), told)
        assert line_of(server) == "SAVING"
        server.kill()
        asking.close()  # the answer never comes
    assert visitor.text() == before
    assert visitor.post(f"{RUNNING}/record/dose", visitor.form(f"{RUNNING}/record/dose")).status_code == 303
    assert visitor.text().startswith(before)
