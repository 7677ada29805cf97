"""The JSON documents of the examples and of every case of the tests, each as a hash: what must stay the same bytes.

`python tools/write_kept_documents.py` writes the hashes anew after a change that is meant.
`schema` is not among them: it says what the program takes, not what it answers.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from command_line import DAY, EXAMPLES, START, Run, example, in_process
from families import named_scenarios
from scenarios import Scenario

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
HASHES = HERE / "kept_documents.txt"
SCENARIOS = TESTS / "cases"
LATER = ("--on", "2026-09-01")
PLAN = ("--protocol", "uk-bnf-noneuro", *START, "--choose", "maintenance_interval=3 mo", *DAY)
OVER = ("--protocol", "uk-bnf-noneuro", "--last-dose", "2025-11-10", "--interval", "3 mo", "--by", "Dr Ash", *DAY)
SIMULATED = {
    "as-planned": ("simulate", "treatment-running.yaml", "--months", "6", "--people", "20", *LATER),
    "typed": ("simulate", "--scenario", "1 mg every 12 weeks", "--months", "6", "--people", "20", *LATER),
}
OF_EXAMPLES = (
    ("check", "{}"), ("propose", "{}", *DAY), ("compare", "{}", *DAY), ("whatif", "{}", *DAY), ("review", "{}", *LATER),
    ("due", "{}", *LATER), ("due", "{}", *LATER, "--if-given", "2026-09-30"), ("explain", "{}", "2026-10-09", *LATER),
)  # fmt: skip
WRITTEN = {
    "pernicious-anaemia": (("accept", "{}", *PLAN, "--by", "Dr Ash"), ("take-over", "{}", *OVER)),
    "treatment-running": (
        ("record", "{}", "given", "2026-08-31", *LATER), ("set", "{}", "weight=62 kg", *LATER), ("undo", "{}", "--yes", *LATER),
    ),
}  # fmt: skip
OF_NO_CASE = {
    "library": (("library", "list"), ("library", "show", "uk-bnf-noneuro"), ("library", "check")),
    "ask": (("ask", "how often is hydroxocobalamin given"), ("ask", "folic acid"), ("ask", "zebra crossing")),
    "dose": (("dose", "--dose", "250 mcg", "--strength", "1000 mcg/mL"), ("dose", "--dose", "1 mg", "--strength", "1")),
}
MOST_PLANNED = 3  # of the options that are offered
Answers = dict[str, list[str]]  # command -> what it answered
_FRACTION = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")


def documents(group: str) -> Iterator[tuple[str, Answers]]:
    """Each case of a group and its documents. The folder is left before the next case is taken."""
    if group == "examples":
        yield from ((f"examples/{path.stem}", _of_example(path)) for path in EXAMPLES)
    elif group == "no-case":
        yield from ((f"no-case/{name}", _answers(commands)) for name, commands in OF_NO_CASE.items())
    elif group == "simulated":
        yield from ((f"simulated/{name}", _simulated(command)) for name, command in SIMULATED.items())
    else:
        for name, scenario in named_scenarios(group):
            yield f"{group}/{name}", _of_scenario(scenario, group == "worked")


GROUPS = (
    "examples",
    "no-case",
    "simulated",
    *sorted(path.name for path in SCENARIOS.iterdir() if any(path.glob("*.yaml"))),
)


def _of_example(path: Path) -> Answers:
    with _folder() as folder:
        case = folder / path.name
        shutil.copy(path, case)
        proposed = in_process("propose", case.name, *DAY, "--json").document
        offered = [option["protocol"] for option in proposed["options"][:MOST_PLANNED]]
        plans = tuple(("plan", "{}", "--protocol", protocol, *START, *DAY) for protocol in offered)
        told = _answers((*OF_EXAMPLES, *plans), case.name)
        for command in WRITTEN.get(path.stem, ()):
            shutil.copy(path, case)
            told |= _answers((command,), case.name)
        return told


def _simulated(command: tuple[str, ...]) -> Answers:
    """Its fractions are left out: their last digits differ between processors."""
    with _folder() as folder:
        shutil.copy(example("treatment-running"), folder)
        return {name: [_FRACTION.sub("0.0", each) for each in told] for name, told in _answers((command,)).items()}


def _of_scenario(scenario: Scenario, worked: bool) -> Answers:
    days = {(each["on"], each.get("as_recorded", "")): None for each in scenario.expect}
    with _folder() as folder:
        (folder / "case.yaml").write_text(json.dumps(scenario.case), encoding="utf-8")
        more = [("check", "{}"), *(("due", "{}", "--on", on) for on, _ in days)] if worked else []
        reviews = [("review", "{}", "--on", on, *(("--as-recorded", known) if known else ())) for on, known in days]
        return _answers((*more, *reviews), "case.yaml")


def _answers(commands: tuple[tuple[str, ...], ...], case: str = "") -> Answers:
    told: Answers = {}
    for command in commands:
        typed = [case if part == "{}" else part for part in command]
        told.setdefault(command[0], []).append(_told(in_process(*typed, "--json")))
    return told


def _told(run: Run) -> str:
    return f"{run.out}{run.err}ended with {run.code}\n"


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder that is the present one: no document may hold a path of this machine."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        yield Path(name)


def hashed(answers: Answers) -> str:
    """One word for each command: its name and a hash of what it answered."""
    kept = ((name, hashlib.sha256("".join(told).encode()).hexdigest()[:12]) for name, told in sorted(answers.items()))
    return " ".join(f"{name}={digest}" for name, digest in kept)


def kept() -> dict[str, str]:
    """The hashes as they were written last: a line for each case."""
    lines = HASHES.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)


def write_hashes() -> None:
    found = {name: hashed(answers) for group in GROUPS for name, answers in documents(group)}
    HASHES.write_text("".join(f"{name} {told}\n" for name, told in sorted(found.items())), encoding="utf-8")


def write_documents(folder: Path) -> None:
    for group in GROUPS:
        for name, answers in documents(group):
            for command, told in answers.items():
                path = folder / name / f"{command}.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("".join(told), encoding="utf-8")
