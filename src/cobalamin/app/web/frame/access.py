"""Who may ask: the browser that was opened with the one-time address, and programs that hold the token of /api.

The loopback address keeps other computers out, not other people at this one (hazard H31).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from cobalamin.app.documents import plain
from cobalamin.app.documents.inspection import fault_answer
from cobalamin.app.services import shipped
from cobalamin.app.web.frame.owner import is_of_another_user
from cobalamin.app.web.frame.site import environment
from cobalamin.errors import Fault, InputError

VARIABLE = "COBALAMIN_API_TOKEN"
TOKEN = "token"
_FIT = re.compile(r"[A-Za-z0-9._~+/=-]{32,}")
_HELD_BY = "Bearer"
STATIC = "/static/"  # holds nothing of anybody
NOT_ALLOWED = 401


def _secret() -> str:
    return secrets.token_urlsafe(24)


def _same(given: str, secret: str) -> bool:
    """Compared in constant time; an empty secret is nobody's."""
    return bool(secret) and secrets.compare_digest(given.encode("utf-8", "replace"), secret.encode())


@dataclass
class Access:
    """The secrets of one run. `entry` opens the pages once; `session` is what that browser holds from then on.

    `api`: the token of programs, empty where none may ask. Raises InputError for one that could be guessed.
    """

    api: str = ""
    entry: str = field(default_factory=_secret)
    session: str = field(default_factory=_secret)
    is_used: bool = False

    def __post_init__(self) -> None:
        if self.api and not _FIT.fullmatch(self.api):
            message = "must be at least 32 letters, digits or . _ ~ + / = -; make one that nobody can guess, for example with: openssl rand -hex 32"
            raise InputError.one(VARIABLE, "", message)

    def address(self, port: int) -> str:
        """What a person opens, once."""
        return f"http://127.0.0.1:{port}/?{TOKEN}={self.entry}"

    def answer(self, scope: MutableMapping[str, Any]) -> Response | None:
        """What is answered instead of a page; None where the page may be answered."""
        request = Request(scope)
        path = request.url.path
        if path.startswith(STATIC) or (path.startswith("/api/") and self._holds_api_token(request)):
            return None
        if is_of_another_user(scope.get("client"), scope.get("server")):
            return _locked(request, "locked__other")
        cookie = f"cobalamin-{scope['server'][1]}"  # a browser sends the cookies of every port to every port
        is_in = _same(request.cookies.get(cookie, ""), self.session)
        token = request.query_params.get(TOKEN, "") if (request.method, path) == ("GET", "/") else ""
        if not token:
            return None if is_in else _locked(request, "locked__told")
        if is_in:
            return RedirectResponse("/", 303)
        return self._entered(request, token, cookie)

    def _holds_api_token(self, request: Request) -> bool:
        scheme, _, held = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == _HELD_BY.lower() and _same(held.strip(), self.api)

    def _entered(self, request: Request, token: str, cookie: str) -> Response:
        """The one use of the address. Behind a link of another site the cookie would not be sent on, so it is not used up."""
        if not _same(token, self.entry):
            return _locked(request, "locked__told")
        if self.is_used:
            return _locked(request, "locked__used")
        if _is_from_elsewhere(request):
            return _locked(request, "locked__told")
        self.is_used = True
        answer = RedirectResponse("/", 303)
        answer.set_cookie(cookie, self.session, path="/", httponly=True, samesite="strict")
        return answer


def _is_from_elsewhere(request: Request) -> bool:
    return request.headers.get("sec-fetch-site") == "cross-site"


def _locked(request: Request, why: str) -> Response:
    """Why the pages stay closed and how to get in; nothing of anybody stands in it."""
    words = shipped.library().own_words
    headers = {"www-authenticate": _HELD_BY}
    if request.url.path.startswith("/api/"):
        fault = Fault("", 0, "authorization", words.text("web.locked__api", variable=VARIABLE))
        return JSONResponse({"faults": [plain(fault_answer(fault))]}, NOT_ALLOWED, headers)
    here = f"{request.url.path}{f'?{request.url.query}' if request.url.query else ''}"
    again = here if _is_from_elsewhere(request) and request.method == "GET" and why == "locked__told" else ""
    page = environment().get_template("locked.html").render(
        title=words.text("web.locked__title"), why=words.text(f"web.{why}"),
        how=words.text("web.locked__how") if why != "locked__other" else "",
        sent=words.text("web.locked__sent") if request.method == "POST" else "",
        again=again, go_on=words.text("web.locked__go_on"), go_on_told=words.text("web.locked__go_on_told"),
    )  # fmt: skip
    return HTMLResponse(page, NOT_ALLOWED, headers)
