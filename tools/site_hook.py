"""A hook of MkDocs: takes in pages that live elsewhere, makes the reference, and turns links that leave `docs` into what they say.

MkDocs calls `on_files` before a build and `on_page_markdown` for each page.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

import write_reference
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]

# Pages that stay where people look for them in a repository, by their place on the site.
TAKEN_IN = {
    "glossary.md": "GLOSSARY.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "security.md": "SECURITY.md",
}
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages from the root of the repository, and the reference made from the program."""
    for place, name in TAKEN_IN.items():
        text = _links(ROOT / name, place, (ROOT / name).read_text("utf-8"))
        files.append(File.generated(config, place, content=text))
    for name, make in write_reference.PAGES.items():
        files.append(File.generated(config, f"reference/{name}.md", content=make()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A page of `docs` with its links to other places of the repository mended."""
    place = page.file.src_uri
    if place in TAKEN_IN or place.startswith("reference/"):
        return markdown
    return _links(ROOT / "docs" / place, place, markdown)


def _links(source: Path, place: str, text: str) -> str:
    """The text with each link as it must be on the site. `source` is the file it stands in, `place` where it will be.

    A link to a page that is taken in leads to its place; one to any other existing file of the repository outside `docs` keeps its words
    alone, because the site holds no source code. A link to nothing stays as it is, so that MkDocs reports it.
    """

    def mended(match: re.Match[str]) -> str:
        words, target, anchor = match.group(1), match.group(2), match.group(3) or ""
        if "://" in target or target.startswith("mailto:"):
            return match.group()
        leads_to = (source.parent / target).resolve()
        if not leads_to.exists():
            return match.group()
        inside = leads_to.relative_to(ROOT).as_posix()
        if inside.startswith("docs/"):
            home = inside.removeprefix("docs/")
        elif inside in TAKEN_IN.values():
            home = next(page for page, name in TAKEN_IN.items() if name == inside)
        else:
            return words
        if leads_to.is_dir():
            home = f"{home.rstrip('/')}/README.md"
        return f"[{words}]({posixpath.relpath(home, posixpath.dirname(place) or '.')}{anchor})"

    return _LINK.sub(mended, text)
