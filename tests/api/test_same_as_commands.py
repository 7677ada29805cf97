"""The functions and the commands are one program: the same document, byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from command_line import EXAMPLES, Run, example

import cobalamin as b12

NEW, LATER = date(2026, 1, 2), "2026-09-01"
Command = Callable[..., Run]
CHOICES = {"maintenance_interval": "3 mo"}
POLICY = """policy: our clinic
owner: Dr A. Example
date: 2026-01-01
windows: [{through: 135 d, count_from: half, early: 21 d, late: 21 d, lapse: 6 mo, lapse_from: anchor}]
"""


def case(name: str) -> b12.Case:
    return b12.read_case(example(name))


ANSWERS: dict[str, tuple[list[object], Callable[[], object]]] = {
    "propose": (
        ["propose", example("pernicious-anaemia"), "--on", NEW],
        lambda: b12.propose(case("pernicious-anaemia"), on=NEW),
    ),
    "assess": (["assess", example("metformin"), "--on", NEW], lambda: b12.assess(case("metformin"), on=NEW)),
    "plan": (
        ["plan", example("pernicious-anaemia"), "--protocol", "uk-bnf-noneuro", "--start", "2026-01-05", "--on", NEW,
         "--choose", "maintenance_interval=3 mo", "--product", "gb-hydroxocobalamin-1mg-1ml", "--months", 30],
        lambda: b12.plan(case("pernicious-anaemia"), "uk-bnf-noneuro", start=date(2026, 1, 5), choices=CHOICES,
                         product="gb-hydroxocobalamin-1mg-1ml", months=30, on=NEW),
    ),
    "plan that needs a choice": (
        ["plan", example("pernicious-anaemia"), "--protocol", "uk-bnf-noneuro", "--start", NEW, "--on", NEW],
        lambda: b12.plan(case("pernicious-anaemia"), "uk-bnf-noneuro", on=NEW),
    ),
    "compare": (
        ["compare", example("pernicious-anaemia"), "--protocol", "nl-ftk", "--protocol", "uk-bnf-noneuro", "--only", "--on", NEW,
         "--start", "2026-02-01", "--days", 60, "--choose", "maintenance_interval=3 mo"],
        lambda: b12.compare(case("pernicious-anaemia"), ["nl-ftk", "uk-bnf-noneuro"], only=True, start="2026-02-01", days=60,
                            choices=CHOICES, on=NEW),
    ),
    "compare the options": (
        ["compare", example("child"), "--on", NEW],
        lambda: b12.compare(case("child"), on=NEW),
    ),
    "whatif": (["whatif", example("metformin"), "--on", NEW], lambda: b12.what_if(case("metformin"), on=NEW)),
    "review": (["review", example("treatment-running"), "--on", LATER], lambda: b12.review(case("treatment-running"), on=LATER)),
    "review as recorded": (
        ["review", example("self-injecting"), "--on", LATER, "--as-recorded", "2026-05-01"],
        lambda: b12.review(case("self-injecting"), on=LATER, as_recorded="2026-05-01"),
    ),
    "due": (["due", example("treatment-running"), "--on", LATER], lambda: b12.due(case("treatment-running"), on=LATER)),
    "due, if given": (
        ["due", example("treatment-running"), "--on", LATER, "--if-given", "2026-10-02"],
        lambda: b12.due(case("treatment-running"), on=LATER, if_given=date(2026, 10, 2)),
    ),
    "explain a day": (
        ["explain", example("treatment-running"), "2026-10-09", "--on", LATER],
        lambda: b12.explain(case("treatment-running"), date(2026, 10, 9), on=LATER),
    ),
    "ask": (
        ["ask", "How often are injections given?", "--country", "GB"],
        lambda: b12.ask("How often are injections given?", country="GB"),
    ),
    "simulate a regimen": (
        ["simulate", "--scenario", "1 mg every 8 weeks x 6", "--people", 30, "--seed", 4, "--start", "2026-01-05", "--on", NEW,
         "--weight", 70, "--compare", "nothing", "--at", "5 h, 3 d", "--months", 12],
        lambda: b12.simulate("1 mg every 8 weeks x 6", people=30, seed=4, start="2026-01-05", on=NEW, weight=70, compare="nothing",
                             at="5 h, 3 d", months=12),
    ),
    "simulate a case": (
        ["simulate", example("treatment-running"), "--people", 30, "--on", LATER],
        lambda: b12.simulate(case("treatment-running"), people=30, on=LATER),
    ),
    "simulate a case, then a regimen": (
        ["simulate", example("treatment-running"), "--scenario", "1 mg every 8 weeks x 6", "--people", 30, "--on", LATER],
        lambda: b12.simulate(case("treatment-running"), scenario="1 mg every 8 weeks x 6", people=30, on=LATER),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_the_document_of_the_command(run: Command, name: str) -> None:
    command, answer = ANSWERS[name]
    assert b12.to_json(answer()) == run(*command, "--json").out  # type: ignore[arg-type]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_proposed_and_reviewed_as_by_the_command(run: Command, path: Path) -> None:
    read = b12.read_case(path.read_bytes())
    assert b12.to_json(b12.propose(read, on=LATER)) == run("propose", path, "--on", LATER, "--json").out
    assert b12.to_json(b12.review(read, on=LATER)) == run("review", path, "--on", LATER, "--json").out


@pytest.mark.parametrize("name", ["case", "propose", "assess", "review", "simulate", "panel-recall"])
def test_a_schema_is_the_document_of_the_command(run: Command, name: str) -> None:
    assert b12.schema(name) == run("schema", name).document


def test_a_local_policy_is_read_as_by_the_command(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(POLICY, "utf-8")
    command = [
        "plan",
        example("pernicious-anaemia"),
        "--protocol",
        "uk-bnf-noneuro",
        "--start",
        "2026-01-05",
        "--on",
        NEW,
    ]
    printed = run(*command, "--choose", "maintenance_interval=3 mo", "--policy", file, "--json")
    assert '"our clinic"' in printed.out, printed.err

    def planned(policy: b12.Policy | Path | str | bytes | dict[str, object]) -> b12.Plan:
        return b12.plan(
            case("pernicious-anaemia"), "uk-bnf-noneuro", start="2026-01-05", choices=CHOICES, policy=policy, on=NEW
        )

    row = {
        "through": "135 d",
        "count_from": "half",
        "early": "21 d",
        "late": "21 d",
        "lapse": "6 mo",
        "lapse_from": "anchor",
    }
    told: dict[str, object] = {
        "policy": "our clinic",
        "owner": "Dr A. Example",
        "date": date(2026, 1, 1),
        "windows": [row],
    }
    for policy in (file, str(file), POLICY.encode(), told, planned(file).policy):
        assert b12.to_json(planned(policy)) == printed.out
    reviewed = run("review", example("treatment-running"), "--on", LATER, "--policy", file, "--json").out
    assert b12.to_json(b12.review(case("treatment-running"), on=LATER, policy=file)) == reviewed
    compared = run("compare", example("pernicious-anaemia"), "--on", NEW, "--policy", file, "--json").out
    assert b12.to_json(b12.compare(case("pernicious-anaemia"), on=NEW, policy=file)) == compared


def test_an_event_gives_the_case_that_the_command_writes(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    shutil.copy(example("treatment-running"), file)
    before = b12.read_case(file)
    after = b12.with_event(
        before,
        {"date": date(2026, 9, 3), "kind": "result", "marker": "potassium", "value": "3.9 mmol/L"},
        on="2026-09-03",
    )
    printed = run("record", file, "result", "potassium=3.9 mmol/L", "--on", "2026-09-03", "--json")
    assert printed.code == 0, printed.err
    assert b12.read_case(file) == after
    assert b12.to_json(b12.review(after, on="2026-09-03")) == run("review", file, "--on", "2026-09-03", "--json").out


PANEL: dict[str, tuple[list[object], Callable[[b12.Panel], object]]] = {
    "recall": (["recall"], lambda panel: panel.recall()),
    "recall of a practice": (
        ["recall", "--within", 60, "--practice", "Ash Lane"], lambda panel: panel.recall(within=60, practice="Ash Lane"),
    ),
    "measures": (["measures"], lambda panel: panel.measures()),
    "measures that leave": (
        ["measures", "--shared", "--by-practice"], lambda panel: panel.measures(by_practice=True, shared=True),
    ),
    "people behind one": (["measures", "--people", "M3"], lambda panel: panel.people_behind("M3")),
    "timeline": (["timeline"], lambda panel: panel.timeline()),
    "reconcile": (["reconcile"], lambda panel: panel.reconcile()),
}  # fmt: skip


@pytest.mark.parametrize("name", PANEL)
def test_a_list_of_a_panel_is_the_document_of_the_command(run: Command, demo_panel: Path, name: str) -> None:
    command, answer = PANEL[name]
    panel = b12.open_panel(demo_panel)
    assert panel.on == date(2026, 11, 24)
    assert panel.people == 60
    printed = run("panel", command[0], demo_panel, *command[1:], "--json")
    assert b12.to_json(answer(panel)) == printed.out  # type: ignore[arg-type]
