"""What people with the same plan and the same facts share: their ladder, and what their facts decide.

A million people have a few thousand profiles, so each is compiled once, by the functions that plan for one person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy, Protocol, Spacing
from cobalamin.population.following import LATER, LOADING, Profile
from cobalamin.population.tables import PLAN_COLUMNS
from cobalamin.spans import Span, SpanRefused, read_date
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.regimen.ladder import UNITS, window_rows
from cobalamin.therapy.regimen.running import asks_first
from cobalamin.therapy.review.course import PlanInForce, in_force
from cobalamin.therapy.review.issues import is_contraindicated
from cobalamin.therapy.review.outlook import is_complete

ReadCase = Callable[[Mapping[str, str]], Case]
_FIRST_STAGE = ("load", "initial")
_ONE_PLAN = (
    "protocol",
    "version",
    "start",
)  # without one of them there is no plan; a choice that is missing is asked for
_NO_PLAN = Profile(-1, 0, 0, 0, 21, fold.DAY)


@dataclass(frozen=True)
class ProfileWords:
    """What a panel says of a profile. `unread`: its cells that can't be read, with what is wrong; it is compiled without them."""

    protocol: str = ""
    version: int = 0
    cause: str = ""
    neurological: str = ""
    lifelong: bool = False
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def plan_unread(self) -> bool:
        """Whether a cell of the plan can't be read."""
        return any(cell in PLAN_COLUMNS for cell, _ in self.unread)


@dataclass
class Ladders:
    """All ladders of a population in one table of rungs, and the profiles that point into it.

    `phase_rows`: by profile and phase name, the row of the phase; -1 where the plan has none. Profile 0 has no plan.
    """

    on: date
    policy: Policy
    phase_names: tuple[str, ...] = ()
    rungs: list[fold.Rung] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    stages: list[int] = field(default_factory=list)
    ranges: list[tuple[Span, Span] | None] = field(
        default_factory=list
    )  # of each phase, the interval that its source publishes
    profiles: list[Profile] = field(default_factory=lambda: [_NO_PLAN])
    words: list[ProfileWords] = field(default_factory=lambda: [ProfileWords()])
    phase_rows: list[tuple[int, ...]] = field(default_factory=list)
    _known: dict[tuple[object, ...], int] = field(default_factory=dict)

    @property
    def windows(self) -> tuple[fold.WindowRow, ...]:
        return window_rows(self.policy)


def compile_profiles(
    library: Library,
    rows: Iterable[Mapping[str, str]],
    read: ReadCase,
    on: date,
    policy: Policy,
    names: tuple[str, ...],
) -> Ladders:
    """The ladders of all profiles, in the order of `rows`, from number 1 on. `names`: the phases that histories tell.

    A profile is compiled whatever its cells hold; what can't be read stands in its words.
    """
    ladders = Ladders(on, policy, names, phase_rows=[(-1,) * len(names)])
    for row in rows:
        _add_readable(ladders, library, row, read)
    if not ladders.rungs:  # a table without rows has no shape
        ladders.rungs.append(fold.Rung(*(0,) * len(fold.Rung._fields)))
        ladders.phases.append("")
        ladders.stages.append(LATER)
        ladders.ranges.append(None)
    return ladders


def _add_readable(ladders: Ladders, library: Library, row: Mapping[str, str], read: ReadCase) -> None:
    """Compile a profile; a cell that can't be read is left out, so that it costs nothing but itself.

    A plan is one thing of several cells: with another version or start than was written it would be another plan.
    """
    told = {column: value for column, value in row.items() if value}
    unread: dict[str, str] = {}
    if _is_to_come(told.get("birth_date", ""), ladders.on):
        unread["birth_date"] = f"'{told.pop('birth_date')}' is after the day of assessment"
    while True:
        try:
            return _add(ladders, library, read(told), tuple(sorted(unread.items())))
        except InputError as error:
            found = _cells(error, told)
            if not found:
                raise
        unread |= {cell: message for cell, message in found.items() if message}
        told = {column: value for column, value in told.items() if column not in found}


def _is_to_come(day: str, on: date) -> bool:
    try:
        return read_date(day) > on
    except SpanRefused:
        return False


def _cells(error: InputError, told: Mapping[str, str]) -> dict[str, str]:
    """The cells to leave out for these faults, with what is wrong; without words for what goes only because another cell does."""
    found: dict[str, str] = {}
    for fault in error.faults:
        cell = next((part for part in re.split(r"[.[]", fault.path) if part in told), "")
        if cell:
            found[cell] = short(fault.message)
        else:  # a start that is missing, or choices that do not fit each other
            of_choices = "choices" in told and fault.path != "plan"
            found["choices" if of_choices else "protocol"] = short(fault.message) if of_choices else ""
    if not found.keys().isdisjoint(_ONE_PLAN):
        found.setdefault("protocol", "")
    return {cell: message for cell, message in found.items() if cell in told}


def short(message: str, longest: int = 300) -> str:
    """What is wrong without the list of all that is allowed, where that list is longer."""
    wrong, sign, allowed = message.partition("; allowed are ")
    return f"{wrong}{sign}{allowed}" if len(allowed) <= longest else wrong


def _add(ladders: Ladders, library: Library, case: Case, unread: tuple[tuple[str, str], ...]) -> None:
    facts = facts_of(case, ladders.on)
    plan = in_force(library, case.plan, None, facts, ladders.policy) if case.plan else None
    first = _first_row(ladders, plan) if plan and plan.ladder.rungs else -1
    ladders.phase_rows.append(_phase_rows(ladders.phase_names, plan, first))
    told = asks_first(facts, case.plan.acknowledged if case.plan else {})
    decide = ladders.policy.decision_after
    ladders.profiles.append(
        Profile(
            first, int(is_contraindicated(library, case, facts, plan)), int(is_complete(plan, facts)), int(told), decide.number,
            UNITS[decide.unit],
        )
    )  # fmt: skip
    ladders.words.append(_words(case, facts, unread))


def _words(case: Case, facts: Facts, unread: tuple[tuple[str, str], ...]) -> ProfileWords:
    return ProfileWords(
        case.plan.protocol if case.plan else "", case.plan.version if case.plan else 0, facts.value("cause") or "",
        facts.value("neurological_involvement") or "", facts.lifelong_cause is TRUE, unread,
    )  # fmt: skip


def _first_row(ladders: Ladders, plan: PlanInForce) -> int:
    """The row of the plan's first phase; plans with the same rungs share them."""
    rungs = plan.ladder.rungs
    names = tuple(phase.phase.name for phase in plan.ladder.phases)
    ranges = tuple(_published(phase.phase.spacing) for phase in plan.ladder.phases)
    if (rungs, names, ranges) not in ladders._known:
        ladders._known[rungs, names, ranges] = len(ladders.rungs)
        ladders.ranges += ranges
        ladders.rungs += rungs
        ladders.phases += names
        ladders.stages += [LOADING if name.startswith(_FIRST_STAGE) else LATER for name in names]
    return ladders._known[rungs, names, ranges]


def _published(spacing: Spacing) -> tuple[Span, Span] | None:
    """The interval that a source publishes, from and to; None where it publishes none."""
    least, most = spacing.least, spacing.most
    if spacing.kind == "interval" and isinstance(least, Span) and isinstance(most, Span):
        return least, most
    return None


def _phase_rows(names: tuple[str, ...], plan: PlanInForce | None, first: int) -> tuple[int, ...]:
    if plan is None or first < 0:
        return (-1,) * len(names)
    rows = [plan.row(name) for name in names]
    return tuple(-1 if row is None else first + row for row in rows)


def start_shapes_ladder(protocol: Protocol) -> bool:
    """Whether a number of doses depends on the month in which treatment starts: a duration or its spacing counts months."""
    phases = [each for phase in protocol.phases for each in (phase, *phase.options)]
    return any(
        isinstance(value, Span) and value.unit in ("mo", "a")
        for phase in phases
        if phase.end.by == "duration"
        for value in (phase.end.least, phase.end.most, phase.spacing.least, phase.spacing.most)
    )
