"""A source's own reservations reach the person who chooses: weighed by what is known, raised, and kept apart from praise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Protocol
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import Plan, make_plan
from cobalamin.therapy.proposal.proposal import Option, propose
from cobalamin.therapy.safety.caveats import (
    CODE,
    Caveat,
    caveat_issues,
    caveats_of,
    holds_against,
    shown_at_option,
)
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
NERVES = {
    "neurological_involvement": "present",
    "anaemia": "mild",
    "deficiency": "confirmed",
    "previous_treatment": "none",
}
US_WITH_NERVE_SIGNS = [
    {"cause": "bariatric_surgery", **NERVES},
    {"cause": "nitrous_oxide", "nitrous_oxide_exposure": "present", **NERVES},
    {"cause": "pernicious_anaemia", **NERVES},
]
Build = Callable[..., Case]


def weighed(library: Library, protocol: Protocol, facts: Facts, words: str) -> Caveat:
    return next(each for each in caveats_of(protocol, facts, library.facts) if words in each.text)


def issues_of(library: Library, protocol: Protocol, facts: Facts) -> list[Issue]:
    return caveat_issues(library, caveats_of(protocol, facts, library.facts), facts)


def option(library: Library, case: Case, name: str) -> Option:
    return next(each for each in propose(library, case, ON).options if each.protocol.id == name)


@hazard("H50")
@pytest.mark.parametrize("facts", US_WITH_NERVE_SIGNS, ids=lambda facts: facts["cause"])
def test_30_micrograms_carry_the_labels_own_reservation_where_nerves_are_affected(
    library: Library, patient: Build, facts: dict[str, str]
) -> None:
    case = patient(country="US", **facts)
    known = facts_of(case, ON)
    assert holds_against(library.protocol("us-oh-def"), known)
    assert not holds_against(library.protocol("us-stabler13-im"), known)
    offered = option(library, case, "us-oh-def")
    [raised] = [issue for issue in offered.precautions if issue.code == CODE and issue.severity == "acknowledge"]
    assert "Considerably higher doses may be indicated" in english(raised.text)
    assert "Considerably higher doses may be indicated" in english(raised.plain)
    assert {cite.source for cite in raised.cites} == {"us-oh"}
    assert (raised.about, raised.ask) == ("dose", ())


@hazard("H50")
@pytest.mark.parametrize(
    ("involvement", "holds", "severities"),
    [("present", TRUE, ["acknowledge"]), ("absent", UNKNOWN, []), (None, UNKNOWN, ["note"])],
)
def test_the_reservation_follows_what_is_known(
    library: Library, patient: Build, involvement: str | None, holds: object, severities: list[str]
) -> None:
    known = {"neurological_involvement": involvement} if involvement else {}
    facts = facts_of(patient(country="US", deficiency="confirmed", cause="dietary", **known), ON)
    protocol = library.protocol("us-oh-def")
    caveat = weighed(library, protocol, facts, "Considerably higher doses")
    assert caveat.holds is holds  # critical illness is no fact: without nerve signs the rest can't be excluded
    issues = [issue for issue in issues_of(library, protocol, facts) if issue.about == "dose"]
    assert [issue.severity for issue in issues] == severities
    assert all(issue.ask == ("neurological_involvement",) for issue in issues if issue.severity == "note")
    assert caveat in shown_at_option([caveat])


def test_what_is_known_not_to_bear_is_shown_nowhere_and_raised_nowhere(library: Library, patient: Build) -> None:
    facts = facts_of(patient(neurological_involvement="absent", anaemia="none", deficiency="confirmed"), ON)
    protocol = library.protocol("us-aafp-oral")
    caveat = weighed(library, protocol, facts, "Injections act faster")
    assert caveat.holds is FALSE
    assert shown_at_option([caveat]) == []
    assert not holds_against(protocol, facts)


@hazard("H50")
def test_what_speaks_for_a_protocol_never_counts_against_it(library: Library, patient: Build) -> None:
    child = facts_of(patient(born=date(2020, 1, 1), deficiency="confirmed", anaemia="none"), ON)
    protocol = library.protocol("nz-pan-noneuro")
    same_doses = weighed(library, protocol, child, "gives children the same doses")
    assert (same_doses.holds, same_doses.affirms, same_doses.against) == (TRUE, True, False)
    assert not holds_against(protocol, child)
    assert issues_of(library, protocol, child) == []
    assert same_doses in shown_at_option([same_doses])


def test_a_caveat_without_a_condition_is_shown_and_never_raised(library: Library, patient: Build) -> None:
    child = {"cause": "pernicious_anaemia", "deficiency": "confirmed", "neurological_involvement": "absent"}
    facts = facts_of(patient(born=date(2020, 1, 1), **child), ON)
    protocol = library.protocol("us-ped-pa")
    folic = weighed(library, protocol, facts, "Folic acid 1 mg a day")
    assert (folic.holds, folic.always, folic.ask) == (UNKNOWN, True, ())
    assert shown_at_option(caveats_of(protocol, facts, library.facts)) == [folic]
    assert issues_of(library, protocol, facts) == []


@hazard("H50")
def test_an_urgent_start_removes_the_demands_for_proof_and_no_other_caveat(library: Library, patient: Build) -> None:
    protocol = library.protocol("uk-oh-smpc-noneuro")
    calm = facts_of(patient(deficiency="suspected", anaemia="mild", neurological_involvement="absent"), ON)
    urgent = facts_of(patient(deficiency="suspected", anaemia="severe", neurological_involvement="absent"), ON)
    demand = "The labels ask that the deficiency is confirmed first"
    assert weighed(library, protocol, calm, demand).holds is TRUE
    assert holds_against(protocol, calm)
    texts = [caveat.text for caveat in caveats_of(protocol, urgent, library.facts)]
    assert not any(demand in text for text in texts)
    assert any("rules out megaloblastic anaemia of pregnancy" in text for text in texts)
    assert not holds_against(protocol, urgent)


@hazard("H50")
def test_whoever_accepts_must_acknowledge_what_holds(library: Library, patient: Build) -> None:
    case = patient(country="US", **US_WITH_NERVE_SIGNS[0])
    plan = planned(library, case, "us-oh-def", initial_duration="10 d", maintenance_dose="200 mcg")
    raised = [issue for issue in plan.issues if issue.code == CODE]
    assert [(issue.about, issue.severity, issue.interrupts) for issue in raised] == [("dose", "acknowledge", True)]
    assert any("Considerably higher doses" in caveat.text for caveat in plan.caveats)


def planned(library: Library, case: Case, name: str, **choices: str) -> Plan:
    request = Request(library.protocol(name), ON, choices, library.default_policy)
    return make_plan(library, case, request, ON)


def test_a_caveat_of_the_dose_interrupts_before_other_checks(library: Library, patient: Build) -> None:
    facts = {**US_WITH_NERVE_SIGNS[0], "renal_impairment": "present", "anticoagulation": "present", "anaemia": "severe"}
    plan = planned(
        library, patient(country="US", **facts), "us-oh-def", initial_duration="10 d", maintenance_dose="200 mcg"
    )
    interrupting = [issue.code for issue in plan.issues if issue.interrupts]
    assert interrupting[0] == CODE


@hazard("H50")
def test_no_reservation_is_certain_of_somebody_about_whom_nothing_is_known(library: Library, patient: Build) -> None:
    nobody = facts_of(patient(country="", born=None, asked=False), ON)
    for protocol in (*library.protocols(), *library.earlier):
        assert not holds_against(protocol, nobody), protocol.id
        assert all(caveat.holds is not TRUE for caveat in caveats_of(protocol, nobody, library.facts)), protocol.id


def test_every_caveat_of_every_protocol_holds_for_somebody(library: Library, patient: Build) -> None:
    """A condition that nobody can meet would hide its caveat as surely as none."""
    people = [facts_of(patient(born=born, **facts), ON) for born in BIRTHS for facts in MANY]
    for protocol in library.protocols():
        for note in protocol.notes:
            if note.when is not None:
                alone = replace(protocol, notes=(replace(note, affirms=False, kind="dose", demands_proof=False),))
                assert any(holds_against(alone, facts) for facts in people), (protocol.id, note.text)


BIRTHS = (date(1958, 3, 2), date(2020, 1, 1), date(2025, 10, 1))
CAUSES = (
    "pernicious_anaemia", "total_gastrectomy", "partial_gastrectomy", "ileal_resection", "bariatric_surgery", "coeliac_disease", "dietary",
    "inborn_error", "not_found",
)  # fmt: skip
MANY: list[dict[str, str]] = [
    {
        "cause": cause, "deficiency": deficiency, "neurological_involvement": nerves, "anaemia": anaemia, "pregnancy": "pregnant",
        "swallowing_difficulty": trouble, "adherence_concern": trouble, "vegan": "absent", "anticoagulation": "present",
        "ileal_resection_length": "40 cm", "optic_disease": "tobacco_amblyopia", "inborn_error_kind": "cblc", "cause_resolved": resolved,
        "symptoms_response": response, "previous_treatment": "none", "allergy_cobalt": "present", "renal_impairment": "present",
    }
    for cause in CAUSES
    for deficiency in ("confirmed", "suspected", "indeterminate", "excluded")
    for nerves, anaemia, trouble in (("present", "severe", "present"), ("absent", "mild", "absent"), ("absent", "none", "absent"))
    for response, resolved in (("better", "present"), ("better", "absent"), ("not_better", "absent"), ("worse_or_new", "present"))
]  # fmt: skip


def test_what_speaks_against_stands_before_what_speaks_for(library: Library, patient: Build) -> None:
    facts = facts_of(patient(country="US", **US_WITH_NERVE_SIGNS[2]), ON)
    shown = shown_at_option(caveats_of(library.protocol("us-oh-def"), facts, library.facts))
    assert [caveat.affirms for caveat in shown] == sorted(caveat.affirms for caveat in shown)
    assert shown[0].holds is TRUE
    assert len(shown) == 3


# -- inborn errors ---------------------------------------------------------------------------------------------------

INFANT = date(2025, 10, 1)
DAILY = ("cblc", "cbld_combined", "cblf")


@hazard("H51")
@pytest.mark.parametrize("kind", DAILY)
def test_cblc_and_its_relatives_get_the_daily_regimen_and_no_weekly_one(
    library: Library, patient: Build, kind: str
) -> None:
    for deficiency in ("excluded", "confirmed"):
        case = patient(born=INFANT, cause="inborn_error", inborn_error_kind=kind, deficiency=deficiency)
        offered = [each.protocol.id for each in propose(library, case, ON).options]
        assert "nl-kf-cbl" in offered
        assert "uk-bnfc-mma" not in offered
    phase = library.protocol("nl-kf-cbl").phases[0]
    assert (str(phase.dose.fixed), str(phase.spacing.least), phase.routes) == ("1000 mcg", "1 d", ("intramuscular",))


@hazard("H51")
@pytest.mark.parametrize(("born", "offered"), [(date(2025, 6, 6), True), (date(2025, 6, 5), False)])
def test_the_daily_regimen_ends_where_its_source_does(
    library: Library, patient: Build, born: date, offered: bool
) -> None:
    case = patient(born=born, cause="inborn_error", inborn_error_kind="cblc", deficiency="excluded")
    names = [each.protocol.id for each in propose(library, case, ON).options]
    assert ("nl-kf-cbl" in names) is offered
    assert "uk-bnfc-mma" not in names


@hazard("H51")
@pytest.mark.parametrize("kind", [None, *DAILY, "cbla", "cbs", "imerslund_grasbeck", "other"])
def test_the_metabolic_centre_comes_first_in_every_inborn_error(
    library: Library, patient: Build, kind: str | None
) -> None:
    known = {"inborn_error_kind": kind} if kind else {}
    case = patient(
        born=INFANT, cause="inborn_error", deficiency="confirmed", neurological_involvement="present", **known
    )
    first = propose(library, case, ON).issues[0]
    assert (first.code, first.severity, first.interrupts) == ("METABOLIC_CENTRE", "acknowledge", True)
    assert english(first.text).startswith("Metabolic centre now")
    assert "metabolic centre" in english(first.action)


@hazard("H51")
@pytest.mark.parametrize("kind", DAILY)
def test_cyanocobalamin_is_blocked_in_cblc_and_its_relatives(library: Library, patient: Build, kind: str) -> None:
    case = patient(
        born=INFANT, country="US", cause="inborn_error", inborn_error_kind=kind, deficiency="confirmed", weight="4 kg"
    )
    excluded = {
        each.protocol.id: [reason.code for reason in each.reasons] for each in propose(library, case, ON).excluded
    }
    assert excluded["us-ped-def"] == ["INBORN_ERROR_CYANOCOBALAMIN"]
    assert planned(library, case, "us-ped-def").blocked


@hazard("H51")
def test_which_inborn_error_is_asked_of_nobody_else(library: Library, patient: Build) -> None:
    def asked(**facts: str) -> list[str]:
        return [need.fact for need in propose(library, patient(born=INFANT, deficiency="confirmed", **facts), ON).needs]

    assert "inborn_error_kind" in asked(cause="inborn_error")
    assert "inborn_error_kind" not in asked()
    assert "inborn_error_kind" not in asked(cause="dietary")
    codes = {issue.code for issue in propose(library, patient(country="US", deficiency="confirmed"), ON).issues}
    assert "INBORN_ERROR_CYANOCOBALAMIN" not in codes
