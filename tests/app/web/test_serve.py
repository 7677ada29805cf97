"""`cobalamin serve` as a person starts it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from web_site import opened_with

from cobalamin.app.web import server as server_module
from cobalamin.knowledge.loading import compiled
from hazards import hazard
from processes import BOUND, line_of, started

COMMAND = [sys.executable, "-m", "cobalamin", "serve", "--no-open", "--port"]


@contextmanager
def serving(folder: Path, port: int = 0, **options: Any) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server as a person starts it, what it says first, and its end by Ctrl+C."""
    with started([*COMMAND, str(port), "--folder", str(folder)], **options) as server:
        yield line_of(server), server
        server.send_signal(signal.SIGINT)
        server.wait(BOUND)


def has_ipv6() -> bool:
    """Whether this computer has the second loopback address."""
    with socket.socket(socket.AF_INET6) as tried, contextlib.suppress(OSError):
        tried.bind(("::1", 0))
        return True
    return False


def test_a_free_port_is_free_on_both_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_ipv6():
        pytest.skip("this computer has no ::1")
    tried: list[int] = []
    bound = server_module._bound

    def taken_twice(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
        tried.extend([port] if family == socket.AF_INET6 else [])
        if family == socket.AF_INET6 and len(tried) < 3:
            raise OSError(errno.EADDRINUSE, "used by another program")
        return bound(family, address, port)

    monkeypatch.setattr(server_module, "_bound", taken_twice)
    listening = server_module.listening_sockets(0)
    ports = {each.getsockname()[1] for each in listening}
    for each in listening:
        each.close()
    assert (len(listening), len(ports), len(tried)) == (2, 1, 3)


def fetched(opener: urllib.request.OpenerDirector, asked: str | urllib.request.Request) -> str:
    """It listens before it says its address, so the first try is answered."""
    with opener.open(asked, timeout=BOUND) as answer:
        return str(answer.read().decode())


def refused(asked: str | urllib.request.Request) -> int:
    """How another client is refused, which has no cookie."""
    with pytest.raises(urllib.error.HTTPError) as told:
        fetched(urllib.request.build_opener(), asked)
    told.value.close()
    return told.value.code


def test_it_says_where_the_pages_are_and_serves_them_to_who_opens_it_first(folder: Path) -> None:
    with serving(folder) as (told, server):
        entry = told.removeprefix("The pages: ")
        mine = opened_with(entry)
        assert "treatment-running.yaml" in fetched(mine, entry)  # the printed address again, in the same browser
        assert refused(entry) == 401
        home = entry.split("?")[0]
        assert refused(home) == 401
        if has_ipv6():
            assert refused(home.replace("127.0.0.1", "[::1]")) == 401
        assert "treatment-running.yaml" in fetched(mine, home)
    assert server.returncode == 0


@hazard("H31")
def test_a_program_needs_the_token_that_serve_was_started_with(folder: Path) -> None:
    token = secrets.token_hex(32)
    with serving(folder, env={**os.environ, "COBALAMIN_API_TOKEN": token}) as (told, _):
        asked = urllib.request.Request(f"{told.removeprefix('The pages: ').split('?')[0]}api/cases")
        assert refused(asked) == 401
        asked.add_header("Authorization", f"Bearer {token}")
        assert "treatment-running.yaml" in fetched(urllib.request.build_opener(), asked)
        assert token not in told


def test_a_token_that_could_be_guessed_is_refused(
    folder: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COBALAMIN_API_TOKEN", "secret")
    answer = run("serve", "--no-open", "--folder", str(folder), "--port", "0")
    assert answer.code == 3
    assert "COBALAMIN_API_TOKEN" in answer.err
    assert "at least 32" in answer.err
    assert answer.out == ""


def test_a_port_that_is_used_and_a_folder_that_is_none_are_refused_with_a_sentence(
    folder: Path, run: Callable[..., Run]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = run("serve", "--no-open", "--port", str(taken.getsockname()[1]), "--folder", str(folder))
    assert answer.code == 3
    assert "--port" in answer.err
    nowhere = run("serve", "--no-open", "--folder", str(folder / "nowhere"))
    assert nowhere.code == 3
    assert "make it first" in nowhere.err


def test_without_its_packages_it_says_what_to_install(
    folder: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "cobalamin.app.web.server", raising=False)
    monkeypatch.delattr("cobalamin.app.web.server", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    answer = run("serve", "--no-open", "--folder", str(folder))
    assert answer.code == 3
    assert "cobalamin[web]" in answer.err
    assert "{address}" in compiled().own_words.texts["web.command__served"]
