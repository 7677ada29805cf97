"""The ways through a protocol: its published ranges at both ends, each run forward by the fold.

A range from which nobody has chosen is followed at both ends and an alternative each way. A phase of loading that ends by a
decision is followed as left on the first decision date and as not left at all. Dates come from `schedule.run_forward` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any

from cobalamin.knowledge.model import Phase, Policy, Protocol
from cobalamin.knowledge.vocabulary import COURSE_ROUTES
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.comparison.amounts import Amounts, amounts_of, open_above
from cobalamin.therapy.comparison.aspects import is_loading
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.choices import Need, SettledPhase, settle
from cobalamin.therapy.regimen.ladder import Ladder, compile_ladder, to_days
from cobalamin.therapy.regimen.schedule import Running, Scheduled

FEWEST, MOST, ONLY = "fewest", "most", "only"
_ALL = 10_000

Decided = tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class Way:
    """One way through a protocol: the end it was followed at, where a decision was assumed, and what falls on which day.

    `open_above`: a range has no upper end, so that it may come to more. `ongoing`: the phase that goes on after loading.
    """

    end: str
    choices: dict[str, str]
    decided: Decided
    entries: tuple[Scheduled, ...]
    ongoing: SettledPhase | None
    open_above: bool

    def amounts(self, begin: date, end: date) -> Amounts:
        """What is given from `begin` to the day before `end`."""
        amounts = amounts_of(self.entries, begin, end)
        return open_above(amounts) if self.open_above else amounts

    def parted(self, begin: date, end: date) -> tuple[Amounts, Amounts]:
        """What is given before maintenance, and what maintenance gives."""
        named = self.ongoing.phase.name if self.ongoing else ""
        later = [entry for entry in self.entries if entry.phase.phase.name == named]
        before = [entry for entry in self.entries if entry.phase.phase.name != named]
        return amounts_of(before, begin, end), amounts_of(later, begin, end)


@dataclass(frozen=True)
class Stretch:
    """Where the time axis begins and ends, and whose reminders hold; keeps what was run, because many protocols run alike."""

    start: date
    until: date
    policy: Policy
    counted_until: date  # what comes later is drawn and not counted, so it makes no way another one
    runs: dict[object, tuple[Ladder, tuple[Scheduled, ...], Decided]] = field(default_factory=dict, compare=False)


def ways_of(
    content: Protocol, chosen: Mapping[str, str], facts: Facts, stretch: Stretch
) -> tuple[tuple[Way, ...], tuple[Need, ...]]:
    """Every way through a protocol, or the facts without which there is none; a weight only keeps masses unknown."""
    found: list[Way] = []
    for end, choices, beyond in choices_to_follow(content, chosen, facts):
        settled = settle(content, choices, facts)
        missing = tuple(need for need in settled.needs if need.fact and need.fact != "weight")
        if missing:
            return (), missing
        ladder = compile_ladder(settled.phases, stretch.start, stretch.policy, facts)
        entries, decided = run(ladder, stretch, decide=end == FEWEST)
        last = settled.phases[-1] if settled.phases else None
        ongoing = last if last and last.spacing is not None and not is_loading(last.phase.name) else None
        found.append(Way(end, dict(sorted(settled.choices.items())), decided, entries, ongoing, beyond))
    return tuple(_distinct(found, stretch.counted_until)), ()


def _distinct(found: list[Way], until: date) -> Iterator[Way]:
    """Two ends that come to the same are one way."""
    seen: set[object] = set()
    for way in found:
        given = [
            (entry.kind, entry.on, entry.until, _name(entry.phase))
            for entry in way.entries
            if entry.on and entry.on < until
        ]
        key = (way.open_above, way.ongoing and (way.ongoing.spacing, _name(way.ongoing)), *given)
        if key not in seen:
            seen.add(key)
            yield way


def _name(phase: SettledPhase) -> tuple[str, str, int]:
    return phase.phase.name, phase.phase.option, phase.dose.nanograms if phase.dose else 0


# -- both ends -------------------------------------------------------------------------------------------------------


def choices_to_follow(
    content: Protocol, chosen: Mapping[str, str], facts: Facts
) -> Iterator[tuple[str, dict[str, str], bool]]:
    """(end, choices, open above): each alternative, with each open range at the end that gives fewest, and most, doses.

    Where single doses and days of a course are mixed, one can grow while the other shrinks: then every corner is followed.
    """
    phases = [phase for phase in content.phases if evaluate(phase.only_if, facts) is TRUE]
    for picked in product(*(_alternatives(phase, chosen) for phase in phases)):
        named = {f"{_key(phase)}_option": phase.option for phase in picked if phase.option}
        ends = {key: pair for phase in picked for key, pair in open_ends(phase) if key not in chosen}
        for end, corner in _corners(len(ends), _mixed(picked)):
            values = {key: pair[side] for side, (key, pair) in zip(corner, ends.items(), strict=True)}
            stated = {
                key: str((ends[key][0] or ends[key][1]) if value is None else value) for key, value in values.items()
            }
            beyond = any(side and pair[1] is None for side, pair in zip(corner, ends.values(), strict=True))
            yield end, {**chosen, **named, **stated}, beyond


def _corners(number: int, every: bool) -> list[tuple[str, tuple[int, ...]]]:
    """Which end of each of several ranges to take together."""
    between = list(product((0, 1), repeat=number))[1:-1] if every else []
    return [(FEWEST, (0,) * number), *((MOST, corner) for corner in between), (MOST, (1,) * number)]


def _mixed(phases: tuple[Phase, ...]) -> bool:
    """Whether a protocol can come to both single doses and a course."""
    by_mouth = [route in COURSE_ROUTES for phase in phases for route in phase.routes]
    return any(by_mouth) and (not all(by_mouth) or len(phases) > 1 or any(not phase.spacing.fixed for phase in phases))


def _alternatives(phase: Phase, chosen: Mapping[str, str]) -> tuple[Phase, ...]:
    wanted = chosen.get(f"{_key(phase)}_option")
    return tuple(option for option in phase.options if wanted in (None, option.option)) or (phase,)


def _key(phase: Phase) -> str:
    return phase.name.replace("-", "_")


def open_ends(phase: Phase) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """(choice, (its end for fewest doses, its end for most)) of what shapes the dates; None where that side is open."""
    spacing, end, dose = phase.spacing, phase.end, phase.dose
    ends: list[tuple[str, Any, Any]] = []
    if spacing.kind == "per_week":
        ends.append((spacing.kind, spacing.least, spacing.most))
    elif spacing.kind in ("interval", "at_least"):
        ends.append(("interval", spacing.most, spacing.least))
    ends.append(("count" if end.by == "doses" else end.by, end.least, end.most))
    if end.by == "total" and dose.stated and not dose.per_kg:  # a larger dose reaches the total sooner
        ends.append(("dose", dose.most, dose.least))
    for name, fewest, most in ends:
        if fewest != most:
            yield f"{_key(phase)}_{name}", (fewest, most)


# -- run forward -----------------------------------------------------------------------------------------------------


def yearly(phase: SettledPhase, stretch: Stretch, facts: Facts) -> Amounts:
    """What a phase that goes on comes to in the year after its first dose."""
    end = add(stretch.start, Span(1, "a"))
    ladder = compile_ladder((phase,), stretch.start, stretch.policy, facts)
    entries, _ = run(ladder, replace(stretch, until=end), decide=False)
    return amounts_of(entries, stretch.start + timedelta(days=1), end + timedelta(days=1))


def run(ladder: Ladder, stretch: Stretch, decide: bool) -> tuple[tuple[Scheduled, ...], Decided]:
    """The dated entries of a ladder; with `decide` an open-ended phase of loading is left on its first decision date."""
    if not ladder.rungs:
        return (), ()
    decide = decide and any(rung.end == fold.BY_DECISION for rung in ladder.rungs)
    key = (tuple(_timing(ladder, decide)), decide, stretch.until)
    if key not in stretch.runs:
        stretch.runs[key] = (ladder, *_Run(ladder, stretch, decide).entries())
    ran, entries, decided = stretch.runs[key]
    if ran is ladder:
        return entries, decided
    own = {id(theirs): ours for theirs, ours in zip(_phases(ran), _phases(ladder), strict=False)}
    names = {theirs.phase.name: ours.phase.name for theirs, ours in zip(ran.phases, ladder.phases, strict=False)}
    relabelled = tuple(replace(entry, phase=own[id(entry.phase)]) for entry in entries)
    return relabelled, tuple((names[name], day) for name, day in decided)


def _timing(ladder: Ladder, decide: bool) -> Iterator[object]:
    """All of a ladder that can shape a date: substance and amount only where a total ends a phase, nothing that is not reached."""
    for rung, phase in zip(ladder.rungs, ladder.phases, strict=True):
        amount = rung.dose if rung.end == fold.BY_TOTAL else 0
        yield rung._replace(substance=0, dose=amount, least=0, most=0, route=0, routes=0, substitutes=0)
        yield is_loading(phase.phase.name)
        if rung.end == fold.BY_DECISION and not decide:
            return  # what goes on leaves nothing for the phases behind it
    yield ladder.unstated_next is None


def _phases(ladder: Ladder) -> tuple[SettledPhase, ...]:
    return (*ladder.phases, *((ladder.unstated_next,) if ladder.unstated_next else ()))


_EVENT_OF = {schedule.DOSE: fold.ADMINISTRATION, schedule.GATE: fold.GATE_MET}


class _Run:
    def __init__(self, ladder: Ladder, stretch: Stretch, decide: bool) -> None:
        self.ladder, self.stretch, self.decide = ladder, stretch, decide
        begins = to_days(stretch.start)
        plan = fold.a_plan(begins, 0, begins, 0)
        self.state = fold.step(fold.start(), plan, ladder.rungs, ladder.windows)

    def entries(self) -> tuple[tuple[Scheduled, ...], Decided]:
        found: list[Scheduled] = []
        decided: list[tuple[str, date]] = []
        begin = self.stretch.start
        while True:
            part = self._forward(begin, None) if self.decide else []  # stops at the first open end
            left = next((number for number, entry in enumerate(part) if self._is_left(entry)), None)
            if left is None:
                return (*found, *self._forward(begin, Running(True, _ALL))), tuple(decided)
            begin = part[left].on or begin
            found += [_closed(entry, begin) for entry in part[:left]]
            decided.append((part[left].phase.phase.name, begin))
            if part[left].phase is self.ladder.phases[-1]:
                return tuple(found), tuple(decided)
            self._advance(part[:left], begin)

    def _forward(self, begin: date, running: Running | None) -> list[Scheduled]:
        part = schedule.run_forward(self.ladder, self.state, begin, self.stretch.until, self.stretch.policy, running)
        return [entry for entry in part if entry.on]

    def _is_left(self, entry: Scheduled) -> bool:
        """The open end of loading, or of any phase that another follows; what goes on after loading is not left."""
        last = entry.phase is self.ladder.phases[-1]
        return self.decide and entry.kind == schedule.OPEN_END and (not last or is_loading(entry.phase.phase.name))

    def _advance(self, passed: list[Scheduled], day: date) -> None:
        """These doses as planned, and the decision to go on to the next phase."""
        kinds = [(entry.on or day, _EVENT_OF[entry.kind]) for entry in passed if entry.kind in _EVENT_OF]
        for on, kind in [*kinds, (day, fold.ADVANCE)]:
            event = fold.a_decision(to_days(on), kind, 0, 0)
            if kind == fold.ADMINISTRATION:
                event = fold.a_dose(to_days(on), 0, 0, 0, 0, 0, 0, fold.AS_PLANNED)
            self.state = fold.step(self.state, event, self.ladder.rungs, self.ladder.windows)


def _closed(entry: Scheduled, day: date) -> Scheduled:
    """A course that goes on until a decision ends on its day."""
    return replace(entry, until=day) if entry.kind == schedule.COURSE and entry.until is None else entry
