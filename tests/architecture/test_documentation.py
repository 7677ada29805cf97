"""Documentation that can't lie: every command is in the manual, every choice of a library has a record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    from cobalamin.app.cli.jobs import MODULES
    from cobalamin.app.cli.library import library_app

    inner = [
        f"library {(command.name or command.callback.__name__)}"
        for command in library_app.registered_commands
        if command.callback and not command.hidden
    ]
    return sorted(name.rstrip("_") for name in [*(MODULES.keys() - {"library", "panel"}), *inner])


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_manual(command: str) -> None:
    assert f"## `{command}" in (ROOT / "docs" / "commands.md").read_text("utf-8")


README_MUST_SAY = (
    "pip install cobalamin", "./run demo", "./test", "not clinically signed off", "What it is not", "Windows", "![", "import cobalamin",
    "<!-- python -->", "<!-- /python -->",
)  # fmt: skip
# Where a newcomer must find these, from the readme alone.
PLACES = {
    "what a late dose counts as": "therapy/fold/judging.py",
    "what it says": "app/views",
    "the CSV reader": "population/csv_files.py",
    "case file": "casefile",
}


def test_the_readme_fits_on_a_page_or_two_and_says_what_it_must() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 90
    for word in README_MUST_SAY:
        assert word in text


@pytest.mark.parametrize("sought", PLACES)
def test_the_readme_says_where_things_are(sought: str) -> None:
    rows = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("|")]
    assert any(sought in row and PLACES[sought] in row for row in rows)
    assert (ROOT / "src" / "cobalamin" / PLACES[sought]).exists()


def test_every_folder_the_readme_names_is_there() -> None:
    table = (ROOT / "README.md").read_text("utf-8").split("## Where things are")[1].split("\n\n")[1]
    named = re.findall(r"`([a-z_./]+)`", table)
    assert len(named) > 10
    for path in named:
        assert (ROOT / "src" / "cobalamin" / path).exists(), path


def test_links_between_documents_lead_somewhere() -> None:
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text("utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_no_lock_file_records_an_address() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text("utf-8")
        assert "://" not in text
        assert "--find-links" not in text
        assert "--hash=sha256:" in text


def test_the_readme_counts_what_the_library_holds() -> None:
    from cobalamin.app.services.shipped import library

    protocols = [protocol for protocol in library().protocols() if not protocol.guidance]
    countries = {protocol.country for protocol in protocols} - {"INT"}
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert (
        f"{len(protocols)} protocols of labels, formularies, guidelines and articles from {len(countries)} countries"
        in text
    )
