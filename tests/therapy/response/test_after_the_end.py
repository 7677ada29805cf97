"""After treatment ended, what may be the deficiency come back asks whether treatment begins again (hazards H130 to H132)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cobalamin.app.services.leading import leading
from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review, review
from english import english
from hazards import hazard

HEAD = """cobalamin: 1
patient: {id: x, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: %s, anaemia: mild, neurological_involvement: %s, previous_treatment: none, none_of: [kidney_disease]}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}}
record:
"""
DOSES = "".join(
    f"  - {{date: {day}, kind: administration, as_planned: true}}\n"
    for day in ("2026-01-05", "2026-01-07", "2026-01-09", "2026-01-12", "2026-01-14", "2026-01-16", "2026-04-16")
)
STOP = "  - {date: 2026-04-20, kind: decision, decision: stop, by: x, reason: y}\n"
SYMPTOMS = "  - {date: 2027-05-10, kind: symptoms, %s}\n"
RESULT = "  - {date: %s, kind: result, marker: %s, value: %s, reference_range: %s}\n"
ANAEMIC = RESULT % ("2027-05-10", "haemoglobin", "70 g/L", "120-160 g/L")
LOOKED = "  - {date: 2027-05-11, kind: decision, decision: reviewed, answers: [%s], by: x, finding: y}\n"
FACT = "  - {date: %s, kind: fact, fact: %s, value: %s}\n"
DECIDED = "  - {date: 2027-05-11, kind: decision, decision: %s, by: x, reason: y}\n"
DOSE = "  - {date: 2027-05-11, kind: administration, as_planned: true}\n"
ON = date(2027, 5, 20)


def seen(
    library: Library, *entries: str, nerves: str = "absent", cause: str = "pernicious_anaemia", on: date = ON
) -> Review:
    return review(library, read_case(HEAD % (cause, nerves) + DOSES + "".join(entries), "case", library), on)


def asked(made: Review) -> set[str]:
    return {question.code for question in made.questions}


def leads(made: Review) -> list[str]:
    return [each.code for each in leading(made.issues, False, made.library.own_words)]


@hazard("H130")
@pytest.mark.parametrize("ended", [[STOP], []], ids=["stopped", "lapsed"])
@pytest.mark.parametrize(
    ("entry", "nerves"),
    [
        (SYMPTOMS % "tingling_or_numbness: 9", "present"),
        (SYMPTOMS % "tiredness: 7", "absent"),
        (SYMPTOMS % "own: {burning feet: 8}", "absent"),
        (SYMPTOMS % "red_flags: [new_walking_difficulty]", "present"),
        (FACT % ("2027-05-10", "symptoms_response", "worse_or_new"), "absent"),
    ],
)
def test_symptoms_after_the_end_lead_until_somebody_answers(
    library: Library, ended: list[str], entry: str, nerves: str
) -> None:
    made = seen(library, *ended, entry, nerves=nerves)
    assert "SYMPTOMS_UNTREATED" in leads(made)
    assert "SYMPTOMS_UNTREATED" in asked(made)
    assert "Thu 16 April 2026" in next(english(each.text) for each in made.issues if each.code == "SYMPTOMS_UNTREATED")
    assert not {"SYMPTOMS_HIGH", "WORSE_OR_NEW"} & asked(made)  # nobody was on treatment
    for answer in (LOOKED % "SYMPTOMS_UNTREATED", DECIDED % "restart", DOSE):
        assert "SYMPTOMS_UNTREATED" not in leads(seen(library, *ended, entry, answer, nerves=nerves)), answer


@hazard("H130")
@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (ANAEMIC, "RESULT_UNTREATED"),
        (RESULT % ("2027-05-10", "mma", "0.9 umol/L", "0-0.28 umol/L"), "RESULT_UNTREATED"),
        (RESULT % ("2027-05-10", "mcv", "118 fL", "80-98 fL"), "RESULT_UNTREATED"),
        (RESULT % ("2027-05-10", "serum_b12", "100 ng/L", "180-900 ng/L"), "LOW_B12_UNTREATED"),
        (RESULT % ("2026-04-10", "haemoglobin", "140 g/L", "120-160 g/L") + ANAEMIC, "RELAPSE_SUSPECTED"),
    ],
)
def test_beside_a_stop_a_result_of_the_deficiency_is_told_before_that_nothing_is_due(
    library: Library, entry: str, code: str
) -> None:
    made = seen(library, STOP, entry)
    assert code in asked(made)
    assert [question.code for question in waiting_for(made)] == [code]
    for plain in (False, True):
        sentence = english(due_sentence(made.outlook, "GB", plain))
        assert "othing is due" not in sentence
        assert "begins again" in sentence
    answered = seen(library, STOP, entry, LOOKED % code)
    assert code not in asked(answered)
    assert "nothing is due" in english(due_sentence(answered.outlook, "GB"))
    if code != "RELAPSE_SUSPECTED":  # it may still be a result that is not right
        assert code not in asked(seen(library, STOP, entry, DECIDED % "restart"))
    assert code not in asked(seen(library, STOP, entry, DOSE))
    stopped_again = seen(library, STOP, entry, DECIDED % "restart", (DECIDED % "stop").replace("05-11", "05-12"))
    assert code in asked(stopped_again)


@hazard("H130")
def test_what_is_no_sign_of_the_deficiency_asks_nothing(library: Library) -> None:
    calm = [
        RESULT % ("2027-05-10", "haemoglobin", "140 g/L", "120-160 g/L"),
        RESULT % ("2027-05-10", "haemoglobin", "180 g/L", "120-160 g/L"),
        RESULT % ("2027-05-10", "ferritin", "8 ug/L", "15-150 ug/L"),
        SYMPTOMS % "tiredness: 6",
    ]
    for entry in calm:
        made = seen(library, STOP, entry)
        assert not {"RESULT_UNTREATED", "SYMPTOMS_UNTREATED"} & asked(made), entry
        assert "nothing is due" in english(due_sentence(made.outlook, "GB"))


@hazard("H130")
def test_the_day_on_which_treatment_ends_changes_no_answer_that_was_said_to_hold(library: Library) -> None:
    undated = (HEAD % ("pernicious_anaemia", "absent")).replace(
        "{deficiency", "{symptoms_response: worse_or_new, deficiency"
    )
    case = read_case(undated + DOSES, "case", library)  # it stays what it was, said of the treatment
    first = review(library, case, date(2026, 10, 16))
    assert first.valid_until is not None
    for days in (1, 2, 200):
        later = review(library, case, first.on + timedelta(days=days))
        assert asked(later) == asked(first)
        assert leads(later) == leads(first)


# -- a test in words --------------------------------------------------------------------------------------------

POSITIVE = "  - {date: 2026-05-10, kind: result, marker: intrinsic_factor_antibody, value: positive}\n"
MAY = date(2026, 5, 20)


@hazard("H131")
@pytest.mark.parametrize("cause", ["dietary", "not_found", "medicine_induced"])
def test_antibodies_against_intrinsic_factor_speak_against_another_cause(library: Library, cause: str) -> None:
    made = seen(library, POSITIVE, cause=cause, on=MAY)
    assert leads(made) == ["FACT_CONTRADICTED"]
    assert "exeter-ifab" in {
        cite.source for each in made.issues if each.code == "FACT_CONTRADICTED" for cite in each.cites
    }
    negative = POSITIVE.replace("05-10", "05-12").replace("positive", "negative")
    assert "FACT_CONTRADICTED" in asked(seen(library, POSITIVE, negative, cause=cause, on=MAY))
    for value in ("pernicious_anaemia", cause):  # somebody has said which it is
        answer = FACT % ("2026-05-12", "cause", value)
        assert "FACT_CONTRADICTED" not in asked(seen(library, POSITIVE, answer, cause=cause, on=MAY))


@hazard("H131")
@pytest.mark.parametrize("cause", ["pernicious_anaemia", "total_gastrectomy", "coeliac_disease"])
def test_they_speak_against_no_cause_that_can_stand_beside_them(library: Library, cause: str) -> None:
    assert "FACT_CONTRADICTED" not in asked(seen(library, POSITIVE, cause=cause, on=MAY))


@hazard("H132")
def test_symptoms_known_by_their_month_are_told_by_it(library: Library) -> None:
    made = seen(library, "  - {date: 2026-05, kind: symptoms, tiredness: 4}\n", on=date(2026, 6, 11))
    told = next(english(question.text) for question in made.questions if question.code == "REVIEW_OPEN")
    assert "May 2026 (day not known)" in told
    assert "31 May" not in told
