"""The course of a treatment as marks on days: what was given and missed, what is planned with its window, what was found.

Values only: nothing is drawn, no words are chosen, and no day is worked out here. What was given comes from the doses that the review
judged, what is planned from its lines, what lay over the dates from the states of its fold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from msgspec import Struct

from cobalamin.amounts import Mass
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.scales import Scale, scales_of
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.text.messages import Text, capital, day, joined, listed, mass, message, month, word
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Cover, Decision, Omission, Reaction, Symptoms, decides
from cobalamin.therapy.case.record import month_ends
from cobalamin.therapy.fold.values import BY_DOSES, FOREVER, NONE
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.response.diary import Symptom
from cobalamin.therapy.review.checks import DUE, LATE, CheckState
from cobalamin.therapy.review.course import Course, Step
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.review import Ahead, Review

AHEAD = Ahead(24, 400)  # every line of the twelve months ahead, also of a dose on alternate days
EACH_WAY = Span(12, "mo")

# What a mark is.
GIVEN, EXTRA, NOT_COUNTED, WAITING, MISSED = "given", "extra", "not_counted", "waiting", "missed"
NEXT, OVERDUE, PLANNED = "next", "overdue", "planned"
DONE, NOT_DONE, TO_COME = "done", "not_done", "to_come"
WARNING, TOLD = "warning", "told"
_BY_CREDIT = {"credited": GIVEN, "extra": EXTRA, "not_credited": NOT_COUNTED, "pending": WAITING}
WERE_GIVEN = frozenset(_BY_CREDIT.values())
AHEAD_OF_TODAY = frozenset({NEXT, OVERDUE, PLANNED, TO_COME})
_LATE = frozenset({"overdue", "review_needed"})


class Mark(Struct, frozen=True):
    """One thing on one day. `about`: what a page of reasons is asked for, the id of an entry or a day."""

    state: str
    on: date
    label: Text
    about: str
    when: Text = ""
    window: tuple[date, date] | None = None


class Stretch(Struct, frozen=True):
    """Something that lasts. Without `until` nobody knows its end; `from_plan`: it is planned or presumed, not recorded."""

    kind: str
    on: date
    until: date | None
    label: Text
    about: str


class Progress(Struct, frozen=True):
    """How far a first course of counted doses has got, at the day of the last of them."""

    on: date
    given: int
    of: int


class Scores(Struct, frozen=True):
    """One symptom with its scores from 0 to 10, each with the entry that tells it."""

    name: Text
    marks: tuple[tuple[date, int, str], ...]


class Year(Struct, frozen=True):
    """What lies between two days, and how many doses each calendar year of the whole record has."""

    first: date
    last: date
    today: date
    doses: tuple[Mark, ...]
    stretches: tuple[Stretch, ...]
    progress: tuple[Progress, ...]
    checks: tuple[Mark, ...]
    events: tuple[Mark, ...]
    results: tuple[Scale, ...]
    symptoms: tuple[Scores, ...]
    counts: tuple[tuple[int, int], ...]

    @property
    def is_empty(self) -> bool:
        lanes = (self.doses, self.stretches, self.checks, self.events, self.results, self.symptoms)
        return not any(lanes)

    def marks_on(self, on: date) -> tuple[Mark, ...]:
        """Every mark of a day."""
        return tuple(mark for mark in (*self.doses, *self.checks, *self.events) if mark.on == on)


def year_around(seen: Review) -> Year:
    """Twelve months back and twelve on."""
    return year_of(seen, add(seen.on, EACH_WAY, -1), add(seen.on, EACH_WAY))


def calendar_year(seen: Review, year: int) -> Year:
    """From the first of January to the last of December."""
    return year_of(seen, date(year, 1, 1), date(year, 12, 31))


def year_of(seen: Review, first: date, last: date) -> Year:
    """What the review knows between two days, both among them."""

    def within(marks: Iterator[Mark]) -> tuple[Mark, ...]:
        return tuple(sorted((each for each in marks if first <= each.on <= last), key=lambda each: each.on))

    return Year(
        *(first, last, seen.on),
        doses=within(_doses(seen)),
        stretches=tuple(each for each in _stretches(seen) if each.on <= last and (each.until or last) >= first),
        progress=tuple(each for each in _progress(seen) if first <= each.on <= last),
        checks=within(_checks(seen)),
        events=within(_events(seen)),
        results=tuple(each for scale in scales_of(seen) if (each := scale.between(first, last)).points),
        symptoms=tuple(told for symptom in seen.diary.symptoms if (told := _scores(seen, symptom, first, last)).marks),
        counts=_counts(seen),
    )


# -- doses -----------------------------------------------------------------------------------------------------------


def _doses(seen: Review) -> Iterator[Mark]:
    for evaluation in seen.evaluations:
        if evaluation.credit in _BY_CREDIT and evaluation.event.on is not None:
            yield _given(seen, evaluation, evaluation.event.on)
    for event in seen.record.events:
        if isinstance(event, Omission) and event.on is not None:
            reason = event.reason.replace("_", " ")
            yield Mark(MISSED, event.on, message("year.missed", reason=reason), event.id, _when(event))
    doses = [each for each in seen.upcoming if each.kind == "dose" and each.on is not None]
    for place, item in enumerate(doses):
        yield _planned(seen, item, is_next=place == 0)


def planned_marks(seen: Review, items: Iterable[Item]) -> Iterator[Mark]:
    """Doses that would be planned, none of them the next."""
    return (_planned(seen, item, is_next=False) for item in items)


def _given(seen: Review, evaluation: Evaluation, on: date) -> Mark:
    """A dose that was given; of one known by its month the month stands where a window would."""
    event = evaluation.event
    timing = word("timings", evaluation.timing) if evaluation.timing != "none" else ""
    label = listed((_amount(seen, evaluation.dose), message(f"year.{_BY_CREDIT[evaluation.credit]}"), timing))
    window = month_ends(event.month) if event.month else None
    return Mark(_BY_CREDIT[evaluation.credit], on, label, event.id, _when(event), window)


def _planned(seen: Review, item: Item, is_next: bool) -> Mark:
    on = item.on or seen.on
    window = item.on_range or (
        (item.bookable_from, item.due_through) if item.bookable_from and item.due_through else None
    )
    held = (
        seen.outlook.emergency or seen.outlook.ask_first
    )  # nothing calls for a dose before that is answered (hazard H110)
    late = is_next and seen.outlook.status in _LATE and on < seen.on
    state = PLANNED if held or not is_next else OVERDUE if late else NEXT
    label = listed((_amount(seen, item.dose), message(f"year.{state}")))
    return Mark(state, on, label, on.isoformat(), day(on), window)


def _amount(seen: Review, dose: Mass | None) -> Text:
    return mass(dose, country_of(seen)) if dose else ""


def _when(event: Event) -> Text:
    return month(event.month) if event.month else day(event.on or date.max)


def _counts(seen: Review) -> tuple[tuple[int, int], ...]:
    """Doses given in each calendar year, from the first year to this one, with those that had none."""
    given = (each for each in seen.evaluations if each.credit in _BY_CREDIT)
    counted = Counter(each.event.on.year for each in given if each.event.on is not None)
    first = min(counted, default=seen.on.year)
    return tuple((year, counted[year]) for year in range(first, seen.on.year + 1))


def _progress(seen: Review) -> Iterator[Progress]:
    """Each phase that ends after a number of doses, by the last dose that counted in it."""
    rungs = seen.course.rungs
    by_rung: dict[int, Step] = {step.before.rung: step for step in seen.course.given}
    for rung, step in by_rung.items():
        if rungs[rung].end == BY_DOSES and rungs[rung].end_number > 1 and step.event.on is not None:
            yield Progress(step.event.on, min(step.before.number + 1, rungs[rung].end_number), rungs[rung].end_number)


# -- what lasts ------------------------------------------------------------------------------------------------------


def _stretches(seen: Review) -> Iterator[Stretch]:
    yield from _covers(seen.course)
    yield from _stops(seen.course)
    place = seen.outlook.place
    if place is not None and place.began != NONE and seen.course.rungs and seen.course.rungs[place.rung].continuous:
        began = to_date(place.began)
        yield Stretch("course", began, seen.outlook.until, message("year.course"), "")


def _covers(course: Course) -> Iterator[Stretch]:
    """Holds, pauses and bridges, each until its last day or until a later entry took it off the dates."""
    for place, step in enumerate(course.steps):
        event = step.event
        if isinstance(event, Cover) and event.on is not None:
            ends = getattr(step.state.cover, event.kind)
            off = _changed_on(course.steps[place + 1 :], event.kind, ends)
            until = None if ends in (NONE, FOREVER) else to_date(ends)
            yield Stretch("cover", event.on, _earlier(until, off), message(f"year.{event.kind}"), event.id)


def _stops(course: Course) -> Iterator[Stretch]:
    """From each stop until treatment went on."""
    for place, step in enumerate(course.steps):
        if decides(step.event, "stop") and step.event.on is not None:
            off = _changed_on(course.steps[place + 1 :], "stopped", step.state.cover.stopped)
            yield Stretch("cover", step.event.on, off, message("year.stopped"), step.event.id)


def _changed_on(steps: list[Step], name: str, value: int) -> date | None:
    return next((step.event.on for step in steps if getattr(step.state.cover, name) != value), None)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((each for each in (one, other) if each is not None), default=None)


# -- checks and what else happened -----------------------------------------------------------------------------------


def _checks(seen: Review) -> Iterator[Mark]:
    """Blood tests and reviews; those of one day and one state are one mark."""
    known = {(state.item.marker, state.due) for state in seen.checks}
    found = [_check(state) for state in seen.checks]
    for item in seen.upcoming:
        if item.kind in ("check", "review", "decision") and item.on and (item.marker, item.on) not in known:
            found.append(_to_come(item, item.on))
    found.sort(key=lambda mark: (mark.on, mark.state))
    for _, group in groupby(found, key=lambda mark: (mark.on, mark.state)):
        together = list(group)
        names = tuple(dict.fromkeys(mark.label for mark in together))
        yield replace(together[0], label=joined(*names, between="; "))


def _check(state: CheckState) -> Mark:
    if state.done_on is not None:
        label = joined(
            _named(state.item), message("year.done_late" if state.state == LATE else "year.done"), between=": "
        )
        return Mark(DONE, state.done_on, label, state.due.isoformat(), day(state.done_on))
    if state.state == DUE:
        return _to_come(state.item, state.due)
    label = joined(_named(state.item), message("year.not_done"), between=": ")
    return Mark(NOT_DONE, state.due, label, state.due.isoformat(), day(state.due), (state.due, state.through))


def _to_come(item: Item, on: date) -> Mark:
    return Mark(
        TO_COME, on, _named(item), on.isoformat(), day(on), (on, item.due_through) if item.due_through else None
    )


def _named(item: Item) -> Text:
    return item.plain or item.text


def _events(seen: Review) -> Iterator[Mark]:
    """Warning signs and reactions, and the decisions that moved a plan."""
    for event in seen.record.events:
        if event.on is None:
            continue
        if isinstance(event, Reaction) or (isinstance(event, Symptoms) and event.red_flags):
            yield Mark(WARNING, event.on, _sign(event), event.id, _when(event))
        elif isinstance(event, Decision) and event.decision not in ("reviewed", "credit", "reject"):
            label = capital(word("year", f"decided__{event.decision}", event.decision.replace("_", " ")))
            yield Mark(TOLD, event.on, label, event.id, _when(event))
        elif event.kind in ("plan", "history"):
            yield Mark(TOLD, event.on, message(f"year.{event.kind}"), event.id, _when(event))


def _sign(event: Event) -> Text:
    signs = event.signs if isinstance(event, Reaction) else event.red_flags if isinstance(event, Symptoms) else ()
    key = "year.reaction" if isinstance(event, Reaction) else "year.sign"
    return message(key, signs=", ".join(each.replace("_", " ") for each in signs))


def _scores(seen: Review, symptom: Symptom, first: date, last: date) -> Scores:
    entries = {event.on: event.id for event in seen.record.events if isinstance(event, Symptoms)}
    spoken = symptom.name.replace("_", " ")
    name: Text = symptom.name if symptom.own else word("web", f"symptom__{symptom.name}", spoken)
    marks = tuple((each.on, each.score, entries[each.on]) for each in symptom.readings if first <= each.on <= last)
    return Scores(name, marks)
