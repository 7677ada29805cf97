"""A running treatment: what is due and whether it may be another day, why a date stands, and looking back."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.paper.running import days_of
from cobalamin.app.services import reviewing, shipped
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.typed import day
from cobalamin.app.services.year import AHEAD
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.record import add_explanation, add_if_given, add_urgent, interval_line
from cobalamin.app.views.review import add_review, lacking_words, option_commands, option_words, question_line
from cobalamin.app.web.frame.answers import Asked, asked
from cobalamin.app.web.frame.blocks import blocks, kept, parts
from cobalamin.app.web.frame.forms import told_day
from cobalamin.app.web.frame.site import Opened, onward, opened, page, today, told
from cobalamin.app.web.pages.ahead import home_words
from cobalamin.app.web.pages.at_once import dose_at_once
from cobalamin.app.web.pages.charts import result_charts, symptom_charts
from cobalamin.app.web.pages.planning import product_words
from cobalamin.app.web.pages.rows import dated_rows, entry_words, lines_of
from cobalamin.app.web.pages.year import band_of, just_recorded, picture
from cobalamin.text.days import date_words
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.record import plan_on
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.questions import LAPSE, Question
from cobalamin.therapy.review.review import Ahead, Review

routes = APIRouter(include_in_schema=False)
NEXT = 6


def has_plan(case: Case, on: date) -> bool:
    """Whether a plan may be in force: accepted in the file and not taken back, or told by an entry."""
    return plan_on(case, on) is not None or any(event.kind == "plan" for event in case.record)


@routes.get("/case/{name}")
def person(request: Request, name: str, done: str = "") -> Response:
    """What is due; for a case without a plan, what may be offered."""
    this = opened(request, name)
    if has_plan(this.case, today(request)):
        return _due(request, this, told_day(lambda field: request.query_params.get(field, ""), "day"), done)
    on = request.query_params.get("on", "")
    return onward(f"{this.address}/{'options' if this.case.facts else 'question'}", on=on)


def _due(request: Request, this: Opened, day_asked: str, done: str) -> Response:
    on = today(request)
    answer = reviewing.due_of(
        reviewing.review_of(this.case, on, ahead=AHEAD), day(day_asked, "day") if day_asked else None
    )
    seen = answer.review
    screen = told(request, country_of(seen))
    screen.alarms(seen.issues)
    sentence = screen.spelled(due_sentence(seen.outlook, screen.country, screen.plain))
    interval = screen.spelled(interval_line(screen, seen))
    if answer.given is not None:
        add_if_given(screen, answer.given)
    given = blocks(screen)
    add_urgent(screen, seen)
    lines = lines_of(screen, seen.plan.product if seen.plan else None)
    first_answer = [each for each in seen.questions if each.has_command or each.code == LAPSE]
    _answered = partial(asked, seen=seen, address=this.address, on=request.query_params.get("on", ""))
    return page(
        request, "due", this, screen=screen, seen=seen, sentence=kept(sentence), interval=kept(interval), if_given=given,
        tell=parts(screen), first_answer=[_answered(each) for each in first_answer],
        questions=[_answered(each) for each in seen.questions if each not in first_answer], at_once=dose_at_once(request, this, seen), home=home_words(screen, this, seen),
        coming=dated_rows(lines, seen.upcoming[:NEXT], days_of(seen)), below=lines.below_rows(seen.policy), asked=day_asked, on=on,
        done=done if done in ("accepted", "answered") else "", card=_product_card(seen), **_status(screen, seen),
        band=band_of(screen, seen), recorded=just_recorded(screen, this, on), **picture(request, this, screen, seen),
    )  # fmt: skip


def _status(screen: Any, seen: Review) -> dict[str, Any]:
    """The words around the sentence: the state as one word, the suggested appointment or why there is none, how long it holds."""
    appointment = ""
    if seen.appointment is not None:
        key = "review.appointment" if seen.appointment.in_window else "review.appointment_late"
        appointment = screen.say(key, date=date_words(seen.appointment.on, seen.library.own_words))
    elif (lacking := reviewing.no_appointment(seen)) is not None:
        appointment = screen.text(lacking_words(lacking, screen.plain))
    stays = (
        screen.say("review.stays", date=date_words(seen.valid_until, seen.library.own_words))
        if seen.valid_until
        else ""
    )
    return {"status": seen.outlook.status, "appointment": appointment, "stays": stays}


def _product_card(seen: Review) -> str:
    product = seen.plan.product if seen.plan else None
    return product_words(product, country_of(seen)) if product else ""


@routes.get("/case/{name}/why")
def why(request: Request, name: str, about: str = "") -> Response:
    """The chain from facts to a date or to what an entry counts for."""
    this = opened(request, name)
    if not about:
        return onward(f"{this.address}/review")
    answer = reviewing.explanation_of(reviewing.review_of(this.case, today(request), ahead=AHEAD), about)
    screen = told(request, country_of(answer.review))
    add_explanation(screen, answer)
    return page(request, "why", this, screen=screen, tell=parts(screen), about=about, about_words=_about_words(about))


def _about_words(about: str) -> str:
    try:
        return date_words(date.fromisoformat(about), shipped.library().own_words)
    except ValueError:
        return about


@routes.get("/case/{name}/review")
def review(request: Request, name: str, done: str = "") -> Response:
    """Every dose judged, how blood and symptoms answer, what was checked, what is open."""
    this, on = opened(request, name), today(request)
    seen = reviewing.review_of(this.case, on, ahead=Ahead(24, NEXT))
    screen = told(request, country_of(seen))
    add_review(screen, seen)
    head, *tell = parts(screen)
    words, query = entry_words(seen), request.query_params.get("on", "")
    charts = [*result_charts(shipped.library(), seen, screen), *symptom_charts(seen, screen)]
    return page(
        request,
        "review",
        this,
        screen=screen,
        tell=[part for part in tell if part.name != "coming"],
        head=head.blocks,
        charts=charts,
        questions=[
            _asked(screen, question, asked(question, seen, this.address, query, "review"))
            for question in seen.questions
        ],
        done=done,
        recorded=just_recorded(screen, this, on),
        entries=[(event.id, kept(words.line(event))) for event in reversed(this.case.record)],
        seen=seen,
    )


def _asked(screen: Builder, question: Question, shown: Asked) -> dict[str, object]:
    """An open question with its answers in words, to stand beside its buttons."""
    answers = screen.say("review.answers", answers="; ".join(option_words(screen, question)))
    return {
        "code": question.code,
        "text": kept(screen.spelled(question.text)),
        "line": kept(screen.spelled(question_line(screen, question))),
        "answers": shown.answers,
        "back": shown.back,
        "possible": kept(screen.spelled(answers)),
        "commands": [] if screen.plain else [kept(each) for each in option_commands(screen, question)],
        "until": kept(screen.spelled(screen.say("review.default", default=question.default))),
    }
