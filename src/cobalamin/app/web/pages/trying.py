"""Trying another day for a dose: what it would count as, what the sources say, which dates move. Nothing is saved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.pictures.year import draw
from cobalamin.app.services import trying
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.trying import Moved, Trial, try_day
from cobalamin.app.services.typed import day
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.forms import told_day
from cobalamin.app.web.frame.guard import POLICY_WITH_SCRIPT
from cobalamin.app.web.frame.site import Opened, onward, opened, page, today, told
from cobalamin.app.web.pages.year import address_of, look_for, states_in
from cobalamin.text.days import date_words, days_words
from cobalamin.text.messages import Text, in_words
from cobalamin.text.safe import upper_first
from cobalamin.therapy.review.due import if_given_sentence

routes = APIRouter(include_in_schema=False)
STEPS = (("week_earlier", -7), ("day_earlier", -1), ("day_later", 1), ("week_later", 7))


@routes.get("/case/{name}/try")
def show(request: Request, name: str) -> Response:
    """One dose on one day."""
    this, on, query = opened(request, name), today(request), request.query_params
    asked = told_day(lambda field: query.get(field, ""), "day")
    place = int(number) - 1 if (number := query.get("dose", "")).isascii() and number.isdigit() else 0
    try:
        trial = try_day(this.case, on, min(place, trying.MOST), day(asked, "day") if asked else None)
    except trying.NothingToTry:
        return onward(this.address, on=query.get("on", ""))
    made = _page(request, this, trial)
    made.headers["content-security-policy"] = POLICY_WITH_SCRIPT  # the arrow keys; without them the links do the same
    return made


def _page(request: Request, this: Opened, trial: Trial) -> Response:
    screen = told(request, country_of(trial.seen))
    year = trying.year_of_trial(trial)
    title = screen.say("web.try__title")
    return page(
        request, "try", this, screen=screen, seen=trial.seen, trial=trial, choices=_choices(request, this, trial, screen),
        steps=_steps(request, this, trial), shown=_said(screen, date_words(trial.day, screen.words)), shift=_shift(screen, trial.shift),
        sentence=_said(screen, if_given_sentence(trial.given)), reasons=_reasons(screen, trial), sources_say=_sources(screen, trial),
        moved=[_moved(screen, each) for each in trial.following], svg=draw(year, look_for(request, this, screen), title).svg,
        states=states_in(year), may_record=trial.place == 0 and trial.day <= trial.seen.on, back=address_of(this, "try", on=request.query_params.get("on", ""), dose=str(trial.place + 1)),
    )  # fmt: skip


def _said(screen: Builder, text: Text) -> str:
    return str(kept(screen.spelled(in_words(text, screen.words))))


def _choices(request: Request, this: Opened, trial: Trial, screen: Builder) -> list[tuple[str, str, bool]]:
    """The doses that can be tried: address, day, whether it is the one."""
    on = request.query_params.get("on", "")
    return [
        (
            address_of(this, "try", on=on, dose=str(place + 1)),
            kept(date_words(each, screen.words)),
            place == trial.place,
        )
        for place, each in enumerate(trial.choices)
    ]


def _steps(request: Request, this: Opened, trial: Trial) -> list[dict[str, str]]:
    """A day or a week earlier and later; no address where the record or the plan ends."""
    on, found = request.query_params.get("on", ""), []
    for name, days in STEPS:
        other = trial.day + timedelta(days=days)
        may = trial.earliest <= other <= trial.latest
        href = address_of(this, "try", on=on, dose=str(trial.place + 1), day=other.isoformat()) if may else ""
        found.append({"name": name, "href": href})
    return found


def _shift(screen: Builder, days: int) -> str:
    if not days:
        return screen.say("web.try__as_planned")
    key = "web.try__later" if days > 0 else "web.try__earlier"
    return str(kept(screen.say(key, days=days_words(abs(days), screen.words))))


def _reasons(screen: Builder, trial: Trial) -> list[str]:
    """What is remarked on the dose beside its verdict."""
    reasons = trial.given.evaluation.reasons[1:]
    return [
        _said(screen, upper_first(screen.words.find("flags", each.code, in_words(each.text, screen.words))))
        for each in reasons
    ]


def _sources(screen: Builder, trial: Trial) -> list[str]:
    """What each source says of early and late doses, with its number."""
    return [f"{_said(screen, each.text)} {screen.marks(each.cites)}".strip() for each in trial.given.sources_say]


def _moved(screen: Builder, each: Moved) -> dict[str, Any]:
    words = screen.words

    def named(on: date | None) -> str:
        return str(kept(date_words(on, words))) if on else ""

    return {
        "was": named(each.was),
        "now": named(each.now),
        "days": each.days,
        "shift": _shift(screen, each.days) if each.days else "",
    }
