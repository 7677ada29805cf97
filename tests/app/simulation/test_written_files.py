"""A file that is written is a file: no device, pipe or link is replaced by one. Tried with a pipe and links in a folder of its own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from test_simulate_command import REGIMEN
from typer.testing import CliRunner

from cobalamin.app.cli.main import app
from cobalamin.app.services.files import locked, save_text
from cobalamin.app.services.simulation import simulate
from cobalamin.errors import InputError

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to(pipe)
    for path in (pipe, tmp_path / "link"):
        with pytest.raises(InputError, match="no file, but a device, a pipe"):
            save_text(path, "text", was=None)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert {each.name for each in tmp_path.iterdir()} == {"pipe", "link"}


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "real.txt", tmp_path / "link.txt"
    real.write_text("old", "utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    save_text(link, "new", was=None)
    assert link.is_symlink()
    assert real.read_text("utf-8") == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    to_come = tmp_path / "to-come.txt"
    to_come.symlink_to(tmp_path / "there" / "new.txt")
    save_text(to_come, "first", was=None)
    assert (tmp_path / "there" / "new.txt").read_text("utf-8") == "first"
    assert to_come.is_symlink()


def test_links_that_lead_nowhere_and_folders_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    for path in (one, tmp_path):
        with pytest.raises(InputError, match="can't be written"):
            save_text(path, "text", was=None)
    assert one.is_symlink()


def test_a_file_and_a_link_to_it_have_one_lock(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old", "utf-8")
    link.symlink_to(real)
    with locked(real), pytest.raises(InputError, match="another program"), locked(link, wait=0.1):
        pass


@pytest.mark.parametrize("option", ["--csv", "--picture"])
def test_what_cannot_be_written_is_noticed_before_anything_is_computed(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def computed(*_: object) -> None:
        raise AssertionError("computed")

    monkeypatch.setattr(simulate, "simulate_for", computed)
    os.mkfifo(tmp_path / "pipe")
    for target in (tmp_path / "pipe", tmp_path / "no-folder" / "file"):
        found = CliRunner().invoke(app, ["simulate", *REGIMEN, option, str(target)])
        assert isinstance(found.exception, InputError)
