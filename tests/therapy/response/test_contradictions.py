"""Symptoms and results that speak against a fact ask for an answer, and rise anew with what comes after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from blood_results import ON, START, Judging, codes, issue, result

from cobalamin.therapy.case.case import Case, Event, Fact
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.response.response import Response
from english import english
from entries import entry
from hazards import hazard

CODE = "FACT_CONTRADICTED"
SIGNS = ["new_walking_difficulty", "new_vision_loss", "bladder_or_bowel_change"]
SCORES = ["tingling_or_numbness", "balance"]


def symptoms(days: int, *signs: str, **scores: int) -> Event:
    data: dict[str, object] = {**scores, **({"red_flags": list(signs)} if signs else {})}
    return entry(f"s{days}", "symptoms", START + timedelta(days=days), data=data)


def fact(days: int, value: str, name: str = "neurological_involvement") -> Event:
    return entry(f"f{days}{name}", "fact", START + timedelta(days=days), data={"fact": name, "value": value})


def reviewed(days: int, *answers: str) -> Event:
    data = {"decision": "reviewed", "by": "Dr A", "answers": answers or (CODE,)}
    return entry(f"r{days}", "decision", START + timedelta(days=days), data=data)


@pytest.fixture
def seen(respond: Judging, patient: Callable[..., Case]) -> Callable[..., Response]:
    """The response to a record, with the facts as its own entries leave them."""

    def look(*record: Event, **facts: str) -> Response:
        stated = {"neurological_involvement": "absent", **facts}
        case = patient(**{name: value for name, value in stated.items() if value != "missing"})
        kept = tuple(each for each in case.facts if stated.get(each.name) != "missing")
        known: Facts = facts_of(Case(case.patient, kept, None, record), ON)
        return respond(*record, known=known)

    return look


# -- nerves ----------------------------------------------------------------------------------------------------------


@hazard("H44")
@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize(("score", "raises"), [(2, False), (3, True), (10, True)])
def test_a_score_of_three_contradicts_that_nerves_are_not_involved(
    seen: Callable[..., Response], name: str, score: int, raises: bool
) -> None:
    response = seen(symptoms(56, **{name: score}))
    assert (CODE in codes(response)) is raises
    if raises:
        found = issue(response, CODE)
        assert found.severity == "acknowledge"
        assert f"{score} of 10" in english(found.text)
        assert "this program's assumption" in english(found.text)
        assert "neurological involvement as absent" in english(found.text)
        assert "cobalamin record CASE fact fact=neurological_involvement value=present|absent" in found.answer
        assert f"decision reviewed answers={CODE}" in found.answer
        assert [ask.code for ask in response.asks] == [CODE]


@hazard("H44")
@pytest.mark.parametrize("other", ["tiredness", "mood", "stamina", "memory_or_concentration"])
def test_other_scores_contradict_nothing(seen: Callable[..., Response], other: str) -> None:
    assert codes(seen(symptoms(56, **{other: 10}))) == {"SYMPTOMS_HIGH"}


@hazard("H44")
@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_the_nerves_contradicts_at_any_score(seen: Callable[..., Response], sign: str) -> None:
    assert CODE in codes(seen(symptoms(56, sign)))
    assert CODE in codes(seen(symptoms(56, sign, tingling_or_numbness=0)))


def test_a_sign_of_something_else_contradicts_nothing(seen: Callable[..., Response]) -> None:
    assert CODE not in codes(seen(symptoms(56, "breathing_difficulty", "palpitations_or_collapse")))


@hazard("H44")
@pytest.mark.parametrize("answer", [lambda days: fact(days, "absent"), lambda days: fact(days, "present"), reviewed])
@pytest.mark.parametrize(("days", "ends"), [(55, False), (56, True), (90, True)])
def test_it_stands_until_a_later_fact_or_a_review_answers_it(
    seen: Callable[..., Response], answer: Callable[[int], Event], days: int, ends: bool
) -> None:
    response = seen(symptoms(56, tingling_or_numbness=6), answer(days))
    present = getattr(answer(days), "value", "") == "present"
    assert (CODE not in codes(response)) is (ends or present)
    later = seen(symptoms(56, tingling_or_numbness=6), symptoms(70, tingling_or_numbness=0), answer(days))
    assert (CODE not in codes(later)) is (ends or present)  # a lower score ends nothing


@hazard("H44")
@pytest.mark.parametrize("answer", [lambda: fact(60, "absent"), lambda: reviewed(60)])
@pytest.mark.parametrize(("score", "raises"), [(5, False), (7, False), (8, True), (10, True)])
def test_after_an_answer_it_rises_again_two_above_the_answered_score(
    seen: Callable[..., Response], answer: Callable[[], Event], score: int, raises: bool
) -> None:
    response = seen(symptoms(56, balance=6), answer(), symptoms(80, balance=score))
    assert (CODE in codes(response)) is raises
    fell_first = seen(symptoms(56, balance=6), symptoms(58, balance=1), answer(), symptoms(80, balance=3))
    assert CODE in codes(fell_first)
    never_high = seen(symptoms(56, balance=2), answer(), symptoms(80, balance=3))
    assert CODE in codes(never_high)


@hazard("H44")
def test_a_sign_after_the_answer_rises_anew(seen: Callable[..., Response]) -> None:
    assert CODE not in codes(seen(symptoms(56, SIGNS[0]), reviewed(56)))
    assert CODE in codes(seen(symptoms(56, SIGNS[0]), reviewed(56), symptoms(57, SIGNS[0])))


def test_a_dated_fact_of_the_head_answers_too(respond: Judging, patient: Callable[..., Case]) -> None:
    case = patient()
    kept = tuple(each for each in case.facts if each.name != "neurological_involvement")
    for day, ends in ((START, False), (START + timedelta(days=56), True)):
        told = (*kept, Fact("neurological_involvement", "absent", day))
        known = facts_of(Case(case.patient, told, None, ()), ON)
        assert (CODE not in codes(respond(symptoms(56, balance=5), known=known))) is ends


@hazard("H44")
@pytest.mark.parametrize("value", ["unknown", "missing"])
def test_where_the_fact_is_not_known_the_entry_asks_for_it_one_step_down(
    seen: Callable[..., Response], value: str
) -> None:
    response = seen(symptoms(56, tingling_or_numbness=3), neurological_involvement=value)
    found = issue(response, CODE)
    assert (found.severity, found.ask) == ("note", ("neurological_involvement",))
    assert [ask.code for ask in response.asks] == [CODE]
    asked_in_vain = seen(symptoms(56, tingling_or_numbness=3), fact(57, "unknown"), neurological_involvement=value)
    assert CODE not in codes(asked_in_vain)


# -- worse or new ----------------------------------------------------------------------------------------------------


@hazard("H44")
@pytest.mark.parametrize(
    ("before", "after", "worse"), [(2, 3, False), (1, 3, True), (4, 5, False), (4, 6, True), (0, 2, False)]
)
def test_where_nerves_are_involved_a_rise_of_two_on_treatment_is_worse_or_new(
    seen: Callable[..., Response], before: int, after: int, worse: bool
) -> None:
    record = (symptoms(-5, balance=before), symptoms(40, balance=after))
    response = seen(*record, neurological_involvement="present")
    assert codes(response) == ({"WORSE_OR_NEW"} if worse else set())
    if worse:
        assert "ng239-sps" in {cite.source for cite in issue(response, "WORSE_OR_NEW").cites}
        assert "symptoms_response" in issue(response, "WORSE_OR_NEW").answer
        assert [ask.code for ask in response.asks] == ["WORSE_OR_NEW"]
    assert codes(seen(*record)) == ({CODE} if after >= 3 else set())


@hazard("H44")
def test_worse_or_new_ends_with_an_answer_and_rises_above_it(seen: Callable[..., Response]) -> None:
    record = (symptoms(5, balance=2), symptoms(40, balance=5))
    for answer in (fact(41, "better", "symptoms_response"), reviewed(41, "WORSE_OR_NEW")):
        assert codes(seen(*record, answer, neurological_involvement="present")) == set()
        assert codes(seen(*record, answer, symptoms(60, balance=6), neurological_involvement="present")) == set()
        again = seen(*record, answer, symptoms(60, balance=7), neurological_involvement="present")
        assert codes(again) == {"WORSE_OR_NEW"}
    assert codes(seen(*record, reviewed(41, CODE), neurological_involvement="present")) == {"WORSE_OR_NEW"}


@hazard("H44")
@pytest.mark.parametrize("nerves", ["present", "absent"])
def test_that_it_is_worse_is_no_answer_and_leads_to_what_the_guideline_says(
    seen: Callable[..., Response], nerves: str
) -> None:
    said = fact(41, "worse_or_new", "symptoms_response")
    for record in ((), (symptoms(5, balance=1), symptoms(40, balance=2))):
        response = seen(*record, said, neurological_involvement=nerves)
        found = issue(response, "WORSE_OR_NEW")
        assert "symptoms worse or new" in english(found.text)
        assert "more often" in english(found.text)
        assert "ng239-sps" in {cite.source for cite in found.cites}
        assert "WORSE_OR_NEW" in [ask.code for ask in response.asks]
        assert "a rise of" not in english(found.text)
        for answer in (reviewed(42, "WORSE_OR_NEW"), fact(42, "better", "symptoms_response")):
            assert codes(seen(*record, said, answer, neurological_involvement=nerves)) == set()
    assert codes(seen(said, reviewed(40, "WORSE_OR_NEW"), neurological_involvement=nerves)) == {"WORSE_OR_NEW"}


def test_worse_before_any_treatment_is_not_worse_on_it(seen: Callable[..., Response]) -> None:
    assert codes(seen(fact(-5, "worse_or_new", "symptoms_response"), neurological_involvement="present")) == set()


def test_a_rise_before_treatment_is_not_one_on_it(seen: Callable[..., Response]) -> None:
    record = (symptoms(-40, balance=1), symptoms(-5, balance=6))
    assert codes(seen(*record, neurological_involvement="present")) == set()


# -- results ---------------------------------------------------------------------------------------------------------

AGAINST = [
    ("egfr", "28", (">", "60"), "mL/min/1.73m2", "renal_impairment", "90"),
    ("creatinine", "210", ("45", "84"), "umol/L", "renal_impairment", "60"),
    ("platelets", "140", ("150", "400"), "10*9/L", "thrombocytopenia", "250"),
    ("haemoglobin", "101", ("120", "160"), "g/L", "anaemia", "131"),
    ("folate", "1.2", ("4", "20"), "ug/L", "folate_status", "9"),
]  # fmt: skip


def measured(marker: str, value: str, usual: tuple[str, str] | None, unit: str, days: int = 60) -> Event:
    ends = None if usual is None else (usual[1], None) if usual[0] == ">" else usual
    return result(marker, days, value, ends, unit)


@hazard("H44")
@pytest.mark.parametrize(
    ("marker", "value", "usual", "unit", "name", "good"), AGAINST, ids=[each[0] for each in AGAINST]
)
def test_a_result_beyond_its_range_contradicts_a_fact_recorded_as_absent(
    seen: Callable[..., Response], marker: str, value: str, usual: tuple[str, str], unit: str, name: str, good: str
) -> None:
    absent = {"anaemia": "none", "folate_status": "normal"}.get(name, "absent")
    other = {"anaemia": "mild", "folate_status": "low"}.get(name, "present")
    against = measured(marker, value, usual, unit)
    found = issue(seen(against, **{name: absent}), CODE)
    assert found.severity == "acknowledge"
    assert value in english(found.text)
    assert f"fact={name} " in found.answer
    assert CODE not in codes(seen(against, **{name: other}))
    assert issue(seen(against, **{name: "missing"}), CODE).ask == (name,)
    assert CODE not in codes(seen(measured(marker, good, usual, unit), **{name: absent}))
    assert CODE not in codes(
        seen(measured(marker, value, None, unit), **{name: absent})
    )  # no range: it contradicts nothing
    assert CODE not in codes(seen(against, fact(61, absent, name), **{name: absent}))
    assert CODE in codes(
        seen(against, fact(61, absent, name), measured(marker, value, usual, unit, 70), **{name: absent})
    )
    unjudged = measured(marker, good, None, unit, 70)
    assert CODE in codes(seen(against, unjudged, **{name: absent}))  # one that can't be judged clears nothing


@hazard("H44")
@pytest.mark.parametrize(("value", "unit"), [("32", "10*9/L"), ("49", "10*3/uL"), ("32000", "/uL")])
def test_platelets_without_a_range_contradict_only_under_a_limit_that_has_a_source(
    seen: Callable[..., Response], value: str, unit: str
) -> None:
    found = issue(seen(measured("platelets", value, None, unit), thrombocytopenia="absent"), CODE)
    assert "in-blk" in {cite.source for cite in found.cites}
    assert CODE not in codes(seen(measured("platelets", "50", None, "10*9/L"), thrombocytopenia="absent"))


# -- pregnancy -------------------------------------------------------------------------------------------------------


@hazard("H44")
def test_a_pregnancy_recorded_during_treatment_brings_its_issue_and_question(seen: Callable[..., Response]) -> None:
    response = seen(fact(40, "pregnant", "pregnancy"), pregnancy="none")
    found = issue(response, "PREGNANCY_ON_TREATMENT")
    assert "urgent haematology advice" in english(found.text)
    assert {"sps-preg"} <= {cite.source for cite in found.cites}
    assert "Do not stop" in english(found.plain)
    assert [ask.code for ask in response.asks] == ["PREGNANCY_ON_TREATMENT"]
    looked = seen(fact(40, "pregnant", "pregnancy"), reviewed(40, "PREGNANCY_ON_TREATMENT"), pregnancy="none")
    assert codes(looked) == set()
    assert codes(seen(pregnancy="pregnant")) == set()  # known before: the plan was made for it


@hazard("H44")
def test_the_day_of_a_statement_is_known_with_it(patient: Callable[..., Case]) -> None:
    case = patient()
    record = (fact(40, "present"), fact(30, "absent"))
    known = facts_of(Case(case.patient, case.facts, None, record), ON)
    assert known.value("neurological_involvement") == "present"
    assert known.since == {"neurological_involvement": START + timedelta(days=40)}
    assert known.since["neurological_involvement"] > date.min
