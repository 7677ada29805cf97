"""A proposal tells conditions that are open and disagreements about what is shown, and respells nothing that is typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import DAY, EXAMPLES, in_process

from cobalamin.app.services import shipped

HEADING = "Where sources disagree\n"


def disagreeing(told: str) -> str:
    return told.partition(HEADING)[2].partition("\n\n")[0]


def case_of(folder: Path, born: str, country: str, *facts: str) -> Path:
    path = folder / "made-up.yaml"
    head = f"cobalamin: 1\npatient: {{id: made-up, birth_date: {born}, sex: female, country: {country}}}\nfacts:\n"
    path.write_text(head + "".join(f"  {fact}\n" for fact in facts), "utf-8")
    return path


NOTHING_MORE = (
    "none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid]",
    "neurological_involvement: absent", "anaemia: none", "previous_treatment: none",
)  # fmt: skip


# -- conditions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cause", ["pernicious_anaemia", "bariatric_surgery"])
def test_a_condition_that_holds_is_no_condition(tmp_path: Path, cause: str) -> None:
    case = case_of(tmp_path, "1960-03-02", "DE", "deficiency: confirmed", f"cause: {cause}", *NOTHING_MORE)
    told = in_process("propose", case, *DAY).out
    assert "de-cn-1" in told
    assert "only if" not in told


def test_of_a_condition_only_what_is_open_is_told(tmp_path: Path) -> None:
    case = case_of(tmp_path, "1960-03-02", "DE", "deficiency: confirmed", "cause: dietary", *NOTHING_MORE)
    told = " ".join(in_process("propose", case, *DAY, "--all").out.split())
    assert "only if absorption impaired: " in told
    assert "only if absorption impaired or cause" not in told
    unknown = case_of(tmp_path, "1960-03-02", "DE", "deficiency: confirmed", *NOTHING_MORE)
    assert "only if absorption impaired or cause pernicious" in " ".join(
        in_process("propose", unknown, *DAY, "--all").out.split()
    )


# -- disagreements ---------------------------------------------------------------------------------------------------


def test_where_nothing_is_offered_no_disagreement_is_told(tmp_path: Path) -> None:
    case = case_of(tmp_path, "1960-03-02", "GB", "deficiency: excluded", *NOTHING_MORE)
    for more in ((), ("--all",), ("--plain",)):
        told = in_process("propose", case, *DAY, *more).out
        assert "loading" not in disagreeing(told)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("more", [(), ("--all",), ("--plain",)])
def test_no_heading_of_disagreements_stands_over_a_count_alone(path: Path, more: tuple[str, ...]) -> None:
    told = in_process("propose", path, *DAY, *more).out
    if HEADING in told:
        assert "(why: " in disagreeing(told).partition("\n")[0]


def test_loading_of_adults_is_no_matter_for_a_newborn(tmp_path: Path) -> None:
    case = case_of(tmp_path, "2025-12-20", "DE", "deficiency: confirmed", "cause: dietary", *NOTHING_MORE)
    told = disagreeing(in_process("propose", case, *DAY).out)
    assert "loading without neurological involvement" not in told


def test_disagreements_that_articles_bring_up_come_last() -> None:
    told = disagreeing(in_process("propose", EXAMPLES[0].parent / "pernicious-anaemia.yaml", *DAY, "--all").out)
    topics = [line for line in told.splitlines() if "(why: " in line]
    brought_up = {each.topic for each in shipped.library().disagreements if each.id.startswith("c-")}
    of_articles = [line.strip().partition(" (why: ")[0] in brought_up for line in topics]
    assert any(of_articles)
    assert of_articles == sorted(of_articles)


# -- what is typed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_an_id_opens_in_every_spelling(copy_of: Callable[..., Path], name: str) -> None:
    case = copy_of(name)
    case.write_text(re.sub(r"country: \w\w", "country: US", case.read_text("utf-8")), "utf-8")
    american = {
        shipped.library().spelled(each.replace("-", " "), "US").replace(" ", "-") for each in shipped.library().ids
    }
    american -= set(shipped.library().ids)
    assert american  # ids that would be respelt
    for words in (("propose", "--all"), ("whatif",), ("compare", "--all")):
        told = in_process(words[0], case, *words[1:], *DAY).out
        assert not {each for each in american if re.search(rf"(?<![\w-]){each}(?![\w-])", told)}
        for found in re.findall(r"^  \d+\. ([a-z]{2,}(?:-[a-z0-9]+)+)  ", told, re.M):
            assert in_process("library", "show", found).code == 0


# -- words in place of keys ------------------------------------------------------------------------------------------


def test_a_plan_names_the_regimens_that_are_open_in_words() -> None:
    case = EXAMPLES[0].parent / "pernicious-anaemia.yaml"
    asked = ("plan", case, "--protocol", "nl-ftk", "--start", "2026-01-05", *DAY)
    plain = " ".join(in_process(*asked, "--plain").out.split())
    assert "one of hydroxocobalamin 1 mg (1,000 micrograms), injection into a muscle" in plain
    assert "1000-mcg-every-2-months" not in plain
    assert plain.index("one of hydroxocobalamin") < plain.index("--choose maintenance_option=")
