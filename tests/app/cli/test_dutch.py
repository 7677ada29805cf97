"""What a terminal, paper and a calendar say in Dutch is Dutch: English stands in quotations alone."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from command_line import EXAMPLES, in_process
from english_left import english_left

from cobalamin.app.services import shipped
from hazards import hazard

ON = ("--on", "2026-10-09")
DUTCH = ("--lang", "nl")
OF_A_CASE = {
    "propose": ((), ("--plain",)), "review": (("--all",), ("--all", "--plain")), "due": ((), ("--plain",)),
    "assess": ((),), "whatif": ((),), "compare": ((),),
}  # fmt: skip
UNREVIEWED = "Deze vertaling is niet door een Nederlandstalige clinicus nagekeken."


@pytest.fixture(scope="module")
def dutch_people(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every example as somebody in the Netherlands."""
    folder, found = tmp_path_factory.mktemp("nl"), []
    for path in EXAMPLES:
        made = folder / path.name
        made.write_text(re.sub(r"country: [A-Z]{2}", "country: NL", path.read_text("utf-8")), "utf-8")
        found.append(made)
    return found


@hazard("H127")
@pytest.mark.parametrize("command", OF_A_CASE)
def test_no_answer_mixes_two_languages(command: str, dutch_people: list[Path]) -> None:
    for path in dutch_people:
        for flags in OF_A_CASE[command]:
            told = in_process(command, path, *ON, *flags, *DUTCH)
            assert "Gepubliceerde richtlijnen" in told.out
            assert english_left(told.out) == [], (path.name, flags)


@hazard("H127")
def test_a_plan_the_list_of_the_day_and_an_explanation_do_not_either(dutch_people: list[Path]) -> None:
    folder = dutch_people[0].parent
    running = folder / "treatment-running.yaml"
    plan = ("plan", folder / "vegan.yaml", "--protocol", "nl-vegan-11-65", "--start", "2026-10-12", *ON)
    for question in (
        ("today", folder, *ON),
        ("explain", running, "2026-10-09", *ON),
        (*plan, "--plain"),
        ("due", running, *ON, "--if-given", "2026-10-20"),
        ("ask", "when is my next one?", "--case", running, *ON),
    ):
        told = in_process(*question, *DUTCH)
        assert told.out, question
        assert english_left(told.out) == [], question


@hazard("H01")
@hazard("H127")
@pytest.mark.parametrize("kind", ["sheet", "letter"])
def test_paper_is_dutch_has_no_comma_in_a_dose_and_says_who_read_it(
    kind: str, dutch_people: list[Path], tmp_path: Path
) -> None:
    for name in ("self-injecting.yaml", "treatment-running.yaml"):
        path = next(each for each in dutch_people if each.name == name)
        paper = tmp_path / f"{kind}-{name}.pdf"
        assert in_process(kind, path, "-o", paper, *ON, *DUTCH).code == 0
        told = subprocess.run(
            ["pdftotext", "-raw", paper, "-"], capture_output=True, text=True, check=True, env=os.environ
        ).stdout
        assert UNREVIEWED in " ".join(told.split())
        assert "1,000" not in told
        assert english_left(told) == []


@hazard("H01")
def test_a_calendar_is_dutch_and_has_no_comma_in_a_dose(dutch_people: list[Path], tmp_path: Path) -> None:
    path = next(each for each in dutch_people if each.name == "treatment-running.yaml")
    made = tmp_path / "days.ics"
    assert in_process("calendar", path, "-o", made, *ON, "--with-name", *DUTCH).code == 0
    told = made.read_text("utf-8").replace("\n ", "").replace("\r\n ", "")
    assert "1000 microgram" in told
    assert "1\\,000" not in told
    summaries = [line for line in told.splitlines() if line.startswith("SUMMARY")]
    assert summaries
    assert english_left("\n".join(summaries)) == []


def test_the_setting_chooses_the_language_says_so_and_an_option_comes_before_it(dutch_people: list[Path]) -> None:
    path = next(each for each in dutch_people if each.name == "treatment-running.yaml")
    assert in_process("settings", "language=nl").code == 0
    usual = in_process("due", path, *ON)
    assert usual.out == in_process("due", path, *ON, *DUTCH).out
    assert usual.err == "taal: nl, uit uw instellingen (--lang en laat haar weg)\n"
    assert in_process("due", path, *ON, "--lang", "en").out.startswith("Hydroxocobalamin 1 mg (1,000 micrograms)")
    document = in_process("due", path, *ON, "--json")
    in_process("settings", "language=")
    assert document == in_process("due", path, *ON, "--json")
    assert in_process("settings", "language=xx").code == 3
    assert shipped.library().language == "en"  # what one command speaks is over with it


def test_every_command_that_tells_people_something_takes_the_option() -> None:
    for command in ("today", "simulate", "settings", "dose", "sheet", "calendar", "demo", "check"):
        assert "--lang" in in_process(command, "--help").out
    assert "--lang" in in_process("panel", "recall", "--help").out


@hazard("H01")
def test_no_number_has_a_comma_that_dutch_reads_as_a_decimal(dutch_people: list[Path]) -> None:
    """A level of 1,351 ng/L is 1.351 to a Dutch reader."""
    running = next(path for path in dutch_people if path.name == "treatment-running.yaml")
    asked = (
        ("simulate", running, *ON), ("compare", running, *ON), ("review", running, *ON, "--all"),
        ("dose", "--dose", "30 mg", "--strength", "1000 mcg/mL"),
    )  # fmt: skip
    for question in asked:
        told = in_process(*question, *DUTCH).out
        assert len(re.findall("[0-9]{4} ", told)) > 0, question
        assert re.findall("[0-9],[0-9]{3}", told) == [], question


@hazard("H127")
def test_an_alarm_tells_a_dutch_professional_what_it_tells_an_english_one(dutch_people: list[Path]) -> None:
    path = next(path for path in dutch_people if path.name == "treatment-running.yaml")
    signs = path.parent / "signs.yaml"
    signs.write_text(path.read_text("utf-8"), "utf-8")
    in_process("record", signs, "symptoms", ON[1], "red_flags=new_vision_loss", *ON, "--yes")
    english, dutch = (in_process("due", signs, *ON, *language).out for language in ((), DUTCH))
    signs.unlink()
    assert "WARNING SIGN: Same-day assessment. Check for Leber disease before any further" in english
    assert "WAARSCHUWINGSTEKEN: Beoordeling op dezelfde dag. Controleer op de ziekte van Leber voordat" in dutch
    assert "cobalamin record CASE fact fact=neurological_involvement value=present|absent or " not in " ".join(
        dutch.split()
    )
    assert "or cobalamin" not in " ".join(dutch.split())
