"""The diary: what it shows, when it speaks of a pattern and how seldom noise makes it, and the warning signs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.event_words import DECISIONS, RED_FLAGS
from cobalamin.therapy.case.events import own_keys
from cobalamin.therapy.case.keys import Kind
from cobalamin.therapy.response.diary import (
    SYMPTOMS,
    Diary,
    Symptom,
    chance,
    read_diary,
    red_flag_issues,
    share_between,
)
from cobalamin.therapy.response.response import GivenDose
from english import english
from entries import entry
from hazards import hazard

START = date(2026, 1, 5)
WEEK = 7
Scoring = Callable[[int, int], int]  # cycle and day in the cycle to a score
ADVICE = re.compile(r"\b(proof|proves?|proven|increase|reduce|shorten|more often|less often|raise|stop|interval of)\b")


def given(*days: int, route: str = "intramuscular") -> tuple[GivenDose, ...]:
    return tuple(GivenDose(START + timedelta(days=day), route) for day in days)


def scored(day: int, month: str = "", **scores: object) -> Event:
    return entry(f"{day}-{sorted(scores)}", "symptoms", START + timedelta(days=day), month, data=scores)


def cycles_of(
    count: int, score: Scoring, length: int = WEEK, **more: Scoring
) -> tuple[tuple[Event, ...], tuple[GivenDose, ...], date]:
    """A daily diary over `count` complete cycles and one that runs."""
    scoring = {"tiredness": score, **more}
    events = tuple(
        scored(day, **{name: of(*divmod(day, length)) for name, of in scoring.items()})
        for day in range((count + 1) * length)
    )
    return (
        events,
        given(*(number * length for number in range(count + 1))),
        START + timedelta(days=(count + 1) * length),
    )


def wearing_off(_: int, day: int) -> int:
    return 2 + day


def only(diary: Diary, name: str = "tiredness") -> Symptom:
    return next(symptom for symptom in diary.symptoms if symptom.name == name)


# -- what is shown ---------------------------------------------------------------------------------------------------


def test_each_symptom_is_a_score_of_the_case_file() -> None:
    assert [key.name for key in own_keys("symptoms") if key.value.kind is Kind.WHOLE] == list(SYMPTOMS)


def test_readings_stand_by_calendar_and_by_days_since_the_last_dose(library: Library) -> None:
    record = (scored(9, tiredness=3), scored(-1, tiredness=8), scored(0, tiredness=7), scored(6, mood=4))
    diary = read_diary(library, record, given(0, 7), START + timedelta(days=20))
    found = [((entry.on - START).days, entry.score, entry.days_since) for entry in only(diary).readings]
    assert found == [(-1, 8, None), (0, 7, 0), (9, 3, 2)]
    assert [symptom.name for symptom in diary.symptoms] == ["tiredness", "mood"]


def test_symptoms_in_own_words_follow_the_fixed_ones(library: Library) -> None:
    record = (scored(1, own={"mood": 3, "burning feet": 6}, mood=2),)
    diary = read_diary(library, record, given(0), START + timedelta(days=2))
    assert [(symptom.name, symptom.own) for symptom in diary.symptoms] == [
        ("mood", False),
        ("burning feet", True),
        ("mood", True),
    ]


def test_later_entries_and_later_doses_are_not_yet_there(library: Library) -> None:
    record = (scored(1, tiredness=3), scored(5, tiredness=4))
    diary = read_diary(library, record, given(0, 4), START + timedelta(days=4))
    assert len(only(diary).readings) == 1
    assert read_diary(library, (), given(0), START).symptoms == ()


def test_what_is_known_by_its_month_has_no_place_in_a_cycle(library: Library) -> None:
    diary = read_diary(library, (scored(26, month="2026-01", tiredness=3),), given(0), START + timedelta(days=60))
    assert only(diary).readings[0].days_since is None


def test_tablets_make_no_cycles(library: Library) -> None:
    events, _, on = cycles_of(8, wearing_off)
    found = only(read_diary(library, events, given(*range(0, 60, WEEK), route="oral"), on))
    assert (found.cycles, found.wearing_off) == (0, "cannot_tell")
    assert {entry.days_since for entry in found.readings} == {None}


def test_a_cycle_is_summed_up_by_its_thirds(library: Library) -> None:
    events, doses, on = cycles_of(2, wearing_off, length=9)
    first = only(read_diary(library, events, doses, on)).summaries[0]
    assert (first.began, first.ended, first.scores) == (START, START + timedelta(days=9), 9)
    assert (first.first, first.last, first.following) == (Fraction(4), Fraction(9), Fraction(4))
    assert first.higher_late


def test_the_score_of_the_day_of_a_dose_is_left_out(library: Library) -> None:
    """It is not known whether it was before or after the dose."""

    def worst_on_the_day(_: int, day: int) -> int:
        return 10 if day == 0 else 2 + day

    events, doses, on = cycles_of(8, worst_on_the_day)
    assert only(read_diary(library, events, doses, on)).wearing_off == "pattern_seen"


# -- wearing off -----------------------------------------------------------------------------------------------------


@hazard("H37")
@pytest.mark.parametrize(
    ("count", "verdict"),
    [(0, "cannot_tell"), (2, "cannot_tell"), (4, "cannot_tell"), (5, "pattern_seen"), (12, "pattern_seen")],
)
def test_no_pattern_is_seen_before_there_are_enough_cycles(library: Library, count: int, verdict: str) -> None:
    """Up to four cycles even a full house is likelier than 5 % by chance."""
    events, doses, on = cycles_of(count, wearing_off)
    found = only(read_diary(library, events, doses, on))
    assert (found.cycles, found.wearing_off) == (count, verdict)
    assert str(count) in english(found.text)
    assert str(count) in english(found.plain)


@hazard("H37")
def test_fewer_than_three_cycles_say_how_many_are_needed(library: Library) -> None:
    events, doses, on = cycles_of(2, wearing_off)
    assert "at least 3 are needed" in english(only(read_diary(library, events, doses, on)).text)
    events, doses, on = cycles_of(3, wearing_off)
    assert "At least 5 are needed" in english(only(read_diary(library, events, doses, on)).plain)


def test_a_strong_pattern_is_seen_among_several_symptoms(library: Library) -> None:
    noise = random.Random(7)
    more = {name: lambda *_: noise.randint(0, 10) for name in ("mood", "balance")}
    events, doses, on = cycles_of(9, lambda _, day: min(10, 1 + day + noise.randint(0, 2)), **more)
    diary = read_diary(library, events, doses, on)
    found = only(diary)
    assert found.wearing_off == "pattern_seen"
    assert "sign test" in english(found.text)
    assert "9 cycles" in english(found.text)
    assert "number of symptoms tested (3)" in english(found.text)
    assert "95 % interval" in english(found.text)
    assert {symptom.wearing_off for symptom in diary.symptoms if symptom.name != "tiredness"} == {"no_pattern"}


def test_more_symptoms_need_more_cycles(library: Library) -> None:
    """Five of five cycles are 1/32: enough for one symptom, not for two."""
    events, doses, on = cycles_of(5, wearing_off)
    assert only(read_diary(library, events, doses, on)).wearing_off == "pattern_seen"
    events, doses, on = cycles_of(5, wearing_off, mood=wearing_off)
    assert only(read_diary(library, events, doses, on)).wearing_off == "cannot_tell"
    events, doses, on = cycles_of(6, wearing_off, mood=wearing_off)
    assert only(read_diary(library, events, doses, on)).wearing_off == "pattern_seen"


@pytest.mark.parametrize("drift", [1, -1])
def test_a_steady_drift_is_no_pattern(library: Library, drift: int) -> None:
    events, doses, on = cycles_of(8, lambda cycle, day: 500 + drift * (cycle * WEEK + day))
    assert only(read_diary(library, events, doses, on)).wearing_off == "no_pattern"


def test_a_tie_speaks_against_a_pattern(library: Library) -> None:
    events, doses, on = cycles_of(8, lambda *_: 5)
    found = only(read_diary(library, events, doses, on))
    assert found.wearing_off == "no_pattern"
    assert "0 of 8" in english(found.text)
    one_tie, doses, on = cycles_of(5, lambda cycle, day: 5 if cycle == 2 else 2 + day)
    assert only(read_diary(library, one_tie, doses, on)).wearing_off == "no_pattern"


def test_a_cycle_without_scores_in_a_third_is_not_compared(library: Library) -> None:
    events, doses, on = cycles_of(6, wearing_off)
    gap = tuple(event for event in events if not 5 <= ((event.on or START) - START).days < 7)
    found = only(read_diary(library, gap, doses, on))
    assert found.cycles == 5
    assert len(found.summaries) == 6
    assert not found.summaries[0].usable


def test_the_reverse_of_wearing_off_is_no_pattern(library: Library) -> None:
    events, doses, on = cycles_of(12, lambda _, day: 10 - day)
    assert only(read_diary(library, events, doses, on)).wearing_off == "no_pattern"


@hazard("H37")
@pytest.mark.parametrize("score", [wearing_off, lambda *_: 5, lambda cycle, _: cycle % 3])
@pytest.mark.parametrize("count", [1, 4, 8])
def test_the_words_stay_neutral(library: Library, score: Scoring, count: int) -> None:
    events, doses, on = cycles_of(count, score)
    found = only(read_diary(library, events, doses, on))
    for text in map(english, (found.text, found.plain)):
        assert text
        assert not ADVICE.search(text.lower().replace("interval of the share", "")), text
    if found.wearing_off == "pattern_seen":
        assert "worth discussing" in english(found.text)
        assert "worth discussing" in english(found.plain)
        assert {cite.source for cite in found.cites} >= {"article-a4", "ng239-sps"}


def test_the_probabilities_are_exact() -> None:
    assert chance(5, 5) == Fraction(1, 32)
    assert chance(8, 7) == Fraction(9, 256)
    assert chance(8, 0) == 1
    # Clopper-Pearson: 8 of 8 from 63.06 %, 0 of 8 to 36.94 %, 5 of 10 from 18.71 to 81.29 %
    assert share_between(8, 8) == (63, 100)
    assert share_between(8, 0) == (0, 37)
    assert share_between(10, 5) == (18, 82)


def noise_only(chances: random.Random, related: bool) -> tuple[tuple[Event, ...], tuple[GivenDose, ...], date]:
    """A diary without any pattern: 1 to 5 symptoms over 4 to 12 cycles; `related`: today like yesterday, and a slow drift."""
    length, step = chances.choice([(7, 1), (14, 2), (28, 4), (56, 8), (84, 12)])
    count = chances.randint(4, 12)
    names = SYMPTOMS[: chances.randint(1, 5)]
    total = (count + 1) * length
    level = {name: chances.uniform(2, 8) for name in names}
    drift = {name: chances.uniform(-5, 5) for name in names}
    carried = dict.fromkeys(names, 0.0)
    events = []
    for day in range(0, total, step):
        scores = {}
        for name in names:
            carried[name] = 0.85 * carried[name] + chances.gauss(0, 1)
            slow = level[name] + drift[name] * (day / total - 0.5) + carried[name]
            scores[name] = max(0, min(10, round(slow))) if related else chances.randint(0, 10)
        events.append(scored(day, **scores))
    return tuple(events), given(*range(0, total, length)), START + timedelta(days=total)


@hazard("H37")
@pytest.mark.parametrize("related", [False, True], ids=["independent", "autocorrelated and drifting"])
def test_noise_alone_claims_a_pattern_in_at_most_five_of_a_hundred_diaries(library: Library, related: bool) -> None:
    chances = random.Random(20260105)
    claimed = told = 0
    for _ in range(1000):
        verdicts = {symptom.wearing_off for symptom in read_diary(library, *noise_only(chances, related)).symptoms}
        claimed += "pattern_seen" in verdicts
        told += "cannot_tell" not in verdicts
    assert claimed <= 50
    assert told >= 400  # the test had something to judge


# -- warning signs ---------------------------------------------------------------------------------------------------

ON = START + timedelta(days=100)


def flagged(day: int, *flags: str, month: str = "") -> Event:
    return scored(day, month=month, red_flags=flags)


def decided(day: int, decision: str = "reviewed", **told: object) -> Event:
    names = {"answers": ("RED_FLAG_SYMPTOM",)} if decision == "reviewed" else {}
    return entry(f"d{day}", "decision", START + timedelta(days=day), data={"decision": decision, **names, **told})


def standing(library: Library, *record: Event, on: date = ON) -> int:
    return len(red_flag_issues(library, record, on))


@hazard("H29")
@pytest.mark.parametrize("flag", RED_FLAGS)
def test_each_warning_sign_asks_for_help_now(library: Library, flag: str) -> None:
    record = next(record for record in library.records("red_flags.yaml", "red_flags") if record["id"] == flag)
    (issue,) = red_flag_issues(library, (flagged(3, flag),), ON)
    assert (issue.code, issue.severity) == ("RED_FLAG_SYMPTOM", "acknowledge")
    assert issue.action == record["action"]
    assert record["text"] in english(issue.text)
    assert "Thu 8 January 2026" in english(issue.text)
    assert record["plain_action"] in english(issue.plain_action)
    assert english(issue.plain_whole).startswith(english(issue.plain_action))
    assert {cite if isinstance(cite, str) else cite["source"] for cite in record["cites"]} <= {
        cite.source for cite in issue.cites
    }


@hazard("H29")
def test_a_warning_sign_stays_until_a_clinician_has_looked(library: Library) -> None:
    sign = flagged(3, "new_vision_loss")
    assert standing(library, sign) == 1
    for event in (scored(4, tiredness=3), flagged(4, "widespread_hives")):
        assert "vision" in english(red_flag_issues(library, (sign, event), ON)[0].text).lower()
    for day in (3, 4):  # a look may be of the very day
        assert standing(library, sign, decided(day)) == 0


@hazard("H29")
def test_nothing_before_it_and_no_later_entry_without_it_ends_a_warning_sign(library: Library) -> None:
    sign = flagged(3, "new_vision_loss")
    for event in (scored(3, tiredness=1), decided(2), scored(2, tiredness=1), scored(9, tiredness=0)):
        assert standing(library, sign, event) == 1


@hazard("H29")
@pytest.mark.parametrize("decision", [each for each in DECISIONS if each != "reviewed"])
def test_no_other_decision_ends_a_warning_sign(library: Library, decision: str) -> None:
    """To stop, to resume, or to change the interval says nothing about the sign: only a look that names it ends it."""
    assert standing(library, flagged(3, "new_vision_loss"), decided(9, decision)) == 1


@hazard("H29")
def test_a_look_at_something_else_ends_no_warning_sign(library: Library) -> None:
    sign = flagged(3, "new_vision_loss")
    for answers in ((), ("POTASSIUM_LOW",), ("REVIEW_OPEN", "LAPSE")):
        assert standing(library, sign, decided(9, answers=answers)) == 1


@hazard("H28")
@hazard("H29")
def test_all_signs_stand_in_one_issue_so_that_none_is_crowded_out(library: Library) -> None:
    record = (flagged(3, "new_vision_loss"), flagged(5, *RED_FLAGS))
    (issue,) = red_flag_issues(library, record, ON)
    for flag in library.records("red_flags.yaml", "red_flags"):
        assert flag["text"] in english(issue.text)
        assert flag["action"] in english(issue.action)
        assert flag["plain_action"] in english(issue.plain_action)
    again = (flagged(3, "new_vision_loss"), decided(4), flagged(5, "new_vision_loss"))
    assert standing(library, *again) == 1


def test_a_sign_recorded_later_is_not_yet_there(library: Library) -> None:
    assert standing(library, flagged(3, "new_vision_loss"), on=START) == 0
