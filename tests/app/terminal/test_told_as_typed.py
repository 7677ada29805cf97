"""No code word where a patient reads, no respelling of what a person typed, and no British word for an American reader."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from calendars import enter, events_of
from command_line import DAY, START, Run, example, in_process
from paper_sheets import PRO, plan_page
from pypdf import PdfReader

from cobalamin.app.pictures.svg import lines_of
from cobalamin.app.services import shipped

PATIENT = "haemoglobin 1000 mcg anaemia"


def american(case: Path, patient: str = PATIENT) -> Path:
    text = re.sub(
        r"patient: \{id: [^,]+, (.*)country: \w\w", rf"patient: {{id: {patient}, \1country: US", case.read_text("utf-8")
    )
    case.write_text(text, "utf-8")
    return case


# -- words for a patient ---------------------------------------------------------------------------------------------


def test_a_comparison_tells_a_patient_its_choices_in_words() -> None:
    chosen = ("--protocol", "uk-bnf-noneuro", "--choose", "maintenance_interval=3 mo", *DAY)
    plain = in_process("compare", example("pernicious-anaemia"), *chosen, "--plain").out
    assert "Chosen: maintenance interval = 3 months" in plain
    assert "maintenance_interval" not in plain
    assert (
        "Chosen: maintenance interval = 3 months" in in_process("compare", example("pernicious-anaemia"), *chosen).out
    )


def test_what_is_not_known_is_told_to_a_patient_in_words() -> None:
    told = in_process("whatif", example("child"), *DAY, "--plain").out
    assert "oral not possible; you may know this yourself" in told
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b", told)


@pytest.mark.parametrize("question", ["severe allergic reaction rash", "spinal cord urine stool control"])
def test_a_warning_sign_is_named_in_words(question: str) -> None:
    told = in_process("ask", question, "--all").out
    assert "warning sign: " in told
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b", told)


def test_a_unit_is_not_told_twice() -> None:
    question = ("ask", "Is 1000 mcg the same as 1 mg?", "--plain", "--country")
    assert "1 milligram (mg) is 1,000 mcg. A usual dose is 1,000 mcg." in in_process(*question, "US").out
    assert "1 milligram (mg) is 1,000 micrograms (mcg)." in in_process(*question, "GB").out


def test_a_picture_parts_no_number_from_its_unit() -> None:
    told = "hydroxocobalamin: 3 times a week, for 2 weeks; then every 2 to 3 months"
    for room in range(20, 90):
        lines = lines_of(told, 2.3, room, 9)
        assert not [line for line in lines[:-1] if re.search(r"\d$", line) and not line.endswith("every 2")], room


def test_no_dose_is_drawn_over_a_decision(tmp_path: Path) -> None:
    drawn = tmp_path / "a.svg"
    assert in_process("compare", example("child"), "--on", "2026-11-20", "--svg", drawn).code == 0
    decisions: list[tuple[float, float]] = []
    for shape in ElementTree.parse(drawn).iter():
        if shape.tag.endswith("polygon"):
            x, y = map(float, shape.attrib["points"].split(" ")[2].split(","))
            decisions.append((x, y))
        elif shape.tag.endswith("line") and shape.attrib["x1"] == shape.attrib["x2"]:
            x, top, end = (float(shape.attrib[name]) for name in ("x1", "y1", "y2"))
            assert not [each for each in decisions if abs(each[0] - x) < 1.3 and top < each[1] <= end]
    assert decisions


# -- the spelling of the United States -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["propose", "plan", "compare", "whatif", "review"])
def test_no_name_is_respelt(copy_of: Callable[..., Path], command: str) -> None:
    case = american(copy_of("treatment-running" if command == "review" else "pernicious-anaemia"))
    plan = ("--protocol", "uk-bnf-noneuro", *START) if command == "plan" else ()
    told = in_process(command, case, *plan, "--on", "2026-09-01").out
    assert PATIENT in told


def test_no_path_and_no_word_of_a_question_is_respelt(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    case = american(copy_of("treatment-running")).rename(tmp_path / "anaemia.yaml")
    assert "anaemia.yaml" in in_process("record", case, "given", "2026-09-01", "--on", "2026-09-01").out
    told = in_process("calendar", case, "-o", tmp_path / "anaemia.ics", "--on", "2026-09-01").out
    assert "anaemia.ics" in told.replace("\n", "")
    assert "'tumourx'" in in_process("ask", "How often do I need jabs with tumourx", "--country", "US").out


def test_a_letter_is_spelt_as_its_reader_spells(copy_of: Callable[..., Path], tmp_path: Path) -> None:
    case = american(copy_of("treatment-running"), "anaemia")
    proof = "{value: pernicious_anaemia, source: haemoglobin low}"
    case.write_text(case.read_text("utf-8").replace("cause: pernicious_anaemia", f"cause: {proof}"), "utf-8")
    assert in_process("letter", case, "-o", tmp_path / "l.pdf", "--on", "2026-09-01").code == 0
    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "l.pdf").pages).partition("Sources")[0]
    assert "haemoglobin low" in text
    british = set(re.findall(r"[a-z]+", text.lower())) & set(shipped.library().spellings)
    assert british == {"anaemia", "haemoglobin"}  # the name and the proof, as they were typed
    assert text.lower().count("anaemia") == text.count("anaemia, born") + 1


def test_paper_tells_the_amounts_of_a_sentence_in_the_units_of_its_reader(tmp_path: Path) -> None:
    american = tmp_path / "metformin.yaml"
    american.write_text(example("metformin").read_text("utf-8").replace("country: GB", "country: US"), "utf-8")
    pages = (plan_page(path, "metformin", PRO) for path in (example("metformin"), american))
    british, american_page = (" ".join(page["watch"]) for page in pages)
    assert "1,000-2,000 micrograms a day" in british.replace("\u00a0", " ")
    assert "1,000-2,000 mcg a day" in american_page.replace("\u00a0", " ")


# -- what is overdue in a calendar -----------------------------------------------------------------------------------


def test_an_overdue_dose_stands_on_the_day_the_calendar_was_made(
    run: Callable[..., Run], copy_of: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = copy_of("treatment-running")
    late = events_of(write(case, on="2026-11-20"))[0]
    assert (str(late["SUMMARY"]), str(late["DTSTART"].dt)) == ("Injection overdue", "2026-11-20")
    assert "It is overdue: it was due Fri 9 October 2026." in str(late["DESCRIPTION"])
    moved = events_of(write(case, on="2026-11-21"))[0]
    assert (moved["UID"], str(moved["DTSTART"].dt)) == (late["UID"], "2026-11-21")
    enter(run, case, "given 2026-11-21")
    events = {str(event["UID"]): event for event in events_of(write(case, on="2026-11-21"))}
    assert events[str(late["UID"])]["STATUS"] == "CANCELLED"
    assert not [event for event in events.values() if event["STATUS"] != "CANCELLED" and "overdue" in event["SUMMARY"]]


def test_a_dose_that_is_due_and_still_in_time_stands_on_the_day_the_calendar_was_made(
    copy_of: Callable[..., Path], write: Callable[..., Path]
) -> None:
    due = events_of(write(copy_of("treatment-running"), on="2026-10-15"))[0]
    assert (str(due["SUMMARY"]), str(due["DTSTART"].dt)) == ("Injection due", "2026-10-15")
    assert "It was due Fri 9 October 2026 and is not recorded yet" in str(due["DESCRIPTION"])
