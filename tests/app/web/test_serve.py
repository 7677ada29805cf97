"""`cobalamin serve` as a person starts it."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import Run

from cobalamin.app.web import server as server_module
from cobalamin.knowledge.library import english
from processes import BOUND, line_of, started

COMMAND = [sys.executable, "-m", "cobalamin", "serve", "--no-open", "--port"]


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server as a person starts it, what it says first, and its end by Ctrl+C."""
    with started([*COMMAND, str(port), "--folder", str(folder)]) as server:
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


def fetched(address: str) -> str:
    """It listens before it says its address, so the first try is answered."""
    with urllib.request.urlopen(address, timeout=BOUND) as answer:
        return str(answer.read().decode())


def test_it_says_where_the_pages_are_and_serves_them(folder: Path) -> None:
    with serving(folder) as (told, server):
        address = next(word for word in told.split() if word.startswith("http://127.0.0.1:"))
        assert "treatment-running.yaml" in fetched(address)
        port = int(address.rstrip("/").rsplit(":", 1)[1])
        if has_ipv6():
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
