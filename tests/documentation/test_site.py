"""The documentation site builds without a warning, shows what the program has, and asks nothing of another computer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
# What a page loads by itself, as against what it links to.
_LOADED = re.compile(r"<(?:script|img|iframe|source|video)\b[^>]*\bsrc=\"([^\"]+)\"|<link\b[^>]*\bhref=\"([^\"]+)\"")


def build(folder: Path, configuration: Path = ROOT / "mkdocs.yml") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(configuration)]
    return subprocess.run([*command, "--site-dir", str(folder)], cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a broken link or a page that stands nowhere fails the build."""
    folder = tmp_path_factory.mktemp("site")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        for found in _LOADED.findall(page.read_text("utf-8")):
            address = "".join(found)
            assert "//" not in address, f"{page.name}: {address}"
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//|@import", style.read_text("utf-8")), style.name


def test_every_command_and_every_document_is_in_the_reference(site: Path) -> None:
    from cobalamin.app.cli.jobs import MODULES
    from cobalamin.app.documents.schemas import DOCUMENTS

    options = (site / "reference" / "options.html").read_text("utf-8")
    for name in MODULES.keys() - {"library", "panel"}:
        assert f"cobalamin {name}</code>" in options, name
    assert "--acknowledge CODE=REASON" in options
    documents = (site / "reference" / "documents.html").read_text("utf-8")
    for document in DOCUMENTS:
        assert f"<code>{document}</code></h2>" in documents, document
    assert "valid_until" in documents


def test_pages_from_the_root_are_taken_in_with_links_that_lead_somewhere(site: Path) -> None:
    glossary = (site / "glossary.html").read_text("utf-8")
    assert 'href="contract.html"' in glossary
    assert 'href="adr/0015-the-package-layout.html"' in glossary
    assert not re.search(r"href=\"[^\":]*\.md", (site / "contributing.html").read_text("utf-8"))


def test_a_broken_link_fails_the_build(tmp_path: Path) -> None:
    """The same configuration over one page that leads nowhere."""
    pages = tmp_path / "docs"
    pages.mkdir()
    (pages / "index.md").write_text("# Here\n\n[gone](nowhere.md)\n", "utf-8")
    configuration = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    configuration |= {"docs_dir": str(pages), "nav": ["index.md"], "hooks": [], "extra_css": []}
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(configuration), "utf-8")
    done = build(tmp_path / "site", tmp_path / "mkdocs.yml")
    assert done.returncode != 0
    assert "nowhere.md" in done.stderr


@pytest.mark.parametrize("name", ["protocols-compared.svg"])
def test_the_pictures_are_what_the_program_draws(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import write_pictures

    drawn = write_pictures.draw(name, tmp_path)
    assert drawn.read_bytes() == (write_pictures.FOLDER / name).read_bytes(), "run: python tools/write_pictures.py"
