"""A clinician has looked: which open matters were looked at, what was found, by whom. It moves no date."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cobalamin.app.services import reviewing
from cobalamin.app.services.questions import looked_at, options_of
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.faults import with_faults
from cobalamin.app.web.frame.forms import Form, Sent
from cobalamin.app.web.frame.saving import already_there, enter, looked_at_again
from cobalamin.app.web.frame.site import Opened, back_to, onward, opened, page, site_of, today, told
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.response.reactions import ALLERGIES
from cobalamin.therapy.response.reactions import CODE as REACTION
from cobalamin.therapy.review.review import Review

routes = APIRouter(include_in_schema=False)


@routes.get("/case/{name}/record/reviewed")
def show(request: Request, name: str) -> Response:
    """The form."""
    return _show(request, opened(request, name))


def _show(request: Request, this: Opened, **values: Any) -> HTMLResponse:
    on = today(request)
    seen = reviewing.review_of(this.case, on)
    screen = told(request, country_of(seen))
    found = open_matters(screen, seen)
    return page(
        request, "record_reviewed", this, screen=screen, seen=seen, on=on, matters=list(found.items()), named=request.query_params.getlist("answers"), back=request.query_params.get("back", ""),
        allergies=ALLERGIES if REACTION in found else (), **{"form": None, "faults": [], **values},
    )  # fmt: skip


def open_matters(screen: Builder, seen: Review) -> dict[str, str]:
    """What a clinician can say that it was looked at, each by its code with its sentence, the worst first."""
    found = {
        issue.code: issue.plain_whole if screen.plain else issue.text
        for issue in seen.issues
        if issue.answer and not issue.ask
    }
    for question in seen.questions:
        codes = filter(None, map(looked_at, options_of(question, screen.words)))
        found = {**dict.fromkeys(codes, question.text), **found}
    worst = [issue.code for issue in seen.issues if issue.code in found]
    return {code: str(kept(screen.spelled(found[code]))) for code in dict.fromkeys((*worst, *found))}


@routes.post("/case/{name}/record/reviewed")
def save(request: Request, name: str, sent: Sent) -> Response:
    """Write the decision into the file, once."""
    return looked_at_again(lambda: _save(request, name, sent))


def _save(request: Request, name: str, sent: Form) -> Response:
    this, on = opened(request, name), today(request)
    tree = _decision(sent)
    query = request.query_params.get("on", "")
    try:
        _refuse_empty(sent)
        twice = already_there(this, tree, on, sent.text("mark"))
        if twice is not None:
            return onward(f"{this.address}/recorded", event=twice.id, again="1", on=query)
        recorded = enter(site_of(request), this, tree, on, sent.text("mark"))
    except InputError as error:
        return with_faults(_show(request, this, form=sent, faults=error.faults))
    if back := back_to(this, sent.text("back")):
        return onward(back, done="answered", on=query)
    return onward(f"{this.address}/recorded", event=recorded.event.id, on=query)


def _decision(sent: Form) -> dict[str, Tree]:
    answers: Tree = list(sent.all("answers"))
    told: dict[str, Tree] = {key: sent.text(key) for key in ("by", "finding") if sent.text(key)}
    return {"date": sent.date("date"), "kind": "decision", "decision": REVIEWED, "answers": answers, **told}


def _refuse_empty(sent: Form) -> None:
    """Raise InputError in the words of the form: nothing is ended that nobody named, and nobody is nobody."""
    for name, message in (
        ("answers", "tick what was looked at"),
        ("by", "write who has looked"),
        ("finding", "write what was found"),
    ):
        if not sent.text(name):
            raise InputError.one("form", name, message)
