"""docs/python.md runs as it stands: every session, the six lines, the lines about a panel."""

from __future__ import annotations

import contextlib
import doctest
import io
import re
from pathlib import Path

import pytest
from sessions import PAGE, README, ROOT, blocks

import cobalamin

SIX_LINES = 6


def test_every_session_of_the_page_is_what_python_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = "\n".join(blocks("pycon"))
    session = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    told = io.StringIO()
    results = doctest.DocTestRunner(verbose=False).run(session, out=told.write)
    assert results.failed == 0, told.getvalue()
    assert results.attempted >= 20


def test_the_six_lines_work_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    program = blocks("python")[0]
    assert len([line for line in program.splitlines() if line]) == SIX_LINES
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "docs/python.md", "exec"), {})
    first, second, *_ = printed.getvalue().splitlines()
    assert first == program.partition("  # ")[2].partition("\n")[0] == "not_yet_due 2026-10-09"
    assert second.startswith("2026-10-09 Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular ['bnf-pas'")


def test_the_python_of_the_readme_runs_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = re.search(r"<!-- python -->\n```python\n(.*?)```\n<!-- /python -->", README.read_text("utf-8"), re.DOTALL)
    assert found
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(found[1], "README.md", "exec"), {})
    assert printed.getvalue()


def test_the_page_names_every_function_and_no_other() -> None:
    text = PAGE.read_text("utf-8")
    functions = {name for name in cobalamin.__all__ if callable(getattr(cobalamin, name)) and name.islower()}
    assert not [name for name in functions if not re.search(rf"\b{name}\b", text)]
    assert set(re.findall(r"\bb12\.([a-z_]+)\(", text)) <= functions
    assert f"{len(functions)} functions" in text


def test_the_lines_about_a_panel_work(demo_panel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo_panel.parent)
    program = blocks("python")[1].replace('"practice"', repr(demo_panel.name))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(f"import cobalamin as b12\n{program}", "docs/python.md", "exec"), {})
    assert printed.getvalue().splitlines()
