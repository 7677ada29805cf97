"""A history speaks from its last dose: the day on which somebody wrote it down changes nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given

from cobalamin.records import replace
from cobalamin.therapy.case.case import Case
from entries import entry
from hazards import hazard

from .records import MANY, PLANS, a_case, cases, chances, last_day
from .test_review import reviewed


def told(case: Case, last: date, own: date) -> Case:
    """The case with one history, written down on `own`; neither another history nor a later plan stands beside it."""
    assert case.plan is not None
    phase = "maintenance" if case.plan.protocol.startswith(("uk", "nl")) else "load"
    data: dict[str, object] = {"phase": phase, "last_dose": last}
    kept = [event for event in case.record if event.kind not in ("history", "plan") and not event.month]
    return replace(case, record=(*kept, entry("told", "history", own, source="this_site", data=data)))


@hazard("H57")
@MANY
@given(cases(), chances)
def test_the_day_on_which_a_history_is_written_down_changes_nothing(case: Case, chance: random.Random) -> None:
    assert case.plan is not None
    last = case.plan.start + timedelta(days=chance.randrange(-40, 200))
    on = max(last_day(case), last) + timedelta(days=chance.choice((0, 1, 30, 200)))
    at_once = reviewed(told(case, last, last), on)
    for own in {on, min(on, last + timedelta(days=chance.randrange(200)))}:
        assert reviewed(told(case, last, own), on) == at_once


@hazard("H57")
@given(chances)
def test_a_dose_after_the_last_one_told_is_judged_by_the_history_and_the_dose_of_that_day_is_the_one_told(
    chance: random.Random,
) -> None:
    start = date(2022, 1, 3) + timedelta(days=chance.randrange(800))
    plan = a_case(chance, (("uk-bnf-noneuro", {"maintenance_interval": "3 mo"}),), 0).plan
    assert plan is not None
    last = start + timedelta(days=chance.randrange(60))
    dose = last + timedelta(days=chance.randrange(80, 100))
    doses = [
        entry(f"d{day}", "administration", day, source="this_site", data={"as_planned": True}) for day in (last, dose)
    ]
    base = a_case(chance, PLANS, 14)
    case = replace(base, plan=replace(plan, start=start), record=tuple(doses))
    seen = reviewed(told(case, last, dose + timedelta(days=chance.randrange(30))), dose + timedelta(days=40))
    entries = {entry["on"]: entry for entry in seen["evaluations"]}
    assert (entries[str(last)]["credit"], entries[str(last)]["timing"]) == ("credited", "none")
    assert (entries[str(dose)]["phase"], entries[str(dose)]["number"]) == ("maintenance", 1)
    assert entries[str(dose)]["timing"] != "late" or (dose - last).days > 92 + 14
