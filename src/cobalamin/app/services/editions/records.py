"""What changed in the records beside the protocols: sources, bands, rules, checks, products, statements."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cobalamin.app.services.library_work import differences
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.vocabulary import KINDS

NEW, GONE, CHANGED = "new", "gone", "changed"
_NAMES = ("title", "text", "event", "name", "topic", "truth")  # the words by which a record is known, first found


class RecordChange(Struct, frozen=True):
    """A record that differs; `rests`: the current protocols that take a phase from it, for a source."""

    kind: str
    id: str
    change: str
    text: str
    values: tuple[tuple[str, str, str], ...]  # path, old, new
    rests: tuple[str, ...]


def record_changes(old: Library, new: Library) -> list[RecordChange]:
    """In the order of the kinds, then by id."""
    found: list[RecordChange] = []
    for kind in dict.fromkeys((*(name for _, _, name in KINDS), "statement")):
        found += _of_kind(kind, _records(old, kind), _records(new, kind), new)
    return found


def _records(library: Library, kind: str) -> dict[str, dict[str, Tree]]:
    """The records of a kind by id, as they are written, whatever else of the edition this program can read."""
    files = [(file, key) for file, key, name in KINDS if name == kind]
    if kind == "statement":
        files = [(file, "statements") for file in sorted(library.documents) if file.startswith("statements/")]
    lists = [library.records(file, key) for file, key in files if _holds(library, file, key)]
    return {str(record.get("id", record.get("code"))): record for records in lists for record in records}


def _holds(library: Library, file: str, key: str) -> bool:
    tree = library.documents[file].tree if file in library.documents else None
    return isinstance(tree, dict) and isinstance(tree.get(key), list)


def _of_kind(
    kind: str, before: dict[str, dict[str, Tree]], after: dict[str, dict[str, Tree]], library: Library
) -> Iterator[RecordChange]:
    for name in sorted({*before, *after}):
        one, two = before.get(name), after.get(name)
        if one == two:
            continue
        what = NEW if one is None else GONE if two is None else CHANGED
        values = tuple(differences(one, two, "")) if what == CHANGED else ()
        rests = _rests_on(library, name) if kind == "source" else ()
        yield RecordChange(kind, name, what, _words_of(two or one or {}), values, rests)


def _words_of(record: dict[str, Tree]) -> str:
    if "bands" in record:
        return _band_words(record)
    return next((str(record[key]) for key in _NAMES if key in record), "")


def _band_words(record: dict[str, Tree]) -> str:
    """ "mma, DK, Notes for Danish doctors: below 0.29 normal; above 0.75 high (umol/L)" """
    owner = record.get("laboratory", record.get("issuer", ""))
    parts = [
        " ".join(f"{key} {value}" for key, value in part.items() if key != "means") + f" {part.get('means', '')}"
        for part in record["bands"]
        if isinstance(part, dict)
    ]
    return f"{record.get('marker')}, {record.get('country')}, {owner}: {'; '.join(parts)} ({record.get('unit')})"


def _rests_on(library: Library, source: str) -> tuple[str, ...]:
    return tuple(
        protocol.id
        for protocol in library.protocols()
        if protocol.status == "current"
        and source in {cite.source for phase in library.content(protocol).phases for cite in phase.cites}
    )
