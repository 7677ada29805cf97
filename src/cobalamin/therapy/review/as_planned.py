"""What the plan in force has for a dose of a day: substance, dose and route."""

from __future__ import annotations

from datetime import date

from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.events import Administration
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.record import record_on, with_standing_plan
from cobalamin.therapy.review.course import follow

_PROBE = "as-planned"


def planned_on(library: Library, case: Case, day: date) -> dict[str, str]:
    """Substance, dose and route as an entry writes them; empty where no plan is in force or it leaves one of them open."""
    asked = Administration(id=_PROBE, on=day, as_planned=True)
    with_one = replace(case, record=(*case.record, asked))
    record = record_on(with_one, day)
    with_one = with_standing_plan(with_one, day)
    course = follow(library, with_one, facts_of(with_one, day, record.events), record, None)
    step = next((each for each in course.doses if each.event.id == _PROBE), None)
    if step is None or step.plan is None or not step.plan.ladder.rungs:
        return {}
    phase = course.phase(step.before)
    told = {"substance": phase.substance, "dose": str(phase.dose or ""), "route": phase.route}
    return told if all(told.values()) else {}
