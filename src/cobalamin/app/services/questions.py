"""The open questions of a review in words: what may be answered, and what is typed to answer it."""

from __future__ import annotations

import re

from cobalamin.knowledge.words import Words
from cobalamin.text.messages import in_words
from cobalamin.therapy.review.questions import BETWEEN, Question

_TYPED = ": cobalamin "
_LOOKED_AT = re.compile(r"[^:]+: ([A-Z][A-Z0-9_]+)")  # "reviewed by a clinician: LAPSE", in any language


def options_of(question: Question, words: Words) -> tuple[str, ...]:
    """The answers that are possible."""
    return tuple(in_words(question.options, words).split(BETWEEN))


def looked_at(option: str) -> str:
    """The code that this answer says a clinician has looked at; empty for any other answer."""
    found = _LOOKED_AT.fullmatch(option)
    return found[1] if found else ""


def command_of(question: Question, words: Words) -> str:
    """What is typed to answer it: its own command, or those that stand among its options."""
    if not question.typed:
        return question.command
    typed = [option.partition(": ")[2] for option in options_of(question, words) if _TYPED in option]
    return words.text("joined.or").join(typed)
