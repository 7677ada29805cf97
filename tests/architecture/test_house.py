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


FOLD = [SOURCE / "therapy" / "fold" / f"{name}.py" for name in ("fold", "values", "windows", "judging", "status")]
ABOVE_ITSELF = {f"from cobalamin.therapy.fold.{file.stem} import *" for file in FOLD[1:]}
BEYOND_NUMBA = (
    ast.Dict | ast.Set | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Try | ast.With | ast.JoinedStr
    | ast.Yield | ast.YieldFrom | ast.Await | ast.ClassDef | ast.AsyncFunctionDef | ast.Match | ast.Starred | ast.Global | ast.Nonlocal
)  # fmt: skip


def test_the_fold_fits_on_five_screens() -> None:
    assert len(FOLD[0].read_text("utf-8").splitlines()) <= 250


@pytest.mark.parametrize("file", FOLD, ids=name_of)
def test_the_fold_imports_nothing_but_itself(file: Path) -> None:
    imports = {ast.unparse(node) for node in ast.walk(tree_of(file)) if isinstance(node, ast.Import | ast.ImportFrom)}
    assert imports <= {"from typing import NamedTuple"} | ABOVE_ITSELF


@pytest.mark.parametrize("file", FOLD, ids=name_of)
def test_the_fold_stays_in_what_numba_compiles(file: Path) -> None:
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef):
            assert not node.args.defaults, node.name
            assert not node.args.kwonlyargs, node.name
            assert node.args.vararg is node.args.kwarg is None, node.name
            assert not node.decorator_list, node.name
        if isinstance(node, ast.Call):
            assert not node.keywords, ast.unparse(node)
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_"), node.attr
        assert not isinstance(node, BEYOND_NUMBA), ast.unparse(node)


def test_no_tuple_of_the_fold_has_more_fields_than_numba_takes() -> None:
    from cobalamin.therapy import fold

    shapes = [value for value in vars(fold).values() if isinstance(value, type) and hasattr(value, "_fields")]
    assert len(shapes) == 10
    for shape in shapes:
        assert len(shape._fields) <= NUMBA_LIMIT, shape.__name__
