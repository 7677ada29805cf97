"""A recorded treatment by mouth that can't work where the gut does not take the vitamin up, named by its source (hazard H65)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import AnyOf
from cobalamin.text.messages import day, message
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.conditions import NERVES
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.events import is_taken
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import NOTE, Gate, Issue
from cobalamin.therapy.case.logic import TRUE


def oral_dose_issues(library: Library, facts: Facts, record: tuple[Event, ...]) -> Iterator[Issue]:
    """One issue where the latest dose by mouth on record is smaller than the least that a source gives."""
    least, latest = library.practice.least_by_mouth, _too_little(library, record)
    if latest is None or evaluate(least.when, facts) is not TRUE:
        return
    gate = Gate(library, facts.patient.country)
    told = {"dose": gate.mass(latest[1]), "least": gate.mass(least.dose), "date": day(latest[0])}
    yield gate.issue("ORAL_DOSE_LOW", NOTE, message("checks.oral_dose_low", **told), cites=least.cites)


def inadequate(library: Library, facts: Facts, record: tuple[Event, ...]) -> bool:
    """Whether treatment goes on by mouth with less than that, in malabsorption or with nerve signs: then it does not work."""
    if facts.injected or _too_little(library, record) is None:
        return False
    return evaluate(AnyOf((library.practice.least_by_mouth.when, NERVES)), facts) is TRUE


def _too_little(library: Library, record: tuple[Event, ...]) -> tuple[date, Mass] | None:
    latest = max(_by_mouth(record), key=lambda each: each[0], default=None)
    if latest is None or latest[1].nanograms >= library.practice.least_by_mouth.dose.nanograms:
        return None
    return latest


def _by_mouth(record: tuple[Event, ...]) -> Iterator[tuple[date, Mass]]:
    """(day, dose) of what is taken by mouth: told uses that were not denied, and single doses."""
    for event in record:
        if is_taken(event) and event.on and event.dose and event.route in ("oral", "sublingual"):
            yield event.on, event.dose
