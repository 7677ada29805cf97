"""Empty environments with the wheel of this source in them: the core packages alone, or one extra alone.

Run as a script it prepares the one with the core packages, as `./test` does before the tests.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE, ALL = ROOT / "requirements" / "core.txt", ROOT / "requirements" / "test.txt"
KEPT = ROOT / ".cache" / "package"
_NO_ANSWER = re.compile(r"connection broken by|Temporary failure in name resolution|Network is unreachable")
_QUIET = ("--quiet", "--disable-pip-version-check")


class RegistryUnreachable(Exception):
    """No package could be fetched, because no registry answers."""


def _run(*command: object) -> None:
    """Raises RegistryUnreachable where nothing answers, RuntimeError with what pip says for every other failure."""
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True)
    if done.returncode == 0:
        return
    if lost := _NO_ANSWER.search(done.stderr):
        raise RegistryUnreachable(lost.group())
    raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def built_wheel(folder: Path) -> Path:
    """The wheel of this source, built with the packages that are installed here: nothing is fetched."""
    pip = (sys.executable, "-m", "pip", "wheel", *_QUIET)
    _run(*pip, "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    return next(folder.glob("cobalamin-*.whl"))


def environment(folder: Path, requirements: Path, python: str = sys.executable) -> Path:
    """An environment with these packages and nothing else, pip included; returns its Python. Raises RegistryUnreachable.

    Every package must be pinned by hash, those that others ask for too. Another Python than this one brings its own pip.
    """
    own = python == sys.executable
    _run(python, "-m", "venv", "--clear", *(("--without-pip",) if own else ()), folder)
    inside = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", inside) if own else (inside, "-m", "pip")
    _run(*pip, "install", *_QUIET, "--retries", "2", "--require-hashes", "-r", requirements)
    return inside


def install(python: Path, wheel: Path) -> None:
    """Put the wheel into an environment; what it needs is there already."""
    own = not (python.parent / "pip").exists()
    pip = (sys.executable, "-m", "pip", "--python", python) if own else (python, "-m", "pip")
    _run(*pip, "install", *_QUIET, "--no-deps", "--no-index", "--force-reinstall", wheel)


def bare() -> Path:
    """The Python of the environment with the core packages alone; kept, so that only the first run needs a registry."""
    key = hashlib.sha256(CORE.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = KEPT / f"core-{key}"
    ready = folder / ".ready"
    if not ready.exists():
        for earlier in KEPT.glob("core-*"):
            shutil.rmtree(earlier)
        environment(folder, CORE)
        ready.touch()
    return folder / "bin" / "python"


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Several processes of one test run share what is built."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# -- one extra alone -------------------------------------------------------------------------------------------------


def extras() -> tuple[str, ...]:
    """The extras for users, from the project's own file."""
    return tuple(name for name in _project()["optional-dependencies"] if name != "dev")


def _project() -> dict[str, dict[str, list[str]]]:
    project: dict[str, dict[str, list[str]]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def pinned_for(extra: str, file: Path) -> Path:
    """Write what the core and one extra need, with versions and hashes of the packages that are tested."""
    project = _project()
    asked = [*project["dependencies"], *project["optional-dependencies"][extra]]  # type: ignore[list-item]  # strings
    blocks = _blocks(ALL.read_text("utf-8"))
    file.write_text("".join(blocks[name] for name in sorted(_closure(asked))), "utf-8")
    return file


def _closure(asked: list[str]) -> set[str]:
    """The names of these packages and of all that they ask for here, as the installed ones say."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: set[tuple[str, str]] = set()
    waiting = [Requirement(text) for text in asked]
    while waiting:
        wanted = waiting.pop()
        for extra in ("", *wanted.extras):
            key = (canonicalize_name(wanted.name), extra)
            if key in found:
                continue
            found.add(key)
            needs = map(Requirement, importlib.metadata.requires(wanted.name) or ())
            waiting += [each for each in needs if each.marker is None or each.marker.evaluate({"extra": extra})]
    return {name for name, _ in found}


def _blocks(text: str) -> dict[str, str]:
    """The lines of a list by package."""
    parts = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    return {part.split("==")[0]: part for part in parts if "==" in part}


def prepare() -> int:
    """For `./test`: 0 where the environment is there, or where no registry answers and this is no CI."""
    try:
        with locked(KEPT / "lock"):
            bare()
    except RegistryUnreachable as error:
        sys.stderr.write(
            f"SKIPPED: the wheel is not tried in an empty environment, because no registry answers ({error})\n"
        )
        return int(os.environ.get("CI") == "true")
    return 0


if __name__ == "__main__":
    sys.exit(prepare())
