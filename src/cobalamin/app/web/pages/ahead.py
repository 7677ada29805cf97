"""Ampoules and travel: how long what is at home lasts, by when to order, and what a journey moves. Only the count is saved."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.services import ampoules
from cobalamin.app.services.away import Days, ahead_of, away_of, away_words, journey
from cobalamin.app.services.reviewing import country_of, review_of
from cobalamin.app.services.supply import supply_words
from cobalamin.app.services.typed import day
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.faults import in_words, with_faults
from cobalamin.app.web.frame.forms import Sent, told_day
from cobalamin.app.web.frame.saving import looked_at_again, refuse_changed
from cobalamin.app.web.frame.site import Opened, onward, opened, page, site_of, today, told
from cobalamin.errors import Fault, InputError
from cobalamin.text.days import date_words
from cobalamin.therapy.review.review import Review

routes = APIRouter(include_in_schema=False)


@routes.get("/case/{name}/ahead")
def show(request: Request, name: str, done: str = "") -> Response:
    """The page; with the two days of a journey, what it moves."""
    return _show(request, opened(request, name), done=done)


def _show(request: Request, this: Opened, **values: Any) -> Response:
    on = today(request)
    seen = review_of(this.case, on)
    screen = told(request, country_of(seen))
    days = [told_day(lambda field: request.query_params.get(field, ""), each) for each in ("from", "to")]
    faults: list[Fault] = []
    away: list[str] = []
    try:
        away = _away(this, screen, _journey(screen, days, on), on) if any(days) else []
    except InputError as error:
        faults = in_words(error.faults)
    shown = {"faults": faults, "typed": "", "done": "", **values}
    made = page(
        request, "ahead", this, screen=screen, seen=seen, on=on, begins=days[0], ends=days[1], away=away, home=home_words(screen, this, seen), **shown
    )  # fmt: skip
    return with_faults(made) if shown["faults"] else made


def _journey(screen: Builder, days: list[str], on: date) -> Days:
    """The days of a journey. Raises InputError in the words of the form."""
    if not all(days):
        raise InputError.one("", "to" if days[0] else "from", screen.say("web.ahead__both"))
    begins, ends = (day(each, name) for each, name in zip(days, ("from", "to"), strict=True))
    if ends < begins:
        raise InputError.one("", "to", screen.say("web.ahead__backwards"))
    if ends < on:
        raise InputError.one("", "to", screen.say("web.ahead__over"))
    return journey(begins, ends, on)


def _away(this: Opened, screen: Builder, days: Days, on: date) -> list[str]:
    seen = review_of(this.case, on, ahead=ahead_of(days, on))
    found = away_words(away_of(seen, days), screen.words, seen.policy.name, seen.policy.basis)
    return [str(kept(screen.spelled(each))) for each in found]


def home_words(screen: Builder, this: Opened, seen: Review) -> list[str]:
    """What is left at home, a sentence each; empty where nobody has counted. Beside what may not wait nothing of a dose is said."""
    found = ampoules.at_home(this.case, seen)
    if found is None:
        return []
    counted = found.counted
    since = screen.say(
        "supply.since_count", number=counted.ampoules, date=date_words(counted.on, screen.words), doses=found.doses
    )
    said = [] if seen.outlook.ask_first or seen.outlook.emergency else supply_words(found.supply, screen.words)
    return [str(kept(screen.spelled(each))) for each in (*said, since)]


@routes.post("/case/{name}/supply")
def save(request: Request, name: str, sent: Sent) -> Response:
    """Keep how many there are."""

    def answer() -> Response:
        this = opened(request, name)
        try:
            number = ampoules.ampoules_in(sent.text("ampoules"))
        except InputError as error:
            return _show(request, this, faults=error.faults, typed=sent.text("ampoules"))
        with site_of(request).writing:
            ampoules.count(this.path, number, today(request), lambda: refuse_changed(this.path, sent.text("mark")))
        return onward(f"{this.address}/ahead", done="counted", on=request.query_params.get("on", ""))

    return looked_at_again(answer)
