"""Where all protocols that only unknown facts hold back begin alike, their first dose need not wait for the answers.

That it is urgent is said only where something recorded points to it (contract, section 4).
"""

from __future__ import annotations

from msgspec import Struct

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Phase, Protocol
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.conditions import URGENT
from cobalamin.therapy.case.events import Symptoms
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import UNKNOWN
from cobalamin.therapy.case.record import record_as_of
from cobalamin.therapy.case.rules import Known, Rule, holds, unknown
from cobalamin.therapy.response.alarms import judgeable
from cobalamin.therapy.response.contradictions import SYMPTOMS, scores_of
from cobalamin.therapy.response.values import BELOW, position


class CommonStart(Struct, frozen=True):
    """The first dose that all of `protocols` share."""

    substance: str
    dose: Mass
    routes: tuple[str, ...]
    protocols: tuple[str, ...]
    cites: Citations


def common_start(library: Library, candidates: list[Protocol]) -> CommonStart | None:
    """The shared first dose of at least two candidates, or None where they differ or one of them does not state it."""
    if len(candidates) < 2:
        return None
    starts = [start for protocol in candidates for start in _first_phases(library.content(protocol))]
    substances = set.intersection(*(set(phase.substances) for phase in starts))
    routes = [route for route in starts[0].routes if all(route in phase.routes for phase in starts)]
    dose = _shared_dose(starts)
    if len(substances) != 1 or not routes or dose is None:
        return None
    cites = tuple(dict.fromkeys(cite for phase in starts for cite in phase.dose.cites))
    return CommonStart(substances.pop(), dose, tuple(routes), tuple(protocol.id for protocol in candidates), cites)


def _first_phases(content: Protocol) -> tuple[Phase, ...]:
    """The phases a protocol may begin with: all options of the first, and every conditional one up to the first certain."""
    found: list[Phase] = []
    for phase in content.phases:
        found += phase.options or (phase,)
        if phase.only_if is None:
            break
    return tuple(found)


def _shared_dose(starts: list[Phase]) -> Mass | None:
    """The one dose that lies in every range; None where there is none or more than one."""
    if any(not phase.dose.stated or phase.dose.per_kg for phase in starts):
        return None
    least = max(
        (phase.dose.least for phase in starts if phase.dose.least), key=lambda mass: mass.nanograms, default=None
    )
    most = min((phase.dose.most for phase in starts if phase.dose.most), key=lambda mass: mass.nanograms, default=None)
    if least is None or most is None or least.nanograms != most.nanograms:
        return None
    return most


def urgent_start(pointed: bool) -> Rule:
    """Of whom a shared first dose is urgent; `pointed`: whether the record points to it, where nobody knows."""
    return Known(URGENT) | unknown(URGENT) if pointed else Known(URGENT)


def points_to_urgency(library: Library, case: Case, facts: Facts) -> bool:
    """Whether it is urgent, or may be and a warning sign, a symptom score or a low haemoglobin of the record points to it."""
    asked = facts.urgent is UNKNOWN and record_points_to_urgency(library, case, facts)
    return holds(urgent_start(asked), facts)


def record_points_to_urgency(library: Library, case: Case, facts: Facts) -> bool:
    """Whether the record holds a warning sign, a score of nerve symptoms that asks, or a haemoglobin under its range."""
    past, limits = record_as_of(case, facts.on), library.default_policy.results
    signs = any(event.red_flags for event in past if isinstance(event, Symptoms))
    scored = any(score.value >= limits.symptom_score for name in SYMPTOMS for score in scores_of(past, name))
    blood = [result for result in judgeable(library, past) if result.marker == "haemoglobin"]
    return signs or scored or (bool(blood) and position(max(blood, key=lambda result: result.on)) == BELOW)
