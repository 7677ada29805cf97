"""What may be offered to a patient now, what to ask first, and what is excluded and why.

Every protocol of the library ends in exactly one of three places: an option, a protocol that only unknown facts hold
back (its missing facts are among the needs), or excluded with reasons. Nothing is offered to a patient about whom
nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.library import Library, english
from cobalamin.knowledge.model import Advice, Citations, Phase, Protocol, best_level
from cobalamin.knowledge.vocabulary import INJECTIONS, LEVELS, PROTOCOL_KINDS, ROUTES, SUBSTANCES
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import (
    Reason,
    evaluate,
    fact_words,
    failures,
    is_question,
    leaves,
    missing_facts,
)
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.issues import BLOCK, NOTE, Issue, ordered
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth
from cobalamin.therapy.proposal.common_start import CommonStart, common_start
from cobalamin.therapy.regimen.choices import Need
from cobalamin.therapy.safety.caveats import Caveat, caveat_issues, caveats_of
from cobalamin.therapy.safety.gate import ANY, Judged, Regimens, judge, population_issues, record_issues, review_issues
from cobalamin.therapy.safety.products import excipient_issues

# Asked before anything else: a loading course that is too weak cannot be made good (hazard H10).
ASKED_FIRST = ("neurological_involvement", "deficiency", "cause")
OFFERABLE = ("primary", "secondary")
# A named disease or cause says more about whom a protocol was written for than an age or the presence of a deficiency.
_TELLING = {"optic_disease": 4, "ileal_resection_length": 3, "cause": 2}


@dataclass(frozen=True)
class Option:
    """A protocol on offer, with the reason for its rank and what to watch."""

    protocol: Protocol
    content: Protocol
    rank_reason: str
    precautions: tuple[Issue, ...]
    same_as: tuple[str, ...]
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class MissingFact:
    """A fact to ask for, and the protocols whose place depends on it."""

    fact: str
    question: str
    plain: str
    why: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Excluded:
    protocol: Protocol
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class GuidanceFor:
    """A guidance document that speaks to this patient, with the advice that applies."""

    document: Protocol
    certain: bool
    advice: tuple[Advice, ...]


@dataclass(frozen=True)
class Proposal:
    """What `propose` answers."""

    on: date
    options: tuple[Option, ...]
    needs: tuple[MissingFact, ...]
    excluded: tuple[Excluded, ...]
    guidance: tuple[GuidanceFor, ...]
    common_start: CommonStart | None
    issues: tuple[Issue, ...]
    pending: tuple[str, ...]
    asked_not_known: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]
    library: Library = field(repr=False, compare=False)  # what it was made from


def propose(library: Library, case: Case, on: date) -> Proposal:
    """The proposal for `case` as known on the day of assessment."""
    facts = facts_of(case, on)
    judged = judge(library, facts)
    excipients = [issue for issue in excipient_issues(library, facts) if not issue.ask]
    options: list[Option] = []
    pending: list[Protocol] = []
    excluded: list[Excluded] = []
    for offer in _offers(library):
        truth = evaluate(offer.content.indication, facts)
        reasons = _exclusion(library, offer, judged, truth)
        if reasons:
            excluded.append(Excluded(offer.protocol, tuple(reasons)))
        elif truth is UNKNOWN:
            pending.append(offer.protocol)
        else:
            options.append(_option(library, offer, judged, excipients))
    options.sort(key=lambda option: _rank(option, facts))
    start = common_start(library, _foremost(pending, facts))
    issues = _issues(
        library, judged, start, [*excipients, *record_issues(library, case, facts, library.default_policy)]
    )
    return Proposal(
        on=on,
        options=tuple(options),
        needs=tuple(_needs(library, pending, options, facts)),
        excluded=tuple(excluded),
        guidance=tuple(_guidance(library, facts)),
        common_start=start,
        issues=issues,
        pending=tuple(protocol.id for protocol in pending),
        asked_not_known=tuple(sorted(facts.asked_in_vain)),
        disagreements=tuple(entry for entry in library.disagreements if evaluate(entry.when, facts) is not FALSE),
        library=library,
    )


# -- exclusion -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Offer:
    """What is the same for every patient: a protocol with its content, what it may use, and why it may never be offered."""

    protocol: Protocol
    content: Protocol
    regimens: Regimens
    never: tuple[Reason, ...]

    @property
    def oral_only(self) -> bool:
        return self.regimens.routes <= {"oral", "sublingual"}


@lru_cache(maxsize=4)
def _offers(library: Library) -> tuple[_Offer, ...]:
    found = []
    for protocol in library.protocols():
        if not protocol.guidance:
            content = library.content(protocol)
            never = tuple(not_offerable(library, protocol, content))
            found.append(_Offer(protocol, content, possible_regimens(content), never))
    return tuple(found)


def _exclusion(library: Library, offer: _Offer, judged: Judged, truth: Truth) -> list[Reason]:
    """Why a protocol can't be offered to this patient, whatever else may become known; [] where it may."""
    protocol, content = offer.protocol, offer.content
    if protocol.status != "current":
        code = "WITHDRAWN" if protocol.status == "withdrawn" else "EDITION_SUPERSEDED"
        text = english().text("offers.not_current", status=protocol.status)
        return [Reason(code, text, _first_cites(content))]
    if truth is FALSE:
        return failures(content.indication, judged.facts, library.facts)
    blocks = [issue for issue in judged.issues(content, offer.regimens) if issue.severity == BLOCK]
    if not blocks and offer.oral_only and judged.facts.is_one_of("oral_not_possible", ("present",)) is TRUE:
        return [_because("ORAL_NOT_POSSIBLE", _first_cites(content))]
    return [Reason(issue.code, issue.text, issue.cites) for issue in blocks] or list(offer.never)


def _because(code: str, cites: Citations, **fields: object) -> Reason:
    return Reason(code, english().text(f"offers.{code}", **fields), cites)


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
    first = next(iter(content.phases), None)
    reasons: list[Reason] = []
    for phase in all_phases(content.phases):
        start = first is not None and phase.name == first.name
        reasons += _value_reasons(library, protocol, phase, start)
    return list({reason.text: reason for reason in reasons}.values())


def _value_reasons(library: Library, protocol: Protocol, phase: Phase, start: bool) -> list[Reason]:
    allowed = (*OFFERABLE, "article") if protocol.kind == "article" else OFFERABLE
    # One initial dose needs no interval; only a longer course would rest on it.
    needs_interval = not (phase.end.by == "doses" and phase.end.least == 1)
    values = {
        "substance": (bool(phase.substances), phase.levels["substance"], phase.cites),
        "dose": (phase.dose.stated, max(phase.dose.levels, key=LEVELS.index), phase.dose.cites),
        "routes": (bool(phase.routes), phase.levels["routes"], phase.cites),
    }
    if needs_interval:
        values["interval"] = (
            phase.spacing.kind != "not_stated",
            max(phase.spacing.levels, key=LEVELS.index),
            phase.spacing.cites,
        )
    reasons = []
    for name, (stated, level, cites) in values.items():
        told = {"value": name, "phase": phase.name}
        if stated and level not in allowed:
            reasons.append(_because("LIBRARY_NOT_VERIFIED", cites, level=level, **told))
        if not stated and start and name != "routes":
            reasons.append(_because("NOT_STATED", cites, **told))
    if protocol.kind == "article" and phase.dose.stated and not _supported(library, phase.dose.cites):
        reasons.append(_because("ARTICLE_ALONE", phase.dose.cites, phase=phase.name))
    return reasons


def _supported(library: Library, cites: Citations) -> bool:
    others = tuple(cite for cite in cites if library.sources[cite.source].kind != "article")
    return bool(others) and best_level(others) in OFFERABLE


def _first_cites(content: Protocol) -> Citations:
    return content.phases[0].cites if content.phases else ()


# -- options ---------------------------------------------------------------------------------------------------------


def _option(library: Library, offer: _Offer, judged: Judged, excipients: list[Issue]) -> Option:
    protocol, content = offer.protocol, offer.content
    issues = judged.issues(content, offer.regimens) + population_issues(library, content, judged.facts)
    caveats = caveats_of(content, judged.facts, library.facts)
    issues += caveat_issues(library, caveats, judged.facts)
    if not offer.regimens.routes.isdisjoint(INJECTIONS):
        issues += excipients
    same_as = (protocol.same_as,) if protocol.same_as else library.aliases(protocol.id)
    reason = _rank_reason(protocol, content, judged.facts)
    return Option(protocol, content, reason, tuple(ordered(issues)), same_as, caveats)


def _specificity(content: Protocol, facts: Facts) -> int:
    """How much of the indication is true of this patient: the more, the more it was written for such a patient."""
    met = {getattr(leaf, "fact", "age") for leaf in leaves(content.indication) if evaluate(leaf, facts) is TRUE}
    return sum(_TELLING.get(fact, 1) for fact in met)


def _reservations(option: Option, facts: Facts) -> int:
    """Known reasons to look at others first: a route that may not suffice, no loading, another route than preferred."""
    codes = {
        issue.code
        for issue in option.precautions
        if not issue.ask and issue.code in ("ORAL_INSUFFICIENT", "NO_LOADING")
    }
    wanted = facts.value("preferred_route")
    routes = set(option.content.phases[0].routes) if option.content.phases else set()
    unwanted = bool(wanted) and bool(routes) and not routes & (INJECTIONS if wanted == "injection" else {wanted})
    return 2 * len(codes) + unwanted


def _rank(option: Option, facts: Facts) -> tuple[bool, int, int, int, int, str]:
    protocol = option.protocol
    return (
        protocol.kind == "article",
        _distance(protocol, facts),
        _reservations(option, facts),
        PROTOCOL_KINDS.index(protocol.kind),
        -_specificity(option.content, facts),
        protocol.id,
    )


def _distance(protocol: Protocol, facts: Facts) -> int:
    """0: the patient's country; 1: international; 2: another country."""
    if protocol.country == "INT":
        return 1
    return 0 if protocol.country == facts.patient.country else 2


def _rank_reason(protocol: Protocol, content: Protocol, facts: Facts) -> str:
    met = [
        fact_words(getattr(leaf, "fact", "age")) for leaf in leaves(content.indication) if evaluate(leaf, facts) is TRUE
    ]
    words, kind = english(), protocol.kind.replace("_", " ")
    return words.text(
        "offers.rank",
        kind=words.text("offers.rank_article") if protocol.kind == "article" else kind,
        place=words.text(_place(protocol, facts), country=protocol.country),
        facts=", ".join(dict.fromkeys(met)),
    )


def _place(protocol: Protocol, facts: Facts) -> str:
    if not facts.patient.country and protocol.country != "INT":
        return "offers.country_unknown"
    return ("offers.own_country", "offers.international", "offers.other_country")[_distance(protocol, facts)]


# -- needs -----------------------------------------------------------------------------------------------------------


def _needs(library: Library, pending: list[Protocol], options: list[Option], facts: Facts) -> list[MissingFact]:
    """The facts to ask for, those asked first in front, then those that settle most; what was asked in vain is left out."""
    changes: dict[str, list[str]] = {}
    for protocol in pending:
        for fact in missing_facts(library.content(protocol).indication, facts):
            changes.setdefault(fact, []).append(protocol.id)
    for option in options:
        for issue in option.precautions:
            for fact in issue.ask if issue.severity != NOTE else ():
                changes.setdefault(fact, []).append(option.protocol.id)
    open_ = (fact for fact in changes if is_question(fact, facts, library.facts))
    names = [fact for fact in open_ if fact not in facts.asked_in_vain]
    names.sort(
        key=lambda fact: (
            ASKED_FIRST.index(fact) if fact in ASKED_FIRST else len(ASKED_FIRST),
            -len(set(changes[fact])),
            fact,
        )
    )
    return [missing_fact(library, fact, changes[fact]) for fact in names]


def missing_fact(library: Library, fact: str, changes: Iterable[str]) -> MissingFact:
    ids = tuple(dict.fromkeys(changes))
    if fact == "birth_date":
        question, plain, why = (english().text(f"offers.birth_date{part}") for part in ("", "__plain", "__why"))
        return MissingFact(fact, question, plain, why, ids)
    definition = library.facts[fact]
    return MissingFact(fact, definition.question, definition.plain, definition.why, ids)


def facts_needed(library: Library, needs: Iterable[Need], protocol_id: str) -> list[MissingFact]:
    """The facts among the needs of a plan, as questions."""
    return [missing_fact(library, need.fact, [protocol_id]) for need in needs if need.fact]


# -- the rest --------------------------------------------------------------------------------------------------------


def _foremost(pending: list[Protocol], facts: Facts) -> list[Protocol]:
    """The pending protocols that would be asked first: of the patient's country, where it has any; never articles."""
    if facts.is_one_of("deficiency", ("excluded",)) is TRUE:
        return []
    serious = [protocol for protocol in pending if protocol.kind != "article" and protocol.purpose == "treatment"]
    nearest = min((_distance(protocol, facts) for protocol in serious), default=0)
    return [protocol for protocol in serious if _distance(protocol, facts) == nearest]


def _issues(library: Library, judged: Judged, start: CommonStart | None, raised: list[Issue]) -> tuple[Issue, ...]:
    issues = judged.issues(None, ANY) + review_issues(library, judged.facts)
    issues += raised
    if start is not None and not any(issue.code == "URGENT_START" for issue in issues):
        urgent = next(precaution for precaution in library.precautions if precaution.code == "URGENT_START")
        text = english().text("offers.common_start", urgent=urgent.text)
        demands = {precaution.code for precaution in library.precautions if precaution.demands_proof}
        issues = [issue for issue in issues if issue.code not in demands]
        issues.append(Issue(urgent.code, NOTE, text, urgent.plain, urgent.action, urgent.cites))
    return tuple(ordered(issues))


def _guidance(library: Library, facts: Facts) -> Iterable[GuidanceFor]:
    for document in library.protocols():
        near = _distance(document, facts) < 2 or not facts.patient.country
        if not document.guidance or not near or document.status != "current":
            continue
        truth = evaluate(document.indication, facts)
        if truth is FALSE:
            continue
        advice = tuple(entry for entry in document.advice if evaluate(entry.when, facts) is TRUE)
        yield GuidanceFor(document, truth is TRUE, advice)
