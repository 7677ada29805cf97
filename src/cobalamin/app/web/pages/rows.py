"""Dated lines and record entries as rows of a page, each with the day it can be asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from cobalamin.app.paper.lines import Lines
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


def dated_rows(lines: Lines, items: Iterable[Item], on: date | None = None) -> list[dict[str, Any]]:
    """One row for a day and a reason, as on a printed sheet."""
    return list(_rows(lines, list(items), on))


def _rows(lines: Lines, items: list[Item], on: date | None) -> Iterator[dict[str, Any]]:
    for _, group in groupby(enumerate(items), _together):
        together = [item for _, item in group]
        item = together[0]
        row: dict[str, Any] = kept(lines.rows(together, on)[0])
        overdue = bool(on and item.overdue_from and item.overdue_from <= on)
        yield row | {
            "day": str(item.on or ""),
            "kind": item.kind,
            "why": kept(lines.spelled(item.why)),
            "overdue": overdue,
        }


def _together(numbered: tuple[int, Item]) -> object:
    """Checks of one day for one reason share a row; everything else has its own."""
    number, item = numbered
    return (item.on, item.text, item.due_through) if item.kind == "check" else number
