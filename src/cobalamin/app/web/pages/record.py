"""Recording what happened: a dose, a result, symptoms, or anything else a record may hold. Nothing is ever refused for its timing."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cobalamin.app.services import reviewing, shipped
from cobalamin.app.services.changing import changed_to
from cobalamin.app.services.confirming import Asked, Unconfirmed
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.sites import sites_of
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.faults import in_words, with_faults
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.forms import Form, Sent, told_day
from cobalamin.app.web.frame.saving import already_there, enter, looked_at_again
from cobalamin.app.web.frame.site import Opened, back_to, onward, opened, page, site_of, today, told
from cobalamin.app.web.pages.asked import asked_words, told_rows
from cobalamin.app.web.pages.change import form_of_change, standing
from cobalamin.app.web.pages.entry_form import (
    FORMS,
    LISTED,
    asked_for,
    event_in,
    further,
    half_told,
    left_empty,
)
from cobalamin.app.web.pages.planning import product_words
from cobalamin.app.web.pages.rows import entry_words
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES
from cobalamin.spans import SpanRefused, read_date
from cobalamin.text import messages
from cobalamin.text.days import date_words
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.event_words import DECISIONS, MARKERS, OMISSION_REASONS, RED_FLAGS, SYMPTOMS
from cobalamin.therapy.case.record import withdrawn_ids
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words import wording

routes = APIRouter(include_in_schema=False)
_ASKED_BY_LINK = ("decision", "phase", "marker", "interval")  # what an answer to a question fills in


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
    shown = {"form": None, "faults": [], "replaces": "", **values}
    day = told_day(lambda field: request.query_params.get(field, ""), "day") or on.isoformat()
    shown["form"] = shown["form"] or _asked_by_link(request, day)
    return page(
        request, f"record_{kind}" if kind in ("dose", "result", "symptoms") else "record_other", this, kind=kind, seen=seen, on=on, further=further(kind),
        named=request.query_params.get("event", ""), day=day, day_words=_day_words(day), back=_back(request, shown["form"]), sites=_sites(request, seen),
        **_choices(request, seen), **shown,
    )  # fmt: skip


def _asked_by_link(request: Request, day: str) -> Form | None:
    """A form begun by the answer to a question; None where nothing was asked for."""
    query = request.query_params
    begun = {name: [query[name]] for name in _ASKED_BY_LINK if query.get(name)}
    return Form({**begun, "date": [day]}) if begun else None


def _back(request: Request, form: Form | None) -> str:
    return request.query_params.get("back", "") or (form.text("back") if form else "")


def _day_words(day: str) -> str:
    """The day in words; empty where it is none, which the form says when it is sent."""
    try:
        return str(kept(date_words(read_date(day), shipped.library().own_words)))
    except SpanRefused:
        return ""


def _sites(request: Request, seen: Review) -> str:
    """Where the last dose went and which side is next in turn; empty where no site is recorded."""
    found = sites_of(seen.evaluations)
    if found is None:
        return ""
    screen = told(request, country_of(seen))
    last = screen.say("web.dose__last_site", site=found.last, date=date_words(found.on, screen.words))
    turn = screen.say("web.dose__next_side", side=screen.say(f"web.dose__{found.next_side}")) if found.next_side else ""
    return str(kept(f"{last} {turn}".strip()))


def _choices(request: Request, seen: Review) -> dict[str, Any]:
    """The words a form offers."""
    screen, phase = told(request, country_of(seen)), seen.outlook.phase
    markers = shipped.library().markers
    products = [each for each in shipped.library().products.values() if each.replacement]
    planned = seen.plan.product if seen.plan else None
    regimen = (
        messages.in_words(wording.regimen_text(phase, country_of(seen), plain=screen.plain), seen.library.own_words)
        if phase and phase.dose
        else ""
    )
    return {
        "planned": kept(screen.spelled(regimen)), "product": planned, "product_card": product_words(planned, country_of(seen)) if planned else "",
        "products": [(each.id, product_words(each, country_of(seen))) for each in sorted(products, key=lambda each: (each.country != country_of(seen), each.name))],
        "markers": [(name, screen.text(str(markers[name]["plain" if screen.plain and "plain" in markers[name] else "name"])), ", ".join(markers[name]["units"])) for name in MARKERS if name in markers],
        "symptoms": SYMPTOMS, "scores": [(str(score), str(score)) for score in range(11)], "red_flags": RED_FLAGS, "substances": SUBSTANCES,
        "routes": [(route, messages.in_words(wording.route_name(route, screen.plain), seen.library.own_words)) for route in ROUTES],
        "reasons": OMISSION_REASONS, "decisions": [word for word in DECISIONS if word != REVIEWED], "phases": [each.phase.name for each in seen.plan.phases] if seen.plan else [],
        "entries": _entries(seen),
    }  # fmt: skip


def _entries(seen: Review) -> list[tuple[str, str]]:
    """The entries that can be named, each by its id and with what it says, the last written first."""
    words = entry_words(seen)
    gone = withdrawn_ids(seen.case, seen.on)
    return [(event.id, kept(words.line(event))) for event in reversed(seen.case.record) if event.id not in gone]


@routes.post("/case/{name}/record/{kind}")
def save(request: Request, name: str, kind: str, sent: Sent) -> Response:
    """Write one entry into the file, once."""
    return looked_at_again(lambda: _save(request, name, kind, sent))


def _save(request: Request, name: str, kind: str, sent: Form) -> Response:
    this, on = opened(request, name), today(request)
    if kind not in FORMS:
        raise NoSuchCase(kind)
    again = {"form": sent, "replaces": sent.text("replaces")}
    if sent.text("change"):
        return _show(request, this, kind, **again, at=sent.text("change"))
    entry = event_in(kind, sent)
    if (
        sent.text("at_once") and entry["date"] != on.isoformat()
    ):  # the page was opened on another day than it was pressed
        made_on = Fault("", 0, "date", str(shipped.library().own_words.text("web.record__made_on")))
        return with_faults(_show(request, this, kind, **again, faults=[made_on]))
    if empty := [*left_empty(entry), *half_told(kind, sent)]:
        return with_faults(_show(request, this, kind, **again, faults=empty))
    try:
        tree = _in_its_place(this, kind, sent, entry, on)
        twice = already_there(this, tree, on, sent.text("mark"))
        if twice is not None:
            return onward(f"{this.address}/recorded", event=twice.id, again="1", on=request.query_params.get("on", ""))
        recorded = enter(site_of(request), this, tree, on, sent.text("mark"), sent.text("confirmed").split())
    except Unconfirmed as refusal:
        return with_faults(_check(request, this, kind, sent, refusal.asked))
    except InputError as error:
        return with_faults(_show(request, this, kind, **again, faults=in_words(error.faults)))
    return _after(request, this, sent, recorded.event.id)


def _in_its_place(this: Opened, kind: str, sent: Form, entry: dict[str, Tree], on: date) -> dict[str, Tree]:
    """The entry itself; where it takes the place of another, the correction that puts it there."""
    replaces = sent.text("replaces")
    if not replaces:
        return entry
    return changed_to(standing(this, replaces), entry, asked_for(kind), on, sent.text("change_reason"))


def _check(request: Request, this: Opened, kind: str, sent: Form, asked: Asked) -> HTMLResponse:
    """What looks wrong, and what would be saved, each part with the way to change it; the last button confirms just this."""
    values = {name: texts for name, texts in sent.values.items() if name not in ("mark", "confirmed", "change")}
    return page(
        request, "record_check", this, kind=kind, asked=asked_words(request, asked), rows=told_rows(request, asked), sent=values
    )  # fmt: skip


def _after(request: Request, this: Opened, sent: Form, event: str) -> Response:
    """What was recorded; after the answer to a question, the page on which it was asked."""
    on = request.query_params.get("on", "")
    back = back_to(this, sent.text("back"))
    return onward(back, done="answered", on=on) if back else onward(f"{this.address}/recorded", event=event, on=on)


@routes.get("/case/{name}/change")
def change(request: Request, name: str, event: str = "") -> Response:
    """The form of an entry, filled in with what it says."""
    this = opened(request, name)
    kind, form = form_of_change(this, event)
    return _show(request, this, kind, form=form, replaces=event)
