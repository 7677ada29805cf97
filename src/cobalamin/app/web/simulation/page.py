"""The simulation page: a schedule edited in a table, and the curves that follow. Nothing is saved and no date is moved.

The model needs numpy, which the other pages do not; what needs it is imported when it is asked for.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cobalamin.app.services import extras, shipped
from cobalamin.app.services.typed import day
from cobalamin.app.web.frame.faults import with_faults
from cobalamin.app.web.frame.guard import POLICY_WITH_SCRIPT
from cobalamin.app.web.frame.site import Opened, onward, opened, page, today, told
from cobalamin.app.web.pages.library import SVG
from cobalamin.errors import InputError
from cobalamin.records import replace

if TYPE_CHECKING:
    from cobalamin.app.services.simulation.answer import Simulation
    from cobalamin.app.services.simulation.body import SimulateOptions
    from cobalamin.app.web.simulation.form import Wanted
    from cobalamin.app.web.simulation.table import Coming

routes = APIRouter(include_in_schema=False)
# A simulation uses a whole processor: not more of them than there are, but two, so that a short one passes a long one.
_AT_ONCE = BoundedSemaphore(max(os.cpu_count() or 1, 2))
MOST_KEPT = 12
USUAL_MONTHS = 24  # that are simulated where nothing else is asked for


def has_numpy() -> bool:
    return not extras.missing("kinetics")


def simulated(path: Path | None, mark: str, options: SimulateOptions, on: date) -> Simulation:
    """The simulation; picture, table and document of one page are drawn from one. Raises InputError."""
    if not has_numpy():
        raise InputError.one("simulate", "", shipped.library().own_words.text("web.simulate__no_numpy"))
    with _AT_ONCE:
        return _simulated(path, mark, options, on)


@lru_cache(maxsize=MOST_KEPT)
def _simulated(path: Path | None, mark: str, options: SimulateOptions, on: date) -> Simulation:  # noqa: ARG001  # a key: the file's state
    """`mark`: the state of the file, so that a file that changed is simulated anew."""
    from cobalamin.app.services.simulation.simulate import simulate_for

    return simulate_for(path, options, on)


def document_of(path: Path | None, mark: str, told: dict[str, Any], on: date) -> object:
    """The document of `simulate --json` for what /api was told. Raises InputError."""
    if not has_numpy():
        raise InputError.one("simulate", "", shipped.library().own_words.text("web.simulate__no_numpy"))
    from cobalamin.app.documents.simulate import document
    from cobalamin.app.services.simulation.answer import AS_PLANNED
    from cobalamin.app.services.simulation.body import SimulateOptions
    from cobalamin.app.web.simulation.table import parts_of
    from cobalamin.kinetics.doses import FORMS, ROUTES

    days = {name: day(told[name], name) if told[name] else None for name in ("start", "stop")}
    several = {name: tuple(told[name] or ()) for name in ("compare", "at")}
    options = SimulateOptions(**{name: value for name, value in told.items() if name != "on"} | days | several)
    for name, allowed in (("substance", ("", *FORMS)), ("route", ROUTES)):
        if told[name] not in allowed:
            raise InputError.one(name, "", f"'{told[name]}' is not known; known are {', '.join(filter(None, allowed))}")
    for text in (options.scenario, *options.compare):
        if text and text.strip().lower() != AS_PLANNED:
            parts_of(text, options.substance, options.route)
    return document(simulated(path, mark, options, on))


def warm_up() -> subprocess.Popen[bytes] | None:
    """Compile the model once beside the server and load it here when that is done; the pages wait for nothing."""
    if not (importlib.util.find_spec("numpy") and importlib.util.find_spec("numba")):
        return None
    asked = ["simulate", "--scenario", _SHORTEST, "--months", "1", "--people", "1"]
    compiling = subprocess.Popen(
        [sys.executable, "-m", "cobalamin", *asked],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    Thread(target=_load_after, args=(compiling,), daemon=True).start()
    return compiling


_SHORTEST = "1 mg every 12 weeks"


def _load_after(compiling: subprocess.Popen[bytes]) -> None:
    """Load what was compiled, so that the first page of a person does not wait for it; not where the server has ended."""
    if compiling.wait() != 0:
        return
    from cobalamin.app.services.simulation.body import SimulateOptions

    simulated(None, "", SimulateOptions(scenario=_SHORTEST, months=1, people=1), date(2000, 1, 1))


# -- the page ------------------------------------------------------------------------------------------------------------


@routes.get("/simulate")
def simulate(request: Request) -> Response:
    """A schedule for nobody in particular."""
    return _page(request, None)


@routes.get("/case/{name}/simulate")
def simulate_case(request: Request, name: str) -> Response:
    """What was given, then what the table says, beside what is planned."""
    return _page(request, opened(request, name))


class _Asked:
    """What one request asks: the file, the day, the plan and the fields."""

    def __init__(self, request: Request, this: Opened | None) -> None:
        from cobalamin.app.web.simulation.form import options_of, read_wanted

        self.request, self.this, self.on = request, this, today(request)
        self.coming, self.has_plan, self.nothing_given = _coming(this, self.on)
        self.wanted: Wanted = read_wanted(request.query_params, self.coming)
        self.options: SimulateOptions | None = options_of(self.wanted, self.on, self.has_plan, this is not None)

    @property
    def address(self) -> str:
        return f"{self.this.address}/simulate" if self.this else "/simulate"

    def answer(self) -> Simulation | None:
        """None, with the faults in `wanted`, where it can't be simulated."""
        if self.options is None:
            return None
        path, mark = self._file()
        try:
            return simulated(path, mark, self.options, self.on)
        except InputError as error:
            self.wanted.add_faults(self._nothing_given() if self.nothing_given and self.wanted.is_plan else error)
            return None

    @staticmethod
    def _nothing_given() -> InputError:
        """What the command line says of a file that has no dose to simulate, without its options."""
        return InputError.one("", "parts", shipped.library().own_words.text("web.simulate__nothing_given"))

    def _file(self) -> tuple[Path | None, str]:
        return (self.this.path, self.this.mark) if self.this else (None, "")

    def needed(self) -> Simulation:
        """The simulation. Raises InputError with every fault."""
        answer = self.answer()
        if answer is None:
            raise InputError(self.wanted.faults)
        return answer

    def query(self, **more: str) -> str:
        """What an address of this page holds."""
        on = self.request.query_params.get("on", "")
        return urlencode({**({"on": on} if on else {}), **self.wanted.query(), **more})


def _coming(this: Opened | None, on: date) -> tuple[Coming | None, bool, bool]:
    """What a plan has next, as the simulation has it, whether there is a plan, and whether neither it nor the record has a dose."""
    from cobalamin.app.services.reviewing import review_of
    from cobalamin.app.services.simulation.doses import doses_of_case
    from cobalamin.app.services.simulation.simulate import has_plan
    from cobalamin.app.web.simulation.table import AHEAD, Coming, Row, coming_of
    from cobalamin.spans import Span, add

    if this is None or not has_plan(this.case):
        return None, False, False
    given = doses_of_case(this.case, on, add(on, Span(AHEAD.months, "mo"))).given
    soon = add(on, Span(USUAL_MONTHS, "mo"))
    coming = coming_of(review_of(this.case, on, ahead=AHEAD), given) or Coming(on, (Row(),))
    return coming, True, all(each.on > soon for each in given)


def _page(request: Request, this: Opened | None) -> Response:
    if not has_numpy():
        return page(request, "simulate_missing", this)
    asked = _Asked(request, this)
    edited = _edited(asked)
    if edited is not None:
        return edited
    made = _shown(request, asked, asked.answer())
    made.headers["content-security-policy"] = POLICY_WITH_SCRIPT
    return with_faults(made) if asked.wanted.faults and request.url.query else made


def _edited(asked: _Asked) -> Response | None:
    """Where a button of the table was pressed: the address of the page with the other table."""
    from cobalamin.app.web.simulation.table import MOST_PARTS, Row

    query, wanted, rows = asked.request.query_params, asked.wanted, asked.wanted.rows
    drop = query.get("drop", "")
    if wanted.unclear:
        return None
    if query.get("add") and len(rows) < MOST_PARTS:
        wanted.rows = [*rows, replace(rows[-1], dose="", every="", length="")]
        return onward(f"{asked.address}?{asked.query()}#dose-{len(wanted.rows)}")
    if drop.isascii() and drop.isdigit() and 1 <= int(drop) <= len(rows):
        wanted.rows = [row for place, row in enumerate(rows, 1) if place != int(drop)] or [Row()]
        return onward(f"{asked.address}?{asked.query()}#dose-{min(int(drop), len(wanted.rows))}")
    if query.get("keep") and asked.options is not None:
        wanted.compare = _text(asked)
        return onward(f"{asked.address}?{asked.query()}#dose-1")
    return None


def _text(asked: _Asked) -> str:
    from cobalamin.app.web.simulation.table import text_of

    return text_of(asked.wanted.rows)


def _shown(request: Request, asked: _Asked, answer: Simulation | None) -> HTMLResponse:
    from cobalamin.app.services.simulation.body import CAUSES
    from cobalamin.app.web.simulation import form, table

    screen = told(request, asked.this.country if asked.this else "")
    wanted = asked.wanted
    return page(
        request, "simulate", asked.this, screen=screen, wanted=wanted, rows=list(enumerate(wanted.rows, 1)), address=asked.address,
        has_plan=asked.has_plan, faults=wanted.faults_in_order, most=table.MOST_PARTS, months_ahead=form.MONTHS, causes=CAUSES,
        choices=table.CHOICES,
        questions=list(_questions(asked)), **_drawn(screen, asked, answer),
    )  # fmt: skip


def _drawn(screen: Any, asked: _Asked, answer: Simulation | None) -> dict[str, Any]:
    """The figure, its summary, the numbers, the notes and what leads on; nothing where a field can't be taken."""
    if answer is None:
        return {"drawn": False}
    from cobalamin.app.web.simulation import curves
    from cobalamin.app.web.simulation import words as simulation_words
    from cobalamin.app.web.simulation.readings import readings_of
    from cobalamin.kinetics.simulation import SERUM, STORE

    words = simulation_words.words_of(screen, answer)
    level, store = (curves.figure(answer, marker, screen.say) for marker in (SERUM, STORE))
    return {
        "drawn": True, "level": level, "store": store, "legend": curves.legend(answer, screen.say), "words": words,
        "readings": readings_of(screen, answer), "query": asked.query(), "document": _document_address(asked), "typed": _text(asked), "command": _command(asked),
    }  # fmt: skip


# -- the same elsewhere --------------------------------------------------------------------------------------------------


def _arguments(options: SimulateOptions) -> Iterator[tuple[str, str]]:
    """The options of the command that differ from its own, by their names."""
    from cobalamin.app.services.simulation.body import SimulateOptions as Usual

    usual = Usual()
    for name in ("scenario", "start", "stop", "months", "people", "compare", "weight", "gfr", "serum", "cause"):
        value = getattr(options, name)
        if value != getattr(usual, name):
            yield from ((name, str(each)) for each in (value if isinstance(value, tuple) else (value,)))


def _command(asked: _Asked) -> str:
    """What is typed on a command line for the same numbers."""
    words = ["cobalamin", "simulate", *([asked.this.name] if asked.this else [])]
    for name, value in _arguments(asked.options) if asked.options else ():
        words += [f"--{name}", value]
    return shlex.join([*words, "--on", str(asked.on)])


def _document_address(asked: _Asked) -> str:
    from urllib.parse import quote

    base = f"/api/cases/{quote(asked.this.name, safe='')}/simulate" if asked.this else "/api/simulate"
    told = list(_arguments(asked.options)) if asked.options else []
    return f"{base}?{urlencode([*told, ('on', str(asked.on))])}"


@routes.get("/simulate.svg")
def picture(request: Request) -> Response:
    """The picture as one printed page."""
    return _picture(_Asked(request, None))


@routes.get("/case/{name}/simulate.svg")
def picture_of_case(request: Request, name: str) -> Response:
    """The picture as one printed page."""
    return _picture(_Asked(request, opened(request, name)))


def _picture(asked: _Asked) -> Response:
    from cobalamin.app.pictures.simulation import picture_of

    return Response(picture_of(asked.needed()), media_type=SVG)


@routes.get("/simulate.csv")
def numbers(request: Request) -> Response:
    """The bands at every time."""
    return _numbers(_Asked(request, None))


@routes.get("/case/{name}/simulate.csv")
def numbers_of_case(request: Request, name: str) -> Response:
    """The bands at every time."""
    return _numbers(_Asked(request, opened(request, name)))


def _numbers(asked: _Asked) -> Response:
    from cobalamin.app.documents.simulate import table_csv

    headers = {"content-disposition": 'attachment; filename="simulation.csv"'}
    return Response(table_csv(asked.needed()), media_type="text/csv", headers=headers)


# -- ready-made questions ------------------------------------------------------------------------------------------------


def _questions(asked: _Asked) -> Iterator[tuple[str, str]]:
    """(name of its words, address) of each question that fills the table."""
    from cobalamin.app.web.simulation import examples as ready

    found = ready.about_plan(asked.coming, asked.on) if asked.coming else ready.about_nobody(asked.on)
    on = asked.request.query_params.get("on", "")
    kept = {
        name: value
        for name, value in asked.wanted.query().items()
        if name in ("months", "cause", "weight", "gfr", "serum")
    }
    for name, query in found:
        yield name, f"{asked.address}?{urlencode({**({'on': on} if on else {}), **kept, **query})}"
