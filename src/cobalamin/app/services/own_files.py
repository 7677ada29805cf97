"""The small files that belong to the person at this computer: settings, and what a command remembers. No case stands in them.

Where they lie is usual for the system; COBALAMIN_SETTINGS names one folder for all of them.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from cobalamin.app.services.files import save_bytes
from cobalamin.errors import CobalaminError, InputError
from cobalamin.knowledge.document import Tree, read_document

CHOSEN, SETTINGS = "COBALAMIN_SETTINGS", "config.yaml"
_NAME = "cobalamin"


def settings_folder() -> Path:
    """Where the settings lie."""
    return _folder("XDG_CONFIG_HOME", ".config", "APPDATA")


def state_folder() -> Path:
    """Where a command remembers what the next one is asked about."""
    return _folder("XDG_STATE_HOME", ".local/state", "LOCALAPPDATA")


def _folder(named: str, usual: str, windows: str) -> Path:
    if chosen := os.environ.get(CHOSEN):
        return Path(chosen).absolute()
    home = Path(os.path.expanduser("~")).absolute()
    if sys.platform == "win32":
        return Path(os.environ.get(windows) or home) / _NAME
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / _NAME
    folder = Path(os.environ.get(named) or "")
    return (folder if folder.is_absolute() else home / usual) / _NAME  # one that is not absolute is to be ignored


def mapping_in(content: bytes, file: Path, keys: tuple[str, ...]) -> dict[str, str]:
    """KEY: VALUE lines of a small file. Raises InputError for anything else."""
    if not content.strip():
        return {}
    document = read_document(content, str(file))
    tree: Tree = document.tree or {}
    if document.faults:
        raise InputError(list(document.faults))
    if not isinstance(tree, dict):
        raise InputError.one(str(file), "", "must have lines such as country: GB", 1)
    for key, value in tree.items():
        if key not in keys:
            message = f"is no setting; known are {', '.join(keys)}"
            raise InputError.one(str(file), key, message, document.line(key))
        if not isinstance(value, str):
            raise InputError.one(str(file), key, "must be one value on its line", document.line(key))
    return dict(tree)


def remembered(name: str) -> bytes:
    """What was remembered under this name; nothing where that can't be read, for then it is only not known."""
    try:
        return (state_folder() / name).read_bytes()
    except OSError:
        return b""


def remember(name: str, text: str) -> bool:
    """Remember this under a name; whether that could be done. A computer that keeps nothing still answers."""
    path = state_folder() / name
    try:
        make_own(path.parent)
        save_bytes(path, text.encode("utf-8"), was=None, note=False)
    except (CobalaminError, OSError):
        return False
    return True


def forget(name: str) -> None:
    with suppress(OSError):
        (state_folder() / name).unlink()


def make_own(folder: Path) -> None:
    """The folder, for its owner's eyes where it is new."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
