"""`undo`: the entry that was written last is taken back by a correction; it stays in the file and no longer counts.

The order is that of writing, whatever the dates. What one command wrote together is taken back together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from msgspec import Struct

from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.recording import WITH, ids_in, record_events
from cobalamin.app.services.reviewing import Entered, entered_by
from cobalamin.app.services.shipped import library
from cobalamin.casefile.ids import free_id
from cobalamin.casefile.reader import WRITTEN_AFTER, case_of
from cobalamin.errors import CobalaminError, InputError, Refused
from cobalamin.knowledge.document import Tree, read_document
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event
from cobalamin.therapy.case.events import Correction
from cobalamin.therapy.case.record import PLAN_ID, TAKING_BACK_MARK

_LONGEST_MARK = 70  # of an id of 80, so that it can be told apart from another by a number


class Taken(Struct, frozen=True):
    """What is to be taken back: entries in the order of writing, and the plan in the head where it is among them."""

    case: Case
    events: tuple[Event, ...]
    plan: AcceptedPlan | None

    @property
    def ids(self) -> tuple[str, ...]:
        return (*((PLAN_ID,) if self.plan else ()), *(event.id for event in self.events))


def is_taking_back(event: Event) -> bool:
    """Whether an entry is a correction that `undo` wrote."""
    return event.kind == "correction" and event.id.startswith(TAKING_BACK_MARK)


class NothingToTakeBack(Refused):
    """No entry is left that could be taken back; nothing was written."""


class OtherEntry(CobalaminError):
    """What would be taken back is no longer what was shown, because the file changed; nothing was written."""

    exit_code = InputError.exit_code


def last_written(path: Path, named: str = "") -> Taken:
    """What `undo` would take back: the entry with this id, else the one written last. Raises InputError and NothingToTakeBack."""
    document = read_document(read_bytes(path), str(path))
    return _taken(document.tree, case_of(document, library()), named)


def take_back(path: Path, shown: Taken, on: date, before_saving: Callable[[], object] = lambda: None) -> Entered:
    """Take back what was shown. Raises OtherEntry where the file no longer has just this to take back, and InputError; then nothing is written."""

    def trees(case: Case) -> list[dict[str, Tree]]:
        before_saving()
        if case != shown.case:
            raise OtherEntry(
                f"{path}: the file has changed since this was shown; nothing was written. Look at it again"
            )
        known = ids_in(case)
        return [_correction(name, on, known) for name in shown.ids]

    return entered_by(lambda look: record_events(path, trees, on, look), on)


def _correction(name: str, on: date, known: set[str]) -> dict[str, Tree]:
    mark = free_id(f"{TAKING_BACK_MARK}{name}"[:_LONGEST_MARK], known)
    return {"date": on.isoformat(), "kind": "correction", "withdraws": name, "id": mark}


def _taken(tree: Tree, case: Case, named: str) -> Taken:
    entries = tree.get("record") or []
    written = _in_order_of_writing(tree, case)
    gone = _gone(case)
    standing = [name for name in written if name not in gone and not name.startswith(TAKING_BACK_MARK)]
    if named and named not in written:
        raise InputError.one("undo", named, "is the id of no entry of this record")
    if named.startswith(TAKING_BACK_MARK) and named in written:
        raise NothingToTakeBack(
            f"'{named}' took something back, and that can't be undone; record what it took back once more. Nothing was written"
        )
    if named and named not in standing:
        raise NothingToTakeBack(f"'{named}' has been taken back already; nothing was written")
    if not standing:
        raise NothingToTakeBack("no entry is left to take back; nothing was written")
    groups = {event.id: _group(entry, event) for entry, event in zip(entries, case.record, strict=True)}
    groups[PLAN_ID] = PLAN_ID
    group = groups[named or standing[-1]]
    chosen = {name for name in standing if groups[name] == group}
    events = tuple(event for event in case.record if event.id in chosen)
    return Taken(case, events, case.plan if PLAN_ID in chosen else None)


def _group(entry: Tree, event: Event) -> str:
    """The id of the first entry that the same command wrote."""
    return str(entry.get(WITH, event.id))


def _in_order_of_writing(tree: Tree, case: Case) -> list[str]:
    """The ids of the record in the file's order, with the plan after the entry it names: without one, the record was empty."""
    written = [event.id for event in case.record]
    if case.plan is None:
        return written
    after = tree["plan"].get(WRITTEN_AFTER, "")
    place = written.index(after) + 1 if after in written else 0
    return [*written[:place], PLAN_ID, *written[place:]]


def _gone(case: Case) -> frozenset[str]:
    """What was taken back, whatever the days; a correction that was taken back itself takes nothing back."""
    gone: set[str] = set()
    for event in reversed(case.record):
        if isinstance(event, Correction) and event.id not in gone:
            gone.add(event.withdraws)
    return frozenset(gone)
