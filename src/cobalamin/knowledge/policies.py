"""Reading policies: windows and limits that no source states, this program's own or a local one with owner and date."""

from __future__ import annotations

import re
from decimal import Decimal

from cobalamin.amounts import plain
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import Policy, ResultLimits, WindowRow
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import SUBSTANCES
from cobalamin.spans import Span

_POLICY_OPTIONAL = (
    "owner", "date", "minimum_gap", "windows", "decision_after", "neurological_review", "below_percent",
    "over_percent", "substitute_interval", "hold_asks_after", "statement_expected", "order_ahead", "results",
)  # fmt: skip
_MMOL = re.compile(r"[0-9](?:\.[0-9])? mmol/L")
_RESULTS = ResultLimits(Span(3, "mo"), Span(12, "mo"), Decimal("3.5"), Decimal(3), Decimal("2.5"), 3, 2, 7)


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

    below, over = _amounts(reading, entry, base)
    policy = Policy(
        name=_name(reading, entry, base),
        basis="software_default" if base is None else "local_policy",
        owner=entry.get("owner", ""),
        date=entry.get("date", ""),
        windows=windows,
        replaced=replaced,
        minimum_gap_days=_number(reading, entry, "minimum_gap", "d", base.minimum_gap_days if base else 1),
        decision_after=_short(reading, entry, "decision_after", base.decision_after if base else Span(21, "d")),
        neurological_review_months=_number(
            reading, entry, "neurological_review", "mo", base.neurological_review_months if base else 1
        ),
        below_percent=below,
        over_percent=over,
        substitute_interval=_substitutes(reading, entry)
        if "substitute_interval" in entry or base is None
        else base.substitute_interval,
        hold_asks_after=_short(reading, entry, "hold_asks_after", base.hold_asks_after if base else Span(14, "d")),
        statement_expected=_short(
            reading, entry, "statement_expected", base.statement_expected if base else Span(3, "mo")
        ),
        order_ahead=_short(reading, entry, "order_ahead", base.order_ahead if base else Span(14, "d")),
        results=_results(reading, entry.get("results", {}), base.results if base else _RESULTS),
    )
    reading.finish()
    return policy


def _amounts(reading: Reading, entry: dict[str, Tree], base: Policy | None) -> tuple[int, int]:
    """The least and most share of the planned dose, in percent."""
    below = _percent(reading, entry, "below_percent", base.below_percent if base else 90)
    over = _percent(reading, entry, "over_percent", base.over_percent if base else 150)
    if not below <= 100 <= over:
        reading.fault(
            "below_percent", f"{below} to {over} percent must hold 100: the planned dose itself always counts"
        )
    return below, over


def _name(reading: Reading, entry: dict[str, Tree], base: Policy | None) -> str:
    name = reading.text(entry.get("policy"), "policy")
    if base is not None and name == base.name:
        reading.fault("policy", f"'{name}' is the name of the policy this program ships; give yours another")
    return name


def _short(reading: Reading, entry: dict[str, Tree], key: str, default: Span, within: str = "") -> Span:
    """A span of at least a day and at most ten years."""
    if key not in entry:
        return default
    return _in_range(reading, entry[key], within + key) or default


def _in_range(reading: Reading, tree: Tree, path: str) -> Span | None:
    span = reading.span(tree, path)
    if span is not None and not span.in_range:
        reading.fault(path, f"'{span}' must be from 1 d to 10 a")
        return None
    return span


def _number(reading: Reading, entry: dict[str, Tree], key: str, unit: str, default: int) -> int:
    """The number of a span that the fold counts in one unit; another unit is refused, never converted."""
    span = _short(reading, entry, key, Span(default, unit))
    if span.unit != unit:
        reading.fault(key, f"'{span}' must be in {unit}, for example {default} {unit}")
    return span.number


def _percent(reading: Reading, entry: dict[str, Tree], key: str, default: int) -> int:
    return reading.whole(entry[key], key, 1, 1000) or default if key in entry else default


def _results(reading: Reading, tree: Tree, base: ResultLimits) -> ResultLimits:
    """How results and symptoms are read; what is left out is as in `base`."""
    entry = reading.mapping(
        tree,
        "results",
        (),
        ("on_treatment", "after_dose", "potassium", "symptom_score", "symptom_rise", "symptom_high"),
    )
    potassium = reading.mapping(entry.get("potassium", {}), "results.potassium", (), ("low", "today", "emergency"))
    low, today, emergency = (
        _mmol(reading, potassium[key], f"results.potassium.{key}", least) if key in potassium else least
        for key, least in (("low", base.potassium_low), ("today", base.potassium_today), ("emergency", base.potassium_emergency))
    )  # fmt: skip
    if not emergency < today < low:
        reading.fault("results.potassium", "'emergency' must be under 'today', and 'today' under 'low'")
    return ResultLimits(
        on_treatment=_short(reading, entry, "on_treatment", base.on_treatment, "results."),
        after_dose=_short(reading, entry, "after_dose", base.after_dose, "results."),
        potassium_low=low,
        potassium_today=today,
        potassium_emergency=emergency,
        symptom_score=_score(reading, entry, "symptom_score", base.symptom_score),
        symptom_rise=_score(reading, entry, "symptom_rise", base.symptom_rise),
        symptom_high=_score(reading, entry, "symptom_high", base.symptom_high),
    )


def _score(reading: Reading, entry: dict[str, Tree], key: str, default: int) -> int:
    return reading.whole(entry[key], f"results.{key}", 1, 10) or default if key in entry else default


def _mmol(reading: Reading, tree: Tree, path: str, least: Decimal) -> Decimal:
    """An amount of potassium in mmol/L; a local policy may be stricter than the program's own and never laxer."""
    number = Decimal(tree.removesuffix(" mmol/L")) if isinstance(tree, str) and _MMOL.fullmatch(tree) else None
    if number is None or number < least:
        reading.fault(path, f"'{tree}' must be an amount of at least {least} mmol/L, such as 3.5 mmol/L")
        return least
    return plain(number)


def _substitutes(reading: Reading, entry: dict[str, Tree]) -> dict[str, dict[str, Span]]:
    table: dict[str, dict[str, Span]] = {}
    for planned, row in reading.mapping(
        entry.get("substitute_interval", {}), "substitute_interval", (), SUBSTANCES
    ).items():
        at = f"substitute_interval.{planned}"
        spans = {
            given: _in_range(reading, tree, f"{at}.{given}")
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
    for key in ("early", "late"):  # no days at all are a window too
        if (each := days[key]) is not None and each.number and not each.in_range:
            reading.fault(f"{path}.{key}", f"'{each}' must be from 0 d to 10 a")
    lapse = _in_range(reading, entry.get("lapse", ""), f"{path}.lapse")
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
