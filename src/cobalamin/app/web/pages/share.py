"""Paper, calendar and the file itself: what leaves this computer, and only when its user carries it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.documents.inspection import check_case
from cobalamin.app.ics import calendars
from cobalamin.app.paper.letter import letter_of
from cobalamin.app.paper.lines import Look as PaperLook
from cobalamin.app.paper.running import sheet_of_review
from cobalamin.app.paper.schedule import sheet_of_plan
from cobalamin.app.paper.typesetting import pdf_of
from cobalamin.app.services import extras, planning, shipped
from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.reviewing import review_of
from cobalamin.app.services.settings import read_settings
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.preferences import look_of
from cobalamin.app.web.frame.site import Opened, opened, page, site_of, today
from cobalamin.app.web.pages.planning import wanted_plan
from cobalamin.app.web.pages.treatment import has_plan
from cobalamin.errors import InputError

routes = APIRouter(include_in_schema=False)
PDF, ICS = "application/pdf", "text/calendar; charset=utf-8"
MOST_SHOWN = 60_000


class NothingToPrint(InputError):
    """There are no dates: nothing was accepted, or a plan leaves something open."""

    def __init__(self) -> None:
        super().__init__(
            InputError.one(
                "plan", "", "there are no dates to print yet; choose a protocol and settle what it leaves open"
            ).faults
        )


def _practice() -> str:
    """Whose pages these are, as it was set; settings that can't be read hold no page back."""
    try:
        return read_settings().practice
    except InputError:
        return ""


def _sheet(request: Request, this: Opened) -> dict[str, Any]:
    """The written schedule as values: of the running treatment, else of the plan that the address asks for."""
    query, on = request.query_params, today(request)
    look = PaperLook(
        "",
        query.get("large") == "1",
        query.get("words", "") == "professional" if "words" in query else not look_of(request).plain,
        _practice(),
    )
    if has_plan(this.case, today(request)):
        seen = review_of(this.case, on)
        if seen.plan is None or seen.plan.needs:
            raise NothingToPrint
        return sheet_of_review(shipped.library(), seen, look)
    if not query.get("protocol"):
        raise NothingToPrint
    made = planning.plan_for(this.case, wanted_plan(query, on.isoformat()), on)
    if made.needs or not made.items:
        raise NothingToPrint
    return sheet_of_plan(shipped.library(), this.case, made, on, look)


@routes.get("/case/{name}/print")
def paper(request: Request, name: str) -> Response:
    """The written schedule as a page to print."""
    this = opened(request, name)
    return page(request, "print", this, sheet=kept(_sheet(request, this)), query=request.url.query)


@routes.get("/case/{name}/share")
def share(request: Request, name: str) -> Response:
    """Everything that can be printed, sent or kept."""
    this = opened(request, name)
    lacking = {name: extras.missing("paper", module) for name, module in (("pdf", "typst"), ("ics", "icalendar"))}
    return page(request, "share", this, has_plan=has_plan(this.case, today(request)), lacking=lacking)


@routes.get("/case/{name}/sheet.pdf")
def sheet(request: Request, name: str) -> Response:
    this = opened(request, name)
    return _download(pdf_of("sheet.typ", _sheet(request, this)), f"{Path(name).stem}-schedule.pdf", PDF)


@routes.get("/case/{name}/letter.pdf")
def letter(request: Request, name: str) -> Response:
    this = opened(request, name)
    seen = review_of(this.case, today(request))
    if seen.plan is None or seen.plan.needs:
        raise NothingToPrint
    content = pdf_of(
        "letter.typ", letter_of(shipped.library(), seen, PaperLook("", professional=True, practice=_practice()))
    )
    return _download(content, f"{Path(name).stem}-letter.pdf", PDF)


@routes.post("/case/{name}/calendar")
def calendar(request: Request, name: str) -> Response:
    """Write the calendar beside the case file, so that the next one moves what moved, and hand it out."""
    this = opened(request, name)
    output = this.path.with_suffix(".ics")
    wanted = calendars.Wanted(output, alarm=calendars.read_alarm("1 d"))
    with site_of(request).writing:
        seen = calendars.review_for_calendar(this.case, today(request), wanted)
        if seen.plan is None or seen.plan.needs:
            raise NothingToPrint
        calendars.write_review(this.path, seen, wanted)
        return _download(read_bytes(output), output.name, ICS)


@routes.get("/case/{name}/file")
def file(request: Request, name: str) -> Response:
    """The file itself, also one that can't be read as a case."""
    path = site_of(request).folder.path(name)
    text = read_bytes(path).decode("utf-8", "replace")
    checked = check_case(path)
    address = f"/case/{quote(name, safe='')}"
    return page(
        request, "file", content=text[:MOST_SHOWN], cut=len(text) > MOST_SHOWN, name=name, path=str(path), address=address, faults=checked.faults
    )  # fmt: skip


@routes.get("/case/{name}/download")
def download(request: Request, name: str) -> Response:
    path = site_of(request).folder.path(name)
    return _download(read_bytes(path), name, "application/octet-stream")


def _download(content: bytes, name: str, kind: str) -> Response:
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_").replace("\\", "_")
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=kind, headers={"content-disposition": named})
