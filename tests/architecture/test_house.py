"""The house: sizes, words, no clock in a pure package, one file for the meaning of a record."""

from __future__ import annotations

import ast
import re
from functools import cache
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


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def functions_of(file: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.FunctionDef)]


def test_no_file_is_longer_than_400_lines() -> None:
    lines = {name_of(file): len(file.read_text("utf-8").splitlines()) for file in FILES}
    assert {name: number for name, number in lines.items() if number > 400} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    lines = {
        f"{name_of(file)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for file in FILES
        for node in functions_of(file)
    }
    assert {name: number for name, number in lines.items() if number > 40} == {}


def test_most_functions_are_short() -> None:
    lengths = sorted((node.end_lineno or 0) - node.body[0].lineno + 1 for file in FILES for node in functions_of(file))
    assert lengths[len(lengths) // 2] <= 10


def words_of(file: Path) -> set[str]:
    """The words of the names that a file gives or uses."""
    nodes = list(ast.walk(tree_of(file)))
    names = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {word for name in names for word in re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_")}


def test_identifiers_use_the_words_of_the_field() -> None:
    assert {name_of(file): words for file in FILES if (words := words_of(file) & BANNED)} == {}


def test_a_pure_package_reads_no_clock_no_file_and_no_chance() -> None:
    code = {file: "\n".join(line.partition("#")[0] for line in file.read_text("utf-8").splitlines()) for file in PURE}
    assert {name_of(file): found for file, text in code.items() if (found := CLOCKS.findall(text))} == {}


def test_a_changed_copy_is_made_by_the_one_replace() -> None:
    """That of `dataclasses` refuses a Struct, and the type checker does not say so."""
    other = {
        name_of(file)
        for file in FILES
        if re.search(
            r"from dataclasses import .*\breplace\b|dataclasses\.replace|structs\.replace", file.read_text("utf-8")
        )
    }
    assert other == {"records.py"}


def test_every_silenced_check_has_a_reason_beside_it() -> None:
    lines = [
        (name_of(file), line) for file in FILES for line in file.read_text("utf-8").splitlines() if re.search(r"# (noqa|type: ignore)", line)
    ]  # fmt: skip
    assert [each for each in lines if not re.search(r"# (noqa|type: ignore)\S*.*(--|  # )\S*", each[1])] == []


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
