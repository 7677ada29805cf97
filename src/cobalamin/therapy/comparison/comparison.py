"""Protocols side by side on one time axis, for one patient: what each comes to, where they differ, and why.

A range from which nobody has chosen is told at both ends. What can't be dated is told as such, with what is missing; a
protocol that a safety check blocks for this patient is told in words and never dated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from cobalamin.errors import InputError
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy, Protocol
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import Reason, evaluate, missing_facts
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.issues import BLOCK
from cobalamin.therapy.case.logic import FALSE
from cobalamin.therapy.comparison.amounts import Amounts, amounts_of, together
from cobalamin.therapy.comparison.aspects import Regimen, regimen_of
from cobalamin.therapy.comparison.causes import Difference, Side, differences
from cobalamin.therapy.comparison.checks import Check, checks_along, dated_checks, own_checks, shared_checks
from cobalamin.therapy.comparison.ways import FEWEST, MOST, ONLY, Stretch, Way, choices_to_follow, ways_of, yearly
from cobalamin.therapy.proposal.offers import possible_regimens, worst_level
from cobalamin.therapy.proposal.proposal import Proposal, propose
from cobalamin.therapy.proposal.rank import place_of
from cobalamin.therapy.regimen.choices import choice_keys, settle
from cobalamin.therapy.safety.gate import judge

OPTION, PENDING, EXCLUDED = "option", "pending", "excluded"
FEWEST_COMPARED = 4
FIRST_DAYS = 90
SHORTEST, LONGEST = 7, 730
YEAR = Span(1, "a")


@dataclass(frozen=True)
class Asked:
    """What is to be compared: named protocols beside the patient's options (or alone), from one start."""

    start: date
    policy: Policy
    named: tuple[str, ...] = ()
    only_named: bool = False
    choices: Mapping[str, str] | None = None
    days: int = FIRST_DAYS
    axis: Span = YEAR


@dataclass(frozen=True)
class Figures:
    """What a protocol comes to in the first days, in the first year, and in a year of what goes on after loading.

    `parted`: the first year of the way that gives least, as what is given before maintenance and what maintenance gives.
    """

    early: Amounts
    year: Amounts
    maintenance: Amounts | None
    parted: tuple[Amounts, Amounts]


@dataclass(frozen=True)
class Compared:
    """One protocol of a comparison; `figures` None: it has no dates, because of `missing`, `blocks` or `undated`."""

    protocol: Protocol
    content: Protocol
    regimen: Regimen
    standing: str
    named: bool
    accepted: bool
    level: str
    reasons: tuple[Reason, ...]
    blocks: tuple[str, ...]
    missing: tuple[str, ...]
    undated: tuple[str, ...]
    open_choices: tuple[str, ...]
    choices: dict[str, str]
    figures: Figures | None
    ways: tuple[Way, ...]  # the one with the fewest doses, then the one with the most where that is another
    checks: tuple[Check, ...]

    @property
    def id(self) -> str:
        return self.protocol.id


@dataclass(frozen=True)
class Comparison:
    """What `compare` answers."""

    on: date
    start: date
    days: int
    country: str
    policy: Policy
    compared: tuple[Compared, ...]
    guidance: tuple[Protocol, ...]
    common_checks: tuple[Check, ...]
    sides: tuple[Side, ...]
    disagreements: tuple[Disagreement, ...]
    not_applied: tuple[tuple[str, str], ...]  # (choice, protocol whose range does not hold it)
    proposal: Proposal

    @property
    def dated(self) -> bool:
        """Whether anything could be put on the time axis."""
        return any(each.figures for each in self.compared)

    @property
    def waits(self) -> bool:
        """Whether facts are missing that could change that."""
        return bool(self.proposal.pending) or any(each.missing for each in self.compared)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Where the protocols differ, and why."""
        return differences(self.sides, self.disagreements, self.country)

    def among(self, ids: Collection[str]) -> Comparison:
        """The same comparison of these protocols alone."""
        return replace(
            self,
            compared=tuple(each for each in self.compared if each.id in ids),
            sides=tuple(side for side in self.sides if side.id in ids),
        )


def compare(library: Library, case: Case, asked: Asked, on: date) -> Comparison:
    """The comparison for `case` as known on the day of assessment.

    Raises InputError for an unknown protocol, a choice that none of them leaves open, and a start before birth.
    """
    refuse_impossible(case, asked)
    facts = facts_of(case, on)
    proposal = propose(library, case, on)
    comparing = _Comparing(library, case, facts, asked, proposal)
    ids, guidance = comparing.selected()
    comparing.refuse_unknown_choices(ids)
    found = [comparing.one(protocol_id) for protocol_id in ids]
    common = shared_checks([each.checks for each in found if each.figures])
    disagreements = tuple(entry for entry in library.disagreements if evaluate(entry.when, facts) is not FALSE)
    return Comparison(
        on=on,
        start=asked.start,
        days=asked.days,
        country=case.patient.country,
        policy=asked.policy,
        compared=tuple(found),
        guidance=guidance,
        common_checks=common,
        sides=tuple(Side(each.protocol, each.regimen, dated_checks(own_checks(each.checks, common))) for each in found),
        disagreements=disagreements,
        not_applied=tuple(comparing.not_applied),
        proposal=proposal,
    )


def refuse_impossible(case: Case, asked: Asked) -> None:
    born = case.patient.birth_date
    if born is not None and asked.start < born:
        raise InputError.one("--start", "", f"{asked.start} is before the date of birth {born}; check both dates")
    if not SHORTEST <= asked.days <= LONGEST:
        raise InputError.one("--days", "", f"{asked.days} is outside {SHORTEST} to {LONGEST} days")
    if asked.only_named and not asked.named:
        raise InputError.one("--only", "", "needs at least one --protocol to compare")


class _Comparing:
    def __init__(self, library: Library, case: Case, facts: Facts, asked: Asked, proposal: Proposal) -> None:
        self.library, self.facts, self.asked, self.proposal = library, facts, asked, proposal
        self.plan = case.plan
        counted = max(add(asked.start, YEAR), asked.start + timedelta(days=asked.days))
        last = max(add(asked.start, asked.axis), counted) - timedelta(days=1)
        self.stretch = Stretch(asked.start, last, asked.policy, counted)
        self.not_applied: list[tuple[str, str]] = []
        self.options = {option.protocol.id for option in proposal.options}
        self.excluded = {entry.protocol.id: entry.reasons for entry in proposal.excluded}
        self.judged = judge(library, facts)

    # -- which -------------------------------------------------------------------------------------------------------

    def selected(self) -> tuple[tuple[str, ...], tuple[Protocol, ...]]:
        """Ids to compare (named, in use, options, and where these are few the nearest that wait), and named guidance."""
        named = [self.library.protocol(protocol_id) for protocol_id in self.asked.named]
        ids = [protocol.id for protocol in named if not protocol.guidance]
        if not self.asked.only_named:
            ids += [self.plan.protocol] if self.plan else []
            ids += [option.protocol.id for option in self.proposal.options]
            ids = list(dict.fromkeys(ids))
            lacking = max(FEWEST_COMPARED - len(ids), 0)
            ids += [protocol_id for protocol_id in self._nearest_pending() if protocol_id not in ids][:lacking]
        guidance = tuple(dict.fromkeys(protocol for protocol in named if protocol.guidance))
        return tuple(dict.fromkeys(ids)), guidance

    def _nearest_pending(self) -> list[str]:
        def far(protocol_id: str) -> tuple[int, str]:
            protocol = self.library.protocol(protocol_id)
            return place_of(self.library, protocol, self.facts.patient.country), protocol_id

        return sorted(self.proposal.pending, key=far)

    def refuse_unknown_choices(self, ids: Iterable[str]) -> None:
        contents = [self.library.content(self.library.protocol(protocol_id)) for protocol_id in ids]
        for key, value in (self.asked.choices or {}).items():
            leaving = [content for content in contents if key in _keys(content)]
            if not leaving:
                raise InputError.one("--choose", key, "none of the protocols compared leaves this open")
            if not any(self._fits(content, key, value) for content in leaving):
                settle(leaving[0], {key: value}, self.facts)  # raises with the published range
                raise InputError.one("--choose", key, f"'{value}' fits none of the protocols compared")

    def _fits(self, content: Protocol, key: str, value: str) -> bool:
        try:
            for _, choices, _ in choices_to_follow(content, {key: value}, self.facts):
                settle(content, choices, self.facts)
        except InputError:
            return False
        return True

    # -- one protocol ------------------------------------------------------------------------------------------------

    def one(self, protocol_id: str) -> Compared:
        library, facts, asked = self.library, self.facts, self.asked
        protocol = library.protocol(protocol_id)
        content = library.content(protocol)
        chosen, regimen = self._chosen(protocol, content), regimen_of(content, facts)
        blocks = self._blocks(content)
        found, needs = ((), ()) if blocks else ways_of(content, chosen, facts, self.stretch)
        dated = tuple(way for way in found if way.entries and any(entry.on for entry in way.entries))
        missing = missing_facts(content.indication, facts) if protocol_id not in self.options else ()
        return Compared(
            protocol=protocol,
            content=content,
            regimen=regimen,
            standing=self._standing(protocol_id),
            named=protocol_id in asked.named,
            accepted=bool(self.plan and self.plan.protocol == protocol_id),
            level=worst_level(content),
            reasons=self.excluded.get(protocol_id, ()),
            blocks=blocks,
            missing=tuple(dict.fromkeys((*missing, *(need.fact for need in needs)))),
            undated=() if blocks or needs else _undated(found, dated),
            open_choices=tuple(key for key in _open_keys(regimen) if key not in chosen),
            choices=chosen,
            figures=figures_of(dated, self.stretch, asked.days, facts) if dated else None,
            ways=_outermost(dated, asked),
            checks=checks_along(library, facts, content, asked.policy, self.stretch.start, dated),
        )

    def _standing(self, protocol_id: str) -> str:
        if protocol_id in self.options:
            return OPTION
        return PENDING if protocol_id in self.proposal.pending else EXCLUDED

    def _chosen(self, protocol: Protocol, content: Protocol) -> dict[str, str]:
        """The accepted choices of the plan's own protocol, overlaid by those asked for wherever they fit."""
        accepted = self.plan.choices if self.plan and self.plan.protocol == protocol.id else {}
        chosen = {key: value for key, value in accepted.items() if self._fits(content, key, value)}
        for key, value in (self.asked.choices or {}).items():
            if key in _keys(content):
                if self._fits(content, key, value):
                    chosen[key] = value
                else:
                    self.not_applied.append((key, protocol.id))
        return chosen

    def _blocks(self, content: Protocol) -> tuple[str, ...]:
        issues = self.judged.issues(content, possible_regimens(content))
        return tuple(issue.code for issue in issues if issue.severity == BLOCK)


def _keys(content: Protocol) -> tuple[str, ...]:
    """Everything that can be chosen in a protocol, the route of each phase included."""
    routes = [f"{phase.name.replace('-', '_')}_route" for phase in content.phases]
    return tuple(dict.fromkeys([*(key for phase in content.phases for key in choice_keys(phase)), *routes]))


def _open_keys(regimen: Regimen) -> tuple[str, ...]:
    """What the phases of this patient leave open; the route is listed as "or" and no choice that must be made."""
    keys = [key for phase in regimen.phases for key in choice_keys(phase)]
    return tuple(dict.fromkeys(key for key in keys if not key.endswith("_route")))


def _undated(found: tuple[Way, ...], dated: tuple[Way, ...]) -> tuple[str, ...]:
    """The alternatives that have no dates, because the source states no interval for them."""
    lost = [way for way in found if way not in dated]
    return tuple(dict.fromkeys(", ".join(way.choices.values()) or "interval" for way in lost))


def _outermost(ways: tuple[Way, ...], asked: Asked) -> tuple[Way, ...]:
    """The way with the fewest doses and days of tablets, and the one with the most, where they are two."""

    def given(way: Way) -> tuple[int, ...]:
        ends = (asked.start + timedelta(days=asked.days), add(asked.start, YEAR))
        amounts = [amounts_of(way.entries, asked.start, end) for end in ends]
        return tuple((each.doses.least or 0) + (each.course_days.least or 0) for each in amounts)

    ordered = sorted(ways, key=given)
    if len(ordered) < 2:
        return tuple(replace(way, end=ONLY) for way in ordered)
    return replace(ordered[0], end=FEWEST), replace(ordered[-1], end=MOST)


def figures_of(ways: tuple[Way, ...], stretch: Stretch, days: int, facts: Facts) -> Figures:
    """The figures of a protocol over all its ways."""
    start = stretch.start
    going = {(way.ongoing.spacing, way.ongoing.route): way.ongoing for way in ways if way.ongoing}
    return Figures(
        early=together(way.amounts(start, start + timedelta(days=days)) for way in ways),
        year=together(way.amounts(start, add(start, YEAR)) for way in ways),
        maintenance=together(yearly(phase, stretch, facts) for phase in going.values()) if going else None,
        parted=min((way.parted(start, add(start, YEAR)) for way in ways), key=_least_mass),
    )


def _least_mass(parted: tuple[Amounts, Amounts]) -> int:
    return sum((part.mass.least or 0) for part in parted if part.mass)
