"""What looks wrong before it is written, as a page asks it."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request

from cobalamin.app.services.confirming import Asked
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.preferences import Voice, look_of
from cobalamin.app.web.frame.site import told
from cobalamin.text.safe import entered
from cobalamin.therapy.review.improbable import replacement_in


def asked_words(request: Request, asked: Asked) -> dict[str, Any]:
    """What looks wrong, and what would be saved: the button below confirms just this."""
    screen = told(request, asked.country)
    typed = partial(entered, words=screen.words)
    return {
        "sentences": [kept(screen.spelled(each)) for each in asked.sentences(typed)],
        "entries": [kept(each) for each in asked.entries(typed)],
        "sure": " ".join(asked.keys),
    }


def told_rows(request: Request, asked: Asked) -> list[dict[str, str]]:
    """What would be saved, row by row, each with the field that changes it."""
    event = replacement_in(asked.events[0]) or asked.events[0]
    words = asked.words(partial(entered, words=asked.library.own_words))
    voice = Voice(look_of(request).plain, asked.country)

    def label(name: str) -> str:
        if name == "content":
            return voice.find(f"record__{event.kind}", event.kind)
        return voice(_LABELS[name]) if name in _LABELS else voice.find(f"dose__{name}", name.replace("_", " "))

    return [{"field": name, "label": label(name), "value": kept(value)} for name, value in words.rows(event)]


_LABELS = {"date": "other__date", "given": "dose__what", "expires_on": "dose__expires", "source": "dose__where"}
