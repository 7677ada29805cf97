"""When somebody was on treatment: what was given is in the body for a time, and that time ends (hazard H41).

Which doses count for a plan is no matter here. No source says until when a dose explains a level: the contract's rule
(section 4) with the policy's spans is this program's assumption.
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from cobalamin.knowledge.model import ResultLimits
from cobalamin.records import replace
from cobalamin.spans import add
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import History, Statement, decides


class GivenDose(Struct, frozen=True):
    """A dose that is in the body, whether or not it counts for the plan. A route that is not known is empty.

    `through` is the last day of a course that was said to be taken; `review_from` the day from which treatment should be
    looked at again if no other dose followed, where a plan gives one. A course that a plan foresees and nobody has said is
    taken is `presumed`: a response is counted from it, and a level is not explained by it for longer than by one dose.
    """

    on: date
    route: str
    through: date | None = None
    review_from: date | None = None
    presumed: bool = False

    @property
    def last(self) -> date:
        return self.through or self.on


class Spell(Struct, frozen=True):
    """Treatment without a gap, from its first dose to the last day on which it explains a level."""

    began: date
    through: date


class Cover(Struct, frozen=True):
    """What was given up to the day of assessment, in order, with the spells it makes.

    `spells` are those of the treatment itself, from which a response is counted; `levels` those in which anything that
    somebody took explains a level: a course by mouth beside an injection plan too.
    """

    given: tuple[GivenDose, ...]
    taken: tuple[GivenDose, ...]
    explaining: tuple[GivenDose, ...]  # what explains a level: all of it, a presumed course only by its first day
    spells: tuple[Spell, ...]
    levels: tuple[Spell, ...]
    decided: tuple[tuple[date, bool], ...]  # (day, treatment was stopped), in order
    limits: ResultLimits

    def spell(self, day: date) -> Spell | None:
        """The latest spell that had begun before a sample of `day`; one of the day of a first dose comes before it."""
        return _begun(self.spells, day)

    def explains_level(self, day: date) -> bool:
        """Until the later of `review_from` and the policy's span after the last dose, also after a stop."""
        spell = _begun(self.levels, day)
        return spell is not None and day <= spell.through

    def responds(self, day: date) -> bool:
        """Whether a sample of this day can show a response to the treatment."""
        spell = self.spell(day)
        return spell is not None and day <= spell.through

    @property
    def first_day(self) -> date:
        """The first day on which somebody was treated; never reached where nobody was."""
        return self.spells[0].began + timedelta(days=1) if self.spells else date.max

    def ended_before(self, day: date) -> bool:
        """Whether treatment had been given and was over by this day, and none has begun since."""
        return bool(self.spells) and all(spells[-1].through < day for spells in (self.spells, self.levels) if spells)

    def goes_on(self, day: date) -> bool:
        """Whether treatment goes on as planned: not stopped, and its last dose not so long ago that it must be looked at."""
        given = [dose for dose in self.given if dose.on < day][-1:]
        courses = [dose for dose in self.taken if dose.on < day]
        return not self.stopped(day) and any(day < self._looked_at_from(dose) for dose in (*given, *courses))

    def stopped(self, day: date) -> bool:
        """Whether the last word on the treatment before this day was a stop."""
        return next((stopped for decided, stopped in reversed(self.decided) if decided < day), False)

    def _looked_at_from(self, dose: GivenDose) -> date:
        return dose.review_from or add(dose.last, self.limits.on_treatment) + timedelta(days=1)

    def last_day(self, day: date) -> date | None:
        """The last day before a sample of `day` on which anything was given or taken."""
        days = [min(dose.last, day) for dose in self.explaining if dose.on < day]
        return max(days, default=None)

    def says_nothing(self, day: date) -> bool:
        """Whether the last dose is so recent that a level within or above its range says nothing."""
        last = self.last_day(day)
        return last is not None and day <= add(last, self.limits.after_dose)


def _begun(spells: tuple[Spell, ...], day: date) -> Spell | None:
    return next((spell for spell in reversed(spells) if spell.began < day), None)


def cover_of(
    record: tuple[Event, ...], doses: tuple[GivenDose, ...], routes: frozenset[str], on: date, limits: ResultLimits
) -> Cover:
    """The cover as of `on`."""
    taken = tuple(dose for event in record if (dose := _taken(event)) is not None)
    given = given_doses(record, doses, on) or tuple(dose for dose in taken if not dose.route or dose.route in routes)
    restarts = tuple(event.on for event in record if event.on and _decides(event, ("restart",)))
    decided = tuple((event.on, _decides(event, ("stop",))) for event in record if event.on and _starts_or_stops(event))
    said = (replace(dose, through=None) if dose.presumed else dose for dose in given)
    explaining = tuple(sorted((*said, *taken), key=lambda dose: dose.on))
    levels = _spells(explaining, (), limits)
    return Cover(given, taken, explaining, _spells(given, restarts, limits), levels, decided, limits)


def _spells(given: tuple[GivenDose, ...], restarts: tuple[date, ...], limits: ResultLimits) -> tuple[Spell, ...]:
    """A gap ends a spell, and so does a restart that a dose followed."""
    spells: list[Spell] = []
    for dose in given:
        through = max(dose.review_from or date.min, add(dose.last, limits.on_treatment))
        last = spells[-1] if spells else None
        if last is None or dose.on > last.through or any(last.began < day <= dose.on for day in restarts):
            spells.append(Spell(dose.on, through))
        else:
            spells[-1] = Spell(last.began, max(last.through, through))
    return tuple(spells)


def _starts_or_stops(event: Event) -> bool:
    return event.kind == "plan" or _decides(event, ("stop", "resume", "restart"))


def _decides(event: Event, words: tuple[str, ...]) -> bool:
    return decides(event, *words)


def given_doses(record: tuple[Event, ...], doses: tuple[GivenDose, ...], on: date) -> tuple[GivenDose, ...]:
    """Every known dose in order: those given, and the last one of an earlier treatment."""
    known = [dose for dose in doses if dose.on <= on]
    known += [GivenDose(day, "") for event in record if (day := last_dose_of(event)) is not None]
    return tuple(sorted(known, key=lambda dose: (dose.on, dose.last, dose.review_from or date.min, dose.route)))


def last_dose_of(event: Event) -> date | None:
    """The last day on which the last dose of a recorded history may have been given."""
    if not isinstance(event, History) or event.on is None:
        return None
    stated = event.last_dose
    if isinstance(stated, str) and stated != "unknown":
        following = (date.fromisoformat(f"{stated}-01") + timedelta(days=31)).replace(day=1)
        stated = following - timedelta(days=1)
    return min(stated, event.on) if isinstance(stated, date) else None


def _taken(event: Event) -> GivenDose | None:
    """A course that somebody said is taken, up to its end or the day it was said."""
    if not isinstance(event, Statement) or event.on is None or event.taking not in ("yes", "partly"):
        return None
    begun = event.since or event.on
    return GivenDose(begun, event.route, max(begun, event.until or event.on))
