"""Facts of a case in a reader's words: answers, what is known of those that decide most, and contraindications nobody has asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cobalamin.app.services import shipped
from cobalamin.app.web.frame.preferences import Voice
from cobalamin.knowledge.model import FactDefinition
from cobalamin.text.messages import in_words
from cobalamin.therapy.case.case import SEVERAL, Case
from cobalamin.therapy.case.criteria import fact_words, value_words
from cobalamin.therapy.case.facts import facts_of

ASKED_FIRST = ("deficiency", "cause", "neurological_involvement", "anaemia", "previous_treatment", "vegan")
UNKNOWN = "unknown"


def open_boxes(case: Case) -> list[FactDefinition]:
    """Contraindications that nobody has asked."""
    known = {fact.name for fact in case.facts}
    return [each for each in shipped.library().facts.values() if each.box and each.id not in known]


def answer_words(definition: FactDefinition, value: str, voice: Voice) -> str:
    """Words of this fact where it has its own, else yes and no for a patient."""
    told = in_words(value_words(definition.id, value, shipped.library().facts), shipped.library().own_words)
    return voice.find(
        f"answer__{definition.id}__{value}", voice.find(f"answer__{value}", told) if voice.plain else told
    )


def known_rows(case: Case, on: date, voice: Voice) -> list[tuple[str, str]]:
    """What the file says of the facts that decide most, in words."""
    known, defined, words = facts_of(case, on).values, shipped.library().facts, shipped.library().own_words
    return [
        (
            shipped.library().spelled(in_words(fact_words(fact), words), voice.country).capitalize(),
            answer_words(defined[fact], known[fact], voice),
        )
        for fact in ASKED_FIRST
        if fact in known
    ]


def every_box() -> list[FactDefinition]:
    """Every contraindication that is asked as a box."""
    return [each for each in shipped.library().facts.values() if each.box]


def ticked_of(case: Case, on: date) -> list[str]:
    """The boxes that the file says apply."""
    known = facts_of(case, on).values
    return [
        f"{each.id}={value}"
        for each in every_box()
        for value in known.get(each.id, UNKNOWN).split(SEVERAL)
        if value not in (each.absent, UNKNOWN)
    ]


def are_asked(case: Case, on: date) -> bool:
    """Whether each of the boxes was asked and answered."""
    known = facts_of(case, on).values
    return all(known.get(each.id, UNKNOWN) != UNKNOWN for each in every_box())


def boxes_of(boxes: Iterable[FactDefinition], voice: Voice) -> list[tuple[str, str]]:
    """Every contraindication as a box of its own, so that one answer settles all of them."""
    return [
        (f"{each.id}={value}", voice(f"box__{each.id}__{value}"))
        for each in boxes
        for value in each.values
        if value not in (each.absent, UNKNOWN)
    ]


def boxes_said(case: Case, on: date, voice: Voice) -> str:
    """What was asked of the contraindications, and what applies."""
    ticked = dict(boxes_of(every_box(), voice))
    found = [ticked[each] for each in ticked_of(case, on) if each in ticked]
    asked = "" if are_asked(case, on) else voice("facts__not_all")
    return "; ".join(filter(None, [*found, asked])) or voice("facts__none")
