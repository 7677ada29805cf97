"""Dated lines and record entries as rows of a page, each with the day it can be asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import Any

from cobalamin.app.paper.lines import Days, Lines
from cobalamin.app.services import shipped
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.blocks import kept
from cobalamin.knowledge.model import Product
from cobalamin.text.safe import entered
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.review.review import Review


def entry_words(seen: Review) -> EntryWords:
    """The words of the entries of a reviewed case."""
    words = shipped.library().own_words
    return EntryWords(shipped.library(), seen.case, country_of(seen), partial(entered, words=words), seen.evaluations)


def lines_of(screen: Builder, product: Product | None) -> Lines:
    """The words of written schedules, with the source numbers of this page."""
    return Lines(screen, product)


def dated_rows(lines: Lines, items: Iterable[Item], days: Days | None = None) -> list[dict[str, Any]]:
    """One row for a day and a reason, as on a printed sheet."""
    return list(_rows(lines, list(items), days or Days()))


def _rows(lines: Lines, items: list[Item], days: Days) -> Iterator[dict[str, Any]]:
    for _, group in groupby(enumerate(items), _together):
        together = [item for _, item in group]
        item = together[0]
        row: dict[str, Any] = kept(lines.rows(together, days)[0])
        yield row | {
            "day": str(item.on or ""),
            "kind": item.kind,
            "why": kept(lines.spelled(item.why)),
            "overdue": days.late(item),
        }


def _together(numbered: tuple[int, Item]) -> object:
    """Checks of one day for one reason share a row; everything else has its own."""
    number, item = numbered
    return (item.on, item.text, item.due_through) if item.kind == "check" else number
