"""The answers of an open question as buttons: a fact at one press, everything else as its form, begun.

What an answer does is read from the option as it is written in English; what stands on the button is the option in the words of the pages.
An answer that changes nothing ("not yet") has no button: until somebody answers, the program goes by it anyway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from cobalamin.app.services import shipped
from cobalamin.app.services.questions import options_of
from cobalamin.app.views.review import option_in_words
from cobalamin.app.web.frame.blocks import kept
from cobalamin.text.messages import Text
from cobalamin.text.safe import upper_first
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.event_words import DECISIONS
from cobalamin.therapy.review.questions import Question
from cobalamin.therapy.review.review import Review

_RESPONSES = ("resolved", "better", "not_better", "worse_or_new")
_ALLERGIES = {
    "allergy to a cobalamin": "allergy_cobalamin", "allergy to cobalt": "allergy_cobalt", "allergy to benzyl alcohol": "allergy_benzyl_alcohol",
    "allergy to parabens": "allergy_parabens",
}  # fmt: skip
_TAKEN_BACK = re.compile(r": cobalamin undo CASE --id (\S+)")
_LOOKED_AT = re.compile(r"^reviewed by a clinician: ([A-Z0-9_]+)$|decision reviewed answers=([A-Z0-9_]+)")
_FORMS = (
    ("history", "/record/history"), ("later plan", "/options"), ("another protocol", "/options"), ("add the choice", "/options"),
    ("repeat the test", "/record/result"), ("the next potassium", "/record/result?marker=potassium"), ("pause until", "/record/pause"),
    ("doses or statements", "/record/dose"), ("correct", "/record/correction"), ("withdraw it", "/record/correction"),
)  # fmt: skip
_MOST = 5


@dataclass(frozen=True)
class Answer:
    """A button: `href` of a form, or the fact and the word that are kept at one press."""

    label: str
    href: str = ""
    fact: str = ""
    value: str = ""


@dataclass(frozen=True)
class Asked:
    """A question as a page shows it, with its answers."""

    code: str
    text: Text
    default: Text
    answers: tuple[Answer, ...]
    back: str


def asked(question: Question, seen: Review, address: str, on: str = "", back: str = "due") -> Asked:
    """The question with its buttons. `back`: the page to come back to."""
    words, english = shipped.library().own_words, shipped.library().words("en")
    pairs = zip(options_of(question, english), options_of(question, words), strict=True)
    found: dict[tuple[str, str], Answer] = {}
    for option, shown in pairs:
        label = str(kept(upper_first(option_in_words(shown, words))))
        answer = _fact(question.code, option, label) or _form(question, option, label, seen)
        if answer is not None:
            found.setdefault((answer.href, answer.value + answer.fact), answer)
    made = tuple(_addressed(each, address, on, back) for each in found.values())
    return Asked(question.code, question.text, question.default, made[:_MOST], back)


def _fact(code: str, option: str, label: str) -> Answer | None:
    if option in _RESPONSES:
        return Answer(label, fact="symptoms_response", value=option)
    if code == "PREVIOUS_TREATMENT" and option == "none":
        return Answer(label, fact="previous_treatment", value="none")
    if option in _ALLERGIES:
        return Answer(label, fact=_ALLERGIES[option], value="present")
    return None


def _form(question: Question, option: str, label: str, seen: Review) -> Answer | None:
    if found := _TAKEN_BACK.search(option):
        return Answer(label, f"/record/correction?{urlencode({'event': found[1]})}")
    if found := _LOOKED_AT.search(option):
        return Answer(label, f"/record/reviewed?{urlencode({'answers': found[1] or found[2]})}")
    if question.code == "DATE_PARTIAL" and (event := _of_a_month(seen)) is not None:
        return Answer(label, f"/change?{urlencode({'event': event.id})}")
    if word := _decision(option):
        return Answer(label, f"/record/decision?{urlencode({'decision': word})}")
    return next((Answer(label, form) for part, form in _FORMS if part in option), None)


def _decision(option: str) -> str:
    """The decision that an option names, at its beginning or behind a colon."""
    parts = (option.partition(":")[0], option.partition(",")[0], option.rpartition(": ")[2])
    word = next((part for part in parts if part in DECISIONS), "")
    return "credit" if option.startswith("credit it") else word


def _of_a_month(seen: Review) -> Event | None:
    """The last dose that is known by its month only."""
    found = [each.event for each in seen.evaluations if each.event.month]
    return found[-1] if found else None


def _addressed(answer: Answer, address: str, on: str, back: str) -> Answer:
    if not answer.href:
        return answer
    beside = urlencode({key: value for key, value in (("on", on), ("back", back)) if value})
    return Answer(answer.label, f"{address}{answer.href}{'&' if '?' in answer.href else '?'}{beside}")
