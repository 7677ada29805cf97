"""Comments cite what anybody can open: pages and records of this repository, never a private sheet or folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRIVATE = re.compile(r"facts? sheet|reference/\w+\.md|findings/|beside the repository", re.IGNORECASE)
PAGES = re.compile(r"docs/(?:adr/)?[\w-]+(?:\.md)?")


def comments(file: Path) -> str:
    """Of YAML the comments; of Python everything, because docstrings and comments are both read."""
    text = file.read_text("utf-8")
    if file.suffix == ".yaml":
        return "\n".join(found for found in re.findall(r"(?:^|\s)#.*", text))
    return text


FILES = [
    file
    for folder, kind in (
        ("src", "*.py"),
        ("src", "*.yaml"),
        ("tools", "*.py"),
        ("benchmarks", "*.py"),
        ("docs", "*.md"),
    )
    for file in sorted((ROOT / folder).rglob(kind))
] + sorted(ROOT.glob("*.md"))


def test_no_comment_cites_what_nobody_can_open() -> None:
    found = {
        file.relative_to(ROOT).as_posix(): match.group()
        for file in FILES
        if (match := PRIVATE.search(comments(file))) and file.name != "0016-definitions-and-the-documentation-site.md"
    }
    assert found == {}


@pytest.mark.parametrize("folder", ["src", "tests", "tools"])
def test_every_page_that_a_comment_names_is_there(folder: str) -> None:
    for file in sorted((ROOT / folder).rglob("*.py")):
        for named in PAGES.findall(file.read_text("utf-8")):
            path = ROOT / named
            there = path.exists() or list(path.parent.glob(f"{path.name}*.md"))
            assert there, f"{file.relative_to(ROOT)}: {named}"
