"""The short way of a prescriber: the facts on one page, three options side by side, everything once more before the plan is kept.

What is shown is what `propose`, `plan` and `accept` say: the same options by the same numbers, the same gate, the same alarms.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cobalamin.app.services import planning, reviewing, shipped
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.views.alternatives import differences, whose_lead
from cobalamin.app.views.builder import Builder, Extent
from cobalamin.app.views.caveats import option_lines
from cobalamin.app.views.first_screen import numbered, open_steps, regimen_in_short, to_check
from cobalamin.app.views.newer import newer_lines
from cobalamin.app.views.propose import beside_options, option_head_lines, practice_lines, shown_options
from cobalamin.app.web.frame.blocks import Block, blocks, kept
from cobalamin.app.web.frame.faults import with_faults
from cobalamin.app.web.frame.forms import Form, Sent
from cobalamin.app.web.frame.preferences import Voice, look_of
from cobalamin.app.web.frame.saving import learn, looked_at_again
from cobalamin.app.web.frame.site import Opened, onward, opened, page, site_of, today, told
from cobalamin.app.web.pages.known import ASKED_FIRST, UNKNOWN, answer_words, are_asked, boxes_of, every_box, ticked_of
from cobalamin.app.web.pages.planning import CHECK, asked_plan, card_lines, open_choices, take_over_address
from cobalamin.app.web.pages.questions import NONE, is_held, read_fact, ticked_boxes
from cobalamin.errors import Fault, InputError
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case, Fact
from cobalamin.therapy.case.criteria import fact_words
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.proposal.proposal import Option, Proposal

routes = APIRouter(include_in_schema=False)
FACT, ASKED, SOME = "fact.", "asked", "some"


# -- the facts -------------------------------------------------------------------------------------------------------


@routes.get("/case/{name}/facts")
def facts(request: Request, name: str) -> Response:
    """The facts that decide most, on one page; what is left empty was not asked."""
    return _facts(request, opened(request, name))


def _facts(request: Request, this: Opened, **values: Any) -> HTMLResponse:
    on, voice = today(request), Voice(look_of(request).plain, this.country)
    known, defined = facts_of(this.case, on).values, shipped.library().facts
    questions = [
        {
            "id": fact,
            "label": kept(told(request, this.country).spelled(fact_words(fact)).capitalize()),
            "answers": [
                (value, answer_words(defined[fact], value, voice)) for value in defined[fact].values if value != UNKNOWN
            ],
            "chosen": known.get(fact, ""),
        }
        for fact in ASKED_FIRST
    ]
    shown = {"form": None, "faults": [], **values}
    return page(
        request, "facts", this, questions=questions, boxes=boxes_of(every_box(), voice), said=_said(this.case, on),
        known_ticks=ticked_of(this.case, on), **shown,
    )  # fmt: skip


@routes.post("/case/{name}/facts")
def keep_facts(request: Request, name: str, form: Sent) -> Response:
    """Keep what was answered; then the options side by side."""
    return looked_at_again(lambda: _keep_facts(request, name, form))


def _keep_facts(request: Request, name: str, form: Form) -> Response:
    this, on = opened(request, name), today(request)
    try:
        answered = [read_fact(fact, form.text(f"{FACT}{fact}")) for fact in ASKED_FIRST if form.text(f"{FACT}{fact}")]
        answered += _boxes(this, on, form)
    except InputError as error:
        return with_faults(_facts(request, this, form=form, faults=[_at_field(each) for each in error.faults]))
    if answered and not all(is_held(this.case, each, on) for each in answered):
        learn(site_of(request), this, tuple(answered), on, form.text("mark"))
    return onward(f"{this.address}/choose", on=request.query_params.get("on", ""))


def _boxes(this: Opened, on: date, form: Form) -> tuple[Fact, ...]:
    """What was said of the boxes: nothing where nobody asked, because silence must not clear an allergy (hazard H07).

    Raises InputError where a box is ticked and nobody says whether the others were asked.
    """
    ticked, asked = form.all("box"), form.text(ASKED)
    if asked:
        return ticked_boxes(every_box(), [*ticked, NONE] if asked == NONE else ticked)
    if sorted(ticked) != sorted(ticked_of(this.case, on)):
        raise InputError.one("", ASKED, "say whether the others were asked too")
    return ()


def _said(case: Case, on: date) -> str:
    """What the file says of all boxes together."""
    if not are_asked(case, on):
        return ""
    return SOME if ticked_of(case, on) else NONE


def _at_field(fault: Fault) -> Fault:
    """A fault told at the field it is about: those of a fact stand at its name."""
    return fault if fault.path in (ASKED, "box") else replace(fault, path=f"fact.{fault.path.split('.')[-1]}")


# -- three options side by side --------------------------------------------------------------------------------------


@routes.get("/case/{name}/choose")
def choose(request: Request, name: str) -> Response:
    """The leading option and two others with what is to be looked at, each with what it leaves to choose."""
    this, on = opened(request, name), today(request)
    proposal = planning.propose_for(this.case, on)
    screen = Builder(shipped.library(), look_of(request).plain, this.country, extent=Extent(short=True))
    options = numbered(proposal, screen.library, this.country)
    if this.plan is not None or not options:
        return onward(f"{this.address}/options", on=request.query_params.get("on", ""))
    screen.facts = facts_of(this.case, on)
    screen.alarms(proposal.issues)
    screen.issues_in_short(proposal.issues, beside_options(screen.library))
    first = blocks(screen)
    open_steps(screen, proposal)
    option_head_lines(screen, proposal, shown_options(proposal, screen.library, this.country, everything=False))
    steps = blocks(screen)
    cards = [_card(request, this, screen, option, options[0], proposal) for option in options]
    return page(
        request, "choose", this, screen=screen, led_by=proposal.issues, first=first, steps=steps, options=cards, start=on.isoformat(),
        need=proposal.needs[0] if proposal.needs else None, more=len(proposal.options) - len(options),
        guided=any(entry.certain and entry.advice for entry in proposal.guidance),
        treated=take_over_address(request, this),
    )  # fmt: skip


def _card(
    request: Request, this: Opened, screen: Builder, option: Option, first: Option, proposal: Proposal
) -> dict[str, Any]:
    """An option, how it differs from the first, what speaks against it, and what is left to choose."""
    made = planning.plan_for(
        this.case, planning.PlanOptions(option.protocol.id, today(request), {}, months=1), today(request)
    )
    to_check(screen, option, proposal)
    checks: list[Block] = blocks(screen)
    caveats = [
        *practice_lines(screen, option),
        *newer_lines(screen, option.content),
        *option_lines(screen, option.caveats),
    ]
    return {
        "id": option.protocol.id,
        "title": kept(screen.spelled(option.protocol.title)),
        "differs": "" if option is first else kept(screen.spelled(differences(screen, first, option))),
        "whose": kept(screen.spelled(whose_lead(screen, option))) if option is first else "",
        "lines": card_lines(screen, regimen_in_short(screen, option)),
        "caveats": [kept(screen.spelled(line)) for line in caveats],
        "checks": checks,
        "needs": [
            {**need, "label": screen.key_words(str(need["key"])).capitalize()} for need in open_choices(screen, made)
        ],
        "blocked": made.blocked,
    }


# -- once more before it is kept -------------------------------------------------------------------------------------


@routes.get("/case/{name}/check")
def check(request: Request, name: str) -> Response:
    """Everything that would be kept, each with a way to change it; what is still open leads to where it is chosen."""
    return asked_plan(request, opened(request, name), CHECK)


@routes.get("/case/{name}/accepted")
def accepted(request: Request, name: str) -> Response:
    """The plan is kept: to paper from here."""
    this = opened(request, name)
    if this.plan is None:
        return onward(f"{this.address}/options")
    seen = reviewing.review_of(this.case, today(request))
    screen = told(request, country_of(seen))
    title = shipped.library().protocol(this.plan.protocol).title
    return page(request, "accepted", this, seen=seen, title=kept(screen.spelled(title)), by=this.plan.accepted_by)
