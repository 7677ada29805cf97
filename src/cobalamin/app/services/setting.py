"""`set`: facts learned today, each as an entry of its own; the facts that the file begins with are never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from cobalamin.app.services.confirming import Asked, Confirmed, refuse_doubts
from cobalamin.app.services.recording import Recorded, record_events
from cobalamin.app.services.reviewing import Entered, entered_by
from cobalamin.app.services.shipped import library
from cobalamin.casefile.events import read_event
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.reading import did_you_mean, nearest_few
from cobalamin.records import replace
from cobalamin.therapy.case.case import SEVERAL, Case
from cobalamin.therapy.case.events import FactLearned
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.record import begins, record_on
from cobalamin.therapy.proposal.proposal import Proposal, propose
from cobalamin.therapy.review.doubts import Doubt
from cobalamin.therapy.review.improbable import improbable, replacement_in


class Change(Struct, frozen=True):
    """A fact before and after; "" where nobody had asked, `unknown` where it is not known."""

    fact: str
    before: str
    after: str


class FactsSet(Struct, frozen=True):
    """What was written, and what it changes: facts, the review, and what is proposed where no plan is in force."""

    entered: Entered
    changes: tuple[Change, ...]
    proposals: tuple[Proposal, Proposal] | None


def set_facts(
    path: Path, values: Mapping[str, str], on: date, confirmed: Confirmed = False, today: date | None = None
) -> FactsSet:
    """Append each fact as learned on a day, all in one write, written down `today` (without it, that day). Raises InputError with the words that are allowed, and Unconfirmed; then nothing is written."""
    if not values:
        raise InputError.one("set", "", "name the fact and its value, for example pregnancy=pregnant")
    written = today or on
    for name in values:
        _refuse_no_fact(name)
    values = {name: _read(name, value, on) for name, value in values.items()}

    def trees(case: Case) -> list[dict[str, Tree]]:
        _refuse_stated_in_the_head(case, values, on)
        return [fact_entry(case, name, value, on) for name, value in values.items()]

    past: list[Asked] = []

    def refuse_improbable(recorded: Recorded) -> None:
        asked = Asked(_doubts(recorded, on, written), recorded.before, recorded.events, library(), on)
        past.append(refuse_doubts(asked, confirmed))

    def write(look: Callable[[Recorded], None]) -> Recorded:
        def checked(recorded: Recorded) -> None:
            refuse_improbable(recorded)
            look(recorded)

        return record_events(path, trees, written, checked)

    return _set(replace(entered_by(write, on), past=past[-1]), values, on)


def _refuse_no_fact(name: str) -> None:
    known = library().facts
    if name not in known:
        raise InputError.one(
            "set", name, f"is no fact{did_you_mean(name, known)}; facts are {nearest_few(known, name)}"
        )


def _read(name: str, value: str, on: date) -> str:
    """The value as a case file reads it. Raises InputError with the words that are allowed."""
    try:
        event = read_event(_plain(name, value, on), library())
    except InputError as error:
        raise InputError([Fault("set", 0, name, fault.message) for fault in error.faults]) from None
    return event.value if isinstance(event, FactLearned) else value


def _plain(name: str, value: str, on: date) -> dict[str, Tree]:
    told: Tree = list(value.split(SEVERAL)) if SEVERAL in value else value
    return {"date": on.isoformat(), "kind": "fact", "fact": name, "value": told}


def _refuse_stated_in_the_head(case: Case, values: Mapping[str, str], on: date) -> None:
    """A fact that the file begins with for this very day can't be taken back, and two of one day would count as not known."""
    for fact in case.facts:
        if fact.name in values and fact.on == on and fact.value != values[fact.name]:
            message = f"the file begins with '{fact.value}' for {on}; correct it there, because two statements of one day count as not known"
            raise InputError.one("set", fact.name, message)


def fact_entry(case: Case, name: str, value: str, on: date) -> dict[str, Tree]:
    """The fact as an entry; where another was recorded for the same day, in its place."""
    entry = _plain(name, value, on)
    earlier = _of_that_day(case, name, on)
    if earlier is None or earlier.value == value:
        return entry
    return {"date": on.isoformat(), "kind": "correction", "withdraws": earlier.id, "replaced_by": entry}


def _of_that_day(case: Case, name: str, on: date) -> FactLearned | None:
    found = (each for each in record_on(case, on).events if isinstance(each, FactLearned) and each.fact == name)
    return next((each for each in found if begins(each) == on), None)


def _doubts(recorded: Recorded, on: date, written: date) -> tuple[Doubt, ...]:
    found: list[Doubt] = []
    for event in recorded.events:
        put_in = replacement_in(event)
        if isinstance(put_in, FactLearned):
            other = _of_that_day(recorded.before, put_in.fact, on)
            told: dict[str, object] = {"fact": put_in.fact, "value": put_in.value, "other": other and other.value}
            found.append(Doubt("FACT_REPLACED", told))
        found += improbable(library(), recorded.before, event, written)
    return tuple(found)


def _set(entered: Entered, values: Mapping[str, str], on: date) -> FactsSet:
    before, after = entered.recorded.before, entered.recorded.after
    old, new = facts_of(before, on), facts_of(after, on)
    changes = []
    for name in values:
        known = [facts.values.get(name, "unknown" if name in facts.asked_in_vain else "") for facts in (old, new)]
        changes.append(Change(name, *known))
    planned = entered.after.plan is not None
    proposals = None if planned else (propose(library(), before, on), propose(library(), after, on))
    return FactsSet(entered, tuple(changes), proposals)
