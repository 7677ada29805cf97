"""Another day for a dose, tried: what it would count as and which later days would move. Nothing is written.

Every day comes from the fold: it is run over the record with the dose on the planned day, and over the record with it on the other day.
Doses that come before the tried one are taken to be given as planned.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import zip_longest

from msgspec import Struct

from cobalamin.app.services.reviewing import review_of
from cobalamin.app.services.year import AHEAD, AHEAD_OF_TODAY, Mark, Year, planned_marks, year_around
from cobalamin.errors import InputError
from cobalamin.records import replace
from cobalamin.text.messages import day as day_words
from cobalamin.text.messages import message
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.events import Administration
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.review.if_given import IfGiven, if_given
from cobalamin.therapy.review.review import Review

MOST = 6  # doses to choose from, and dates shown that follow
TRIED, GHOST = "tried", "ghost"
FARTHEST = timedelta(days=366)


class NothingToTry(InputError):
    """No dose of the plan has a day."""

    def __init__(self) -> None:
        super().__init__(InputError.one("dose", "", "no dose of this plan has a day that could be moved").faults)


class Moved(Struct, frozen=True):
    """A later dose: its day now, and its day after the tried one; None where there is none."""

    was: date | None
    now: date | None

    @property
    def days(self) -> int:
        return (self.now - self.was).days if self.was and self.now else 0


class Trial(Struct, frozen=True):
    """A dose of the plan on another day."""

    seen: Review
    place: int
    choices: tuple[date, ...]  # the days of the doses that may be tried
    planned: date
    day: date
    earliest: date
    latest: date
    given: IfGiven
    following: tuple[Moved, ...]
    coming: tuple[Item, ...]  # the doses that would be planned behind it

    @property
    def shift(self) -> int:
        """Days after its planned day; before it, negative."""
        return (self.day - self.planned).days


def try_day(case: Case, on: date, place: int, wanted: date | None) -> Trial:
    """The open dose or a later one (`place` 0, 1, ...) on a day; without one, on its planned day. Raises InputError."""
    seen = review_of(case, on, ahead=AHEAD)
    choices = _doses_of(seen)[:MOST]
    if not choices:
        raise NothingToTry
    place = min(max(place, 0), len(choices) - 1)
    before, planned = [max(each, on) for each in choices[:place]], choices[place]
    as_planned = max(planned, on)
    until_then = _with_doses(case, before)
    then = seen if not before else review_of(until_then, before[-1], ahead=AHEAD)
    earliest = max([each.event.on for each in then.course.steps if each.event.on] or [planned - FARTHEST])
    latest = as_planned + FARTHEST
    day = min(max(wanted or as_planned, earliest), latest)
    usual, moved = (_after(until_then, each, on) for each in (as_planned, day))
    pairs = zip_longest(_doses_of(usual)[:MOST], _doses_of(moved)[:MOST])
    return Trial(
        seen, place, choices, planned, day, earliest, latest, if_given(seen.library, then, day),
        tuple(Moved(was, now) for was, now in pairs), tuple(each for each in moved.upcoming if each.kind == "dose"),
    )  # fmt: skip


def _doses_of(seen: Review) -> tuple[date, ...]:
    return tuple(item.on for item in seen.upcoming if item.kind == "dose" and item.on is not None)


def _with_doses(case: Case, days: list[date]) -> Case:
    supposed = (Administration(f"tried-{place}", on, as_planned=True) for place, on in enumerate(days))
    return replace(case, record=(*case.record, *supposed))


def _after(case: Case, day: date, on: date) -> Review:
    """The review behind a dose on this day."""
    supposed = Administration("tried", day, as_planned=True)
    return review_of(replace(case, record=(*case.record, supposed)), max(day, on), ahead=AHEAD)


def year_of_trial(trial: Trial) -> Year:
    """The year with the dose on its other day: what would be planned then, and as a ghost what is planned now."""
    year = year_around(trial.seen)
    past = [mark for mark in year.doses if mark.state not in AHEAD_OF_TODAY]
    now = [mark for mark in year.doses if mark.state in AHEAD_OF_TODAY]
    before, ghosts = now[: trial.place], now[trial.place :]
    tried = Mark(TRIED, trial.day, message("year.tried"), "", day_words(trial.day))
    coming = [replace(mark, about="") for mark in planned_marks(trial.seen, trial.coming) if mark.on <= year.last]
    taken = {trial.day, *(mark.on for mark in coming)}
    left = [replace(mark, state=GHOST, window=None) for mark in ghosts if mark.on not in taken]
    return replace(year, doses=tuple(sorted((*past, *before, *left, tried, *coming), key=lambda mark: mark.on)))
