"""A month as a calendar: each day with what lies on it, and the same in words beneath."""

from __future__ import annotations

import re
from calendar import Calendar
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.services import reviewing
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.year import AHEAD, AHEAD_OF_TODAY, Mark, Year, year_of
from cobalamin.app.web.frame.site import Opened, opened, page, today, told
from cobalamin.app.web.pages.year import look_for, rows_of, states_in
from cobalamin.spans import FIRST_YEAR, LAST_YEAR, Span, add
from cobalamin.therapy.case.record import month_ends

routes = APIRouter(include_in_schema=False)
_MONTH = Span(1, "mo")
_AROUND = timedelta(days=70)  # windows of doses of other months reach into this one


@routes.get("/case/{name}/month")
def month(request: Request, name: str) -> Response:
    """One month, by default that of today."""
    this, on = opened(request, name), today(request)
    seen = reviewing.review_of(this.case, on, ahead=AHEAD)
    first, last = month_ends(_wanted(request.query_params.get("month", ""), on))
    year = year_of(seen, first, last)
    screen = told(request, country_of(seen))
    look = look_for(request, this, screen)
    around = year_of(seen, first - _AROUND, last + _AROUND)
    return page(
        request, "month", this, screen=screen, seen=seen, first=first, weeks=_weeks(first, year, around), on=on,
        month_name=f"{screen.words.months[first.month - 1]} {first.year}", weekdays=screen.words.weekdays,
        rows=list(rows_of(year, look, screen, whole=True)), before=_address(this, request, first, -1), after=_address(this, request, first, 1),
        states=states_in(year),
    )  # fmt: skip


def _wanted(asked: str, on: date) -> str:
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", asked)
    if found and FIRST_YEAR < int(found[1]) < LAST_YEAR:
        return asked
    return f"{on.year:04d}-{on.month:02d}"


def _address(this: Opened, request: Request, first: date, step: int) -> str:
    other = add(first, _MONTH, step)
    on = request.query_params.get("on", "")
    return f"{this.address}/month?month={other.year:04d}-{other.month:02d}{f'&on={on}' if on else ''}"


def _weeks(first: date, year: Year, around: Year) -> list[list[dict[str, Any]]]:
    """The weeks of the month from Monday on; days of other months are empty."""
    windows = [mark.window for mark in around.doses if mark.state in AHEAD_OF_TODAY and mark.window]
    covers = [each for each in around.stretches if each.kind == "cover"]

    def cell(on: date) -> dict[str, Any]:
        if on.month != first.month:
            return {"on": None}
        covered = any(each.on <= on and (each.until is None or on <= each.until) for each in covers)
        in_time = any(begin <= on <= end for begin, end in windows)
        return {"on": on, "marks": _marks_of(year, on), "covered": covered, "in_time": in_time}

    return [[cell(on) for on in week] for week in Calendar().monthdatescalendar(first.year, first.month)]


def _marks_of(year: Year, on: date) -> list[str]:
    """The states of what lies on a day, each once."""
    marks: tuple[Mark, ...] = year.marks_on(on)
    states = [mark.state for mark in marks]
    states += ["result"] if any(point.on == on for scale in year.results for point in scale.points) else []
    states += ["symptom"] if any(each[0] == on for scores in year.symptoms for each in scores.marks) else []
    return list(dict.fromkeys(states))
