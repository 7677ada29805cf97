"""Reading and saving files so that nothing is lost.

Write beside, compare, fsync, rename; one writer at a time, and the next one waits for it.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from cobalamin.errors import CobalaminError, Fault, InputError
from cobalamin.knowledge.document import LARGEST_BYTES

WAIT_SECONDS = 5.0  # for one other writer
LONGEST_WAIT = 60.0  # for many, one after another
_EACH_WAIT = 0.02
_HELD_BY_ANOTHER = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
_RANDOM = "????????"  # what mkstemp puts between prefix and suffix
_Told = TypeVar("_Told")
_saved: ContextVar[list[Path] | None] = ContextVar("saved", default=None)
_parted: ContextVar[list[Path] | None] = ContextVar("parted", default=None)


@contextmanager
def saved_files() -> Iterator[list[Path]]:
    """The files and folders that are saved inside the block, as they are: what was saved is never called not saved."""
    noted: list[Path] = []
    token = _saved.set(noted)
    try:
        yield noted
    finally:
        _saved.reset(token)


def note_saved(path: Path) -> None:
    noted = _saved.get()
    if noted is not None:
        noted.append(path)


@contextmanager
def parted_files() -> Iterator[list[Path]]:
    """The files saved inside the block that had other names (hard links): those keep the text from before, as a copy of yesterday must."""
    noted: list[Path] = []
    token = _parted.set(noted)
    try:
        yield noted
    finally:
        _parted.reset(token)


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


def file_behind(path: Path) -> Path:
    """The file a path leads to, through links. Raises InputError for what is there and is no file.

    A file is replaced, not written into: in the place of a device, a pipe or a link there would be a plain file.
    """
    real = Path(os.path.realpath(path))
    try:
        there = path.exists() or path.is_dir()
    except OSError as error:
        raise _unwritable(path, error) from None
    if (there and not path.is_file()) or real.is_symlink():
        what = (
            "a folder; name a file in it"
            if path.is_dir()
            else "no file, but a device, a pipe or a broken link; name a file"
        )
        raise InputError.one(str(path), "", f"can't be written: it is {what}")
    return real


def refuse_read_only(path: Path) -> None:
    """Raise InputError where a file that is there may not be written.

    A rename needs only the folder's permission, and the superuser needs none: so the file's own marks are looked at.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # not there, or not to be seen: the writing will say
    if not mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        message = "can't be written: the file is read-only; nothing was changed. Make it writable first, or copy it"
        raise InputError.one(str(path), "", message)


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError.one(str(path), "", f"can't be written: {error.strerror or error}; nothing was changed")


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """The folder, made where it is not there; where the block fails, what was made for it and is still empty goes again."""
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for each in new:
            with suppress(OSError):  # something is in it, or it was never made
                each.rmdir()
        raise


# -- one writer at a time ----------------------------------------------------------------------------------------------


@contextmanager
def locked(path: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Only one writer at a time; the next waits up to `wait` seconds for each that is before it. The lock dies with its process: a killed one blocks nobody.

    Raises InputError where another program goes on writing, or where nothing can be written.
    """
    real = file_behind(path)  # two links to one file are one file
    lock = real.with_name(f".{real.name}.lock")
    handle = _locked_file(path, lock, wait)
    try:
        _sweep(real)
        yield
    finally:
        if os.fstat(handle).st_size == 0:  # ours are empty; a file of somebody else with this name stays
            with suppress(OSError):
                lock.unlink()
        os.close(handle)


def _locked_file(path: Path, lock: Path, wait: float) -> int:
    began = waiting_since = time.monotonic()
    holder = (0, 0)
    while True:
        try:
            handle = _open_lock(lock)
        except OSError as error:
            raise _unwritable(path, error) from None
        if _has_lock(path, lock, handle):
            return handle
        there, now = os.fstat(handle), time.monotonic()
        os.close(handle)
        if (there.st_ino, there.st_ctime_ns) != holder:  # each writer makes a lock of its own: one has ended since
            holder, waiting_since = (there.st_ino, there.st_ctime_ns), now
        if now - waiting_since >= wait or now - began >= LONGEST_WAIT:
            message = "another program is writing it just now; nothing was changed, try again"
            raise InputError.one(str(path), "", message)
        time.sleep(_EACH_WAIT)


def _has_lock(path: Path, lock: Path, handle: int) -> bool:
    try:
        return _try_lock(handle) and _still_there(lock, handle)
    except OSError as error:  # a disk that knows no locks
        os.close(handle)
        raise _unwritable(path, error) from None


def _open_lock(lock: Path) -> int:
    """A lock may be left behind by a writer that was killed, and by somebody else who may write in the folder."""
    flags = os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(lock, flags | os.O_RDWR, 0o666)
    except PermissionError as refused:
        try:
            return os.open(lock, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            raise refused from None  # no lock is there, and none may be made: that is the reason, not the missing lock


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # only there

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # not there on Windows

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD_BY_ANOTHER:
            return False
        raise
    return True


def _still_there(lock: Path, handle: int) -> bool:
    """Whether the locked file is still the one with that name: a writer that just ended may have removed it."""
    try:
        return lock.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False


def _sweep(real: Path) -> None:
    """Remove what writers that were killed left beside this file; whoever lives and writes holds the lock."""
    for rest in real.parent.glob(f"{_plain('.' + real.name)}.{_RANDOM}.new"):
        with suppress(OSError):
            rest.unlink()


def _plain(name: str) -> str:
    """The name as a pattern that matches only itself."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


# -- saving ------------------------------------------------------------------------------------------------------------


class ChangedMeanwhile(CobalaminError):
    """Another program changed the file between reading and saving; nothing was written."""

    exit_code = InputError.exit_code

    def __init__(self, file: str) -> None:
        message = (
            "another program has changed the file since it was read; nothing was written. Look at it and try again"
        )
        self.faults = [Fault(file, 0, "", message)]
        super().__init__(str(self.faults[0]))


def save_text(path: Path, text: str, *, was: bytes | None) -> None:
    """Replace the file as a whole: whoever reads it sees the old text or the new one, never a part.

    `was`: the content the text was made from; it is compared right before the file is replaced. None for an output, whose
    old content is not read. Raises ChangedMeanwhile and InputError; then nothing was changed.
    """
    save_bytes(path, text.encode("utf-8"), was=was)


def save_bytes(path: Path, content: bytes, *, was: bytes | None, note: bool = True) -> None:
    """As `save_text`, for bytes. Without `note`, for a file that is no one's entry or answer, such as a marker."""

    def replace(beside: Path, real: Path) -> None:
        if was is not None:
            _refuse_changed(path, was)
        os.replace(beside, real)

    _save(path, content, replace, note)


def save_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet. Raises InputError where it is by now, or can't be written."""

    def appear(beside: Path, real: Path) -> None:
        try:
            os.link(beside, real)  # refuses what is there in the same step
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links
            if real.exists():
                raise FileExistsError(errno.EEXIST, "it is there by now") from None
            os.replace(beside, real)
            return
        beside.unlink()

    _save(path, content, appear)


def _refuse_changed(path: Path, was: bytes) -> None:
    try:
        now = path.read_bytes()
    except FileNotFoundError:
        raise ChangedMeanwhile(str(path)) from None
    if now != was:
        raise ChangedMeanwhile(str(path))


class Edited(Struct, frozen=True):
    """A file in the hands of its one writer: its content as it was read, and how it is saved."""

    path: Path
    content: bytes

    def save(self, text: str) -> None:
        """Replace the file, with the mark of UTF-8 where it had one. Raises ChangedMeanwhile and InputError."""
        mark = "\ufeff" if self.content.startswith(b"\xef\xbb\xbf") else ""
        save_text(self.path, mark + text, was=self.content)


@contextmanager
def edited(path: Path) -> Iterator[Edited]:
    """A file to be read, changed and saved by one writer at a time. Raises InputError where it can't be written at all."""
    with locked(path):
        refuse_read_only(path)
        yield Edited(path, read_bytes(path))


def save_made(
    path: Path, made: Callable[[bytes], tuple[str, _Told]], before_saving: Callable[[], object] = lambda: None
) -> _Told:
    """Save the text that `made` makes of the file's content, and return what it tells beside it; "" saves nothing.

    It is made before the file is locked, because others wait for the lock, and once more where another writer was first: then the
    last answer counts. What it raises leaves the file as it was. Raises ChangedMeanwhile and InputError.
    """
    file_behind(path)
    refuse_read_only(path)
    content = read_bytes(path)
    text, told = made(content)
    if not text:
        return told
    with edited(path) as file:
        if file.content != content:
            text, told = made(file.content)
        if text:
            before_saving()
            file.save(text)
    return told


def _save(path: Path, content: bytes, put: Callable[[Path, Path], None], note: bool = True) -> None:
    """Write beside the file, then `put` it in its place."""
    real = file_behind(path)
    refuse_read_only(path)
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(".new", f".{real.name}.", real.parent)
        beside = Path(name)
        with open(handle, "wb") as file:
            _keep_marks(real, handle)
            file.write(content)
            file.flush()
            os.fsync(handle)
        linked = real.exists() and real.stat().st_nlink > 1
        put(beside, real)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and beside is not None and not beside.exists() and note:
            note_saved(path)  # it is in its place already
        if beside is not None:
            with suppress(OSError):
                beside.unlink()
        if isinstance(error, OSError):
            raise _unwritable(path, error) from None
        raise
    if linked and (parted := _parted.get()) is not None:
        parted.append(path)
    if note:
        note_saved(path)
    _sync_folder(real.parent)


def _keep_marks(real: Path, handle: int) -> None:
    """Owner, group and permissions of the file that is replaced; a new one is for its owner's eyes."""
    if os.name != "posix" or not real.exists():
        return
    old = real.stat()
    with suppress(OSError):
        os.fchown(handle, old.st_uid, old.st_gid)  # only the superuser may give a file away
    os.fchmod(handle, stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """The rename itself survives a power cut only when the folder is written too; not every system can."""
    if os.name != "posix":
        return
    with suppress(OSError):  # the file is saved by now, whatever becomes of this
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
