"""Reactions after a dose: each asks before the next one, until a clinician has looked or an allergy fact answers (hazard H80).

Whether it was the substance, an excipient or neither, and which product and batch it was, must be known before the next dose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.text.messages import Text, day, joined, listed, message
from cobalamin.therapy.case.answered import can_answer, is_answered, review_command
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Administration, FactLearned
from cobalamin.therapy.case.events import Reaction as ReactionEntry
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, Gate, Issue
from cobalamin.therapy.response.alarms import Ask

CODE, UNMATCHED = "ALLERGY_SUSPECTED", "REACTION_UNMATCHED"
ALLERGIES = ("allergy_cobalamin", "allergy_cobalt", "allergy_benzyl_alcohol", "allergy_parabens")
Product = Callable[[Administration], str]  # the name of the product of a dose; empty where it is not recorded


class Reaction(Struct, frozen=True):
    """A reaction that nobody has answered, with the dose it is told of; None where the record has no such dose."""

    event: ReactionEntry
    dose: Administration | None
    product: str

    @property
    def text(self) -> Text:
        """ "Reaction on ... to the dose of ... (product ..., batch ...): facial swelling." """
        outcome = message("alarms.outcome", outcome=self.event.outcome) if self.event.outcome else ""
        told = {"date": _day(self.event), "signs": sign_words(self.event), "outcome": outcome}
        if self.dose is None:
            return message("alarms.reaction_unplaced", event=self.event.to, **told)
        return message("alarms.reaction", dose=_day(self.dose), given=self._given(self.dose), **told)

    def _given(self, dose: Administration) -> Text:
        """Product and batch: what must not be given again unseen, and what a report of the reaction names."""
        product = message("alarms.product", product=self.product) if self.product else message("alarms.no_product")
        batch = message("alarms.batch", batch=dose.batch) if dose.batch else message("alarms.no_batch")
        return listed((product, batch))


def open_reactions(facts: Facts, record: tuple[Event, ...], product: Product) -> tuple[Reaction, ...]:
    """The reactions of a record that nobody has answered, in order."""
    doses = {event.id: event for event in record if isinstance(event, Administration)}
    found = []
    for event in record:
        if (
            not isinstance(event, ReactionEntry)
            or event.on is None
            or is_answered(record, CODE, event)
            or _told_by_a_fact(facts, record, event)
        ):
            continue
        dose = doses.get(event.to)
        found.append(Reaction(event, dose, product(dose) if dose else ""))
    return tuple(found)


def _told_by_a_fact(facts: Facts, record: tuple[Event, ...], event: Event) -> bool:
    """Whether an allergy was recorded since the reaction: one that is present, or the last of them as absent.

    A fact that says what was known already answers nothing, and one allergy ruled out leaves the others (hazard H80).
    """
    known = {name: value for name, value in facts.head.items() if name in ALLERGIES}
    for told in record:
        if not isinstance(told, FactLearned) or told.fact not in ALLERGIES:
            continue
        name, value = told.fact, told.value
        new, known[name] = known.get(name) != value, value
        settled = value == "present" or all(known.get(each) == "absent" for each in ALLERGIES)
        if new and settled and can_answer(told, event):
            return True
    return False


def reaction_issues(library: Library, facts: Facts, reactions: tuple[Reaction, ...]) -> list[Issue]:
    """All of them in one issue, so that none is crowded out."""
    if not reactions:
        return []
    told = joined(*(reaction.text for reaction in reactions))
    issue = Gate(library, facts.patient.country).issue(CODE, ACKNOWLEDGE, told)
    return [replace(issue, plain=joined(told, issue.plain), answer=review_command(CODE))]


def reaction_asks(reactions: Iterable[Reaction], record: tuple[Event, ...]) -> tuple[Ask, ...]:
    """What each reaction asks, and reactions to a dose that the record does not have."""
    ids = {event.id for event in record if event.kind == "administration"}
    asks = [Ask(CODE, {"reaction": reaction.text}) for reaction in reactions]
    asks += [
        Ask(UNMATCHED, {"day": _day(event), "event": event.to})
        for event in record
        if isinstance(event, ReactionEntry) and event.to not in ids
    ]
    return tuple(asks)


def sign_words(event: ReactionEntry) -> str:
    """ "facial swelling, itching hands" """
    return ", ".join(sign.replace("_", " ") for sign in event.signs)


def product_of(library: Library, planned: str) -> Product:
    """The name of the product of a dose; of one given as planned, the plan's, whose id is `planned`."""

    def named(dose: Administration) -> str:
        told = dose.product or (planned if dose.as_planned else "")
        return library.products[told].name if told in library.products else told

    return named


def _day(event: Event) -> Text:
    return day(event.on) if event.on and not event.month else event.month
