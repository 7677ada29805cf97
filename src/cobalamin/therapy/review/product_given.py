"""The product of a given dose, looked up: whether the library knows it, and whether it can be what was given (hazard H60)."""

from __future__ import annotations

import re

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Product
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.text.messages import listed, mass, message
from cobalamin.therapy.case.events import Administration
from cobalamin.therapy.review.reason import Reason
from cobalamin.therapy.safety.products import too_much_in_one

CONTRADICTS, UNKNOWN = "PRODUCT_CONTRADICTS", "PRODUCT_UNKNOWN"


def product_of(library: Library, told: str) -> Product | None:
    """The product of this id or, where only one has it, of this name or brand."""
    if told in library.products:
        return library.products[told]
    named = products_named(library, told)
    return named[0] if len(named) == 1 else None


def products_named(library: Library, told: str) -> tuple[Product, ...]:
    """The products whose record states this name: the whole of it, the brand with which it begins, or one in brackets after `also`."""
    known = tuple(library.products.values())
    words = " ".join(told.split())
    if not re.search(r"[^\W\d_]", words):
        return ()
    brand = re.compile(rf"(?:^|\(also ){re.escape(words)}(?=$|[ ,)])", re.IGNORECASE)
    whole = tuple(product for product in known if product.name.casefold() == words.casefold())
    return whole or tuple(product for product in known if brand.search(product.name))


def products_near(library: Library, told: str, most: int = 3) -> tuple[Product, ...]:
    """The products with a name or an id written much like this one."""
    from difflib import get_close_matches  # only where nothing was found

    by_word: dict[str, list[Product]] = {}
    for product in library.products.values():
        for word in (product.id, *re.findall(r"[^\s(),]+", product.name)):
            if re.search(r"[^\W\d_]{3}", word):
                by_word.setdefault(word.casefold(), []).append(product)
    found = {
        product.id: product for word in get_close_matches(told.casefold(), by_word, most) for product in by_word[word]
    }
    return tuple(found.values())[:most]


def what_is_wrong(
    library: Library, event: Administration, substance: str, dose: Mass | None, route: str
) -> Reason | None:
    """The flag and what is wrong with the product of a dose; None where none is told or nothing contradicts."""
    told = event.product.strip()
    if not told:
        return None
    product = product_of(library, told)
    if product is None:
        return Reason(UNKNOWN, message("evaluations.product_unknown", product=told))
    found = []
    if not product.replacement:
        found.append(message("evaluations.product_antidote", product=product.name))
    if substance and product.substance and product.substance != substance:
        named = {"contained": product.substance, "substance": substance}
        found.append(message("evaluations.product_substance", product=product.name, **named))
    if dose is not None and product.amount is not None and too_much_in_one(product, dose):
        held, given = (mass(each, product.country) for each in (product.amount, dose))
        amounts = {"contained": held, "dose": given}
        found.append(message("evaluations.product_amount", product=product.name, **amounts))
    if route and product.routes and not _same_way(route, product.routes):
        found.append(message("evaluations.product_route", product=product.name))
    return Reason(CONTRADICTS, listed(found, "; ")) if found else None


def _same_way(route: str, routes: tuple[str, ...]) -> bool:
    """By a needle or not: which of the injections a label names is told elsewhere."""
    return route in routes or any((route in INJECTIONS) == (each in INJECTIONS) for each in routes)
