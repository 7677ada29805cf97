"""Reading what is not a protocol: sources, facts, products, policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from cobalamin.amounts import AmountRefused, Strength, read_strength, read_volume_ml
from cobalamin.knowledge.criteria import Context, read_citations
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import Age, FactDefinition, Product, Source
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import LEVELS, NOT_STATED, ROUTES, SOURCE_KINDS, SUBSTANCES

_SOURCE_REQUIRED = ("id", "title", "issuer", "date", "country", "kind", "level")
_SOURCE_OPTIONAL = ("edition", "address", "read_at", "ai_written", "note", "checked_on", "newer_known")


def read_sources(document: Document) -> dict[str, Source]:
    """Source records by id. Raises InputError."""
    reading = Reading(document)

    def read(tree: Tree, path: str) -> Source:
        entry = reading.mapping(tree, path, _SOURCE_REQUIRED, _SOURCE_OPTIONAL)
        read_at = reading.each(entry.get("read_at", []), f"{path}.read_at", lambda item, at: reading.text(item, at))
        return Source(
            id=reading.text(entry.get("id"), f"{path}.id"),
            title=reading.text(entry.get("title"), f"{path}.title"),
            issuer=reading.text(entry.get("issuer"), f"{path}.issuer"),
            edition=entry.get("edition", ""),
            date=entry.get("date", ""),
            country=entry.get("country", ""),
            kind=reading.word(entry.get("kind"), f"{path}.kind", SOURCE_KINDS) or "",
            level=reading.word(entry.get("level"), f"{path}.level", LEVELS) or "",
            address=entry.get("address", ""),
            read_at=read_at,
            ai_written=reading.flag(entry, "ai_written", path),
            note=entry.get("note", ""),
            checked_on=str(reading.date(entry["checked_on"], f"{path}.checked_on") or "")
            if "checked_on" in entry
            else "",
            newer_known=reading.text(entry["newer_known"], f"{path}.newer_known") if "newer_known" in entry else "",
        )

    sources = _by_id(reading, document, "sources", read)
    reading.finish()
    return sources


FIND_OUT = ("ask", "examine", "test")  # how a fact is learnt


def read_facts(document: Document) -> dict[str, FactDefinition]:
    """Definitions of facts by name. Raises InputError."""
    reading = Reading(document)

    def read(tree: Tree, path: str) -> FactDefinition:
        entry = reading.mapping(
            tree,
            path,
            ("id", "kind", "question", "plain", "why"),
            ("values", "absent", "box", "labels", "find_out", "at_review", "asked_when", "asked_ages"),
        )
        return FactDefinition(
            id=reading.text(entry.get("id"), f"{path}.id"),
            kind=reading.word(entry.get("kind"), f"{path}.kind", ("word", "words", "length", "mass")) or "",
            values=tuple(entry.get("values", ())),
            absent=entry.get("absent", ""),
            box=entry.get("box", ""),
            question=reading.text(entry.get("question"), f"{path}.question"),
            plain=reading.text(entry.get("plain"), f"{path}.plain"),
            why=reading.text(entry.get("why"), f"{path}.why"),
            labels=dict(entry.get("labels", {})),
            find_out=reading.word(entry.get("find_out", "ask"), f"{path}.find_out", FIND_OUT) or "ask",
            at_review=reading.flag(entry, "at_review", path),
            asked_when=_asked_when(reading, entry["asked_when"], f"{path}.asked_when")
            if "asked_when" in entry
            else None,
            asked_ages=_asked_ages(reading, entry["asked_ages"], f"{path}.asked_ages")
            if "asked_ages" in entry
            else None,
        )

    facts = _by_id(reading, document, "facts", read)
    reading.finish()
    return facts


def _asked_when(reading: Reading, tree: Tree, path: str) -> tuple[str, tuple[str, ...]]:
    entry = reading.mapping(tree, path, ("fact", "is"))
    return reading.text(entry.get("fact"), f"{path}.fact"), tuple(entry.get("is", ()))


def _asked_ages(reading: Reading, tree: Tree, path: str) -> Age:
    bounds = reading.mapping(tree, path, (), ("from", "below"))
    at_least = reading.span(bounds["from"], f"{path}.from") if "from" in bounds else None
    return Age(at_least, reading.span(bounds["below"], f"{path}.below") if "below" in bounds else None)


_PRODUCT_REQUIRED = ("id", "name", "substance", "amount", "form", "use", "routes", "country", "replacement", "cites")
_PRODUCT_OPTIONAL = (
    "salt", "volume", "strength", "routes_discouraged", "excipients", "excipients_stated", "codes", "note", "pack",
)  # fmt: skip


def _strength_and_volume(reading: Reading, stated: dict[str, Tree], path: str) -> tuple[Strength | None, str]:
    try:
        strength = read_strength(stated["strength"]) if "strength" in stated else None
        return strength, str(read_volume_ml(stated["volume"])) if "volume" in stated else ""
    except AmountRefused as error:
        reading.fault(path, str(error))
        return None, ""


def read_products(document: Document, context: Context) -> dict[str, Product]:
    """Products by id. Raises InputError."""
    reading = Reading(document)

    def read(tree: Tree, path: str) -> Product | None:
        entry = reading.mapping(tree, path, _PRODUCT_REQUIRED, _PRODUCT_OPTIONAL)
        stated = {key: value for key, value in entry.items() if value != NOT_STATED}
        amount = reading.mass(stated["amount"], f"{path}.amount") if "amount" in stated else None
        strength, volume = _strength_and_volume(reading, stated, path)
        excipients = [item.get("name") if isinstance(item, dict) else item for item in entry.get("excipients", [])]
        substance = reading.word(entry.get("substance"), f"{path}.substance", SUBSTANCES)
        if substance is None:
            return None
        return Product(
            id=reading.text(entry.get("id"), f"{path}.id"),
            name=reading.text(entry.get("name"), f"{path}.name"),
            substance=substance,
            amount=amount,
            strength=strength,
            volume_ml=volume,
            form=reading.word(entry.get("form"), f"{path}.form", ("ampoule", "vial", "tablet", "spray", NOT_STATED))
            or "",
            use=reading.word(entry.get("use"), f"{path}.use", ("single_use", "multi_dose", "not_stated")) or "",
            routes=reading.words(stated.get("routes", []), f"{path}.routes", ROUTES),
            excipients=tuple(str(name) for name in excipients),
            # What was not checked does not rule another excipient out.
            excipients_stated=reading.word(
                entry.get("excipients_stated", "yes"), f"{path}.excipients_stated", ("yes", "no")
            )
            == "yes"
            and not any(isinstance(item, dict) for item in entry.get("excipients", [])),
            country=entry.get("country", ""),
            replacement=reading.word(entry.get("replacement"), f"{path}.replacement", ("yes", "no")) == "yes",
            note=entry.get("note", ""),
            cites=read_citations(reading, context, entry.get("cites", []), f"{path}.cites"),
        )

    products = _by_id(reading, document, "products", read)
    reading.finish()
    return products


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_HasId)


def _by_id(reading: Reading, document: Document, key: str, read: Callable[[Tree, str], R | None]) -> dict[str, R]:
    tree = reading.mapping(document.tree, "", (key,)).get(key, [])
    records = reading.each(tree, key, read)
    found: dict[str, R] = {}
    for number, record in enumerate(records):
        if record.id in found:
            reading.fault(f"{key}[{number}]", f"the id '{record.id}' stands twice")
        found[record.id] = record
    return found
