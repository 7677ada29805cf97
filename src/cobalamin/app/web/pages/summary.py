"""One page for the doctor: treatment, what is due, doses of a year, results from first to last, symptoms by days since the last dose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.pictures.since import draw_since
from cobalamin.app.pictures.year import usual_words
from cobalamin.app.services import reviewing
from cobalamin.app.services.card import card_of
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.scales import Scale, ScalePoint, scales_of
from cobalamin.app.services.year import WERE_GIVEN, year_around
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.preferences import look_of
from cobalamin.app.web.frame.site import opened, page, today, told
from cobalamin.app.web.pages.year import marker_name
from cobalamin.text.days import date_words, day_short
from cobalamin.text.messages import in_words
from cobalamin.text.safe import entered, upper_first
from cobalamin.therapy.response.diary import Symptom
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.review import Review

routes = APIRouter(include_in_schema=False)
_OF_THE_CARD = ("cause", "dose", "product", "interval", "agreed")
_LARGE = 1.32
MOST_DOSES = 8  # on one sheet of paper; the number says that there are more


@routes.get("/case/{name}/summary")
def show(request: Request, name: str) -> Response:
    """The page, on one sheet of paper."""
    this = opened(request, name)
    seen = reviewing.review_of(this.case, today(request))
    screen = told(request, country_of(seen))
    letters = _LARGE if look_of(request).large else 1.0
    sentence = in_words(due_sentence(seen.outlook, country_of(seen), screen.plain), screen.words)
    return page(
        request, "summary", this, screen=screen, seen=seen, treatment=list(_treatment(seen, screen)), sentence=_said(screen, sentence),
        doses=_doses(seen, screen), results=[_result(scale, screen) for scale in scales_of(seen)],
        symptoms=[_symptom(each, screen, letters) for each in seen.diary.symptoms],
        questions=[_said(screen, in_words(each.text, screen.words)) for each in seen.questions],
    )  # fmt: skip


def _said(screen: Builder, text: str) -> str:
    return str(kept(screen.spelled(text)))


def _treatment(seen: Review, screen: Builder) -> Iterator[tuple[str, str]]:
    for line in card_of(seen).lines:
        if line.name in _OF_THE_CARD:
            yield screen.words.text(f"card.{line.name}"), _said(screen, in_words(line.text, screen.words))


def _doses(seen: Review, screen: Builder) -> dict[str, Any]:
    """The doses of the last twelve months: their number, and each day with what it counts as."""
    given = [mark for mark in year_around(seen).doses if mark.state in WERE_GIVEN and mark.on <= seen.on]
    if not given:
        return {"counted": "", "lines": []}
    words = screen.words
    shown = given[-MOST_DOSES:]
    key = "web.summary__counted_more" if len(given) > len(shown) else "web.summary__counted"
    counted = screen.say(key, number=len(given), date=date_words(given[-1].on, words), shown=len(shown))
    lines = [f"{day_short(mark.on, words, with_year=True)}: {in_words(mark.label, words)}" for mark in shown]
    return {"counted": _said(screen, counted), "lines": [_said(screen, line) for line in lines]}


def _result(scale: Scale, screen: Builder) -> dict[str, str]:
    first, last = scale.points[0], scale.points[-1]
    return {
        "name": marker_name(screen, scale.marker), "first": _value(first, screen) if first is not last else "",
        "last": _value(last, screen), "usual": kept(upper_first(usual_words(scale.usual, screen.words))),
    }  # fmt: skip


def _value(point: ScalePoint, screen: Builder) -> str:
    return str(kept(f"{point.told} ({day_short(point.on, screen.words, with_year=True)})"))


def _symptom(symptom: Symptom, screen: Builder, letters: float) -> dict[str, Any]:
    """A symptom as a picture, and the same as words: each score by its day since the last dose."""
    spoken = symptom.name.replace("_", " ")
    name = (
        entered(symptom.name, screen.words)
        if symptom.own
        else screen.words.find("web", f"symptom__{symptom.name}", spoken)
    )
    known = sorted((each.days_since, each.score) for each in symptom.readings if each.days_since is not None)
    without = [each for each in symptom.readings if each.days_since is None]
    told_days = [f"{screen.say('web.summary__day', number=day)}: {score}" for day, score in known]
    told_days += [f"{screen.say('web.summary__no_day')}: {each.score}" for each in without]
    title = upper_first(name)
    drawn = draw_since(known, f"{title}. {'; '.join(told_days)}", screen.say("web.summary__axis"), letters)
    text = symptom.plain if screen.plain else symptom.text
    return {
        "name": title,
        "svg": drawn.svg if known else "",
        "days": "; ".join(told_days),
        "text": _said(screen, in_words(text, screen.words)),
    }
