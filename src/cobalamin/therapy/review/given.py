"""What a course of treatment put into the body, dose by dose, with the day from which it should have been looked at again."""

from __future__ import annotations

from datetime import date

from cobalamin.therapy import fold
from cobalamin.therapy.case.events import Administration, History, decides
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.response.spells import GivenDose, last_dose_of
from cobalamin.therapy.review.course import TAKING, Course, PlanInForce, Step

# Decisions that move on what a dose began; a resumed treatment begins with its next dose.
_LENGTHEN = ("change_interval", "advance", "gate_met", "waive")


def doses_in_the_body(course: Course, on: date) -> tuple[GivenDose, ...]:
    """Every dose that was really given, the last one of a history, and the begin of each course by mouth, in order."""
    found = [dose for index, step in enumerate(course.steps) if (dose := _dose(course, index, step)) is not None]
    found += _course_by_mouth(course, on)
    return tuple(sorted(found, key=lambda dose: dose.on))


def _dose(course: Course, index: int, step: Step) -> GivenDose | None:
    event = step.event
    if isinstance(event, History):
        day = last_dose_of(event)
        return GivenDose(day, "", review_from=_review_from(course, index)) if day else None
    if not isinstance(event, Administration) or step.verdict.credit == fold.EXCLUDED or event.on is None:
        return None
    route = "" if "route" in event.not_known else _route(event.route, step.plan)
    return GivenDose(event.on, route, review_from=_review_from(course, index))


def _review_from(course: Course, index: int) -> date | None:
    """As counted after this step, and after decisions before the next dose that came while treatment still ran."""
    latest = _after(course, course.steps[index])
    for step in course.steps[index + 1 :]:
        if step.event.kind in ("administration", "history"):
            break
        moved = decides(step.event, *_LENGTHEN)
        if moved and latest is not None and step.event.on is not None and step.event.on <= latest:
            latest = max(latest, _after(course, step) or latest)
    return latest


def _after(course: Course, step: Step) -> date | None:
    plan = step.plan
    if plan is None or not plan.ladder.rungs or step.event.on is None or step.verdict.credit == fold.PENDING:
        return None
    day = (step.event.on - date(1970, 1, 1)).days
    dates = fold.forecast(step.state, course.rungs, course.windows, day)[1]
    return to_date(dates.review_from) if dates.target != fold.NONE else None


def _course_by_mouth(course: Course, on: date) -> list[GivenDose]:
    """The course of the plan, presumed to be taken until it was stopped or somebody said no."""
    plan = course.plan
    if plan is None or not course.rungs:
        return []
    place = course.forecast(on)[0]
    if not course.rungs[place.rung].continuous or to_date(place.began) > on:
        return []
    cover, last = course.state.cover, on
    if cover.stopped != fold.NONE:
        last = min(last, to_date(cover.stopped))
    if cover.told != fold.NONE and TAKING[cover.taking] == "no":
        last = min(last, to_date(cover.told))
    began = to_date(place.began)
    return [GivenDose(began, course.phase(place).route, through=max(began, last), presumed=True)]


def _route(given: str, plan: PlanInForce | None) -> str:
    if given:
        return given
    return plan.ladder.phases[0].route if plan and plan.ladder.phases else ""
