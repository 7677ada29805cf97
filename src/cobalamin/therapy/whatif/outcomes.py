"""What a proposal comes to in every world: options, the leading option's regimen, issues, the first dose.

The rules are those of `proposal` and `checks`, evaluated for all worlds at once; a test holds both against each other in
every world. An outcome is what a person would see change.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, AnyOf, Criterion, FactIs, Precaution, Protocol
from cobalamin.spans import Span
from cobalamin.therapy.case.criteria import evaluate, leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK, ORDER
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.proposal import rank
from cobalamin.therapy.proposal.common_start import common_start
from cobalamin.therapy.proposal.offers import PREFERENCES, Offer, all_phases, offers
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.regimen.depends import dependences
from cobalamin.therapy.safety import caveats, gate
from cobalamin.therapy.safety.before import FOR_ALL
from cobalamin.therapy.safety.gate import Regimens
from cobalamin.therapy.safety.products import excipient_issues
from cobalamin.therapy.whatif.ranking import Ranking, sum_of
from cobalamin.therapy.whatif.worlds import BIRTH, WEIGHT, Leaf, Worlds, facts_of_leaf

_EXCIPIENTS = ("allergy_benzyl_alcohol", "allergy_parabens", BIRTH, "preterm")
_SERIOUS = (BLOCK, ACKNOWLEDGE)
# The kinds of effect: a block, the leading option's regimen, the first dose where none leads, what else stands in its plan,
# the options, other issues.
BLOCKS, REGIMEN, FIRST, PLAN, OPTIONS, ISSUES = "block", "regimen", "first_dose", "plan", "options", "issues"


def _is(fact: str, *values: str) -> FactIs:
    return FactIs(fact, values)


# What the rules read of facts beside the criteria of the library.
ORAL_NOT_POSSIBLE = _is("oral_not_possible", "present")
TREATED = _is("previous_treatment", "loading", "maintenance")
UNTREATED = _is("previous_treatment", "none")
DEFICIENT = _is("deficiency", "confirmed", "suspected")
NOT_DEFICIENT = _is("deficiency", "excluded")
URGENT = AnyOf((_is("neurological_involvement", "present"), _is("anaemia", "severe")))
CHILD = Age(None, Span(18, "a"))
_ALSO_READ: tuple[Leaf, ...] = (
    ORAL_NOT_POSSIBLE, TREATED, UNTREATED, DEFICIENT, NOT_DEFICIENT, *PREFERENCES.values(), rank.NERVES, rank.SEVERE, CHILD, Age(None, Span(1, "a")), Age(None, Span(28, "d")),
    _is("allergy_benzyl_alcohol", "present"), _is("allergy_parabens", "present"), _is("preterm", "present"),
)  # fmt: skip


PlanLine = tuple[str, str, str, bool]  # protocol, text, plain text, whether it is known to stand in the plan


@dataclass(frozen=True)
class Outcome:
    """What a proposal comes to. `regimen` tells apart what the leading option asks for; `first` the first dose; `plan` what
    stands in its plan beside the regimen, or may.
    """

    options: frozenset[str]
    leading: str
    regimen: Hashable
    first: Hashable
    issues: frozenset[tuple[str, str]]  # (code, severity), block and acknowledge, of the proposal and of single options
    plan: frozenset[PlanLine] = frozenset()


def outcome_of(library: Library, facts: Facts, answer: Proposal) -> Outcome:
    """The outcome of one proposal."""
    told = [issue for issue in answer.issues if issue.severity in _SERIOUS and issue.code not in gate.FROM_THE_RECORD]
    general = {(issue.code, issue.severity) for issue in told}
    known = general_codes(library)
    own = {
        (f"{option.protocol.id}: {issue.code}", issue.severity)
        for option in answer.options
        for issue in option.precautions
        if issue.severity in _SERIOUS and issue.code not in known
    }
    leading, offered = answer.leading, frozenset(option.protocol.id for option in answer.options)
    start = answer.common_start
    if leading is not None:
        regimen = (leading.protocol.id, *regimen_key(leading.content, facts))
        return Outcome(
            offered,
            leading.protocol.id,
            regimen,
            regimen,
            frozenset(general | own),
            plan_lines(library, leading.protocol.id, leading.content, facts),
        )
    first = (start.substance, start.dose.nanograms, start.routes) if start else None
    return Outcome(offered, "", None, first, frozenset(general | own))


def plan_lines(library: Library, name: str, content: Protocol, facts: Facts) -> frozenset[PlanLine]:
    """What stands in the plan of a protocol by these facts, and what may."""
    told = dependences(library, content, facts.patient.country)
    truths = ((each, evaluate(each.criterion, facts)) for each in told)
    return frozenset((name, each.text, each.plain, truth is TRUE) for each, truth in truths if truth is not FALSE)


def general_codes(library: Library) -> frozenset[str]:
    """Codes that a proposal tells once for all options."""
    told = {entry.code for entry in library.precautions if gate.concerns(entry, FOR_ALL)}
    return frozenset(told | {"ALLERGY_EXCIPIENT", "BENZYL_ALCOHOL_NEONATE"})


def regimen_key(content: Protocol, facts: Facts) -> tuple[Hashable, ...]:
    """What facts make of a protocol's regimen: which phases belong to the patient, and whether a dose by weight is known."""
    belongs = tuple(evaluate(phase.only_if, facts) for phase in content.phases if phase.only_if)
    by_weight = any(phase.dose.per_kg for phase in all_phases(content.phases))
    return (*belongs, facts.weight_kg is not None if by_weight else None)


def criteria_read(library: Library, facts: Facts) -> list[Criterion]:
    """Every criterion that can still make a difference to these facts."""
    found: list[Criterion] = [
        *_ALSO_READ,
        library.practice.own_texts_first,
        library.practice.least_by_mouth.when,
        *(fact.asked_ages for fact in library.facts.values() if fact.asked_ages),
    ]
    found += [entry.when for entry in library.precautions if entry.when]
    found += [entry.asked_of for entry in library.precautions if entry.asked_of]
    for offer in _live(library):
        content = offer.content
        if evaluate(content.indication, facts) is not FALSE:
            found.append(content.indication)
            found += [phase.only_if for phase in content.phases if phase.only_if]
            found += [entry.when for entry in content.precautions if entry.when]
            found += [note.when for note in content.notes if note.when]
            found += [each.when for each in content.second_choice if each.when]
            found += [each.criterion for each in dependences(library, content, facts.patient.country)]
    return found


def _live(library: Library) -> list[Offer]:
    """The protocols that may be offered to somebody."""
    return [offer for offer in offers(library) if offer.protocol.status == "current" and not offer.never]


class Outcomes:
    """The outcomes in all worlds: each thing a person would see, with the worlds in which it is so."""

    def __init__(self, library: Library, worlds: Worlds, pointed: bool = False) -> None:
        """`pointed`: whether the record points to an urgent start (`common_start.record_points_to_urgency`)."""
        self.library, self.worlds, self.pointed = library, worlds, pointed
        self.offers = _live(library)
        self.ranking = Ranking(library, worlds, worlds.truth(URGENT))
        self._severities: dict[tuple[Regimens, str], dict[str, dict[str, int]]] = {}
        self._certain: dict[int, dict[tuple[bool, str], int]] = {}
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

    # -- exclusion ---------------------------------------------------------------------------------------------------

    def _option(self, offer: Offer) -> int:
        return self.worlds.truth(offer.content.indication).true & ~self.excluded[offer.protocol.id]

    def _excluded(self, offer: Offer) -> int:
        out = self.worlds.truth(offer.content.indication).false
        about = {entry.code: entry.substances for entry in (*self.library.precautions, *offer.content.precautions)}
        for code, severities in self._issues_of(offer.regimens, offer.content).items():
            if offer.open_without(about[code]):
                continue
            out |= severities.get(BLOCK, 0)
        if offer.oral_only:
            out |= self.worlds.truth(ORAL_NOT_POSSIBLE).true
        return out

    # -- issues ------------------------------------------------------------------------------------------------------

    def _issues_of(self, regimens: Regimens, content: Protocol | None) -> dict[str, dict[str, int]]:
        """By code and severity the worlds in which `checks.Judged.issues` raises it."""
        own = content.precautions if content else ()
        key = (regimens, content.id if content and own else "")
        if key not in self._severities:
            self._severities[key] = self._merged([*self.library.precautions, *own], regimens)
        return self._severities[key]

    def _merged(self, entries: list[Precaution], regimens: Regimens) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for entry in entries:
            if not gate.concerns(entry, regimens):
                continue
            severities = found.setdefault(entry.code, {})
            for (certain, severity), mask in self._raised(entry).items():
                serious = (
                    0
                    if certain
                    else sum_of(bits for other, bits in severities.items() if ORDER[other] <= ORDER[severity])
                )
                taken = mask & ~serious
                for other in severities:
                    severities[other] &= ~taken
                severities[severity] = severities.get(severity, 0) | taken
        urgent = sum_of(found.get("URGENT_START", {}).values())
        for entry in entries:
            if entry.demands_proof and entry.code in found:
                found[entry.code] = {severity: mask & ~urgent for severity, mask in found[entry.code].items()}
        return found

    def _raised(self, entry: Precaution) -> dict[tuple[bool, str], int]:
        """(whether it is certain, severity) of one precaution and in which worlds; asked of the rule itself."""
        if id(entry) not in self._certain:

            def read(facts: Facts) -> tuple[bool, str]:
                _, truth, issue = gate._judged(entry, facts, self.library)
                return truth is TRUE, issue.severity if issue else ""

            names = [name for leaf in leaves(entry.when) for name in facts_of_leaf(leaf)]
            names += (
                [BIRTH]
                if entry.asked_of or any(self.library.facts[name].asked_ages for name in names if name != BIRTH)
                else []
            )
            found = self.worlds.table(names, read)
            self._certain[id(entry)] = {key: mask for key, mask in found.items() if key[1]}
        return self._certain[id(entry)]

    def _issues(self) -> dict[tuple[str, str], int]:
        """The issues of the proposal, and those of single options that it does not tell for all."""
        general = self._issues_of(FOR_ALL, None)
        urgent = sum_of(general.get("URGENT_START", {}).values())
        maybe = self.worlds.truth(URGENT)
        points = self.worlds.all & ~maybe.true & ~maybe.false if self.pointed else 0
        waits = sum_of(mask for start, mask in self.common.items() if start) & ~urgent & points
        demands = {precaution.code for precaution in self.library.precautions if precaution.demands_proof}
        found: dict[tuple[str, str], int] = {}
        for code, severities in general.items():
            for severity, mask in severities.items():
                found[code, severity] = mask & ~waits if code in demands else mask
        for issues, mask in self.worlds.table(_EXCIPIENTS, self._excipients).items():
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
        own = {entry.code for entry in (*self.library.precautions, *offer.content.precautions)} - known
        for code in own:
            for severity, mask in self._issues_of(offer.regimens, offer.content).get(code, {}).items():
                yield (f"{name}: {code}", severity), mask
        child = self.worlds.table([BIRTH], lambda facts: gate.ages_not_stated(offer.content, facts)).get(True, 0)
        yield (f"{name}: POPULATION_NOT_COVERED", ACKNOWLEDGE), child | self._inborn(offer)
        yield (f"{name}: {caveats.CODE}", ACKNOWLEDGE), self.ranking.caveats_against(offer.content)

    def _inborn(self, offer: Offer) -> int:
        """The worlds of an inborn error for which a text was not written (`gate.not_for_inborn_error`)."""
        names = [self.library.practice.inborn.fact, "inborn_error_kind"]
        found = self.worlds.table(names, lambda facts: gate.not_for_inborn_error(self.library, offer.content, facts))
        return found.get(True, 0)

    # -- the leading option ------------------------------------------------------------------------------------------

    def _leading(self) -> tuple[dict[tuple[str, tuple[Hashable, ...]], int], int]:
        """((protocol, its regimen), worlds) of what leads, and the worlds without an option that may."""
        asked = ((offer, self.options[offer.protocol.id] & ~self._inborn(offer)) for offer in self.offers)
        ranked = [each for offer, mask in asked if mask for each in self.ranking.of(offer, mask)]
        ranked.sort(key=lambda entry: entry[0])
        left, leads = self.worlds.all, dict.fromkeys(self.options, 0)
        for place, mask in ranked:
            leads[place[-1]] |= mask & left
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
        names = [name for condition in conditions for leaf in leaves(condition) for name in facts_of_leaf(leaf)]
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
        """The first dose that all foremost waiting protocols share, by worlds; asked of `common_start` itself."""
        serious = [
            offer for offer in self.offers if offer.protocol.kind != "article" and offer.protocol.purpose == "treatment"
        ]
        left = self.worlds.all & ~self.worlds.truth(NOT_DEFICIENT).true
        found: dict[Hashable, int] = {None: self.worlds.all & ~left}
        country = self.worlds.facts.patient.country
        for place in range(rank.ARTICLE):
            near = [offer for offer in serious if rank.place_of(self.library, offer.protocol, country) == place]
            groups: dict[tuple[str, ...], int] = {(): left}
            for offer in near:
                groups = dict(_split(groups, offer.protocol.id, self._pending(offer)))
            left = groups.pop((), 0)
            for waiting, mask in groups.items():
                start = common_start(self.library, [self.library.protocol(name) for name in waiting])
                key = (start.substance, start.dose.nanograms, start.routes) if start else None
                found[key] = found.get(key, 0) | mask
        found[None] |= left
        return found

    def _pending(self, offer: Offer) -> int:
        waits = self.worlds.all & ~self.worlds.truth(offer.content.indication).true & ~self.excluded[offer.protocol.id]
        return waits & ~self._inborn(offer)


def _split(groups: dict[tuple[str, ...], int], name: str, mask: int) -> Iterator[tuple[tuple[str, ...], int]]:
    for key, where in groups.items():
        if where & mask:
            yield (*key, name), where & mask
        if where & ~mask:
            yield key, where & ~mask
