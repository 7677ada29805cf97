"""Work on a library: compile it, compare two editions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cobalamin.app.services.files import locked, read_bytes, save_text
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import COMPILED, compile_text, data_folder, from_folder, read_compiled

if TYPE_CHECKING:
    pass


def compiled_is_stale(library: Library) -> bool:
    path = data_folder().parent / COMPILED
    return not path.exists() or path.read_text("utf-8") != compile_text(library)


def compile_shipped() -> Path:
    path = data_folder().parent / COMPILED
    text = compile_text(from_folder(data_folder()))
    with locked(path):
        save_text(path, text, was=None)
    return path


def changes(old: Path, new: Path | None) -> list[dict[str, str]]:
    """Every value that differs between two libraries."""
    before, after = (
        open_library(old),
        open_library(new) if new else read_compiled((data_folder().parent / COMPILED).read_text("utf-8")),
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


def open_library(path: Path) -> Library:
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
