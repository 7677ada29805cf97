"""Confirm, cause, severity, treat: people, and what each step must say of them.

The expected words were written from the sources' texts, not from the program: the threshold table of NG239 as restated
(180 and 350 ng/L; 133 and 258 pmol/L; active B12 25 and 70 pmol/L), Bath's own limits (145 and 180 ng/L), the American review
of 2025 (180 to 350 pg/mL calls for MMA, a raised one is diagnostic), the Dutch position of 2014 (148 pmol/L together with the
clinical picture), the study of MMA above 300 nmol/L with normal renal function, and the laboratories' pages on antibodies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.assessment.assessment import Assessment, assess
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
ALL_NONE = (
    "allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia"
)
NO_KIDNEYS = ALL_NONE.replace("kidney_disease, ", "")
NO_GAS = ALL_NONE.replace("nitrous_oxide, ", "")
CALM = "neurological_involvement: absent, anaemia: none"
OPEN = f"deficiency: indeterminate, cause: not_found, {CALM}"
UNKNOWN = CALM
B12 = "{date: 2025-12-20, kind: result, marker: serum_b12, value: %s}"
B12_RANGE = "{date: 2025-12-20, kind: result, marker: serum_b12, value: %s, reference_range: %s}"
ACTIVE = "{date: 2025-12-20, kind: result, marker: holotranscobalamin, value: %s}"
MMA = "{date: 2025-12-28, kind: result, marker: mma, value: %s}"
MMA_RANGE = "{date: 2025-12-28, kind: result, marker: mma, value: %s, reference_range: %s}"
HCY = "{date: 2025-12-28, kind: result, marker: homocysteine, value: %s, reference_range: 5-15 umol/L}"
EGFR = "{date: 2025-12-28, kind: result, marker: egfr, value: '%s mL/min/1.73m2'}"
IFAB = "{date: 2025-12-28, kind: result, marker: intrinsic_factor_antibody, value: %s}"
HB = "{date: 2025-12-20, kind: result, marker: haemoglobin, value: %s}"
HIGH_MMA = MMA_RANGE % ("1.9 umol/L", "0-0.28 umol/L")
DOSE = "{date: %s, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im}"


@dataclass(frozen=True)
class Row:
    """One person, and of one step its state, the value it names, words that must and must not stand in its line."""

    name: str
    facts: str
    record: tuple[str, ...]
    step: str
    state: str
    value: str | None
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    country: str = "GB"
    born: str = "1960-01-15"
    none_of: str = ALL_NONE
    next: str = ""  # the marker or fact that comes next first


def row(
    name: str, facts: str, record: tuple[str, ...], step: str, state: str, value: str | None, *says: str, **more: object
) -> Row:
    return Row(name, facts, record, step, state, value, says, **more)  # type: ignore[arg-type]


ROWS = (
    # -- the four examples of the audit (finding 4) ------------------------------------------------------------------
    row("GB, 240 ng/L and a raised MMA", OPEN, (B12 % "240 ng/L", HIGH_MMA), "confirm", "suggested", "confirmed",
        "1.9 umol/L", "28 December 2025", "laboratory's range (0-0.28 umol/L)", "supports vitamin B12 deficiency"),
    row("metformin with 210 ng/L", f"deficiency: indeterminate, cause: medicine_induced, {CALM}", (B12 % "210 ng/L",), "confirm", "missing",
        "indeterminate", "Next: MMA", "homocysteine", "210 ng/L", "NICE NG239", next="mma"),
    row("severe anaemia is urgent", "deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: severe",
        (), "treat", "suggested", None, "start", "do not wait", country="DE"),
    row("nerves are urgent without a proof", "deficiency: indeterminate, neurological_involvement: present, anaemia: none",
        (B12 % "240 ng/L",), "treat", "suggested", None, "start", "do not wait"),
    # -- bands, with both their ends ------------------------------------------------------------------------------------
    row("GB, under 180", UNKNOWN, (B12 % "179 ng/L",), "confirm", "suggested", "confirmed", "deficient by NICE NG239"),
    row("GB, 180 itself", UNKNOWN, (B12 % "180 ng/L",), "confirm", "suggested", "indeterminate", "indeterminate by NICE NG239", next="mma"),
    row("GB, 350 itself", UNKNOWN, (B12 % "350 ng/L",), "confirm", "suggested", "indeterminate", next="mma"),
    row("GB, over 350 is unlikely, never excluded", UNKNOWN, (B12 % "351 ng/L",), "confirm", "suggested", None, "unlikely", "another cause",
        never=("excluded",)),
    row("GB, in pmol/L", UNKNOWN, (B12 % "132 pmol/L",), "confirm", "suggested", "confirmed", "below 133 pmol/L"),
    row("GB, in pg/mL", UNKNOWN, (B12 % "179 pg/mL",), "confirm", "suggested", "confirmed", "below 180 ng/L"),
    row("GB, a limit that is certain", UNKNOWN, (B12 % "<150 ng/L",), "confirm", "suggested", "confirmed"),
    row("GB, a limit that is not certain", UNKNOWN, (B12 % "<200 ng/L",), "confirm", "missing", None, "Record the range"),
    row("GB, active B12 under 25", UNKNOWN, (ACTIVE % "24 pmol/L",), "confirm", "suggested", "confirmed"),
    row("GB, active B12 of 70", UNKNOWN, (ACTIVE % "70 pmol/L",), "confirm", "suggested", "indeterminate", next="mma"),
    row("US, under 180", UNKNOWN, (B12 % "150 pg/mL",), "confirm", "suggested", "confirmed", "American Family Physician", country="US"),
    row("US, over 350 its source does not say", UNKNOWN, (B12 % "600 pg/mL",), "confirm", "missing", None, "says nothing", country="US"),
    row("NL, under 148 only with the picture", UNKNOWN, (B12 % "120 pmol/L",), "confirm", "suggested", "indeterminate", "only together",
        country="NL", next="deficiency"),
    row("NL, under 148 and anaemia", "neurological_involvement: absent, anaemia: mild", (B12 % "120 pmol/L",), "confirm", "suggested",
        "suspected", "clinical picture", country="NL"),
    row("IE reads by the near country", UNKNOWN, (B12 % "150 ng/L",), "confirm", "suggested", "confirmed", "NICE NG239", country="IE"),
    row("DE has no band", UNKNOWN, (B12 % "150 ng/L",), "confirm", "missing", None, "no source of the library gives a band", country="DE"),
    row("a child is not read by a text for over 16s", UNKNOWN, (B12 % "150 ng/L",), "confirm", "missing", None, "no source of the library",
        born="2020-01-15"),
    row("SE, under 125 a deficiency is likely, not proven", UNKNOWN, (B12 % "120 pmol/L",), "confirm", "suggested", "suspected", "very likely",
        "Västerbotten", country="SE"),
    row("SE, 125 itself", UNKNOWN, (B12 % "125 pmol/L",), "confirm", "suggested", "indeterminate", country="SE", next="mma"),
    row("NO, under 100", UNKNOWN, (B12 % "95 pmol/L",), "confirm", "suggested", "suspected", "very likely", country='"NO"'),
    row("NO, 250 itself", UNKNOWN, (B12 % "250 pmol/L",), "confirm", "suggested", "indeterminate", country='"NO"', next="mma"),
    row("DK, between", UNKNOWN, (B12 % "200 pmol/L",), "confirm", "suggested", "indeterminate", "laegenoter", country="DK", next="mma"),
    row("DK, under 125 is lower than what its source leaves open", UNKNOWN, (B12 % "80 pmol/L",), "confirm", "suggested", "suspected",
        "not classed there", country="DK", next="mma"),
    row("DK, under 125 and within the laboratory's range", UNKNOWN, (B12_RANGE % ("120 pmol/L", "100-600 pmol/L"),), "confirm",
        "suggested", "indeterminate", country="DK", next="mma"),
    row("the Faroes read by the near country", UNKNOWN, (B12 % "200 pmol/L",), "confirm", "suggested", "indeterminate", country="FO", next="mma"),
    row("NL, active B12 of 20", UNKNOWN, (ACTIVE % "20 pmol/L",), "confirm", "suggested", "indeterminate", country="NL", next="mma"),
    row("NL, active B12 under 20", UNKNOWN, (ACTIVE % "12 pmol/L",), "confirm", "suggested", "suspected", "not classed there",
        country="NL", next="mma"),
    row("Medlon reads by its own limits, and then measures MMA", UNKNOWN,
        ("{date: 2025-12-20, kind: result, marker: holotranscobalamin, value: 29 pmol/L, laboratory: Medlon}",),
        "confirm", "suggested", "suspected", "deficient by Medlon", country="NL", next="mma"),
    # -- the laboratory's range goes before the country's band --------------------------------------------------------------
    row("both low", UNKNOWN, (B12_RANGE % ("150 ng/L", "200-900 ng/L"),), "confirm", "suggested", "confirmed"),
    row("low by the laboratory alone", UNKNOWN, (B12_RANGE % ("190 ng/L", "200-900 ng/L"),), "confirm", "suggested", "suspected",
        "below the laboratory's range (200-900 ng/L)"),
    row("low by the country alone", UNKNOWN, (B12_RANGE % ("170 ng/L", "145-900 ng/L"),), "confirm", "suggested", "indeterminate",
        "within the laboratory's range (145-900 ng/L)", next="mma"),
    row("a range in another unit", UNKNOWN, (B12_RANGE % ("190 ng/L", "200-900 pg/mL"),), "confirm", "suggested", "suspected"),
    row("DE, below its laboratory's range", UNKNOWN, (B12_RANGE % ("150 ng/L", "197-771 ng/L"),), "confirm", "suggested", "suspected",
        country="DE"),
    row("DE, within its laboratory's range", UNKNOWN, (B12_RANGE % ("400 ng/L", "197-771 ng/L"),), "confirm", "missing", None,
        "clinical picture", country="DE", next="mma"),
    row("Bath reads by its own limits", UNKNOWN,
        ("{date: 2025-12-20, kind: result, marker: serum_b12, value: 190 ng/L, laboratory: Royal United Hospitals Bath}",),
        "confirm", "suggested", None, "unlikely by Royal United Hospitals Bath"),
    # -- MMA and the kidneys -------------------------------------------------------------------------------------------------
    row("MMA without a range, over 300 nmol/L", OPEN, (MMA % "450 nmol/L",), "confirm", "suggested", "suspected", "above 300 nmol/L",
        "does not confirm", next="mma"),
    row("MMA without a range, under it nothing is said", OPEN, (MMA % "250 nmol/L",), "confirm", "missing", "indeterminate", "Record the range"),
    row("DK, MMA over 0.75", OPEN, (MMA % "0.76 umol/L",), "confirm", "suggested", "confirmed", "above 0.75 umol/L", country="DK"),
    row("DK, MMA of 0.75 itself", OPEN, (MMA % "750 nmol/L",), "confirm", "missing", "indeterminate", "without them the test is repeated", country="DK"),
    row("DK, MMA of 0.29 itself", OPEN, (MMA % "0.29 umol/L",), "confirm", "missing", "indeterminate", "without them the test is repeated", country="DK"),
    row("DK, MMA under 0.29", OPEN, (MMA % "0.28 umol/L",), "confirm", "suggested", None, "unlikely", country="DK", never=("excluded",)),
    row("SE, MMA between its bands", OPEN, (MMA % "0.3 umol/L",), "confirm", "missing", "indeterminate", "Record the range", country="SE"),
    row("DK, its laboratory's range goes first", OPEN, (MMA_RANGE % ("0.5 umol/L", "0.1-0.4 umol/L"),), "confirm", "suggested", "confirmed",
        "laboratory's range", country="DK"),
    row("kidney disease on file: never proof", f"{OPEN}, renal_impairment: present", (B12 % "240 ng/L", HIGH_MMA), "confirm", "missing",
        "indeterminate", "proves no deficiency", none_of=NO_KIDNEYS),
    row("a low eGFR without a range: never proof", OPEN, (B12 % "240 ng/L", HIGH_MMA, EGFR % "38"), "confirm", "missing", "indeterminate",
        "proves no deficiency"),
    row("kidneys not known: that comes first", OPEN, (B12 % "240 ng/L", HIGH_MMA), "confirm", "missing", "indeterminate", "Kidney function",
        none_of=NO_KIDNEYS, next="egfr"),
    row("kidneys known by a normal eGFR", OPEN, (B12 % "240 ng/L", HIGH_MMA, EGFR % "95"), "confirm", "suggested", "confirmed",
        none_of=NO_KIDNEYS),
    row("MMA normal in the grey band", OPEN, (B12 % "240 ng/L", MMA_RANGE % ("0.2 umol/L", "0-0.28 umol/L")), "confirm", "suggested", None,
        "unlikely", never=("excluded",)),
    row("MMA normal beside a clearly low level", UNKNOWN, (B12 % "100 ng/L", MMA_RANGE % ("0.2 umol/L", "0-0.28 umol/L")), "confirm",
        "suggested", "confirmed"),
    # -- contradictions ------------------------------------------------------------------------------------------------------
    row("confirmed, and MMA is normal", f"deficiency: confirmed, {CALM}", (B12 % "240 ng/L", MMA_RANGE % ("0.2 umol/L", "0-0.28 umol/L")),
        "confirm", "contradicted", "confirmed", "recorded as confirmed", "0.2 umol/L"),
    row("excluded, and the level is low", f"deficiency: excluded, {CALM}", (B12 % "120 ng/L",), "confirm", "contradicted", "excluded", "120 ng/L"),
    row("excluded, and stated again after the result", f"deficiency: excluded, {CALM}",
        (B12 % "120 ng/L", "{date: 2025-12-22, kind: fact, fact: deficiency, value: excluded}"), "confirm", "done", "excluded"),
    row("contradicted: treatment waits", f"deficiency: excluded, {CALM}", (B12 % "120 ng/L",), "treat", "missing", None, "Settle first"),
    row("dietary, and antibodies are positive", f"deficiency: confirmed, cause: dietary, {CALM}", (IFAB % "positive",), "cause",
        "contradicted", "dietary", "95 %"),
    row("after a gastrectomy antibodies may stand beside", f"deficiency: confirmed, cause: total_gastrectomy, {CALM}", (IFAB % "positive",),
        "cause", "done", "total_gastrectomy"),
    row("haemoglobin low, anaemia none", f"deficiency: confirmed, {CALM}",
        ("{date: 2025-12-20, kind: result, marker: haemoglobin, value: 92 g/L, reference_range: 115-165 g/L}",), "severity",
        "contradicted", "none", "92 g/L"),
    row("tingling, nerves absent", f"deficiency: confirmed, {CALM}", ("{date: 2025-12-20, kind: symptoms, tingling_or_numbness: 6}",),
        "severity", "contradicted", "absent", "6 of 10"),
    # -- what is not read ----------------------------------------------------------------------------------------------------
    row("a level within 12 months after a dose", UNKNOWN, (DOSE % "2025-02-01", B12 % "820 ng/L"), "confirm", "missing", None,
        "not read", "12 months", "1 February 2025"),
    row("an MMA that is normal after a dose", OPEN, (DOSE % "2025-12-01", MMA_RANGE % ("0.2 umol/L", "0-0.28 umol/L")), "confirm",
        "missing", "indeterminate", never=("unlikely",)),
    row("a low level after a dose asks why", UNKNOWN, (DOSE % "2025-10-01", B12 % "100 ng/L"), "confirm", "missing", None, "in spite of",
        "does not speak against", next="mma"),
    row("a level 13 months after a dose is read", UNKNOWN, (DOSE % "2024-11-01", B12 % "150 ng/L"), "confirm", "suggested", "confirmed"),
    row("a sample of the day of the first dose is read", UNKNOWN, (B12 % "150 ng/L", DOSE % "2025-12-20"), "confirm", "suggested", "confirmed"),
    row("treated before, no day known", f"{UNKNOWN}, previous_treatment: maintenance", (B12 % "700 ng/L",), "confirm", "missing", None,
        "Record the last dose"),
    row("a confirmed deficiency is not contradicted on treatment", f"deficiency: confirmed, {CALM}", (DOSE % "2025-11-01", B12 % "700 ng/L"),
        "confirm", "done", "confirmed"),
    row("a level of two years ago", UNKNOWN, ("{date: 2024-01-02, kind: result, marker: serum_b12, value: 120 ng/L}",), "confirm", "missing",
        None, "older than 12 months"),
    row("total B12 in pregnancy", f"pregnancy: pregnant, {CALM}", (B12 % "120 ng/L",), "confirm", "missing", None, "Active B12",
        born="1994-03-02", none_of=ALL_NONE.replace("pregnancy, ", ""), next="holotranscobalamin"),
    row("an implausible value", UNKNOWN, (B12 % "0.2 ng/L",), "confirm", "missing", None, "can't be right"),
    row("antibodies three days after an injection", f"deficiency: confirmed, {CALM}", (DOSE % "2025-12-25", IFAB % "positive"), "cause",
        "missing", None, "may be false"),
    # -- nitrous oxide ---------------------------------------------------------------------------------------------------------
    row("nitrous oxide: another first test", f"nitrous_oxide_exposure: present, {CALM}", (), "confirm", "missing", None, "Homocysteine or MMA",
        none_of=NO_GAS, next="homocysteine"),
    row("nitrous oxide: a good level does not calm", f"nitrous_oxide_exposure: present, {CALM}", (B12 % "600 ng/L",), "confirm", "missing",
        None, never=("unlikely",), none_of=NO_GAS, next="homocysteine"),
    row("nitrous oxide: homocysteine raised", f"nitrous_oxide_exposure: present, {CALM}", (HCY % "40 umol/L",), "confirm", "suggested",
        "suspected", "folate", none_of=NO_GAS),
    row("nitrous oxide: homocysteine without its range", f"nitrous_oxide_exposure: present, {CALM}",
        ("{date: 2025-12-28, kind: result, marker: homocysteine, value: 22 umol/L}",), "confirm", "suggested", "suspected",
        "from 15 umol/L", none_of=NO_GAS),
    row("nitrous oxide as a cause", f"deficiency: suspected, nitrous_oxide_exposure: present, {CALM}", (), "cause", "suggested",
        "nitrous_oxide", none_of=NO_GAS),
    # -- cause -------------------------------------------------------------------------------------------------------------------
    row("antibodies point to pernicious anaemia", f"deficiency: confirmed, {CALM}", (IFAB % "positive",), "cause", "suggested",
        "pernicious_anaemia", "95 %", "1 to 2 %"),
    row("no antibodies do not rule it out", f"deficiency: confirmed, {CALM}", (IFAB % "negative",), "cause", "missing", None,
        "does not rule out", "40 to 70 %", next="parietal_cell_antibody"),
    row("no test yet: ask, then antibodies, then coeliac", f"deficiency: confirmed, {CALM}", (), "cause", "missing", None, "metformin",
        next="medicines"),
    row("medicines known: ask for the rest", f"deficiency: confirmed, medicines: none, {CALM}", (), "cause", "missing", None, "surgery",
        next="cause"),
    row("metformin is a risk and not yet the cause", f"deficiency: confirmed, medicines: [metformin, pregabalin], {CALM}", (), "cause",
        "missing", None, "metformin", "not yet the cause", "regulator", next="cause"),
    row("a medicine against stomach acid", f"deficiency: suspected, medicines: ppi, {CALM}", (), "cause", "missing", None, "proton-pump",
        "pernicious anaemia", next="cause"),
    row("antibodies before a medicine", f"deficiency: confirmed, medicines: [metformin], {CALM}", (IFAB % "positive",), "cause", "suggested",
        "pernicious_anaemia", "95 %"),
    row("primidone is a risk, by a digest of the guideline", f"deficiency: confirmed, medicines: [primidone], {CALM}", (), "cause",
        "missing", None, "primidone"),
    row("a medicine beside another cause", f"deficiency: confirmed, cause: dietary, medicines: [metformin], {CALM}", (), "cause", "done",
        "dietary"),
    row("nothing lowers what is not lacking", f"deficiency: excluded, medicines: [metformin], {CALM}", (), "cause", "missing", None,
        "no cause is looked for"),
    row("an infant: the mother", f"deficiency: confirmed, {CALM}", (), "cause", "missing", None, "mother", born="2025-08-01",
        next="mother_deficient"),
    row("pernicious anaemia: thyroid and iron", f"deficiency: confirmed, cause: pernicious_anaemia, {CALM}", (), "cause", "done",
        "pernicious_anaemia", next="tsh"),
    row("excluded: no cause is looked for", f"deficiency: excluded, {CALM}", (), "cause", "missing", None, "no cause is looked for"),
    # -- severity and treatment --------------------------------------------------------------------------------------------------
    row("nobody asked for the nerves", "deficiency: confirmed, anaemia: none", (), "severity", "missing", None, "tingling",
        next="neurological_involvement"),
    row("nothing is known at all", "weight: 70 kg", (), "confirm", "missing", None, "before the first dose", none_of="allergies",
        next="serum_b12"),
    row("severe anaemia: potassium", "deficiency: confirmed, neurological_involvement: absent, anaemia: severe", (), "severity", "done",
        "absent", "potassium can fall", next="potassium"),
    row("excluded: nothing to treat", f"deficiency: excluded, {CALM}", (), "treat", "done", None, "No deficiency to treat"),
    # -- only the range is missing ---------------------------------------------------------------------------------------------
    row("a level without a range: the range, not the same test", UNKNOWN, (B12 % "100 pmol/L",), "confirm", "missing", None,
        "Next: The laboratory's range of Vitamin B12 in serum (total cobalamin) (100 pmol/L", never=("before the first dose",), country="ZA"),
    row("haemoglobin without a range, anaemia none", f"deficiency: confirmed, {CALM}", (HB % "52 g/L",), "severity", "missing", "none",
        "52 g/L", "whether the anaemia is severe"),
    row("haemoglobin without a range, anaemia not known", "deficiency: confirmed, neurological_involvement: absent", (HB % "52 g/L",),
        "severity", "missing", None, "52 g/L", "whether the anaemia is severe"),
    row("haemoglobin without a range, anaemia severe", "deficiency: confirmed, neurological_involvement: absent, anaemia: severe",
        (HB % "52 g/L",), "severity", "done", "absent", never=("whether the anaemia is severe",)),
    row("haemoglobin without a range, and the fact stated since", f"deficiency: confirmed, {CALM}",
        (HB % "118 g/L", "{date: 2025-12-22, kind: fact, fact: anaemia, value: none}"), "severity", "done", "absent"),
    row("a later haemoglobin with its range", f"deficiency: confirmed, {CALM}",
        (HB % "118 g/L", "{date: 2025-12-23, kind: result, marker: haemoglobin, value: 118 g/L, reference_range: 115-165 g/L}"), "severity",
        "done", "absent"),
    row("folate low too", f"deficiency: confirmed, folate_status: low, {CALM}", (), "treat", "suggested", None, next="folic_acid",
        none_of=ALL_NONE.replace("folic_acid, ", "")),
)  # fmt: skip


def assessed(library: Library, one: Row) -> Assessment:
    record = "".join(f"  - {entry}\n" for entry in one.record)
    text = (
        "cobalamin: 1\n"
        f"patient: {{id: test, birth_date: {one.born}, sex: female, country: {one.country}}}\n"
        f"facts: {{{one.facts}, none_of: [{one.none_of}]}}\n" + (f"record:\n{record}" if record else "")
    )
    return assess(library, read_case(text.encode(), "test.yaml", library), ON)


@hazard("H95")
@hazard("H96")
@pytest.mark.parametrize("one", ROWS, ids=lambda one: one.name)
def test_a_step_says_what_the_sources_say(library: Library, one: Row) -> None:
    step = next(step for step in assessed(library, one).steps if step.step == one.step)
    assert (step.state, step.value) == (one.state, one.value), english(step.text)
    for words in one.says:
        assert words in english(step.text), english(step.text)
    for words in one.never:
        assert words not in english(step.text), english(step.text)
    if one.next:
        first = step.next[0]
        assert one.next in (first.tests[:1] or (first.ask,)), step.next


@pytest.mark.parametrize("one", ROWS, ids=lambda one: one.name)
def test_nothing_is_suggested_without_a_source_and_nothing_is_set(library: Library, one: Row) -> None:
    """Each suggestion cites somebody who is not only remembered, and names the command that a person may type."""
    for step in assessed(library, one).steps:
        if step.state == "suggested":
            assert step.cites, english(step.text)
            assert any(cite.level != "recalled" for cite in step.cites), english(step.text)
            assert (
                step.value is None
                or step.step == "treat"
                or step.command == f"cobalamin set CASE {step.fact}={step.value}"
            )
        else:
            assert not step.command or step.state == "contradicted"


def find(name: str) -> Row:
    return next(one for one in ROWS if one.name == name)


@hazard("H95")
def test_the_laboratory_and_the_country_are_both_shown(library: Library) -> None:
    step = assessed(library, find("low by the country alone")).steps[0]
    shown = english(step.because[0].text)
    assert "within the laboratory's range (145-900 ng/L)" in shown
    assert "deficient by NICE NG239 (below 180 ng/L)" in shown


@hazard("H95")
def test_of_several_results_the_latest_counts_and_the_others_are_shown(library: Library) -> None:
    earlier = "{date: 2025-06-20, kind: result, marker: serum_b12, value: 400 ng/L}"
    step = assessed(library, row("two levels", UNKNOWN, (B12 % "150 ng/L", earlier), "confirm", "", None)).steps[0]
    assert (step.state, step.value) == ("suggested", "confirmed")
    assert [(each.value, each.used) for each in step.because] == [("150 ng/L", True), ("400 ng/L", False)]
    assert "reads otherwise" in english(step.because[1].text)


@hazard("H95")
def test_of_two_results_of_one_day_the_one_for_a_deficiency_counts(library: Library) -> None:
    both = (B12 % "400 ng/L", B12 % "150 ng/L")
    for record in (both, both[::-1]):
        step = assessed(library, row("one day", UNKNOWN, record, "confirm", "", None)).steps[0]
        assert step.value == "confirmed"
        assert "reads otherwise" in english(step.because[1].text)


def test_a_result_that_is_not_read_is_shown_with_the_reason(library: Library) -> None:
    step = assessed(library, find("a level within 12 months after a dose")).steps[0]
    assert step.because[0].band == ""
    assert "not read" in english(step.because[0].text)


@hazard("H95")
@pytest.mark.parametrize(("stopped", "state"), [("", "done"), ("2024-06-01", "contradicted")])
def test_a_level_on_tablets_does_not_speak_against_the_deficiency(library: Library, stopped: str, state: str) -> None:
    """Tablets are not recorded one by one: the plan says that they are taken. Long after a stop the level is read again."""
    stop = f"  - {{date: {stopped}, kind: decision, decision: stop, by: Dr A, reason: moved}}\n" if stopped else ""
    text = (
        "cobalamin: 1\npatient: {id: test, birth_date: 1960-01-15, country: GB}\n"
        f"facts: {{deficiency: confirmed, cause: dietary, {CALM}, none_of: [{ALL_NONE}]}}\n"
        "plan: {protocol: uk-bnf-oral-diet, version: 1, start: 2024-02-05, policy: engineering-default, accepted_by: Dr A}\n"
        f"record:\n  - {B12 % '500 ng/L'}\n{stop}"
    )
    [confirm, *_] = assess(library, read_case(text.encode(), "test.yaml", library), ON).steps
    assert confirm.state == state, english(confirm.text)


def test_after_the_range_comes_mma_and_nothing_again(library: Library) -> None:
    step = assessed(library, find("a level without a range: the range, not the same test")).steps[0]
    assert [(each.of_range, each.tests) for each in step.next] == [
        (True, ("serum_b12",)),
        (False, ("mma",)),
    ]


def test_a_haemoglobin_without_a_range_is_shown_also_where_nothing_is_asked(library: Library) -> None:
    for name in (
        "haemoglobin without a range, anaemia severe",
        "haemoglobin without a range, and the fact stated since",
    ):
        [_, _, severity, _] = assessed(library, find(name)).steps
        assert ["not read" in english(each.text) for each in severity.because if each.marker == "haemoglobin"] == [True]


def test_a_potassium_stands_above_the_steps(library: Library) -> None:
    low = "{date: 2026-01-03, kind: result, marker: potassium, value: 2.9 mmol/L}"
    severe = "deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: severe"
    found = assessed(library, row("K", severe, (low,), "severity", "", None, country="DE"))
    assert [issue.code for issue in found.issues] == ["POTASSIUM_LOW", "URGENT_START"]


@pytest.mark.parametrize(
    ("name", "leads"),
    [
        ("GB, 240 ng/L and a raised MMA", "confirm"),
        ("metformin with 210 ng/L", "confirm"),
        ("nerves are urgent without a proof", "treat"),
        ("confirmed, and MMA is normal", "confirm"),
        ("tingling, nerves absent", "severity"),
        ("antibodies point to pernicious anaemia", "cause"),
    ],
)
def test_which_step_leads(library: Library, name: str, leads: str) -> None:
    found = assessed(library, find(name))
    assert found.leading is not None
    assert found.leading.step == leads
