"""How long what is at home lasts: the doses it covers, the first one it does not, and the day to order by. Pure.

It reads the schedule as it stands; a dose that moves moves all of it. How long before the first uncovered dose an order is
due is a policy's assumption.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import ceil

from msgspec import Struct

from cobalamin.amounts import containers_for
from cobalamin.knowledge.model import Policy, Product
from cobalamin.knowledge.words import Words
from cobalamin.spans import Span, add
from cobalamin.text.days import date_words, span_words
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.review.review import Ahead, Review

MOST_AMPOULES = 500
_YEARS_AHEAD, _LINES_A_DOSE, _LINES_BESIDE = 40, 4, 60


class Supply(Struct, frozen=True):
    """`covered`: the days of the doses that `ampoules` are enough for; `until`: the first dose that they are not enough for."""

    on: date
    ampoules: int
    covered: tuple[date, ...]
    until: date | None  # None where the schedule ends, or must be decided on, before they are used up
    order_by: date | None
    left: int  # more than the doses that are scheduled need
    lead: Span
    policy: str
    basis: str  # of the lead: software_default | local_policy
    one_each: bool  # no product says how much an ampoule holds: one a dose is assumed
    dated: bool  # whether any dose is scheduled by its day

    @property
    def order_now(self) -> bool:
        return self.order_by is not None and self.order_by <= self.on


def ahead_for(ampoules: int) -> Ahead:
    """How far a review must look to say how long so many last."""
    return Ahead(_YEARS_AHEAD * 12, ampoules * _LINES_A_DOSE + _LINES_BESIDE)


def supply_of(seen: Review, ampoules: int) -> Supply:
    """How long so many ampoules last by a review that looks `ahead_for` them."""
    return supply(seen.upcoming, seen.on, ampoules, seen.policy, seen.plan.product if seen.plan else None)


def supply(items: Iterable[Item], on: date, ampoules: int, policy: Policy, product: Product | None = None) -> Supply:
    """How long so many ampoules last for the doses of a schedule."""
    doses = sorted((item for item in items if item.kind == "dose" and item.on), key=lambda item: item.on or on)
    covered: list[date] = []
    left, until = ampoules, None
    for item in doses:
        day, number = item.on or on, _number(item, product)
        if number > left:
            until = day
            break
        left -= number
        covered.append(day)
    order_by = add(until, policy.order_ahead, -1) if until else None
    each_known = product is not None and product.amount is not None
    return Supply(
        on, ampoules, tuple(covered), until, order_by, left, policy.order_ahead, policy.name, policy.basis, not each_known, bool(doses)
    )  # fmt: skip


def _number(item: Item, product: Product | None) -> int:
    """Whole ampoules for a dose: what is left of an opened one is not kept for the next."""
    if product is None or product.amount is None or item.dose is None:
        return 1
    number, _ = containers_for(item.dose, product.amount)
    return max(1, ceil(number))


def supply_words(found: Supply, words: Words) -> list[str]:
    """What there is to say of it, a sentence each; the first is the answer."""
    if not found.dated:
        return [words.text("supply.not_dated")]
    told = [_answer(found, words)]
    if found.order_by is not None:
        whose = words.text(f"supply.whose__{found.basis}", policy=found.policy)
        told.append(words.text("supply.lead", days=span_words(found.lead, words), whose=whose))
    if found.one_each:
        told.append(words.text("supply.one_each"))
    return told


def _answer(found: Supply, words: Words) -> str:
    number = words.text("supply.one") if found.ampoules == 1 else words.text("supply.many", number=found.ampoules)
    if found.until is None or found.order_by is None:
        return words.text("supply.enough_for_all", ampoules=number, last=date_words(found.covered[-1], words))
    until = date_words(found.until, words)
    if not found.covered:
        return words.text("supply.not_enough", ampoules=number, until=until)
    if found.order_now:
        return words.text("supply.order_now", ampoules=number, until=until)
    return words.text("supply.order_by", ampoules=number, until=until, order_by=date_words(found.order_by, words))
