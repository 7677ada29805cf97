"""A question to the library, and where it is about the time of a dose and a case is given, the person's own dates beside it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from cobalamin.app.services import reviewing, shipped
from cobalamin.app.services.reviewing import Due
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.search import answer
from cobalamin.search.answer import SearchResult
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import Issue, alarms_among


@dataclass(frozen=True)
class Asked(SearchResult):
    """What the library has on a question.

    `due`: what is due for the person, where a case was given and the time is asked about. `issues`: what is open in that case
    and leads whatever is told of the person (hazard H126).
    """

    due: Due | None = None
    issues: tuple[Issue, ...] = ()


def ask(
    question: str, country: str = "", case: Case | None = None, on: date | None = None, library: Library | None = None
) -> Asked:
    """The answers to a question; without a country those of the person's. Raises InputError."""
    library = library or shipped.library()
    own = case.patient.country if case else ""
    found = answer.ask(library, question, country or own)
    due = _due(case, on, library) if case and on and found.timing else None
    issues = alarms_among(reviewing.open_matters(case, on)) if case and on else ()
    return Asked(**{each.name: getattr(found, each.name) for each in fields(found)}, due=due, issues=issues)


def _due(case: Case, on: date, library: Library) -> Due:
    """What is due, and what a dose on this day would count for, as far as the record lets that be said."""
    seen = reviewing.review_of(case, on, library=library)
    try:
        due = reviewing.due_of(seen, on)
    except InputError:
        return reviewing.due_of(seen, None)
    told = due.given is not None and due.given.evaluation.credit != "pending"
    return due if told else reviewing.due_of(seen, None)
