"""The wheel with the core packages alone: every command answers, or says in one line which extra it is nothing without."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command_rows import CORE, EXTRAS, ROWS, SERVE, Row
from driven import answers, refuses
from environments import CORE as CORE_LIST


def of(bare_answers: dict[str, Any], row: Row) -> dict[str, Any]:
    """The last step of a row."""
    last: dict[str, Any] = bare_answers["rows"][ROWS.index(row)][-1]
    return last


def test_nothing_is_installed_but_the_pinned_core_and_the_program(bare_python: Path) -> None:
    code = "import importlib.metadata as m; print(*(f'{d.name.lower()}=={d.version}' for d in m.distributions()), sep='\\n')"
    listed = subprocess.run([bare_python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.split()
    pinned = re.findall(r"^([a-z0-9-]+==[^ ]+) \\$", CORE_LIST.read_text("utf-8"), re.MULTILINE)
    found = {each.replace("_", "-") for each in listed if not each.startswith("cobalamin==")}
    assert found == set(pinned)
    assert len(listed) == len(found) + 1


def test_every_command_has_a_row(bare_answers: dict[str, Any]) -> None:
    assert {row.typed[0] for row in ROWS} == set(bare_answers["commands"])


def test_every_command_with_a_document_has_a_row_for_it(bare_answers: dict[str, Any]) -> None:
    with_json = {name for name, options in bare_answers["commands"].items() if "--json" in options}
    asked = {row.typed[0] for row in ROWS if "--json" in row.typed}
    assert {name for name in with_json - asked if not name.startswith("panel")} == {"accept"}  # the plan's document


@pytest.mark.parametrize("row", CORE, ids=lambda row: row.name)
def test_it_answers(bare_answers: dict[str, Any], row: Row) -> None:
    answers(of(bare_answers, row), row)


@pytest.mark.parametrize("row", [*EXTRAS, SERVE], ids=lambda row: row.name)
def test_it_says_which_extra_is_missing(bare_answers: dict[str, Any], row: Row) -> None:
    refuses(of(bare_answers, row), "population" if row.typed[0].startswith("panel") else row.extra)


def test_a_review_without_the_holidays_says_so_in_one_line_and_keeps_every_date(
    bare_answers: dict[str, Any], library: Any, example: Any
) -> None:
    from datetime import date

    from cobalamin.app.documents import json_text
    from cobalamin.app.documents.review import ReviewRenderer
    from cobalamin.app.services.reviewing import review_of

    text = next(row for row in CORE if row.typed[0] == "review" and "--json" not in row.typed)
    said = " ".join(of(bare_answers, text)["out"].split())
    assert said.count("No appointment is suggested") == 1
    assert said.count("pip install 'cobalamin[clinic]'") == 1
    document = next(row for row in CORE if row.typed[0] == "review" and "--json" in row.typed)
    without = json.loads(of(bare_answers, document)["out"])
    full = json.loads(
        json_text(ReviewRenderer(library).review(review_of(example("treatment-running"), date(2026, 9, 1))))
    )
    assert {each["code"] for each in without["issues"]} == {each["code"] for each in full["issues"]} | {
        "NO_APPOINTMENT_SUGGESTED"
    }
    assert "appointment" in full["forecast"]
    assert without["forecast"] == {key: value for key, value in full["forecast"].items() if key != "appointment"}
    assert without["evaluations"] == full["evaluations"]


def test_modules_that_need_no_file_and_no_clock_load(bare_answers: dict[str, Any]) -> None:
    assert {"cobalamin.amounts", "cobalamin.therapy.fold.fold", "cobalamin.casefile.reader"} <= set(
        bare_answers["imported"]
    )


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("--version",), 0, "cobalamin "),
        (("-h",), 0, "propose"),
        (("--show-completion", "bash"), 0, "_COBALAMIN_COMPLETE"),
        (("due", "{examples}/treatment-running.yaml", "--on", "2026-09-01"), 0, "is due"),
        (("sheet", "{examples}/treatment-running.yaml", "-o", "sheet.pdf"), 3, "pip install 'cobalamin[paper]'"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_installed_command_itself_runs(
    bare_python: Path, tmp_path: Path, typed: tuple[str, ...], code: int, said: str
) -> None:
    (installed,) = bare_python.parent.parent.glob("lib/python*/site-packages/cobalamin/examples")
    words = [str(bare_python.parent / "cobalamin"), *(word.replace("{examples}", str(installed)) for word in typed)]
    as_from_a_shell = ["bash", "-c", '"$@"; exit $?', "bash", *words]  # completion asks which shell has started it
    done = subprocess.run(
        as_from_a_shell,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert (done.returncode, list(tmp_path.iterdir())) == (code, []), done.stderr
    assert said in done.stdout + done.stderr
