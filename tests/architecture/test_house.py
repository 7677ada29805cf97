"""The house: sizes, words, no clock in a pure room, one file for the meaning of a record."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "cobalamin"
FILES = sorted(SOURCE.rglob("*.py"))
PURE = [
    file for file in FILES if file.relative_to(SOURCE).parts[0] in ("amounts.py", "spans.py", "errors.py", "therapy")
]
BANNED = {
    "jab", "shot", "client", "subject", "sig", "posology", "cutoff", "compliance", "formulation", "undo", "handler", "manager",
    "helper", "util", "utils", "helpers", "invalid", "recommendation", "recommendations",
}  # fmt: skip
CLOCKS = re.compile(r"date\.today|datetime\.now|time\.time|random\.|os\.environ|getenv|Path\(|open\(")
NUMBA_LIMIT = 30


def name_of(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_file_is_longer_than_400_lines(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_function_is_longer_than_40_lines(file: Path) -> None:
    functions = [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.FunctionDef)]
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in functions
        if node.end_lineno and node.end_lineno - node.lineno >= 40
    }
    assert long == {}


def test_most_functions_are_short() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.body[0].lineno + 1
        for file in FILES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.FunctionDef)
    )
    assert lengths[len(lengths) // 2] <= 10


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_identifiers_use_the_words_of_the_field(file: Path) -> None:
    names = {node.name for node in ast.walk(tree_of(file)) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {node.id for node in ast.walk(tree_of(file)) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(tree_of(file)) if isinstance(node, ast.arg)}
    words = {word for name in names for word in re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_")}
    assert words & BANNED == set()


@pytest.mark.parametrize("file", PURE, ids=name_of)
def test_a_pure_room_reads_no_clock_no_file_and_no_chance(file: Path) -> None:
    code = "\n".join(line.partition("#")[0] for line in file.read_text("utf-8").splitlines())
    assert CLOCKS.findall(code) == []


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_module_says_what_it_is(file: Path) -> None:
    assert ast.get_docstring(tree_of(file)), name_of(file)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_silenced_check_has_a_reason_beside_it(file: Path) -> None:
    for line in file.read_text("utf-8").splitlines():
        if re.search(r"# (noqa|type: ignore)", line):
            assert re.search(r"# (noqa|type: ignore)\S*.*(--|  # )\S*", line), line


def test_the_fold_imports_nothing_and_fits_on_five_screens() -> None:
    file = SOURCE / "therapy" / "fold.py"
    assert len(file.read_text("utf-8").splitlines()) <= 250
    imports = [ast.unparse(node) for node in ast.walk(tree_of(file)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports == ["from typing import NamedTuple"]


def test_the_fold_stays_in_what_numba_compiles() -> None:
    module = tree_of(SOURCE / "therapy" / "fold.py")
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            assert not node.args.defaults, node.name
        if isinstance(node, ast.Attribute):
            assert node.attr != "_replace"
        assert not isinstance(
            node, ast.Dict | ast.Set | ast.Lambda | ast.ListComp | ast.Try | ast.JoinedStr | ast.Yield
        )
    from cobalamin.therapy import fold

    for shape in (fold.Rung, fold.Place, fold.State, fold.Event, fold.Dates, fold.WindowRow):
        assert len(shape._fields) <= NUMBA_LIMIT
