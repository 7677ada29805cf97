"""A treatment that runs: the review, what is due, and why a date stands where it stands."""

from __future__ import annotations

from datetime import date

from cobalamin.api.arguments import (
    Day,
    Readable,
    assessed_on,
    case_of,
    day_of,
    library_of,
    optional_day,
    policy_of,
    text_of,
    with_argument_names,
)
from cobalamin.app.services import reviewing
from cobalamin.app.services.reviewing import Due, Explanation
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.review.review import Review


@with_argument_names()
def review(
    case: Case,
    *,
    on: Day | None = None,
    as_recorded: Day | None = None,
    policy: Readable | Policy | None = None,
    library: Library | None = None,
) -> Review:
    """Judge every dose of the record, say what is due, and list checks, the blood's response, questions and issues.

    `on`: the day of assessment; without it, today. Events up to that day count, whenever they were written down;
    `as_recorded` also leaves out what was written down after that day. `policy`: a local policy of windows.

    The answer has `.outlook` (`.status`, `.target`), `.evaluations` (one a dose: credit, timing, reasons with
    citations), `.upcoming`, `.checks`, `.response`, `.questions`, `.issues`, and `.valid_until`: the last day on which it
    stays so unless something new is recorded. A blood level never moves a date.

    Raises InputError where the day lies before birth, and for choices outside their ranges.
    """
    return _review(case, on, as_recorded, policy, library)


@with_argument_names()
def due(
    case: Case,
    *,
    on: Day | None = None,
    if_given: Day | None = None,
    policy: Readable | Policy | None = None,
    library: Library | None = None,
) -> Due:
    """Say what is due, and with `if_given` what a dose on that day would count for.

    The answer has `.review` (its `.outlook` holds status and dates) and `.given`, None without `if_given`.

    Raises InputError where events after `if_given` are recorded: record the dose itself then.
    """
    day = optional_day(if_given, "if_given")
    return reviewing.due_of(_review(case, on, None, policy, library), day)


@with_argument_names()
def explain(
    case: Case,
    about: Day,
    *,
    on: Day | None = None,
    policy: Readable | Policy | None = None,
    library: Library | None = None,
) -> Explanation:
    """Trace a date or an entry back to facts, plan, rule, arithmetic, window and sources.

    `about`: a day of the review, or the id of an entry of the record. The answer has `.found`, one chain for each thing
    that lies on the day.

    Raises InputError where the review knows nothing of it; the sentence names days that it knows.
    """
    asked = str(day_of(about, "about")) if isinstance(about, date) else text_of(about, "about")
    return reviewing.explanation_of(_review(case, on, None, policy, library), asked)


def _review(
    case: Case, on: Day | None, as_recorded: Day | None, policy: Readable | Policy | None, library: Library | None
) -> Review:
    chosen, known = library_of(library), optional_day(as_recorded, "as_recorded")
    local = policy_of(policy, chosen)
    return reviewing.review_of(case_of(case), assessed_on(on), known, local, library=chosen)
