"""Plans of every protocol that can be planned, with every choice settled from what the plan says it needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cobalamin.knowledge.model import Protocol
from cobalamin.records import replace
from cobalamin.spans import Span
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.plan.items import Item, Request
from cobalamin.therapy.plan.plan import Plan, forward, make_plan
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.choices import Need, SettledPhase, settle
from cobalamin.therapy.regimen.ladder import compile_ladder
from hazards import hazard

from .people import TODAY, case_of, countries, shipped, values_of

CURRENT = tuple(
    protocol for protocol in shipped().protocols() if not protocol.guidance and protocol.status == "current"
)
POLICY = shipped().default_policy
# What a careful person has asked about anybody; what else a protocol needs is answered when the plan asks for it.
ASKED = {definition.id: definition.absent for definition in shipped().facts.values() if definition.box}
Answer = Callable[[Need], str]

starts = st.dates(date(1950, 1, 1), date(2000, 12, 31))
protocols = st.sampled_from(CURRENT)
SIDES = ("least", "most")


def answer_for(side: str, number: int) -> Answer:
    """Takes one end of every range, and of every list the entry with this number."""

    def answer(need: Need) -> str:
        if need.fact:
            known = values_of(shipped().facts[need.fact])
            return known[number % len(known)]
        if need.options:
            return need.options[number % len(need.options)]
        value = need.least if side == "least" else need.most
        return str(value if value is not None else need.most or need.least)

    return answer


answers = st.builds(answer_for, st.sampled_from(SIDES), st.integers(0, 20))


def planned(
    protocol: Protocol, start: date, answer: Answer, months: int = 12, country: str = "", patient_id: str = "somebody"
) -> Plan:
    """The plan of a protocol after every question it asks was answered."""
    facts, choices = dict(ASKED), {}
    for _ in range(6):
        request = Request(protocol, start, choices, POLICY, None, months)
        plan = make_plan(shipped(), case_of(facts, None, country, patient_id), request, TODAY)
        if not plan.needs:
            return plan
        facts |= {need.fact: answer(need) for need in plan.needs if need.fact}
        choices |= {need.choice: answer(need) for need in plan.needs if need.choice}
    raise AssertionError(f"{protocol.id} never stops asking: {plan.needs}")


def dates_of(item: Item) -> tuple[date | None, ...]:
    return item.on, item.until, item.bookable_from, item.due_through, item.overdue_from, item.review_from


def lines(plan: Plan, *kinds: str) -> list[tuple[object, ...]]:
    """Everything that can be acted on: what, when, and how much."""
    return [
        (item.kind, item.phase, item.number, *dates_of(item), item.substance, item.dose, item.route, item.marker, item.offset)
        for item in plan.items
        if not kinds or item.kind in kinds
    ]  # fmt: skip


def dose_days(plan: Plan) -> list[date]:
    return [item.on for item in plan.items if item.kind == "dose" and item.on]


def assert_sourced(item: Item) -> None:
    """Promise 1: no line without a source, or the word of who assumes it."""
    assert item.cites or item.basis in ("software_default", "local_policy")
    assert not item.bookable_from or item.window_basis in ("published", "borrowed", "software_default", "local_policy")
    assert item.why
    assert item.text
    assert item.plain


# -- every protocol --------------------------------------------------------------------------------------------------


@hazard("H13")
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("protocol", CURRENT, ids=lambda protocol: protocol.id)
def test_every_current_protocol_gives_a_sourced_plan_in_order(protocol: Protocol, side: str) -> None:
    for number in range(4):
        plan = planned(protocol, date(2026, 1, 31), answer_for(side, number))
        assert not plan.blocked, plan.issues
        assert plan.items
        days = dose_days(plan)
        assert days == sorted(days)
        for item in plan.items:
            assert_sourced(item)


@given(protocols, starts, answers, st.integers(1, 60))
def test_a_plan_of_any_length_begins_on_its_start_and_keeps_its_dates_in_order(
    protocol: Protocol, start: date, answer: Answer, months: int
) -> None:
    plan = planned(protocol, start, answer, months)
    days = dose_days(plan)
    assert days == sorted(days)
    assert all(item.on is None or item.on >= start for item in plan.items)
    begun = [item.on for item in plan.items if item.kind in ("dose", "course") and item.on]
    assert not begun or min(begun) == start
    for item in plan.items:
        window = [
            day for day in (item.bookable_from, item.on, item.due_through, item.overdue_from, item.review_from) if day
        ]
        assert window == sorted(window)


@given(protocols, starts, answers)
def test_no_day_holds_two_doses_of_one_plan(protocol: Protocol, start: date, answer: Answer) -> None:
    days = dose_days(planned(protocol, start, answer))
    assert len(set(days)) == len(days)


@hazard("H16")
@given(protocols, starts, answers, st.integers(1, 24), st.integers(0, 24))
def test_looking_further_ahead_only_adds_doses(
    protocol: Protocol, start: date, answer: Answer, months: int, more: int
) -> None:
    near, far = (lines(planned(protocol, start, answer, ahead), "dose") for ahead in (months, months + more))
    dated = [line for line in near if line[3]]
    assert [line for line in far if line[3]][: len(dated)] == dated


# -- what the dates depend on ----------------------------------------------------------------------------------------


def in_four_centuries(day: date | None) -> date | None:
    return day.replace(year=day.year + 400) if day else None


@hazard("H14")
@given(protocols, starts, answers)
def test_a_plan_that_starts_four_centuries_later_has_the_same_days(
    protocol: Protocol, start: date, answer: Answer
) -> None:
    now, then = planned(protocol, start, answer), planned(protocol, start.replace(year=start.year + 400), answer)
    assert [tuple(map(in_four_centuries, dates_of(item))) for item in now.items] == [
        dates_of(item) for item in then.items
    ]
    assert [(item.kind, item.phase, item.number, item.marker) for item in now.items] == [
        (item.kind, item.phase, item.number, item.marker) for item in then.items
    ]


@given(protocols, starts, answers)
def test_the_name_in_the_file_never_changes_a_plan(protocol: Protocol, start: date, answer: Answer) -> None:
    assert planned(protocol, start, answer) == planned(protocol, start, answer, patient_id="somebody else")


@given(protocols, starts, answers, countries, countries)
def test_the_country_never_moves_a_dose(
    protocol: Protocol, start: date, answer: Answer, home: str, abroad: str
) -> None:
    """Only checks may differ, because the guidance of the patient's own country adds some, and what its products leave open."""
    here, there = (planned(protocol, start, answer, country=country) for country in (home, abroad))
    assume(here.choices == there.choices)
    assert lines(here, "dose", "course", "decision") == lines(there, "dose", "course", "decision")


@given(protocols, starts, answers)
def test_the_same_request_gives_the_same_plan_twice(protocol: Protocol, start: date, answer: Answer) -> None:
    assert planned(protocol, start, answer) == planned(protocol, start, answer)


ALIASES = tuple(protocol for protocol in CURRENT if protocol.same_as)


@given(st.sampled_from(ALIASES), starts, answers)
def test_an_alias_has_the_dates_of_what_it_equals(alias: Protocol, start: date, answer: Answer) -> None:
    assert lines(planned(alias, start, answer)) == lines(planned(shipped().content(alias), start, answer))


# -- numbers of doses derived from a duration ------------------------------------------------------------------------


def phase_of(spacing: Span | int, duration: Span) -> SettledPhase:
    """An injection phase with this spacing and published duration."""
    nobody = facts_of(case_of({}), TODAY)
    raw = settle(shipped().protocol("uk-bnf-noneuro"), {"maintenance_interval": "3 mo"}, nobody).phases[0]
    kind = "per_week" if isinstance(spacing, int) else "interval"
    return replace(raw, spacing_kind=kind, spacing=spacing, end_by="duration", end=duration)


def counted(phases: tuple[SettledPhase, ...], start: date) -> list[int]:
    """How many doses each phase has when the plan is kept to the day; derived and scheduled must agree."""
    ladder = compile_ladder(phases, start, POLICY, facts_of(case_of({}), TODAY))
    doses = [entry for entry in forward(ladder, start, date(9000, 1, 1), POLICY) if entry.kind == schedule.DOSE]
    found = [sum(entry.phase is phase for entry in doses) for phase in ladder.phases]
    assert tuple(found) == ladder.derived_counts
    return found


DAILY = phase_of(Span(1, "d"), Span(3, "d"))
DESIGNED = [
    (Span(2, "d"), Span(2, "wk"), 7, 7),
    (3, Span(2, "wk"), 6, 6),
    (Span(1, "wk"), Span(4, "wk"), 4, 4),
    (Span(3, "d"), Span(2, "wk"), 5, 4),  # the design's "every 3 days for 2 weeks is 4" speaks of a later phase
    (2, Span(5, "wk"), 10, 10),
    (Span(1, "d"), Span(1, "wk"), 7, 7),
]


@pytest.mark.parametrize(("spacing", "duration", "first", "later"), DESIGNED)
@given(start=starts)
def test_a_published_duration_holds_the_doses_of_the_design(
    spacing: Span | int, duration: Span, first: int, later: int, start: date
) -> None:
    phase = phase_of(spacing, duration)
    assert counted((phase,), start) == [first]
    assert counted((DAILY, phase), start) == [3, later]


@given(starts, st.integers(1, 6), st.integers(1, 12))
def test_so_many_a_week_for_some_weeks_is_their_product(start: date, per_week: int, weeks: int) -> None:
    first, later = phase_of(per_week, Span(weeks, "wk")), phase_of(per_week, Span(weeks, "wk"))
    assert counted((first, later), start) == [per_week * weeks] * 2


@given(starts, st.integers(1, 12), st.integers(1, 24))
def test_weekly_doses_for_some_months_all_fall_inside_them(start: date, weeks: int, months: int) -> None:
    phase = phase_of(Span(weeks, "wk"), Span(months, "mo"))
    days, least = Span(months, "mo").day_bounds[1], Span(months, "mo").day_bounds[0]
    (doses,) = counted((phase,), start)
    assert (doses - 1) * weeks * 7 < days
    assert doses * weeks * 7 >= least


@pytest.mark.parametrize("month", range(1, 13))
def test_a_monthly_dose_for_a_year_is_twelve_whatever_the_month(month: int) -> None:
    monthly = phase_of(Span(1, "mo"), Span(1, "a"))
    for day in (1, 28, 29, 30, 31):
        try:
            start = date(2024, month, day)
        except ValueError:
            continue
        assert counted((monthly,), start) == [12]
        assert counted((DAILY, monthly), start) == [3, 12]
