"""Reading and saving files so that nothing is lost: write beside, fsync, rename; a lock against two writers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cobalamin.errors import InputError
from cobalamin.knowledge.document import LARGEST_BYTES


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises InputError with one sentence where it can't be read."""
    try:
        with path.open("rb") as handle:
            content = handle.read(LARGEST_BYTES + 1)  # a pipe or a device has no size and may never end
    except OSError as error:
        raise InputError.one(str(path), "", f"can't be read: {error.strerror or error}") from None
    if len(content) > LARGEST_BYTES:
        raise InputError.one(str(path), "", f"the file is too large; at most {LARGEST_BYTES:,} bytes are read")
    return content


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one writer at a time. The lock dies with its process, so a killed one blocks nobody.

    Raises InputError where another program is writing, or where nothing can be written.
    """
    real = file_behind(path)  # two links to one file are one file
    lock = real.with_name(f".{real.name}.lock")
    try:
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise InputError.one(
            str(path), "", f"can't be written: {error.strerror or error}; nothing was changed"
        ) from None
    try:
        if not _try_lock(handle) or not _still_there(lock, handle):
            raise InputError.one(
                str(path), "", "another program is writing it just now; nothing was changed, try again"
            )
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # only there

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # not there on Windows

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _still_there(lock: Path, handle: int) -> bool:
    """Whether the locked file is still the one with that name: a writer that just ended may have removed it."""
    try:
        return lock.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False


def file_behind(path: Path) -> Path:
    """The file a path leads to, through links. Raises InputError for what is there and is no file.

    A file is replaced, not written into: in the place of a device, a pipe or a link there would be a plain file.
    """
    real = Path(os.path.realpath(path))
    try:
        there = path.exists() or path.is_dir()
    except OSError as error:
        raise InputError.one(str(path), "", f"can't be written: {error.strerror or error}") from None
    if (there and not path.is_file()) or real.is_symlink():
        what = (
            "a folder; name a file in it"
            if path.is_dir()
            else "no file, but a device, a pipe or a broken link; name a file"
        )
        raise InputError.one(str(path), "", f"can't be written: it is {what}")
    return real


def save_text(path: Path, text: str) -> None:
    """Replace the file as a whole: whoever reads it sees the old text or the new one, never a part."""
    told, path = path, file_behind(path)
    beside = path.with_name(f".{path.name}.new")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        with open(
            os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, mode), "w", encoding="utf-8", newline=""
        ) as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(beside, path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise InputError.one(
            str(told), "", f"can't be written: {error.strerror or error}; nothing was changed"
        ) from None


def _sync_folder(folder: Path) -> None:
    """The rename itself survives a power cut only when the folder is written too; not every system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
