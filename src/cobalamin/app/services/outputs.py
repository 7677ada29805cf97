"""What a command may write: nothing is emptied, replaced or deleted that this program did not make for the purpose.

A file that exists is replaced only by `--force`, an input never, under whatever name it is given: another spelling, a link, a
hard link, a folder around it or inside it. A folder must be new, empty, or carry the marker of its kind, and what it is replaced
by is whole before anything old goes.
"""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import Any

from msgspec import Struct

from cobalamin.app.services.files import (
    file_behind,
    locked,
    made_folder,
    note_saved,
    refuse_read_only,
    save_bytes,
    save_new,
)
from cobalamin.errors import InputError, Refused

_LOOKED_AT = 100_000  # bytes of a file, to see whether it is a case
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MARKERS = PANEL_MARKER, REGISTER_MARKER = ".cobalamin-panel", ".cobalamin-register"
_BUILD = re.compile("build-[0-9]+")
_CASE = re.compile(rb"""(?:\A|[\n\r{,])\s*["']?cobalamin["']?\s*:""")


class TargetRefused(Refused):
    """An output that would replace what must stay; nothing was written."""

    def __init__(self, target: Path, message: str) -> None:
        super().__init__(f"{target}: {message}".replace("\n", " "))


# -- one file ----------------------------------------------------------------------------------------------------------


def refuse_target(target: Path, *inputs: Path | None, force: bool = False) -> None:
    """Raise TargetRefused where writing this file would replace an input or what exists; InputError where it is no place for a file."""
    real = file_behind(target)
    _refuse_no_folder(target, real)
    for source in inputs:
        if source is not None and (same(real, source) or inside(real, source)):
            where = (
                "is read by this command" if same(real, source) else f"lies inside {source}, which this command reads"
            )
            raise TargetRefused(target, f"{where}, so it is not written over; name another file")
    if not real.exists():
        return
    if _is_case(real):
        raise TargetRefused(target, "is a case file, and no output ever replaces one; name another file")
    ours = _folder_of_ours(real)
    if ours is not None:
        raise TargetRefused(target, f"is a file of {ours}, a folder that this program keeps; name another file")
    if not force:
        raise TargetRefused(target, "the file already exists; give --force to overwrite it, or name another file")
    refuse_read_only(target)


def refuse_existing_case(path: Path) -> None:
    """Raise TargetRefused where a case file was to be new: a record is never written over, whatever is asked."""
    real = file_behind(path)
    _refuse_no_folder(path, real)
    if real.exists():
        raise TargetRefused(path, "the file already exists and is not overwritten; choose another name")


def _refuse_no_folder(target: Path, real: Path) -> None:
    if not real.parent.is_dir():
        raise InputError.one(str(target), "", f"can't be written: there is no folder {real.parent}; make it first")


def refuse_same(one: Path | None, other: Path | None, option: str) -> None:
    """Raise InputError where two outputs of one command are one file."""
    if one is not None and other is not None and same(file_behind(one), other):
        raise InputError.one(option, "", f"'{other}' is also the other file to write; name another file")


def write_output(target: Path, content: str | bytes, *inputs: Path | None, force: bool = False) -> None:
    """Write the file as a whole, after the same refusals once more: computing took time. Raises TargetRefused and InputError."""
    with locked(target):
        refuse_target(target, *inputs, force=force)
        data = content.encode("utf-8") if isinstance(content, str) else content
        if force:
            save_bytes(target, data, was=None)
        else:
            save_new(target, data)


def _is_case(file: Path) -> bool:
    """Whether a file is a case, also one that an editor saved as UTF-16."""
    try:
        with file.open("rb") as handle:
            text = handle.read(_LOOKED_AT)
    except OSError:
        return False
    for mark in _MARKS:
        text = text.removeprefix(mark)
    return _CASE.search(text.replace(b"\x00", b"")) is not None


def _folder_of_ours(file: Path) -> Path | None:
    """The nearest folder around a file that carries the marker of a panel or of a made-up register."""
    return next((above for above in file.parents if any((above / marker).is_file() for marker in MARKERS)), None)


def same(one: Path, other: Path) -> bool:
    """Whether two names lead to one file or folder: through links, hard links and other spellings."""
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there yet
        return os.path.realpath(one) == os.path.realpath(other)


def inside(path: Path, folder: Path) -> bool:
    """Whether the path lies in this folder, at any depth, under this or another name."""
    if not folder.is_dir():
        return False
    if any(same(above, folder) for above in Path(os.path.realpath(path)).parents):
        return True
    linked = path.is_file() and path.stat().st_nlink > 1
    return linked and any(same(path, file) for file in folder.rglob("*"))


# -- a folder ----------------------------------------------------------------------------------------------------------


class Kind(Struct, frozen=True):
    """A kind of folder this program makes: its marker file, what people call it, what one without a marker looked like, what is made in it."""

    marker: str
    name: str
    made_before: Callable[[Path], bool] = lambda _folder: False
    makes: str = (
        ".*"  # the places of files that a build may hold, as a pattern: until it is finished nothing else tells them
    )

    def is_in(self, folder: Path) -> bool:
        return (folder / self.marker).is_file() or self.made_before(folder)


def refuse_folder(folder: Path, kind: Kind, *inputs: Path | None) -> Path:
    """The folder behind the name. Raises TargetRefused unless it is new, empty or of this kind, and apart from every input."""
    real = Path(os.path.realpath(folder))
    if real.exists() and not real.is_dir():
        raise TargetRefused(folder, "is a file; name a new or an empty folder")
    for source in inputs:
        if source is not None and (same(real, source) or inside(real, source) or inside(source, real)):
            raise TargetRefused(
                folder, f"overlaps with {source}, which this command reads; name a folder apart from it"
            )
    try:
        foreign = [name for name in os.listdir(real) if kind.marker not in name] if real.exists() else []
    except OSError as error:
        raise InputError.one(str(folder), "", f"can't be read: {error.strerror or error}") from None
    if foreign and not kind.is_in(real):
        message = (
            f"the folder is not empty and holds no {kind.name} of this program; nothing in it was touched. "
            "Name a new or an empty folder"
        )
        raise TargetRefused(folder, message)
    return real


class Generations:
    """A folder of which every build is a folder of its own; one of them is the current one.

    The marker says which. It is replaced in one step, so whoever looks sees the old build or the new one, whole, and a build that
    was killed is taken up by the next.
    """

    def __init__(self, folder: Path, kind: Kind) -> None:
        self.folder, self.kind = folder, kind
        self.kept: list[Path] = []  # what somebody put into a build that was replaced: it stays there

    @property
    def current(self) -> Path:
        """The build that is whole; the folder itself where it was made before there were several."""
        name = self._marker()["current"]
        return self.folder / name if name else self.folder

    @property
    def begun(self) -> bool:
        """Whether a build was begun and not finished."""
        name = self._marker()["next"]
        return bool(name) and (self.folder / name).is_dir()

    @contextmanager
    def next(self, forget: Callable[[Path], None] = lambda _folder: None) -> Iterator[Path]:
        """A folder to build in; where the block ends well it is the current one, and what came before is removed.

        `forget` removes what an older edition of this program built in the folder itself. Raises InputError.
        """
        file = self.folder / self.kind.marker
        try:
            with made_folder(self.folder), locked(file):
                old = self._marker()
                place = self.folder / (self._unfinished(old) or self._free(old))
                self._write({**old, "next": place.name, "made": sorted({*old["made"], place.name})})
                place.mkdir(exist_ok=True)
                yield place
                to_disk(place)
                files = {
                    **old["files"],
                    place.name: _stamps([file for file in _files_in(place) if self._is_made(file, place)], place),
                }
                self._write(
                    {"current": place.name, "next": "", "made": sorted({*old["made"], place.name}), "files": files}
                )
                note_saved(self.folder)
                self._tidy(place, forget)
        except OSError as error:
            message = (
                f"can't be read or written: {error.strerror or error}; the {self.kind.name} that was there still is"
            )
            raise InputError.one(str(error.filename or self.folder), "", message) from None

    def _unfinished(self, old: dict[str, Any]) -> str:
        """The build that was begun and is taken up; "" where there is none, or where somebody has put something into it."""
        place = self.folder / old["next"]
        foreign = old["next"] and any(not self._is_made(file, place) for file in _files_in(place))
        return "" if foreign else str(old["next"])

    def _is_made(self, file: Path, place: Path) -> bool:
        """Whether a file has the name of one that this program makes in a build."""
        told = file.relative_to(place).as_posix()
        return not file.is_symlink() and re.fullmatch(self.kind.makes, told) is not None

    def _tidy(self, place: Path, forget: Callable[[Path], None]) -> None:
        """Remove the files that this program made in the builds that the new one replaces; whatever else is there stays."""
        with suppress(OSError):
            forget(self.folder)
        marker = self._marker()
        left = []
        for name in marker["made"]:
            older = self.folder / name
            if older == place:
                left.append(name)
            elif older.exists():
                foreign, ours = self._removed(older, marker["files"].get(name))
                self.kept += foreign
                left += [name] if ours else []
        files = {name: told for name, told in marker["files"].items() if name in left}
        self._write({"current": place.name, "next": "", "made": left, "files": files})
        self._link(place)

    def _removed(self, build: Path, made: Mapping[str, Any] | None) -> tuple[list[Path], list[Path]]:
        """Remove what is ours of a build. Returns what somebody else put there, and what is ours and could not be removed.

        `made`: its files with their stamps, as they stood when it was finished; None for one that never was, which only names can tell.
        """
        foreign, ours = [], []
        for file in _files_in(build):
            told = str(file.relative_to(build).as_posix())
            if self._is_made(file, build) if made is None else _stamps([file], build).get(told) == made.get(told, ()):
                with suppress(OSError):
                    file.unlink()
                ours += [file] if os.path.lexists(file) else []
            else:
                foreign.append(file)
        for folder in sorted(
            (each for each in build.rglob("*") if each.is_dir() and not each.is_symlink()), reverse=True
        ):
            with suppress(OSError):  # something is in it
                folder.rmdir()
        with suppress(OSError):
            build.rmdir()
        return foreign, ours

    def _link(self, place: Path) -> None:
        """`current` for other programs, where links can be made and nothing else has this name."""
        link, made = self.folder / "current", self.folder / f"{self.kind.marker}.current"
        if os.path.lexists(link) and not (link.is_symlink() and _BUILD.fullmatch(os.readlink(link))):
            return
        with suppress(OSError, NotImplementedError):
            made.unlink(missing_ok=True)
            made.symlink_to(place.name, target_is_directory=True)
            os.replace(made, link)

    def _free(self, old: dict[str, Any]) -> str:
        number = 1
        while f"build-{number}" in old["made"] or os.path.lexists(self.folder / f"build-{number}"):
            number += 1
        return f"build-{number}"

    def _marker(self) -> dict[str, Any]:
        """What the marker says; names that lead out of the folder are not believed. Raises InputError where nobody may read it."""
        told: Any = None
        try:
            told = json.loads((self.folder / self.kind.marker).read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            pass
        except OSError as error:
            raise InputError.one(str(self.folder), "", f"can't be read: {error.strerror}; ask its owner") from None
        told = told if isinstance(told, dict) else {}
        names = [name for name in _names(told.get("made")) if _BUILD.fullmatch(name)]
        made = [name for name in names if not (self.folder / name).is_symlink()]
        current, following = (name if (name := told.get(key)) in made else "" for key in ("current", "next"))
        files = told.get("files") if isinstance(told.get("files"), dict) else {}
        listed = {name: stamps for name, stamps in files.items() if name in made and isinstance(stamps, dict)}
        return {"current": current, "next": following, "made": made, "files": listed}

    def _write(self, told: dict[str, Any]) -> None:
        text = json.dumps({"made_by": "cobalamin", "holds": self.kind.name, **told}, indent=1) + "\n"
        save_bytes(self.folder / self.kind.marker, text.encode("utf-8"), was=None, note=False)


@contextmanager
def made_files(folder: Path, kind: Kind, names: Iterable[str], force: bool) -> Iterator[Path]:
    """A folder to make these files in; where the block ends well they stand in `folder`, and the marker says which they are.

    Raises TargetRefused where files of these names are there and no `force` was given, or they are no longer as they were made.
    """
    marker, beside = folder / kind.marker, folder / f"{kind.marker}.new"
    _refuse_made(folder, kind, names, force)
    try:
        with made_folder(folder), locked(marker):  # whoever waited for it sees what the one before has made
            made = _refuse_made(folder, kind, names, force)
            try:
                rmtree(beside, ignore_errors=True)
                beside.mkdir()
                yield beside
                to_disk(beside)
                sizes = {file.name: [file.stat().st_size] for file in sorted(beside.iterdir())}
                both = {name: [*made.get(name, []), *size] for name, size in sizes.items()}
                _write_sizes(marker, kind, {**made, **both})
                for name in sizes:
                    os.replace(beside / name, folder / name)
                _write_sizes(marker, kind, {**made, **sizes})
                note_saved(folder)
            finally:
                rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise InputError.one(str(folder), "", f"can't be written: {error.strerror or error}") from None


def _refuse_made(folder: Path, kind: Kind, names: Iterable[str], force: bool) -> dict[str, list[int]]:
    """The sizes of the files that were made here: two of a file while it is replaced, so that a swap that was killed goes on."""
    made = _sizes_in(folder / kind.marker)
    for name in names:
        there = folder / name
        if os.path.lexists(there) and not _is_as_made(there, made):
            raise TargetRefused(there, f"is not as this program made it; name another folder for the {kind.name}")
    if made and not force:
        raise TargetRefused(folder, f"holds a {kind.name}; give --force to replace it, or name another folder")
    return made


def _sizes_in(marker: Path) -> dict[str, list[int]]:
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        return {str(name): list(sizes) for name, sizes in json.loads(marker.read_text("utf-8"))["files"].items()}
    return {}


def _write_sizes(marker: Path, kind: Kind, sizes: dict[str, list[int]]) -> None:
    told = {"made_by": "cobalamin", "holds": kind.name, "files": sizes}
    save_bytes(marker, (json.dumps(told, indent=1) + "\n").encode("utf-8"), was=None, note=False)


def _is_as_made(file: Path, made: dict[str, list[int]]) -> bool:
    return file.is_file() and not file.is_symlink() and file.stat().st_size in made.get(file.name, ())


def to_disk(folder: Path) -> None:
    """Flush every file of a folder, so that a power cut after the swap finds what the marker names."""
    if os.name != "posix":
        return
    for file in [folder, *folder.rglob("*")]:
        handle = os.open(file, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _files_in(folder: Path) -> list[Path]:
    """Everything below a folder that is no folder itself; a link is not followed."""
    return sorted(file for file in folder.rglob("*") if file.is_symlink() or not file.is_dir())


def _stamps(files: Iterable[Path], folder: Path) -> dict[str, list[int]]:
    """Size and time of each file by its place in the folder: by them a file is known as the one that was made."""
    found = {file.relative_to(folder).as_posix(): file.lstat() for file in files}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in found.items()}


def _names(told: Any) -> Iterable[str]:
    return [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
