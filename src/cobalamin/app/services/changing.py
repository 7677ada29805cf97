"""An entry changed: one correction withdraws it and puts in its place what it should have said, in one save.

The changed entry keeps the place that its own day gives it; what no form shows of the old one is taken along.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from cobalamin.app.services.recording import WITH
from cobalamin.app.services.shipped import library
from cobalamin.casefile.reader import case_of
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree, read_document
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Correction, decides
from cobalamin.therapy.case.record import withdrawn_ids

CHANGED = ("administration", "result", "symptoms", "omission", "history", "decision", "pause")
_NOT_TAKEN_ALONG = ("id", "date", "on", "kind", "recorded_at", WITH)
_OWN = "own"  # symptoms in somebody's own words


@dataclass(frozen=True)
class Standing:
    """An entry that counts, and what is written of it in the file."""

    event: Event
    written: dict[str, Tree]

    @property
    def can_be_changed(self) -> bool:
        """Whether a form holds it; what ends an alarm is withdrawn and said anew."""
        return self.event.kind in CHANGED and not decides(self.event, REVIEWED)


def standing_entry(content: bytes, file: str, name: str) -> Standing | None:
    """The entry with this id, or the one that a correction put in under it; None where there is none or it was withdrawn."""
    document = read_document(content, file)
    case = case_of(document, library())
    gone = withdrawn_ids(case, date.max)
    for written, event in zip(document.tree.get("record") or [], case.record, strict=True):
        found = _found(written, event, name)
        if found is not None:
            return None if {name, event.id} & gone else found
    return None


def _found(written: dict[str, Tree], event: Event, name: str) -> Standing | None:
    if event.id == name:
        return Standing(event, written)
    if isinstance(event, Correction) and event.replaced_by is not None and event.replaced_by.id == name:
        return Standing(event.replaced_by, dict(written["replaced_by"]))
    return None


def changed_to(old: Standing, new: dict[str, Tree], fields: Collection[str], on: date, reason: str) -> dict[str, Tree]:
    """The correction that puts `new` in the place of an entry; `fields`: the keys that the form asked for.

    Raises InputError where nothing was changed.
    """
    along = {key: value for key, value in old.written.items() if key not in (*_NOT_TAKEN_ALONG, *fields)}
    entry = {**new, **along, **_own_words(old.written, new)}
    if _alike(entry, old.written):
        raise InputError.one("", "", library().own_words.text("record.nothing_changed"))
    correction: dict[str, Tree] = {"date": on.isoformat(), "kind": "correction", "withdraws": old.event.id}
    return {**correction, **({"reason": reason} if reason else {}), "replaced_by": entry}


def _own_words(old: dict[str, Tree], new: dict[str, Tree]) -> dict[str, Tree]:
    """A form asks for one symptom in own words, the first; the others stay."""
    told = dict(old.get(_OWN) or {})
    others = dict(list(told.items())[1:])
    own = {**dict(new.get(_OWN) or {}), **others}
    return {_OWN: own} if own else {}


def _alike(entry: dict[str, Tree], old: dict[str, Tree]) -> bool:
    def said(tree: dict[str, Tree]) -> dict[str, Tree]:
        dated = {"date": tree.get("date", tree.get("on")), "kind": tree.get("kind")}
        told = {key: value for key, value in tree.items() if key not in _NOT_TAKEN_ALONG}
        return {"source": "this_site"} | told | dated  # where it was done, if nothing is said (contract, section 1)

    return said(entry) == said(old)
