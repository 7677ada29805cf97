"""Checks of what is given: product, excipients, dose, route."""

from __future__ import annotations

from collections.abc import Iterator

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Criterion, Product
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.records import replace
from cobalamin.text.messages import Text, joined, message
from cobalamin.therapy.case.conditions import ALLERGIES, NEWBORN
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK, Gate, Issue, ordered
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth
from cobalamin.therapy.regimen.choices import SettledPhase

LARGEST_DOSE_NG = 10_000_000  # 10 mg: contract, DOSE_IMPLAUSIBLE
_FIVEFOLD = 5
# What is told of contents before any product is chosen, and what it is asked of.
EXCIPIENT_CODES = frozenset({"ALLERGY_EXCIPIENT", "BENZYL_ALCOHOL_NEONATE"})
EXCIPIENT_CRITERIA: tuple[Criterion, ...] = (*ALLERGIES.values(), NEWBORN)


def patient_and_product(
    gate: Gate, product: Product | None, phases: tuple[SettledPhase, ...], facts: Facts
) -> list[Issue]:
    issues: list[Issue] = []
    if product is not None and not product.replacement:
        return [_antidote(gate, product)]
    excipients = frozenset(product.excipients) if product is not None else frozenset(ALLERGIES)
    unsure = product is None or not product.excipients_stated
    for excipient, allergy in ALLERGIES.items():
        allergic, name = evaluate(allergy, facts), excipient.replace("_", " ")
        if excipient in excipients or unsure:
            contained = excipient in excipients and product is not None
            issues += _excipient(gate, name, allergy.fact, allergic, product, contained)
    injected = not phases or bool({phase.route for phase in phases} & (INJECTIONS | {""}))
    infant = evaluate(NEWBORN, facts)
    if injected and infant is not FALSE and ("benzyl_alcohol" in excipients or unsure):
        certain = product is not None and "benzyl_alcohol" in excipients and infant is TRUE
        ask = () if infant is TRUE else ("preterm",)
        if infant is TRUE or product is not None:
            key = "checks.benzyl_alcohol_contained" if certain else "checks.benzyl_alcohol_possible"
            severity = BLOCK if certain else ACKNOWLEDGE
            issues.append(gate.issue("BENZYL_ALCOHOL_NEONATE", severity, message(key), ask))
    return issues


def _antidote(gate: Gate, product: Product) -> Issue:
    return gate.issue("ANTIDOTE_PRODUCT", BLOCK, message("checks.antidote", product=product.name))


def _excipient(
    gate: Gate, name: str, fact: str, allergic: Truth, product: Product | None, contained: bool
) -> list[Issue]:
    if allergic is FALSE or (allergic is UNKNOWN and not contained):
        return []
    contains = message("checks.contains", product=product.name if product else "", excipient=name)
    if allergic is UNKNOWN:
        return [gate.issue("ALLERGY_EXCIPIENT", ACKNOWLEDGE, contains, (fact,))]
    if contained:
        return [gate.issue("ALLERGY_EXCIPIENT", BLOCK, joined(contains, message("checks.allergy_recorded")))]
    which = message("checks.choose_without", excipient=name)
    issue = gate.issue("ALLERGY_EXCIPIENT", ACKNOWLEDGE, which)
    action, plain = (message(f"checks.which_product{part}", excipient=name) for part in ("", "__plain"))
    return [replace(issue, action=action, plain=plain)]


def doses_and_routes(gate: Gate, product: Product | None, phases: tuple[SettledPhase, ...]) -> list[Issue]:
    """Each check of a dose or route once, for the first phase that raises it."""
    issues: dict[str, Issue] = {}
    for phase in phases:
        for issue in (*_dose_issues(gate, product, phase), *_route_issues(gate, product, phase)):
            issues.setdefault(issue.code, issue)
    return list(issues.values())


def _dose_issues(gate: Gate, product: Product | None, phase: SettledPhase) -> Iterator[Issue]:
    name = phase.phase.name
    dose: Text = gate.mass(phase.dose) if phase.dose else ""
    if phase.dose and phase.dose.nanograms > LARGEST_DOSE_NG:
        yield gate.issue("DOSE_IMPLAUSIBLE", BLOCK, message("checks.over_ten_in_phase", dose=dose, phase=name))
    if product is None:
        return
    if phase.substance and product.substance != phase.substance:
        told = {"product": product.name, "substance": product.substance, "wanted": phase.substance}
        detail = message("checks.substance_differs", phase=name, **told)
        yield gate.issue("DOSE_DIFFERS_FROM_PROTOCOL", ACKNOWLEDGE, detail)
    if phase.dose and too_much_in_one(product, phase.dose):
        asked = message("checks.fivefold_phase", phase=name, dose=dose)
        yield gate.issue("DOSE_IMPLAUSIBLE", BLOCK, gate.difference(product, asked))


def _route_issues(gate: Gate, product: Product | None, phase: SettledPhase) -> Iterator[Issue]:
    name, route, published = phase.phase.name, phase.route, phase.phase.routes
    labelled = product.routes if product else ()
    if route == "intravenous" and route not in (*published, *labelled):
        yield gate.issue("ROUTE_INTRAVENOUS", BLOCK, message("checks.phase", phase=name))
    elif product is None and route and published and route not in published:
        detail = message("checks.route_of_source", phase=name, routes=", ".join(published), route=route)
        yield gate.issue("ROUTE_NOT_LABELLED", ACKNOWLEDGE, detail)
    elif product is not None and route and labelled and route not in labelled:
        detail = message("checks.route_of_product", product=product.name, routes=", ".join(labelled), route=route)
        yield gate.issue("ROUTE_NOT_LABELLED", ACKNOWLEDGE, detail)


def product_issues(library: Library, product: Product | None, dose: Mass, country: str = "") -> list[Issue]:
    """The checks of one dose against one product, without a patient or a protocol."""
    gate = Gate(library, country)
    issues = [_antidote(gate, product)] if product is not None and not product.replacement else []
    if dose.nanograms > LARGEST_DOSE_NG:
        issues.append(gate.issue("DOSE_IMPLAUSIBLE", BLOCK, message("checks.over_ten", dose=gate.mass(dose))))
    elif product is not None and too_much_in_one(product, dose):
        detail = gate.difference(product, message("checks.fivefold_dose", dose=gate.mass(dose)))
        issues.append(gate.issue("DOSE_IMPLAUSIBLE", BLOCK, detail))
    return ordered(issues)


def too_much_in_one(product: Product, dose: Mass) -> bool:
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
