"""The safety gate: everything a plan must pass before it is proposed, planned or accepted (contract, section 4).

An issue says what to do and cites. A fact that is not known gives the same issue one step down with the action "ask".
URGENT_START removes every demand for proof, and no block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import (
    Citations,
    FactDefinition,
    Policy,
    Precaution,
    Product,
    Protocol,
)
from cobalamin.knowledge.vocabulary import LEVELS, ROUTES, SUBSTANCES
from cobalamin.records import replace
from cobalamin.text.messages import Text, joined, message
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import evaluate, fact_words, facts_read_by, is_question, missing_facts
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, ALARMS, BLOCK, NOTE, ORDER, Gate, Issue, ordered
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth
from cobalamin.therapy.case.record import record_as_of
from cobalamin.therapy.case.rules import ONE, OnePerson, union
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.response.alarms import alarms
from cobalamin.therapy.response.diary import red_flag_issues
from cobalamin.therapy.response.infant import infant_issues
from cobalamin.therapy.response.reactions import open_reactions, product_of, reaction_issues
from cobalamin.therapy.safety import treated
from cobalamin.therapy.safety.by_mouth import oral_dose_issues
from cobalamin.therapy.safety.caveats import caveat_issues, caveats_of
from cobalamin.therapy.safety.platelets import platelet_issues, with_platelets
from cobalamin.therapy.safety.products import doses_and_routes, patient_and_product
from cobalamin.therapy.safety.written_for import ages_not_stated, no_loading, not_for_inborn_error
from cobalamin.therapy.words.wording import unread

_STEP_DOWN = {BLOCK: ACKNOWLEDGE, ACKNOWLEDGE: NOTE}
# Anaemia that nobody has looked for may be severe (hazard H09): the contract keeps the watch on potassium at full height.
_NOT_STEPPED_DOWN = frozenset({"HYPOKALAEMIA_WATCH"})


_WEIGH_BEFORE_DEFICIENCY = frozenset({"URGENT_START", "HYPOKALAEMIA_WATCH"})

# Raised by what is recorded and not by what is known of the patient: a review tells them with their days.
FROM_THE_RECORD = frozenset({*ALARMS, "ORAL_DOSE_LOW"})


@dataclass(frozen=True)
class Regimens:
    """What the gate looks at of a plan: substances and routes it would use; empty where not known or not yet chosen."""

    substances: frozenset[str]
    routes: frozenset[str]


ANY = Regimens(frozenset(SUBSTANCES), frozenset(ROUTES))


def regimens_of(phases: Iterable[SettledPhase], product: Product | None = None) -> Regimens:
    """Substances and routes of settled phases and of the product; a substance the source does not name may be any.

    The product counts whatever the protocol says: it is what the patient gets (hazard H22).
    """
    phases = tuple(phases)
    substances = {phase.substance for phase in phases} | ({product.substance} if product else set())
    routes = {phase.route for phase in phases}
    return Regimens(
        frozenset(SUBSTANCES) if "" in substances else frozenset(substances),
        frozenset(ROUTES) if "" in routes else frozenset(routes),
    )


T = TypeVar("T", Issue, Precaution)  # of one person what is said; of scenarios what raises it


class Raised(NamedTuple, Generic[T]):
    """What a precaution raises in some scenarios. `certain`: its criterion is known to hold there."""

    certain: bool
    severity: str
    what: T
    where: int


def together(
    entries: Iterable[tuple[Precaution, Sequence[Raised[T]]]], regimens: Regimens
) -> dict[str, list[Raised[T]]]:
    """By code, what precautions raise for a plan with these regimens.

    A protocol's own source may set a code lower or higher than the general rule; what is only not known never replaces what
    is known. An urgent start removes every demand for proof.
    """
    entries = tuple(entries)
    found: dict[str, list[Raised[T]]] = {}
    for precaution, several in entries:
        if not several or not concerns(precaution, regimens):
            continue
        standing = found.get(precaution.code)
        found[precaution.code] = _above(standing, several) if standing else list(several)
    urgent = union(each.where for each in found.get("URGENT_START", ()))
    for precaution, _ in entries if urgent else ():
        if precaution.demands_proof and precaution.code in found:
            left = (each._replace(where=each.where & ~urgent) for each in found[precaution.code])
            found[precaution.code] = [each for each in left if each.where]
    return found


def _above(standing: list[Raised[T]], several: Sequence[Raised[T]]) -> list[Raised[T]]:
    """What a further precaution leaves of what is raised by the same code, and what it puts in its place."""
    found = standing
    for new in several:
        stay = (each.where for each in found if not new.certain and ORDER[each.severity] <= ORDER[new.severity])
        taken = new.where & ~union(stay)
        left = [each._replace(where=each.where & ~taken) for each in found if each.where & ~taken]
        if taken:
            left.append(new._replace(where=taken))
        found = left
    return found


_Entry = tuple[Precaution, list[Raised[Issue]]]


@dataclass(frozen=True)
class Judged:
    """The general precautions with their issues for one patient: judged once, asked for each of a hundred protocols."""

    library: Library
    one: OnePerson
    entries: tuple[_Entry, ...]
    _raised: dict[tuple[Regimens, str, int], dict[str, list[Raised[Issue]]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def facts(self) -> Facts:
        return self.one.facts

    def raised(self, protocol: Protocol | None, regimens: Regimens) -> dict[str, list[Raised[Issue]]]:
        """By code what holds for a plan with these regimens, or can't be excluded."""
        own = protocol.precautions if protocol else ()
        key = (regimens, protocol.id if protocol and own else "", protocol.version if protocol and own else 0)
        if key not in self._raised:
            of_protocol = [_judged(each, self.facts, self.library) for each in own]
            self._raised[key] = together([*self.entries, *of_protocol], regimens)
        return self._raised[key]

    def issues(self, protocol: Protocol | None, regimens: Regimens) -> list[Issue]:
        """The precautions that hold for a plan with these regimens, or that can't be excluded."""
        issues = [each.what for several in self.raised(protocol, regimens).values() for each in several]
        if not any(rules_out_all(issue) for issue in issues):
            return issues
        return [_not_startable(each) if each.code == "URGENT_START" else each for each in issues]


def rules_out_all(issue: Issue) -> bool:
    """Whether it is known to forbid every cobalamin by every route, as an allergy does."""
    return issue.severity == BLOCK and not issue.ask and not issue.substances


def _not_startable(urgent: Issue) -> Issue:
    """It stays urgent, but nobody is told to start what is forbidden above."""
    return replace(
        urgent,
        text=message("checks.urgent_ruled_out"),
        plain=message("checks.urgent_ruled_out__plain"),
        action=message("checks.urgent_ruled_out_action"),
    )


def judge(library: Library, facts: Facts) -> Judged:
    return Judged(
        library, OnePerson(facts), tuple(_judged(precaution, facts, library) for precaution in library.precautions)
    )


def _judged(precaution: Precaution, facts: Facts, library: Library) -> _Entry:
    truth = evaluate(precaution.when, facts)
    issue = _issue(precaution, truth, facts, library)
    return precaution, [Raised(truth is TRUE, issue.severity, issue, ONE)] if issue else []


def severity_of(precaution: Precaution, facts: Facts, library: Library) -> tuple[bool, str]:
    """Whether it is certain that a precaution holds, and its severity; empty where it raises nothing."""
    return next(((each.certain, each.severity) for each in _judged(precaution, facts, library)[1]), (False, ""))


def facts_read(precaution: Precaution, definitions: Mapping[str, FactDefinition]) -> Iterator[str]:
    """The facts on which it turns what a precaution raises: those of its criterion, and when they are asked for."""
    names = facts_read_by(precaution.when)
    asked = [definitions[name] for name in names if name in definitions]
    ages = [precaution.asked_of, *(definition.asked_ages for definition in asked)]
    yield from names
    yield from (name for criterion in ages for name in facts_read_by(criterion))
    yield from (definition.asked_when[0] for definition in asked if definition.asked_when)


def fact_issues(library: Library, facts: Facts, protocol: Protocol | None, regimens: Regimens) -> list[Issue]:
    """The coded precautions that hold for this patient, or that can't be excluded."""
    return judge(library, facts).issues(protocol, regimens)


def _issue(precaution: Precaution, truth: Truth, facts: Facts, library: Library) -> Issue | None:
    """What a precaution raises where the plan is one that it concerns; nothing while its fact is no question yet."""
    if truth is FALSE:
        return None
    issue = Issue(
        precaution.code, precaution.severity, precaution.text, precaution.plain, precaution.action, precaution.cites,
        substances=precaution.substances,
    )  # fmt: skip
    if truth is TRUE:
        return issue
    missing = missing_facts(precaution.when, facts)
    if evaluate(precaution.asked_of, facts) is FALSE:
        return None
    if not all(is_question(name, facts, library.facts) for name in missing):
        return None
    # Neurological involvement and severe anaemia weigh also before anybody has called the deficiency one.
    if precaution.code in _WEIGH_BEFORE_DEFICIENCY and missing == ("deficiency",):
        return issue
    return _stepped_down(issue, missing)


def precaution_for(entries: Iterable[Precaution], code: str, facts: Facts) -> Precaution | None:
    """Of the precautions with this code the one that may hold for a patient: the same code has other words for other people."""
    found = [entry for entry in entries if entry.code == code]
    truths = {TRUE: 0, UNKNOWN: 1, FALSE: 2}
    return min(found, key=lambda entry: truths[evaluate(entry.when, facts)], default=None)


def concerns(precaution: Precaution, regimens: Regimens) -> bool:
    substance = not precaution.substances or not regimens.substances.isdisjoint(precaution.substances)
    return substance and (not precaution.routes or not regimens.routes.isdisjoint(precaution.routes))


def _stepped_down(issue: Issue, ask: tuple[str, ...]) -> Issue | None:
    severity = issue.severity if issue.code in _NOT_STEPPED_DOWN else _STEP_DOWN.get(issue.severity)
    if not severity:
        return None
    text = message("checks.not_known", issue=issue.text)
    plain = message("checks.not_known__plain", issue=issue.plain)
    return replace(issue, severity=severity, action="ask", ask=ask, text=text, plain=plain)


def plan_issues(
    library: Library,
    case: Case,
    facts: Facts,
    protocol: Protocol,
    phases: tuple[SettledPhase, ...],
    product: Product | None,
    anew: bool = False,
    taken_over: bool = False,
) -> list[Issue]:
    """All issues of one plan, the most serious first; at most three `acknowledge` issues interrupt (hazard H28).

    `anew`: a reason was given for a new loading; `taken_over`: the treatment runs, and its history is written with the plan.
    """
    gate = Gate(library, facts.patient.country)
    content = library.content(protocol)
    issues = fact_issues(library, facts, content, regimens_of(phases, product))
    if "intramuscular" in regimens_of(phases, product).routes:
        issues = with_platelets(issues, tuple(platelet_issues(library, facts, record_as_of(case, facts.on))))
    issues += population_issues(library, content, facts)
    earlier = treated.earlier_of(library, case, facts)
    issues = treated.at_the_gate(gate, earlier, content, issues, anew, taken_over)
    issues += caveat_issues(library, caveats_of(content, facts, library.facts), facts)
    issues += patient_and_product(gate, product, phases, facts)
    issues += doses_and_routes(gate, product, phases)
    issues += record_issues(library, case, facts, library.default_policy)
    issues += _library(gate, protocol, phases, facts)
    return ordered(issues)


def population_issues(
    library: Library, protocol: Protocol, facts: Facts, truth: Truth | None = None
) -> list[Issue]:  # fmt: skip
    """Whether the protocol was written for this patient, how far treatment has got, and for which ages.

    `truth` of its indication, where that is known already.
    """
    gate = Gate(library, facts.patient.country)
    truth = evaluate(protocol.indication, facts) if truth is None else truth
    covers = message("checks.population", protocol=protocol.title, population=protocol.population)
    issues: list[Issue] = []
    if not_for_inborn_error(library, protocol, facts):
        issues.append(_not_covered(gate, message("checks.population_inborn", covers=covers)))
    if truth is TRUE and not ages_not_stated(library, protocol, facts):
        return issues + _treatment_so_far(gate, protocol, facts)
    if truth is FALSE:
        issues.append(gate.issue("POPULATION_NOT_COVERED", ACKNOWLEDGE, covers))
    elif truth is UNKNOWN:
        missing = missing_facts(protocol.indication, facts)
        # Unknown neurological involvement is never taken for absent (hazard H10), so it is not stepped down.
        severity = ACKNOWLEDGE if "neurological_involvement" in missing else NOTE
        named = ", ".join(map(fact_words, missing))
        unknown = message("checks.population_unknown", covers=covers, facts=named)
        issues.append(gate.issue("POPULATION_NOT_COVERED", severity, unknown, missing))
    else:
        child = message("checks.population_child", covers=covers)
        issues.append(gate.issue("POPULATION_NOT_COVERED", ACKNOWLEDGE, child))
    return issues + _treatment_so_far(gate, protocol, facts)


def _not_covered(gate: Gate, inborn: Text) -> Issue:
    """That a text was not written for an inborn error: the centre leads, whatever the person's age."""
    return replace(
        gate.issue("POPULATION_NOT_COVERED", ACKNOWLEDGE, ""),
        text=inborn,
        plain=message("checks.population_inborn__plain"),
        action=message("checks.population_inborn_action"),
    )


def _treatment_so_far(gate: Gate, protocol: Protocol, facts: Facts) -> list[Issue]:
    """Loading again by mistake, or maintenance without loading."""
    if not protocol.phases or protocol.purpose != "treatment":
        return []
    again = treated.loading_again(gate, facts) if treated.begins_with_loading(protocol, facts) else None
    if again is not None:
        return [again]
    starved = no_loading(protocol)
    if starved is not None and evaluate(starved, facts) is TRUE:
        return [gate.issue("NO_LOADING", NOTE, "")]
    return []


def record_issues(library: Library, case: Case, facts: Facts, policy: Policy) -> list[Issue]:
    """What results, symptoms and warning signs of the record raise, up to the day of assessment, whatever the plan."""
    past = record_as_of(case, facts.on)
    product = product_of(library, case.plan.product if case.plan else "")
    return [
        *red_flag_issues(library, past, facts.on),
        *alarms(library, facts, past, policy).issues,
        *infant_issues(library, facts, past),
        *oral_dose_issues(library, facts, past),
        *reaction_issues(library, facts, open_reactions(facts, past, product)),
    ]


def review_issues(
    library: Library, facts: Facts, protocol: Protocol | None = None, severity: str = NOTE
) -> list[Issue]:  # fmt: skip
    """Past its date every answer says that the library is due for checking; a new plan asks to acknowledge it (hazard H23)."""
    review_by = (protocol.review_by if protocol else None) or library.review_by
    if facts.on <= review_by:
        return []
    gate = Gate(library, facts.patient.country)
    return [gate.issue("LIBRARY_REVIEW_DUE", severity, message("checks.review_due", date=review_by))]


def _library(gate: Gate, protocol: Protocol, phases: tuple[SettledPhase, ...], facts: Facts) -> list[Issue]:
    issues = review_issues(gate.library, facts, protocol, ACKNOWLEDGE)
    if protocol.status != "current":
        status = message("checks.status", protocol=protocol.title, status=protocol.status)
        issues.append(gate.issue("EDITION_SUPERSEDED", NOTE, status, cites=_cites_of(phases)))
    unverified = [level for phase in phases for level in phase.levels if LEVELS.index(level.level) > 0]
    if unverified:
        # An article never stands alone for a dose size, so a dose that does is asked about like one that was not checked.
        alone = [
            level
            for level in unverified
            if level.level == "recalled" or (level.level == "article" and level.path.endswith(".dose"))
        ]
        shown = unread(alone or unverified)
        cites = tuple(cite for level in alone or unverified for cite in level.cites)
        severity, text = ACKNOWLEDGE if alone else NOTE, joined(shown, ".", between="")
        issues.append(gate.issue("LIBRARY_NOT_VERIFIED", severity, text, cites=cites))
    return issues


def _cites_of(phases: tuple[SettledPhase, ...]) -> Citations:
    return tuple(dict.fromkeys(cite for phase in phases for cite in phase.phase.cites))
