"""What must not stand in the lists of guidelines: names that no case can record, and conditions that nobody stated."""

from __future__ import annotations

from collections.abc import Iterator

from cobalamin.errors import Fault
from cobalamin.knowledge.guideline_lists import FILE, Entry
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.reading import nearest_few
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.event_words import RED_FLAGS, SYMPTOMS
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.vetting.populations import NOBODY


def list_faults(library: Library) -> Iterator[Fault]:
    for number, each in enumerate(library.guideline_lists.lists):
        for at, entry in enumerate(each.entries):
            path = f"lists[{number}].entries[{at}]"
            for key, message in _faults(entry):
                yield Fault(FILE, library.documents[FILE].line(f"{path}.{key}"), f"{path}.{key}", message)


def _faults(entry: Entry) -> Iterator[tuple[str, str]]:
    for key, names, known in (("scores", entry.scores, SYMPTOMS), ("signs", entry.signs, RED_FLAGS)):
        for name in names:
            if name not in known:
                yield key, f"'{name}' can't be recorded; known are {nearest_few(known, name)}"
    if entry.when is not None and evaluate(entry.when, NOBODY) is TRUE:
        yield "when", "is true of a patient about whom nothing is known; name the facts that make it apply"
