"""Ctrl+C at any moment is no defect and no traceback, and an answer that is cut off hides nobody who may be missing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from command_line import in_process

from hazards import hazard
from processes import line_of, started

ROOT = Path(__file__).parents[3]
SRC = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
MODULE, FUNCTION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]["cobalamin"].split(":")
# A program that was started in the background may have been told to ignore Ctrl+C, and so would those it starts.
HEEDS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
AT_IMPORT = f"""
import os, signal, sys
{HEEDS}
class Presses:
    def find_spec(self, name, *_):
        if name == {{module!r}}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Presses())
sys.argv = ["cobalamin", "panel", "--help"]
from {MODULE} import {FUNCTION}
sys.exit({FUNCTION}())
"""


@posix
@pytest.mark.parametrize("module", ["cobalamin.app.cli.main", "typer", "cobalamin.app.cli.panel", "yaml"])
def test_ctrl_c_while_the_program_is_loading_is_quiet(module: str) -> None:
    """As the installed program starts, which imports its function outside any guard of its own."""
    command = [sys.executable, "-c", AT_IMPORT.format(module=module)]
    told = subprocess.run(command, capture_output=True, text=True, env=SRC, timeout=120, check=False)
    assert (told.returncode, told.stderr) == (130, "")


def test_almost_nothing_is_loaded_before_ctrl_c_has_a_quiet_end() -> None:
    """What loads before the handler is set is Python's own start: an interrupt there is not this program's to catch."""
    asked = (
        "import sys; before = set(sys.modules); import cobalamin.__main__; print(*sorted(set(sys.modules) - before))"
    )
    told = subprocess.run([sys.executable, "-S", "-c", asked], capture_output=True, text=True, env=SRC, check=True)
    assert set(told.stdout.split()) <= {
        "__future__",
        "cobalamin",
        "cobalamin.__main__",
        "gc",
        "importlib",
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "os",
        "stat",
        "_stat",
        "posixpath",
        "genericpath",
        "os.path",
        "_collections_abc",
        "abc",
        "_abc",
        "warnings",
    }


QUERY = f"""
import sys
{HEEDS}
from cobalamin.app.cli.main import main
from cobalamin.population import panel

def long(con, *_):
    print("runs", flush=True)
    con.execute("SELECT sum(hash(a.range + b.range)) FROM range(1000000) a, range(1000000) b")

panel._folded = long
sys.argv = ["cobalamin", "panel", "build", sys.argv[1], "--into", sys.argv[2], "--workers", "1"]
main()
"""


@posix
def test_ctrl_c_during_a_query_is_no_defect(tmp_path: Path) -> None:
    source = register(tmp_path / "r", "P1")
    command = [sys.executable, "-c", QUERY, str(source), str(tmp_path / "p")]
    with started(command, stderr=subprocess.PIPE, env=SRC) as program:
        assert line_of(program) == "runs"
        program.send_signal(signal.SIGINT)
        _, err = program.communicate()
    assert (program.returncode, err) == (130, "")


# -- an answer that is cut off ----------------------------------------------------------------------------------------


def register(folder: Path, *ids: str) -> Path:
    folder.mkdir()
    rows = "".join(f"{who},uk-bnf-noneuro,2026-01-05,maintenance_interval=3 mo\n" for who in ids)
    (folder / "patient.csv").write_text(f"patient_id,protocol,start,choices\n{rows}")
    (folder / "administration.csv").write_text(
        "patient_id,date,substance,dose,route\nP1,2026-01-05,hydroxocobalamin,1 mg,im\n"
    )
    return folder


def into(output: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command whose standard output nobody reads, or that is full."""
    command = f"{sys.executable} -m cobalamin {' '.join(map(str, words))}"
    pipe = f"{{ {command}; echo $? >&3; }} 3>&2 | true" if output == "closed" else f"{command} > /dev/full; echo $? >&2"
    return subprocess.run(["sh", "-c", pipe], capture_output=True, text=True, env=SRC, timeout=120, check=False)


@posix
@hazard("H19")
@pytest.mark.parametrize("output", ["closed", pytest.param("full", marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full"))])  # fmt: skip
def test_an_answer_that_is_cut_off_hides_nobody(output: str, tmp_path: Path) -> None:
    source = register(tmp_path / "r", "P1", "", "")
    assert in_process("panel", "build", source, "--into", tmp_path / "p", "--workers", 1).code == 5
    for words in (("recall", tmp_path / "p", "--json"), ("build", source, "--into", tmp_path / "p")):
        told = into(output, "panel", *words)
        assert re.search("^5$", told.stderr, re.MULTILINE), told.stderr
        assert told.stderr.count("Up to 2 people may be missing from this answer") == 1
        assert "nothing was written" not in told.stderr
    assert "saved; only the answer could not be shown" in told.stderr
