"""`dose`: the volume and the whole containers of a dose, and the dose that a volume holds."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import (
    AmountRefused,
    Mass,
    Strength,
    containers_for,
    mass_in,
    plain,
    read_mass,
    read_strength,
    read_volume_ml,
    volume_for,
)
from cobalamin.app.services.planning import find_product
from cobalamin.app.services.shipped import library
from cobalamin.errors import InputError
from cobalamin.knowledge.model import Product
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.safety.products import product_issues


class Volume(Struct, frozen=True):
    """What to draw up for a dose: volume, and how many whole containers it is where their content is known."""

    dose: Mass
    strength: Strength | None
    volume_ml: Decimal | None
    product: Product | None
    containers: tuple[Decimal, bool] | None  # how many, and whether exactly that many
    issues: tuple[Issue, ...]
    of_volume: bool = False  # the volume was asked about, and the dose is the answer


_THOUSANDS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9,])")


def _without_thousands(text: str, country: str) -> str:
    """The text without commas between thousands where a comma is never a decimal: "1,000 mcg" in the US."""
    return _THOUSANDS.sub(lambda found: found.group().replace(",", ""), text) if country == "US" else text


def dose_volume(dose_text: str, product_id: str = "", strength_text: str = "", country: str = "") -> Volume:
    """Volume and containers for a dose. Raises InputError for what can't be read, and for a product without a volume."""
    try:
        dose = read_mass(_without_thousands(dose_text, country))
    except AmountRefused as error:
        raise InputError.one("dose", "", str(error)) from None
    product, strength = _drawn_from(product_id, strength_text, country)
    issues = tuple(product_issues(library(), product, dose, country))
    if product is not None and not product.replacement:
        return Volume(dose, None, None, product, None, issues)
    if strength is None and product is not None and product.amount is not None:
        return Volume(dose, None, None, product, containers_for(dose, product.amount), issues)
    if strength is None:
        raise _strength_unknown(product_id)
    return Volume(dose, strength, volume_for(dose, strength), product, _containers(dose, product), issues)


def mass_of(volume_text: str, product_id: str = "", strength_text: str = "", country: str = "") -> Volume:
    """The dose that a volume holds, and how many containers that is. Raises InputError for what can't be read, and without a strength."""
    product, strength = _drawn_from(product_id, strength_text, country)
    if strength is None:
        raise _strength_unknown(product_id)
    try:
        volume_ml = read_volume_ml(volume_text)
        dose = mass_in(volume_ml, strength)
    except AmountRefused as error:
        raise InputError.one("dose", "", str(error)) from None
    issues = tuple(product_issues(library(), product, dose, country))
    if product is not None and not product.replacement:
        return Volume(dose, None, None, product, None, issues)
    return Volume(dose, strength, plain(volume_ml), product, _containers(dose, product), issues, of_volume=True)


def _drawn_from(product_id: str, strength_text: str, country: str) -> tuple[Product | None, Strength | None]:
    """The product, and the strength of the label or of the product."""
    try:
        strength = read_strength(_without_thousands(strength_text, country)) if strength_text else None
    except AmountRefused as error:
        raise InputError.one("dose", "", str(error)) from None
    product = find_product(product_id) if product_id else None
    return product, strength or (product.strength if product else None)


def _containers(dose: Mass, product: Product | None) -> tuple[Decimal, bool] | None:
    return containers_for(dose, product.amount) if product and product.amount else None


def _strength_unknown(product_id: str) -> InputError:
    message = "its strength per mL is not known; give --strength as on the label, for example 1000 mcg/mL"
    return InputError.one("product", product_id, message)
