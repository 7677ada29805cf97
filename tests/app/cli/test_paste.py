"""`record CASE result --paste`: what a report says is read back line by line; nothing is guessed, and nothing half-written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command_line import in_process

from app.cli.test_asked_before_written import on_a_terminal
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.pasted import read_report
from cobalamin.therapy.case.events import Result
from hazards import hazard

ON = date(2026, 9, 1)
DAY = ("--on", "2026-09-01")
REPORT = """\
ELSEWHERE PATHOLOGY
Haemoglobin            135 g/L        (115 - 165)
MCV\t98.2\t80.0-100.0\tfL
Serum Vitamin B12:  1564 ng/L  H  [197 - 771]
White cell count 6.1 10*9/L
Potassium 3.9 4.1 mmol/L
"""


def results(case: Path) -> list[str]:
    return [f"{each.marker} {each.value}" for each in open_case(case).record if isinstance(each, Result)]


def one(line: str) -> tuple[str, str, str]:
    """Marker, value and range of a line; or marker and why it is not taken."""
    (read,) = read_report(line, ON, {}).lines
    if read.entry is None:
        return read.marker, "", read.fault
    return read.marker, read.entry["value"], read.entry.get("reference_range", "")


@pytest.mark.parametrize(
    ("line", "marker", "value", "usual"),
    [
        ("Haemoglobin 135 g/L (115 - 165)", "haemoglobin", "135 g/L", "115-165 g/L"),
        ("Hb: 13.5 g/dL L 12.0-15.5", "haemoglobin", "13.5 g/dL", "12.0-15.5 g/dL"),
        ("HGB 90 L g/L", "haemoglobin", "90 g/L", ""),
        ("MCV\t98.2\t80.0-100.0\tfL", "mcv", "98.2 fL", "80.0-100.0 fL"),
        ("Mean cell volume 98.2 fL", "mcv", "98.2 fL", ""),
        ("Serum Vitamin B12:  1564 ng/L  H  [197 - 771]", "serum_b12", "1564 ng/L", "197-771 ng/L"),
        ("Vitamin B12 level >2000 pg/mL", "serum_b12", ">2000 pg/mL", ""),
        ("Active B12 > 128 pmol/L (37.5 - 188)", "holotranscobalamin", ">128 pmol/L", "37.5-188 pmol/L"),
        ("Serum potassium * 3.2 mmol/L (3.5 - 5.3 mmol/L)", "potassium", "3.2 mmol/L", "3.5-5.3 mmol/L"),
        ("S-Potassium 3.2 mmol/L", "potassium", "3.2 mmol/L", ""),
        ("Platelet count 250 x10^9/L 150-400", "platelets", "250 x10^9/L", "150-400 x10^9/L"),
        ("Homocysteine 9.1 umol/L Ref: <15", "homocysteine", "9.1 umol/L", "<15 umol/L"),
        ("LDH 210 U/L (<=250 U/L)", "ldh", "210 U/L", "<=250 U/L"),
        ("Haematocrit 0.42 L/L", "haematocrit", "0.42 L/L", ""),
        ("Red cell folate 400 ug/L", "red_cell_folate", "400 ug/L", ""),
        ("Serum folate 6.2 ug/L Reference range: 3.9 to 26.8", "folate", "6.2 ug/L", "3.9-26.8 ug/L"),
        ("Intrinsic factor antibody: Negative", "intrinsic_factor_antibody", "negative", ""),
    ],
)
def test_lines_as_laboratories_print_them(line: str, marker: str, value: str, usual: str) -> None:
    assert one(line) == (marker, value, usual)


@hazard("H149")
@pytest.mark.parametrize(
    ("line", "marker", "why"),
    [
        ("Potassium 3.9 4.1 mmol/L", "potassium", "two readings"),
        ("Potassium 3.9 mmol/L 4.1 mmol/L", "potassium", "two readings"),
        ("Potassium 3.9/4.1 mmol/L", "potassium", ""),
        ("Potassium 3,9 mmol/L", "potassium", "comma"),
        ("Vitamin B12 1,564 ng/L", "serum_b12", "comma"),
        ("Creatinine 300", "creatinine", "no unit"),
        ("Reticulocytes 1.2 %", "reticulocytes", "no unit"),
        ("Potassium 3.9 mg/dL", "potassium", "no unit"),
        ("Potassium 6.1 mmol/L haemolysed", "potassium", "'haemolysed' is not understood"),
        ("Haemoglobin A1c 42 mmol/mol", "haemoglobin", "not understood"),
        ("Methylmalonic acid, urine 3.2 umol/L", "mma", "not understood"),
        ("Vitamin B12 pending", "serum_b12", "no single number"),
        ("Potassium -3.9 mmol/L", "potassium", ""),
        ("Potassium 3.9 mmol/L (5.3 - 3.5)", "potassium", "runs backwards"),
        ("Parietal cell antibody: weak positive", "parietal_cell_antibody", "no single number"),
    ],
)
def test_what_has_two_readings_or_none_is_named_and_not_taken(line: str, marker: str, why: str) -> None:
    named, value, fault = one(line)
    assert (named, value) == (marker, "")
    assert fault
    assert why in fault


@hazard("H149")
@pytest.mark.parametrize(
    "line",
    [
        "Urine MMA 3.1 umol/L",
        "White cell count 6.1 10*9/L",
        "Kalkulus 3 mmol/L",
        "Patient: K Doe",
        "B120 3 ng/L",
        "x" * 500,
    ],
)
def test_a_line_without_a_name_of_a_marker_is_not_understood(line: str) -> None:
    assert one(line) == ("", "", "")


@hazard("H149")
def test_a_marker_on_two_lines_is_not_taken_at_all() -> None:
    found = read_report("Phosphate 1.1 mmol/L\nPotassium 3.9 mmol/L\nPhosphate 1.2 mmol/L", ON, {})
    assert [line.marker for line in found.taken] == ["potassium"]
    assert [line.number for line in found.refused] == [1, 3]


def test_what_is_understood_and_what_is_not_is_shown_and_written_in_one_save(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = results(case)
    done = in_process(
        "record", case, "result", "2026-08-31", "--paste", "laboratory=Elsewhere", *DAY, "--yes", answers=REPORT
    )
    assert done.code == 0, done.err
    for told in (
        "line 2: Haemoglobin 135 g/L (range 115-165 g/L), laboratory Elsewhere, from: Haemoglobin            135 g/L        (115 - 165)",
        "line 6: Potassium, from: Potassium 3.9 4.1 mmol/L. More than one number stands on the line (4.1 mmol/L)",
        "line 1: ELSEWHERE PATHOLOGY",
        "line 5: White cell count 6.1 10*9/L",
    ):
        assert told in done.err
    assert results(case)[len(before) :] == ["haemoglobin 135 g/L", "mcv 98.2 fL", "serum_b12 1564 ng/L"]
    assert {each.laboratory for each in open_case(case).record[-3:] if isinstance(each, Result)} == {"Elsewhere"}
    assert in_process("undo", case, "--yes", *DAY).code == 0
    again = in_process("review", case, *DAY, "--json").document
    assert not [each for each in again["results"] if each["on"] == "2026-08-31"]


@hazard("H149")
def test_without_a_yes_nothing_is_written(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = case.read_bytes()
    refused = in_process("record", case, "result", "--paste", *DAY, answers=REPORT)
    assert (refused.code, refused.out) == (1, "")
    assert "Understood, and written for Tue 1 September 2026:" in refused.err
    assert case.read_bytes() == before


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_on_a_terminal_it_is_pasted_and_then_asked(copy_of: Callable[..., Path], answer: str, code: int) -> None:
    case = copy_of("treatment-running")
    before = len(results(case))
    pasted = "Ferritin 34 ug/L\nTSH 2.1 mIU/L\n\x04"
    ended, screen = on_a_terminal(["record", case, "result", "--paste", *DAY], [pasted, answer], ("Enter).", "y/N"))
    assert ended == code, screen
    assert "Write these results? y/N" in screen
    assert len(results(case)) - before == (2 if code == 0 else 0)


@hazard("H149")
def test_what_can_hardly_be_right_is_asked_about(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = case.read_bytes()
    ended, screen = on_a_terminal(
        ["record", case, "result", "--paste", *DAY], ["Potassium 39 mmol/L\n\x04", "y", "n"], ("Enter).", "y/N")
    )
    assert ended == 1, screen
    assert "can hardly be right" in " ".join(screen.split())
    assert case.read_bytes() == before


@hazard("H149")
def test_a_report_of_another_day_needs_its_day(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = case.read_bytes()
    report = "Born 02/03/1958\nCollected 28/08/2026\nPotassium 3.9 mmol/L\n"
    refused = in_process("record", case, "result", "--paste", *DAY, "--yes", answers=report)
    assert (refused.code, refused.out) == (1, "")
    assert "The report prints 28/08/2026. Were the samples taken on Tue 1 September 2026?" in refused.err
    assert case.read_bytes() == before
    done = in_process("record", case, "result", "28/08/2026", "--paste", *DAY, "--yes", answers=report)
    assert done.code == 0, done.err
    assert open_case(case).record[-1].on == date(2026, 8, 28)
    today = in_process(
        "record",
        copy_of("treatment-running"),
        "result",
        "--paste",
        *DAY,
        "--yes",
        answers="1 Sep 2026\nPotassium 3.9 mmol/L\n",
    )
    assert today.code == 0, today.err


@pytest.mark.parametrize(
    ("report", "why"),
    [
        ("", "nothing was pasted"),
        ("\n \n", "nothing was pasted"),
        ("hello\n", "No line is a result"),
        ("a\n" * 501, "at most 500"),
    ],
)
def test_what_is_no_report_is_refused(copy_of: Callable[..., Path], report: str, why: str) -> None:
    case = copy_of("treatment-running")
    before = case.read_bytes()
    refused = in_process("record", case, "result", "--paste", *DAY, "--yes", answers=report)
    assert (refused.code, refused.out) == (3, "")
    assert why in refused.err
    assert case.read_bytes() == before


@pytest.mark.parametrize("typed", [("given",), ("result", "potassium=3.9 mmol/L"), ("result", "today", "yesterday")])
def test_beside_a_report_stand_only_a_day_and_what_all_results_share(
    copy_of: Callable[..., Path], typed: tuple[str, ...]
) -> None:
    refused = in_process("record", copy_of("treatment-running"), *typed, "--paste", *DAY, "--yes", answers=REPORT)
    assert (refused.code, refused.out) == (3, "")
    assert "--paste" in refused.err


def test_all_results_stand_in_the_document(
    copy_of: Callable[..., Path], fits_schema: Callable[[str, Any], None]
) -> None:
    case = copy_of("treatment-running")
    done = in_process("record", case, "result", "--paste", *DAY, "--yes", "--json", answers=REPORT)
    fits_schema("record", done.document)
    told = [done.document["entry"]["content"], *(each["content"] for each in done.document["others"])]
    assert [each.split(" ")[0] for each in told] == ["Haemoglobin", "Mean", "Vitamin"]


@hazard("H149")
def test_no_line_breaks_the_reader_and_no_number_comes_from_nowhere() -> None:
    """Whatever stands after a name: a value that is taken stands in the line as it is."""
    pieces = ["3.9", "mmol/L", "(", ")", "3.5-5.3", "<", "H", "*", ":", "x10^9/L", "%", "Ref", "0", "--", "\u00b5mol/L"]
    for first in pieces:
        for second in pieces:
            for third in pieces:
                line = f"Potassium {first} {second} {third}"
                _, value, _ = one(line)
                if value:
                    assert value.lstrip("<>=").split(" ")[0] in line.split()
