"""What no --force replaces: a practice's own list, its mapping, a file of a panel's folder, a case file in any encoding."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from command_line import example, in_process

from app.cli.test_nothing_destroyed import LIST, MAPPING
from cobalamin.app.cli import main
from cobalamin.app.services import files
from cobalamin.app.services.files import note_saved
from hazards import hazard

SIMULATE = ("simulate", "--scenario", "1 mg hydroxocobalamin im every 8 weeks", "--people", 3, "--force", "--csv")


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a list, its mapping and its panel."""
    monkeypatch.chdir(tmp_path)
    Path("list.csv").write_text(LIST)
    Path("mapping.yaml").write_text(MAPPING)
    built = in_process(
        "panel",
        "build",
        "list.csv",
        "--mapping",
        "mapping.yaml",
        "--into",
        "panel",
        "--workers",
        1,
        "--on",
        "2026-09-01",
    )
    assert built.code == 0, built.err
    return tmp_path


@hazard("H30")
@pytest.mark.parametrize("name", ["list.csv", "mapping.yaml"])
def test_no_list_and_no_mapping_of_a_panel_is_replaced(name: str, practice: Path) -> None:
    for command in (("recall", "panel"), ("reconcile", "panel"), ("measures", "panel", "--people", "M5")):
        before = (practice / name).read_bytes()
        told = in_process("panel", *command, "--csv", name, "--force")
        assert (told.code, "is read by this command" in told.err) == (1, True)
        assert (practice / name).read_bytes() == before


@hazard("H30")
@pytest.mark.parametrize("name", [".cobalamin-panel", "build-1/manifest.json", "build-1/panel/part-00000.parquet"])
def test_no_file_of_a_panels_folder_is_replaced_by_another_command(name: str, practice: Path) -> None:
    before = (practice / "panel" / name).read_bytes()
    told = in_process(*SIMULATE, f"panel/{name}")
    assert (told.code, "a folder that this program keeps" in told.err) == (1, True)
    assert (practice / "panel" / name).read_bytes() == before


@hazard("H30")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_case_file_of_another_encoding_is_a_case_file(encoding: str, practice: Path) -> None:
    case = practice / "case.yaml"
    case.write_bytes(example("treatment-running").read_text("utf-8").encode(encoding))
    before = case.read_bytes()
    told = in_process("panel", "recall", "panel", "--csv", "case.yaml", "--force")
    assert (told.code, case.read_bytes()) == (1, before)
    if encoding != "utf-8-sig":
        said = in_process("check", "case.yaml").err
        assert "UTF-16" in said
        assert "save it as UTF-8" in said


@pytest.mark.parametrize(
    "words",
    [("panel", "build", "list.csv", "--mapping", "mapping.yaml", "--into"), ("panel", "generate", "--people", 3)],
)
def test_a_full_disk_leaves_no_empty_folder(
    words: tuple[Any, ...], practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.tempfile, "mkstemp", full)
    monkeypatch.setattr(files.os, "fsync", full)
    assert in_process(*words, "new/place", "--on", "2026-09-01").code == 3
    assert not (practice / "new").exists()


def test_ctrl_c_after_saving_ends_as_saved(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(**_: object) -> None:
        note_saved(tmp_path / "case.yaml")
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "app", interrupted)
    with pytest.raises(SystemExit) as left:
        main.main()
    told = capsys.readouterr().err
    assert left.value.code == 0
    assert "case.yaml is saved; only what follows was interrupted. Don't enter it again." in told
    assert "fault" not in told
