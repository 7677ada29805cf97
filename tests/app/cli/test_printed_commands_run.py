"""Every command that an answer prints runs as printed, over cases in which each question of the contract occurs (hazard H85)."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import in_process
from vocabulary_cases import Written, written

from cobalamin.app.services import shipped
from cobalamin.app.terminal import console
from hazards import hazard

COMMAND = re.compile(r"cobalamin (?:record|undo|accept|set|propose|explain|library|review)\b.*$")
FILLED = {
    "NAME": "Dr A", "TEXT": "examined", "DATE": "2025-12-01", "RANGE": "3.5-5.3 mmol/L", "DATE_OR_EVENT": "2025-12-01",
}  # fmt: skip
ANSWERED, ASKS, NEEDED = 0, 1, 4
QUESTION = "Not written"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Written, str]]:
    """Each command with the case about which it was printed, one case for each form."""
    found: dict[str, tuple[Written, str]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(console, "UNKNOWN_WIDTH", 20_000)
        for case in written(tmp_path_factory.mktemp("commands")):
            for command in commands_of(case):
                found.setdefault(re.sub(r"\S*\d{4}-\S+", "DAY", command), (case, command))
    return list(found.values())


def commands_of(case: Written) -> Iterator[str]:
    for asked in ("review", "due", "propose"):
        run = in_process(asked, case.path, *case.day)
        for line in (run.out + run.err).splitlines():
            if told := COMMAND.search(line):
                yield from re.split(r",? (?:or|and|then) (?=cobalamin )", told.group())


def typed(command: str, case: Written, path: Path) -> list[str]:
    """The words of a command with its placeholders filled in, as somebody would who reads the question beside it."""
    words = []
    for word in shlex.split(command)[1:]:
        key, equals, value = word.partition("=")
        if equals:
            words.append(f"{key}={filled(key, value, case)}")
        else:
            words.append(str(path) if word in ("CASE", str(case.path)) else filled("", word, case))
    return words


def filled(key: str, value: str, case: Written) -> str:
    if value == "VALUE":
        fact = shipped.library().facts.get(key)
        known = {"potassium": "4.1 mmol/L", "maintenance_interval": "3 mo"}
        return known.get(key) or (fact.values[0] if fact and fact.values else "present")
    if value == "ID":
        return "uk-bnf-noneuro"
    return case.on if value == "DATE" else FILLED.get(value, value.split("|")[0])


@hazard("H85")
def test_every_printed_command_runs_as_printed(printed: list[tuple[Written, str]], tmp_path: Path) -> None:
    """What comes before "then" is done first. It answers, or it asks before it writes; it is never refused as not understood."""
    assert len(printed) >= 12
    faults = {}
    for number, (case, command) in enumerate(printed):
        path = tmp_path / f"{number}.yaml"
        shutil.copy(case.path, path)
        if command.startswith("cobalamin accept") and "plan:" in case.path.read_text("utf-8").replace('"plan"', "plan"):
            in_process("undo", path, "--id", "plan", "--on", case.on, "--yes")
        words = typed(command, case, path)
        if words[0] == "explain":
            words[-1] = in_process("review", path, "--on", case.on, "--json").document["evaluations"][-1]["on"]
        if words[0] == "accept" and words[2].isdigit():  # the number is one of the list last shown for this very file
            in_process("propose", path, "--on", case.on)
        run = in_process(*words, "--on", case.on)
        asks = run.code == ASKS and (QUESTION in run.err or "--acknowledge" in run.err or "acknowledge" in run.err)
        if run.code not in (ANSWERED, NEEDED) and not asks:
            faults[command] = (case.name, run.code, run.err)
    assert faults == {}


@hazard("H85")
@pytest.mark.parametrize("fact", ["neurological_involvement", "previous_treatment", "thrombocytopenia"])
def test_a_look_at_one_contradiction_leaves_the_others(fact: str, tmp_path: Path) -> None:
    """Where several facts are contradicted the commands of each end it, whole, and no other."""
    case = next(each for each in written(tmp_path) if each.name == "everything about the record")

    def standing() -> dict[str, str]:
        issues = in_process("review", case.path, "--on", case.on, "--json").document["issues"]
        return {issue["text"]: issue["answer"] for issue in issues if issue["code"] == "FACT_CONTRADICTED"}

    before = standing()
    [(text, answer)] = [each for each in before.items() if f"fact={fact} " in each[1]]
    for command in re.split(r" (?:or|and) (?=cobalamin )", answer):
        if "event=" in command:
            assert in_process(*typed(command, case, case.path), "--on", case.on, "--yes").code == 0
    assert set(standing()) == set(before) - {text}
