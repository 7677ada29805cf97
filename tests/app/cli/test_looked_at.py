"""What a recorded look of a clinician ends: what stood in the record before it, up to its day, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from command_line import example, in_process

from hazards import hazard

ON = "2026-09-01"
RUNNING = example("treatment-running")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_bytes(RUNNING.read_bytes())
    return path


def record(case: Path, *event: str, on: str = ON, confirmed: bool = True) -> Any:
    run = in_process("record", case, *event, "--on", on, *(["--yes"] if confirmed else []))
    assert run.code == (0 if confirmed else run.code), run.err
    return run


def codes(case: Path, on: str = ON) -> list[str]:
    return [issue["code"] for issue in in_process("review", case, "--on", on, "--json").document["issues"]]


def looked(case: Path, code: str, day: str = ON, *more: str, confirmed: bool = True) -> Any:
    return record(
        case, "decision", day, "reviewed", f"answers={code}", "by=Dr A", "finding=seen", *more, confirmed=confirmed
    )


def last_dose(case: Path) -> str:
    return str(in_process("review", case, "--on", ON, "--json").document["evaluations"][-1]["event"])


FIRST_AND_LATER = {
    "POTASSIUM_LOW": (["result", "2026-08-20", "potassium=3.1 mmol/L"], ["result", "DAY", "potassium=2.2 mmol/L"]),
    "RED_FLAG_SYMPTOM": (
        ["symptoms", ON, "red_flags=new_vision_loss"],
        ["symptoms", "DAY", "red_flags=facial_swelling"],
    ),
    "ALLERGY_SUSPECTED": (
        ["reaction", ON, "to=DOSE", "signs=itching"],
        ["reaction", "DAY", "to=DOSE", "signs=collapse"],
    ),
    "FACT_CONTRADICTED": (["symptoms", ON, "tingling_or_numbness=5"], ["symptoms", "DAY", "balance=6"]),
}


@hazard("H79")
@pytest.mark.parametrize("day", [ON, "2026-08-30"])
@pytest.mark.parametrize("code", sorted(FIRST_AND_LATER))
def test_what_is_written_after_a_look_rises_whatever_its_day(code: str, day: str, case: Path) -> None:
    dose = last_dose(case)
    first, later = ([w.replace("DAY", day).replace("DOSE", dose) for w in each] for each in FIRST_AND_LATER[code])
    record(case, *first)
    assert code in codes(case)
    looked(case, code)
    assert code not in codes(case)
    record(case, *later)
    assert code in codes(case)
    looked(case, code)
    assert code not in codes(case)


@hazard("H79")
def test_an_entry_that_says_it_was_written_later_is_not_answered_wherever_it_stands(case: Path) -> None:
    record(case, "symptoms", "2026-08-30", "red_flags=facial_swelling", "recorded_at=2026-09-02")
    looked(case, "RED_FLAG_SYMPTOM")
    assert "RED_FLAG_SYMPTOM" in codes(case)


@hazard("H44")
@pytest.mark.parametrize("later", ["platelets=60 10*9/L", "platelets=>20 10*9/L"])
def test_a_result_that_cannot_be_judged_never_ends_what_another_raised(later: str, case: Path) -> None:
    record(case, "fact", "2026-08-01", "fact=thrombocytopenia", "value=absent")
    record(case, "result", "2026-08-20", "platelets=30 10*9/L")
    assert "FACT_CONTRADICTED" in codes(case)
    record(case, "result", "2026-08-25", later)
    assert "FACT_CONTRADICTED" in codes(case)
    record(case, "result", "2026-08-27", "platelets=210 10*9/L", "reference_range=150-400 10*9/L")
    assert "FACT_CONTRADICTED" not in codes(case)


LATE = ["2026-11-20", "2027-09-01"]  # overdue, and long overdue
TELLS_TO_GIVE = re.compile(r"\bgive (it|the open dose)\b|can be given now|have it soon|overdue", re.IGNORECASE)


# By their own texts: a reaction is clarified before the next dose; nerves, a low potassium and a doubtful fact hold no dose back.
HOLDING = {
    "breathing": ["symptoms", ON, "red_flags=breathing_difficulty"],
    "swelling": ["symptoms", ON, "red_flags=facial_swelling"],
    "hives": ["symptoms", ON, "red_flags=widespread_hives"],
    "collapse": ["symptoms", ON, "red_flags=palpitations_or_collapse"],
    "reaction": ["reaction", ON, "to=DOSE", "signs=itching"],
    "nerves and swelling": ["symptoms", ON, "red_flags=new_walking_difficulty,facial_swelling"],
}
GOING_ON = {
    "walking": ["symptoms", ON, "red_flags=new_walking_difficulty"],
    "bladder": ["symptoms", ON, "red_flags=bladder_or_bowel_change"],
    "sight, with hydroxocobalamin": ["symptoms", ON, "red_flags=new_vision_loss"],
    "potassium": ["result", ON, "potassium=1.9 mmol/L"],
    "potassium with a range": ["result", ON, "potassium=3.1 mmol/L", "reference_range=3.5-5.3 mmol/L"],
    "a fact": ["symptoms", ON, "tingling_or_numbness=5"],
}
WITHHOLDS = re.compile(
    r"nothing is given until|don't have it until|before the next dose\. It stands|ask first", re.IGNORECASE
)


def opened(case: Path, event: list[str], day: str) -> None:
    dose = last_dose(case)
    record(case, *(w.replace("DOSE", dose).replace(ON, day) for w in event), on=day)


@hazard("H106")
@pytest.mark.parametrize("day", LATE)
@pytest.mark.parametrize("name", sorted(GOING_ON))
def test_no_surface_withholds_the_vitamin_for_what_does_not_withhold_it(name: str, day: str, case: Path) -> None:
    opened(case, GOING_ON[name], day)
    shown = [
        in_process(command, case, "--on", day, *manner).out
        for manner in ([], ["--plain"], ["--json"])
        for command in ("due", "review")
    ]
    shown.append(in_process("record", case, "symptoms", day, "tiredness=2", "--on", day).out)
    for told in shown:
        assert not WITHHOLDS.search(" ".join(told.split()))
    alarms = [each for each in in_process("due", case, "--on", day, "--json").document["issues"] if "next_dose" in each]
    assert {each["next_dose"] for each in alarms} == {"goes_on"}
    icalendar = pytest.importorskip("icalendar")
    output = case.with_suffix(".ics")
    assert in_process("calendar", case, "-o", output, "--on", day).code == 0
    first, *others = icalendar.Calendar.from_ical(output.read_bytes()).walk("VEVENT")
    assert str(first["SUMMARY"]) == "Please look at your plan today"
    assert not any(WITHHOLDS.search(f"{each['SUMMARY']} {each['DESCRIPTION']}") for each in (first, *others))


@hazard("H106")
def test_a_loss_of_sight_holds_back_cyanocobalamin_alone(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(RUNNING.read_text("utf-8"), "utf-8")
    opened(case, GOING_ON["sight, with hydroxocobalamin"], ON)
    seen = in_process("due", case, "--on", ON, "--json").document["issues"][0]["next_dose"]
    case.write_text(CYANOCOBALAMIN, "utf-8")
    opened(case, GOING_ON["sight, with hydroxocobalamin"], ON)
    assert (seen, in_process("due", case, "--on", ON, "--json").document["issues"][0]["next_dose"]) == (
        "goes_on",
        "waits",
    )


CYANOCOBALAMIN = """cobalamin: 1
patient: {id: gas, birth_date: 1958-03-02, country: US}
facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: none}
plan: {protocol: us-cn-pa, version: 1, start: 2026-08-30, accepted_by: Dr A, accepted_on: 2026-08-30}
record:
  - {date: 2026-08-30, kind: administration, as_planned: true}
"""


@hazard("H79")
@pytest.mark.parametrize("day", LATE)
@pytest.mark.parametrize("name", sorted(HOLDING))
def test_nothing_tells_to_give_while_an_alarm_that_holds_the_dose_back_is_open(name: str, day: str, case: Path) -> None:
    opened(case, HOLDING[name], day)
    for manner in ([], ["--plain"]):
        for command in ("due", "review"):
            told = " ".join(in_process(command, case, "--on", day, *manner).out.split())
            due = told.partition("Doses")[0] if command == "review" else told
            assert not TELLS_TO_GIVE.search(due), TELLS_TO_GIVE.search(due)
            assert not re.search(r"give the open dose|give it", told), told
    icalendar = pytest.importorskip("icalendar")
    output = case.with_suffix(".ics")
    assert in_process("calendar", case, "-o", output, "--on", day).code == 0
    events = icalendar.Calendar.from_ical(output.read_bytes()).walk("VEVENT")
    titles = [str(each["SUMMARY"]) for each in events]
    assert "Injection: ask first" in titles
    assert not any("overdue" in title for title in titles)


@hazard("H79")
def test_nothing_tells_to_give_once_treatment_is_stopped_and_after_a_gap_it_is_looked_at_first(case: Path) -> None:
    told = " ".join(in_process("review", case, "--on", LATE[1]).out.split())
    assert "Until then: look at the treatment, then give the open dose" in told
    record(case, "decision", "2026-10-01", "stop", "by=Dr A", "reason=moved away", on="2026-10-01")
    told = " ".join(in_process("review", case, "--on", LATE[1]).out.split())
    assert "LAPSE" not in told
    assert not re.search(r"give the open dose|give it", told)


@hazard("H28")
@hazard("H79")
def test_a_look_that_ends_nothing_or_several_is_asked_about_and_names_them(case: Path) -> None:
    for code in ("FOO", "POTASSIUM_LOW"):
        asked = looked(case, code, confirmed=False)
        assert asked.code == 1
        assert f"Nothing that is open up to this day is ended by '{code}'" in " ".join(asked.err.split())
    record(case, "result", ON, "potassium=2.4 mmol/L")
    assert looked(case, "POTASSIUM_LOW", "2026-08-30", confirmed=False).code == 1
    assert looked(case, "POTASSIUM_LOW", confirmed=False).code == 0
    record(case, "symptoms", ON, "red_flags=facial_swelling,palpitations_or_collapse")
    asked = looked(case, "RED_FLAG_SYMPTOM", confirmed=False)
    assert asked.code == 1
    told = " ".join(asked.err.split())
    assert "facial swelling on Tue 1 September 2026; palpitations or collapse on Tue 1 September 2026" in told


@hazard("H79")
def test_a_look_that_names_an_entry_ends_that_one_alone(case: Path) -> None:
    dose, ids = last_dose(case), []
    for signs in ("itching", "hot face"):
        entry = in_process("record", case, "reaction", ON, f"to={dose}", f"signs={signs}", "--on", ON, "--json")
        ids.append(str(entry.document["event"]))
    assert looked(case, "ALLERGY_SUSPECTED", confirmed=False).code == 1
    assert looked(case, "ALLERGY_SUSPECTED", ON, f"event={ids[0]}", confirmed=False).code == 0
    text = in_process("review", case, "--on", ON, "--json").document["issues"][0]["text"]
    assert "hot face" in text
    assert "itching" not in text


@hazard("H80")
def test_only_an_allergy_fact_that_is_new_and_settles_it_answers_a_reaction(case: Path) -> None:
    allergies = ("allergy_cobalamin", "allergy_cobalt", "allergy_benzyl_alcohol", "allergy_parabens")
    record(case, "reaction", ON, f"to={last_dose(case)}", "signs=itching")
    record(case, "fact", ON, "fact=allergy_cobalt", "value=absent")
    assert "ALLERGY_SUSPECTED" in codes(case)
    present = case.with_name("present.yaml")
    present.write_bytes(case.read_bytes())
    record(present, "fact", "2026-09-02", "fact=allergy_parabens", "value=present", on="2026-09-02")
    assert "ALLERGY_SUSPECTED" not in codes(present, "2026-09-02")
    for name in allergies:  # the file begins with all of them absent: said again, that answers nothing
        record(case, "fact", "2026-09-02", f"fact={name}", "value=absent", on="2026-09-02")
    assert "ALLERGY_SUSPECTED" in codes(case, "2026-09-02")
    unknown = case.with_name("unknown.yaml")
    unknown.write_text(RUNNING.read_text().replace("none_of: [allergies, ", "none_of: ["))
    record(unknown, "reaction", ON, f"to={last_dose(unknown)}", "signs=itching")
    for name, is_open in zip(allergies, (True, True, True, False), strict=True):
        record(unknown, "fact", "2026-09-02", f"fact={name}", "value=absent", on="2026-09-02")
        assert ("ALLERGY_SUSPECTED" in codes(unknown, "2026-09-02")) is is_open


@hazard("H79")
def test_the_worst_open_matter_leads_an_explanation_a_question_a_comparison_and_a_simulation(case: Path) -> None:
    record(case, "symptoms", ON, "red_flags=facial_swelling")
    simulate = ["simulate", case, "--people", "2", "--months", "1"]
    for words in (["explain", case, "2026-10-09"], ["whatif", case], ["compare", case], simulate):
        run = in_process(*words, "--on", ON)
        assert run.out.startswith("WARNING SIGN: "), run.out[:200] + run.err


@hazard("H79")
def test_a_pregnancy_on_treatment_stands_above_what_is_due_with_action_and_sources(case: Path) -> None:
    record(case, "fact", ON, "fact=pregnancy", "value=pregnant")
    for command in ("due", "review"):
        told = " ".join(in_process(command, case, "--on", ON).out.split())
        assert "Take urgent haematology advice" in told
        assert told.index("urgent haematology advice; check substance and route; do not stop") < told.index("is due")
        assert re.search(r"active B12\.[^\[]{0,40}\[1", told)
        plain = in_process(command, case, "--on", ON, "--plain").out
        assert plain.index("Ask for advice soon") < plain.index("Your next dose")


@hazard("H79")
def test_one_potassium_has_one_urgency_for_a_patient(case: Path) -> None:
    record(case, "result", ON, "potassium=2.4 mmol/L")
    told = " ".join(in_process("review", case, "--on", ON, "--plain").out.split())
    assert "Go to an emergency department now" in told
    assert "doctor or nurse today" not in told


def test_an_allergy_without_a_chosen_product_asks_which_product(case: Path) -> None:
    case.write_text(re.sub(r"\n\s+product: [^\n]*|, product: [^,}]*", "", RUNNING.read_text()))
    record(case, "fact", ON, "fact=allergy_benzyl_alcohol", "value=present")
    issues = in_process("review", case, "--on", ON, "--json").document["issues"]
    (found,) = (each for each in issues if each["code"] == "ALLERGY_EXCIPIENT")
    assert "product contains" not in found["text"].casefold().replace("depot product contains", "")
    assert "Which product is given?" in found["action"]


def test_a_number_of_a_source_follows_the_source_of_a_contradiction_and_not_this_program(case: Path) -> None:
    record(case, "fact", "2026-08-01", "fact=thrombocytopenia", "value=absent")
    record(case, "result", "2026-08-20", "platelets=30 10*9/L")
    told = " ".join(in_process("due", case, "--on", ON).out.split())
    assert re.search(r"below 50 x10\^9/L platelets\. \(FACT_CONTRADICTED\) \[1\]", told), told
