"""Schedules: the fold run forward, with windows, checks and decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from cobalamin.errors import InputError
from cobalamin.knowledge import library as library_module
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder, from_folder
from cobalamin.knowledge.vocabulary import SUBSTANCES
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.plan.items import Item, Request
from cobalamin.therapy.plan.plan import Plan, make_plan
from english import english
from hazards import hazard

PLANNABLE = [
    protocol.id for protocol in from_folder(data_folder()).protocols() if not protocol.guidance and protocol.status != "withdrawn"
]  # fmt: skip
ON = date(2026, 1, 2)


def plan(
    library: Library, case: Case, protocol: str, start: str, months: int = 12, product: str = "", **choices: str
) -> Plan:
    request = Request(
        library.protocol(protocol), date.fromisoformat(start), choices, library.default_policy,
        library.products[product] if product else None, months,
    )  # fmt: skip
    return make_plan(library, case, request, ON)


def settled_plan(library: Library, case: Case, protocol: str, start: str = "2026-01-05", months: int = 12) -> Plan:
    """A plan with the first value of every range and the first option of every choice."""
    choices: dict[str, str] = {}
    for _ in range(12):
        made = plan(library, case, protocol, start, months, **choices)
        if not made.needs:
            return made
        for need in made.needs:
            assert need.choice, f"{protocol} needs the fact {need.fact}"
            choices[need.choice] = (
                need.options[0] if need.options else str(need.least if need.least is not None else need.most)
            )
    raise AssertionError(f"{protocol} can't be settled: {made.needs}")


def doses(made: Plan, phase: str = "") -> list[Item]:
    return [item for item in made.items if item.kind == "dose" and item.on and (not phase or item.phase == phase)]


def days(made: Plan, phase: str = "") -> list[str]:
    return [str(item.on) for item in doses(made, phase)]


def checks(made: Plan, marker: str) -> list[Item]:
    return [item for item in made.items if item.kind == "check" and item.marker == marker]


@pytest.fixture
def anyone(patient: Callable[..., Case]) -> Case:
    return patient(
        deficiency="confirmed",
        cause="pernicious_anaemia",
        neurological_involvement="absent",
        anaemia="mild",
        weight="62 kg",
    )


# -- the ladder ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", PLANNABLE)
def test_every_protocol_of_the_contract_can_be_planned(library: Library, anyone: Case, protocol: str) -> None:
    made = settled_plan(library, anyone, protocol)
    assert made.items, protocol
    for item in made.items:
        assert item.cites or item.basis in ("software_default", "local_policy"), item
        assert item.text
        assert item.plain
        assert item.why
        assert item.on or item.after


def test_three_a_week_for_two_weeks_is_six_doses_then_every_three_months(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "uk-bnf-noneuro", "2026-01-05", maintenance_interval="3 mo")
    assert days(made, "load") == ["2026-01-05", "2026-01-07", "2026-01-09", "2026-01-12", "2026-01-14", "2026-01-16"]
    assert days(made, "maintenance") == ["2026-04-16", "2026-07-16", "2026-10-16"]
    first = doses(made, "maintenance")[0]
    window = (first.bookable_from, first.due_through, first.overdue_from, first.review_from)
    assert [str(day) for day in window] == ["2026-04-02", "2026-04-30", "2026-05-01", "2026-07-16"]
    assert all(item.determinacy == "firm" for item in doses(made))


def test_alternate_days_for_two_weeks_is_seven_doses(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "au-vitab12-neuro", "2026-01-05", load_duration="2 wk")
    assert len(doses(made, "load")) == 7
    assert days(made, "maintenance")[0] == "2026-03-17"


@hazard("H14")
def test_three_monthly_from_31_january_stays_at_the_month_end(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "uk-bnf-proph", "2026-01-31", maintenance_interval="3 mo")
    assert days(made) == ["2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"]


@hazard("H14")
def test_the_month_end_is_kept_for_forty_years(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "uk-bnf-proph", "2026-01-31", months=480, maintenance_interval="3 mo")
    assert {item.on.strftime("%m-%d") for item in doses(made) if item.on} == {"01-31", "04-30", "07-31", "10-31"}


@hazard("H15")
def test_twelve_weeks_and_three_months_stay_different(library: Library, anyone: Case) -> None:
    months = plan(library, anyone, "uk-bnf-noneuro", "2026-01-05", maintenance_interval="3 mo")
    weeks = plan(library, anyone, "uk-bnf-noneuro", "2026-01-05", maintenance_interval="12 wk")
    assert days(months, "maintenance")[0] == "2026-04-16"
    assert days(weeks, "maintenance")[0] == "2026-04-10"
    assert weeks.choices["maintenance_interval"] == "12 wk"


def test_the_us_label_for_pernicious_anaemia(library: Library, anyone: Case) -> None:
    made = plan(
        library, anyone, "us-cn-pa", "2026-02-02", load_1_count="7", load_3_interval="3 d", load_3_duration="2 wk"
    )
    assert days(made, "load-1") == [f"2026-02-{day:02d}" for day in range(2, 9)]
    assert days(made, "load-2") == [f"2026-02-{day}" for day in (10, 12, 14, 16, 18, 20, 22)]
    assert days(made, "load-3") == ["2026-02-25", "2026-02-28", "2026-03-03", "2026-03-06"]
    assert days(made, "maintenance")[:2] == ["2026-04-06", "2026-05-06"]
    assert {item.determinacy for item in doses(made, "load-1")} == {"firm"}
    assert {item.determinacy for item in doses(made) if item.phase != "load-1"} == {"provisional"}
    gate = next(item for item in made.items if item.kind == "decision")
    assert gate.on == date(2026, 2, 8)
    assert "reticulocyte" in english(gate.text)
    potassium = checks(made, "potassium")
    assert (date(2026, 2, 3), date(2026, 2, 4)) in {(item.on, item.due_through) for item in potassium}
    for marker in ("haematocrit", "reticulocytes"):
        assert [item.on for item in checks(made, marker) if item.on and item.on > date(2026, 2, 2)] == [
            date(2026, 2, day) for day in (6, 7, 8)
        ]


def test_six_daily_doses_are_allowed_and_five_are_not(library: Library, anyone: Case) -> None:
    made = plan(
        library, anyone, "us-cn-pa", "2026-02-02", load_1_count="6", load_3_interval="4 d", load_3_duration="3 wk"
    )
    assert len(doses(made, "load-1")) == 6
    assert len(doses(made, "load-3")) == 5
    with pytest.raises(InputError, match="outside the published range 6 to 7"):
        plan(library, anyone, "us-cn-pa", "2026-02-02", load_1_count="5")


def test_an_open_ended_phase_lists_its_doses_to_the_first_decision(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "uk-bnf-neuro", "2026-03-02")
    assert days(made) == [f"2026-03-{day:02d}" for day in range(2, 23, 2)]
    decision = next(item for item in made.items if item.kind == "decision")
    assert decision.on == date(2026, 3, 23)
    assert decision.basis == "software_default"
    later = [item for item in made.items if item.on is None]
    assert [(item.phase, item.after, item.offset) for item in later] == [("maintenance", "decision", "2 mo")]


def test_the_dutch_minimum_of_three_days_is_no_earlier(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "nl-ftk", "2026-01-05", maintenance_option="300-mcg-every-month")
    load = doses(made, "load")
    assert len(load) == 10
    assert {(b.on - a.on).days for a, b in pairwise(load) if a.on and b.on} == {3}
    assert all(item.bookable_from == item.on for item in load[1:])
    assert {item.dose.micrograms for item in doses(made, "maintenance") if item.dose} == {300}


def test_a_total_of_ten_milligrams_is_ten_doses(library: Library, anyone: Case) -> None:
    daily = plan(library, anyone, "fr-cn-malabs", "2026-01-05", load_option="daily")
    thrice = plan(library, anyone, "fr-cn-malabs", "2026-01-05", load_option="three-a-week")
    assert len(doses(daily, "load")) == len(doses(thrice, "load")) == 10
    assert days(daily, "maintenance")[0] == "2026-02-14"


def test_a_course_by_mouth_is_one_line(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "no-oral", "2026-01-05")
    courses = [item for item in made.items if item.kind == "course"]
    assert [(item.on, item.until) for item in courses] == [(date(2026, 1, 5), None)]
    assert doses(made) == []


def test_oral_phases_end_by_the_calendar(library: Library, anyone: Case) -> None:
    made = settled_plan(library, anyone, "be-sterop-oral")
    course = next(item for item in made.items if item.kind == "course")
    assert (course.on, course.until) == (date(2026, 1, 5), date(2026, 1, 19))
    assert days(made, "maintenance")[0] == "2026-01-29"


# The compendium names no route, so each phase asks for one.
INJECTED = {f"{phase}_route": "im" for phase in ("load_1", "load_2", "load_3", "load_4", "maintenance")}


def test_a_small_child_is_dosed_by_weight_for_two_days(library: Library, patient: Callable[..., Case]) -> None:
    child = patient(country="US", born=date(2024, 1, 1), deficiency="confirmed", weight="10.5 kg")
    made = plan(library, child, "us-ped-def", "2026-01-31", 3, load_2_duration="3 d", load_3_duration="2 d", **INJECTED)
    assert [str(item.dose) for item in doses(made, "load-1")] == ["2.1 mcg", "2.1 mcg"]
    assert len(doses(made, "load-4")) == 4


def test_without_a_weight_the_plan_asks_for_it(library: Library, patient: Callable[..., Case]) -> None:
    made = plan(
        library,
        patient(deficiency="confirmed"),
        "us-ped-def",
        "2026-01-31",
        load_2_duration="3 d",
        load_3_duration="2 d",
        **INJECTED,
    )
    assert [need.fact for need in made.needs] == ["weight"]
    assert made.items == ()


def test_one_injection_then_tablets_in_british_columbia(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "ca-bc-neuro", "2026-01-31", load_count="1", maintenance_dose="1000 mcg")
    assert [(item.kind, str(item.on)) for item in made.items if item.kind in ("dose", "course")] == [
        ("dose", "2026-01-31"),
        ("course", "2026-02-01"),
    ]


def test_more_than_one_injection_there_rests_on_a_recalled_interval(library: Library, anyone: Case) -> None:
    made = plan(
        library, anyone, "ca-bc-neuro", "2026-01-31", load_count="3", load_interval="2 d", maintenance_dose="1 mg"
    )
    issue = next(issue for issue in made.issues if issue.code == "LIBRARY_NOT_VERIFIED")
    assert issue.severity == "acknowledge"


# -- what else a plan says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alias", ["article-a2-1", "article-a2-2", "article-a3-2"])
def test_an_alias_gives_the_same_dates_as_what_it_equals(library: Library, anyone: Case, alias: str) -> None:
    principal = library.protocol(alias).same_as
    assert settled_plan(library, anyone, alias).items == settled_plan(library, anyone, principal).items


def test_a_missing_choice_is_asked_with_its_range(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "uk-bnf-noneuro", "2026-01-05")
    assert [(need.choice, str(need.least), str(need.most)) for need in made.needs] == [
        ("maintenance_interval", "2 mo", "3 mo")
    ]
    assert made.items == ()


def test_after_bariatric_surgery_and_planning_a_pregnancy_b12_is_checked_every_3_months(
    library: Library, example: Callable[[str], Case]
) -> None:
    made = settled_plan(library, example("bariatric-planning-pregnancy"), "uk-bomss-proph")
    assert [str(item.on) for item in checks(made, "serum_b12")] == [
        "2026-04-05",
        "2026-07-05",
        "2026-10-05",
        "2027-01-05",
    ]


@hazard("H09")
def test_severe_anaemia_puts_potassium_into_every_injected_plan(library: Library, patient: Callable[..., Case]) -> None:
    severe = patient(deficiency="confirmed", neurological_involvement="absent", anaemia="severe", weight="62 kg")
    made = plan(library, severe, "uk-bnf-noneuro", "2026-01-05", maintenance_interval="3 mo")
    assert [(item.on, item.due_through) for item in checks(made, "potassium")] == [
        (date(2026, 1, 5), date(2026, 1, 5)),
        (date(2026, 1, 6), date(2026, 1, 7)),
    ]


def test_the_first_review_of_ng239_is_three_months_after_the_start(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "uk-bnf-noneuro", "2026-01-05", maintenance_interval="2 mo")
    assert [str(item.on) for item in made.items if item.kind == "review"] == ["2026-04-05"]


@hazard("H10")
def test_with_neurological_involvement_a_late_dose_is_reviewed_after_a_month(
    library: Library, patient: Callable[..., Case]
) -> None:
    nerve = patient(deficiency="confirmed", neurological_involvement="present", anaemia="none")
    made = plan(library, nerve, "uk-bnf-proph", "2026-01-31", maintenance_interval="3 mo")
    second = doses(made)[1]
    assert second.review_from == date(2026, 5, 30)


@hazard("H13")
def test_no_window_is_shown_as_published(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "uk-bnf-noneuro", "2026-01-05", maintenance_interval="3 mo")
    assert {item.window_basis for item in doses(made)} == {"software_default"}
    assert {item.policy for item in doses(made)} == {"engineering-default"}


def test_no_plan_claims_to_be_signed_off(library: Library, anyone: Case) -> None:
    from cobalamin.app.documents.plan import Renderer

    assert Renderer(library).plan(settled_plan(library, anyone, "uk-bnf-neuro")).signed_off is False


def test_the_horizon_is_inclusive_and_has_no_cut(library: Library, anyone: Case) -> None:
    made = plan(library, anyone, "uk-bnf-proph", "2026-01-31", months=24, maintenance_interval="3 mo")
    assert days(made)[-1] == "2028-01-31"
    gaps = {b.on - a.on for a, b in pairwise(doses(made)) if a.on and b.on}
    assert max(gaps) <= timedelta(days=92)


@pytest.mark.parametrize(
    ("protocol", "message"),
    [("uk-ng239", "is guidance"), ("uk-bshcov-diet", "was withdrawn"), ("nobody", "no protocol")],
)
def test_what_cannot_be_planned_is_refused_with_a_sentence(
    library: Library, anyone: Case, protocol: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        plan(library, anyone, protocol, "2026-01-05")


def test_a_start_before_birth_is_refused(library: Library, anyone: Case) -> None:
    with pytest.raises(InputError, match="before the date of birth"):
        plan(library, anyone, "uk-bnf-neuro", "1950-01-01")


def test_a_superseded_edition_can_be_planned_and_says_so(library: Library, anyone: Case) -> None:
    made = settled_plan(library, anyone, "uk-bsh14-noneuro")
    codes = {issue.code: issue.severity for issue in made.issues}
    assert codes["EDITION_SUPERSEDED"] == "note"
    assert codes["LIBRARY_NOT_VERIFIED"] == "acknowledge"


@hazard("H66")
@pytest.mark.parametrize(
    ("country", "protocol", "wanted"),
    [
        ("GB", "us-aafp-oral", {"maintenance_substance": ("cyanocobalamin",)}),
        ("US", "us-cdc-im", {"load_substance": ("hydroxocobalamin", "cyanocobalamin"), "maintenance_substance": ("hydroxocobalamin", "cyanocobalamin")}),
        ("NZ", "us-cdc-im", {"load_substance": ("hydroxocobalamin",), "maintenance_substance": ("hydroxocobalamin",)}),
        ("NL", "us-cdc-oral", {"maintenance_substance": SUBSTANCES}),
    ],
)  # fmt: skip
def test_a_substance_that_the_source_leaves_open_is_a_choice_among_the_products_of_the_country(
    library: Library, patient: Callable[..., Case], country: str, protocol: str, wanted: dict[str, tuple[str, ...]]
) -> None:
    case = patient(country=country, deficiency="confirmed", neurological_involvement="absent", anaemia="none")
    open_ = plan(
        library, case, protocol, "2026-01-31", **({"maintenance_dose": "1 mg"} if protocol == "us-aafp-oral" else {})
    )
    assert {need.choice: need.options for need in open_.needs} == wanted
    assert open_.items == ()
    chosen = {choice: options[0] for choice, options in wanted.items()}
    made = plan(
        library,
        case,
        protocol,
        "2026-01-31",
        **chosen,
        **({"maintenance_dose": "1 mg"} if protocol == "us-aafp-oral" else {}),
    )
    assert made.needs == ()
    assert {item.substance for item in made.items if item.substance} == set(chosen.values())


def test_a_route_that_the_source_leaves_open_is_one_that_a_product_of_the_substance_has(
    library: Library, patient: Callable[..., Case]
) -> None:
    child = patient(country="US", born=date(2024, 1, 1), deficiency="confirmed", weight="10.5 kg")
    needs = {need.choice: need.options for need in plan(library, child, "us-ped-def", "2026-01-31").needs}
    assert needs["load_1_route"] == ("intramuscular", "subcutaneous", "nasal")


def test_a_plan_reads_its_protocol_and_guidance_and_no_other_protocol(
    anyone: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To read them all takes longer than to plan."""
    library, read = from_folder(data_folder()), list[str]()
    really = library_module.read_protocol
    monkeypatch.setattr(library_module, "read_protocol", lambda one, *of: read.append(one.file) or really(one, *of))
    settled_plan(library, anyone, "uk-bnf-noneuro")
    assert {file.split("/")[0] for file in read} - {"guidance"} == {"protocols"}
    assert {file for file in read if not file.startswith("guidance")} == {"protocols/uk-bnf-noneuro.yaml"}
    assert library.guidance == tuple(each for each in library.protocols() if each.guidance)
