"""The safety gate: everything a plan must pass before it is proposed, planned or accepted (contract, section 4).

An issue says what to do and cites. A fact that is not known gives the same issue one step down with the action "ask".
URGENT_START removes every demand for proof, and no block.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from cobalamin.amounts import Mass, mass_text
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Precaution, Product, Protocol
from cobalamin.knowledge.vocabulary import LEVELS, ROUTES, SUBSTANCES
from cobalamin.spans import Span
from cobalamin.therapy.case import Case, Quantity, ReferenceRange
from cobalamin.therapy.choices import SettledPhase
from cobalamin.therapy.facts import Facts
from cobalamin.therapy.matching import evaluate, missing_facts
from cobalamin.therapy.truth import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of

BLOCK, ACKNOWLEDGE, NOTE = "block", "acknowledge", "note"
_ORDER = {BLOCK: 0, ACKNOWLEDGE: 1, NOTE: 2}
_STEP_DOWN = {BLOCK: ACKNOWLEDGE, ACKNOWLEDGE: NOTE}
MOST_INTERRUPTING = 3
LARGEST_DOSE_NG = 10_000_000  # 10 mg: contract, DOSE_IMPLAUSIBLE
_FIVEFOLD = 5
# Anaemia that nobody has looked for may be severe (hazard H09): the contract keeps the watch on potassium at full height.
_NOT_STEPPED_DOWN = frozenset({"HYPOKALAEMIA_WATCH"})


@dataclass(frozen=True)
class Issue:
    """Something a person should look at. `ask` holds the facts that are not known and would settle it."""

    code: str
    severity: str
    text: str
    plain: str
    action: str
    cites: Citations
    ask: tuple[str, ...] = ()
    interrupts: bool = False


@dataclass(frozen=True)
class Regimens:
    """What the gate looks at of a plan: substances and routes it would use; empty where not known or not yet chosen."""

    substances: frozenset[str]
    routes: frozenset[str]


ANY = Regimens(frozenset(SUBSTANCES), frozenset(ROUTES))


def regimens_of(phases: Iterable[SettledPhase]) -> Regimens:
    """Substances and routes of settled phases; a substance the source does not name may be any."""
    phases = tuple(phases)
    substances = {phase.substance for phase in phases}
    routes = {phase.route for phase in phases}
    return Regimens(
        frozenset(SUBSTANCES) if "" in substances else frozenset(substances),
        frozenset(ROUTES) if "" in routes else frozenset(routes),
    )


@dataclass(frozen=True)
class Judged:
    """The general precautions with their truth for one patient: judged once, asked for each of a hundred protocols."""

    facts: Facts
    entries: tuple[tuple[Precaution, Truth], ...]

    def issues(self, protocol: Protocol | None, regimens: Regimens) -> list[Issue]:
        """The precautions that hold for a plan with these regimens, or that can't be excluded."""
        own = protocol.precautions if protocol else ()
        entries = [*self.entries, *((precaution, evaluate(precaution.when, self.facts)) for precaution in own)]
        # A protocol's own source may set a code lower or higher than the general rule, so the later one counts.
        found: dict[str, Issue] = {}
        for precaution, truth in entries:
            issue = _fact_issue(precaution, truth, self.facts, regimens)
            if issue is not None:
                found[issue.code] = issue
        if "URGENT_START" in found:
            for precaution, _ in entries:
                if precaution.demands_proof:
                    found.pop(precaution.code, None)
        return list(found.values())


def judge(library: Library, facts: Facts) -> Judged:
    return Judged(facts, tuple((precaution, evaluate(precaution.when, facts)) for precaution in library.precautions))


def fact_issues(library: Library, facts: Facts, protocol: Protocol | None, regimens: Regimens) -> list[Issue]:
    """The coded precautions that hold for this patient, or that can't be excluded."""
    return judge(library, facts).issues(protocol, regimens)


def _fact_issue(precaution: Precaution, truth: Truth, facts: Facts, regimens: Regimens) -> Issue | None:
    if truth is FALSE or not _concerns(precaution, regimens):
        return None
    issue = Issue(
        precaution.code, precaution.severity, precaution.text, precaution.plain, precaution.action, precaution.cites
    )
    return issue if truth is TRUE else _stepped_down(issue, missing_facts(precaution.when, facts))


def _concerns(precaution: Precaution, regimens: Regimens) -> bool:
    substance = not precaution.substances or not regimens.substances.isdisjoint(precaution.substances)
    return substance and (not precaution.routes or not regimens.routes.isdisjoint(precaution.routes))


def _stepped_down(issue: Issue, ask: tuple[str, ...]) -> Issue | None:
    severity = issue.severity if issue.code in _NOT_STEPPED_DOWN else _STEP_DOWN.get(issue.severity)
    return replace(issue, severity=severity, action="ask", ask=ask) if severity else None


# -- checks the program computes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Gate:
    """The words of the library for the checks that need more than facts."""

    library: Library
    country: str

    def mass(self, mass: Mass) -> str:
        return mass_text(mass, self.country)

    def difference(self, product: Product, asked: str) -> str:
        """What a container holds against what is asked for, both as masses (hazard H03)."""
        held = self.mass(product.amount) if product.amount else "an amount that is not stated"
        return f"{product.name} holds {held}, {asked}: they differ fivefold or more."

    def issue(self, code: str, severity: str, detail: str, ask: tuple[str, ...] = ()) -> Issue:
        words = self.library.program_checks[code]
        issue = Issue(code, severity, f"{detail} {words.text}".strip(), words.plain, words.action, words.cites)
        return replace(issue, action="ask", ask=ask) if ask else issue


def plan_issues(
    library: Library,
    case: Case,
    facts: Facts,
    protocol: Protocol,
    phases: tuple[SettledPhase, ...],
    product: Product | None,
) -> list[Issue]:
    """All issues of one plan, the most serious first; at most three `acknowledge` issues interrupt (hazard H28)."""
    gate = _Gate(library, facts.patient.country)
    content = library.content(protocol)
    issues = fact_issues(library, facts, content, regimens_of(phases))
    issues += _population(gate, content, facts)
    issues += _product(gate, product, phases, facts)
    issues += _doses_and_routes(gate, product, phases)
    issues += _record(gate, case, facts)
    issues += _library(gate, protocol, phases, facts)
    return ordered(issues)


def ordered(issues: Iterable[Issue]) -> list[Issue]:
    """Most serious first, what is known before what must be asked; the first three to acknowledge interrupt."""
    ranked = sorted(issues, key=lambda issue: (_ORDER[issue.severity], bool(issue.ask), issue.code))
    asked = [issue for issue in ranked if issue.severity == ACKNOWLEDGE][:MOST_INTERRUPTING]
    return [replace(issue, interrupts=issue.severity == BLOCK or issue in asked) for issue in ranked]


def _population(gate: _Gate, protocol: Protocol, facts: Facts) -> list[Issue]:
    truth = evaluate(protocol.indication, facts)
    if truth is TRUE:
        return []
    detail = f"{protocol.id} is for {protocol.population}."
    if truth is FALSE:
        return [gate.issue("POPULATION_NOT_COVERED", ACKNOWLEDGE, detail)]
    return [gate.issue("POPULATION_NOT_COVERED", NOTE, detail, missing_facts(protocol.indication, facts))]


def _product(gate: _Gate, product: Product | None, phases: tuple[SettledPhase, ...], facts: Facts) -> list[Issue]:
    issues: list[Issue] = []
    if product is not None and not product.replacement:
        return [gate.issue("ANTIDOTE_PRODUCT", BLOCK, f"{product.name} is not a product for vitamin B12 replacement.")]
    excipients = frozenset(product.excipients) if product is not None else frozenset({"benzyl_alcohol", "parabens"})
    unsure = product is None or not product.excipients_stated
    for excipient, fact in (("benzyl_alcohol", "allergy_benzyl_alcohol"), ("parabens", "allergy_parabens")):
        allergic = facts.is_one_of(fact, ("present",))
        name = excipient.replace("_", " ")
        if excipient in excipients or unsure:
            issues += _excipient(gate, name, fact, allergic, product, excipient in excipients and product is not None)
    infant = all_of(
        [
            facts.age_between(None, Span(1, "a")),
            any_of([facts.is_one_of("preterm", ("present",)), facts.age_between(None, Span(28, "d"))]),
        ]
    )
    if infant is not FALSE and ("benzyl_alcohol" in excipients or unsure):
        certain = product is not None and "benzyl_alcohol" in excipients and infant is TRUE
        ask = () if infant is TRUE else ("preterm",)
        if infant is TRUE or product is not None:
            detail = "The product contains benzyl alcohol." if certain else "Choose a product without benzyl alcohol."
            issues.append(gate.issue("BENZYL_ALCOHOL_NEONATE", BLOCK if certain else ACKNOWLEDGE, detail, ask))
    return issues


def _excipient(
    gate: _Gate, name: str, fact: str, allergic: Truth, product: Product | None, contained: bool
) -> list[Issue]:
    if allergic is TRUE:
        detail = (
            f"{product.name} contains {name}."
            if contained and product
            else f"Choose a product that states that it has no {name}."
        )
        return [gate.issue("ALLERGY_EXCIPIENT", BLOCK if contained else ACKNOWLEDGE, detail)]
    if allergic is UNKNOWN and contained and product:
        return [gate.issue("ALLERGY_EXCIPIENT", ACKNOWLEDGE, f"{product.name} contains {name}.", (fact,))]
    return []


def _doses_and_routes(gate: _Gate, product: Product | None, phases: tuple[SettledPhase, ...]) -> list[Issue]:
    issues: dict[str, Issue] = {}

    def add(code: str, severity: str, detail: str) -> None:
        issues.setdefault(code, gate.issue(code, severity, detail))

    for phase in phases:
        if phase.dose and phase.dose.nanograms > LARGEST_DOSE_NG:
            add("DOSE_IMPLAUSIBLE", BLOCK, f"{gate.mass(phase.dose)} in phase {phase.phase.name} is over 10 mg.")
        if phase.route == "intravenous" and "intravenous" not in (
            *phase.phase.routes,
            *(product.routes if product else ()),
        ):
            add("ROUTE_INTRAVENOUS", BLOCK, f"Phase {phase.phase.name}.")
        if product is None:
            continue
        if phase.substance and product.substance != phase.substance:
            add(
                "DOSE_DIFFERS_FROM_PROTOCOL",
                ACKNOWLEDGE,
                f"{product.name} is {product.substance}; phase {phase.phase.name} is {phase.substance}.",
            )
        if phase.dose and product.amount and _single_use(product) and _fivefold(product.amount, phase.dose):
            detail = gate.difference(product, f"phase {phase.phase.name} asks for {gate.mass(phase.dose)}")
            add("DOSE_IMPLAUSIBLE", BLOCK, detail)
        if phase.route and product.routes and phase.route not in product.routes:
            add(
                "ROUTE_NOT_LABELLED",
                ACKNOWLEDGE,
                f"{product.name} is labelled for {', '.join(product.routes)}, not {phase.route}.",
            )
    return list(issues.values())


def product_issues(library: Library, product: Product | None, dose: Mass, country: str = "") -> list[Issue]:
    """The checks of one dose against one product, without a patient or a protocol."""
    gate = _Gate(library, country)
    issues: list[Issue] = []
    if product is not None and not product.replacement:
        issues.append(
            gate.issue("ANTIDOTE_PRODUCT", BLOCK, f"{product.name} is not a product for vitamin B12 replacement.")
        )
    if dose.nanograms > LARGEST_DOSE_NG:
        issues.append(gate.issue("DOSE_IMPLAUSIBLE", BLOCK, f"{gate.mass(dose)} is over 10 mg."))
    elif product is not None and product.amount and _single_use(product) and _fivefold(product.amount, dose):
        detail = gate.difference(product, f"the dose is {gate.mass(dose)}")
        issues.append(gate.issue("DOSE_IMPLAUSIBLE", BLOCK, detail))
    return ordered(issues)


def _single_use(product: Product) -> bool:
    """Ampoules, and containers whose form nobody states, are taken for single use: the challenge errs on the safe side."""
    return product.use == "single_use" or (product.use == "not_stated" and product.form in ("ampoule", "not_stated"))


def _fivefold(content: Mass, dose: Mass) -> bool:
    low, high = sorted((content.nanograms, dose.nanograms))
    return high >= _FIVEFOLD * low


def _record(gate: _Gate, case: Case, facts: Facts) -> list[Issue]:
    """Potassium below the laboratory's range, and warning signs, up to the day of assessment."""
    issues: list[Issue] = []
    past = [event for event in case.record if event.on is not None and event.on <= facts.on]
    potassium = [event for event in past if event.kind == "result" and event.data.get("marker") == "potassium"]
    if potassium:
        latest = max(potassium, key=lambda event: (str(event.on), event.id))
        value, usual = latest.data["value"], latest.data.get("reference_range")
        if isinstance(value, Quantity) and isinstance(usual, ReferenceRange) and _below(value, usual):
            issues.append(
                gate.issue(
                    "POTASSIUM_LOW", ACKNOWLEDGE, f"Potassium {value} on {latest.on} is under the laboratory's range."
                )
            )
    signs = sorted(
        {str(sign) for event in past if event.kind == "symptoms" for sign in _listed(event.data.get("red_flags"))}
    )
    if signs:
        issues.append(
            gate.issue(
                "RED_FLAG_SYMPTOM", ACKNOWLEDGE, f"Recorded: {', '.join(sign.replace('_', ' ') for sign in signs)}."
            )
        )
    return issues


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, tuple | list) else ()


def _below(value: Quantity, usual: ReferenceRange) -> bool:
    low: Decimal | None = usual.low
    return low is not None and value.unit == usual.unit and value.comparator != ">" and value.value < low


def _library(gate: _Gate, protocol: Protocol, phases: tuple[SettledPhase, ...], facts: Facts) -> list[Issue]:
    issues: list[Issue] = []
    if protocol.status != "current":
        issues.append(gate.issue("EDITION_SUPERSEDED", NOTE, f"{protocol.id} is {protocol.status}."))
    review_by = protocol.review_by or gate.library.review_by
    if facts.on > review_by:
        issues.append(
            gate.issue("EDITION_SUPERSEDED", NOTE, f"This edition of the library was due for checking by {review_by}.")
        )
    unverified = [level for phase in phases for level in phase.levels if LEVELS.index(level.level) > 0]
    if unverified:
        recalled = [level for level in unverified if level.level == "recalled"]
        shown = ", ".join(dict.fromkeys(f"{level.path} ({level.level})" for level in recalled or unverified))
        issues.append(gate.issue("LIBRARY_NOT_VERIFIED", ACKNOWLEDGE if recalled else NOTE, f"{shown}."))
    return issues
