"""Decision records: a head with date and status, a place in the list, names of files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "adr"
RECORDS = sorted(FOLDER.glob("0*.md"))
_HEAD = re.compile(
    r"# (?P<number>\d{4}) (?P<title>.+)\n\n- Date: (?P<date>\d{4}-\d{2}-\d{2})\n- Status: (?P<status>.+)\n\n\S"
)
_STATUS = re.compile(
    r"accepted(; supersedes \[\d{4}\]\(\S+\))?|superseded by \[(?P<by>\d{4})\]\((?P<file>\S+)\)|proposed"
)


def heads() -> dict[str, re.Match[str]]:
    """The head of each record, by its file."""
    found = {file.name: _HEAD.match(file.read_text("utf-8")) for file in RECORDS}
    return {name: head for name, head in found.items() if head}


def test_numbers_run_without_a_gap() -> None:
    assert [file.name[:4] for file in RECORDS] == [f"{number:04d}" for number in range(1, len(RECORDS) + 1)]


@pytest.mark.parametrize("file", RECORDS, ids=lambda file: file.stem)
def test_each_record_begins_with_its_date_and_status(file: Path) -> None:
    head = heads().get(file.name)
    assert head, "begin with '# NNNN Title', a line '- Date: YYYY-MM-DD' and a line '- Status: accepted'"
    assert head["number"] == file.name[:4]
    assert _STATUS.fullmatch(head["status"]), head["status"]


def test_a_superseded_record_is_named_by_the_one_that_superseded_it() -> None:
    superseded = {name: _STATUS.fullmatch(head["status"]) for name, head in heads().items()}
    newer = {name: found["file"] for name, found in superseded.items() if found and found["file"]}
    assert newer
    for old, new in newer.items():
        assert f"supersedes [{old[:4]}]({old})" in (FOLDER / new).read_text("utf-8")


def test_the_list_says_the_same_as_the_records() -> None:
    rows = re.findall(
        r"^\| \[(\d{4})\]\((\S+)\) \| (.+?) \| (\S+) \| (.+?) \|$", (FOLDER / "README.md").read_text("utf-8"), re.M
    )
    told = {file: (title, date, status) for _, file, title, date, status in rows}
    assert told == {
        name: (head["title"], head["date"], re.sub(r"; .*|\[(\d{4})\]\(\S+\)", r"\1", head["status"]))
        for name, head in heads().items()
    }


@pytest.mark.parametrize("file", RECORDS, ids=lambda file: file.stem)
def test_the_files_a_record_names_are_there(file: Path) -> None:
    """Paths such as `therapy/fold/fold.py`; a record that keeps old names says so with "once"."""
    for path in re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|yaml|js|md|html))`", file.read_text("utf-8")):
        places = (
            ROOT / path,
            ROOT / "src" / "cobalamin" / path,
            *(ROOT / "src" / "cobalamin" / part / path for part in ("app", "app/web", "knowledge/data")),
        )
        assert any(place.exists() for place in places), path


def test_the_record_of_dependencies_names_each_one() -> None:
    import tomllib

    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = configuration["project"]
    wanted = [
        *project["dependencies"],
        *configuration["build-system"]["requires"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    record = (FOLDER / "0006-dependencies.md").read_text("utf-8").lower()
    for requirement in wanted:
        name = re.split(r"[<>=\[ ]", requirement)[0].lower()
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", record), name
