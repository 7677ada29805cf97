"""What is known about a patient on the day of assessment.

Three states per fact: never asked, asked and not known, known. The first two behave alike in every decision (unknown is
a value); only the questions differ, because what was asked in vain isn't asked again.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct, field

from cobalamin.amounts import Mass, plain
from cobalamin.errors import InputError
from cobalamin.knowledge.vocabulary import INJECTIONS, LIFELONG_CAUSES
from cobalamin.spans import Span, add
from cobalamin.therapy.case.case import SEVERAL, Case, Event, Patient
from cobalamin.therapy.case.conditions import NERVES, URGENT_SIGNS, turns_on_urgency
from cobalamin.therapy.case.events import FactLearned, is_taken
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of, known, negated
from cobalamin.therapy.case.record import record_as_of

_WEIGHT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?(kg|g)")
# The ages at which a fact is asked (facts.yaml), from and below, and what it is at others unless somebody recorded it.
ASKED_AT: dict[str, tuple[Span | None, Span | None, str]] = {
    "pregnancy": (Span(10, "a"), Span(70, "a"), "none"),
    "vegan": (Span(6, "mo"), None, "absent"),
}
_LENGTH = re.compile(r"([0-9]{1,3}(?:\.[0-9])?) ?(cm|mm)")


_reached = lru_cache(maxsize=512)(add)  # the same few ages are asked of one birth by every protocol


class Facts(Struct, frozen=True):
    """Values by fact name as of `on`; `asked_in_vain` are the facts that were asked and are not known.

    `since` is the day of the statement that counts; a fact stated without a day is not in it.
    """

    patient: Patient
    on: date
    values: dict[str, str]
    asked_in_vain: frozenset[str]
    since: dict[str, date] = field(default_factory=dict)
    injected: bool = False  # whether the latest dose or use whose route is recorded was an injection
    head: dict[str, str] = field(default_factory=dict)  # what the file begins with

    def value(self, fact: str) -> str | None:
        return self.values.get(fact)

    def is_one_of(self, fact: str, values: tuple[str, ...]) -> Truth:
        """Whether the fact has one of these values, or holds one of them among several.

        An indeterminate result with neurological involvement or severe anaemia counts as a suspected deficiency: the
        clinical picture outweighs the result and treatment is not held up (source bsh14; disagreement d14). While
        it is not known whether it is urgent, it may be either.
        """
        value = self.values.get(fact)
        if value is None:
            value = self._at_this_age(fact)
        if value is None:
            return UNKNOWN
        if fact == "deficiency" and value == "indeterminate" and turns_on_urgency(values):
            return self.urgent if "suspected" in values else negated(self.urgent)
        if SEVERAL in value:
            return known(any(word in values for word in value.split(SEVERAL)))
        return TRUE if value in values else FALSE

    def _at_this_age(self, fact: str) -> str | None:
        """What a fact is that nobody asks at this age: a text must not wait for an answer that never comes (hazard H121)."""
        at_least, below, otherwise = ASKED_AT.get(fact, (None, None, ""))
        asked = not otherwise or self.age_between(at_least, below) is not FALSE
        return None if asked else otherwise

    @property
    def urgent(self) -> Truth:
        """Neurological involvement or severe anaemia."""
        return any_of([self.is_one_of(sign.fact, sign.values) for sign in URGENT_SIGNS])

    def missing_for(self, fact: str) -> tuple[str, ...]:
        """What must be asked to settle a statement about this fact."""
        if fact == "deficiency" and fact in self.values:
            return tuple(sign.fact for sign in URGENT_SIGNS if sign.fact not in self.values)
        return (fact,)

    def length_over(self, fact: str, limit: int) -> Truth:
        """Whether a length in the case file is over `limit` centimetres."""
        match = _LENGTH.fullmatch(self.values.get(fact, ""))
        if not match:
            return known(None)
        centimetres = Decimal(match.group(1)) / (10 if match.group(2) == "mm" else 1)
        return known(centimetres > limit)

    def age_between(self, at_least: Span | None, below: Span | None) -> Truth:
        born = self.patient.birth_date
        if born is None:
            return known(None)
        old_enough = at_least is None or _reached(born, at_least) <= self.on
        young_enough = below is None or self.on < _reached(born, below)
        return known(old_enough and young_enough)

    @property
    def weight_kg(self) -> Decimal | None:
        match = _WEIGHT.fullmatch(self.values.get("weight", ""))
        if not match:
            return None
        return Decimal(match.group(1)) / (1000 if match.group(2) == "g" else 1) or None

    def dose_per_kg(self, per_kg: Mass) -> Mass | None:
        weight = self.weight_kg
        if weight is None:
            return None
        return Mass(plain((per_kg.value * weight).quantize(Decimal("0.01"))), per_kg.unit)

    @property
    def lifelong_cause(self) -> Truth:
        """Whether the cause lasts for life: then only a recorded `stop` with a reason ends a plan."""
        length = self.length_over("ileal_resection_length", 20)
        resected = length if length is not UNKNOWN else all_of([self.is_one_of("cause", ("ileal_resection",)), UNKNOWN])
        return any_of([self.is_one_of("cause", LIFELONG_CAUSES), resected])

    @property
    def neurological(self) -> Truth:
        return self.is_one_of(NERVES.fact, NERVES.values)


def facts_of(case: Case, on: date, record: tuple[Event, ...] | None = None) -> Facts:
    """The facts of `case` as of `on`: of several statements about one fact the latest counts; later ones are not yet known.

    Statements of one day that contradict each other leave the fact unknown. Raises InputError for a birth after `on`.
    """
    born = case.patient.birth_date
    if born is not None and born > on:
        message = f"{born} is after the day of assessment {on}; check both dates"
        raise InputError.one("patient", "birth_date", message)
    stated: dict[str, dict[date, set[str]]] = {}
    for fact in case.facts:
        if fact.on is None or fact.on <= on:
            stated.setdefault(fact.name, {}).setdefault(fact.on or date.min, set()).add(fact.value)
    past = record_as_of(case, on) if record is None else record
    for event in past:
        if isinstance(event, FactLearned):
            stated.setdefault(event.fact, {}).setdefault(event.on or date.min, set()).add(event.value)
    # A man is not pregnant, whoever did not ask.
    values: dict[str, str] = {"pregnancy": "none"} if case.patient.sex == "male" else {}
    in_vain: set[str] = {"birth_date"} if case.patient.birth_unknown else set()
    for name, days in stated.items():
        latest = days[max(days)]
        if len(latest) > 1 or latest == {"unknown"}:
            values.pop(name, None)
            in_vain.add(name)
        else:
            values[name] = next(iter(latest))
    since = {name: max(days) for name, days in stated.items() if max(days) != date.min}
    head = {fact.name: fact.value for fact in case.facts}
    return Facts(case.patient, on, values, frozenset(in_vain), since, _injected(past), head)


def _injected(record: tuple[Event, ...]) -> bool:
    found: list[tuple[date, bool]] = []
    for event in record:
        if is_taken(event) and event.on and event.route:
            found.append((event.on, event.route in INJECTIONS))
    return bool(found) and max(found)[1]
