"""The product of a given dose, looked up: whether the library knows it, and whether it can be what was given (hazard H60)."""

from __future__ import annotations

from cobalamin.amounts import Mass, mass_text
from cobalamin.knowledge.library import Library, english
from cobalamin.knowledge.model import Product
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.therapy.case.events import Administration
from cobalamin.therapy.review.reason import Reason
from cobalamin.therapy.safety.products import too_much_in_one

CONTRADICTS, UNKNOWN = "PRODUCT_CONTRADICTS", "PRODUCT_UNKNOWN"


def product_of(library: Library, told: str) -> Product | None:
    """The product of this id or, where only one has it, of this name."""
    if told in library.products:
        return library.products[told]
    named = [product for product in library.products.values() if product.name.casefold() == told.casefold()]
    return named[0] if len(named) == 1 else None


def what_is_wrong(
    library: Library, event: Administration, substance: str, dose: Mass | None, route: str
) -> Reason | None:
    """The flag and what is wrong with the product of a dose; None where none is told or nothing contradicts."""
    told = event.product.strip()
    if not told:
        return None
    product, words = product_of(library, told), english()
    if product is None:
        return Reason(UNKNOWN, words.text("evaluations.product_unknown", product=told))
    found = []
    if not product.replacement:
        found.append(words.text("evaluations.product_antidote", product=product.name))
    if substance and product.substance and product.substance != substance:
        named = {"contained": product.substance, "substance": substance}
        found.append(words.text("evaluations.product_substance", product=product.name, **named))
    if dose is not None and product.amount is not None and too_much_in_one(product, dose):
        amounts = {"contained": mass_text(product.amount, product.country), "dose": mass_text(dose, product.country)}
        found.append(words.text("evaluations.product_amount", product=product.name, **amounts))
    if route and product.routes and not _same_way(route, product.routes):
        found.append(words.text("evaluations.product_route", product=product.name))
    return Reason(CONTRADICTS, "; ".join(found)) if found else None


def _same_way(route: str, routes: tuple[str, ...]) -> bool:
    """By a needle or not: which of the injections a label names is told elsewhere."""
    return route in routes or any((route in INJECTIONS) == (each in INJECTIONS) for each in routes)
