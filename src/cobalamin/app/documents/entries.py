"""One entry of a record as JSON, with its content in words."""

from __future__ import annotations

from cobalamin.app.documents.types import review as answers
from cobalamin.app.documents.types.base import given
from cobalamin.app.services.entries import EntryWords, author_of, day_of
from cobalamin.therapy.case.case import Event


def entry_answer(event: Event, words: EntryWords) -> answers.EntryAnswer:
    """The id, kind and day of an entry, and what it says."""
    return answers.EntryAnswer(
        id=event.id,
        kind=event.kind,
        date=event.month or str(event.on),
        day=day_of(event),
        by=given(author_of(event)),
        content=words.content(event),
    )
