"""A card to carry, and a screen to hold out to somebody at another practice: the same few lines, and a code that holds them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.pictures.code import code_of
from cobalamin.app.services import reviewing
from cobalamin.app.services.card import Card, card_of
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.site import opened, page, today, told
from cobalamin.text.messages import in_words, message

routes = APIRouter(include_in_schema=False)


@routes.get("/case/{name}/card")
def card(request: Request, name: str) -> Response:
    """The card, to print and cut out."""
    return _page(request, name, "card")


@routes.get("/case/{name}/show")
def show(request: Request, name: str) -> Response:
    """The same in large letters, without the frame of the pages."""
    return _page(request, name, "show")


def _page(request: Request, name: str, template: str) -> Response:
    this = opened(request, name)
    seen = reviewing.review_of(this.case, today(request))
    screen = told(request, country_of(seen))
    made = card_of(seen)
    return page(request, template, this, screen=screen, seen=seen, **_shown(screen, made))


def _shown(screen: Builder, made: Card) -> dict[str, Any]:
    """The lines in words, and the code. Who reads the code has no notes of ours beside it: it ends with who made it."""
    words = screen.words
    lines = [
        (line.name, words.text(f"card.{line.name}"), kept(screen.spelled(in_words(line.text, words))))
        for line in made.lines
    ]
    text = screen.spelled(made.as_text(words))
    code = code_of(text, screen.say("web.card__code"))
    return {"lines": lines, "qr": code, "unsigned": in_words(message("card.unsigned"), words)}
