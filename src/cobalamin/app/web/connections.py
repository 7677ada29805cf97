"""Connections that end: whoever begins a request and never finishes it is cut, and never stands in the way of others.

uvicorn bounds only the time between two requests. Here the head of a request and its body have a deadline each, however
many bytes trickle in, and of too many connections the longest silent one gives way.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN, BODY_WITHIN = 10.0, 30.0  # seconds; two million bytes at most come from this very computer
CLOSED_WITHIN = 5.0  # seconds for a last answer to be taken
MOST_CONNECTIONS = 200
_TOO_SLOW = b"What was sent did not arrive in time, so nothing was done."


class BoundedProtocol(H11Protocol):
    """uvicorn's connection with deadlines for what the other side sends."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._awaited = ""
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        self._await("head")
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._await("")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def _look(self) -> None:
        """What is awaited of the other side now. More bytes of the same move no deadline."""
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._await("body")
        elif state is h11.IDLE and (self.conn.trailing_data[0] or self._awaited == "head"):
            self._await("head")
        else:
            self._await("")

    def _await(self, what: str) -> None:
        if what == self._awaited:
            return
        self._awaited = what
        if self._deadline is not None:
            self._deadline.cancel()
        seconds = {"head": HEAD_WITHIN, "body": BODY_WITHIN}.get(what)
        self._deadline = self.loop.call_later(seconds, self.cut) if seconds else None

    def _make_room(self) -> None:
        waiting = [each for each in self.connections if isinstance(each, BoundedProtocol) and each.deadline is not None]
        if len(self.connections) > MOST_CONNECTIONS and waiting:
            min(waiting, key=lambda each: each.deadline or 0.0).cut()

    @property
    def deadline(self) -> float | None:
        """When this connection is cut, by the clock of the loop; None where nothing is awaited."""
        return self._deadline.when() if self._deadline is not None else None

    def cut(self) -> None:
        """End the connection, with a sentence where what was sent is not answered yet.

        Where nothing was sent nothing is answered: a browser connects ahead of time and would show the sentence later.
        """
        began = bool(self.conn.trailing_data[0])
        is_unanswered = began if self._awaited == "head" else not self.cycle.response_started
        self._await("")
        if self.transport.is_closing():
            return
        if is_unanswered:
            self._say_too_slow()
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()
        self.loop.call_later(CLOSED_WITHIN, self.transport.abort)

    def _say_too_slow(self) -> None:
        headers = [
            ("content-type", "text/plain; charset=utf-8"),
            ("content-length", str(len(_TOO_SLOW))),
            ("connection", "close"),
        ]
        for event in (h11.Response(status_code=408, headers=headers), h11.Data(_TOO_SLOW), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
