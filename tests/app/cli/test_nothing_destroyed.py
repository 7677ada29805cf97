"""No command empties, replaces or deletes what it did not make.

The options come from the command line's own tree: one that names a path and has no row here fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from command_line import PYTHON_FAILURE, Run, everything_in, example, in_process

from cobalamin.app.cli.main import app
from hazards import hazard

READ, HELD, FILE, FOLDER = "is read", "is the person's own file", "is a file to write", "is a folder to write"
SIGNED = "is a file to write, tried where a filled sheet is at hand (test_signing)"
CASE = {(name, "case"): READ for name in ("check", "ask", "assess", "plan", "review", "due", "explain", "compare", "whatif", "sheet", "letter", "calendar", "simulate")}  # fmt: skip
PATHS = {
    **CASE,
    ("new", "case"): FILE,
    **{(name, "case"): HELD for name in ("propose", "accept", "take-over", "record", "set", "undo")},  # an entry or a fact is added, nothing is replaced
    ("serve", "folder"): HELD,
    **{(name, "policy"): READ for name in ("plan", "accept", "take-over", "record", "review", "due", "explain", "compare", "sheet", "letter", "calendar", "panel build", "panel today")},
    ("calendar", "previous"): READ,
    ("library check", "folder"): READ, ("library diff", "old"): READ, ("library diff", "new"): READ,
    ("panel look", "file"): READ, ("panel look", "write"): FILE,
    **{("panel today", name): READ for name in ("file", "mapping", "outcomes")}, **{("panel today", name): FILE for name in ("paper", "xlsx", "merge")},
    ("panel build", "source"): READ, ("panel build", "mapping"): READ,
    **{(f"panel {name}", "folder"): READ for name in ("recall", "measures", "timeline", "reconcile")},
    ("compare", "svg"): FILE, ("sheet", "output"): FILE, ("letter", "output"): FILE, ("calendar", "output"): FILE,
    ("simulate", "csv"): FILE, ("simulate", "picture"): FILE,
    ("panel recall", "csv"): FILE, ("panel measures", "csv"): FILE, ("panel reconcile", "csv"): FILE, ("panel timeline", "picture"): FILE,
    ("today", "folder"): READ, ("library sign", "sheet"): READ, ("library signatures", "files"): READ,
    **{(f"library {name}", "library"): READ for name in ("review-sheet", "sign", "signatures")},
    ("library review-sheet", "output"): SIGNED, ("library sign", "output"): SIGNED,
    ("panel build", "into"): FOLDER, ("panel generate", "folder"): FOLDER,
}  # fmt: skip
DAY = ("--on", "2026-09-01")
TARGET = object()
WEEK = ("panel", "today", "list.csv", "--mapping", "mapping.yaml", "--policy", "policy.yaml", *DAY)
COMMANDS: dict[tuple[str, str], tuple[Any, ...]] = {
    ("new", "case"): ("new", TARGET),
    ("compare", "svg"): ("compare", "case.yaml", "--policy", "policy.yaml", "--svg", TARGET, *DAY),
    ("sheet", "output"): ("sheet", "case.yaml", "--policy", "policy.yaml", "-o", TARGET, *DAY),
    ("letter", "output"): ("letter", "case.yaml", "--policy", "policy.yaml", "-o", TARGET, *DAY),
    ("calendar", "output"): ("calendar", "case.yaml", "--policy", "policy.yaml", "-o", TARGET, *DAY),
    ("simulate", "csv"): ("simulate", "case.yaml", "--people", "3", "--csv", TARGET, *DAY),
    ("simulate", "picture"): ("simulate", "case.yaml", "--people", "3", "--picture", TARGET, *DAY),
    ("panel recall", "csv"): ("panel", "recall", "panel", "--csv", TARGET),
    ("panel measures", "csv"): ("panel", "measures", "panel", "--people", "M5", "--csv", TARGET),
    ("panel reconcile", "csv"): ("panel", "reconcile", "panel", "--csv", TARGET),
    ("panel timeline", "picture"): ("panel", "timeline", "panel", "--picture", TARGET),
    ("panel look", "write"): ("panel", "look", "list.csv", "--write", TARGET, *DAY),
    ("panel today", "paper"): (*WEEK, "--print", TARGET), ("panel today", "xlsx"): (*WEEK, "--xlsx", TARGET), ("panel today", "merge"): (*WEEK, "--mail-merge", TARGET),
    ("panel build", "into"): ("panel", "build", "list.csv", "--mapping", "mapping.yaml", "--policy", "policy.yaml", "--workers", "1", "--into", TARGET, *DAY),
    ("panel generate", "folder"): ("panel", "generate", TARGET, "--people", "3", *DAY),
}  # fmt: skip
OF_A_LIST = ("panel look", "panel today")  # they read no panel
NO_FORCE = {("new", "case"), ("panel build", "into")}  # nothing can make them replace what is not theirs
POLICY = """policy: elm-street-surgery
owner: Dr A. Example
date: 2026-05-01
windows:
  - {through: 135 d, count_from: half, early: 7 d, late: 7 d, lapse: 6 mo, lapse_from: anchor}
"""
LIST = "number,last,weeks\n1,2026-05-01,12\n2,2026-04-03,8\n"
MAPPING = 'register: 1\ncolumns: {patient_id: number, last_dose: last, interval: weeks}\ndates: "%Y-%m-%d"\ninterval_unit: wk\nprotocol: uk-bnf-noneuro\nchoices: maintenance_interval=3 mo\ncountry: GB\n'
PATIENTS = "patient_id,protocol,start,choices\n1,uk-bnf-noneuro,2026-01-05,maintenance_interval=3 mo\n"
DOSES = "patient_id,date,substance,dose,route\n1,2026-01-05,hydroxocobalamin,1 mg,im\n"


def commands(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command of the program, by its full name."""
    for name, found in getattr(tree, "commands", {}).items():
        if hasattr(found, "commands"):
            yield from commands(found, (*path, name))
        else:
            yield " ".join((*path, name)), found


def names_a_path(option: Any) -> bool:
    told = str(getattr(option, "metavar", "") or "").upper()
    return "Path" in type(option.type).__name__ or any(word in told for word in ("FILE", "FOLDER", "F.ICS", "F.PDF"))


def test_every_path_of_every_command_has_its_row_here() -> None:
    found = {(name, option.name) for name, each in commands(typer.main.get_command(app)) for option in each.params if names_a_path(option)}  # fmt: skip
    assert found == PATHS.keys()
    assert {place for place, role in PATHS.items() if role in (FILE, FOLDER)} == COMMANDS.keys()


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice's folder: a case, a policy, a list with its mapping, a register, and the panel of it."""
    folder = tmp_path_factory.mktemp("practice")
    shutil.copy(example("treatment-running"), folder / "case.yaml")
    shutil.copy(example("vegan"), folder / "other.yaml")
    for name, text in (("policy.yaml", POLICY), ("list.csv", LIST), ("mapping.yaml", MAPPING)):
        (folder / name).write_text(text, "utf-8")
    (folder / "register").mkdir()
    (folder / "register" / "patient.csv").write_text(PATIENTS, "utf-8")
    (folder / "register" / "administration.csv").write_text(DOSES, "utf-8")
    built = in_process(
        "panel", "build", folder / "register", "--into", folder / "panel", "--workers", 1, "--months", 1, *DAY
    )
    assert built.code == 0, built.err
    return folder


@pytest.fixture
def here(practice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the folder the commands are typed in."""
    folder = tmp_path / "here"
    shutil.copytree(practice, folder, symlinks=True)
    monkeypatch.chdir(folder)
    return folder


def typed(place: tuple[str, str], target: object, *options: str) -> Run:
    return in_process(*(target if word is TARGET else word for word in COMMANDS[place]), *options)


def refused_and_nothing_changed(place: tuple[str, str], target: object, codes: tuple[int, ...]) -> None:
    """Whatever is asked: the same bytes as before, one sentence, an exit code of the contract."""
    for force in ((), ("--force",)) if place not in NO_FORCE else ((),):
        before = everything_in(Path.cwd())
        told = typed(place, target, *force)
        assert everything_in(Path.cwd()) == before, (place, target, force)
        assert told.code in codes, (place, target, force, told.err)
        assert len(told.err.splitlines()) == 1, told.err
        assert PYTHON_FAILURE not in told.err


def ending(place: tuple[str, str]) -> str:
    return (
        {"output": ".pdf", "paper": ".pdf", "csv": ".csv", "case": ".yaml"}.get(place[1], ".svg")
        if place[0] != "calendar"
        else ".ics"
    )


FILES = [place for place, role in PATHS.items() if role == FILE]
FOLDERS = [place for place, role in PATHS.items() if role == FOLDER]


def row(place: tuple[str, str]) -> str:
    return f"{place[0]} {place[1]}"


@hazard("H30")
@pytest.mark.parametrize("place", FILES, ids=row)
def test_a_file_that_is_there_stays_until_it_is_forced(here: Path, place: tuple[str, str]) -> None:
    there = here / f"there{ending(place)}"
    there.write_text("somebody's own", "utf-8")
    there.chmod(0o640)
    before = everything_in(here)
    told = typed(place, there)
    assert (told.code, told.out) == (1, ""), told.err
    assert len(told.err.splitlines()) == 1
    assert everything_in(here) == before
    if place not in NO_FORCE:
        assert "--force" in told.err
        assert typed(place, there, "--force").code == 0
        assert there.read_bytes() != b"somebody's own"
        assert there.stat().st_mode & 0o777 == 0o640
        assert {name for name in everything_in(here) if name not in before} == set(), "something was left behind"


@pytest.mark.parametrize("place", FILES, ids=row)
def test_a_new_file_is_written_for_its_owners_eyes(here: Path, place: tuple[str, str]) -> None:
    folder = here / "with space\nand línea"
    folder.mkdir()
    target = folder / f"ünï \u202ecode{ending(place)}"
    told = typed(place, target)
    assert told.code == 0, told.err
    assert target.stat().st_mode & 0o777 == 0o600
    assert os.listdir(folder) == [target.name]
    assert "\u202e" not in told.out + told.err


@hazard("H30")
@pytest.mark.parametrize("place", FILES, ids=row)
def test_what_is_no_file_is_refused(here: Path, place: tuple[str, str]) -> None:
    folder = here / f"folder{ending(place)}"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", "utf-8")
    os.mkfifo(here / f"pipe{ending(place)}")
    (here / f"null{ending(place)}").symlink_to(os.devnull)
    (here / f"nowhere{ending(place)}").symlink_to(here / "no" / "folder" / "file")
    for name in ("folder", "pipe", "null", "nowhere"):
        refused_and_nothing_changed(place, here / f"{name}{ending(place)}", (3,))
    refused_and_nothing_changed(place, here / "case.yaml" / f"under{ending(place)}", (3,))


def inputs_of(place: tuple[str, str], here: Path) -> list[Path]:
    """The files that the command reads; of a panel every file in it."""
    if place[0] in OF_A_LIST:
        return [Path(word) for word in COMMANDS[place] if str(word).endswith((".yaml", ".csv"))]
    if place[0].startswith("panel"):
        return [Path("panel") / name for name in everything_in(here / "panel") if (here / "panel" / name).is_file()]
    return [Path(word) for word in COMMANDS[place] if isinstance(word, str) and word.endswith(".yaml")]


@hazard("H30")
@pytest.mark.parametrize("place", [place for place in FILES if place[0] != "new"], ids=row)
def test_an_input_is_never_the_output_by_whatever_name(here: Path, place: tuple[str, str]) -> None:
    read = inputs_of(place, here)
    assert read
    for number, path in enumerate(read):
        (here / f"soft{number}{ending(place)}").symlink_to(path)
        os.link(here / path, here / f"hard{number}{ending(place)}")
        names = [
            here / f"soft{number}{ending(place)}",
            here / f"hard{number}{ending(place)}",
            path,
            Path("..") / "here" / path,
        ]
        for name in names:
            refused_and_nothing_changed(place, name, (1,) if str(name).endswith(ending(place)) else (1, 3))
    if place[0].startswith("panel") and place[0] not in OF_A_LIST:
        refused_and_nothing_changed(place, Path("panel") / f"new{ending(place)}", (1,))


@hazard("H30")
@pytest.mark.parametrize("place", FILES, ids=row)
def test_a_case_file_is_no_output_even_by_force(here: Path, place: tuple[str, str]) -> None:
    (here / f"linked{ending(place)}").symlink_to("other.yaml")
    refused_and_nothing_changed(place, here / f"linked{ending(place)}", (1,))


@hazard("H30")
@pytest.mark.parametrize("place", FOLDERS, ids=row)
def test_a_folder_of_somebody_else_stays_as_it_is(here: Path, place: tuple[str, str]) -> None:
    """Also one that looks like a panel of this program, with the names it uses itself."""
    for name, files in {
        "home": ("tables/thesis.txt", "notes.txt"),
        "looks-like": ("manifest.json", "key", "buckets/x", "panel/part-00000.parquet", "tables/lines.json", "build-1/manifest.json"),
        "real": ("patient.parquet", "administration.parquet"),
        "git": (".git/HEAD",),
    }.items():  # fmt: skip
        for file in files:
            (here / name / file).parent.mkdir(parents=True, exist_ok=True)
            (here / name / file).write_text("{}", "utf-8")
        refused_and_nothing_changed(place, here / name, (1,))
    (here / "link").symlink_to("home")
    refused_and_nothing_changed(place, here / "link", (1,))
    for name in ("list.csv", "case.yaml", "register", "."):
        refused_and_nothing_changed(place, name, (1,))


@hazard("H30")
def test_a_register_and_its_panel_never_lie_in_each_other(here: Path) -> None:
    """The one call that deleted the only register there was: `panel build practice/tables --into practice`."""
    shutil.copytree(here / "register", here / "practice" / "tables")
    (here / "link").symlink_to("practice")
    (here / "empty").mkdir()
    (here / "to-empty").symlink_to("empty")
    places = [
        ("practice/tables", "practice"), ("practice/tables", "link"), ("link/tables", "practice/../practice"), ("register", "register"),
        ("register", "register/panel"), ("register", "./register/a/b"), ("register", "."), ("panel/current/tables", "panel"),
        ("to-empty", "empty"), ("empty", "empty/inside"),
    ]  # fmt: skip
    for source, into in places:
        before = everything_in(here)
        told = in_process("panel", "build", source, "--into", into, "--workers", 1, *DAY)
        assert everything_in(here) == before, (source, into)
        assert told.code == 1, (source, into, told.err)
        assert "overlaps with" in told.err


def test_a_made_up_register_is_replaced_only_by_force_and_only_as_it_was_made(here: Path) -> None:
    made = here / "made"
    assert in_process("panel", "generate", made, "--people", 3, *DAY).code == 0
    before = everything_in(made)
    refusal = in_process("panel", "generate", made, "--people", 5, *DAY)
    assert refusal.code == 1
    assert "--force" in refusal.err
    assert everything_in(made) == before
    (made / "notes.txt").write_text("mine", "utf-8")
    assert in_process("panel", "generate", made, "--people", 5, "--force", *DAY).code == 0
    assert everything_in(made)["patient.parquet"] != before["patient.parquet"]
    assert (made / "notes.txt").read_text() == "mine"
    (made / "patient.parquet").write_bytes(b"the real register, put here later")
    refused_and_nothing_changed(("panel generate", "folder"), made, (1,))
    assert in_process("panel", "build", made, "--into", here / "p", "--workers", 1, *DAY).code == 3


def test_two_outputs_of_one_command_are_two_files(here: Path) -> None:
    (here / "link.svg").symlink_to("one.csv")
    for picture in ("one.csv", "link.svg", "./one.csv"):
        before = everything_in(here)
        told = in_process("simulate", "case.yaml", "--people", 3, "--csv", "one.csv", "--picture", picture, *DAY)
        assert told.code == 3
        assert everything_in(here) == before


def test_a_calendar_of_this_program_and_case_is_written_again(here: Path) -> None:
    command = ("calendar", "case.yaml", "-o", "c.ics", *DAY)
    assert in_process(*command).code == 0
    written = (here / "c.ics").read_bytes()
    assert in_process(*command).code == 0
    assert (here / "c.ics").read_bytes() == written
