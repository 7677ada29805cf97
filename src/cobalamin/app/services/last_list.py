"""The options that were last shown for a case, so that one may be named by its number while it is the same list.

A number means nothing by itself. It holds for one content of the file, one library and one day; after any of them has
changed, the number could name another treatment (hazard H148).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cobalamin.app.services.own_files import remember, remembered
from cobalamin.knowledge.library import Library

_FILE, MOST_FILES = "lists.txt", 50


def digest_of(content: bytes, library: Library, on: date) -> str:
    """What tells one state of file, library and day from another."""
    whole = b"\0".join((hashlib.sha256(content).digest(), library.digest.encode(), on.isoformat().encode()))
    return hashlib.sha256(whole).hexdigest()


def remember_list(path: Path, digest: str, protocols: Sequence[str]) -> None:
    """Remember what was shown for this file; of files only a digest of their path is written down."""
    own = _name_of(path)
    others = [line for line in _lines() if line.split(" ")[0] != own]
    lines = [*others, " ".join((own, digest, *protocols))][-MOST_FILES:]
    remember(_FILE, "".join(f"{line}\n" for line in lines))


def shown_list(path: Path, digest: str) -> tuple[str, ...] | None:
    """The protocols of the list last shown for this file, in its order; None where it was another file, library or day."""
    own = _name_of(path)
    for line in _lines():
        name, *rest = line.split(" ")
        if name == own and rest[:1] == [digest]:
            return tuple(rest[1:])
    return None


def _lines() -> list[str]:
    return [line for line in remembered(_FILE).decode("utf-8", "replace").splitlines() if line.strip()]


def _name_of(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
