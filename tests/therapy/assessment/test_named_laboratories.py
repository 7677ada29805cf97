"""A result that names its laboratory reads by that laboratory's band; beside it stands the country's, and a printed range goes before both.

The limits were written from the laboratories' own pages: Mayo Clinic MMA at most 0.40 nmol/mL, Gloucestershire homocysteine 0 to 15,
Waikato homocysteine 5 to 15 micromol/L, Medlon and Heidrich active B12 30/45 and 35/50 pmol/L.
"""

from __future__ import annotations

from datetime import date

import pytest

from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.therapy.assessment.assessment import Because, Step, assess
from english import english
from hazards import hazard

ON = date(2026, 1, 5)
CALM = "deficiency: indeterminate, neurological_involvement: absent, anaemia: none"
NORMAL_KIDNEYS = f"{CALM}, renal_impairment: absent"


def confirm(library: Library, facts: str, *record: str, country: str = "GB", born: str = "1960-01-15") -> Step:
    events = "".join(f"\n  - {{date: 2025-12-20, kind: result, {each}}}" for each in record)
    head = (
        f"cobalamin: 1\npatient: {{id: a, birth_date: {born}, sex: female, country: {country}}}\nfacts: {{{facts}}}\n"
    )
    return assess(library, read_case(f"{head}record:{events}\n".encode(), "a.yaml", library), ON).steps[0]


def read(library: Library, record: str, **more: str) -> Because:
    return confirm(library, NORMAL_KIDNEYS, record, **more).because[0]


@hazard("H95")
@pytest.mark.parametrize(
    ("record", "country", "says", "beside"),
    [
        ("marker: mma, value: 0.45 umol/L, laboratory: Mayo Clinic Laboratories", "US", "high by Mayo Clinic", "above 300 nmol/L"),
        ("marker: mma, value: 0.35 umol/L, laboratory: Mayo Clinic Laboratories", "US", "normal by Mayo Clinic", "above 300 nmol/L"),
        ("marker: mma, value: 0.40 nmol/mL, laboratory: MAYO CLINIC", "US", "normal by Mayo Clinic", "above 300 nmol/L"),
        ("marker: homocysteine, value: 15 umol/L, laboratory: Gloucestershire Hospitals", "GB", "normal by Gloucestershire", "from 15 umol/L"),
        ("marker: homocysteine, value: 16 umol/L, laboratory: Gloucestershire Hospitals NHS Foundation Trust", "GB", "high by Gloucestershire", "from 15"),
        ("marker: homocysteine, value: 12 umol/L, laboratory: Waikato Hospital Laboratory", "NZ", "normal by Waikato", ""),
        ("marker: holotranscobalamin, value: 40 pmol/L, laboratory: Labor Dr. Heidrich", "DE", "indeterminate by Labor Dr. Heidrich", ""),
        ("marker: holotranscobalamin, value: 29 pmol/L, laboratory: Medlon", "NL", "deficient by Medlon", "indeterminate by Nederlands"),
    ],
)  # fmt: skip
def test_the_named_laboratory_reads_its_own_results(
    library: Library, record: str, country: str, says: str, beside: str
) -> None:
    found = read(library, record, country=country)
    text = english(found.text)
    assert says in text
    assert english(found.band).startswith(says)
    assert ("beside it" in text) is bool(beside)
    assert beside in text


@hazard("H95")
@pytest.mark.parametrize(
    "laboratory", ["Hospital", "Hospitals", "Clinic", "Mayo University Hospital", "Laboratory", "Dr.", "Pathology"]
)
def test_a_name_that_says_less_is_no_name(library: Library, laboratory: str) -> None:
    """A word that many laboratories have, or another place of that name, reads by the country's band alone."""
    for marker, value in (("mma", "0.35 umol/L"), ("homocysteine", "15 umol/L"), ("holotranscobalamin", "40 pmol/L")):
        record = f'marker: {marker}, value: {value}, laboratory: "{laboratory}"'
        named, unnamed = (read(library, each) for each in (record, f"marker: {marker}, value: {value}"))
        assert english(named.text) == english(unnamed.text)


@hazard("H95")
def test_a_printed_range_goes_before_the_band_of_the_laboratory(library: Library) -> None:
    record = "marker: mma, value: 0.35 umol/L, reference_range: 0-0.28 umol/L, laboratory: Mayo Clinic Laboratories"
    found = english(read(library, record, country="US").text)
    assert "above the laboratory's range (0-0.28 umol/L); beside it normal by Mayo Clinic Laboratories" in found


@hazard("H95")
def test_a_printed_range_has_the_band_of_the_country_beside_it(library: Library) -> None:
    found = read(library, "marker: mma, value: 0.35 umol/L, reference_range: 0-0.40 umol/L", country="DK")
    assert english(found.band).startswith("within the laboratory's range")
    assert "beside it indeterminate by Notes for Danish doctors" in english(found.text)
    assert {cite.source for cite in found.cites} == {"dk-laegenoter"}


@hazard("H95")
@pytest.mark.parametrize(
    ("facts", "more", "state", "value"),
    [
        (NORMAL_KIDNEYS, (), "suggested", "confirmed"),
        (f"{CALM}, renal_impairment: present", (), "missing", "indeterminate"),
        (CALM, ("marker: egfr, value: '38 mL/min/1.73m2'",), "missing", "indeterminate"),
        (CALM, (), "missing", "indeterminate"),
    ],
)
def test_mma_of_a_named_laboratory_proves_nothing_unless_the_kidneys_work(
    library: Library, facts: str, more: tuple[str, ...], state: str, value: str
) -> None:
    mma = "marker: mma, value: 0.9 umol/L, laboratory: Mayo Clinic Laboratories"
    step = confirm(library, facts, mma, *more, country="US")
    assert (step.state, step.value) == (state, value)


def test_a_band_for_adults_is_not_read_in_a_child(library: Library) -> None:
    record = "marker: holotranscobalamin, value: 20 pmol/L, laboratory: North West London Pathology"
    assert english(read(library, record).band).startswith("deficient by North West London Pathology")
    assert not english(read(library, record, born="2018-01-15").band)
