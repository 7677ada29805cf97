"""What is in the wheel and what it says of itself."""

from __future__ import annotations

import email
import email.message
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
from command_rows import CORE, EXTRAS, SERVE
from environments import ROOT, extras

from cobalamin.app.services.extras import MODULES

KINDS = {".py", ".yaml", ".json", ".html", ".css", ".js", ".svg", ".typ", ".typed"}


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: set[str]) -> email.message.Message:
    (name,) = (each for each in names if each.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as opened:
        return email.message_from_bytes(opened.read(name))


def test_it_holds_the_source_the_examples_and_the_licence_and_nothing_else(names: set[str]) -> None:
    kept = subprocess.run(["git", "ls-files", "src/cobalamin", "examples"], cwd=ROOT, capture_output=True, text=True)
    files = kept.stdout.split() or [
        str(file.relative_to(ROOT))
        for folder in ("src", "examples")
        for file in (ROOT / folder).rglob("*")
        if file.is_file()
    ]
    source = {
        re.sub(r"^(src/|(?=examples/))", lambda found: "" if found.group() else "cobalamin/", file) for file in files
    }
    packed = {name for name in names if ".dist-info/" not in name}
    assert source - packed == set()
    assert {name for name in packed - source if "__pycache__" in name or Path(name).suffix not in KINDS} == set()
    assert not {name for name in packed if "test" in name.split("/")[1:2]}
    (licence,) = (name for name in names if name.endswith("/licenses/LICENSE"))
    assert ".dist-info/" in licence


def test_what_it_says_of_itself(metadata: email.message.Message) -> None:
    classifiers = metadata.get_all("Classifier") or []
    assert metadata["Author"] == "The cobalamin authors"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Keywords"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert "Intended Audience :: Healthcare Industry" in classifiers
    assert metadata.get_all("Project-URL") is None  # there is no public address
    assert metadata["Home-page"] is None
    assert sorted(metadata["Requires-Python"].split(",")) == ["<3.15", ">=3.11"]
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)} <= set(classifiers)


def test_the_setup_takes_the_pythons_that_the_package_takes() -> None:
    setup = (ROOT / "tools" / "setup.sh").read_text("utf-8")
    assert "(3, 11) <= sys.version_info[:2] <= (3, 14)" in setup
    assert {f"python3.{minor}" for minor in range(11, 15)} <= set(re.findall(r"python3\.\d+", setup))


def test_the_program_knows_the_modules_of_every_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(MODULES) == set(extras())
    for extra, modules in MODULES.items():
        packages = {re.split(r"[<>=]", each)[0].replace("-", "_") for each in project[extra]}
        assert set(modules) <= packages, extra


def test_every_list_pins_the_same_versions() -> None:
    pins: dict[str, dict[str, str]] = {}
    for name in ("core", "run", "test"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        assert "://" not in text
        for package, version in re.findall(r"^([a-z0-9-]+)==([^ ]+) \\$", text, re.MULTILINE):
            pins.setdefault(package, {})[name] = version
    assert {"pyyaml", "rich", "typer"} <= {package for package, found in pins.items() if len(found) == 3}
    assert {package: found for package, found in pins.items() if len(set(found.values())) > 1} == {}
    assert {package: found for package, found in pins.items() if "test" not in found} == {}


def test_the_page_on_installing_names_every_extra_with_its_packages_and_commands() -> None:
    page = (ROOT / "docs" / "installing.md").read_text("utf-8")
    rows = {line.split("`")[1]: line.split("|") for line in page.splitlines() if line.startswith("| `")}
    assert set(rows) == set(extras())
    for extra, modules in MODULES.items():
        assert set(modules) <= set(rows[extra][2].replace("-", "_").replace(",", " ").split()), extra
    for one in (*EXTRAS, SERVE):
        assert f"`{one.typed[0].split()[0]}" in rows[one.extra][3], one.name
    named = set(re.findall(r"`([a-z-]+)`", page.split("## Extras")[0])) - {"cobalamin"}
    assert named == {one.typed[0].split()[0] for one in CORE}
