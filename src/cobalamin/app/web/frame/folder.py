"""The one folder whose case files the pages open and save. No name that comes from outside leads anywhere else."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from cobalamin.app.services.files import read_bytes
from cobalamin.errors import CobalaminError

ENDINGS = (".yaml", ".yml", ".json")
MOST_LISTED, LONGEST_NAME = 2_000, 60
_NOT_IN_A_NAME = re.compile(r"[^\w-]+")


class NoSuchCase(CobalaminError):
    """The folder holds no case file of this name."""


@dataclass(frozen=True)
class CaseFolder:
    """A folder of case files, by name."""

    root: Path

    def names(self) -> list[str]:
        """The case files in order; hidden files and links that lead out are none of them."""
        found = (entry.name for entry in self.root.iterdir())
        return sorted(name for name in found if self._is_case(name))[:MOST_LISTED]

    def path(self, name: str) -> Path:
        """The file of this name. Raises NoSuchCase."""
        if not self._is_case(name):
            raise NoSuchCase(name)
        return self.root / name

    def _is_case(self, name: str) -> bool:
        if name.startswith(".") or not name.lower().endswith(ENDINGS) or re.search(r"[/\\\x00]", name):
            return False
        path = self.root / name
        try:
            return path.is_file() and path.resolve().parent == self.root.resolve()
        except (OSError, ValueError):
            return False

    def new_path(self, wanted: str) -> Path:
        """A free name made from what a person typed."""
        plain = unicodedata.normalize("NFKC", wanted.removesuffix(".yaml"))
        stem = _NOT_IN_A_NAME.sub("-", plain).strip("-_").lower()[:LONGEST_NAME].strip("-_") or "person"
        number = 1
        while (path := self.root / f"{stem}{f'-{number}' if number > 1 else ''}.yaml").exists():
            number += 1
        return path


def mark_of(content: bytes) -> str:
    """What tells one state of a file from another."""
    return hashlib.sha256(content).hexdigest()[:20]


def mark_of_file(path: Path) -> str:
    return mark_of(read_bytes(path))
