"""What a proposal comes to in every world: options, the leading option's regimen, issues, the first dose.

The rules are those of `proposal` and `safety`, read in all worlds at once. An outcome is what a person would see change.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Criterion, Precaution, Protocol
from cobalamin.records import replace
from cobalamin.text.messages import Text
from cobalamin.therapy.case.criteria import evaluate, facts_read_by, leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK
from cobalamin.therapy.case.logic import FALSE
from cobalamin.therapy.case.rules import Asked, union
from cobalamin.therapy.proposal import rank
from cobalamin.therapy.proposal.common_start import common_start, urgent_start
from cobalamin.therapy.proposal.offers import Offer, all_phases, offers, ruled_out
from cobalamin.therapy.proposal.proposal import foremost
from cobalamin.therapy.regimen.depends import dependences
from cobalamin.therapy.safety import gate
from cobalamin.therapy.safety.before import FOR_ALL
from cobalamin.therapy.safety.gate import Raised, Regimens
from cobalamin.therapy.safety.products import EXCIPIENT_CODES, EXCIPIENT_CRITERIA, excipient_issues
from cobalamin.therapy.safety.written_for import acknowledged
from cobalamin.therapy.whatif.worlds import WEIGHT, Leaf, Worlds

_SERIOUS = (BLOCK, ACKNOWLEDGE)
# The kinds of effect: a block, the leading option's regimen, the first dose where none leads, what else stands in its plan,
# the options, other issues.
BLOCKS, REGIMEN, FIRST, PLAN, OPTIONS, ISSUES = "block", "regimen", "first_dose", "plan", "options", "issues"


PlanLine = tuple[str, Text, Text, bool]  # protocol, text, plain text, whether it is known to stand in the plan


class Outcome(Struct, frozen=True):
    """What a proposal comes to. `regimen` tells apart what the leading option asks for; `first` the first dose; `plan` what
    stands in its plan beside the regimen, or may.
    """

    options: frozenset[str]
    leading: str
    regimen: Hashable
    first: Hashable
    issues: frozenset[tuple[str, str]]  # (code, severity), block and acknowledge, of the proposal and of single options
    plan: frozenset[PlanLine] = frozenset()


def general_codes(library: Library) -> frozenset[str]:
    """Codes that a proposal tells once for all options."""
    told = {entry.code for entry in library.precautions if gate.concerns(entry, FOR_ALL)}
    return frozenset(told | EXCIPIENT_CODES)


def regimen_key(content: Protocol, facts: Facts) -> tuple[Hashable, ...]:
    """What facts make of a protocol's regimen: which phases belong to the patient, and whether a dose by weight is known."""
    belongs = tuple(evaluate(phase.only_if, facts) for phase in content.phases if phase.only_if)
    by_weight = any(phase.dose.per_kg for phase in all_phases(content.phases))
    return (*belongs, facts.weight_kg is not None if by_weight else None)


def criteria_read(library: Library, facts: Facts) -> list[Criterion]:
    """Every criterion that can still make a difference to these facts."""
    found: list[Criterion] = [
        *EXCIPIENT_CRITERIA,
        library.practice.own_texts_first,
        library.practice.least_by_mouth.when,
    ]
    found += [fact.asked_ages for fact in library.facts.values() if fact.asked_ages]
    found += [entry.when for entry in library.precautions if entry.when]
    found += [entry.asked_of for entry in library.precautions if entry.asked_of]
    for offer in _live(library):
        content = offer.content
        if evaluate(content.indication, facts) is not FALSE:
            found += _asked_by_the_rules(library, offer, facts.injected)
            found.append(content.indication)
            found += [phase.only_if for phase in content.phases if phase.only_if]
            found += [entry.when for entry in content.precautions if entry.when]
            found += [note.when for note in content.notes if note.when]
            found += [each.criterion for each in dependences(library, content, facts.patient.country)]
    return found


@lru_cache(maxsize=1024)
def _asked_by_the_rules(library: Library, offer: Offer, injected: bool) -> tuple[Leaf, ...]:
    """What the rules of a proposal ask of somebody to whom this may be offered: they are read for it, so none is left out."""
    asked = Asked()
    asked.where(urgent_start(True))
    specific = rank.specific_facts(offer.content, asked).items()
    for _ in (
        *ruled_out(offer, asked, dict),
        *rank.ranks(library, offer, "", injected, asked, asked.everywhere, specific),
    ):
        pass
    for rule in acknowledged(library, offer.content).values():
        asked.where(rule)
    foremost(library, "", [(offer, asked.everywhere)], asked)
    found = (replace(leaf, cites=()) for criterion in asked.criteria for leaf in leaves(criterion))
    return tuple(dict.fromkeys(found))


def _live(library: Library) -> list[Offer]:
    """The protocols that may be offered to somebody."""
    return [offer for offer in offers(library) if offer.protocol.status == "current" and not offer.never]


class Outcomes:
    """The outcomes in all worlds: each thing a person would see, with the worlds in which it is so."""

    def __init__(self, library: Library, worlds: Worlds, pointed: bool = False) -> None:
        """`pointed`: whether the record points to an urgent start (`common_start.record_points_to_urgency`)."""
        self.library, self.worlds, self.pointed = library, worlds, pointed
        self.offers = _live(library)
        self._told: dict[tuple[Regimens, str], dict[str, list[Raised[Precaution]]]] = {}
        self._alone: dict[int, list[Raised[Precaution]]] = {}
        self.excluded = {offer.protocol.id: self._excluded(offer) for offer in self.offers}
        self.options = {offer.protocol.id: self._option(offer) for offer in self.offers}
        self.leading, self.none_leads = self._leading()
        self.common = self._common_start()
        self.issues = self._issues()
        self.plan = self._plan()

    def seen(self, world: int) -> Outcome:
        """The outcome in one world."""
        leading = next((key for key, mask in self.leading.items() if mask >> world & 1), None)
        first = next((key for key, mask in self.common.items() if mask >> world & 1), None)
        regimen = (leading[0], *leading[1]) if leading else None
        return Outcome(
            options=frozenset(name for name, mask in self.options.items() if mask >> world & 1),
            leading=leading[0] if leading else "",
            regimen=regimen,
            first=regimen or first,
            issues=frozenset(key for key, mask in self.issues.items() if mask >> world & 1),
            plan=frozenset(key for key, mask in self.plan.items() if mask >> world & 1),
        )

    def masks_of(self, kind: str) -> Iterable[int]:
        """The worlds of everything that belongs to a kind of effect."""
        match kind:
            case "block":
                return [mask for (_, severity), mask in self.issues.items() if severity == BLOCK]
            case "regimen":
                return self.leading.values()
            case "first_dose":
                return [mask & self.none_leads for mask in self.common.values()]
            case "plan":
                return self.plan.values()
            case "options":
                return self.options.values()
        return [mask for (_, severity), mask in self.issues.items() if severity == ACKNOWLEDGE]

    # -- options -----------------------------------------------------------------------------------------------------

    def _option(self, offer: Offer) -> int:
        return self.worlds.where(offer.met) & ~self.excluded[offer.protocol.id]

    def _excluded(self, offer: Offer) -> int:
        return union(
            where for _, where in ruled_out(offer, self.worlds, lambda: self._raised(offer.regimens, offer.content))
        )

    # -- issues ------------------------------------------------------------------------------------------------------

    def _raised(self, regimens: Regimens, content: Protocol | None) -> dict[str, list[Raised[Precaution]]]:
        """By code what the precautions raise for a plan with these regimens."""
        own = content.precautions if content else ()
        key = (regimens, content.id if content and own else "")
        if key not in self._told:
            entries = ((entry, self._raised_alone(entry)) for entry in (*self.library.precautions, *own))
            self._told[key] = gate.together(entries, regimens)
        return self._told[key]

    def _raised_alone(self, entry: Precaution) -> list[Raised[Precaution]]:
        if id(entry) not in self._alone:
            names = gate.facts_read(entry, self.library.facts)
            found = self.worlds.table(names, lambda facts: gate.severity_of(entry, facts, self.library))
            self._alone[id(entry)] = [Raised(*key, entry, where) for key, where in found.items() if key[1]]
        return self._alone[id(entry)]

    def _issues(self) -> dict[tuple[str, str], int]:
        """The issues of the proposal, and those of single options that it does not tell for all."""
        general = self._raised(FOR_ALL, None)
        urgent = union(each.where for each in general.get("URGENT_START", ()))
        started = union(mask for start, mask in self.common.items() if start)
        waits = started & self.worlds.where(urgent_start(self.pointed)) & ~urgent
        demands = {precaution.code for precaution in self.library.precautions if precaution.demands_proof}
        found: dict[tuple[str, str], int] = {}
        for code, several in general.items():
            for each in several:
                where = each.where & ~waits if code in demands else each.where
                found[code, each.severity] = found.get((code, each.severity), 0) | where
        names = [name for criterion in EXCIPIENT_CRITERIA for name in facts_read_by(criterion)]
        for issues, mask in self.worlds.table(names, self._excipients).items():
            for key in issues:
                found[key] = found.get(key, 0) | mask
        for offer in self.offers:
            for key, mask in self._own(offer):
                found[key] = found.get(key, 0) | mask & self.options[offer.protocol.id]
        return {key: mask for key, mask in found.items() if key[1] in _SERIOUS and mask}

    def _excipients(self, facts: Facts) -> frozenset[tuple[str, str]]:
        return frozenset(
            (issue.code, issue.severity) for issue in excipient_issues(self.library, facts) if not issue.ask
        )

    def _own(self, offer: Offer) -> Iterator[tuple[tuple[str, str], int]]:
        known, name = general_codes(self.library), offer.protocol.id
        for code, several in self._raised(offer.regimens, offer.content).items():
            if code not in known:
                yield from (((f"{name}: {code}", each.severity), each.where) for each in several)
        for code, rule in acknowledged(self.library, offer.content).items():
            yield (f"{name}: {code}", ACKNOWLEDGE), self.worlds.where(rule)

    # -- the leading option ------------------------------------------------------------------------------------------

    def _leading(self) -> tuple[dict[tuple[str, tuple[Hashable, ...]], int], int]:
        """((protocol, its regimen), worlds) of what leads, and the worlds without an option that may."""
        country, injected = self.worlds.facts.patient.country, self.worlds.facts.injected
        ranked: list[tuple[rank.Rank, int]] = []
        for offer in self.offers:
            mask = self.options[offer.protocol.id] & ~self.worlds.where(rank.never_leads(self.library, offer.content))
            if mask:
                specific = rank.specific_facts(offer.content, self.worlds).items()
                ranked += rank.ranks(self.library, offer, country, injected, self.worlds, mask, specific)
        ranked.sort(key=lambda entry: entry[0])
        left, leads = self.worlds.all, dict.fromkeys(self.options, 0)
        for place, mask in ranked:
            leads[place.protocol] |= mask & left
            left &= ~mask
        found: dict[tuple[str, tuple[Hashable, ...]], int] = {}
        for offer in self.offers:
            mask = leads[offer.protocol.id]
            if mask:
                for key, where in self._regimens(offer.content).items():
                    if mask & where:
                        found[offer.protocol.id, key] = mask & where
        return found, left

    def _regimens(self, content: Protocol) -> dict[tuple[Hashable, ...], int]:
        conditions = [phase.only_if for phase in content.phases if phase.only_if]
        names = [name for condition in conditions for name in facts_read_by(condition)]
        return self.worlds.table([*names, WEIGHT], lambda facts: regimen_key(content, facts))

    def _plan(self) -> dict[PlanLine, int]:
        """What stands in the plan of what leads, and in which worlds (`plan_lines`)."""
        leads: dict[str, int] = {}
        for (name, _), mask in self.leading.items():
            leads[name] = leads.get(name, 0) | mask
        found: dict[PlanLine, int] = {}
        for offer in self.offers:
            where = leads.get(offer.protocol.id, 0)
            told = dependences(self.library, offer.content, self.worlds.facts.patient.country) if where else ()
            for each in told:
                truth = self.worlds.truth(each.criterion)
                for known, mask in ((True, truth.true), (False, self.worlds.all & ~truth.true & ~truth.false)):
                    key = (offer.protocol.id, each.text, each.plain, known)
                    found[key] = found.get(key, 0) | (mask & where)
        return {key: mask for key, mask in found.items() if mask}

    # -- the common start --------------------------------------------------------------------------------------------

    def _common_start(self) -> dict[Hashable, int]:
        """The first dose that all foremost waiting protocols share, by worlds."""
        waiting = ((offer, self.worlds.all & ~self.worlds.where(offer.met) & ~self.excluded[offer.protocol.id])
                   for offer in self.offers)  # fmt: skip
        found: dict[Hashable, int] = {}
        for names, mask in foremost(self.library, self.worlds.facts.patient.country, waiting, self.worlds).items():
            start = common_start(self.library, [self.library.protocol(name) for name in names])
            key = (start.substance, start.dose.nanograms, start.routes) if start else None
            found[key] = found.get(key, 0) | mask
        return found
