"""The card of a product: what stands on the box, in words and both units, and what it could be mistaken for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cobalamin.amounts import Mass, mass_in, mass_text, plain
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Product
from cobalamin.knowledge.words import Words

_MOST_ALIKE = 4


def card_lines(library: Library, product: Product) -> Iterator[str]:
    """The lines of the card, the strength first, the products that look alike last."""
    words = library.own_words
    (_, record), *_ = library.named(product.id)
    if not product.replacement:
        yield words.text("product_card.antidote")
    yield _box(record, product, words)
    if product.amount:
        yield _whole(product, words)
    if product.strength and product.volume_ml and product.volume_ml != "1":
        each = mass_in(Decimal(1), product.strength)
        yield words.text(
            "product_card.in_each_ml",
            amount=mass_text(each, product.country, words.units),
            spelled=_spelled(each, words),
        )
    alike = _alike(library, product)
    if alike:
        yield words.text("product_card.alike")
        yield from (_alike_line(product, other, held, words) for other, held in alike)


def _box(record: dict[str, str], product: Product, words: Words) -> str:
    """The strength as the source prints it."""
    if product.strength:
        return words.text("product_card.box", strength=record["strength"])
    if product.amount:
        return words.text("product_card.box_each", amount=record["amount"], form=_form(product, words))
    return words.text("product_card.not_stated")


def _whole(product: Product, words: Words) -> str:
    assert product.amount is not None
    fields = {
        "form": _form(product, words),
        "amount": mass_text(product.amount, product.country, words.units),
        "spelled": _spelled(product.amount, words),
    }
    if product.volume_ml:
        return words.text("product_card.whole_volume", volume=product.volume_ml, **fields)
    return words.text("product_card.whole", **fields)


def _form(product: Product, words: Words) -> str:
    return (
        product.form.replace("_", " ")
        if product.form not in ("", "not_stated")
        else words.text("product_card.container")
    )


def _spelled(mass: Mass, words: Words) -> str:
    return words.text(f"product_card.spelled__{plain(mass.micrograms)}")


def _alike(library: Library, product: Product) -> list[tuple[Product, Mass]]:
    """Products of the same country or substance that hold another amount: an antidote first, then the country's own, the widest apart first."""
    own = _held(product)
    others = [
        (other, _held(other))
        for other in library.products.values()
        if product.country == other.country or product.substance == other.substance
    ]
    found = [(other, held) for other, held in others if own and held and held.micrograms != own.micrograms]
    return sorted(
        found,
        key=lambda each: (
            each[0].replacement,
            each[0].country != product.country,
            -_apart(product, each[1]),
            each[0].id,
        ),
    )[:_MOST_ALIKE]


def _held(product: Product) -> Mass | None:
    """What one container holds; where its source does not say, what a millilitre holds."""
    return product.amount or (mass_in(Decimal(1), product.strength) if product.strength else None)


def _ratio(product: Product, other: Mass) -> Decimal:
    own = _held(product)
    return other.micrograms / own.micrograms if own else Decimal(1)


def _apart(product: Product, other: Mass) -> Decimal:
    ratio = _ratio(product, other)
    return max(ratio, 1 / ratio)


def _alike_line(product: Product, other: Product, held: Mass, words: Words) -> str:
    ratio, apart = _ratio(product, held), _apart(product, held).quantize(Decimal("0.1"))
    times = words.text(f"product_card.{'times' if ratio > 1 else 'less'}", ratio=f"{plain(apart):,}")
    amount = mass_text(held, product.country, words.units)
    key = "product_card.alike_one" if other.amount else "product_card.alike_strength"
    return words.text(key, name=other.name, country=other.country, amount=amount, times=times)
