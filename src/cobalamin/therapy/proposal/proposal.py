"""What may be offered to a patient now, what to ask first, and what is excluded and why.

Every protocol of the library ends in exactly one of three places: an option, a protocol that only unknown facts hold
back (its missing facts are among the needs), or excluded with reasons. Nothing is offered to a patient about whom
nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Advice, Phase, Protocol, Standing
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.text.messages import Text, joined, listed, message
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.conditions import EXCLUDED
from cobalamin.therapy.case.criteria import Reason, evaluate, fact_words
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.issues import LEADING_NOTES, NOTE, Gate, Issue, ordered
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.case.record import record_as_of
from cobalamin.therapy.case.rules import ONE, Known, OnePerson, Scenarios
from cobalamin.therapy.proposal import rank
from cobalamin.therapy.proposal.common_start import CommonStart, common_start, points_to_urgency
from cobalamin.therapy.proposal.needs import MissingFact, needs_of
from cobalamin.therapy.proposal.offers import Offer, exclusion, offers
from cobalamin.therapy.proposal.rank import Placed
from cobalamin.therapy.safety.before import before_anything, known_excipients
from cobalamin.therapy.safety.caveats import Caveat, caveat_issues, caveats_of
from cobalamin.therapy.safety.gate import Judged, judge, population_issues
from cobalamin.therapy.safety.platelets import platelet_issues, with_platelets
from cobalamin.therapy.safety.treated import Earlier, earlier_of, going_on


@dataclass(frozen=True)
class Option:
    """A protocol on offer, with the reason for its rank and what to watch.

    `phases` are those that may belong to the person; `place` says whose text it is (`rank.PLACES`).
    """

    protocol: Protocol
    content: Protocol
    rank_reason: Text
    precautions: tuple[Issue, ...]
    same_as: tuple[str, ...]
    caveats: tuple[Caveat, ...] = ()
    phases: tuple[Phase, ...] = ()
    place: str = "other"
    reserved: bool = False  # whether age, urgency or a reservation of its source speaks against it
    for_the_cause: bool = False  # written for a cause whose own texts stand first
    said: tuple[Standing, ...] = ()  # why it is an older dose or a second choice
    not_for_error: bool = False  # an inborn error is the cause, and this was not written for it: it never leads
    loaded: bool = False  # whether maintenance runs and works, so that its loading phases are not begun again

    @property
    def begins_anew(self) -> tuple[Phase, ...]:
        """The phases that somebody on maintenance does not begin again."""
        return (
            tuple(phase for phase in self.phases if phase.name.startswith(("load", "initial"))) if self.loaded else ()
        )

    @property
    def near_enough(self) -> bool:
        """Whether it is of the person's country, of a near one, general guidance, or written for their rare cause.

        Never where an inborn error is the cause and it was not written for that.
        """
        return not self.not_for_error and (self.for_the_cause or self.place in rank.PLACES[: rank.OTHER])


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
    case: Case = field(repr=False, compare=False)  # of whom it speaks
    goes_on: Text = ""  # how treatment goes on, as the record tells it

    @property
    def leading(self) -> Option | None:
        """The first option that may lead: none where all were not written for the person's inborn error (hazard H111)."""
        return next((option for option in self.options if not option.not_for_error), None)


def propose(library: Library, case: Case, on: date) -> Proposal:
    """The proposal for `case` as known on the day of assessment."""
    facts = facts_of(case, on)
    judged = judge(library, facts)
    excipients = known_excipients(library, facts)
    fitting, pending, excluded = _sorted_out(library, judged)
    earlier = earlier_of(library, case, facts)
    found = sorted((rank.placed(library, offer, judged.one) for offer in fitting), key=lambda each: each.rank)
    platelets = tuple(platelet_issues(library, facts, record_as_of(case, on)))
    options = [_option(library, each, judged, excipients, platelets, earlier) for each in found]
    start = _common_start(library, pending, judged.one)
    urgent = start is not None and points_to_urgency(library, case, facts)
    before = before_anything(library, case, judged, earlier)
    raised = [*_nothing_to_prevent(library, facts, fitting, pending, before), *before]
    return Proposal(
        on=on,
        options=tuple(options),
        needs=tuple(
            needs_of(
                library,
                [offer.protocol for offer in pending],
                [(each.protocol.id, each.precautions) for each in options if not each.not_for_error],
                facts,
            )
        ),
        excluded=tuple(excluded),
        guidance=tuple(_guidance(library, facts)),
        common_start=start,
        issues=_issues(library, urgent, raised),
        pending=tuple(offer.protocol.id for offer in pending),
        asked_not_known=tuple(sorted(facts.asked_in_vain)),
        disagreements=tuple(_disagreements(library, facts, {each.protocol.id for each in (*fitting, *pending)})),
        library=library,
        case=case,
        goes_on=_goes_on(library, facts, earlier),
    )


def _sorted_out(library: Library, judged: Judged) -> tuple[list[Offer], list[Offer], list[Excluded]]:
    """What fits, what waits for an answer, and what is excluded and why."""
    fitting: list[Offer] = []
    pending: list[Offer] = []
    excluded: list[Excluded] = []
    for offer in offers(library):
        reasons = exclusion(library, offer, judged)
        if reasons:
            excluded.append(Excluded(offer.protocol, tuple(reasons)))
        elif judged.one.where(offer.met):
            fitting.append(offer)
        else:
            pending.append(offer)
    return fitting, pending, excluded


def _common_start(library: Library, pending: list[Offer], one: OnePerson) -> CommonStart | None:
    waiting = [(offer, ONE) for offer in pending]
    found = foremost(library, one.facts.patient.country, waiting, one)
    names = next(names for names, where in found.items() if where)
    return common_start(library, [library.protocol(name) for name in names])


def _goes_on(library: Library, facts: Facts, earlier: Earlier) -> Text:
    if not earlier.goes_on or earlier.runs is None:
        return ""
    return going_on(Gate(library, facts.patient.country), earlier.runs)


# -- options ---------------------------------------------------------------------------------------------------------


def _option(
    library: Library, placed: Placed, judged: Judged, excipients: list[Issue], platelets: tuple[Issue, ...], earlier: Earlier
) -> Option:  # fmt: skip
    offer, facts = placed.offer, judged.facts
    protocol, content = offer.protocol, offer.content
    issues = judged.issues(content, offer.regimens)
    if "intramuscular" in offer.regimens.routes:
        issues = with_platelets(issues, platelets)
    issues += population_issues(library, content, facts, TRUE)
    caveats = caveats_of(content, facts, library.facts)
    issues += caveat_issues(library, caveats, facts)
    if not offer.regimens.routes.isdisjoint(INJECTIONS):
        issues += excipients
    return Option(
        protocol=protocol,
        content=content,
        rank_reason=_rank_reason(protocol, placed, facts),
        precautions=tuple(ordered(issues)),
        same_as=(protocol.same_as,) if protocol.same_as else library.aliases(protocol.id),
        caveats=caveats,
        phases=tuple(phase for phase in content.phases if evaluate(phase.only_if, facts) is not FALSE),
        place=rank.PLACES[placed.rank.place],
        reserved=not placed.rank.fits,
        for_the_cause=placed.for_the_cause,
        said=placed.said,
        not_for_error=bool(judged.one.where(rank.never_leads(library, content))),
        loaded=earlier.goes_on,
    )


def _rank_reason(protocol: Protocol, why: Placed, facts: Facts) -> Text:
    kind = protocol.kind.replace("_", " ")
    reason = message(
        "offers.rank",
        kind=message("offers.rank_article") if protocol.kind == "article" else kind,
        place=message(_place(why.rank.place, facts), country=protocol.country),
        facts=listed(message("offers.age") if name == "birth_date" else fact_words(name) for name in why.facts)
        or message("offers.no_facts"),
    )
    return joined(reason, message(_PRACTICE[why.rank.practice]), between="; ") if why.rank.practice else reason


_PRACTICE = {rank.SECOND_CHOICE: "offers.practice_second", rank.OLDER: "offers.practice_older"}


def _place(place: int, facts: Facts) -> str:
    if not facts.patient.country and place in (rank.OTHER, rank.ARTICLE):
        return "offers.country_unknown"
    return f"offers.place_{rank.PLACES[place]}"


# -- the rest --------------------------------------------------------------------------------------------------------


def foremost(
    library: Library, country: str, waiting: Iterable[tuple[Offer, int]], among: Scenarios
) -> dict[tuple[str, ...], int]:
    """The protocols that would be asked first of those that wait for facts, by scenario; never articles.

    They are of the patient's country, where it has any. `waiting`: each protocol with the scenarios in which it waits.
    """
    serious = [
        (offer.protocol.id, rank.place_of(library, offer.protocol, country), where & ~among.where(never))
        for offer, where in waiting
        if offer.protocol.kind != "article" and offer.protocol.purpose == "treatment"
        for never in (rank.never_leads(library, offer.content),)
    ]
    left = among.everywhere & ~among.where(Known(EXCLUDED))
    found: dict[tuple[str, ...], int] = {(): among.everywhere & ~left}
    for place in range(rank.ARTICLE):
        groups: dict[tuple[str, ...], int] = {(): left}
        for name, own, where in serious:
            groups = _with(groups, name, where) if own == place else groups
        left = groups.pop((), 0)
        found |= groups
    found[()] |= left
    return found


def _with(groups: dict[tuple[str, ...], int], name: str, mask: int) -> dict[tuple[str, ...], int]:
    """The groups with one more name where it belongs to them."""
    taken = {(*key, name): where & mask for key, where in groups.items() if where & mask}
    return taken | {key: where & ~mask for key, where in groups.items() if where & ~mask}


def _nothing_to_prevent(
    library: Library, facts: Facts, fitting: list[Offer], pending: list[Offer], before: Iterable[Issue]
) -> Iterable[Issue]:  # fmt: skip
    """That no source treats somebody who lacks nothing and is at no risk: said, so that nobody waits for an answer.

    Where questions are open it is said of what is recorded, unless a cause, a risk, nerve signs or what speaks against it are (hazard H117).
    """
    if fitting or evaluate(EXCLUDED, facts) is not TRUE:
        return
    if not pending:
        yield Gate(library, facts.patient.country).issue("NOTHING_TO_PREVENT", NOTE, "")
    elif not (
        facts.neurological is TRUE
        or any(issue.code in _SPEAKS_AGAINST for issue in before)
        or any(facts.value(name) not in _NO_RISK for name in _RISKS)
    ):
        yield Gate(library, facts.patient.country).issue("NOTHING_RECORDED", NOTE, "")


_SPEAKS_AGAINST = ("FACT_CONTRADICTED", "RED_FLAG_SYMPTOM", *LEADING_NOTES)
_RISKS = (
    "cause", "vegan", "medicines", "nitrous_oxide_exposure", "mother_deficient", "pregnancy", "absorption", "anaemia", "ileal_resection_length",
)  # fmt: skip
_NO_RISK = ("", None, "unknown", "absent", "none", "normal", "not_found", ())


def _issues(library: Library, urgent: bool, issues: list[Issue]) -> tuple[Issue, ...]:
    if urgent and not any(issue.code == "URGENT_START" for issue in issues):
        start = next(precaution for precaution in library.precautions if precaution.code == "URGENT_START")
        text = message("offers.common_start", urgent=start.text)
        demands = {precaution.code for precaution in library.precautions if precaution.demands_proof}
        issues = [issue for issue in issues if issue.code not in demands]
        issues.append(Issue(start.code, NOTE, text, start.plain, start.action, start.cites))
    return tuple(ordered(issues))


def _disagreements(library: Library, facts: Facts, open_: set[str]) -> Iterable[Disagreement]:
    """Those that may concern the person: they meet whom it is about, and one of the protocols named may still be theirs."""
    for entry in library.disagreements:
        named = {name for side in entry.sides for name in side.protocols}
        if (
            open_
            and (not named or named & open_ or any(library.protocol(name).guidance for name in named))
            and evaluate(entry.when, facts) is TRUE
        ):
            yield entry


def _guidance(library: Library, facts: Facts) -> Iterable[GuidanceFor]:
    """National guidance first, then near and general, articles last."""
    country = facts.patient.country
    for document in sorted(library.protocols(), key=lambda each: rank.place_of(library, each, country)):
        international = document.country == "INT" or not country
        near = international or rank.place_of(library, document, country) < rank.GENERAL
        if not document.guidance or not near or document.status != "current":
            continue
        truth = evaluate(document.indication, facts)
        if truth is FALSE:
            continue
        advice = tuple(entry for entry in document.advice if evaluate(entry.when, facts) is TRUE)
        yield GuidanceFor(document, truth is TRUE, advice)
