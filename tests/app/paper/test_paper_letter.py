"""Paper: the letter that hands a treatment over says what the next practice needs, and what nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from command_line import in_process
from paper_sheets import even, letter
from pypdf import PdfReader

from hazards import hazard

# -- the letter ------------------------------------------------------------------------------------------------------


def test_a_letter_tells_the_next_practice_what_it_needs() -> None:
    text = letter("treatment-running").text
    for told in (
        "Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular (maintenance, dose 3), is due Fri 9 October 2026",
        "In time from Fri 25 September 2026 to Fri 23 October 2026; overdue from Sat 24 October 2026",
        "Cause pernicious anaemia Proof of the cause no proof is recorded with the cause",
        "Neurological involvement absent",
        "no neurological involvement (version 1, current), from Mon 5 January 2026",
        "Sender (to be filled in by hand)",
        "Agreed interval every 3 months (maintenance), as accepted by Dr A. Example, Fri 2 January 2026",
        "8 recorded since Mon 5 January 2026, 8 counted",
        "Mean cell volume, Mon 2 March 2026: 92 fL",
        "it is never a reason to stop or to give less often",
    ):
        assert told in text, told
    doses = letter("treatment-running").page["sections"][4]["table"]["rows"]
    assert [even(row[0][2]) for row in doses] == [
        "Mon 5 January 2026",
        "Mon 19 January 2026",
        "Thu 9 April 2026",
        "Thu 9 July 2026",
    ]
    assert [row[3][2] for row in doses] == ["HX1", "HX2", "HX3", "HX3"]


def test_the_proof_of_the_cause_is_told_as_it_was_written(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    case = copy_of("treatment-running")
    proof = "{value: pernicious_anaemia, on: 2025-12-29, source: intrinsic-factor antibody positive}"
    case.write_text(case.read_text("utf-8").replace("cause: pernicious_anaemia", f"cause: {proof}"), "utf-8")
    assert in_process("letter", case, "-o", tmp_path / "l.pdf", "--on", "2026-09-01").code == 0
    text = even(PdfReader(tmp_path / "l.pdf").pages[0].extract_text())
    assert "Proof of the cause intrinsic-factor antibody positive, Mon 29 December 2025" in text


@hazard("H07")
def test_an_allergy_has_three_states_and_none_is_taken_for_another(
    copy_of: Callable[..., Path], tmp_path: Path
) -> None:
    case = copy_of("treatment-running")
    asked = "allergy_cobalamin: absent\n  allergy_cobalt: unknown\n  allergy_parabens: present\n  none_of: ["
    case.write_text(case.read_text("utf-8").replace("none_of: [allergies, ", asked), "utf-8")
    assert in_process("letter", case, "-o", tmp_path / "l.pdf", "--on", "2026-09-01").code == 0
    text = even(PdfReader(tmp_path / "l.pdf").pages[0].extract_text())
    assert "Cobalamin asked, and none Cobalt asked, not known Benzyl alcohol not asked Parabens present" in text


def test_a_changed_interval_names_who_changed_it(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    case = copy_of("treatment-running")
    decision = (
        "date: 2026-08-10, kind: decision, decision: change_interval, interval: 8 wk, by: Dr C, reason: symptoms return"
    )
    case.write_text(case.read_text("utf-8") + f"  - {{{decision}}}\n", "utf-8")
    assert in_process("letter", case, "-o", tmp_path / "l.pdf", "--on", "2026-09-01").code == 0
    text = even(PdfReader(tmp_path / "l.pdf").pages[0].extract_text())
    assert "Agreed interval every 8 weeks, changed by Dr C, Mon 10 August 2026: symptoms return" in text


def test_a_letter_keeps_what_was_acknowledged_and_what_is_open() -> None:
    text = letter("self-injecting").text
    assert "Acknowledged with the plan by Dr A. Example: an adult" in text
    assert "Is loading over (no further improvement)?" in text


def test_a_letter_about_a_month_promises_no_day() -> None:
    text = letter("moved-here").text
    assert "Only the month of the last dose is known" in text
    assert "In time from" not in text
    assert "told by letter of the last practice" in text
