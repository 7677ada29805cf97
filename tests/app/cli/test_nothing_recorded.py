"""A deficiency that was excluded, and no cause told: nothing is to be treated by what is recorded, unless something recorded speaks against it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import in_process

from hazards import hazard

CASE = """cobalamin: 1
patient: {id: p, birth_date: 1958-03-02, sex: female, country: GB}
facts:
  deficiency: excluded
  neurological_involvement: absent
  anaemia: none
  previous_treatment: none
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
"""
ON = ("--on", "2026-11-30")


@hazard("H117")
@pytest.mark.parametrize("manner", [(), ("--all",), ("--plain",)])
def test_it_is_said_without_disagreements_or_a_question_that_settles_nothing(
    manner: tuple[str, ...], case_file: Callable[..., Path]
) -> None:
    run = in_process("propose", case_file(CASE), *manner, *ON)
    told = " ".join(run.out.split())
    assert run.code == 4
    assert (
        "By what is known you do not lack" if manner == ("--plain",) else "Nothing to treat or to prevent by what"
    ) in told
    assert "change" in told
    assert "disagree" not in told.lower()
    assert "ileum" not in told.split("Excluded")[0].split("Questions to answer")[-1].split("Before anything")[0]


@hazard("H117")
@pytest.mark.parametrize(
    "entry",
    [
        "{date: 2026-11-20, kind: result, marker: mma, value: 1.9 umol/L, reference_range: '<0.28 umol/L'}",
        "{date: 2026-11-20, kind: symptoms, tingling_or_numbness: 8}",
        "{date: 2026-11-20, kind: symptoms, red_flags: [new_walking_difficulty]}",
        "{date: 2026-11-20, kind: result, marker: haemoglobin, value: 70 g/L, reference_range: '120-160 g/L'}",
    ],
)
def test_it_is_not_said_where_an_entry_speaks_against_it(entry: str, case_file: Callable[..., Path]) -> None:
    document = in_process("propose", case_file(f"{CASE}record:\n  - {entry}\n"), *ON, "--json").document
    assert "NOTHING_RECORDED" not in {issue["code"] for issue in document["issues"]}
