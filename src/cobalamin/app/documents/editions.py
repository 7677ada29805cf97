"""What changed between two editions of the library, as JSON."""

from __future__ import annotations

from pathlib import Path

from cobalamin.app.documents.types import editions as answers
from cobalamin.app.services import library_work
from cobalamin.app.services.editions.protocols import ProtocolChange, protocol_changes
from cobalamin.app.services.editions.records import RecordChange, record_changes


def diff(old: Path, new: Path | None) -> answers.DiffAnswer:
    """Two libraries compared; without the second, with the shipped one. Raises InputError."""
    before, after = library_work.two_editions(old, new)
    return answers.DiffAnswer(
        old=before.edition,
        old_digest=before.digest,
        new=after.edition,
        new_digest=after.digest,
        protocols=[_protocol(change) for change in protocol_changes(before, after)],
        records=[_record(change) for change in record_changes(before, after)],
        changes=[answers.FileChangeAnswer(**change) for change in library_work.changes(before, after)],
    )


def _protocol(change: ProtocolChange) -> answers.ProtocolChangeAnswer:
    return answers.ProtocolChangeAnswer(
        id=change.id,
        title=change.title,
        country=change.country,
        change=change.change,
        old_version=change.old,
        new_version=change.new,
        says=[answers.SaidAnswer(part=said.part, text=said.text) for said in change.said],
    )


def _record(change: RecordChange) -> answers.RecordChangeAnswer:
    return answers.RecordChangeAnswer(
        kind=change.kind,
        id=change.id,
        change=change.change,
        text=change.text,
        values=[answers.ValueChangeAnswer(path=path, old=old, new=new) for path, old, new in change.values],
        rests=list(change.rests),
    )
