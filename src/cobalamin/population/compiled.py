"""The fold compiled by numba: the same functions, copied into one module in which every name is compiled.

There is no second implementation: the text of the fold's files, and of the loop over people, is written to a file of the
user's cache, decorated, and imported. The machine code is kept beside it, so only the first run waits for the compiler.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from cobalamin.population import following, stream
from cobalamin.therapy.fold import fold, judging, status, values, windows

PARTS: tuple[ModuleType, ...] = (values, windows, judging, fold, status, stream, following)
# Inlined by force: numba hands a tuple over as one argument a field, and a state has 36.
_INLINED = "\n@numba.njit(cache=True, forceinline=True, error_model='numpy')\ndef "
_CALLED = "\n@numba.njit(cache=True, error_model='numpy', nogil=True)\ndef "
_APART = ("follow_people", "read_person", "judged_at", "other_dates")  # the last two are rare

Follow = Callable[..., None]


@cache
def compiled_loop() -> Follow:
    """`following.follow_people`, compiled. Raises ImportError without numba."""
    file = _file()
    if not file.exists():
        whole = file.with_name(f"{file.stem}_{os.getpid()}.new")
        whole.write_text(one_module(), "utf-8")
        whole.replace(file)
    follow: Follow = _loaded(file).follow_people
    return follow


def is_kept() -> bool:
    """Whether machine code of an earlier run is there, so that nobody waits for the compiler."""
    if importlib.util.find_spec("numba") is None:
        return False
    return any((_file().parent / "__pycache__").glob(f"{_file().stem}.follow_people*.nbc"))


@cache
def _file() -> Path:
    """Where the module is written: another text, or another compiler, is another file."""
    made = f"{one_module()}{metadata.version('numba')}{metadata.version('numpy')}"
    return cache_folder() / f"one_fold_{hashlib.sha256(made.encode()).hexdigest()[:16]}.py"


def one_module() -> str:
    """The text of all parts without their imports of each other, every function decorated."""
    lines = ["import numba"]
    for part in PARTS:
        text = Path(str(part.__file__)).read_text("utf-8")
        lines += [line for line in text.splitlines() if not line.startswith("from cobalamin")]
    text = "\n".join(lines).replace("\ndef ", _INLINED)
    for name in _APART:
        text = text.replace(f"{_INLINED}{name}(", f"{_CALLED}{name}(")
    return text + "\n"


def cache_folder() -> Path:
    """Where machine code is kept between runs; a folder of this process where the user has none that can be written."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    try:
        folder = base / "cobalamin"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="cobalamin-"))


def _loaded(file: Path) -> Any:
    made = importlib.util.spec_from_file_location(file.stem, file)
    if made is None or made.loader is None:
        raise ImportError(f"{file} can't be imported")
    module = importlib.util.module_from_spec(made)
    sys.modules[file.stem] = module  # where machine code of an earlier run looks for its names
    made.loader.exec_module(module)
    return module
