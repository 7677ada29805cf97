"""Recording what happened: a dose, a result, symptoms, or anything else a record may hold. Nothing is ever refused for its timing."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cobalamin.app.services import reviewing, shipped, taking_back
from cobalamin.app.services.confirming import Unconfirmed
from cobalamin.app.services.ended import ended
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.recording import Recorded
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.faults import in_words, with_faults
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.forms import Form, Sent
from cobalamin.app.web.frame.saving import already_there, enter, looked_at_again, undone
from cobalamin.app.web.frame.site import Opened, onward, opened, page, site_of, today, told
from cobalamin.app.web.pages.asked import asked_words
from cobalamin.app.web.pages.planning import issue_words, product_words
from cobalamin.app.web.pages.rows import entry_words
from cobalamin.casefile.events import GIVEN
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES
from cobalamin.records import replace
from cobalamin.text import messages
from cobalamin.text.safe import entered
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.event_words import DECISIONS, MARKERS, OMISSION_REASONS, RED_FLAGS, SYMPTOMS
from cobalamin.therapy.case.events import decides, own_keys
from cobalamin.therapy.case.keys import Key, Kind
from cobalamin.therapy.case.record import withdrawn_ids
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words import wording

routes = APIRouter(include_in_schema=False)
FORMS = ("dose", "result", "symptoms", "omission", "history", "decision", "pause", "correction")
LISTED = (*FORMS[:6], REVIEWED, *FORMS[6:])  # `reviewed` has a form of its own
_KINDS = {"dose": "administration"}
_ONE_FIELD = (
    Kind.TEXT, Kind.WORD, Kind.WHOLE, Kind.DAY, Kind.LAST_DAY, Kind.DAY_OR_MONTH, Kind.MOMENT, Kind.SPAN, Kind.MASS, Kind.ROUTE, Kind.VALUE, Kind.RANGE,
    Kind.FACT, Kind.FACT_VALUE,
)  # fmt: skip
# The keys that a template lays out itself, and those that are left to the command; any other key follows at the end of its form.
_LAID_OUT = {
    "dose": {*GIVEN, "product", "batch", "expires_on", "site", "side", "intent"},
    "result": {"marker", "value", "reference_range", "laboratory", "method"},
    "symptoms": set(SYMPTOMS),
    "omission": {"reason"},
    "history": {"phase", "last_dose", "doses", "interval", "substance", "asserted_by"},
    "decision": {"decision", "by", "reason", "interval", "event", "finding"},
    "pause": {"until", "reason"},
    "correction": {"withdraws", "reason"},
}
_OF_ALL = ("by", "source", "note")
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
        request, f"record_{kind}" if kind in ("dose", "result", "symptoms") else "record_other", this, kind=kind, seen=seen, on=on, further=_further(kind),
        named=request.query_params.get("event", ""), **_choices(request, seen), **{"form": None, "faults": [], "asked": None, **values},
    )  # fmt: skip


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
    tree = _event(kind, sent)
    if empty := [*_left_empty(tree), *_half_told(kind, sent)]:
        return with_faults(_show(request, this, kind, form=sent, faults=empty))
    try:
        twice = already_there(this, tree, on)
        if twice is not None:
            return onward(f"{this.address}/recorded", event=twice.id, again="1", on=request.query_params.get("on", ""))
        recorded = enter(site_of(request), this, tree, on, sent.text("mark"), sent.text("confirmed").split())
    except Unconfirmed as refusal:
        return with_faults(_show(request, this, kind, form=sent, asked=asked_words(request, refusal.asked)))
    except InputError as error:
        return with_faults(_show(request, this, kind, form=sent, faults=in_words(error.faults)))
    return onward(f"{this.address}/recorded", event=recorded.event.id, on=request.query_params.get("on", ""))


def _event(kind: str, sent: Form) -> dict[str, Tree]:
    """The entry that a form tells; empty fields are nobody's answer."""
    tree: dict[str, Tree] = {"date": sent.date("date"), "kind": _KINDS.get(kind, kind)}
    told = {key.name: _sent(sent, key) for key in _fields(kind)} | {name: sent.text(name) for name in _OF_ALL}
    tree |= {name: value for name, value in told.items() if value}
    if kind == "dose":
        tree |= _what_was_given(sent)
    if kind == "symptoms":
        tree |= {"red_flags": sent.all("red_flags")} if sent.all("red_flags") else {}
        own = sent.text("own")
        tree |= {"own": {own: sent.text("own_score")}} if own else {}
    return tree


def _fields(kind: str) -> list[Key]:
    """The keys of a form that one field holds; what was given is asked for as a whole."""
    keys = (key for key in own_keys(_KINDS.get(kind, kind)) if key.value.kind in _ONE_FIELD)
    return [key for key in keys if kind != "dose" or key.name not in GIVEN]


def _further(kind: str) -> list[Key]:
    """The keys that no template lays out."""
    return [key for key in _fields(kind) if key.name not in _LAID_OUT[kind]]


def _sent(sent: Form, key: Key) -> str:
    return sent.date(key.name) if key.value.kind is Kind.DAY else sent.text(key.name)


def _left_empty(tree: dict[str, Tree]) -> list[Fault]:
    """Fields without which there is no entry, each named so that the page can lead to it."""
    needed = ["date", *(key.name for key in own_keys(str(tree["kind"])) if key.required)]
    if tree["kind"] == _KINDS["dose"] and "as_planned" not in tree:
        needed += ["substance", "dose", "route"]
    if tree["kind"] == "correction":
        needed += ["reason"]  # the file can do without; whoever reads the record later can't
    empty = str(shipped.library().own_words.text("web.record__empty"))
    return [Fault("", 0, key, empty) for key in needed if not tree.get(key)]


def _half_told(kind: str, sent: Form) -> list[Fault]:
    """A symptom of one's own has its name and its score: neither is made up for the other (hazard H07)."""
    pair = ("own", "own_score") if kind == "symptoms" else ()
    if not any(sent.text(name) for name in pair):
        return []
    empty = str(shipped.library().own_words.text("web.record__empty"))
    return [Fault("", 0, name, empty) for name in pair if not sent.text(name)]


def _what_was_given(sent: Form) -> dict[str, Tree]:
    if sent.text("given") == _PLANNED:
        return {"as_planned": "true"}
    told = {key: sent.text(key) for key in GIVEN if sent.text(key)}
    return {**told, "dose": "unknown"} if sent.text("dose_unknown") and "dose" not in told else told


@routes.get("/case/{name}/recorded")
def recorded(request: Request, name: str, event: str = "", again: str = "") -> Response:
    """What an entry says and what it changed: its verdict, and what is due before and after."""
    this, on = opened(request, name), today(request)
    found = next((each for each in this.case.record if each.id == event), None)
    if found is None:
        raise NoSuchCase(event)
    before = replace(this.case, record=tuple(each for each in this.case.record if each is not found))
    seen = reviewing.entered_of(Recorded(before, this.case, found), on)
    country = country_of(seen.after)
    screen = told(request, country)
    sentences = [kept(due_sentence(each.outlook, country, screen.plain)) for each in (seen.before, seen.after)]
    later = found.on is not None and found.on > on
    words = EntryWords(
        shipped.library(),
        this.case,
        country,
        partial(entered, words=shipped.library().own_words),
        (*seen.after.evaluations, *seen.before.evaluations),
    )
    gone = withdrawn_ids(this.case, max(on, found.on or on))
    return page(
        request, "recorded", this, screen=screen, interrupting=_interrupting(screen, seen), entry=found, again=bool(again),
        verdict=_verdict(screen, seen), content=kept(words.line(found)), before=sentences[0], after=sentences[1], later=later,
        ended=_ended(screen, seen), withdrawn=found.id in gone, standing=seen.standing, taken=taking_back.is_taking_back(found),
        questions=[each for each in seen.after.questions if each not in seen.before.questions],
    )  # fmt: skip


def _ended(screen: Any, seen: reviewing.Entered) -> list[str] | None:
    """What a look of a clinician ended; None for any other entry."""
    if not decides(seen.recorded.event, REVIEWED):
        return None
    return [kept(screen.spelled(text)) for text in ended(shipped.library(), seen.before, seen.after, screen.plain)]


def _interrupting(screen: Any, seen: reviewing.Entered) -> list[dict[str, Any]]:
    """What this entry raised; what may not wait stands above everything else already."""
    new = seen.new_issues
    return [
        issue_words(screen, issue)
        for issue in seen.after.issues
        if issue.interrupts and issue in new and not issue.leads
    ]


@routes.post("/case/{name}/undo")
def take_back(request: Request, name: str, sent: Sent) -> Response:
    """Take back the entry that the page showed, with what was written together with it."""
    return looked_at_again(lambda: _take_back(request, name, sent))


def _take_back(request: Request, name: str, sent: Form) -> Response:
    this, on = opened(request, name), today(request)
    query = request.query_params.get("on", "")
    try:
        done = undone(site_of(request), this, sent.text("event"), on, sent.text("mark"))
    except taking_back.NothingToTakeBack:  # the button was pressed twice: the page says that it is withdrawn
        return onward(f"{this.address}/recorded", event=sent.text("event"), on=query)
    return onward(f"{this.address}/recorded", event=done.recorded.event.id, on=query)


def _verdict(screen: Any, entered: reviewing.Entered) -> list[str]:
    """What a dose counts for and why, in sentences of the library."""
    entry = entered.evaluation
    if entry is None:
        return []
    return [
        kept(screen.spelled(f"{screen.text(reason.text)} {screen.marks(reason.cites) if reason.cites else ''}".strip()))
        for reason in entry.reasons
    ]
