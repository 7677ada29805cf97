"""A schedule is the fold run forward: forecast, give the dose on its target, step, repeat.

Nothing else computes a date of treatment. Items here are bare (which phase, which day, how firm); words and checks are
added by `plan`.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cobalamin.errors import InvariantBroken
from cobalamin.knowledge.model import Policy
from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import UNIT_NAMES, WEEK_PATTERNS, Ladder, is_course, to_date, to_days

DOSE, COURSE, OPEN_END, GATE, COURSE_OVER, NOT_STATED_NEXT = (
    "dose",
    "course",
    "open_end",
    "gate",
    "course_over",
    "not_stated_next",
)
_MOST_ITEMS = 5000


class Scheduled(Struct, frozen=True):
    """One expected dose, course or decision. `on` None: it follows a decision, `offset` after the last dose before it."""

    kind: str
    phase: SettledPhase
    number: int
    on: date | None
    firm: bool
    dates: fold.Dates | None = None
    until: date | None = None
    offset: str = ""
    anchor: date | None = None
    derived_count: int = 0
    changed: Span | None = None  # an interval that a decision set


class Running(Struct, frozen=True):
    """A treatment that is under way: whether its next date is firm, and how many lines are wanted."""

    firm: bool
    most: int


def run_forward(
    ladder: Ladder, state: fold.State, begin: date, until: date, policy: Policy, running: Running | None = None
) -> list[Scheduled]:
    """The scheduled doses, courses and decisions from `begin` through `until`.

    `state` is the fold of what has happened (for a new plan, of its PLAN event alone). A new plan lists an open-ended phase to
    its first decision. A running one goes on behind it, provisionally, because nobody stops giving before it is decided; a dose
    that is already overdue keeps its target and is taken as given on `begin`.
    """
    return _Run(ladder, state, begin, until, policy, running).items()


class _Run:
    def __init__(
        self, ladder: Ladder, state: fold.State, begin: date, until: date, policy: Policy, running: Running | None
    ) -> None:  # fmt: skip
        self.ladder, self.state, self.until, self.policy = ladder, state, to_days(until), policy
        self.begin = self.cursor = to_days(begin)
        self.firm = running.firm if running else True
        self.running = running
        self.asked: set[int] = set()  # rows whose decision is listed
        self.found: list[Scheduled] = []

    def items(self) -> list[Scheduled]:
        if not self.ladder.rungs:
            self._nothing_computable()
            return self.found
        going = True
        while going and not (self.running and len(self.found) >= self.running.most):
            if len(self.found) > _MOST_ITEMS:
                raise InvariantBroken(f"a schedule of more than {_MOST_ITEMS} lines does not move on")
            place, dates = fold.forecast(self.state, self.ladder.rungs, self.ladder.windows, self.cursor)
            self.state = fold.State(place, *self.state[1:])
            going = self._one(place, dates)
        return self.found

    def _one(self, place: fold.Place, dates: fold.Dates) -> bool:
        if place.marks & fold.DONE:
            self._over(place)
            return False
        if self.ladder.rungs[place.rung].continuous:
            return self._course(place)
        if dates.target > self.until:
            return False
        rung = self.ladder.rungs[place.rung]
        decision_on = self._decision_day(place) if rung.end == fold.BY_DECISION else None
        if decision_on is not None and dates.target > decision_on:
            if self.running is None:
                return self._open_end(place, decision_on)
            self._go_on(place, decision_on)
        self._give(place, dates)
        return True

    def _go_on(self, place: fold.Place, decision_on: int) -> None:
        """An open end of a running treatment: the decision is listed once, and the same dose goes on."""
        if place.rung not in self.asked and decision_on >= self.begin:
            self.found.append(Scheduled(OPEN_END, self._phase(place), 0, to_date(decision_on), self.firm))
        self.asked.add(place.rung)
        self.firm = False

    def _phase(self, place: fold.Place) -> SettledPhase:
        return self.ladder.phases[place.rung]

    def _give(self, place: fold.Place, dates: fold.Dates) -> None:
        anchor = to_date(place.anchor) if place.anchor != fold.NONE else None
        self.found.append(
            Scheduled(
                DOSE, self._phase(place), place.number + 1, to_date(dates.target), self.firm, dates, anchor=anchor,
                derived_count=self.ladder.derived_counts[place.rung], changed=changed_interval(place),
            )
        )  # fmt: skip
        day = max(dates.target, self.begin)
        self._step(fold.ADMINISTRATION, day, place.rung)
        if self.state.place.marks & fold.REACHED and self.state.place.rung == place.rung:
            self._gate(place, day)

    def _step(self, kind: int, day: int, index: int) -> None:
        """The event as planned: the phase's own dose, substance and route."""
        rung = self.ladder.rungs[index]
        event = fold.a_decision(day, kind, 0, 0)
        if kind == fold.ADMINISTRATION:
            event = fold.a_dose(day, 0, rung.dose, rung.substance, rung.route, 0, 0, 0)
        self.state = fold.step(self.state, event, self.ladder.rungs, self.ladder.windows)
        self.cursor = max(self.cursor, day)

    def _gate(self, place: fold.Place, day: int) -> None:
        """The gate behind a counted phase is taken as met on the last counted day; what follows is provisional."""
        following = self._following(place.rung)
        if following is not None:
            self.found.append(Scheduled(GATE, following, 0, to_date(day), self.firm))
        self.firm = False
        self._step(fold.GATE_MET, day, place.rung)

    def _later(self, rung: int) -> tuple[SettledPhase, ...]:
        """The phases behind this one in its plan; a table may hold the rungs of several plans."""
        last = rung
        while not self.ladder.rungs[last].final:
            last += 1
        return self.ladder.phases[rung + 1 : last + 1]

    def _following(self, rung: int) -> SettledPhase | None:
        later = self._later(rung)
        return later[0] if later else self.ladder.unstated_next

    def _decision_day(self, place: fold.Place) -> int | None:
        """The first decision date of an open-ended phase; until its first dose, there is none."""
        if place.began == fold.NONE:
            return None
        decision = to_days(add(to_date(place.began), self.policy.decision_after))
        return decision if self.running else max(decision, self.begin)  # of a plan nothing lies before its start

    def _open_end(self, place: fold.Place, decision_on: int) -> bool:
        phase = self._phase(place)
        if decision_on <= self.until:
            self.found.append(Scheduled(OPEN_END, phase, 0, to_date(decision_on), self.firm))
            self._follow_once(place)
        return False

    def _follow_once(self, place: fold.Place) -> None:
        """Later phases follow once, without a date."""
        for phase in self._later(place.rung):
            kind = COURSE if is_course(phase) else DOSE
            self.found.append(Scheduled(kind, phase, 1, None, False, offset=str(_offset(phase))))
        if self.ladder.unstated_next is not None:
            self.found.append(Scheduled(NOT_STATED_NEXT, self.ladder.unstated_next, 0, None, False))

    def _course(self, place: fold.Place) -> bool:
        rung = self.ladder.rungs[place.rung]
        if place.began > self.until:
            return False
        phase, began = self._phase(place), to_date(place.began)
        if rung.end != fold.BY_CALENDAR:
            self.found.append(Scheduled(COURSE, phase, 1, began, self.firm))
            return (
                self._open_end(place, self._decision_day(place) or place.began)
                if rung.end == fold.BY_DECISION
                else False
            )
        end = fold.add_span(place.began, rung.end_number, rung.end_unit, 0)
        self.found.append(Scheduled(COURSE, phase, 1, began, self.firm, until=to_date(end - 1)))
        self.cursor = end
        return True

    def _over(self, place: fold.Place) -> None:
        """The published ladder has run out; what comes next is a question, never silence."""
        last = to_date(place.anchor if place.anchor != fold.NONE else self.cursor)
        last = last if self.running else max(last, to_date(self.begin))
        unstated = self.ladder.unstated_next
        if unstated is not None:
            self.found.append(Scheduled(NOT_STATED_NEXT, unstated, 0, last, self.firm))
        else:
            self.found.append(Scheduled(COURSE_OVER, self._phase(place), 0, last, self.firm))

    def _nothing_computable(self) -> None:
        if self.ladder.unstated_next is not None:
            self.found.append(Scheduled(NOT_STATED_NEXT, self.ladder.unstated_next, 0, to_date(self.cursor), True))


def changed_interval(place: fold.Place) -> Span | None:
    """The interval that a decision set for this phase; None where the protocol's own governs."""
    return Span(place.own // 4, UNIT_NAMES[place.own & 3]) if place.own else None


def _offset(phase: SettledPhase) -> Span:
    """Time from the last dose before a phase to its first dose."""
    if isinstance(phase.spacing, int):
        return Span(WEEK_PATTERNS[phase.spacing][-1], "d")
    return phase.spacing or Span(1, "d")
