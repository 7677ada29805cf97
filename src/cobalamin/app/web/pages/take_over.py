"""Taking over a treatment that already runs: its last dose, its interval and who says so, and what was written shown back."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cobalamin.app.services import accepting, planning, reviewing, shipped, taking_over
from cobalamin.app.services.clinic_days import WEEKDAYS
from cobalamin.app.services.confirming import Unconfirmed
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.taking_over import UNKNOWN, Running
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.plan import choice_words, chosen_words
from cobalamin.app.views.propose import shown_options
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.faults import with_faults
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.forms import Form, Sent
from cobalamin.app.web.frame.saving import go_on, looked_at_again
from cobalamin.app.web.frame.site import Opened, onward, opened, page, site_of, today, told
from cobalamin.app.web.pages.asked import asked_words
from cobalamin.app.web.pages.planning import (
    CHOICE,
    DAY_FIELDS,
    OTHER,
    REASON,
    facts_needed,
    fitting_products,
    issue_words,
    of_a_day_field,
    open_choices,
    opening_days,
)
from cobalamin.errors import Fault, InputError
from cobalamin.records import replace
from cobalamin.spans import SpanRefused, read_typed_span
from cobalamin.text.safe import entered
from cobalamin.therapy.case.case import AcceptedPlan
from cobalamin.therapy.case.events import History
from cobalamin.therapy.case.issues import ACKNOWLEDGE
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.words import wording

routes = APIRouter(include_in_schema=False)
UNITS = ("d", "wk", "mo", "a")
_INTERVAL = "interval"  # its number and unit are two fields
_NOBODY_YET = "-"  # who says so is asked for on the page; what the gate asks does not depend on it
_FIELDS = {
    "--last-dose": "last_dose",
    "--interval": "interval",
    "--phase": "phase",
    "--by": "by",
    "--protocol": "protocol",
}


@routes.get("/case/{name}/take-over")
def show(request: Request, name: str, protocol: str = "") -> Response:
    """The form; without a protocol those that fit, to choose one."""
    this = opened(request, name)
    if this.plan is not None or not protocol:
        return _choose(request, this)
    made = taking_over.would_take_over(this.case, Running(protocol, UNKNOWN, _NOBODY_YET), today(request))
    return _show(request, this, made)


def _choose(request: Request, this: Opened) -> HTMLResponse:
    proposal = planning.propose_for(this.case, today(request))
    screen = told(request, this.country)
    shown = shown_options(proposal, screen.library, this.country, True)
    options = [(each.protocol.id, kept(screen.spelled(each.protocol.title))) for each in shown.options]
    return page(
        request, "take_over_choose", this, screen=screen, led_by=proposal.issues, options=options,
        has_plan=this.plan is not None,
    )  # fmt: skip


def _show(request: Request, this: Opened, made: Plan, **values: Any) -> HTMLResponse:
    screen = told(request, this.country or made.protocol.country)
    phases, form = [each.name for each in made.published], values.get("form")
    own = _interval_key(made, form)
    return page(
        request, "take_over", this, screen=screen, led_by=made.issues, made=made, country=this.country,
        phases=[(name, _phase_words(screen, name)) for name in phases],
        units=[(unit, screen.say(f"web.running__unit_{unit}")) for unit in UNITS],
        interrupting=[issue_words(screen, issue) for issue in made.issues if issue.interrupts and not issue.leads],
        to_acknowledge=[issue_words(screen, issue) for issue in made.issues if issue.severity == ACKNOWLEDGE],
        needs=[need for need in open_choices(screen, made) if need["key"] != own], facts=facts_needed(screen, made),
        products=fitting_products(screen, made), weekdays=WEEKDAYS,
        **{"form": None, "faults": [], "asked": None, "refusal": "", **values},
    )  # fmt: skip


def _interval_key(made: Plan, form: Form | None) -> str:
    """The choice that the field of the interval makes: that of the phase in which treatment is, without one the last."""
    phase = (form.text("phase") if form else "") or made.published[-1].name
    return f"{phase.replace('-', '_')}_interval"


def _phase_words(screen: Builder, name: str) -> str:
    words = screen.text(wording.phase_name(name))
    return screen.words.find("web", f"running__phase_{name.partition('-')[0]}", words) if screen.plain else words


# -- writing ---------------------------------------------------------------------------------------------------------


@routes.post("/case/{name}/take-over")
def save(request: Request, name: str, sent: Sent) -> Response:
    """Write plan, history and previous treatment into the file, once."""
    return looked_at_again(lambda: _save(request, name, sent))


def _save(request: Request, name: str, sent: Form) -> Response:
    this, on = opened(request, name), today(request)
    running, query = _running(sent), request.query_params.get("on", "")
    if this.plan is not None:
        is_same = _is_there(this, this.plan, running)
        return onward(f"{this.address}/taken-over", on=query) if is_same else with_faults(_choose(request, this))
    made = taking_over.would_take_over(this.case, Running(running.protocol, UNKNOWN, _NOBODY_YET), on)
    try:
        _refuse_empty(sent, running)
        running = replace(running, calendar=opening_days(sent))
        reasons, mark = sent.beginning(REASON), sent.text("mark")
        done = go_on(site_of(request), this, running, reasons, on, mark, sent.text("confirmed").split())
    except Unconfirmed as refusal:
        return with_faults(_show(request, this, made, form=sent, asked=asked_words(request, refusal.asked)))
    except accepting.NotAccepted as refusal:
        return with_faults(_show(request, this, refusal.plan, form=sent, refusal="accept__not_acknowledged"))
    except InputError as error:
        return with_faults(_show(request, this, made, form=sent, faults=[_of_a_field(each) for each in error.faults]))
    if done.plan.needs:
        return with_faults(_show(request, this, done.plan, form=sent, **_left_open(request, done.plan, sent)))
    return onward(f"{this.address}/taken-over", on=query)


def _running(sent: Form) -> Running:
    """What the form tells; an interval is a number and a unit."""
    number = sent.text(f"{_INTERVAL}.number")
    chosen = {**sent.beginning(CHOICE), **sent.beginning(OTHER)}
    return Running(
        sent.text("protocol"),
        UNKNOWN if sent.text("last_unknown") else sent.date("last_dose"),
        sent.text("by"),
        f"{number} {sent.text(f'{_INTERVAL}.unit') or 'mo'}" if number else "",
        sent.text("phase"),
        sent.text("doses"),
        chosen,
        sent.text("product"),
    )


def _refuse_empty(sent: Form, running: Running) -> None:
    """Raise InputError in the words of the form."""
    words = shipped.library().own_words
    found = [] if running.last_dose else [Fault("", 0, "last_dose", words.text("web.running__last_empty"))]
    if sent.text("last_unknown") and sent.date("last_dose"):
        found.append(Fault("", 0, "last_dose", words.text("web.running__last_both")))
    if running.doses and not running.doses.isdecimal():
        found.append(Fault("", 0, "doses", words.text("web.running__doses_number")))
    if running.interval:
        try:
            read_typed_span(running.interval)
        except SpanRefused:
            found.append(Fault("", 0, "interval", words.text("web.running__interval_number")))
    if not running.by.strip():
        found.append(Fault("", 0, "by", words.text("web.running__by_empty")))
    if found:
        raise InputError(found)


def _of_a_field(fault: Fault) -> Fault:
    """A fault of an option of the command, told of the field that stands for it."""
    if fault.file in DAY_FIELDS:
        return of_a_day_field(fault)
    return Fault("", 0, _FIELDS.get(fault.file, fault.path), fault.message)


def _left_open(request: Request, made: Plan, sent: Form) -> dict[str, Any]:
    """What must still be chosen: told at the field of the interval where that is among it, with the values of the source."""
    screen = told(request, made.protocol.country)
    own = [need for need in open_choices(screen, made) if need["key"] == _interval_key(made, sent)]
    if not own:
        return {"refusal": "accept__open"}
    values = ", ".join(words for _, words in own[0]["values"])
    return {"faults": [Fault("", 0, "interval", screen.say("web.running__interval_open", values=values))]}


def _is_there(this: Opened, plan: AcceptedPlan, running: Running) -> bool:
    """Whether just this was taken over already: the form was sent twice."""
    history = _history(this)
    told_of = (running.protocol, running.last_dose)
    return history is not None and (plan.protocol, str(history.last_dose)) == told_of


def _history(this: Opened) -> History | None:
    """The history that was written together with a plan."""
    found = (each for each in reversed(this.case.record) if isinstance(each, History) and each.written_with)
    return next(found, None)


# -- shown back --------------------------------------------------------------------------------------------------------


@routes.get("/case/{name}/taken-over")
def taken_over(request: Request, name: str) -> Response:
    """What was written and what is due now; what nobody chose is said."""
    this, on = opened(request, name), today(request)
    history = _history(this)
    if this.plan is None or history is None:
        raise NoSuchCase(name)
    seen = reviewing.review_of(this.case, on)
    screen = told(request, reviewing.country_of(seen))
    words = EntryWords(
        shipped.library(),
        this.case,
        screen.country,
        partial(entered, words=shipped.library().own_words),
        seen.evaluations,
    )
    together = [each for each in this.case.record if each.written_with == history.written_with or each is history]
    choices, own = this.plan.choices, f"{history.phase.replace('-', '_')}_interval" if history.interval else ""
    chosen = {key: value for key, value in choices.items() if key != own}
    return page(
        request, "taken_over", this, screen=screen, seen=seen, event=history.id,
        entries=[kept(words.of_plan(this.plan)), *(kept(words.line(each)) for each in together if each.kind != "plan")],
        assumed=_assumed(screen, this.plan, own) if own in choices else "",
        chosen=chosen_words(screen, chosen, seen.plan.content.phases if seen.plan else ()),
        sentence=kept(due_sentence(seen.outlook, screen.country, screen.plain)),
    )  # fmt: skip


def _assumed(screen: Builder, plan: AcceptedPlan, key: str) -> str:
    """That nobody chose what the plan keeps beside a person's own interval."""
    value = choice_words(key, plan.choices[key], screen)
    by = entered(plan.accepted_by, screen.words)
    return str(kept(screen.say("written.assumed", choice=screen.key_words(key), value=value, by=by)))
