"""What is due on a day, and how sure that is: the forecast of the fold in the contract's words (section 4).

A hold, pause or bridge lies over the dates; the dates run on beneath and are given.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.fold import status as fold_status
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import UNITS, to_date, to_days
from cobalamin.therapy.review.course import Course, PlanInForce

RESOLVED = ("present",)


class Outlook(Struct, frozen=True):
    """Status and dates of the open dose. Dates are absent where nothing can be dated.

    `between`: the earlier and the later value of each date, where a dose known by its month leaves two readings.
    """

    on: date
    status: str
    timeliness: str
    phase: SettledPhase | None
    number: int
    dates: fold.Dates | None
    between: tuple[fold.Dates, fold.Dates] | None
    provisional: tuple[str, ...]  # why the dates are not firm; empty: firm
    place: fold.Place | None
    until: date | None = None  # the end of a course, hold, pause or bridge
    begins: date | None = None  # the first day of a course that has not begun
    complete: bool = False  # the published course is over, and nothing asks for more
    ask_first: bool = False  # an alarm is open that holds the dose back: nothing tells to give before it is cleared
    returns: bool = False  # no dose is open, and a result since the end of treatment asks whether it begins again
    emergency: bool = False  # what an alarm asks for is to be done at once: nothing tells to have a dose soon

    @property
    def called_late_on(self) -> date | None:
        """The day against which a line of the schedule is called overdue; none below an emergency (hazard H110)."""
        return None if self.emergency else self.on

    @property
    def target(self) -> date | None:
        return to_date(self.dates.target) if self.dates else None

    @property
    def early_target(self) -> date | None:
        """The earlier day on which it may be due; None where there is one day."""
        return to_date(self.between[0].target) if self.between else None


def outlook(
    late: Course, early: Course, facts: Facts, on: date, contraindicated: bool, asked: bool, stopped: bool = False
) -> Outlook:
    """The forecast on `on`. `asked`: previous treatment is known, told by a history, or settled by a restart.

    `stopped`: a stop is recorded under a plan that can't be dated.
    """
    if late.plan is None or not late.plan.ladder.rungs:
        status = "discontinued" if stopped else "contraindicated" if contraindicated else "data_required"
        return Outlook(on, status, "", None, 0, None, None, (), None)
    place, later = late.forecast(on)
    rung, phase, cover = late.rungs[place.rung], late.phase(place), late.state.cover
    over = bool(place.marks & fold.DONE)
    ongoing = bool(rung.continuous) and not over
    dates, between = _both(late, early, later, on) if fold_status.is_dated(place, int(ongoing)) else (None, None)
    timeliness = _timeliness(between or (dates, dates), on) if dates else ""
    completes = over and is_complete(late.plan, facts)
    code = fold_status.status_of(place, cover, int(ongoing), to_days(on), int(contraindicated), int(completes))
    return Outlook(
        on, fold_status.STATUSES[code] or timeliness, timeliness, phase, 0 if over else place.number + 1, dates, between,
        _provisional(late, place, rung, dates, between is not None, asked), place, _until(late, place, code),
        to_date(place.began) if ongoing and to_days(on) < place.began else None, complete=completes,
    )  # fmt: skip


def beside(seen: Outlook, alarms: tuple[Issue, ...], returns: bool) -> Outlook:
    """The forecast beside what is open: how it may be told."""
    held, emergency = any(each.holds_back for each in alarms), any(each.emergency for each in alarms)
    return replace(seen, ask_first=held, emergency=emergency, returns=returns)


def _both(
    late: Course, early: Course, dates: fold.Dates, on: date
) -> tuple[fold.Dates, tuple[fold.Dates, fold.Dates] | None]:
    """The dates, and between which two values each lies where one is known by its month."""
    if early is late:
        return dates, None
    place, other = early.forecast(on)
    open_course = early.rungs[place.rung].continuous and not place.marks & fold.DONE
    if other == dates or not fold_status.is_dated(place, int(bool(open_course))):
        return dates, None
    between = fold_status.smaller(dates, other), fold_status.larger(dates, other)
    return fold_status.single(*between), between


def _timeliness(between: tuple[fold.Dates, fold.Dates], on: date) -> str:
    return fold_status.STATUSES[fold_status.timeliness(*between, to_days(on))]


def _until(course: Course, place: fold.Place, code: int) -> date | None:
    """The end of what the status names; None where it has none."""
    cover = course.state.cover
    ends = {fold_status.ON_HOLD: cover.hold, fold_status.PAUSED: cover.pause, fold_status.BRIDGED_STATUS: cover.bridge}
    if code in ends:
        return to_date(ends[code]) if ends[code] != fold.FOREVER else None
    return course_end(course, place) if code == fold_status.ONGOING else None


def is_complete(plan: PlanInForce | None, facts: Facts) -> bool:
    """A course that ran out is complete only as prevention with an end, or when its cause is over; never for life.

    Whether the cause is for life must be known: unknown is never no.
    """
    if facts.lifelong_cause is not FALSE or plan is None or plan.ladder.unstated_next is not None:
        return False
    prevention = plan.content.purpose == "prophylaxis"
    return prevention or facts.is_one_of("cause_resolved", RESOLVED) is TRUE


def course_end(course: Course, place: fold.Place) -> date | None:
    rung = course.rungs[place.rung]
    if rung.end != fold.BY_CALENDAR:
        return None
    return to_date(fold.add_span(place.began, rung.end_number, rung.end_unit, 0) - 1)


def decision_day(course: Course, place: fold.Place) -> date | None:
    """The first day on which an open end should be decided; None before the phase began or where it is not open."""
    if course.plan is None:
        return None
    after = course.plan.policy.decision_after
    day = fold_status.decided_from(place, course.rungs[place.rung], after.number, UNITS[after.unit])
    return to_date(day) if day != fold.NONE else None


def asked_by_place(course: Course, seen: Outlook) -> int:
    """What the place of a treatment asks, as the bits of the fold."""
    if seen.place is None:
        return 0
    decide = decision_day(course, seen.place)
    number, rung = to_days(decide) if decide else fold.NONE, course.rungs[seen.place.rung]
    return fold_status.open_questions(seen.place, rung, number, to_days(seen.on), int(seen.complete))


def _provisional(
    course: Course, place: fold.Place, rung: fold.Rung, dates: fold.Dates | None, by_month: bool, asked: bool
) -> tuple[str, ...]:
    reasons = ["DATE_PARTIAL"] if by_month else []
    reasons += ["GATE"] if place.marks & fold.REACHED and rung.gate else []
    decide = decision_day(course, place)
    reasons += ["OPEN_END"] if decide and dates and to_date(dates.target) > decide else []
    reasons += ["PREVIOUS_TREATMENT"] if not asked and course.given else []
    return tuple(reasons)


def hold_asks_on(course: Course, after: Span) -> date | None:
    """The day on which an open hold asks again; None where there is none."""
    cover = course.state.cover
    return add(to_date(cover.held), after) if cover.hold == fold.FOREVER else None
