"""A panel is built beside the one that is there: whoever looks sees the old one or the new one, whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command_line import Run, everything_in, in_process

from cobalamin.app.services import outputs, panels
from cobalamin.app.services.outputs import Generations, Kind, TargetRefused, made_files, refuse_folder
from cobalamin.errors import InputError
from hazards import hazard

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

KIND = Kind(".marker", "thing")
PATIENT = "patient_id,protocol,start,choices,cause,deficiency,neurological_involvement,previous_treatment\n"
NONEURO = "uk-bnf-noneuro,2026-01-05,maintenance_interval=3 mo,pernicious_anaemia,confirmed,absent,none"
DOSES = "patient_id,date,substance,dose,route\n"


def register(folder: Path, people: int = 1) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    ids = [f"a{number}" for number in range(people)]
    (folder / "patient.csv").write_text(PATIENT + "".join(f"{name},{NONEURO}\n" for name in ids), "utf-8")
    doses = "".join(f"{name},2026-01-05,hydroxocobalamin,1 mg,im\n" for name in ids)
    (folder / "administration.csv").write_text(DOSES + doses, "utf-8")
    return folder


def build(source: Path, into: Path, on: str = "2026-06-01") -> Run:
    return in_process("panel", "build", source, "--into", into, "--on", on, "--workers", 1)


def answer(panel: Path) -> Any:
    """The whole recall list: on which day, and of how many people."""
    return in_process("panel", "recall", panel, "--within", 400, "--json").document


@hazard("H19")
@pytest.mark.parametrize("damage", ["no patients", "a heading", "unreadable parquet", "no register"])
def test_a_build_that_fails_leaves_the_old_panel(tmp_path: Path, damage: str) -> None:
    source, panel = register(tmp_path / "r"), tmp_path / "p"
    assert build(source, panel).code == 0
    before = answer(panel)
    if damage == "no patients":
        (source / "patient.csv").unlink()
    elif damage == "a heading":
        (source / "patient.csv").write_text("colour\nred\n", "utf-8")
    elif damage == "unreadable parquet":
        (source / "decision.parquet").write_bytes(b"PAR1 broken")
    else:
        shutil.rmtree(source)
    failed = build(source, panel, "2026-06-08")
    assert failed.code == 3
    assert "saved" not in failed.err
    assert answer(panel) == before
    (source / "decision.parquet").unlink(missing_ok=True)
    register(source, 2)
    assert build(source, panel, "2026-06-08").code == 0
    assert answer(panel)["on"] == "2026-06-08"
    assert answer(panel)["people"] == 2


@hazard("H19")
def test_a_defect_in_the_middle_leaves_the_old_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, panel = register(tmp_path / "r"), tmp_path / "p"
    assert build(source, panel).code == 0
    before = answer(panel)

    def broken(*_: object) -> None:
        raise IndexError("tuple index out of range")

    with monkeypatch.context() as patched:
        patched.setattr("cobalamin.population.panel._folded", broken)
        assert build(source, panel, "2026-06-08").code == 70
    assert answer(panel) == before
    assert build(source, panel, "2026-06-08").code == 0
    assert answer(panel)["on"] == "2026-06-08"


@hazard("H19")
def test_of_a_finished_build_nothing_older_is_left(tmp_path: Path) -> None:
    source, panel = register(tmp_path / "r"), tmp_path / "p"
    for day in ("2026-06-01", "2026-06-02", "2026-06-03"):
        assert build(source, panel, day).code == 0
        (panel / "notes.txt").write_text("mine", "utf-8")
    builds = [each for each in panel.iterdir() if each.is_dir() and not each.is_symlink()]
    assert len(builds) == 1
    assert sorted(each.name for each in panel.iterdir() if each not in builds) == [
        ".cobalamin-panel",
        "current",
        "notes.txt",
    ]
    assert (panel / "current").resolve() == builds[0].resolve()
    assert list((panel / "current" / "panel").glob("part-*.parquet"))


LONG = """
import sys
from cobalamin.app.cli.main import main
sys.argv = ["cobalamin", "panel", "build", sys.argv[1], "--into", sys.argv[2], "--on", sys.argv[3], "--workers", "1"]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@hazard("H19")
@hazard("H30")
def test_killed_at_any_moment_there_is_the_old_panel_or_the_new_one(tmp_path: Path) -> None:
    """At delays over the whole time of a build, and at the very steps of the swap (the next test)."""
    source, panel, chance = register(tmp_path / "r", 50), tmp_path / "p", random.Random(7)
    began = time.monotonic()
    assert (
        subprocess.run(
            [sys.executable, "-c", LONG, str(source), str(panel), "2026-06-01"],
            capture_output=True,
            timeout=120,
            check=False,
        ).returncode
        == 0
    )
    takes, day = time.monotonic() - began, 1
    for number in range(6):
        command = [sys.executable, "-c", LONG, str(source), str(panel), f"2026-06-{number + 2:02}"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(takes * chance.uniform(0.3, 1.1))
            process.send_signal(signal.SIGKILL)
        found = int(answer(panel)["on"][-2:])
        assert found in (day, number + 2)
        assert answer(panel)["people"] == 50
        day = found
    assert build(source, panel, "2026-07-01").code == 0
    assert len([each for each in panel.iterdir() if each.is_dir() and not each.is_symlink()]) == 1


STEPS = ("os.replace", "os.fsync", "os.unlink", "pathlib.Path.mkdir", "pathlib.Path.symlink_to", "cobalamin.app.services.outputs.rmtree")  # fmt: skip
ENDED, KILLED = 0, 9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't copy a process")
@hazard("H19")
@hazard("H30")
def test_killed_at_any_step_of_the_swap(tmp_path: Path) -> None:
    """Every call that changes the folder is once the last one of its process."""
    for at in range(200):
        folder = tmp_path / str(at)
        made(folder, "old")
        code = in_another(lambda folder=folder: made(folder, "new"), at)
        assert shown(folder) in ("old", "new"), at
        made(folder, "later")
        assert shown(folder) == "later"
        current = Generations(folder, KIND).current.name
        assert [path.name for path in folder.iterdir() if path.is_dir() and not path.is_symlink()] == [current]
        if code == ENDED:
            assert at > 10
            return
        assert code == KILLED
    raise AssertionError("it never ended")


def in_another(work: Callable[[], None], last_step: int) -> int:
    """The exit code of a process that does the work and is killed at this step."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    left = [last_step]
    for name in STEPS:
        place, _, called = name.rpartition(".")
        owner: Any = Path if place == "pathlib.Path" else sys.modules[place]
        setattr(owner, called, killing(getattr(owner, called), left))
    work()
    os._exit(ENDED)


def killing(really: Any, left: list[int]) -> Any:
    """The function, which ends the process when its turn has come."""

    def once(*of: Any, **how: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            os._exit(KILLED)
        return really(*of, **how)

    return once


def made(folder: Path, text: str) -> None:
    with Generations(folder, KIND).next() as place:
        (place / "file").write_text(text, "utf-8")


def shown(folder: Path) -> str:
    return (Generations(folder, KIND).current / "file").read_text("utf-8")


# -- what is somebody else's -------------------------------------------------------------------------------------------


@hazard("H19")
def test_what_somebody_put_into_a_panel_stays_and_is_said(tmp_path: Path) -> None:
    """The visible name `current` invites people to keep things there."""
    source, panel = register(tmp_path / "r"), tmp_path / "p"
    assert build(source, panel).code == 0
    assert in_process("new", panel / "current" / "anna.yaml").code == 0
    (panel / "current" / "panel" / "notes.txt").write_text("mine", "utf-8")
    (panel / "current" / "key").write_text("mine as well", "utf-8")
    first = (panel / "current").resolve()
    before = everything_in(first)
    told = build(source, panel, "2026-06-02")
    assert told.code == 0
    for name in ("anna.yaml", "panel/notes.txt", "key"):
        assert (first / name).read_bytes() == before[name]
        assert f"{first / name} was not made by this program, so it stays there" in told.err
    assert sorted(name for name, held in everything_in(first).items() if held is not None) == [
        "anna.yaml",
        "key",
        "panel/notes.txt",
    ]
    assert "anna" not in build(source, panel, "2026-06-03").err
    assert (first / "anna.yaml").exists()


@hazard("H19")
def test_an_unfinished_build_with_a_foreign_file_is_not_taken_up(tmp_path: Path) -> None:
    source, panel = register(tmp_path / "r"), tmp_path / "p"
    (source / "administration.csv").rename(tmp_path / "away")
    assert build(source, panel).code == 3
    begun = panel / "build-1"
    (begun / "tables").mkdir(exist_ok=True)
    (begun / "tables" / "thesis.txt").write_text("years of work", "utf-8")
    (tmp_path / "away").rename(source / "administration.csv")
    assert build(source, panel).code == 0
    assert everything_in(begun) == {"tables": None, "tables/thesis.txt": b"years of work"}


# -- what an older edition made, and what a marker may say -------------------------------------------------------------


def test_a_panel_of_before_the_marker_is_known_by_its_manifest(tmp_path: Path) -> None:
    source, panel = register(tmp_path / "r"), tmp_path / "p"
    assert build(source, panel).code == 0
    old = tmp_path / "old"
    shutil.copytree((panel / "current").resolve(), old)
    (old / "tables" / "thesis.txt").write_text("years of work", "utf-8")
    (old / "panel" / "notes.txt").write_text("mine", "utf-8")
    assert answer(old)["on"] == "2026-06-01"
    (source / "patient.csv").write_text("colour\nred\n", "utf-8")
    assert build(source, old, "2026-06-08").code == 3
    assert answer(old)["on"] == "2026-06-01", "it stays until the new one is whole"
    register(source)
    assert build(source, old, "2026-06-08").code == 0
    assert answer(old)["on"] == "2026-06-08"
    assert not (old / "manifest.json").exists()
    own = {name: content for name, content in everything_in(old).items() if name.endswith(".txt")}
    assert own == {"tables/thesis.txt": b"years of work", "panel/notes.txt": b"mine"}


def test_a_panel_that_was_moved_still_knows_what_its_list_expected(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("no,last,weeks,next\n1,2026-05-01,12,2026-12-24\n", "utf-8")
    (tmp_path / "map.yaml").write_text(
        'register: 1\ncolumns: {patient_id: no, last_dose: last, interval: weeks, next_due: next}\ndates: "%Y-%m-%d"\ninterval_unit: wk\nprotocol: uk-bnf-noneuro\nchoices: maintenance_interval=3 mo\ncountry: GB\n'
    )
    built = in_process(
        "panel",
        "build",
        tmp_path / "list.csv",
        "--mapping",
        tmp_path / "map.yaml",
        "--into",
        tmp_path / "p",
        "--on",
        "2026-06-01",
    )
    assert built.code == 0, built.err
    (tmp_path / "p").rename(tmp_path / "moved")
    differing = in_process("panel", "reconcile", tmp_path / "moved", "--json").document["differing"]
    assert [row["told"] for row in differing] == ["2026-12-24"]


def test_an_unfinished_first_build_is_taken_up_and_is_no_panel(tmp_path: Path) -> None:
    panel = tmp_path / "p"
    source = register(tmp_path / "r")
    (source / "administration.csv").unlink()
    assert build(source, panel).code == 3
    told = in_process("panel", "recall", panel)
    assert told.code == 3
    assert "unfinished panel" in told.err
    register(source)
    assert build(source, panel).code == 0
    assert len([each for each in panel.iterdir() if each.is_dir() and not each.is_symlink()]) == 1


@pytest.mark.parametrize(
    "told",
    ["", "no json", "[]", "null", '{"current": "../other", "next": "../other", "made": ["../other", "build-1/../../other"]}',
     '{"current": 7, "next": {}, "made": "build-1"}', '{"current": "build-9", "next": "build-9", "made": ["build-9"]}'],
)  # fmt: skip
def test_a_marker_leads_nowhere_else(tmp_path: Path, told: str) -> None:
    """Whoever writes into a marker gets no folder outside emptied."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work", "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / KIND.marker).write_text(told, "utf-8")
    (folder / "build-9").symlink_to(other)
    (folder / "build-3").mkdir()
    (folder / "build-3" / "mine.txt").write_text("mine", "utf-8")
    made(folder, "new")
    assert shown(folder) == "new"
    assert (folder / "build-3" / "mine.txt").read_text() == "mine"
    assert (other / "thesis.txt").read_text("utf-8") == "years of work"
    assert sorted(os.listdir(other)) == ["thesis.txt"]


def test_two_builds_at_once_are_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, "old")
    with Generations(tmp_path, KIND).next() as place:
        (place / "file").write_text("first", "utf-8")
        monkeypatch.setattr("cobalamin.app.services.files.LONGEST_WAIT", 0)
        with pytest.raises(InputError, match="another program is writing it"):
            made(tmp_path, "second")
    assert shown(tmp_path) == "first"


def test_a_folder_that_is_there_is_taken_only_empty_or_marked(tmp_path: Path) -> None:
    assert refuse_folder(tmp_path / "new", KIND) == Path(os.path.realpath(tmp_path / "new"))
    (tmp_path / "empty").mkdir()
    refuse_folder(tmp_path / "empty", KIND)
    (tmp_path / "empty" / ".hidden").touch()
    with pytest.raises(TargetRefused, match="not empty"):
        refuse_folder(tmp_path / "empty", KIND)
    (tmp_path / "empty" / KIND.marker).touch()
    refuse_folder(tmp_path / "empty", KIND)
    (tmp_path / "file").touch()
    with pytest.raises(TargetRefused, match="is a file"):
        refuse_folder(tmp_path / "file", KIND)


def test_made_files_stay_until_the_new_ones_are_whole(tmp_path: Path) -> None:
    def make(text: str, force: bool = True, fail: bool = False) -> None:
        with made_files(tmp_path / "f", KIND, ["one", "two"], force) as beside:
            (beside / "one").write_text(text, "utf-8")
            if fail:
                raise InputError.one("x", "", "y")
            (beside / "two").write_text(text, "utf-8")

    make("old", force=False)
    before = everything_in(tmp_path)
    with pytest.raises(InputError):
        make("newer", fail=True)
    with pytest.raises(TargetRefused):
        make("newer", force=False)
    assert everything_in(tmp_path) == before
    make("newer")
    assert (tmp_path / "f" / "two").read_text() == "newer"
    assert json.loads((tmp_path / "f" / KIND.marker).read_text())["files"] == {"one": [5], "two": [5]}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't copy a process")
def test_made_files_are_taken_up_after_a_kill_at_any_step(tmp_path: Path) -> None:
    def make(folder: Path, text: str) -> None:
        with made_files(folder, KIND, ["one", "two"], force=True) as beside:
            for name in ("one", "two"):
                (beside / name).write_text(text, "utf-8")

    for at in range(200):
        folder = tmp_path / str(at)
        make(folder, "old")
        code = in_another(lambda folder=folder: make(folder, "newer"), at)
        assert {(folder / name).read_text() for name in ("one", "two")} <= {"old", "newer"}
        make(folder, "the last")
        assert {(folder / name).read_text() for name in ("one", "two")} == {"the last"}
        assert sorted(os.listdir(folder)) == [KIND.marker, "one", "two"]
        if code == ENDED:
            return
    raise AssertionError("it never ended")


def test_what_was_made_while_one_waited_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are asked to make a new thing; the second may begin only when the first has ended, and then it is one that is there."""
    folder = tmp_path / "f"

    def make(text: str, force: bool = False) -> None:
        with made_files(folder, KIND, ["one"], force) as beside:
            (beside / "one").write_text(text, "utf-8")

    really = outputs.locked

    @contextmanager
    def late(path: Path) -> Iterator[None]:
        monkeypatch.setattr(outputs, "locked", really)
        make("first")
        with really(path):
            yield

    monkeypatch.setattr(outputs, "locked", late)
    with pytest.raises(TargetRefused, match="give --force"):
        make("second")
    assert (folder / "one").read_text() == "first"


def test_who_gives_up_waiting_leaves_the_work_of_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cobalamin.app.services.files.LONGEST_WAIT", 0)
    folder = tmp_path / "f"
    with made_files(folder, KIND, ["one"], force=False) as beside:
        (beside / "one").write_text("first", "utf-8")
        with (
            pytest.raises(InputError, match="another program is writing it"),
            made_files(folder, KIND, ["one"], force=False),
        ):
            pass
    assert (folder / "one").read_text() == "first"


def test_a_link_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / KIND.marker).touch()
    (tmp_path / "current").symlink_to("elsewhere")
    made(tmp_path, "new")
    assert os.readlink(tmp_path / "current") == "elsewhere"
    (tmp_path / "current").unlink()
    for text in ("newer", "newest"):
        made(tmp_path, text)
        assert (tmp_path / "current" / "file").read_text() == text


def test_a_panel_kind_knows_only_whole_manifests(tmp_path: Path) -> None:
    for text in ("{}", "[]", "no", '{"format": 1}'):
        (tmp_path / "manifest.json").write_text(text, "utf-8")
        assert not panels.PANEL.is_in(tmp_path)


@pytest.mark.parametrize("command", ["recall", "measures", "reconcile", "timeline"])
def test_a_panel_that_may_not_be_read_is_not_called_none(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A marker that belongs to somebody else says nothing; then no other panel is made in its place either."""
    source, panel = register(tmp_path / "r"), tmp_path / "p"
    assert build(source, panel).code == 0
    before, read = everything_in(panel), Path.read_text

    def refused(path: Path, *given: Any, **named: Any) -> str:
        if path.name == panels.PANEL.marker:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path, *given, **named)

    monkeypatch.setattr(Path, "read_text", refused)
    for run in (in_process("panel", command, panel), build(source, panel)):
        assert run.code == 3
        assert "can't be read: Permission denied" in run.err
        assert "holds no panel" not in run.err
    assert everything_in(panel) == before
