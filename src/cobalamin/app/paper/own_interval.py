"""A person's own interval on a sheet and in a letter: what it is, and whose word it is."""

from __future__ import annotations

from dataclasses import dataclass

from cobalamin.app.services import shipped
from cobalamin.text.days import date_words
from cobalamin.text.safe import entered
from cobalamin.therapy.case.events import Decision, History, decides
from cobalamin.therapy.case.record import interval_in_effect
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.schedule import changed_interval
from cobalamin.therapy.review.review import Review


@dataclass(frozen=True)
class OwnInterval:
    """The interval in words with whose it is; it belongs to the phase in which it was made."""

    phase: str
    words: str


def own_interval(seen: Review) -> OwnInterval | None:
    """The person's own interval; None where the protocol's own governs."""
    place, phase = seen.outlook.place, seen.outlook.phase
    own = changed_interval(place) if place is not None else None
    if own is None or phase is None:
        return None
    tellers = (event for event in reversed(seen.record.events) if isinstance(event, History | Decision))
    teller = next((event for event in tellers if _sets_interval(event)), None)
    return OwnInterval(phase.phase.name, f"{own.every}, {_whose(teller)}" if teller else own.every)


def phases_ahead(seen: Review) -> tuple[SettledPhase, ...]:
    """The phases of the plan; for somebody whose treatment was taken over, from the one in force on."""
    phases = seen.plan.phases if seen.plan else ()
    names = [phase.phase.name for phase in phases]
    now = seen.outlook.phase
    told = any(event.kind == "history" for event in seen.record.events)
    return phases[names.index(now.phase.name) :] if told and now is not None and now.phase.name in names else phases


def _sets_interval(event: History | Decision) -> bool:
    tells = isinstance(event, History) or decides(event, "change_interval")
    return tells and interval_in_effect(event) is not None


def _whose(event: History | Decision) -> str:
    words = shipped.library().own_words
    say = words.text
    dated = date_words(event.on, words) if event.on else say("handover.no_day")
    if isinstance(event, History):
        teller = event.asserted_by or event.by or say("handover.not_recorded")
        return say("handover.treated_before", name=entered(teller, words), date=dated)
    by, reason = entered(event.by, words), entered(event.reason, words)
    return say("handover.changed", name=by, date=dated, reason=reason)
