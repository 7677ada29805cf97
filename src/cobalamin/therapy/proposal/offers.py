"""Which protocols may be offered to anybody, with what they could use, and why one is excluded for a person.

What a source leaves open (substance, route, a dose) is a choice to settle and no reason to exclude. Only a text that gives
no dose at all is guidance: nobody could give anything by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Criterion, Phase, Protocol, best_level
from cobalamin.knowledge.vocabulary import INJECTIONS, LEVELS, ROUTES, SUBSTANCES
from cobalamin.text.messages import message
from cobalamin.therapy.case.conditions import ORAL_NOT_POSSIBLE, PREFERENCES
from cobalamin.therapy.case.criteria import Reason, failures
from cobalamin.therapy.case.issues import BLOCK, Issue
from cobalamin.therapy.case.rules import Known, Rule, RuledOut, Scenarios, any_known, union
from cobalamin.therapy.regimen.running import not_injected
from cobalamin.therapy.safety.gate import Judged, Raised, Regimens, T
from cobalamin.therapy.safety.written_for import no_loading

OFFERABLE = ("primary", "secondary")
ORAL = frozenset({"oral", "sublingual"})
# Why a protocol can't be offered, in the order in which it is told.
NOT_CURRENT, NOT_MET, FORBIDDEN, NOT_BY_MOUTH, UNCHECKED = "status", "indication", "block", "oral", "level"


@dataclass(frozen=True, eq=False)
class Offer:
    """What is the same for every patient: a protocol with its content, what it may use, and why it may never be offered."""

    protocol: Protocol
    content: Protocol
    regimens: Regimens
    never: tuple[Reason, ...]

    @cached_property
    def met(self) -> Rule:
        return Known(self.content.indication)

    @cached_property
    def not_met(self) -> Rule:
        return RuledOut(self.content.indication)

    @property
    def oral_only(self) -> bool:
        return self.regimens.routes <= ORAL

    def open_without(self, substances: tuple[str, ...]) -> bool:
        """Whether every phase can still be given with another substance: what the source leaves open is a choice."""
        return bool(substances) and all(
            any(set(each.substances or SUBSTANCES) - set(substances) for each in phase.options or (phase,))
            for phase in self.content.phases
        )

    @cached_property
    def no_loading(self) -> Criterion | None:
        """Of whom it is true that this begins with widely spaced injections though nothing was loaded."""
        return no_loading(self.content)

    @cached_property
    def not_preferred(self) -> Rule:
        """The preferences that the first phase does not meet: they decide among texts of equal fit and nearness."""
        routes = set(self.content.phases[0].routes) if self.content.phases else set()
        wishes = {value: INJECTIONS if value == "injection" else {value} for value in PREFERENCES}
        return any_known(PREFERENCES[wish] for wish, meets in wishes.items() if routes and not routes & meets)

    @cached_property
    def never_injected_on(self) -> bool:
        """Whether it takes somebody who goes on with injections off them."""
        return not_injected(self.content)

    @cached_property
    def level(self) -> str:
        return worst_level(self.content)

    @cached_property
    def begins_without_injection(self) -> bool:
        """Whether the first dose can't be an injection; a route that is left open can be settled as one."""
        first = self.content.phases[0] if self.content.phases else None
        phases = (first.options or (first,)) if first else ()
        return bool(phases) and all(phase.routes and INJECTIONS.isdisjoint(phase.routes) for phase in phases)

    def gives_less_by_mouth(self, least: Mass) -> bool:
        """Whether a phase that can only be taken by mouth may give less than this at once; a dose by weight may."""
        phases = [option for phase in self.content.phases for option in phase.options or (phase,)]
        doses = [each.dose for each in phases if each.routes and ORAL.issuperset(each.routes)]
        return self.begins_without_injection and any(
            dose.per_kg or (dose.least and dose.least.nanograms < least.nanograms) for dose in doses
        )


@lru_cache(maxsize=4)
def offers(library: Library) -> tuple[Offer, ...]:
    found = []
    for protocol in library.protocols():
        if not protocol.guidance:
            content = library.content(protocol)
            never = tuple(not_offerable(library, protocol, content))
            found.append(Offer(protocol, content, possible_regimens(content), never))
    return tuple(found)


Told = Mapping[str, Sequence[Raised[T]]]  # by code, what precautions raise


def ruled_out(offer: Offer, among: Scenarios, told: Callable[[], Told[T]]) -> Iterator[tuple[str, int]]:
    """Why and where a protocol can't be offered, whatever else may become known."""
    if offer.protocol.status != "current":
        yield NOT_CURRENT, among.everywhere
    yield NOT_MET, among.where(offer.not_met)
    yield FORBIDDEN, union(each.where for each in forbidding(offer, told()))
    if offer.oral_only:
        yield NOT_BY_MOUTH, among.where(Known(ORAL_NOT_POSSIBLE))
    if offer.never:
        yield UNCHECKED, among.everywhere


def forbidding(offer: Offer, told: Told[T]) -> Iterator[Raised[T]]:
    """What forbids every substance that a protocol leaves open."""
    for several in told.values():
        for each in several:
            if each.severity == BLOCK and not offer.open_without(each.what.substances):
                yield each


def exclusion(library: Library, offer: Offer, judged: Judged) -> list[Reason]:
    """Why a protocol can't be offered to this patient, whatever else may become known; [] where it may."""

    def told() -> Told[Issue]:
        return judged.raised(offer.content, offer.regimens)

    for why, where in ruled_out(offer, judged.one, told):
        if where:
            return _reasons(library, offer, judged, why)
    return []


def _reasons(library: Library, offer: Offer, judged: Judged, why: str) -> list[Reason]:
    """One of the reasons of `ruled_out`, as sentences about this patient."""
    protocol, content = offer.protocol, offer.content
    if why == NOT_CURRENT:
        code = "WITHDRAWN" if protocol.status == "withdrawn" else "EDITION_SUPERSEDED"
        text = message("offers.not_current", status=protocol.status)
        return [Reason(code, text, _first_cites(content))]
    if why == NOT_MET:
        return failures(content.indication, judged.facts, library)
    if why == FORBIDDEN:
        issues = (each.what for each in forbidding(offer, judged.raised(content, offer.regimens)))
        return [Reason(issue.code, issue.text, issue.cites) for issue in issues]
    if why == NOT_BY_MOUTH:
        return [_because("ORAL_NOT_POSSIBLE", _first_cites(content))]
    return list(offer.never)


def _because(code: str, cites: Citations, **fields: object) -> Reason:
    return Reason(code, message(f"offers.{code}", **fields), cites)


def possible_regimens(content: Protocol) -> Regimens:
    """Substances and routes that a protocol can come to, over all its options."""
    phases = list(all_phases(content.phases))
    substances = {name for phase in phases for name in (phase.substances or SUBSTANCES)}
    routes = {name for phase in phases for name in (phase.routes or ROUTES)}
    return Regimens(frozenset(substances), frozenset(routes))


def all_phases(phases: Iterable[Phase]) -> Iterable[Phase]:
    """Phases with their options in place of themselves."""
    for phase in phases:
        yield from phase.options or (phase,)


def not_offerable(library: Library, protocol: Protocol, content: Protocol) -> list[Reason]:
    """Why the library's own state of checking keeps a protocol from being offered (design, levels of checking)."""
    phases = tuple(all_phases(content.phases))
    reasons = [reason for phase in phases for reason in _value_reasons(library, protocol, phase)]
    if phases and not any(phase.dose.stated for phase in phases):
        reasons.append(_because("NOT_STATED", _first_cites(content)))
    return list({reason.text: reason for reason in reasons}.values())


def _value_reasons(library: Library, protocol: Protocol, phase: Phase) -> list[Reason]:
    allowed = (*OFFERABLE, "article") if protocol.kind == "article" else OFFERABLE
    reasons = [
        _because("LIBRARY_NOT_VERIFIED", cites, level=level, value=name, phase=phase.name)
        for name, level, cites in _stated_values(phase)
        if level not in allowed
    ]
    if protocol.kind == "article" and phase.dose.stated and not _supported(library, phase.dose.cites):
        reasons.append(_because("ARTICLE_ALONE", phase.dose.cites, phase=phase.name))
    return reasons


def _stated_values(phase: Phase) -> Iterable[tuple[str, str, Citations]]:
    """(value, worst level, citations) of what the source states of a phase."""
    if phase.substances:
        yield "substance", phase.levels["substance"], phase.cites
    if phase.dose.stated:
        yield "dose", max(phase.dose.levels, key=LEVELS.index), phase.dose.cites
    if phase.routes:
        yield "routes", phase.levels["routes"], phase.cites
    # One initial dose needs no interval; only a longer course would rest on it.
    if phase.spacing.kind != "not_stated" and not (phase.end.by == "doses" and phase.end.least == 1):
        yield "interval", max(phase.spacing.levels, key=LEVELS.index), phase.spacing.cites


def _supported(library: Library, cites: Citations) -> bool:
    others = tuple(cite for cite in cites if library.sources[cite.source].kind != "article")
    return bool(others) and best_level(others) in OFFERABLE


def worst_level(content: Protocol) -> str:
    """The lowest level of checking among the values of a protocol."""
    levels = [
        level
        for phase in all_phases(content.phases)
        for level in (*phase.levels.values(), *phase.dose.levels, *phase.spacing.levels, *phase.end.levels)
    ]
    return max(levels, key=LEVELS.index, default="recalled")


def _first_cites(content: Protocol) -> Citations:
    return content.phases[0].cites if content.phases else ()
