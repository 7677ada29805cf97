"""Ampoules at home: counted once, and counted down by the doses that are recorded here afterwards (hazard H98).

The count stands in the case file with the entry after which it was made, so that the order of writing decides and no day does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path

from cobalamin.amounts import containers_for
from cobalamin.app.services.files import save_made
from cobalamin.app.services.reviewing import review_of
from cobalamin.app.services.shipped import library
from cobalamin.app.services.supply import MOST_AMPOULES, Supply, ahead_for, supply_of
from cobalamin.casefile.counted import with_counted
from cobalamin.casefile.reader import case_of
from cobalamin.errors import InputError
from cobalamin.knowledge.document import read_document
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case, Counted, Event
from cobalamin.therapy.case.events import Administration, Correction
from cobalamin.therapy.case.record import begins, withdrawn_ids
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.review import Review

_OTHER_STOCK = ("other_site", "reported")  # given elsewhere, from what is held there


@dataclass(frozen=True)
class AtHome:
    """`doses` were recorded since the count; `left` is never less than none. `supply`: how long those last."""

    counted: Counted
    doses: int
    left: int
    supply: Supply


def at_home(case: Case, seen: Review) -> AtHome | None:
    """What is left, and how long it lasts; None where nobody has counted."""
    if case.supply is None:
        return None
    doses = _taken_since(case, case.supply, seen.on)
    used = sum(_containers(each, seen) for each in doses)
    left = max(0, case.supply.ampoules - used)
    ahead = review_of(case, seen.on, ahead=ahead_for(left))
    return AtHome(case.supply, len(doses), left, supply_of(ahead, left))


def _taken_since(case: Case, counted: Counted, on: date) -> list[Administration]:
    """The doses that were recorded here after the count: a changed one once, a withdrawn one not."""
    gone = withdrawn_ids(case, date.max)
    later = _written_after(case, counted)
    known = {event.id for event in case.record} - {event.id for event in later}
    found: list[Administration] = []
    for event in later:
        entry = _entry(event, known)
        if entry is not None and event.id not in gone and entry.id not in gone and begins(entry) <= on:
            found.append(entry)
    return [each for each in found if each.source not in _OTHER_STOCK]


def _written_after(case: Case, counted: Counted) -> tuple[Event, ...]:
    ids = [event.id for event in case.record]
    if counted.after in ids:
        return case.record[ids.index(counted.after) + 1 :]
    # Nothing was recorded yet, or it was typed by hand: a dose of that very day is taken away, because fewer is the safe side.
    return tuple(event for event in case.record if begins(event) >= counted.on)


def _entry(event: Event, before: set[str]) -> Administration | None:
    """A dose, or the one that a correction puts in the place of another; of one from `before` the count nothing is taken away."""
    if isinstance(event, Administration):
        return event
    new = event.replaced_by if isinstance(event, Correction) else None
    if not isinstance(new, Administration) or not isinstance(event, Correction):
        return None
    return None if event.withdraws in before else new


def _containers(dose: Administration, seen: Review) -> int:
    """Whole ampoules of a dose: what is left of an opened one is not used."""
    found = next((each for each in seen.evaluations if each.event.id == dose.id), None)
    amount = dose.dose or (found.dose if isinstance(found, Evaluation) else None)
    product = seen.plan.product if seen.plan else None
    if product is None or product.amount is None or amount is None:
        return 1
    return max(1, ceil(containers_for(amount, product.amount)[0]))


def ampoules_in(text: str) -> int:
    """How many, as somebody types it. Raises InputError."""
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_AMPOULES):
        raise InputError.one("", "ampoules", library().own_words.text("supply.whole_number", most=MOST_AMPOULES))
    return int(text)


def count(path: Path, ampoules: int, on: date, before_saving: Callable[[], object] = lambda: None) -> Counted:
    """Write the count into the case file, in the place of an earlier one. Raises InputError; then nothing is written."""

    def made(content: bytes) -> tuple[str, Counted]:
        case = case_of(read_document(content, str(path)), library())
        counted = Counted(ampoules, on, case.record[-1].id if case.record else "")
        text = with_counted(content.decode("utf-8-sig"), counted)
        after = case_of(read_document(text, str(path)), library()) if text else None
        if after != replace(case, supply=counted):
            raise InputError.one(
                str(path), "supply", "this form of file can't be added to line by line; nothing was written"
            )
        return text, counted

    return save_made(path, made, before_saving)
