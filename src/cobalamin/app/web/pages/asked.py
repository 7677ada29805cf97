"""What looks wrong before it is written, as a page asks it."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request

from cobalamin.app.services.confirming import Asked
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.site import told
from cobalamin.text.safe import entered


def asked_words(request: Request, asked: Asked) -> dict[str, Any]:
    """What looks wrong, and what would be saved: the button below confirms just this."""
    screen = told(request, asked.country)
    typed = partial(entered, words=screen.words)
    return {
        "sentences": [kept(screen.spelled(each)) for each in asked.sentences(typed)],
        "entries": [kept(each) for each in asked.entries(typed)],
        "sure": " ".join(asked.keys),
    }
