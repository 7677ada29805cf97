"""A panel that was built once, and the command line to hold the functions against."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from command_line import Run, in_process

from cobalamin.app.services import panels

TUESDAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def run() -> Callable[..., Run]:
    """The command line in this process."""
    return in_process


@pytest.fixture(scope="session")
def demo_panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a panel of sixty people who were made up."""
    folder = tmp_path_factory.mktemp("practice")
    register, panel = folder / "register", folder / "panel"
    panels.generate_register(register, 60, 7, TUESDAY, panels.unwatched)
    options = panels.BuildOptions(workers=1, compiled=False, months=12)
    panels.build_panel(register, panel, TUESDAY, options, panels.unwatched)
    return panel
