"""`cobalamin serve` as a person starts it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import Run

from cobalamin.knowledge.library import english

COMMAND = [sys.executable, "-m", "cobalamin", "serve", "--no-open", "--port"]


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    server = subprocess.Popen(
        [*COMMAND, str(port), "--folder", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    assert server.stderr is not None
    try:
        told = server.stdout.readline()
        yield told, server
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        server.stdout.close()
        server.stderr.close()


def fetched(address: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")


def test_it_says_where_the_pages_are_and_serves_them(folder: Path) -> None:
    with serving(folder) as (told, server):
        address = next(word for word in told.split() if word.startswith("http://127.0.0.1:"))
        assert "treatment-running.yaml" in fetched(address)
        port = int(address.rstrip("/").rsplit(":", 1)[1])
        if socket.has_ipv6:
            assert "treatment-running.yaml" in fetched(f"http://[::1]:{port}/")
    assert server.returncode == 0


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
    assert "{address}" in english().texts["web.command__served"]
