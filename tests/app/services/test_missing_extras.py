"""Where a package of an extra is missing, or can't be loaded, a comfort is left out with one line; the answer stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Run

from cobalamin.app.services import extras
from cobalamin.errors import InputError

RUNNING = ("treatment-running", "--on", "2026-09-01")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Takes a package away, as if it were not installed."""
    return lambda name: monkeypatch.setitem(sys.modules, name, None)


def said(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("command", ["review", "due", "explain", "check", "record", "propose"])
def test_no_answer_needs_the_holidays(
    run: Callable[..., Run], copy_of: Callable[..., Path], without: Callable[[str], None], command: str
) -> None:
    without("holidays")
    more = {"explain": ("2026-10-09",), "record": ("given", "2026-08-31")}.get(command, ())
    on = () if command == "check" else RUNNING[1:]
    answer = run(command, copy_of(RUNNING[0]), *more, *on)
    assert answer.code == 0, answer.err


@pytest.mark.parametrize("words", [(), ("--plain",)])
def test_a_review_says_in_one_line_why_no_appointment_is_suggested(
    run: Callable[..., Run], copy_of: Callable[..., Path], without: Callable[[str], None], words: tuple[str, ...]
) -> None:
    case = copy_of(RUNNING[0])
    assert "Suggested appointment" in run("review", case, *RUNNING[1:], *words).out
    without("holidays")
    text = said(run("review", case, *RUNNING[1:], *words).out)
    assert "Suggested appointment" not in text
    expected = "No clinic day is suggested here" if words else "No appointment is suggested: the clinic's calendar"
    assert text.count(expected) == 1
    assert "NO_APPOINTMENT_SUGGESTED" not in text


@pytest.mark.parametrize("code", ["XX", "GB-NOWHERE", "Atlantis"])
def test_holidays_that_nobody_knows_take_no_answer_away(
    run: Callable[..., Run], copy_of: Callable[..., Path], code: str
) -> None:
    case = copy_of(RUNNING[0])
    case.write_text(case.read_text("utf-8").replace("GB-ENG", code), "utf-8")
    answer = run("review", case, *RUNNING[1:])
    assert answer.code == 0, answer.err
    assert f"'{code}': No appointment is suggested" in said(answer.out)
    assert "Write for example GB-ENG" in said(answer.out)
    document = run("review", case, *RUNNING[1:], "--json").document
    assert "appointment" not in document["forecast"]
    assert [each["severity"] for each in document["issues"] if each["code"] == "HOLIDAYS_NOT_KNOWN"] == ["note"]


@pytest.mark.parametrize(("command", "file"), [("sheet", "a.pdf"), ("calendar", "a.ics")])
def test_paper_and_calendar_are_written_without_the_holidays(
    run: Callable[..., Run], copy_of: Callable[..., Path], tmp_path: Path, without: Callable[[str], None], command: str, file: str
) -> None:  # fmt: skip
    without("holidays")
    answer = run(command, copy_of(RUNNING[0]), "-o", tmp_path / file, *RUNNING[1:])
    assert answer.code == 0, answer.err
    assert (tmp_path / file).stat().st_size > 0
    assert answer.err.count("pip install 'cobalamin[clinic]'") == answer.err.count("\n") == 1


def test_a_package_that_cannot_be_loaded_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "typst.py").write_text("raise ImportError('libfont.so:\\nno such file')")
    monkeypatch.delitem(sys.modules, "typst", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError) as refused:
        extras.need("sheet", "paper", "typst")
    assert str(refused.value) == (
        "sheet: needs the extra 'paper', because typst can't be loaded (libfont.so: no such file): pip install 'cobalamin[paper]'"
    )
    assert extras.missing("paper", "icalendar") == ""


def test_a_compiler_that_does_not_fit_costs_time_and_no_answer(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    (tmp_path / "numba.py").write_text("raise ImportError('Numba needs NumPy 2.2 or less')")
    asked = [
        "simulate",
        "--scenario",
        "1 mg every 12 weeks",
        "--months",
        "3",
        "--people",
        "5",
        "--on",
        "2026-01-02",
        "--json",
    ]
    path = os.pathsep.join([str(tmp_path), *(each for each in sys.path if each)])
    done = subprocess.run(
        [sys.executable, "-m", "cobalamin", *asked],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["signed_off"] is False
