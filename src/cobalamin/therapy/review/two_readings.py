"""What comes where the day of a dose is known by its month only: each line with its earlier and its later value (contract, section 5).

The record is folded with the day at both ends of the month, and both are run forward. The open dose keeps the single dates that
the outlook tells; what follows from it keeps the later day, with the range beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from cobalamin.records import replace
from cobalamin.text.messages import Text, message
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.outlook import Outlook


def with_ranges(late: list[Item], early: list[Item], seen: Outlook) -> list[Item]:
    """The lines from the late end with the range that the early end opens; as they are where there is one reading."""
    if seen.between is None:
        return late
    others = {_same(item): item for item in early if item.on is not None}
    found = [_ranged(item, others.get(_same(item))) for item in late]
    if found and found[0].kind == "dose":
        found[0] = _as_told(found[0], seen)
    return found


def _same(item: Item) -> tuple[str, str, int, Text]:
    return item.kind, item.phase, item.number, item.text if item.kind == "decision" else ""


def _ranged(item: Item, other: Item | None) -> Item:
    if other is None or item.on is None or other.on is None or other.on == item.on:
        return item
    why = item.why if item.why == other.why else message("schedule.either", early=other.why, late=item.why)
    return replace(
        item,
        on_range=(min(item.on, other.on), max(item.on, other.on)),
        why=why,
        determinacy="provisional",
        until=_latest(item.until, other.until),
        bookable_from=min(filter(None, (item.bookable_from, other.bookable_from)), default=None),
        due_through=_latest(item.due_through, other.due_through),
        overdue_from=_latest(item.overdue_from, other.overdue_from),
        review_from=_latest(item.review_from, other.review_from),
    )


def _latest(*days: date | None) -> date | None:
    return max(filter(None, days), default=None)


def _as_told(item: Item, seen: Outlook) -> Item:
    """The open dose with the dates that the review tells."""
    if seen.dates is None:
        return item
    _, bookable, target, through, overdue, looked_at = (to_date(day) for day in seen.dates)
    early = seen.early_target
    return replace(
        item, on=target, on_range=(early, target) if early and early != target else None, bookable_from=bookable,
        due_through=through, overdue_from=overdue, review_from=looked_at,
    )  # fmt: skip


def checks_by_both(late: Iterable[Item], early: Iterable[Item]) -> tuple[Item, ...]:
    """Checks near a dose known by its month: asked for from the earlier day, and missing only after the later one (hazard H112)."""
    others = dict(_numbered(early))
    return tuple(_widened(item, others.get(key)) for key, item in _numbered(late))


def _numbered(items: Iterable[Item]) -> Iterator[tuple[tuple[str, str, Text, int], Item]]:
    seen: Counter[tuple[str, str, Text]] = Counter()
    for item in items:
        name = (item.kind, item.marker, item.text)
        seen[name] += 1
        yield (*name, seen[name]), item


def _widened(item: Item, other: Item | None) -> Item:
    if other is None or item.on is None or other.on is None or other.on == item.on:
        return item
    both = item.determinacy == other.determinacy == "firm"
    return replace(
        item, on=min(item.on, other.on), on_range=(min(item.on, other.on), max(item.on, other.on)) if both else None,
        determinacy="provisional", due_through=_latest(item.due_through, other.due_through),
    )  # fmt: skip


def all_days(items: Iterable[Item]) -> set[date]:
    """Every day on which one of these lines may lie, at either end."""
    return {day for item in items for day in (item.on, *(item.on_range or ())) if day is not None}
