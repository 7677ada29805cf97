"""The library as lists, records, checks and differences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cobalamin.app.files import read_bytes, save_text
from cobalamin.app.inspection import fault_answer
from cobalamin.app.render import Renderer
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import (
    COMPILED,
    Library,
    compile_text,
    data_folder,
    from_folder,
    read_compiled,
    reading_faults,
)
from cobalamin.knowledge.model import Protocol
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.therapy.proposal import all_phases, not_offerable
from cobalamin.therapy.vetting import vet

if TYPE_CHECKING:
    from cobalamin.app.screen import Screen


def listing(library: Library, country: str) -> list[dict[str, Any]]:
    """One row a document, by country and id."""
    rows = [_row(library, protocol) for protocol in library.protocols() if not country or protocol.country == country]
    return sorted(rows, key=lambda row: (row["country"], row["id"]))


def _row(library: Library, protocol: Protocol) -> dict[str, Any]:
    content = library.content(protocol)
    levels = [level for phase in all_phases(content.phases) for level in (*phase.dose.levels, *phase.spacing.levels)]
    offered = not protocol.guidance and protocol.status == "current" and not not_offerable(library, protocol, content)
    return {
        "id": protocol.id,
        "country": protocol.country,
        "kind": "guidance" if protocol.guidance else protocol.kind,
        "status": protocol.status,
        "level": max(levels, key=LEVELS.index, default=""),
        "offered": offered,
        "title": protocol.title,
        "same_as": protocol.same_as,
    }


def record(library: Library, record_id: str) -> dict[str, Any]:
    """A record as written, with what it cites. Raises InputError."""
    if record_id in library.ids:
        return _protocol_record(library, library.protocol(record_id))
    for kind, file in (
        ("sources", "sources.yaml"),
        ("products", "products.yaml"),
        ("markers", "markers.yaml"),
        ("facts", "facts.yaml"),
    ):
        for tree in library.records(file, kind):
            if tree["id"] == record_id:
                return {"kind": kind.removesuffix("s"), **tree}
    for statement in library.statements():
        if statement["id"] == record_id:
            return {"kind": "statement", **statement}
    raise InputError.one("library", record_id, "there is no such record; see `cobalamin library list`")


def _protocol_record(library: Library, protocol: Protocol) -> dict[str, Any]:
    renderer = Renderer(library)
    content = library.content(protocol)
    document: dict[str, Any] = {
        **_row(library, protocol),
        "version": protocol.version,
        "population": protocol.population,
    }
    document["lifelong"] = content.lifelong
    document["phases"] = [renderer.phase(phase) for phase in content.phases]
    document["monitoring"] = [
        {
            "markers": list(row.markers),
            "review": row.review,
            "text": row.text,
            "citations": renderer.citations(row.cites),
        }
        for row in content.monitoring
    ]
    document["notes"] = [
        renderer.note(note) for note in (*protocol.notes, *(content.notes if protocol.same_as else ()))
    ]
    document["advice"] = [
        {"text": advice.text, "citations": renderer.citations(advice.cites)} for advice in protocol.advice
    ]
    document["sources"] = renderer.sources()
    return document


def show_record(library: Library, record_id: str) -> None:
    """Print one record."""
    from cobalamin.app.screen import Screen

    tell_record(Screen(library, plain=False, country="GB", as_written=True), record_id)


def tell_record(screen: Screen, record_id: str) -> None:
    """One record, on any screen."""
    library = screen.library
    if record_id not in library.ids:
        for key, value in record(library, record_id).items():
            screen.indented(f"{key.replace('_', ' ')}: {_words(value)}", indent=0)
        return
    protocol = library.protocol(record_id)
    content = library.content(protocol)
    row = _row(library, protocol)
    screen.print(f"{protocol.id}  {protocol.title}", style="bold")
    offered = "offered" if row["offered"] else "not offered"
    screen.print(
        f"version {protocol.version}, {row['status']}, {row['kind']}, {row['country']}; lowest level {row['level'] or 'none'}; {offered}"
    )
    screen.print(f"For: {protocol.population}")
    if protocol.same_as:
        screen.print(f"The same as {protocol.same_as}")
    for phase in content.phases:
        for line in screen.phase_lines(phase):
            screen.indented(line)
    for monitoring in content.monitoring:
        screen.indented(f"check: {monitoring.text} {screen.marks(monitoring.cites)}")
    for advice in protocol.advice:
        screen.indented(f"advice: {advice.text} {screen.marks(advice.cites)}")
    for note in protocol.notes:
        screen.indented(f"note: {note.text} {screen.marks(note.cites)}")
    for reason in not_offerable(library, protocol, content) if not protocol.guidance else ():
        screen.indented(f"not offered: {reason.text}")
    screen.sources()
    screen.closing()


def _words(tree: Tree) -> str:
    """A tree of a record as one line of words."""
    if isinstance(tree, dict):
        return ", ".join(f"{key} {_words(value)}" for key, value in tree.items())
    if isinstance(tree, list):
        return "; ".join(_words(item) for item in tree)
    return str(tree)


def checked(folder: Path | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(faults, remarks) of a library folder; for the shipped one also whether the compiled file is up to date."""
    where = folder or data_folder()
    if not where.is_dir():
        raise InputError.one(str(where), "", "is not a folder of a library")
    try:
        library = _library_in(where)
    except InputError as error:
        return [dict(fault_answer(fault)) for fault in error.faults], []
    faults = reading_faults(library)
    remarks: list[Fault] = []
    if not faults:
        faults, remarks = vet(library)
    if folder is None and not faults and compiled_is_stale(library):
        faults = [
            *faults,
            InputError.one(COMPILED, "", "differs from the YAML; run `cobalamin library compile`").faults[0],
        ]
    root = str(folder) if folder else "data"
    return (
        [dict(fault_answer(replace(fault, file=f"{root}/{fault.file}"))) for fault in sorted(faults)],
        [dict(fault_answer(replace(remark, file=f"{root}/{remark.file}"))) for remark in sorted(remarks)],
    )


def compiled_is_stale(library: Library) -> bool:
    path = data_folder().parent / COMPILED
    return not path.exists() or path.read_text("utf-8") != compile_text(library)


def compile_shipped() -> Path:
    path = data_folder().parent / COMPILED
    save_text(path, compile_text(from_folder(data_folder())))
    return path


def changes(old: Path, new: Path | None) -> list[dict[str, str]]:
    """Every value that differs between two libraries."""
    before, after = (
        _open(old),
        _open(new) if new else read_compiled((data_folder().parent / COMPILED).read_text("utf-8")),
    )
    found: list[dict[str, str]] = []
    for file in sorted({*before.documents, *after.documents}):
        one = before.documents[file].tree if file in before.documents else None
        two = after.documents[file].tree if file in after.documents else None
        found += [
            {"file": file, "path": path, "old": first, "new": second}
            for path, first, second in _differences(one, two, "")
        ]
    return found


def _open(path: Path) -> Library:
    """A library from a YAML folder or a compiled file. Raises InputError for anything else."""
    if path.is_dir():
        return _library_in(path)
    try:
        return read_compiled(read_bytes(path).decode("utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError.one(str(path), "", "is not a compiled library and not a folder of a library") from None


def _library_in(folder: Path) -> Library:
    if not (folder / "library.yaml").is_file() or not (folder / "sources.yaml").is_file():
        raise InputError.one(str(folder), "", "is not a folder of a library: library.yaml or sources.yaml is missing")
    return from_folder(folder)


def _differences(old: Tree, new: Tree, path: str) -> list[tuple[str, str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        return [
            entry
            for key in keys
            for entry in _differences(old.get(key), new.get(key), f"{path}.{key}" if path else key)
        ]
    if isinstance(old, list) and isinstance(new, list):
        length = max(len(old), len(new))
        pairs = ((_at(old, index), _at(new, index)) for index in range(length))
        return [entry for index, (one, two) in enumerate(pairs) for entry in _differences(one, two, f"{path}[{index}]")]
    return [] if old == new else [(path, _shown(old), _shown(new))]


def _at(items: list[Tree], index: int) -> Tree:
    return items[index] if index < len(items) else None


def _shown(tree: Tree) -> str:
    return "(absent)" if tree is None else tree if isinstance(tree, str) else "(a part)"
