"""On which days the clinic is open, told with the plan on its page: an appointment is suggested, and no date moves."""

from __future__ import annotations

import re

import pytest
from web_site import CHOSEN, PLANNED, Visitor, words_of

from cobalamin.app.services import extras
from cobalamin.app.services.cases import open_case
from hazards import hazard

PLAN = f"{PLANNED}/plan?{CHOSEN}"
TOLD = {"by": "Dr A", "open": ["mon", "thu"], "closed": "2026-12-24, 2026-12-31"}


def reasons(visitor: Visitor) -> dict[str, str]:
    return {name: "seen" for name in visitor.form(PLAN) if name.startswith("reason.")}


def test_the_days_stand_in_the_plan_as_the_command_writes_them(visitor: Visitor) -> None:
    answer = visitor.send(PLAN, **TOLD, **reasons(visitor))
    assert answer.status_code == 303
    plan = open_case(visitor.folder / "pernicious-anaemia.yaml").plan
    assert plan is not None
    assert plan.calendar == {"open": ["mon", "thu"], "closed": ["2026-12-24", "2026-12-31"]}
    assert "appointment" in words_of(visitor.get(f"{PLANNED}?on=2026-10-02").text).lower()


def test_left_empty_the_plan_keeps_no_calendar(visitor: Visitor) -> None:
    assert visitor.send(PLAN, by="Dr A", **reasons(visitor)).status_code == 303
    plan = open_case(visitor.folder / "pernicious-anaemia.yaml").plan
    assert plan is not None
    assert plan.calendar == {}


@pytest.mark.parametrize(
    ("field", "told", "sentence"),
    [
        ("holidays", "Narnia", "names no country or part of one that is known"),
        ("closed", "Christmas", "is not a date"),
        ("open", "someday", "is no day of the week"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(
    field: str, told: str, sentence: str, visitor: Visitor
) -> None:
    if field == "holidays" and extras.missing("clinic"):
        pytest.skip("the holidays need the extra 'clinic'")
    before = visitor.text("pernicious-anaemia.yaml")
    answer = visitor.send(PLAN, **{**TOLD, **reasons(visitor), field: told})
    assert answer.status_code == 422
    assert sentence in words_of(answer.text)
    assert f'href="#{field}"' in answer.text
    assert 'value="Dr A"' in answer.text
    assert visitor.text("pernicious-anaemia.yaml") == before


@hazard("H129")
def test_a_first_day_far_from_today_is_asked_before_the_plan_is_written(visitor: Visitor) -> None:
    far = re.sub(r"start=[0-9-]+", "start=2126-01-05", PLAN)
    before = visitor.text("pernicious-anaemia.yaml")
    answer = visitor.send(far, by="Dr A", **reasons(visitor))
    assert answer.status_code == 422
    assert "lies more than a year ahead" in words_of(answer.text)
    assert visitor.text("pernicious-anaemia.yaml") == before
    sure = re.search(r'name="confirmed" value="([^"]+)"', answer.text)
    assert sure is not None
    assert visitor.send(far, by="Dr A", confirmed=sure[1], **reasons(visitor)).status_code == 303
