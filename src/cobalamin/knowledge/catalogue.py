"""Reading what is not a protocol: sources, facts, products, policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from cobalamin.amounts import AmountRefused, Strength, read_strength, read_volume_ml
from cobalamin.knowledge.criteria import Context, read_citations
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import FactDefinition, Policy, Product, Source, WindowRow
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import LEVELS, NOT_STATED, ROUTES, SOURCE_KINDS, SUBSTANCES
from cobalamin.spans import Span

_SOURCE_REQUIRED = ("id", "title", "issuer", "date", "country", "kind", "level")
_SOURCE_OPTIONAL = ("edition", "address", "read_at", "ai_written", "note")


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
            ai_written=entry.get("ai_written") == "true",
            note=entry.get("note", ""),
        )

    sources = _by_id(reading, document, "sources", read)
    reading.finish()
    return sources


def read_facts(document: Document) -> dict[str, FactDefinition]:
    """Definitions of facts by name. Raises InputError."""
    reading = Reading(document)

    def read(tree: Tree, path: str) -> FactDefinition:
        entry = reading.mapping(
            tree, path, ("id", "kind", "question", "plain", "why"), ("values", "absent", "box", "labels")
        )
        return FactDefinition(
            id=reading.text(entry.get("id"), f"{path}.id"),
            kind=reading.word(entry.get("kind"), f"{path}.kind", ("word", "length", "mass")) or "",
            values=tuple(entry.get("values", ())),
            absent=entry.get("absent", ""),
            box=entry.get("box", ""),
            question=reading.text(entry.get("question"), f"{path}.question"),
            plain=reading.text(entry.get("plain"), f"{path}.plain"),
            why=reading.text(entry.get("why"), f"{path}.why"),
            labels=dict(entry.get("labels", {})),
        )

    facts = _by_id(reading, document, "facts", read)
    reading.finish()
    return facts


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
            excipients_stated=entry.get("excipients_stated", "yes") == "yes"
            and not any(isinstance(item, dict) for item in entry.get("excipients", [])),
            country=entry.get("country", ""),
            replacement=reading.word(entry.get("replacement"), f"{path}.replacement", ("yes", "no")) == "yes",
            note=entry.get("note", ""),
            cites=read_citations(reading, context, entry.get("cites", []), f"{path}.cites"),
        )

    products = _by_id(reading, document, "products", read)
    reading.finish()
    return products


_POLICY_OPTIONAL = (
    "owner", "date", "minimum_gap", "windows", "decision_after", "first_review", "neurological_review", "below_percent",
    "over_percent", "substitute_interval",
)  # fmt: skip


def read_policy(document: Document, base: Policy | None = None) -> Policy:
    """A policy; with `base`, a local one that replaces rows and must name its owner and date. Raises InputError."""
    reading = Reading(document)
    entry = reading.mapping(
        document.tree, "", ("policy",) if base is None else ("policy", "owner", "date"), _POLICY_OPTIONAL
    )
    rows = reading.each(entry.get("windows", []), "windows", lambda tree, path: _window_row(reading, tree, path))
    windows, replaced = (rows, ()) if base is None else _replace_rows(reading, base.windows, rows)
    if base is not None and "date" in entry:
        reading.date(entry["date"], "date")

    def span(key: str, default: Span) -> Span:
        return (reading.span(entry[key], key) or default) if key in entry else default

    gap = span("minimum_gap", Span(base.minimum_gap if base else 1, "d"))
    policy = Policy(
        name=reading.text(entry.get("policy"), "policy"),
        basis="software_default" if base is None else "local_policy",
        owner=entry.get("owner", ""),
        date=entry.get("date", ""),
        windows=windows,
        replaced=replaced,
        minimum_gap=gap.number,
        decision_after=span("decision_after", base.decision_after if base else Span(21, "d")),
        first_review=span("first_review", base.first_review if base else Span(14, "d")),
        neurological_review=span("neurological_review", base.neurological_review if base else Span(1, "mo")),
        below_percent=_percent(reading, entry, "below_percent", base.below_percent if base else 90),
        over_percent=_percent(reading, entry, "over_percent", base.over_percent if base else 150),
        substitute_interval=_substitutes(reading, entry)
        if "substitute_interval" in entry or base is None
        else base.substitute_interval,
    )
    reading.finish()
    return policy


def _percent(reading: Reading, entry: dict[str, Tree], key: str, default: int) -> int:
    return reading.whole(entry[key], key, 1, 1000) or default if key in entry else default


def _substitutes(reading: Reading, entry: dict[str, Tree]) -> dict[str, dict[str, Span]]:
    table: dict[str, dict[str, Span]] = {}
    for planned, row in reading.mapping(
        entry.get("substitute_interval", {}), "substitute_interval", (), SUBSTANCES
    ).items():
        at = f"substitute_interval.{planned}"
        spans = {
            given: reading.span(tree, f"{at}.{given}")
            for given, tree in reading.mapping(row, at, (), SUBSTANCES).items()
        }
        table[planned] = {given: span for given, span in spans.items() if span}
    return table


def _window_row(reading: Reading, tree: Tree, path: str) -> WindowRow | None:
    entry = reading.mapping(tree, path, ("through", "count_from", "early", "late", "lapse", "lapse_from"))
    days = {key: reading.span(entry.get(key, ""), f"{path}.{key}") for key in ("through", "early", "late")}
    for key, value in days.items():
        if value is not None and value.unit != "d":
            reading.fault(f"{path}.{key}", f"'{value}' must be in days, because intervals are compared in days")
    lapse = reading.span(entry.get("lapse", ""), f"{path}.lapse")
    half = reading.word(entry.get("count_from"), f"{path}.count_from", ("minimum_gap", "half"))
    lapse_from = reading.word(entry.get("lapse_from"), f"{path}.lapse_from", ("anchor", "target"))
    through, early, late = days["through"], days["early"], days["late"]
    if through is None or early is None or late is None or lapse is None or half is None or lapse_from is None:
        return None
    return WindowRow(through.number, half == "half", early.number, late.number, lapse, lapse_from)


def _replace_rows(
    reading: Reading, base: tuple[WindowRow, ...], rows: tuple[WindowRow, ...]
) -> tuple[tuple[WindowRow, ...], tuple[int, ...]]:
    """Rows are named by `through`; a local policy may only replace rows that exist, so that no interval loses its row."""
    known = {row.through_days for row in base}
    for row in rows:
        if row.through_days not in known:
            reading.fault(
                "windows",
                f"there is no row through {row.through_days} d; rows end at {', '.join(f'{day} d' for day in sorted(known))}",
            )
    own = {row.through_days: row for row in rows}
    return tuple(own.get(row.through_days, row) for row in base), tuple(sorted(own))


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_HasId)


def _by_id(reading: Reading, document: Document, key: str, read: Callable[[Tree, str], R | None]) -> dict[str, R]:
    tree = reading.mapping(document.tree, "", (key,), ("program_checks",)).get(key, [])
    records = reading.each(tree, key, read)
    found: dict[str, R] = {}
    for number, record in enumerate(records):
        if record.id in found:
            reading.fault(f"{key}[{number}]", f"the id '{record.id}' stands twice")
        found[record.id] = record
    return found
