"""How a reader wants the pages: plain or professional words, the size of the text, the language. Kept in cookies of this computer."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request, cookie_parser
from starlette.responses import Response

from cobalamin.app.services import shipped
from cobalamin.app.services.settings import read_settings
from cobalamin.app.services.shipped import library
from cobalamin.app.web.frame.blocks import kept
from cobalamin.errors import InputError
from cobalamin.knowledge.words import ENGLISH

PLAIN, PROFESSIONAL, LARGE, USUAL = "plain", "professional", "large", "usual"
WORDS, SIZE, LANGUAGE = "words", "size", "language"
_CHOICES = {WORDS: (PLAIN, PROFESSIONAL), SIZE: (USUAL, LARGE)}
KEPT = (WORDS, SIZE, LANGUAGE)
_A_YEAR = 31_536_000


@dataclass(frozen=True)
class Look:
    """Whose words, and how large."""

    plain: bool = True
    large: bool = False


def look_of(request: Request) -> Look:
    return Look(request.cookies.get(WORDS, PLAIN) != PROFESSIONAL, request.cookies.get(SIZE, USUAL) == LARGE)


def keep_look(response: Response, wanted: dict[str, str]) -> None:
    """Keep what was chosen; anything else is passed over."""
    for name, allowed in {**_CHOICES, LANGUAGE: shipped.library().languages}.items():
        if wanted.get(name) in allowed:
            response.set_cookie(name, wanted[name], max_age=_A_YEAR, httponly=True, samesite="strict")


def language_of(cookies: str) -> str:
    """The language of a page: the one that was chosen on a page, else the one that is set, else English."""
    chosen = cookie_parser(cookies).get(LANGUAGE, "")
    if chosen in shipped.library().languages:
        return chosen
    try:
        return read_settings().language or ENGLISH
    except InputError:  # said by every command; no page is held back by it
        return ENGLISH


@dataclass(frozen=True)
class Voice:
    """The sentences of the pages, in a reader's words and the spelling of a country."""

    plain: bool
    country: str = ""

    def __call__(self, key: str, **fields: object) -> str:
        return self.of(f"web.{key}", **fields)

    def of(self, own: str, **fields: object) -> str:
        """A sentence that pages share with other ways to show an answer, by its whole key."""
        words = shipped.library().own_words
        texts = words.texts
        template = texts.get(f"{own}__plain", texts[own]) if self.plain else texts[own]
        return str(kept(words.filled(library().spelled(template, self.country), fields)))

    def find(self, key: str, otherwise: str) -> str:
        """The text of this key, or the word itself where there is none."""
        return self(key) if f"web.{key}" in shipped.library().own_words.texts else otherwise
