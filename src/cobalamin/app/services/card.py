"""What somebody carries along about a treatment: a few lines for another practice, each a day, an amount or a name.

The day on which it was true is one of the lines, because a card is read long after it was made (hazard H146). What may not wait stands
first, on the card and in what is read from its code (hazard H145).
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cobalamin.app.services.leading import leading
from cobalamin.app.services.reviewing import country_of
from cobalamin.knowledge.words import Words
from cobalamin.text.messages import Text, day, in_words, joined, listed, mass, message, month, word
from cobalamin.text.safe import entered
from cobalamin.therapy.regimen.schedule import changed_interval
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words import wording

_TAKEN = ("credited", "extra", "not_credited", "pending")
_DATED = frozenset({"not_yet_due", "bookable", "due"})


class Line(Struct, frozen=True):
    """A line of a card: which one, and what it says."""

    name: str
    text: Text


class Card(Struct, frozen=True):
    """The lines of a card. `first`: what is to be done before anything else; empty where nothing is open."""

    first: tuple[str, ...]
    lines: tuple[Line, ...]

    def as_text(self, words: Words) -> str:
        """The same lines as plain text, to be read from a code."""
        told = [in_words(joined(message(f"card.{line.name}"), line.text, between=": "), words) for line in self.lines]
        return "\n".join([*self.first, *told, in_words(message("card.unsigned"), words)])


def card_of(seen: Review, plain: bool = True) -> Card:
    """The card of a running treatment on the day of the review."""
    words, patient = seen.library.own_words, seen.case.patient
    first = tuple(each.line for each in leading(seen.issues, plain, words))
    found = (
        Line("name", entered(patient.id, words)),
        Line("born", day(patient.birth_date) if patient.birth_date else message("card.not_known")),
        Line("cause", _cause(seen)),
        Line("dose", _dose(seen)),
        Line("product", seen.plan.product.name if seen.plan and seen.plan.product else ""),
        Line("interval", _interval(seen)),
        Line("last", _last(seen)),
        Line("next", _next(seen)),
        Line("agreed", _agreed(seen, words)),
        Line("as_of", day(seen.on)),
    )
    return Card(first, tuple(line for line in found if line.text != ""))


def _cause(seen: Review) -> Text:
    value = next((fact.value for fact in seen.case.facts if fact.name == "cause"), "")
    learned = [getattr(event, "value", "") for event in seen.record.events if getattr(event, "fact", "") == "cause"]
    cause = learned[-1] if learned else value
    if cause in ("", "unknown"):
        return message("card.not_known")
    return seen.library.facts["cause"].labels.get(cause, cause.replace("_", " "))


def _dose(seen: Review) -> Text:
    phase = seen.outlook.phase
    if phase is None or phase.dose is None:
        return ""
    substance, route = (
        word("substances", phase.substance or "not_stated"),
        word("routes_plain", phase.route or "not_stated"),
    )
    return listed((joined(substance, mass(phase.dose, country_of(seen))), route))


def _interval(seen: Review) -> Text:
    phase, place = seen.outlook.phase, seen.outlook.place
    own = changed_interval(place) if place is not None else None
    if phase is None:
        return ""
    return wording.spacing_of("every" if own else phase.spacing_kind, own or phase.spacing)


def _last(seen: Review) -> Text:
    given: list[Evaluation] = [each for each in seen.evaluations if each.credit in _TAKEN and each.event.on]
    if not given:
        return message("card.none_on_record")
    last = given[-1]
    when = month(last.event.month) if last.event.month else day(last.event.on or date.max)
    return listed((when, mass(last.dose, country_of(seen)) if last.dose else ""))


def _next(seen: Review) -> Text:
    """The day of the next dose; where it is late, kept back or not known, the sentence that says so."""
    outlook = seen.outlook
    one_day = outlook.target is not None and outlook.early_target in (None, outlook.target)
    calm = outlook.status in _DATED and not (outlook.emergency or outlook.ask_first or outlook.provisional)
    if calm and one_day and outlook.target is not None:
        return day(outlook.target)
    return due_sentence(outlook, country_of(seen), plain=True)


def _agreed(seen: Review, words: Words) -> Text:
    accepted = seen.plan.accepted if seen.plan else None
    if accepted is None or not accepted.accepted_by:
        return message("card.nobody")
    return listed((entered(accepted.accepted_by, words), day(accepted.accepted_on) if accepted.accepted_on else ""))
