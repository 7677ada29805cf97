"""The use cases of a running treatment: review, due, explain, and what an entry changes. Here files and clinic days come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from msgspec import Struct

from cobalamin.app.services import cases, planning, shipped
from cobalamin.app.services.away import Away
from cobalamin.app.services.clinic_days import NOT_INSTALLED, NOT_KNOWN, clinic_days
from cobalamin.app.services.confirming import Asked, Confirmed, refuse_unconfirmed
from cobalamin.app.services.recording import Recorded, record_event
from cobalamin.app.services.supply import Supply
from cobalamin.errors import CobalaminError, InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.records import replace
from cobalamin.spans import SpanRefused, read_date
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.issues import NOTE, Gate, Issue
from cobalamin.therapy.case.record import plan_on, record_on
from cobalamin.therapy.review.as_planned import planned_on
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.explain import Explained, event_exists, explain
from cobalamin.therapy.review.if_given import IfGiven, if_given
from cobalamin.therapy.review.improbable import replacement_in
from cobalamin.therapy.review.review import NEXT_LINES, Ahead, Review, review
from cobalamin.therapy.review.two_readings import all_days
from cobalamin.therapy.safety.before import what_leads
from cobalamin.therapy.safety.treated import earlier_of


def review_case(path: Path, on: date, as_recorded: date | None = None, policy: Path | None = None) -> Review:
    """The review of the case in a file. Raises InputError."""
    return review_of(cases.open_case(path), on, as_recorded, policy)


def review_of(
    case: Case, on: date, as_recorded: date | None = None, policy: Path | Policy | None = None, ahead: Ahead = NEXT_LINES,
    library: Library | None = None,
) -> Review:  # fmt: skip
    """The review of a case by the shipped library or another. Raises InputError."""
    library, plan = library or shipped.library(), plan_on(case, on)
    local = planning.policy_from(policy, library) if policy else None
    days = clinic_days(plan.calendar if plan else {})
    made = review(library, case, on, as_recorded, local, days.opens, ahead)
    if not days.lacking:
        return made
    about = f"'{days.about}':" if days.about else ""
    note = Gate(library, case.patient.country).issue(days.lacking, NOTE, about)
    return replace(made, issues=(*made.issues, note))


def open_matters(case: Case, on: date) -> tuple[Issue, ...]:
    """What is open of a person, for a surface that answers something else: by the record, else by the facts alone.

    Nothing where the case can't be read by this day; the surface itself says what is wrong.
    """
    library = shipped.library()
    try:
        if case.record or case.plan:
            return review_of(case, on).issues
        facts = facts_of(case, on)
        return what_leads(library, case, facts, earlier_of(library, case, facts))
    except CobalaminError:
        return ()


def country_of(review: Review) -> str:
    """The country whose spelling and units a review has: the person's, else the protocol's."""
    return review.case.patient.country or (review.plan.content.country if review.plan else "")


def no_appointment(seen: Review) -> Issue | None:
    """Why no appointment is suggested, where the clinic's holidays can't be looked up."""
    return next((issue for issue in seen.issues if issue.code in (NOT_INSTALLED, NOT_KNOWN)), None)


class Due(Struct, frozen=True):
    """What is due; and where it was asked for, what a dose on a day would count for, how long a supply lasts, what a journey moves."""

    review: Review
    given: IfGiven | None
    supply: Supply | None = None
    away: Away | None = None


def due_for(case: Case, on: date, day: date | None, policy: Path | None = None, library: Library | None = None) -> Due:
    """What is due, and what a dose on `day` would count for. Raises InputError."""
    return due_of(review_of(case, on, None, policy, library=library), day)


def due_of(seen: Review, day: date | None) -> Due:
    """What a review has due, and what a dose on `day` would count for. Raises InputError."""
    return Due(seen, if_given(seen.library, seen, day) if day else None)


class Explanation(Struct, frozen=True):
    review: Review
    asked: str
    found: tuple[Explained, ...]


def explain_for(
    case: Case, asked: str, on: date, policy: Path | None = None, library: Library | None = None
) -> Explanation:
    """The chain to a date or an event. Raises InputError where the review knows neither."""
    return explanation_of(review_of(case, on, None, policy, library=library), asked)


def explanation_of(seen: Review, asked: str) -> Explanation:
    """The chain to a date or an event of a review. Raises InputError where the review knows neither."""
    facts = facts_of(seen.case, seen.on, record_on(seen.case, seen.on).events)
    about: date | str = asked if event_exists(seen, asked) and not _is_date(asked) else _day(asked, seen)
    found = explain(seen, facts, about)
    if not found:
        raise InputError.one(
            "explain", asked, f"nothing stands on this day in the review of {seen.on}; {_known_days(seen)}"
        )
    return Explanation(seen, asked, found)


def _is_date(asked: str) -> bool:
    try:
        read_date(asked)
    except SpanRefused:
        return False
    return True


def _day(asked: str, seen: Review) -> date:
    if not _is_date(asked):
        message = f"is neither a date (2026-04-16) nor the id of an entry; {_known_days(seen)}"
        raise InputError.one("explain", asked, message)
    return read_date(asked)


def _known_days(seen: Review) -> str:
    days = {str(day) for day in all_days(seen.upcoming)} | {entry.on for entry in seen.evaluations}
    return f"days it knows are {', '.join(sorted(days)[-10:])}" if days else "it has no dated line yet"


class Entered(Struct, frozen=True):
    """An event that was written down: its verdict where it is a dose, and the reviews before and after.

    `past`: what looked wrong with it and was confirmed.
    """

    recorded: Recorded
    before: Review
    after: Review
    past: Asked | None = None

    @property
    def evaluation(self) -> Evaluation | None:
        entry = replacement_in(self.recorded.event) or self.recorded.event
        found = [each for each in self.after.evaluations if each.event.id == entry.id]
        return found[-1] if found else None

    @property
    def new_issues(self) -> tuple[Issue, ...]:
        """What this entry raised: nothing that stood before it."""
        known = {(issue.code, issue.text) for issue in self.before.issues}
        return tuple(issue for issue in self.after.issues if (issue.code, issue.text) not in known)

    @property
    def gone_issues(self) -> tuple[Issue, ...]:
        """What stood before this entry and no longer does."""
        now = {(issue.code, issue.text) for issue in self.after.issues}
        return tuple(issue for issue in self.before.issues if (issue.code, issue.text) not in now)

    @property
    def standing(self) -> int:
        """How many issues and open questions stood before this entry and still stand."""
        questions = sum(question in self.before.questions for question in self.after.questions)
        return len(self.after.issues) - len(self.new_issues) + questions


def record_for(
    path: Path, tree: dict[str, Tree], on: date, policy: Path | None = None, confirmed: Confirmed = False
) -> Entered:
    """Append an event to the case file and review it before and after.

    Raises InputError, and Unconfirmed where the entry is improbable and nobody confirmed it; then nothing is written.
    """
    entry = as_planned_elsewhere(path, tree)
    return entered_by(lambda look: record_event(path, entry, on, look), on, policy, confirmed)


def as_planned_elsewhere(path: Path, tree: dict[str, Tree]) -> dict[str, Tree]:
    """A dose of which only a part was typed, while a plan is in force: the rest is as planned, and is read back."""
    told = [key for key in ("substance", "dose", "route") if key in tree]
    day = tree.get("date", tree.get("on"))
    if tree.get("kind") != "administration" or not told or len(told) == 3 or "as_planned" in tree:
        return tree
    if tree.get("source") in ("reported", "self") or not isinstance(day, str) or not _is_date(day):
        return tree
    planned = planned_on(shipped.library(), cases.open_case(path), read_date(day))
    return {**tree, **{key: value for key, value in planned.items() if key not in tree}}


def entered_by(
    write: Callable[[Callable[[Recorded], None]], object],
    on: date,
    policy: Path | None = None,
    confirmed: Confirmed | None = None,
) -> Entered:
    """What `write` enters, reviewed before and after while nothing is saved yet. Raises as `record_for`; with None nothing is asked."""
    found: list[Entered] = []

    def look(recorded: Recorded) -> None:
        local = planning.policy_from(policy, shipped.library()) if policy else None
        past = None
        if confirmed is not None:
            past = refuse_unconfirmed(shipped.library(), recorded, on, confirmed, local)
        found.append(replace(entered_of(recorded, on, policy), past=past))

    write(look)
    return found[-1]  # of a file that changed meanwhile the entry was made twice


def entered_of(recorded: Recorded, on: date, policy: Path | None = None) -> Entered:
    """What was written, with the reviews before and after."""
    before, after = (review_of(case, on, None, policy) for case in (recorded.before, recorded.after))
    return Entered(recorded, before, after)
