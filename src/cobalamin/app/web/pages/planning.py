"""From facts to an accepted plan: what may be offered, the dates of one protocol, what is left to choose, and accepting it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cobalamin.amounts import Mass, mass_text, strength_text
from cobalamin.app.services import accepting, planning, shipped, taking_over
from cobalamin.app.services.clinic_days import WEEKDAYS, calendar_of
from cobalamin.app.services.confirming import Unconfirmed
from cobalamin.app.services.typed import day
from cobalamin.app.views import callouts
from cobalamin.app.views.builder import Builder, PhaseLine
from cobalamin.app.views.caveats import add_caveats, option_lines
from cobalamin.app.views.newer import newer_lines
from cobalamin.app.views.plan import chosen_words
from cobalamin.app.views.propose import add_proposal, practice_lines, regimen_lines, shown_options
from cobalamin.app.views.signed import signed_words
from cobalamin.app.web.frame.blocks import kept, parts
from cobalamin.app.web.frame.faults import in_words, with_faults
from cobalamin.app.web.frame.forms import Form, Sent, told_day
from cobalamin.app.web.frame.preferences import Voice, look_of
from cobalamin.app.web.frame.saving import accept, looked_at_again
from cobalamin.app.web.frame.site import Opened, onward, opened, page, site_of, today, told
from cobalamin.app.web.pages.asked import asked_words
from cobalamin.app.web.pages.known import boxes_said, known_rows
from cobalamin.app.web.pages.rows import dated_rows, lines_of
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.model import Product
from cobalamin.knowledge.vocabulary import SUBSTANCES
from cobalamin.records import replace
from cobalamin.spans import Span
from cobalamin.text.days import span_words
from cobalamin.text.messages import joined
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK, URGENT, Issue
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.needs import missing_fact
from cobalamin.therapy.proposal.offers import all_phases
from cobalamin.therapy.proposal.proposal import Option
from cobalamin.therapy.regimen.choices import Need
from cobalamin.therapy.safety.caveats import CODE as CAVEAT

routes = APIRouter(include_in_schema=False)
_FIRST = {"assessment", "issues", "common_start"}  # above what is offered
_APART = {"options", "no_option", "ask_first"}  # the page has its own for these
FIRST_DOSES = 4  # shown before a plan is kept; the others stand below
CHECK = "check"  # the page before a plan is kept
CHOICE, OTHER, REASON = "choose.", "other.", "reason."


@routes.get("/case/{name}/options")
def options(request: Request, name: str, all: str = "") -> Response:
    """What may be offered, what to ask first, what is excluded and why."""
    this, on = opened(request, name), today(request)
    proposal = planning.propose_for(this.case, on)
    screen = told(request, this.country)
    add_proposal(screen, proposal, this.case, bool(all))
    found = parts(screen)[1:]
    shown = shown_options(proposal, screen.library, this.country, bool(all))
    return page(
        request, "options", this, screen=screen, led_by=proposal.issues,
        first=[part for part in found if part.name in _FIRST], tell=[part for part in found if part.name not in _FIRST | _APART],
        waiting=[part for part in found if part.name == "no_option"],
        needs=proposal.needs, options=[_card(screen, option) for option in shown.options], more=len(shown.counted),
        told=screen.say(shown.told, country=this.country) if shown.told else "",
        has_plan=this.plan is not None, treated=take_over_address(request, this),
    )  # fmt: skip


def card_lines(screen: Builder, lines: Iterable[PhaseLine]) -> list[str]:
    """The regimens of a phase; each that it leaves open is marked as one of them, by its key where somebody may type it."""
    return [kept(screen.spelled(f"{'- ' if line.option and screen.plain else ''}{line.text}")) for line in lines]


def _card(screen: Builder, option: Option) -> dict[str, Any]:
    """One protocol on offer."""
    protocol = option.protocol
    lines = card_lines(screen, regimen_lines(screen, option))
    checks = [
        kept(screen.spelled(issue.plain_whole if screen.plain else joined(issue.text, f"({issue.code})")))
        for issue in option.precautions
        if issue.severity != "note" and issue.code != CAVEAT
    ]
    caveats = [kept(screen.spelled(line)) for line in option_lines(screen, option.caveats)]
    return {
        "id": protocol.id, "title": kept(screen.spelled(protocol.title)), "country": protocol.country, "lines": lines, "checks": checks,
        "caveats": [*(kept(screen.spelled(line)) for line in (*practice_lines(screen, option), *newer_lines(screen, option.content))), *caveats],
        "reason": kept(screen.spelled(option.rank_reason)), "kind": protocol.kind, "signed": kept(screen.spelled(signed_words(screen, protocol))),
    }  # fmt: skip


# -- one protocol ----------------------------------------------------------------------------------------------------


@routes.get("/case/{name}/plan")
def plan(request: Request, name: str) -> Response:
    """The dates of one protocol, or what is left to choose."""
    return asked_plan(request, opened(request, name), "plan")


def asked_plan(request: Request, this: Opened, template: str) -> Response:
    """The plan that the address asks for; a choice that can't be read or does not fit is told at its field."""
    query, first = request.query_params, today(request).isoformat()
    wanted = wanted_plan(query, first)
    try:
        return plan_page(request, this, wanted, bool(query.get("change")), template)
    except InputError as error:
        wrong = {each.path for each in error.faults} & set(wanted.choices)
        if not wrong:
            raise
        fitting = {key: value for key, value in wanted.choices.items() if key not in wrong}
        return with_faults(
            plan_page(request, this, replace(wanted, choices=fitting), True, faults=in_words(error.faults))
        )


def wanted_plan(query: QueryParams, first: str) -> planning.PlanOptions:
    """The plan that an address asks for. Raises InputError."""
    typed = {
        key.removeprefix(OTHER): value.strip()
        for key, value in query.items()
        if key.startswith(OTHER) and value.strip()
    }
    chosen = {
        key.removeprefix(CHOICE): value.strip()
        for key, value in query.items()
        if key.startswith(CHOICE) and value.strip()
    }
    start = told_day(lambda name: query.get(name, ""), "start") or first
    return planning.PlanOptions(
        query.get("protocol", ""), day(start, "start"), {**chosen, **typed}, query.get("product", "").strip()
    )


def plan_page(
    request: Request,
    this: Opened,
    wanted: planning.PlanOptions,
    changing: bool = False,
    template: str = "plan",
    **values: Any,
) -> HTMLResponse:
    made = planning.plan_for(this.case, wanted, today(request))
    screen = told(request, this.country or made.protocol.country)
    screen.facts = facts_of(this.case, today(request))
    below_alarms = sorted((each for each in made.issues if not each.leads), key=_waits)
    screen.issues([issue for issue in below_alarms if not _stands_open(issue)])
    newer = [kept(screen.spelled(line)) for line in newer_lines(screen, screen.library.content(made.protocol))]
    add_caveats(screen, made.caveats)
    lines = lines_of(screen, made.product)
    rows = [] if made.needs else dated_rows(lines, made.items)
    shown_at = CHECK if CHECK in (template, request.query_params.get("page", "")) else "plan"
    if made.needs:
        template = "plan"  # what is open is chosen there
    return page(
        request, template, this, screen=screen, led_by=made.issues, made=made, shown_at=shown_at, wanted=wanted, rows=rows,
        tell=parts(screen), interrupting=[issue_words(screen, issue) for issue in below_alarms if _stands_open(issue)],
        to_acknowledge=[issue_words(screen, issue) for issue in made.issues if issue.severity == ACKNOWLEDGE],
        phases=[line for phase in made.published for line in card_lines(screen, screen.phase_lines(phase))],
        newer=newer, signed=kept(screen.spelled(signed_words(screen, made.protocol))), chosen=chosen_words(screen, made.choices, made.published), needs=open_choices(screen, made), facts=facts_needed(screen, made),
        below=lines.below_rows(made.policy), products=fitting_products(screen, made), product=made.product, changing=changing,
        **first_doses(rows), query=request.url.query, weekdays=WEEKDAYS, known=known_rows(this.case, today(request), Voice(look_of(request).plain, this.country)), boxes=boxes_said(this.case, today(request), Voice(look_of(request).plain, this.country)), anew=_anew(request, this, made), **{"refusal": "", "form": None, "faults": [], "asked": None, **values},
    )  # fmt: skip


def _stands_open(issue: Issue) -> bool:
    """What interrupts, and what is known and may not wait: never folded away on the page on which a plan is kept (hazard H153)."""
    return issue.interrupts or (issue.code in URGENT and not issue.ask)


def first_doses(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows of the first doses; what is given once above their days, where it is the same on each."""
    first = [row for row in rows if row["kind"] in ("dose", "course")][:FIRST_DOSES]
    given = {"".join(row["main"]) for row in first}
    return {"first_doses": first, "first_dose": kept(given.pop()) if len(given) == 1 else ""}


def _waits(issue: Issue) -> bool:
    return issue.severity != BLOCK and issue.code not in URGENT


def take_over_address(request: Request, this: Opened, protocol: str = "") -> str:
    """Where earlier treatment is gone on with; empty for a person with a plan or without such treatment."""
    if this.plan is not None or not taking_over.is_treated(this.case, today(request)):
        return ""
    told_of = {"protocol": protocol, "on": request.query_params.get("on", "")}
    query = urlencode({key: value for key, value in told_of.items() if value})
    return f"{this.address}/take-over{f'?{query}' if query else ''}"


def _anew(request: Request, this: Opened, made: Plan) -> str:
    """The way to go on instead, where these dates begin anew for somebody who is treated; else empty."""
    if not taking_over.begins_anew(this.case, made.protocol.id, today(request)):
        return ""
    return take_over_address(request, this, made.protocol.id)


def issue_words(screen: Builder, issue: Issue) -> dict[str, Any]:
    """What interrupts, in full; what a professional does next is no advice for a patient."""
    made = callouts.in_full(screen, issue)
    return {
        "code": made.code, "severity": ACKNOWLEDGE if issue.code in URGENT else issue.severity, "text": kept(made.text), "mark": made.mark,
        "cites": callouts.cited(made.cites, screen.say), "action": "" if made.ask else made.action,
    }  # fmt: skip


def open_choices(screen: Builder, made: Plan) -> list[dict[str, Any]]:
    """What the source leaves open, with the values it names."""
    return [
        {"key": need.choice, "values": list(_values(screen, need, made)), "open": need.least is not None}
        for need in made.needs
        if need.choice
    ]


def _values(screen: Builder, need: Need, made: Plan) -> Iterator[tuple[str, str]]:
    if need.options:
        known = {
            each.option: str(kept(screen.spelled(screen.regimen(each))))
            for phase in made.published
            for each in phase.options
        }
        yield from (
            (option, known.get(option, screen.words.find("substances", option, option.replace("_", " "))))
            for option in need.options
        )
        return
    for value in dict.fromkeys((need.least, need.most)):
        if value is not None:
            yield str(value), _worded(screen, value)


def _worded(screen: Builder, value: object) -> str:
    if isinstance(value, Mass):
        return mass_text(value, screen.country, screen.words.units)
    return span_words(value, screen.words) if isinstance(value, Span) else str(value)


def facts_needed(screen: Builder, made: Plan) -> list[dict[str, str]]:
    found = [missing_fact(screen.library, need.fact, ()) for need in made.needs if need.fact]
    return [
        {"fact": each.fact, "question": screen.text(each.plain if screen.plain else each.question)} for each in found
    ]


def fitting_products(screen: Builder, made: Plan) -> list[tuple[str, str]]:
    """Products that hold what the protocol names or leaves open, those of the country first."""
    phases = tuple(all_phases(made.published))
    named = {name for phase in phases for name in (phase.substances or SUBSTANCES)}
    fitting = [each for each in screen.library.products.values() if each.replacement and each.substance in named]
    ordered = sorted(fitting, key=lambda each: (each.country != screen.country, each.country, each.name))
    return [(each.id, product_words(each, screen.country)) for each in ordered]


def product_words(product: Product, country: str) -> str:
    """A product with its content and strength in words, as they stand on its label."""
    units = shipped.library().own_words.units
    parts = [
        mass_text(product.amount, country, units) if product.amount else "",
        strength_text(product.strength, country, units) if product.strength else "",
    ]
    told = ", ".join(part for part in parts if part)
    return str(kept(f"{product.name} ({told})" if told else product.name))


# -- accepting -------------------------------------------------------------------------------------------------------


@routes.post("/case/{name}/accept")
def accept_(request: Request, name: str, form: Sent) -> Response:
    """Write the plan into the file, with who agreed to it and what was acknowledged."""
    return looked_at_again(lambda: _accept(request, name, form))


def _accept(request: Request, name: str, form: Form) -> Response:
    this, on = opened(request, name), today(request)
    wanted = planning.PlanOptions(
        form.text("protocol"), day(form.text("start"), "start"), form.beginning(CHOICE), form.text("product")
    )
    try:
        wanted = replace(wanted, calendar=opening_days(form))
    except InputError as error:
        return _again(request, this, wanted, form, "", faults=[of_a_day_field(each) for each in error.faults])
    if _is_accepted(this, wanted):
        return onward(this.address, on=request.query_params.get("on", ""))
    reasons, sure = form.beginning(REASON), form.text("confirmed").split()
    try:
        made = accept(site_of(request), this, wanted, form.text("by"), reasons, on, form.text("mark"), sure)
    except Unconfirmed as refusal:
        return _again(request, this, wanted, form, "", asked=asked_words(request, refusal.asked))
    except accepting.NotAccepted:
        return _again(request, this, wanted, form, "accept__not_acknowledged")
    except InputError as error:
        if any(each.file in DAY_FIELDS for each in error.faults):
            return _again(request, this, wanted, form, "", faults=[of_a_day_field(each) for each in error.faults])
        if form.text("by"):
            raise
        return _again(request, this, wanted, form, "accept__by_whom")
    if made.needs:
        return _again(request, this, wanted, form, "accept__open")
    if form.text("page") == CHECK:
        return onward(f"{this.address}/accepted", on=request.query_params.get("on", ""))
    return onward(this.address, done="accepted", on=request.query_params.get("on", ""))


DAY_FIELDS = {"--open": "open", "--holidays": "holidays", "--closed": "closed"}


def opening_days(form: Form) -> dict[str, Any]:
    """The days on which the clinic is open, as the form tells them; empty where nothing was told. Raises InputError."""
    return calendar_of(",".join(form.all("open")), form.text("holidays"), form.text("closed"))


def of_a_day_field(fault: Fault) -> Fault:
    """A fault of an option of the command, told of the field that stands for it, in the page's own words where it has some."""
    field = DAY_FIELDS.get(fault.file, "")
    own = shipped.library().own_words.find("web", f"clinic__wrong_{field}", fault.message)
    return Fault("", 0, field or fault.path, own)


def _is_accepted(this: Opened, wanted: planning.PlanOptions) -> bool:
    """Whether this very plan is there already: the form was sent twice."""
    plan = this.plan
    return plan is not None and (plan.protocol, plan.start, plan.choices) == (
        wanted.protocol,
        wanted.start,
        wanted.choices,
    )


def _again(
    request: Request, this: Opened, wanted: planning.PlanOptions, form: Form, refusal: str, **values: Any
) -> Response:
    template = CHECK if form.text("page") == CHECK else "plan"
    answer = plan_page(request, this, wanted, template=template, refusal=refusal, form=form, **values)
    answer.status_code = 422
    return answer
