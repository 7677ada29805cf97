"""What the answer to the follow-up question leads to, as the NHS commentary on the visual summary of NG239 has it.

By mouth: improved and the cause addressed may stop; not addressed or unknown goes on; new or worse: other diagnoses, more or
injections; not sufficiently improved: more, or injections. By injection: improved goes on, for life where irreversible; cause
resolved: think about stopping or less often; new, worse or not sufficiently improved: more often within the product information.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from command_line import example, in_process

from cobalamin.knowledge.library import Library
from cobalamin.therapy.assessment.follow_up import follow_up
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import facts_of

ON = date(2026, 9, 1)
LATER = ("--on", "2026-09-01")
ROWS = [
    ("oral", "better", "present", "may stop"),
    ("oral", "better", "absent", "continue and follow up"),
    ("oral", "resolved", "", "continue and follow up"),
    ("oral", "not_better", "", "a higher dose or a switch to injections is advised"),
    ("oral", "worse_or_new", "", "other diagnoses"),
    ("intramuscular", "better", "absent", "continue; for life"),
    ("intramuscular", "resolved", "present", "stopping or giving them less often"),
    ("intramuscular", "not_better", "", "in line with the product information"),
    ("subcutaneous", "worse_or_new", "", "in line with the product information"),
]


@pytest.mark.parametrize(("route", "answer", "cause_resolved", "leads_to"), ROWS)
def test_an_answer_leads_to_what_the_source_says(
    library: Library, patient: Callable[..., Case], route: str, answer: str, cause_resolved: str, leads_to: str
) -> None:
    known = {"symptoms_response": answer} | ({"cause_resolved": cause_resolved} if cause_resolved else {})
    [told] = [each for each in follow_up(library, facts_of(patient(**known), ON), route) if each.answered]
    assert leads_to in told.rule.text
    assert told.rule.cites[0].source == "ng239-sps"


def test_another_country_hears_no_british_follow_up(library: Library, patient: Callable[..., Case]) -> None:
    assert follow_up(library, facts_of(patient(country="US"), ON), "intramuscular") == ()
    assert follow_up(library, facts_of(patient(country="IE"), ON), "intramuscular")


def test_the_answer_moves_no_date(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(example("treatment-running").read_bytes())
    before = in_process("review", path, *LATER, "--json").document
    assert in_process("set", path, "symptoms_response=not_better", *LATER).code == 0
    after = in_process("review", path, *LATER, "--json").document
    assert after["forecast"] == before["forecast"]
    assert not any(each["answered"] for each in before["follow_up"])
    assert [each["answers"] for each in after["follow_up"] if each["answered"]] == [["not_better", "worse_or_new"]]
    text = " ".join(in_process("review", path, "--all", *LATER).out.split())
    assert "What the recorded answer leads to" in text
    assert "in line with the product information, by a decision" in text
