"""`due --ampoules` and `due --away`: how long what is at home lasts, and what a journey moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import example, in_process

from cobalamin.amounts import read_mass
from cobalamin.app.services.away import ahead_of, away_of
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.reviewing import review_of
from cobalamin.app.services.supply import ahead_for, supply, supply_of, supply_words
from cobalamin.records import replace
from hazards import hazard

RUNNING = example("treatment-running")
DAY = ("--on", "2026-09-01")
ON = date(2026, 9, 1)


def said(*options: str, case: Path = RUNNING, on: tuple[str, str] = DAY) -> str:
    run = in_process("due", case, *on, *options)
    assert run.code == 0, run.err
    return " ".join(run.out.split())


@hazard("H152")
def test_ampoules_last_until_the_first_dose_that_they_are_not_enough_for() -> None:
    told = said("--ampoules", "3")
    assert (
        "3 ampoules are enough until Fri 9 July 2027, when the next one is needed; order by Fri 25 June 2027." in told
    )
    assert "Ordered 14 days before it is needed (this program's assumption)." in told


@hazard("H152")
@pytest.mark.parametrize(
    ("number", "answer"),
    [
        (
            "1",
            "1 ampoule is enough until Sat 9 January 2027, when the next one is needed; order by Sat 26 December 2026.",
        ),
        ("0", "0 ampoules are not enough for the next dose, Fri 9 October 2026; order now."),
    ],
)
def test_one_and_none(number: str, answer: str) -> None:
    assert answer in said("--ampoules", number)


def test_what_should_have_been_ordered_is_ordered_now() -> None:
    told = said("--ampoules", "3", case=example("self-injecting"), on=("--on", "2026-03-01"))
    assert "3 ampoules are enough until Sun 8 March 2026, when the next one is needed; order now." in told
    assert "order now" in told
    assert "order by" not in told


def test_without_a_product_one_ampoule_a_dose_is_an_assumption_that_is_said(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    case.write_text("".join(line for line in case.read_text().splitlines(True) if "  product:" not in line))
    assert open_case(case).plan.product == ""  # type: ignore[union-attr]  # the example has a plan
    assert "One ampoule a dose is assumed, because the plan names no product." in said("--ampoules", "2", case=case)


@hazard("H152")
def test_a_dose_of_two_ampoules_takes_two_and_a_half_one_a_whole() -> None:
    seen = review_of(open_case(RUNNING), ON, ahead=ahead_for(9))
    product = seen.plan.product if seen.plan else None
    assert product is not None
    doses = [item for item in seen.upcoming if item.kind == "dose"]
    assert supply(doses, ON, 4, seen.policy, product).until == doses[4].on
    double = [replace(item, dose=read_mass("1.5 mg")) for item in doses]
    assert supply(double, ON, 4, seen.policy, product).until == doses[2].on
    half = [replace(item, dose=read_mass("0.5 mg")) for item in doses]
    assert supply(half, ON, 4, seen.policy, product).until == doses[4].on


def test_what_lasts_longer_than_the_schedule_says_so() -> None:
    seen = review_of(open_case(RUNNING), ON, ahead=ahead_for(9))
    doses = [item for item in seen.upcoming if item.kind == "dose"][:2]
    found = supply(doses, ON, 5, seen.policy, seen.plan.product if seen.plan else None)
    assert (found.until, found.order_by, found.left) == (None, None, 3)
    (told,) = supply_words(found, seen.library.own_words)
    assert told == "5 ampoules are enough for every dose that is scheduled so far, the last on Sat 9 January 2027."


def test_a_local_policy_says_how_long_ahead(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("policy: ash-lane\nowner: Dr A\ndate: 2026-01-01\norder_ahead: 4 wk\n")
    told = said("--ampoules", "1", "--policy", str(policy))
    assert "order by Sat 12 December 2026" in told
    assert "Ordered 4 weeks before it is needed (local policy ash-lane)." in told


@hazard("H152")
def test_a_dose_in_a_journey_is_shown_with_the_days_before_and_after() -> None:
    told = said("--away", "2026-10-01..2026-10-20")
    assert "The dose of Fri 9 October 2026 can be given from Fri 25 September 2026 to Fri 23 October 2026:" in told
    assert "before you leave (25 Sep to 30 Sep 2026) or after you are back (21 Oct to 23 Oct 2026)." in told
    assert "No source says how early or late a dose may be; these days are this program's assumption." in told


@hazard("H152")
def test_a_dose_without_a_day_at_home_says_so() -> None:
    told = said("--away", "2026-09-20..2026-11-01")
    assert "and you are away all that time: have it given there, or speak to whoever gives it before you leave." in told


def test_who_is_away_already_can_only_have_it_after() -> None:
    told = said("--away", "2026-09-20..2026-10-20", on=("--on", "2026-09-28"))
    assert "before you leave" not in told
    assert "after you are back (21 Oct to 23 Oct 2026)" in told


def test_a_journey_without_a_dose_says_so() -> None:
    assert "No dose falls between Tue 1 September 2026 and Thu 10 September 2026." in said(
        "--away", "today..2026-09-10"
    )


@hazard("H152")
def test_while_something_holds_the_dose_back_nothing_is_said_of_it(
    copy_of: Callable[..., Path], fits_schema: Callable[[str, Any], None]
) -> None:
    case = copy_of("treatment-running")
    assert in_process("record", case, "symptoms", "red_flags=facial_swelling", *DAY).code == 0
    told = said("--away", "2026-10-01..2026-10-20", case=case)
    assert "What stands above comes first" in told
    assert "can be given" not in told
    document = in_process("due", case, *DAY, "--away", "2026-10-01..2026-10-20", "--json").document
    fits_schema("due", document)
    assert document["away"]["doses"] == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2026-10-20..2026-10-01", "before it begins"),
        ("2026-08-01..2026-08-20", "the journey is over"),
        ("2026-10-01", "two days with two points between"),
        ("..2026-10-01", "two days with two points between"),
        ("2026-10-01..2029-10-01", "longer than 366 days"),
        ("soon..later", "is not a date"),
    ],
)
def test_what_is_no_journey_is_refused_in_a_sentence(typed: str, why: str) -> None:
    refused = in_process("due", RUNNING, *DAY, "--away", typed)
    assert (refused.code, refused.out) == (3, "")
    assert why in refused.err
    assert len(refused.err.splitlines()) == 1


@pytest.mark.parametrize("number", ["-1", "501", "two"])
def test_what_is_no_number_of_ampoules_is_refused(number: str) -> None:
    refused = in_process("due", RUNNING, *DAY, "--ampoules", number)
    assert (refused.code, refused.out) == (2, "")


def test_without_a_plan_neither_can_be_said() -> None:
    told = said("--ampoules", "3", "--away", "2026-10-01..2026-10-20", case=example("vegan"))
    assert "How long they last can't be said, because no dose has a day." in told
    assert "What may move can't be said, because nothing of the plan has a day." in told


def test_both_are_documents_and_say_the_same(fits_schema: Callable[[str, Any], None]) -> None:
    document = in_process(
        "due", RUNNING, *DAY, "--ampoules", "3", "--away", "2026-10-01..2027-01-20", "--json"
    ).document
    fits_schema("due", document)
    assert (document["supply"]["until"], document["supply"]["order_by"]) == ("2027-07-09", "2027-06-25")
    assert [dose["on"] for dose in document["away"]["doses"]] == ["2026-10-09", "2027-01-09"]
    assert "supply" not in in_process("due", RUNNING, *DAY, "--json").document


def test_the_days_before_and_after_never_lie_in_the_journey_or_outside_the_window() -> None:
    case = open_case(RUNNING)
    for start in range(0, 200, 9):
        for length in (0, 6, 20, 45):
            begins = ON + timedelta(days=start)
            days = (begins, begins + timedelta(days=length))
            found = away_of(review_of(case, ON, ahead=ahead_of(days, ON)), days)
            for falls in found.doses:
                first, last = falls.item.bookable_from, falls.item.due_through
                assert first is not None
                assert last is not None
                for span in filter(None, (falls.before, falls.after)):
                    assert max(first, ON) <= span[0] <= span[1] <= last
                    assert span[1] < days[0] or span[0] > days[1]


def test_more_ampoules_never_last_shorter() -> None:
    case = open_case(RUNNING)
    ends = [supply_of(review_of(case, ON, ahead=ahead_for(number)), number).until for number in range(12)]
    dated = [each for each in ends if each]
    assert dated == sorted(dated)
    assert len(dated) == 12
