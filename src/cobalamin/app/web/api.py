"""The same answers as JSON documents, equal to those of the command line, for programs on this computer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.documents import inspection, json_text
from cobalamin.app.documents import library as library_documents
from cobalamin.app.documents.ask import AskRenderer
from cobalamin.app.documents.assess import assess_answer
from cobalamin.app.documents.compare import CompareRenderer
from cobalamin.app.documents.due import DueRenderer
from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.review import ReviewRenderer
from cobalamin.app.documents.schemas import schema_of
from cobalamin.app.documents.types.library import ListAnswer
from cobalamin.app.documents.whatif import WhatIfRenderer
from cobalamin.app.documents.written import asked_answer
from cobalamin.app.services import asking, assessing, comparing, planning, reviewing, shipped, volumes
from cobalamin.app.services.confirming import Unconfirmed
from cobalamin.app.services.typed import country_code, day, pairs
from cobalamin.app.web.frame.saving import enter
from cobalamin.app.web.frame.site import opened, site_of
from cobalamin.app.web.simulation import page as simulating
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree

routes = APIRouter(prefix="/api", default_response_class=Response)
FAULTS = {
    "type": "object", "required": ["faults"], "additionalProperties": False,
    "properties": {"faults": {"type": "array", "items": {
        "type": "object", "required": ["file", "line", "path", "message"], "additionalProperties": False,
        "properties": {"file": {"type": "string"}, "line": {"type": "integer"}, "path": {"type": "string"}, "message": {"type": "string"}},
    }}},
}  # fmt: skip
JSON = "application/json"
NO_TOKEN = {401: "The token of this run is missing or wrong."}
MOST_SIMULATED = 1_000  # people in one answer: seconds, not minutes
Day = Annotated[str, Query(description="A day, 2026-01-31; without it, today.", max_length=40)]
Word = Annotated[str, Query(max_length=200)]


def _day(request: Request, on: str) -> date:
    """The day of assessment. Raises InputError."""
    return day(on, "on") if on else site_of(request).today()


def _answer(document: object) -> Response:
    return Response(json_text(document), media_type=JSON)


def _content(schema: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {"description": text, "content": {JSON: {"schema": dict(schema)}}}


def documented(name: str = "", *, case: bool = True) -> dict[str, Any]:
    """What an operation may answer: its document by the name of its schema, and faults."""
    document = _inlined(schema_of(name)) if name else {"type": "object"}
    refusals = {422: "The input can't be read or is not allowed."} | (
        {404: "There is no such case file."} if case else {}
    )
    refusals |= NO_TOKEN
    return {
        "responses": {
            200: _content(document, "The answer."),
            **{code: _content(FAULTS, text) for code, text in refusals.items()},
        }
    }


def recording() -> dict[str, Any]:
    """As any other operation on a case, and it may come too late."""
    found = documented("record")
    asked = _inlined(schema_of("asked"))
    found["responses"][428] = _content(asked, "It looks wrong, and was not confirmed; nothing was written.")
    found["responses"][409] = _content(FAULTS, "The file has changed since it had this mark; nothing was written.")
    return found


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its definitions inside it: OpenAPI has no room of its own for them in an answer."""
    name = schema["title"].replace(" ", "-")

    def moved(part: Any) -> Any:
        if isinstance(part, dict):
            return {
                key: f"#/components/schemas/{name}-{value.rsplit('/', 1)[1]}" if key == "$ref" else moved(value)
                for key, value in part.items()
            }
        return [moved(each) for each in part] if isinstance(part, list) else part

    DEFINED.update({f"{name}-{key}": moved(part) for key, part in schema.get("$defs", {}).items()})
    return {key: moved(value) for key, value in schema.items() if key not in ("$defs", "$schema")}


DEFINED: dict[str, Any] = {}


@routes.get("/cases", **documented(case=False))
def cases(request: Request) -> Response:
    """The case files of the folder."""
    return _answer({"cases": site_of(request).folder.names()})


@routes.get("/cases/{name}/check", **documented("check"))
def check(request: Request, name: str) -> Response:
    """Every fault of a case file."""
    return _answer(inspection.check_case(site_of(request).folder.path(name), named=name))


@routes.get("/cases/{name}/propose", **documented("propose"))
def propose(request: Request, name: str, on: Day = "") -> Response:
    """What may be offered, what to ask first, what is excluded and why."""
    return _answer(
        Renderer(shipped.library()).propose(planning.propose_for(opened(request, name).case, _day(request, on)))
    )


@routes.get("/cases/{name}/assess", **documented("assess"))
def assess(request: Request, name: str, on: Day = "") -> Response:
    """Confirm, cause, severity, treat: what results and facts suggest, and what comes next."""
    return _answer(
        assess_answer(Renderer(shipped.library()), assessing.assess_for(opened(request, name).case, _day(request, on)))
    )


@routes.get("/cases/{name}/whatif", **documented("whatif"))
def what_if(request: Request, name: str, on: Day = "") -> Response:
    """The unknown facts that would change the answer."""
    return _answer(
        WhatIfRenderer(
            shipped.library(), comparing.what_if_for(opened(request, name).case, _day(request, on))
        ).document()
    )


@routes.get("/cases/{name}/compare", **documented("compare"))
def compare(
    request: Request,
    name: str,
    protocol: Annotated[list[str] | None, Query(max_length=10)] = None,
    on: Day = "",
    start: Day = "",
) -> Response:
    """Applicable protocols on one time axis."""
    options = comparing.CompareOptions(
        tuple(dict.fromkeys(protocol or ())), start=day(start, "start") if start else None
    )
    return _answer(
        CompareRenderer(shipped.library()).compare(
            comparing.compare_for(opened(request, name).case, options, _day(request, on))
        )
    )


@routes.get("/cases/{name}/plan", **documented("plan"))
def plan(
    request: Request, name: str, protocol: Word, start: Day, choose: Annotated[list[str] | None, Query(max_length=20)] = None, product: Word = "",
    months: Annotated[int, Query(ge=1, le=480)] = 12, on: Day = "",
) -> Response:  # fmt: skip
    """The dated schedule of a protocol; with `needs`, what is left to choose."""
    options = planning.PlanOptions(protocol, day(start, "start"), pairs(choose, "choose"), product, months=months)
    return _answer(
        Renderer(shipped.library()).plan(planning.plan_for(opened(request, name).case, options, _day(request, on)))
    )


@routes.get("/cases/{name}/review", **documented("review"))
def review(request: Request, name: str, on: Day = "", as_recorded: Day = "") -> Response:
    """Every dose judged, what is due, checks, response, questions, issues."""
    known = day(as_recorded, "as_recorded") if as_recorded else None
    return _answer(
        ReviewRenderer(shipped.library()).review(
            reviewing.review_of(opened(request, name).case, _day(request, on), known)
        )
    )


@routes.get("/cases/{name}/due", **documented("due"))
def due(request: Request, name: str, on: Day = "", if_given: Day = "") -> Response:
    """What is due, and what a dose on a day would count for."""
    asked = day(if_given, "if_given") if if_given else None
    return _answer(
        DueRenderer(shipped.library()).due(reviewing.due_for(opened(request, name).case, _day(request, on), asked))
    )


@routes.get("/cases/{name}/explain", **documented("explain"))
def explain(request: Request, name: str, about: Word, on: Day = "") -> Response:
    """The chain from facts to a date, or to an entry by its id."""
    return _answer(
        DueRenderer(shipped.library()).explanation(
            reviewing.explain_for(opened(request, name).case, about, _day(request, on))
        )
    )


# -- a simulation --------------------------------------------------------------------------------------------------------

People = Annotated[int, Query(ge=1, le=MOST_SIMULATED, description="How many people are drawn.")]
Ahead = Annotated[int, Query(ge=0, le=240, description="Months ahead; 0: as far as makes sense.")]
Number = Annotated[float | None, Query(allow_inf_nan=False)]
Regimen = Annotated[
    str, Query(max_length=600, description="A regimen, as '1 mg every 8 weeks x 6 then every 12 weeks'.")
]
Regimens = Annotated[list[Annotated[str, Query(max_length=600)]] | None, Query(max_length=2)]
Moments = Annotated[list[Annotated[str, Query(max_length=40)]] | None, Query(max_length=12)]


class Simulating(BaseModel):
    """What `simulate` takes, by the names of the command's options."""

    scenario: Regimen = ""
    substance: Word = ""
    route: Word = "intramuscular"
    start: Day = ""
    stop: Day = ""
    months: Ahead = 0
    people: People = 500
    seed: Annotated[int, Query(ge=0, le=2**31)] = 1
    compare: Regimens = None
    weight: Number = None
    gfr: Number = None
    serum: Number = None
    haemoglobin: Number = None
    cause: Word = ""
    at: Moments = None
    on: Day = ""


@routes.get("/simulate", **documented("simulate", case=False))
def simulate(request: Request, asked: Annotated[Simulating, Query()]) -> Response:
    """What a typed regimen does to stores, serum and markers over time, in a model of many invented people."""
    return _answer(simulating.document_of(None, "", asked.model_dump(), _day(request, asked.on)))


@routes.get("/cases/{name}/simulate", **documented("simulate"))
def simulate_case(request: Request, name: str, asked: Annotated[Simulating, Query()]) -> Response:
    """What the doses of the record and the plan, or a typed regimen after them, do in the model. No date moves."""
    this = opened(request, name)
    return _answer(simulating.document_of(this.path, this.mark, asked.model_dump(), _day(request, asked.on)))


@routes.get("/cases/{name}/mark", **documented())
def mark_of_case(request: Request, name: str) -> Response:
    """What tells this state of the file from every other: take it before you look, and send it with what you record."""
    return _answer({"mark": opened(request, name).mark})


Mark = Annotated[
    str | None,
    Query(max_length=40, description="The state of the file that was looked at; without it the event is just added."),
]


Sure = Annotated[bool, Query(description="Write the event also where it looks wrong: somebody was asked and said so.")]


@routes.post("/cases/{name}/record", **recording())
def record(
    request: Request, name: str, event: Annotated[dict[str, Any], Body()], on: Day = "", mark: Mark = None,
    confirmed: Sure = False,
) -> Response:  # fmt: skip
    """Write one event into the case file; with a mark, only where nobody has changed the file since. What looks wrong is asked first."""
    this, assessed = opened(request, name), _day(request, on)
    try:
        recorded = enter(site_of(request), this, as_texts(event), assessed, mark, confirmed)
    except Unconfirmed as refusal:
        return Response(json_text(asked_answer(refusal.asked)), 428, media_type=JSON)
    before, after = (reviewing.review_of(case, assessed) for case in (recorded.before, recorded.after))
    return _answer(DueRenderer(shipped.library()).entered(reviewing.Entered(recorded, before, after)))


def as_texts(tree: Any) -> Tree:
    """Every scalar as text, as a case file is read. Raises InputError for what no file holds."""
    if isinstance(tree, dict):
        return {str(key): as_texts(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_texts(each) for each in tree]
    if isinstance(tree, bool):
        return "true" if tree else "false"
    if isinstance(tree, (str, int)):
        return str(tree)
    raise InputError.one(
        "event",
        "",
        "holds a value that is neither text nor a whole number; write a decimal number as text, '3.90 mmol/L'",
    )


@routes.get("/ask", **documented("ask", case=False))
def ask(q: Annotated[str, Query(max_length=500)], country: Word = "") -> Response:
    """Cited statements of the library."""
    return _answer(AskRenderer(shipped.library()).found(asking.ask(q, country_code(country))))


@routes.get("/cases/{name}/ask", **documented("ask"))
def ask_for_case(
    request: Request, name: str, q: Annotated[str, Query(max_length=500)], country: Word = "", on: Day = ""
) -> Response:
    """The same, with the person's own dates where the time of a dose is asked about."""
    this = opened(request, name)
    found = asking.ask(q, country_code(country), this.case, _day(request, on))
    return _answer(AskRenderer(shipped.library()).found(found))


@routes.get("/dose", **documented("dose", case=False))
def dose(dose: Word, product: Word = "", strength: Word = "", country: Word = "GB") -> Response:
    """Volume to draw up, whole containers, both unit texts."""
    if bool(product) == bool(strength):
        raise InputError.one("dose", "", "give either product or strength, so that it is clear what is drawn up")
    return _answer(inspection.dose_answer(volumes.dose_volume(dose, product, strength, country_code(country))))


@routes.get("/library", **documented(case=False))
def library(country: Word = "") -> Response:
    """Every protocol and guidance document."""
    held = shipped.library()
    return _answer(ListAnswer(library=held.edition, protocols=library_documents.listing(held, country_code(country))))


@routes.get("/library/{record}", **documented(case=False))
def record_of_library(record: str) -> Response:
    """One record, as its source says it."""
    return _answer(library_documents.record(shipped.library(), record))


@routes.get("/schema/{name}", **documented(case=False))
def schema(name: str) -> Response:
    """The JSON Schema of a document."""
    return _answer(schema_of(name))
