"""Nerve signs during maintenance: the check prints the command of each way, and each does what it says (hazard H112)."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import in_process

from hazards import hazard

CASE = """cobalamin: 1
patient: {id: x, birth_date: 1970-03-02, sex: female, country: GB}
facts:
  deficiency: confirmed
  cause: pernicious_anaemia
  neurological_involvement: present
  anaemia: mild
  previous_treatment: maintenance
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
record:
  - {date: 2025-12-20, kind: history, phase: maintenance, last_dose: 2025-12-15, interval: 3 mo, substance: hydroxocobalamin}
"""
DAY = ("--on", "2026-01-05")
FILLED = {
    "DATE": "2026-01-06",
    "NAME": "Dr A",
    "PREVIOUS_TREATMENT=REASON": "PREVIOUS_TREATMENT=signs are new",
    "SPAN": "2 mo",
}


@hazard("H112")
@pytest.mark.parametrize(("name", "due"), [("accept", "Tue 6 January 2026"), ("take-over", "Sun 15 February 2026")])
def test_each_way_that_is_printed_runs_and_dates_the_next_dose(tmp_path: Path, name: str, due: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, "utf-8")
    told = in_process("plan", path, "--protocol", "uk-bnf-neuro", "--start", "2026-01-06", *DAY)
    text = " ".join(told.out.split())
    command = re.search(rf"cobalamin ({name} [^.]*)\.", text)
    assert command
    typed = [path if word == "CASE" else FILLED.get(word, word) for word in shlex.split(command[1])]
    assert in_process(*typed, *DAY).code == 0
    assert due in " ".join(in_process("due", path, *DAY).out.split())
