"""The first pages: the folder's files, the examples, a file from elsewhere, a new one; and how the pages look."""

from __future__ import annotations

import re
import secrets
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cobalamin.app.services import shipped
from cobalamin.app.services.examples import examples_folder
from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.typed import country_code, day
from cobalamin.app.web.frame.faults import with_faults
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.forms import Sent
from cobalamin.app.web.frame.preferences import KEPT, keep_look, look_of
from cobalamin.app.web.frame.saving import begin, take_in
from cobalamin.app.web.frame.site import onward, page, site_of
from cobalamin.app.web.pages.people import people_of, shown
from cobalamin.errors import InputError
from cobalamin.therapy.case.case import Patient

routes = APIRouter(include_in_schema=False)
LONGEST_SOUGHT = 80
_NAMED = re.compile(r"web\.country__([A-Z]{2})")
SHOWN_EXAMPLES = {
    "pernicious-anaemia": "new", "treatment-running": "running", "self-injecting": "home", "moved-here": "moved", "vegan": "food",
    "kidney-disease": "kidney",
}  # fmt: skip


@routes.get("/")
def start(request: Request, q: str = "") -> Response:
    """The people of the folder, and the ways to begin."""
    found = people_of(request)
    root = str(site_of(request).folder.root)
    return page(
        request, "start", root=root, examples=SHOWN_EXAMPLES, **shown(request, found, q.strip()[:LONGEST_SOUGHT])
    )


@routes.post("/look")
def look(form: Sent) -> Response:
    """Keep whose words and how large; back to the page it was asked on."""
    back = form.text("back")
    answer = RedirectResponse(back if _is_own(back) else "/", 303)
    keep_look(answer, {name: form.text(name) for name in KEPT})
    return answer


def _is_own(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()


@routes.post("/examples/{name}")
def example(request: Request, name: str) -> Response:
    """Copy an example into the folder and open it."""
    if name not in SHOWN_EXAMPLES:
        raise NoSuchCase(name)
    path = examples_folder() / f"{name}.yaml"
    return onward(f"/case/{take_in(site_of(request), path.name, read_bytes(path))}")


@routes.post("/open")
def open_(request: Request, form: Sent) -> Response:
    """Take in a case file from elsewhere."""
    name, content = form.file or ("", b"")
    if not name:
        raise InputError.one("file", "", "choose a case file first; it ends in .yaml or .json")
    return onward(f"/case/{take_in(site_of(request), name, content)}")


@routes.get("/new")
def new(request: Request) -> Response:
    """Who it is about: the first of at most eight questions."""
    return _new(request)


def _new(request: Request, **values: Any) -> Response:
    return page(request, "new", countries=countries(), **{"once": secrets.token_urlsafe(12), **values})


def countries() -> list[tuple[str, str]]:
    """The countries with a name, by name: one that the texts do not name can't be offered."""
    found = ((_NAMED.fullmatch(key), str(text)) for key, text in shipped.library().own_words.texts.items())
    named = {match.group(1): text for match, text in found if match}
    return sorted(named.items(), key=lambda each: each[1])


@routes.post("/new")
def make(request: Request, form: Sent) -> Response:
    """Write the new file, once."""
    made = request.app.state.made
    once = form.text("once")
    if once in made:
        return onward(made[once])
    try:
        patient = _patient(form)
        one_page = not look_of(request).plain or form.text("way") == "one_page"
        first = "facts" if one_page else "question"
        address = f"/case/{begin(site_of(request), patient)}/{first}"
    except InputError as error:
        return with_faults(_new(request, once=once, faults=error.faults, form=form))
    made[once] = address
    return onward(address)


def _patient(form: Sent) -> Patient:
    if not form.text("id"):
        raise InputError.one(
            "", "id", "write a name, initials or a number, so that this person is not mistaken for another"
        )
    born = form.date("birth_date")
    date = day(born, "birth_date") if born else None
    return Patient(form.text("id"), date, "", country_code(form.text("country")), birth_unknown=date is None)
