"""`assess`, and the four lines at the head of `propose`: the answer first, below nothing but alarms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import in_process

from hazards import hazard

ON = ("--on", "2026-01-05")
NONE_OF = (
    "[allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
)
B12 = "{date: 2025-12-20, kind: result, marker: serum_b12, value: %s ng/L}"
MMA = "{date: 2025-12-28, kind: result, marker: mma, value: 1.9 umol/L, reference_range: 0-0.28 umol/L}"
POTASSIUM = "{date: 2026-01-03, kind: result, marker: potassium, value: 2.9 mmol/L}"
HAEMOGLOBIN = "{date: 2026-01-03, kind: result, marker: haemoglobin, value: 52 g/L}"
Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def write(facts: str, *record: str, country: str = "GB", born: str = "1960-01-15") -> Path:
        text = f"cobalamin: 1\npatient: {{id: example, birth_date: {born}, sex: male, country: {country}}}\n"
        text += f"facts: {{{facts}, none_of: {NONE_OF}}}\nrecord:\n" + "".join(f"  - {entry}\n" for entry in record)
        path = tmp_path / "case.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


def told(*command: object) -> str:
    run = in_process(*command, *ON)
    assert run.code in (0, 1, 4), run.err
    return " ".join(run.out.split())


HIGH_MMA = (
    "deficiency: indeterminate, cause: not_found, neurological_involvement: present, anaemia: none",
    B12 % "240",
    MMA,
)
METFORMIN = (
    "deficiency: indeterminate, cause: medicine_induced, neurological_involvement: absent, anaemia: none",
    B12 % "210",
)
SEVERE = (
    "deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: severe", POTASSIUM, HAEMOGLOBIN,
)  # fmt: skip


@hazard("H96")
def test_a_raised_mma_on_file_is_the_first_thing_a_proposal_says(made: Made) -> None:
    path = made(*HIGH_MMA)
    text = told("propose", path)
    first = text.split("Cause open", 1)[0]
    assert "Confirm (suggested): Methylmalonic acid 1.9 umol/L on Sun 28 December 2025" in first
    assert "supports vitamin B12 deficiency" in first
    assert "cobalamin set CASE deficiency=confirmed" in first
    assert [step["state"] for step in in_process("propose", path, *ON, "--json").document["assessment"]] == [
        "suggested", "missing", "done", "suggested",
    ]  # fmt: skip


@hazard("H96")
def test_metformin_and_a_middling_level_ask_for_mma_first_and_not_for_the_diet(made: Made) -> None:
    path = made(*METFORMIN)
    text = told("assess", path)
    answer = text.split("Confirm (", 1)[0]
    assert "Next: MMA" in answer
    assert "homocysteine" in answer
    proposed = told("propose", path)
    assert proposed.index("Confirm open: MMA") < (proposed.find("vegan") if "vegan" in proposed else len(proposed))


@hazard("H96")
@pytest.mark.parametrize("command", ["assess", "propose"])
def test_a_low_potassium_on_file_leads_and_the_lines_follow(made: Made, command: str) -> None:
    text = told(command, made(*SEVERE, country="DE", born="1946-03-02"))
    assert text.startswith("LOW POTASSIUM: Speak to the prescriber today")
    known = "Confirm (done)" if command == "assess" else "Known: deficiency confirmed"
    assert text.index("POTASSIUM_LOW") < text.index(known)
    assert ("Severity (done): Severe anaemia" if command == "assess" else "anaemia severe") in text


def test_excluded_and_anxious_hears_that_no_source_treats(made: Made) -> None:
    path = made(
        "deficiency: excluded, neurological_involvement: absent, anaemia: none, cause: not_found, vegan: absent"
    )
    assert "Treat (done): No deficiency to treat is recorded" in told("propose", path, "--all")
    assert "No source of the library treats somebody in whom deficiency is excluded" in told("propose", path)


@pytest.mark.parametrize(
    "case", [HIGH_MMA, METFORMIN, SEVERE, ("weight: 70 kg", B12 % "400")], ids=["mma", "metformin", "severe", "bare"]
)
def test_assess_ends_with_0_and_writes_nothing(made: Made, case: tuple[str, ...]) -> None:
    path = made(*case)
    before = path.read_bytes()
    for flags in ((), ("--json",), ("--plain",)):
        assert in_process("assess", path, *ON, *flags).code == 0
    assert path.read_bytes() == before


def test_the_lines_of_a_proposal_are_those_of_the_command(made: Made) -> None:
    path = made(*HIGH_MMA)
    assessed, proposed = (in_process(command, path, *ON, "--json").document for command in ("assess", "propose"))
    assert proposed["assessment"] == assessed["steps"]
    assert assessed["leads"] == "confirm"


def test_what_is_suggested_can_be_recorded_as_it_says(made: Made) -> None:
    path = made(*HIGH_MMA)
    [command] = [
        step["command"] for step in in_process("assess", path, *ON, "--json").document["steps"] if "command" in step
    ]
    assert in_process(*command.replace("CASE", str(path)).split()[1:], *ON).code == 0
    confirm = in_process("assess", path, *ON, "--json").document["steps"][0]
    assert (confirm["state"], confirm["value"]) == ("done", "confirmed")


def test_a_patient_reads_no_command_and_no_code(made: Made) -> None:
    text = told("assess", made(*HIGH_MMA), "--plain")
    assert "cobalamin set" not in text
    assert "This test supports a lack of vitamin B12" in text


LAPSED = (
    "deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: present, anaemia: severe, previous_treatment: maintenance",
    "{date: 2025-12-20, kind: history, phase: maintenance, last_dose: 2022-06-01, interval: 3 mo, substance: hydroxocobalamin, asserted_by: letter}",
)
CBLC = (
    "deficiency: confirmed, cause: inborn_error, inborn_error_kind: cblc, neurological_involvement: absent, anaemia: none, previous_treatment: maintenance",
    "{date: 2025-12-20, kind: history, phase: maintenance, last_dose: 2025-12-15, interval: 1 mo, substance: cyanocobalamin, asserted_by: letter}",
)


@hazard("H109")
@pytest.mark.parametrize("flags", [(), ("--plain",)])
@pytest.mark.parametrize("command", ["assess", "propose"])
def test_the_head_does_not_say_that_an_ended_treatment_runs(made: Made, command: str, flags: tuple[str, ...]) -> None:
    text = told(command, made(*LAPSED), *flags)
    assert "Treatment has ended: hydroxocobalamin" in text
    for wrong in ("Treatment runs", "Treatment is going on", "All four steps are done", "nothing is open"):
        assert wrong not in text


@hazard("H109")
def test_a_forbidden_substance_does_not_go_on_and_what_is_offered_shows_its_dose(made: Made) -> None:
    path = made(*CBLC, country="TR", born="2025-11-01")
    text = told("propose", path)
    assert text.startswith("URGENT: Call a metabolic centre today")
    assert "STOP: Use hydroxocobalamin" in text.split("Confirm (", 1)[0]
    for wrong in ("Goes on:", "Go on from there", "Loading is not begun again", "What works goes on"):
        assert wrong not in text
    option = text.split("1. nl-kf-cbl", 1)[1].split("2. ", 1)[0]
    assert "loading: hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, every day" in option
    assessed = told("assess", path)
    assert assessed.startswith("URGENT: Call a metabolic centre today")
    assert "STOP: Use hydroxocobalamin" in assessed.split("Confirm (", 1)[0]


@hazard("H109")
def test_a_plan_does_not_go_on_from_a_forbidden_substance(made: Made) -> None:
    path = made(*CBLC, country="TR", born="2025-11-01")
    run = in_process("plan", path, "--protocol", "nl-kf-cbl", "--start", "2026-01-06", "--months", "1", *ON, "--json")
    [issue] = [each for each in run.document["issues"] if each["code"] == "PREVIOUS_TREATMENT"]
    assert "must not go on" in issue["text"]
    doses = [each for each in run.document["items"] if each["kind"] == "dose"]
    assert (len(doses) > 20, {each["phase"] for each in doses}) == (True, {"load"})


@hazard("H109")
def test_an_allergy_leads_and_nobody_is_told_to_start(made: Made) -> None:
    facts = "deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: present, anaemia: mild, allergy_cobalamin: present"
    path = made(facts)
    path.write_text(path.read_text("utf-8").replace("[allergies, ", "[").replace("record:\n", ""), "utf-8")
    text = told("assess", path)
    assert text.startswith("STOP: Do not plan a cobalamin")
    assert "start; do not wait" not in text
