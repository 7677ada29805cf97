"""What no single result settles, and the order in which a careful registrar would act.

Each expectation was written from the sources and from a second reading of the rules against them, not from the program.
"""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.assessment.assessment import Assessment, Step, assess
from cobalamin.therapy.assessment.order import what_comes_next
from cobalamin.therapy.assessment.readings import ANTIBODIES, LEVELS, METABOLITES
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
NO_RISK = "allergies, optic_disease, bleeding_risk, folic_acid, polycythaemia"
KIDNEYS_WELL = f"{NO_RISK}, kidney_disease, nitrous_oxide, pregnancy"
CALM = "neurological_involvement: absent, anaemia: none"
GAS = "nitrous_oxide_exposure: present"
NERVES = "neurological_involvement: present, anaemia: none"
B12 = "{date: 2025-12-20, kind: result, marker: serum_b12, value: %s}"
ACTIVE = "{date: 2025-12-20, kind: result, marker: holotranscobalamin, value: %s}"
MMA = "{date: 2025-12-28, kind: result, marker: mma, value: %s, reference_range: 0-0.28 umol/L}"
MMA_ALONE = "{date: 2025-12-28, kind: result, marker: mma, value: %s}"
HCY = "{date: 2025-12-28, kind: result, marker: homocysteine, value: %s, reference_range: 0-15 umol/L}"
EGFR = "{date: 2025-12-28, kind: result, marker: egfr, value: '%s mL/min/1.73m2'}"
FOUND = "{date: 2025-12-28, kind: result, marker: %s, value: %s}"
TABLET = "{date: 2025-12-01, kind: administration, substance: cyanocobalamin, dose: 50 mcg, route: oral}"


def of(
    library: Library,
    facts: str,
    *record: str,
    none_of: str = KIDNEYS_WELL,
    country: str = "GB",
    born: str = "1960-01-15",
) -> Assessment:
    entries = "".join(f"  - {entry}\n" for entry in record)
    text = (
        "cobalamin: 1\n"
        f"patient: {{id: test, birth_date: {born}, sex: female, country: {country}}}\n"
        f"facts: {{{facts}, none_of: [{none_of}]}}\n" + (f"record:\n{entries}" if entries else "")
    )
    return assess(library, read_case(text.encode(), "test.yaml", library), ON)


def step_of(found: Assessment, name: str) -> Step:
    return next(step for step in found.steps if step.step == name)


def asked_of(found: Assessment, name: str) -> set[str]:
    """The tests that a step asks for, without those of which only the range is missing."""
    return {test for each in step_of(found, name).next if not each.of_range for test in each.tests}


def order_of(found: Assessment) -> list[str]:
    return [(each.tests or (each.ask,))[0] for each in what_comes_next(found.steps)]


# -- every result is read ----------------------------------------------------------------------------------------------


@hazard("H138")
def test_every_reading_of_a_result_is_met_by_a_rule(library: Library) -> None:
    """A test that is done is not asked for again: without a rule for what it shows, nothing would come of it."""
    rules = library.assessment.rules
    met = {(name, word) for rule in rules for each in rule.results for name in each.markers for word in each.reads}
    levels = {
        (name, word) for name in LEVELS for word in ("deficient", "low", "indeterminate", "within", "unlikely")
    } | {("serum_b12", "high")}
    metabolites = {(name, word) for name in METABOLITES for word in ("high", "normal")} | {("mma", "indeterminate")}
    antibodies = {(name, word) for name in ANTIBODIES for word in ("positive", "negative", "equivocal")}
    assert (levels | metabolites | antibodies) - met == set()


@hazard("H138")
@pytest.mark.parametrize("homocysteine", ["8 umol/L", "34 umol/L"])
@pytest.mark.parametrize("level", ["240 ng/L", "400 ng/L"])
def test_homocysteine_never_takes_mma_off_the_list(library: Library, homocysteine: str, level: str) -> None:
    found = of(library, CALM, B12 % level, HCY % homocysteine)
    confirm = step_of(found, "confirm")
    assert confirm.value not in ("confirmed", "suspected"), english(confirm.text)
    if homocysteine == "34 umol/L" or level == "240 ng/L":
        assert "mma" in asked_of(found, "confirm"), english(confirm.text)


@hazard("H138")
def test_a_homocysteine_in_sweden_speaks_against_a_deficiency(library: Library) -> None:
    """Its regional text rules a deficiency out by it; no other source read does."""
    speaks = {
        country: step_of(of(library, CALM, HCY % "8 umol/L", country=country), "confirm").state
        for country in ("SE", "GB", "DK")
    }
    assert speaks == {"SE": "suggested", "GB": "missing", "DK": "missing"}


@hazard("H138")
def test_a_low_level_in_spite_of_a_tablet_is_told_and_asked_about(library: Library) -> None:
    found = of(library, f"{CALM}, vegan: present", TABLET, B12 % "150 ng/L")
    confirm = step_of(found, "confirm")
    assert "in spite of vitamin B12" in english(confirm.text)
    assert "deficient by" not in english(confirm.text)
    assert asked_of(found, "confirm") == {"mma"}
    assert [each.ask for each in confirm.next if each.ask] == ["deficiency"]


@hazard("H138")
def test_positive_coeliac_serology_is_said_beside_other_antibodies(library: Library) -> None:
    both = (FOUND % ("intrinsic_factor_antibody", "negative"), FOUND % ("tissue_transglutaminase_iga", "positive"))
    found = of(library, f"deficiency: confirmed, medicines: none, {CALM}", *both)
    cause = step_of(found, "cause")
    assert "coeliac disease may be the cause" in english(cause.text)
    assert "does not rule out" in english(cause.text)
    assert "gastroenterologist" in english(cause.next[0].text) or "gastroenterologist" in english(cause.next[1].text)


def test_antibodies_that_are_neither_have_words_of_their_own(library: Library) -> None:
    found = of(library, f"deficiency: confirmed, {CALM}", FOUND % ("intrinsic_factor_antibody", "equivocal"))
    said = english(step_of(found, "cause").text)
    assert "neither positive nor negative" in said
    assert "No antibodies" not in said
    assert "gastrin" in asked_of(found, "cause")


def test_helicobacter_is_asked_for_where_its_source_is_read(library: Library) -> None:
    asked = {
        country: any(
            "Helicobacter" in english(each.text)
            for each in step_of(
                of(library, f"deficiency: confirmed, {CALM}", FOUND % ("intrinsic_factor_antibody", "negative"), country=country),
                "cause",
            ).next
        )
        for country in ("US", "GB")
    }  # fmt: skip
    assert asked == {"US": True, "GB": False}


# -- no more than the source says --------------------------------------------------------------------------------------


@hazard("H139")
@pytest.mark.parametrize(
    ("record", "state", "value"),
    [
        ((B12 % "240 ng/L", MMA % "1.9 umol/L"), "suggested", "confirmed"),
        ((B12 % "1450 ng/L", MMA % "1.9 umol/L"), "missing", None),
        ((MMA % "1.9 umol/L",), "suggested", "suspected"),
        ((B12 % "240 ng/L", MMA_ALONE % "0.35 umol/L"), "suggested", "suspected"),
        ((B12 % "240 ng/L", MMA % "1.9 umol/L", EGFR % "65"), "suggested", "suspected"),
        ((B12 % "240 ng/L", MMA % "1.9 umol/L", EGFR % "95"), "suggested", "confirmed"),
        ((B12 % "240 ng/L", MMA % "1.9 umol/L", EGFR % "45"), "missing", None),
    ],
)
def test_a_raised_mma_confirms_only_beside_a_level_that_is_open(
    library: Library, record: tuple[str, ...], state: str, value: str | None
) -> None:
    step = step_of(of(library, CALM, *record), "confirm")
    assert (step.state, step.value) == (state, value), english(step.text)


@hazard("H139")
def test_the_range_is_asked_for_where_one_algorithm_alone_reads_it(library: Library) -> None:
    step = step_of(of(library, CALM, B12 % "240 ng/L", MMA_ALONE % "0.35 umol/L"), "confirm")
    assert [(each.of_range, each.tests) for each in step.next] == [(True, ("mma",))]


@hazard("H139")
def test_a_raised_mma_in_an_infant_is_no_confirmation(library: Library) -> None:
    found = of(library, f"{NERVES}, cause: dietary", MMA % "12 umol/L", born="2025-06-20")
    confirm = step_of(found, "confirm")
    assert confirm.value == "suspected"
    assert "inborn error" in english(confirm.text)
    assert asked_of(found, "cause") == {
        "homocysteine"
    }  # of the panel MMA is there, and the cause being recorded changes nothing


@hazard("H139")
def test_a_childs_mma_is_read_by_no_limit_of_adults(library: Library) -> None:
    without = step_of(of(library, CALM, MMA_ALONE % "0.35 umol/L", born="2017-06-20"), "confirm")
    assert "no source of the library gives a band" in english(without.text)
    with_range = step_of(of(library, CALM, B12 % "240 ng/L", MMA % "0.35 umol/L", born="2017-06-20"), "confirm")
    assert (with_range.state, with_range.value) == ("missing", None)


@hazard("H139")
@pytest.mark.parametrize("record", [(), (B12 % "240 ng/L", MMA % "0.9 umol/L"), (ACTIVE % "82 pmol/L",)])
def test_active_b12_is_no_way_out_where_the_kidneys_work_less(library: Library, record: tuple[str, ...]) -> None:
    found = of(
        library, f"{CALM}, renal_impairment: present", *record, none_of=f"{NO_RISK}, nitrous_oxide, pregnancy"
    )  # fmt: skip
    confirm = step_of(found, "confirm")
    assert "holotranscobalamin" not in asked_of(found, "confirm")
    assert "deficiency is unlikely" not in english(confirm.text)
    assert confirm.state == "missing"
    assert confirm.next


def test_a_normal_mma_beside_a_low_level_leaves_it_open(library: Library) -> None:
    low = "{date: 2025-12-20, kind: result, marker: serum_b12, value: 190 ng/L, reference_range: 200-900 ng/L}"
    step = step_of(of(library, CALM, low, MMA % "0.2 umol/L"), "confirm")
    assert (step.state, step.value) == ("suggested", "indeterminate"), english(step.text)


@pytest.mark.parametrize("record", [(B12 % "420 ng/L",), (B12 % "240 ng/L", MMA % "0.2 umol/L")])
def test_an_unlikely_result_and_nerve_signs_are_joined_in_one_sentence(
    library: Library, record: tuple[str, ...]
) -> None:
    found = of(library, NERVES, *record)
    confirm = step_of(found, "confirm")
    assert confirm.next
    assert "strong features count more" in english(confirm.text)
    assert "does not rely on it alone" in english(confirm.plain)
    assert step_of(found, "treat").urgent


def test_a_rule_that_says_more_than_the_band_is_cited_with_it(library: Library) -> None:
    step = step_of(of(library, CALM, B12 % "300 pmol/L", country="SE"), "confirm")
    assert {"se-elinor", "nasgp-bcsh", "gpreas"} <= {cite.source for cite in step.cites}


# -- nitrous oxide and pregnancy ---------------------------------------------------------------------------------------


@hazard("H138")
def test_a_raised_homocysteine_after_nitrous_oxide_counts_while_the_kidneys_are_not_known(library: Library) -> None:
    found = of(library, f"neurological_involvement: present, {GAS}", HCY % "62 umol/L", none_of=f"{NO_RISK}, pregnancy")
    confirm = step_of(found, "confirm")
    assert (confirm.state, confirm.value) == ("suggested", "suspected")
    assert {"egfr", "creatinine"} <= asked_of(found, "confirm")
    assert "serum_b12" not in asked_of(found, "confirm")


@hazard("H143")
@pytest.mark.parametrize(
    ("facts", "record"),
    [
        (f"vegan: present, {CALM}", B12 % "95 ng/L"),
        (NERVES, B12 % "128 ng/L"),
        (CALM, ACTIVE % "19 pmol/L"),
    ],
)
def test_a_low_level_in_pregnancy_asks_for_urgent_advice_before_it_is_recorded(
    library: Library, facts: str, record: str
) -> None:
    found = of(
        library,
        f"pregnancy: pregnant, {facts}",
        record,
        born="1994-03-02",
        none_of=f"{NO_RISK}, kidney_disease, nitrous_oxide",
    )
    assert found.issues[0].code == "PREGNANCY_URGENT_ADVICE"
    assert "haematology advice" in english(step_of(found, "treat").text)
    assert "serum_b12" not in asked_of(found, "confirm")


@hazard("H143")
def test_a_level_in_pregnancy_that_is_not_low_asks_for_nobody(library: Library) -> None:
    found = of(
        library, f"pregnancy: pregnant, {CALM}", B12 % "600 ng/L", born="1994-03-02", none_of=f"{NO_RISK}, kidney_disease, nitrous_oxide"
    )  # fmt: skip
    assert "PREGNANCY_URGENT_ADVICE" not in {issue.code for issue in found.issues}


def test_a_level_that_is_very_high_asks_for_its_reason(library: Library) -> None:
    found = of(library, CALM, B12 % "1310 pg/mL", country="US")
    confirm = step_of(found, "confirm")
    assert confirm.state == "suggested"
    assert confirm.value is None
    assert "cancer" in english(confirm.text)
    assert [each.ask for each in confirm.next] == ["deficiency"]


@hazard("H144")
def test_nobody_who_is_treated_is_told_to_start(library: Library) -> None:
    given = "{date: 2025-12-20, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im}"
    facts = f"deficiency: confirmed, cause: pernicious_anaemia, previous_treatment: loading, {NERVES}"
    urgent = {
        treated: next(issue for issue in of(library, facts if treated else facts.replace("previous_treatment: loading, ", ""), *record).issues
                      if issue.code == "URGENT_START")
        for treated, record in ((True, (given,)), (False, ()))
    }  # fmt: skip
    assert "Is it improving?" in english(urgent[True].action)
    assert "do not wait" in english(urgent[False].action)


# -- the cause, and the order ------------------------------------------------------------------------------------------


@hazard("H142")
@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ("medicines: [ppi]", None),
        ("medicines: [metformin]", None),
        ("medicines: none, vegan: present", "dietary"),
        (f"medicines: none, {GAS}", "nitrous_oxide"),
    ],
)
def test_a_risk_does_not_close_the_search_for_the_cause(library: Library, facts: str, value: str | None) -> None:
    found = of(library, f"{facts}, {CALM}", B12 % "85 ng/L", none_of=f"{NO_RISK}, kidney_disease, pregnancy")
    cause = step_of(found, "cause")
    assert cause.value == value
    assert {"intrinsic_factor_antibody", "tissue_transglutaminase_iga"} <= asked_of(found, "cause")
    asked = " ".join(english(each.text) for each in cause.next)
    assert "Surgery of stomach or bowel" in asked or "surgery of stomach or bowel" in asked
    assert ("Diet;" in asked) is (value != "dietary")


@hazard("H144")
def test_nerves_and_potassium_come_before_the_search_for_the_cause(library: Library) -> None:
    found = of(library, "deficiency: confirmed, cause: pernicious_anaemia, anaemia: severe")
    assert order_of(found)[:2] == ["potassium", "neurological_involvement"]
    assert order_of(found)[-1] == "tsh"
    unasked = of(library, "weight: 70 kg", B12 % "<50 ng/L", none_of=NO_RISK)
    assert order_of(unasked)[:2] == ["neurological_involvement", "anaemia"]
    assert order_of(unasked).index("haemoglobin") < order_of(unasked).index("medicines")


@hazard("H144")
def test_what_leads_where_nothing_is_found_is_what_stands_first(library: Library) -> None:
    found = of(library, "weight: 70 kg", none_of="allergies")
    assert found.leading is not None
    assert found.leading.next[0] == what_comes_next(found.steps)[0]


@hazard("H144")
@pytest.mark.parametrize("folic_acid", ["folic_acid: none", "folic_acid: started_before_b12", "weight: 70 kg"])
def test_folic_acid_is_never_alone_whatever_is_known_of_it(library: Library, folic_acid: str) -> None:
    without = KIDNEYS_WELL.replace("folic_acid, ", "")
    found = of(library, f"folate_status: low, {folic_acid}, {CALM}", B12 % "150 ng/L", none_of=without)
    treat = step_of(found, "treat")
    assert "never folic acid alone" in english(treat.text)
    assert "never taken without" in english(treat.plain)
    told = {issue.code for issue in found.issues}
    assert ("FOLATE_BEFORE_B12" in told) is ("started" in folic_acid)


@hazard("H144")
def test_nitrous_oxide_is_told_before_anything_is_given(library: Library) -> None:
    found = of(library, f"{GAS}, {NERVES}", none_of=f"{NO_RISK}, kidney_disease, pregnancy")
    told = next(issue for issue in found.issues if issue.code == "NITROUS_OXIDE")
    assert "Stop or avoid exposure" in english(told.action)


@hazard("H138")
@pytest.mark.parametrize("step", ["confirm", "cause", "severity"])
@pytest.mark.parametrize(
    "record",
    [
        (),
        (B12 % "240 ng/L", MMA % "0.2 umol/L"),
        (MMA % "0.2 umol/L",),
        (HCY % "8 umol/L",),
        (HCY % "34 umol/L", B12 % "600 ng/L"),
        (FOUND % ("parietal_cell_antibody", "positive"), FOUND % ("tissue_transglutaminase_iga", "negative")),
        (B12 % "1450 ng/L", MMA % "1.9 umol/L"),
    ],
)
@pytest.mark.parametrize("facts", [CALM, NERVES, f"renal_impairment: present, {CALM}"])
def test_no_step_ends_without_an_answer_or_what_comes_next(
    library: Library, facts: str, record: tuple[str, ...], step: str
) -> None:
    none_of = KIDNEYS_WELL if "renal" not in facts else f"{NO_RISK}, nitrous_oxide, pregnancy"
    found = step_of(of(library, f"{facts}, medicines: none", *record, none_of=none_of), step)
    assert found.next or found.state in ("done", "suggested"), english(found.text)
