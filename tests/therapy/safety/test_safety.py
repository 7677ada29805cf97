"""The safety gate: which facts, products and routes raise which issue, and what is asked when a fact is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder, from_folder
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import Plan, make_plan
from cobalamin.therapy.proposal.proposal import propose
from cobalamin.therapy.safety.gate import ANY, Regimens, fact_issues
from cobalamin.therapy.safety.products import product_issues
from english import english
from entries import entry
from hazards import hazard

ON = date(2026, 1, 2)
PRODUCTS = sorted(from_folder(data_folder()).products)
CYANOCOBALAMIN = Regimens(frozenset({"cyanocobalamin"}), frozenset({"intramuscular"}))
HYDROXOCOBALAMIN = Regimens(frozenset({"hydroxocobalamin"}), frozenset({"intramuscular"}))
ORAL = Regimens(frozenset({"cyanocobalamin"}), frozenset({"oral"}))
_DOWN = {"block": "acknowledge", "acknowledge": "note"}

# code, severity, regimens, facts that raise it, the fact that is asked when it is not known
RAISED = [
    ("ALLERGY_COBALAMIN", "block", HYDROXOCOBALAMIN, {"allergy_cobalamin": "present"}, "allergy_cobalamin"),
    ("ALLERGY_COBALT", "block", HYDROXOCOBALAMIN, {"allergy_cobalt": "present"}, "allergy_cobalt"),
    ("LEBER_CYANOCOBALAMIN", "block", CYANOCOBALAMIN, {"optic_disease": "leber_hereditary_optic_neuropathy"}, "optic_disease"),
    ("FOLATE_BEFORE_B12", "acknowledge", ANY, {"folic_acid": "started_before_b12"}, "folic_acid"),
    ("FOLATE_UNKNOWN_B12", "acknowledge", ANY, {"folic_acid": "concomitant", "b12_before_folate": "not_tested"}, "b12_before_folate"),
    ("RENAL_CYANOCOBALAMIN", "acknowledge", CYANOCOBALAMIN, {"renal_impairment": "present"}, "renal_impairment"),
    ("PREGNANCY_CONFIRM_DEFICIENCY", "acknowledge", ANY, {"pregnancy": "pregnant", "deficiency": "suspected"}, "pregnancy"),
    ("BLEEDING_RISK_IM", "acknowledge", HYDROXOCOBALAMIN, {"anticoagulation": "present"}, "anticoagulation"),
    ("NITROUS_OXIDE", "acknowledge", ANY, {"nitrous_oxide_exposure": "present"}, "nitrous_oxide_exposure"),
    ("ORAL_INSUFFICIENT", "acknowledge", ORAL, {"neurological_involvement": "present"}, "neurological_involvement"),
]  # fmt: skip


def found(library: Library, case: Case, regimens: Regimens) -> dict[str, Issue]:
    return {issue.code: issue for issue in fact_issues(library, facts_of(case, ON), None, regimens)}


@hazard("H07")
@hazard("H08")
@pytest.mark.parametrize(("code", "severity", "regimens", "facts", "asked"), RAISED, ids=[row[0] for row in RAISED])
def test_each_check_is_raised_by_its_fact_and_asked_when_it_is_not_known(
    library: Library,
    patient: Callable[..., Case],
    code: str,
    severity: str,
    regimens: Regimens,
    facts: dict[str, str],
    asked: str,
) -> None:
    raised = found(library, patient(asked=False, **facts), regimens)[code]
    assert (raised.severity, raised.ask) == (severity, ())
    assert raised.cites
    assert english(raised.action)
    unknown = {name: value for name, value in facts.items() if name != asked}
    stepped = found(library, patient(asked=False, **unknown), regimens)[code]
    assert stepped.severity == _DOWN[severity]
    assert english(stepped.action) == "ask"
    assert asked in stepped.ask


@hazard("H07")
def test_nothing_is_absent_because_nobody_asked(library: Library, patient: Callable[..., Case]) -> None:
    codes = found(library, patient(asked=False), ANY)
    assert {"ALLERGY_COBALAMIN", "ALLERGY_COBALT", "LEBER_CYANOCOBALAMIN"} <= set(codes)
    assert not {"ALLERGY_COBALAMIN", "ALLERGY_COBALT", "LEBER_CYANOCOBALAMIN"} & set(found(library, patient(), ANY))


@hazard("H09")
@pytest.mark.parametrize(
    ("anaemia", "raised"), [("severe", True), (None, True), ("unknown", True), ("mild", False), ("none", False)]
)
def test_potassium_is_watched_in_severe_and_in_unknown_anaemia(
    library: Library, patient: Callable[..., Case], anaemia: str | None, raised: bool
) -> None:
    case = patient(**({"anaemia": anaemia} if anaemia else {}))
    issue = found(library, case, HYDROXOCOBALAMIN).get("HYPOKALAEMIA_WATCH")
    assert (issue is not None and issue.severity == "acknowledge") is raised


@hazard("H08")
def test_folic_acid_before_b12_raises_its_issue_and_never_holds_back_b12(
    library: Library, patient: Callable[..., Case]
) -> None:
    facts = {
        "deficiency": "confirmed",
        "cause": "pernicious_anaemia",
        "neurological_involvement": "absent",
        "anaemia": "mild",
    }
    without = propose(library, patient(**facts), ON)
    with_folate = propose(library, patient(**facts, folic_acid="started_before_b12"), ON)
    assert [option.protocol.id for option in with_folate.options] == [option.protocol.id for option in without.options]
    issue = next(issue for issue in with_folate.issues if issue.code == "FOLATE_BEFORE_B12")
    assert issue.severity == "acknowledge"
    assert "now" in english(issue.action)


def test_an_urgent_start_removes_demands_for_proof_and_no_block(library: Library, patient: Callable[..., Case]) -> None:
    calm = patient(deficiency="suspected", pregnancy="pregnant", neurological_involvement="absent", anaemia="none")
    urgent = patient(
        deficiency="suspected",
        pregnancy="pregnant",
        neurological_involvement="present",
        anaemia="none",
        allergy_cobalt="present",
    )
    assert {"CONFIRM_DEFICIENCY", "PREGNANCY_CONFIRM_DEFICIENCY"} <= set(found(library, calm, ANY))
    codes = found(library, urgent, ANY)
    assert "URGENT_START" in codes
    assert not {"CONFIRM_DEFICIENCY", "PREGNANCY_CONFIRM_DEFICIENCY"} & set(codes)
    assert codes["ALLERGY_COBALT"].severity == "block"


# -- products and routes ---------------------------------------------------------------------------------------------


def plan(library: Library, case: Case, protocol: str, product: str = "", **choices: str) -> Plan:
    chosen = library.products[product] if product else None
    return make_plan(
        library,
        case,
        Request(library.protocol(protocol), date(2026, 1, 5), choices, library.default_policy, chosen),
        ON,
    )


def severities(made: Plan) -> dict[str, str]:
    return {issue.code: issue.severity for issue in made.issues}


@pytest.fixture
def nerve(patient: Callable[..., Case]) -> Case:
    return patient(deficiency="confirmed", neurological_involvement="present", anaemia="none")


@hazard("H04")
@pytest.mark.parametrize("protocol", ["uk-bnf-neuro", "us-cn-pa", "no-oral"])
def test_the_antidote_can_never_be_chosen(library: Library, nerve: Case, protocol: str) -> None:
    made = plan(library, nerve, protocol, "cyanokit-5g")
    assert severities(made)["ANTIDOTE_PRODUCT"] == "block"
    assert made.items == ()


@hazard("H03")
def test_an_ampoule_of_ten_milligrams_is_never_taken_for_one(library: Library, nerve: Case) -> None:
    made = plan(library, nerve, "uk-bnf-neuro", "au-mecobalamin-10mg-2ml")
    assert severities(made)["DOSE_IMPLAUSIBLE"] == "block"
    assert made.items == ()


def test_the_usual_ampoule_passes_and_gives_its_volume(library: Library, nerve: Case) -> None:
    made = plan(library, nerve, "uk-bnf-neuro", "gb-hydroxocobalamin-1mg-1ml")
    assert not made.blocked
    assert {str(item.volume_ml) for item in made.items if item.kind == "dose" and item.on} == {"1"}


@hazard("H06")
def test_intravenous_is_blocked_where_neither_label_nor_protocol_lists_it(library: Library, nerve: Case) -> None:
    made = plan(library, nerve, "uk-bnf-neuro", load_route="intravenous")
    assert severities(made)["ROUTE_INTRAVENOUS"] == "block"
    assert made.items == ()
    listed = plan(library, nerve, "jp-me-neuropathy", load_route="intravenous")
    assert "ROUTE_INTRAVENOUS" not in severities(listed)


@hazard("H06")
@pytest.mark.parametrize("product", PRODUCTS)
def test_every_product_into_a_vein_is_blocked_unless_its_label_lists_it(
    library: Library, nerve: Case, product: str
) -> None:
    made = plan(library, nerve, "uk-bnf-neuro", product, load_route="iv")
    listed = "intravenous" in library.products[product].routes
    assert ("ROUTE_INTRAVENOUS" in severities(made)) is not listed


def test_under_the_skin_where_the_source_says_into_the_muscle_is_asked_about(library: Library, nerve: Case) -> None:
    assert severities(plan(library, nerve, "uk-bnf-neuro", load_route="sc"))["ROUTE_NOT_LABELLED"] == "acknowledge"


def test_under_the_skin_with_a_product_for_the_muscle_only_is_asked_about(library: Library, nerve: Case) -> None:
    made = plan(
        library,
        nerve,
        "nl-ftk",
        "gb-hydroxocobalamin-1mg-1ml",
        load_route="subcutaneous",
        maintenance_option="1000-mcg-every-2-months",
    )
    assert severities(made)["ROUTE_NOT_LABELLED"] == "acknowledge"


@hazard("H22")
def test_leber_opposite_outcome_by_substance(library: Library, patient: Callable[..., Case]) -> None:
    leber = patient(
        deficiency="confirmed", neurological_involvement="absent", optic_disease="leber_hereditary_optic_neuropathy"
    )
    cyanocobalamin = plan(library, leber, "us-cn-pa", load_1_count="7", load_3_interval="3 d", load_3_duration="2 wk")
    assert severities(cyanocobalamin)["LEBER_CYANOCOBALAMIN"] == "block"
    hydroxocobalamin = plan(library, leber, "uk-oh-smpc-optic", load_1_dose="1000 mcg")
    assert "LEBER_CYANOCOBALAMIN" not in severities(hydroxocobalamin)
    assert not hydroxocobalamin.blocked


@hazard("H35")
@pytest.mark.parametrize(
    ("born", "preterm", "severity"),
    [(date(2025, 12, 20), "present", "block"), (date(2025, 12, 20), "absent", "block"), (date(1960, 1, 1), None, None)],
)
def test_benzyl_alcohol_is_blocked_for_the_newborn(
    library: Library, patient: Callable[..., Case], born: date, preterm: str | None, severity: str | None
) -> None:
    child = patient(
        born=born,
        deficiency="confirmed",
        neurological_involvement="absent",
        **({"preterm": preterm} if preterm else {}),
    )
    made = plan(
        library,
        child,
        "us-cn-pa",
        "us-cyanocobalamin-1mg-1ml",
        load_1_count="7",
        load_3_interval="3 d",
        load_3_duration="2 wk",
    )
    assert severities(made).get("BENZYL_ALCOHOL_NEONATE") == severity


@hazard("H07")
def test_an_allergy_to_an_excipient_blocks_the_product_that_has_it(
    library: Library, patient: Callable[..., Case]
) -> None:
    allergic = patient(deficiency="confirmed", neurological_involvement="absent", allergy_benzyl_alcohol="present")
    choices = {"load_1_count": "7", "load_3_interval": "3 d", "load_3_duration": "2 wk"}
    assert (
        severities(plan(library, allergic, "us-cn-pa", "us-cyanocobalamin-1mg-1ml", **choices))["ALLERGY_EXCIPIENT"]
        == "block"
    )
    assert severities(plan(library, allergic, "us-cn-pa", **choices))["ALLERGY_EXCIPIENT"] == "acknowledge"


def test_the_swiss_depot_label_leaves_a_decision_in_cobalt_allergy(
    library: Library, patient: Callable[..., Case]
) -> None:
    allergic = patient(
        country="CH",
        deficiency="confirmed",
        cause="pernicious_anaemia",
        neurological_involvement="absent",
        allergy_cobalt="present",
    )
    proposal = propose(library, allergic, ON)
    assert [option.protocol.id for option in proposal.options] == ["ch-oh"]
    assert {issue.code: issue.severity for issue in proposal.options[0].precautions}["ALLERGY_COBALT"] == "acknowledge"


@hazard("H28")
def test_at_most_three_issues_to_acknowledge_interrupt(library: Library, patient: Callable[..., Case]) -> None:
    worst = patient(
        asked=False,
        country="US",
        deficiency="suspected",
        anticoagulation="present",
        renal_impairment="present",
        folic_acid="started_before_b12",
    )
    made = plan(library, worst, "us-cn-pa", load_1_count="7", load_3_interval="3 d", load_3_duration="2 wk")
    interrupting = [issue for issue in made.issues if issue.interrupts and issue.severity == "acknowledge"]
    assert len([issue for issue in made.issues if issue.severity == "acknowledge"]) > 3
    assert len(interrupting) == 3
    assert not any(issue.ask for issue in interrupting)


@hazard("H23")
def test_past_its_review_date_every_plan_says_that_the_library_is_due_for_checking(
    library: Library, nerve: Case
) -> None:
    request = Request(library.protocol("uk-bnf-neuro"), date(2028, 1, 5), {}, library.default_policy)
    late = make_plan(library, nerve, request, date(2028, 1, 2))
    due = next(issue for issue in late.issues if issue.code == "LIBRARY_REVIEW_DUE")
    assert due.severity == "acknowledge"
    assert "due for checking" in english(due.text)
    assert english(due.action)


@hazard("H01")
def test_a_dose_over_ten_milligrams_is_implausible(library: Library) -> None:
    from cobalamin.amounts import read_mass

    assert [issue.code for issue in product_issues(library, None, read_mass("1000 mg"))] == ["DOSE_IMPLAUSIBLE"]
    assert product_issues(library, None, read_mass("10 mg")) == []


@hazard("H22")
def test_the_product_counts_whatever_the_protocol_says(library: Library, patient: Callable[..., Case]) -> None:
    leber = patient(
        deficiency="confirmed", neurological_involvement="absent", optic_disease="leber_hereditary_optic_neuropathy"
    )
    made = plan(library, leber, "uk-bnf-optic", "us-cyanocobalamin-1mg-1ml", maintenance_interval="3 mo")
    assert severities(made)["LEBER_CYANOCOBALAMIN"] == "block"
    assert made.items == ()


@hazard("H10")
def test_planning_without_knowing_neurological_involvement_must_be_acknowledged(
    library: Library, patient: Callable[..., Case]
) -> None:
    made = plan(library, patient(deficiency="confirmed"), "uk-bnf-noneuro", maintenance_interval="3 mo")
    issue = next(issue for issue in made.issues if issue.code == "POPULATION_NOT_COVERED")
    assert (issue.severity, issue.ask) == ("acknowledge", ("neurological_involvement",))


def test_what_is_known_is_not_replaced_by_what_a_protocol_does_not_know(
    library: Library, patient: Callable[..., Case]
) -> None:
    case = patient(deficiency="confirmed", neurological_involvement="present", anaemia="none")
    made = plan(library, case, "be-sterop-oral", load_duration="15 d")
    assert severities(made)["ORAL_INSUFFICIENT"] == "acknowledge"


@hazard("H03")
def test_a_small_part_of_a_tablet_is_no_dose(library: Library, patient: Callable[..., Case]) -> None:
    vegan = patient(deficiency="confirmed", cause="dietary", neurological_involvement="absent")
    assert (
        severities(plan(library, vegan, "uk-bnf-oral-diet", "gb-cyanocobalamin-1mg", maintenance_dose="50 mcg"))[
            "DOSE_IMPLAUSIBLE"
        ]
        == "block"
    )
    assert "DOSE_IMPLAUSIBLE" not in severities(
        plan(library, vegan, "uk-bnf-oral-diet", "gb-cyanocobalamin-50mcg", maintenance_dose="150 mcg")
    )


@hazard("H35")
def test_a_child_is_asked_about_where_a_source_does_not_speak_of_children(
    library: Library, patient: Callable[..., Case]
) -> None:
    child = patient(born=date(2024, 1, 1), deficiency="confirmed", neurological_involvement="absent", anaemia="none")
    made = plan(library, child, "nl-ftk", maintenance_option="300-mcg-every-month")
    assert severities(made)["POPULATION_NOT_COVERED"] == "acknowledge"
    label = plan(
        library, child, "uk-oh-smpc-noneuro", load_1_dose="1 mg", load_1_duration="2 wk", maintenance_interval="3 mo"
    )
    assert "POPULATION_NOT_COVERED" not in severities(label)


def test_loading_again_and_maintenance_without_loading_are_told(library: Library, patient: Callable[..., Case]) -> None:
    treated = patient(deficiency="confirmed", neurological_involvement="absent", previous_treatment="maintenance")
    assert "PREVIOUS_TREATMENT" in severities(plan(library, treated, "uk-bnf-noneuro", maintenance_interval="3 mo"))
    untreated = patient(
        deficiency="confirmed", cause="dietary", neurological_involvement="absent", previous_treatment="none"
    )
    assert "NO_LOADING" in severities(plan(library, untreated, "uk-cks-diet-im"))


def test_a_withdrawn_result_raises_nothing(library: Library, nerve: Case) -> None:
    from decimal import Decimal

    from cobalamin.records import replace
    from cobalamin.therapy.case.case import Quantity, ReferenceRange

    low = entry(
        "k1", "result", date(2026, 1, 1),
        data={"marker": "potassium", "value": Quantity("", Decimal("2.9"), "mmol/L"), "reference_range": ReferenceRange(Decimal("3.5"), Decimal("5.3"), "mmol/L")},
    )  # fmt: skip
    assert severities(plan(library, replace(nerve, record=(low,)), "uk-bnf-neuro"))["POTASSIUM_LOW"] == "acknowledge"
    withdrawn = entry("c1", "correction", date(2026, 1, 2), data={"withdraws": "k1"})
    assert "POTASSIUM_LOW" not in severities(plan(library, replace(nerve, record=(low, withdrawn)), "uk-bnf-neuro"))
