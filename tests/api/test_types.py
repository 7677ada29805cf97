"""What mypy tells a program that uses the package: every field has a type, and a wrong name is an error."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sessions import ROOT

import cobalamin

HEAD = 'import cobalamin as b12\n\ncase = b12.read_case("anna.yaml", library=b12.library())\nreview = b12.review(case, on="2026-09-01")\n'
# An expression, and the beginning of the type that mypy must know it by.
TYPES = {
    "case": "cobalamin.therapy.case.case.Case",
    "b12.with_event(case, {})": "cobalamin.therapy.case.case.Case",
    "b12.propose(case).options[0].protocol.id": "str",
    "b12.in_words(b12.propose(case).needs[0].question)": "str",
    "b12.propose(case).issues[0]": "cobalamin.therapy.case.issues.Issue",
    "b12.in_words(b12.assess(case).steps[0].next[0].text)": "str",
    'b12.plan(case, "x").items[0].on': "datetime.date | None",
    'b12.plan(case, "x").items[0].dose': "cobalamin.amounts.Mass | None",
    'b12.plan(case, "x").items[0].cites[0].source': "str",
    "review.outlook.target": "datetime.date | None",
    "review.evaluations[0].credit": "str",
    "review.library.edition": "str",
    "b12.due(case).given": "cobalamin.therapy.review.if_given.IfGiven | None",
    'b12.in_words(b12.explain(case, "2026-10-09").found[0].arithmetic)': "str",
    "b12.compare(case).compared[0].figures": "cobalamin.therapy.comparison.comparison.Figures | None",
    "b12.in_words(b12.what_if(case).effects[0].question)": "str",
    'b12.simulate("1 mg daily").begin': "datetime.date",
    'b12.simulate("1 mg daily").simulated[0].reading': "str",
    'b12.ask("How often?").answers[0].passage.text': "str",
    'b12.open_panel("panel").recall()["rows"][0]["days_late"]': "int",
    'b12.open_panel("panel").measures()["measures"][0]["share"]': "float | None",
    "b12.to_json(review)": "str",
    'b12.schema("review")': "dict[str, object]",
    "b12.InputError([]).faults[0].path": "str",
}
WRONG = {
    "b12.proposed(case)": "attr-defined",
    "review.outlok": "attr-defined",
    'b12.review("anna.yaml")': "arg-type",
    "b12.review(case, day=1)": "call-arg",
    "b12.to_json(case)": "arg-type",
}


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What mypy says of the program, by line."""
    folder = tmp_path_factory.mktemp("program")
    lines = [f"reveal_type({expression})" for expression in TYPES] + list(WRONG)
    (folder / "program.py").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    command = ["-m", "mypy", "--config-file=", "--strict", "--follow-imports=silent", "--cache-dir=cache", "program.py"]
    environment = {**os.environ, "MYPYPATH": str(ROOT / "src")}
    told = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert told.stderr == ""
    found = [line for line in told.stdout.splitlines() if line.startswith("program.py:") and " defined in " not in line]
    return {int(line.split(":")[1]): line for line in found}


def test_every_field_has_the_type_it_should_have(notes: dict[int, str]) -> None:
    first = HEAD.count("\n") + 1
    for line, (expression, wanted) in enumerate(TYPES.items(), first):
        found = re.search(r'Revealed type is "(.*)"', notes[line])
        assert found, (expression, notes[line])
        assert found[1] == wanted, expression


def test_a_wrong_name_or_argument_is_an_error(notes: dict[int, str]) -> None:
    first = HEAD.count("\n") + 1 + len(TYPES)
    for line, (expression, code) in enumerate(WRONG.items(), first):
        assert notes[line].endswith(f"[{code}]"), (expression, notes[line])


def test_nothing_else_is_wrong_with_the_program(notes: dict[int, str]) -> None:
    assert min(notes) == HEAD.count("\n") + 1
    assert len([line for line in notes.values() if " error: " in line]) == len(WRONG)


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(cobalamin.__file__).parent / "py.typed").is_file()
