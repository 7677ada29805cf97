"""`medicines`: the one fact that is a list (contract, section 1). Several hold at once, none stands alone, unknown is not none."""

from __future__ import annotations

import pytest

from cobalamin.casefile.reader import new_case_text, read_case, with_facts
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import FactIs, Not
from cobalamin.spans import read_date
from cobalamin.therapy.case.case import Case, Fact, Patient
from cobalamin.therapy.case.criteria import describe, evaluate
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth
from english import english
from hazards import hazard

ON = read_date("2026-01-05")
METFORMIN = FactIs("medicines", ("metformin",))


def case_with(library: Library, facts: str, *record: str) -> Case:
    entries = "".join(f"\n  - {entry}" for entry in record)
    text = f"cobalamin: 1\npatient: {{id: x}}\nfacts: {{{facts}}}\n" + (f"record:{entries}\n" if record else "")
    return read_case(text, "x.yaml", library)


def value(case: Case) -> str | None:
    return facts_of(case, ON).value("medicines")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("medicines: [ppi, metformin]", "metformin, ppi"),
        ("medicines: [metformin, metformin]", "metformin"),
        ("medicines: metformin", "metformin"),
        ('medicines: "h2_blocker,colchicine"', "h2_blocker, colchicine"),
        ("medicines: {value: [topiramate], on: 2025-12-01}", "topiramate"),
        ("medicines: none", "none"),
        ("medicines: [none]", "none"),
        ("none_of: [medicines]", "none"),
        ("medicines: unknown", None),
        ("deficiency: confirmed", None),
    ],
)
def test_a_list_of_medicines_is_read(library: Library, written: str, read: str | None) -> None:
    assert value(case_with(library, written)) == read


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("medicines: [aspirin]", "'aspirin' is not one of the allowed words"),
        ("medicines: [metformin, unknown]", "'unknown' is not one"),
        ("medicines: [none, ppi]", "says none and names ppi"),
        ("medicines: []", "names nothing"),
        ("medicines: [[metformin]]", "not one of the allowed words"),
        ("medicines: {value: {metformin: yes}}", "must be a list"),
        ("medicines: [metformin], none_of: [medicines]", "none_of says that medicines is none"),
    ],
)
def test_what_says_two_things_or_nothing_is_refused(library: Library, written: str, told: str) -> None:
    with pytest.raises(InputError, match="medicines") as refused:
        case_with(library, written)
    assert told in str(refused.value)


@hazard("H120")
@pytest.mark.parametrize(
    ("written", "truth"),
    [
        ("medicines: [ppi, metformin]", TRUE), ("medicines: [ppi, colchicine]", FALSE), ("none_of: [medicines]", FALSE),
        ("medicines: unknown", UNKNOWN), ("deficiency: confirmed", UNKNOWN),
    ],
)  # fmt: skip
def test_one_of_several_is_found_and_what_nobody_asked_is_not_none(
    library: Library, written: str, truth: Truth
) -> None:
    assert evaluate(METFORMIN, facts_of(case_with(library, written), ON)) is truth


def test_a_criterion_on_a_medicine_is_told_in_words(library: Library) -> None:
    criterion = Not(FactIs("medicines", ("ppi", "h2_blocker")))
    assert english(describe(criterion, library)) == "not (medicines proton-pump inhibitor or H2 blocker)"


def test_a_later_list_takes_the_place_of_the_earlier_one(library: Library) -> None:
    case = case_with(
        library,
        "medicines: [metformin, ppi]",
        "{date: 2025-12-01, kind: fact, fact: medicines, value: [ppi]}",
        "{date: 2026-02-01, kind: fact, fact: medicines, value: none}",
    )
    assert value(case) == "ppi"


@hazard("H120")
def test_several_medicines_are_written_as_a_list_and_read_back(library: Library) -> None:
    told = Fact("medicines", "metformin, ppi")
    made = new_case_text(library, Patient("x"), (told,))
    added = with_facts("cobalamin: 1\npatient: {id: x}\nfacts:\n  deficiency: confirmed\n", (told,))
    for text in (made, added or ""):
        assert "  medicines: [metformin, ppi]" in text
        assert value(read_case(text, "x.yaml", library)) == "metformin, ppi"


def test_a_new_case_file_says_which_words_the_list_may_hold(library: Library) -> None:
    words = "metformin, ppi, h2_blocker, colchicine, topiramate, pregabalin, phenobarbital, primidone"
    assert f"  # medicines: [{words}]   # those that apply, or none" in new_case_text(library, Patient("x"))
