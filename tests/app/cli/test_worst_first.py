"""The worst open matter is the first thing that is read: every alarm on the terminal, on paper and in a calendar (promise 12)."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command_line import example, in_process
from pypdf import PdfReader

from cobalamin.app.services import shipped
from cobalamin.therapy.case.event_words import RED_FLAGS
from hazards import hazard

ON = "2026-09-01"
RUNNING = example("treatment-running")
DOSE = "2026-07-09"
OTHERS = {
    "POTASSIUM_LOW": ("LOW POTASSIUM", ["result", ON, "potassium=2.4 mmol/L"]),
    "FACT_CONTRADICTED": ("DOES NOT FIT", ["symptoms", ON, "balance=6"]),
}
GOING_ON = {"new_walking_difficulty", "bladder_or_bowel_change", "new_vision_loss"}  # these hold no dose back
CALM = re.compile(r"is due|booked from|Suggested appointment|has not changed|Recorded in|is written|Hydroxocobalamin")


def recorded(folder: Path, *event: str) -> tuple[Path, str]:
    """A running treatment with one entry more, and how the entry was confirmed."""
    case = folder / "case.yaml"
    case.write_bytes(RUNNING.read_bytes())
    run = in_process("record", case, *event, "--on", ON, "--plain")
    assert run.code == 0, run.err
    return case, run.out


def reaction(folder: Path, *event: str) -> Path:
    """A running treatment with a reaction to its last dose."""
    case = folder / "case.yaml"
    case.write_bytes(RUNNING.read_bytes())
    doses = in_process("review", case, "--on", ON, "--json").document["evaluations"]
    run = in_process("record", case, "reaction", ON, f"to={doses[-1]['event']}", *event, "--on", ON)
    assert run.code == 0, run.err
    return case


def leads(text: str, mark: str, action: str) -> None:
    """The first line begins with the alarm and its action, before everything calm."""
    told = " ".join(text.split())
    assert told.startswith(f"{mark}: {action}"), told[:200]
    calm = CALM.search(told)
    assert calm is None or calm.start() > len(f"{mark}: {action}")


def answers(case: Path, manner: list[str]) -> list[str]:
    """Every answer about a running treatment on the terminal."""
    commands = [["review"], ["due"], ["due", "--if-given", ON]]
    found = [in_process(name, case, *more, "--on", ON, *manner).out for name, *more in commands]
    return [*found, *(planned(case, manner))]


def planned(case: Path, manner: list[str]) -> list[str]:
    chosen = ["--protocol", "uk-bnf-noneuro", "--start", ON, "--choose", "maintenance_interval=3 mo"]
    return [
        in_process("plan", case, *chosen, "--on", ON, *manner).out,
        in_process("propose", case, "--on", ON, *manner).out,
    ]


def action_of(flag: str, plain: bool) -> str:
    flags = {each["id"]: each for each in shipped.library().records("red_flags.yaml", "red_flags")}
    return str(flags[flag]["plain_action" if plain else "action"])


@hazard("H79")
@pytest.mark.parametrize("flag", RED_FLAGS)
def test_a_warning_sign_leads_every_answer_on_the_terminal(flag: str, tmp_path: Path) -> None:
    case, confirmed = recorded(tmp_path, "symptoms", ON, f"red_flags={flag}")
    leads(confirmed, "WARNING SIGN", action_of(flag, plain=True))
    for manner, plain in ((["--plain"], True), ([], False)):
        for answer in answers(case, manner):
            leads(answer, "WARNING SIGN", action_of(flag, plain))
    due = in_process("due", case, "--on", ON, "--json").document
    assert due["plain"].startswith(f"WARNING SIGN: {action_of(flag, plain=True)}")


@hazard("H79")
@hazard("H84")
@pytest.mark.parametrize("language", sorted(set(shipped.library().languages) - {"en"}))
@pytest.mark.parametrize("flag", RED_FLAGS)
def test_a_warning_sign_leads_in_every_language_that_is_offered(flag: str, language: str, tmp_path: Path) -> None:
    words = shipped.library().words(language)
    case, _ = recorded(tmp_path, "symptoms", ON, f"red_flags={flag}")
    mark, action = words.text("alarms.mark__RED_FLAG_SYMPTOM"), words.text(f"alarms.act__{flag}")
    assert (mark, action) != ("WARNING SIGN", action_of(flag, plain=True))
    of_professionals = words.of_record(action_of(flag, plain=False))
    assert "\u00ab" not in of_professionals
    for command in ("due", "review"):
        for manner, wanted in ((["--plain"], action), ([], of_professionals)):
            leads(in_process(command, case, "--on", ON, "--lang", language, *manner).out, mark, wanted)


@hazard("H84")
@pytest.mark.parametrize("language", sorted(set(shipped.library().languages) - {"en"}))
@pytest.mark.parametrize("event", [["result", ON, "potassium=2.4 mmol/L"], ["result", ON, "potassium=2.8 mmol/L"],
    ["result", ON, "potassium=3.2 mmol/L"], ["symptoms", ON, "balance=6"]])  # fmt: skip
def test_every_other_alarm_leads_in_every_language_too(event: list[str], language: str, tmp_path: Path) -> None:
    case, _ = recorded(tmp_path, *event)
    code = in_process("review", case, "--on", ON, "--json").document["issues"][0]["code"]
    words = shipped.library().words(language)
    english = in_process("due", case, "--on", ON, "--plain").out.splitlines()[0]
    told = in_process("due", case, "--on", ON, "--plain", "--lang", language).out
    assert told.startswith(f"{words.text(f'alarms.mark__{code}')}: ")
    assert english.split(": ", 1)[1].split(".")[0] not in told.splitlines()[0]


@hazard("H127")
@pytest.mark.parametrize("language", sorted(set(shipped.library().languages) - {"en"}))
@pytest.mark.parametrize("event", [["result", ON, "potassium=2.4 mmol/L"], ["result", ON, "potassium=3.2 mmol/L"], ["symptoms", ON, "balance=6"],
    ["fact", ON, "fact=pregnancy", "value=pregnant"], ["fact", ON, "fact=allergy_cobalamin", "value=present"],
    *(["symptoms", ON, f"red_flags={flag}"] for flag in RED_FLAGS)])  # fmt: skip
def test_no_english_sentence_stands_in_an_alarm_of_another_language(
    event: list[str], language: str, tmp_path: Path
) -> None:
    """Why it is one is told in that language too; what has no translation a professional reads beneath, said to be English."""
    case, _ = recorded(tmp_path, *event)
    issues = in_process("review", case, "--on", ON, "--json").document["issues"]
    label = shipped.library().words(language).text("alarms.in_english", text="").strip()
    for command in ("due", "review"):
        told = " ".join(in_process(command, case, "--on", ON, "--plain", "--lang", language).out.split())
        alarm = told[: told.index("Uw volgende dosis") if "Uw volgende dosis" in told else told.index("Er is iets")]
        for issue in issues:
            for sentence in re.split(r"(?<=[.!?]) ", f"{issue['plain']} {issue['text']} {issue['action']}"):
                assert sentence not in alarm, sentence
        professional = " ".join(in_process(command, case, "--on", ON, "--lang", language).out.split())
        for sentence in re.split(r"(?<=[.!?]) ", f"{issues[0]['text']} {issues[0]['action']}"):
            assert sentence not in professional.partition(label)[0], sentence


@hazard("H84")
def test_no_alarm_lacks_a_word_in_a_language_and_the_english_words_are_those_of_the_library() -> None:
    english = shipped.library().words("en")
    keys = {key for key in english.texts if key.startswith("alarms.")}
    signs = {each["id"]: each for each in shipped.library().records("red_flags.yaml", "red_flags")}
    assert set(signs) == set(RED_FLAGS)
    for flag, record in signs.items():
        assert english.text(f"alarms.act__{flag}") == record["plain_action"]
        assert english.text(f"alarms.why__{flag}") == record["plain"]
    for level in ("today", "emergency"):
        assert english.text(f"alarms.act__potassium_{level}") == english.text(f"potassium.{level}__plain")
    for language in set(shipped.library().languages) - {"en"}:
        same = {key for key in keys if shipped.library().words(language).texts[key] == english.texts[key]}
        assert same <= {"alarms.line", "alarms.mark__other", "alarms.product"}


@hazard("H79")
@pytest.mark.parametrize("flag", RED_FLAGS)
def test_a_warning_sign_is_the_first_block_of_sheet_and_letter_and_the_first_entry_of_a_calendar(
    flag: str, tmp_path: Path
) -> None:
    pytest.importorskip("typst")
    pytest.importorskip("icalendar")
    case, _ = recorded(tmp_path, "symptoms", ON, f"red_flags={flag}")
    for command, plain, more in (("sheet", True, []), ("sheet", False, ["--pro"]), ("letter", False, [])):
        output = tmp_path / f"{command}{len(more)}.pdf"
        run = in_process(command, case, "-o", output, "--on", ON, *more)
        assert run.code == 0, run.err
        leads(run.out, "WARNING SIGN", action_of(flag, plain))
        leads(text_of(output), "WARNING SIGN", action_of(flag, plain))
    for with_name in ([], ["--with-name"]):
        output = tmp_path / f"c{len(with_name)}.ics"
        run = in_process("calendar", case, "-o", output, "--on", ON, *with_name)
        leads(run.out, "WARNING SIGN", action_of(flag, plain=True))
        first, *others = events_of(output)
        title = "Please look at your plan today" if flag in GOING_ON else "Please ask first"
        assert (str(first["SUMMARY"]).partition(":")[0], first["DTSTART"].dt) == (title, date(2026, 9, 1))
        assert (action_of(flag, plain=True) in str(first["DESCRIPTION"])) == bool(with_name)
        doses = [each for each in others if str(each["SUMMARY"]).startswith("Injection")]
        assert doses
        held = [str(each["DESCRIPTION"]).startswith("First ask: something is open") for each in doses]
        assert set(held) == {flag not in GOING_ON}


def text_of(path: Path) -> str:
    text = PdfReader(io.BytesIO(path.read_bytes())).pages[0].extract_text()
    return text.replace("\u2060", "").replace("\u00a0", " ")


def events_of(path: Path) -> list[Any]:
    import icalendar

    return list(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


@hazard("H79")
@pytest.mark.parametrize("code", sorted(OTHERS))
def test_every_other_alarm_leads_too_and_ends_where_a_clinician_has_looked(code: str, tmp_path: Path) -> None:
    mark, event = OTHERS[code]
    case, confirmed = recorded(tmp_path, *event)
    assert confirmed.startswith(f"{mark}: ")
    for answer in (*answers(case, ["--plain"]), *answers(case, [])):
        assert answer.startswith(f"{mark}: "), answer[:200]
    professional = " ".join(in_process("due", case, "--on", ON).out.split())
    assert f"cobalamin record CASE decision reviewed answers={code} by=NAME finding=TEXT" in professional
    looked = ["decision", ON, "reviewed", f"answers={code}", "by=Dr A", "finding=examined"]
    after = in_process("record", case, *looked, "--on", ON, "--plain").out
    assert mark not in after
    assert in_process("due", case, "--on", ON, "--plain").out.startswith("Your next dose")


@hazard("H79")
def test_an_alarm_of_an_earlier_calendar_is_cancelled_when_it_has_ended(tmp_path: Path) -> None:
    pytest.importorskip("icalendar")
    case, _ = recorded(tmp_path, "symptoms", ON, "red_flags=facial_swelling")
    output = tmp_path / "c.ics"
    in_process("calendar", case, "-o", output, "--on", ON)
    in_process(
        "record", case, "decision", ON, "reviewed", "answers=RED_FLAG_SYMPTOM", "by=Dr A", "finding=a sting", "--on", ON
    )
    in_process("calendar", case, "-o", output, "--on", ON)
    told = {str(each["SUMMARY"]): str(each.get("STATUS")) for each in events_of(output)}
    assert told["Please ask first"] == "CANCELLED"
    assert told["Injection due"] == "CONFIRMED"


@hazard("H80")
def test_a_reaction_leads_until_an_allergy_fact_or_a_clinician_answers_it(tmp_path: Path) -> None:
    case = reaction(tmp_path, "signs=site_reaction,itching hands", "outcome=gone after a day")
    for manner in (["--plain"], []):
        answer = " ".join(in_process("due", case, "--on", ON, *manner).out.split())
        assert answer.startswith("REACTION TO A DOSE: ")
        dose = "Reaction on Tue 1 September 2026 to the dose of Thu 9 July 2026"
        assert f"{dose} (product Hydroxocobalamin 1 mg in 1 mL ampoule" in answer
        assert "batch HX3): site reaction, itching hands. Outcome: gone after a day." in answer
    review = in_process("review", case, "--on", "2027-03-01", "--json").document
    assert review["issues"][0]["code"] == "ALLERGY_SUSPECTED"
    assert review["issues"][0]["severity"] == "acknowledge"
    assert "ALLERGY_SUSPECTED" in [question["code"] for question in review["questions"]]
    with_fact, looked = case.with_name("fact.yaml"), case.with_name("looked.yaml")
    for path, event in (
        (with_fact, ["fact", "2026-09-02", "fact=allergy_parabens", "value=present"]),
        (looked, ["decision", "2026-09-02", "reviewed", "answers=ALLERGY_SUSPECTED", "by=Dr A", "finding=a bruise"]),
    ):
        path.write_bytes(case.read_bytes())
        assert in_process("record", path, *event, "--on", "2026-09-02").code == 0
        codes = [
            issue["code"] for issue in in_process("review", path, "--on", "2026-09-02", "--json").document["issues"]
        ]
        assert "ALLERGY_SUSPECTED" not in codes
        before = in_process("review", path, "--on", ON, "--json").document["issues"][0]["code"]
        assert before == "ALLERGY_SUSPECTED"


@hazard("H80")
def test_a_danger_sign_of_a_reaction_is_a_warning_sign_and_stands_above_it(tmp_path: Path) -> None:
    case = reaction(tmp_path, "signs=facial_swelling")
    told = in_process("due", case, "--on", ON, "--plain").out
    assert told.startswith("WARNING SIGN: Call the emergency number now.")
    assert "REACTION TO A DOSE" in told
    chosen = ["--protocol", "uk-bnf-noneuro", "--start", ON, "--choose", "maintenance_interval=3 mo"]
    issues = in_process("plan", case, *chosen, "--on", ON, "--json").document["issues"]
    assert [issue["code"] for issue in issues if issue["interrupts"]][:2] == ["RED_FLAG_SYMPTOM", "ALLERGY_SUSPECTED"]


@hazard("H80")
def test_print_and_letter_name_product_and_batch_of_the_dose_that_was_reacted_to(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    case = reaction(tmp_path, "signs=widespread_hives")
    for command in ("sheet", "letter"):
        output = tmp_path / f"{command}.pdf"
        assert in_process(command, case, "-o", output, "--on", ON).code == 0
        told = " ".join(text_of(output).split())
        assert "product Hydroxocobalamin 1 mg in 1 mL ampoule" in told
        assert "batch HX3" in told


def test_a_reaction_to_a_dose_that_is_not_recorded_is_kept_and_asked_about(tmp_path: Path) -> None:
    case, _ = recorded(tmp_path, "reaction", ON, "to=nothing", "signs=site_reaction", "--yes")
    review = in_process("review", case, "--on", ON, "--json").document
    assert {"ALLERGY_SUSPECTED", "REACTION_UNMATCHED"} <= {question["code"] for question in review["questions"]}
    assert "to a dose that is not in the record (nothing)" in review["issues"][0]["text"]
    assert review["forecast"]["target"] == "2026-10-09"


@hazard("H28")
@hazard("H79")
def test_at_most_three_interrupt_in_the_order_of_the_contract(tmp_path: Path) -> None:
    case = reaction(tmp_path, "signs=facial_swelling")
    for event in (["result", ON, "potassium=2.8 mmol/L"], ["symptoms", ON, "balance=6"]):
        assert in_process("record", case, *event, "--on", ON).code == 0
    issues = in_process("review", case, "--on", ON, "--json").document["issues"]
    order = ["RED_FLAG_SYMPTOM", "POTASSIUM_LOW", "ALLERGY_SUSPECTED"]
    assert [issue["code"] for issue in issues][:4] == [*order, "FACT_CONTRADICTED"]
    assert [issue["code"] for issue in issues if issue["interrupts"]] == order


@hazard("H107")
@pytest.mark.parametrize("manner", [[], ["--plain"]])
def test_what_asks_for_a_call_today_is_labelled_as_urgent(manner: list[str], tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(
        "cobalamin: 1\npatient: {id: x, birth_date: 1992-03-02, country: GB}\n"
        "facts: {deficiency: confirmed, cause: dietary, neurological_involvement: absent, anaemia: none, pregnancy: pregnant}\n",
        "utf-8",
    )
    for command in ("propose", "assess", "whatif", "compare"):
        told = " ".join(in_process(command, case, "--on", ON, *manner).out.split())
        assert re.match(r"URGENT: Call for urgent haematology advice today|URGENT: Call your doctor today", told), (
            command
        )
    assert "note: Pregnant" not in told


@hazard("H125")
@pytest.mark.parametrize("manner", [[], ["--plain"]])
def test_a_call_for_advice_today_leads_every_answer_and_holds_no_dose_back(manner: list[str], tmp_path: Path) -> None:
    case, confirmed = recorded(tmp_path, "fact", ON, "fact=pregnancy", "value=pregnant")
    assert confirmed.startswith("URGENT: Call your doctor today.")
    for answer in [*answers(case, manner), in_process("assess", case, "--on", ON, *manner).out]:
        assert answer.startswith("URGENT: "), answer[:200]
    assert "is due Fri 9 October 2026" in " ".join(in_process("due", case, "--on", ON, *manner).out.split())
    looked = ["decision", ON, "reviewed", "answers=PREGNANCY_ON_TREATMENT", "by=Dr A", "finding=advice was taken"]
    assert "URGENT" not in in_process("record", case, *looked, "--on", ON, *manner).out
    assert "URGENT" not in in_process("due", case, "--on", ON, *manner).out


@hazard("H79")
@pytest.mark.parametrize(
    ("fact", "mark"),
    [("allergy_cobalamin: present", "STOP"), ("pregnancy: pregnant", "URGENT"), ("cause: inborn_error", "URGENT")],
)
def test_what_only_the_facts_say_leads_where_nothing_is_recorded_yet(fact: str, mark: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    head = "cobalamin: 1\npatient: {id: x, birth_date: 1992-03-02, country: GB}\n"
    case.write_text(f"{head}facts: {{deficiency: confirmed, {fact}}}\n", "utf-8")
    for asked in (
        ["propose", case],
        ["assess", case],
        ["whatif", case],
        ["compare", case],
        ["ask", "how often", "--case", case],
    ):
        assert in_process(*asked, "--on", ON, "--plain").out.startswith(f"{mark}: "), asked[0]


@hazard("H125")
def test_a_call_for_advice_today_leads_on_paper_and_in_a_calendar(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    pytest.importorskip("icalendar")
    case, _ = recorded(tmp_path, "fact", ON, "fact=pregnancy", "value=pregnant")
    for command, action in (("sheet", "Call your doctor today."), ("letter", "Take urgent haematology advice")):
        output = tmp_path / f"{command}.pdf"
        assert in_process(command, case, "-o", output, "--on", ON).code == 0
        leads(text_of(output), "URGENT", action)
    output = tmp_path / "c.ics"
    in_process("calendar", case, "-o", output, "--on", ON)
    assert str(events_of(output)[0]["SUMMARY"]) == "Please look at your plan today"


@hazard("H125")
def test_whom_to_call_stands_below_an_emergency_and_above_what_can_wait_for_the_next_dose(tmp_path: Path) -> None:
    case = reaction(tmp_path, "signs=site_reaction")
    for event in (["fact", ON, "fact=pregnancy", "value=pregnant"], ["symptoms", ON, "red_flags=facial_swelling"]):
        assert in_process("record", case, *event, "--on", ON).code == 0
    told = in_process("due", case, "--on", ON, "--plain").out
    marks = re.findall(r"^([A-Z][A-Z ]+): ", told, re.M)
    assert marks == ["WARNING SIGN", "URGENT", "REACTION TO A DOSE"]


@hazard("H126")
@pytest.mark.parametrize("manner", [[], ["--plain"]])
@pytest.mark.parametrize("question", ["can I have it a week early", "why is my urine red", "xyzzy"])
def test_what_is_open_leads_the_answer_to_a_question_asked_for_a_person(
    question: str, manner: list[str], tmp_path: Path
) -> None:
    case, _ = recorded(tmp_path, "result", ON, "potassium=2.4 mmol/L")
    asked = ["ask", question, "--case", case, "--on", ON]
    assert in_process(*asked, *manner).out.startswith("LOW POTASSIUM: ")
    document = in_process(*asked, "--json").document
    assert [issue["code"] for issue in document["issues"]] == ["POTASSIUM_LOW"]
    own = document.get("timing", {}).get("own_dates")
    assert own is None or own["plain"].startswith("LOW POTASSIUM: Go to an emergency department now.")
    assert "issues" not in in_process("ask", question, "--json").document
