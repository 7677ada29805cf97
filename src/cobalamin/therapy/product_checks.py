"""Checks of what is given: product, excipients, dose, route."""

from __future__ import annotations

from collections.abc import Iterator

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Product
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.spans import Span
from cobalamin.therapy.choices import SettledPhase
from cobalamin.therapy.facts import Facts
from cobalamin.therapy.issues import ACKNOWLEDGE, BLOCK, Gate, Issue, ordered
from cobalamin.therapy.truth import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of

LARGEST_DOSE_NG = 10_000_000  # 10 mg: contract, DOSE_IMPLAUSIBLE
_FIVEFOLD = 5


def patient_and_product(
    gate: Gate, product: Product | None, phases: tuple[SettledPhase, ...], facts: Facts
) -> list[Issue]:
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
    injected = not phases or bool({phase.route for phase in phases} & (INJECTIONS | {""}))
    infant = all_of(
        [
            facts.age_between(None, Span(1, "a")),
            any_of([facts.is_one_of("preterm", ("present",)), facts.age_between(None, Span(28, "d"))]),
        ]
    )
    if injected and infant is not FALSE and ("benzyl_alcohol" in excipients or unsure):
        certain = product is not None and "benzyl_alcohol" in excipients and infant is TRUE
        ask = () if infant is TRUE else ("preterm",)
        if infant is TRUE or product is not None:
            detail = "The product contains benzyl alcohol." if certain else "Choose a product without benzyl alcohol."
            issues.append(gate.issue("BENZYL_ALCOHOL_NEONATE", BLOCK if certain else ACKNOWLEDGE, detail, ask))
    return issues


def _excipient(
    gate: Gate, name: str, fact: str, allergic: Truth, product: Product | None, contained: bool
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


def doses_and_routes(gate: Gate, product: Product | None, phases: tuple[SettledPhase, ...]) -> list[Issue]:
    """Each check of a dose or route once, for the first phase that raises it."""
    issues: dict[str, Issue] = {}
    for phase in phases:
        for issue in (*_dose_issues(gate, product, phase), *_route_issues(gate, product, phase)):
            issues.setdefault(issue.code, issue)
    return list(issues.values())


def _dose_issues(gate: Gate, product: Product | None, phase: SettledPhase) -> Iterator[Issue]:
    name = phase.phase.name
    if phase.dose and phase.dose.nanograms > LARGEST_DOSE_NG:
        yield gate.issue("DOSE_IMPLAUSIBLE", BLOCK, f"{gate.mass(phase.dose)} in phase {name} is over 10 mg.")
    if product is None:
        return
    if phase.substance and product.substance != phase.substance:
        detail = f"{product.name} is {product.substance}; phase {name} is {phase.substance}."
        yield gate.issue("DOSE_DIFFERS_FROM_PROTOCOL", ACKNOWLEDGE, detail)
    if phase.dose and _too_much_in_one(product, phase.dose):
        detail = gate.difference(product, f"phase {name} asks for {gate.mass(phase.dose)}")
        yield gate.issue("DOSE_IMPLAUSIBLE", BLOCK, detail)


def _route_issues(gate: Gate, product: Product | None, phase: SettledPhase) -> Iterator[Issue]:
    name, route, published = phase.phase.name, phase.route, phase.phase.routes
    labelled = product.routes if product else ()
    if route == "intravenous" and route not in (*published, *labelled):
        yield gate.issue("ROUTE_INTRAVENOUS", BLOCK, f"Phase {name}.")
    elif product is None and route and published and route not in published:
        detail = f"Phase {name} is {', '.join(published)} in its source, not {route}."
        yield gate.issue("ROUTE_NOT_LABELLED", ACKNOWLEDGE, detail)
    elif product is not None and route and labelled and route not in labelled:
        detail = f"{product.name} is labelled for {', '.join(labelled)}, not {route}."
        yield gate.issue("ROUTE_NOT_LABELLED", ACKNOWLEDGE, detail)


def product_issues(library: Library, product: Product | None, dose: Mass, country: str = "") -> list[Issue]:
    """The checks of one dose against one product, without a patient or a protocol."""
    gate = Gate(library, country)
    issues: list[Issue] = []
    if product is not None and not product.replacement:
        issues.append(
            gate.issue("ANTIDOTE_PRODUCT", BLOCK, f"{product.name} is not a product for vitamin B12 replacement.")
        )
    if dose.nanograms > LARGEST_DOSE_NG:
        issues.append(gate.issue("DOSE_IMPLAUSIBLE", BLOCK, f"{gate.mass(dose)} is over 10 mg."))
    elif product is not None and _too_much_in_one(product, dose):
        detail = gate.difference(product, f"the dose is {gate.mass(dose)}")
        issues.append(gate.issue("DOSE_IMPLAUSIBLE", BLOCK, detail))
    return ordered(issues)


def _too_much_in_one(product: Product, dose: Mass) -> bool:
    """Whether one container and the dose differ fivefold; of tablets several may be taken, a small part of one not."""
    if product.amount is None:
        return False
    if product.form == "tablet":
        return product.amount.nanograms >= _FIVEFOLD * dose.nanograms
    return _single_use(product) and _fivefold(product.amount, dose)


def _single_use(product: Product) -> bool:
    """Ampoules, and containers whose form nobody states, are taken for single use: the challenge errs on the safe side."""
    return product.use == "single_use" or (product.use == "not_stated" and product.form in ("ampoule", "not_stated"))


def _fivefold(content: Mass, dose: Mass) -> bool:
    low, high = sorted((content.nanograms, dose.nanograms))
    return high >= _FIVEFOLD * low


def excipient_issues(library: Library, facts: Facts) -> list[Issue]:
    """Allergies and ages for which some products must not be taken, before any product is chosen."""
    return patient_and_product(Gate(library, facts.patient.country), None, (), facts)
