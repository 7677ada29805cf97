"""A low potassium is told with and without a range, by how low it is, and lasts until somebody ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from blood_results import ONE_DOSE, START, Judging, codes, issue, only, result

from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.response.response import Response
from english import english
from entries import entry
from hazards import hazard

USUAL = ("3.5", "5.3")
TODAY, EMERGENCY = "Speak to the prescriber today", "Emergency department now"


def potassium(days: int, value: str, usual: object = None, **more: str) -> Event:
    return result("potassium", days, value, usual, **more)  # type: ignore[arg-type]  # (low, high) or None


def reviewed(days: int, *answers: str) -> Event:
    data = {"decision": "reviewed", "by": "Dr A", "answers": answers, "finding": "seen"}
    return entry(f"r{days}", "decision", START + timedelta(days=days), data=data)


def alarm(response: Response) -> Issue:
    return issue(response, "POTASSIUM_LOW")


@hazard("H09")
@hazard("H43")
@pytest.mark.parametrize("usual", [None, USUAL, (None, "5.3")])
@pytest.mark.parametrize(
    ("value", "low", "urgency"),
    [
        ("3.9", False, ""), ("3.5", False, ""), ("3.49", True, ""), ("3.0", True, ""), ("2.99", True, TODAY), ("2.5", True, TODAY),
        ("2.49", True, EMERGENCY), ("1.9", True, EMERGENCY), ("<2.5", True, EMERGENCY), ("<=2.5", True, TODAY), ("<3.5", True, ""),
    ],
)  # fmt: skip
def test_a_low_potassium_is_told_with_and_without_a_range(
    respond: Judging, usual: object, value: str, low: bool, urgency: str
) -> None:
    response = respond(potassium(4, value, usual))
    assert ("POTASSIUM_LOW" in codes(response)) is low
    assert only(response, "potassium").verdict == (
        ("below_expected" if low else "as_expected") if usual == USUAL else "not_interpretable"
    )
    if not low:
        return
    found = alarm(response)
    assert found.severity == "acknowledge"
    assert ("this program's assumption: the laboratory's range is missing" in english(found.text)) is (usual != USUAL)
    for words in (TODAY, EMERGENCY):
        assert (words in english(found.action)) is (words == urgency)
    assert ("prescribes for you today" in english(found.plain_action)) is (urgency == TODAY)
    assert ("emergency department now" in english(found.plain_action)) is (urgency == EMERGENCY)
    assert "treatment goes on as planned" not in english(only(response, "potassium").plain)


@hazard("H43")
def test_the_alarm_says_what_to_do_and_which_entries_end_it(respond: Judging) -> None:
    found = alarm(respond(potassium(4, "2.4")))
    for words in (
        "Who replaces potassium",
        "when is it measured next",
    ):
        assert words in english(found.action)
    for command in ("cobalamin record CASE result potassium=", "decision reviewed answers=POTASSIUM_LOW"):
        assert command in found.answer
    assert "not withheld" in english(found.action)
    assert [ask.code for ask in respond(potassium(4, "2.4")).asks] == ["POTASSIUM_LOW"]


@hazard("H43")
@pytest.mark.parametrize(
    ("later", "stands"),
    [
        (potassium(5, "4.1", USUAL), False),
        (potassium(5, "5.9", USUAL), False),
        (potassium(5, "4.1"), True),  # no range: it can't be judged
        (potassium(5, "4.1", (None, "5.3")), True),  # a range without a lower end says nothing of it
        (potassium(5, "<4.0", USUAL), True),
        (potassium(5, "19", USUAL), True),  # can't be right
        (potassium(5, "2.4"), True),
        (potassium(4, "4.1", USUAL), True),  # of one day the low one counts
        (potassium(26, "4.1", USUAL, month="2026-01"), True),  # it may have been before
        (reviewed(4, "POTASSIUM_LOW"), False),
        (reviewed(5, "POTASSIUM_LOW"), False),
        (reviewed(3, "POTASSIUM_LOW"), True),
        (reviewed(5, "FACT_CONTRADICTED"), True),
    ],
)
def test_it_lasts_until_a_later_potassium_is_judged_not_low_or_somebody_has_looked(
    respond: Judging, later: Event, stands: bool
) -> None:
    for usual in (USUAL, None):
        response = respond(potassium(4, "2.4", usual), later)
        assert ("POTASSIUM_LOW" in codes(response)) is stands
        if stands and later.kind == "result" and later.on and later.on > START + timedelta(days=4):
            assert english(alarm(response).action).startswith(EMERGENCY)


@hazard("H43")
def test_a_later_low_one_rises_anew_and_the_latest_says_how_urgent_it_is(respond: Judging) -> None:
    ended = (potassium(4, "2.4"), reviewed(5, "POTASSIUM_LOW"))
    assert codes(respond(*ended)) == set()
    again = alarm(respond(*ended, potassium(9, "3.2")))
    assert "3.2 mmol/L" in english(again.text)
    assert EMERGENCY not in english(again.action)
    unjudged = alarm(respond(potassium(4, "2.4"), potassium(9, "4.1")))
    assert "Measured later, but not to be judged" in english(unjudged.text)
    assert "4.1 mmol/L" in english(unjudged.text)


@hazard("H43")
@pytest.mark.parametrize("unit", ["mmol/L", "meq/L"])
@pytest.mark.parametrize("days", [-20, 0, 300])
def test_it_stands_in_either_unit_and_whenever_it_was_measured(respond: Judging, unit: str, days: int) -> None:
    for doses in (ONE_DOSE, ()):
        response = respond(result("potassium", days, "2.4", None, unit), doses=doses)
        assert codes(response) == {"POTASSIUM_LOW"}


def test_the_limits_stand_in_the_policy(library: Library) -> None:
    limits = library.default_policy.results
    assert (str(limits.potassium_low), str(limits.potassium_today), str(limits.potassium_emergency)) == (
        "3.5",
        "3",
        "2.5",
    )
