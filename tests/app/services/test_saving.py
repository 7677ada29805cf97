"""Saving: another program's change is noticed, writers wait for each other, what is read-only stays, nothing is left behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command_line import PYTHON_FAILURE, example, in_process, in_subprocess, nothing_written

from cobalamin.app.services import accepting, files
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.files import ChangedMeanwhile, edited, locked, save_new, save_text, saved_files
from cobalamin.app.services.planning import PlanOptions
from cobalamin.app.services.recording import Recorded, record_event
from cobalamin.errors import InputError
from hazards import hazard

TEXT = "cobalamin: 1\npatient: {id: a, birth_date: 1958-03-02, country: GB}\n"
GIVEN = {"date": "2026-01-05", "kind": "administration", "as_planned": "true"}
ON = date(2026, 1, 7)
PLAN = PlanOptions("uk-bnf-noneuro", date(2026, 1, 5), {"maintenance_interval": "3 mo"})
posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


# -- another program's change ------------------------------------------------------------------------------------------


def changes(path: Path, how: str) -> None:
    """What an editor, a sync client or a script does with a file."""
    if how == "renamed over":
        path.with_name("theirs").write_text(f"{TEXT}# theirs\n", "utf-8")
        os.replace(path.with_name("theirs"), path)
    elif how == "written into":
        path.write_text(f"{TEXT}# theirs\n", "utf-8")
    elif how == "same length":
        path.write_text(path.read_text("utf-8").replace("id: a", "id: b"), "utf-8")
    elif how == "emptied":
        path.write_bytes(b"")
    else:
        path.unlink()


@hazard("H30")
@pytest.mark.parametrize("how", ["renamed over", "written into", "same length", "emptied", "removed"])
def test_a_change_between_reading_and_saving_is_noticed(case_file: Callable[..., Path], how: str) -> None:
    """Also one that comes when the new text is on the disk already, right before it takes the old one's place.

    `reviewing`: while the file is locked, for what another writer had saved in the meantime is reviewed anew.
    """
    for moment in ("reviewing", "writing"):
        path = case_file(TEXT)
        theirs: list[bytes | None] = []

        def change(*_: object, path: Path = path, theirs: list[bytes | None] = theirs, moment: str = moment) -> None:
            if moment == "reviewing" and path.read_bytes() == TEXT.encode():
                path.write_text(f"{TEXT}# saved before the lock\n", "utf-8")
            elif not theirs:
                changes(path, how)
                theirs.append(path.read_bytes() if path.exists() else None)

        with pytest.MonkeyPatch.context() as patched:
            if moment == "writing":
                patched.setattr(files.os, "fsync", change)
            with pytest.raises(ChangedMeanwhile) as refused:
                record_event(path, GIVEN, ON, change if moment == "reviewing" else lambda _: None)
        assert (path.read_bytes() if path.exists() else None) == theirs[0]
        assert "nothing was written" in str(refused.value)
        assert refused.value.exit_code == 3
        assert [each for each in path.parent.iterdir() if each != path] == []


def test_an_entry_is_made_anew_for_what_was_saved_while_it_was_made(case_file: Callable[..., Path]) -> None:
    path = case_file(TEXT)
    seen: list[int] = []

    def other_first(recorded: Recorded) -> None:
        seen.append(len(recorded.before.record))
        if len(seen) == 1:
            record_event(path, {**GIVEN, "note": "the other writer"}, ON)

    recorded = record_event(path, GIVEN, ON, other_first)
    assert seen == [0, 1]
    assert open_case(path).record == recorded.after.record
    assert len(recorded.after.record) == 2


def test_a_plan_is_not_written_over_a_change(case_file: Callable[..., Path]) -> None:
    path = case_file(example("pernicious-anaemia").read_bytes())
    with pytest.raises(ChangedMeanwhile):
        accepting.accept_plan(path, PLAN, "Dr A", {}, ON, lambda: changes(path, "written into"))
    assert path.read_text("utf-8") == f"{TEXT}# theirs\n"


def test_what_appears_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    save_new(path, b"first")
    with pytest.raises(InputError, match="File exists"):
        save_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["new.yaml"]


# -- many writers ------------------------------------------------------------------------------------------------------


@hazard("H30")
@hazard("H32")
def test_twenty_commands_at_once_save_twenty_entries(case_file: Callable[..., Path]) -> None:
    path = case_file(example("treatment-running").read_bytes())
    before = len(open_case(path).record)
    command = [sys.executable, "-m", "cobalamin", "record", str(path), "symptoms", "2026-08-01", "--on", "2026-09-01"]
    writers = [
        subprocess.Popen([*command, f"own.pain in place {number}={number % 10}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(20)
    ]  # fmt: skip
    told = [(writer.communicate(timeout=300), writer.returncode) for writer in writers]
    assert [code for _, code in told] == [0] * 20, [err for (_, err), code in told if code]
    assert len(open_case(path).record) == before + 20
    assert os.listdir(path.parent) == ["case.yaml"]


def test_a_writer_waits_for_the_other_and_no_longer_than_it_says(case_file: Callable[..., Path]) -> None:
    path = case_file(TEXT)
    go, held = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(path):
            held.set()
            go.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    began = time.monotonic()
    with (
        nothing_written(path.parent),
        pytest.raises(InputError, match="another program is writing it"),
        locked(path, 0.3),
    ):
        pass
    assert 0.3 <= time.monotonic() - began < 5
    threading.Timer(0.5, go.set).start()
    assert record_event(path, GIVEN, ON).event.kind == "administration"
    holder.join()


def test_a_lock_is_not_a_file_of_somebody_else(case_file: Callable[..., Path]) -> None:
    path = case_file(TEXT)
    other = path.with_name(".case.yaml.lock")
    other.write_text("held by an editor", "utf-8")
    record_event(path, GIVEN, ON)
    assert other.read_text("utf-8") == "held by an editor"
    other.unlink()
    other.symlink_to(path)
    with pytest.raises(InputError, match="can't be written"):
        record_event(path, GIVEN, ON)


def test_only_what_a_killed_writer_left_is_swept_away(case_file: Callable[..., Path]) -> None:
    path = case_file(TEXT, "a[b]*.yaml")
    theirs = [".a[b]*.yaml.new", ".other.yaml.a1b2c3d4.new", ".ab.yaml.a1b2c3d4.new", "a[b]*.yaml.a1b2c3d4.new"]
    for name in (".a[b]*.yaml.a1b2c3d4.new", *theirs):
        path.with_name(name).write_text("half", "utf-8")
    record_event(path, GIVEN, ON)
    assert sorted(os.listdir(path.parent)) == sorted([path.name, *theirs])


# -- permissions -------------------------------------------------------------------------------------------------------


@posix
@hazard("H30")
@pytest.mark.parametrize("mode", [0o444, 0o400, 0o464])
def test_a_read_only_file_is_refused_and_stays_so(case_file: Callable[..., Path], mode: int) -> None:
    """Also for the superuser, whom no permission holds back: a closed record was closed on purpose."""
    path = case_file(example("pernicious-anaemia").read_bytes())
    path.chmod(mode)
    (path.parent / "link.yaml").symlink_to(path)
    plan = (
        "--protocol",
        "uk-bnf-noneuro",
        "--start",
        "2026-01-05",
        "--choose",
        "maintenance_interval=3 mo",
        "--by",
        "me",
    )
    with nothing_written(path.parent):
        for name in (path, path.parent / "link.yaml"):
            for command in (("record", name, "given", "2026-01-07"), ("accept", name, *plan)):
                told = in_process(*command, "--on", "2026-01-07")
                assert told.code == 3
                assert "read-only" in told.err
                assert len(told.err.splitlines()) == 1
    assert stat.S_IMODE(path.stat().st_mode) == mode


NOBODY = shutil.which("setpriv")


@posix
@pytest.mark.skipif(not NOBODY or os.geteuid() != 0, reason="needs setpriv and the superuser, to become somebody else")
@hazard("H30")
def test_somebody_else_is_held_back_by_permissions(tmp_path: Path) -> None:
    """A file that one may read and not write, in a folder one may write in: a rename would get round it."""
    shared = Path("/tmp") / f"cobalamin-{os.getpid()}-{random.randrange(10**9)}"
    shared.mkdir()
    try:
        shared.chmod(0o777)
        mine = shared / "case.yaml"
        mine.write_text(TEXT, "utf-8")
        mine.chmod(0o644)
        (shared / "theirs.yaml").write_text(TEXT, "utf-8")
        os.chown(shared / "theirs.yaml", 65534, 65534)
        (shared / ".theirs.yaml.lock").touch(0o644)  # left behind by a writer of the superuser that was killed
        copy = shared / "src"
        shutil.copytree(
            Path(files.__file__).parents[2], copy / "cobalamin", ignore=shutil.ignore_patterns("__pycache__")
        )
        become = [str(NOBODY), "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        program = "import sys; sys.path[:0] = [p for p in sys.argv.pop(1).split(':')]; from cobalamin.app.cli.main import main; main()"
        around = {"PATH": os.environ["PATH"], "HOME": str(shared), "PYTHONDONTWRITEBYTECODE": "1"}

        def as_nobody(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [*become, sys.executable, "-c", program, ":".join([str(copy), *(each for each in sys.path if "site-packages" in each)]), *words],
                capture_output=True, text=True, env=around, timeout=120, check=False, cwd=shared,
            )  # fmt: skip

        if as_nobody("--version").returncode != 0:
            pytest.skip("this Python can't be run by somebody else")
        before = mine.read_bytes()
        told = as_nobody("record", "case.yaml", "given", "2026-01-07", "--on", "2026-01-07")
        assert told.returncode == 3, told.stderr
        assert "read-only" in told.stderr
        assert mine.read_bytes() == before
        told = as_nobody("record", "theirs.yaml", "given", "2026-01-07", "--on", "2026-01-07")
        assert told.returncode == 0, told.stderr
        closed = shared / "closed"
        closed.mkdir()
        shutil.copy(shared / "theirs.yaml", closed)
        os.chown(closed / "theirs.yaml", 65534, 65534)
        closed.chmod(0o555)
        told = as_nobody("record", "closed/theirs.yaml", "given", "2026-01-08", "--on", "2026-01-08")
        assert told.returncode == 3
        assert "Permission denied" in told.stderr, "the file is there; it is the folder that may not be written"
        assert "No such file" not in told.stderr
        in_process("record", shared / "theirs.yaml", "given", "2026-01-08", "--on", "2026-01-08")
        assert (shared / "theirs.yaml").stat().st_uid == 65534, "the superuser took the file from its owner"
    finally:
        shutil.rmtree(shared)


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o666])
def test_permissions_stay_whatever_the_mask(case_file: Callable[..., Path], mode: int) -> None:
    path = case_file(TEXT)
    path.chmod(mode)
    before = os.umask(0o077)
    try:
        record_event(path, GIVEN, ON)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
def test_a_hard_link_keeps_the_text_it_had(case_file: Callable[..., Path]) -> None:
    """As a copy of yesterday made by links must: the file is replaced, never written into."""
    path = case_file(TEXT)
    os.link(path, path.with_name("yesterday.yaml"))
    record_event(path, GIVEN, ON)
    assert path.with_name("yesterday.yaml").read_text("utf-8") == TEXT


@posix
def test_that_a_hard_link_keeps_the_earlier_text_is_said(
    run: Callable[..., Any], case_file: Callable[..., Path]
) -> None:
    path = case_file(example("treatment-running").read_text("utf-8"))
    said = "had other names (hard links); they keep the text from before"
    assert said not in run("record", path, "symptoms", "2026-08-30", "tiredness=2").err
    os.link(path, path.with_name("yesterday.yaml"))
    done = run("record", path, "symptoms", "2026-08-31", "tiredness=3")
    assert (done.code, said in done.err) == (0, True)
    assert said not in run("record", path, "symptoms", "2026-09-01", "tiredness=3").err


# -- no room, no folder ------------------------------------------------------------------------------------------------


@posix
@hazard("H30")
@pytest.mark.parametrize("words", [("record", "CASE", "given", "2026-08-31"), ("new", "FOLDER/new.yaml"), ("calendar", "CASE", "-o", "FOLDER/c.ics"), ("panel", "generate", "FOLDER/reg", "--people", "3"), ("simulate", "CASE", "--people", "3", "--csv", "FOLDER/t.csv")], ids=lambda words: words[0])  # fmt: skip
def test_a_disk_without_room_is_one_sentence_and_changes_nothing(
    case_file: Callable[..., Path], words: tuple[str, ...]
) -> None:
    path = case_file(example("treatment-running").read_bytes())
    typed = [word.replace("CASE", str(path)).replace("FOLDER", str(path.parent)) for word in words]
    limited = f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); sys.argv[1:] = {typed!r}; from cobalamin.app.cli.main import main; main()"
    before = path.read_bytes()
    told = subprocess.run([sys.executable, "-c", limited], capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 3, told.stderr
    assert "can't be" in told.stderr
    assert len(told.stderr.splitlines()) == 1, told.stderr
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.rglob("*") if each.is_file() and each != path] == []


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for words in (("new", tmp_path / "no" / "case.yaml"), ("record", tmp_path / "no" / "case.yaml", "given")):
        told = in_process(*words)
        assert told.code == 3
        assert len(told.err.splitlines()) == 1


# -- killed ------------------------------------------------------------------------------------------------------------

SAVER = """
import sys
from pathlib import Path
from cobalamin.app.services.files import edited
print("ready", flush=True)
path = Path(sys.argv[1])
while True:
    with edited(path) as file:
        file.save("a" * 200_000 if file.content[:1] == b"b" else "b" * 300_000)
"""


@posix
@hazard("H30")
def test_a_killed_writer_leaves_the_old_text_or_the_new_one(tmp_path: Path) -> None:
    chance, path = random.Random(20260107), tmp_path / "file"
    path.write_bytes(b"a" * 200_000)
    whole = {b"a" * 200_000, b"b" * 300_000}
    for _ in range(12):
        with subprocess.Popen([sys.executable, "-c", SAVER, str(path)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.0, 0.15))
            process.send_signal(signal.SIGKILL)
        assert path.read_bytes() in whole
    with edited(path) as file:
        file.save("a")
    assert os.listdir(tmp_path) == ["file"]


# -- what was saved is never called not saved --------------------------------------------------------------------------


def shell(command: str, case: Path) -> subprocess.CompletedProcess[str]:
    """A command line of a shell; `cobalamin` is this program, and CODE the exit code of its first part."""
    program = f'"{sys.executable}" -m cobalamin'
    text = command.replace("cobalamin", program).replace("CASE", f'"{case}"')
    return subprocess.run(["bash", "-c", text], capture_output=True, text=True, timeout=120, check=False)


RECORD = "cobalamin record CASE given 2026-08-31 --on 2026-09-01"
ACCEPT = "cobalamin accept CASE --protocol uk-bnf-noneuro --start 2026-01-05 --choose 'maintenance_interval=3 mo' --by me --on 2026-01-02"


@posix
@hazard("H30")
@pytest.mark.parametrize("lost", ["> /dev/full", "| true", ">&-", "--json > /dev/full", "--json | true"])
@pytest.mark.parametrize(
    ("command", "name"), [(RECORD, "treatment-running"), (ACCEPT, "pernicious-anaemia")], ids=["record", "accept"]
)
def test_what_was_saved_is_said_to_be_saved(case_file: Callable[..., Path], command: str, name: str, lost: str) -> None:
    path = case_file(example(name).read_bytes())
    before = path.read_bytes()
    told = shell(f"{command} {lost}; exit ${{PIPESTATUS[0]}}", path)
    assert path.read_bytes() != before
    assert told.returncode == 0, told.stderr
    assert "is saved; only the answer could not be shown" in told.stderr
    assert "nothing was written" not in told.stderr
    assert PYTHON_FAILURE not in told.stderr


@posix
@pytest.mark.parametrize("where", ["2> /dev/full", "2>&-", "> /dev/full 2> /dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
def test_not_even_a_lost_standard_error_changes_what_is_true(case_file: Callable[..., Path], where: str) -> None:
    path = case_file(example("treatment-running").read_bytes())
    before = path.read_bytes()
    assert shell(f"{RECORD} {where}", path).returncode == 0
    after = path.read_bytes()
    assert len(after) > len(before)
    assert after.startswith(before), "something else was written into the file"


@posix
@pytest.mark.parametrize("json", ["", "--json"])
def test_an_answer_that_nobody_reads_to_its_end_is_an_answer(case_file: Callable[..., Path], json: str) -> None:
    path = case_file(example("treatment-running").read_bytes())
    told = shell(f"cobalamin review CASE {json} | head -1; exit ${{PIPESTATUS[0]}}", path)
    assert (told.returncode, told.stderr) == (0, "")
    for lost in ("> /dev/full", ">&-"):
        told = shell(f"cobalamin review CASE {json} {lost}", path)
        assert told.returncode == 3
        assert told.stderr.startswith("the answer could not be shown: standard output: ")
        assert len(told.stderr.splitlines()) == 1


@posix
@pytest.mark.parametrize("words", ["sheet CASE -o F.pdf", "letter CASE -o F.pdf", "calendar CASE -o F.ics", "compare CASE --svg F.svg", "simulate CASE --people 3 --csv F.csv", "new F.yaml"])  # fmt: skip
def test_a_file_that_was_made_is_told_of_too(case_file: Callable[..., Path], words: str) -> None:
    path = case_file(example("treatment-running").read_bytes())
    words = words.replace(" F", f" {path.parent}/F")
    day = "" if words.startswith("new") else "--on 2026-09-01"
    told = shell(f"cobalamin {words} {day} > /dev/full", path)
    assert told.returncode == 0, told.stderr
    assert "is saved; only the answer could not be shown" in told.stderr
    assert len(list(path.parent.iterdir())) == 2


def test_a_second_output_that_fails_does_not_unsay_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cobalamin.app.services import outputs

    really, calls = outputs.save_new, []

    def full(path: Path, content: bytes) -> None:
        calls.append(path)
        if len(calls) > 1:
            raise InputError.one(str(path), "", "can't be written: No space left on device; nothing was changed")
        really(path, content)

    monkeypatch.setattr(outputs, "save_new", full)
    case = example("treatment-running")
    told = in_process(
        "simulate",
        case,
        "--people",
        3,
        "--csv",
        tmp_path / "a.csv",
        "--picture",
        tmp_path / "b.svg",
        "--on",
        "2026-09-01",
    )
    assert told.code == 3
    assert f"{tmp_path}/a.csv is saved; the fault came after it" in told.err
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_defect_after_saving_says_what_is_saved(
    case_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr("cobalamin.app.views.record.view_of_entered", broken)
    path = case_file(example("treatment-running").read_bytes())
    told = in_process("record", path, "given", "2026-08-31", "--on", "2026-09-01")
    assert told.code == 70
    assert "nothing was written" not in told.err
    assert f"{path} is saved; the fault came after it" in told.err
    monkeypatch.setattr("cobalamin.app.services.reviewing.review_of", broken)
    before = path.read_bytes()
    told = in_process("record", path, "given", "2026-09-01", "--on", "2026-09-01", "--yes")
    assert told.code == 70
    assert "nothing was written" in told.err
    assert path.read_bytes() == before


def test_nothing_is_noted_as_saved_that_was_not(
    case_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = case_file(TEXT)
    with saved_files() as saved:
        for _ in range(2):
            with pytest.raises(InputError):
                save_text(path.parent, "x", was=None)
        with pytest.raises(ChangedMeanwhile):
            save_text(path, "x", was=b"something else")
        assert saved == []
        save_text(path, "x", was=None)
        assert saved == [path]


@posix
def test_a_power_cut_of_the_folder_is_no_failure(
    case_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is replaced by then; some network disks can't flush a folder."""
    really = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(22, "Invalid argument")
        really(handle)

    monkeypatch.setattr(files.os, "fsync", only_files)
    path = case_file(TEXT)
    record_event(path, GIVEN, ON)
    assert len(open_case(path).record) == 1


def test_the_questions_end_where_nobody_can_answer(tmp_path: Path) -> None:
    told = in_subprocess("propose", tmp_path / "new.yaml", "--ask")
    assert told.code == 2
    assert os.listdir(tmp_path) == []
