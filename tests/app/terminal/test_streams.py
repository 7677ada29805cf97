"""Nothing from a file steers the terminal: no escape sequence, no C1 control, no mark that turns the direction of writing."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import PYTHON_FAILURE, Run, in_process, in_subprocess, nothing_written

from cobalamin.app.terminal.console import console
from cobalamin.app.terminal.streams import OutputLost, Stream
from cobalamin.errors import Fault, visible
from hazards import hazard

DAY = ("--on", "2026-09-01")
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
STEERING = "a\x1b]0;owned\x07\x1b[2J\x1b[31mb\x9b1m\u202ec\u2067d\u200fe\x85f\x7fg\u2028h\rk\x08"
ON_ONE_LINE = json.dumps(re.sub("[\x85\u2028\r\n]", "", STEERING))  # a patient's id must be
HOSTILE = json.dumps(STEERING)  # every control character as an escape, which YAML reads as the character itself


def case(plan: bool = True) -> str:
    accepted = f"""plan: {{protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {{maintenance_interval: 3 mo}}, policy: engineering-default, accepted_by: {HOSTILE}, accepted_on: 2026-01-02, acknowledged: {{X: {HOSTILE}}}}}
"""
    return f"""cobalamin: 1
patient: {{id: {ON_ONE_LINE}, birth_date: 1958-03-02, sex: female, country: GB}}
facts:
  deficiency: {{value: confirmed, on: 2026-01-01, source: {HOSTILE}}}
  cause: pernicious_anaemia
  neurological_involvement: absent
  anaemia: mild
  previous_treatment: none
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
{accepted if plan else ""}record:
  - {{date: 2026-01-05, kind: administration, as_planned: true, id: first, by: {HOSTILE}, product: {HOSTILE}, batch: {HOSTILE}, site: {HOSTILE}, note: {HOSTILE}}}
  - {{date: 2026-01-06, kind: symptoms, own: {{{HOSTILE[:50]}": 7}}}}
  - {{date: 2026-01-07, kind: result, marker: potassium, value: 3.1 mmol/L, reference_range: 3.5-5.3 mmol/L, laboratory: {HOSTILE}, method: {HOSTILE}}}
  - {{date: 2026-01-08, kind: decision, decision: advance, by: {HOSTILE}, reason: {HOSTILE}}}
  - {{date: 2026-01-09, kind: pause, reason: {HOSTILE}, until: 2026-02-01}}
  - {{date: 2026-02-02, kind: correction, withdraws: first, reason: {HOSTILE}}}
"""


COMMANDS = [
    ("check",), ("review",), ("review", "--plain"), ("due", "--if-given", "2026-09-02"), ("due", "--plain"), ("explain", "2026-01-05"), ("explain", STEERING),
    ("propose", "--all"), ("whatif",), ("compare", "--all"), ("plan", "--protocol", "uk-bnf-noneuro", "--start", "2026-01-05"),
    ("plan", "--protocol", STEERING, "--start", STEERING), ("simulate", "--people", "3"), ("simulate", "--people", "3", "--scenario", STEERING),
    ("record", "given", "2026-08-01", f"note={STEERING}"), ("record", STEERING), ("record", "symptoms", f"own.{STEERING}=3"),
    ("calendar", "-o", "c.ics", "--with-name"), ("calendar", "-o", f"{STEERING.replace('/', '')}.ics"), ("sheet", "-o", "s.pdf"), ("letter", "-o", "l.pdf"), ("nothing",),
]  # fmt: skip


@pytest.mark.parametrize("plan", [True, False])
def test_the_case_with_such_signs_is_one_that_is_read(case_file: Callable[..., Path], plan: bool) -> None:
    assert in_process("check", case_file(case(plan))).err == ""


@hazard("H31")
@pytest.mark.parametrize("plan", [True, False], ids=["treated", "no plan"])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:30].encode("ascii", "replace").decode())
def test_no_command_prints_what_steers(
    case_file: Callable[..., Path], words: tuple[str, ...], plan: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = case_file(case(plan))
    monkeypatch.chdir(path.parent)
    day = () if words[0] in ("check", "nothing") else DAY
    told = in_process(words[0], path, *words[1:], *day)
    assert told.out + told.err
    assert BAD.findall(told.out + told.err) == []
    assert PYTHON_FAILURE not in told.err


@pytest.mark.parametrize("words", [("review",), ("propose", "--all"), ("compare",), ("whatif",), ("simulate", "--people", "3")], ids=lambda words: words[0])  # fmt: skip
def test_nor_on_a_terminal_with_colours(case_file: Callable[..., Path], words: tuple[str, ...]) -> None:
    """There the only sequences are the program's own, which set a colour or a weight."""
    path = case_file(case())
    told = in_subprocess(words[0], path, *words[1:], *DAY, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    assert told.code in (0, 4), told.err
    assert "\x1b[" in told.out, "nothing is styled, so this tries nothing"
    assert BAD.findall(re.sub("\x1b\\[[0-9;]*m", "", told.out)) == []
    assert "\x1b[2J" not in told.out
    assert "\x1b[31mb" not in told.out


DAMAGED = {
    "a key of a person": f"cobalamin: 1\npatient: {{id: a, {HOSTILE}: 1}}\n",
    "a fact": f"cobalamin: 1\npatient: {{id: a}}\nfacts: {{{HOSTILE}: present}}\n",
    "a value": f"cobalamin: 1\npatient: {{id: a, country: {HOSTILE}}}\nfacts: {{cause: {HOSTILE}}}\n",
    "an event": f"cobalamin: 1\npatient: {{id: a}}\nrecord: [{{date: {HOSTILE}, kind: {HOSTILE}, {HOSTILE}: {HOSTILE}}}]\n",
    "no yaml": f"cobalamin: 1\npatient: [{HOSTILE}\n",
    "raw": f"cobalamin: 1\npatient: {{id: {STEERING}}}\n",
}


@hazard("H31")
@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_fault_shows_the_damage_and_is_not_hurt_by_it(case_file: Callable[..., Path], damage: str) -> None:
    """Each fault stays one line: no name in a file adds a line of its own, such as "no faults"."""
    path = case_file(damage)
    faults = in_process("check", path, "--json").faults
    for command in (("check",), ("review",), ("record", "given")):
        with nothing_written(path.parent):
            told = in_process(command[0], path, *command[1:])
        assert told.code == 3
        assert BAD.findall(told.out + told.err) == []
        if command[0] != "record":
            assert len(told.err.splitlines()) == len(faults)
    assert all("\n" not in str(Fault(**fault)) for fault in faults)


def test_a_name_of_a_file_is_one_line_of_a_fault(tmp_path: Path) -> None:
    told = in_process("check", tmp_path / "a\nb.yaml: no faults\x1b[2J")
    assert told.code == 3
    assert len(told.err.splitlines()) == 1
    assert BAD.findall(told.err) == []


@pytest.mark.parametrize("sign", ["é", "木", "ا", "\u200d", "\u00a0", "\t", "\n", "👩‍⚕️", "—"])
def test_what_people_write_is_left_alone(sign: str) -> None:
    assert visible(f"a{sign}b") == f"a{sign}b"


def test_every_sign_that_steers_has_a_mark() -> None:
    import sys
    import unicodedata

    for number in range(sys.maxunicode + 1):
        sign = chr(number)
        steers = unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in "\n\t"
        steers |= unicodedata.bidirectional(sign) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        if steers:
            assert visible(sign) == "\ufffd", hex(number)
    assert visible(STEERING).count("\ufffd") == len(BAD.findall(STEERING))


class Full(io.StringIO):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, text: str) -> int:
        raise self.error


def test_a_lost_answer_is_told_apart_and_a_lost_message_is_not_missed() -> None:
    with pytest.raises(OutputLost, match="No space left"):
        Stream(Full(OSError(28, "No space left on device")), must_arrive=True).write("x")
    with pytest.raises(OutputLost) as gone:
        Stream(Full(BrokenPipeError(32, "Broken pipe")), must_arrive=True).write("x")
    assert gone.value.reason == ""
    with pytest.raises(OutputLost, match="closed"):
        Stream(None, must_arrive=True).write("x")
    assert Stream(None, must_arrive=False).write("x") == 1
    assert not Stream(None, must_arrive=False).isatty()


def test_a_table_is_made_visible_too(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table

    table = Table(title=STEERING)
    table.add_column(STEERING)
    table.add_row(STEERING)
    console().print(table, markup=False)
    assert BAD.findall(capsys.readouterr().out) == []


def test_all_text_leaves_by_the_two_streams() -> None:
    """No module opens a way of its own to the terminal."""
    source = Path(in_process.__code__.co_filename).parents[2] / "src" / "cobalamin"
    for file in source.rglob("*.py"):
        text = file.read_text("utf-8")
        assert not re.search(r"__stdout__|__stderr__|/dev/tty|os\.write\(", text), file
        if file.name != "screen.py":
            assert "Console(" not in text, file


def test_a_run_leaves_the_streams_as_it_found_them() -> None:
    import sys

    before = sys.stdout, sys.stderr
    found: Run = in_process("check", os.devnull)
    assert found.code == 3
    assert (sys.stdout, sys.stderr) == before
