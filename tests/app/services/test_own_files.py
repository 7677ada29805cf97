"""Where the small files of the person at this computer lie, and that no test reads theirs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cobalamin.app.services import own_files


@pytest.mark.skipif(sys.platform != "linux", reason="the usual folders of Linux")
def test_the_folders_are_the_usual_ones_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COBALAMIN_SETTINGS")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, "not/absolute")
    assert own_files.settings_folder() == tmp_path / ".config" / "cobalamin"
    assert own_files.state_folder() == tmp_path / ".local" / "state" / "cobalamin"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    assert own_files.settings_folder() == tmp_path / "c" / "cobalamin"
    assert own_files.state_folder() == tmp_path / "s" / "cobalamin"


def test_no_test_reads_the_settings_of_whoever_runs_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The folder that all tests have, and the programs that they start."""
    assert Path(os.environ["COBALAMIN_SETTINGS"]).is_relative_to(tmp_path_factory.getbasetemp())


def test_a_computer_that_keeps_nothing_still_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("COBALAMIN_SETTINGS", str(tmp_path / "file"))
    assert own_files.remember("a", "b") is False
    assert own_files.remembered("a") == b""
    own_files.forget("a")
