"""Work on a library: compile it, compare two editions."""

from __future__ import annotations

from pathlib import Path

from cobalamin.app.services.files import locked, read_bytes, save_text
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import COMPILED, compile_text, data_folder, from_folder, read_compiled

_IDS = ("id", "code", "name", "option", "source")  # by what the items of a list are told apart


def compiled_is_stale(library: Library) -> bool:
    path = data_folder().parent / COMPILED
    return not path.exists() or path.read_text("utf-8") != compile_text(library)


def compile_shipped() -> Path:
    path = data_folder().parent / COMPILED
    text = compile_text(from_folder(data_folder()))
    with locked(path):
        save_text(path, text, was=None)
    return path


def two_editions(old: Path, new: Path | None) -> tuple[Library, Library]:
    """Both libraries; without the second, the shipped one. Raises InputError."""
    shipped = data_folder().parent / COMPILED
    return open_library(old), open_library(new) if new else read_compiled(shipped.read_text("utf-8"))


def changes(before: Library, after: Library) -> list[dict[str, str]]:
    """Every value that differs between two libraries."""
    found: list[dict[str, str]] = []
    for file in sorted({*before.documents, *after.documents}):
        one = before.documents[file].tree if file in before.documents else None
        two = after.documents[file].tree if file in after.documents else None
        found += [
            {"file": file, "path": path, "old": first, "new": second}
            for path, first, second in differences(one, two, "")
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


def differences(old: Tree, new: Tree, path: str) -> list[tuple[str, str, str]]:
    """(path, old, new) of every value that differs; a record with an id is compared with the one of the same id."""
    if isinstance(old, list) and isinstance(new, list) and not _of_words(old, new):
        key = next((key for key in _IDS if _each_has(key, old) and _each_has(key, new)), "")
        one, two = _named(old, key), _named(new, key)
        return [
            entry for name in _keys(one, two) for entry in differences(one.get(name), two.get(name), f"{path}[{name}]")
        ]
    if isinstance(old, dict) and isinstance(new, dict):
        stem = f"{path}." if path else ""
        return [entry for name in _keys(old, new) for entry in differences(old.get(name), new.get(name), stem + name)]
    return [] if old == new else [(path, _shown(old), _shown(new))]


def _of_words(*lists: list[Tree]) -> bool:
    """Lists of single words, such as citations, are compared as a whole."""
    return all(isinstance(item, str) for items in lists for item in items)


def _each_has(key: str, items: list[Tree]) -> bool:
    names = [item.get(key) for item in items if isinstance(item, dict)]
    return len(names) == len(items) == len({name for name in names if isinstance(name, str)})


def _named(items: list[Tree], key: str) -> dict[str, Tree]:
    """The items of a list by their ids, or by their places where they have none."""
    return {str(item[key]) if key else str(number): item for number, item in enumerate(items)}


def _keys(old: dict[str, Tree], new: dict[str, Tree]) -> list[str]:
    return [*old, *(name for name in new if name not in old)]


def _shown(tree: Tree) -> str:
    if isinstance(tree, list) and _of_words(tree):
        return ", ".join(tree) or "(none)"
    return "(absent)" if tree is None else tree if isinstance(tree, str) else "(a part)"
