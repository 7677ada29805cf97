"""A misspelt or missing key of a document is an error before anybody reads the document."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from cobalamin.app.documents import json_text, plain
from cobalamin.app.documents.types.base import Document, OneOf, given, known
from cobalamin.app.documents.types.common import CitationAnswer, MassAnswer, MassRange

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "src" / "cobalamin" / "app" / "documents"
HEAD = "from cobalamin.app.documents.types.common import CitationAnswer, CheckAnswer\nfrom cobalamin.app.documents.types.panel import PersonBehind\n"
# What a renderer might write by mistake, and what the type checker says.
MISTAKES = {
    'CitationAnswer(source="a", levle="primary", level="primary")': "call-arg",
    'CitationAnswer(source="a")': "call-arg",
    'CitationAnswer(source="a", level=1)': "arg-type",
    "CheckAnswer(file='a', readable=True, faults=[{'file': 'a'}])": "list-item",
    "CheckAnswer(file='a', readable=True, faults=[]).falts": "attr-defined",
    "PersonBehind(patient_id=1, practice='', status='due', traget=None, last_dose=None, counted=True)": "typeddict-unknown-key",
}


def test_the_type_checker_finds_every_wrong_key(tmp_path: Path) -> None:
    (tmp_path / "renderer.py").write_text(HEAD + "\n".join(MISTAKES) + "\n", "utf-8")
    places = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("MYPYPATH", ""))))
    command = ["-m", "mypy", "--config-file=", "--strict", "--follow-imports=silent", "--cache-dir=cache"]
    done = subprocess.run(
        [sys.executable, *command, "renderer.py"], cwd=tmp_path, env={**os.environ, "MYPYPATH": places}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    first = HEAD.count("\n") + 1
    found = {int(line.split(":")[1]): line for line in done.stdout.splitlines() if ": error:" in line}
    for line, (mistake, code) in enumerate(MISTAKES.items(), first):
        assert found.get(line, "").endswith(f"[{code}]"), (mistake, done.stdout)


def test_a_wrong_key_is_refused_when_the_document_is_made() -> None:
    with pytest.raises(TypeError, match="levle"):
        CitationAnswer(source="a", level="primary", levle="primary")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="level"):
        CitationAnswer(source="a")  # type: ignore[call-arg]


def test_a_key_stands_where_it_is_declared_and_an_absent_one_nowhere() -> None:
    mass = MassAnswer(value="1", unit="mg", ug=1000)
    assert json.loads(json_text(MassRange(most=mass))) == {"to": {"value": "1", "unit": "mg", "ug": 1000}}
    assert list(json.loads(json_text(MassRange(most=mass, least=mass)))) == ["from", "to"]


def test_an_empty_value_and_zero_are_told_apart_from_what_is_not_known() -> None:
    class Told(Document):
        number: object
        text: object

    assert plain(Told(number=known(0), text=given(""))) == {"number": 0}
    assert plain(Told(number=known(None), text=given("a"))) == {"text": "a"}


def test_what_is_no_document_is_no_json() -> None:
    for value in (date(2026, 1, 5), {1, 2}, OneOf("a")):
        with pytest.raises(TypeError, match="can't hold"):
            json_text({"value": value})


def _named(tree: ast.AST) -> set[str]:
    """What the types of a file say: names of calls, and types with a part in brackets."""
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return calls | {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_no_document_is_a_dictionary_of_anything_and_none_is_cast(path: Path) -> None:
    assert not _named(ast.parse(path.read_text("utf-8"))) & {"cast", "dict[str, Any]"}


def test_a_cast_and_a_dictionary_of_anything_are_seen() -> None:
    text = "entry: dict[str, Any] = {}\nfound = cast(Answer, entry)\n"
    assert _named(ast.parse(text)) == {"cast", "dict[str, Any]"}


LOADED = """
import contextlib, io, sys
from cobalamin.app.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main.main()
print(any(name.startswith("cobalamin.app.documents.types") for name in sys.modules))
"""


@pytest.mark.parametrize(("options", "loaded"), [([], "False"), (["--json"], "True")])
def test_text_loads_no_documents(options: list[str], loaded: str) -> None:
    """Their types take time to load, which an answer in words need not wait for."""
    command = ["due", str(ROOT / "examples" / "treatment-running.yaml"), "--on", "2026-09-01", *options]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *command], capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.strip() == loaded
