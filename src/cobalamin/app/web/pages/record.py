"""Recording what happened: a dose, a result, symptoms, or anything else a record may hold. Nothing is ever refused for its timing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cobalamin.app.documents.due import country_of
from cobalamin.app.services import reviewing, shipped
from cobalamin.app.services.recording import Recorded
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.faults import with_faults
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.forms import Form, Sent
from cobalamin.app.web.frame.saving import already_there, enter, looked_at_again
from cobalamin.app.web.frame.site import Opened, onward, opened, page, site_of, today, told
from cobalamin.app.web.pages.planning import issue_words, product_words
from cobalamin.casefile.events import DECISIONS, MARKERS, OMISSION_REASONS, RED_FLAGS, SYMPTOMS
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES
from cobalamin.text.days import date_words
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.record import record_on
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words import wording

routes = APIRouter(include_in_schema=False)
FORMS = ("dose", "result", "symptoms", "omission", "history", "decision", "pause", "correction")
LISTED = (*FORMS[:6], REVIEWED, *FORMS[6:])  # `reviewed` has a form of its own
_FIELDS = {
    "dose": ("product", "batch", "expires_on", "site", "side", "by", "source", "note"),
    "result": ("marker", "value", "reference_range", "laboratory", "method"),
    "symptoms": ("note",),
    "omission": ("reason",),
    "history": ("phase", "last_dose", "doses", "interval", "substance", "asserted_by"),
    "decision": ("decision", "by", "reason", "interval", "event"),
    "pause": ("reason",),
    "correction": ("withdraws", "reason"),
}
_KINDS = {"dose": "administration"}
_PLANNED = "planned"


@routes.get("/case/{name}/record")
def choose(request: Request, name: str) -> Response:
    """What happened?"""
    return page(request, "record", opened(request, name), forms=LISTED)


@routes.get("/case/{name}/record/{kind}")
def show(request: Request, name: str, kind: str) -> Response:
    """One form."""
    return _show(request, opened(request, name), kind)


def _show(request: Request, this: Opened, kind: str, **values: Any) -> HTMLResponse:
    if kind not in FORMS:
        raise NoSuchCase(kind)
    on = today(request)
    seen = reviewing.review_of(this.case, on)
    return page(
        request, f"record_{kind}" if kind in ("dose", "result", "symptoms") else "record_other", this, kind=kind, seen=seen, on=on,
        **_choices(request, seen), **{"form": None, "faults": [], "second": [], **values},
    )  # fmt: skip


def _choices(request: Request, seen: Review) -> dict[str, Any]:
    """The words a form offers."""
    screen, phase = told(request, country_of(seen)), seen.outlook.phase
    markers = shipped.library().markers
    products = [each for each in shipped.library().products.values() if each.replacement]
    planned = seen.plan.product if seen.plan else None
    regimen = wording.regimen_words(phase, country_of(seen), plain=screen.plain) if phase and phase.dose else ""
    return {
        "planned": kept(screen.spelled(regimen)), "product": planned, "product_card": product_words(planned, country_of(seen)) if planned else "",
        "products": [(each.id, product_words(each, country_of(seen))) for each in sorted(products, key=lambda each: (each.country != country_of(seen), each.name))],
        "markers": [(name, str(markers[name]["plain" if screen.plain and "plain" in markers[name] else "name"]), ", ".join(markers[name]["units"])) for name in MARKERS if name in markers],
        "symptoms": SYMPTOMS, "red_flags": RED_FLAGS, "substances": SUBSTANCES,
        "routes": [(route, wording.route_words(route, screen.plain)) for route in ROUTES],
        "reasons": OMISSION_REASONS, "decisions": [word for word in DECISIONS if word != REVIEWED], "phases": [each.phase.name for each in seen.plan.phases] if seen.plan else [],
        "entries": [(event.id, f"{date_words(event.on) if event.on else event.month}: {event.kind}") for event in reversed(seen.case.record)],
    }  # fmt: skip


@routes.post("/case/{name}/record/{kind}")
def save(request: Request, name: str, kind: str, sent: Sent) -> Response:
    """Write one entry into the file, once."""
    return looked_at_again(lambda: _save(request, name, kind, sent))


def _save(request: Request, name: str, kind: str, sent: Form) -> Response:
    this, on = opened(request, name), today(request)
    if kind not in FORMS:
        raise NoSuchCase(kind)
    tree = _event(kind, sent)
    try:
        twice = already_there(this, tree, on)
        if twice is not None:
            return onward(f"{this.address}/recorded", event=twice.id, again="1", on=request.query_params.get("on", ""))
        second = _doses_of_the_day(this, tree, on) if kind == "dose" and not sent.text("second") else []
        if second:
            return with_faults(_show(request, this, kind, form=sent, second=second))
        recorded = enter(site_of(request), this, tree, on, sent.text("mark"))
    except InputError as error:
        return with_faults(_show(request, this, kind, form=sent, faults=error.faults))
    return onward(f"{this.address}/recorded", event=recorded.event.id, on=request.query_params.get("on", ""))


def _event(kind: str, sent: Form) -> dict[str, Tree]:
    """The entry that a form tells; empty fields are nobody's answer."""
    tree: dict[str, Tree] = {"date": sent.date("date"), "kind": _KINDS.get(kind, kind)}
    tree |= {key: sent.text(key) for key in _FIELDS[kind] if sent.text(key)}
    if sent.date("until"):
        tree |= {"until": sent.date("until")}
    if kind == "dose":
        tree |= _what_was_given(sent)
    if kind == "symptoms":
        tree |= {symptom: sent.text(symptom) for symptom in SYMPTOMS if sent.text(symptom)}
        tree |= {"red_flags": sent.all("red_flags")} if sent.all("red_flags") else {}
        own = sent.text("own")
        tree |= {"own": {own: sent.text("own_score")}} if own else {}
    return tree


def _what_was_given(sent: Form) -> dict[str, Tree]:
    if sent.text("given") == _PLANNED:
        return {"as_planned": "true"}
    return {key: sent.text(key) for key in ("substance", "dose", "route") if sent.text(key)}


def _doses_of_the_day(this: Opened, tree: dict[str, Tree], on: date) -> list[str]:
    """Doses that the record already has on this day: is it the same one?"""
    country = this.country
    review = reviewing.review_of(this.case, max(on, _day(tree) or on))
    same = [entry for entry in review.evaluations if str(entry.event.on) == tree["date"]]
    return [
        kept(f"{wording.substance_words(entry.substance)} {wording.dose_words(entry.dose, country)}") for entry in same
    ]


def _day(tree: dict[str, Tree]) -> date | None:
    try:
        return date.fromisoformat(str(tree["date"]))
    except ValueError:
        return None


@routes.get("/case/{name}/recorded")
def recorded(request: Request, name: str, event: str = "", again: str = "") -> Response:
    """What an entry changed: its verdict, and what is due before and after."""
    this, on = opened(request, name), today(request)
    found = next((each for each in this.case.record if each.id == event), None)
    if found is None:
        raise NoSuchCase(event)
    before = replace(this.case, record=tuple(each for each in this.case.record if each is not found))
    reviews = [reviewing.review_of(case, on) for case in (before, this.case)]
    entered = reviewing.Entered(Recorded(before, this.case, found), *reviews)
    after, country = entered.after, country_of(entered.after)
    screen = told(request, country)
    interrupting = [issue_words(screen, issue) for issue in after.issues if issue.interrupts and not issue.is_alarm]
    sentences = [kept(due_sentence(seen.outlook, country, screen.plain)) for seen in reviews]
    later = found.on is not None and found.on > on
    return page(
        request, "recorded", this, screen=screen, interrupting=interrupting, entry=found, again=bool(again), verdict=_verdict(screen, entered),
        when=date_words(found.on) if found.on else found.month, before=sentences[0], after=sentences[1], later=later,
        withdrawn=found not in record_on(this.case, max(on, found.on or on)).events,
        questions=[each for each in after.questions if each not in entered.before.questions],
    )  # fmt: skip


def _verdict(screen: Any, entered: reviewing.Entered) -> list[str]:
    """What a dose counts for and why, in sentences of the library."""
    entry = entered.evaluation
    if entry is None:
        return []
    return [
        kept(screen.spelled(f"{reason.text} {screen.marks(reason.cites) if reason.cites else ''}".strip()))
        for reason in entry.reasons
    ]
