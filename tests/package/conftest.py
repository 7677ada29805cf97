"""The wheel of this source, built once a run, and what its commands answer where only the core packages are installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from command_rows import ROWS
from driven import driven
from environments import KEPT, RegistryUnreachable, bare, built_wheel, install, locked


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def wheel(shared: Path) -> Path:
    """The wheel of this source."""
    folder = shared / "wheel"
    with locked(shared / "wheel.lock"):
        ready = list(folder.glob("*.whl")) if (folder / "ready").exists() else []
        if not ready:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            ready = [built_wheel(folder)]
            (folder / "ready").touch()
    return ready[0]


@pytest.fixture(scope="session")
def bare_python(shared: Path, wheel: Path) -> Path:
    """The Python of an environment with the core packages and this program. Skipped where nothing can be fetched, never in CI."""
    with locked(KEPT / "lock"):
        try:
            python = bare()
        except RegistryUnreachable as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(
                f"SKIPPED LOUDLY: no registry answers, so the wheel is not tried in an empty environment ({error})"
            )
        if not (shared / "installed").exists():
            install(python, wheel)
            (shared / "installed").touch()
    return python


@pytest.fixture(scope="session")
def bare_answers(bare_python: Path) -> dict[str, Any]:
    """What every row of `command_rows` answers there."""
    return driven(bare_python, ROWS)
