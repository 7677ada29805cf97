"""Clients that dawdle, leave in the middle or send garbage: cut after a bounded time, in nobody's way, and no defect."""

from __future__ import annotations

import logging
import socket
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from logging.handlers import QueueHandler
from pathlib import Path
from queue import SimpleQueue

import pytest
from web_site import API_TOKEN, BOUND, DAY, ENTRIES, RUNNING, cookie_for, running_server

from cobalamin.app.web import connections

SHORT = 0.5  # seconds of a deadline that a test waits for; a busy computer only makes it longer
AS_THEY_ARE = (connections.HEAD_WITHIN, connections.BODY_WITHIN)
SECONDS = BOUND / 1000


@pytest.fixture
def origin(folder: Path) -> Iterator[str]:
    """A server; at its end nothing may have been called a defect."""
    reported: SimpleQueue[logging.LogRecord] = SimpleQueue()
    listening = QueueHandler(reported)
    listening.setLevel(logging.ERROR)
    with running_server(folder, DAY) as address:
        logging.getLogger("uvicorn").addHandler(listening)
        yield address
    logging.getLogger("uvicorn").removeHandler(listening)
    assert reported.empty(), reported.get().getMessage()


@contextmanager
def hurried(part: str) -> Iterator[None]:
    """What is awaited from now on has a short deadline; whatever else a test asks has none to fear."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, f"{part}_WITHIN", SHORT)
        yield


def connected(origin: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(origin).port or 0), timeout=SECONDS)


def all_of(asking: socket.socket) -> bytes:
    """Everything that is answered until the connection ends."""
    found = b""
    while True:
        try:
            part = asking.recv(65_536)
        except ConnectionError:
            return found
        if not part:
            return found
        found += part


def dribble(asking: socket.socket, text: bytes, every: float) -> bytes:
    """Send a byte at a time until the other side ends the connection; what it answered."""
    asking.settimeout(every)
    found = b""
    for byte in (bytes([each]) for _ in range(1_000_000) for each in text):
        try:
            asking.sendall(byte)
            part = asking.recv(65_536)
        except TimeoutError:
            continue
        except ConnectionError:
            return found
        if not part:
            return found
        found += part
    raise AssertionError("the connection never ends")


def is_answered(origin: str) -> bool:
    asked = urllib.request.Request(f"{origin}/api/cases", headers={"Authorization": f"Bearer {API_TOKEN}"})
    with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
        return bool(answer.status == 200)


def form_head(origin: str, cookie: str = "", length: int = 5_000, address: str = f"{RUNNING}/record/dose") -> bytes:
    host = urllib.parse.urlsplit(origin).netloc
    return (
        f"POST {address} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\nContent-Length: {length}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    ).encode()


def test_who_says_nothing_is_cut_without_a_word(origin: str) -> None:
    """A browser connects ahead of time; an answer to nothing would be shown to a person later."""
    with hurried("HEAD"), closing(connected(origin)) as asking:
        assert all_of(asking) == b""


@pytest.mark.parametrize("text", [b"x", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", b"X-A: b\r\n"])
def test_a_head_that_trickles_in_is_cut_however_many_bytes_come(origin: str, text: bytes) -> None:
    with hurried("HEAD"), closing(connected(origin)) as asking:
        asking.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        told = dribble(asking, text, SHORT / 10)
    assert told == b"" or b" 408 " in told or b" 400 " in told
    assert is_answered(origin)


def test_a_second_head_on_one_connection_has_a_deadline_too(origin: str) -> None:
    host = urllib.parse.urlsplit(origin).netloc
    with closing(connected(origin)) as asking:
        asking.sendall(f"GET /static/mark.svg HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        told = asking.recv(12)
        with hurried("HEAD"):
            asking.sendall(b"GET /sta")
            told += all_of(asking)
    assert told.startswith(b"HTTP/1.1 200")
    assert told.count(b"HTTP/1.1 ") == 1 + told.count(b" 408 ")


@pytest.mark.parametrize("known", [True, False], ids=["in the browser", "a stranger"])
def test_a_body_that_trickles_in_is_cut_and_nothing_is_written(origin: str, folder: Path, known: bool) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    cookie = cookie_for(ENTRIES[origin]) if known else ""
    with hurried("BODY"), closing(connected(origin)) as asking:
        asking.sendall(form_head(origin, cookie) + b"given=planned&")
        told = dribble(asking, b"a", SHORT / 10)
    assert (b" 408 " if known else b" 401 ") in told or told == b""
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert is_answered(origin)


def test_others_are_answered_while_many_dawdle(origin: str) -> None:
    """The longest silent connections give way; no deadline is met here, and pages come."""
    silent = [connected(origin) for _ in range(connections.MOST_CONNECTIONS + 50)]
    try:
        assert is_answered(origin)
        assert all_of(silent[0]) == b""
    finally:
        for each in silent:
            each.close()


def test_deadlines_are_short_enough_for_people_and_long_enough_for_a_file() -> None:
    head, body = AS_THEY_ARE
    assert 5 <= head <= 30
    assert 10 <= body <= 60


@pytest.mark.parametrize("part", [b"", b"given=planned", b"given=planned&date="])
@pytest.mark.parametrize(
    "address", [f"{RUNNING}/record/dose", "/new", "/open", "/api/cases/treatment-running.yaml/record"]
)
def test_who_leaves_in_the_middle_is_no_defect(origin: str, folder: Path, address: str, part: bytes) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with closing(connected(origin)) as asking:
        asking.sendall(form_head(origin, cookie_for(ENTRIES[origin]), address=address) + part)
    assert is_answered(origin)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("after", [0, 1, 100])
def test_who_leaves_before_the_answer_is_no_defect(origin: str, after: int) -> None:
    cookie, host = cookie_for(ENTRIES[origin]), urllib.parse.urlsplit(origin).netloc
    with closing(connected(origin)) as asking:
        asking.sendall(f"GET {RUNNING}/review HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode())
        if after:
            asking.recv(after)
    assert is_answered(origin)


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n", b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\n\r\n", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /new HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nid=aa", b"GET /\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(3_000)) + b"\r\n",
    ],
)  # fmt: skip
def test_garbage_on_the_line_ends_with_an_answer_or_without(origin: str, sent: bytes) -> None:
    with hurried("HEAD"), closing(connected(origin)) as asking:
        asking.sendall(sent)
        told = all_of(asking)
    assert told == b"" or told.split(b" ")[1] in (b"400", b"401", b"408", b"421")
    assert is_answered(origin)
