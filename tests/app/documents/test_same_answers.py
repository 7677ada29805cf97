"""Same facts, same library, same day: the same bytes out, whatever the machine is set to (promise 3)."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import DAY, PYTHON_FAILURE, START, Run, example

Command = Callable[..., Run]
PLAN = ["--protocol", "uk-bnf-noneuro", *START, *DAY, "--choose", "maintenance_interval=3 mo"]
COMMANDS = {
    "propose as JSON": ["propose", example("child"), *DAY, "--json"],
    "propose as text": ["propose", example("kidney-disease"), *DAY, "--all"],
    "plan as JSON": ["plan", example("pernicious-anaemia"), *PLAN, "--json"],
    "plan as text": ["plan", example("pernicious-anaemia"), *PLAN, "--plain"],
    "library": ["library", "list", "--json"],
    "dose": ["dose", "--dose", "250 mcg", "--strength", "1000 mcg/mL"],
}
MACHINES = [
    {"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "2", "NO_COLOR": "1", "TERM": "dumb"},
    {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "de_DE.UTF-8",
        "PYTHONHASHSEED": "3",
        "COLUMNS": "40",
        "TERM": "xterm-256color",
    },
]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_command_gives_the_same_bytes_on_every_machine(cobalamin: Command, tmp_path: Path, name: str) -> None:
    first = cobalamin(*COMMANDS[name], env={"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})
    assert first.code == 0
    for machine in MACHINES:
        assert cobalamin(*COMMANDS[name], env=machine, folder=tmp_path) == first, machine


def test_nothing_but_the_day_of_assessment_depends_on_the_clock(cobalamin: Command) -> None:
    """Without --on the day is the civil date at the place of the machine; no time of day is in any answer."""
    one, other = (
        cobalamin("propose", example("vegan"), "--json", env={"TZ": zone}) for zone in ("Etc/GMT+12", "Etc/GMT-14")
    )
    assert one.document["on"] < other.document["on"]
    assert one.document.keys() == other.document.keys()


def test_an_accepted_plan_is_the_same_bytes_everywhere(cobalamin: Command, tmp_path: Path) -> None:
    written = []
    for number, machine in enumerate(MACHINES):
        case = tmp_path / f"{number}.yaml"
        case.write_bytes(example("pernicious-anaemia").read_bytes())
        assert cobalamin("accept", case, *PLAN, "--by", "me", env=machine).code == 0
        written.append(case.read_bytes())
    assert len(set(written)) == 1


def test_the_order_of_facts_and_events_in_a_file_never_matters(run: Command, case_file: Callable[..., Path]) -> None:
    head = "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}\n"
    facts = [
        "  deficiency: confirmed\n",
        "  anaemia: severe\n",
        "  neurological_involvement: absent\n",
        "  none_of: [allergies]\n",
    ]
    events = [
        "  - {date: 2025-12-30, kind: result, marker: potassium, value: 3.0 mmol/L, reference_range: 3.5-5.3 mmol/L}\n",
        "  - {date: 2025-12-30, kind: symptoms, red_flags: [new_vision_loss, breathing_difficulty]}\n",
        "  - {date: 2025-12-31, kind: symptoms, red_flags: [facial_swelling]}\n",
    ]
    documents = set()
    for some, more in zip(itertools.cycle(itertools.permutations(facts)), itertools.permutations(events), strict=False):
        case = case_file(f"{head}facts:\n{''.join(some)}record:\n{''.join(more)}")
        documents.add(run("propose", case, *DAY, "--json").out)
        documents.add(
            run(
                "propose", case_file(f"{head}record:\n{''.join(more)}facts:\n{''.join(some[::-1])}"), *DAY, "--json"
            ).out
        )
    assert len(documents) == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize(
    "command", [["propose", "--json"], ["propose", "--plain"], ["check", "--json"], ["check"]], ids=" ".join
)
def test_no_encoding_of_the_terminal_makes_the_program_fail(
    cobalamin: Command, case_file: Callable[..., Path], encoding: str, command: list[str]
) -> None:
    """A Windows console that is redirected writes cp1252; a name outside it must not end in a failure of Python."""
    country = "Łódź" if command[0] == "check" else "GB"
    case = case_file(f"cobalamin: 1\npatient: {{id: 'Łukasz 😀', country: {country}}}\n")
    answer = cobalamin(command[0], case, *command[1:], env={"PYTHONIOENCODING": encoding})
    assert PYTHON_FAILURE not in answer.err
    assert answer.code == (3 if command[0] == "check" else 4)


def test_a_reader_that_stops_early_is_no_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cobalamin", "library", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        assert PYTHON_FAILURE not in listing.stderr.read()
