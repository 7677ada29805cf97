"""The server: the site put together, and uvicorn on this computer's own addresses and nowhere else."""

from __future__ import annotations

import errno
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from cobalamin import __version__
from cobalamin.app.services.typed import assessment_day
from cobalamin.app.web import api
from cobalamin.app.web.connections import BoundedProtocol
from cobalamin.app.web.frame import faults
from cobalamin.app.web.frame.access import Access
from cobalamin.app.web.frame.folder import CaseFolder
from cobalamin.app.web.frame.guard import Guard
from cobalamin.app.web.frame.site import HERE, Site
from cobalamin.app.web.pages import (
    ahead,
    card,
    library,
    month,
    planning,
    prescribing,
    questions,
    record,
    recorded,
    reviewed,
    share,
    start,
    summary,
    take_over,
    texts,
    treatment,
    trying,
)  # fmt: skip
from cobalamin.app.web.simulation import model, page
from cobalamin.errors import InputError

ROUTERS = tuple(
    each.routes
    for each in (
        start,
        questions,
        planning,
        prescribing,
        take_over,
        treatment,
        month,
        ahead,
        trying,
        card,
        summary,
        reviewed,
        record,
        recorded,
        library,
        texts,
        share,
        page,
        model,
        api,
    )
)
TRIES = 20  # ports, until one is free on both
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def make_app(
    folder: Path, today: Callable[[], date] = lambda: assessment_day(""), access: Access | None = None
) -> FastAPI:
    """The site of a folder. `today` is the only clock; `access`: the secrets of this run, else new ones that nobody has."""
    app = FastAPI(
        title="cobalamin",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        debug=False,
    )
    app.state.site = Site(CaseFolder(folder.resolve()), today, Lock())
    app.state.made = {}
    app.state.read = {}
    faults.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_middleware(Guard, access=access or Access(), defect=faults.defect)
    app.openapi = partial(_openapi, app)  # type: ignore[method-assign]  # how FastAPI lets a document be extended
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description of /api, with the definitions of the answers among its components."""
    if app.openapi_schema is None:
        made = FastAPI.openapi(app)
        described = made.setdefault("components", {})
        described.setdefault("schemas", {}).update(api.DEFINED)
        described["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}]
    return app.openapi_schema or {}


def config_of(app: FastAPI) -> uvicorn.Config:
    """How uvicorn runs the site. No header of a proxy is believed: it would speak for another user's connection."""
    return uvicorn.Config(
        app, http=BoundedProtocol, ws="none", lifespan="off", log_level="warning", server_header=False, date_header=False,
        access_log=False, proxy_headers=False,
    )  # fmt: skip


def serve(folder: Path, port: int, opens: bool, say: Callable[[str], None], api_token: str = "") -> None:
    """Serve the pages until the user ends it. Raises InputError where the folder, the port or the token can't be used."""
    if not folder.is_dir():
        raise InputError.one("--folder", str(folder), "is not a folder; make it first")
    access = Access(api_token)
    sockets = listening_sockets(port)
    address = access.address(sockets[0].getsockname()[1])
    say(address)
    if opens:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    config = config_of(make_app(folder, access=access))
    beside = page.warm_up()
    try:
        with suppress(KeyboardInterrupt):  # how a person ends it
            uvicorn.Server(config).run(sockets=sockets)
    finally:
        if beside is not None:
            beside.kill()
            beside.wait()


def listening_sockets(port: int) -> list[socket.socket]:
    """Listening on the two loopback addresses; a computer without IPv6 has one. Port 0: one that is free on both."""
    for _ in range(TRIES):
        first = _bound(*LOOPBACK[0], port)
        try:
            return [first, _bound(*LOOPBACK[1], int(first.getsockname()[1]))]
        except OSError as error:
            if port or error.errno != errno.EADDRINUSE:
                return [first]
        first.close()
    return [_bound(*LOOPBACK[0], port)]


def _bound(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError as error:
        listening.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES) and family == socket.AF_INET:
            raise InputError.one(
                "--port", str(port), "is used by another program; choose another, for example --port 8613"
            ) from None
        raise
    listening.listen(128)
    return listening
