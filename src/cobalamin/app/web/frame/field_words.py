"""What was sent in the words of the form it was typed in: labels of fields, days in one, no name of a file's key."""

from __future__ import annotations

from collections.abc import Iterator

from cobalamin.app.services import shipped
from cobalamin.app.web.frame.forms import told_day
from cobalamin.spans import SpanRefused, read_date
from cobalamin.text.days import date_words
from cobalamin.therapy.case.event_words import SYMPTOMS

_ALIKE = {
    "expires_on": "expires", "source": "where", "reference_range": "range", "given": "what", "id": "name",
    "birth_date": "born", "interval": "new_interval", "omission": "omission_reason",
}  # fmt: skip
_FORMS = ("other", "dose", "result", "symptoms", "ahead", "reviewed", "running", "accept", "new")
_CHOSEN = {
    "given": "dose__", "source": "dose__", "side": "dose__", "red_flags": "flag__", "own_score": "symptoms__score_",
    **dict.fromkeys(SYMPTOMS, "symptoms__score_"),
}  # fmt: skip
_VALUES = {"planned": "at_once"}
# What a page sends for itself; nobody has typed it.
_UNSEEN = frozenset(
    {"mark", "at_once", "confirmed", "back", "replaces", "change", "second", "number", "alone", "once", "event"}
)
_PARTS = (".day", ".month", ".year")


def label_in(field: str, kind: str = "") -> str:
    """What stands at a field of a form; its own name in words where the form has no text for it."""
    name = _ALIKE.get(field, field)
    texts = shipped.library().own_words.texts
    for form in (kind, *_FORMS):
        for key in (f"web.{form}__{name}", f"web.{form}__{field}", f"web.symptom__{field}"):
            if form and key in texts:
                return str(texts[key]).rstrip(":")
    return field.replace("_", " ").replace(".", " ")


def as_typed(sent: dict[str, list[str]], kind: str) -> list[tuple[str, str]]:
    """Label and value of everything that was typed or chosen in a form of this kind, in the order of the form."""
    return [row for name, texts in sent.items() if name not in _UNSEEN for row in _rows(sent, name, texts, kind)]


def _rows(sent: dict[str, list[str]], name: str, texts: list[str], kind: str) -> Iterator[tuple[str, str]]:
    field = next((name.removesuffix(part) for part in _PARTS if name.endswith(part)), "")
    if field:
        if name == next(each for each in sent if each.startswith(f"{field}.")):  # the three parts are one day
            yield label_in(field, kind), _day(told_day(lambda part: (sent.get(part) or [""])[-1], field))
        return
    yield from ((label_in(name, kind), _value(name, text)) for text in texts if text)


def _value(name: str, text: str) -> str:
    """What was chosen as the form says it; what was typed as it is, days in words."""
    said = shipped.library().own_words.texts.get(f"web.{_CHOSEN.get(name, '')}{_VALUES.get(text, text)}")
    return _day(text) if said is None else str(said)


def _day(text: str) -> str:
    try:
        return date_words(read_date(text), shipped.library().own_words)
    except SpanRefused:
        return text
