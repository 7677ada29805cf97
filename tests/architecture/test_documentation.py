"""Documentation that can't lie: every command is in the manual, every choice of a library has a record."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    from cobalamin.app.cli.library import library_app
    from cobalamin.app.cli.main import app

    names = [
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback and not command.hidden
    ]
    inner = [
        f"library {(command.name or command.callback.__name__)}"
        for command in library_app.registered_commands
        if command.callback and not command.hidden
    ]
    assert isinstance(app, typer.Typer)
    return sorted(name.rstrip("_") for name in names + inner)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_manual(command: str) -> None:
    assert f"## `{command}" in (ROOT / "docs" / "commands.md").read_text("utf-8")


def test_every_dependency_has_a_reason_in_an_adr() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project.get("optional-dependencies", {}).values() for name in extra),
    ]
    records = "\n".join(file.read_text("utf-8").lower() for file in (ROOT / "docs" / "adr").glob("*.md"))
    for requirement in wanted:
        name = re.split(r"[<>=\[ ]", requirement)[0].lower()
        assert name in records, name


def test_the_readme_fits_one_screen_and_names_the_rooms() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 90
    for word in ("knowledge", "therapy", "casefile", "app", "./run", "./test", "not clinically signed off"):
        assert word in text


def test_links_between_documents_lead_somewhere() -> None:
    for file in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text("utf-8")):
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
