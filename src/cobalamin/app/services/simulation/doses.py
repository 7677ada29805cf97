"""What a case says is given: recorded doses, earlier ones that a history tells, courses, and what the plan has next.

What does not count for the plan is in the body all the same. What can't be placed in time is left out and said.
"""

from __future__ import annotations

from datetime import date, timedelta

from cobalamin.app.services.reviewing import review_of
from cobalamin.app.services.simulation.given import A_DAY, CaseDoses, Given, Remark, days_between, in_order, overlaps
from cobalamin.app.services.simulation.taken import taken
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.events import History
from cobalamin.therapy.case.record import begins, interval_in_effect, month_ends
from cobalamin.therapy.fold import status as fold_status
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import to_date, to_days
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.review import Ahead, Review

MOST_LINES = 3_000
ABOUT_WHAT_COMES = ("COVER_OPEN", "COVERED", "NOTHING_NEXT")  # remarks about the plan's own future
NOTHING_NEXT = ("discontinued", "contraindicated", "data_required", "on_hold", "complete", "review_needed")


def doses_of_case(case: Case, on: date, until: date, library: Library | None = None) -> CaseDoses:
    """The record up to `on`, then what the review's own schedule has next; a dose that is overdue is taken as given today."""
    months = (until.year - on.year) * 12 + until.month - on.month + 1
    seen = _seen(case, on, months, library)
    singles, remarks = _recorded(seen)
    earlier, of_histories = _histories(seen, singles)
    following, of_plan = _following(seen, months, until)
    courses, of_courses = taken(seen, [each for each in following if each.until])
    within, of_doses = _in_courses(singles, courses)
    given = [*earlier, *(each for each, _ in within), *courses, *(each for each in following if not each.until)]
    of_case = (replace(each, of_case=True) for each in given)
    return CaseDoses(in_order(of_case), (*of_histories, *remarks, *of_doses, *of_courses, *of_plan))


def _seen(case: Case, on: date, months: int, library: Library | None) -> Review:
    return review_of(case, on, ahead=Ahead(max(months, 1), MOST_LINES), library=library)


# -- recorded doses ------------------------------------------------------------------------------------------------------


def _recorded(seen: Review) -> tuple[list[tuple[Given, Evaluation]], list[Remark]]:
    """Every dose of the record; one known by its month is placed as the review places it, on the last day."""
    found, remarks = list[tuple[Given, Evaluation]](), list[Remark]()
    for each in seen.evaluations:
        on = each.event.on
        if each.credit == "excluded" or on is None or on > seen.on:
            continue
        if each.dose is None or not each.substance:
            remarks.append(Remark("DOSE_NOT_TOLD", True, on, each.event.id))
            continue
        found.append((Given(on, each.substance, each.dose, each.route or "intramuscular", recorded=True), each))
        if each.event.month:
            remarks.append(Remark("MONTH_ONLY", False, on, each.event.id))
    return found, remarks


def _in_courses(
    singles: list[tuple[Given, Evaluation]], courses: list[Given]
) -> tuple[list[tuple[Given, Evaluation]], list[Remark]]:
    """A single dose of a course that runs that day is one of its doses."""
    kept, remarks = list[tuple[Given, Evaluation]](), list[Remark]()
    for given, entry in singles:
        of = [each for each in courses if (each.substance, each.route) == (given.substance, given.route)]
        if any(overlaps(each, given.on, given.on) for each in of):
            remarks.append(Remark("DOSE_IN_COURSE", True, given.on, entry.event.id))
        else:
            kept.append((given, entry))
    return kept, remarks


# -- earlier treatment ---------------------------------------------------------------------------------------------------


def _histories(seen: Review, singles: list[tuple[Given, Evaluation]]) -> tuple[list[Given], list[Remark]]:
    """The doses of earlier treatment that have a day: the last one, and counted ones of loading before it."""
    found, remarks = list[Given](), list[Remark]()
    recorded = {given.on for given, _ in singles}
    for event in seen.record.events:
        if not isinstance(event, History):
            continue
        placed, told = _history(seen, event)
        near = recorded | {each.on for each in found}
        found += [each for each in placed if not any(abs((each.on - day).days) <= _near(placed) for day in near)]
        remarks += told
    return found, remarks


def _near(placed: list[Given]) -> float:
    """Days within which a dose of a history and a recorded one are the same: half of what lies between two."""
    return (placed[-1].on - placed[-2].on).days / 2 if len(placed) > 1 else 0.0


def _history(seen: Review, event: History) -> tuple[list[Given], list[Remark]]:
    last, found = _last_dose(event), _phase_of(seen, event)

    def told(code: str, left_out: bool, **fields: object) -> Remark:
        return Remark(code, left_out, event.on, event.id, fields)

    if last is None:
        return [], [told("HISTORY_NO_DAY", True)]
    if found is None or found[0].dose is None or not found[0].substance:
        return [], [told("HISTORY_NO_DOSE", True)]
    phase, rung = found
    if rung.continuous:
        return [], [told("HISTORY_COURSE", True)]
    placed = _placed(event, phase, rung, last)
    told_by_month = [] if isinstance(event.last_dose, date) else [told("HISTORY_MONTH", False, until=last)]
    code = "HISTORY" if len(placed) == 1 else "HISTORY_COUNTED"
    return placed, [*told_by_month, told(code, False, count=len(placed), until=last)]


def _placed(event: History, phase: SettledPhase, rung: fold.Rung, last: date) -> list[Given]:
    """The last dose, and doses of loading that were counted, as far apart as they were told or the plan has them."""
    counted = rung.end in (fold.BY_DOSES, fold.BY_TOTAL) and event.doses is not None
    gap = days_between(interval_in_effect(event) or phase.spacing)
    substance = event.substance or phase.substance
    days = [last - timedelta(days=round(gap * place)) for place in range(max(event.doses or 0, 1) if counted else 1)]
    return [Given(day, substance, phase.dose, phase.route, recorded=True) for day in reversed(days) if phase.dose]


def _last_dose(event: History) -> date | None:
    """The last day on which the last dose may have been given; None where it is not known."""
    told = event.last_dose
    if isinstance(told, date):
        return told
    return None if told == "unknown" or event.on is None else min(month_ends(str(told))[1], event.on)


def _phase_of(seen: Review, event: History) -> tuple[SettledPhase, fold.Rung] | None:
    """The phase of the plan that a history is about, which says dose and route."""
    plan = next((step.plan for step in seen.course.steps if step.event is event), seen.plan)
    row = plan.row(event.phase) if plan else None
    return None if row is None else (seen.course.phases[row], seen.course.rungs[row])


# -- what comes ----------------------------------------------------------------------------------------------------------


def _following(seen: Review, months: int, until: date) -> tuple[list[Given], list[Remark]]:
    """What the plan has next; while a hold, pause or bridge with a last day lies over it, as the review of the day after."""
    cover = seen.course.state.cover
    lying = [end for end in (cover.hold, cover.pause, cover.bridge) if fold_status.lasts(end, to_days(seen.on))]
    remarks: list[Remark] = []
    first, later = seen.on + A_DAY, seen
    if fold.FOREVER in lying and cover.hold != fold.FOREVER:
        remarks = [Remark("COVER_OPEN", False, seen.on)]
    elif lying and fold.FOREVER not in lying:
        last = to_date(max(lying))
        remarks = [Remark("COVERED", False, seen.on, "", {"until": last})]
        first, later = last + A_DAY, _seen(_known_on(seen), last + A_DAY, months, seen.library)
    found = [given for item in later.upcoming if (given := _of_item(later, item, first, until)) is not None]
    if not found and later.plan:
        remarks = [_nothing_next(later)]
    return found, remarks


def _known_on(seen: Review) -> Case:
    """The case without what is dated after the day of assessment."""
    return replace(seen.case, record=tuple(event for event in seen.case.record if begins(event) <= seen.on))


def _nothing_next(seen: Review) -> Remark:
    status = seen.outlook.status
    return Remark("NOTHING_NEXT", False, seen.on, "", {"status": status if status in NOTHING_NEXT else "other"})


def _of_item(seen: Review, item: Item, first: date, until: date) -> Given | None:
    """A line of the plan; of a course, the days from `first` on."""
    if item.on is None or item.dose is None or not item.substance or item.on > until:
        return None
    if item.kind == "dose":
        return Given(max(item.on, seen.on), item.substance, item.dose, item.route)
    if item.kind != "course":
        return None
    begin, last = max(item.on, first), item.until or until
    spacing = next((each.spacing for each in seen.course.phases if each.phase.name == item.phase), None)
    course = Given(begin, item.substance, item.dose, item.route, last, days_between(spacing))
    return course if begin <= last else None
