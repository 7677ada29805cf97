"""What stands before every page: only this computer and this user ask, only these pages send, and nothing is loaded from elsewhere."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import ClientDisconnect as Disconnected
from starlette.responses import PlainTextResponse

from cobalamin.app.services import shipped
from cobalamin.app.web.frame.access import STATIC, Access
from cobalamin.app.web.frame.preferences import language_of
from cobalamin.knowledge.words import ENGLISH

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")
LARGEST_BODY = 2_000_000
_WRITES = ("POST", "PUT", "PATCH", "DELETE")
POLICY = "; ".join((
    "default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip
POLICY_WITH_SCRIPT = f"{POLICY}; script-src 'self'; connect-src 'self'"  # a page with scripts asks for it itself
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses what does not come from a page of this program, and puts the strict headers on every answer."""

    def __init__(self, app: Asgi, access: Access, defect: Callable[[Scope], Asgi]) -> None:
        self.app, self.access, self.defect = app, access, defect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with shipped.speaking(_language(scope)):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = _with_headers(message["headers"], scope["path"])
            await send(message)

        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        code, reason = _refusal(scope["method"], scope["path"], headers)
        refused = (
            PlainTextResponse(shipped.library().own_words.text(f"web.{reason}"), code)
            if reason
            else self.access.answer(scope)
        )
        answer: Asgi = refused or self.app
        try:
            await answer(scope, receive, send_with_headers)
        except Disconnected:
            return  # who has left waits for no answer, and it is nobody's defect
        except Exception:
            if begun:
                raise
            logging.getLogger("uvicorn.error").exception("a defect of this program")
            await self.defect(scope)(scope, receive, send_with_headers)


def _language(scope: Scope) -> str:
    """The language of a page. What programs read is the same whatever a browser has chosen (docs/adr/0018)."""
    if scope["path"].startswith("/api/"):
        return ENGLISH
    cookies = (value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"cookie")
    return language_of("; ".join(cookies))


def _with_headers(headers: list[tuple[bytes, bytes]], path: str) -> list[tuple[bytes, bytes]]:
    known = {name.lower() for name, _ in headers}
    cache = "max-age=3600" if path.startswith(STATIC) else "no-store"
    wanted = {**HEADERS, "cache-control": cache}
    return [
        *headers,
        *((name.encode(), value.encode()) for name, value in wanted.items() if name.encode() not in known),
    ]


def _refusal(method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """(status, name of the text) of a request that is not answered; an empty name for one that is."""
    host = headers.get("host", "")
    if not _LOOPBACK.fullmatch(host):
        return 421, "guard__host"
    if method in _WRITES and not _is_ours(host, path, headers):
        return 403, "guard__origin"
    if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
        return 403, "guard__origin"
    if method in _WRITES and "content-length" not in headers:
        return 411, "guard__length"
    if method in _WRITES and not _is_small(headers["content-length"]):
        return 413, "guard__large"
    return 0, ""


def _is_small(length: str) -> bool:
    return re.fullmatch("[0-9]{1,12}", length) is not None and int(length) <= LARGEST_BODY


def _is_ours(host: str, path: str, headers: dict[str, str]) -> bool:
    """Whether a page of this program sends. A program without a browser names no origin; it may use /api only."""
    origin = headers.get("origin")
    if origin is None:
        return path.startswith("/api/") and "sec-fetch-site" not in headers
    return origin == f"http://{host}" and headers.get("sec-fetch-site", "same-origin") == "same-origin"
