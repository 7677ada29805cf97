"""The promise of stable names: what is public, with which parameters, and what an import costs."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from sessions import ROOT

import cobalamin

FUNCTIONS = {
    "ask": "question, *, country='', case=None, on=None, library=None",
    "assess": "case, *, on=None, library=None",
    "compare": "case, protocols=(), *, only=False, start=None, choices=None, days=90, policy=None, on=None, library=None",
    "due": "case, *, on=None, if_given=None, policy=None, library=None",
    "explain": "case, about, *, on=None, policy=None, library=None",
    "in_words": "text, *, language='', library=None",
    "library": "source=None",
    "open_panel": "folder",
    "plan": "case, protocol, *, start=None, choices=None, product='', policy=None, months=12, on=None, library=None",
    "propose": "case, *, on=None, library=None",
    "read_case": "source, *, library=None",
    "review": "case, *, on=None, as_recorded=None, policy=None, library=None",
    "schema": "name, *, library=None",
    "simulate": "case_or_scenario, *, scenario='', substance='', route='intramuscular', start=None, stop=None, "
    "months=0, people=500, seed=1, compare=(), weight=None, gfr=None, serum=None, haemoglobin=None, cause='', at=(), on=None, "
    "library=None",
    "to_json": "answer",
    "what_if": "case, *, on=None, library=None",
    "with_event": "case, event, *, on=None, confirmed=False, library=None",
}
METHODS = {
    "measures": "self, *, by_practice=False, shared=False",
    "people_behind": "self, measure",
    "recall": "self, *, within=14, practice=''",
    "reconcile": "self",
    "timeline": "self",
}
TYPES = {
    "Assessment", "Case", "CobalaminError", "Comparison", "Due", "Evaluation", "Explanation", "Fault", "InputError", "Issue", "Item", "Library",
    "Panel", "Plan", "Policy", "Proposal", "Review", "SearchResult", "Simulation", "Unconfirmed", "WhatIf",
}  # fmt: skip
SAID_BY_THEIR_NAME = {
    "library",
    "case",
    "case_or_scenario",
    "question",
    "text",
    "protocol",
    "protocols",
    "policy",
    "name",
    "folder",
    "on",
    "source",
}
WITHOUT_A_LIBRARY = {
    "library",
    "open_panel",
    "to_json",
}  # they give one, read what was decided, or use the answer's own


def parameters(function: object) -> str:
    signature = inspect.signature(function)  # type: ignore[arg-type]  # a name of __all__ that is callable
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))[1:-1]


def test_the_public_names_are_these_and_no_others() -> None:
    assert set(cobalamin.__all__) == {*FUNCTIONS, *TYPES, "__version__"}
    assert len(cobalamin.__all__) == len(set(cobalamin.__all__))
    assert sorted(dir(cobalamin)) == sorted(cobalamin.__all__)


def test_nothing_else_is_public_when_everything_was_used() -> None:
    for name in cobalamin.__all__:
        assert getattr(cobalamin, name) is getattr(cobalamin, name)
    others = [
        name
        for name, value in vars(cobalamin).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    ]
    assert set(others) <= set(cobalamin.__all__)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_parameters_of_a_function_stay(name: str) -> None:
    assert parameters(getattr(cobalamin, name)) == FUNCTIONS[name]


def test_the_methods_of_a_panel_stay() -> None:
    methods = {name for name, value in vars(cobalamin.Panel).items() if inspect.isfunction(value) and name[0] != "_"}
    assert {name: parameters(getattr(cobalamin.Panel, name)) for name in methods} == METHODS


def test_every_function_takes_a_library_or_says_why_not() -> None:
    taking = {name for name, told in FUNCTIONS.items() if "library=None" in told}
    assert taking == set(FUNCTIONS) - WITHOUT_A_LIBRARY


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_gives_and_what_it_raises(name: str) -> None:
    told = inspect.getdoc(getattr(cobalamin, name)) or ""
    assert len(told.splitlines()) > 1
    assert "Raises InputError" in told or name in ("propose", "what_if")
    for parameter in inspect.signature(getattr(cobalamin, name)).parameters:
        assert parameter in SAID_BY_THEIR_NAME or f"`{parameter}" in told, parameter


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'proposed'"):
        cobalamin.proposed  # type: ignore[attr-defined]  # noqa: B018 -- reading it is the test


IMPORTED = """
import json, sys
before = set(sys.modules)
import cobalamin
alone = [name for name in set(sys.modules) - before if "cobalamin" in name or "yaml" in name]
cobalamin.read_case
used = sorted({name.partition(".")[0] for name in sys.modules} & {"typer", "click", "rich", "numpy", "duckdb", "fastapi", "holidays", "typst"})
doors = [name for name in sys.modules if name.startswith(("cobalamin.app.cli", "cobalamin.app.web", "cobalamin.app.terminal"))]
exec("from cobalamin import *")
more = sorted({"numpy", "duckdb"} & set(sys.modules))
print(json.dumps([alone, used, doors, more, cobalamin.__version__]))
"""


def test_an_import_alone_loads_nothing_and_the_functions_load_no_interface() -> None:
    """Not even a star import needs an optional package."""
    command = [sys.executable, "-c", IMPORTED]
    path = {"PYTHONPATH": str(ROOT / "src"), "PATH": ""}
    told = subprocess.run(command, capture_output=True, text=True, env=path, timeout=60, check=True).stdout
    assert json.loads(told) == [["cobalamin"], [], [], [], cobalamin.__version__]


def test_only_the_package_itself_imports_the_public_functions() -> None:
    source = ROOT / "src" / "cobalamin"
    importing = {
        file.relative_to(source).as_posix()
        for file in source.rglob("*.py")
        if "cobalamin.api" in file.read_text("utf-8") or "from cobalamin import api" in file.read_text("utf-8")
    }
    assert {name for name in importing if not name.startswith("api/")} == {"__init__.py"}


def test_the_build_can_read_the_version() -> None:
    text = Path(cobalamin.__file__).read_text("utf-8")
    assert f'\n__version__ = "{cobalamin.__version__}"\n' in text
