"""The wheel with each extra alone, and with other Pythons: `./test --all`.

What an extra brings answers, what others bring is refused in one line, and everything else is there as without any.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command_rows import ROWS, RUNNING, SERVE, Row
from driven import DRIVE, answers, driven, question, refuses, unmet
from environments import CORE, ROOT, RegistryUnreachable, environment, extras, install, pinned_for

pytestmark = pytest.mark.skipif(not os.environ.get("COBALAMIN_ALL"), reason="a long run: ./test --all")
NODE = ROOT / "tests" / "package" / "node"


@contextmanager
def made(folder: Path, requirements: Path, wheel: Path, **python: str) -> Iterator[Path]:
    """An environment for one test; some are large, so it is gone afterwards."""
    try:
        inside = environment(folder, requirements, **python)
        install(inside, wheel)
        yield inside
    except RegistryUnreachable as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"SKIPPED LOUDLY: no registry answers ({error})")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def refused_for(row: Row, modules: list[str]) -> str:
    """The extra that the sentence names: a panel needs its own before Spark's."""
    of_panel = {"duckdb", "numpy", "pyarrow"}
    return "population" if row.typed[0].startswith("panel") and not of_panel <= set(modules) else row.extra


@pytest.mark.parametrize("extra", extras())
def test_an_extra_alone_brings_its_commands_and_takes_nothing_away(
    extra: str, wheel: Path, tmp_path: Path, bare_answers: dict[str, Any]
) -> None:
    with made(tmp_path / "env", pinned_for(extra, tmp_path / "pinned.txt"), wheel) as python:
        rows = [row for row in ROWS if row is not SERVE or extra != "web"]
        found = driven(python, rows)
        if extra == "web":
            pages_answer(python, tmp_path)
    brought = [row.name for row in rows if row.extra and not unmet(row, found["modules"])]
    assert brought or extra in ("clinic", "web")
    for row, steps in zip(rows, found["rows"], strict=True):
        if unmet(row, found["modules"]):
            refuses(steps[-1], refused_for(row, found["modules"]))
            continue
        if row.extra == "spark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
            assert (steps[-1]["code"], steps[-1]["written"]) == (3, [])
            assert "Java 17" in steps[-1]["err"]
            continue
        answers(steps[-1], row)
        if not row.extra and extra != "clinic":
            assert without_place(steps) == without_place(bare_answers["rows"][ROWS.index(row)]), row.name
    if extra == "clinic":
        review = next(steps[-1] for row, steps in zip(rows, found["rows"], strict=True) if row.typed[0] == "review")
        assert "Suggested appointment" in review["out"]


# -- the pages -------------------------------------------------------------------------------------------------------


def pages_answer(python: Path, folder: Path) -> None:
    """Start the server as a person does, look at some pages, write an entry, end it."""
    cases = folder / "cases"
    cases.mkdir()
    shutil.copy(ROOT / "examples" / RUNNING, cases)
    command = [python.parent / "cobalamin", "serve", "--no-open", "--port", "0", "--folder", cases]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)
    try:
        assert server.stdout is not None
        address = next(word for word in server.stdout.readline().split() if word.startswith("http://127.0.0.1:"))
        visit(address.rstrip("/"))
    finally:
        server.send_signal(signal.SIGINT)
        _, complaints = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "Traceback" not in complaints
    assert "2026-08-31" in (cases / RUNNING).read_text("utf-8")


def visit(site: str) -> None:
    case, day = f"/case/{RUNNING}", "on=2026-09-01"
    assert RUNNING in fetched(f"{site}/")
    assert "No clinic day is suggested here" in fetched(f"{site}{case}?{day}")
    for page in ("review", "compare", "whatif", "record", "print", "file"):
        assert "<h1" in fetched(f"{site}{case}/{page}?{day}")
    assert "cobalamin[paper]" in fetched(f"{site}{case}/share?{day}")
    assert "cobalamin[paper]" in fetched(f"{site}{case}/sheet.pdf?{day}", 422)
    for page in ("/simulate", f"{case}/simulate", "/model"):
        assert "cobalamin[kinetics]" in fetched(f"{site}{page}")
    assert json.loads(fetched(f"{site}/api/cases/{RUNNING}/due?{day}"))["sentence"]
    form = fetched(f"{site}{case}/record/dose?{day}")
    mark = form.partition('name="mark" value="')[2].partition('"')[0]
    sent = {"mark": mark, "date": "2026-08-31", "given": "planned"}
    fetched(f"{site}{case}/record/dose?{day}", data=sent)


def fetched(address: str, expected: int = 200, data: dict[str, str] | None = None) -> str:
    """What a page of this computer answers, as soon as it does."""
    body = urllib.parse.urlencode(data).encode() if data else None
    origin = "/".join(address.split("/")[:3])  # as a browser says that the form is the site's own
    asked = urllib.request.Request(address, body, {"Origin": origin} if data else {})
    for _ in range(100):
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                status, text = answer.status, answer.read().decode()
                break
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
            break
        except urllib.error.URLError:
            time.sleep(0.1)
    assert status == expected, f"{address}: {status} {text[:2000]}"
    return text.replace("&#39;", "'")


# -- other Pythons ---------------------------------------------------------------------------------------------------


def found_python(name: str) -> str:
    """The Python of this name that runs; "" where there is none."""
    place = shutil.which(name)
    if place is None:
        return ""
    code = "import ensurepip, sys, venv; print(sys.executable)"
    asked = subprocess.run([place, "-c", code], capture_output=True, text=True)
    return asked.stdout.strip()


@pytest.mark.parametrize("name", ["python3.12", "python3.13", "python3.14"])
def test_another_python_gives_the_same_bytes(
    name: str, wheel: Path, tmp_path: Path, bare_answers: dict[str, Any]
) -> None:
    other = found_python(name)
    if not other:
        pytest.skip(f"SKIPPED LOUDLY: {name} is not installed here")
    with made(tmp_path / "env", CORE, wheel, python=other) as python:
        same_as(driven(python, ROWS), bare_answers)


def test_python_3_14_as_webassembly_gives_the_same_bytes(
    bare_python: Path, tmp_path: Path, bare_answers: dict[str, Any]
) -> None:
    if not shutil.which("node") or not (NODE / "node_modules" / "pyodide").is_dir():
        assert os.environ.get("CI") != "true"
        pytest.skip("SKIPPED LOUDLY: pyodide is not installed (npm ci --prefix tests/package/node)")
    (packages,) = bare_python.parent.parent.glob("lib/python*/site-packages")
    asked, answered = tmp_path / "asked.json", tmp_path / "answered.json"
    asked.write_text(question(ROWS), "utf-8")
    command = ["node", NODE / "run.mjs", packages, DRIVE, asked, answered]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(answered.read_text("utf-8"))
    assert found["python"] == [3, 14]
    same_as(found, bare_answers)


def same_as(found: dict[str, Any], bare_answers: dict[str, Any]) -> None:
    """Fails where a command answers or writes something else than under the Python of this run."""
    assert found["imported"] == bare_answers["imported"]
    assert found["commands"] == bare_answers["commands"]
    for row, here, there in zip(ROWS, bare_answers["rows"], found["rows"], strict=True):
        assert without_place(there) == without_place(here), row.name


def without_place(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`library compile` says where it wrote, which differs."""
    return [{**each, "out": "written"} if each["out"].endswith("library.json is written\n") else each for each in steps]
