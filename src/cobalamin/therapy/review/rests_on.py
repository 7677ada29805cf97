"""What the open date rests on and nobody has settled: two decisions of one day, or one that a person may not have meant (hazard H112).

Such a decision is obeyed; the date it leads to is provisional and never told without its question.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cobalamin.therapy import fold
from cobalamin.therapy.case.answered import is_answered
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Decision, LaterPlan, decides
from cobalamin.therapy.case.record import Record
from cobalamin.therapy.regimen.ladder import to_days
from cobalamin.therapy.review.conflicts import TWO_DECISIONS, TWO_HISTORIES, TWO_INTERVALS, Conflict, conflicts
from cobalamin.therapy.review.course import Course, Step

ADVANCED_EARLY, LONGER_IN_LOADING = "ADVANCED_EARLY", "LONGER_IN_LOADING"
RESTING = (TWO_DECISIONS, TWO_INTERVALS, TWO_HISTORIES, ADVANCED_EARLY, LONGER_IN_LOADING)
_ENDS_INTERVAL = ("change_interval", "advance", "restart")
_ENDED_BY = {TWO_INTERVALS: _ENDS_INTERVAL, TWO_DECISIONS: _ENDS_INTERVAL, TWO_HISTORIES: ("restart",)}
_LOADING = ("load", "initial")


def rests_on(course: Course, record: Record) -> tuple[str, ...]:
    """The codes of the open questions on which the date of the open dose rests."""
    found = [each.code for each in conflicts(record) if _governs(each, course, record)]
    found += [
        ADVANCED_EARLY for step in left_early(course) if not is_answered(record.events, ADVANCED_EARLY, step.event)
    ]
    found += [LONGER_IN_LOADING for _ in longer_in_loading(course, record)]
    return tuple(code for code in RESTING if code in found)


def _governs(conflict: Conflict, course: Course, record: Record) -> bool:
    """Whether a conflict of entries sets a date still: what stops or holds has no date, and later decisions end it."""
    if conflict.code not in RESTING or conflict.about_cover:
        return False
    if conflict.code == TWO_INTERVALS and not course.state.place.own:
        return False
    return not _superseded(conflict.on, record, _ENDED_BY[conflict.code])


def _superseded(day: date | None, record: Record, by: tuple[str, ...]) -> bool:
    """Whether a later entry decided anew; a plan that continues the one before it leaves the interval behind too."""
    later = (event for event in record.events if day and event.on and event.on > day)
    return any(isinstance(event, LaterPlan) or decides(event, *by) for event in later)


def left_early(course: Course) -> Iterator[Step]:
    """Each decision of the present course that left a phase before its published number was reached."""
    found: list[Step] = []
    for step in course.steps:
        if isinstance(step.event, LaterPlan) or decides(step.event, "restart"):
            found.clear()
        elif isinstance(step.event, Decision) and step.verdict.flags & fold.BEFORE_NUMBER:
            found.append(step)
    yield from found


def longer_in_loading(course: Course, record: Record) -> Iterator[Step]:
    """The decision that makes the interval of a loading phase longer than published, while it governs and nobody has looked."""
    place = course.state.place
    changed = [step for step in course.steps if decides(step.event, "change_interval")]
    here = [step for step in changed if step.before.rung == place.rung and step.state.place.own == place.own]
    answered = bool(here) and is_answered(record.events, LONGER_IN_LOADING, here[-1].event)
    if place.own and here and not answered and is_longer(course, here[-1]):
        yield here[-1]


def is_longer(course: Course, step: Step) -> bool:
    """Whether a changed interval is longer than the one its loading phase publishes."""
    place, rung = step.before, course.rungs[step.before.rung]
    named = course.phases[place.rung].phase.name if course.phases else ""
    own = step.state.place.own
    if not own or rung.continuous or not named.startswith(_LOADING):
        return False
    return _next(place, rung, own, step.event) > _next(place, rung, 0, step.event)


def _next(place: fold.Place, rung: fold.Rung, own: int, event: Event) -> int:
    """The day after which the next dose would come with this interval; 0: the published one."""
    at = to_days(event.on or date.min) if place.anchor == fold.NONE else place.anchor
    wanted = fold.civil_from_days(at)[2]
    return fold.next_due(place._replace(anchor=at, wanted=wanted, own=own, marks=0), rung)
