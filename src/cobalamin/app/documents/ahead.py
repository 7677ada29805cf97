"""Supply and journey as parts of a JSON document."""

from __future__ import annotations

from cobalamin.app.documents.plan import day_answer
from cobalamin.app.documents.types import ahead as answers
from cobalamin.app.documents.types.base import UNSET, UnsetType
from cobalamin.app.services.away import Away, Days, away_words, dose_words
from cobalamin.app.services.supply import Supply, supply_words
from cobalamin.knowledge.model import Policy
from cobalamin.knowledge.words import Words
from cobalamin.text.messages import in_words


def supply_answer(found: Supply, words: Words) -> answers.SupplyAnswer:
    return answers.SupplyAnswer(
        ampoules=found.ampoules,
        covered=[str(day) for day in found.covered],
        until=day_answer(found.until),
        order_by=day_answer(found.order_by),
        order_ahead=str(found.lead),
        order_ahead_basis=found.basis,
        policy=found.policy,
        one_each=found.one_each,
        sentences=supply_words(found, words),
    )


def away_answer(found: Away, words: Words, policy: Policy) -> answers.AwayAnswer:
    """What falls into the journey; nothing of a dose where something open keeps it back."""
    return answers.AwayAnswer(
        begins=str(found.begins),
        ends=str(found.ends),
        doses=[
            answers.AwayDoseAnswer(
                on=str(falls.on),
                bookable_from=day_answer(falls.item.bookable_from),
                due_through=day_answer(falls.item.due_through),
                before=_days(falls.before),
                after=_days(falls.after),
                sentence=dose_words(falls, words),
            )
            for falls in (() if found.held else found.doses)
        ],
        others=[
            answers.AwayOtherAnswer(kind=item.kind, on=str(item.on), text=in_words(item.text, words))
            for item in (*found.courses, *found.others)
        ],
        window_basis=policy.basis,
        policy=policy.name,
        sentences=away_words(found, words, policy.name, policy.basis),
    )


def _days(days: Days | None) -> list[str] | UnsetType:
    return [str(day) for day in days] if days else UNSET
